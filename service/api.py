"""`/api` as a whole; here are the exports and the sources."""

import asyncio
from difflib import get_close_matches
from enum import Enum
from typing import Annotated, Any, Literal
from uuid import uuid4

from fastapi import APIRouter, Path, Query, Request, Response

from careatlas.service import answering, media
from careatlas.service.asking import Source, add_questions
from careatlas.service.cards import OLDER, ReleaseName, optional
from careatlas.service.documents import Made, Streamed
from careatlas.service.feed import add_feeds
from careatlas.service.finding import add_search
from careatlas.service.history import add_diff, add_releases
from careatlas.service.problems import Problem
from careatlas.service.replies import HEADERS, PROBLEMS, Wanted, as_json, get, manifest, reply
from careatlas.service.routing import add_routes
from careatlas.service.state import Client, Service

EXTENSIONS = {"turtle": "ttl", "nquads": "nq", "csv": "csv.zip", "parquet": "parquet.zip"}
"""How a file of each format is called; a format without an entry is called by its own name."""
_FORMATS = media.EXPORTS | media.NETWORKS
ExportFormat = Enum("ExportFormat", {name: name for name in _FORMATS})  # type: ignore[misc]
ViewName = Literal["adoption", "trust-vendor", "trust-route-vendor", "peers", "ecosystem"]
ZIP = "application/zip"
_VIEW = "which network; as GEXF, GraphML, CSV and Parquet adoption, as RDF all, unless said"
_PATIENCE = 6
"""An export may take so many times as long as a question: its size is that of the release."""
_DOCUMENT_IRI = "https://w3id.org/careatlas/id/doc/"

OlderRelease = Annotated[ReleaseName, Query(description=OLDER)]


class SourceEntry(Source):
    """A document, register or notice that statements rest on."""

    id: str
    iri: str


class OneSource(SourceEntry):
    """A source with what else is known of it."""

    sha256: str | None
    release: str


def router(service: Service) -> APIRouter:
    """All of `/api`."""
    routes = APIRouter()
    add_questions(routes, service)
    add_search(routes, service)
    add_routes(routes, service)
    add_releases(routes, service)
    add_diff(routes, service)
    _add_export(routes, service)
    _add_sources(routes, service)
    add_feeds(routes, service)
    return routes


def _add_export(routes: APIRouter, service: Service) -> None:
    async def export(
        request: Request,
        kind: Annotated[ExportFormat, Path(alias="format")],
        view: Annotated[
            ViewName | None, Query(description=_VIEW, json_schema_extra=optional)
        ] = None,
        release: OlderRelease = None,
    ) -> Response:
        chosen = service.release(release)
        form = str(kind.value)
        accepted = request.headers.get("accept-encoding")
        job = {
            "do": "export",
            "releases": [str(chosen.path)],
            "format": form,
            "view": view,
            "encoding": None if _FORMATS[form] == ZIP else media.encoding(accepted),
        }
        name = f"careatlas-{view}-{chosen.name}" if view else f"careatlas-{chosen.name}"
        file = f"{name}.{EXTENSIONS.get(form, form)}"
        headers = [
            ("vary", "Accept-Encoding"),
            ("dataset-version", chosen.name),
            ("content-disposition", f'attachment; filename="{file}"'),
        ]
        address = request.client.host if request.client else ""
        seconds = _PATIENCE * service.settings.limits.seconds
        client = Client(uuid4().hex, address)
        return Streamed(service, answering.Request(job, client, seconds, headers=headers))

    content = {
        kind: {"schema": {} if kind == "application/ld+json" else {"type": "string"}}
        for kind in _FORMATS.values()
    }
    get(
        routes,
        "/api/export/{format}",
        export,
        ["view", "release"],
        tags=["releases"],
        summary="A release, or a view of it as a network, as a file",
        operation_id="export",
        response_class=Response,
        responses={200: {"content": content, "headers": HEADERS}} | PROBLEMS,
    )


def _source(key: str, says: dict[str, Any]) -> dict[str, Any]:
    known = {name: says.get(name) for name in ("title", "url", "published", "licence")}
    return {"id": key, "iri": _DOCUMENT_IRI + key} | known


def _add_sources(routes: APIRouter, service: Service) -> None:
    async def sources(request: Request, release: OlderRelease = None) -> Response:
        chosen = service.release(release)
        wanted = Wanted(
            {"sources": str(chosen.path)}, release=chosen.name, pinned=release is not None
        )

        async def make() -> Made:
            known = await asyncio.to_thread(manifest, chosen)
            return Made(as_json([_source(*one) for one in sorted(known["sources"].items())]))

        return await reply(service, request, wanted, make)

    async def one(
        request: Request,
        key: Annotated[str, Path(alias="id")],
        release: OlderRelease = None,
    ) -> Response:
        chosen = service.release(release)
        known = (await asyncio.to_thread(manifest, chosen))["sources"]
        if key not in known:
            nearest = get_close_matches(key[:80], known, n=4)
            said = f"no source is called {key[:80]!r}: see /api/sources"
            raise Problem(404, "no-such-source", said, nearest=nearest)
        body = _source(key, known[key]) | {
            "sha256": known[key].get("sha256"),
            "release": chosen.name,
        }
        wanted = Wanted(
            {"source": key, "of": str(chosen.path)}, release=chosen.name, pinned=release is not None
        )

        async def make() -> Made:
            return Made(as_json(body))

        return await reply(service, request, wanted, make)

    described: dict[str, Any] = {"tags": ["sources"], "responses": PROBLEMS}
    get(
        routes,
        "/api/sources",
        sources,
        ["release"],
        summary="The documents, registers and notices that statements rest on",
        operation_id="list_sources",
        response_model=list[SourceEntry],
        **described,
    )
    get(
        routes,
        "/api/sources/{id}",
        one,
        ["release"],
        summary="One source",
        operation_id="source",
        response_model=OneSource,
        **described,
    )
