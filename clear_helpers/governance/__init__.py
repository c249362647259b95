"""What may leave: disclosure control for counts and tables."""

from clear_helpers.governance.disclosure import DisclosurePolicy, suppress_counts, suppress_table

__all__ = ["DisclosurePolicy", "suppress_counts", "suppress_table"]
