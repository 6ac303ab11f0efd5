"""The network: things and their links as a picture to look at and as lists to read."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.asking import LONGEST_NAME
from careatlas.service.cards import csv_text
from careatlas.service.documents import Document
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.forms import Option, address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.selection import (
    KINDS,
    LINKS,
    NARROWING,
    Choice,
    Row,
    chosen,
    graph,
    things,
)
from careatlas.service.explorer.subject import ask_job
from careatlas.service.explorer.tables import Column, View, heading
from careatlas.service.problems import Problem
from careatlas.service.replies import RELEASE, as_json
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

QUESTION = "network-links"
ROWS = 50
"""Claims of one page of the list."""
NONE = "none"
"""Given as a kind, it says that only those given beside it are meant, if any."""
_SEVERAL = {"kind": KINDS, "link": LINKS}
_COLUMNS = {
    "from": "From",
    "link": "Link",
    "to": "To",
    "status": "Status",
    "detail": "As stated",
    "reported": "Reported",
    "source": "Source",
}
_DAYS = ("as_of", "known_by")
_WHOLE = (*_DAYS, "release")
"""What also decides on what the browser gets, which narrows it by itself."""


class Asked(NamedTuple):
    """What a request asks for."""

    choice: Choice
    release: Release
    page: int
    pairs: list[tuple[str, str]]
    """The parameters that decide on what is shown, in one order."""

    def address(self, path: str, **more: str) -> str:
        """Another address with the same choice."""
        pairs = [*self.pairs, *more.items()]
        return f"{path}?{urlencode(pairs)}" if pairs else path


class Group(NamedTuple):
    """The things of one kind."""

    kind: str
    title: str
    things: list[Cell]


class Select(NamedTuple):
    """A field in which one value is chosen."""

    name: str
    label: str
    any: str
    value: str
    options: list[Option]


async def network_page(service: Service, http: Request) -> Response:
    """The network with the form that narrows it, and the list of what is shown.

    Raises:
        Problem: a parameter is wrong.
    """
    asked = read(service, http)
    card, rows = await _shown(service, asked)

    async def make() -> str:
        days = {name: day for name, day in asked.choice.values.items() if name in _DAYS}
        everything = await _answer(service, asked, days)
        return await asyncio.to_thread(_rendered, asked, card, rows, everything["rows"])

    subject = {"page": "/network", "given": asked.pairs, "at": asked.page}
    return document(service, asked.release, subject, make)


async def network_data(service: Service, http: Request) -> Response:
    """What is shown as JSON, for the picture.

    Raises:
        Problem: a parameter is wrong.
    """
    asked = read(service, http)

    async def make() -> bytes:
        card, rows = await _shown(service, asked)
        about = {"release": card["release"], "question": f"/questions/{QUESTION}"}
        return await asyncio.to_thread(lambda: as_json(about | graph(rows, card["sources"])))

    return _file(service, asked, "application/json", make)


async def network_csv(service: Service, http: Request) -> Response:
    """The rows of the catalogue's answer that are shown, as CSV.

    Raises:
        Problem: a parameter is wrong.
    """
    asked = read(service, http)

    async def make() -> bytes:
        _, rows = await _shown(service, asked)
        return csv_text(list(get(QUESTION).columns), rows).encode()

    return _file(service, asked, "text/csv", make)


def _file(
    service: Service, asked: Asked, kind: str, make: Callable[[], Awaitable[bytes]]
) -> Document:
    subject = {"network": asked.pairs, "release": asked.release.name}
    return Document(service, subject, kind, make, [("dataset-version", asked.release.name)])


def read(service: Service, http: Request) -> Asked:
    """What a request asks for; an empty field narrows nothing.

    Raises:
        Problem: a parameter is unknown, is given twice, or is no value.
    """
    given: dict[str, str] = {}
    several: dict[str, set[str]] = {}
    for name, value in parameters(http.scope["query_string"]):
        if name in _SEVERAL:
            _known(name, value)
            several.setdefault(name, set()).add(value)
        elif name not in (*NARROWING, *_DAYS, "release", "page"):
            raise Problem(422, "wrong-parameter", f"The network has no field {name[:80]!r}.")
        elif name in given:
            raise Problem(422, "wrong-parameter", f"{name} is given more than once.")
        elif len(value) > LONGEST_NAME:
            raise Problem(422, "wrong-parameter", f"{name}: at most {LONGEST_NAME} characters.")
        elif value.strip():
            given[name] = value.strip()
    page, release = given.pop("page", "1"), given.pop("release", None)
    if not re.fullmatch(r"[1-9][0-9]{0,5}", page):
        raise Problem(422, "wrong-parameter", f"{page[:80]!r} is no page.")
    if release is not None and not re.fullmatch(RELEASE, release):
        raise Problem(404, "no-such-release", f"No release is called {release[:80]!r}.")
    kinds = {name: _those(name, several.get(name)) for name in _SEVERAL}
    pairs = [(name, one) for name in _SEVERAL for one in _canonical(name, kinds[name])]
    pairs += [(name, given[name]) for name in (*NARROWING, *_DAYS) if name in given]
    if release:
        pairs.append(("release", release))
    choice = Choice(kinds["kind"], kinds["link"], given)
    return Asked(choice, service.release(release), int(page), pairs)


def _known(name: str, value: str) -> None:
    if value not in _SEVERAL[name] and value != NONE:
        known = ", ".join([*_SEVERAL[name], NONE])
        raise Problem(422, "wrong-parameter", f"{name}: {value[:80]!r} is none of {known}.")


def _those(name: str, given: set[str] | None) -> frozenset[str]:
    return frozenset(_SEVERAL[name]) if given is None else frozenset(given - {NONE})


def _canonical(name: str, those: frozenset[str]) -> list[str]:
    """How a set of kinds is written: not at all where it is everything."""
    if those == frozenset(_SEVERAL[name]):
        return []
    return [one for one in _SEVERAL[name] if one in those] or [NONE]


async def _shown(service: Service, asked: Asked) -> tuple[dict[str, Any], list[Row]]:
    card = await _answer(service, asked, asked.choice.values)
    return card, await asyncio.to_thread(chosen, card["rows"], asked.choice)


async def _answer(service: Service, asked: Asked, values: Mapping[str, str]) -> dict[str, Any]:
    return await service.json(ask_job(asked.release, QUESTION, dict(values)))


def _rendered(
    asked: Asked, card: dict[str, Any], rows: Sequence[Row], everything: Sequence[Row]
) -> str:
    count = max(1, -(-len(rows) // ROWS))
    here = min(asked.page, count)
    part = rows[(here - 1) * ROWS : here * ROWS]
    values = asked.choice.values
    whole = Asked(asked.choice, asked.release, 1, [p for p in asked.pairs if p[0] in _WHOLE])
    return render(
        "network.html",
        title="The network",
        question=get(QUESTION),
        kinds=[(key, said, key in asked.choice.kinds) for key, said in KINDS.items()],
        links=[(key, said, key in asked.choice.links) for key, said in LINKS.items()],
        selects=[_select(name, values.get(name, ""), everything, card) for name in NARROWING],
        days=[(name, heading(name), values.get(name, "")) for name in _DAYS],
        pinned=dict(asked.pairs).get("release"),
        data=whole.address("/network/data.json"),
        narrowed=[(heading(name), value) for name, value in asked.pairs if name != "release"],
        groups=_groups(rows),
        total=len(rows),
        view=_table(part, card["sources"]),
        first=(here - 1) * ROWS + 1,
        last=(here - 1) * ROWS + len(part),
        pages=[
            (at, asked.address("/network", page=str(at)), at == here) for at in range(1, count + 1)
        ],
        csv=asked.address("/network/links.csv"),
        json=asked.address("/network/data.json"),
        catalogue=address(f"/questions/{QUESTION}", values),
        release=card["release"],
    )


def _select(name: str, typed: str, everything: Sequence[Row], card: dict[str, Any]) -> Select:
    """A field with what occurs; a name that was typed is the one of the rows that it narrowed."""
    there = sorted({row[name] for row in everything if row[name]})
    meant = {row[name] for row in card["rows"] if row[name] and row["link"] in {"use", "route"}}
    value = typed if typed in there or not typed or len(meant) != 1 else next(iter(meant))
    options = [Option(one, one.replace("-", " ") if name == "status" else one) for one in there]
    if value and value not in there:
        options.append(Option(value, value))
    return Select(name, heading(name), f"any {name}", value, options)


def _groups(rows: Sequence[Row]) -> list[Group]:
    found = things(rows)
    return [
        Group(kind, said, [Cell(one["label"], one["id"]) for one in found if one["kind"] == kind])
        for kind, said in KINDS.items()
        if any(one["kind"] == kind for one in found)
    ]


def _table(rows: Sequence[Row], sources: Mapping[str, Mapping[str, Any]]) -> View:
    """Claims as a table; what a claim says besides the link stands in one column."""
    types = get(QUESTION).columns
    return View(
        [Column(name, said, types[name]) for name, said in _COLUMNS.items()],
        [
            [
                Cell(row["from"], local(row["from_thing"])),
                Cell(LINKS[row["link"]]),
                Cell(row["to"], local(row["to_thing"])),
                Cell(row["status"] or ""),
                Cell(", ".join(one for one in (row["route_type"], row["detail"]) if one)),
                Cell(row["reported"] or ""),
                Cell(
                    sources[row["source"]].get("title") or row["source"],
                    f"/about/doc/{quote(row['source'])}",
                    row["locator"],
                ),
            ]
            for row in rows
        ],
    )
