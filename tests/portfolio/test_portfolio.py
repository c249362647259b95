import json
from pathlib import Path

import pytest

from clear_helpers.course import find_course
from clear_helpers.portfolio import ARTEFACTS, ArtefactError, Portfolio

PACK = {
    "week": 10,
    "artefact": "variation_pack",
    "pcn": "Larkmoor PCN",
    "origin": "synthetic",
    "cohort": "housebound",
    "period_start": "2019-04-01",
    "period_end": "2022-03-27",
    "extreme_moving_ranges_screened": True,
    "run_length": 7,
    "rebased": [{"starts": "2020-09-28", "reason": "The 2020 shock had passed by then."}],
    "outliers": ["P5"],
    "findings": [
        {
            "chart": name,
            "title": "Requests rose after the clinic closed",
            "alt_text": "A chart of 78 weeks with a mean of 50 requests a week.",
            "caption": "Source: home_visit_request.",
            "table": "home_visit_request",
            "so_what": "Ask the practice what changed before planning staff.",
        }
        for name in ["visits", "admissions", "practices"]
    ],
}


@pytest.fixture
def portfolio(tmp_path: Path) -> Portfolio:
    return Portfolio(tmp_path / "portfolio")


def test_what_is_written_is_read_back(portfolio: Portfolio) -> None:
    path = portfolio.write(10, PACK)
    assert path == portfolio.folder / "week10" / "variation_pack.json"
    assert portfolio.has(10)
    assert portfolio.read(10)["outliers"] == ["P5"]
    assert portfolio.exemplars_used == []


def test_a_missed_week_falls_back_to_its_exemplar_and_says_so(portfolio: Portfolio) -> None:
    assert portfolio.read(3)["style"] == "hes"
    assert portfolio.read(3) == portfolio.read(3)
    assert portfolio.exemplars_used == [3]


def test_a_week_with_neither_artefact_nor_exemplar_names_the_week(portfolio: Portfolio) -> None:
    with pytest.raises(ArtefactError, match="Run week 9 first"):
        portfolio.read(9)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"outliers": None}, "outliers"),
        ({"findings": PACK["findings"][:1]}, "findings"),  # type: ignore[index]
        ({"run_length": 5}, "run_length"),
        ({"surprise": 1}, "surprise"),
        ({"rebased": [{"starts": "2020-09-28", "reason": ""}]}, "reason"),
    ],
)
def test_a_wrong_artefact_is_refused_whole(portfolio: Portfolio, change: dict, says: str) -> None:
    with pytest.raises(ArtefactError, match=says):
        portfolio.write(10, PACK | change)
    assert not portfolio.has(10)


def test_a_damaged_artefact_says_what_to_do(portfolio: Portfolio) -> None:
    portfolio.path(10).parent.mkdir(parents=True)
    portfolio.path(10).write_text('{"week": 10,')
    with pytest.raises(ArtefactError, match="Run week 10 again"):
        portfolio.read(10)


def test_check_ins_accumulate_and_a_second_run_on_a_day_replaces(portfolio: Portfolio) -> None:
    portfolio.check_in(9, done="risk list", found="a gap", blocked="nothing")
    portfolio.check_in(10, done="charts", found="a step", blocked="nothing")
    path = portfolio.check_in(
        10, done="charts", found="one step, at one practice", blocked="nothing"
    )
    lines = path.read_text().splitlines()
    assert lines[0] == "week,date,done,found,blocked"
    assert len(lines) == 3
    assert "one step" in lines[2]


def test_an_empty_check_in_line_is_named(portfolio: Portfolio) -> None:
    with pytest.raises(ArtefactError, match="blocked"):
        portfolio.check_in(10, done="charts", found="a step", blocked=" ")


def test_a_record_maps_to_capability_domains_and_points_at_the_evidence(
    portfolio: Portfolio,
) -> None:
    path = portfolio.record(10, domains=[6, 9], what="Built charts.", so_what="Fewer false alarms.")
    record = json.loads(path.read_text())
    assert record["domains"]["6"] == "patient safety and quality improvement"
    assert record["evidence"] == "week10/variation_pack.json"
    with pytest.raises(ArtefactError, match="1 to 9"):
        portfolio.record(10, domains=[10], what="x", so_what="y")


@pytest.mark.parametrize("week", sorted(ARTEFACTS))
def test_every_exemplar_keeps_its_schema(week: int, portfolio: Portfolio) -> None:
    course = find_course()
    assert course.exemplar(course.week(week)).exists()
    assert portfolio.read(week)["week"] == week


def test_every_artefact_schema_is_named_as_the_syllabus_names_it() -> None:
    course = find_course()
    for week, model in ARTEFACTS.items():
        assert model.model_fields["artefact"].default == course.week(week).artefact.name
