"""Practice questions for week 10: signal or noise?"""

from clear_helpers.classroom import Question
from clear_helpers.methods import change_point, funnel, spc

FALLS = [14, 11, 13, 16, 12, 15, 10, 13, 14, 12]
CALLS = [40, 42, 39, 41, 43, 40, 38, 41, 42, 40, 49, 51, 48, 50, 52, 49, 51, 50, 48, 52]
OBSERVED = [30, 210, 96]
EXPECTED = [20.0, 160.0, 100.0]

falls = spc.xmr(FALLS, screen_outliers=False)

q1 = Question(
    prompt=(
        "Falls reported in ten months: 14, 11, 13, 16, 12, 15, 10, 13, 14, 12. Keep every moving "
        "range. What is the upper process limit, to one decimal place?"
    ),
    tier="core",
    hint="Mean, plus 2.66 times the mean of the differences between neighbouring months.",
    solution=(
        "The mean is 13.0. The nine moving ranges are 3, 2, 3, 4, 3, 5, 3, 1 and 2, with a mean of "
        "2.89. 13.0 + 2.66 × 2.89 = 20.7."
    ),
    expected=lambda: float(falls.last["upper"]),
    tolerance=0.06,
    misunderstandings=[
        (
            lambda a: isinstance(a, (int, float)) and abs(a - 5.32) < 0.06,
            "That is the lower limit. The upper one lies as far above the mean.",
        ),
        (
            lambda a: isinstance(a, (int, float)) and abs(a - 18.47) < 0.3,
            "That is the mean plus three standard deviations. Process limits use moving ranges: "
            "the differences between neighbours.",
        ),
        (
            lambda a: isinstance(a, (int, float)) and abs(a - 18.12) < 0.06,
            "That is the near limit, two thirds of the way out.",
        ),
        (
            lambda a: isinstance(a, (int, float)) and abs(a - 15.89) < 0.06,
            "That is the mean plus one mean moving range. Multiply the moving range by 2.66 first.",
        ),
    ],
    right="Right. A month with 20 falls would still be common cause; 21 would not.",
)

q2 = Question(
    prompt=(
        "Falls went from 10 to 13 between two of those months. The board paper says: 'Falls up 30 "
        "per cent: urgent action needed.' Which reply is fair? 'A': agree, act at once. 'B': both "
        "months are common cause; to have fewer falls, change the process, not this month. "
        "'C': nothing is wrong, so nothing need be done."
    ),
    tier="core",
    hint="Where do 10 and 13 lie against the limits of question 1? And is common cause the same as good?",
    solution=(
        "'B'. Both months lie inside the limits, so looking for what went wrong this month would "
        "chase noise. But an average of 13 falls a month may still be too many: that is a matter "
        "for the whole process."
    ),
    expected="B",
    misunderstandings=[
        (
            lambda a: isinstance(a, str) and len(a) != 1,
            "Answer with the letter of one reply: 'A', 'B' or 'C'.",
        ),
        (
            lambda a: isinstance(a, str) and a.casefold() == "a",
            "Two points always differ. Both lie inside the limits, so this change needs no story.",
        ),
        (
            lambda a: isinstance(a, str) and a.casefold() == "c",
            "Common cause is not the same as acceptable: it means the usual process gave this "
            "result.",
        ),
    ],
    right="Right. Common cause asks for a better process, not for a reason why this month differs.",
)

q3 = Question(
    prompt=(
        "Twenty weeks of calls: 40, 42, 39, 41, 43, 40, 38, 41, 42, 40, 49, 51, 48, 50, 52, 49, 51, "
        "50, 48, 52. Which is the first week of the new level, counting from 1?"
    ),
    tier="extension",
    hint="`change_point.single_shift` gives a position, and Python counts positions from 0.",
    solution=(
        "Week 11: `change_point.single_shift(calls).position` is 10, the eleventh value. Before it "
        "the mean is 40.6, from it on 50.0."
    ),
    expected=lambda: change_point.single_shift(CALLS).position + 1,
    misunderstandings=[
        (10, "Ten is the position counted from 0, or the last week of the old level. Count from 1."),
        (20, "That is one of the two highest weeks. One high point is not a change of level."),
        (15, "That is one of the two highest weeks. One high point is not a change of level."),
    ],
    right="Right. You would rebase there only if you can also say what changed.",
)

q4 = Question(
    prompt=(
        "Three practices had 30, 210 and 96 admissions, where 20, 160 and 100 were expected. Put "
        "them in order of how surprising they are, most surprising first, as a list of the numbers "
        "1, 2 and 3."
    ),
    tier="challenge",
    hint="A ratio says how large a difference is; a z-score says how surprising. `funnel.z_score` gives it.",
    solution=(
        "[2, 1, 3]. Practice 1 has the highest ratio (1.5), but with 20 expected chance alone moves "
        "it a good deal. Practice 2's ratio of 1.3 rests on 160 expected and lies further out."
    ),
    expected=lambda: [
        place + 1
        for place, _ in sorted(
            enumerate(funnel.z_score(OBSERVED, EXPECTED)), key=lambda pair: -abs(pair[1])
        )
    ],
    misunderstandings=[
        ([1, 2, 3], "That is the order of the ratios: a league table. Small numbers move further by chance."),
        ([3, 1, 2], "That is the other way round: the least surprising comes first."),
        ([2, 3, 1], "Practice 3 is close to what was expected; practice 1 is not."),
    ],
    right="Right. The league table would have sent you to the wrong practice first.",
)
