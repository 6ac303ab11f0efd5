"""The page of the disagreements: both sides of each beside one another."""

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.documents_page import Link
from careatlas.service.explorer.forms import address, fields
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

EACH = 25
"""Disagreements of one page."""
_ASKED = ("subject", "type")
_OWN = ("resolution", "page")


class Side(NamedTuple):
    """What one side says, and where it says so."""

    letter: str
    says: str
    computed: bool
    days: list[str]
    source: str
    source_url: str
    place: str
    url: str


class Conflict(NamedTuple):
    """A disagreement with its sides."""

    anchor: str
    subject: str
    subject_url: str
    topic: str
    type: str
    resolution: str
    reason: str
    severity: str
    found_by: str
    url: str
    sides: list[Side]


class Kind(NamedTuple):
    """How many disagreements of a kind there are, by how they are resolved."""

    label: str
    url: str
    means: str
    resolutions: list[Link]


async def conflicts_page(service: Service, http: Request) -> Response:
    """The disagreements that are asked for.

    Raises:
        Problem: there is no such page.
    """
    given = {
        name: value.strip()
        for name, value in parameters(http.scope["query_string"])
        if value.strip()
    }
    release = service.current()
    names = await asyncio.to_thread(names_of, release)
    question = get("conflict-sides")
    try:
        if stray := sorted(set(given) - {*_ASKED, *_OWN}):
            raise Problem(422, "wrong-parameter", f"The page has no field {stray[0][:80]!r}.")
        page = _number(given)
        values = {name: given[name] for name in _ASKED if name in given}
        card = await service.json(ask_job(release, question.name, values))
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - what a field can be wrong with
            raise
        form = [one for one in fields(question, given, names, problem) if one.name in _ASKED]
        said = problem.detail if problem.extra.get("field") not in _ASKED else None
        text = render("conflicts.html", title="Conflicts", fields=form, problem=said, answer=None)
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})

    async def make() -> str:
        kinds = await service.json(ask_job(release, "conflict-types", {}))
        form = [one for one in fields(question, given, names) if one.name in _ASKED]
        return await asyncio.to_thread(_rendered, release, given, page, (card, kinds, form))

    return document(service, release, {"page": "/conflicts", "given": given}, make)


def _number(given: Mapping[str, str]) -> int:
    number = given.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) < 9 and int(number)):  # noqa: PLR2004
        raise Problem(422, "wrong-parameter", "There is no page of this number.", field="page")
    return int(number)


def _rendered(
    release: Release, given: Mapping[str, str], page: int, parts: tuple[Any, Any, Any]
) -> str:
    card, kinds, form = parts
    wanted = given.get("resolution")
    rows = [row for row in card["rows"] if wanted in {None, row["resolution"]}]
    found = gathered(rows, card["sources"])
    pages = max(1, -(-len(found) // EACH))
    page = min(page, pages)
    own = {name: value for name, value in given.items() if name != "page"}
    asked = {name: given[name] for name in _ASKED if name in given}
    resolutions = sorted({row["resolution"] for row in card["rows"]})
    return render(
        "conflicts.html",
        title="Conflicts",
        fields=form,
        problem=None,
        answer={
            "found": found[(page - 1) * EACH : page * EACH],
            "total": len(found),
            "all": not given,
            "kinds": _kinds(kinds["rows"]),
            "resolutions": [Link("all", address("/conflicts", asked), wanted is None)]
            + [
                Link(one, address("/conflicts", asked | {"resolution": one}), one == wanted)
                for one in resolutions
            ],
            "pages": [
                Link(str(at), address("/conflicts", {**own, "page": str(at)}), at == page)
                for at in range(1, pages + 1)
            ],
            "question": address("/questions/conflict-sides", asked),
            "not_known": card["not_known"],
            "release": release.name,
        },
    )


def _kinds(rows: Sequence[Mapping[str, Any]]) -> list[Kind]:
    found = []
    for kind, group in groupby(rows, key=lambda row: str(row["type"])):
        each = list(group)
        links = [
            Link(
                one["resolution"],
                address("/conflicts", {"type": kind, "resolution": one["resolution"]}),
                number=one["conflicts"],
            )
            for one in each
        ]
        url = address("/conflicts", {"type": kind})
        found.append(Kind(each[0]["label"], url, each[0]["means"], links))
    return found


def gathered(
    rows: Iterable[Mapping[str, Any]], sources: Mapping[str, Mapping[str, Any]]
) -> list[Conflict]:
    """The rows of `conflict-sides` as disagreements, in the order in which they come."""
    sides: dict[str, list[Mapping[str, Any]]] = {}
    for row in rows:
        sides.setdefault(row["conflict"], []).append(row)
    return [
        Conflict(
            f"conflict-{number}",
            first["subject"],
            local(first["about"]) if first["about"] else "",
            first["topic"],
            first["type"],
            first["resolution"],
            first["reason"],
            first["severity"] or "",
            first["found_by"] or "",
            local(iri),
            [_side(row, sources) for row in each],
        )
        for number, (iri, each) in enumerate(sides.items(), 1)
        for first in each[:1]
    ]


def _side(row: Mapping[str, Any], sources: Mapping[str, Mapping[str, Any]]) -> Side:
    held = " to ".join(filter(None, (row["holds_from"], row["holds_to"])))
    days = [
        f"reported {row['reported']}" if row["reported"] else "no date of reporting",
        f"holds from {held}" if held else "",
    ]
    return Side(
        row["side"],
        row["says"],
        row["computed"],
        [day for day in days if day],
        sources.get(row["source"], {}).get("title") or row["source"],
        f"/about/doc/{quote(row['source'])}",
        row["locator"],
        local(row["claim"]),
    )
