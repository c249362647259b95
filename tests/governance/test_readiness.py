"""Scoring an expression of interest: the course's worked answers (G01) and every rule."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clear_helpers.governance import maximum_score, score_expression_of_interest
from clear_helpers.governance.readiness import CHOICE_OF_COHORTS, ESSENTIAL_QUESTIONS, QUESTIONS
from clear_helpers.pcn.model.programme import EOI_QUESTIONS
from clear_helpers.pcn.model.vocabulary import COHORTS

# Region: essentials met, three grades, days of May 2021, record systems (G01).
SEVEN = {
    "East of England": (6, 7, 6, 8, [11, 13, 18], ["SystmOne"]),
    "London": (6, 8, 5, 7, [10, 12, 14, 17, 20], ["EMIS"]),
    "Midlands": (6, 9, 8, 9, [10, 11, 12, 13], ["EMIS", "SystmOne"]),
    "North East and Yorkshire": (5, 6, 7, 8, [12, 19], ["SystmOne"]),
    "North West": (6, 8, 8, 9, [10, 13, 15, 19, 20, 24], ["EMIS"]),
    "South East": (6, 5, 4, 6, [11], ["Vision"]),
    "South West": (6, 7, 9, 8, [10, 11, 14, 18], ["SystmOne"]),
}


def form(essentials=6, benefits=10, risks=10, relevance=10, days=(), systems=("EMIS",)):
    answers = {
        "pcn_details": "A network in the North West",
        "executive_champion": {"role": "Director of primary care"},
        "clinical_sponsor": "Clinical director",
        "managerial_lead": "Network manager",
        "areas_of_interest": {"housebound": 1, "dementia": 2},
        "practice_managers": ["P1 practice manager"],
    }
    return {
        **dict(list(answers.items())[:essentials]),
        "benefits": benefits,
        "risks": risks,
        "relevance": relevance,
        "meeting_dates": [date(2021, 5, day) for day in days],
        "clinical_systems": list(systems),
    }


def points(weekdays_only, gate_mode="gate", **options):
    return {
        region: score_expression_of_interest(
            form(*row), weekdays_only=weekdays_only, gate_mode=gate_mode, **options
        )
        for region, row in SEVEN.items()
    }


def test_g01_points_and_gate_under_both_date_rules():
    weekdays, every_day = points(True), points(False)
    assert {region: (every_day[region].total, weekdays[region].total) for region in SEVEN} == {
        "East of England": (57, 57),
        "London": (60, 60),
        "Midlands": (64, 64),
        "North East and Yorkshire": (50, 50),
        "North West": (65, 63),
        "South East": (47, 47),
        "South West": (62, 62),
    }
    assert [region for region, score in weekdays.items() if not score.eligible] == ["Midlands"]
    assert (weekdays["London"].maximum, every_day["London"].maximum) == (78, 82)
    assert (maximum_score(True), maximum_score(False)) == (78, 82)
    north_east = weekdays["North East and Yorkshire"]
    assert not north_east.essential_met
    assert north_east.missing == ["practice_managers"]
    assert weekdays["North West"].essential_met and weekdays["North West"].missing == []
    assert any("24 May" in note for note in weekdays["North West"].ranking_notes)
    assert any("15 May" in note for note in weekdays["North West"].ranking_notes)


def test_without_the_gate_two_points_put_the_north_west_first():
    for bonus, first in ((0, {"Midlands"}), (1, {"Midlands", "North West"}), (2, {"North West"})):
        scores = points(True, "bonus", same_system_bonus=bonus)
        best = max(score.total for score in scores.values())
        assert {region for region, score in scores.items() if score.total == best} == first
        assert all(score.eligible for score in scores.values())
        assert scores["London"].maximum == 78 + bonus
        assert scores["London"].by_question["clinical_systems"] == bonus
        assert scores["Midlands"].by_question["clinical_systems"] == 0


def test_a_full_form_reaches_the_maximum():
    days = range(1, 32)
    for weekdays_only in (True, False):
        best = score_expression_of_interest(form(days=days), weekdays_only=weekdays_only)
        assert best.total == best.maximum == maximum_score(weekdays_only)


def test_an_empty_form_scores_nothing_and_lists_what_is_missing():
    nothing = score_expression_of_interest({})
    assert nothing.total == 0
    assert not nothing.eligible and not nothing.essential_met
    unscored = {"similar_projects", "population", "number_of_practices", "one_ics"}
    assert nothing.missing == [name for name in QUESTIONS if name not in unscored]
    blank = score_expression_of_interest(
        {
            "pcn_details": "  ",
            "executive_champion": {"role": ""},
            "practice_managers": ["", None],
            "clinical_sponsor": float("nan"),
            "managerial_lead": False,
            "areas_of_interest": [],
            "meeting_dates": None,
            "clinical_systems": [""],
            "benefits": None,
        }
    )
    assert blank.total == 0 and blank.missing == nothing.missing


def test_information_never_leaks_into_the_score():
    plain = score_expression_of_interest(form())
    told = score_expression_of_interest(
        {
            **form(),
            "similar_projects": "many",
            "population": 50_000,
            "number_of_practices": 6,
            "one_ics": True,
        }
    )
    assert told.total == plain.total and told.by_question == plain.by_question
    assert list(plain.by_question) == list(QUESTIONS)
    assert sum(plain.by_question.values()) == plain.total


def test_questions_and_cohorts_are_those_of_the_data_model():
    assert QUESTIONS == EOI_QUESTIONS
    assert set(CHOICE_OF_COHORTS) == set(COHORTS) - {"covid-19"}
    assert set(ESSENTIAL_QUESTIONS) < set(QUESTIONS)


@pytest.mark.parametrize(
    ("areas", "earned"),
    [
        (["housebound", "dementia"], 5),
        (list(CHOICE_OF_COHORTS), 5),
        ({name: rank for rank, name in enumerate(CHOICE_OF_COHORTS, 1)}, 5),
        ({"Mental health": 8, "end_of_life": 3, "dementia": None}, 5),
        (["housebound"], 0),
        ("housebound", 0),
        (["covid-19", "housebound"], 0),  # COVID-19 is for all, so it is no choice
        ({"housebound": 1}, 0),
        ([], 0),
    ],
)
def test_two_of_eight_areas_earn_the_points(areas, earned):
    score = score_expression_of_interest({**form(), "areas_of_interest": areas})
    assert score.by_question["areas_of_interest"] == earned
    assert any("at least 2" in note for note in score.ranking_notes) == (earned == 0)


@pytest.mark.parametrize(
    "dates",
    [
        ["2021-05-13", "2021-05-13", "2021-05-09", "2021-05-21"],
        [datetime(2021, 5, 13, 9), pd.Timestamp("2021-05-13"), np.datetime64("2020-05-13")],
        "2021-05-13",
        date(2021, 5, 13),
        pd.Series(pd.to_datetime(["2021-05-13"])),
    ],
)
def test_each_different_date_inside_the_window_earns_two(dates):
    score = score_expression_of_interest({**form(), "meeting_dates": dates})
    assert score.by_question["meeting_dates"] == 2


@given(st.sets(st.integers(1, 31)), st.integers(1, 10), st.booleans())
def test_points_are_the_sum_of_the_rules(days, grade, weekdays_only):
    score = score_expression_of_interest(
        form(benefits=grade, days=days), weekdays_only=weekdays_only
    )
    scoring = [d for d in days if 10 <= d <= 20 and not (weekdays_only and d in (15, 16))]
    assert score.total == 30 + grade + 20 + 2 * len(scoring) <= score.maximum


def test_spelling_of_a_system_does_not_make_it_two():
    score = score_expression_of_interest(form(systems=["SystmOne", "systmone ", "Systm One"]))
    assert score.same_system and score.eligible
    assert score_expression_of_interest({**form(), "clinical_systems": "EMIS"}).eligible
    assert not score_expression_of_interest({**form(), "clinical_systems": None}).eligible


@pytest.mark.parametrize(
    ("change", "message"),
    [
        *[
            ({"benefits": g}, f"'benefits': found {g!r}; expected a whole number from 1 to 10")
            for g in (0, 11, -1, 7.5, "8", True, float("inf"), [8])
        ],
        ({"risks": 11}, "'risks': found 11"),
        ({"relevance": 0}, "'relevance': found 0"),
        ({"shoe_size": 9}, "found question 'shoe_size'"),
        ({"meeting_dates": ["2021-05-13", "soon"]}, "position 1: found 'soon'; expected a date"),
        ({"meeting_dates": [13]}, "position 0: found 13; expected a date"),
        ({"meeting_dates": [pd.NaT]}, "position 0: found NaT; expected a date"),
        ({"meeting_dates": 13}, "'meeting_dates': found 13; expected a list"),
        ({"areas_of_interest": ["housebound", "gout"]}, "found 'gout'; expected some of"),
        ({"areas_of_interest": ["housebound", "Housebound"]}, "found 'housebound' twice"),
        ({"areas_of_interest": {"housebound": 1, "dementia": 1}}, "found rank 1 for 'housebound'"),
        ({"areas_of_interest": {"housebound": 9}}, "found 9; expected a whole number from 1 to 8"),
        ({"areas_of_interest": 7}, "found 7; expected cohorts"),
        ({"clinical_systems": ["EMIS", 3]}, "found 3 at position 1"),
        ({"clinical_systems": 3}, "found 3; expected a list of names"),
    ],
)
def test_answers_that_cannot_be_read_are_named(change, message):
    with pytest.raises(ValueError) as error:
        score_expression_of_interest({**form(), **change})
    assert message in str(error.value)


@pytest.mark.parametrize(
    "options",
    [
        {"gate_mode": "must"},
        {"weekdays_only": "yes"},
        {"same_system_bonus": -1},
        {"same_system_bonus": 1.5},
    ],
)
def test_options_out_of_range_are_named(options):
    with pytest.raises(ValueError, match=next(iter(options))):
        score_expression_of_interest(form(), **options)
    with pytest.raises(ValueError, match="form: found list"):
        score_expression_of_interest([])
