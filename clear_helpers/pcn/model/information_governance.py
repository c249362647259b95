"""Information governance: agreements, data flows, what is asked for and what could go wrong."""

from __future__ import annotations

from .tables import Table, category, date, identifier, link, text, whole, yes_no
from .vocabulary import PROJECT_ROLES

DOCUMENTS = (
    "Data sharing agreement",
    "Data processing agreement",
    "Data protection impact assessment",
    "Data security toolkit return",
    "Privacy notice",
    "Information asset register entry",
    "Opt-out check",
    "Extract approval",
    "Retention schedule",
    "Caldicott approval",
)
PARTIES = (
    "Practice record system",
    "PCN shared drive",
    "Community trust",
    "Hospital trust",
    "Commissioner",
    "Programme data team",
    "Associate laptop",
    "Steering group",
    "Published report",
)
IDENTIFIABILITY = ("Identifies a person", "Could identify a person", "Pseudonym", "Anonymous")
TRANSFER_METHODS = (
    "Secure file transfer",
    "NHSmail",
    "Supplier extract",
    "Shared drive",
    "In person",
)
LAWFUL_BASES = ("Public task", "Legal obligation", "Consent", "Legitimate interests", "Not decided")
PURPOSES = (
    "Direct care",
    "Cohort counts",
    "Workforce and activity analysis",
    "Cost analysis",
    "Evaluation",
    "No stated purpose",
)

TABLES = (
    Table(
        name="ig_agreement",
        layer="information governance",
        origin="project",
        scope="pcn",
        rows="One document one practice needs.",
        description="The papers each practice must sign before its data may be released.",
        ask_for="The practice managers and the Data Protection Officer.",
        key=("agreement_id",),
        columns=(
            identifier("agreement_id", "Number of the entry."),
            link("practice_id", "practice.practice_id", "The practice."),
            category("doc_type", DOCUMENTS, "The document, in the order they are needed."),
            date("requested_on", "When it was asked for."),
            date("signed_on", "When it was signed; blank if it is not.", nullable=True),
            date("expires_on", "When it runs out; blank if never.", nullable=True),
            category("signed_by", PROJECT_ROLES, "Role of the person who signed.", nullable=True),
        ),
    ),
    Table(
        name="data_flow",
        layer="information governance",
        origin="project",
        scope="pcn",
        rows="One movement of data from one place to another.",
        description="Where data come from and go to in the project.",
        ask_for="The IT and BI lead, and the data protection impact assessment.",
        key=("flow_id",),
        columns=(
            identifier("flow_id", "Number of the flow."),
            category("source", PARTIES, "Where the data leave."),
            category("destination", PARTIES, "Where they arrive."),
            text("content", "What is sent."),
            category("identifiability", IDENTIFIABILITY, "How far a person could be known."),
            category("method", TRANSFER_METHODS, "How it is sent."),
            category("lawful_basis", LAWFUL_BASES, "Basis in data protection law."),
            category("covered_by", DOCUMENTS, "The document that allows it.", nullable=True),
        ),
    ),
    Table(
        name="data_item",
        layer="information governance",
        origin="project",
        scope="pcn",
        rows="One field somebody has asked for, for one purpose.",
        description="The fields in the data request, and whether the purpose needs them.",
        ask_for="The data request attached to the data sharing agreement.",
        key=("item_id",),
        columns=(
            identifier("item_id", "Number of the entry."),
            text("table_name", "The table the field is in."),
            text("field", "Name of the field."),
            text("description", "What the field holds."),
            category("identifiability", IDENTIFIABILITY, "How far it could identify a person."),
            yes_no("special_category", "Whether it is special-category data, such as health."),
            category("purpose", PURPOSES, "What it was asked for."),
            yes_no("needed", "Whether the purpose cannot be met without it."),
        ),
    ),
    Table(
        name="dpia_risk",
        layer="information governance",
        origin="project",
        scope="pcn",
        rows="One risk to people whose data are used.",
        description="Risk log of the data protection impact assessment (DPIA).",
        ask_for="The Data Protection Officer.",
        key=("risk_id",),
        columns=(
            identifier("risk_id", "Number of the risk."),
            text("risk", "What could happen, and to whom."),
            whole("likelihood", "1 rare to 5 almost certain, before action.", least=1, most=5),
            whole("impact", "1 negligible to 5 severe, before action.", least=1, most=5),
            text("action", "What is done about it."),
            whole("residual_likelihood", "Likelihood after the action.", least=1, most=5),
            whole("residual_impact", "Impact after the action.", least=1, most=5),
            category("owner_role", PROJECT_ROLES, "Role that owns the risk."),
        ),
    ),
)
