"""The addresses of the explorer: each page is a function of the service and the request."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from careatlas.service.documents import READ
from careatlas.service.explorer import groups, makers, trusts, undertakings
from careatlas.service.explorer.catalogue import questions_page
from careatlas.service.explorer.conflicts import conflicts_page
from careatlas.service.explorer.documents_page import document_page
from careatlas.service.explorer.editor import editor_page, editor_terms
from careatlas.service.explorer.files import static_file
from careatlas.service.explorer.finding import search_page
from careatlas.service.explorer.home import home_page
from careatlas.service.explorer.lists import (
    places_page,
    products_page,
    trusts_page,
    vendors_page,
)
from careatlas.service.explorer.matrix import matrix_page
from careatlas.service.explorer.method import method_page
from careatlas.service.explorer.network import network_csv, network_data, network_page
from careatlas.service.explorer.page import for_people
from careatlas.service.explorer.question import question_page
from careatlas.service.explorer.releases import compare_page, releases_page
from careatlas.service.explorer.sources import sources_page
from careatlas.service.explorer.ways import ways_page
from careatlas.service.state import Service

PAGES: dict[str, Callable[[Service, Request], Awaitable[Response]]] = {
    "/": home_page,
    "/about/doc/{key}": document_page,
    "/conflicts": conflicts_page,
    "/editor": editor_page,
    "/matrix": matrix_page,
    "/places": places_page,
    "/products": products_page,
    "/trusts": trusts_page,
    "/vendors": vendors_page,
    "/method": method_page,
    "/questions": questions_page,
    "/questions/{name}": question_page,
    "/network": network_page,
    "/releases": releases_page,
    "/releases/compare": compare_page,
    "/routes": ways_page,
    "/search": search_page,
    "/sources": sources_page,
}


def router(service: Service) -> APIRouter:
    """The routes of the explorer."""
    groups.install()
    makers.install()
    trusts.install()
    undertakings.install()
    routes = APIRouter(include_in_schema=False)
    for path, page in PAGES.items():
        _add(routes, service, path, page)

    @routes.api_route("/network/data.json", methods=READ)
    async def network(http: Request) -> Response:
        return await network_data(service, http)

    @routes.api_route("/network/links.csv", methods=READ)
    async def links(http: Request) -> Response:
        return await network_csv(service, http)

    @routes.api_route("/editor/terms.json", methods=READ)
    async def terms() -> Response:
        return editor_terms(service)

    @routes.api_route("/static/{name:path}", methods=READ)
    async def file(name: str) -> Response:
        return static_file(service, name)

    return routes


def _add(
    routes: APIRouter,
    service: Service,
    path: str,
    page: Callable[[Service, Request], Awaitable[Response]],
) -> None:
    @routes.api_route(path, methods=READ)
    @for_people
    async def shown(http: Request) -> Response:
        return await page(service, http)
