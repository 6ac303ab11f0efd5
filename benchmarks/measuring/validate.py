"""Validation by the shapes: ours, in parts where there is much, beside pySHACL."""

import hashlib
import json
import random
from collections.abc import Callable, Iterable
from typing import Any

from careatlas.graph import validate
from careatlas.graph.findings import Finding
from careatlas.graph.shape_parts import Part, how_many, parts, rules
from measuring.alone import Way, in_turn, timed
from measuring.place import SMALL, Place

PARTS, PART = 3, 20_000
"""So many parts are a sample, each of things with about so many statements."""
LARGEST = 2_000_000
"""pySHACL is not tried on the whole of a larger world: rdflib needs a kilobyte for each statement."""


def measure(place: Place) -> None:
    """Validate the whole in turn, and a random sample of parts where the whole is large."""
    too_large = "" if place.size <= LARGEST else f"not tried above {LARGEST:,} statements"
    whole = (
        Way("careatlas", "validate:whole"),
        Way("pySHACL", "validate:theirs", too_large, place.size > SMALL),
    )
    in_turn(place, "validate", whole, place.options.turns)
    if place.size > SMALL:
        ways = (Way("careatlas", "validate:sample"), Way("pySHACL", "validate:their_sample"))
        in_turn(place, "validate-sample", ways, place.options.turns)


def _told(told: dict[str, Any], found: Iterable[Finding]) -> dict[str, Any]:
    """With what names the findings, whatever their messages say."""
    same = sorted({(one.severity, one.rule, one.focus) for one in found})
    digest = hashlib.sha256(json.dumps(same).encode()).hexdigest()
    return told | {"findings": len(same), "digest": digest}


def whole(place: Place) -> dict[str, Any]:
    """All of it, as a build validates."""
    found: list[Finding] = []
    store = place.release.store
    return _told(timed(lambda: found.extend(validate._in_parts(store))), found)


def theirs(place: Place) -> dict[str, Any]:
    """All of it by pySHACL, at once: it knows no parts."""
    found: list[Finding] = []
    store = place.release.store

    def work() -> None:
        report = validate.shapes_report(validate.whole(store), "pyshacl")
        found.extend(validate.shape_findings(report))

    return _told(timed(work), found)


def _sampled(place: Place, judge: Callable[[Part], Iterable[Finding]]) -> dict[str, Any]:
    store = place.release.store
    chance = random.Random(place.size)  # noqa: S311 - reproducible, not secret
    count = how_many(store, PART)
    chosen = set(chance.sample(range(count), min(PARTS, count)))
    taken = [part for number, part in enumerate(parts(store, PART)) if number in chosen]
    found: list[Finding] = []

    def work() -> None:
        for part in taken:
            found.extend(judge(part))

    return _told(timed(work), found) | {"parts": len(taken)}


def sample(place: Place) -> dict[str, Any]:
    """A random sample of parts, one after the other."""
    return _sampled(place, validate.of_part)


def their_sample(place: Place) -> dict[str, Any]:
    """The same sample, by pySHACL."""

    def judge(part: Part) -> Iterable[Finding]:
        return validate.shape_findings(validate.shapes_report(part.seen(), "pyshacl", rules()))

    return _sampled(place, judge)
