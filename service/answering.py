"""Answers over HTTP: kept ones at once, others streamed from a worker, problems as documents."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Iterable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from careatlas.service.media import content_type
from careatlas.service.problems import MEDIA, Problem
from careatlas.service.running import Running
from careatlas.service.state import KEPT_EACH, Client, Kept, Service, tag_of

log = logging.getLogger(__name__)
Headers = list[tuple[str, str]]


@dataclass
class Request:
    """A job that a client wants done, and how."""

    job: dict[str, Any]
    client: Client
    seconds: float
    kept: bool = True
    """Whether the answer is the same each time."""
    headers: Headers = field(default_factory=list)


def matches(header: str | None, tag: str) -> bool:
    """Whether `If-None-Match` names this tag."""
    if not header:
        return False
    return any(one.strip().removeprefix("W/") in {"*", f'"{tag}"'} for one in header.split(","))


async def send_bytes(
    scope: Scope, send: Send, status: int, headers: Headers, body: bytes = b""
) -> None:
    """Send a whole response; its body stays away where only the head was asked for."""
    whole = body if scope["method"] != "HEAD" else b""
    bodiless = status in {HTTPStatus.NOT_MODIFIED, HTTPStatus.NO_CONTENT}
    fields = headers if bodiless else [*headers, ("content-length", str(len(body)))]
    await _start(send, status, fields)
    await send({"type": "http.response.body", "body": whole})


async def send_problem(
    scope: Scope, send: Send, problem: Problem, headers: Iterable[tuple[str, str]] = ()
) -> None:
    """Send a problem document."""
    fields = [*headers, ("content-type", MEDIA), ("cache-control", "no-store")]
    if problem.retry_after is not None:
        fields.append(("retry-after", str(problem.retry_after)))
    if allow := problem.extra.get("allow"):
        fields.append(("allow", ", ".join(allow)))
    body = json.dumps(problem.document(), ensure_ascii=False).encode()
    await send_bytes(scope, send, problem.status, fields, body)


class Told(Response):
    """A problem as the answer of a route."""

    def __init__(self, problem: Problem, headers: Iterable[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.problem = problem
        self.fields = headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send its document."""
        await send_problem(scope, send, self.problem, self.fields)


async def _start(send: Send, status: int, headers: Iterable[tuple[str, str]]) -> None:
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    await send({"type": "http.response.start", "status": status, "headers": raw})


async def respond(
    service: Service, request: Request, scope: Scope, receive: Receive, send: Send
) -> None:
    """Answer a request, and stop working on it when the client goes away."""
    sent = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    tag = tag_of(request.job)
    headers = [*request.headers, ("query-id", request.client.query_id)]
    if request.kept:
        headers += [("etag", f'"{tag}"'), ("cache-control", "no-cache")]
        kept, condition = service.answers.get(tag), sent.get("if-none-match")
        # `*` asks whether there is an answer at all, which nobody knows before it was given.
        if matches(condition, tag) and (kept or condition != "*"):
            await send_bytes(scope, send, 304, headers)
            return
        if kept:
            headers += _described(kept.media, kept.encoding)
            await send_bytes(scope, send, 200, headers, kept.body)
            return
    else:
        headers.append(("cache-control", "no-store"))
    answering = asyncio.ensure_future(_answer(service, request, headers, scope, send))
    leaving = asyncio.ensure_future(_left(receive))
    try:
        await asyncio.wait((answering, leaving), return_when=asyncio.FIRST_COMPLETED)
        if answering.done():
            answering.result()
    finally:
        leaving.cancel()
        answering.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await answering


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _answer(
    service: Service, request: Request, headers: Headers, scope: Scope, send: Send
) -> None:
    begun = False
    try:
        running = await service.pool.take(request.job, request.seconds)
        service.clients[running] = request.client
        try:
            await running.begin()
            begun = True
            async with asyncio.timeout(service.settings.limits.streaming):
                body = await _stream(running, headers, scope, send)
        finally:
            del service.clients[running]
            service.pool.give_back(running)
    except Problem as problem:
        if not begun:
            plain = [field for field in headers if field[0] not in {"etag", "cache-control"}]
            await send_problem(scope, send, problem, plain)
            return
        # What has gone out stays without its end: the client sees a broken answer, not a short one.
        log.warning("an answer broke off: %s", problem.detail)
        return
    except TimeoutError:
        log.warning("an answer broke off: the client took it too slowly")
        return
    if request.kept and body is not None:
        kept = Kept(running.head["media"], running.head["encoding"], body)
        service.answers.keep(tag_of(request.job), kept)


def _described(media: str, encoding: str | None) -> Headers:
    headers = [("content-type", content_type(media))]
    if encoding:
        headers.append(("content-encoding", encoding))
    return headers


async def _stream(running: Running, headers: Headers, scope: Scope, send: Send) -> bytes | None:
    """Send the answer as it comes; gives it whole where it is small enough to be kept."""
    fields = [*headers, *_described(running.head["media"], running.head["encoding"])]
    if running.head["complete"]:
        body = b"".join([piece async for piece in running.pieces()])
        await send_bytes(scope, send, 200, fields, body)
        return body
    await _start(send, 200, fields)
    if scope["method"] == "HEAD":
        await send({"type": "http.response.body", "body": b""})
        return None
    kept: list[bytes] | None = []
    size = 0
    async for piece in running.pieces():
        await send({"type": "http.response.body", "body": piece, "more_body": True})
        size += len(piece)
        if size > KEPT_EACH:
            kept = None
        elif kept is not None:
            kept.append(piece)
    await send({"type": "http.response.body", "body": b""})
    return None if kept is None else b"".join(kept)
