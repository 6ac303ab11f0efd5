"""The addresses of the explorer: each page is a function of the service and the request."""

from collections.abc import Awaitable, Callable

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from careatlas.service.documents import READ
from careatlas.service.explorer.catalogue import questions_page
from careatlas.service.explorer.files import static_file
from careatlas.service.explorer.finding import search_page
from careatlas.service.explorer.home import home_page
from careatlas.service.explorer.page import for_people
from careatlas.service.explorer.question import question_page
from careatlas.service.state import Service

PAGES: dict[str, Callable[[Service, Request], Awaitable[Response]]] = {
    "/": home_page,
    "/questions": questions_page,
    "/questions/{name}": question_page,
    "/search": search_page,
}


def router(service: Service) -> APIRouter:
    """The routes of the explorer."""
    routes = APIRouter(include_in_schema=False)
    for path, page in PAGES.items():
        _add(routes, service, path, page)

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
