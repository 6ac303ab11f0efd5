"""Answers: parameters are typed and bound, rows come with their cohort and with what is missing."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, parse

from careatlas.build import assemble
from careatlas.graph import answer as answers
from careatlas.graph import questions
from careatlas.graph.answer import ParameterError, answer, bind, cell, select, term
from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError
from careatlas.graph.questions import Parameter, get
from careatlas.graph.release import Release
from careatlas.graph.terms import XSD
from careatlas.loaders.tables import harvest

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
EMPTY = Labels({})
NAMES = Labels({"trust": [["leeds", "https://example.org/leeds", "Leeds"]]})


@pytest.fixture(scope="module")
def small() -> Store:
    """The claims of the small world, with nothing derived."""
    store = Store()
    store.extend(assemble(harvest(SMALL_WORLD)))
    return store


def parameter(kind: str, *values: str) -> Parameter:
    return Parameter("some_name", kind, "some words", values)


def read(made: str) -> object:
    """The term that a serialised term is."""
    line = f"<a:s> <a:p> {made} .".encode()
    return next(iter(parse(line, format=RdfFormat.N_TRIPLES))).object


@pytest.mark.parametrize(
    ("kind", "value", "made"),
    [
        ("date", "2025-05-31", Literal("2025-05-31", datatype=NamedNode(XSD + "date"))),
        ("date", "20250531", Literal("2025-05-31", datatype=NamedNode(XSD + "date"))),
        ("integer", "12", Literal("12", datatype=NamedNode(XSD + "integer"))),
        ("integer", "-0012", Literal("-12", datatype=NamedNode(XSD + "integer"))),
        ("decimal", "1e3", Literal("1000", datatype=NamedNode(XSD + "decimal"))),
        ("decimal", "0.50", Literal("0.50", datatype=NamedNode(XSD + "decimal"))),
        ("string", 'a "b" \\ \n c', Literal('a "b" \\ \n c')),
        ("trust", "LEEDS", NamedNode("https://example.org/leeds")),
    ],
)
def test_a_value_becomes_a_term_of_its_type(kind: str, value: str, made: object) -> None:
    assert read(term(parameter(kind), value, NAMES)) == made


@pytest.mark.parametrize(
    ("kind", "value", "problem"),
    [
        ("date", "yesterday", "not a day"),
        ("date", "2025-02-30", "not a day"),
        ("date", "2025", "not a day"),
        ("date", "2025-05-31T00:00:00", "not a day"),
        ("integer", "1.5", "not a whole number"),
        ("integer", "many", "not a whole number"),
        ("decimal", "much", "not a number"),
        ("decimal", "NaN", "not a number"),
        ("decimal", "-Infinity", "not a number"),
    ],
)
def test_a_value_of_another_type_is_refused(kind: str, value: str, problem: str) -> None:
    with pytest.raises(ParameterError, match=problem) as caught:
        term(parameter(kind), value, NAMES)
    assert str(caught.value).startswith("--some-name: ")
    assert repr(value) in str(caught.value)


def test_a_text_that_cannot_be_written_is_refused() -> None:
    with pytest.raises(ParameterError, match="is not UTF-8 text"):
        term(parameter("string"), "a\udcff", EMPTY)


def test_a_text_that_is_none_of_those_that_can_be_given_is_refused() -> None:
    assert read(term(parameter("string", "region", "icb"), "icb", EMPTY)) == Literal("icb")
    with pytest.raises(ParameterError, match="'town' is none of region, icb"):
        term(parameter("string", "region", "icb"), "town", EMPTY)


@given(st.text())
def test_any_text_is_one_literal(value: str) -> None:
    assert read(term(parameter("string"), value, EMPTY)) == Literal(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, min_value=-1000, max_value=1000))
def test_any_number_is_one_literal(value: Decimal) -> None:
    found = read(term(parameter("decimal"), str(value), EMPTY))
    assert isinstance(found, Literal)
    assert Decimal(found.value) == value


def test_a_name_that_nothing_goes_by_is_refused() -> None:
    with pytest.raises(UnknownNameError, match="nearest: Leeds"):
        term(parameter("trust"), "Leedz", NAMES)


def test_a_parameter_that_the_question_does_not_take_is_refused_with_those_it_takes() -> None:
    with pytest.raises(ParameterError) as caught:
        bind(get("disclosures"), {"colour": "red"}, EMPTY)
    message = str(caught.value)
    assert message.startswith("--colour: disclosures takes ")
    assert all(flag in message for flag in ("--trust", "--answer", "--as-of", "--known-by"))


def test_cells_are_text() -> None:
    assert cell(Literal("x", language="en")) == "x"
    assert cell(NamedNode("i:1")) == "i:1"
    assert cell(BlankNode("b")) == ""
    assert cell(None) == ""


def test_select_gives_rows_of_all_graphs_with_their_columns() -> None:
    node = NamedNode("i:1")
    store = Store()
    store.extend(Quad(node, node, Literal(x), NamedNode(f"g:{x}")) for x in "ab")
    query = "SELECT ?x ?missing { ?s ?p ?x } ORDER BY ?x"
    assert list(select(store, query)) == [
        (("x", "missing"), ("a", "")),
        (("x", "missing"), ("b", "")),
    ]


@pytest.mark.parametrize("query", ["ASK {}", "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }"])
def test_a_question_is_a_select(query: str) -> None:
    with pytest.raises(TypeError, match="no SELECT"):
        list(select(Store(), query))


def test_an_answer_says_what_is_not_stated(small: Store) -> None:
    found = answer(small, Labels({}), get("who-uses-what"), {})
    empty = sum(not row[found.columns.index("route_type")] for row in found.rows)
    assert 0 < empty < len(found.rows)
    assert f"route type: not stated in {empty} of {len(found.rows)} rows" in found.not_known
    assert set(get("who-uses-what").not_known) <= set(found.not_known)
    assert found.columns == tuple(get("who-uses-what").columns)


def test_an_answer_without_rows_has_no_gaps() -> None:
    found = answer(Store(), Labels({}), get("who-uses-what"), {})
    assert found.rows == ()
    assert found.cohort is None
    assert found.not_known == get("who-uses-what").not_known


def test_the_cohort_of_the_small_world(small: Store) -> None:
    """Five asked; one refused to say which, one denied and later said yes, one was silent."""
    found = answers.cohort(small, "foi", {})
    assert found is not None
    assert (found.asked, found.answered, found.uses, found.denies) == (5, 4, 4, 0)
    assert (found.refused, found.silent, found.not_asked) == (1, 1, 1)
    assert found.name == "Request of 2024"


@pytest.mark.parametrize("day", ["2025-05-08", "20250508"])
@pytest.mark.parametrize("flag", ["known_by", "as_of"])
def test_the_cohort_before_the_correction(small: Store, flag: str, day: str) -> None:
    found = answers.cohort(small, "foi", {flag: day})
    assert found is not None
    assert (found.uses, found.denies, found.silent) == (3, 1, 1)


def test_a_source_that_asked_nobody_has_no_cohort(small: Store) -> None:
    assert answers.cohort(small, "news", {}) is None
    assert answers.cohort(small, 'x" } UNION { ?a ?b ?c', {}) is None


def test_rows_alone_come_without_the_cohort(small: Store) -> None:
    question = replace(get("disclosures"), cohort="foi")
    whole = answer(small, Labels({}), question, {})
    alone = answer(small, Labels({}), question, {}, rows_alone=True)
    assert alone.rows == whole.rows
    assert whole.cohort is not None
    assert alone.cohort is None


INJECTIONS = [
    '"} UNION { ?claim ?p ?o } #',
    '" } . ?x ?y ?z . { "',
    "qqzz\\",
    'qqzz\\" } #',
    "a\nb\r\nc",
    "\x00\x1b[2J\x7f",
    "\u202egnihton\u2066",
    "VALUES ?_place { UNDEF }",
    "> } SELECT * { ?s ?p ?o } #",
    "'; DROP ALL; --",
]


@pytest.mark.parametrize("value", INJECTIONS)
@pytest.mark.parametrize(("name", "flag"), [("projects", "place"), ("governance", "instrument")])
def test_a_text_with_a_query_in_it_is_only_a_text(
    small: Store, name: str, flag: str, value: str
) -> None:
    question = get(name)
    assert answer(small, EMPTY, question, {}).rows
    assert answer(small, EMPTY, question, {flag: value}).rows == ()


@pytest.mark.parametrize("value", INJECTIONS)
def test_a_name_with_a_query_in_it_names_nothing(release: Release, value: str) -> None:
    labels = Labels(release.labels)
    for kind in ("trust", "vendor", "product", "source", "status"):
        with pytest.raises((UnknownNameError, AmbiguousNameError)) as caught:
            term(parameter(kind), value, labels)
        assert str(caught.value).isprintable()


def test_every_question_takes_both_dates() -> None:
    assert set(questions.ALWAYS) == {"as_of", "known_by"}
    for name in questions.names():
        query = bind(get(name), {"as_of": "2025-01-01", "known_by": "2025-02-01"}, EMPTY)
        assert '"2025-01-01"^^<http://www.w3.org/2001/XMLSchema#date>' in query, name
        assert '"2025-02-01"^^<http://www.w3.org/2001/XMLSchema#date>' in query, name


def test_what_was_true_and_what_was_known_are_two_things(small: Store) -> None:
    """Brook has Scan since February 2024, as a page of July 2025 tells."""
    question = get("who-uses-what")

    def brook(**values: str) -> int:
        rows = answer(small, EMPTY, question, values).rows
        return sum(row[1] == "RBB" and row[11] == "news" for row in rows)

    assert brook(as_of="2024-03-01") == 1
    assert brook(as_of="2024-01-31") == 0
    assert brook(known_by="2025-07-29") == 0
    assert brook(known_by="2025-07-30") == 1
    assert brook(as_of="2024-03-01", known_by="2025-07-29") == 0
