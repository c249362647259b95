"""What may leave, and whether a site is ready: disclosure control, identifiers, readiness."""

from clear_helpers.governance.disclosure import DisclosurePolicy, suppress_counts, suppress_table
from clear_helpers.governance.identifiers import find_identifiers, is_valid_nhs_number
from clear_helpers.governance.readiness import (
    EoiScore,
    backfill_day_rate,
    maximum_score,
    score_expression_of_interest,
    site_hours,
    slack_days,
)

__all__ = [
    "DisclosurePolicy",
    "EoiScore",
    "backfill_day_rate",
    "find_identifiers",
    "is_valid_nhs_number",
    "maximum_score",
    "score_expression_of_interest",
    "site_hours",
    "slack_days",
    "suppress_counts",
    "suppress_table",
]
