"""The pages of the releases that are kept, and of what changed between two of them."""

import asyncio
from collections.abc import Mapping
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.release import Release
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.documents_page import Link
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.tables import Column, View
from careatlas.service.history import Compared, pair, summary, tallied
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

MOST = 500
"""So many changes are shown; the API has all."""
_HEADS = (
    Column("thing", "What", "string"),
    Column("change", "Change", "string"),
    Column("before", "Before", "string"),
    Column("after", "After", "string"),
    Column("source", "Source", "string"),
)


class Entry(NamedTuple):
    """A release that is kept."""

    name: str
    url: str
    current: bool
    updated: str
    as_of: str
    quads: int
    rows: int
    sources: int
    findings: str
    changes: str
    """Where it is compared with the one before it; nothing for the first."""


class Changes(NamedTuple):
    """What changed in things of one kind."""

    kind: str
    anchor: str
    counts: str
    view: View


async def releases_page(service: Service, _: Request) -> Response:
    """The releases, newest first, and a form that compares two."""
    current = service.current()
    kept = await asyncio.to_thread(service.releases.all)
    names = [one.name for one in kept]

    async def make() -> str:
        entries = await asyncio.to_thread(_entries, kept, current.name)
        return render(
            "releases.html",
            title="Releases",
            entries=entries,
            names=list(reversed(names)),
            before=names[-2] if len(names) > 1 else "",
            after=current.name,
        )

    return document(service, current, {"page": "/releases", "kept": names}, make)


def _entries(kept: list[Release], current: str) -> list[Entry]:
    earlier = [None, *kept[:-1]]
    found = []
    for one, before in reversed(list(zip(kept, earlier, strict=True))):
        says = summary(one.path)
        findings = [f"{name} {count}" for name, count in sorted(says["findings"].items())]
        compared = {"before": before.name, "after": one.name} if before else {}
        found.append(
            Entry(
                one.name,
                f"/api/releases/{one.name}",
                one.name == current,
                says["updated"].replace("T", " ").removesuffix("Z"),
                says["as_of"] or "",
                says["quads"],
                says["rows"],
                says["sources"],
                ", ".join(findings),
                address("/releases/compare", compared) if compared else "",
            )
        )
    return found


async def compare_page(service: Service, http: Request) -> Response:
    """What changed between two releases.

    Raises:
        Problem: there are no two to compare.
    """
    given = {k: v.strip() for k, v in parameters(http.scope["query_string"]) if v.strip()}
    kept = await asyncio.to_thread(service.releases.all)
    names = [one.name for one in reversed(kept)]
    try:
        wanted = Compared(before=_known(given, "before"), after=_known(given, "after"))
        before, after = await asyncio.to_thread(pair, service, wanted)
    except Problem as problem:
        text = render(
            "compare.html",
            title="What changed",
            names=names,
            before=given.get("before", ""),
            after=given.get("after", ""),
            problem=problem.detail,
            answer=None,
        )
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})
    job = {"do": "diff", "releases": [str(before.path), str(after.path)], "encoding": None}
    found = await service.json(job)
    known = await asyncio.to_thread(names_of, after)

    async def make() -> str:
        answer = await asyncio.to_thread(_answer, before, after, found, known)
        return render(
            "compare.html",
            title="What changed",
            names=names,
            before=before.name,
            after=after.name,
            problem=None,
            answer=answer,
        )

    subject = {"page": "/releases/compare", "before": before.name, "kept": names}
    return document(service, after, subject, make)


def _known(given: Mapping[str, str], name: str) -> str | None:
    if stray := sorted(set(given) - {"before", "after"}):
        raise Problem(422, "wrong-parameter", f"The page has no field {stray[0][:80]!r}.")
    value = given.get(name)
    if value is not None and not (value.isascii() and value.isalnum() and len(value) <= 64):  # noqa: PLR2004
        raise Problem(404, "no-such-release", f"No release is called {value[:80]!r}.")
    return value


def _answer(
    before: Release, after: Release, found: Mapping[str, Any], names: Names
) -> dict[str, Any]:
    changes = found["changes"]
    counts = tallied(dict(found))["counts"]
    titles = after.manifest["sources"] | before.manifest["sources"]
    parts = []
    for kind, group in groupby(changes[:MOST], key=lambda one: str(one["kind"])):
        said = ", ".join(f"{count} {change}" for change, count in counts[kind].items())
        rows = [_row(one, names, titles) for one in group]
        heads = [Column("subject", "Whose", "string"), *_HEADS]
        parts.append(Changes(kind, f"kind-{kind}", said, View(heads, rows)))
    both = {"before": before.name, "after": after.name}
    return {
        "parts": parts,
        "total": len(changes),
        "shown": min(MOST, len(changes)),
        "csv": address("/api/diff", both | {"format": "csv", "limit": "1000"}),
        "json": address("/api/diff", both),
        "back": Link("the other way round", address("/releases/compare", _turned(both))),
    }


def _turned(both: Mapping[str, str]) -> dict[str, str]:
    return {"before": both["after"], "after": both["before"]}


def _row(
    one: Mapping[str, str], names: Names, titles: Mapping[str, Mapping[str, Any]]
) -> list[Cell]:
    subject = names.thing(("organisation", "trust", "vendor"), one["subject"])
    source = one["source"]
    title = (titles.get(source) or {}).get("title") or source
    return [
        Cell(one["subject"], local(subject) if subject else None),
        Cell(one["thing"]),
        Cell(one["change"]),
        Cell(one["before"]),
        Cell(one["after"]),
        Cell(title, f"/about/doc/{quote(source)}" if source in titles else None, one["locator"]),
    ]
