"""Views as networks: what they hold, what each format says of it, and that readers read the same."""

import csv
import io
import zipfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import networkx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from careatlas.graph.answer import answer
from careatlas.graph.labels import Labels
from careatlas.graph.networks import NETWORK_FORMATS, export_network, write_network
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.views import VIEWS, Network, network, of_tables
from careatlas.graph.xml import text

SCHEMA = Path(__file__).parents[2] / "shared" / "samples" / "gexf" / "gexf.xsd"
HEAD = "id,label,rank,kind,ods,region,icb,network_kind,answer,opened,closed"
CLAIM = (
    *("source", "target", "kind", "status", "route_type", "involvement", "start", "end"),
    *("reported", "origin", "claim"),
)
HOSTILE = "<b>\"Fish & 'Chips'\"</b>\u202etxt\u202c 🩻 \x00\x0b ]]>"


@pytest.fixture(scope="module", params=VIEWS)
def net(request: pytest.FixtureRequest, release: Release) -> Iterator[Network]:
    with network(release.store, request.param) as found:
        yield found


def written(release: Release, kind: str, view: str) -> bytes:
    output = io.BytesIO()
    write_network(release, kind, view, output)
    return output.getvalue()


def test_a_network_is_sorted_and_whole(net: Network) -> None:
    nodes, edges = list(net.nodes()), list(net.edges())
    assert [one.id for one in nodes] == sorted({one.id for one in nodes})
    assert [one.id for one in edges] == sorted({one.id for one in edges})
    assert (len(nodes), len(edges)) == (net.node_count, net.edge_count)
    assert {one.id for one in nodes} == {end for one in edges for end in (one.source, one.target)}
    assert all(one.weight >= 1 for one in edges)
    for node in nodes[:20]:
        tied = [one for one in edges if node.id in {one.source, one.target}]
        assert node.degree == len(tied)
        assert node.weighted_degree == sum(one.weight for one in tied)


def test_who_has_what_is_what_the_catalogue_answers(release: Release) -> None:
    labels = Labels(release.labels)
    rows = answer(release.store, labels, get("who-uses-what"), {}, rows_alone=True).rows
    columns = list(get("who-uses-what").columns)
    at = {name: columns.index(name) for name in ("trust", "product", "vendor", "claim")}
    stated = {
        (row[at["trust"]], row[at["product"]] or row[at["vendor"]])
        for row in rows
        if row[at["product"]] or row[at["vendor"]]
    }
    with network(release.store, "adoption") as net:
        label = {node.id: node.label for node in net.nodes()}
        shown = {
            (label[one.source], label[one.target]) for one in net.edges() if one.kind == "deploys"
        }
    assert shown == stated


@pytest.mark.skipif(not SCHEMA.is_file(), reason="the schema of GEXF 1.3 is not at hand")
@pytest.mark.parametrize("view", VIEWS)
def test_every_view_is_valid_gexf(release: Release, view: str) -> None:
    schema = etree.XMLSchema(etree.parse(SCHEMA))
    document = etree.fromstring(written(release, "gexf", view))
    assert schema.validate(document), schema.error_log


@pytest.mark.parametrize("kind", ["gexf", "graphml"])
def test_networkx_reads_the_same(net: Network, release: Release, kind: str) -> None:
    file = io.BytesIO(written(release, kind, net.name))
    read = (
        networkx.read_gexf(file, version="1.3") if kind == "gexf" else networkx.read_graphml(file)
    )
    assert read.is_directed() == net.view.directed
    assert {one: of["label"] for one, of in read.nodes(data=True)} == {
        one.id: one.label for one in net.nodes()
    }
    found = sorted(
        (
            *([a, b] if read.is_directed() else sorted([a, b])),
            float(of["weight"]),
            *(of.get(name, "") for name in ("start", "end", "first_reported", "status")),
        )
        for a, b, of in read.edges(data=True)
    )
    assert found == sorted(
        (*one[1:3], float(one.weight), one.start, one.end, one.first_reported, one.status)
        for one in net.edges()
    )


def test_gexf_plays_what_is_dated(release: Release) -> None:
    read = networkx.read_gexf(io.BytesIO(written(release, "gexf", "adoption")), version="1.3")
    with network(release.store, "adoption") as net:
        dated = {one.id: one.spells for one in net.edges() if one.spells}
    found = {
        of["id"]: tuple(tuple("" if day == "None" else day for day in one) for one in of["spells"])
        for *_, of in read.edges(data=True)
        if "spells" in of
    }
    assert found == dated
    assert any(len(spells) > 1 for spells in dated.values())


def test_tables_name_their_columns_as_gephi_does(net: Network, release: Release) -> None:
    with zipfile.ZipFile(io.BytesIO(written(release, "csv", net.name))) as archive:
        names = [f"{net.name}-nodes.csv", f"{net.name}-edges.csv"]
        assert archive.namelist() == names
        nodes, edges = (
            list(csv.DictReader(io.StringIO(archive.read(name).decode()))) for name in names
        )
    assert [(row["Id"], row["Label"]) for row in nodes] == [
        (one.id, one.label) for one in net.nodes()
    ]
    kind = "Directed" if net.view.directed else "Undirected"
    assert [
        (row["Source"], row["Target"], row["Type"], row["Id"], row["Weight"]) for row in edges
    ] == [(one.source, one.target, kind, one.id, str(one.weight)) for one in net.edges()]


def test_parquet_has_types(release: Release, tmp_path: Path) -> None:
    nodes, edges = export_network(release, "parquet", "adoption", tmp_path / "a.parquet")
    with duckdb.connect() as tables, network(release.store, "adoption") as net:
        found = tables.execute(
            "SELECT id, first_reported, spells FROM read_parquet(?)", [str(edges)]
        ).fetchall()
        count = tables.execute("SELECT count(*) FROM read_parquet(?)", [str(nodes)]).fetchone()
        assert [
            (name, day.isoformat() if day else "", bool(spells)) for name, day, spells in found
        ] == [(one.id, one.first_reported, bool(one.spells)) for one in net.edges()]
        assert count == (net.node_count,)


@pytest.mark.parametrize("kind", [*NETWORK_FORMATS, "turtle", "nquads"])
def test_the_same_release_gives_the_same_bytes(release: Release, kind: str) -> None:
    assert written(release, kind, "adoption") == written(release, kind, "adoption")


def test_peers_say_what_they_share(release: Release) -> None:
    with network(release.store, "peers") as net:
        kinds = {node.kind for node in net.nodes()}
        for one in list(net.edges())[:500]:
            assert one.source < one.target
            assert one.weight == len(one.shared.split("|"))
    assert kinds == {"trust"}


def shown(value: str) -> str:
    """A text as it comes back from the XML that is made of it."""
    with duckdb.connect() as tables:
        query = f"SELECT {text('label')} FROM (SELECT $1 AS label)"  # noqa: S608 - our own
        row = tables.execute(query, [value]).fetchone()
    assert row
    read = etree.fromstring(f'<a b="{row[0]}"/>'.encode())
    return str(read.get("b"))


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_the_same_in_xml(value: str) -> None:
    forbidden = {chr(code) for code in range(32)} - set("\t\n\r") | {"\ufffe", "\uffff"}
    assert shown(value) == "".join("\ufffd" if one in forbidden else one for one in value)


def test_markup_in_a_label_is_text() -> None:
    assert shown(HOSTILE) == HOSTILE.replace("\x00", "\ufffd").replace("\x0b", "\ufffd")


DAYS = st.dates().map(str)
SPELLS = st.lists(
    st.tuples(DAYS | st.just(""), DAYS | st.just(""))
    .filter(any)
    .map(lambda one: one if not all(one) else (min(one), max(one))),
    min_size=1,
    max_size=6,
)


@given(SPELLS)
@settings(max_examples=50)
def test_stretches_of_time_are_merged_without_loss(spells: list[tuple[str, str]]) -> None:
    with TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "nodes.csv").write_text(f"{HEAD}\n", encoding="utf-8")
        with (folder / "relation-made.csv").open("w", newline="", encoding="utf-8") as file:
            rows = csv.writer(file)
            rows.writerow(CLAIM)
            for number, (start, end) in enumerate(spells):
                said = ["a", "b", "deploys", "live", "", "", start, end, "", "d", str(number)]
                rows.writerow(said)
        with of_tables(folder, "trust-vendor") as net:
            [edge] = net.edges()
    found = edge.spells
    assert (edge.weight, edge.claims) == (1, len(spells))
    assert (edge.start, edge.end) == (found[0][0], found[-1][1])
    assert list(found) == sorted(found)
    assert all(before[1] and before[1] < after[0] for before, after in pairwise(found))
    for start, end in spells:
        assert any(a <= start and (not b or (end and end <= b)) for a, b in found)
    assert {one[0] for one in found} <= {one[0] for one in spells}
    assert {one[1] for one in found} <= {one[1] for one in spells}
