"""Things are found by their names, however they are typed."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careatlas.graph.labels import key
from careatlas.graph.release import Release
from careatlas.service.search import LONGEST, Index, index_of

ORG = "https://w3id.org/careatlas/id/org/"


@pytest.fixture(scope="module")
def index(release: Release) -> Index:
    return index_of(release.path)


TYPED = {
    "Anallise": "Annalise.ai",
    "Kings College": "King's College Hospital NHS Foundation Trust",
    "RWE": "University Hospitals of Leicester NHS Trust",
    "rapid ai": "RapidAI",
    "brainomicks": "Brainomix",
    "st georges": "St George's University Hospitals NHS Foundation Trust",
    "Universty Hospitals Leicster": "University Hospitals of Leicester NHS Trust",
    "royl marsden": "The Royal Marsden NHS Foundation Trust",
    "Northamton": "Northampton General Hospital NHS Trust",
    "Great Ormand street": "Great Ormond Street Hospital for Children NHS Foundation Trust",
    "Microsft copilot": "Microsoft 365 Copilot",
    "aidock": "Aidoc",
    "heart flow": "HeartFlow",
    "newcastle upon tyne": "The Newcastle upon Tyne Hospitals NHS Foundation Trust",
    "East of Englnd": "East of England",
    "GUY'S & ST THOMAS": "Guy's and St Thomas' NHS Foundation Trust",
}


@pytest.mark.parametrize("typed", TYPED)
def test_what_is_meant_comes_first(index: Index, typed: str) -> None:
    assert index.find(typed)[0].label == TYPED[typed]


def test_every_label_finds_its_thing(index: Index, release: Release) -> None:
    """Among those that go by the same name, which are given before all that are only like it."""
    rows = [row for kind in ("trust", "product", "vendor") for row in release.labels[kind]]
    for _, iri, label in rows[::7]:
        found = index.find(label, most=50)
        same = [one for one in found if one.score >= 0.95]
        assert iri in {one.id for one in same}, label


def test_a_thing_comes_once_with_all_its_kinds(index: Index) -> None:
    found = index.find("University Hospitals of Leicester")
    assert [one.id for one in found].count(f"{ORG}ods/RWE") == 1
    assert (found[0].kind, found[0].kinds) == ("trust", ["trust", "organisation"])


def test_the_name_that_matched_is_told(index: Index) -> None:
    assert index.find("rwe")[0].matched == "rwe"
    assert index.find("kings college hospital nhs foundation trust")[0].matched.startswith("King's")


def test_a_kind_narrows_and_what_is_rare_in_it_is_still_found(index: Index) -> None:
    assert {one.kind for one in index.find("university hospitals", "trust", 50)} == {"trust"}
    assert index.find("London", "region")[0].label == "London"
    assert all("network" in one.kinds for one in index.find("london", "network", 50))


def test_scores_fall_and_the_number_is_kept_to(index: Index) -> None:
    found = index.find("hospital", most=7)
    scores = [one.score for one in found]
    assert len(found) == 7
    assert scores == sorted(scores, reverse=True)


@pytest.mark.parametrize("typed", ["", " ", '"', "\0", "🙂", "'; DROP TABLE names; --", "*", "-"])
def test_what_names_nothing_finds_nothing_or_something_and_never_fails(
    index: Index, typed: str
) -> None:
    found = index.find(typed)
    assert found == [] or key(typed)


@given(
    st.one_of(
        st.text(max_size=LONGEST + 50),
        st.lists(
            st.sampled_from(
                ("AND", "OR", "NOT", "NEAR(", '"', "*", "^", ":", "names", "trust", "ai", "\0", "(")
            ),
            max_size=60,
        ).map(" ".join),
        st.text(alphabet="ab ", max_size=LONGEST),
    ),
    st.sampled_from((None, "trust", "no such kind")),
)
def test_any_text_can_be_looked_for(index: Index, typed: str, kind: str | None) -> None:
    found = index.find(typed, kind, 5)
    assert len(found) <= 5
    assert all(0 < one.score <= 1 for one in found)
    assert len({one.id for one in found}) == len(found)


def test_no_names_at_all() -> None:
    assert Index({}).find("anything") == []
    assert Index({"trust": [["", "https://example.org/1", ""]]}).find("anything") == []


def test_the_index_of_a_release_is_made_once(release: Release) -> None:
    assert index_of(release.path) is index_of(Path(release.path))
