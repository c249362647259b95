"""The data model: every table of the synthetic Primary Care Network, declared once.

``TABLES["appointment"]`` is a :class:`Table`: its columns, allowed values, keys and origin,
and the check that a DataFrame matches them. The generator, the check of a team's own
extract and the data dictionary all read these declarations.
"""

from __future__ import annotations

from . import (
    clinical,
    engagement,
    evaluation,
    finance,
    information_governance,
    learning,
    people,
    programme,
    workforce,
)
from .tables import Column, Table, TableError
from .vocabulary import (
    AGE_BANDS,
    AGE_DATE,
    APPOINTMENT_MODES,
    APPOINTMENT_STATUSES,
    COHORTS,
    CONDITIONS,
    ETHNIC_GROUPS,
    LANGUAGES,
    NATIONAL_CATEGORIES,
    REGIONS,
    SEXES,
    STAFF_ROLES,
    WEEKS_OBSERVED,
    WINDOW_END,
    WINDOW_START,
    age_band,
)

__all__ = [
    "AGE_BANDS",
    "AGE_DATE",
    "APPOINTMENT_MODES",
    "APPOINTMENT_STATUSES",
    "COHORTS",
    "CONDITIONS",
    "ETHNIC_GROUPS",
    "LANGUAGES",
    "NATIONAL_CATEGORIES",
    "REGIONS",
    "SEXES",
    "STAFF_ROLES",
    "TABLES",
    "WEEKS_OBSERVED",
    "WINDOW_END",
    "WINDOW_START",
    "Column",
    "Table",
    "TableError",
    "age_band",
]

TABLES: dict[str, Table] = {
    table.name: table
    for layer in (
        programme,
        people,
        information_governance,
        engagement,
        clinical,
        workforce,
        finance,
        learning,
        evaluation,
    )
    for table in layer.TABLES
}
"""Every table by name, in the order of the data dictionary."""
