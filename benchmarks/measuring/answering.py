"""Engines in this process, asked line by line: a query comes as JSON, and seconds and rows go back."""

import json
import os
import select
import signal
import sys
from collections.abc import Callable
from time import perf_counter
from typing import Any

from measuring.askers import LONG_ENOUGH, ONCE, TIMES
from measuring.place import Place

Ask = Callable[[str], int]
"""Asks a query, reads all its rows, and counts them."""
_PIPE = 65_536


def _sampled(ask: Ask, query: str) -> dict[str, Any]:
    seconds: list[float] = []
    rows, is_first = 0, True
    while len(seconds) < TIMES and sum(seconds) < LONG_ENOUGH:
        started = perf_counter()
        rows = ask(query)
        taken = perf_counter() - started
        # As with servers, the first time is not counted: it reads from the disk for all engines after it.
        if not is_first or taken > ONCE:
            seconds.append(taken)
        is_first = False
    return {"seconds": seconds, "rows": rows}


def _serve(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Say that the engine is ready, then answer until the input ends."""
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
    return {}


def careatlas(place: Place) -> dict[str, Any]:
    """The only way by which a question is run here."""
    from careatlas.graph.answer import select as rows_of

    store = place.release.store

    def ask(query: str) -> int:
        return len([row for _, row in rows_of(store, query)])

    return _serve(lambda given: _sampled(ask, given["query"]))


def oxigraph(place: Place) -> dict[str, Any]:
    """The engine itself, its rows read as terms."""
    from pyoxigraph import QuerySolutions

    store = place.release.store

    def ask(query: str) -> int:
        found = store.query(query)
        if not isinstance(found, QuerySolutions):
            raise TypeError("the query is no SELECT")
        return len([list(row) for row in found])

    return _serve(lambda given: _sampled(ask, given["query"]))


def rdflib(place: Place) -> dict[str, Any]:
    """The union of the named graphs in rdflib; each question in a child, which can be killed."""
    from rdflib import Dataset

    data = Dataset(default_union=True)
    data.parse(place.named, format="nquads")

    def ask(query: str) -> int:
        return len([list(row) for row in data.query(query)])  # type: ignore[arg-type]

    return _serve(lambda given: _forked(ask, given["query"], given["limit"]))


def _forked(ask: Ask, query: str, limit: float) -> dict[str, Any]:
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        os.close(reader)
        try:
            told = _sampled(ask, query)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is told
            told = {"problem": f"{type(error).__name__}: {error}"[:200]}
        os.write(writer, json.dumps(told).encode())
        os._exit(0)
    os.close(writer)
    ready, _, _ = select.select([reader], [], [], limit)
    said = os.read(reader, _PIPE) if ready else b""
    os.close(reader)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if said:
        return dict(json.loads(said))
    return {"problem": "its process ended" if ready else f"over {limit:.0f} s"}
