"""The ``workbook`` command.

Exit codes: 0 all well; 1 a notebook, data set or submission failed (the report says which);
2 the command was misused. ``--json`` puts machine-readable results on standard output;
progress always goes to standard error.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Table

from clear_helpers.course import Course, CourseError, Week, find_course

if TYPE_CHECKING:
    from clear_helpers.headless import NotebookRun

app = typer.Typer(
    help="Run, study, submit and grade the CLEAR workbooks.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
say = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Results as JSON on standard output.")]
WeekNumber = Annotated[str, typer.Argument(metavar="WEEK", help="Such as 10.")]
Weeks = Annotated[str | None, typer.Argument(metavar="WEEKS", help="3, 1-6 or 1,10,17.")]


def _print_json(results: object) -> None:
    sys.stdout.write(json.dumps(results, indent=2, ensure_ascii=False, default=str) + "\n")


def _misused(message: str) -> NoReturn:
    say.print(f"[red]{escape(message)}[/]", soft_wrap=True)
    raise typer.Exit(2)


def _week(course: Course, text: str) -> Week:
    try:
        return course.week(text)
    except CourseError as error:
        _misused(str(error))


def _written(course: Course) -> str:
    numbers = ", ".join(str(week.number) for week in course.written())
    return f"Written so far: {numbers or 'none'}."


def _faculty() -> Any:
    """Faculty's part of the classroom, which an Associate's bundle leaves out."""
    from clear_helpers.classroom import has_faculty_part

    if not has_faculty_part():
        _misused("This is an Associate's bundle: faculty commands need the full repository.")
    from clear_helpers.classroom import faculty

    return faculty


def _working() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        console=say,
        transient=True,
    )


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """Say what is installed, what is missing, and how to fix it."""
    from clear_helpers.doctor import examine

    with _working() as working:
        working.add_task("looking at this machine")
        findings = examine()
    if as_json:
        _print_json([vars(finding) for finding in findings])
    marks = {"ok": "[green]✓[/]", "note": "[yellow]•[/]", "problem": "[red]✗[/]"}
    for finding in findings:
        say.print(f"{marks[finding.level]} {escape(finding.what)}", soft_wrap=True)
        if finding.level != "ok":
            say.print(f"    {escape(finding.advice)}", soft_wrap=True)
    if any(finding.level == "problem" for finding in findings):
        raise typer.Exit(1)
    say.print("Ready. Open the course with: workbook lab")


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context, week: Weeks = None) -> None:
    """Open JupyterLab on a week, or on the week you were on.

    Options after the week go to JupyterLab, such as --no-browser.
    """
    from clear_helpers.classroom import progress

    course = find_course()
    # A first option such as --no-browser is JupyterLab's, not a week.
    extra = list(context.args)
    if week and week.startswith("-"):
        extra, week = [week, *extra], None
    if week:
        chosen = _week(course, week)
        if not course.workbook(chosen).exists():
            _misused(f"Week {chosen.number} is not written yet. {_written(course)}")
    else:
        done = [row for row in progress(course) if row.written and not row.next]
        chosen = course.week(next((r.week for r in progress(course) if r.next), done[-1].week))
    notebook = course.workbook(chosen)
    say.print(f"Opening week {chosen.number}: {chosen.title} (stop with ctrl-C)")
    where = notebook.relative_to(course.root).as_posix()
    command = [
        *(sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course.root}"),
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
        *(f"--LabApp.default_url=/lab/tree/{where}", *extra),
    ]
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    if os.name == "nt":  # exec on Windows returns to the prompt while the server still runs
        import subprocess

        raise typer.Exit(subprocess.call(command))
    os.execv(sys.executable, command)


@app.command()
def data(
    patients: Annotated[int, typer.Option(min=500, help="Registered patients.")] = 36_000,
    region: Annotated[str, typer.Option(help="One of the seven NHS regions.")] = "North West",
    seed: Annotated[int, typer.Option(min=0, help="Same seed, same PCN.")] = 2021,
    as_json: AsJson = False,
) -> None:
    """Generate the synthetic PCN, or say that it is already there."""
    from clear_helpers.pcn import load_pcn
    from clear_helpers.pcn.model import REGIONS

    if region not in REGIONS:
        _misused(f"There is no region {region!r}. The seven are: {', '.join(REGIONS)}.")
    pcn = load_pcn(patients=patients, region=region, seed=seed)
    rows = {name: len(getattr(pcn, name)) for name in pcn.tables}
    if as_json:
        _print_json({"pcn": pcn.name, "seed": seed, "rows": rows, "checksums": pcn.checksums()})
    say.print(f"{pcn.name} (synthetic): {len(rows)} tables, {sum(rows.values()):,} rows, ready")


@app.command()
def run(
    weeks: Weeks = None,
    data_dir: Annotated[Path | None, typer.Option("--data", help="Your own tables.")] = None,
    cohort: Annotated[str | None, typer.Option(help="One of the nine cohorts.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the synthetic PCN.")] = None,
    out: Annotated[Path | None, typer.Option(help="Where pages and reports go.")] = None,
    as_json: AsJson = False,
) -> None:
    """Run weekly notebooks headless, and write their pages, an index and a report."""
    from clear_helpers.headless import run_weeks

    course = find_course()
    try:
        chosen = course.weeks(weeks)
    except CourseError as error:
        _misused(str(error))
    if cohort:
        from clear_helpers.pcn.cohorts import load_cohorts

        if cohort not in load_cohorts():
            _misused(f"There is no cohort {cohort!r}. The nine: {', '.join(load_cohorts())}.")
    ready = [week for week in chosen if course.workbook(week).exists()]
    if not ready:
        _misused(f"None of these weeks is written yet. {_written(course)}")
    folder = (out or course.root / "build").resolve()
    with _working() as working:
        task = working.add_task("starting")

        def began(week: Week) -> None:
            place = f"{ready.index(week) + 1} of {len(ready)}"
            working.update(task, description=f"{place}: running week {week.number}, {week.title}")
            if not say.is_terminal:
                say.print(f"{place}: running week {week.number}, {week.title}")

        def ended(done: NotebookRun) -> None:
            mark = "[green]✓ passed[/]" if done.status == "passed" else "[red]✗ failed[/]"
            say.print(f"{mark}  week {done.week:>2}  {done.seconds:5.1f} s  {escape(done.title)}")
            if done.failure:
                say.print(f"  {escape(str(done.failure))}", soft_wrap=True)

        results = run_weeks(
            course,
            ready,
            out=folder,
            data_dir=data_dir,
            cohort=cohort,
            seed=seed,
            began=began,
            ended=ended,
        )
    if as_json:
        _print_json([result.as_json() for result in results])
    failed = sum(result.status == "failed" for result in results)
    say.print(
        f"{len(results) - failed} passed, {failed} failed. Open {folder / 'index.html'}",
        soft_wrap=True,
    )
    if failed:
        raise typer.Exit(1)


@app.command()
def progress(as_json: AsJson = False) -> None:
    """The 24 weeks: what is done, what is next."""
    from clear_helpers.classroom import progress as weekly_progress

    rows = weekly_progress(find_course())
    if as_json:
        _print_json([vars(row) for row in rows])
        return
    table = Table("Week", "Title", "", box=None)
    for row in rows:
        state = "[bold]→ next[/]" if row.next else "" if row.written else "not written yet"
        state = "[green]✓ done[/]" if row.artefact else state
        table.add_row(str(row.week), row.title, state)
    say.print(table)


@app.command()
def submit(
    week: WeekNumber,
    student: Annotated[str, typer.Option("--as", help="Your student id from faculty.")],
    notebook: Annotated[Path | None, typer.Option(help="Your assignment notebook.")] = None,
    as_json: AsJson = False,
) -> None:
    """Make the zip of your assignment to send to faculty."""
    from clear_helpers.classroom import submit as make_submission

    course = find_course()
    path = make_submission(course, _week(course, week), student, notebook)
    if as_json:
        _print_json({"submission": path})
    say.print(f"Send this file to faculty: {path}", soft_wrap=True)


@app.command()
def release(week: WeekNumber, as_json: AsJson = False) -> None:
    """Faculty: make the released assignment and the Associates' bundle."""
    faculty = _faculty()
    course = find_course()
    with _working() as working:
        working.add_task("releasing through nbgrader")
        released = faculty.release(course, _week(course, week))
        bundle = faculty.build_bundle(course, course.root / "build" / "clear-workbooks.zip")
    if as_json:
        _print_json({"released": released, "bundle": bundle})
    say.print(f"Released {released}\nBundle for Associates: {bundle}", soft_wrap=True)


@app.command()
def collect(
    week: WeekNumber,
    inbox: Annotated[Path | None, typer.Option(help="Folder of received zips.")] = None,
    as_json: AsJson = False,
) -> None:
    """Faculty: unpack the zips that Associates sent; one bad zip never stops the others."""
    faculty = _faculty()
    course = find_course()
    rows = faculty.collect(course, _week(course, week), inbox)
    if as_json:
        _print_json([vars(row) for row in rows])
    for row in rows:
        say.print(f"{row.status:10} {escape(row.file)}", soft_wrap=True)
        if row.why:
            say.print(f"           {escape(row.why)} {escape(row.what_to_do)}", soft_wrap=True)
    refused = sum(row.status == "refused" for row in rows)
    accepted = sum(row.status == "accepted" for row in rows)
    say.print(f"{accepted} accepted, {refused} refused, of {len(rows)} zips")
    if refused:
        raise typer.Exit(1)


@app.command()
def grade(
    week: WeekNumber,
    unsandboxed: Annotated[
        bool, typer.Option("--unsandboxed", help="Run submissions with your own rights.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Faculty: autograde every collected submission."""
    faculty = _faculty()
    course = find_course()
    if not unsandboxed:
        _misused(faculty.RISK)
    with _working() as working:
        task = working.add_task("starting nbgrader")

        def ended(done: int, number: int, row: Any) -> None:
            working.update(task, description=f"{done} of {number} submissions")
            marks = f"{row.total:g} of {row.maximum:g}" if row.status == "graded" else row.message
            say.print(f"{row.status:7} {escape(row.student)}: {escape(marks)}", soft_wrap=True)

        rows = faculty.grade(course, _week(course, week), unsandboxed=True, progress=ended)
    if as_json:
        _print_json([vars(row) for row in rows])
    failed = sum(row.status != "graded" for row in rows)
    say.print(f"{len(rows) - failed} graded, {failed} failed")
    if failed:
        raise typer.Exit(1)


@app.command()
def feedback(week: WeekNumber, as_json: AsJson = False) -> None:
    """Faculty: write a feedback page for every graded submission."""
    faculty = _faculty()
    course = find_course()
    with _working() as working:
        working.add_task("writing feedback")
        pages = faculty.feedback(course, _week(course, week))
    if as_json:
        _print_json(pages)
    for page in pages:
        say.print(str(page), soft_wrap=True)
    say.print(f"{len(pages)} feedback page(s)")


def main() -> None:
    """Entry point: our own errors become one plain message and exit code 1."""
    from clear_helpers.notices import Notice

    try:
        app()
    except Notice as notice:
        say.print(f"[red]{escape(str(notice))}[/]", soft_wrap=True)
        raise SystemExit(1) from None
    except OSError as error:
        where = escape(str(error.filename or "a file"))
        say.print(f"[red]Cannot read or write {where}: {error.strerror}.[/]", soft_wrap=True)
        raise SystemExit(1) from None
    except KeyboardInterrupt:
        say.print("Stopped. What was finished is kept.")
        raise SystemExit(130) from None
