"""The engines that are asked questions: those in a process of their own, and the servers."""

import csv
import io
import json
import select
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import partial
from http.client import HTTPConnection, HTTPException
from time import perf_counter
from typing import Any, Protocol
from urllib.parse import urlencode

from endpoint_servers import GOOD, HOST, find

from careatlas.graph.virtuoso import dataset
from measuring import load, virtuoso
from measuring.alone import BENCHMARKS, peak
from measuring.place import SMALL, Place
from measuring.world import ALONE

TIMES, LONG_ENOUGH = 5, 0.25
"""How often a question is asked in a turn at most, and the seconds after which it is not asked again."""
ONCE = 2.0
"""A question that took longer is not asked again by an engine in a process, nor in another turn."""


class Asker(Protocol):
    """An engine that can be asked."""

    def ask(self, query: str) -> dict[str, Any]:
        """Seconds of each time, and the number of rows; else the problem."""

    def megabytes(self) -> float:
        """The most that it ever held."""

    def close(self) -> None:
        """End it."""


class Process:
    """An engine in a process that reads queries and answers with seconds; it is killed past its limit."""

    def __init__(self, place: Place, engine: str, limit: float) -> None:
        self.place, self.engine, self.limit = place, engine, limit
        self.highest = 0.0
        self.process: subprocess.Popen[str] | None = None

    def _started(self) -> subprocess.Popen[str]:
        told = json.dumps(asdict(self.place), default=str)
        # This interpreter, on a module beside this one.
        process = subprocess.Popen(  # noqa: S603
            [sys.executable, "-m", "measuring", f"answering:{self.engine}", told],
            cwd=BENCHMARKS,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        if process.stdout is None or not process.stdout.readline():
            process.wait()
            raise RuntimeError(f"{self.engine} did not come up")
        return process

    def ask(self, query: str) -> dict[str, Any]:
        """Seconds of each time, and the number of rows; else the problem."""
        process = self.process = self.process or self._started()
        if process.stdin is None or process.stdout is None:
            raise RuntimeError(f"{self.engine} has no pipes")
        process.stdin.write(json.dumps({"query": query, "limit": self.limit}) + "\n")
        patience = self.limit + LONG_ENOUGH + 5
        ready, _, _ = select.select([process.stdout], [], [], patience)
        line = process.stdout.readline() if ready else ""
        if line:
            return dict(json.loads(line))
        self.close()
        return {"problem": f"over {self.limit:.0f} s" if not ready else "its process ended"}

    def megabytes(self) -> float:
        """The most that it ever held."""
        if self.process and self.process.poll() is None:
            self.highest = max(self.highest, peak(self.process.pid))
        return self.highest

    def close(self) -> None:
        """End it."""
        self.megabytes()
        if self.process:
            self.process.kill()
            self.process.communicate()
        self.process = None


Fields = list[tuple[str, str]]
"""What a query is sent with."""


def _plain(query: str) -> Fields:
    return [("query", query)]


def _of_default(query: str) -> Fields:
    """A query of the graph that stands for the default graph.

    Else Virtuoso would ask the union of all graphs, in which a statement of two graphs is there twice.
    """
    fields = [("format", "text/csv"), ("query", query)]
    for name, values in (dataset(query) | {"default-graph-uri": ALONE.value}).items():
        fields += [(name, one) for one in ([values] if isinstance(values, str) else values)]
    return fields


@dataclass(frozen=True)
class Served:
    """Where a server is asked, and with which fields."""

    port: int
    path: str
    pid: int
    fields: Callable[[str], Fields] = _plain


class Remote:
    """A server that is asked over HTTP, on one connection; an answer is timed until its last byte.

    Past its limit it is started anew, since it would go on working on what nobody waits for.
    """

    def __init__(self, start: Callable[[], AbstractContextManager[Served]], limit: float) -> None:
        self.start, self.limit = start, limit
        self.highest = 0.0
        self.stack = ExitStack()
        self.served: Served | None = None
        self.connection: HTTPConnection | None = None

    def ask(self, query: str) -> dict[str, Any]:
        """Seconds of each time, and the number of rows; else the problem."""
        seconds: list[float] = []
        body = b""
        # Servers keep the plans of queries, which some take seconds to make: the first time is not counted.
        is_first = True
        while len(seconds) < TIMES and sum(seconds) < LONG_ENOUGH:
            started = perf_counter()
            try:
                status, body = self._answer(query)
            except TimeoutError:
                self.close()
                return {"problem": f"over {self.limit:.0f} s"}
            except (OSError, HTTPException) as error:
                self.close()
                return {"problem": f"{type(error).__name__}: {error}"[:200]}
            if status != GOOD:
                return {"problem": body.decode(errors="replace").strip().split("\n")[0][:200]}
            if not is_first:
                seconds.append(perf_counter() - started)
            is_first = False
        rows = list(csv.reader(io.StringIO(body.decode())))
        return {"seconds": seconds, "rows": len(rows) - 1}

    def _answer(self, query: str) -> tuple[int, bytes]:
        served = self.served = self.served or self.stack.enter_context(self.start())
        fresh = HTTPConnection(HOST, served.port, timeout=self.limit)
        connection = self.connection = self.connection or fresh
        headers = {
            "Accept": "text/csv",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = urlencode(served.fields(query))
        connection.request("POST", served.path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()

    def megabytes(self) -> float:
        """The most that it ever held."""
        if self.served:
            self.highest = max(self.highest, peak(self.served.pid))
        return self.highest

    def close(self) -> None:
        """End it."""
        self.megabytes()
        if self.connection:
            self.connection.close()
        self.connection = self.served = None
        self.stack.close()


def not_there(place: Place, engine: str) -> str:
    """Why an engine is not asked, if so."""
    if engine == "rdflib" and place.size > SMALL:
        return f"holds all in memory: up to {SMALL:,} alone"
    if engine == "Oxigraph server" and find("oxigraph", place.options.peers) is None:
        return "is not installed"
    if engine == "Virtuoso" and not virtuoso.is_there():
        return "is not installed"
    return ""


def asker(place: Place, engine: str) -> Asker:
    """An engine, ready to be asked."""
    limit = place.options.question_limit
    if engine == "Oxigraph server":
        return Remote(partial(_oxigraph, place), limit)
    if engine == "Virtuoso":
        return Remote(partial(_virtuoso, place, limit), limit)
    return Process(place, engine.lower(), limit)


@contextmanager
def _oxigraph(place: Place) -> Iterator[Served]:
    with load.served(place) as server:
        yield Served(server.port, server.path, server.process.pid)


@contextmanager
def _virtuoso(place: Place, limit: float) -> Iterator[Served]:
    folder = place.folder / "virtuoso"
    if not folder.is_dir():
        load.in_virtuoso(place)
    with virtuoso.running(folder, limit, place.folder) as server:
        yield Served(server.http, "/sparql", server.pid, _of_default)
