"""The Cambridge Multimorbidity Score: conditions weighted by what they foretell.

Sources
-------
Payne and others, CMAJ 2020;192:E107: twenty conditions, with weights for a general outcome
(consultations, admissions and deaths together) and for mortality. Tsang and others, British
Journal of General Practice 2023;73:e435: the modified score of 21 conditions, for death within
a year; we have its coefficients from a health system's published code only, so confirm the
version before you rely on it.
"""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any, Literal

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_choice

Outcome = Literal["general", "mortality", "modified"]

GENERAL = {
    "hypertension": 0.08,
    "anxiety_or_depression": 0.50,
    "painful_condition": 0.92,
    "hearing_loss": 0.09,
    "irritable_bowel_syndrome": 0.21,
    "asthma": 0.19,
    "diabetes": 0.75,
    "coronary_heart_disease": 0.49,
    "chronic_kidney_disease": 0.53,
    "atrial_fibrillation": 1.34,
    "constipation": 1.12,
    "stroke_tia": 0.80,
    "copd": 1.46,
    "connective_tissue_disorder": 0.43,
    "cancer": 1.53,
    "alcohol_problems": 0.65,
    "heart_failure": 1.18,
    "dementia": 2.50,
    "psychosis_bipolar": 0.64,
    "epilepsy": 0.92,
}
"""Weights for the general outcome (Payne 2020)."""

MORTALITY = {
    "hypertension": -2.09,
    "anxiety_or_depression": 7.04,
    "painful_condition": 16.46,
    "hearing_loss": -3.94,
    "irritable_bowel_syndrome": -1.33,
    "asthma": -2.73,
    "diabetes": 10.23,
    "coronary_heart_disease": 4.22,
    "chronic_kidney_disease": 16.61,
    "atrial_fibrillation": 22.14,
    "constipation": 35.42,
    "stroke_tia": 20.63,
    "copd": 42.50,
    "connective_tissue_disorder": -0.39,
    "cancer": 62.00,
    "alcohol_problems": 12.72,
    "heart_failure": 43.47,
    "dementia": 124.42,
    "psychosis_bipolar": 7.20,
    "epilepsy": 18.26,
}
"""Weights for mortality, × 100 (Payne 2020)."""

MODIFIED = {
    "alcoholproblems": 0.792243,
    "anxietyordepression": 0.324207,
    "atrialfibrillation": 0.334891,
    "cancerinthelast5years": 1.202615,
    "chronickidneydisease": 0.213652,
    "chronicliverdiseaseandviralhepatitis": 0.68621,
    "constipation": 0.383006,
    "copd": 0.702181,
    "dementia": 0.938001,
    "diabetes": 0.29467,
    "disorderofprostate": -0.18781,
    "epilepsy": 0.477465,
    "heartfailure": 0.505245,
    "irritablebowelsyndrome": -0.20368,
    "learningdisability": 0.637273,
    "multiplesclerosis": 0.761606,
    "painfulcondition": 0.445521,
    "parkinsonism": 0.546194,
    "periphvascdiseaseleg": 0.334558,
    "psychoactivesubstancemisuse": 0.449321,
    "schizophreniaorbipolardisorder": 0.482469,
}
"""Log hazard ratios for death within a year (Tsang 2023)."""

WEIGHTS = {"general": GENERAL, "mortality": MORTALITY, "modified": MODIFIED}
# The names under which the weights are published beside their test cases.
PUBLISHED_AS = {
    "cms_general_20": "general",
    "cms_mortality_20": "mortality",
    "cms_modified_21": "modified",
}


def cambridge_score(
    conditions: pd.DataFrame | Iterable[str], outcome: Outcome | str = "general"
) -> float | pd.Series:
    """The Cambridge Multimorbidity Score of one person, or of many.

    Parameters
    ----------
    conditions
        One person: the names of the conditions present (a set, or a list in which a name may
        come twice and counts once). Many: a table with a row per person and a yes/no (or 1/0)
        column per condition; a condition without a column counts as absent. Names are the
        keys of ``WEIGHTS[outcome]``.
    outcome
        "general" or "mortality" for the weights of Payne 2020 (mortality × 100), "modified"
        for the 21 conditions of Tsang 2023.

    Returns
    -------
    float or Series
        The sum of the weights: one number, or one per row on the table's index.

    Raises
    ------
    ValueError
        If a name is not one of the conditions, a column comes twice, or a cell is not yes or
        no; missing is not no.

    Notes
    -----
    Source: Payne and others 2020; Tsang and others 2023. Anxiety or depression counts once.
    """
    outcome = PUBLISHED_AS.get(outcome, outcome) if isinstance(outcome, str) else outcome
    read_choice(outcome, "outcome", WEIGHTS)
    weights = WEIGHTS[outcome]
    if isinstance(conditions, pd.DataFrame):
        return _score_table(conditions, weights)
    if isinstance(conditions, (str, bytes, dict)) or not isinstance(conditions, Iterable):
        raise ValueError(
            f"conditions: found {conditions!r}; expected a set of names, or a table with a row "
            "per person and a yes/no column per condition."
        )
    present = {_read_name(name, place, weights) for place, name in enumerate(conditions)}
    return float(sum(weights[name] for name in weights if name in present))


def _score_table(table: pd.DataFrame, weights: dict[str, float]) -> pd.Series:
    names = [_read_name(name, place, weights) for place, name in enumerate(table.columns)]
    if len(set(names)) < len(names):
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"conditions: found column {twice!r} twice; expected it once.")
    score = np.zeros(len(table))
    for place, name in enumerate(names):
        score += weights[name] * _read_yes_no(table.iloc[:, place], name)
    return pd.Series(score, index=table.index, name="score")


def _read_yes_no(column: pd.Series, name: str) -> np.ndarray:
    missing = column.isna().to_numpy()
    wrong = missing | ~column.isin([True, False]).to_numpy()
    if wrong.any():
        place = int(np.flatnonzero(wrong)[0])
        found = "a missing value" if missing[place] else repr(column.iloc[place])
        raise ValueError(
            f"conditions, {name!r}: found {found} at position {place}; expected yes or no "
            "(True or False, 1 or 0)."
        )
    return column.astype(float).to_numpy()


def _read_name(name: Any, place: int, weights: dict[str, float]) -> str:
    if isinstance(name, str) and name in weights:
        return name
    near = get_close_matches(str(name), weights, n=1)
    hint = f", such as {near[0]!r}" if near else ""
    raise ValueError(
        f"conditions: found {name!r} at position {place}; expected one of "
        f"{len(weights)} conditions{hint} (multimorbidity.WEIGHTS lists them)."
    )
