"""Reviews: what is proposed, what is decided, and what follows from it for the rest."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviews import PUBLISHED, TEXT, built, document, found, names

from careatlas.graph.labels import Labels
from careatlas.graph.release import Release
from careatlas.loaders.decisions import DecisionError, Reviewer, UnknownProposalError
from careatlas.loaders.extraction import Gazetteer
from careatlas.loaders.extraction.candidates import Stated
from careatlas.loaders.review import Log, Proposal, Review, proposed
from careatlas.loaders.review.card import card
from careatlas.loaders.review.cells import TABLES, codes, columns, fault
from careatlas.loaders.review.decisions import COLUMNS, VERDICTS, Decision
from careatlas.loaders.review.known import Known
from careatlas.loaders.review.naming import UnknownMeaningError
from careatlas.loaders.review.state import (
    BadCellsError,
    accepted_above,
)
from careatlas.loaders.rows import TableError

ADA = Reviewer("Ada", "2026-03-10", "abc")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small world with names to find."""
    return built(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def known(release: Release) -> Gazetteer:
    """Its names."""
    return names(release)


def proposals(folder: Path, known: Gazetteer, text: str = TEXT, as_at: str = "") -> list[Proposal]:
    return proposed(found(document(folder, text), known), known, as_at)


@pytest.fixture
def review(tmp_path: Path, known: Gazetteer) -> Review:
    """A review of the document with nothing decided."""
    return Review(proposals(tmp_path, known), Log(tmp_path / "x.decisions.csv"), known)


def one(review: Review, table: str, **cells: str) -> Proposal:
    """The proposal of a table with these cells."""
    fitting = [
        each
        for each in review.items
        if each.table == table and cells.items() <= review.cells(each).items()
    ]
    assert len(fitting) == 1
    return fitting[0]


# ---- proposals


def test_each_candidate_is_a_row_of_its_table(review: Review) -> None:
    by_table = [each.table for each in review.items]
    assert by_table == [
        *("disclosures", "deployments", "usage", "routes"),
        *("disclosures", "deployments", "disclosures", "deployments", "disclosures"),
    ]
    alder = "Alder Vale NHS Foundation Trust"
    scan = one(review, "deployments", trust=alder)
    assert scan.cells == {
        "trust": alder,
        "stated_by": alder,
        "vendor": "Lumo",
        "product": "Lumo Scan",
        "description": "stroke CT",
        "status": "live",
        "printed": "Lumo Scan",
        "as_at": PUBLISHED,
        "reported": PUBLISHED,
    }
    usage = one(review, "usage")
    assert usage.of == scan.id
    assert {**usage.cells, "deployment": ""} == {
        "deployment": "",
        "printed": "1,250 scans between May and October 2025",
        "min": "1250",
        "max": "1250",
        "approximate": "false",
        "unit": "scan",
        "measure": "count",
        "period_start": "2025-05-01",
        "period_end": "2025-10-31",
        "precision": "month",
        "reported": PUBLISHED,
    }
    route = one(review, "routes")
    assert (route.of, route.cells["intermediary"], route.cells["intermediary_kind"]) == (
        scan.id,
        "North Imaging Network",
        "network",
    )
    assert scan.place.startswith("Trusts that use clinical AI, item 1, characters ")
    assert all(fault(each.table, each.cells) == "" for each in review.items)


def test_an_id_does_not_hang_on_other_proposals_or_flags(tmp_path: Path, known: Gazetteer) -> None:
    before = {each.id: dict(each.cells) for each in proposals(tmp_path, known)}
    later = {each.id: dict(each.cells) for each in proposals(tmp_path, known, as_at="2026-02-01")}
    assert before.keys() == later.keys()
    assert {cells.get("as_at") for cells in later.values()} == {"2026-02-01", None}
    # What stands last goes: the places of the others stay, and so do their ids.
    shorter = proposals(tmp_path, known, TEXT.partition("## Trusts that do not")[0])
    assert {each.id for each in shorter} < before.keys()
    assert len(shorter) == len(before) - 1
    blanked = TEXT.replace(
        "Is piloting Zephyrline ChestGuard", "·" * len("Is piloting Zephyrline ChestGuard")
    )
    rest = {each.id for each in proposals(tmp_path, known, blanked)}
    lost = [before[name] for name in before.keys() - rest]
    assert {cells["trust"] for cells in lost} == {"Brook Hospitals NHS Trust"}


def test_the_day_is_that_of_the_request_unless_something_came_later(
    tmp_path: Path, known: Gazetteer
) -> None:
    made = found(document(tmp_path), known)
    late = replace(made.disclosures[-1], reported="2026-04-01")
    made.disclosures[-1] = late
    days = {
        p.cells["trust"]: p.cells["as_at"]
        for p in proposed(made, known, "2026-02-01")
        if "trust" in p.cells
    }
    assert days["Cove Community NHS Trust"] == "2026-04-01"
    assert days["Alder Vale NHS Foundation Trust"] == "2026-02-01"


@pytest.mark.parametrize(
    ("said", "cells"),
    [
        ("Lumo", {"vendor": "Lumo"}),
        ("Lumo Lumo Scan", {"vendor": "Lumo", "product": "Lumo Scan"}),
        ("Pixon Reader", {"vendor": "Pixon", "product": "Pixon Reader"}),
        ("Pixon Reader software", {"vendor": "Pixon", "product": "Pixon Reader"}),
        ("Hub", {"product": "Hub"}),
        ("Pixon Swift", {"vendor": "Pixon", "product": "Swift"}),
        ("Zephyrline", {"product": "Zephyrline"}),
        ("AI tools for gait scoring", {"description": "gait scoring"}),
    ],
)
def test_vendor_and_product_stand_as_they_are_printed(
    tmp_path: Path, known: Gazetteer, said: str, cells: dict[str, str]
) -> None:
    text = TEXT.replace("Is piloting Zephyrline ChestGuard", f"Uses {said}")
    brook = [
        p.cells
        for p in proposals(tmp_path, known, text)
        if p.table == "deployments" and p.cells["trust"].startswith("Brook")
    ]
    kept = [
        {k: v for k, v in c.items() if k in {"vendor", "product", "description"}} for c in brook
    ]
    assert kept == [cells]


def test_what_else_a_document_states_is_proposed_too(tmp_path: Path, known: Gazetteer) -> None:
    made = found(document(tmp_path), known)
    place = made.disclosures[0].found
    made.stated.append(
        Stated(
            "agreements",
            {
                "agreement": "dale-pact",
                "name": "Dale pact",
                "kind": "memorandum",
                "party": "Alder Vale NHS Foundation Trust",
                "role": "signatory",
            },
            place,
        )
    )
    made.stated.append(Stated("corrections", {"said": "live", "holds": "ended"}, place))
    tables = {p.table: p for p in proposed(made, known)}
    assert tables["agreements"].cells["role"] == "signatory"
    assert fault("agreements", tables["agreements"].cells) == ""
    assert tables["corrections"].cells == {"said": "live", "holds": "ended"}
    assert fault("corrections", tables["corrections"].cells) == ""
    assert fault("corrections", {"holds": "ended"}) == "said: Field required"


def test_two_alike_at_one_place_have_two_ids(tmp_path: Path, known: Gazetteer) -> None:
    made = found(document(tmp_path), known)
    made.disclosures.append(made.disclosures[0])
    ids = [p.id for p in proposed(made, known)]
    assert len(ids) == len(set(ids)) == 10


# ---- cells


@pytest.mark.parametrize("table", [name for name in TABLES if name != "corrections"])
def test_columns_are_those_of_the_table_and_what_names_mean(table: str) -> None:
    given = columns(table)
    assert len(given) == len(set(given))
    assert not {"key", "source", "locator"} & set(given)
    for column in given:
        if column.endswith("_is"):
            assert given[given.index(column) - 1] == column.removesuffix("_is")


@pytest.mark.parametrize(
    ("cells", "says"),
    [
        ({"status": "alive"}, "status: 'alive' is not in the scheme status"),
        ({"status": ""}, "status: Field required"),
        ({"reported": "3 March"}, "reported: '3 March' is not a date"),
        ({"product": ""}, "a deployment names a product or a vendor"),
        ({"colour": "red"}, "colour: the table deployments has no such column"),
        ({"site": "a\x1bb"}, r"the control character '\x1b' stands in a cell"),
        ({"product_is": "?"}, ""),
    ],
)
def test_cells_that_are_no_row_are_named(cells: Mapping[str, str], says: str) -> None:
    good = {"trust": "Alder Vale NHS Foundation Trust", "product": "Lumo Scan", "status": "live"}
    whole = {name: cell for name, cell in {**good, **cells}.items() if cell}
    said = fault("deployments", whole)
    assert said.startswith(says)
    assert bool(said) == bool(says)


def test_codes_are_those_of_the_schemes() -> None:
    assert codes("deployments", "status")["live"] == "live"
    assert codes("agreements", "kind").keys() & {"memorandum"}
    assert codes("projects", "kind") != codes("agreements", "kind")
    assert codes("routes", "intermediary_kind").keys() >= {"network", "trust", "framework"}
    assert codes("deployments", "trust") == {}


# ---- decisions


def test_the_last_decision_counts_and_all_are_kept(review: Review) -> None:
    scan = one(review, "deployments", product="Lumo Scan")
    review.decide(scan, "reject", ADA, why="no")
    review.decide(scan, "accept", ADA)
    assert review.verdict(scan) == "accept"
    again = Review(review.given, Log(review.log.path), review.names)
    assert again.verdict(scan) == "accept"
    assert [(d.verdict, d.why, d.by, d.on) for d in again.log.made] == [
        ("reject", "no", "Ada", "2026-03-10"),
        ("accept", "", "Ada", "2026-03-10"),
    ]
    assert again.log.made[0].confidence == f"{scan.found.confidence:.2f}"
    assert again.log.made[0].rule == scan.found.rule
    assert again.log.made[0].locator == scan.place


def test_undo_gives_back_what_was_decided_before(review: Review) -> None:
    scan = one(review, "deployments", product="Lumo Scan")
    review.decide(scan, "accept", ADA)
    review.decide(scan, "change", ADA, {"status": "ended"})
    assert review.cells(scan)["status"] == "ended"
    assert review.undo(ADA) is not None
    assert (review.verdict(scan), review.cells(scan)["status"]) == ("accept", "live")
    review.undo(ADA)
    assert review.verdict(scan) is None
    assert review.undo(ADA) is None
    assert [d.verdict for d in Log(review.log.path).made] == ["accept", "change", "undo", "undo"]


def test_what_speaks_of_a_rejected_deployment_goes_with_it(review: Review) -> None:
    scan = one(review, "deployments", product="Lumo Scan")
    usage, route = one(review, "usage"), one(review, "routes")
    review.decide(usage, "accept", ADA)
    assert review.waits(usage)
    assert review.taken() == []
    review.decide(scan, "accept", ADA)
    assert not review.waits(usage)
    assert review.taken() == [scan, usage]
    review.decide(scan, "reject", ADA, why="no")
    assert [review.verdict(each) for each in (usage, route)] == ["reject", "reject"]
    assert review.taken() == []
    assert review.progress == "3 of 9 decided"


def test_a_split_gives_parts_that_are_decided_each(review: Review) -> None:
    pilot = one(review, "deployments", status="trialling")
    review.decide(pilot, "split", ADA, {"parts": "2"})
    first, second = (review.get(f"{pilot.id}.{number}") for number in (1, 2))
    assert review.items.index(first) == review.items.index(pilot) + 1
    review.decide(first, "change", ADA, {"product": "Zephyrline"})
    review.decide(second, "change", ADA, {"product": "ChestGuard"})
    assert [review.cells(each)["product"] for each in review.taken()] == [
        "Zephyrline",
        "ChestGuard",
    ]
    assert review.decided(pilot)
    for _ in range(3):
        review.undo(ADA)
    assert pilot.id in review.by_id
    assert first.id not in review.by_id


def test_what_speaks_of_a_split_deployment_speaks_of_its_first_part(review: Review) -> None:
    scan, usage = one(review, "deployments", product="Lumo Scan"), one(review, "usage")
    review.decide(scan, "split", ADA, {"parts": "2"})
    assert review.cells(usage)["deployment"] == f"{scan.id}.1"
    review.decide(usage, "change", ADA, {"deployment": f"{scan.id}.2"})
    review.decide(review.get(f"{scan.id}.2"), "accept", ADA)
    assert usage in review.taken()
    with pytest.raises(BadCellsError, match="'nowhere' is no proposal of this document"):
        review.decide(usage, "change", ADA, {"deployment": "nowhere"})


def test_cells_that_do_not_fit_are_not_taken(review: Review) -> None:
    scan = one(review, "deployments", product="Lumo Scan")
    with pytest.raises(BadCellsError, match=f"{scan.id}: status: 'alive' is not in the scheme"):
        review.decide(scan, "change", ADA, {"status": "alive"})
    with pytest.raises(
        UnknownMeaningError, match="product_is: nothing is called 'Lumos'; nearest: "
    ):
        review.decide(scan, "change", ADA, {"product_is": "Lumos"})
    assert review.verdict(scan) is None
    assert not review.log.path.exists()
    with pytest.raises(UnknownProposalError, match="deployments-0 is no proposal"):
        review.get("deployments-0")


def test_a_document_that_changed_is_said_and_no_decision_is_lost(
    tmp_path: Path, known: Gazetteer, review: Review
) -> None:
    pilot = one(review, "deployments", status="trialling")
    alder = one(review, "disclosures", trust="Alder Vale NHS Foundation Trust")
    review.decide(pilot, "accept", ADA)
    review.decide(alder, "accept", ADA)
    changed = TEXT.replace("piloting Zephyrline ChestGuard", "piloting Pixon Reader")
    now = Review(proposals(tmp_path, known, changed), Log(review.log.path), known)
    assert [(d.proposal, d.locator) for d in now.strays()] == [(pilot.id, pilot.place)]
    assert [d.proposal for d in now.of_other_bytes("new")] == [alder.id]
    assert now.of_other_bytes("abc") == []
    assert [each.id for each in now.taken()] == [alder.id]


def test_columns_that_a_flag_fills_are_kept_with_the_decision(
    tmp_path: Path, known: Gazetteer
) -> None:
    given = proposals(tmp_path, known, as_at="2026-02-01")
    who = replace(ADA, given=frozenset({"as_at"}))
    dated = Review(given, Log(tmp_path / "d.csv"), known)
    dated.decide(given[0], "accept", who)
    assert dated.log.made[0].cells == {"as_at": "2026-02-01"}
    later = Review(proposals(tmp_path, known), Log(tmp_path / "d.csv"), known)
    assert later.cells(given[0])["as_at"] == "2026-02-01"


# ---- by rule


def test_a_rule_accepts_what_is_sure_and_decided_by_name(review: Review) -> None:
    cove = one(review, "disclosures", trust="Cove Community NHS Trust")
    fell = one(review, "disclosures", trust="Fell Teaching Hospitals NHS Trust")
    review.decide(cove, "postpone", ADA)
    review.decide(fell, "reject", ADA, why="no")
    made, left = accepted_above(review, 0.5, ADA)
    accepted = {d.proposal for d in made}
    assert {review.get(name).table for name in accepted} == set(TABLES[:4])
    assert not accepted & {cove.id, fell.id}
    assert all(d.why == "accepted above 0.50 by rule" and d.by == "Ada" for d in made)
    pilot = one(review, "deployments", status="trialling")
    assert left == [f"{pilot.id}: 'Zephyrline ChestGuard' is not decided"]
    assert review.verdict(pilot) is None
    assert accepted_above(review, 0.5, ADA) == ([], left)


def test_a_rule_accepts_nothing_that_is_not_surer(review: Review) -> None:
    assert accepted_above(review, 1.0, ADA) == ([], [])
    usage = one(review, "usage")
    made, _ = accepted_above(review, usage.found.confidence, ADA)
    assert usage.id not in {d.proposal for d in made}


def test_a_rule_leaves_what_is_no_row_to_a_person(tmp_path: Path, known: Gazetteer) -> None:
    undated = [
        replace(p, cells={k: v for k, v in p.cells.items() if k != "as_at"})
        for p in proposals(tmp_path, known)
    ]
    review = Review(undated, Log(tmp_path / "d.csv"), known)
    _, left = accepted_above(review, 0.9, ADA)
    assert len([line for line in left if line.endswith("as_at: Field required")]) == 4


# ---- the file of decisions

LINE = "d-1,accept,,Ada,2026-03-10,,0.90,said:live,item 1,abc\n"


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("d-1,perhaps,,Ada,2026-03-10,,,,,\n", "x.csv:3: 'perhaps' is no verdict: write accept,"),
        ("d-1,accept,,,2026-03-10,,,,,\n", "x.csv:3: the cell by is empty"),
        ("d-1,accept,,Ada,10 March,,,,,\n", "x.csv:3: Invalid isoformat string"),
        ("d-1,change,{,Ada,2026-03-10,,,,,\n", "x.csv:3: Expecting property name"),
        ('d-1,change,"[1]",Ada,2026-03-10,,,,,\n', "x.csv:3: cells: is no JSON object of texts"),
        ("d-1,split,,Ada,2026-03-10,,,,,\n", "x.csv:3: a split says into how many parts"),
        ("d-1,accept\n", "x.csv:3: 2 cells under 10 columns"),
    ],
)
def test_a_line_that_is_no_decision_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "x.csv"
    path.write_text(",".join(COLUMNS) + "\n" + LINE + line, encoding="utf-8")
    with pytest.raises(DecisionError) as caught:
        Log(path)
    assert str(caught.value).startswith(says)
    assert str(caught.value).isprintable()


def test_another_table_is_no_file_of_decisions(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match="is no file of decisions"):
        Log(path)


CELL = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["d-1", "d-2", "u-1"]),
            st.sampled_from([v for v in VERDICTS if v != "split"]),
            st.dictionaries(st.sampled_from(["status", "product"]), CELL, max_size=2),
            CELL,
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_decisions_are_read_back_as_they_were_made(
    tmp_path: Path, made: list[tuple[str, str, dict[str, str], str]]
) -> None:
    path = tmp_path / "x.csv"
    path.unlink(missing_ok=True)
    log = Log(path)
    for proposal, verdict, cells, why in made:
        log.add(Decision(proposal, verdict, "Ada", "2026-03-10", cells, why))  # type: ignore[arg-type]
    again = Log(path)
    assert again.made == log.made
    assert again.standing() == log.standing()
    assert again.last() == log.last()
    assert all(d.verdict != "undo" for d in again.standing().values())


# ---- what is known


def test_a_card_says_what_is_known_and_what_contradicts(
    release: Release, known: Gazetteer, tmp_path: Path
) -> None:
    text = TEXT.replace("Uses Pixon Reader", "Uses Acme Hub")
    review = Review(proposals(tmp_path, known, text), Log(tmp_path / "d.csv"), known)
    graph = Known(release.store, Labels(release.labels), known)
    cove = "\n".join(
        card(review, one(review, "disclosures", trust="Cove Community NHS Trust"), graph)
    )
    assert "the graph says: denies (foi, " in cove
    flipped = one(review, "disclosures", trust="Cove Community NHS Trust")
    review.decide(flipped, "change", ADA, {"answer": "uses"})
    said = "\n".join(card(review, flipped, graph))
    assert "the graph says otherwise: denies (foi, " in said
    assert "decided: change by Ada on 2026-03-10" in said
    pilot = "\n".join(card(review, one(review, "deployments", status="trialling"), graph))
    assert "product 'Zephyrline ChestGuard' is in no catalogue; nearest: " in pilot
    assert "[[Zephyrline ChestGuard]]" in pilot
    usage = "\n".join(card(review, one(review, "usage"), graph))
    assert "about: Lumo Lumo Scan of Alder Vale NHS Foundation Trust, live" in usage


def test_nothing_is_known_of_what_no_question_answers(release: Release, known: Gazetteer) -> None:
    graph = Known(release.store, Labels(release.labels), known)
    assert graph.claims("agreements", {}, {"trust": "Alder Vale NHS Foundation Trust"}) == []
    assert graph.claims("deployments", {"status": "live"}, {}) == []
    assert "Alder Vale NHS Foundation Trust" in graph.codes["trust"]


def test_known_claims_are_of_the_same_thing(release: Release, known: Gazetteer) -> None:
    graph = Known(release.store, Labels(release.labels), known)
    alder = {"trust": "Alder Vale NHS Foundation Trust"}
    scan = graph.claims("deployments", {"status": "live"}, alder | {"product": "Scan"})
    assert scan
    assert all(claim.says == "live" and not claim.contradicts for claim in scan)
    notes = graph.claims("deployments", {"status": "ended"}, alder | {"description": "AI notes"})
    assert [claim.contradicts for claim in notes] == [True]
    assert graph.claims("usage", {}, alder | {"vendor": "Acme AI"})
    assert graph.claims("routes", {}, alder | {"product": "Hub"}) == []
    assert graph.claims("deployments", {"status": "live"}, alder | {"product": "Lumo Scan"}) == []
