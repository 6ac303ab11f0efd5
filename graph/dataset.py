"""The dataset of a release: each statement in the graphs that state it, and once in the default graph.

A question joins over the default graph. Were that the union of the named graphs, a statement of
several sources would be found once for each, and a join of such statements once for each combination.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, cast

from pyoxigraph import (
    DefaultGraph,
    NamedNode,
    Quad,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    RdfFormat,
    Store,
    Triple,
)

from careatlas.graph.lines import END

DEFAULT = DefaultGraph()
_MANY = 10_000
"""So many statements are brought to a store in bulk, since one transaction would hold them all in memory."""
_READ = 2**16


class Engine(ABC):
    """A store that lies elsewhere and is asked there; it gives what a store here would give."""

    @abstractmethod
    def query(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """What a query gives on every statement.

        Raises:
            SyntaxError: it is no SPARQL.
        """

    @abstractmethod
    def asked(self, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
        """What a question of the catalogue gives, by its text with its values."""


Asked = Store | Engine
"""What questions are asked of."""


def merged(triple: Triple) -> Quad:
    """A statement as the default graph has it."""
    return Quad(triple.subject, triple.predicate, triple.object, DEFAULT)


def fill(store: Store, quads: Collection[Quad]) -> None:
    """Bring statements to a store in bulk, and to its default graph."""
    store.bulk_extend(quads)
    store.bulk_extend(merged(quad.triple) for quad in quads)


def copy(store: Store, path: Path) -> None:
    """Write a store of memory to disk, in a folder that is not there yet."""
    on_disk = Store(str(path))
    on_disk.bulk_extend(store)
    on_disk.flush()


def load(store: Store, paths: Iterable[Path]) -> None:
    """Bring the lines of files to a store in bulk, and to its default graph: N-Quads, each in a named graph.

    They come together: what comes in bulk stands apart, and a store of many pieces is slow.

    Raises:
        OSError: one cannot be read.
        SyntaxError: a line is no statement.
    """
    files = tuple(paths)
    for lines, form in (
        (_Lines(files), RdfFormat.N_QUADS),
        (_Lines(files, _ungraphed), RdfFormat.N_TRIPLES),
    ):
        store.bulk_load(cast("IO[bytes]", lines), format=form)


def _ungraphed(line: bytes) -> bytes:
    """A statement without its graph."""
    return line[: line.rindex(b" <")] + END


class _Lines:
    """The lines of several files, one after the other, as a file that can only be read."""

    def __init__(self, paths: Iterable[Path], change: Callable[[bytes], bytes] = bytes) -> None:
        self._blocks = _blocks(paths, change)
        self._rest = b""

    def read(self, size: int) -> bytes:
        """The next bytes, no more than a size; none at the end."""
        self._rest = self._rest or next(self._blocks, b"")
        found, self._rest = self._rest[:size], self._rest[size:]
        return found


def _blocks(paths: Iterable[Path], change: Callable[[bytes], bytes]) -> Iterator[bytes]:
    for path in paths:
        with path.open("rb") as file:
            while lines := file.readlines(_READ):
                yield b"".join(map(change, lines))


def lines(store: Store, but: Collection[NamedNode] = ()) -> Iterator[bytes]:
    """The statements of the named graphs, but for some, as lines of N-Quads."""
    for graph in sorted(store.named_graphs(), key=str):
        if graph in but:
            continue
        end = f" {graph}".encode() + END
        with TemporaryFile() as file:
            store.dump(file, format=RdfFormat.N_TRIPLES, from_graph=graph)
            file.seek(0)
            for line in file:
                yield line.removesuffix(END) + end


def is_merged(store: Store) -> bool:
    """Whether a store has a default graph; one that was just read from sources has none."""
    return any(True for _ in store.quads_for_pattern(None, None, None, DEFAULT))


def add(store: Store, quads: Collection[Quad]) -> None:
    """Add statements to a store, and to its default graph where it has one."""
    take_in = store.bulk_extend if len(quads) > _MANY else store.extend
    if is_merged(store):
        take_in(merged(quad.triple) for quad in quads)
    take_in(quads)


def kept(quads: Iterable[Quad]) -> set[Quad]:
    """Quads in the form in which a store gives them again: a number is written in one way."""
    store = Store()
    store.extend(quads)
    return set(store)


def stated(store: Store) -> Iterator[Quad]:
    """The quads of the named graphs."""
    return (quad for quad in store if quad.graph_name != DEFAULT)


def query(store: Asked, text: str) -> QuerySolutions | QueryBoolean | QueryTriples:
    """What a query gives on every statement of a store, whether or not its default graph has them.

    Raises:
        SyntaxError: it is no SPARQL.
    """
    if isinstance(store, Engine):
        return store.query(text)
    return store.query(text, use_default_graph_as_union=not is_merged(store))
