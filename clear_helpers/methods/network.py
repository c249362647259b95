"""Who learns from whom: density, distance and go-betweens of a small network.

Sources
-------
Wasserman and Faust, Social Network Analysis, 1994. Distances are scipy's (``csgraph``);
betweenness (Freeman, Sociometry 1977;40:35) is written here because scipy has none.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from clear_helpers.methods._numbers import read_number
from clear_helpers.methods._tables import read_labels


@dataclass(frozen=True)
class Network:
    """An undirected network, measured.

    Attributes
    ----------
    density
        Links over the number possible, 0 to 1; missing with one node.
    mean_path
        Mean number of steps between two nodes that can reach each other; missing if none can.
    diameter
        The longest such distance; missing likewise.
    connected
        Whether every node can reach every other.
    nodes
        On the node's name: ``degree`` (links), ``betweenness`` (0 to 1: share of shortest paths
        between others that pass through it) and ``reach`` (others reached).
    distances
        Steps between every two nodes; infinite where there is no way.
    """

    density: float
    mean_path: float
    diameter: float
    connected: bool
    nodes: pd.DataFrame
    distances: pd.DataFrame

    def brokers(self) -> pd.Series:
        """Betweenness of the nodes that lie between others, the most first."""
        between = self.nodes["betweenness"].sort_values(ascending=False, kind="stable")
        return between[between > 0]

    def reach(self, steps: int = 2) -> pd.Series:
        """How many others each node reaches in so many steps.

        Raises
        ------
        ValueError
            If ``steps`` is not a whole number of 1 or more.
        """
        far = read_number(steps, "steps", at_least=1, whole=True)
        return ((self.distances <= far).sum(axis=1) - 1).rename("reach")


def measure(
    links: Iterable[tuple[Hashable, Hashable]] | pd.DataFrame,
    nodes: Iterable[Hashable] | None = None,
) -> Network:
    """Density, distances, degree and betweenness of a network.

    Parameters
    ----------
    links
        Pairs of nodes, or a table whose first two columns are pairs. Direction and repeats are
        ignored.
    nodes
        Every node, to include those without links; None takes those that have links, in order
        of appearance.

    Returns
    -------
    Network

    Raises
    ------
    ValueError
        If a link is not a pair, joins a node to itself, or names a node that is not in
        ``nodes``.

    Notes
    -----
    Source: Wasserman and Faust 1994; Freeman 1977. For networks of up to a few hundred nodes.
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import shortest_path

    pairs = _pairs(links)
    named = [end for pair in pairs for end in pair]
    names = (
        list(dict.fromkeys(named)) if nodes is None else read_labels(nodes, "nodes", unique=True)
    )
    if not names:
        raise ValueError("links: found none; expected at least one link, or nodes.")
    place = {name: position for position, name in enumerate(names)}
    for position, pair in enumerate(pairs):
        for end in pair:
            if end not in place:
                raise ValueError(
                    f"links: found {end!r} at position {position}; expected one of the nodes."
                )
    size = len(names)
    joined = np.zeros((size, size))
    for one, other in pairs:
        joined[place[one], place[other]] = joined[place[other], place[one]] = 1
    steps = shortest_path(csr_array(joined), directed=False, unweighted=True)
    apart = steps[np.triu_indices(size, 1)]
    reached = apart[np.isfinite(apart)]
    possible = size * (size - 1) / 2
    return Network(
        density=float(joined.sum() / 2 / possible) if possible else np.nan,
        mean_path=float(reached.mean()) if reached.size else np.nan,
        diameter=float(reached.max()) if reached.size else np.nan,
        connected=bool(np.isfinite(steps).all()),
        nodes=pd.DataFrame(
            {
                "degree": joined.sum(axis=1).astype("int32"),
                "betweenness": _betweenness(joined, steps),
                "reach": (np.isfinite(steps).sum(axis=1) - 1).astype("int32"),
            },
            index=pd.Index(names, name="node"),
        ),
        distances=pd.DataFrame(steps, index=names, columns=names),
    )


def _pairs(links: Any) -> list[tuple[Any, Any]]:
    if isinstance(links, pd.DataFrame):
        if links.shape[1] < 2:
            raise ValueError("links: found fewer than two columns; expected a pair in each row.")
        links = list(links.iloc[:, :2].itertuples(index=False, name=None))
    if isinstance(links, (str, bytes, dict)) or not isinstance(links, Iterable):
        raise ValueError(f"links: found {links!r}; expected pairs of nodes.")
    pairs = []
    for position, link in enumerate(links):
        is_pair = isinstance(link, (tuple, list, set, frozenset)) and len(link) == 2
        if not is_pair:
            raise ValueError(
                f"links: found {link!r} at position {position}; expected a pair of two nodes."
            )
        one, other = read_labels(link, f"links, position {position}")
        if one == other:
            raise ValueError(
                f"links: found {one!r} joined to itself at position {position}; expected two nodes."
            )
        pairs.append((one, other))
    return pairs


def _betweenness(joined: np.ndarray, steps: np.ndarray) -> np.ndarray:
    """Share of the shortest paths between two others that pass through each node."""
    size = len(joined)
    if size < 3:
        return np.zeros(size)
    paths = np.eye(size)
    walks = np.eye(size)
    # Walks of exactly as many steps as the distance are the shortest paths.
    for length in range(1, int(steps[np.isfinite(steps)].max()) + 1):
        walks = walks @ joined
        paths = np.where(steps == length, walks, paths)
    between = np.zeros(size)
    for node in range(size):
        through = steps[:, [node]] + steps[[node], :] == steps
        through &= np.isfinite(steps) & (steps > 0)
        through[node, :] = through[:, node] = False
        share = np.divide(
            np.outer(paths[:, node], paths[node, :]), paths, out=np.zeros_like(paths), where=through
        )
        between[node] = share.sum() / 2
    return between / ((size - 1) * (size - 2) / 2)
