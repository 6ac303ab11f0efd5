"""The page of a document: what it is, and every claim taken from it, in reading order."""

import asyncio
from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.release import Release
from careatlas.graph.terms import ID
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

CLAIMS = 150
"""Claims of one page."""
_FORMATS = (("ttl", "Turtle"), ("jsonld", "JSON-LD"), ("nt", "N-Triples"), ("rdf", "RDF/XML"))
_MEDIA = {
    "ttl": "text/turtle",
    "jsonld": "application/ld+json",
    "nt": "application/n-triples",
    "rdf": "application/rdf+xml",
}

Row = Mapping[str, Any]


class Claim(NamedTuple):
    """A claim as a person reads it."""

    anchor: str
    url: str
    subject: str
    subject_url: str
    statement: str
    kind: str
    place: str
    notes: list[str]
    conflicts: int
    conflict_url: str


class Part(NamedTuple):
    """Claims that stand one after the other under one heading."""

    heading: str
    anchor: str
    first: int
    claims: list[Claim]


class Link(NamedTuple):
    """Somewhere to go, how much is there, and whether one is there already."""

    text: str
    url: str
    here: bool = False
    number: int | None = None


async def document_page(service: Service, http: Request) -> Response:
    """A document with its claims, one kind of them if one is asked for.

    Raises:
        Problem: there is no such document, kind or page.
    """
    key = http.path_params["key"]
    release = service.current()
    iri = f"{ID}doc/{quote(key)}"
    if key not in release.manifest["sources"]:
        said = f"Release {release.name} has no document {key[:80]!r}."
        raise Problem(404, "no-such-thing", said, typed=key[:80].replace("-", " "))
    given = {name: value for name, value in parameters(http.scope["query_string"]) if value}
    if stray := sorted(set(given) - {"kind", "page"}):
        raise Problem(422, "wrong-parameter", f"The page has no field {stray[0][:80]!r}.")

    async def make() -> str:
        of = {"source": iri}
        claims, kinds, told = await asyncio.gather(
            service.json(ask_job(release, "document-claims", of)),
            service.json(ask_job(release, "source-contributions", of)),
            service.json(ask_job(release, "sources", of)),
        )
        return await asyncio.to_thread(_rendered, release, key, given, (claims, kinds, told))

    # What cannot be shown is told at once: a document that is kept must be one.
    _checked(given)
    links = [
        ("link", f'</data/doc/{quote(key)}.{end}>; rel="alternate"; type="{kind}"')
        for end, kind in _MEDIA.items()
    ]
    return document(service, release, {"document": iri, "given": given}, make, links)


def _checked(given: Mapping[str, str]) -> int:
    number = given.get("page", "1")
    if not (number.isascii() and number.isdigit() and int(number[:9]) > 0 and len(number) < 9):  # noqa: PLR2004
        raise Problem(422, "wrong-parameter", "There is no page of this number.")
    return int(number)


def _rendered(
    release: Release,
    key: str,
    given: Mapping[str, str],
    cards: tuple[dict[str, Any], dict[str, Any], dict[str, Any]],
) -> str:
    claims, kinds, told = cards
    path = f"/about/doc/{quote(key)}"
    kind = given.get("kind", "")
    rows = [row for row in claims["rows"] if kind in {"", row["kind"]}]
    pages = max(1, -(-len(rows) // CLAIMS))
    page = min(_checked(given), pages)
    first = (page - 1) * CLAIMS
    facts = told["rows"][0] if told["rows"] else {}
    own = {"kind": kind} if kind else {}
    links = [Link("All kinds", path, not kind)]
    links += [
        Link(one["kind"], address(path, {"kind": one["kind"]}), one["kind"] == kind, one["claims"])
        for one in kinds["rows"]
    ]
    return render(
        "document.html",
        title=release.manifest["sources"][key]["title"],
        key=key,
        facts=facts,
        read=_how_it_was_read(claims["rows"]),
        versions=[(row["sha256"], local(row["version"])) for row in told["rows"][:1]],
        kinds=links,
        kind=kind,
        contents=_contents(rows, path, own),
        parts=_parts(rows[first : first + CLAIMS], first, f"{ID}doc/{quote(key)}"),
        total=len(rows),
        first=first + 1,
        last=min(first + CLAIMS, len(rows)),
        pages=[
            Link(str(at), address(path, own | ({"page": str(at)} if at > 1 else {})), at == page)
            for at in range(1, pages + 1)
        ],
        not_known=claims["not_known"],
        questions=[
            Link("its claims", address("/questions/document-claims", {"source": key})),
            Link(
                "how many of each kind", address("/questions/source-contributions", {"source": key})
            ),
        ],
        formats=[Link(name, f"/data/doc/{quote(key)}.{end}") for end, name in _FORMATS],
        release=release.name,
    )


def _how_it_was_read(rows: Sequence[Row]) -> str:
    """In what form the places of its claims are."""
    read = any(row["start"] is not None for row in rows)
    listed = any("reference row" in row["locator"] for row in rows)
    text = "Its text was read: a place is a heading, a paragraph or item, and a range of characters"
    table = "it was cited in a reference table: a place is the row of that table"
    if read:
        return f"{text}; {table}." if listed else f"{text}."
    return f"{table[:1].upper()}{table[1:]}." if listed else "A place is what the source gives."


def heading_of(part: str) -> str:
    """A part of a document in words.

    >>> heading_of("reference table network_members"), heading_of("Article"), heading_of("")
    ('Reference table: network members', 'Article', 'Elsewhere in the document')
    """
    if part.startswith("reference table "):
        return f"Reference table: {part.removeprefix('reference table ').replace('_', ' ')}"
    return part or "Elsewhere in the document"


def _runs(rows: Sequence[Row]) -> list[tuple[str, int, list[Row]]]:
    """The parts in order, each with the number of its first claim."""
    found, at = [], 0
    for part, group in groupby(rows, key=lambda row: str(row["part"] or "")):
        run = list(group)
        found.append((part, at, run))
        at += len(run)
    return found


def _contents(rows: Sequence[Row], path: str, own: Mapping[str, str]) -> list[Link]:
    """Where each part begins, on whichever page."""
    links = []
    for part, at, _ in _runs(rows):
        page = at // CLAIMS + 1
        url = address(path, {**own, "page": str(page)} if page > 1 else own)
        links.append(Link(heading_of(part), f"{url}#claim-{at + 1}"))
    return links


def _parts(rows: Sequence[Row], before: int, itself: str) -> list[Part]:
    return [
        Part(
            heading_of(part),
            f"part-{before + at + 1}",
            before + at + 1,
            [_claim(row, before + at + number, itself) for number, row in enumerate(run, 1)],
        )
        for part, at, run in _runs(rows)
    ]


def _claim(row: Row, number: int, itself: str) -> Claim:
    """A claim; what is said of the document itself needs no name."""
    part = f"{row['part']}, "
    held = " to ".join(filter(None, (row["holds_from"], row["holds_to"])))
    others = f" and {row['speakers'] - 1} more" if (row["speakers"] or 0) > 1 else ""
    notes = [
        f"holds from {held}" if held else "",
        f"said by {row['stated_by']}{others}"
        if row["stated_by"] not in {None, row["subject"]}
        else "",
        f"evidence: {row['grade']}" if row["grade"] else "",
    ]
    return Claim(
        f"claim-{number}",
        local(row["claim"]),
        "" if row["subject_iri"] in {itself, None} else row["subject"] or "",
        local(row["subject_iri"]) if row["subject_iri"] else "",
        row["statement"],
        row["kind"],
        row["locator"].removeprefix(part),
        [note for note in notes if note],
        row["conflicts"] or 0,
        local(row["conflict"]) if row["conflict"] else "",
    )
