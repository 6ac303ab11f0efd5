"""IRIs, literals and partial dates: what is made is well formed, what is not is refused."""

import calendar
import re
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, parse

from careatlas.graph import terms
from careatlas.graph.dates import PartialDate

YEARS = st.integers(1, 9999)
WORDS = st.text(min_size=1)


@given(st.dates())
def test_a_day_is_its_own_bounds(day: date) -> None:
    assert PartialDate.parse(day.isoformat()) == PartialDate(day, day, "day")


@given(YEARS, st.integers(1, 12))
def test_a_month_lies_between_its_first_and_last_day(year: int, month: int) -> None:
    found = PartialDate.parse(f"{year:04}-{month:02}")
    assert found.precision == "month"
    assert (found.first.day, found.first.month, found.first.year) == (1, month, year)
    assert found.last == date(year, month, calendar.monthrange(year, month)[1])


@given(YEARS)
def test_a_year_lies_between_its_first_and_last_day(year: int) -> None:
    found = PartialDate.parse(f"{year:04}")
    assert found == PartialDate(date(year, 1, 1), date(year, 12, 31), "year")


@given(st.integers(1, 9998))
def test_a_financial_year_runs_from_april_to_march(year: int) -> None:
    found = PartialDate.parse(f"{year:04}/{(year + 1) % 100:02}")
    assert found == PartialDate(date(year, 4, 1), date(year + 1, 3, 31), "financial-year")


@pytest.mark.parametrize(
    ("value", "first", "last"),
    [
        ("2028-01/2028-06", date(2028, 1, 1), date(2028, 6, 30)),
        ("2023-12/2024-02", date(2023, 12, 1), date(2024, 2, 29)),
        ("2024-02-28/2024-03-01", date(2024, 2, 28), date(2024, 3, 1)),
    ],
)
def test_an_interval_lies_between_its_two_bounds(value: str, first: date, last: date) -> None:
    assert PartialDate.parse(value) == PartialDate(first, last, "interval")


@given(st.text())
def test_any_text_is_a_date_or_an_error_in_one_line(value: str) -> None:
    found, problem = None, ""
    try:
        found = PartialDate.parse(value)
    except ValueError as error:
        problem = str(error)
    assert problem.isprintable()
    assert bool(found) != bool(problem)
    assert found is None or found.first.isoformat().startswith(value[:4])


@pytest.mark.parametrize(
    "value",
    [
        "",
        "24",
        "2024-1",
        "2024-13",
        "2024-00",
        "2024-02-30",
        "2023-02-29",
        "2024-02-00",
        "0000",
        "2024/02",
        "2015/17",
        "2015/15",
        "2015/1",
        "9999/00",
        "2015/2016",
        "2028-06/2028-01",
        "2028-01/2028-01",
        "2028-01/2028-06-30",
        "2028-01/2028",
        "2028-01/2028-13",
        "2028-01/",
        "/2028-06",
        "2028-01/2028-03/2028-06",
        "2015/16/2016/17",
        "/" * 5000,
        "02-2024",
        "2024-02-29T00:00",
        " 2024",
        "2024\n",
        "Feb 2024",
        "٢٠٢٤",
        "\uff12\uff10\uff12\uff14-02",
        "-2024",
        "20240229",
        "2024-02-29-01",
    ],
)
def test_what_is_no_date_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match=r"date|month|year|day"):
        PartialDate.parse(value)


@given(st.dates(date(2, 1, 1), date(9990, 1, 1)), st.integers(0, 400))
def test_dates_sort_by_the_day_on_which_they_begin(day: date, later: int) -> None:
    one = PartialDate.parse(day.isoformat())
    other = PartialDate.parse((day + timedelta(later)).isoformat())
    assert one <= other
    assert PartialDate.parse(f"{day.year:04}").first <= one.first


@given(WORDS)
def test_a_slug_is_safe_in_an_iri_and_a_slug_of_itself(value: str) -> None:
    made = terms.slug(value)
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", made)
    assert terms.slug(made) == made
    assert terms.thing(f"org/slug/{made}").value.endswith(made)


@given(WORDS)
def test_a_slug_does_not_depend_on_case_or_quotes(value: str) -> None:
    plain = value.encode("ascii", "ignore").decode()
    assert terms.slug(f"a{plain}") == terms.slug(f"A{plain.upper()}".replace("'", "\u2019"))


@pytest.mark.parametrize(
    ("name", "made"),
    [
        ("King's & St. Mary's", "kings-and-st-marys"),
        ("Qure.ai", "qure-ai"),
        ("  Évolution — Santé  ", "evolution-sante"),
        ("R&D", "r-and-d"),
        ("Buyer\u2019s", "buyers"),
    ],
)
def test_slugs_as_people_would_write_them(name: str, made: str) -> None:
    assert terms.slug(name) == made


def test_names_without_a_letter_have_different_slugs() -> None:
    assert terms.slug("東京") != terms.slug("京都")
    assert re.fullmatch(r"[0-9a-f]{12}", terms.slug("東京"))


@pytest.mark.parametrize(
    "path",
    [
        "",
        "org/ods/R WE",
        "org/ods/R\nWE",
        "org/<x>",
        'org/"',
        "org/é",
        "a{b}",
        "a|b",
        "a\\b",
        "a?b",
    ],
)
def test_a_path_that_cannot_stand_in_an_iri_is_refused(path: str) -> None:
    with pytest.raises(ValueError, match="cannot stand in an IRI"):
        terms.thing(path)


@given(st.text())
def test_a_path_gives_an_iri_that_parses_or_an_error(path: str) -> None:
    problem = ""
    try:
        iri = terms.thing(path)
    except ValueError as error:
        problem = str(error)
        iri = terms.thing("x")
    assert problem.isprintable()
    line = f"{iri} {iri} {iri} .\n".encode()
    assert next(iter(parse(line, format=RdfFormat.N_TRIPLES))).subject == iri


@given(st.text())
def test_a_text_survives_a_journey_through_n_triples(value: str) -> None:
    line = f"<a:s> <a:p> {terms.text(value)} .\n".encode()
    assert next(iter(parse(line, format=RdfFormat.N_TRIPLES))).object == terms.text(value)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_a_number_has_no_exponent_and_keeps_its_value(value: Decimal) -> None:
    made = terms.number(value).value
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", made)
    assert Decimal(made) == value


def test_literals_have_the_datatypes_of_their_values() -> None:
    made = {
        "date": terms.day(date(2024, 2, 29)),
        "decimal": terms.number(12),
        "nonNegativeInteger": terms.count(3),
        "boolean": terms.flag(True),
        "anyURI": terms.link("https://example.org/"),
        "string": terms.text("x"),
    }
    for name, literal in made.items():
        assert literal.datatype.value == f"{terms.XSD}{name}"
    assert [made[name].value for name in ("date", "decimal", "boolean")] == [
        "2024-02-29",
        "12",
        "true",
    ]
    assert terms.flag(False).value == "false"
    assert terms.english("x").language == "en"


def test_terms_and_concepts_lie_in_their_namespaces() -> None:
    assert terms.atlas("Claim").value == "https://w3id.org/careatlas/def#Claim"
    assert terms.concept("status", "live").value == "https://w3id.org/careatlas/scheme/status/live"
    assert {graph.value.removeprefix(terms.ID) for graph in terms.GRAPHS.values()} == {
        "graph/ontology",
        "graph/crosswalk",
        "graph/meta",
        "graph/derived",
    }
