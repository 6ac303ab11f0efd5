"""The service's side of a worker process: start it, talk to it, slow it down, end it."""

import asyncio
import contextlib
import multiprocessing
import os
import signal
import socket
import time
from multiprocessing import reduction
from pathlib import Path
from typing import Any, Protocol

from careatlas.service import wire
from careatlas.service.worker import work

_PRELOADED = ["__main__", "careatlas.service.template"]
_NICE = 10
START = 30.0
"""Seconds in which a fresh worker must have come up."""


class StartError(RuntimeError):
    """A worker did not come up."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"no worker can be started: {self.problem}"


class Worker:
    """The service's side of one worker process."""

    def __init__(self, memory: int, release: str | None) -> None:
        # A template process that has no thread and no store yet is forked for each worker. It
        # must not take a folder where the service was started, such as a clone, for the package.
        os.environ["PYTHONSAFEPATH"] = "1"
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(_PRELOADED)
        ours, theirs = socket.socketpair()
        self.complaints = os.memfd_create("complaints")
        self.channel = ours
        self.process = context.Process(
            target=work, args=(theirs, _Descriptor(self.complaints), memory, release), daemon=True
        )
        self.process.start()
        theirs.close()
        self.pid = int(self.process.pid or 0)
        self.pidfd = os.pidfd_open(self.pid)
        self._ending: asyncio.Future[tuple[int | None, str]] | None = None
        self.jobs = 0
        self.reader: asyncio.StreamReader
        self.writer: asyncio.StreamWriter

    @classmethod
    async def start(cls, memory: int, release: str | None = None) -> "Worker":
        """A worker that stands behind its walls with this release open, and waits for a job.

        Raises:
            StartError: it did not come up; the service must not run without walls.
        """
        worker = await asyncio.to_thread(cls, memory, release)
        worker.reader, worker.writer = await asyncio.open_connection(sock=worker.channel)
        try:
            async with asyncio.timeout(START):
                await worker.reader.readexactly(wire.FRAME.size)
        except (asyncio.IncompleteReadError, ConnectionError, TimeoutError):
            _, said = await worker.end()
            raise StartError((said.strip().splitlines() or ["it ended at once"])[-1]) from None
        return worker

    async def end(self) -> tuple[int | None, str]:
        """End the process, and give its status and what it complained of; again if asked again."""
        if self._ending is None:
            self.kill()
            self.writer.close()
            self._ending = asyncio.ensure_future(asyncio.to_thread(self._bury))
        return await asyncio.shield(self._ending)

    def cpu(self) -> float:
        """Seconds of CPU that the process has used; none any more once it is being ended."""
        if self._ending is not None:
            return 0.0
        try:
            # The number of the clock of a process, as the kernel makes it from the process's own.
            return time.clock_gettime((~self.pid << 3) | 2)
        except OSError:
            return 0.0

    def yield_some(self) -> None:
        """Take less of the processors than others, until the job ends."""
        for thread in self._job():
            with contextlib.suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, thread, _NICE)

    def step_aside(self) -> None:
        """Take only what nobody else wants of the processors, until the job ends."""
        for thread in self._job():
            with contextlib.suppress(OSError):
                os.sched_setscheduler(thread, os.SCHED_IDLE, os.sched_param(0))

    def _job(self) -> list[int]:
        """The threads of the process but its first, which starts one for each job."""
        if self._ending is not None:
            return []
        try:
            threads = [int(one.name) for one in Path(f"/proc/{self.pid}/task").iterdir()]
        except OSError:
            return []
        return [one for one in threads if one != self.pid]

    def stop(self) -> None:
        """Stop the process in its tracks."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a process that was stopped go on."""
        self._signal(signal.SIGCONT)

    def kill(self) -> None:
        """End the process at once, also where it gets only what nobody else wants of the processors."""
        for thread in self._job():
            with contextlib.suppress(OSError):
                os.sched_setscheduler(thread, os.SCHED_OTHER, os.sched_param(0))
        self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal by the process's descriptor, so that no other process can be hit.

        One that is being ended gets none: its descriptor may be that of another by then.
        """
        if self._ending is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            signal.pidfd_send_signal(self.pidfd, number)

    def _bury(self) -> tuple[int | None, str]:
        self.process.join(timeout=10)
        status = self.process.exitcode
        said = os.pread(self.complaints, 1 << 16, 0).decode(errors="replace")
        os.close(self.complaints)
        os.close(self.pidfd)
        self.process.close()
        return status, said


class _Descriptor:
    """A file descriptor as an argument of a process: the other side gets its own copy."""

    def __init__(self, number: int) -> None:
        self.number = number

    def __reduce__(self) -> tuple[Any, ...]:
        return _adopt, (reduction.DupFd(self.number),)


class _Sent(Protocol):
    def detach(self) -> int: ...


def _adopt(sent: _Sent) -> int:
    return sent.detach()
