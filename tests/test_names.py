"""The crosswalk: which thing a printed name means, for all sources or for one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careatlas.graph.sources import NameMatch
from careatlas.loaders.names import (
    AmbiguousNameError,
    Crosswalk,
    UnknownNameError,
    normalised,
)


def match(kind: str, printed: str, key: str | None, only_in: str | None = None) -> NameMatch:
    return NameMatch.model_validate(
        {
            "kind": kind,
            "printed": printed,
            "key": key,
            "method": "exact" if key else "unresolved",
            "reason": "as it stands",
            "only_in": only_in,
            "source": "paper",
            "locator": "row 1",
        }
    )


def crosswalk(*matches: NameMatch) -> Crosswalk:
    made = Crosswalk()
    for one in matches:
        made.add(one)
    return made


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("King's College Hospital NHS FT", "KINGS COLLEGE HOSPITAL NHS Foundation Trust", True),
        ("Barking, Havering & Redbridge", "Barking Havering and Redbridge", True),
        ("Guy\u2019s  and St. Thomas`", "guys AND st thomas", True),
        ("Évry", "Evry", True),
        ("e-Stroke", "E Stroke", True),
        ("Leftwich", "Lefoundation trustwich", False),
        ("North", "South", False),
        ("Trust 1", "Trust 2", False),
    ],
)
def test_spellings_that_are_one_name(one: str, other: str, same: bool) -> None:
    assert (normalised(one) == normalised(other)) is same


@given(st.text())
def test_the_normal_form_is_normal(name: str) -> None:
    assert normalised(normalised(name)) == normalised(name)
    assert normalised(f" {name}\n") == normalised(name)


def test_an_exact_spelling_comes_before_a_close_one() -> None:
    names = crosswalk(
        match("vendor", "ACME AI", "org/slug/acme"), match("vendor", "Acme AI", "org/slug/other")
    )
    assert names.find("vendor", "ACME AI", "paper").key == "org/slug/acme"
    assert names.find("vendor", "Acme AI", "paper").key == "org/slug/other"


def test_a_close_spelling_keeps_what_the_source_printed() -> None:
    found = crosswalk(match("vendor", "ACME AI", "org/slug/acme")).find("vendor", "Acme-AI", "p")
    assert (found.printed, found.key) == ("Acme-AI", "org/slug/acme")


def test_a_match_for_one_source_comes_first_there_and_counts_nowhere_else() -> None:
    names = crosswalk(
        match("vendor", "Acme", "org/slug/acme"), match("vendor", "Acme", "org/slug/b", "paper")
    )
    assert names.find("vendor", "Acme", "paper").key == "org/slug/b"
    assert names.find("vendor", "ACME", "paper").key == "org/slug/b"
    assert names.find("vendor", "Acme", "page").key == "org/slug/acme"
    alone = crosswalk(match("vendor", "Acme", "org/slug/b", "paper"))
    with pytest.raises(UnknownNameError):
        alone.find("vendor", "Acme", "page")


def test_a_name_of_two_things_written_neither_way_is_ambiguous() -> None:
    names = crosswalk(
        match("vendor", "ACME", "org/slug/one"), match("vendor", "Acme", "org/slug/two")
    )
    with pytest.raises(AmbiguousNameError, match=r"one or .*two") as caught:
        names.find("vendor", "acme", "paper")
    assert caught.value.kind == "vendor"
    assert caught.value.printed == "acme"
    assert [key.rsplit("/", 1)[-1] for key in caught.value.keys] == ["one", "two"]


def test_an_unknown_name_says_what_to_do() -> None:
    with pytest.raises(UnknownNameError, match="'x' is not in the crosswalk as product: add") as no:
        Crosswalk().find("product", "x", "paper")
    assert (no.value.kind, no.value.printed) == ("product", "x")


@pytest.mark.parametrize("kind", ["network", "vendor"])
def test_an_organisation_may_be_known_as_a_network_or_a_vendor(kind: str) -> None:
    names = crosswalk(match(kind, "North", "org/slug/north"))
    assert names.find("organisation", "North", "paper").key == "org/slug/north"
    assert names.find("subject", "North", "paper").key == "org/slug/north"


def test_a_kind_of_its_own_comes_before_a_wider_one() -> None:
    names = crosswalk(
        match("vendor", "North", "org/slug/v"), match("organisation", "North", "org/ods/N")
    )
    assert names.find("organisation", "North", "paper").key == "org/ods/N"
    assert names.find("vendor", "North", "paper").key == "org/slug/v"
    with pytest.raises(UnknownNameError):
        names.find("product", "North", "paper")


def test_a_name_that_means_nothing_certain_is_a_gap_of_its_own() -> None:
    names = crosswalk(match("organisation", "a trust", None))
    for spelling in ("a trust", "A Trust"):
        found = names.find("organisation", spelling, "paper")
        assert found.key is None
        assert found.iri.value.endswith("/unresolved/organisation/a-trust")


def test_names_without_a_latin_letter_are_not_all_one_name() -> None:
    names = crosswalk(match("vendor", "東京", "org/slug/tokyo"))
    assert names.find("vendor", "東京", "paper").key == "org/slug/tokyo"
    with pytest.raises(UnknownNameError):
        names.find("vendor", "京都", "paper")


PRINTABLE = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(st.tuples(PRINTABLE, st.integers(0, 3)), max_size=8), st.text())
def test_any_name_is_found_or_refused_by_name(pairs: list[tuple[str, int]], name: str) -> None:
    names = Crosswalk()
    kept = {}
    for printed, number in pairs:
        kept[printed] = f"org/slug/n{number}"
        names.add(match("vendor", printed, f"org/slug/n{number}"))
    for printed, key in kept.items():
        assert names.find("vendor", printed, "paper").key == key
    try:
        found = names.find("vendor", name, "paper")
    except (UnknownNameError, AmbiguousNameError) as error:
        refused = str(error)
        assert repr(name) in refused
    else:
        assert found.key in kept.values()
