"""A local server that plays the services of publishers, with what they do to those who ask."""

import gzip
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
LIMIT = 100


@dataclass
class Publisher:
    """What a service holds, and how it behaves."""

    releases: dict[str, datetime] = field(default_factory=dict)
    """The moment of each release, by its id."""
    reports: dict[str, bytes] = field(default_factory=dict)
    quirks: list[str] = field(default_factory=list)
    """What befalls the next requests, one each; after them all goes well."""
    lost: int = 0
    """So many rows get lost at each link to a next page."""
    fold: int = 0
    """Which of two hours it takes a time for in the night when the clock is set back."""
    upper_included: bool = True
    lower_included: bool = True
    etags: bool = True
    framed: bool = True
    stamped: bool = True
    """Whether a page says when it was asked for, and so is never the same twice."""
    packed: bool = False
    before: Callable[["Publisher", int], None] = lambda publisher, number: None
    """What changes before a request, by its number."""
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    moments: list[float] = field(default_factory=list)
    peers: set[int] = field(default_factory=set)
    url: str = ""

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, bytes]:
        if path.endswith("/getReport"):
            return (
                (200, self.reports[query["report"]])
                if query["report"] in self.reports
                else (404, b"none")
            )
        if path.endswith("/ocdsReleasePackages"):
            return 200, self._page(path, query, "updatedFrom", "updatedTo", self.lost)
        if path.endswith("/Published/Notices/OCDS/Search"):
            return 200, self._page(path, query, "publishedFrom", "publishedTo", 0)
        return 404, b"<h1>none</h1>"

    def _page(self, path: str, query: dict[str, str], lower: str, upper: str, lost: int) -> bytes:
        unknown = set(query) - {lower, upper, "limit", "cursor", "stages"}
        assert not unknown, unknown
        low, high = (self._instant(query[name]) for name in (lower, upper))
        found = sorted(
            (moment, name)
            for name, moment in self.releases.items()
            if (low <= moment if self.lower_included else low < moment)
            and (moment <= high if self.upper_included else moment < high)
        )
        start = int(query.get("cursor", "0"))
        page = found[start : start + LIMIT]
        package: dict[str, Any] = {
            "publishedDate": f"at request {len(self.asked) * self.stamped}",
            "releases": [{"id": name, "date": moment.isoformat()} for moment, name in page],
        }
        if start + LIMIT < len(found):
            more = urlencode(query | {"cursor": str(start + LIMIT + lost)})
            package["links"] = {"next": f"{self.url}{path}?{more}"}
        return json.dumps(package).encode()

    def _instant(self, stated: str) -> datetime:
        return datetime.fromisoformat(stated).replace(tzinfo=LONDON, fold=self.fold).astimezone(UTC)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    publisher: Publisher

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        mine = self.publisher
        mine.asked.append(self.path)
        mine.agents.add(self.headers.get("user-agent", ""))
        mine.peers.add(self.client_address[1])
        mine.moments.append(time.monotonic())
        mine.before(mine, len(mine.asked))
        parts = urlsplit(self.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        status, body = mine.answer(parts.path, query)
        quirk = mine.quirks.pop(0) if mine.quirks and status == 200 else ""
        if quirk == "hang":
            time.sleep(HANG)
        if quirk in REFUSALS:
            self._refuse(*REFUSALS[quirk])
            return
        tag = f'"{hash(body)}"'
        if mine.etags and self.headers.get("if-none-match") == tag:
            self.send_response(304)
            self.end_headers()
            return
        self._body(quirk, status, body, tag)

    def _refuse(self, status: int, retry_after: str) -> None:
        if retry_after == "date":
            until = datetime.fromtimestamp(time.time() + 90, UTC)
            retry_after = format_datetime(until, usegmt=True)
        self.send_response(status)
        if retry_after:
            self.send_header("retry-after", retry_after)
        self.send_header("content-length", "4")
        self.end_headers()
        self.wfile.write(b"busy")

    def _body(self, quirk: str, status: int, body: bytes, tag: str) -> None:
        if quirk == "reset":
            self.close_connection = True
            return
        if quirk == "page":
            body = b"<!doctype html><title>Down for maintenance</title>"
        if quirk == "half":
            body = body[: len(body) // 2].rstrip()
        self.send_response(status)
        if self.publisher.etags:
            self.send_header("etag", tag)
        if self.publisher.packed or quirk == "gzip-cut":
            self.send_header("content-encoding", "gzip")
            body = gzip.compress(body, mtime=0)
        self._send(quirk, body[: len(body) // 2] if quirk == "gzip-cut" else body)

    def _send(self, quirk: str, body: bytes) -> None:
        size = len(body)
        if quirk == "chunks-cut":
            self.send_header("transfer-encoding", "chunked")
        elif self.publisher.framed:
            self.send_header("content-length", str(size))
        if quirk in {"cut", "chunks-cut"} or not self.publisher.framed:
            self.send_header("connection", "close")
            self.close_connection = True
        self.end_headers()
        third = size // 3 + 1
        parts = {
            "chunks-cut": [b"%x\r\n%s\r\n" % (size // 2, body[: size // 2])],
            "cut": [body[: size // 2]],
            "slow": [body[start : start + third] for start in range(0, size, third)],
        }
        for part in parts.get(quirk, [body]):
            self.wfile.write(part)
            self.wfile.flush()
            time.sleep(0.005 if quirk == "slow" else 0)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Say nothing: a client that is killed breaks its connection, which is what is tested."""


REFUSALS = {
    "429": (429, "120"),
    "429-date": (429, "date"),
    "429-bare": (429, ""),
    "503": (503, ""),
    "503-seconds": (503, "30"),
    "502": (502, ""),
    "504": (504, "soon"),
    "403-wait": (403, "300"),
}
HANG = 0.4
"""Seconds for which a service that hangs says nothing."""
BODIES = ("page", "half", "reset", "gzip-cut", "cut", "chunks-cut", "slow")
QUIRKS = (*REFUSALS, *BODIES)


@contextmanager
def publishing(publisher: Publisher) -> Iterator[Publisher]:
    """The server, until the block ends."""
    handler = type("Handler", (_Handler,), {"publisher": publisher})
    server = _Server(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    publisher.url = f"http://127.0.0.1:{server.server_port}"
    try:
        yield publisher
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
