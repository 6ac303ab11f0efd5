"""The endpoint under concurrency and exports, as the scripts of these names measure them."""

import asyncio
import sys
from contextlib import ExitStack
from statistics import median, quantiles
from time import perf_counter
from typing import Any

from endpoint_servers import Server

from measuring import load
from measuring.alone import STOPPED, Way, alone, in_turn, peak
from measuring.place import SMALL, Place

IN_PYTHON = "rdflib-endpoint"
SECONDS = 5.0
"""Of each server in each turn."""


def endpoint(place: Place) -> None:
    """All servers in turn, in one process that asks them: unless an earlier run did."""
    kept = place.read("endpoint")
    if kept.get("servers") or kept.get("not_run", "").startswith(STOPPED):
        return
    found = alone("serving:asked", place, place.options.limit)
    place.write("endpoint", found)
    sys.stdout.write(f"{place.size} endpoint: {found.get('not_run') or 'done'}\n")
    sys.stdout.flush()


def asked(place: Place) -> dict[str, Any]:
    """Questions a second of each server, its 95th percentile, its errors and its memory."""
    from endpoint import queries
    from endpoint_servers import descendants, find, ours, peers

    folder, release = place.options.peers, place.release
    mix = queries(release, "questions")
    not_run: dict[str, str] = {}
    with ExitStack() as stack:
        servers = ours(stack, place.releases.home)
        if find("oxigraph", folder):
            servers.append(stack.enter_context(load.served(place)))
        else:
            not_run["oxigraph"] = "is not installed"
        if place.size > SMALL:
            not_run[IN_PYTHON] = f"up to {SMALL:,} statements alone"
        elif not find(IN_PYTHON, folder):
            not_run[IN_PYTHON] = "is not installed"
        else:
            servers += peers(stack, release, folder, (IN_PYTHON,))
        for turn in range(place.options.turns):
            for server in servers:
                if server.name not in not_run and (problem := _once(server, mix, warm=not turn)):
                    not_run[server.name] = problem
        return {
            "not_run": not_run,
            "servers": {
                server.name: {
                    "a_second": median(server.throughput),
                    "p95": median(server.slow),
                    "failed": server.failed,
                    "megabytes": sum(peak(pid) for pid in descendants(server.process.pid)),
                }
                for server in servers
                if server.name not in not_run
            },
        }


def _once(server: Server, mix: list[str], *, warm: bool) -> str:
    """Ask a server on all connections for some seconds; why it could not be, if so."""
    from endpoint import WARMING, turn

    try:
        if warm:
            asyncio.run(turn(server, mix, WARMING))
        started = perf_counter()
        seconds = asyncio.run(turn(server, mix, SECONDS))
    except (OSError, asyncio.IncompleteReadError) as error:
        return f"{type(error).__name__}: {error}"[:200]
    if len(seconds) <= 1:
        return f"{server.failed} errors, and no more than an answer in {SECONDS:.0f} s"
    server.throughput.append(len(seconds) / (perf_counter() - started))
    server.slow.append(quantiles(seconds, n=20, method="inclusive")[-1])
    return ""


def exports(place: Place) -> None:
    """A synthetic network of as many edges as the world has statements, and a smaller one beside networkx."""
    ways = [
        Way("careatlas", "serving:ours"),
        Way("careatlas, less", "serving:ours_less"),
        Way("networkx", "serving:theirs"),
    ]
    in_turn(place, "exports", ways, place.options.turns)


def _exported(which: str, edges: int) -> dict[str, Any]:
    from exports import alone as exported

    return exported(which, edges) | {"edges": edges}


def ours(place: Place) -> dict[str, Any]:
    """Our export of a large network."""
    return _exported("ours", place.size)


def ours_less(place: Place) -> dict[str, Any]:
    """Our export of what networkx can hold."""
    return _exported("ours", min(place.size, SMALL))


def theirs(place: Place) -> dict[str, Any]:
    """The export of networkx."""
    return _exported("theirs", min(place.size, SMALL))
