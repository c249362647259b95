"""Running notebooks headless through papermill, one failure never stopping the others."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from clear_helpers.course import Course, Week
from clear_helpers.files import write_text
from clear_helpers.headless.outcome import Failure, NotebookRun
from clear_helpers.headless.rendering import render
from clear_helpers.headless.report import write_index

CELL_LIMIT_SECONDS = 300
CELL_LINE = re.compile(r"(?:Cell In\[\d+\]|Input In \[\d+\]|<ipython-input[^>]*>).*?line (\d+)")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


def _failure(executed: Path, error: Exception) -> Failure:
    """The failing cell of an executed notebook, counted as a reader counts code cells.

    Papermill's own report cell is not counted, so the number is that of the source notebook.
    """
    cells: list[dict[str, Any]] = []
    if executed.exists():
        cells = json.loads(executed.read_text(encoding="utf-8"))["cells"]
    marked = {"papermill-error-cell-tag", "injected-parameters"}
    cells = [c for c in cells if c["cell_type"] == "code"]
    cells = [c for c in cells if not marked & set(c["metadata"].get("tags", []))]
    for number, cell in enumerate(cells, start=1):
        stopped = cell["metadata"].get("papermill", {}).get("exception")
        errors = [o for o in cell.get("outputs", []) if o["output_type"] == "error"]
        if not (stopped or errors):
            continue
        source = "".join(cell["source"])
        if not errors:
            return Failure(
                number, type(error).__name__, str(error).split("\n")[0], None, "", source
            )
        trace = COLOURS.sub("", "\n".join(errors[0]["traceback"]))
        lines = CELL_LINE.findall(trace)
        at = int(lines[0]) if lines else None
        line = source.splitlines()[at - 1] if at and at <= len(source.splitlines()) else ""
        # papermill stops a cell that takes too long as if someone had pressed ctrl-C in it.
        if errors[0]["ename"] == "KeyboardInterrupt":
            message = str(error).split("\n")[0]
            return Failure(number, type(error).__name__, message, at, line, source)
        return Failure(number, errors[0]["ename"], errors[0]["evalue"], at, line, source)
    return Failure(0, type(error).__name__, str(error).split("\n")[0] or repr(error), None, "", "")


def execute(
    notebook: Path,
    executed: Path,
    parameters: Mapping[str, Any],
    *,
    limit: int = CELL_LIMIT_SECONDS,
) -> Failure | None:
    """Run one notebook through papermill in an ordinary ``python3`` kernel.

    Parameters
    ----------
    notebook
        The notebook to run; it runs in its own folder.
    executed
        Where the executed copy, with outputs, is written.
    parameters
        Papermill parameters; ``None`` values are left to the notebook's defaults.
    limit
        Seconds one cell may take.

    Returns
    -------
    Failure or None
        What stopped it, or None when every cell ran.
    """
    import papermill

    executed.parent.mkdir(parents=True, exist_ok=True)
    executed.unlink(missing_ok=True)
    try:
        papermill.execute_notebook(
            notebook,
            executed,
            parameters={k: v for k, v in parameters.items() if v is not None},
            kernel_name="python3",
            language="python",
            cwd=notebook.parent,
            progress_bar=False,
            execution_timeout=limit,
            extra_arguments=["--IPKernelApp.log_level=40"],  # errors only: no note on transports
        )
    # Whatever goes wrong with one notebook, the report says so and the others still run.
    except Exception as error:
        return _failure(executed, error)
    return None


def run_weeks(
    course: Course,
    weeks: Iterable[Week],
    *,
    out: Path,
    data_dir: Path | None = None,
    cohort: str | None = None,
    seed: int | None = None,
    began: Callable[[Week], None] = lambda week: None,
    ended: Callable[[NotebookRun], None] = lambda run: None,
) -> list[NotebookRun]:
    """Run workbooks, render each to a page, and write the index and ``report.json``.

    Parameters
    ----------
    course
        The course.
    weeks
        Weeks to run, in order; those not written yet are left out.
    out
        Folder for executed notebooks, pages, the run's own portfolio and the report.
    data_dir, cohort, seed
        Papermill parameters; the notebook's defaults when None.
    began, ended
        Called before and after each notebook, for progress.

    Returns
    -------
    list of NotebookRun
        One a notebook, in order.
    """
    out = out.resolve()
    portfolio = out / "portfolio"
    parameters = {
        "data_dir": str(data_dir.resolve()) if data_dir else None,
        "cohort": cohort,
        "portfolio_dir": str(portfolio),
        "seed": seed,
    }
    runs: list[NotebookRun] = []
    for week in [week for week in weeks if course.workbook(week).exists()]:
        began(week)
        started = time.perf_counter()
        executed = out / "executed" / f"{week.name}.ipynb"
        failure = execute(course.workbook(week), executed, parameters)
        page = out / f"{week.name}.html"
        shown = render(executed, page, title=f"Week {week.number}: {week.title}")
        artefact = portfolio / f"week{week.number:02d}" / f"{week.artefact.name}.json"
        if failure is None and not artefact.exists():
            failure = Failure(
                0, "", f"the notebook ran, but left no {week.artefact.name}.json", None, "", ""
            )
        run = NotebookRun(
            name=week.name,
            title=week.title,
            week=week.number,
            status="failed" if failure else "passed",
            seconds=round(time.perf_counter() - started, 1),
            executed=executed,
            page=page if shown else None,
            artefact=artefact if artefact.exists() else None,
            failure=failure,
        )
        runs.append(run)
        ended(run)
    write_index(course, runs, out)
    report = {"notebooks": [run.as_json() for run in runs]}
    write_text(out / "report.json", json.dumps(report, indent=2) + "\n")
    return runs
