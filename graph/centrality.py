"""Where things stand in a graph of weighted ties: communities, reach, and who lies in between.

Things are whole numbers from 0; a tie is a pair of them, the smaller first, with its weight.
"""

from collections.abc import Iterable
from heapq import heapify, heappop, heappush

import networkx as nx
import rustworkx as rx

STEPS = 2
"""What is at most so many ties away is within reach."""

Pair = tuple[int, int]


def communities(size: int, weights: dict[Pair, int]) -> list[list[int]]:
    """Parts with more ties inside than chance would give, the largest first.

    Each thing begins alone. The two parts whose union raises modularity most become one, until none
    does; of several such pairs, the one that holds the first thing. All of it in whole numbers.
    """
    between: list[dict[int, int]] = [{} for _ in range(size)]
    for (one, other), weight in weights.items():
        between[one][other] = between[other][one] = weight
    strength = [sum(tied.values()) for tied in between]
    twice = sum(strength)
    parts = {part: [part] for part in range(size)}

    def gain(one: int, other: int) -> int:
        return twice * between[one].get(other, 0) - strength[one] * strength[other]

    # A union changes what pairs with it would gain, and no others: entries that no longer hold are passed over.
    best = [(-gain(one, other), one, other) for one, other in weights]
    heapify(best)
    while best:
        raised, one, other = heappop(best)
        if raised >= 0:
            break
        if one not in parts or other not in parts or -raised != gain(one, other):
            continue
        _unite(one, other, between)
        parts[one] += parts.pop(other)
        strength[one] += strength[other]
        for far in between[one]:
            pair = (min(one, far), max(one, far))
            heappush(best, (-gain(*pair), *pair))
    return sorted((sorted(part) for part in parts.values()), key=_by_size)


def _unite(one: int, other: int, between: list[dict[int, int]]) -> None:
    for far, weight in between[other].items():
        del between[far][other]
        if far != one:
            between[one][far] = between[far][one] = between[one].get(far, 0) + weight
    between[other] = {}


def _by_size(part: list[int]) -> tuple[int, int]:
    return -len(part), part[0]


def modularity(parts: Iterable[list[int]], weights: dict[Pair, int]) -> float:
    """How much more of the ties lie inside the parts than chance would give; 0 where there are none."""
    if not weights:
        return 0.0
    members = [set(part) for part in parts]
    return float(nx.community.modularity(_graph(set().union(*members), weights), members))


def reach(size: int, weights: dict[Pair, int], wanted: set[int]) -> list[int]:
    """For each thing, how many of those wanted, itself left out, are at most two ties away."""
    near: list[set[int]] = [set() for _ in range(size)]
    for one, other in weights:
        near[one].add(other)
        near[other].add(one)
    found = []
    for one in range(size):
        within = {one}
        for _ in range(STEPS):
            within = within.union(*(near[other] for other in within))
        found.append(len((within & wanted) - {one}))
    return found


def betweenness(size: int, weights: dict[Pair, int]) -> list[float]:
    """For each thing, the share of all shortest ways between two others that pass through it."""
    graph: rx.PyGraph[int, None] = rx.PyGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from_no_data(sorted(weights))
    # On one thread: the last digits of a sum would rest on which of several came first.
    shares = rx.betweenness_centrality(graph, parallel_threshold=size + 1)
    return [shares[one] for one in range(size)]


def _graph(nodes: Iterable[int], weights: dict[Pair, int]) -> "nx.Graph[int]":
    graph: nx.Graph[int] = nx.Graph()
    graph.add_nodes_from(sorted(nodes))
    graph.add_weighted_edges_from((*pair, weight) for pair, weight in sorted(weights.items()))
    return graph
