"""Loading the statements of a release, in its named graphs and in its default graph."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from endpoint_servers import HOST, Server, find, free_port, running
from pyoxigraph import RdfFormat, Store

from measuring import virtuoso
from measuring.alone import Way, commanded, in_turn, timed
from measuring.place import SMALL, Place
from measuring.world import ALONE


def measure(place: Place) -> None:
    """Load in turn."""
    has_server = find("oxigraph", place.options.peers)
    in_turn(
        place,
        "load",
        (
            Way("careatlas", "load:careatlas"),
            Way("Oxigraph", "load:oxigraph"),
            Way("Oxigraph server", "load:server", "" if has_server else "is not installed"),
            Way("Virtuoso", "load:in_virtuoso", "" if virtuoso.is_there() else "is not installed"),
            Way(
                "rdflib",
                "load:rdflib",
                "" if place.size <= SMALL else f"holds all in memory: up to {SMALL:,} alone",
            ),
        ),
        place.options.turns,
    )


def _stored(place: Place, work: Callable[[Store], object]) -> dict[str, Any]:
    with TemporaryDirectory(dir=place.folder) as folder:
        store = Store(folder)
        told = timed(partial(work, store))
        told["statements"] = len(store)
        # Else it tidies up in a folder that goes.
        del store
        return told


def careatlas(place: Place) -> dict[str, Any]:
    """As a build loads: the default graph follows from the named ones."""
    from careatlas.graph.dataset import load

    return _stored(place, lambda store: load(store, [place.named]))


def oxigraph(place: Place) -> dict[str, Any]:
    """The engine itself, which is given the statements of the default graph too."""

    def work(store: Store) -> None:
        store.bulk_load(path=str(place.named), format=RdfFormat.N_QUADS)
        store.bulk_load(path=str(place.single), format=RdfFormat.N_TRIPLES)

    return _stored(place, work)


def server(place: Place) -> dict[str, Any]:
    """The bulk load of Oxigraph's server; the store is kept, to be asked."""
    fresh, kept = place.folder / ".oxigraph", place.folder / "oxigraph"
    shutil.rmtree(fresh, ignore_errors=True)
    command = find("oxigraph", place.options.peers)
    files = [str(place.named), str(place.single)]
    told = commanded([str(command), "load", "--location", str(fresh), "--file", *files])
    shutil.rmtree(kept, ignore_errors=True)
    fresh.rename(kept)
    return told


@contextmanager
def served(place: Place) -> Iterator[Server]:
    """Oxigraph's server on the store that it loaded, until the block ends."""
    folder = place.folder / "oxigraph"
    if not folder.is_dir():
        server(place)
    port = free_port()
    command = str(find("oxigraph", place.options.peers))
    line = [command, "serve-read-only", "--location", str(folder), "--bind", f"{HOST}:{port}"]
    with running("oxigraph", line, port, "/query", new=True) as one:
        yield one


def in_virtuoso(place: Place) -> dict[str, Any]:
    """The bulk load of Virtuoso; the database is kept, to be asked."""
    fresh, kept = place.folder / ".virtuoso", place.folder / "virtuoso"
    shutil.rmtree(fresh, ignore_errors=True)
    with virtuoso.running(fresh, place.options.question_limit, place.folder) as server:
        told = server.load({place.named: ALONE.value, place.single: ALONE.value})
    shutil.rmtree(kept, ignore_errors=True)
    fresh.rename(kept)
    return told


def rdflib(place: Place) -> dict[str, Any]:
    """The parser of rdflib, on the named graphs alone: its default graph is their union."""
    from rdflib import Dataset

    found = Dataset(default_union=True)
    return timed(lambda: found.parse(Path(place.named), format="nquads"))
