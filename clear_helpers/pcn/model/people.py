"""The people of the project: who applied, who is in the team, and their released time."""

from __future__ import annotations

from .tables import Table, category, date, identifier, link, number, text, whole, yes_no
from .vocabulary import PROFESSIONS, PROJECT_ROLES

CRITERION_GROUPS = ("Clinical", "Data", "Communication", "Education", "Personal")
REQUIREMENTS = ("Essential", "Desirable")
EMPLOYERS = ("Practice", "PCN", "Community trust", "Hospital trust", "Commissioner", "Programme")

TABLES = (
    Table(
        name="applicant",
        layer="people",
        origin="project",
        scope="pcn",
        rows="One clinician who applied to be an Associate.",
        description="Applicants for the PCN's Associate places (all invented).",
        ask_for="The clinical sponsor's shortlisting notes, with names taken out.",
        key=("applicant_id",),
        columns=(
            identifier("applicant_id", "Pseudonym of the applicant."),
            category("profession", PROFESSIONS, "Profession."),
            category("employer", EMPLOYERS, "Who employs the applicant."),
            date("applied_on", "Day of the application."),
            yes_no("release_agreed", "Whether the line manager agreed to 2.5 days a week."),
        ),
    ),
    Table(
        name="applicant_evidence",
        layer="people",
        origin="project",
        scope="pcn",
        rows="One applicant against one criterion.",
        description="Whether each applicant met each of the 24 criteria of the person "
        "specification: 18 essential, 6 desirable.",
        ask_for="The clinical sponsor's shortlisting notes, with names taken out.",
        key=("applicant_id", "criterion_id"),
        columns=(
            link("applicant_id", "applicant.applicant_id", "The applicant."),
            text("criterion_id", "Number of the criterion, C74 to C97."),
            text("criterion", "The criterion in words."),
            category("criterion_group", CRITERION_GROUPS, "Heading it comes under."),
            category("requirement", REQUIREMENTS, "Whether it must be met."),
            yes_no("met", "Whether the assessor judged it met."),
            category("assessor", PROJECT_ROLES, "Role of the person who judged."),
        ),
    ),
    Table(
        name="team_member",
        layer="people",
        origin="project",
        scope="pcn",
        rows="One member of the project team.",
        description="The site's team: two Associates, their sponsors and those who help them.",
        ask_for="The practice manager named in the expression of interest.",
        key=("member_id",),
        columns=(
            identifier("member_id", "Pseudonym of the member."),
            category("role", PROJECT_ROLES, "Role in the project."),
            category("profession", PROFESSIONS, "Profession."),
            category("employer", EMPLOYERS, "Who employs the member."),
            link(
                "practice_id",
                "practice.practice_id",
                "Practice worked at; blank if none.",
                nullable=True,
            ),
            number("planned_h", "Hours promised to the project.", "hours a week", most=48),
            date("start", "First day in the team."),
            date("end", "Last day in the team."),
        ),
    ),
    Table(
        name="time_log",
        layer="people",
        origin="project",
        scope="pcn",
        rows="One member's hours in one of the 24 weeks.",
        description="Hours planned and hours truly released.",
        ask_for="The team's own weekly check-ins.",
        key=("member_id", "week"),
        columns=(
            link("member_id", "team_member.member_id", "The member."),
            whole("week", "Week of the project.", "week", least=1, most=24),
            date("week_commencing", "Monday of that week."),
            number("planned_h", "Hours planned.", "hours", most=48),
            number("actual_h", "Hours worked on the project.", "hours", most=80),
        ),
    ),
    Table(
        name="backfill_invoice",
        layer="people",
        origin="finance",
        scope="pcn",
        rows="One invoice.",
        description="What was paid for others to cover the Associates' usual work.",
        ask_for="The PCN's finance lead.",
        key=("invoice_id",),
        columns=(
            identifier("invoice_id", "Number of the invoice."),
            link("member_id", "team_member.member_id", "The Associate covered for."),
            date("month", "Month covered, as its first day."),
            number("days", "Days covered.", "days", most=31),
            number("amount", "Amount invoiced.", "£"),
            category("employer", EMPLOYERS, "Who sent the invoice."),
            yes_no("paid", "Whether it has been paid."),
        ),
    ),
)
