"""The rubric of a week's reflection and its bank of comments, for marking by hand."""

from __future__ import annotations

from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from clear_helpers.course import Course, CourseError, Week, explain

CriterionName = Literal["Evidence", "Interpretation", "Caveat", "Action"]
Level = Literal[0, 1, 2]
Text = Annotated[str, Field(min_length=10)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Criterion(_Strict):
    """One criterion of the reflection: what earns 0, 1 and 2 marks this week."""

    name: CriterionName
    levels: dict[Level, str] = Field(min_length=3, max_length=3)


class Comment(_Strict):
    """A comment ready to use for a criterion at a level."""

    criterion: CriterionName
    level: Level
    text: Text


class CommentBank(_Strict):
    """``course/comments/<week>.yml``."""

    prompt: Text
    full_marks_need: Text
    criteria: list[Criterion] = Field(min_length=4, max_length=4)
    comments: list[Comment] = Field(min_length=4)

    @model_validator(mode="after")
    def _every_criterion(self) -> CommentBank:
        names = [criterion.name for criterion in self.criteria]
        if len(set(names)) != len(names):
            raise ValueError("each of the four criteria stands once")
        silent = set(names) - {comment.criterion for comment in self.comments}
        if silent:
            raise ValueError(f"no comment for {', '.join(sorted(silent))}")
        return self


def comment_bank(course: Course, week: Week) -> CommentBank:
    """A week's rubric and comments.

    Raises
    ------
    CourseError
        If the file is missing, is not YAML, or breaks the schema.
    """
    path = course.comments(week)
    try:
        return CommentBank.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        raise CourseError(f"{path}: not found. Each reflection needs its comments.") from None
    except yaml.YAMLError as error:
        raise CourseError(f"{path}: not readable as YAML: {error}") from None
    except ValidationError as error:
        raise CourseError(f"{path} breaks the schema of comments:\n{explain(error)}") from None
