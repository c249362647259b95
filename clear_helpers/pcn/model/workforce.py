"""The workforce: posts and who fills them, hours, pressure, tasks and the skills they need."""

from __future__ import annotations

from .tables import Table, category, date, identifier, link, number, text, whole, yes_no
from .vocabulary import STAFF_ROLES

EMPLOYERS = ("Practice", "PCN", "Community trust", "Voluntary sector")
FUNDERS = (
    "Core contract",
    "Additional roles scheme",
    "Community contract",
    "Short-term money",
)
BANDS = ("2", "3", "4", "5", "6", "7", "8a", "8b", "8c", "Outside the bands")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ABSENCE_REASONS = ("Sickness", "COVID-19", "Annual leave", "Study leave", "Parental leave", "Other")
LEAVING_REASONS = (
    "Retirement",
    "Another post nearby",
    "Moved away",
    "Workload",
    "Pay",
    "End of contract",
    "Health",
    "Not stated",
)
COMPONENTS = (
    "Identify people",
    "Assess needs",
    "Plan care and support",
    "Multidisciplinary team",
    "Coordinate care",
)
RISKS = ("Low", "Medium", "High")
SKILL_LEVELS = ("None", "In training", "Competent", "Can train others")

WORKFORCE_ASK = "The practice managers and the community trust's HR business partner."

_role = category("staff_role", STAFF_ROLES, "Role.")
_any_practice = link(
    "practice_id", "practice.practice_id", "The practice; blank if none.", nullable=True
)

TABLES = (
    Table(
        name="post",
        layer="workforce",
        origin="workforce",
        scope="pcn",
        rows="One funded post, filled or vacant.",
        description="The establishment: what is funded, and who is in post.",
        ask_for=WORKFORCE_ASK,
        key=("post_id",),
        columns=(
            identifier("post_id", "Number of the post."),
            text("staff_id", "Pseudonym of the holder; blank if vacant.", nullable=True),
            _any_practice,
            category("employer", EMPLOYERS, "Who employs."),
            _role,
            category("band", BANDS, "Pay band.", ordered=True),
            number("fte", "Full-time equivalent funded: 1 is 37.5 hours a week.", "FTE", most=1),
            category("funded_by", FUNDERS, "Where the money comes from."),
            date("start", "When the holder started; blank if vacant.", nullable=True),
            date("leave", "When the holder left; blank if still there.", nullable=True),
        ),
    ),
    Table(
        name="rota_week",
        layer="workforce",
        origin="workforce",
        scope="pcn",
        rows="One role at one practice, on one weekday of one week.",
        description="Time that was rostered, and how much of it was to be with patients.",
        ask_for=WORKFORCE_ASK,
        key=("week_commencing", "weekday", "practice_id", "staff_role"),
        columns=(
            date("week_commencing", "Monday of the week."),
            category("weekday", WEEKDAYS, "Day of the week.", ordered=True),
            link("practice_id", "practice.practice_id", "The practice served."),
            _role,
            whole("staff", "People on the rota.", "people"),
            whole("rostered_min", "Time rostered.", "minutes"),
            whole("patient_facing_min", "Time rostered to be with patients.", "minutes"),
            whole("visiting_min", "Time rostered for visiting people at home.", "minutes"),
        ),
    ),
    Table(
        name="absence",
        layer="workforce",
        origin="workforce",
        scope="pcn",
        rows="One spell of absence.",
        description="Time away from work.",
        ask_for=WORKFORCE_ASK,
        key=("absence_id",),
        columns=(
            identifier("absence_id", "Number of the absence."),
            link("post_id", "post.post_id", "The post."),
            category("reason", ABSENCE_REASONS, "Why."),
            date("start", "First day away."),
            date("end", "Last day away; blank if still away.", nullable=True),
            number("days_lost", "Working days lost.", "days"),
        ),
    ),
    Table(
        name="leaver",
        layer="workforce",
        origin="workforce",
        scope="pcn",
        rows="One person who left a post.",
        description="Who left, when and why.",
        ask_for=WORKFORCE_ASK,
        key=("leaver_id",),
        columns=(
            identifier("leaver_id", "Number of the entry."),
            link("post_id", "post.post_id", "The post left."),
            _role,
            date("left_on", "Last day in post."),
            number("fte", "Full-time equivalent of the post.", "FTE", most=1),
            whole("service_months", "Time in the post.", "months"),
            category("reason", LEAVING_REASONS, "Main reason given."),
        ),
    ),
    Table(
        name="staff_pulse",
        layer="workforce",
        origin="workforce",
        scope="pcn",
        rows="One person's answers in one quarter.",
        description="A short quarterly survey of pressure at work, with no names.",
        ask_for="The practice managers, or run the survey again.",
        key=("pulse_id",),
        columns=(
            identifier("pulse_id", "Number of the reply."),
            date("quarter", "First day of the quarter."),
            link("practice_id", "practice.practice_id", "The practice worked at."),
            _role,
            number("contacts_per_day", "Patient contacts on a usual day.", "contacts a day"),
            number("unanswered_callbacks", "Call-backs left undone in a usual week.", "a week"),
            number("admin_h", "Paperwork in a usual week.", "hours a week", most=80),
            number("overtime_h", "Unpaid extra time in a usual week.", "hours a week", most=80),
            whole("supported", "Feels supported: 1 never to 5 always.", least=1, most=5),
            whole("stress", "Stress at work: 1 none to 10 extreme.", least=1, most=10),
            yes_no("thinking_of_leaving", "Whether leaving within a year is likely."),
        ),
    ),
    Table(
        name="arrs_claim",
        layer="workforce",
        origin="finance",
        scope="pcn",
        rows="One role in one month.",
        description="Claims on the Additional Roles Reimbursement Scheme (ARRS).",
        ask_for="The PCN's business manager.",
        key=("month", "staff_role"),
        columns=(
            date("month", "Month claimed for, as its first day."),
            _role,
            number("fte", "Full-time equivalent claimed for.", "FTE"),
            number("amount", "Amount claimed.", "£"),
            number("maximum", "Most that could be claimed for that FTE.", "£"),
        ),
    ),
    Table(
        name="task",
        layer="workforce",
        origin="project",
        scope="pcn",
        rows="One task of the model of care.",
        description="The work itself, apart from who does it now.",
        ask_for="The team's own task analysis.",
        key=("task_id",),
        columns=(
            identifier("task_id", "Short name of the task."),
            text("task", "What is done."),
            category("component", COMPONENTS, "Component of the model of care it belongs to."),
            number("minutes", "Time it takes once.", "minutes"),
            number("per_week", "Times it is done across the PCN.", "a week"),
            category("risk", RISKS, "Harm if done badly.", ordered=True),
            yes_no("registration_required", "Whether a registered professional must do it."),
        ),
    ),
    Table(
        name="task_role",
        layer="workforce",
        origin="project",
        scope="pcn",
        rows="One task and one role.",
        description="Which roles may do which tasks, and the supervision that takes.",
        ask_for="The team's own task analysis.",
        key=("task_id", "staff_role"),
        columns=(
            link("task_id", "task.task_id", "The task."),
            _role,
            yes_no("eligible", "Whether the role may do the task."),
            yes_no("does_now", "Whether the role does it today."),
            number(
                "supervision_ratio",
                "GP supervision for each hour of the role's work.",
                "hours an hour",
                most=1,
            ),
        ),
    ),
    Table(
        name="competency",
        layer="workforce",
        origin="project",
        scope="pcn",
        rows="One competence one task needs.",
        description="What a person must be able to do before taking on a task.",
        ask_for="The lead for training in the PCN.",
        key=("competency_id",),
        columns=(
            identifier("competency_id", "Short name of the competence."),
            link("task_id", "task.task_id", "The task that needs it."),
            text("competency", "What the person can do."),
            number("training_h", "Time it takes to learn.", "hours"),
        ),
    ),
    Table(
        name="staff_skill",
        layer="workforce",
        origin="workforce",
        scope="pcn",
        rows="One person and one competence.",
        description="Who can do what today.",
        ask_for="The lead for training in the PCN.",
        key=("staff_id", "competency_id"),
        columns=(
            text("staff_id", "Pseudonym of the person, as in post."),
            _role,
            link("competency_id", "competency.competency_id", "The competence."),
            category("level", SKILL_LEVELS, "How far the person has it.", ordered=True),
            date("assessed_on", "When it was last assessed; blank if never.", nullable=True),
        ),
    ),
)
