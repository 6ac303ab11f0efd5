"""Where a question starts from: the places that make it quick change no answer.

A parameter that narrows much stands in its question a second time, as
`VALUES (?_name ?variable) { (UNDEF UNDEF) }`, so that an engine begins with what the variable then
is. The plain form of a question leaves these places open: its filters alone decide.
"""

import re
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Store

from careatlas.build import build
from careatlas.graph.answer import Row, select
from careatlas.graph.questions import FrontMatterError, Question, catalogue, get, parse
from careatlas.graph.release import Release, Releases
from careatlas.service.explorer.sections import SECTIONS, Asked

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
MANY = 6
"""So many values of a parameter are asked of the shipped data."""
DAY = str(Literal("2025-05-08", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#date")))
_START = re.compile(r"VALUES \(\?_(\w+) \?\w+\) \{ \(UNDEF UNDEF\) \}")


STARTS = [
    (question.name, name)
    for question in catalogue()
    for name in sorted(set(_START.findall(question.text)))
]


def plain(question: Question, terms: dict[str, str]) -> str:
    """The question with its parameters bound where filters see them, and nowhere else."""
    text = question.text
    for name, term in terms.items():
        text = text.replace(f"VALUES ?_{name} {{ UNDEF }}", f"VALUES ?_{name} {{ {term} }}")
    return text


def rows(store: Store, query: str) -> list[Row]:
    return [row for _, row in select(store, query)]


def things(release: Release, kind: str) -> list[str]:
    return sorted({f"<{row[1]}>" for row in release.labels.get(kind, [])})


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(SMALL_WORLD, Releases(tmp_path_factory.mktemp("small"))).release


@pytest.fixture(scope="module")
def world(release: Release) -> Store:
    """The shipped data in memory, where the plain forms are quicker."""
    store = Store()
    store.bulk_extend(release.store)
    return store


@pytest.mark.parametrize(("name", "parameter"), STARTS)
def test_a_start_changes_no_answer_of_the_small_world(
    name: str, parameter: str, small: Release
) -> None:
    question = get(name)
    values = things(small, question.parameter[parameter].type)
    for value in values:
        for days in ({}, {"as_of": DAY}, {"known_by": DAY}):
            terms = {parameter: value} | days
            expected = rows(small.store, plain(question, terms))
            assert rows(small.store, question.bound(terms)) == expected, terms


@pytest.mark.parametrize(("name", "parameter"), STARTS)
def test_a_start_changes_no_answer_of_the_shipped_data(
    name: str, parameter: str, release: Release, world: Store
) -> None:
    question = get(name)
    values = things(release, question.parameter[parameter].type)
    assert values
    for value in values[:: max(1, len(values) // MANY)]:
        terms = {parameter: value}
        assert rows(world, question.bound(terms)) == rows(world, plain(question, terms)), value


def test_two_starts_at_once_change_no_answer(release: Release, world: Store) -> None:
    question = get("who-uses-what")
    found = 0
    for region in things(release, "region"):
        for vendor in things(release, "vendor")[::4]:
            terms = {"region": region, "vendor": vendor}
            expected = rows(world, plain(question, terms))
            assert rows(world, question.bound(terms)) == expected, terms
            found += len(expected)
    assert found


@pytest.mark.parametrize("asked", SECTIONS["trust"], ids=lambda asked: asked.name)
def test_what_the_page_of_a_trust_asks_starts_from_the_trust(asked: Asked) -> None:
    question = get(asked.question)
    assert asked.parameter in _START.findall(question.text)


START = """\
#+ title = "Who"
#+ description = "One row for each."
#+ [parameters.trust]
#+ type = "trust"
#+ description = "whose"
#+ [columns]
#+ a = "string"
SELECT ?a WHERE {
  VALUES ?_trust { UNDEF }
  VALUES ?_as_of { UNDEF }
  VALUES ?_known_by { UNDEF }
  VALUES (?_trust ?organisation) { (UNDEF UNDEF) }
  ?organisation ?a ?b .
}
"""


def test_binding_fills_the_place_and_the_start() -> None:
    bound = parse("who", START).bound({"trust": "<i:1>"})
    assert "VALUES ?_trust { <i:1> }" in bound
    assert "VALUES (?_trust ?organisation) { (<i:1> <i:1>) }" in bound
    assert bound.count("UNDEF") == 2


def test_a_value_that_looks_like_a_start_is_not_filled() -> None:
    value = str(Literal("VALUES (?_as_of ?x) { (UNDEF UNDEF) }"))
    bound = parse("who", START).bound({"trust": value, "as_of": "<i:2>"})
    assert bound.count(value) == 3
    assert bound.count("<i:2>") == 1


def test_a_start_without_a_place_is_refused() -> None:
    with pytest.raises(FrontMatterError, match="starts from a parameter that has no place: trust"):
        parse("who", START.replace("  VALUES ?_trust { UNDEF }\n", ""))
