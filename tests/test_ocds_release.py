"""A feed of notices in a release: beside the tables, in the questions, and out again."""

import json
from pathlib import Path
from typing import Any

import pytest
from pyoxigraph import NamedNode

from careatlas.build import Built, build, change
from careatlas.graph.answer import bind, select
from careatlas.graph.labels import Labels
from careatlas.graph.loaded import Loaded
from careatlas.graph.questions import get
from careatlas.graph.release import Release, Releases
from careatlas.graph.terms import atlas, thing
from careatlas.loaders.feed import Wanted, collect
from careatlas.loaders.ocds import feed

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
RELEASES: list[dict[str, Any]] = [
    {
        "ocid": "ocds-x-1",
        "id": "n-1",
        "date": "2024-02-01T00:00:00Z",
        "tag": ["award"],
        "buyer": {"id": "GB-NHS-RAA", "name": "Alder Vale Foundation Trust"},
        "parties": [
            {
                "id": "GB-NHS-RAA",
                "name": "Alder Vale Foundation Trust",
                "identifier": {"scheme": "GB-NHS", "id": "RAA"},
                "roles": ["buyer"],
            },
            {
                "id": "s",
                "name": "Acme Limited",
                "identifier": {"scheme": "GB-COH", "id": "1234567"},
                "roles": ["supplier"],
            },
            {"id": "t", "name": "Somebody Unknown plc", "roles": ["tenderer"]},
        ],
        "tender": {
            "title": "AI to read scans of stroke",
            "procurementMethod": "limited",
            "value": {"amount": 80000, "currency": "GBP"},
        },
        "awards": [
            {"id": "1", "suppliers": [{"id": "s"}], "value": {"amount": 90000, "currency": "GBP"}}
        ],
    },
    {
        "ocid": "ocds-x-7",
        "id": "n-7",
        "date": "2024-03-01T00:00:00Z",
        "tag": ["tender"],
        "buyer": {"name": "Borough of Nowhere"},
        "tender": {"title": "AI triage of X-rays", "procurementMethod": "open"},
    },
]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    return Releases(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def before(kept: Releases) -> Built:
    return build(SMALL_WORLD, kept)


@pytest.fixture(scope="module")
def after(kept: Releases, before: Built, tmp_path_factory: pytest.TempPathFactory) -> Release:
    """The release with two feeds that speak of one procedure of the tables, each in its way."""
    assert before.release.name
    folder = tmp_path_factory.mktemp("feeds")
    for name, method in (("one", "limited"), ("two", "direct")):
        path = folder / f"{name}.json"
        first = RELEASES[0] | {
            "tender": {
                **RELEASES[0]["tender"],
                "procurementMethod": method,
                "title": f"AI for stroke, {name}",
            }
        }
        path.write_text(json.dumps({"releases": [first, RELEASES[1]]}), encoding="utf-8")
        last = change(kept, name, _loaded(kept, path, name))
    return last.release


def _loaded(kept: Releases, path: Path, name: str) -> Loaded:
    opened = feed([path], Wanted(name, None, False, SMALL_WORLD))
    found = collect(opened, {})
    counts = {"rows": found.rows, "records": found.records, "left_out": 0, "rejects": 0}
    assert found.rejects == []
    account = {
        "kind": "ocds",
        "source": opened.source.told,
        **counts,
        "left_out_by": {},
        "rejected": [],
    }
    return kept.sources.keep(name, found.quads, account)


def _answers(release: Release, name: str, **values: str) -> list[dict[str, str]]:
    question = get(name)
    found = select(release.store, bind(question, values, Labels(release.labels)))
    return [dict(zip(question.columns, row, strict=True)) for _, row in found]


def test_sources_meet_in_one_procedure_and_keep_what_each_says(after: Release) -> None:
    rows = [row for row in _answers(after, "purchase-methods") if row["ocid"] == "ocds-x-1"]
    assert [(row["source"], row["method"], row["value"]) for row in rows] == [
        ("page", "direct-award", "90000"),
        ("two", "direct-award", "80000"),
        ("one", "limited", "80000"),
    ]
    assert {row["title"] for row in rows} == {"Stroke AI"}
    assert {(row["buyer"], row["supplier"]) for row in rows} == {
        ("Alder Vale NHS Foundation Trust", "Acme AI")
    }


def test_a_procedure_of_feeds_alone_is_called_by_its_first_title(after: Release) -> None:
    rows = [row for row in _answers(after, "notices") if row["ocid"] == "ocds-x-7"]
    assert [row["source"] for row in rows] == ["one", "two"]
    assert {row["title"] for row in rows} == {"AI triage of X-rays"}
    assert {row["because"] for row in rows} == {"words of AI: AI; words of care: triage"}
    assert {row["buyer"] for row in rows} == {"Borough of Nowhere"}


def test_kept_notices_are_seen_with_their_evidence(after: Release) -> None:
    timeline = [row for row in _answers(after, "trust-timeline") if row["kind"] == "notice"]
    assert {"one", "two", "page"} <= {row["source"] for row in timeline}
    awards = [row for row in _answers(after, "notices", source="one") if row["part"] == "award"]
    assert [(row["supplier"], row["value"], row["locator"]) for row in awards] == [
        ("Acme AI", "90000", "ocds-x-1, award 1; release n-1")
    ]


def test_a_party_nobody_knows_waits_for_review(after: Release) -> None:
    gaps = {
        quad.subject.value.rpartition("/")[2]
        for quad in after.store.quads_for_pattern(None, atlas("nameAsPrinted"), None, None)
        if isinstance(quad.subject, NamedNode) and "/unresolved/" in quad.subject.value
    }
    assert any(gap.startswith("somebody-unknown-plc-") for gap in gaps)


def test_an_award_is_no_use(before: Built, after: Release) -> None:
    for term in ("deployedBy", "uses", "mentions"):
        counts = [
            len(list(one.store.quads_for_pattern(None, atlas(term), None, None)))
            for one in (before.release, after)
        ]
        assert counts[0] == counts[1]
    assert thing("procedure/ocds-x-1")


def test_a_build_from_nothing_is_the_same_and_feeds_go_again(
    kept: Releases, before: Built, after: Release
) -> None:
    assert after.manifest["findings"]["Violation"] == 0
    assert build(SMALL_WORLD, kept).release.name == after.name
    change(kept, "one", None)
    assert change(kept, "two", None).release.name == before.release.name
