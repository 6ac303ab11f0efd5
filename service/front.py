"""What every request passes through: limits, headers, a line in the log, a count."""

import logging
from collections import Counter
from functools import lru_cache
from ipaddress import ip_address
from time import monotonic, time
from typing import Any

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from prometheus_client import CollectorRegistry, Gauge, Histogram
from prometheus_client import Counter as Count
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from careatlas.service.answering import send_problem
from careatlas.service.problems import Problem
from careatlas.service.state import Service, ServiceSettings

log = logging.getLogger("careatlas.requests")

HEADERS = [
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"strict-origin-when-cross-origin"),
    (b"x-frame-options", b"DENY"),
]
POLICY = (
    "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; worker-src 'self'; connect-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
_UNLIMITED = ("/health", "/ready", "/metrics")
KNOWN = frozenset(
    [
        "sparql",
        "graphs",
        "id",
        "scheme",
        "about",
        "questions",
        "matrix",
        "network",
        "places",
        "products",
        "search",
        "trusts",
        "vendors",
        "conflicts",
        "sources",
        "releases",
        "method",
        "data",
        "editor",
        "def",
        "api",
        "mcp",
        "static",
        "health",
        "ready",
        "metrics",
    ]
)


class Gate:
    """How many requests a client may make, and have open."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.open: Counter[str] = Counter()
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rate = parse(settings.rate) if settings.rate else None

    def enter(self, address: str, path: str) -> Problem | None:
        """Let a client in, or say why not; who is let in must leave."""
        if (_loopback(address) and not self.settings.limit_loopback) or path in _UNLIMITED:
            self.open[address] += 1
            return None
        if self.open[address] >= self.settings.concurrency:
            return Problem(
                429,
                "too-many-open-requests",
                f"at most {self.settings.concurrency} requests at a time",
                retry_after=1,
            )
        if self._rate and not self._limiter.hit(self._rate, address):
            reset, _ = self._limiter.get_window_stats(self._rate, address)
            wait = max(1, int(reset - time()) + 1)
            return Problem(
                429, "too-many-requests", f"at most {self.settings.rate}", retry_after=wait
            )
        self.open[address] += 1
        return None

    def leave(self, address: str) -> None:
        """A request of this client is done."""
        self.open[address] -= 1
        if not self.open[address]:
            del self.open[address]


@lru_cache(maxsize=1024)
def _loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


class Meters:
    """What Prometheus is told."""

    def __init__(self, service: Service) -> None:
        self.registry = CollectorRegistry()
        self.requests = Count(
            "careatlas_requests", "Requests", ("area", "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "careatlas_request_seconds", "Seconds to answer", ("area",), registry=self.registry
        )
        pool = service.pool
        for name, says, read in (
            ("jobs_running", "Jobs on a worker", lambda: len(pool.running)),
            ("jobs_slow", "Jobs in the slow lane", lambda: len(pool.slow)),
            ("jobs_parked", "Jobs that wait for the slow lane", lambda: len(pool.parked)),
            ("jobs_waiting", "Jobs that wait for a worker", lambda: len(pool.waiting)),
            ("workers_idle", "Workers that wait for a job", lambda: len(pool.idle)),
            ("answers_kept_bytes", "Bytes of answers kept", lambda: service.answers.size),
        ):
            Gauge(f"careatlas_{name}", says, registry=self.registry).set_function(read)
        release = Gauge("careatlas_release", "The release", ("release",), registry=self.registry)
        self._release = release

    def show_release(self, name: str) -> None:
        """Name the release in force."""
        self._release.clear()
        self._release.labels(name).set(1)


class Front:
    """The middleware; plain ASGI, so that answers stream through it."""

    def __init__(self, app: ASGIApp, service: Service, gate: Gate, meters: Meters) -> None:
        self.app = app
        self.service = service
        self.gate = gate
        self.meters = meters

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and its answer back."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        address = scope["client"][0] if scope["client"] else ""
        started = monotonic()
        seen: dict[str, Any] = {"status": 0, "bytes": 0}

        async def forward(message: Message) -> None:
            if message["type"] == "http.response.start":
                seen["status"] = message["status"]
                message["headers"] = [*message["headers"], *HEADERS, *_policy(message)]
            else:
                seen["bytes"] += len(message.get("body", b""))
            await send(message)

        refusal = self.gate.enter(address, scope["path"])
        if refusal:
            await send_problem(scope, forward, refusal)
            self._note(scope, address, seen, monotonic() - started)
            return
        try:
            await self.app(scope, receive, forward)
        finally:
            self.gate.leave(address)
            self._note(scope, address, seen, monotonic() - started)

    def _note(self, scope: Scope, address: str, seen: dict[str, Any], seconds: float) -> None:
        head = scope["path"].split("/", 2)[1]
        area = head if head in KNOWN else "pages"
        self.meters.requests.labels(area, seen["status"]).inc()
        self.meters.seconds.labels(area).observe(seconds)
        if log.isEnabledFor(logging.INFO):
            log.info(
                "request",
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": seen["status"],
                    "bytes": seen["bytes"],
                    "seconds": round(seconds, 4),
                    "client": address,
                },
            )


def _policy(message: Message) -> list[tuple[bytes, bytes]]:
    """The content policy of a page that has none of its own."""
    headers = dict(message["headers"])
    is_page = headers.get(b"content-type", b"").startswith(b"text/html")
    if not is_page or b"content-security-policy" in headers:
        return []
    return [(b"content-security-policy", POLICY.encode())]
