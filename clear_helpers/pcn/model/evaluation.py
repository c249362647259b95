"""Options, small tests of change, a rehearsal of follow-up, and what to measure."""

from __future__ import annotations

from .tables import Table, category, date, identifier, link, number, text, whole, yes_no
from .vocabulary import PROFESSIONS, PROJECT_ROLES

CRITERIA = ("Outcome", "Equity", "Deliverability", "Workforce", "Cost")
PDSA_PHASES = ("Before", "Test")
PDSA_DECISIONS = ("Adopt", "Adapt", "Abandon", "Not yet decided")
PERIODS = ("Before", "After")
SURVEY_WAVES = ("Pilot", "Programme")
MEASURE_KINDS = ("Outcome", "Process", "Balancing")
REAIM = ("Reach", "Effectiveness", "Adoption", "Implementation", "Maintenance")
LEVELS = ("Personal", "Organisational", "NHS")
FREQUENCIES = ("Weekly", "Monthly", "Quarterly", "Once a year", "Once")

TABLES = (
    Table(
        name="option_score",
        layer="evaluation",
        origin="project",
        scope="pcn",
        rows="One scorer's score of one option on one criterion.",
        description="How people in different roles scored the shortlisted options, before the "
        "weights were set.",
        ask_for="The team's own options workshop.",
        key=("option_id", "criterion", "scorer_id"),
        columns=(
            text("option_id", "Short name of the option."),
            text("option", "The option in words."),
            category("criterion", CRITERIA, "What it is scored on."),
            text("scorer_id", "Pseudonym of the scorer."),
            category("profession", PROFESSIONS, "Profession of the scorer, or patient or carer."),
            whole("score", "0 worst to 100 best of the options.", "points", most=100),
        ),
    ),
    Table(
        name="pdsa_cycle",
        layer="evaluation",
        origin="project",
        scope="pcn",
        rows="One measurement in one cycle.",
        description="Plan-do-study-act (PDSA) cycles: small tests of a change, what was predicted "
        "and what was seen.",
        ask_for="The team's own tests.",
        key=("cycle_id", "date"),
        columns=(
            text("cycle_id", "Number of the cycle."),
            text("change", "The change tested."),
            text("measure", "What was measured."),
            date("date", "Day of the measurement."),
            category("phase", PDSA_PHASES, "Before the change, or during the test."),
            number("predicted", "What the team predicted, before testing.", "as the measure"),
            number("value", "What was seen.", "as the measure"),
            whole("n", "People or events measured.", "people or events"),
            category("decision", PDSA_DECISIONS, "What was decided at the end of the cycle."),
        ),
    ),
    Table(
        name="followup_panel",
        layer="evaluation",
        origin="simulated",
        scope="programme",
        rows="One practice in one month, before or after.",
        description="A simulated future in which to rehearse the evaluation. These are not results "
        "and may not be reported as results.",
        ask_for="Not available yet: an independent evaluator would collect it after the change.",
        key=("practice_id", "month"),
        columns=(
            link("practice_id", "practice.practice_id", "The practice."),
            yes_no("treated", "Whether the practice is imagined to have the new model."),
            category("period", PERIODS, "Before or after the new model begins.", ordered=True),
            date("month", "The month, as its first day."),
            whole("people", "Housebound people registered.", "people"),
            whole("outcome", "Their unplanned admissions in the month.", "admissions"),
        ),
    ),
    Table(
        name="associate_survey",
        layer="evaluation",
        origin="simulated",
        scope="programme",
        rows="One person's answer to one question.",
        description="What Associates said of the programme: eight in a pilot, 28 later (invented).",
        ask_for="The programme office.",
        key=("respondent_id", "question"),
        columns=(
            text("respondent_id", "Pseudonym of the person."),
            category("wave", SURVEY_WAVES, "The pilot, or the programme."),
            text("question", "The question."),
            category(
                "level", LEVELS, "Whether it is about the person, the organisation or the NHS."
            ),
            whole("score", "1 strongly disagree to 5 strongly agree.", least=1, most=5),
            yes_no("agreed", "Whether the person agreed (4 or 5)."),
        ),
    ),
    Table(
        name="measure_plan",
        layer="evaluation",
        origin="project",
        scope="pcn",
        rows="One measure.",
        description="What is to be measured, from what, how often and by whom.",
        ask_for="The team's own plan, agreed with whoever will evaluate.",
        key=("measure_id",),
        columns=(
            identifier("measure_id", "Short name of the measure."),
            text("outcome", "The outcome of the logic model it measures."),
            text("measure", "What is measured."),
            category("kind", MEASURE_KINDS, "Outcome, process, or balancing (harm elsewhere)."),
            category("reaim", REAIM, "The question of RE-AIM it answers."),
            category("level", LEVELS, "Whose progress it shows."),
            text("numerator", "What is counted."),
            text("denominator", "Out of what; blank if it is not a share.", nullable=True),
            text("source", "The table or record it comes from."),
            category("frequency", FREQUENCIES, "How often."),
            category("owner_role", PROJECT_ROLES, "Role that will collect it."),
        ),
    ),
)
