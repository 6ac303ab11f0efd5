"""A worker: one process behind walls that answers one job at a time until it is ended."""

import json
import os
import signal
import socket
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Thread
from time import monotonic
from typing import TYPE_CHECKING, Any, Protocol

import zstandard

from careatlas.graph.release import DamagedReleaseError, Release
from careatlas.service import operations, wire
from careatlas.service.problems import Problem, of_error
from careatlas.service.walls import raise_walls

if TYPE_CHECKING:
    from careatlas.service.operations import Held

FIRST = 16 * 1024
"""The first piece goes out at this size; what ends before it is known whole, and has a length."""
PIECE = 64 * 1024
PATIENCE = 0.1
"""Seconds after which a piece goes out however small it is."""
WORTH_COMPRESSING = 1024
KEPT_OPEN = 2
"""A worker holds this many releases open: the current one, and the one before or asked for."""


class Compressor(Protocol):
    """What gzip and zstd have in common."""

    def compress(self, data: bytes, /) -> bytes:
        """Take bytes and give those that are ready."""

    def flush(self) -> bytes:
        """Give the rest."""


COMPRESSORS: dict[str, Callable[[], Compressor]] = {
    "gzip": lambda: zlib.compressobj(6, zlib.DEFLATED, 31),
    "zstd": lambda: zstandard.ZstdCompressor(level=3).compressobj(),
}


class Reply:
    """The file-like object that an answer is written to; it sends in pieces as it fills."""

    def __init__(self, channel: socket.socket, encoding: str | None) -> None:
        self.channel = channel
        self.encoding = encoding
        self.head: dict[str, Any] = {}
        self.begun = False
        self._compressor: Compressor | None = None
        self._waiting = bytearray()
        self._sent_at = monotonic()

    def write(self, data: bytes) -> int:
        """Take some bytes of the body."""
        self._waiting += data
        full = len(self._waiting) >= (PIECE if self.begun else FIRST)
        if full or (self.begun and monotonic() - self._sent_at > PATIENCE):
            self._send()
        return len(data)

    def flush(self) -> None:
        """Nothing: pieces go out by size and time."""

    def end(self) -> None:
        """Send what is left, and say that the answer is whole."""
        if not self.begun:
            whole = len(self._waiting) >= WORTH_COMPRESSING
            self.encoding = self.encoding if whole else None
            self._begin(complete=True)
        data = self._ready(bytes(self._waiting))
        if self._compressor:
            data += self._compressor.flush()
        self.channel.sendall(wire.pack(wire.PIECE, data) + wire.pack(wire.END))

    def _begin(self, *, complete: bool) -> None:
        if self.encoding:
            self._compressor = COMPRESSORS[self.encoding]()
        head = self.head | {"encoding": self.encoding, "complete": complete}
        self.channel.sendall(wire.pack_json(wire.HEAD, head))
        self.begun = True

    def _send(self) -> None:
        if not self.begun:
            self._begin(complete=False)
        data = self._ready(bytes(self._waiting))
        self._waiting.clear()
        self._sent_at = monotonic()
        if data:
            self.channel.sendall(wire.pack(wire.PIECE, data))

    def _ready(self, data: bytes) -> bytes:
        return self._compressor.compress(data) if self._compressor else data


class Worker:
    """The state of one worker: its channel, and the releases that it has open."""

    def __init__(self, channel: socket.socket) -> None:
        self.channel = channel
        self.releases: dict[str, Held] = {}

    def release(self, path: str) -> "Held":
        """The release at this path, open; the one that was opened first gives way to a third."""
        if path not in self.releases:
            while len(self.releases) >= KEPT_OPEN:
                del self.releases[next(iter(self.releases))]
            self.releases[path] = self._opened(path)
        return self.releases[path]

    def _opened(self, path: str) -> "Held":
        if not path.startswith(wire.ELSEWHERE):
            return Release(Path(path))
        # It takes long to import, and only a front needs it.
        from careatlas.service.relay import release

        return release(path, self.channel)

    def serve(self) -> None:
        """Answer jobs until the channel closes."""
        while True:
            try:
                _, body = wire.receive(self.channel)
            except wire.ClosedError:
                return
            # A thread of its own, so that a priority that the job is given ends with it.
            thread = Thread(target=self.answer, args=(json.loads(body),))
            thread.start()
            thread.join()

    def answer(self, job: dict[str, Any]) -> None:
        """Answer one job."""
        if job["aside"]:
            os.sched_setscheduler(0, os.SCHED_IDLE, os.sched_param(0))
        reply = Reply(self.channel, job.get("encoding"))
        # Whoever has gone is missed when the next job is awaited.
        with suppress(BrokenPipeError, ConnectionResetError), self._reported():
            opened = [self.release(path) for path in job["releases"]]
            operations.OPERATIONS[job["do"]](opened, job, reply)
            reply.end()

    @contextmanager
    def _reported(self) -> Generator[None]:
        try:
            yield
        except (BrokenPipeError, ConnectionResetError):
            raise
        except (Problem, LookupError, ValueError, SyntaxError, OSError, RuntimeError) as error:
            self.channel.sendall(wire.pack_json(wire.PROBLEM, of_error(error).as_dict()))


def work(channel: socket.socket, complaints: int, memory: int, release: str | None) -> None:
    """The life of a worker; what it and the engine complain of goes to the file `complaints`."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    os.dup2(complaints, 2)
    raise_walls(memory)
    worker = Worker(channel)
    if release:
        with suppress(DamagedReleaseError):  # each job on it will say so
            _ = worker.release(release).store
    channel.sendall(wire.pack(wire.END))
    worker.serve()
