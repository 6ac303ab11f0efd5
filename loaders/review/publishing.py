"""From decisions to tables: the rows that were accepted, the names in them, and the decisions."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from careatlas.graph.sources import NameMatch
from careatlas.graph.terms import ID
from careatlas.loaders.names import AmbiguousNameError, Crosswalk, UnknownNameError
from careatlas.loaders.review import naming
from careatlas.loaders.review.cells import MEANS, columns
from careatlas.loaders.review.decisions import written
from careatlas.loaders.review.proposals import Proposal, base
from careatlas.loaders.review.state import TAKEN, Review
from careatlas.loaders.rows import rows
from careatlas.loaders.tables import read

_DECIDED = "reviewed as "
"""How the reason begins of each name that a review decided, followed by the proposal."""
WHOLE = "the document as a whole"
"""The place of the request that a document answers."""


class ConflictingNamesError(ValueError):
    """A name that two decisions on one document take for two things."""

    def __init__(self, printed: str, first: str, second: str) -> None:
        super().__init__(printed, first, second)
        self.printed = printed
        self.first = first
        self.second = second

    def __str__(self) -> str:
        return f"{self.printed!r} means one thing in {self.first} and another in {self.second}: change one"


@dataclass
class Plan:
    """What a review would put into the tables of its source."""

    source: str
    tables: dict[str, list[dict[str, str]]] = field(default_factory=dict)
    of: dict[tuple[str, str], str] = field(default_factory=dict)
    """The proposal of each row, by the row's table and key."""

    def add(self, table: str, row: Mapping[str, str], proposal: str) -> None:
        """Take a row in."""
        self.tables.setdefault(table, []).append(dict(row))
        by = ("kind", "printed", "only_in") if table == "crosswalk" else ("key",)
        by = ("award",) if table == "awards" else by
        self.of[table, "/".join(row[name] for name in by if row.get(name))] = proposal

    def said_by(self, publisher: str) -> None:
        """Let what the publisher of the document says of itself be said by it."""
        for row in self.tables.get("deployments", ()):
            if row["trust"] == publisher:
                row.setdefault("stated_by", publisher)


def planned(review: Review, source: str, known: Crosswalk) -> Plan:
    """The rows of all that was accepted; nothing else becomes one.

    Raises:
        ConflictingNamesError: a name was decided in two ways.
    """
    plan = Plan(source)
    keys = _keys(review)
    taken = review.taken()
    for one in taken:
        if one.table == "corrections":
            continue
        cells = review.cells(one)
        row = {name: cell for name, cell in cells.items() if not name.endswith(MEANS)}
        if row.get("reported") and "as_at" in columns(one.table):
            row.setdefault("as_at", row["reported"])
        row |= {"source": source, "locator": one.place}
        if one.table == "awards":
            row |= {"award": keys[one.id], "confidence": _confidence(one.found.confidence)}
        else:
            row["key"] = keys[one.id]
        if one.of:
            row["deployment"] = keys[cells["deployment"]]
        if one.table == "disclosures":
            row |= _superseded(review, one, taken, keys)
        plan.add(one.table, row, one.id)
    _names(plan, review, taken, known)
    for one in review.items:
        if one.id in review.decisions:
            plan.add("reviews", _decided(review, one, keys, one in taken, source), one.id)
    return plan


def _confidence(sure: float) -> str:
    return "high" if sure >= 0.8 else "medium" if sure >= 0.5 else "low"  # noqa: PLR2004 - the two bounds


def _ods(review: Review, one: Proposal, cells: Mapping[str, str]) -> str:
    for name in naming.read(review.names, one.table, cells):
        if name.column in {"trust", "organisation"} and len(name.means) == 1:
            return name.means[0].ods
    return ""


def _keys(review: Review) -> dict[str, str]:
    """The key of each row that could come of the review, whatever is decided on the others."""
    found: dict[str, str] = {}
    taken: set[tuple[str, str]] = set()
    days: dict[str, str] = {}
    for one in sorted(review.items, key=lambda one: bool(one.of)):
        cells = review.cells(one)
        if one.of:
            tail = f"/{cells.get('unit', '')}" if one.table == "usage" else ""
            key = found.get(cells.get("deployment", ""), one.of) + tail
        else:
            key = base(one, cells, _ods(review, one, cells))
        if one.table == "disclosures":
            first = days.setdefault(key, cells.get("reported", ""))
            key += f"/{cells['reported'][:7]}" if cells.get("reported", "") > first else ""
        if (one.table, key) in taken:
            key += f"-{one.id.split('-', 1)[1]}"
        taken.add((one.table, key))
        found[one.id] = key
    return found


def _superseded(
    review: Review, one: Proposal, taken: Iterable[Proposal], keys: Mapping[str, str]
) -> dict[str, str]:
    """The earlier answer of the same organisation, which a later one takes the place of."""
    mine = review.cells(one)
    earlier = [
        (cells.get("reported", ""), keys[other.id])
        for other in taken
        if other.table == "disclosures"
        and keys[other.id].partition("/")[0] == keys[one.id].partition("/")[0]
        and (cells := review.cells(other)).get("reported", "") < mine.get("reported", "")
    ]
    return {"supersedes": max(earlier)[1]} if earlier and not mine.get("supersedes") else {}


def _names(plan: Plan, review: Review, taken: Sequence[Proposal], known: Crosswalk) -> None:
    """A row of the crosswalk for each name that it does not know, or that was decided otherwise."""
    decided: dict[tuple[str, str], tuple[str | None, str]] = {}
    for one in taken:
        for name in naming.read(review.names, one.table, review.cells(one)):
            key = name.means[0].iri.removeprefix(ID) if len(name.means) == 1 else None
            before = decided.setdefault((name.kind, name.printed), (key, one.id))
            if before[0] != key:
                raise ConflictingNamesError(name.printed, before[1], one.id)
            if before[1] != one.id or _known(known, name, key, plan.source):
                continue
            plan.add("crosswalk", _match(name, key, one, plan.source), one.id)


def _known(among: Crosswalk, name: naming.Name, key: str | None, source: str) -> bool:
    try:
        known = among.find(name.kind, name.printed, source).key
    except (UnknownNameError, AmbiguousNameError):
        return False
    return known == key or not name.said


def _match(name: naming.Name, key: str | None, one: Proposal, source: str) -> dict[str, str]:
    method, reason = naming.method(name) if key else ("unresolved", "nobody can tell what it means")
    if not key and not name.means and not name.said:
        reason = "in no catalogue yet"
    several = name.means if key is None else ()
    return {
        "kind": name.kind,
        "printed": name.printed,
        "key": key or "",
        "method": method,
        "reason": f"{_DECIDED}{one.id}: {reason}",
        "candidates": ";".join(sorted(entity.iri.removeprefix(ID) for entity in several)),
        "only_in": source,
        "source": source,
        "locator": one.place,
    }


def _decided(
    review: Review, one: Proposal, keys: Mapping[str, str], taken: bool, source: str
) -> dict[str, str]:
    decision = review.decisions[one.id]
    return {
        "key": one.id,
        "verdict": decision.verdict,
        "of": one.table,
        "row": keys[one.id] if taken and one.table != "corrections" else "",
        "by": decision.by,
        "on": decision.on,
        "why": decision.why,
        "confidence": decision.confidence,
        "rule": decision.rule,
        "cells": written(decision.cells),
        "source": source,
        "locator": one.place,
    }


class Mine:
    """Tells the rows that a review put into the tables before from those of everybody else.

    What was accepted and is no longer found in the document is not touched: a person accepted it.
    """

    def __init__(self, data: Path, source: str, review: Review) -> None:
        left = {one.proposal for one in review.strays() if one.verdict in TAKEN}
        self.ids = {one.proposal for one in review.log.made} - left
        self.answers = True
        """Whether any answer is left, without which there is no request."""
        self.rows: set[tuple[str, str]] = set()
        self.left: dict[tuple[str, str], str] = {}
        """The rows of what is no longer found, each with its proposal."""
        path = data / "reviews" / f"{source}.csv"
        for _, cells in rows(path, path.name) if path.is_file() else ():
            if not isinstance(cells, dict) or not cells["row"]:
                continue
            if cells["key"] in self.ids:
                self.rows.add((cells["of"], cells["row"]))
            elif cells["key"] in left:
                self.left[cells["of"], cells["row"]] = cells["key"]

    def give_way(self, plan: Plan) -> None:
        """Let a row of what is no longer found go where a new row has its key."""
        self.answers = "disclosures" in plan.tables
        for row in sorted(self.left.keys() & plan.of.keys()):
            self.rows.add(row)
            self.ids.add(self.left[row])

    def __call__(self, table: str, row: Mapping[str, str]) -> bool:
        """Whether the row came of this review."""
        if table == "reviews":
            return row["key"] in self.ids
        if table == "requests":
            return row["locator"] == WHOLE and not self.answers
        if table == "crosswalk":
            reason = row["reason"]
            return (
                reason.startswith(_DECIDED)
                and reason[len(_DECIDED) :].partition(":")[0] in self.ids
            )
        return (table, row.get("award" if table == "awards" else "key", "")) in self.rows


def crosswalk(data: Path, source: str, mine: Mine) -> Crosswalk:
    """What names mean, without what this review decided of them before.

    Raises:
        TableError: the crosswalk cannot be read.
    """
    found = Crosswalk()
    for _, cells in rows(data / "crosswalk.csv", "crosswalk.csv"):
        if isinstance(cells, dict) and cells.get("source") == source and mine("crosswalk", cells):
            continue
        match = read(cells, NameMatch, {})
        if isinstance(match, NameMatch):
            found.add(match)
    return found
