"""Practice questions with ``check()``, ``hint()`` and ``solution()``.

A week keeps its questions in ``questions.py`` beside its workbook: a plain Python file
whose :class:`Question` objects become ``q1``, ``q2``, … in the order they are written.
"""

from __future__ import annotations

import ast
import hashlib
import html
import importlib.util
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any, Literal, get_args

from clear_helpers.classroom.expectations import AnswerError, Misunderstanding, Tolerance, expect
from clear_helpers.course import Course, CourseError, find_course
from clear_helpers.notices import Notice

Tier = Literal["core", "extension", "challenge"]

# Dark enough on white for small text (at least 7:1); each is always paired with a word.
_INK = {"right": "#006747", "not yet": "#8A1538", "note": "#003087"}


class QuestionError(Notice):
    """A week has no questions, or not the one asked for; the message says what to do."""


class NoSuchQuestionError(QuestionError, AttributeError):
    """There is no question of that name in the week."""


@dataclass(frozen=True)
class Reply:
    """What a question says back; shows itself as text and as HTML.

    Attributes
    ----------
    heading
        A few words that carry the result without colour.
    message
        The sentence to read.
    right
        Whether an answer was right; ``False`` for hints and solutions.
    """

    heading: str
    message: str
    right: bool = False
    kind: Literal["right", "not yet", "note"] = "note"

    def __repr__(self) -> str:
        return f"{self.heading}: {self.message}"

    def _repr_html_(self) -> str:
        ink = _INK[self.kind]
        body = html.escape(self.message).replace("\n", "<br>")
        return (
            f'<div role="status" style="border-left:4px solid {ink};padding:.4em .8em;'
            f'background:#fff;color:#231F20"><strong style="color:{ink}">'
            f"{html.escape(self.heading)}</strong><br>{body}</div>"
        )


class Question:
    """One practice question.

    Parameters
    ----------
    prompt
        What is asked, in a sentence or two.
    tier
        ``core``, ``extension`` or ``challenge``.
    hint
        The next thing to look at; it does not give the answer away.
    solution
        The worked answer, with its reason.
    expected
        The right answer, or a function without arguments that works it out from the
        data (so that it is right on any extract).
    tolerance, misunderstandings
        As in :func:`clear_helpers.classroom.expect`.
    untouched
        What to say while the answer is still ``...`` or ``None``.
    right
        What to say when the answer is right: what it means.

    Raises
    ------
    ValueError
        If the tier is not one of the three, or the prompt, hint or solution is empty.
    """

    def __init__(
        self,
        prompt: str,
        tier: Tier,
        hint: str,
        solution: str,
        expected: Any,
        tolerance: Tolerance = None,
        misunderstandings: Sequence[Misunderstanding] = (),
        untouched: str = "Put your answer in place of the dots, then check it.",
        right: str = "That is right.",
    ) -> None:
        if tier not in get_args(Tier):
            raise ValueError(f"tier {tier!r} is not one of {', '.join(get_args(Tier))}")
        if not (prompt.strip() and hint.strip() and solution.strip()):
            raise ValueError("a question needs a prompt, a hint and a solution")
        self.prompt = prompt
        self.tier: Tier = tier
        self.misunderstandings = tuple(misunderstandings)
        self._hint = hint
        self._solution = solution
        self._expected = expected
        self._tolerance = tolerance
        self._untouched = untouched
        self._right = right

    def expected(self) -> Any:
        """The right answer, worked out now if the question was given a function."""
        return self._expected() if callable(self._expected) else self._expected

    def check(self, *answers: Any) -> Reply:
        """Say whether an answer is right, and if not, what misunderstanding it shows.

        Parameters
        ----------
        answers
            The answer: a number, text, list, dictionary, column or table. Several answers are
            taken as a list; a number or list typed as text is read; capitals do not matter.

        Returns
        -------
        Reply
            ``.right`` and ``.message``. Never raises.
        """
        try:
            expected = self.expected()
        except Exception as error:
            return Reply(
                "Cannot check yet",
                f"The right answer could not be worked out from the data ({error}). "
                "Run the cells above first; if that does not help, tell your faculty.",
            )
        answer = _read(answers, expected)
        try:
            expect(
                answer,
                expected,
                tolerance=self._tolerance,
                misunderstandings=self.misunderstandings,
                reveal=False,
                untouched=self._untouched,
            )
        except AnswerError as mismatch:
            if str(mismatch) == self._untouched:
                return Reply("Not answered yet", self._untouched)
            return Reply("✗ Not yet", str(mismatch), kind="not yet")
        except Exception as error:  # an answer odd enough to break the comparison
            return Reply("✗ Not yet", f"This answer cannot be compared: {error}", kind="not yet")
        return Reply("✓ Right", self._right, right=True, kind="right")

    def hint(self) -> Reply:
        """The next thing to look at."""
        return Reply("Hint", self._hint)

    def solution(self) -> Reply:
        """The worked answer, with its reason."""
        return Reply("Solution", self._solution)

    def __repr__(self) -> str:
        return f"[{self.tier}] {self.prompt}"

    def _repr_html_(self) -> str:
        return f"<p><strong>[{self.tier}]</strong> {html.escape(self.prompt)}</p>"


def _read(answers: tuple, expected: Any) -> Any:
    """The answer meant by what was typed between the brackets of ``check()``."""
    answer = list(answers) if len(answers) > 1 else answers[0] if answers else None
    if type(answer) is not str:
        return answer
    text = answer.strip()
    if type(expected) is str:
        return expected if text.casefold() == expected.casefold() else text
    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


class QuestionSet:
    """A week's practice questions, as attributes ``q1``, ``q2``, …

    Raises
    ------
    NoSuchQuestionError
        When a question is asked for that the week does not have.
    """

    def __init__(self, week: str, questions: Sequence[Question]) -> None:
        self.week = week
        self._questions = {f"q{number}": one for number, one in enumerate(questions, start=1)}

    def __getattr__(self, name: str) -> Question:
        found = self.__dict__.get("_questions", {})
        if name in found:
            return found[name]
        if name.startswith("_"):  # how Python and IPython ask what an object can do
            raise AttributeError(name)
        raise NoSuchQuestionError(f"{self.week} has no question {name}: it has {', '.join(found)}.")

    def __dir__(self) -> list[str]:
        return [*super().__dir__(), *self._questions]

    def __iter__(self) -> Iterator[Question]:
        return iter(self._questions.values())

    def __len__(self) -> int:
        return len(self._questions)

    def __repr__(self) -> str:
        return "\n".join(f"{name} {one!r}" for name, one in self._questions.items())

    def _repr_html_(self) -> str:
        items = "".join(
            f"<li><code>{name}</code> <strong>[{one.tier}]</strong> {html.escape(one.prompt)}</li>"
            for name, one in self._questions.items()
        )
        return f"<ul>{items}</ul>"


def questions(week: str | int, *, course: Course | None = None) -> QuestionSet:
    """The practice questions of a week.

    Parameters
    ----------
    week
        ``"week10"``, ``10`` or the week's full name.
    course
        The course to look in; by default the one the working directory belongs to.

    Returns
    -------
    QuestionSet
        With attributes ``q1``, ``q2``, … each offering ``check(answer)``, ``hint()``
        and ``solution()``.

    Raises
    ------
    QuestionError
        If there is no such week, it has no questions, or its file has a mistake.
    """
    try:
        course = course or find_course()
        chosen = course.week(week)
        path = course.folder(chosen) / "questions.py"
    except CourseError as error:
        raise QuestionError(str(error)) from None
    if not path.is_file():
        raise QuestionError(f"{chosen.name} has no practice questions yet: {path} is not there.")
    module = _load_once(path)
    found = [value for value in vars(module).values() if isinstance(value, Question)]
    if not found:
        raise QuestionError(f"{path} defines no Question.")
    return QuestionSet(chosen.name, found)


def _load_once(path: Path) -> ModuleType:
    """Import a file by its path, once per process, under a name no other file can have."""
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    name = f"clear_questions_{digest}"
    if name in sys.modules:
        return sys.modules[name]
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None and spec.loader is not None  # a .py path always has both
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[name]
        line = error.lineno if isinstance(error, SyntaxError) else _line_in(path, error)
        raise QuestionError(f"{path}, line {line}: {type(error).__name__}: {error}") from None
    return module


def _line_in(path: Path, error: Exception) -> int | None:
    """The last line of a file that an error passed through."""
    line, trace = None, error.__traceback__
    while trace:
        if trace.tb_frame.f_code.co_filename == str(path):
            line = trace.tb_lineno
        trace = trace.tb_next
    return line
