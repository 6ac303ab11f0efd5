"""A polite client: one connection, one request at a time, and the patience that a service asks for."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from types import TracebackType
from typing import Self

import httpx

from careatlas.loaders.fetching.bodies import MOST_BYTES, unpacked
from careatlas.loaders.fetching.errors import (
    BrokenBodyError,
    GaveUpError,
    PatienceError,
    RefusedError,
    UnreachableError,
)

OK = 200
UNCHANGED = 304
AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
"""Answers that mean: not now."""
FIRST_WAIT = 2.0
LONGEST_BACK_OFF = 120.0
SAID = 200
"""So much of a refusal is shown."""


def _utc() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Time:
    """How time passes; a test lets it pass without waiting."""

    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    now: Callable[[], datetime] = _utc


@dataclass(frozen=True)
class Pace:
    """How hard a service is asked, and how long it is waited for."""

    delay: float
    timeout: float = 60.0
    """Seconds without a byte after which a request is given up."""
    longest_body: float = 900.0
    """Seconds within which a body must have ended."""
    longest_wait: float = 900.0
    """A service that asks for more than this is asked again another day."""
    tries: int = 8


@dataclass(frozen=True)
class Reply:
    """A whole answer; without a body where the service says that nothing changed."""

    url: str
    status: int
    body: bytes
    headers: Mapping[str, str]
    framed: bool
    """Whether the service said where its body ends."""


Check = Callable[[bytes], None]


@dataclass
class Client:
    """Asks one service."""

    agent: str
    pace: Pace
    say: Callable[[str], None] = lambda _: None
    time: Time = field(default_factory=Time)
    transport: httpx.BaseTransport | None = None

    def __post_init__(self) -> None:
        self._heard = False
        self._last: float | None = None
        self._http = httpx.Client(
            headers={"user-agent": self.agent, "accept-encoding": "gzip"},
            timeout=self.pace.timeout,
            limits=httpx.Limits(max_connections=1, max_keepalive_connections=1),
            follow_redirects=True,
            max_redirects=5,
            transport=self.transport,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.close()

    def get(
        self,
        url: str,
        params: Mapping[str, str],
        whole: Check,
        known: Mapping[str, str] | None = None,
        *,
        twice: bool = False,
    ) -> Reply:
        """The whole answer to a request, however often it takes.

        `known` holds headers that name what is there already. `twice` asks again for a body whose
        end nothing marks, until two bodies are the same.

        Raises:
            GaveUpError: it failed as often as we try.
            PatienceError: the service asks for more time than we wait.
            RefusedError: it answered what asking again will not change.
            UnreachableError: nothing was ever heard from it.
        """
        asked = str(httpx.URL(url, params=dict(params)))
        problem, before = "", None
        for turn in range(self.pace.tries):
            wait = min(FIRST_WAIT * 2**turn, LONGEST_BACK_OFF)
            try:
                reply = self._once(asked, known or {})
                if reply.status == UNCHANGED and known:
                    return reply
                if reply.status == OK:
                    whole(reply.body)
                    if reply.framed or not twice or reply.body == before:
                        return reply
                    before = reply.body
                    continue
                wait = self._asked_to_wait(reply, wait)
                problem = f"it answered {reply.status}"
            except BrokenBodyError as fault:
                problem = str(fault)
            except httpx.TimeoutException as fault:
                problem = f"it was too slow ({type(fault).__name__})"
            except httpx.TransportError as fault:
                if isinstance(fault, httpx.ConnectError | httpx.ProxyError) and not self._heard:
                    raise UnreachableError(url, _line(str(fault))) from fault
                problem = f"the connection broke ({_line(str(fault)) or type(fault).__name__})"
            except httpx.TooManyRedirects as fault:
                raise RefusedError(asked, 302, "it leads in a circle") from fault
            if turn + 1 < self.pace.tries:
                self.say(f"{asked}: {problem}; again in {wait:.0f} s")
                self.time.sleep(wait)
        raise GaveUpError(asked, self.pace.tries, problem or "no two answers were the same")

    def _once(self, asked: str, known: Mapping[str, str]) -> Reply:
        """One request, after the delay that is owed since the last one."""
        if self._last is not None:
            owed = self._last + self.pace.delay - self.time.clock()
            if owed > 0:
                self.time.sleep(owed)
        try:
            with self._http.stream("GET", asked, headers=dict(known)) as response:
                self._heard = True
                raw = self._read(response)
        finally:
            self._last = self.time.clock()
        headers = response.headers
        body = unpacked(raw, headers.get("content-encoding", "").strip().lower())
        framed = "content-length" in headers or "transfer-encoding" in headers
        packed = bool(headers.get("content-encoding"))
        return Reply(asked, response.status_code, body, headers, framed or packed)

    def _read(self, response: httpx.Response) -> bytes:
        begun, size, parts = self.time.clock(), 0, []
        for part in response.iter_raw():
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                raise BrokenBodyError(f"its body has more than {MOST_BYTES >> 20} MiB")
            if self.time.clock() - begun > self.pace.longest_body:
                raise BrokenBodyError("its body took too long")
        return b"".join(parts)

    def _asked_to_wait(self, reply: Reply, otherwise: float) -> float:
        """The seconds to wait after an answer that means: not now.

        Raises:
            PatienceError: they are more than we wait.
            RefusedError: the answer means something else.
        """
        stated = reply.headers.get("retry-after", "").strip()
        if reply.status not in AGAIN and not (stated and reply.status == httpx.codes.FORBIDDEN):
            said = reply.body[:SAID].decode("utf-8", errors="replace")
            raise RefusedError(reply.url, reply.status, _line(said))
        seconds = self._seconds(stated, reply.headers.get("date", ""))
        if seconds is None:
            return otherwise
        if seconds > self.pace.longest_wait:
            raise PatienceError(reply.url, seconds)
        return seconds

    def _seconds(self, stated: str, answered: str) -> float | None:
        """What `Retry-After` says, in seconds or as a date; nothing where it says neither.

        A date is measured against the day and time of the service's own clock, where it gives them.
        """
        if stated.isascii() and stated.isdecimal():
            return float(stated[:12])
        until = _moment(stated)
        if until is None:
            return None
        return max(0.0, (until - (_moment(answered) or self.time.now())).total_seconds())


def _moment(stated: str) -> datetime | None:
    """A date of HTTP."""
    try:
        found = parsedate_to_datetime(stated)
    except (TypeError, ValueError, OverflowError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _line(said: str) -> str:
    return " ".join(said.split())
