"""The lists of allowed values that more than one table, the generator and the mapping share.

Appointment words are those of NHS England's published *Appointments in General Practice*.
"""

from __future__ import annotations

import pandas as pd

WINDOW_START = pd.Timestamp("2019-04-01")
WINDOW_END = pd.Timestamp("2022-03-27")
WEEKS_OBSERVED = 156
AGE_DATE = pd.Timestamp("2021-04-01")

COHORTS = (
    "covid-19",
    "dementia",
    "housebound",
    "long-term-conditions",
    "respiratory",
    "cardiology",
    "wider-determinants",
    "mental-health",
    "end-of-life",
)

REGIONS = (
    "East of England",
    "London",
    "Midlands",
    "North East and Yorkshire",
    "North West",
    "South East",
    "South West",
)

AGE_BANDS = (*(f"{age}-{age + 4}" for age in range(0, 90, 5)), "90+")
SEXES = ("Female", "Male")
ETHNIC_GROUPS = ("White", "Mixed", "Asian", "Black", "Other")
LANGUAGES = ("English", "Polish", "Punjabi", "Urdu", "Bengali", "Arabic", "Romanian", "Other")

EPR_SYSTEMS = ("EMIS", "SystmOne", "Vision", "Other")

STAFF_ROLES = (
    "GP",
    "Advanced clinical practitioner",
    "Practice nurse",
    "Community nurse",
    "Healthcare assistant",
    "Clinical pharmacist",
    "Pharmacy technician",
    "Paramedic",
    "Physiotherapist",
    "Occupational therapist",
    "Mental health practitioner",
    "Physician associate",
    "Care coordinator",
    "Social prescribing link worker",
    "Administrator",
    "Unknown",
)

PROFESSIONS = (
    "Medicine",
    "Nursing",
    "Pharmacy",
    "Allied health",
    "Social care",
    "Management",
    "Administration",
    "Analysis",
    "Voluntary sector",
    "Patient or carer",
)

PROJECT_ROLES = (
    "Associate",
    "Executive sponsor",
    "Clinical sponsor",
    "Practice manager",
    "IT and BI lead",
    "Finance lead",
    "Data Protection Officer",
    "Caldicott Guardian",
    "Faculty supervisor",
)

APPOINTMENT_STATUSES = ("Attended", "DNA", "Cancelled", "Unknown")
APPOINTMENT_MODES = ("Face-to-Face", "Home Visit", "Telephone", "Video/Online", "Unknown")
NATIONAL_CATEGORIES = (
    "General Consultation Routine",
    "General Consultation Acute",
    "Clinical Triage",
    "Planned Clinics",
    "Planned Clinical Procedure",
    "Unplanned Clinical Activity",
    "Home Visit",
    "Care Home Visit",
    "Care Home Needs Assessment & Personalised Care and Support Planning",
    "Patient contact during Care Home Round",
    "Structured Medication Review",
    "Social Prescribing Service",
    "Group Consultation and Group Education",
    "Walk-in",
    "Service provided by organisation external to the practice",
    "Non-contractual chargeable work",
    "Care Related Encounter but does not fit into any other category",
    "Inconsistent Mapping",
    "Unmapped",
)

# Names are those of the Cambridge Multimorbidity Score where it has one, so that it can be worked out
# from them; the codes are short teaching codes, not a clinical terminology.
CONDITIONS = {
    "ALC": "alcohol_problems",
    "ANXDEP": "anxiety_or_depression",
    "AF": "atrial_fibrillation",
    "AST": "asthma",
    "CAN": "cancer",
    "CHD": "coronary_heart_disease",
    "CKD": "chronic_kidney_disease",
    "CONS": "constipation",
    "COPD": "copd",
    "CTD": "connective_tissue_disorder",
    "COV": "covid_19",
    "DEM": "dementia",
    "DM": "diabetes",
    "EP": "epilepsy",
    "HEAR": "hearing_loss",
    "HF": "heart_failure",
    "HOME": "homelessness",
    "HYP": "hypertension",
    "IBS": "irritable_bowel_syndrome",
    "LCOV": "long_covid",
    "LD": "learning_disability",
    "LIV": "chronic_liver_disease",
    "MS": "multiple_sclerosis",
    "OB": "obesity",
    "OST": "osteoporosis",
    "PAD": "peripheral_arterial_disease",
    "PAIN": "painful_condition",
    "PALL": "palliative_care",
    "PARK": "parkinsonism",
    "PSY": "psychosis_bipolar",
    "SOC": "social_isolation",
    "STIA": "stroke_tia",
    "SUB": "substance_misuse",
    "MONEY": "housing_or_money_problem",
}


def age_band(birth_month: pd.Series, on: pd.Timestamp = AGE_DATE) -> pd.Series:
    """The five-year age band each person is in on a date.

    Parameters
    ----------
    birth_month
        First day of the month of birth; missing allowed.
    on
        The date; 1 April 2021 in the data model.

    Returns
    -------
    Series
        Ordered category, ``"0-4"`` … ``"90+"``. A birth month is taken as reached on its
        first day; someone born after the date counts as ``"0-4"``.
    """
    months = (on.year - birth_month.dt.year) * 12 + (on.month - birth_month.dt.month)
    years = (months // 12).clip(lower=0)
    edges = [-1, *range(4, 90, 5), float("inf")]
    return pd.cut(years, edges, labels=list(AGE_BANDS), ordered=True)
