"""What each week leaves behind, and what the four CLEAR outputs are built from.

``Portfolio`` reads and writes one team's artefacts; ``ARTEFACTS`` lists what each must hold.
"""

from clear_helpers.portfolio.artefacts import (
    ARTEFACTS,
    Artefact,
    ArtefactError,
    Caveats,
    VariationPack,
)
from clear_helpers.portfolio.portfolio import Portfolio

__all__ = ["ARTEFACTS", "Artefact", "ArtefactError", "Caveats", "Portfolio", "VariationPack"]
