"""What a route answers with: a document that the service makes itself, or a job that streams."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from pyoxigraph import NamedNode
from starlette.requests import Request as HttpRequest
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from careatlas.graph.release import Release
from careatlas.service import media
from careatlas.service.answering import Headers, Request, matches, respond, send_bytes
from careatlas.service.problems import Problem
from careatlas.service.state import Client, Kept, Service, tag_of
from careatlas.service.worker import COMPRESSORS, WORTH_COMPRESSING

VARY = ("vary", "Accept, Accept-Encoding")
READ = ["GET", "HEAD"]
_SMALL = 1 << 14
"""Bytes that are compressed sooner than another thread has begun."""
_JSON = "application/sparql-results+json"

Row = dict[str, dict[str, str]]
"""One solution in the JSON of SPARQL results: variable, then type and value."""


class Document(Response):
    """A document that is the same for a release each time: it has a tag, and is kept."""

    def __init__(
        self,
        service: Service,
        subject: dict[str, Any],
        kind: str,
        make: Callable[[], Awaitable[bytes]],
        headers: Headers | None = None,
    ) -> None:
        super().__init__()
        self.service = service
        self.subject = subject
        self.kind = kind
        self.make = make
        self.fields = headers or []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it, or say that the client has it."""
        http = HttpRequest(scope)
        encoding = media.encoding(http.headers.get("accept-encoding"))
        tag = tag_of(self.subject | {"media": self.kind, "encoding": encoding})
        fields = [*self.fields, VARY, ("etag", f'"{tag}"'), ("cache-control", "no-cache")]
        if matches(http.headers.get("if-none-match"), tag):
            await send_bytes(scope, send, 304, fields)
            return

        async def made() -> Made:
            return Made(await self.make())

        kept = await kept_or_made(self.service, tag, (self.kind, encoding), made)
        fields.append(("content-type", media.content_type(kept.media)))
        if kept.encoding:
            fields.append(("content-encoding", kept.encoding))
        await send_bytes(scope, send, 200, fields, kept.body)


class Streamed(Response):
    """The answer of a job, as it comes."""

    def __init__(self, service: Service, request: Request) -> None:
        super().__init__()
        self.service = service
        self.request = request

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the answer."""
        await respond(self.service, self.request, scope, receive, send)


@dataclass(frozen=True)
class Made:
    """The body of a document, and its links to others."""

    body: bytes
    links: str = ""


async def kept_or_made(
    service: Service, tag: str, kind: tuple[str, str | None], make: Callable[[], Awaitable[Made]]
) -> Kept:
    """The document with this tag, of this media type and compression."""
    found = service.answers.get(tag)
    if found is None:
        made = await make()
        if len(made.body) < _SMALL:
            found = _packed(kind, made)
        else:
            found = await asyncio.to_thread(_packed, kind, made)
        service.answers.keep(tag, found)
    return found


def _packed(kind: tuple[str, str | None], made: Made) -> Kept:
    media_type, encoding = kind
    if encoding is None or len(made.body) < WORTH_COMPRESSING:
        return Kept(media_type, None, made.body, made.links)
    packer = COMPRESSORS[encoding]()
    return Kept(media_type, encoding, packer.compress(made.body) + packer.flush(), made.links)


def wanted(http: HttpRequest, offered: Collection[str], given: str | None = None) -> str:
    """The media type to answer in: by the parameter `format`, else by `Accept`.

    Raises:
        Problem: the client takes none of these.
    """
    if given is not None:
        kind = media.SHORT.get(given.lower(), given.lower())
        if kind not in offered:
            names = [name for name, one in media.SHORT.items() if one in offered]
            raise Problem(400, "unknown-format", f"format is one of {', '.join(names)}")
        return kind
    best = media.best(http.headers.get("accept"), offered)
    if best is None:
        raise Problem(406, "not-acceptable", f"accept {', '.join(offered)}", offered=list(offered))
    return best


def base_url(service: Service, http: HttpRequest) -> str:
    """Where the client reached the service, without a slash at the end.

    Raises:
        Problem: what it says of the host is no address.
    """
    found = service.settings.public_url
    try:
        found = found or f"{http.url.scheme}://{http.url.netloc}"
        NamedNode(f"{found}/")
        host = urlsplit(found).hostname
    except ValueError:
        host = None
    if not host:
        raise Problem(400, "bad-host", "the request names no host")
    return found.rstrip("/")


def query_job(release: Release, query: str, graph: str | None = None) -> dict[str, Any]:
    """A job that runs a query on all graphs, or on this one alone; it gives rows as JSON."""
    return {
        "do": "query",
        "releases": [str(release.path)],
        "query": query,
        "default_graphs": None if graph is None else [graph],
        "named_graphs": None if graph is None else [],
        "from": [],
        "media": {"rows": _JSON, "graph": None},
        "encoding": None,
    }


def streamed_graph(
    service: Service,
    http: HttpRequest,
    job: dict[str, Any],
    kind: str,
    headers: Headers | None = None,
) -> Streamed:
    """The answer of a job that gives a graph, in this media type."""
    job = job | {
        "media": {"rows": None, "graph": kind},
        "encoding": media.encoding(http.headers.get("accept-encoding")),
    }
    client = Client(uuid4().hex, http.client.host if http.client else "")
    fields = [VARY, *(headers or [])]
    return Streamed(service, Request(job, client, service.settings.limits.seconds, True, fields))


async def rows(service: Service, release: Release, query: str) -> list[Row]:
    """The solutions of a query of the service's own."""
    found = await service.json(query_job(release, query))
    return list(found["results"]["bindings"])
