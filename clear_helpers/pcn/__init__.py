"""The data: the tables of a Primary Care Network (PCN), synthetic or from an extract.

``load_pcn()`` is what a notebook calls first. ``TABLES`` declares every table; cohorts and
published figures have a module each.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .model import TABLES as TABLES
    from .model import TableError as TableError
    from .published import PublishedFileError as PublishedFileError
    from .published import gpad_series as gpad_series
    from .published import read_gpad_monthly as read_gpad_monthly
    from .store import PCN as PCN
    from .store import DataError as DataError
    from .store import generate as generate
    from .store import load_pcn as load_pcn
    from .store import synthesise_pcn as synthesise_pcn

# Read when first named, so that a tool that only wants the data model starts quickly.
_HOME = {
    "PCN": "store",
    "TABLES": "model",
    "DataError": "store",
    "PublishedFileError": "published",
    "TableError": "model",
    "generate": "store",
    "gpad_series": "published",
    "load_pcn": "store",
    "read_gpad_monthly": "published",
    "synthesise_pcn": "store",
}
__all__ = [
    "PCN",
    "TABLES",
    "DataError",
    "PublishedFileError",
    "TableError",
    "generate",
    "gpad_series",
    "load_pcn",
    "read_gpad_monthly",
    "synthesise_pcn",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    found = getattr(importlib.import_module(f".{_HOME[name]}", __name__), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)
