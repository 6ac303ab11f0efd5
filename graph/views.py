"""Views of a release as networks: nodes and edges, sorted, read one by one whatever their number."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from careatlas import queries
from careatlas.graph import dataset
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
        for query, path in ((_NODE_SHEET, nodes), (_EDGE_SHEET, edges)):
            self._tables.execute(f"COPY ({query}) TO $path (FORMAT parquet)", {"path": str(path)})


@contextmanager
def network(store: Store, name: str) -> Iterator[Network]:
    """Open a view of a store; what it needs meanwhile lies in a folder that goes with it."""
    with tempfile.TemporaryDirectory(prefix="careatlas-") as folder:
        place = Path(folder)
        _read(store, queries.folder("views") / "nodes.rq", place / "nodes.csv")
        for relation in VIEWS[name].relations:
            query = queries.folder("views") / "relations" / f"{relation}.rq"
            _read(store, query, place / f"relation-{relation}.csv")
        with of_tables(place, name) as found:
            yield found


@contextmanager
def of_tables(place: Path, name: str) -> Iterator[Network]:
    """Open a view whose things and claims lie in a folder as `nodes.csv` and `relation-*.csv`."""
    view = VIEWS[name]
    settings: dict[str, str | bool | int | float | list[str]] = {
        "memory_limit": MEMORY,
        "temp_directory": str(place),
    }
    with duckdb.connect(str(place / "view"), config=settings) as tables:
        tables.execute(_KNOWN.format(file=place / "nodes.csv", prefix=ID))
        tables.execute(_CLAIMS.format(files=place / "relation-*.csv", prefix=ID))
        if view.directed:
            _tie(tables)
        else:
            tables.execute(_PEERS)
        tables.execute(_NODES)
        yield Network(name, view, _count(tables, "node"), _count(tables, "edge"), tables)


def _tie(tables: duckdb.DuckDBPyConnection) -> None:
    """Make edges of claims, so many at a time: a group that grows in memory cannot be laid aside."""
    tables.execute(_EMPTY)
    bounds = tables.execute(_BOUNDS, {"part": PART}).fetchall()
    for (first,), (after,) in pairwise([*bounds, (None,)]):
        tables.execute(_EDGES, {"first": first, "after": after})


def _read(store: Store, query: Path, path: Path) -> None:
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


_CLAIMS = """
CREATE TABLE claim AS
SELECT
  replace(source, '{prefix}', '') AS source, replace(target, '{prefix}', '') AS target,
  kind, status, route_type, involvement, "start", "end", reported, origin, claim
FROM read_csv('{files}', all_varchar = true, header = true, union_by_name = true)
WHERE source <> target
ORDER BY source, kind, target
"""
_BOUNDS = """
SELECT DISTINCT source FROM claim WHERE rowid % $part = 0 ORDER BY source
"""
_EMPTY = """
CREATE TABLE edge (
  id VARCHAR, source VARCHAR, target VARCHAR, kind VARCHAR, weight BIGINT, claims BIGINT,
  status VARCHAR, route_types VARCHAR, involvements VARCHAR, first_reported VARCHAR,
  last_reported VARCHAR, "start" VARCHAR, "end" VARCHAR, shared VARCHAR,
  spells STRUCT(day VARCHAR, until VARCHAR)[]
)
"""
# Both tables are written in the order of their keys, and are read in the order of writing.
# Lists made distinct and sorted afterwards take half the time of aggregates that do both.
# What overlaps becomes one stretch: a reader of networks takes no time twice.
_EDGES = """
INSERT INTO edge
SELECT
  source || ' ' || kind || ' ' || target, source, target, kind,
  len(list_distinct(origins)), len(list_distinct(claims)), coalesce(status, ''),
  coalesce(array_to_string(list_sort(list_distinct(route_types)), '|'), ''),
  coalesce(array_to_string(list_sort(list_distinct(involvements)), '|'), ''),
  coalesce(first_reported, ''), coalesce(last_reported, ''),
  coalesce(apart[1].day, ''), coalesce(apart[-1].until, ''), '', apart
FROM (
  SELECT *, CASE WHEN len(spells) < 2 THEN spells ELSE list_reduce(
    list_transform(list_sort(list_distinct(spells)), lambda one: [one]),
    lambda before, one:
      CASE WHEN before[-1].until <> '' AND before[-1].until < one[1].day THEN before || one
      ELSE before[:-2] || [struct_pack(
        day := before[-1].day,
        until := CASE WHEN before[-1].until = '' OR one[1].until = '' THEN ''
          ELSE greatest(before[-1].until, one[1].until) END)]
      END) END AS apart
  FROM (
    SELECT source, target, kind, list(origin) AS origins, list(claim) AS claims,
      arg_max(status, (coalesce(reported, ''), coalesce("start", ''), claim, status))
        FILTER (status IS NOT NULL) AS status,
      list(route_type) FILTER (route_type IS NOT NULL) AS route_types,
      list(involvement) FILTER (involvement IS NOT NULL) AS involvements,
      min(reported) AS first_reported, max(reported) AS last_reported,
      list(struct_pack(day := coalesce("start", ''), until := coalesce("end", '')))
        FILTER ("start" IS NOT NULL OR "end" IS NOT NULL) AS spells
    FROM claim WHERE source >= $first AND ($after IS NULL OR source < $after)
    GROUP BY source, target, kind
  )
)
ORDER BY source, kind, target
"""
_PEERS = """
CREATE TABLE edge AS
WITH tie AS (
  SELECT source, target, claim.kind AS kind, count(DISTINCT claim) AS claims,
    min(reported) AS first_reported, max(reported) AS last_reported
  FROM claim JOIN known ON known.id = source AND known.kind = '01trust'
  GROUP BY source, target, claim.kind
)
SELECT
  a.source || ' resembles ' || b.source AS id, a.source AS source, b.source AS target,
  'resembles' AS kind,
  count(DISTINCT a.target) AS weight,
  CAST(sum(a.claims + b.claims) AS BIGINT) AS claims,
  '' AS status, '' AS route_types, '' AS involvements,
  coalesce(min(least(a.first_reported, b.first_reported)), '') AS first_reported,
  coalesce(max(greatest(a.last_reported, b.last_reported)), '') AS last_reported,
  '' AS "start", '' AS "end",
  string_agg(DISTINCT a.target, '|' ORDER BY a.target) AS shared,
  NULL AS spells
FROM tie a JOIN tie b ON a.target = b.target AND a.kind = b.kind AND a.source < b.source
GROUP BY a.source, b.source
ORDER BY id
"""
_KNOWN = """
CREATE TABLE known AS
SELECT replace(id, '{prefix}', '') AS id, min(label) AS label,
  min(lpad(rank, 2, '0') || kind) AS kind, min(ods) AS ods,
  string_agg(DISTINCT region, '|' ORDER BY region) AS region,
  string_agg(DISTINCT icb, '|' ORDER BY icb) AS icb, min(network_kind) AS network_kind,
  min(answer) AS answer, min(opened) AS opened, max(closed) AS closed
FROM read_csv('{file}', all_varchar = true, header = true) GROUP BY id
"""
_NODES = """
CREATE TABLE node AS
WITH tied AS (
  SELECT id, count(*) AS degree, CAST(sum(weight) AS BIGINT) AS weighted_degree FROM (
    SELECT source AS id, weight FROM edge UNION ALL SELECT target AS id, weight FROM edge
  ) GROUP BY id
)
SELECT tied.id, coalesce(label, tied.id) AS label, coalesce(substr(kind, 3), 'other') AS kind,
  coalesce(ods, '') AS ods, coalesce(region, '') AS region, coalesce(icb, '') AS icb,
  coalesce(network_kind, '') AS network_kind, coalesce(answer, '') AS answer,
  coalesce(opened, '') AS opened, coalesce(closed, '') AS closed, degree, weighted_degree
FROM tied LEFT JOIN known USING (id)
ORDER BY id
"""
_NODE_SHEET = """
SELECT * REPLACE (
  CAST(nullif(opened, '') AS DATE) AS opened, CAST(nullif(closed, '') AS DATE) AS closed)
FROM node
"""
_EDGE_SHEET = """
SELECT * REPLACE (
  CAST(nullif(first_reported, '') AS DATE) AS first_reported,
  CAST(nullif(last_reported, '') AS DATE) AS last_reported,
  CAST(nullif("start", '') AS DATE) AS "start", CAST(nullif("end", '') AS DATE) AS "end",
  list_transform(spells, lambda spell: struct_pack(
    "start" := CAST(nullif(spell.day, '') AS DATE),
    "end" := CAST(nullif(spell.until, '') AS DATE))) AS spells,
  string_split(nullif(route_types, ''), '|') AS route_types,
  string_split(nullif(involvements, ''), '|') AS involvements,
  string_split(nullif(shared, ''), '|') AS shared)
FROM edge
"""
