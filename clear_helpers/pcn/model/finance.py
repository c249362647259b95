"""Money: what things cost, what was budgeted and spent, and what sites thought they might save."""

from __future__ import annotations

from .tables import Table, category, date, identifier, number, text
from .vocabulary import REGIONS

SETTINGS = (
    "General practice",
    "Community",
    "Emergency department",
    "Hospital",
    "Ambulance",
    "Staff",
)
COST_SOURCES = ("Published", "Local", "Illustrative")
BUDGET_HOLDERS = ("Practices", "PCN", "Community trust", "Hospital trust", "Commissioner")
COST_LINES = (
    "Pay",
    "Additional roles",
    "Locums and agency",
    "Travel",
    "Equipment",
    "Medicines",
    "Other",
)
SAVING_BASES = ("Potential",)

TABLES = (
    Table(
        name="unit_cost",
        layer="finance",
        origin="finance",
        scope="pcn",
        rows="One item.",
        description="What one contact, bed day or hour costs.",
        ask_for="The commissioner's finance lead; many are published.",
        key=("item_id",),
        columns=(
            identifier("item_id", "Short name of the item."),
            text("item", "What is costed."),
            category("setting", SETTINGS, "Where the cost falls."),
            text("per", "What one unit is, such as one visit or one hour."),
            number("cost", "Cost of one unit.", "£"),
            text("price_year", "Financial year of the price, such as 2020/21."),
            category("source", COST_SOURCES, "Whether published, local, or made up to teach with."),
        ),
    ),
    Table(
        name="ledger_month",
        layer="finance",
        origin="finance",
        scope="pcn",
        rows="One line of one budget in one month.",
        description="Budget and spending on care outside hospital and on unplanned hospital care.",
        ask_for="The finance leads of the PCN, the community trust and the commissioner.",
        key=("month", "budget_holder", "cost_line"),
        columns=(
            date("month", "The month, as its first day."),
            category("budget_holder", BUDGET_HOLDERS, "Whose budget it is."),
            category("cost_line", COST_LINES, "What the money is for."),
            number("budget", "Budget for the month.", "£"),
            number("spent", "Spent in the month; less than 0 is a refund.", "£", least=None),
        ),
    ),
    Table(
        name="site_saving",
        layer="finance",
        origin="simulated",
        scope="programme",
        rows="One site of an earlier programme.",
        description="Potential savings found at seven earlier sites. Only the total, £12.3 million, "
        "was published; how it divides between the sites is invented.",
        ask_for="Not something a team can ask for: it is made up to teach with.",
        key=("site_id",),
        columns=(
            identifier("site_id", "Number of the site."),
            category("region", REGIONS, "Region of the site (invented)."),
            number("saving", "Potential saving found.", "£ million"),
            category("basis", SAVING_BASES, "Always potential: none had been realised."),
        ),
    ),
)
