"""The page of the ways by which a trust could get something: a form, and the ranked list."""

import asyncio
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.release import Release
from careatlas.graph.route_rules import RULES
from careatlas.graph.routes import SOUGHT
from careatlas.service import cards
from careatlas.service.asking import LONGEST_NAME
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.forms import Field, Near, Option, address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.question import release_of
from careatlas.service.explorer.rendering import render
from careatlas.service.problems import Problem
from careatlas.service.routing import route_job
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

SHOWN = 50
"""So many ways are shown; all are in the files."""
TITLE = "How could a trust get something"
_FIELDS = {
    "for": ("Trust", "who asks: a name, an abbreviation or an ODS code"),
    "to": ("What it seeks", "a product, a use such as stroke imaging, or a clinical domain"),
    "as_of": ("As of", "only what was true on this day"),
    "known_by": ("Known by", "only what had been reported by this day"),
}
_KINDS = {
    "precedent": "Precedent",
    "instrument": "Open instrument",
    "study": "Study",
    "programme": "Programme",
}


class Way(NamedTuple):
    """A way as its page shows it."""

    rank: int
    kind: str
    name: Cell
    sentence: str
    instead: str
    warnings: list[tuple[str, Cell]]
    not_known: list[str]
    evidence: list[tuple[Cell, Cell]]


async def ways_page(service: Service, http: Request) -> Response:
    """The form, and the ways for what was typed into it, or what is wrong beside its field.

    Raises:
        Problem: there is no answer, for a reason that no field has.
    """
    pairs = parameters(http.scope["query_string"])
    given = {name: value.strip() for name, value in pairs if value.strip()}
    release = release_of(service, given)
    names = await asyncio.to_thread(names_of, release)
    try:
        _check(given)
        values = {name: value for name, value in given.items() if name in _FIELDS}
        asked = "for" in values and "to" in values
        found = await service.json(route_job(release, values)) if asked else None
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - what a field can be wrong with
            raise
        text = _rendered(given, names, None, problem)
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})

    async def make() -> str:
        return await asyncio.to_thread(_rendered, given, names, found)

    return document(service, release, {"page": "/routes", "given": given}, make)


def _check(given: Mapping[str, str]) -> None:
    """See that the page has the fields that are given.

    Raises:
        Problem: it has not, or what is given is too long.
    """
    for name, value in given.items():
        if name not in _FIELDS and name != "release":
            raise Problem(422, "wrong-parameter", f"The page has no field {name[:80]!r}.")
        if len(value) > LONGEST_NAME:
            said = f"at most {LONGEST_NAME} characters"
            raise Problem(422, "wrong-parameter", said, field=name)


def sought_names(names: Names) -> list[str]:
    """The names of all that can be asked for."""
    return sorted({label for kind in SOUGHT for label, _ in names.all(kind)})


def _fields(given: Mapping[str, str], names: Names, problem: Problem | None) -> list[Field]:
    fields = []
    for name, (label, says) in _FIELDS.items():
        faulty = problem is not None and problem.extra.get("field") == name
        extra = problem.extra if problem and faulty else {}
        near = [*extra.get("nearest", ()), *extra.get("found", ())][:12]
        links = [Near(one, address("/routes", {**given, name: one})) for one in near]
        kind = "date" if name in {"as_of", "known_by"} else "text"
        offered = [Option(one, one) for one in sought_names(names)] if name == "to" else []
        told = problem.detail if problem and faulty else None
        fields.append(
            Field(
                name,
                f"field-{name.replace('_', '-')}",
                label,
                says,
                kind,
                "trust" if name == "for" else "",
                given.get(name, ""),
                offered,
                told,
                links,
            )
        )
    return fields


def _rendered(
    given: Mapping[str, str],
    names: Names,
    found: dict[str, Any] | None,
    problem: Problem | None = None,
) -> str:
    general = problem is not None and problem.extra.get("field") not in _FIELDS
    title = f"How could {found['for']} get {found['to']}" if found else TITLE
    return render(
        "ways.html",
        title=title,
        fields=_fields(given, names, problem),
        release=given.get("release"),
        problem=problem.detail if problem and general else None,
        answer=_answer(given, found) if found else None,
        rules=RULES,
    )


def _answer(given: Mapping[str, str], found: dict[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in given.items() if name != "release"}
    whole = dict(given) | {"limit": str(cards.MOST)}
    return {
        "trust": Cell(found["for"], local(found["for_iri"])),
        "sought": Cell(found["to"], local(found["to_iri"])),
        "says": found["says"],
        "precedent": found["precedent"],
        "own": [_stated(one, found) for one in found["own"]],
        "ways": [_way(one, found) for one in found["options"][:SHOWN]],
        "total": len(found["options"]),
        "not_known": found["not_known"],
        "release": found["release"],
        "csv": address("/api/routes", whole | {"format": "csv"}),
        "json": address("/api/routes", whole | {"format": "json"}),
        "pin": address("/routes", own | {"release": found["release"]}),
    }


def _way(one: Mapping[str, Any], found: Mapping[str, Any]) -> Way:
    asked = next(step.says for step in RULES[0].steps if step.name == one["asked"])
    return Way(
        one["rank"],
        _KINDS[one["kind"]],
        Cell(one["organisation"], local(one["iri"])),
        one["sentence"],
        "" if one["asked"] == "itself" else asked,
        [(warned["text"], _document(warned, found)) for warned in one["warnings"]],
        one["not_known"],
        [_stated(stated, found) for stated in one["evidence"]],
    )


def _stated(one: Mapping[str, str], found: Mapping[str, Any]) -> tuple[Cell, Cell]:
    return Cell(one["says"], local(one["claim"])), _document(one, found)


def _document(one: Mapping[str, str], found: Mapping[str, Any]) -> Cell:
    source = one["source"]
    title = found["sources"].get(source, {}).get("title") or source
    return Cell(title, f"/about/doc/{quote(source)}", one["locator"])


def of_release(release: Release) -> list[str]:
    """The names of all that can be asked for in a release."""
    return sought_names(names_of(release))
