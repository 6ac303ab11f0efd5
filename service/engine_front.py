"""The service as a front to an engine elsewhere: its queries and questions are answered from there.

Invariant: a worker behind its walls reads the query, and writes the answer that the engine gave; the
service carries both. What a client gets was whole before its first byte went out, and comes from the
publication that the answer names.
"""

import asyncio
import logging
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Request, Response
from starlette.requests import Request as HttpRequest
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from careatlas.graph.engine import connected
from careatlas.graph.engine_errors import EngineError
from careatlas.graph.engine_wire import Reply
from careatlas.graph.release import Release
from careatlas.service import relay, wire
from careatlas.service.answering import send_problem
from careatlas.service.asking import add_questions
from careatlas.service.problems import Problem, of_engine
from careatlas.service.sparql import Sparql
from careatlas.service.state import Service, ServiceSettings
from careatlas.service.worker import PIECE

log = logging.getLogger("careatlas")
_ALWAYS = ("/health", "/metrics")
"""What is told whether or not the engine is there."""
_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


class EngineService(Service):
    """A service whose one release lies in an engine elsewhere.

    Raises:
        EngineError: the engine does not say what it holds.
    """

    def __init__(self, settings: ServiceSettings) -> None:
        super().__init__(settings)
        self.engine = connected(settings.engine, settings.limits.seconds)
        self.pool.asks = self._asked
        self._threads = ThreadPoolExecutor(settings.limits.most)
        self._watcher = ThreadPoolExecutor(1)
        self._looking: asyncio.Future[Problem | None] | None = None
        self._held = self._marked()

    def current(self) -> Release:
        """The release that the engine held when it was last looked at: its name and its path alone."""
        return self._held

    def release(self, name: str | None) -> Release:
        """The release of this name, if the engine holds it.

        Raises:
            Problem: it does not.
        """
        if name and not self._held.name.startswith(name):
            said = f"the engine of this service holds release {self._held.name} alone"
            raise Problem(404, "no-such-release", f"{said}: leave out release")
        return self._held

    async def look(self) -> None:
        """See what the engine holds now; those who come meanwhile see the same.

        Raises:
            Problem: it does not say.
        """
        if self._looking is None or self._looking.done():
            self._looking = asyncio.ensure_future(self._looked())
        if problem := await asyncio.shield(self._looking):
            raise problem

    async def _looked(self) -> Problem | None:
        try:
            loop = asyncio.get_running_loop()
            self._held = await loop.run_in_executor(self._watcher, self._marked)
        except EngineError as error:
            return _told(error)
        return None

    def _marked(self) -> Release:
        return Release(Path(relay.path(replace(self.engine))))

    async def _asked(self, wanted: dict[str, Any], seconds: float) -> Iterator[bytes]:
        """What the engine answers to a worker, as messages."""
        loop = asyncio.get_running_loop()
        try:
            reply = await loop.run_in_executor(self._threads, self._reply, wanted, seconds)
        except EngineError as error:
            return iter([wire.pack_json(wire.PROBLEM, _told(error).as_dict())])
        return _messages(reply)

    def _reply(self, wanted: dict[str, Any], seconds: float) -> Reply:
        given = wanted["given"]
        return self.engine.wire.read(self.engine.url, wanted["query"], given, seconds=seconds)


def _told(error: EngineError) -> Problem:
    log.warning("%s", error)
    return of_engine(error)


def _messages(reply: Reply) -> Iterator[bytes]:
    yield wire.pack_json(wire.HEAD, {"headers": reply.headers.multi_items()})
    while piece := reply.body.read(PIECE):
        yield wire.pack(wire.PIECE, piece)
    yield wire.pack(wire.END)


class Looking:
    """The middleware that has the engine looked at before a request is answered; plain ASGI."""

    def __init__(self, app: ASGIApp, service: EngineService) -> None:
        self.app = app
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or say why the engine cannot answer it."""
        if scope["type"] == "http" and scope["path"] not in _ALWAYS:
            try:
                await self.service.look()
            except Problem as problem:
                await send_problem(scope, send, problem)
                return
        await self.app(scope, receive, send)


class _Endpoint(Sparql):
    def described(self, http: HttpRequest) -> Response:
        """Nothing: what there is to describe lies in a folder.

        Raises:
            Problem: always.
        """
        raise Problem(400, "no-query", "give one query: ?query=… or by POST")


def add_front(app: FastAPI, service: EngineService) -> None:
    """Add the endpoint and the questions; everything else says where it can be had."""
    endpoint = _Endpoint(service)
    app.router.routes += [Route("/sparql", endpoint), Route("/sparql/", endpoint)]
    questions = APIRouter()
    add_questions(questions, service)
    app.include_router(questions)

    async def others(request: Request) -> Response:
        raise Problem(
            404,
            "not-at-an-engine",
            "this service asks an engine, and gives /sparql and /api/questions: for pages, exports "
            "and all else run `careatlas serve` on a folder of releases, without CAREATLAS_ENGINE",
        )

    app.add_api_route("/{path:path}", others, methods=_METHODS, include_in_schema=False)
