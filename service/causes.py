"""Why a worker ended: told from its status and from what the engine complained of."""

import signal

from careatlas.service.problems import Problem

_MEMORY = ("memory allocation of", "MemoryError", "bad_alloc", "out of memory")
_DEPTH = ("overflowed its stack", "stack overflow", "RecursionError")


def cause_of_death(status: int | None, complaints: str) -> Problem:
    """What a client is told whose query ended its worker."""
    if any(sign in complaints for sign in _MEMORY):
        return Problem(503, "memory-limit", "the query needed more memory than a query may have")
    if status == -signal.SIGSEGV or any(sign in complaints for sign in _DEPTH):
        return Problem(503, "too-deep", "the query is nested too deeply for the engine")
    if status == -signal.SIGKILL:
        return Problem(503, "ended-by-system", "the system ended the query", retry_after=5)
    return Problem(503, "engine-failed", "the query made the engine fail; the service goes on")


def time_limit(seconds: float) -> Problem:
    """That a query took longer than it may."""
    return Problem(504, "time-limit", f"the query ran into its time limit of {seconds:g} seconds")


def stopped_by_owner() -> Problem:
    """That whoever asked has ended the query."""
    return Problem(503, "ended-by-client", "the query was ended by whoever asked it")


def too_many_long() -> Problem:
    """That the slow lane is full."""
    return Problem(
        503,
        "too-many-long-queries",
        "the query takes long, and as many long queries as may run are running",
        retry_after=10,
    )


def busy() -> Problem:
    """That no worker became free."""
    return Problem(503, "busy", "no worker became free in time", retry_after=2)
