"""What happens to patients: who they are, their conditions, contacts, admissions and plans."""

from __future__ import annotations

from .tables import Table, category, date, identifier, link, number, text, time, whole, yes_no
from .vocabulary import (
    AGE_BANDS,
    APPOINTMENT_MODES,
    APPOINTMENT_STATUSES,
    COHORTS,
    CONDITIONS,
    ETHNIC_GROUPS,
    LANGUAGES,
    NATIONAL_CATEGORIES,
    SEXES,
    STAFF_ROLES,
)

COMMUNITY_SERVICES = (
    "District nursing",
    "Community rapid response",
    "Community therapy",
    "Community matron",
    "Palliative care at home",
    "Community mental health",
)
COMMUNITY_MODES = ("Home Visit", "Clinic", "Telephone", "Video/Online")
VISIT_OUTCOMES = ("Visited", "Telephone advice", "Declined")
ARRIVAL_MODES = ("Ambulance", "Walk-in")
ED_OUTCOMES = ("Admitted", "Discharged", "Referred", "Left before treatment")
FRAILTY_CATEGORIES = ("Fit", "Mild", "Moderate", "Severe")
ASSESSMENT_OUTCOMES = ("Completed", "Declined", "Could not be reached", "Waiting")
MEETING_MODES = ("In person", "Online", "Mixed")
MDT_OUTCOMES = ("Plan agreed", "Plan changed", "Carried over", "No action needed")
COORDINATION_TASKS = (
    "Arrange visit",
    "Arrange equipment",
    "Chase test or letter",
    "Medicines query",
    "Carer support",
    "Refer to another service",
    "Update shared plan",
    "Call back patient",
)

EPR_ASK = "The practice managers, for a search run in the patient record (EMIS or SystmOne)."
COMMUNITY_ASK = "The community trust's information team, through the data-sharing agreement."
HOSPITAL_ASK = "The ICB's analysts or the hospital's information team (SUS extract)."

_patient = link("patient_id", "patient.patient_id", "The patient.")
_practice = link("practice_id", "practice.practice_id", "The practice the patient belongs to.")

TABLES = (
    Table(
        name="patient",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One registered patient, including those who died in the period.",
        description="Everyone registered with the PCN's practices, once for each registration. "
        "Month of birth and small-area code only: no name, NHS number, full date of birth or "
        "postcode.",
        ask_for=EPR_ASK,
        key=("patient_id",),
        columns=(
            identifier("patient_id", "Pseudonym: letters of the PCN and six digits."),
            link("practice_id", "practice.practice_id", "The practice registered with."),
            category("age_band", AGE_BANDS, "Age on 1 April 2021.", ordered=True),
            category("sex", SEXES, "Sex as recorded; blank if not recorded.", nullable=True),
            date("birth_month", "Month of birth, as its first day."),
            category(
                "ethnicity_group",
                ETHNIC_GROUPS,
                "Ethnic group; blank if not recorded.",
                nullable=True,
            ),
            text("lsoa", "Small area lived in (invented code); blank if not known.", nullable=True),
            whole(
                "imd_quintile",
                "Deprivation of that small area: 1 is the most deprived fifth, 5 the least.",
                least=1,
                most=5,
                nullable=True,
            ),
            yes_no("housebound_code", "Whether the GP record holds a code for housebound."),
            yes_no("care_home", "Whether the record says the patient lives in a care home."),
            yes_no("carer", "Whether the record says the patient cares for someone."),
            category(
                "language", LANGUAGES, "Main spoken language; blank if not recorded.", nullable=True
            ),
            date("registered_on", "Day of joining the practice."),
            date("died_month", "Month of death, as its first day; blank if alive.", nullable=True),
        ),
    ),
    Table(
        name="condition",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One condition, in one patient's record.",
        description="Long-term conditions, and other facts that place a person in a cohort, as "
        "coded by the practice.",
        ask_for=EPR_ASK,
        key=("condition_id",),
        columns=(
            identifier("condition_id", "Number of the entry."),
            _patient,
            text("code", "The code as the practice recorded it; may be a local code."),
            category(
                "condition",
                sorted(CONDITIONS.values()),
                "The condition the code stands for; blank if the code has not been mapped.",
                nullable=True,
            ),
            category(
                "cohort_hint", COHORTS, "The cohort the condition points to, if any.", nullable=True
            ),
            date("first_recorded", "When it was first recorded; blank if unknown.", nullable=True),
        ),
    ),
    Table(
        name="frailty_risk",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One patient aged 65 or over.",
        description="The electronic frailty index and the risk score of the risk-stratification "
        "tool, as they stood on 1 April 2021.",
        ask_for=EPR_ASK,
        key=("patient_id",),
        columns=(
            link("patient_id", "patient.patient_id", "The patient."),
            whole("deficits", "Deficits present, of the 36 that are counted.", "deficits", most=36),
            number("frailty_index", "Deficits divided by 36.", "share", most=1),
            category("frailty", FRAILTY_CATEGORIES, "Category of the frailty index.", ordered=True),
            number(
                "admission_risk",
                "The tool's chance of an emergency admission in the next 12 months.",
                "share",
                most=1,
            ),
        ),
    ),
    Table(
        name="appointment",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One booked appointment.",
        description="The practices' appointment books, in the words of NHS England's published "
        "appointments data.",
        ask_for=EPR_ASK,
        key=("appointment_id",),
        columns=(
            identifier("appointment_id", "Number of the appointment."),
            _patient,
            _practice,
            time("booked_at", "When it was booked; blank if unknown.", nullable=True),
            time("start", "When it was due to start."),
            category("status", APPOINTMENT_STATUSES, "What became of it. DNA: did not attend."),
            category("mode", APPOINTMENT_MODES, "How it was held."),
            category("staff_role", STAFF_ROLES, "Role of the person seen."),
            category("national_category", NATIONAL_CATEGORIES, "National appointment category."),
            text("slot_type", "The practice's own name for the kind of slot."),
            whole(
                "duration_min",
                "How long it took; blank if not recorded.",
                "minutes",
                most=1440,
                nullable=True,
            ),
        ),
    ),
    Table(
        name="gp_contact",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One contact that took place.",
        description="Attended appointments of adults who are 65 or over or have a long-term "
        "condition: the contacts that a new model of care could change.",
        ask_for=EPR_ASK,
        key=("contact_id",),
        columns=(
            identifier("contact_id", "Number of the contact."),
            link("appointment_id", "appointment.appointment_id", "The appointment it came from."),
            _patient,
            _practice,
            date("date", "Day of the contact."),
            category("mode", APPOINTMENT_MODES, "How it was held."),
            category("staff_role", STAFF_ROLES, "Role of the person seen."),
            whole(
                "minutes",
                "How long it took; blank if not recorded.",
                "minutes",
                most=1440,
                nullable=True,
            ),
            text("problem", "Main problem dealt with.", nullable=True),
        ),
    ),
    Table(
        name="community_contact",
        layer="clinical",
        origin="community",
        scope="pcn",
        rows="One contact by a community service.",
        description="Contacts of the PCN's patients with community nursing, therapy and related "
        "services.",
        ask_for=COMMUNITY_ASK,
        key=("contact_id",),
        columns=(
            identifier("contact_id", "Number of the contact."),
            _patient,
            _practice,
            category("service", COMMUNITY_SERVICES, "The service."),
            category("staff_role", STAFF_ROLES, "Role of the person seen."),
            date("date", "Day of the contact."),
            category("mode", COMMUNITY_MODES, "How it was held."),
            whole(
                "minutes",
                "How long it took; blank if not recorded.",
                "minutes",
                most=1440,
                nullable=True,
            ),
            yes_no("housebound_caseload", "Whether the patient is on the housebound caseload."),
        ),
    ),
    Table(
        name="home_visit_request",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One request for a home visit.",
        description="Requests for a visit by the practice, and what came of them.",
        ask_for=EPR_ASK,
        key=("request_id",),
        columns=(
            identifier("request_id", "Number of the request."),
            _patient,
            _practice,
            time("requested_at", "When the request was made."),
            time("responded_at", "When someone responded; blank if not recorded.", nullable=True),
            category("staff_role", STAFF_ROLES, "Role of the person who responded."),
            whole(
                "minutes",
                "Time spent responding; blank if not recorded.",
                "minutes",
                most=1440,
                nullable=True,
            ),
            category("outcome", VISIT_OUTCOMES, "What came of it."),
        ),
    ),
    Table(
        name="ed_attendance",
        layer="clinical",
        origin="hospital",
        scope="pcn",
        rows="One attendance at an emergency department.",
        description="Emergency department (ED) attendances by the PCN's patients.",
        ask_for=HOSPITAL_ASK,
        key=("attendance_id",),
        columns=(
            identifier("attendance_id", "Number of the attendance."),
            _patient,
            _practice,
            time("arrived_at", "When the patient arrived."),
            category("arrival_mode", ARRIVAL_MODES, "How the patient arrived."),
            category("outcome", ED_OUTCOMES, "How the attendance ended."),
        ),
    ),
    Table(
        name="spell",
        layer="clinical",
        origin="hospital",
        scope="pcn",
        rows="One stay in hospital, from admission to discharge.",
        description="Hospital stays of the PCN's patients.",
        ask_for=HOSPITAL_ASK,
        key=("spell_id",),
        columns=(
            identifier("spell_id", "Number of the stay."),
            _patient,
            _practice,
            date("admitted_on", "Day of admission."),
            date("discharged_on", "Day of discharge; blank if still in hospital.", nullable=True),
            yes_no("emergency", "Whether the admission was an emergency."),
            whole("bed_days", "Nights in hospital.", "bed days"),
            text("main_condition", "Main reason for the stay.", nullable=True),
        ),
    ),
    Table(
        name="needs_assessment",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One person identified for a proactive needs assessment.",
        description="The first two components of the model of care: being identified, and having a "
        "proactive care needs assessment.",
        ask_for=EPR_ASK,
        key=("assessment_id",),
        columns=(
            identifier("assessment_id", "Number of the entry."),
            _patient,
            _practice,
            date("identified_on", "When the person was put on the list."),
            date("offered_on", "When an assessment was offered; blank if not.", nullable=True),
            date("assessed_on", "When it was done; blank if it was not.", nullable=True),
            category("outcome", ASSESSMENT_OUTCOMES, "How the offer ended."),
            category("staff_role", STAFF_ROLES, "Role of the assessor.", nullable=True),
            yes_no("what_matters", "Whether what matters to the person was written down."),
        ),
    ),
    Table(
        name="care_plan",
        layer="clinical",
        origin="EPR",
        scope="pcn",
        rows="One personalised care and support plan.",
        description="The third component of the model of care: a plan built around what matters to "
        "the person.",
        ask_for=EPR_ASK,
        key=("plan_id",),
        columns=(
            identifier("plan_id", "Number of the plan."),
            _patient,
            link(
                "assessment_id",
                "needs_assessment.assessment_id",
                "The assessment it rests on; blank if none.",
                nullable=True,
            ),
            date("created_on", "When the plan was written."),
            date("reviewed_on", "When it was last reviewed; blank if never.", nullable=True),
            yes_no("agreed_with_patient", "Whether the person agreed the plan."),
            yes_no("shared_with_community", "Whether the community team can see it."),
        ),
    ),
    Table(
        name="mdt_meeting",
        layer="clinical",
        origin="project",
        scope="pcn",
        rows="One multidisciplinary team (MDT) meeting.",
        description="Meetings at which several professions plan care together.",
        ask_for="The care coordinator who keeps the meeting's calendar.",
        key=("meeting_id",),
        columns=(
            identifier("meeting_id", "Number of the meeting."),
            link(
                "practice_id",
                "practice.practice_id",
                "The practice; blank if for the whole PCN.",
                nullable=True,
            ),
            date("held_on", "Day of the meeting."),
            category("mode", MEETING_MODES, "How it was held."),
            whole("minutes", "How long it lasted.", "minutes", most=480),
            whole("attendees", "People who came.", "people"),
            whole("professions", "Different professions among them.", "professions"),
        ),
    ),
    Table(
        name="mdt_case",
        layer="clinical",
        origin="project",
        scope="pcn",
        rows="One person discussed at one meeting.",
        description="The fourth component of the model of care: active management by a "
        "multidisciplinary team.",
        ask_for="The care coordinator who keeps the meeting's notes.",
        key=("case_id",),
        columns=(
            identifier("case_id", "Number of the entry."),
            link("meeting_id", "mdt_meeting.meeting_id", "The meeting."),
            _patient,
            link(
                "plan_id", "care_plan.plan_id", "The plan discussed; blank if none.", nullable=True
            ),
            whole("minutes", "Time spent on this person.", "minutes", most=240),
            category("outcome", MDT_OUTCOMES, "What was decided."),
        ),
    ),
    Table(
        name="coordination_task",
        layer="clinical",
        origin="project",
        scope="pcn",
        rows="One thing to be done for one person.",
        description="The fifth component of the model of care: tasks that join services up into a "
        "single plan.",
        ask_for="The care coordinators' task list.",
        key=("coordination_task_id",),
        columns=(
            identifier("coordination_task_id", "Number of the task."),
            _patient,
            link(
                "plan_id",
                "care_plan.plan_id",
                "The plan it comes from; blank if none.",
                nullable=True,
            ),
            link(
                "case_id",
                "mdt_case.case_id",
                "The discussion it comes from; blank if none.",
                nullable=True,
            ),
            category("task", COORDINATION_TASKS, "What is to be done."),
            category("staff_role", STAFF_ROLES, "Role that is to do it."),
            date("raised_on", "When it was raised."),
            date("due_on", "When it is due."),
            date("completed_on", "When it was done; blank if it is open.", nullable=True),
        ),
    ),
)
