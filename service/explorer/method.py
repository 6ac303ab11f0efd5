"""The page about the method: how the graph is made, how it counts, what it does not know."""

import asyncio
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from pyoxigraph import BlankNode, RdfFormat, parse
from starlette.requests import Request
from starlette.responses import Response

from careatlas import ontology
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import SCHEME
from careatlas.service.documents import rows
from careatlas.service.explorer.links import local
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.state import Service

SCHEMES = ("status", "disclosure", "disclosure-detail", "evidence-grade", "conflict-resolution")
"""The schemes whose concepts the page explains."""
_FIRST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#first"
_REST = "http://www.w3.org/1999/02/22-rdf-syntax-ns#rest"
_MEMBERS = "http://www.w3.org/2004/02/skos/core#memberList"
_CONCEPTS = """
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT ?concept ?label ?definition WHERE {
  ?concept skos:inScheme <%s> ; skos:prefLabel ?label ; skos:definition ?definition .
}
ORDER BY ?label ?concept
"""


class Concept(NamedTuple):
    """A word of a scheme, and what it means."""

    label: str
    url: str
    means: str


async def method_page(service: Service, _: Request) -> Response:
    """How the graph is made, and how to read it."""
    release = service.current()

    async def make() -> str:
        schemes = await asyncio.gather(*(_concepts(service, release, one) for one in SCHEMES))
        outcome, sources = await asyncio.gather(
            *(service.json(ask_job(release, name, {})) for name in ("cohort-outcome", "sources"))
        )
        adoption = get("adoption")
        return render(
            "method.html",
            title="About the method",
            schemes=dict(zip((name.replace("-", "_") for name in SCHEMES), schemes, strict=True)),
            cohort=outcome["cohort"],
            rule=adoption.description,
            not_known=_unique(
                outcome["not_known"],
                adoption.not_known,
                get("conflicts").not_known,
                sources["not_known"],
            ),
            documents=len(sources["rows"]),
            release=release.name,
            as_of=release.manifest["as_of"],
        )

    return document(service, release, {"page": "/method"}, make)


def _unique(*gaps: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(gap for several in gaps for gap in several))


async def _concepts(service: Service, release: Release, scheme: str) -> list[Concept]:
    """The concepts of a scheme, in its own order where it has one, else by name."""
    found = await rows(service, release, _CONCEPTS % f"{SCHEME}{scheme}")
    order = {iri: at for at, iri in enumerate(await asyncio.to_thread(_in_order, scheme))}
    ordered = sorted(
        found,
        key=lambda one: (order.get(one["concept"]["value"], len(order)), one["label"]["value"]),
    )
    return [
        Concept(one["label"]["value"], local(one["concept"]["value"]), one["definition"]["value"])
        for one in ordered
    ]


@lru_cache(maxsize=len(SCHEMES))
def _in_order(scheme: str) -> tuple[str, ...]:
    """The concepts of a scheme in the order that its ordered collection gives, if it has one."""
    first, rest, heads = {}, {}, []
    for file in ontology.files():
        if file.name != f"{scheme}.ttl":
            continue
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            if quad.predicate.value == _FIRST:
                first[quad.subject] = quad.object
            elif quad.predicate.value == _REST:
                rest[quad.subject] = quad.object
            elif quad.predicate.value == _MEMBERS:
                heads.append(quad.object)
    found: list[str] = []
    for head in heads:
        at: Any = head
        while isinstance(at, BlankNode) and at in first:
            found.append(str(getattr(first[at], "value", "")))
            at = rest.get(at)
    return tuple(found)
