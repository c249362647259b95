"""Try an assignment on wrong and right answers before any Associate does.

``course/misconceptions/<week>.yml`` holds, for each task, answers that a clinician would
plausibly give and that must lose its marks, and differently written right ones::

    tasks:
      w10_t1:
        wrong:
          - name: mean of the rates
            code: return rates.mean()
            says: mean of the rates      # words that the message must hold
        right:
          - name: with a groupby
            code: …

``code`` stands in the place of the solution: for all of the solution cell if it defines
what that cell defines, otherwise for the lines between the solution marks.
"""

from __future__ import annotations

import ast
import contextlib
import io
import re
import textwrap
import types
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from clear_helpers.classroom.expectations import UnsupportedTypeError, describe_type, plain_copy
from clear_helpers.classroom.faculty.assignments import (
    AssignmentError,
    GradedCell,
    graded_cells,
    read_notebook,
    released_path,
)
from clear_helpers.classroom.faculty.seeds import only_seed
from clear_helpers.course import Course, CourseError, Week, explain

Kind = Literal["wrong", "right", "untouched", "instructor"]
_Words = Annotated[str, Field(min_length=3)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class RightAnswer(_Strict):
    """A right answer, written another way than the instructor's."""

    name: _Words
    code: str = Field(min_length=1)


class WrongAnswer(RightAnswer):
    """A plausible wrong answer, and words that the message it earns must hold."""

    says: _Words


class TaskAnswers(_Strict):
    """The answers to try on one task."""

    wrong: list[WrongAnswer] = Field(min_length=3)
    right: list[RightAnswer] = Field(min_length=2)


class _File(_Strict):
    tasks: dict[Annotated[str, Field(pattern=r"^w\d\d_t\d+$")], TaskAnswers]


def misconceptions(course: Course, week: Week) -> dict[str, TaskAnswers]:
    """A week's answers to try, by task (``t1``, ``t2``, …).

    Raises
    ------
    CourseError
        If the file is missing, is not YAML, or breaks the schema.
    """
    path = course.misconceptions(week)
    try:
        found = _File.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CourseError(f"{path}: not found. Each assignment needs its wrong answers.") from None
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not readable as YAML: {error}") from None
    except ValidationError as error:
        raise CourseError(f"{path} breaks the schema:\n{explain(error)}") from None
    return {task.split("_")[-1]: answers for task, answers in found.tasks.items()}


@dataclass(frozen=True)
class TrialRow:
    """What the tests made of one answer on one seed.

    Attributes
    ----------
    task, answer, kind
        Which answer: ``wrong``, ``right``, the ``untouched`` release, the ``instructor``'s.
    seed
        The seed of the data it ran on.
    kept, marks
        Marks it kept, of how many.
    message
        What the tests said.
    ok
        Whether that is what should happen.
    why
        If not, what is amiss.
    """

    task: str
    answer: str
    kind: Kind
    seed: int
    kept: float
    marks: float
    message: str
    ok: bool
    why: str = ""


def trial(
    course: Course,
    week: Week,
    seeds: Sequence[int],
    *,
    progress: Callable[[TrialRow], None] | None = None,
) -> list[TrialRow]:
    """Run the tests of an assignment, hidden ones included, on every answer and seed.

    All in this process: the release is set up once for each seed; each answer then runs
    on a copy of what the set-up left. Whatever a solution cell leaves crosses to the
    tests as it will when they no longer share a process: functions as proxies that pass
    copies of plain data both ways, variables as copies, charts through ``to_dict()``.
    ``hidden_pcns()`` gives the data of the seed under trial; a set-up cell tagged
    ``parameters`` gets it as ``seed``.

    Parameters
    ----------
    course, week
        Which assignment; it must have been released.
    seeds
        Seeds to try, Larkmoor's among them.
    progress
        Called with each row as it is known.

    Returns
    -------
    list of TrialRow
        By seed: the untouched release, the instructor's answers, then each answer.

    Raises
    ------
    AssignmentError
        If there is no source or release, or a set-up cell fails.
    CourseError
        If the misconceptions file is missing, broken, or misses a task.
    """
    answers = misconceptions(course, week)
    bench = _Bench(course, week)
    if set(answers) != set(bench.tasks):
        raise CourseError(
            f"{course.misconceptions(week)}: found answers for {', '.join(sorted(answers))}; the "
            f"assignment has {', '.join(bench.tasks)}. Each task needs its own."
        )
    rows = []
    for seed in seeds:
        with contextlib.chdir(course.root), only_seed(seed):
            for row in _one_seed(bench, answers, seed):
                rows.append(row)
                if progress:
                    progress(row)
    return rows


def _one_seed(bench: _Bench, answers: dict[str, TaskAnswers], seed: int) -> Iterator[TrialRow]:
    yield from bench.whole(seed, "untouched", bench.release_sources)
    yield from bench.whole(seed, "instructor", bench.sources)
    bench.set_up(seed)
    for task in bench.tasks:
        for wrong in answers[task].wrong:
            yield bench.answer(seed, task, wrong, "wrong", wrong.says)
        for right in answers[task].right:
            yield bench.answer(seed, task, right, "right", "")


@dataclass
class _Room:
    """Names on the two sides: where solutions ran, and what tests may see."""

    student: dict[str, Any]
    tests: dict[str, Any]
    unseen: dict[str, str]

    def copy(self) -> _Room:
        return _Room(dict(self.student), dict(self.tests), dict(self.unseen))


class _Bench:
    """An assignment laid out for trial: its cells, and the room its set-up leaves."""

    def __init__(self, course: Course, week: Week) -> None:
        source = read_notebook(course.source(week))
        released = read_notebook(released_path(course, week))
        self.cells = {c.at: c for c in graded_cells(source, week)}
        self.sources = [_code(cell) for cell in source.cells]
        self.release_sources = [_code(cell) for cell in released.cells]
        if len(self.sources) != len(self.release_sources):
            raise AssignmentError(f"{released_path(course, week)} is older than its source.")
        self.parameters = {
            at for at, c in enumerate(source.cells) if "parameters" in c.metadata.get("tags", [])
        }
        self.tasks = list(
            dict.fromkeys(c.task for c in self.cells.values() if c.kind == "solution")
        )
        self.first_solution = min(c.at for c in self.cells.values() if c.kind == "solution")
        self.ready: _Room | None = None

    def tests_of(self, task: str) -> list[GradedCell]:
        return [c for c in self.cells.values() if c.task == task and c.kind == "test"]

    def marks(self, task: str) -> float:
        return sum(cell.points for cell in self.tests_of(task))

    def _is_test(self, at: int) -> bool:
        return at in self.cells and self.cells[at].kind == "test"

    def _is_solution(self, at: int) -> bool:
        return at in self.cells and self.cells[at].kind == "solution"

    def _run_cell(self, room: _Room, at: int, source: str, seed: int) -> None:
        """Run one cell that is not a test, and let what it leaves cross to the tests."""
        before = dict(room.student)
        _execute(source, room.student, f"cell {at + 1}")
        if at in self.parameters:
            room.student["seed"] = seed
        changed = {n: v for n, v in room.student.items() if before.get(n, _NOTHING) is not v}
        for name, value in changed.items():
            room.unseen.pop(name, None)
            if not self._is_solution(at):  # the release's own cells run on the trusted side too
                room.tests[name] = value
                continue
            try:
                room.tests[name] = _crossing(value, name)
            except UnsupportedTypeError:
                room.tests.pop(name, None)
                room.unseen[name] = describe_type(value)

    def whole(self, seed: int, kind: Kind, sources: list[str]) -> Iterator[TrialRow]:
        """The notebook from top to bottom, and one row for each task."""
        room = _new_room()
        broken = ""
        for at, source in enumerate(sources):
            if self._is_test(at):
                continue
            try:
                self._run_cell(room, at, source, seed)
            except Exception as error:
                broken = broken or f"cell {at + 1} raised {type(error).__name__}: {error}"
        for task in self.tasks:
            kept, message = self._test(room, task)
            wanted = 0.0 if kind == "untouched" else self.marks(task)
            why = broken or ("" if kept == wanted else f"kept {kept:g} marks, not {wanted:g}")
            yield TrialRow(task, kind, kind, seed, kept, self.marks(task), message, not why, why)

    def set_up(self, seed: int) -> None:
        """Run the instructor version once, up to its end, and keep the room."""
        room = _new_room()
        for at, source in enumerate(self.sources):
            if self._is_test(at):
                continue
            try:
                self._run_cell(room, at, source, seed)
            except Exception as error:
                raise AssignmentError(
                    f"seed {seed}: cell {at + 1} of the instructor version raised "
                    f"{type(error).__name__}: {error}"
                ) from None
        self.ready = room

    def answer(self, seed: int, task: str, one: RightAnswer, kind: Kind, says: str) -> TrialRow:
        """One answer in the place of one solution, and every test it can reach."""
        assert self.ready is not None
        room = self.ready.copy()
        place = next(c for c in self.cells.values() if c.task == task and c.kind == "solution")
        marks = self.marks(task)
        try:
            code = _substitute(place.source, one.code)
            touched = _defined(place.source) | _defined(code)
            self._rerun(room, place.at, code, touched, seed)
        except Exception as error:
            text = f"{type(error).__name__}: {error}"
            return TrialRow(task, one.name, kind, seed, 0.0, marks, text, False, "does not run")
        kept, message = self._test(room, task)
        others = [
            other
            for other in self.tasks
            if other != task
            and any(_mentioned(test.source) & touched for test in self.tests_of(other))
            and self._test(room, other)[0] != self.marks(other)
        ]
        why = _verdict(kind, kept, marks, message, says)
        if others and not why:
            why = f"{', '.join(others)} lost marks as well"
        return TrialRow(task, one.name, kind, seed, kept, marks, message, not why, why)

    def _rerun(self, room: _Room, at: int, code: str, touched: set[str], seed: int) -> None:
        """Run an answer, then each later cell that uses what it defines.

        A function made earlier keeps the names of the room it was made in, so cells that
        mention a changed name run again in this one; ``touched`` grows with what they define.
        """
        self._run_cell(room, at, code, seed)
        for later in range(at + 1, len(self.sources)):
            source = self.sources[later]
            if self._is_test(later) or not _mentioned(source) & touched:
                continue
            touched |= _defined(source)
            self._run_cell(room, later, source, seed)

    def _test(self, room: _Room, task: str) -> tuple[float, str]:
        """Marks a task keeps, and what its tests said."""
        kept, said = 0.0, []
        for test in self.tests_of(task):
            beyond = sorted(_mentioned(test.source) & set(room.unseen))
            if beyond:
                said.append(f"{beyond[0]} is {room.unseen[beyond[0]]}: a test may not touch it")
                continue
            try:
                _execute(test.source, dict(room.tests), test.name)
                kept += test.points
            except Exception as error:
                said.append(str(error) or type(error).__name__)
        return kept, " ".join(said)


def _verdict(kind: Kind, kept: float, marks: float, message: str, says: str) -> str:
    if kind == "right":
        return "" if kept == marks else f"a right answer lost {marks - kept:g} marks"
    if kept:
        return f"a wrong answer kept {kept:g} marks"
    same = " ".join(says.casefold().split()) in " ".join(message.casefold().split())
    return "" if same else f"the message does not say “{says}”"


_NOTHING = object()


def _new_room() -> _Room:
    names: dict[str, Any] = {"__name__": "__main__", "display": lambda *_, **__: None}
    return _Room(dict(names), dict(names), {})


def _code(cell: Any) -> str:
    return cell.source if cell.cell_type == "code" else ""


def _execute(source: str, names: dict[str, Any], where: str) -> None:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        exec(compile(source, f"<{where}>", "exec"), names)


def _substitute(solution: str, code: str) -> str:
    """An answer in the place of a solution: the whole cell, or what is between the marks."""
    wanted = _defined(_without_solution(solution))
    try:
        given = _defined(code)
    except SyntaxError:  # a bare `return …` is a body, not a cell
        given = set()
    if given and wanted <= given:
        return code
    found = re.search(r"(?m)^([ \t]*).*BEGIN SOLUTION[^\n]*\n(?s:.*?)^.*END SOLUTION.*$", solution)
    if not found:
        return code
    body = textwrap.indent(textwrap.dedent(code).strip("\n"), found[1])
    return solution[: found.start()] + body + solution[found.end() :]


def _without_solution(solution: str) -> str:
    stub = re.sub(r"(?m)^([ \t]*).*BEGIN SOLUTION[^\n]*\n(?s:.*?)^.*END SOLUTION.*$", r"\1...",
                  solution)  # fmt: skip
    try:
        ast.parse(stub)
    except SyntaxError:
        return solution
    return stub if _defined(stub) else solution


def _defined(source: str) -> set[str]:
    """Names that a cell gives a value to at its top level."""
    names: set[str] = set()
    for node in ast.parse(source).body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            names.add(node.name)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            names |= {(alias.asname or alias.name).split(".")[0] for alias in node.names}
        else:
            names |= {
                part.id
                for part in ast.walk(node)
                if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)
            }
    return names


def _mentioned(source: str) -> set[str]:
    return {node.id for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Name)}


def _crossing(value: Any, name: str) -> Any:
    """What the tests may see of something an answer leaves."""
    if type(value) is types.FunctionType:
        return _proxy(value, name)
    if type(value).__module__.split(".")[0] == "altair" and hasattr(value, "to_dict"):
        return _ChartSpec(plain_copy(value.to_dict()))
    return plain_copy(value)


def _proxy(function: Callable[..., Any], name: str) -> Callable[..., Any]:
    """A function that lets only copies of plain data pass, in both directions."""

    def crossing(*args: Any, **kwargs: Any) -> Any:
        try:
            given = [plain_copy(arg) for arg in args]
            named = {key: plain_copy(arg) for key, arg in kwargs.items()}
        except UnsupportedTypeError as error:
            raise UnsupportedTypeError(
                f"A test gave {name}() more than plain data. {error}"
            ) from None
        answer = function(*given, **named)
        try:
            return plain_copy(answer)
        except UnsupportedTypeError as error:
            raise UnsupportedTypeError(
                f"{name}() gave back more than plain data. {error}"
            ) from None

    crossing.__name__ = name
    return crossing


class _ChartSpec:
    """A chart as the tests may read it: its specification, and nothing else."""

    def __init__(self, spec: dict[str, Any]) -> None:
        self._spec = spec

    def to_dict(self) -> dict[str, Any]:
        return plain_copy(self._spec)
