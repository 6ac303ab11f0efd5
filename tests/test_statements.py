"""Statements of one edition: its claims, its entities, its periods, and the graph that holds them."""

from datetime import date

import pytest
from pyoxigraph import Literal, NamedNode

from careatlas.graph.dates import PartialDate
from careatlas.graph.statements import CHARACTERS, Edition, Reference, Statements
from careatlas.graph.terms import ALT_LABEL, ATLAS, LABEL, atlas, thing

MAIN = Edition("paper", "2025-05-07", PartialDate.parse("2025-05-07"))
OTHER = Edition("page", "undated")
PLACE = "Trusts, using AI, item 27, characters 10-25"


@pytest.fixture
def to() -> Statements:
    return Statements(MAIN, {"paper": MAIN, "page": OTHER})


def values(to: Statements, subject: NamedNode, term: str) -> list[str]:
    """The values that the statements give a subject for a term of the ontology."""
    return [
        quad.object.value
        for quad in to.quads
        if (quad.subject, quad.predicate) == (subject, atlas(term))
        and isinstance(quad.object, NamedNode | Literal)
    ]


def test_the_edition_names_the_graph_of_its_statements(to: Statements) -> None:
    to.claim("StatusReport", "t/1", PLACE, thing("org/ods/RWE"))
    to.entity("org/ods/RWE", "NHSTrust", "Leicester")
    to.period(PartialDate.parse("2024"), None)
    assert MAIN.iri == thing("docv/paper/2025-05-07")
    assert MAIN.document == thing("doc/paper")
    assert {quad.graph_name for quad in to.quads} == {MAIN.iri}


def test_a_claim_has_one_source_one_place_and_the_day_it_was_said(to: Statements) -> None:
    claim = to.claim("StatusReport", "t/1", PLACE, thing("org/ods/RWE"), also=("page",))
    assert claim == thing("claim/paper/t/1")
    assert values(to, claim, "assertedIn") == [MAIN.iri.value]
    assert values(to, claim, "locator") == [PLACE]
    assert values(to, claim, "inSection") == ["Trusts, using AI"]
    assert values(to, claim, "startOffset") == ["10"]
    assert values(to, claim, "endOffset") == ["25"]
    assert values(to, claim, "reportedOn") == ["2025-05-07"]
    assert values(to, claim, "about") == [thing("org/ods/RWE").value]
    assert values(to, claim, "alsoReportedIn") == [OTHER.iri.value]


def test_a_claim_with_its_own_day_is_not_dated_by_its_source(to: Statements) -> None:
    claim = to.claim("X", "t/1", "row 1", None, reported=PartialDate.parse("2024-02"))
    assert values(to, claim, "reportedOn") == ["2024-02-29"]
    assert values(to, claim, "about") == []
    assert values(to, claim, "startOffset") == []


def test_a_claim_of_an_undated_source_is_undated() -> None:
    to = Statements(OTHER, {"page": OTHER})
    claim = to.claim("X", "t/1", "page", None)
    assert values(to, claim, "reportedOn") == []


@pytest.mark.parametrize(
    ("locator", "found"),
    [
        ("Article, paragraph 13, characters 3203-3310", ("Article", "3203", "3310")),
        ("A, b, item 2, characters 1-2; reference row x", ("A, b", "1", "2")),
        ("page; reference row announcements N001", None),
        ("row 5", None),
        ("Article, characters 1-2", None),
        ("Article, item 1, characters 1-", None),
        ("Article, item 1, characters 1-2 and more", None),
    ],
)
def test_places_of_characters_are_told_from_others(
    locator: str, found: tuple[str, str, str] | None
) -> None:
    match = CHARACTERS.match(locator)
    assert (match and (match["section"], match["start"], match["end"])) == found


def test_an_alias_that_is_the_label_is_no_alias(to: Statements) -> None:
    iri = to.entity("org/ods/RWE", "NHSTrust", "Leicester", ("Leicester", "UHL"), thing("claim/1"))
    named = {(quad.predicate, quad.object.value) for quad in to.quads if quad.subject == iri}  # type: ignore[union-attr]
    assert (LABEL, "Leicester") in named
    assert (ALT_LABEL, "UHL") in named
    assert (ALT_LABEL, "Leicester") not in named
    assert values(to, iri, "supportedBy") == [thing("claim/1").value]


def test_nothing_is_stated_of_what_is_not_known(to: Statements) -> None:
    to.add(thing("x"), "status", None, None)
    assert to.quads == []
    to.add(thing("x"), LABEL, Literal("a"), None, Literal("b"))
    assert [quad.object for quad in to.quads] == [Literal("a"), Literal("b")]


@pytest.mark.parametrize(
    ("start", "end", "name", "precision"),
    [
        ("2024", None, "2024-01-01_2024-12-31_-_-", "year"),
        (None, "2024-02", "-_-_2024-02-01_2024-02-29", "month"),
        ("2024-01-05", "2025", "2024-01-05_2024-01-05_2025-01-01_2025-12-31", "day"),
        ("2015/16", None, "2015-04-01_2016-03-31_-_-", "financial-year"),
        (None, "2028-01/2028-06", "-_-_2028-01-01_2028-06-30", "interval"),
        (None, None, "-_-_-_-", "undated"),
    ],
)
def test_a_period_is_named_by_its_bounds_and_precision(
    to: Statements, start: str | None, end: str | None, name: str, precision: str
) -> None:
    iri = to.period(
        PartialDate.parse(start) if start else None, PartialDate.parse(end) if end else None
    )
    assert iri == thing(f"period/{name}_{precision}")
    bounds = ("earliestStart", "latestStart", "earliestEnd", "latestEnd")
    found = [(values(to, iri, term) or ["-"])[0] for term in bounds]
    assert "_".join(found) == name
    assert values(to, iri, "precision")[0].endswith(f"/{precision}")


def test_a_claim_holds_from_its_start_else_from_the_day_it_speaks_of(to: Statements) -> None:
    a, b, c, d = (thing(f"claim/{key}") for key in "abcd")
    start, day = PartialDate.parse("2024-02"), PartialDate.parse("2024-09-18")
    to.holds(a, start, PartialDate.parse("2025"), as_at=day)
    to.holds(b, None, as_at=day)
    to.holds(c, None)
    to.holds(d, None, precision="relative")
    assert values(to, a, "holdsFrom") == ["2024-02-01"]
    assert values(to, a, "holdsTo") == ["2025-12-31"]
    assert values(to, a, "asAt") == values(to, b, "holdsFrom") == ["2024-09-18"]
    assert values(to, b, "validPeriod") == []
    assert values(to, c, "holdsFrom") == values(to, c, "validPeriod") == []
    assert values(to, d, "validPeriod")[0].endswith("_relative")


def test_a_party_is_tied_to_its_owner_and_its_player(to: Statements) -> None:
    to.party(thing("study/x"), "x-site", thing("org/ods/RWE"), "site", "lot 1")
    party = thing("party/x-site")
    assert values(to, thing("study/x"), "hasParty") == [party.value]
    assert values(to, party, "playedBy") == [thing("org/ods/RWE").value]
    assert values(to, party, "roleType")[0].endswith("party-role/site")
    assert values(to, party, "lot") == ["lot 1"]


def test_a_reference_stands_for_a_thing_or_for_a_gap() -> None:
    known = Reference("UHL", "org/ods/RWE")
    gap = Reference("a trust", None, "unresolved/organisation/a-trust")
    assert known.iri == thing("org/ods/RWE")
    assert known.short_key == "ods/RWE"
    assert gap.iri == thing("unresolved/organisation/a-trust")
    assert gap.short_key == "organisation/a-trust"
    with pytest.raises(ValueError, match="cannot stand"):
        _ = Reference("nothing", None).iri


def test_terms_of_the_ontology_are_named_without_their_namespace(to: Statements) -> None:
    to.add(thing("x"), "status", Literal(date(2024, 1, 1).isoformat()))
    assert to.quads[0].predicate.value == f"{ATLAS}status"
