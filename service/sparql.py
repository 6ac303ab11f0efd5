"""`/sparql`: the SPARQL 1.1 Protocol for queries, and the queries that are running."""

import asyncio
import re
from functools import lru_cache
from time import monotonic
from urllib.parse import parse_qsl
from uuid import uuid4

from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from careatlas.service import media, text
from careatlas.service.answering import Request, respond, send_bytes, send_problem
from careatlas.service.causes import stopped_by_owner
from careatlas.service.description import service_description
from careatlas.service.problems import Problem
from careatlas.service.state import Client, Service

METHODS = ["GET", "HEAD", "POST", "OPTIONS"]
_FORM = "application/x-www-form-urlencoded"
_QUERY = "application/sparql-query"
_UPDATE = "application/sparql-update"
_SHORT = 8192
_read_again = lru_cache(maxsize=1024)(text.read)
"""Reads what is asked again and again once."""
_ID = re.compile(r"[A-Za-z0-9._-]{8,64}")
VARY = ("vary", "Accept, Accept-Encoding")


def method_not_allowed(methods: list[str]) -> Problem:
    """That this address does not know the method."""
    return Problem(405, "method-not-allowed", f"allowed: {', '.join(methods)}", allow=methods)


async def body_of(http: HttpRequest, most: int) -> bytes:
    """The body of a request.

    Raises:
        Problem: it is larger than a request may be.
    """
    refusal = Problem(413, "too-large", f"a request may have {most} bytes")
    if int(http.headers.get("content-length") or 0) > most:
        raise refusal
    found = bytearray()
    async for piece in http.stream():
        found += piece
        if len(found) > most:
            raise refusal
    return bytes(found)


def decoded(raw: bytes) -> str:
    """The text of a request.

    Raises:
        Problem: it is not UTF-8.
    """
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as wrong:
        raise Problem(400, "not-utf-8", f"not UTF-8 text (byte {wrong.start})") from None


def parameters(raw: bytes) -> list[tuple[str, str]]:
    """The pairs of a query string or a form, each decoded once.

    Raises:
        Problem: one is not UTF-8, or there are too many.
    """
    try:
        return parse_qsl(
            raw.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=1000
        )
    except UnicodeDecodeError:
        raise Problem(400, "not-utf-8", "a parameter is not UTF-8 text") from None
    except ValueError:
        raise Problem(400, "too-many-parameters", "at most 1000 parameters") from None


async def _read(query: str) -> text.Query:
    if len(query) < _SHORT:
        return _read_again(query)
    return await asyncio.to_thread(text.read, query)


class Sparql:
    """The endpoint, as an ASGI application of its own: nothing stands between it and the server."""

    def __init__(self, service: Service) -> None:
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        http = HttpRequest(scope, receive)
        try:
            if http.method == "OPTIONS":
                await send_bytes(scope, send, 204, [("allow", ", ".join(METHODS))])
                return
            if http.method not in METHODS:
                raise method_not_allowed(METHODS)
            given = await self._given(http)
            if given is None:
                await self.described(http)(scope, receive, send)
                return
            request = await self.request(http, given)
        except Problem as problem:
            await send_problem(scope, send, problem, [VARY])
            return
        await respond(self.service, request, scope, receive, send)

    def described(self, http: HttpRequest) -> Response:
        """What is answered where no query is asked.

        Raises:
            Problem: the client takes none of its media types.
        """
        return service_description(self.service, http)

    async def _given(self, http: HttpRequest) -> list[tuple[str, str]] | None:
        """The parameters of the protocol; nothing where no query is asked."""
        found = parameters(http.scope["query_string"])
        if http.method != "POST":
            return found if any(name in {"query", "update"} for name, _ in found) else None
        kind = http.headers.get("content-type", "").partition(";")
        charset = re.search(r"charset=\"?([\w-]+)", kind[2], re.IGNORECASE)
        if charset and charset[1].lower() not in {"utf-8", "utf8", "us-ascii"}:
            raise Problem(415, "unsupported-charset", "a request is UTF-8 text")
        media_type = kind[0].strip().lower()
        if media_type == _UPDATE:
            raise Problem(403, "read-only", "this endpoint is read-only: updates are refused")
        if media_type not in {_FORM, _QUERY}:
            raise Problem(
                415,
                "unsupported-media-type",
                f"post a query as {_FORM} or {_QUERY}",
                offered=[_FORM, _QUERY],
            )
        body = await body_of(http, self.service.settings.body)
        if media_type == _QUERY:
            return [*found, ("query", decoded(body))]
        return [*found, *parameters(body)]

    async def request(self, http: HttpRequest, given: list[tuple[str, str]]) -> Request:
        """The job that these parameters ask for.

        Raises:
            Problem: they ask for none, or for what is refused.
        """
        if any(name == "update" for name, _ in given):
            raise Problem(403, "read-only", "this endpoint is read-only: updates are refused")
        queries = [value for name, value in given if name == "query"]
        if len(queries) != 1:
            raise Problem(400, "no-query", f"give one query, not {len(queries)}")
        query = await _read(queries[0])
        defaults = [value for name, value in given if name == "default-graph-uri"]
        named = [value for name, value in given if name == "named-graph-uri"]
        protocol = bool(defaults or named)
        wanted = media.negotiate(http.headers.get("accept"), first(given, "format", "output"))
        if query.form and wanted[query.kind] is None:
            raise media.not_acceptable(query.kind)
        release = self.service.release(first(given, "release"))
        job = {
            "do": "query",
            "releases": [str(release.path)],
            "query": query.text,
            "default_graphs": defaults if protocol else None,
            "named_graphs": named if protocol else None,
            "from": [] if protocol else list(query.graphs),
            "media": wanted,
            "encoding": media.encoding(http.headers.get("accept-encoding")),
        }
        headers = [VARY, ("dataset-version", release.name)]
        client = self.client(http, given)
        return Request(job, client, self.seconds(given), not query.volatile, headers)

    def client(self, http: HttpRequest, given: list[tuple[str, str]]) -> Client:
        """Who asks, and under which name the query runs.

        Raises:
            Problem: the name is none, or taken.
        """
        address = http.client.host if http.client else ""
        chosen = http.headers.get("query-id") or first(given, "query-id")
        if chosen is None:
            return Client(uuid4().hex, address)
        if not _ID.fullmatch(chosen):
            raise Problem(400, "bad-query-id", "a query id is 8 to 64 letters, digits, . _ or -")
        if any(client.query_id == chosen for client in self.service.clients.values()):
            raise Problem(409, "query-id-taken", "a query with this id is running")
        return Client(chosen, address)

    def seconds(self, given: list[tuple[str, str]]) -> float:
        """The time limit: what is asked for, up to the service's own.

        Raises:
            Problem: it is no positive number.
        """
        most = self.service.settings.limits.seconds
        asked = first(given, "timeout")
        if asked is None:
            return most
        try:
            seconds = float(asked)
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise Problem(400, "bad-timeout", "timeout is a number of seconds above 0")
        return min(seconds, most)


def first(given: list[tuple[str, str]], *names: str) -> str | None:
    """The first value that goes by one of these names."""
    return next((value for name, value in given if name in names), None)


def running_queries(service: Service, address: str) -> list[dict[str, object]]:
    """The queries that this client has running, oldest first."""
    own = [(job, client) for job, client in service.clients.items() if client.address == address]
    return [
        {
            "id": client.query_id,
            "query": job.job.get("query"),
            "seconds": round(monotonic() - job.started, 3),
            "cpu_seconds": round(job.cpu, 3),
            "lane": job.lane,
        }
        for job, client in sorted(own, key=lambda pair: pair[0].started)
    ]


def end_query(service: Service, address: str, query_id: str) -> None:
    """End one of one's own queries.

    Raises:
        Problem: the client has none of this id.
    """
    for job, client in service.clients.items():
        if (client.query_id, client.address) == (query_id, address):
            job.end(stopped_by_owner())
            return
    raise Problem(404, "no-such-query", "no query of yours with this id is running")
