"""Learning together: action learning sets, what they might change, and sharing between PCNs."""

from __future__ import annotations

from .tables import Table, category, date, identifier, link, text, whole, yes_no
from .vocabulary import PROFESSIONS

UPTAKE_REGIONS = (
    "East Midlands",
    "East of England",
    "London",
    "North East",
    "North West",
    "South Central",
    "South East Coast",
    "South West",
    "West Midlands",
    "Yorkshire and the Humber",
)
SET_FORMATS = ("Plenary", "Small set")
ATTENDER_KINDS = ("Clinician", "Manager")
SHARING_THEMES = (
    "Finding people",
    "Data and records",
    "Visiting team",
    "Multidisciplinary team",
    "Care coordination",
    "Patients' voices",
    "Staff wellbeing",
    "Money and value",
)

TABLES = (
    Table(
        name="als_meeting",
        layer="learning",
        origin="simulated",
        scope="programme",
        rows="One meeting of an action learning set.",
        description="Meetings of a clinical network at which clinicians and managers worked on "
        "online booking together (invented).",
        ask_for="Not something a team can ask for: it is made up to teach with.",
        key=("meeting_id",),
        columns=(
            identifier("meeting_id", "Number of the meeting."),
            category("region", UPTAKE_REGIONS, "Region (those of 2006 to 2013)."),
            date("held_on", "Day of the meeting."),
            category("format", SET_FORMATS, "Plenary of 60 to 120, or small set of 5 to 8."),
            text("topic", "What was worked on."),
            whole("attendees", "People who came.", "people"),
        ),
    ),
    Table(
        name="als_attendance",
        layer="learning",
        origin="simulated",
        scope="programme",
        rows="One person invited to one meeting.",
        description="Who came to the action learning sets, and from which organisation (invented).",
        ask_for="Not something a team can ask for: it is made up to teach with.",
        key=("meeting_id", "attender_id"),
        columns=(
            link("meeting_id", "als_meeting.meeting_id", "The meeting."),
            text("attender_id", "Pseudonym of the person."),
            text("organisation_id", "The person's organisation, as in uptake_month."),
            category("attender", ATTENDER_KINDS, "Clinician or manager."),
            yes_no("attended", "Whether the person came."),
        ),
    ),
    Table(
        name="uptake_month",
        layer="learning",
        origin="simulated",
        scope="programme",
        rows="One organisation in one month.",
        description="First outpatient referrals, and how many were booked online, in ten regions "
        "over 18 months (invented).",
        ask_for="Not something a team can ask for: it is made up to teach with.",
        key=("organisation_id", "month"),
        columns=(
            text("organisation_id", "The organisation."),
            category("region", UPTAKE_REGIONS, "Region (those of 2006 to 2013)."),
            date("month", "The month, as its first day."),
            yes_no("network_member", "Whether the organisation had members in the network."),
            whole("referrals", "First outpatient referrals.", "referrals"),
            whole("e_booked", "Referrals booked online.", "referrals"),
        ),
    ),
    Table(
        name="kaleidoscope_post",
        layer="learning",
        origin="project",
        scope="programme",
        rows="One post.",
        description="What PCNs posted to the kaleidoscope, the forum they share (all invented).",
        ask_for="The programme office.",
        key=("post_id",),
        columns=(
            identifier("post_id", "Number of the post."),
            link("from_pcn", "pcn.pcn_id", "The PCN that posted."),
            date("posted_on", "Day of the post."),
            category("theme", SHARING_THEMES, "What it is about."),
            text("text", "The post."),
            link(
                "reply_to",
                "kaleidoscope_post.post_id",
                "The post it replies to; blank if it starts a thread.",
                nullable=True,
            ),
        ),
    ),
    Table(
        name="kaleidoscope_link",
        layer="learning",
        origin="project",
        scope="programme",
        rows="One pair of PCNs that learned from each other.",
        description="Links between PCNs: who has taken up an idea from whom.",
        ask_for="The programme office.",
        key=("from_pcn", "to_pcn"),
        columns=(
            link("from_pcn", "pcn.pcn_id", "The PCN the idea came from."),
            link("to_pcn", "pcn.pcn_id", "The PCN that took it up."),
            category("theme", SHARING_THEMES, "What the idea was about."),
            whole("replies", "Replies exchanged.", "replies"),
            date("first_on", "Day of the first exchange."),
        ),
    ),
    Table(
        name="cop_member",
        layer="learning",
        origin="project",
        scope="programme",
        rows="One member of the community of practice.",
        description="The community of practice (CoP): people from all sites who keep in touch.",
        ask_for="The programme office.",
        key=("cop_member_id",),
        columns=(
            identifier("cop_member_id", "Pseudonym of the member."),
            link("pcn_id", "pcn.pcn_id", "The member's PCN; blank if none.", nullable=True),
            category("profession", PROFESSIONS, "Profession."),
            date("joined_on", "Day of joining."),
            date("last_seen_on", "Last day active; blank if never.", nullable=True),
            whole("posts", "Posts written.", "posts"),
        ),
    ),
)
