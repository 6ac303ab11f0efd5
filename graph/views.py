"""Views of a release as networks: nodes and edges, sorted, read one by one whatever their number."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from pyoxigraph import QueryResultsFormat, QuerySolutions

from careatlas import queries
from careatlas.graph import dataset
from careatlas.graph import view_tables as sql
from careatlas.graph.terms import ID

MEMORY = "128MB"
"""What the sorting may take; the rest of a large view lies on disk meanwhile."""
BATCH = 4096
PART = 50_000
"""So many claims are made into edges at a time."""

Spell = tuple[str, str]
"""The first and the last day of a stretch of time, ISO 8601; empty where nobody says."""


class View(NamedTuple):
    """What a network shows, and the relations that it is made of."""

    title: str
    relations: tuple[str, ...]
    directed: bool = True


VIEWS = {
    "adoption": View(
        "Who uses which product of whom, and through whom it came",
        (
            "deploys-product",
            "deploys-unnamed-product",
            "supplies",
            "gets-through",
            "brings-product",
        ),
    ),
    "trust-vendor": View("Who uses something of which vendor", ("deploys-vendor",)),
    "trust-route-vendor": View(
        "Through whom something of which vendor came to whom", ("gets-through", "brings-vendor")
    ),
    "peers": View(
        "Which trusts share products, networks and regions",
        ("deploys-product", "belongs-to", "lies-in"),
        directed=False,
    ),
    "ecosystem": View(
        "All that is tied to each other, without the claims themselves",
        (
            "awards",
            "became",
            "belongs-to",
            "bought-under",
            "gets-through",
            "lies-in",
            "operates",
            "studies",
            "supplies",
            "takes-part",
            "deploys-product",
            "deploys-unnamed-product",
        ),
    ),
}


MEASURED = ("adoption", "trust-route-vendor", "trust-vendor")
"""Views whose measures a release holds; a thing in another view shows its measures in the first."""


class Node(NamedTuple):
    """A thing in a network."""

    id: str
    """The path of its IRI below `/id/`."""
    label: str
    kind: str
    ods: str
    region: str
    icb: str
    network_kind: str
    answer: str
    """What a trust said when it was asked: uses, denies or no-response; empty if it was not."""
    opened: str
    closed: str
    degree: int
    weighted_degree: int
    community: str
    """The number of its community, 1 for the largest; empty where nothing is measured."""
    betweenness: str
    reach: str
    """How many trusts are at most two ties away."""


class Edge(NamedTuple):
    """A tie between two things, with all that the claims on it say together."""

    id: str
    source: str
    target: str
    kind: str
    weight: int
    """Independent claims: those that one document took from another count once."""
    claims: int
    status: str
    """By the claim that was reported last."""
    route_types: str
    involvements: str
    first_reported: str
    last_reported: str
    start: str
    """The first day on which it is known to hold."""
    end: str
    """The day on which it is known to have ended; empty if it is not known to have."""
    shared: str
    """Between peers, what they share."""
    spells: tuple[Spell, ...]
    """The stretches of time in which it is known to hold, apart from each other."""


@dataclass(frozen=True)
class Network:
    """A view of one release."""

    name: str
    view: View
    node_count: int
    edge_count: int
    _tables: duckdb.DuckDBPyConnection

    def nodes(self) -> Iterator[Node]:
        """Its nodes by their keys."""
        for row in _rows(self._tables, "SELECT * FROM node"):
            yield Node(*row)

    def edges(self) -> Iterator[Edge]:
        """Its edges by their keys."""
        for row in _rows(self._tables, "SELECT * FROM edge"):
            *said, spells = row
            yield Edge._make([*said, tuple(tuple(one.values()) for one in spells or ())])

    def written(self, table: str, text: str) -> Iterator[str]:
        """A text for each row of the table `node` or `edge`, by its key, as an expression of SQL."""
        query = f"SELECT {text} FROM {table}"  # noqa: S608 - our own names
        for (row,) in _rows(self._tables, query):
            yield row

    def subjects(self) -> Iterator[str]:
        """The IRIs of its nodes, and of the claims that its edges rest on."""
        both = "SELECT id FROM node UNION SELECT claim FROM claim ORDER BY 1"
        for (found,) in _rows(self._tables, both):
            yield found if found.startswith(ID) else ID + found

    def write_parquet(self, nodes: Path, edges: Path) -> None:
        """Write its nodes and its edges as Parquet, with days as dates."""
        for query, path in ((sql.NODE_SHEET, nodes), (sql.EDGE_SHEET, edges)):
            self._tables.execute(f"COPY ({query}) TO $path (FORMAT parquet)", {"path": str(path)})


@contextmanager
def network(store: dataset.Asked, name: str) -> Iterator[Network]:
    """Open a view of a store; what it needs meanwhile lies in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="careatlas-") as folder:
        place = Path(folder)
        for table in ("nodes", "positions"):
            _read(store, queries.folder("views") / f"{table}.rq", place / f"{table}.csv")
        for relation in VIEWS[name].relations:
            query = queries.folder("views") / "relations" / f"{relation}.rq"
            _read(store, query, place / f"relation-{relation}.csv")
        with of_tables(place, name) as found:
            yield found


@contextmanager
def of_tables(place: Path, name: str) -> Iterator[Network]:
    """Open a view whose things and claims lie in a folder as `nodes.csv` and `relation-*.csv`.

    What is measured lies there as `positions.csv`, if anything is.
    """
    view = VIEWS[name]
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(place),
    }
    with duckdb.connect(str(place / "view"), config=settings) as tables:
        tables.execute(sql.KNOWN.format(file=place / "nodes.csv", prefix=ID))
        tables.execute(sql.CLAIMS.format(files=place / "relation-*.csv", prefix=ID))
        if view.directed:
            _tie(tables)
        else:
            tables.execute(sql.PEERS)
        tables.execute(sql.UNMEASURED)
        if (place / "positions.csv").is_file():
            measured = name if name in MEASURED else MEASURED[0]
            tables.execute(sql.MEASURED.format(file=place / "positions.csv", prefix=ID), [measured])
        tables.execute(sql.NODES)
        yield Network(name, view, _count(tables, "node"), _count(tables, "edge"), tables)


def _tie(tables: duckdb.DuckDBPyConnection) -> None:
    """Make edges of claims, so many at a time: a group that grows in memory cannot be laid aside."""
    tables.execute(sql.EMPTY)
    bounds = tables.execute(sql.BOUNDS, {"part": PART}).fetchall()
    for (first,), (after,) in pairwise([*bounds, (None,)]):
        tables.execute(sql.EDGES, {"first": first, "after": after})


def _read(store: dataset.Asked, query: Path, path: Path) -> None:
    found = dataset.query(store, query.read_text(encoding="utf-8"))
    if not isinstance(found, QuerySolutions):
        raise TypeError(f"{query.name} is no SELECT")
    found.serialize(str(path), QueryResultsFormat.CSV)


def _count(tables: duckdb.DuckDBPyConnection, table: str) -> int:
    found: Any = tables.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - our own names
    return int(found[0])


def _rows(tables: duckdb.DuckDBPyConnection, query: str) -> Iterator[tuple[Any, ...]]:
    found = tables.cursor().execute(query)
    while batch := found.fetchmany(BATCH):
        yield from batch
