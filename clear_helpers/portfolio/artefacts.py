"""What each week's artefact must hold.

Each artefact is one JSON file. The models here are the contract between the week that
writes it, the weeks that read it, and the report built from it in week 24.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from clear_helpers.notices import Notice

Sentence = Annotated[str, StringConstraints(strip_whitespace=True, min_length=15, max_length=400)]


class ArtefactError(Notice):
    """An artefact is missing or wrong; the message says which file, which part, what to do."""


class Artefact(BaseModel):
    """What every artefact says of itself."""

    model_config = ConfigDict(extra="forbid")

    week: int = Field(ge=1, le=24)
    artefact: str


class DisclosurePolicy(Artefact):
    """Week 3: how counts are hidden and rounded before anything leaves the team."""

    week: Literal[3] = 3
    artefact: Literal["disclosure_policy"] = "disclosure_policy"
    style: Literal["hes", "hes-central", "opensafely", "midpoint6"]
    threshold: int = Field(ge=1, description="counts below this, other than zero, are hidden")
    round_to: int = Field(ge=1)
    statement: Sentence


class Caveat(BaseModel):
    """One known weakness of one table or column."""

    model_config = ConfigDict(extra="forbid")

    table: str
    column: str | None = None
    text: Sentence


class Caveats(Artefact):
    """Week 7: what every later chart must confess about its data."""

    week: Literal[7] = 7
    artefact: Literal["caveats"] = "caveats"
    caveats: list[Caveat]


class Rebase(BaseModel):
    """A point where process limits were drawn again, and why."""

    model_config = ConfigDict(extra="forbid")

    starts: date
    reason: Sentence


class VariationFinding(BaseModel):
    """One chart of the variation pack and the line that says what follows from it."""

    model_config = ConfigDict(extra="forbid")

    chart: str = Field(pattern=r"^[a-z]+(_[a-z]+)*$", description="file name in charts/, no ending")
    title: str = Field(min_length=10)
    alt_text: str = Field(min_length=40)
    caption: str
    table: str
    so_what: Sentence


class VariationPack(Artefact):
    """Week 10: the SPC and funnel pack, one *so what* line a chart."""

    week: Literal[10] = 10
    artefact: Literal["variation_pack"] = "variation_pack"
    pcn: str
    origin: Literal["synthetic", "extract"]
    cohort: str
    period_start: date
    period_end: date
    limits: Literal["mean ± 2.66 × mean moving range"] = "mean ± 2.66 × mean moving range"
    extreme_moving_ranges_screened: bool
    run_length: Literal[6, 7, 8]
    rebased: list[Rebase]
    outliers: list[str] = Field(description="own practices beyond the 99.8% funnel limit")
    findings: list[VariationFinding] = Field(min_length=3)


ARTEFACTS: dict[int, type[Artefact]] = {3: DisclosurePolicy, 7: Caveats, 10: VariationPack}
"""The artefacts written so far, by week."""
