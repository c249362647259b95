"""What became of a notebook that was run."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal


@dataclass(frozen=True)
class Failure:
    """Where and why a notebook stopped."""

    cell: int
    error: str
    message: str
    line_number: int | None
    line: str
    source: str

    def __str__(self) -> str:
        """One paragraph for a terminal or a page."""
        where = f"code cell {self.cell}"
        if self.line_number:
            where += f", line {self.line_number}: {self.line.strip()}"
        return (
            f"{where}\n{self.error}: {self.message}" if self.error else f"{where}\n{self.message}"
        )


@dataclass(frozen=True)
class NotebookRun:
    """The result of one notebook."""

    name: str
    title: str
    week: int
    status: Literal["passed", "failed"]
    seconds: float
    executed: Path
    page: Path | None = None
    artefact: Path | None = None
    failure: Failure | None = None

    def as_json(self) -> dict[str, Any]:
        """Plain values for ``--json`` and ``report.json``."""
        plain = asdict(self)
        return {k: str(v) if isinstance(v, Path) else v for k, v in plain.items()}
