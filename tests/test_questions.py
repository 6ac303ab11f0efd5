"""The catalogue of questions: front matter that is at fault is refused by name, binding is safe."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, QuerySolutions, Store

from careatlas.graph.questions import (
    ALWAYS,
    FrontMatterError,
    Question,
    UnknownQuestionError,
    catalogue,
    get,
    names,
    parse,
)
from careatlas.graph.release import Release

GOOD = """\
#+ title = "Who"
#+ description = \"\"\"
#+ One row
#+ for each.
#+ \"\"\"
#+ tags = ["use"]
#+ answers = ["CQ1"]
#+ gaps = ["b"]
#+ not_known = ["all else"]
#+ [parameters.trust]
#+ type = "trust"
#+ description = "whose"
#+ [columns]
#+ a = "string"
#+ b = "date"
#+ c = "iri"
SELECT ?a ?b ?c WHERE {
  VALUES ?_trust { UNDEF }
  VALUES ?_as_of { UNDEF }
  VALUES ?_known_by { UNDEF }
  ?a ?b ?c .
}
"""
CATALOGUE = catalogue()
CONTRACT = {
    "who-uses-what": "trust, ods, vendor, product, description, use_case, status, route_type,"
    " involvement, route, reported, source, locator",
    "disclosures": "trust, ods, answer, detail, exemption, reported, source, locator",
    "usage": "trust, ods, vendor, product, description, min, max, approximate, unit, per,"
    " period_start, period_end, source, locator",
    "vendor-footprint": "vendor, mentioned, live, stated, difference",
    "routes-stated": "trust, ods, vendor, product, description, route_type, involvement, route,"
    " source, locator",
    "conflicts": "subject, type, resolution, claim_a, source_a, claim_b, source_b, reason",
    "partnerships": "agreement, kind, party, role, announced, source, locator",
    "studies": "study, organisation, role, product, integrated_with, period_start, source, locator",
    "projects": "project, kind, organisation, resolved, milestone, planned_start, planned_end,"
    " source, locator",
    "governance": "organisation, instrument, kind, state, source, locator",
    "barriers": "barrier, stated_by, source, locator",
    "adoption": "group, members, uses, denies, refused, no_response, not_asked, lower_bound,"
    " upper_bound",
    "network-members": "network, kind, trust, ods, valid_from, valid_to, source",
}
PARAMETERS = {
    "who-uses-what": "trust vendor product capability modality status route network icb region"
    " source",
    "disclosures": "trust answer source",
    "usage": "trust vendor product",
    "vendor-footprint": "source",
    "routes-stated": "trust vendor product route",
    "conflicts": "subject type",
    "partnerships": "organisation",
    "studies": "study",
    "projects": "place",
    "governance": "organisation instrument",
    "barriers": "",
    "adoption": "region icb capability asked_in",
    "network-members": "network trust",
}


def test_a_good_file_is_read_whole() -> None:
    question = parse("who", GOOD)
    assert (question.name, question.title) == ("who", "Who")
    assert question.description == "One row for each."
    assert list(question.columns) == ["a", "b", "c"]
    assert question.shown == ("a", "b")
    assert question.gaps == ("b",)
    assert [p.name for p in question.parameters] == ["trust", *ALWAYS]
    assert question.parameter["trust"].type == "trust"
    assert question.cohort is None
    assert "#+" not in question.text
    assert question.text.startswith("SELECT")


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('title = "Who"', "title = Who", "not TOML"),
        ('title = "Who"', 'colour = "red"', "unknown key colour"),
        ('#+ title = "Who"\n', "", "lacks title"),
        ('a = "string"\n#+ b = "date"\n#+ c = "iri"', "", "gaps names no column: b"),
        ("[columns]", "[rows]", "unknown key rows"),
        ('title = "Who"', "title = 7", "title is no str"),
        ('tags = ["use"]', 'tags = "use"', "tags is no list"),
        ('tags = ["use"]', "tags = [1, 2]", "tags holds something else than text"),
        ('a = "string"', 'a = "text"', "unknown column type text"),
        ('a = "string"', 'a = ["string"]', "unknown column type"),
        ('gaps = ["b"]', 'gaps = ["z"]', "gaps names no column: z"),
        ('gaps = ["b"]', 'shown = ["a", "y"]', "shown names no column: y"),
        ("VALUES ?_trust { UNDEF }\n", "", "declared and bound differ: trust"),
        ("?a ?b ?c .", "VALUES ?_vendor { UNDEF }", "declared and bound differ: vendor"),
        ("VALUES ?_as_of { UNDEF }\n", "", "declared and bound differ: as_of"),
        ("VALUES ?_known_by { UNDEF }", "VALUES ?_known_by {UNDEF}", "differ: known_by"),
        ('type = "trust"', 'kind = "trust"', "the parameter trust has a type"),
        ('#+ type = "trust"\n', "", "the parameter trust has a type"),
        ('[parameters.trust]\n#+ type = "trust"', '[parameters]\n#+ trust = "x"', "parameter"),
        ("[parameters.trust]", "[[parameters]]", "parameters is no dict"),
    ],
)
def test_a_fault_is_refused_with_the_name_of_the_file(old: str, new: str, problem: str) -> None:
    assert old in GOOD
    with pytest.raises(FrontMatterError) as caught:
        parse("who", GOOD.replace(old, new, 1))
    assert caught.value.file == "who"
    assert str(caught.value).startswith("who: ")
    assert problem in str(caught.value)


def test_a_file_without_front_matter_is_refused() -> None:
    with pytest.raises(FrontMatterError, match="bare: lacks columns, description, title"):
        parse("bare", "SELECT * WHERE {}")


def test_columns_that_are_no_table_are_refused() -> None:
    head = '#+ title = "x"\n#+ description = "y"\n#+ columns = "a"\n'
    with pytest.raises(FrontMatterError, match="who: columns is no dict"):
        parse("who", head)


def test_a_file_that_is_no_text_is_refused_by_name(tmp_path: Path) -> None:
    (tmp_path / "who.rq").write_bytes(b"\xff\xfe" + GOOD.encode())
    with pytest.raises(FrontMatterError, match="who: is not UTF-8 text"):
        get("who", tmp_path)
    with pytest.raises(FrontMatterError, match="who"):
        catalogue(tmp_path)


@given(st.text())
def test_any_text_is_a_question_or_a_fault(text: str) -> None:
    with pytest.raises(FrontMatterError, match=r"^x: "):
        parse("x", "\n".join(f"#+ {line}" for line in text.splitlines()))


def test_a_folder_of_questions(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / f"{name}.rq").write_text(GOOD, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("no question", encoding="utf-8")
    assert names(tmp_path) == ["one", "two"]
    assert [question.name for question in catalogue(tmp_path)] == ["one", "two"]
    assert get("two", tmp_path) == parse("two", GOOD)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("adoptions", "adoption"), ("disclosure", "disclosures"), ("who-use-what", "who-uses-what")],
)
def test_an_unknown_question_offers_near_names(typed: str, meant: str) -> None:
    with pytest.raises(UnknownQuestionError) as caught:
        get(typed)
    assert meant in caught.value.nearest
    assert meant in str(caught.value)
    assert caught.value.name == typed


@pytest.mark.parametrize("typed", ["", "zzzz", "../questions/adoption", "adoption.rq", "a\nb"])
def test_no_path_leads_out_of_the_catalogue(typed: str) -> None:
    with pytest.raises(UnknownQuestionError) as caught:
        get(typed)
    assert str(caught.value).isprintable()


def test_binding_puts_a_term_into_every_place_of_its_parameter() -> None:
    text = GOOD + "# VALUES ?_trust { UNDEF }\n"
    bound = parse("who", text).bound({"trust": "<i:1>"})
    assert bound.count("VALUES ?_trust { <i:1> }") == 2
    assert bound.count("UNDEF") == 2


@given(st.text())
def test_no_value_leaves_its_place(value: str) -> None:
    """A value of any form is one term: the query parses, and finds it and nothing else."""
    question = parse("x", GOOD.replace("?a ?b ?c .", "BIND(?_trust AS ?a)"))
    found = Store().query(question.bound({"trust": str(Literal(value))}))
    assert isinstance(found, QuerySolutions)
    assert [row["a"] for row in found] == [Literal(value)]


def test_a_value_that_looks_like_a_place_is_not_filled() -> None:
    bound = parse("who", GOOD).bound(
        {"trust": str(Literal("VALUES ?_as_of { UNDEF }")), "as_of": "<i:2>"}
    )
    assert '"VALUES ?_as_of { UNDEF }"' in bound
    assert bound.count("<i:2>") == 1


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_a_question_of_the_catalogue_selects_what_it_declares(question: Question) -> None:
    found = Store().query(question.text, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    assert [variable.value for variable in found.variables] == list(question.columns)
    assert question.tags
    assert question.title
    assert len(question.description) > 40


@pytest.mark.parametrize("question", CATALOGUE, ids=lambda question: question.name)
def test_a_question_of_the_catalogue_sorts_its_rows(question: Question) -> None:
    assert "ORDER BY" in question.text


@pytest.mark.parametrize("name", CONTRACT)
def test_the_named_questions_begin_with_the_columns_that_others_rely_on(name: str) -> None:
    wanted = CONTRACT[name].split(", ")
    assert list(get(name).columns)[: len(wanted)] == wanted


@pytest.mark.parametrize("name", PARAMETERS)
def test_the_named_questions_take_the_parameters_that_others_rely_on(name: str) -> None:
    taken = set(get(name).parameter)
    assert {*PARAMETERS[name].split(), *ALWAYS} <= taken


def test_every_competency_question_is_answered() -> None:
    answered = {number for question in CATALOGUE for number in question.answers}
    assert {f"CQ{number}" for number in range(1, 41)} <= answered


def test_every_kind_of_parameter_can_be_found_by_name(release: Release) -> None:
    plain = {"string", "integer", "decimal", "date"}
    kinds = {p.type for question in CATALOGUE for p in question.parameters} - plain
    assert kinds <= set(release.labels)
