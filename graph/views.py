"""Views of a release as networks: nodes and edges, sorted, read one by one whatever their number."""

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from careatlas import queries
from careatlas.graph.terms import ID

MEMORY = "256MB"
"""What the sorting may take; the rest of a large view lies on disk meanwhile."""
BATCH = 4096

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
    spells: tuple[Spell, ...]
    shared: str
    """Between peers, what they share."""

    @property
    def start(self) -> str:
        """The first day on which it is known to hold."""
        return self.spells[0][0] if self.spells else ""

    @property
    def end(self) -> str:
        """The day on which it is known to have ended; empty if it is not known to have."""
        return self.spells[-1][1] if self.spells else ""


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
        for row in _rows(self._tables, "SELECT * FROM node ORDER BY id"):
            yield Node(*row)

    def edges(self) -> Iterator[Edge]:
        """Its edges by their keys."""
        columns = ", ".join(Edge._fields)
        for row in _rows(self._tables, f"SELECT {columns} FROM edge ORDER BY id"):  # noqa: S608 - our own names
            *plain, spells, shared = row
            yield Edge(*plain, merged(spells) if spells else (), shared)

    def subjects(self) -> Iterator[str]:
        """The IRIs of its nodes, and of the claims that its edges rest on."""
        both = "SELECT id FROM node UNION SELECT claim FROM claim ORDER BY 1"
        for (found,) in _rows(self._tables, both):
            yield found if found.startswith(ID) else ID + found

    def write_parquet(self, nodes: Path, edges: Path) -> None:
        """Write its nodes and its edges as Parquet, with days as dates."""
        for query, path in ((_NODE_SHEET, nodes), (_EDGE_SHEET, edges)):
            self._tables.execute(f"COPY ({query}) TO $path (FORMAT parquet)", {"path": str(path)})


def merged(spells: Iterable[Spell]) -> tuple[Spell, ...]:
    """Stretches of time in their order, those that touch or overlap made one.

    >>> merged((("2024-01-01", "2024-03-01"), ("2023-01-01", "2024-02-01"), ("2025-01-01", "")))
    (('2023-01-01', '2024-03-01'), ('2025-01-01', ''))
    """
    found: list[Spell] = []
    for start, end in sorted(spells):
        if found and (not found[-1][1] or start <= found[-1][1]):
            before, until = found[-1]
            found[-1] = (before, max(until, end) if until and end else "")
        else:
            found.append((start, end))
    return tuple(found)


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
        "threads": 1,  # several would write their rows in any order
    }
    with duckdb.connect(str(place / "view"), config=settings) as tables:
        tables.execute(_KNOWN.format(file=place / "nodes.csv", prefix=ID))
        tables.execute(_CLAIMS.format(files=place / "relation-*.csv", prefix=ID))
        tables.execute(_EDGES if view.directed else _PEERS)
        tables.execute(_NODES)
        yield Network(name, view, _count(tables, "node"), _count(tables, "edge"), tables)


def _read(store: Store, query: Path, path: Path) -> None:
    found = store.query(query.read_text(encoding="utf-8"), use_default_graph_as_union=True)
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
SELECT DISTINCT
  replace(source, '{prefix}', '') AS source, replace(target, '{prefix}', '') AS target,
  kind, status, route_type, involvement, "start", "end", reported, origin, claim
FROM read_csv('{files}', all_varchar = true, header = true, union_by_name = true)
WHERE source <> target
"""
# Lists made distinct and sorted afterwards take half the time of aggregates that do both.
_EDGES = """
CREATE TABLE edge AS
SELECT id, source, target, kind,
  len(list_distinct(origins)) AS weight,
  len(list_distinct(claims)) AS claims,
  coalesce(status, '') AS status,
  array_to_string(list_sort(list_distinct(route_types)), '|') AS route_types,
  array_to_string(list_sort(list_distinct(involvements)), '|') AS involvements,
  first_reported, last_reported,
  list_sort(list_distinct(spells)) AS spells,
  '' AS shared
FROM (
  SELECT
    source || ' ' || kind || ' ' || target AS id, source, target, kind,
    list(origin) AS origins,
    list(claim) AS claims,
    arg_max(status, (coalesce(reported, ''), coalesce("start", ''), claim))
      FILTER (status IS NOT NULL) AS status,
    coalesce(list(route_type) FILTER (route_type IS NOT NULL), []) AS route_types,
    coalesce(list(involvement) FILTER (involvement IS NOT NULL), []) AS involvements,
    coalesce(min(reported), '') AS first_reported,
    coalesce(max(reported), '') AS last_reported,
    list((coalesce("start", ''), coalesce("end", '')))
      FILTER ("start" IS NOT NULL OR "end" IS NOT NULL) AS spells
  FROM claim
  GROUP BY source, target, kind
)
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
  NULL AS spells,
  string_agg(DISTINCT a.target, '|' ORDER BY a.target) AS shared
FROM tie a JOIN tie b ON a.target = b.target AND a.kind = b.kind AND a.source < b.source
GROUP BY a.source, b.source
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
"""
_NODE_SHEET = """
SELECT * REPLACE (
  CAST(nullif(opened, '') AS DATE) AS opened, CAST(nullif(closed, '') AS DATE) AS closed)
FROM node ORDER BY id
"""
_EDGE_SHEET = """
SELECT * REPLACE (
  CAST(nullif(first_reported, '') AS DATE) AS first_reported,
  CAST(nullif(last_reported, '') AS DATE) AS last_reported,
  list_transform(spells, lambda spell: struct_pack(
    "start" := CAST(nullif(spell[1], '') AS DATE),
    "end" := CAST(nullif(spell[2], '') AS DATE))) AS spells,
  string_split(nullif(route_types, ''), '|') AS route_types,
  string_split(nullif(involvements, ''), '|') AS involvements,
  string_split(nullif(shared, ''), '|') AS shared)
FROM edge ORDER BY id
"""
