"""Online crowd workshops: which ideas lead, and whose voices those are.

Sources
-------
Wilson, JASA 1927;22:209, by way of :mod:`clear_helpers.methods.rates`: ideas are ranked by the
lower limit of the share of votes in favour, so that three votes do not beat 160.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number, read_numbers
from clear_helpers.methods._tables import read_labels, read_table
from clear_helpers.methods.economics import top_share
from clear_helpers.methods.rates import wilson_interval

UP, DOWN = "Up", "Down"


@dataclass(frozen=True)
class Participation:
    """Who took part.

    Attributes
    ----------
    by_role
        A row per role: ``invited``, ``joined`` (if known), ``commented``, ``comments``,
        ``response`` (share who commented) with ``lower`` and ``upper`` (Wilson).
    top_share
        Share of all comments from the most active tenth (or ``top``) of those who commented.
    comments_per_user
        Comments of each person invited, the most first: for a Lorenz curve.
    """

    by_role: pd.DataFrame
    top_share: float
    comments_per_user: pd.Series


def rank_ideas(
    votes: Mapping[Any, Any] | pd.DataFrame,
    *,
    idea: Hashable = "idea_id",
    vote: Hashable = "vote",
    voter: Hashable = "user_id",
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Ideas by the lower Wilson limit of their share of votes in favour.

    Parameters
    ----------
    votes
        A mapping of idea to (votes in favour, all votes); a table by idea with columns ``up``
        and ``total``; or a table with a row per vote.
    idea, vote, voter
        For a row per vote: columns with the idea, "Up" or "Down", and (where there is one) who
        voted.
    confidence
        Between 0 and 1.

    Returns
    -------
    DataFrame
        On the idea, best first: ``up``, ``total``, ``share``, ``lower``, ``upper``, ``rank`` and
        ``rank_by_share``. Ideas level with each other share the better rank.

    Raises
    ------
    ValueError
        If an idea has no votes or more in favour than in all, a vote is neither "Up" nor "Down",
        or a person voted twice on one idea.

    Notes
    -----
    Source: Wilson 1927. Votes measure who logged in.
    """
    table = _tally(votes, idea, vote, voter)
    lower, upper = wilson_interval(table["up"].to_numpy(), table["total"].to_numpy(), confidence)
    table = table.assign(share=table["up"] / table["total"], lower=lower, upper=upper)
    table["rank"] = table["lower"].rank(ascending=False, method="min").astype("int32")
    table["rank_by_share"] = table["share"].rank(ascending=False, method="min").astype("int32")
    return table.sort_values("rank", kind="stable")


def participation(
    users: pd.DataFrame,
    comments: pd.DataFrame,
    *,
    role: Hashable = "role",
    user: Hashable = "user_id",
    joined: Hashable = "joined_on",
    top: float = 0.1,
    confidence: float = 0.95,
) -> Participation:
    """Who was invited, who joined, who spoke, and how much of it came from a few.

    Parameters
    ----------
    users
        A row per person invited.
    comments
        A row per comment, with its writer; everyone must be among ``users``.
    role, user, joined
        Columns: role and pseudonym, and (if there is one) the day the person first logged in.
    top
        What part of those who commented to call the most active; above 0 to 1.
    confidence
        Between 0 and 1.

    Returns
    -------
    Participation

    Raises
    ------
    ValueError
        If a column is absent, a person comes twice, or a comment has an unknown writer.
    """
    invited = read_table(users, "users", [user, role])
    names = read_labels(invited[user], f"users, column {user!r}", unique=True)
    roles = read_labels(invited[role], f"users, column {role!r}")
    written = read_table(comments, "comments", [user])
    writers = pd.Series(read_labels(written[user], f"comments, column {user!r}"), dtype=object)
    unknown = np.flatnonzero(~writers.isin(names))
    if unknown.size:
        raise ValueError(
            f"comments, column {user!r}: found {writers[unknown[0]]!r} at position {unknown[0]}; "
            "expected someone among the users."
        )
    counted = writers.value_counts().reindex(pd.Index(names, dtype=object), fill_value=0)
    people = pd.DataFrame({"role": roles, "comments": counted.to_numpy()}, index=names)
    people["commented"] = people["comments"] > 0
    columns = {"invited": ("role", "size")}
    if joined in invited:
        people["joined"] = invited[joined].notna().to_numpy()
        columns["joined"] = ("joined", "sum")
    columns |= {"commented": ("commented", "sum"), "comments": ("comments", "sum")}
    by_role = people.groupby("role", observed=True).agg(**columns).astype("int32")
    by_role["response"] = by_role["commented"] / by_role["invited"]
    by_role["lower"], by_role["upper"] = wilson_interval(
        by_role["commented"].to_numpy(), by_role["invited"].to_numpy(), confidence
    )
    active = people.loc[people["commented"], "comments"]
    return Participation(
        by_role=by_role,
        top_share=top_share(active, share=top),
        comments_per_user=people["comments"].sort_values(ascending=False, kind="stable"),
    )


def participation_inequality(comments_per_user: Any, top: float = 0.1) -> float:
    """Share of all comments from the most active few.

    Parameters
    ----------
    comments_per_user
        Comments of each person, 0 or more: everyone who should be counted, silent ones too if
        they count.
    top
        What part of them to call the most active, above 0 to 1, rounded up to whole people.

    Returns
    -------
    float
        0 to 1; equal to about ``top`` when all speak alike.

    Raises
    ------
    ValueError
        If a count is missing or below 0, or nobody commented.
    """
    counts = read_numbers(comments_per_user, "comments_per_user", at_least=0, whole=True)
    if not counts.any():
        raise ValueError("comments_per_user: found only 0; expected at least one comment.")
    return top_share(counts, share=read_number(top, "top", above=0, at_most=1))


def _tally(votes: Any, idea: Hashable, vote: Hashable, voter: Hashable) -> pd.DataFrame:
    if isinstance(votes, Mapping):
        names = read_labels(votes, "votes, ideas", unique=True)
        pairs = [
            read_numbers(votes[name], f"votes, {name!r}", at_least=0, whole=True, length=2)
            for name in names
        ]
        table = pd.DataFrame(pairs, index=pd.Index(names, name="idea"), columns=["up", "total"])
    elif isinstance(votes, pd.DataFrame) and vote in votes.columns:
        table = _count(votes, idea, vote, voter)
    else:
        given = read_table(votes, "votes", ["up", "total"])
        table = pd.DataFrame(
            {
                column: read_numbers(
                    given[column], f"votes, column {column!r}", at_least=0, whole=True
                )
                for column in ("up", "total")
            },
            index=pd.Index(
                read_labels(given.get("idea", given.index), "votes, ideas", unique=True),
                name="idea",
            ),
        )
    none = table.index[table["total"] == 0]
    if len(none):
        raise ValueError(f"votes, {none[0]!r}: found no votes; expected at least one.")
    return table.astype("int64")


def _count(votes: pd.DataFrame, idea: Hashable, vote: Hashable, voter: Hashable) -> pd.DataFrame:
    cast = read_table(votes, "votes", [idea, vote])
    words = pd.Series(read_labels(cast[vote], f"votes, column {vote!r}"), dtype=object)
    wrong = np.flatnonzero(~words.isin([UP, DOWN]))
    if wrong.size:
        raise ValueError(
            f"votes, column {vote!r}: found {words[wrong[0]]!r} at position {wrong[0]}; expected "
            f"{UP!r} or {DOWN!r}."
        )
    ideas = pd.Series(read_labels(cast[idea], f"votes, column {idea!r}"), dtype=object)
    if voter in cast:
        twice = np.flatnonzero(cast.duplicated([idea, voter]))
        if twice.size:
            raise ValueError(
                f"votes: found a second vote by {cast[voter].tolist()[twice[0]]!r} on "
                f"{ideas[twice[0]]!r} at position {twice[0]}; expected one vote on each idea."
            )
    in_favour = (words == UP).groupby(ideas, sort=False)
    return pd.DataFrame({"up": in_favour.sum(), "total": in_favour.size()}).rename_axis("idea")
