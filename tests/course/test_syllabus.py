"""The syllabus: what it must list, and what a broken copy says."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from clear_helpers.course import SEED_FACT, Course, CourseError, find_course
from clear_helpers.pcn.model import TABLES

ROOT = Path(__file__).resolve().parents[2]

WEEKS = """
eoi-readiness          | 1 | Were we ready to be chosen?
team-time-backfill     | 1 | People, time, money, plan
ig-and-safe-sharing    | 1 | What may we use and show?
stakeholders-and-scope | 1 | Whose problem, what scope?
interviews-process-map | 1 | How the work really flows
crowdsourcing-themes   | 1 | What are people telling us?
data-quality           | 2 | Can we trust the data?
population-cohorts     | 2 | Who are the nine cohorts?
risk-and-fairness      | 2 | Who would we miss?
signals-and-variation  | 2 | Signal or noise?
workforce-workload     | 2 | Where is the gap and the strain?
journeys-and-cost      | 2 | What happens to people, at what cost?
findings-that-hold     | 2 | Five findings, two kinds of proof
action-learning-sets   | 3 | Does engagement change uptake?
ideas-worth-designing  | 3 | Which ideas earn design time?
model-of-care          | 3 | The five components, joined up
workforce-redesign     | 3 | Which tasks move, to whom?
simulate-and-test      | 3 | Will it cope?
options-appraisal      | 3 | Which option, and what would change our mind?
savings-and-value      | 4 | What might it be worth, to whom?
equity-risk-benefits   | 4 | Who could lose, who owns delivery?
independent-evaluation | 4 | How will others know it worked?
case-study-and-spread  | 4 | What travels to six other PCNs?
boardroom-and-handover | 4 | Decide, hand over, keep the skill
"""

# How many facts the source documents hold, by the letter of the document.
# X are their contradictions, Z what is worked out from them.
FACTS = {"A": 19, "B": 18, "C": 144, "D": 9, "E": 29, "X": 18, "Z": 10}


@pytest.fixture(scope="module")
def course() -> Course:
    return find_course(ROOT)


def test_the_24_weeks_are_those_of_the_programme(course: Course) -> None:
    expected = [tuple(part.strip() for part in line.split("|")) for line in WEEKS.split("\n")[1:-1]]
    found = [(w.slug, str(w.phase), w.title) for w in course.syllabus.weeks]
    assert found == expected


def test_phases_and_gates(course: Course) -> None:
    slugs = [phase.slug for phase in course.syllabus.phases]
    assert slugs == ["clinical-engagement", "data-visualisation", "innovation", "recommendations"]
    assert {w.number: w.gate for w in course.syllabus.weeks if w.gate} == {
        6: 1,
        13: 2,
        19: 3,
        24: 4,
    }


def test_every_seed_fact_is_used_and_none_is_invented(course: Course) -> None:
    known = {f"{letter}{n:02d}" for letter, last in FACTS.items() for n in range(1, last + 1)}
    assert len(known) == 247 and all(re.fullmatch(SEED_FACT, fact) for fact in known)
    used = {fact for week in course.syllabus.weeks for fact in week.seeds}
    assert sorted(used ^ known) == []


def test_no_week_repeats_itself(course: Course) -> None:
    weeks = course.syllabus.weeks
    for week in weeks:
        for items in (week.seeds, week.tables, week.reads, week.outcomes, week.methods):
            assert len(items) == len(set(items)), week.name
    for names in ([w.artefact.name for w in weeks], [w.slug for w in weeks]):
        assert len(set(names)) == 24


def test_disclosure_policy_and_caveats_reach_every_later_week(course: Course) -> None:
    for week in course.syllabus.weeks:
        assert (3 in week.reads) == (week.number > 3), week.name
        assert (7 in week.reads) == (week.number > 7), week.name
    assert course.week(24).reads == list(range(1, 24))


def test_artefacts_agreed_with_the_code_that_writes_them(course: Course) -> None:
    names = {n: course.week(n).artefact.name for n in (3, 7, 10)}
    assert names == {3: "disclosure_policy", 7: "caveats", 10: "variation_pack"}
    for exemplar in (ROOT / "course" / "exemplars").glob("week*.json"):
        held = yaml.safe_load(exemplar.read_text(encoding="utf-8"))  # JSON is YAML
        assert held["artefact"] == course.week(exemplar.stem).artefact.name


def test_weeks_fit_the_hours_associates_are_released_for(course: Course) -> None:
    for week in course.syllabus.weeks:
        assert 60 <= week.minutes.workbook <= 90
        assert week.minutes.assignment <= 180


def test_outcomes_are_sentences_that_start_with_a_verb(course: Course) -> None:
    not_verbs = {"The", "A", "An", "How", "What", "To", "Understand", "Know"}
    for week in course.syllabus.weeks:
        for outcome in week.outcomes:
            assert re.fullmatch(r"[A-Z].{10,110}\.", outcome), outcome
            assert outcome.split()[0] not in not_verbs, outcome


def test_tables_are_those_of_the_data_model(course: Course) -> None:
    for week in course.syllabus.weeks:
        assert set(week.tables) <= set(TABLES), week.name


Change = Callable[[dict[str, Any]], object]


@pytest.mark.parametrize(
    ("change", "where", "what"),
    [
        (lambda s: s["weeks"].pop(4), "weeks", "at least 24"),
        (lambda s: s["weeks"][4].update(phase=7), "weeks → 4 → phase", "found '7'"),
        (lambda s: s["weeks"][4].update(colour="blue"), "weeks → 4 → colour", "found 'blue'"),
        (lambda s: s["weeks"][4].update(number="five"), "weeks → 4 → number", "found 'five'"),
        (lambda s: s["weeks"][4].pop("title"), "weeks → 4 → title", "required"),
        (lambda s: s["weeks"][4].update(question="How?!"), "weeks → 4 → question", "found 'How?!'"),
        (lambda s: s["weeks"][4]["seeds"].append("Q01"), "weeks → 4 → seeds → ", "found 'Q01'"),
        (lambda s: s["weeks"][4].update(reads=[9]), "week 5", "later"),
        (lambda s: s["weeks"].reverse(), "weeks", "1 to 24"),
        (lambda s: s["phases"].pop(), "phases", "at least 4"),
    ],
)
def test_a_broken_copy_says_what_and_where(
    tmp_path: Path, change: Change, where: str, what: str
) -> None:
    syllabus = yaml.safe_load((ROOT / "course" / "syllabus.yml").read_text(encoding="utf-8"))
    change(syllabus)
    path = tmp_path / "course" / "syllabus.yml"
    path.parent.mkdir()
    path.write_text(yaml.safe_dump(syllabus, allow_unicode=True), encoding="utf-8")
    with pytest.raises(CourseError) as caught:
        _ = find_course(tmp_path).syllabus
    for part in (str(path), where, what):
        assert part in str(caught.value)


@pytest.mark.parametrize("text", ["weeks: [1, 2", "phases:\n\t- one", "just words", ""])
def test_a_copy_that_is_not_a_syllabus_at_all(tmp_path: Path, text: str) -> None:
    path = tmp_path / "course" / "syllabus.yml"
    path.parent.mkdir()
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CourseError, match=re.escape(str(path))):
        _ = find_course(tmp_path).syllabus


def test_a_folder_without_a_syllabus(tmp_path: Path) -> None:
    with pytest.raises(CourseError, match=r"syllabus\.yml: not found"):
        _ = Course(tmp_path).syllabus
