"""The service as an ASGI application: its parts, its errors, its start and its end."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from http import HTTPStatus
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.routing import Route

from careatlas.service import api, graphs, mcp, things
from careatlas.service.answering import Told
from careatlas.service.documents import READ
from careatlas.service.engine_front import EngineService, Looking, add_front
from careatlas.service.explorer import routes as explorer
from careatlas.service.explorer.page import by_a_person, problem_page
from careatlas.service.front import Front, Gate, Meters
from careatlas.service.problems import Problem
from careatlas.service.sparql import Sparql, end_query, running_queries
from careatlas.service.state import Service, ServiceSettings

_FOR_PROGRAMS = ("/api/", "/sparql", "/mcp", "/data/", "/network/data", "/ready", "/metrics")
"""Where a problem is told as a document, whoever asks."""
EXPOSED = ["ETag", "Query-Id", "Dataset-Version", "Link", "Retry-After", "Content-Length"]


def create_app(settings: ServiceSettings) -> FastAPI:
    """The service on the releases of one home, or on the one of an engine elsewhere.

    Raises:
        EngineError: the engine does not say what it holds.
    """
    if settings.engine:
        front = EngineService(settings)
        app = _app(front, [Middleware(Looking, service=front)], nullcontext)
        add_front(app, front)
        return app
    service = Service(settings)
    tools = mcp.over_http(service)
    app = _app(service, [], tools.run)
    endpoint = Sparql(service)
    app.router.routes += [Route("/sparql", endpoint), Route("/sparql/", endpoint)]
    app.router.routes.append(Route("/mcp", tools))
    for part in (graphs, api, explorer, things):
        app.include_router(part.router(service))
    return app


def _app(
    service: Service,
    inner: list[Middleware],
    beside: Callable[[], AbstractAsyncContextManager[None]],
) -> FastAPI:
    """What every service has: its workers, what requests pass through, its errors, what operators ask."""
    settings, meters = service.settings, Meters(service)

    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        await asyncio.gather(service.pool.start(), asyncio.to_thread(app.openapi))
        try:
            async with beside():
                yield
        finally:
            await service.pool.stop()

    app = FastAPI(
        title="Careatlas",
        description="Who uses which AI in the English health service, how they got it, and how we know.",
        version=version("careatlas"),
        lifespan=life,
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        middleware=[
            Middleware(
                CORSMiddleware,
                allow_origins=["*"],
                allow_methods=["GET", "HEAD", "POST", "DELETE", "OPTIONS"],
                allow_headers=["*"],
                expose_headers=EXPOSED,
                max_age=86400,
            ),
            Middleware(Front, service=service, gate=Gate(settings), meters=meters),
            *inner,
        ],
        exception_handlers={
            Problem: _problem,
            HTTPException: _http_error,
            RequestValidationError: _wrong_parameters,
        },
    )
    app.state.service = service
    _operations(app, service, meters)
    return app


def _operations(app: FastAPI, service: Service, meters: Meters) -> None:
    @app.api_route("/health", methods=READ, include_in_schema=False)
    def health() -> PlainTextResponse:
        return PlainTextResponse("ok\n")

    @app.api_route("/ready", methods=READ, include_in_schema=False)
    def ready() -> JSONResponse:
        workers = len(service.pool.idle) + len(service.pool.running)
        if not workers:
            raise Problem(503, "no-worker", "no worker is up", retry_after=1)
        return JSONResponse({"release": service.current().name, "workers": workers})

    @app.api_route("/metrics", methods=READ, include_in_schema=False)
    def metrics() -> Response:
        meters.show_release(service.current().name)
        return Response(generate_latest(meters.registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/sparql/queries", include_in_schema=False)
    def queries(request: Request) -> list[dict[str, object]]:
        return running_queries(service, _address(request))

    @app.delete("/sparql/queries/{query_id}", status_code=204, include_in_schema=False)
    def end(request: Request, query_id: str) -> None:
        end_query(service, _address(request), query_id)


def _address(request: Request) -> str:
    return request.client.host if request.client else ""


async def _problem(http: Request, problem: Exception) -> Response:
    if not isinstance(problem, Problem):
        raise problem
    if _for_a_page(http):
        return await problem_page(http, problem)
    return Told(problem)


async def _http_error(http: Request, error: Exception) -> Response:
    if not isinstance(error, HTTPException):
        raise error
    phrase = HTTPStatus(error.status_code).phrase.lower().replace(" ", "-")
    problem = Problem(error.status_code, phrase, str(error.detail))
    if error.status_code == HTTPStatus.NOT_FOUND and _for_a_page(http):
        return await problem_page(http, Problem(404, phrase, "No page is at this address."))
    return Told(problem, (error.headers or {}).items())


def _for_a_page(http: Request) -> bool:
    """Whether a person looks at an address that is there for people too."""
    if http.app.state.service.settings.engine:
        return False
    return by_a_person(http) and not http.url.path.startswith(_FOR_PROGRAMS)


async def _wrong_parameters(_: Request, error: Exception) -> Response:
    if not isinstance(error, RequestValidationError):
        raise error
    found = [{"field": str(one["loc"][-1]), "problem": one["msg"]} for one in error.errors()]
    said = "; ".join(f"{one['field']}: {one['problem']}" for one in found)
    return Told(Problem(422, "wrong-parameter", said, field=found[0]["field"], errors=found))
