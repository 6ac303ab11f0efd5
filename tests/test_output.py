"""What people and programs see: tables and cards, CSV and JSON, and nothing that steers a terminal."""

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas import output
from careatlas.graph.answer import Answer, Cohort, said
from careatlas.graph.findings import Finding
from careatlas.graph.questions import get

NODE = NamedNode("https://example.org/x")
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def shown(
    monkeypatch: pytest.MonkeyPatch,
    columns: Sequence[str],
    rows: Sequence[Sequence[str]],
    width: int,
) -> str:
    """The table as a terminal of some width gets it."""
    screen = io.StringIO()
    monkeypatch.setattr("sys.stdout", screen)
    monkeypatch.setenv("COLUMNS", str(width))
    monkeypatch.setenv("TERM", "dumb")
    output.write(columns, rows, "table")
    return screen.getvalue()


def card(rows: tuple[tuple[str, ...], ...], cohort: Cohort | None = None) -> Answer:
    question = get("vendor-footprint")
    return Answer(question, "SELECT *", tuple(question.columns), rows, cohort, ("all [else]",))


ROW = ("Acme", "3", "2", "", "", "paper", "item 1")
COHORT = Cohort("Request", 149, 120, 62, 58, 2, 29, 57)


def test_the_format_is_asked_for_or_follows_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", io.StringIO())
    assert output.chosen(None) == "csv"
    assert output.chosen("json") == "json"
    monkeypatch.setattr("sys.stdout", Screen())
    assert output.chosen(None) == "table"
    assert output.chosen("csv") == "csv"


@given(st.lists(st.tuples(CELLS, CELLS), max_size=5))
def test_csv_and_json_keep_every_cell(rows: list[tuple[str, str]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        out = io.StringIO()
        patch.setattr("sys.stdout", out)
        output.write(("a", "b"), rows, "csv")
        read = list(csv.reader(io.StringIO(out.getvalue(), newline="")))
        assert [tuple(row) for row in read] == [("a", "b"), *rows]
        out = io.StringIO()
        patch.setattr("sys.stdout", out)
        output.write(("a", "b"), rows, "json")
        assert json.loads(out.getvalue()) == [{"a": a, "b": b} for a, b in rows]


def test_csv_lines_end_in_one_sign(capsys: pytest.CaptureFixture[str]) -> None:
    output.write(("a", "b"), [("1", "two, three")], "csv")
    assert capsys.readouterr().out == 'a,b\n1,"two, three"\n'


@given(st.lists(st.tuples(CELLS, CELLS), max_size=4), st.integers(20, 200))
def test_no_cell_steers_the_terminal(rows: list[tuple[str, str]], width: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        text = shown(patch, ("one", "two"), rows, width)
    assert all(letter.isprintable() for letter in text.replace("\n", ""))


def test_a_table_has_a_head_and_leaves_out_empty_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("Leeds", "", "12"), ("York [North]", "", "7")]
    lines = shown(monkeypatch, ("trust", "middle_name", "uses_ai"), rows, 80).splitlines()
    assert lines[0].split() == ["trust", "uses", "ai"]
    assert lines[2].split() == ["Leeds", "12"]
    assert lines[3].split() == ["York", "[North]", "7"]
    assert lines[2].index("12") + 2 == lines[3].index("7", 8) + 1


def test_a_table_that_does_not_fit_is_shown_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [("Leeds " * 8, "x" * 60, ""), ("York", "", "z")]
    text = shown(monkeypatch, ("trust", "route_type", "end"), rows, 40)
    assert text == f"trust: {'Leeds ' * 8}\nroute type: {'x' * 60}\n\ntrust: York\nend: z\n\n"


def test_a_table_without_rows_shows_its_columns(monkeypatch: pytest.MonkeyPatch) -> None:
    assert shown(monkeypatch, ("trust", "ods"), [], 80).split()[:2] == ["trust", "ods"]


def test_a_card_says_how_it_was_counted_and_what_is_missing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "5000")
    output.card(card((ROW,), COHORT), "abc123", "table")
    out, err = capsys.readouterr()
    assert err == ""
    assert out.splitlines()[0] == get("vendor-footprint").title
    for wanted in (
        "Rows: 1",
        f"How it is counted: {get('vendor-footprint').description}",
        "Who was asked: 149 asked, 120 answered: 62 say they use AI",
        "Not known: all [else]",
        "Release: abc123",
    ):
        assert wanted in out
    assert "Acme" in out


def test_a_card_in_json_holds_everything(capsys: pytest.CaptureFixture[str]) -> None:
    output.card(card((ROW,), COHORT), "abc123", "json")
    whole = json.loads(capsys.readouterr().out)
    assert list(whole) == [
        "question",
        "title",
        "release",
        "columns",
        "rows",
        "counting_rule",
        "cohort",
        "not_known",
        "query",
    ]
    assert whole["rows"][0]["vendor"] == "Acme"
    assert whole["cohort"]["silent"] == 29
    assert whole["columns"] == list(get("vendor-footprint").columns)


def test_a_card_in_csv_is_bare_rows(capsys: pytest.CaptureFixture[str]) -> None:
    output.card(card((ROW,)), "abc123", "csv")
    assert capsys.readouterr().out.splitlines() == [
        ",".join(get("vendor-footprint").columns),
        "Acme,3,2,,,paper,item 1",
    ]


@pytest.mark.parametrize("form", ["table", "csv", "json"])
def test_an_empty_answer_is_no_silent_no(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    output.card(card(()), "abc123", form)
    out, err = capsys.readouterr()
    assert "which is not a no" in err
    assert err.count("\n") == 1
    assert out


def test_a_cohort_in_words_adds_up() -> None:
    words = said(COHORT)
    assert words == (
        "149 asked, 120 answered: 62 say they use AI (2 of them refuse to say which), 58 say they "
        "do not; 29 gave no answer; 57 other trusts were not asked"
    )


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("ASK { ?s ?p ?o }", "true\n"),
        ("ASK { ?s ?p 7 }", "false\n"),
        ("SELECT ?s ?o { ?s ?p ?o }", "s,o\nhttps://example.org/x,v\n"),
        ("SELECT ?s ?none { ?s ?p ?o }", "s,none\nhttps://example.org/x,\n"),
        (
            "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }",
            '<https://example.org/x> <https://example.org/x> "v" .\n',
        ),
        ("CONSTRUCT { ?s ?p 7 } WHERE { ?s ?p 8 }", ""),
    ],
)
def test_each_kind_of_query_has_its_output(
    query: str, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    store = Store()
    store.add(Quad(NODE, NODE, Literal("v"), NODE))
    output.result(store.query(query, use_default_graph_as_union=True), "csv")
    found = capsys.readouterr().out
    assert found.splitlines()[-1:] == wanted.splitlines()[-1:]
    assert found.count("v") == wanted.count("v")


FINDINGS = [
    Finding("Info", "S9", "x", "note"),
    Finding("Violation", "S1", "y", "wrong"),
    Finding("Warning", "S2", "z", "odd"),
]


def test_findings_as_text_come_worst_first_and_are_counted(
    capsys: pytest.CaptureFixture[str],
) -> None:
    output.findings(FINDINGS, "text")
    assert capsys.readouterr().out.splitlines() == [
        "Violation S1 y: wrong",
        "Warning S2 z: odd",
        "Info S9 x: note",
        "Violation 1, Warning 1, Info 1",
    ]


def test_findings_as_rows(capsys: pytest.CaptureFixture[str]) -> None:
    output.findings(FINDINGS, "csv")
    assert capsys.readouterr().out.splitlines()[:2] == [
        "severity,rule,focus,message",
        "Info,S9,x,note",
    ]
    output.findings(FINDINGS, "json")
    assert json.loads(capsys.readouterr().out)[1]["rule"] == "S1"


@given(st.text())
def test_an_error_is_one_plain_line(problem: str) -> None:
    assert output.plain(ValueError(problem)).isprintable()


def test_an_error_keeps_its_words() -> None:
    assert output.plain("a\n  b\x1b[31m\tc") == "a b\N{REPLACEMENT CHARACTER}[31m c"


def test_progress_is_silent_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    with output.progress() as step:
        step("a stage")
    assert capsys.readouterr() == ("", "")


def test_progress_names_the_stage_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    screen = Screen()
    monkeypatch.setattr("sys.stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    with output.progress() as step:
        step("a stage")
    assert "a stage" in screen.getvalue()


def test_closed_streams_swallow_what_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", None)
    with output.settle():
        import sys

        written = sys.stdout.write("lost"), sys.stderr.write("lost")
        assert output.chosen(None) == "csv"
    assert written == (4, 4)
    sys.stdout.close()
    sys.stderr.close()


def test_a_file_that_cannot_be_opened_is_named_with_the_reason(tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "x.gexf"
    with pytest.raises(OSError, match="nowhere") as caught:
        missing.open("w")
    assert output.plain(caught.value) == f"{missing}: no such file or directory"
