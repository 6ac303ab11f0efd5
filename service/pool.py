"""Lanes of workers: short queries pass, long ones step aside, and any of them can be ended.

Invariant: a worker has at most one job. A job is judged by the CPU clock of its worker, since the
wall clock would demote the innocent under load. After `SHORT` seconds it makes room for another
and gets less of the processors; after `QUICK` it is in the slow lane, and gets only what nobody
else wants. Where the slow lane is full it is parked, stopped in its tracks, until there is room.
"""

import asyncio
import contextlib
import json
import logging
import os
from collections import OrderedDict, deque
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from careatlas.service import causes
from careatlas.service.problems import Problem
from careatlas.service.process import StartError, Worker
from careatlas.service.running import Asks, Running

SHORT = 0.02
"""Seconds of CPU after which a job makes room for one that begins."""
QUICK = 0.1
"""Seconds of CPU after which a job counts as long."""
CATALOGUE, OURS = ("ask", "each"), 2.0
"""Questions of the catalogue are ours and end: they count as long only after so many seconds of CPU, since
what nobody else wants of the processors may be nothing for longer than a page can wait."""
REMEMBERED = 512
"""So many jobs are known to be long, and start in the slow lane the next time."""
LEAST, FIRST, MOST = 1.5, 2, 3
"""So many times the workers of the quick lane are kept: at least, at first, and at most."""
PARKED = 2
"""So many times the slow lane's jobs may be parked; what comes then is turned away."""
TICK = 0.02
QUIET = 1.0
"""Seconds without a job after which surplus workers go."""
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

    @property
    def most(self) -> int:
        """Jobs that have begun, long ones that wait for their turn among them."""
        return 2 * self.workers + (1 + PARKED) * self.slow


class Pool:
    """The workers of a service."""

    def __init__(self, limits: Limits, release: Callable[[], str | None] = lambda: None) -> None:
        self.limits = limits
        self.asks: Asks | None = None
        """How workers ask an engine elsewhere, which they cannot reach."""
        self._release = release
        self.quick: set[Running] = set()
        self.idle: deque[Worker] = deque()
        self.waiting: deque[asyncio.Future[Worker]] = deque()
        self.slow: set[Running] = set()
        self.parked: deque[Running] = deque()
        self.running: set[Running] = set()
        self._long: OrderedDict[str, None] = OrderedDict()
        self._tasks: set[asyncio.Future[object]] = set()
        self._promised = 0
        """Workers given to those who have not taken them yet."""
        self._coming = 0
        self._starting = asyncio.Semaphore(1)
        self._settling: asyncio.TimerHandle | None = None
        self._closing = False

    async def start(self) -> None:
        """Start the workers.

        Raises:
            StartError: their walls do not stand on this machine.
        """
        self.idle.append(await Worker.start(self.limits.memory, self._release()))
        self._keep_up(FIRST)
        await asyncio.gather(*self._tasks)

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
            [job.get(name) for name in ("do", "query", "question", "values", "jobs", "format")]
        )
        worker = await self._worker(seconds)
        aside = key in self._long
        running = Running(worker, job | {"aside": aside}, seconds, key)
        running.asks = self.asks
        self.running.add(running)
        self.quick.add(running)
        if aside:
            self._step_aside(running)
        else:
            self._look_after(running, SHORT)
        return running

    def give_back(self, running: Running) -> None:
        """Take the worker back, or another in its place where the job did not end by itself."""
        self.running.discard(running)
        self.quick.discard(running)
        self._leave_slow_lane(running)
        worker = running.worker
        worker.jobs += 1
        well = running.whole and running.because is None and worker.jobs < TIRED
        if well and len(self.idle) + len(self.quick) < MOST * self.limits.workers:
            self.idle.append(worker)
        else:
            self._later(worker.end())
        self._hand_out()
        if not self.running and self._settling is None:
            self._settling = asyncio.get_running_loop().call_later(QUIET, self._settle)

    def _settle(self) -> None:
        """After a rush, go back to the workers that there were at first."""
        self._settling = None
        if self.running or self.waiting or self._closing:
            return
        while len(self.idle) > FIRST * self.limits.workers:
            self._later(self.idle.popleft().end())
        self._keep_up(FIRST)

    def _leave_slow_lane(self, running: Running) -> None:
        self.slow.discard(running)
        if running in self.parked:
            self.parked.remove(running)
        while self.parked and len(self.slow) < self.limits.slow:
            self.slow.add(self.parked.popleft().go_on())

    def _look_after(self, running: Running, delay: float) -> None:
        asyncio.get_running_loop().call_later(delay, self._look, running)

    def _look(self, running: Running) -> None:
        if running not in self.running or running.lane == "slow":
            return
        used = running.used
        if used < SHORT:
            self._look_after(running, max(TICK, SHORT - used))
        elif used < (OURS if running.job["do"] in CATALOGUE else QUICK):
            self._make_room(running)
            self._look_after(running, max(TICK, QUICK - used))
        else:
            self._long[running.key] = None
            self._long.move_to_end(running.key)
            while len(self._long) > REMEMBERED:
                self._long.popitem(last=False)
            # What is true of one job is true of those that ask the same.
            for other in list(self.running):
                if other.key == running.key and other.lane != "slow":
                    self._step_aside(other)

    def _make_room(self, running: Running) -> None:
        if running.lane == "quick":
            running.lane = "medium"
            running.worker.yield_some()
            self.quick.discard(running)
            self._hand_out()

    def _step_aside(self, running: Running) -> None:
        running.lane = "slow"
        running.worker.step_aside()
        self.quick.discard(running)
        if len(self.slow) < self.limits.slow:
            self.slow.add(running)
        elif len(self.parked) < PARKED * self.limits.slow:
            running.worker.stop()
            self.parked.append(running)
        else:
            running.end(causes.too_many_long())
        self._hand_out()

    async def _worker(self, seconds: float) -> Worker:
        if len(self.waiting) >= self.limits.waiting:
            raise causes.busy()
        place: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.append(place)
        self._hand_out()
        try:
            async with asyncio.timeout(seconds):
                await asyncio.wait((place,))
        except TimeoutError:
            if not place.done():
                place.cancel()
                raise causes.busy() from None
        except asyncio.CancelledError:
            if place.done():
                self.idle.append(place.result())
                self._promised -= 1
                self._hand_out()
            place.cancel()
            raise
        self._promised -= 1
        return place.result()

    def _hand_out(self) -> None:
        """Give workers to those who wait for one, first come first served."""
        while self.waiting and self.idle and self._room():
            worker = self.idle.pop()
            if worker.reader.at_eof():
                self._later(worker.end())
                continue
            place = self.waiting.popleft()
            if place.done():
                self.idle.append(worker)
                continue
            self._promised += 1
            place.set_result(worker)
        self._keep_up()

    @property
    def _taken(self) -> int:
        return len(self.quick) + self._promised

    def _room(self) -> bool:
        """Whether another job may begin: there are so many short ones, and so many in all."""
        in_all = len(self.running) + self._promised
        return self._taken < self.limits.workers and in_all < self.limits.most

    def _keep_up(self, times: float = LEAST) -> None:
        """Have workers for the quick lane, and more for when others step aside."""
        while len(self.idle) + self._taken + self._coming < times * self.limits.workers:
            if self._closing:
                return
            self._coming += 1
            self._later(self._add())

    async def _add(self) -> None:
        """Start a worker; one at a time, since that takes from those that work."""
        async with self._starting:
            while not self._closing:
                try:
                    self.idle.append(await Worker.start(self.limits.memory, self._release()))
                except StartError as error:
                    log.error("a worker did not come up: %s", error.problem)
                    await asyncio.sleep(1)
                else:
                    break
        self._coming -= 1
        self._hand_out()

    def _later(self, work: Awaitable[object]) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
