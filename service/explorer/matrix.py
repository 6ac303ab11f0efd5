"""The matrix: who has what as a table of rows and columns, from one answer of the catalogue."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.release import Release
from careatlas.service import cards
from careatlas.service.asking import LONGEST_NAME
from careatlas.service.explorer.forms import Option, address
from careatlas.service.explorer.grid import (
    Grid,
    answered,
    evidence,
    grid,
    heads,
    letters,
    signs,
)
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.problems import Problem
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

QUESTION = "adoption-matrix"
FEW = 40
"""So many columns are shown, the fullest, until all are asked for."""
AXES = {
    "rows": (("trust", "Trusts"), ("region", "Regions"), ("network", "Networks")),
    "columns": (("product", "Products"), ("vendor", "Suppliers"), ("domain", "Clinical domains")),
}
"""What the rows and the columns can be; the first is meant where nothing is said."""
_FILTERS = {
    "domain": ("capability", "clinical-domain", "Clinical domain"),
    "region": ("region", "region", "Region"),
    "status": ("status", "status", "Status"),
    "network": ("network", "network", "Network"),
    "icb": ("icb", "icb", "Integrated care board"),
}
"""What narrows it: the parameter of the question, the kind of name, and what people call it."""
_OF_TRUSTS = ("region", "network", "icb")
_WORDS = dict(pair for pairs in AXES.values() for pair in pairs)


class Choice(NamedTuple):
    """A field from which one value is chosen."""

    name: str
    label: str
    value: str
    options: list[Option]


class Shown(NamedTuple):
    """The matrix as its page shows it."""

    grid: Grid
    caption: str
    first: str
    trusts: int
    reports: int
    columns_left: int
    rows_left: int
    everything: str
    less: str
    legend: list[tuple[str, str, str]]
    signs: list[tuple[str, str, str]]
    question: str
    csv: str
    not_known: list[str]


async def matrix_page(service: Service, http: Request) -> Response:
    """The matrix and the form that narrows it."""
    pairs = parameters(http.scope["query_string"])
    given = {name: value.strip() for name, value in pairs if value.strip()}
    release = service.current()
    names = await asyncio.to_thread(names_of, release)
    try:
        checked(given)
        card = await service.json(ask_job(release, QUESTION, asked(given)))
        trusts = await _trusts(service, release, given)
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - what a field can be wrong with
            raise
        text = _rendered(given, names, None, problem.detail)
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})

    async def make() -> str:
        return await asyncio.to_thread(
            lambda: _rendered(given, names, shown(given, names, card, trusts))
        )

    return document(service, release, {"page": "/matrix", "given": given}, make)


def checked(given: Mapping[str, str]) -> None:
    """See that only what the page takes was given.

    Raises:
        Problem: something else was.
    """
    for name, value in given.items():
        if name not in AXES and name not in _FILTERS and name != "show":
            raise Problem(422, "wrong-parameter", f"The matrix has no field {name[:80]!r}.")
        if len(value) > LONGEST_NAME:
            raise Problem(422, "wrong-parameter", f"{name} has at most {LONGEST_NAME} characters")
    for name, options in AXES.items():
        if given.get(name, options[0][0]) not in dict(options):
            known = ", ".join(value for value, _ in options)
            raise Problem(422, "wrong-parameter", f"{name} is one of {known}")
    if given.get("show", "all") != "all":
        raise Problem(422, "wrong-parameter", "show is all, or is left out")


def asked(given: Mapping[str, str]) -> dict[str, str]:
    """The values of the question that give what was asked for."""
    narrowed = {_FILTERS[name][0]: given[name] for name in _FILTERS if name in given}
    axes = {"by": _axis(given, "rows"), "of": _axis(given, "columns")}
    return axes | narrowed


def _axis(given: Mapping[str, str], name: str) -> str:
    return given.get(name, AXES[name][0][0])


async def _trusts(
    service: Service, release: Release, given: Mapping[str, str]
) -> list[dict[str, Any]]:
    """The trusts that can be rows, with what each answered."""
    if _axis(given, "rows") != "trust":
        return []
    values = {name: given[name] for name in _OF_TRUSTS if name in given}
    card = await service.json(ask_job(release, "trusts", values))
    found: list[dict[str, Any]] = card["rows"]
    return found


def shown(
    given: Mapping[str, str], names: Names, card: dict[str, Any], trusts: list[dict[str, Any]]
) -> Shown:
    """The rows and columns that are shown, and what is left out."""
    by, of = _axis(given, "rows"), _axis(given, "columns")
    everything = "show" in given
    rows, columns = heads(card, "row"), heads(card, "column")
    left = 0
    if by == "trust":
        still_open = [row for row in trusts if not row["closed"]]
        whole = answered(rows, trusts, still_open)
        left = len(whole) - len(rows)
        rows = whole if everything else answered(rows, trusts, [])
    named = [one for one in columns if one.url]
    kept = (named if everything else named[:FEW]) + [one for one in columns if not one.url]
    narrowed = {_FILTERS[name][0]: given[name] for name in _FILTERS if name in given}
    made = grid(card, rows, kept, evidence(by, of, narrowed, names))
    total = next((row for row in card["rows"] if row["level"] == "all"), None)
    own = {name: value for name, value in given.items() if name != "show"}
    return Shown(
        made,
        f"{_WORDS[by]} by {_WORDS[of].lower()}: what is reported, in any status",
        _WORDS[by],
        total["trusts"] if total else 0,
        total["reports"] if total else 0,
        len(columns) - len(kept),
        0 if everything else left,
        address("/matrix", {**own, "show": "all"}),
        address("/matrix", own),
        letters(card),
        signs(made),
        address(f"/questions/{QUESTION}", asked(given)),
        address(
            f"/api/questions/{QUESTION}", asked(given) | {"format": "csv", "limit": str(cards.MOST)}
        ),
        card["not_known"],
    )


def _rendered(
    given: Mapping[str, str], names: Names, found: Shown | None, problem: str | None = None
) -> str:
    narrowed = [(_FILTERS[name][2], given[name]) for name in _FILTERS if name in given]
    return render(
        "matrix.html",
        title="The matrix: who has what",
        found=found,
        problem=problem,
        choices=_choices(given, names),
        carried=[(name, given[name]) for name in ("network", "icb", "show") if name in given],
        narrowed=narrowed,
    )


def _choices(given: Mapping[str, str], names: Names) -> list[Choice]:
    found = [
        Choice(name, name.capitalize(), _axis(given, name), [Option(*pair) for pair in options])
        for name, options in AXES.items()
    ]
    for name in ("domain", "region", "status"):
        _, kind, label = _FILTERS[name]
        there = [Option(names.to_type(kind, iri), text) for text, iri in names.all(kind)]
        typed = given.get(name, "")
        iri = names.meant(kind, typed) if typed else None
        value = names.to_type(kind, iri) if iri else typed
        found.append(Choice(name, label, value, [Option("", "any"), *there]))
    return found
