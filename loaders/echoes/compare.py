"""Compares parts of documents: which repeat which, how surely, and why."""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from careatlas.loaders.echoes.facts import THINGS, Fact
from careatlas.loaders.echoes.parts import Part, Text

ENOUGH = 0.6
"""The least score of a proposal."""
LEAST_RUNS = 8
"""So many runs of words must two passages share before their words alone say anything."""
LEAST_MARKS = 3
"""So many facts or runs must two parts share before they are looked at."""
WHO = ("trust", "network", "icb")
TELLING = {"month": 1, "study": 1, "agreement": 1}
"""How much it tells that two parts share such a fact about the same body and thing."""
COMMON_FIGURE = 100
"""A figure below this tells as much as a month, one above as much as two of them."""
ENOUGH_TOLD = 2
"""Two independent reports may well agree in a month or a study, but seldom in two such facts."""


@dataclass(frozen=True)
class Echo:
    """A proposal: this part repeats that one. A person decides."""

    copy: str
    copy_place: str
    original: str
    original_place: str
    score: float
    found_by: str
    reason: str
    claims: tuple[str, ...]
    """The claims of the original that the copy would be derived from."""
    copied: tuple[str, ...]
    """The claims of the copy, where it was reviewed."""


def echoes(texts: Sequence[Text], new: Iterable[str]) -> list[Echo]:
    """What new texts repeat of any other, or others of them, each against its best original.

    Of two dated documents the earlier is the original; an undated one, or a new one, is the copy.
    """
    fresh = set(new)
    rarity = _rarity(texts)
    found: list[Echo] = []
    for copy in texts:
        for original in texts:
            if copy is original or not fresh & {copy.name, original.name}:
                continue
            if _is_copy(copy, original, fresh):
                found += _between(copy, original, rarity)
    return found


def _is_copy(copy: Text, original: Text, new: set[str]) -> bool:
    def order(text: Text) -> tuple[bool, str, bool, str]:
        return (not text.day, text.day, text.name in new, text.name)

    return order(copy) > order(original)


def _rarity(texts: Iterable[Text]) -> dict[Fact, float]:
    """How much each fact tells: the fewer documents and parts have it, the more."""
    parts = [part for text in texts for part in text.parts]
    seen = Counter(fact for part in parts for fact in part.facts)
    return {fact: math.log(1 + len(parts) / count) for fact, count in seen.items()}


def _between(copy: Text, original: Text, rarity: dict[Fact, float]) -> Iterator[Echo]:
    """What each part of a copy repeats: of a text the best part, of claims each."""
    candidates = [*original.parts, *original.wider]
    by_mark: dict[object, list[int]] = defaultdict(list)
    for at, part in enumerate(candidates):
        for mark in (*part.runs, *part.facts):
            by_mark[mark].append(at)
    for part in copy.parts:
        shared = Counter(at for mark in (*part.runs, *part.facts) for at in by_mark.get(mark, ()))
        near = [candidates[at] for at in sorted(shared) if shared[at] >= LEAST_MARKS]
        found = [(one, _alike(copy, part, original, one, rarity)) for one in near]
        proposed = [(one, echo) for one, echo in found if echo]
        if original.written and proposed:
            # What accounts for most of the copy; of equals the shorter, then one with claims.
            yield max(
                proposed,
                key=lambda pair: (
                    _covered(part, pair[0], rarity),
                    -pair[0].size,
                    bool(pair[1].claims),
                ),
            )[1]
        else:
            yield from (echo for _, echo in proposed)


def _alike(
    copy: Text, part: Part, original: Text, other: Part, rarity: dict[Fact, float]
) -> Echo | None:
    """Whether a part repeats another: by its words, or by its facts."""
    mine, theirs = part.facts, other.facts
    if _clash(mine, theirs):
        return None
    runs = part.runs & other.runs
    by_words = len(runs) / len(part.runs) if len(runs) >= LEAST_RUNS else 0.0
    shared = mine & theirs
    by_facts = _share(shared, mine, theirs, rarity) if _telling(shared) else 0.0
    score = max(by_words, by_facts)
    if score < ENOUGH:
        return None
    ways = ("same words",) * (by_words >= ENOUGH) + ("same facts",) * (by_facts >= ENOUGH)
    told = [f"{len(runs)} of {len(part.runs)} runs of words"] if by_words >= ENOUGH else []
    told += [", ".join(fact.value for fact in sorted(shared))] if by_facts >= ENOUGH else []
    return Echo(
        copy.name,
        part.place,
        original.name,
        other.place,
        round(score, 2),
        " and ".join(ways),
        "; ".join(told),
        other.claims,
        part.claims,
    )


def _clash(mine: frozenset[Fact], theirs: frozenset[Fact]) -> bool:
    """Whether two parts speak of others, or count differently, however alike their words are."""
    for kind in ("trust", "figure"):
        one = {fact for fact in mine if fact.kind == kind}
        other = {fact for fact in theirs if fact.kind == kind}
        if one and other and not one & other:
            return True
    return False


def _telling(shared: frozenset[Fact]) -> bool:
    """Whether shared facts are of who, of what, and of something that few would say by chance."""
    kinds = Counter(fact.kind for fact in shared)
    who, what = (sum(kinds[kind] for kind in of) for of in (WHO, THINGS))
    bodies = who + kinds["organisation"]
    told = sum(weight * kinds[kind] for kind, weight in TELLING.items()) + max(bodies - 1, 0)
    for fact in shared:
        if fact.kind == "figure":
            told += 1 if Decimal(fact.value) < COMMON_FIGURE else 2
    return bool(who and what) and told >= ENOUGH_TOLD


def _covered(part: Part, other: Part, rarity: dict[Fact, float]) -> float:
    """How much of a part its original accounts for, by words and by facts."""
    whole = sum(rarity.get(fact, 0.0) for fact in part.facts)
    known = sum(rarity.get(fact, 0.0) for fact in part.facts & other.facts)
    by_facts = known / whole if whole else 0.0
    by_words = len(part.runs & other.runs) / len(part.runs) if part.runs else 0.0
    return round(by_facts + by_words, 6)


def _share(
    shared: frozenset[Fact],
    mine: frozenset[Fact],
    theirs: frozenset[Fact],
    rarity: dict[Fact, float],
) -> float:
    """The weight of the shared facts in that of the side that says less."""

    def weight(facts: frozenset[Fact]) -> float:
        return sum(rarity.get(fact, 0.0) for fact in facts)

    return weight(shared) / min(weight(mine), weight(theirs))
