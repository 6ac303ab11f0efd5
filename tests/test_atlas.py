"""The atlas in Python: typed rows, evidence, frames, networks equal to the exports, plain errors."""

import csv
import io
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import networkx
import polars
import pytest
import rdflib

import careatlas
from careatlas import data
from careatlas.atlas import Atlas
from careatlas.evidence import NoEvidenceError
from careatlas.graph.answer import Answer, ParameterError, Value, typed
from careatlas.graph.homes import NoReleaseError
from careatlas.graph.labels import UnknownNameError
from careatlas.graph.networks import write_network
from careatlas.graph.questions import UnknownQuestionError, catalogue, get, names
from careatlas.graph.release import Release
from careatlas.graph.views import VIEWS
from careatlas.graphs import UnknownViewError
from careatlas.tables import DRAWN, MissingLibraryError, Table

HERE = Path(__file__).parent
SMALL_WORLD = HERE / "fixtures" / "small_world"
GOLDEN = HERE / "golden" / "real"
PREFIXES = "PREFIX atlas: <https://w3id.org/careatlas/def#>\n"


@pytest.fixture(scope="module")
def atlas(home: Path) -> Atlas:
    return careatlas.open(home)


# ---- opening


def test_the_release_asked_for_is_opened(home: Path, release: Release) -> None:
    assert careatlas.open(home).release.name == release.name
    assert careatlas.open(str(home), release.name[:6]).release.name == release.name
    with pytest.raises(NoReleaseError, match="careatlas releases"):
        careatlas.open(home, "ffffffffffff")


def test_the_first_release_is_built_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(data, "folder", lambda: SMALL_WORLD)
    monkeypatch.setenv("CAREATLAS_HOME", str(tmp_path / "home"))
    atlas = careatlas.open()
    assert "building the first" in caplog.text
    assert len(atlas.ask("who-uses-what")) > 0
    caplog.clear()
    assert careatlas.open().release.name == atlas.release.name
    assert caplog.text == ""
    with pytest.raises(NoReleaseError):
        careatlas.open(tmp_path / "none", "abc")


def test_importing_the_package_loads_nothing_but_it() -> None:
    code = "import sys, careatlas; print(*sorted(one for one in sys.modules if '.' in one or one in {'pyoxigraph', 'rdflib', 'pandas', 'networkx'}))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603
    loaded = done.stdout.split()
    assert not [one for one in loaded if one.startswith("careatlas.")]
    assert not {"pyoxigraph", "rdflib", "pandas", "networkx"} & set(loaded)


# ---- questions and their rows


def back(value: Value) -> str:
    """A value as the text that it came from."""
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


@pytest.mark.parametrize("name", names())
def test_every_cell_has_the_type_of_its_column_and_says_the_same(name: str) -> None:
    question = get(name)
    with (GOLDEN / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = [tuple(row) for row in csv.reader(file)]
    found = typed(Answer(question, "", columns, tuple(rows), None, ()))
    types = {"integer": int, "decimal": float, "boolean": bool, "date": date}
    assert len(found) == len(rows)
    for row, texts in zip(found, rows, strict=True):
        for (column, value), text in zip(row.items(), texts, strict=True):
            kind = types.get(question.columns[column], str)
            assert (value is None) == (text == "")
            assert value is None or type(value) is kind
            same = isinstance(value, float) and value == float(text)
            assert same or back(value) == text


def test_an_answer_says_how_it_counts_and_what_is_missing(atlas: Atlas) -> None:
    found = atlas.ask("who-uses-what", vendor="Annalise")
    assert found.counting_rule == get("who-uses-what").description
    assert found.cohort is not None
    assert (found.cohort.asked, found.cohort.answered) == (149, 120)
    assert any(gap.startswith("product: not stated in ") for gap in found.gaps)
    assert "SELECT DISTINCT ?trust" in found.query
    assert tuple(found.columns) == tuple(get("who-uses-what").columns)
    assert {row["vendor"] for row in found} == {"Annalise.ai"}
    assert isinstance(found[:3], type(found))
    assert [dict(row) for row in found[:3]] == [dict(found[at]) for at in range(3)]
    assert found[:3].counting_rule == found.counting_rule


@pytest.mark.parametrize("day", [date(2025, 1, 1), datetime(2025, 1, 1, 12, 30), "2025-01-01"])
def test_a_day_is_a_date_or_its_text(atlas: Atlas, day: date | str) -> None:
    found = atlas.ask("who-uses-what", known_by=day, vendor=None)
    reported = [row["reported"] for row in found]
    assert reported
    assert all(isinstance(one, date) and one <= date(2025, 1, 1) for one in reported)
    assert len(reported) < len(atlas.ask("who-uses-what"))


def test_a_number_is_given_as_a_number(atlas: Atlas) -> None:
    found = atlas.ask("trust-peers", trust="Leeds Teaching", least=3)
    assert len(found) < len(atlas.ask("trust-peers", trust="Leeds Teaching", least="1"))


def test_the_catalogue_is_a_table(atlas: Atlas) -> None:
    rows = {row["name"]: row for row in atlas.questions()}
    assert list(rows) == [one.name for one in catalogue()]
    assert "known_by" in str(rows["adoption"]["parameters"])


@pytest.mark.parametrize(
    ("call", "error", "says"),
    [
        (lambda atlas: atlas.ask("who-uses-it"), UnknownQuestionError, "nearest: who-uses-what"),
        (lambda atlas: atlas.ask("usage", vender="x"), ParameterError, "usage takes --trust"),
        (lambda atlas: atlas.ask("usage", as_of="soon"), ParameterError, "is not a day"),
        (lambda atlas: atlas.ask("usage", vendor="Anallise"), UnknownNameError, "Annalise"),
        (lambda atlas: atlas.graph("everything"), UnknownViewError, "trust-route-vendor"),
        (lambda atlas: atlas.find("qqqqzzzz"), UnknownNameError, "no thing is called"),
        (lambda atlas: atlas.sparql("SELECT"), SyntaxError, "expected"),
        (lambda atlas: atlas.evidence({"trust": "A"}), NoEvidenceError, "no evidence"),
    ],
)
def test_an_error_is_one_line_that_says_what_to_do(
    atlas: Atlas, call: Callable[[Atlas], object], error: type[Exception], says: str
) -> None:
    with pytest.raises(error) as caught:
        call(atlas)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value).strip() or error is SyntaxError


def test_a_thing_is_found_by_name(atlas: Atlas) -> None:
    [first, *_] = atlas.find("Epsom and St Helier", kind="trust")
    assert (first["kind"], first["label"]) == (
        "trust",
        "Epsom and St Helier University Hospitals NHS Trust",
    )
    assert atlas.ask("disclosures", trust=first["iri"])[0]["trust"] == first["label"]


# ---- evidence


def test_a_row_leads_to_its_claim_its_document_and_its_days(atlas: Atlas) -> None:
    for row in atlas.ask("who-uses-what")[:60]:
        [one] = atlas.evidence(row)
        assert one["claim"] == row["claim"]
        assert (one["source"], one["locator"]) == (row["source"], row["locator"])
        assert (one["reported"], one["holds_from"]) == (row["reported"], row["holds_from"])
        assert one["title"] == atlas.release.manifest["sources"][str(row["source"])]["title"]


def test_a_conflict_rests_on_both_its_sides(atlas: Atlas) -> None:
    [row, *_] = atlas.ask("conflicts", subject="University Hospitals of Leicester")
    found = atlas.evidence(row)
    assert {one["source"] for one in found} == {row["source_a"], row["source_b"]}
    assert all(one["claim"] and one["published"] for one in found)


def test_every_first_row_of_the_catalogue_has_evidence(atlas: Atlas) -> None:
    for name in ("adoption", "vendor-footprint", "trust-peers", "vendor-pairs", "sources"):
        row = atlas.ask(name, **({"trust": "RR8"} if name == "trust-peers" else {}))[0]
        found = atlas.evidence(row)
        cited = {row[one] for one in row if "source" in one.split("_")}
        assert {one["source"] for one in found} >= cited - {None}
        assert all(one["locator"] and one["title"] for one in found)


# ---- frames


def test_a_frame_of_pandas_keeps_the_types_and_what_is_empty(atlas: Atlas) -> None:
    found = atlas.ask("usage")
    frame = found.to_pandas()
    assert list(frame.columns) == list(found.columns)
    assert len(frame) == len(found)
    assert str(frame["period_start"].dtype) == "datetime64[s]"
    assert str(frame["approximate"].dtype) == "boolean"
    for name in found.columns:
        assert frame[name].isna().sum() == sum(row[name] is None for row in found)
    stated = [row["max"] for row in found if row["max"] is not None]
    assert frame["max"].sum() == sum(one for one in stated if isinstance(one, int | float))


def test_a_frame_of_polars_keeps_the_types_and_what_is_empty(atlas: Atlas) -> None:
    found = atlas.ask("usage")
    frame = found.to_polars()
    assert frame.rows(named=True) == [dict(row) for row in found]
    assert frame.schema["period_start"] == polars.Date()
    assert frame.schema["approximate"] == polars.Boolean()


def test_a_frame_of_no_row_has_its_columns(atlas: Atlas) -> None:
    found = atlas.ask("usage")[:0]
    assert list(found.to_pandas().columns) == found.to_polars().columns == list(found.columns)


@pytest.mark.parametrize("library", ["pandas", "polars"])
def test_a_library_that_is_not_there_is_named(
    atlas: Atlas, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    table = atlas.questions()
    with pytest.raises(MissingLibraryError, match=f"^this needs {library}: pip install {library}$"):
        (table.to_pandas if library == "pandas" else table.to_polars)()


def test_a_table_is_drawn_with_what_people_see_and_as_text(atlas: Atlas) -> None:
    found = atlas.ask("who-uses-what")
    html = found._repr_html_()
    assert html.count("<th>") == len(found.question.shown)
    assert html.count("<tr>") == 1 + DRAWN
    assert f"and {len(found) - DRAWN} more rows" in html
    hostile = Table("<i>", {"a": "string"}, [{"a": "<script>&"}, {"a": None}])
    assert "<td>&lt;script&gt;&amp;</td>" in hostile._repr_html_()
    assert "<td></td>" in hostile._repr_html_()
    assert "<i>" not in hostile._repr_html_()
    assert repr(hostile) == "<<i>: 2 rows of a>"


# ---- networks


@pytest.mark.parametrize("view", VIEWS)
def test_a_network_is_the_one_that_is_exported(atlas: Atlas, release: Release, view: str) -> None:
    output = io.BytesIO()
    write_network(release, "gexf", view, output)
    output.seek(0)
    read, made = networkx.read_gexf(output, version="1.3"), atlas.graph(view)
    assert made.is_directed() == read.is_directed()
    assert {one: (of["label"], of["kind"]) for one, of in made.nodes(data=True)} == {
        one: (of["label"], of["kind"]) for one, of in read.nodes(data=True)
    }
    assert edges(made) == edges(read)
    assert view != "trust-vendor" or type(made) is networkx.DiGraph
    assert view != "peers" or type(made) is networkx.Graph


def edges(graph: "networkx.Graph[str]") -> dict[str, tuple[object, ...]]:
    """What both say of each edge; networkx reads an end that is open as the word None."""
    return {
        str(of["id"]): (
            *sorted((one, other)),
            float(of["weight"]),
            of["claims"],
            *(of.get(name, "") for name in ("status", "start", "end", "last_reported")),
            tuple(tuple("" if day == "None" else day for day in spell) for spell in of["spells"])
            if "spells" in of
            else (),
        )
        for one, other, of in graph.edges(data=True)
    }


# ---- SPARQL


def test_what_is_selected_is_a_table_with_types(atlas: Atlas) -> None:
    found = atlas.sparql(
        PREFIXES + "SELECT (7 AS ?n) (1.5 AS ?part) (true AS ?so) ?day ?thing ?none ('x' AS ?word)"
        " WHERE { ?thing a atlas:StatusReport ; atlas:reportedOn ?day } LIMIT 2"
    )
    assert isinstance(found, Table)
    assert dict(found.columns) == {
        "n": "integer",
        "part": "decimal",
        "so": "boolean",
        "day": "date",
        "thing": "string",
        "none": "string",
        "word": "string",
    }
    row = found[0]
    assert (row["n"], row["part"], row["so"], row["none"]) == (7, 1.5, True, None)
    assert isinstance(row["day"], date)
    assert atlas.evidence(row)[0]["claim"] == row["thing"]
    assert found.to_polars().rows(named=True) == [dict(one) for one in found]


def test_cells_of_several_types_are_texts(atlas: Atlas) -> None:
    found = atlas.sparql("SELECT ?x { VALUES ?x { 1 'a' UNDEF } }")
    assert isinstance(found, Table)
    assert ([row["x"] for row in found], found.columns["x"]) == (["1", "a", None], "string")
    ill = atlas.sparql(
        'SELECT ?x { VALUES ?x { "soon"^^<http://www.w3.org/2001/XMLSchema#date> } }'
    )
    assert isinstance(ill, Table)
    assert ill[0]["x"] == "soon"


def test_yes_or_no_and_statements(atlas: Atlas) -> None:
    assert atlas.sparql(PREFIXES + "ASK { ?claim a atlas:StatusReport }") is True
    found = atlas.sparql("CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o } LIMIT 7")
    assert isinstance(found, rdflib.Graph)
    assert 0 < len(found) <= 7
