"""The home page: the state of the country, and the ways in."""

import asyncio
from typing import NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.answer import Cohort
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS
from careatlas.service.description import class_sizes
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.tables import Cell, view
from careatlas.service.explorer.things import ask_job
from careatlas.service.state import Service

WAYS = (
    ("/questions", "Questions", "the catalogue, each question a form with typed fields"),
    ("/sparql", "Query", "any question in SPARQL 1.1; other programs use the same address"),
    ("/api/questions", "Questions for programs", "each with typed parameters, as JSON or CSV"),
    ("/graphs", "Graphs", "every statement, by the source that makes it"),
    ("/def", "Terms", "what the classes, properties and schemes mean"),
    ("/.well-known/void", "Description", "the release, its sources and licences (VoID and DCAT)"),
    ("/api/openapi.json", "OpenAPI", "the description of the API for programs"),
    ("/api/releases", "Releases", "those that are kept, and what changed between them"),
    ("/api/changes.atom", "Feed", "what changed with each release"),
)
"""Where the data is: the address, its name, and what is there."""
_COUNTED = (
    ("NHSTrust", "trusts"),
    ("Company", "companies"),
    ("AISystem", "AI systems"),
    ("Deployment", "deployments"),
    ("SourceDocument", "documents"),
)
_EXAMPLES = (("trust", "A trust"), ("vendor", "A supplier"), ("product", "A product"))
_FIGURES = (
    ("asked", "trusts were asked"),
    ("uses", "say that they use AI"),
    ("denies", "say that they do not"),
    ("silent", "gave no answer"),
    ("not_asked", "other trusts were not asked"),
)


class Figure(NamedTuple):
    """A figure and what it counts."""

    value: int
    says: str


async def home_page(service: Service, _: Request) -> Response:
    """The state of the country, what changed, and the ways in."""
    release = service.current()

    async def make() -> str:
        return await _made(service, release)

    return document(service, release, {"page": "/"}, make)


async def _made(service: Service, release: Release) -> str:
    question = get("adoption")
    card = await service.json(ask_job(release, question.name, {}))
    sizes = await class_sizes(service, release)
    cohort = Cohort(**card["cohort"]) if card["cohort"] else None
    names = await asyncio.to_thread(names_of, release)
    ways = [Cell(name, url, says) for url, name, says in WAYS]
    examples = [
        Cell(rows[0][2], local(rows[0][1]), says)
        for kind, says in _EXAMPLES
        if (rows := release.labels.get(kind))
    ]
    return render(
        "home.html",
        title="Careatlas",
        figures=[Figure(getattr(cohort, name), says) for name, says in _FIGURES] if cohort else [],
        cohort=cohort.name if cohort else "",
        view=view(card, question, names, question.shown, slice(None)),
        title_of_table=question.title,
        ways=[*ways, *examples],
        release=release.name,
        as_of=release.manifest["as_of"],
        quads=release.manifest["quads"],
        records=release.manifest["records"],
        counts=[Figure(sizes.get(ATLAS + kind, 0), says) for kind, says in _COUNTED],
    )
