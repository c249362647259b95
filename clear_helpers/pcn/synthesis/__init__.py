"""The synthetic Primary Care Network: invented people in the shape of published England.

One seed gives one PCN, the same on every machine. Each table is drawn from its own random
stream when it is first asked for, so a table can be made alone, and adding one changes no
other. :data:`SWITCHES` lists what is hidden on purpose and can be switched off.
"""

from __future__ import annotations

from .generator import GENERATED, GENERATOR_VERSION, Synthesis
from .truths import SWITCHES

__all__ = ["GENERATED", "GENERATOR_VERSION", "SWITCHES", "Synthesis"]
