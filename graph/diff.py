"""What changed between two releases, in the terms of the domain."""

from typing import NamedTuple

from pyoxigraph import Store

from careatlas import queries
from careatlas.graph.answer import select

COLUMNS = ("change", "kind", "subject", "thing", "before", "after", "source", "locator")


class Change(NamedTuple):
    """One thing that appeared, vanished or is now said otherwise."""

    change: str
    kind: str
    subject: str
    thing: str
    before: str
    after: str
    source: str
    locator: str


class State(NamedTuple):
    """What a release says of one thing, and where it has that from."""

    subject: str
    thing: str
    value: str
    source: str
    locator: str


def states(store: Store) -> dict[tuple[str, str], State]:
    """The current state of each deployment, answer, conflict, procedure and organisation, by kind and key."""
    text = (queries.folder("views") / "states.rq").read_text(encoding="utf-8")
    return {(row[0], row[1]): State(*row[2:]) for _, row in select(store, text)}


def diff(before: Store, after: Store) -> list[Change]:
    """What appeared, vanished or changed, sorted by kind, subject and thing."""
    old, new = states(before), states(after)
    changes = []
    for kind, key in old.keys() | new.keys():
        was, now = old.get((kind, key)), new.get((kind, key))
        shown = now or was
        if shown is None or (was and now and was.value == now.value):
            continue
        change = "changed" if was and now else "appeared" if now else "vanished"
        changes.append(
            Change(
                change,
                kind,
                shown.subject,
                shown.thing,
                was.value if was else "",
                now.value if now else "",
                shown.source,
                shown.locator,
            )
        )
    return sorted(changes, key=lambda one: (one.kind, one.subject, one.thing, one.change))
