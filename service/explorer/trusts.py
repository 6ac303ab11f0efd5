"""What the page of a trust has beside its questions: a summary, a time line, its peers and precedents."""

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.parts import EXTRAS, OPENINGS, Extra
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import Subject
from careatlas.service.explorer.tables import View, cells, concept, view
from careatlas.service.explorer.timeline import drawing
from careatlas.service.explorer.ways import of_release

PEERS = 5
"""So many peers are shown."""
LEAST = "2"
"""So many things a peer has in common with the trust."""
ROWS = 8
"""So many precedents of each place are shown."""
_FEW = 2
"""So many of its networks are looked at for precedents."""
_ORDER = ("type", "region", "board that leads on it", "board by postcode", "opened", "closed")
"""The facts that come first, in this order."""
_SAYS = {
    "uses": "It was asked, and confirms that it uses AI.",
    "denies": "It was asked, and says that it does not use AI.",
    "refused": "It was asked, confirms that it uses AI, and refuses to say which.",
    "unable-to-specify": "It was asked, confirms that it uses AI, and cannot say which.",
    "no-response": "It was asked and did not answer. That is not a no.",
    "not-asked": "It was not asked. That is neither a yes nor a no.",
    "unknown": "It is not known to have been asked. That is neither a yes nor a no.",
}
"""What each answer is in a sentence."""


class Fact(NamedTuple):
    """A plain fact, and its source."""

    name: str
    value: Cell
    note: str
    source: Cell


class Peer(NamedTuple):
    """A trust that resembles another."""

    cell: Cell
    shared: int
    reasons: list[tuple[str, Cell, Cell]]
    has: list[list[Cell]]
    more: str
    total: int


class Place(NamedTuple):
    """Where precedents are looked for, and those that are stated."""

    title: str
    url: str
    view: View | None


async def opening(subject: Subject) -> str:
    """What the registers say of a trust, and what it answered.

    Raises:
        Problem: an answer does not come.
    """
    facts, networks, known = await asyncio.gather(
        subject.part("trust-facts", "ods", subject.code),
        subject.part("network-members", "ods", subject.code),
        subject.part("what-is-known", "ods", subject.code),
    )
    place = {name: at for at, name in enumerate(_ORDER)}
    stated = sorted(facts["rows"], key=lambda row: place.get(row["fact"], len(place)))
    found = [_fact(subject, facts, row) for row in stated]
    members: dict[str, list[tuple[str, Cell, Cell]]] = {}
    for row in networks["rows"]:
        cell, source = cells(networks, row, subject.names, "network", "source")
        role = concept(subject.names, "role", row["role"]) or row["role"]
        members.setdefault(cell.text, []).append((role, cell, source))
    sources = list(dict.fromkeys(fact.source for fact in found))
    answers = [
        (_SAYS[row["answer"]], row, cells(known, row, subject.names, "source")[0])
        for row in known["rows"]
    ]
    return render(
        "trust.html",
        ods=facts["rows"][0]["ods"] if facts["rows"] else None,
        facts=_grouped(found),
        sources=sources,
        networks=list(members.values()),
        answers=answers,
        question=address("/questions/what-is-known", {"trust": subject.label}),
        register=address("/questions/trust-facts", {"trust": subject.label}),
    )


def _fact(subject: Subject, card: dict[str, Any], row: dict[str, Any]) -> Fact:
    source = cells(card, row, subject.names, "source")[0]
    url = local(row["thing"]) if row["thing"] else None
    span = [f"from {row['from']}" if row["from"] else "", f"until {row['to']}" if row["to"] else ""]
    name = row["fact"][:1].upper() + row["fact"][1:]
    return Fact(name, Cell(row["value"], url), " ".join(one for one in span if one), source)


def _grouped(facts: list[Fact]) -> list[tuple[str, list[Fact]]]:
    """The facts under their names; one that two sources state stands once for each."""
    names = dict.fromkeys(fact.name for fact in facts)
    return [(name, [fact for fact in facts if fact.name == name]) for name in names]


async def extras(subject: Subject) -> list[Extra]:
    """The time line of a trust, the trusts that resemble it, and how it could get what others have.

    Raises:
        Problem: an answer does not come.
    """
    typed = subject.typed("trust-timeline", "trust")
    dated, peers, precedents = await asyncio.gather(
        subject.part("trust-timeline", "ods", subject.code), _peers(subject), _precedents(subject)
    )
    made = []
    question = get("trust-timeline")
    if dated["rows"]:
        columns = [name for name in question.shown if name != "trust"]
        line = render(
            "timeline.html",
            name=subject.label,
            drawing=drawing(dated["rows"], subject.names),
            view=view(dated, question, subject.names, columns, slice(None)),
            url=address("/questions/trust-timeline", {"trust": typed}),
        )
        made.append(Extra("timeline", "Time line", line, "who-uses-what"))
    if peers:
        made.append(Extra("peers", "Trusts that resemble it, and what they have", peers))
    if precedents:
        made.append(Extra("precedents", "How could this trust get …", precedents))
    return made


async def _peers(subject: Subject) -> str:
    values = {"trust": subject.typed("trust-peers", "trust"), "least": LEAST}
    card = await subject.ask("trust-peers", **values)
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in card["rows"]:
        rows.setdefault(row["peer_iri"], []).append(row)
    nearest = list(rows.values())[:PEERS]
    used = await asyncio.gather(
        *(subject.part("who-uses-what", "ods", shared[0]["peer_ods"]) for shared in nearest)
    )
    peers = [_peer(subject, card, *one) for one in zip(nearest, used, strict=True)]
    url = address("/questions/trust-peers", values)
    return render("peers.html", peers=peers, url=url) if peers else ""


def _peer(
    subject: Subject,
    card: dict[str, Any],
    shared: list[dict[str, Any]],
    used: dict[str, Any],
) -> Peer:
    names = subject.names
    first = shared[0]
    typed = names.to_type("trust", first["peer_iri"])
    reasons = []
    for row in shared:
        source = cells(card, row, names, "source")[0]
        reasons.append((row["reason"], Cell(row["what"], local(row["thing"])), source))
    has = [
        cells(used, row, names, "what", "vendor", "status", "source") for row in used["rows"][:ROWS]
    ]
    return Peer(
        Cell(first["peer"], local(first["peer_iri"])),
        first["shared"],
        reasons,
        has,
        address("/questions/who-uses-what", {"trust": typed}),
        len(used["rows"]),
    )


async def _precedents(subject: Subject) -> str:
    """Reports near the trust of which the route is stated: in its networks, its board, its region."""
    facts, networks = await asyncio.gather(
        subject.part("trust-facts", "ods", subject.code),
        subject.part("network-members", "ods", subject.code),
    )
    near: dict[str, tuple[str, str, str]] = {}
    for row in networks["rows"]:
        thing = subject.names.thing(("network",), row["network"])
        if thing and len(near) < _FEW:
            near.setdefault(thing, ("network", "In its network", row["network"]))
    for row in facts["rows"]:
        if row["fact"].startswith("board") and not row["to"]:
            near.setdefault(row["thing"], ("icb", "In the area of its board", row["value"]))
        if row["fact"] == "region":
            near.setdefault(row["thing"], ("region", "In its region", row["value"]))
    places = await asyncio.gather(*(_place(subject, iri, *one) for iri, one in near.items()))
    return render(
        "precedents.html",
        trust=subject.typed("trust-facts", "trust"),
        places=places,
        sought=_sought(subject.release.path),
        shown=ROWS,
    )


@lru_cache(maxsize=2)
def _sought(release: Path) -> str:
    """The field in which what is sought is typed or chosen, with all that there is to choose."""
    return render("sought.html", sought=of_release(Release(release)))


async def _place(subject: Subject, iri: str, parameter: str, title: str, label: str) -> Place:
    question = get("who-uses-what")
    typed = subject.names.to_type(question.parameter[parameter].type, iri)
    card = await subject.ask(question.name, **{parameter: typed})
    stated = [
        row
        for row in card["rows"]
        if row["route_type"] not in (None, "", "not-stated") and row["trust"] != subject.label
    ]
    columns = ("trust", "what", "vendor", "status", "how", "source", "locator")
    shown = {**card, "rows": stated}
    found = view(shown, question, subject.names, columns, slice(ROWS))
    url = address(f"/questions/{question.name}", {parameter: typed})
    return Place(f"{title}: {label}", url, found if stated else None)


def install() -> None:
    """Let the pages of trusts open with this."""
    OPENINGS["trust"], EXTRAS["trust"] = opening, extras
