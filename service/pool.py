"""Lanes of workers: short queries pass, long ones step aside, and any of them can be ended.

Invariant: a worker has at most one job. A job whose worker has used more than `QUICK` seconds of
its own CPU clock is moved to the slow lane, where it gets only what nobody else wants of the
processors, and a fresh worker takes its place. The wall clock would demote the innocent under load.
Where the slow lane is full the job is parked, stopped in its tracks, until there is room.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass, field
from typing import Any

from careatlas.service import causes
from careatlas.service.problems import Problem
from careatlas.service.process import StartError, Worker
from careatlas.service.running import Running

QUICK = 0.2
"""Seconds of CPU after which a job counts as long."""
REMEMBERED = 512
"""So many jobs are known to be long, and start in the slow lane the next time."""
PARKED = 2
"""So many times the slow lane's jobs may be parked; what comes then is turned away."""
TICK = 0.02
TIRED = 1000
"""A worker retires after so many jobs, and with it whatever memory has gathered in it."""

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """What the workers of one service may use."""

    workers: int = field(default_factory=lambda: 2 * (os.cpu_count() or 1))
    """Short queries at a time."""
    slow: int = 8
    """Long queries at a time."""
    waiting: int = 256
    """Jobs that wait for a worker."""
    seconds: float = 10.0
    """What a job may take, while the client takes what it gives."""
    streaming: float = 600.0
    """What a job may take in all, if a slow client holds it up."""
    memory: int = 1 << 30
    """Bytes that a worker may have."""


class Pool:
    """The workers of a service."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.idle: deque[Worker] = deque()
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.slow: set[Running] = set()
        self.parked: deque[Running] = deque()
        self.running: set[Running] = set()
        self._long: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Future[object]] = set()
        self._closing = False

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StartError: their walls do not stand on this machine.
        """
        self.idle.append(await Worker.start(self.limits.memory))
        await asyncio.gather(*(self._add() for _ in range(self.limits.workers - 1)))

    async def stop(self) -> None:
        """End the workers, and whatever they are at."""
        self._closing = True
        for running in list(self.running):
            running.end(Problem(503, "stopping", "the service is stopping", retry_after=5))
        while self._tasks:
            await asyncio.gather(*self._tasks)
        await asyncio.gather(*(worker.end() for worker in self.idle))
        self.idle.clear()

    @contextlib.asynccontextmanager
    async def run(self, job: dict[str, Any], seconds: float) -> AsyncIterator[Running]:
        """Run a job; what comes out has its head and its first piece.

        Raises:
            Problem: there is no answer, or no worker.
        """
        running = await self.take(job, seconds)
        try:
            await running.begin()
            yield running
        finally:
            self.give_back(running)

    async def take(self, job: dict[str, Any], seconds: float) -> Running:
        """A worker for this job, which has not begun; it must be given back.

        Raises:
            Problem: none became free.
        """
        key = json.dumps(
            [job.get(name) for name in ("do", "query", "question", "values", "format")]
        )
        if key in self._long and len(self.slow) >= self.limits.slow:
            raise causes.too_many_long()
        running = Running(await self._worker(seconds), job, seconds, key)
        self.running.add(running)
        if key in self._long:
            self._step_aside(running)
        else:
            self._look_after(running, QUICK)
        return running

    def give_back(self, running: Running) -> None:
        """Take the worker back, or another in its place where the job did not end by itself."""
        self.running.discard(running)
        self.slow.discard(running)
        if running in self.parked:
            self.parked.remove(running)
        while self.parked and len(self.slow) < self.limits.slow:
            self.slow.add(self.parked.popleft().go_on())
        worker = running.worker
        worker.jobs += 1
        if running.whole and running.because is None and not worker.slow and worker.jobs < TIRED:
            self._free(worker)
            return
        self._later(worker.end())
        if not worker.slow:
            self._later(self._add())

    def _look_after(self, running: Running, delay: float) -> None:
        asyncio.get_running_loop().call_later(delay, self._look, running)

    def _look(self, running: Running) -> None:
        if running not in self.running or running.worker.slow:
            return
        used = running.cpu
        if used < QUICK:
            self._look_after(running, max(TICK, QUICK - used))
            return
        self._long[running.key] = None
        self._long.move_to_end(running.key)
        while len(self._long) > REMEMBERED:
            self._long.popitem(last=False)
        # What is true of one job is true of those that ask the same.
        for other in list(self.running):
            if other.key == running.key and not other.worker.slow:
                self._step_aside(other)

    def _step_aside(self, running: Running) -> None:
        running.worker.step_aside()
        self._later(self._add())
        if len(self.slow) < self.limits.slow:
            self.slow.add(running)
        elif len(self.parked) < PARKED * self.limits.slow:
            running.worker.stop()
            self.parked.append(running)
        else:
            running.end(causes.too_many_long())

    async def _worker(self, seconds: float) -> Worker:
        while self.idle:
            worker = self.idle.pop()
            if not worker.reader.at_eof():
                return worker
            self._later(worker.end())
            self._later(self._add())
        if len(self.waiting) >= self.limits.waiting:
            raise causes.busy()
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        try:
            async with asyncio.timeout(seconds):
                await asyncio.wait((place,))
        except TimeoutError:
            if not place.done():
                place.cancel()
                raise causes.busy() from None
        except asyncio.CancelledError:
            if place.done():
                self._free(place.result())
            place.cancel()
            raise
        return place.result()

    def _free(self, worker: Worker) -> None:
        while self.waiting:
            place = self.waiting.popleft()
            if not place.done():
                place.set_result(worker)
                return
        self.idle.append(worker)

    async def _add(self) -> None:
        while not self._closing:
            try:
                self._free(await Worker.start(self.limits.memory))
            except StartError as error:
                log.error("a worker did not come up: %s", error.problem)
                await asyncio.sleep(1)
            else:
                return

    def _later(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
