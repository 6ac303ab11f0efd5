"""The wire to an engine: SPARQL 1.1 Protocol, with time-outs, retries of reads, and no cut answer."""

import re
import time
import weakref
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from tempfile import SpooledTemporaryFile
from typing import IO, cast

import httpx
from pyoxigraph import (
    QueryBoolean,
    QueryResultsFormat,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    parse_query_results,
)

from careatlas.graph.engine_errors import (
    BrokenAnswerError,
    CutAnswerError,
    RefusedError,
    SlowEngineError,
    UnreachableError,
)

Fields = Mapping[str, str | list[str]]
Found = QuerySolutions | QueryBoolean | QueryTriples

RESULTS = "application/sparql-results+json"
TRIPLES = "application/rdf+xml"
"""N-Triples would be simpler, but nobody can see that a last line is missing there."""
PATIENCE = 60.0
"""Seconds for an answer, unless told otherwise."""
CONNECT = 5.0
_LEAST = 0.001
PAUSES = (0.1, 0.4, 1.6)
"""Seconds before a read is tried again."""
_AGAIN = frozenset({500, 502, 503, 504})
_BAD = 400
_HELD = 1 << 23
"""An answer that is larger lies on disk while it is checked."""
_SKIPPED = re.compile(r"<[^<>\s]*>|#[^\n]*")
_FORM = re.compile(r"(?<![\w:?$-])(SELECT|ASK|CONSTRUCT|DESCRIBE)\b(?!:)", re.IGNORECASE)


def form(query: str) -> str:
    r"""SELECT, ASK, CONSTRUCT or DESCRIBE; SELECT also for what is no query.

    >>> form("PREFIX ask: <urn:select> # describe\nCONSTRUCT { ?s ?p ?o } { SELECT * { ?s ?p ?o } }")
    'CONSTRUCT'
    """
    found = _FORM.search(_SKIPPED.sub(" ", query))
    return found[1].upper() if found else "SELECT"


class Body:
    """The bytes of an answer, laid on disk where they are many, and gone with the last who reads them."""

    def __init__(self) -> None:
        file: SpooledTemporaryFile[bytes] = SpooledTemporaryFile(max_size=_HELD)  # noqa: SIM115
        self.write, self.read, self.seek, self.tell = file.write, file.read, file.seek, file.tell
        weakref.finalize(self, file.close)


@dataclass
class Reply:
    """A whole answer: its header fields and its body, at its start."""

    headers: httpx.Headers
    body: Body

    def ends_with(self, end: bytes) -> bool:
        """Whether the last that the body says is this."""
        self.body.seek(0, 2)
        self.body.seek(max(0, self.body.tell() - 64))
        last = self.body.read().rstrip()
        self.body.seek(0)
        return last.endswith(end)


class Wire:
    """A connection to one engine."""

    def __init__(self, seconds: float = PATIENCE) -> None:
        self.seconds = seconds

    @cached_property
    def _client(self) -> httpx.Client:
        client = httpx.Client()
        weakref.finalize(self, client.close)
        return client

    def read(
        self, url: str, query: str, given: Fields | None = None, *, seconds: float | None = None
    ) -> Reply:
        """The whole answer to a query; a failed connection or server is tried again.

        Raises:
            UnreachableError: nobody answers.
            SlowEngineError: it takes too long.
            RefusedError: the engine refuses.
            CutAnswerError: the answer is not whole, or of another kind.
        """
        accept = RESULTS if form(query) in {"SELECT", "ASK"} else TRIPLES
        until = time.monotonic() + (self.seconds if seconds is None else seconds)
        for pause in (*PAUSES, None):
            try:
                reply = self._asked(url, {"query": query, **(given or {})}, accept, until)
            except (UnreachableError, RefusedError) as error:
                if pause is None or getattr(error, "status", 503) not in _AGAIN:
                    raise
                if time.monotonic() + pause > until:
                    raise
                time.sleep(pause)
            else:
                _whole(url, reply, accept)
                return reply
        raise AssertionError("the last try gives or raises")

    def _asked(self, url: str, given: Fields, accept: str, until: float) -> Reply:
        left = max(until - time.monotonic(), _LEAST)
        times = httpx.Timeout(left, connect=min(CONNECT, left))
        asked = self._client.stream(
            "POST", url, data=given, headers={"accept": accept}, timeout=times
        )
        with self._named(url), asked as answer:
            if answer.status_code != httpx.codes.OK:
                raise _refusal(url, answer)
            body = Body()
            for piece in answer.iter_bytes():
                body.write(piece)
                if time.monotonic() > until:
                    raise SlowEngineError(url, f"{self.seconds:g}")
            body.seek(0)
            return Reply(answer.headers, body)

    def send(
        self, method: str, url: str, media: str, body: Iterable[bytes] | bytes | None
    ) -> httpx.Response:
        """The answer to a request that writes; it is made once.

        Raises:
            UnreachableError: nobody answers.
            RefusedError: the engine refuses.
        """
        # A store that takes millions of statements answers when it has them all.
        times = httpx.Timeout(None, connect=CONNECT)
        headers = {"content-type": media} if body is not None else {}
        parsed = httpx.URL(url)
        user = parsed.username
        auth = httpx.DigestAuth(user, parsed.password) if "-auth" in parsed.path and user else None
        content = body if isinstance(body, bytes) else None if body is None else iter(body)
        with self._named(url):
            answer = self._client.request(
                method,
                parsed.copy_with(userinfo=b"") if auth else parsed,
                content=content,
                headers=headers,
                timeout=times,
                auth=auth or httpx.USE_CLIENT_DEFAULT,
            )
        if answer.status_code >= _BAD:
            raise _refusal(url, answer)
        return answer

    @contextmanager
    def _named(self, url: str) -> Iterator[None]:
        """Say what went wrong in our own words."""
        try:
            yield
        except (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout) as error:
            raise UnreachableError(url, str(error) or type(error).__name__) from error
        except httpx.TimeoutException as error:
            raise SlowEngineError(url, f"{self.seconds:g}") from error
        except (httpx.RemoteProtocolError, httpx.ReadError, httpx.DecodingError) as error:
            raise BrokenAnswerError(url, str(error) or "the connection ended") from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise UnreachableError(url, str(error) or type(error).__name__) from error


def _refusal(url: str, answer: httpx.Response) -> RefusedError:
    said = answer.read().decode("utf-8", "replace").split("SPARQL query:")[0]
    words = f"{answer.status_code} {' '.join(said.split())[:300]}".strip()
    return RefusedError(url, words, answer.status_code)


def _whole(url: str, reply: Reply, accept: str) -> None:
    """Let no answer through that is of another kind, or that the engine itself calls a part."""
    kind = reply.headers.get("content-type", "").split(";")[0].strip().lower()
    if kind != accept:
        raise CutAnswerError(url, f"it is {kind or 'of no kind'} instead of {accept}")
    if state := reply.headers.get("x-sql-state"):
        raise CutAnswerError(url, f"{state} {reply.headers.get('x-sql-message', '')}".strip())
    for name, value in reply.headers.items():
        if "partial" in f"{name} {value}".lower():
            raise CutAnswerError(url, f"it says {name}: {value}")
    if not reply.ends_with(b"}" if accept == RESULTS else b"RDF>"):
        raise CutAnswerError(url, "it ends in its middle")


def parsed(url: str, reply: Reply) -> Found:
    """What an answer says, after it was read to its end once.

    Raises:
        CutAnswerError: it cannot be read, or has as many rows as the engine gives at most.
    """
    most = reply.headers.get("x-sparql-maxrows", "")
    try:
        if reply.headers["content-type"].startswith(TRIPLES):
            store = Store()
            store.bulk_load(cast("IO[bytes]", reply.body), format=RdfFormat.RDF_XML)
            found = store.query("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }")
        else:
            found = _results(reply)
            if isinstance(found, QuerySolutions):
                rows = sum(1 for _ in found)
                if most.isdecimal() and rows >= int(most):
                    raise CutAnswerError(url, f"the engine gives {most} rows at most")
                found = _results(reply)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise CutAnswerError(url, " ".join(str(error).split())) from error
    return found


def _results(reply: Reply) -> QuerySolutions | QueryBoolean:
    reply.body.seek(0)
    return parse_query_results(cast("IO[bytes]", reply.body), format=QueryResultsFormat.JSON)
