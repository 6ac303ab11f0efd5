"""The rows that a review makes: their keys, their days and periods, and what their names mean."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from reviews import TEXT, built, document, found, names

from careatlas.graph.release import Release
from careatlas.loaders.decisions import Reviewer
from careatlas.loaders.extraction import Candidates, Gazetteer
from careatlas.loaders.extraction.candidates import Stated
from careatlas.loaders.extraction.gazetteer import Entity, Mention
from careatlas.loaders.names import Crosswalk
from careatlas.loaders.review import Log, Review, naming, proposed
from careatlas.loaders.review.cells import fault
from careatlas.loaders.review.publishing import ConflictingNamesError, Plan, planned
from careatlas.loaders.review.state import accepted_above

ADA = Reviewer("Ada", "2026-03-10", "abc")
ALDER = "Alder Vale NHS Foundation Trust"


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small world with names to find."""
    return built(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def known(release: Release) -> Gazetteer:
    """Its names."""
    return names(release)


def candidates(folder: Path, known: Gazetteer, text: str = TEXT) -> Candidates:
    return found(document(folder, text), known)


def accepted(folder: Path, made: Candidates, known: Gazetteer) -> Review:
    """A review in which all is accepted."""
    review = Review(proposed(made, known), Log(folder / "d.csv"), known)
    for one in review.items:
        review.decide(one, "accept", ADA)
    return review


def plan(folder: Path, made: Candidates, known: Gazetteer) -> Plan:
    return planned(accepted(folder, made, known), "dale", Crosswalk())


def stated(made: Candidates, table: str, *names: Mention, **cells: str) -> None:
    made.stated.append(Stated(table, cells, made.disclosures[0].found, names))


def keys(plan: Plan, table: str) -> list[str]:
    return [row["award" if table == "awards" else "key"] for row in plan.tables[table]]


@pytest.mark.parametrize(
    ("period", "per", "printed", "precision"),
    [
        (("2025-05-01", "2025-10-31"), "", "between May and October 2025", "month"),
        (("2024-04-01", "2025-03-31"), "", "in 24/25", "financial-year"),
        (("2025-01-01", "2025-12-31"), "", "in 2025", "year"),
        (("", ""), "day", "a day", "undated"),
        (("", ""), "", "in all", "undated"),
        (("", ""), "", "in the previous year", "relative"),
        (("", ""), "", "in 12 months", "relative"),
    ],
)
def test_a_figure_says_how_well_its_period_is_known(  # noqa: PLR0913 - the parts of a figure
    tmp_path: Path,
    known: Gazetteer,
    period: tuple[str, str],
    per: str,
    printed: str,
    precision: str,
) -> None:
    text = TEXT.replace("between May and October 2025", printed)
    made = candidates(tmp_path, known, text)
    made.usage = [replace(made.usage[0], period=period, per=per)]
    (usage,) = (one for one in proposed(made, known) if one.table == "usage")
    assert usage.cells["precision"] == precision
    assert usage.cells["measure"] == ("rate" if per else "count")
    assert fault("usage", usage.cells) == ""


def test_keys_are_those_of_the_curated_tables(tmp_path: Path, known: Gazetteer) -> None:
    made = candidates(tmp_path, known)
    stated(
        made,
        "agreements",
        agreement="Dale pact",
        name="Dale pact",
        kind="memorandum",
        party=ALDER,
        role="signatory",
    )
    stated(made, "studies", study="TRIAL-ONE", organisation=ALDER, role="site")
    stated(
        made,
        "projects",
        project="dale-records",
        name="Records of the dale",
        kind="integration",
        place="Dale",
        organisation=ALDER,
        milestone="signed",
        milestone_kind="contract",
        state="reached",
    )
    stated(
        made,
        "awards",
        programme="instrument/r2-diagnostic-fund",
        programme_name="Diagnostic Fund",
        recipient_name=ALDER,
        role="recipient",
    )
    stated(made, "corrections", trust=ALDER, said="denies", holds="uses")
    whole = plan(tmp_path, made, known)
    assert {
        name: keys(whole, name) for name in whole.tables if name not in {"crosswalk", "reviews"}
    } == {
        "disclosures": ["raa", "rbb", "rff", "rcc"],
        "deployments": ["raa/lumo-scan", "rbb/zephyrline-chestguard", "rff/pixon-reader"],
        "usage": ["raa/lumo-scan/scan"],
        "routes": ["raa/lumo-scan"],
        "agreements": ["dale-pact/alder-vale-nhs-foundation-trust"],
        "studies": ["trial-one/raa"],
        "projects": ["dale-records/signed"],
        "awards": ["instrument-r2-diagnostic-fund-alder-vale-nhs-foundation-trust"],
    }
    assert whole.tables["awards"][0]["confidence"] == "high"
    assert whole.tables["usage"][0]["deployment"] == "raa/lumo-scan"
    assert not [
        name
        for rows in whole.tables.values()
        for row in rows
        for name in row
        if name.endswith("_is")
    ]
    correction = next(row for row in whole.tables["reviews"] if row["of"] == "corrections")
    assert (correction["verdict"], correction["row"]) == ("accept", "")


def test_a_key_does_not_change_when_another_row_is_rejected(
    tmp_path: Path, known: Gazetteer
) -> None:
    made = candidates(tmp_path, known, TEXT.replace("Uses Pixon Reader", "Uses Zephyrline"))
    made.deployments[1].trust = made.deployments[0].trust
    made.deployments[2].trust = made.deployments[0].trust
    made.deployments[1].new = made.deployments[2].new = "Zephyrline"
    made.deployments[1].name = made.deployments[2].name
    review = accepted(tmp_path, made, known)
    before = keys(planned(review, "dale", Crosswalk()), "deployments")
    assert before[:2] == ["raa/lumo-scan", "raa/zephyrline"]
    assert before[2].startswith("raa/zephyrline-")
    second = next(one for one in review.items if one.cells.get("product") == "Zephyrline")
    review.decide(second, "reject", ADA, why="no")
    after = keys(planned(review, "dale", Crosswalk()), "deployments")
    assert after == [before[0], before[2]]


def test_a_later_answer_takes_the_place_of_the_earlier(tmp_path: Path, known: Gazetteer) -> None:
    made = candidates(tmp_path, known)
    later = replace(made.disclosures[0], reported="2026-05-09", answer="denies")
    made.disclosures.append(later)
    rows = {row["key"]: row for row in plan(tmp_path, made, known).tables["disclosures"]}
    assert rows["raa/2026-05"]["supersedes"] == "raa"
    assert rows["raa/2026-05"]["as_at"] == "2026-05-09"
    assert "supersedes" not in rows["raa"]


def test_an_organisation_without_a_code_is_known_by_its_name(
    tmp_path: Path, known: Gazetteer
) -> None:
    text = TEXT.replace("Brook Hospitals NHS Trust", "Marsh End NHS Trust")
    whole = plan(tmp_path, candidates(tmp_path, known, text), known)
    assert "marsh-end-nhs-trust/zephyrline-chestguard" in keys(whole, "deployments")
    names_ = {row["printed"]: row for row in whole.tables["crosswalk"]}
    assert names_["Marsh End NHS Trust"]["method"] == "unresolved"
    assert names_["Marsh End NHS Trust"]["reason"].endswith(": in no catalogue yet")


@pytest.mark.parametrize(
    ("printed", "said", "method", "key"),
    [
        (ALDER, "", "exact", "org/ods/RAA"),
        (ALDER.upper(), "", "normalised", "org/ods/RAA"),
        ("Brook", "", "alias", "org/ods/RBB"),
        ("the trust", "RAA", "hand", "org/ods/RAA"),
        ("the trust", "org/ods/RAA", "hand", "org/ods/RAA"),
        ("the trust", "Acme AI", "hand", "org/slug/acme"),
        ("the trust", "?", "unresolved", ""),
        ("the trust", "", "unresolved", ""),
        (ALDER, "?", "unresolved", ""),
    ],
)
def test_a_name_is_tied_to_what_it_means_in_a_way_that_is_said(  # noqa: PLR0913 - a name and its row
    tmp_path: Path, known: Gazetteer, printed: str, said: str, method: str, key: str
) -> None:
    review = Review(proposed(candidates(tmp_path, known), known), Log(tmp_path / "d.csv"), known)
    one = review.items[0]
    review.decide(one, "change", ADA, {"trust": printed, "trust_is": said})
    (row,) = planned(review, "dale", Crosswalk()).tables["crosswalk"]
    assert (row["printed"], row["method"], row["key"], row["only_in"]) == (
        printed,
        method,
        key,
        "dale",
    )
    assert row["reason"].startswith(f"reviewed as {one.id}: ")


def test_a_name_that_could_be_several_lists_them(tmp_path: Path, known: Gazetteer) -> None:
    two = [
        (
            "Twin Hospitals",
            Entity("trust", f"https://w3id.org/careatlas/id/org/ods/R{n}", f"Twin {n}"),
        )
        for n in "XY"
    ]
    both = known.extended(two)
    text = TEXT.replace("Brook Hospitals NHS Trust", "Twin Hospitals")
    made = candidates(tmp_path, both, text)
    review = Review(proposed(made, both), Log(tmp_path / "d.csv"), both)
    twin = next(one for one in review.items if one.cells.get("trust") == "Twin Hospitals")
    (name,) = review.undecided_names(twin)
    assert name.nearest == ("Twin X", "Twin Y")
    assert twin.id not in {d.proposal for d in accepted_above(review, 0, ADA)[0]}
    review.decide(twin, "accept", ADA)
    rows = planned(review, "dale", Crosswalk()).tables["crosswalk"]
    (row,) = [row for row in rows if row["printed"] == "Twin Hospitals"]
    assert (row["method"], row["key"], row["candidates"]) == (
        "unresolved",
        "",
        "org/ods/RX;org/ods/RY",
    )
    review.decide(twin, "change", ADA, {"trust_is": "Twin Y"})
    rows = planned(review, "dale", Crosswalk()).tables["crosswalk"]
    assert [row["key"] for row in rows if row["printed"] == "Twin Hospitals"] == ["org/ods/RY"]


def test_one_name_cannot_mean_two_things(tmp_path: Path, known: Gazetteer) -> None:
    made = candidates(
        tmp_path, known, TEXT.replace("Uses Pixon Reader", "Uses Zephyrline ChestGuard")
    )
    review = accepted(tmp_path, made, known)
    last = [one for one in review.items if one.table == "deployments"][-1]
    review.decide(last, "change", ADA, {"product_is": "Pixon Reader"})
    with pytest.raises(ConflictingNamesError, match="'Zephyrline ChestGuard' means one thing in"):
        planned(review, "dale", Crosswalk())


@pytest.mark.parametrize(
    ("mention", "cells"),
    [
        (Mention(0, 5, "Brook", ()), {"trust": "Brook"}),
        (
            Mention(0, 3, "AV", (Entity("trust", "https://x/1", ALDER),)),
            {"trust": "AV", "trust_is": ALDER},
        ),
        (Mention(0, 5, "two\n words", ()), {"trust": "two words"}),
    ],
)
def test_what_a_short_name_means_in_its_text_goes_with_it(
    known: Gazetteer, mention: Mention, cells: Mapping[str, str]
) -> None:
    assert naming.cells(known, "trust", "organisation", mention) == cells


def test_a_product_whose_name_is_common_speech_can_be_meant(known: Gazetteer) -> None:
    assert known.find("Scan", "product") == ()
    assert naming.meaning(known, "product", "product", "Scan").iri.endswith("product/acme/scan")
    assert naming.meaning(known, "product", "product", "product/acme/scan").label == "Scan"
    with pytest.raises(
        naming.UnknownMeaningError, match="product_is: nothing is called 'product/x'"
    ):
        naming.meaning(known, "product", "product", "product/x")


def test_a_name_of_another_table_stands_as_printed_with_what_it_means(
    tmp_path: Path, known: Gazetteer
) -> None:
    made = candidates(tmp_path, known)
    (trust,) = known.find(ALDER, "trust")
    short = Mention(0, 2, "AV", (trust,))
    stated(made, "studies", short, study="TRIAL-ONE", organisation=ALDER, role="site")
    whole = plan(tmp_path, made, known)
    assert [row["organisation"] for row in whole.tables["studies"]] == ["AV"]
    new = {row["printed"]: row["key"] for row in whole.tables["crosswalk"]}
    assert new["AV"] == "org/ods/RAA"


def test_a_publisher_speaks_of_itself_and_of_nobody_else() -> None:
    plan = Plan("paper")
    for key, trust, speaker in (
        ("a", "Ash", ""),
        ("b", "Birch", ""),
        ("c", "Ash", "Somebody"),
    ):
        row = {"key": key, "trust": trust} | ({"stated_by": speaker} if speaker else {})
        plan.add("deployments", row, f"deployments-{key}")
    plan.said_by("Ash")
    told = [row.get("stated_by") for row in plan.tables["deployments"]]
    assert told == ["Ash", None, "Somebody"]
