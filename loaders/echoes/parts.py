"""Documents and claims as parts that can be compared: their place, their facts, their words."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from careatlas.loaders.echoes.facts import Fact, briefly, facts, figures
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.names import normalised
from careatlas.loaders.reading import Document, Passage

RUN = 4
"""How many words follow each other in a run."""
WINDOW = 3
"""How many paragraphs one fact may be spread over."""
_MONTH = 7
_NAMED = {
    "trust": "trust",
    "organisation": "trust",
    "party": "trust",
    "vendor": "vendor",
    "product": "product",
    "integrated_with": "product",
    "study": "study",
    "route": "network",
}
"""The columns of the questions that hold names, and as what kind of fact they count."""


@dataclass(frozen=True)
class Part:
    """A stretch of a document, or what a source claims of one thing."""

    place: str
    facts: frozenset[Fact]
    runs: frozenset[tuple[str, ...]]
    claims: tuple[str, ...] = ()
    size: int = 1
    """How many passages stand in it."""


@dataclass
class Text:
    """A document that may repeat others or be repeated: `day` is when it came out, in ISO 8601."""

    name: str
    day: str
    parts: list[Part] = field(default_factory=list)
    """What stands at one place; this is what may turn out to be a copy."""
    wider: list[Part] = field(default_factory=list)
    """Paragraphs taken together, for copies that tell in one what is told here in several."""
    written: bool = True
    """Whether its text is there, and not its claims alone."""


@dataclass(frozen=True)
class Claim:
    """A reviewed claim and the characters of its document that it was taken from."""

    key: str
    start: int
    end: int


def words(text: str) -> list[str]:
    """The words of a text without case, accents and the commas in numbers."""
    return normalised(re.sub(r"(?<=\d),(?=\d{3})", "", text)).split()


def runs(text: str) -> frozenset[tuple[str, ...]]:
    """Every run of words that follow each other.

    >>> sorted(runs("It reads 1,412 scans a day"))
    [('1412', 'scans', 'a', 'day'), ('it', 'reads', '1412', 'scans'), ('reads', '1412', 'scans', 'a')]
    """
    row = words(text)
    return frozenset(tuple(row[at : at + RUN]) for at in range(len(row) - RUN + 1))


def written(
    name: str, document: Document, day: str, names: Gazetteer, claims: Sequence[Claim] = ()
) -> Text:
    """A document as parts, with the claims that were taken from each."""
    known = briefly(document.text, names)
    found = Text(name, day)
    row: list[tuple[Passage, frozenset[Fact]]] = []
    about: frozenset[Fact] = frozenset()
    for passage in document.passages:
        own = facts(passage.text, known)
        who = frozenset(fact for fact in own if fact.kind == "trust")
        about = who or (about if passage.kind == "paragraph" else frozenset())
        # A paragraph that names nobody goes on about whom the one before it named.
        row.append((passage, own | about if own and passage.kind == "paragraph" else own))
        found.parts.append(_part([row[-1]], claims))
    found.wider = [_part(stretch, claims) for stretch in _stretches(row)]
    return found


def claimed(name: str, day: str, rows: Sequence[Mapping[str, str]], names: Gazetteer) -> Text:
    """The claims of a source whose text is not there, taken together by who and what they are about."""
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for row in rows:
        who = row.get("trust") or row.get("organisation") or row.get("agreement", "")
        what = row.get("product") or row.get("vendor") or ""
        groups.setdefault((who, what), []).append(row)
    parts = [_of_claims(group, names) for _, group in sorted(groups.items())]
    return Text(name, day, parts, written=False)


def _of_claims(rows: Sequence[Mapping[str, str]], names: Gazetteer) -> Part:
    found: set[Fact] = set()
    for row in rows:
        found |= set(_cells(row, names))
    keys = tuple(sorted({row["claim"] for row in rows}))
    places = "; ".join(dict.fromkeys(row["locator"] for row in rows))
    return Part(places, frozenset(found), frozenset(), keys)


def _cells(row: Mapping[str, str], names: Gazetteer) -> Iterator[Fact]:
    for column, kind in _NAMED.items():
        if row.get(column):
            known = [entity for entity in names.find(row[column]) if entity.label == row[column]]
            yield Fact(known[0].kind if known else kind, row[column])
    for column in ("min", "max"):
        yield from (Fact("figure", value) for value in figures(row.get(column, "")))
    for column in ("period_start", "period_end", "announced", "holds_from"):
        cell = row.get(column, "")
        # The day of the report is no fact of what it reports.
        if cell and not (column == "holds_from" and cell == row.get("reported")):
            yield Fact("month", cell[:_MONTH])
    if row.get("kind") == "memorandum":
        yield Fact("agreement", "memorandum")


def _stretches(
    row: Sequence[tuple[Passage, frozenset[Fact]]],
) -> Iterator[Sequence[tuple[Passage, frozenset[Fact]]]]:
    """Paragraphs of one section that follow each other, two or more at a time."""
    for size in range(2, WINDOW + 1):
        for at in range(len(row) - size + 1):
            stretch = row[at : at + size]
            first = stretch[0][0]
            if all(p.kind == "paragraph" and p.headings == first.headings for p, _ in stretch):
                yield stretch


def _part(stretch: Sequence[tuple[Passage, frozenset[Fact]]], claims: Sequence[Claim]) -> Part:
    start, end = stretch[0][0].start, stretch[-1][0].end
    keys = tuple(claim.key for claim in claims if start <= claim.start and claim.end <= end)
    together: frozenset[Fact] = frozenset().union(*(own for _, own in stretch))
    spoken = frozenset().union(*(runs(passage.text) for passage, _ in stretch))
    return Part(stretch[0][0].place(start, end), together, spoken, keys, len(stretch))
