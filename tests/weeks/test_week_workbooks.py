"""Every workbook, executed: it runs, its charts keep the rules, its words stay true."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from clear_helpers import charts
from clear_helpers.course import Course, find_course
from clear_helpers.headless import NotebookRun, run_weeks
from clear_helpers.headless.rendering import vega_lite
from clear_helpers.portfolio import Portfolio

WIDGET = "application/vnd.jupyter.widget-view+json"


@pytest.fixture(scope="session")
def larkmoor(
    course: Course, generated_data: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[NotebookRun]:
    return run_weeks(course, course.written(), out=tmp_path_factory.mktemp("larkmoor"))


@pytest.fixture(scope="session")
def another_seed(course: Course, tmp_path_factory: pytest.TempPathFactory) -> list[NotebookRun]:
    return run_weeks(course, course.written(), out=tmp_path_factory.mktemp("seed"), seed=11)


@pytest.fixture(scope="session")
def another_pcn(
    course: Course, other_pcn: Path, tmp_path_factory: pytest.TempPathFactory
) -> list[NotebookRun]:
    out = tmp_path_factory.mktemp("london")
    return run_weeks(course, course.written(), out=out, data_dir=other_pcn)


def cells(run: NotebookRun) -> list[dict[str, Any]]:
    return json.loads(run.executed.read_text())["cells"]


def outputs(run: NotebookRun) -> list[dict[str, Any]]:
    return [output for cell in cells(run) for output in cell.get("outputs", [])]


def drawn(run: NotebookRun) -> list[dict[str, Any]]:
    return [spec for output in outputs(run) if (spec := vega_lite(output))]


def texts(run: NotebookRun) -> str:
    shown = [charts.words(spec)["title"] for spec in drawn(run)]
    printed = ["".join(o["text"]) for o in outputs(run) if o["output_type"] == "stream"]
    return "\n".join(shown + printed)


def test_every_written_week_runs(larkmoor: list[NotebookRun]) -> None:
    assert larkmoor
    assert [(run.name, str(run.failure)) for run in larkmoor if run.failure] == []


def test_every_chart_of_every_week_keeps_the_rules(
    larkmoor: list[NotebookRun], another_seed: list[NotebookRun], another_pcn: list[NotebookRun]
) -> None:
    for run in [*larkmoor, *another_seed, *another_pcn]:
        assert len(drawn(run)) >= 3, run.name
        for spec in drawn(run):
            assert charts.lint(spec) == [], charts.words(spec)["title"]
            assert len(json.dumps(spec)) < 300_000


def test_every_week_also_runs_on_another_seed_and_another_network(
    another_seed: list[NotebookRun], another_pcn: list[NotebookRun]
) -> None:
    for run in [*another_seed, *another_pcn]:
        assert run.failure is None, f"{run.name}: {run.failure}"


def test_every_week_runs_on_half_a_year_of_a_teams_own_data(
    course: Course, short_extract: Path, tmp_path: Path
) -> None:
    for run in run_weeks(course, course.written(), out=tmp_path, data_dir=short_extract):
        assert run.failure is None, f"{run.name}: {run.failure}"
        for spec in drawn(run):
            assert charts.lint(spec) == [], charts.words(spec)["title"]


def test_findings_follow_the_data(
    larkmoor: list[NotebookRun], another_seed: list[NotebookRun], another_pcn: list[NotebookRun]
) -> None:
    for first, second, third in zip(larkmoor, another_seed, another_pcn, strict=True):
        assert texts(first) != texts(second)
        assert "Larkmoor" not in texts(third).replace("Larkmoor example", "")
        assert not re.search(r"\bP[1-6]\b", texts(third)), "names Larkmoor's practices"


def test_nothing_alarming_is_shown(larkmoor: list[NotebookRun]) -> None:
    for run in larkmoor:
        for output in outputs(run):
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", "".join(output["text"])


def test_every_widget_has_a_still_chart_and_words(larkmoor: list[NotebookRun]) -> None:
    for run in larkmoor:
        widgets = [o for o in outputs(run) if WIDGET in o.get("data", {})]
        assert widgets, run.name
        for widget in widgets:
            assert vega_lite(widget)
            assert len("".join(widget["data"]["text/plain"])) > 40


def test_every_chart_is_followed_by_words(larkmoor: list[NotebookRun]) -> None:
    """A sentence that says what the chart shows: computed words, or prose about it."""
    for run in larkmoor:
        found = cells(run)
        for at, cell in enumerate(found[:-1]):
            if any(vega_lite(o) for o in cell.get("outputs", [])):
                following = found[at + 1]
                assert following["cell_type"] == "markdown" or following["outputs"], cell["id"]


def test_the_artefact_and_the_records_are_left(larkmoor: list[NotebookRun]) -> None:
    for run in larkmoor:
        assert run.artefact is not None
        portfolio = Portfolio(run.artefact.parents[1])
        found = portfolio.read(run.week)
        for finding in found.get("findings", []):
            assert (run.artefact.parent / "charts" / f"{finding['chart']}.svg").exists()
        assert "done,found,blocked" in (portfolio.folder / "checkin_log.csv").read_text()
        assert (run.artefact.parent / "record.json").exists()


def test_pages_draw_every_chart_with_no_network(
    larkmoor: list[NotebookRun], browse: Callable[[Path], str]
) -> None:
    for run in larkmoor:
        assert run.page is not None
        page = browse(run.page)
        assert len(re.findall(r'<svg[^>]*class="marks"', page)) == len(drawn(run))


def test_the_lesson_keeps_the_order_of_the_template(larkmoor: list[NotebookRun]) -> None:
    order = [
        "What earlier weeks handed you", "This week's question", "Why it matters",
        "The method, on five rows", "The same method on your network", "Explore",
        "A chart you may reuse", "Common mistakes", "Practice",
        "What this becomes in the final report", "Check-in and portfolio record",
    ]  # fmt: skip
    for run in larkmoor:
        headings = re.findall(
            r"^## (.+)$",
            "\n".join("".join(c["source"]) for c in cells(run) if c["cell_type"] == "markdown"),
            re.MULTILINE,
        )
        assert [h for h in headings if h in order] == order, run.name


def test_outcomes_and_seed_facts_are_those_of_the_syllabus(larkmoor: list[NotebookRun]) -> None:
    for run in larkmoor:
        week = find_course().week(run.week)
        used = {fact for cell in cells(run) for fact in cell["metadata"].get("seeds", [])}
        assert used == set(week.seeds)
        prose = "".join("".join(c["source"]) for c in cells(run) if c["cell_type"] == "markdown")
        assert not re.search(r"\b[A-EXZ]\d{2,3}\b", prose), "seed ids stay out of the prose"
