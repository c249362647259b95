"""One team's portfolio: artefacts, weekly check-ins and capability records.

A portfolio is a folder::

    portfolio/
      checkin_log.csv              three lines a week: done, found, blocked
      exemplars_used.csv           weeks whose exemplar stood in for our own artefact
      week10/variation_pack.json   the artefact
      week10/charts/….svg          the charts it names
      week10/record.json           what was learned, mapped to capability domains
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from clear_helpers.course import Course, Week, explain, find_course
from clear_helpers.files import write_text
from clear_helpers.portfolio.artefacts import ARTEFACTS, ArtefactError

if TYPE_CHECKING:
    import altair as alt

CAPABILITY_DOMAINS = {
    1: "values and behaviours",
    2: "professional skills",
    3: "professional knowledge",
    4: "health promotion and illness prevention",
    5: "leadership and team working",
    6: "patient safety and quality improvement",
    7: "safeguarding vulnerable groups",
    8: "education and training",
    9: "research and scholarship",
}
"""GMC Generic Professional Capabilities framework (2017), its nine domains."""

CHECK_IN_COLUMNS = ["week", "date", "done", "found", "blocked"]


class Portfolio:
    """A team's portfolio folder.

    Parameters
    ----------
    folder
        Where the portfolio is kept; ``portfolio/`` in the course folder when not given.
    course
        The course it belongs to; found from the working directory when not given.
    """

    def __init__(self, folder: Path | str | None = None, *, course: Course | None = None) -> None:
        self.course = course or find_course()
        self.folder = Path(folder) if folder else self.course.root / "portfolio"

    def week_folder(self, number: int) -> Path:
        """Folder of one week's artefact and charts."""
        return self.folder / f"week{number:02d}"

    def path(self, number: int) -> Path:
        """Where a week's artefact is, or will be."""
        return self.week_folder(number) / f"{self.course.week(number).artefact.name}.json"

    def has(self, number: int) -> bool:
        """Whether the team has written this week's artefact itself."""
        return self.path(number).exists()

    def read(self, number: int) -> dict[str, Any]:
        """A week's artefact: the team's own, or the exemplar if there is none yet.

        Using an exemplar costs nothing; it is noted in ``exemplars_used.csv``, to be
        declared in week 24.

        Raises
        ------
        ArtefactError
            If the file is damaged or breaks its schema, or neither file exists.
        """
        week = self.course.week(number)
        path = self.path(number)
        if not path.exists():
            path = self.course.exemplar(week)
            if not path.exists():
                raise ArtefactError(
                    f"Week {number} ({week.title}) has left nothing in {self.folder} yet, and there "
                    f"is no exemplar for it. Run week {number} first."
                )
            self._note_exemplar(week)
        try:
            found = json.loads(path.read_text(encoding="utf-8"))
        except (json.JSONDecodeError, UnicodeDecodeError) as error:
            raise ArtefactError(
                f"{path} is damaged ({error}). Run week {number} again, or delete the file to use "
                "the exemplar."
            ) from None
        return self._checked(week, found, str(path))

    def write(
        self,
        number: int,
        artefact: Mapping[str, Any],
        charts: Mapping[str, alt.Chart] | None = None,
    ) -> Path:
        """Check a week's artefact against its schema and write it, with its charts as SVG.

        Raises
        ------
        ArtefactError
            If the artefact breaks its schema. Nothing is written then.
        """
        from clear_helpers import charts as chart_room

        week = self.course.week(number)
        checked = self._checked(week, dict(artefact), f"the artefact of week {number}")
        for name, chart in (charts or {}).items():
            chart_room.save(chart, self.week_folder(number) / "charts" / f"{name}.svg")
        text = json.dumps(checked, indent=2, ensure_ascii=False) + "\n"
        write_text(self.path(number), text)
        return self.path(number)

    def check_in(self, number: int, *, done: str, found: str, blocked: str) -> Path:
        """Add the weekly check-in (one row a week and day; a second run replaces the row).

        Raises
        ------
        ArtefactError
            If one of the three lines is empty.
        """
        lines = {"done": done, "found": found, "blocked": blocked}
        for name, text in lines.items():
            if not text.strip():
                raise ArtefactError(
                    f"The check-in line {name!r} is empty. Write a few words; 'nothing' is an answer."
                )
        today = datetime.now(UTC).date().isoformat()
        row = {"week": str(number), "date": today, **{k: v.strip() for k, v in lines.items()}}
        path = self.folder / "checkin_log.csv"
        kept = [r for r in _rows(path) if (r["week"], r["date"]) != (row["week"], today)]
        _write_rows(path, CHECK_IN_COLUMNS, [*kept, row])
        return path

    def record(
        self,
        number: int,
        *,
        domains: Sequence[int],
        what: str,
        so_what: str,
        supervisor_comment: str = "",
    ) -> Path:
        """Write the week's capability record: what was done, so what, and the evidence for it.

        Parameters
        ----------
        number
            The week.
        domains
            GMC Generic Professional Capabilities domains, 1 to 9.
        what, so_what
            One or two sentences each.
        supervisor_comment
            Left empty for the supervisor.

        Raises
        ------
        ArtefactError
            If a domain is not 1 to 9, or a text is empty.
        """
        unknown = [d for d in domains if d not in CAPABILITY_DOMAINS]
        if unknown or not domains:
            raise ArtefactError(f"Capability domains are numbered 1 to 9; found {list(domains)}.")
        if not (what.strip() and so_what.strip()):
            raise ArtefactError("A portfolio record needs both 'what' and 'so_what'.")
        entry = {
            "week": number,
            "domains": {str(d): CAPABILITY_DOMAINS[d] for d in domains},
            "what": what.strip(),
            "so_what": so_what.strip(),
            "evidence": self.path(number).relative_to(self.folder).as_posix(),
            "supervisor_comment": supervisor_comment,
        }
        path = self.week_folder(number) / "record.json"
        write_text(path, json.dumps(entry, indent=2, ensure_ascii=False) + "\n")
        return path

    @property
    def exemplars_used(self) -> list[int]:
        """Weeks whose exemplar has been read in place of the team's own artefact."""
        return [int(row["week"]) for row in _rows(self.folder / "exemplars_used.csv")]

    def _note_exemplar(self, week: Week) -> None:
        if week.number not in self.exemplars_used:
            path = self.folder / "exemplars_used.csv"
            row = {"week": str(week.number), "artefact": week.artefact.name}
            _write_rows(path, ["week", "artefact"], [*_rows(path), row])

    @staticmethod
    def _checked(week: Week, found: dict[str, Any], where: str) -> dict[str, Any]:
        model = ARTEFACTS.get(week.number)
        if model is None:
            raise ArtefactError(
                f"No schema is declared yet for the artefact of week {week.number}."
            )
        try:
            return model.model_validate(found).model_dump(mode="json")
        except ValidationError as error:
            raise ArtefactError(
                f"{where} does not hold what week {week.number} promises:\n{explain(error)}"
            ) from None


def _rows(path: Path) -> list[dict[str, str]]:
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def _write_rows(path: Path, columns: list[str], rows: list[dict[str, str]]) -> None:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    write_text(path, text.getvalue())
