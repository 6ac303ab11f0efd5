"""The page of the sources: each document, and what it gave."""

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.documents_page import Link
from careatlas.service.explorer.forms import Field, address, fields
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

EACH = 100
"""Documents of one page."""
_ASKED = ("kind",)
_LEFT_OUT = "left_out.csv"


class Source(NamedTuple):
    """A document, and what it gave."""

    title: str
    url: str
    kind: str
    publisher: str
    published: str
    licence: str
    claims: int
    also: int
    gave: list[str]
    repeats: str
    by_hash: bool


async def sources_page(service: Service, http: Request) -> Response:
    """The documents of a kind, those first that gave most.

    Raises:
        Problem: there is no such page.
    """
    pairs = parameters(http.scope["query_string"])
    given = {name: value.strip() for name, value in pairs if value.strip()}
    release = service.current()
    names = await asyncio.to_thread(names_of, release)
    try:
        page = _number(given)
        values = {name: given[name] for name in _ASKED if name in given}
        card = await service.json(ask_job(release, "sources", values))
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - what a field can be wrong with
            raise
        said = problem.detail if problem.extra.get("field") not in _ASKED else None
        form = _form(given, names, problem)
        text = render("sources.html", title="Sources", fields=form, problem=said, answer=None)
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})

    async def make() -> str:
        gave = await service.json(ask_job(release, "source-contributions", {}))
        answer = await asyncio.to_thread(_answer, release, given, page, (card, gave))
        form = _form(given, names)
        return render("sources.html", title="Sources", fields=form, problem=None, answer=answer)

    return document(service, release, {"page": "/sources", "given": given}, make)


def _form(given: Mapping[str, str], names: Names, problem: Problem | None = None) -> list[Field]:
    found = fields(get("sources"), given, names, problem)
    return [one for one in found if one.name in _ASKED]


def _number(given: Mapping[str, str]) -> int:
    if stray := sorted(set(given) - {*_ASKED, "page"}):
        raise Problem(422, "wrong-parameter", f"The page has no field {stray[0][:80]!r}.")
    number = given.get("page", "1")
    if not (number.isascii() and number.isdigit() and len(number) < 9 and int(number)):  # noqa: PLR2004
        raise Problem(422, "wrong-parameter", "There is no page of this number.", field="page")
    return int(number)


def _answer(
    release: Release, given: Mapping[str, str], page: int, cards: tuple[Any, Any]
) -> dict[str, Any]:
    card, gave = cards
    rows = card["rows"]
    pages = max(1, -(-len(rows) // EACH))
    page = min(page, pages)
    first = (page - 1) * EACH
    own = {name: value for name, value in given.items() if name != "page"}
    tables = release.manifest.get("tables", {})
    return {
        "sources": _sources(rows[first : first + EACH], gave["rows"]),
        "total": len(rows),
        "first": first + 1,
        "last": min(first + EACH, len(rows)),
        "pages": [
            Link(str(at), address("/sources", {**own, "page": str(at)}), at == page)
            for at in range(1, pages + 1)
        ],
        "question": address("/questions/sources", own),
        "not_known": card["not_known"],
        "left_out": tables.get(_LEFT_OUT, {}).get("rows", 0),
        "rejects": release.manifest.get("rejects", 0),
        "rows": release.manifest.get("rows", 0),
        "release": release.name,
    }


def _sources(rows: Sequence[Mapping[str, Any]], gave: Sequence[Mapping[str, Any]]) -> list[Source]:
    kinds: dict[str, list[str]] = {}
    for one in sorted(gave, key=lambda one: -one["claims"]):
        kinds.setdefault(one["source"], []).append(f"{one['kind']} {one['claims']}")
    return [
        Source(
            row["document"],
            f"/about/doc/{quote(row['source'])}",
            row["document_kind"],
            row["publisher"] or "",
            row["published"] or "",
            row["licence"] or "",
            row["claims"],
            row["also_cited"],
            kinds.get(row["source"], []),
            row["repeats"] or "",
            bool(row["sha256"]),
        )
        for row in rows
    ]
