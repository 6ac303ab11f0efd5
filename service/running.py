"""A job on its worker: sent, awaited, taken in pieces, ended."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from time import monotonic
from typing import Any

from careatlas.service import causes, wire
from careatlas.service.problems import Problem
from careatlas.service.process import Worker

Asks = Callable[[dict[str, Any], float], Awaitable[Iterable[bytes]]]
"""Asks an engine elsewhere for a worker within so many seconds, and gives the messages that it is told."""
FLOWING = 1.2
"""An answer that flows gets somewhere, and may take so many times as long as one that computes."""
HELD_UP = 0.1
"""A client that takes longer than this to take a piece is what a job waits for."""


class Running:
    """A job on its worker: its head, then its pieces."""

    def __init__(self, worker: Worker, job: dict[str, Any], seconds: float, key: str) -> None:
        self.worker = worker
        self.job = job
        self.seconds = seconds
        self.key = key
        self.lane = "quick"
        self.started = monotonic()
        self.cpu_before = worker.cpu()
        self.head: dict[str, Any] = {}
        self.whole = False
        self.because: Problem | None = None
        self.asks: Asks | None = None
        self._asking: asyncio.Future[Iterable[bytes]] | None = None
        self._asked_at = 0.0
        self._elsewhere = 0.0
        self._held = 0.0
        self._first: bytes | None = None

    @property
    def cpu(self) -> float:
        """Seconds of CPU that the job has used."""
        return self.worker.cpu() - self.cpu_before

    @property
    def used(self) -> float:
        """Seconds of CPU, and those that an engine elsewhere was at it: how much of it is unknown."""
        waiting = monotonic() - self._asked_at if self._asking else 0.0
        return self.cpu + self._elsewhere + waiting

    def end(self, because: Problem) -> None:
        """End the job, for this reason."""
        self.because = self.because or because
        self.worker.kill()
        if self._asking:
            self._asking.cancel()

    def go_on(self) -> "Running":
        """Let a job that was parked go on."""
        self.worker.resume()
        return self

    async def begin(self) -> None:
        """Send the job and wait for its head and its first piece.

        Raises:
            Problem: there is no answer.
        """
        body = wire.pack(wire.HEAD, json.dumps(self.job).encode())
        self.worker.writer.write(body)
        _, head = await self._frame()
        self.head = json.loads(head)
        _, self._first = await self._frame()
        if self.head["complete"]:
            await self._frame()

    async def pieces(self) -> AsyncIterator[bytes]:
        """The pieces of the answer.

        Raises:
            Problem: it breaks off; what has come so far is no answer.
        """
        piece = self._first
        while piece is not None:
            given = monotonic()
            yield piece
            waited = monotonic() - given
            if waited > HELD_UP:
                self._held += waited
            if self.whole:
                return
            kind, piece = await self._frame()
            if kind == wire.END:
                return

    async def _frame(self) -> tuple[bytes, bytes]:
        seconds = self.seconds * (FLOWING if self._first is not None else 1)
        left = seconds - (monotonic() - self.started - self._held)
        try:
            async with asyncio.timeout(left):
                kind, body = await self._received()
                while kind == wire.ASK:
                    await self._ask(body, left)
                    kind, body = await self._received()
        except TimeoutError:
            self.end(causes.time_limit(seconds))
            raise await self._reason() from None
        except (asyncio.IncompleteReadError, ConnectionError):
            raise await self._reason() from None
        if kind == wire.PROBLEM:
            self.whole = True
            raise Problem.from_dict(json.loads(body))
        self.whole = kind == wire.END
        return kind, body

    async def _received(self) -> tuple[bytes, bytes]:
        reader = self.worker.reader
        kind, length = wire.FRAME.unpack(await reader.readexactly(wire.FRAME.size))
        return kind, await reader.readexactly(length)

    async def _ask(self, wanted: bytes, seconds: float) -> None:
        """Ask an engine elsewhere what the worker wants of it."""
        if self.asks is None:
            raise RuntimeError("a worker of this service has nobody to ask elsewhere")
        self._asked_at = monotonic()
        self._asking = asyncio.ensure_future(self.asks(json.loads(wanted), seconds))
        try:
            # Not awaited itself: where the job is ended it is cancelled, and this task is not.
            await asyncio.wait((self._asking,))
            if self._asking.cancelled():
                raise ConnectionAbortedError
            for message in self._asking.result():
                self.worker.writer.write(message)
                await self.worker.writer.drain()
        finally:
            self._asking.cancel()
            self._asking = None
            self._elsewhere += monotonic() - self._asked_at

    async def _reason(self) -> Problem:
        # Who was told to end needs no autopsy, and where the processors are taken dying takes long.
        if self.because:
            return self.because
        status, said = await self.worker.end()
        return self.because or causes.cause_of_death(status, said)
