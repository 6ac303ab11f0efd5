"""Lists to browse: all trusts, suppliers and products, and the groups that trusts belong to."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.questions import get
from careatlas.service.asking import LONGEST_NAME
from careatlas.service.explorer.bars import KEY, Bar, bar
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.forms import Option, address
from careatlas.service.explorer.grid import ANSWERS
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.explorer.tables import View, view
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service


class Browsed(NamedTuple):
    """A list of things: the question that gives it, and what is shown of it."""

    title: str
    says: str
    question: str
    columns: tuple[str, ...]
    always: dict[str, str]
    """Values of the question that the list has until others are given."""
    filters: tuple[tuple[str, str], ...]
    """Parameters that narrow it, and what people call them."""


TRUSTS = Browsed(
    "Trusts",
    "All NHS trusts that are open, what each answered when it was asked whether it uses AI, and "
    "how much is reported of it from any source.",
    "trusts",
    (
        *("trust", "type", "region", "answer", "reports", "live", "vendors"),
        *("answer_source", "answer_locator"),
    ),
    {"open": "yes"},
    (("region", "Region"), ("type", "Type"), ("answer", "Answer"), ("open", "Open")),
)
VENDORS = Browsed(
    "Suppliers",
    "All suppliers of the catalogue, and the organisations that are reported to have anything of "
    "theirs.",
    "vendors",
    (
        *("vendor", "country", "state", "parent", "products", "mentioned", "trusts", "live"),
        *("source", "locator"),
    ),
    {},
    (),
)
PRODUCTS = Browsed(
    "Products",
    "All products of the catalogue, and the organisations that are reported to have them.",
    "products",
    (
        *("product", "vendor", "use_case", "domain", "mentioned", "trusts", "live"),
        *("source", "locator"),
    ),
    {},
    (("domain", "Clinical domain"),),
)


class Filter(NamedTuple):
    """A field that narrows a list."""

    name: str
    label: str
    value: str
    options: list[Option]


class Group(NamedTuple):
    """A region, a board or a network with its bar."""

    name: str
    url: str | None
    kind: str
    bar: Bar
    evidence: Cell
    """The answer of each of its trusts, or of one where no question lists them."""


async def trusts_page(service: Service, http: Request) -> Response:
    """All trusts with what each answered."""
    return await _browsed(service, http, TRUSTS)


async def vendors_page(service: Service, http: Request) -> Response:
    """All suppliers with their footprint."""
    return await _browsed(service, http, VENDORS)


async def products_page(service: Service, http: Request) -> Response:
    """All products with their footprint."""
    return await _browsed(service, http, PRODUCTS)


async def _browsed(service: Service, http: Request, what: Browsed) -> Response:
    pairs = parameters(http.scope["query_string"])
    given = {name: value.strip() for name, value in pairs}
    release = service.current()
    names = await asyncio.to_thread(names_of, release)
    values = {name: value for name, value in (what.always | given).items() if value}
    try:
        _check(what, given)
        card = await service.json(ask_job(release, what.question, values))
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - what a field can be wrong with
            raise
        text = _list(what, values, names, None, problem.detail)
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})

    async def make() -> str:
        return await asyncio.to_thread(_list, what, values, names, card)

    return document(service, release, {"page": what.title, "values": values}, make)


def _check(what: Browsed, given: Mapping[str, str]) -> None:
    known = {name for name, _ in what.filters}
    for name, value in given.items():
        if name not in known:
            raise Problem(422, "wrong-parameter", f"This list has no field {name[:80]!r}.")
        if len(value) > LONGEST_NAME:
            raise Problem(422, "wrong-parameter", f"{name} has at most {LONGEST_NAME} characters")


def _list(
    what: Browsed,
    values: Mapping[str, str],
    names: Names,
    card: dict[str, Any] | None,
    problem: str | None = None,
) -> str:
    question = get(what.question)
    found: View | None = None
    if card is not None:
        found = view(card, question, names, what.columns, slice(None))
    answers = [(name, says) for name, (_, says) in ANSWERS.items()]
    return render(
        "list.html",
        title=what.title,
        says=what.says,
        path=f"/{what.question}",
        view=found,
        caption=question.title,
        noun=what.question if found and len(found.rows) != 1 else what.question[:-1],
        filters=[_filter(what, one, values, names) for one in what.filters],
        question=address(f"/questions/{what.question}", values),
        csv=address(f"/api/questions/{what.question}", {**values, "format": "csv"}),
        not_known=card["not_known"] if card else [],
        answers=answers if what is TRUSTS else [],
        problem=problem,
    )


def _filter(
    what: Browsed, field: tuple[str, str], values: Mapping[str, str], names: Names
) -> Filter:
    name, label = field
    parameter = get(what.question).parameter[name]
    if parameter.values:
        options = [Option(one, one.replace("-", " ")) for one in parameter.values]
    else:
        there = names.all(parameter.type)
        options = [Option(names.to_type(parameter.type, iri), text) for text, iri in there]
    typed = values.get(name, "")
    iri = names.meant(parameter.type, typed) if typed and not parameter.values else None
    value = names.to_type(parameter.type, iri) if iri else typed
    return Filter(name, label, value, [Option("", "any"), *options])


async def places_page(service: Service, _: Request) -> Response:
    """The regions, boards and networks, with the bounds of what silence may hide."""
    release = service.current()

    async def make() -> str:
        regions, boards, networks = await asyncio.gather(
            service.json(ask_job(release, "adoption", {})),
            service.json(ask_job(release, "adoption", {"by": "icb"})),
            service.json(ask_job(release, "adoption-by-group", {"by": "network"})),
        )
        names = await asyncio.to_thread(names_of, release)
        tables = [
            ("regions", "Regions", "/questions/adoption", _groups(regions, names, "region")),
            (
                "boards",
                "Integrated care boards, as on the day of asking",
                "/questions/adoption?by=icb",
                _groups(boards, names, "icb"),
            ),
            (
                "networks",
                "Networks, alliances and groups",
                "/questions/adoption-by-group?by=network",
                _groups(networks, names, "network"),
            ),
        ]
        return render("places.html", title="Places and networks", tables=tables, key=KEY)

    return document(service, release, {"page": "/places"}, make)


def _groups(card: dict[str, Any], names: Names, kind: str) -> list[Group]:
    found = []
    for row in card["rows"]:
        iri = row["group_id"] if kind == "network" else names.thing((kind,), row["group"])
        evidence = Cell(row["locator"], f"/about/doc/{quote(row['source'])}")
        if iri and kind in names.kinds.get(iri, ()):
            listed = address("/questions/trusts", {kind: names.to_type(kind, iri)})
            evidence = Cell("each answer", listed)
        found.append(
            Group(
                row["group"],
                local(iri) if iri else None,
                row["kind"].replace("-", " ") if kind == "network" else "",
                bar(row),
                evidence,
            )
        )
    return found
