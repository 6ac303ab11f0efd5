"""The review of notices and their parties: what is asked, in which order, and what decisions do to a load."""

import csv
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad
from reviews import SMALL_WORLD, table, terminal

from careatlas import data, review_notices
from careatlas.cli import main
from careatlas.graph.content import FORMAT, content_hash
from careatlas.graph.contracting import ContractingProcess
from careatlas.graph.release import Releases
from careatlas.graph.terms import atlas
from careatlas.loaders.claim_tables import NoFolderError
from careatlas.loaders.decision_sheets import SheetError
from careatlas.loaders.decisions import DecisionError, Reviewer, UnknownProposalError
from careatlas.loaders.feed import Collected, Kept, Wanted, collect
from careatlas.loaders.ocds import feed, review_sheet
from careatlas.loaders.ocds.decisions import (
    BY_DECISION,
    COLUMNS,
    Log,
    Ruling,
    UnknownBodyError,
    key,
)
from careatlas.loaders.ocds.doubt import NEAR, near, passage, sureness
from careatlas.loaders.ocds.relevance import judge
from careatlas.loaders.ocds.review import (
    AGREED,
    Found,
    Notice,
    Review,
    Unknown,
    UntakenError,
    found,
)
from careatlas.loaders.ocds.tables import known
from careatlas.loaders.reading import UnreadableDocumentError
from careatlas.loaders.rows import TableError
from careatlas.loaders.tables import NOTICE_DECISIONS, harvest

ADA = Reviewer("Ada", "2026-03-10")
TRUST = {"id": "GB-NHS-RAA", "name": "Alder Vale NHS Foundation Trust"}
Release = dict[str, Any]


def release(ocid: str, title: str, description: str = "", **more: Any) -> Release:  # noqa: ANN401 - any field of a release
    made = {
        "ocid": ocid,
        "id": f"{ocid}-1",
        "date": "2026-02-01T10:00:00Z",
        "tag": ["tender"],
        "buyer": TRUST,
        "tender": {"id": "t", "title": title, "description": description},
    }
    return made | more


def sold(name: str, *identifiers: str) -> Release:
    """An award to somebody."""
    pairs = [dict(zip(("scheme", "id"), one.split(":"), strict=True)) for one in identifiers]
    party = {"id": "s", "name": name, "roles": ["supplier"]}
    party |= {"identifier": pairs[0], "additionalIdentifiers": pairs[1:]} if pairs else {}
    value = {"amount": 90000, "currency": "GBP"}
    return {"parties": [party], "awards": [{"id": "1", "suppliers": [{"id": "s"}], "value": value}]}


NOWHERE = {"id": "n", "name": "Borough of Nowhere"}
ACME_LIKE = sold("Acme AIs")
RELEASES = [
    release("ocds-y-sure", "AI to read scans of stroke", **sold("Acme AI")),
    release("ocds-y-words", "Machine learning for X-rays", buyer=NOWHERE, **ACME_LIKE),
    release("ocds-y-words", "", id="2", date="2026-03-01", tag=["contract"], buyer=NOWHERE),
    release("ocds-y-road", "Machine learning for traffic lights", buyer=NOWHERE),
    release("ocds-y-aside", "Reporting of scans", "This does not include any AI."),
    release("ocds-y-park", "Car park"),
    release("ocds-y-broad", "Licences", **sold("Beta Imaging")),
    release("ocds-y-two", "AI triage of X-rays", buyer={"id": "a", "name": "Health of Dale"}),
    release(
        "ocds-y-two", "AI triage of X-rays", id="3", buyer={"id": "b", "name": "Health of Moor"}
    ),
    release("ocds-y-faulty", "AI triage of X-rays", date="some day"),
]
ASKED = [
    "notice ocds-y-aside",
    "notice ocds-y-road",
    "notice ocds-y-two [health of dale]",
    "notice ocds-y-two [health of moor]",
    "notice ocds-y-broad",
    "notice ocds-y-words",
    "notice ocds-y-sure",
]
PARTIES = [
    "party acme ais",
    "party borough of nowhere",
    "party health of dale",
    "party health of moor",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return written(tmp_path / "notices.json", RELEASES)


def written(path: Path, releases: Iterable[Release]) -> Path:
    path.write_text(json.dumps({"releases": list(releases)}), encoding="utf-8")
    return path


def asked(file: Path, decisions: Path) -> Review:
    releases, log = feed([file], Wanted(None, None, False, SMALL_WORLD)), Log(decisions)
    return Review(found(releases, log), log, releases.known.bodies)


@pytest.fixture
def review(file: Path) -> Review:
    return asked(file, file.with_name("d.csv"))


def loaded(file: Path, decisions: Path | None = None) -> tuple[Collected, list[str]]:
    told: list[str] = []
    wanted = Wanted(None, None, False, SMALL_WORLD, decisions, told.append)
    gave = collect(feed([file], wanted), {})
    assert gave.rows == gave.records + gave.left_out.total() + len(gave.rejects)
    return gave, told


def kept(file: Path, decisions: Path | None = None) -> dict[str, ContractingProcess]:
    wanted = Wanted(None, None, False, SMALL_WORLD, decisions)
    rows = [one for one in feed([file], wanted).outcomes() if isinstance(one, Kept)]
    records = [record for one in rows for record in one.records]
    return {one.process: one for one in records if isinstance(one, ContractingProcess)}


def decide(review: Review, name: str, decision: str, why: str = "", means: str = "") -> Ruling:
    made = review.decision(review.get(name), decision, ADA, why, means)
    review.record(made)
    return made


def notice(review: Review, name: str) -> Notice:
    one = review.get(f"notice {name}")
    assert isinstance(one, Notice)
    return one


# ---- what is asked


def test_doubtful_notices_come_first_then_the_parties_of_those_kept(review: Review) -> None:
    assert [one.id for one in review.items] == ASKED + PARTIES
    assert (review.given.clear, review.given.rejects) == (1, 1)
    assert review.progress == "0 of 11 decided"


def test_a_notice_says_what_the_rules_said_and_why(review: Review) -> None:
    sure = notice(review, "ocds-y-sure")
    assert sure.rule == (
        "kept, for supplier in the catalogue: Acme AI; words of AI: AI; words of care: stroke"
    )
    assert sure.value == "90,000 GBP"
    assert sure.latest == "2026-02-01"
    assert sure.text == "[[AI]] to read scans of stroke"
    road = notice(review, "ocds-y-road")
    assert not road.kept
    assert road.rule == (
        "left out, for words of AI, but nothing of health care; but near: words of AI: machine learning"
    )
    assert notice(review, "ocds-y-broad").rule == (
        "left out, for a supplier or product of the catalogue that is for much else, and no word of AI; "
        "but near: supplier in the catalogue that makes much else: Beta Imaging"
    )
    assert notice(review, "ocds-y-aside").near == ()
    assert "any [[AI.]]" in notice(review, "ocds-y-aside").text


def test_a_party_is_shown_with_its_nearest_names_and_none_is_chosen(review: Review) -> None:
    like = review.get("party acme ais")
    assert isinstance(like, Unknown)
    assert like.party.candidates == ("org/slug/acme",)
    assert review.called("org/slug/acme") == "Acme AI (org/slug/acme)"
    assert [one.key for one in like.notices] == ["ocds-y-words"]
    assert review.verdict(like) is None
    nobody = review.get("party borough of nowhere")
    assert isinstance(nobody, Unknown)
    assert nobody.party.candidates == ()


def test_parties_are_asked_about_while_a_notice_of_them_is_kept(review: Review) -> None:
    decide(review, "notice ocds-y-words", "leave out", "a road")
    ids = [one.id for one in review.items]
    assert not {"party acme ais", "party borough of nowhere"} & set(ids)
    decide(review, "notice ocds-y-road", "keep", "of care after all")
    assert "party borough of nowhere" in [one.id for one in review.items]


def test_two_of_one_name_with_other_identifiers_are_two(tmp_path: Path) -> None:
    names = [("Dale Labs", "GB-COH:2"), ("Dale Labs", "GB-COH:3"), ("DALE labs",)]
    rows = [release(f"ocds-y-{at}", "AI for X-rays", **sold(*one)) for at, one in enumerate(names)]
    file = written(tmp_path / "n.json", rows)
    review = asked(file, tmp_path / "d.csv")
    assert [one.key for one in review.items if one.kind == "party"] == [
        "DALE labs",
        "Dale Labs [GB-COH:00000002]",
        "Dale Labs [GB-COH:00000003]",
    ]
    decide(review, "party dale labs [gb-coh:00000003]", "is", means="Owner Corp")
    players = {
        name: {party.player for party in one.parties if party.role == "supplier"}
        for name, one in kept(file, tmp_path / "d.csv").items()
    }
    assert players["ocds-y-1"] == {"org/slug/owner"}
    assert all(name.startswith("unresolved/") for name in players["ocds-y-0"] | players["ocds-y-2"])


def test_two_of_one_name_in_one_notice_are_two(tmp_path: Path) -> None:
    pair = [sold("Dale Labs", f"GB-COH:{at}")["parties"][0] | {"id": f"{at}"} for at in (2, 3)]
    file = written(tmp_path / "n.json", [release("ocds-y-1", "AI for X-rays", parties=pair)])
    review = asked(file, tmp_path / "d.csv")
    names = [one.id for one in review.items if one.kind == "party"]
    assert names == ["party dale labs [gb-coh:00000002]", "party dale labs [gb-coh:00000003]"]
    decide(review, names[0], "is", means="org/slug/owner")
    (record,) = kept(file, tmp_path / "d.csv").values()
    assert [one.player[:10] for one in record.parties if one.role == "supplier"] == [
        "org/slug/o",
        "unresolved",
    ]


@pytest.mark.parametrize(
    ("reasons", "sure"),
    [
        (["left out: words of AI, but nothing of health care", "near: words of AI: AI"], 4),
        (["words of AI: AI; bought by a body of health care"], 2),
        (["words of AI: AI; words of care: x-rays"], 4),
        (["words of AI: machine learning; words of care: x-rays"], 6),
        (["supplier in the catalogue that makes much else: X, with words of AI: AI"], 3),
        (["supplier whose name is like one in the catalogue: X"], 1),
        (["supplier whose name is like one in the catalogue: X", "product in the catalogue: Y"], 7),
        (["the process stands in the table of notices"], 9),
        ([], 0),
    ],
)
def test_how_sure_the_rules_are(reasons: list[str], sure: int) -> None:
    assert sureness(reasons) == sure


def test_every_reason_of_the_rules_has_its_place_in_the_order() -> None:
    catalogue = known(SMALL_WORLD).catalogue
    for one in RELEASES:
        said = judge(one, catalogue)
        assert not said.kept or sureness(said.reasons) > 0
        signs = near(one, said, catalogue)
        assert (
            said.kept
            or signs.kept == any(part.startswith(NEAR) for part in signs.reasons)
            or (sureness(signs.reasons) in (1, 3))
        )


def test_a_supplier_that_is_only_in_the_text_comes_near() -> None:
    catalogue = known(data.folder()).catalogue
    one = release("ocds-y-text", "Licences", "To work beside what Skin Analytics gives.")
    signs = near(one, judge(one, catalogue), catalogue).reasons
    assert signs[-1] == "near: a supplier of the catalogue in the text: Skin Analytics"
    assert sureness(signs) == 0
    assert "[[Skin Analytics]]" in passage("What Skin Analytics gives", catalogue)


def test_a_passage_stands_around_what_was_found() -> None:
    catalogue = known(SMALL_WORLD).catalogue
    text = f"{'x ' * 400}AI for scans {'y ' * 400}"
    cut = passage(text, catalogue)
    assert "[[AI]] for scans" in cut
    assert (cut[0], cut[-1]) == ("…", "…")
    assert len(cut) < 400
    assert passage("Roads", catalogue) == "Roads"


# ---- what decisions do to a load


def test_a_decision_keeps_and_leaves_out_and_says_so(review: Review, file: Path) -> None:
    decide(review, "notice ocds-y-road", "keep", "of care after all")
    decide(review, "notice ocds-y-words", "leave out", "no care")
    decide(review, "notice ocds-y-two [health of moor]", "leave out")
    gave, told = loaded(file, review.log.path)
    assert gave.left_out == {
        BY_DECISION: 3,
        "no word of AI, and no supplier or product of the catalogue": 1,
        "a supplier or product of the catalogue that is for much else, and no word of AI": 1,
        "AI is named only to leave it out, or as a tool of bidders": 1,
    }
    assert told == []
    found_ = kept(file, review.log.path)
    assert found_["ocds-y-road"].because == ("decided by Ada on 2026-03-10: of care after all",)
    assert "ocds-y-words" not in found_
    assert {one.buyer for one in found_.values() if one.ocid == "ocds-y-two"} == {"Health of Dale"}


def test_a_decision_stands_before_what_the_rules_say(review: Review, file: Path) -> None:
    decide(review, "notice ocds-y-sure", "keep")
    because = kept(file, review.log.path)["ocds-y-sure"].because
    assert because == ("decided by Ada on 2026-03-10", *kept(file)["ocds-y-sure"].because)


def test_a_notice_with_no_sign_at_all_can_be_kept_by_hand(file: Path, tmp_path: Path) -> None:
    log = Log(tmp_path / "d.csv")
    log.add(Ruling("notice", "ocds-y-park", "keep", "Ada", "2026-03-10"))
    assert "ocds-y-park" in kept(file, log.path)
    again = asked(file, log.path)
    assert again.verdict(again.get("notice ocds-y-park")) == "keep"
    assert again.strays() == []


def test_a_party_that_was_decided_is_that_organisation(review: Review, file: Path) -> None:
    made = decide(review, "party acme ais", "is", "a slip", "Acme")
    assert (made.means, made.key) == ("org/slug/acme", "Acme AIs")
    decide(review, "party borough of nowhere", "none")
    record = kept(file, review.log.path)["ocds-y-words"]
    by_role = {party.role: party for party in record.parties}
    assert by_role["supplier"].player == "org/slug/acme"
    assert by_role["supplier"].found == "decided by Ada on 2026-03-10"
    assert by_role["buyer"].player.startswith("unresolved/organisation/borough-of-nowhere-")
    assert by_role["buyer"].reason.endswith(
        "and none of the nearest is it, decided by Ada on 2026-03-10"
    )
    gave, told = loaded(file, review.log.path)
    assert "decided by Ada on 2026-03-10" in {
        quad.object.value for quad in gave.quads if quad.predicate == atlas("reason")
    }
    assert told == []
    awarded = {quad.object for quad in gave.quads if quad.predicate == atlas("awardSupplier")}
    assert {one.value.rpartition("/")[2] for one in awarded} == {"acme"}


def plain(quads: Iterable[Quad]) -> set[Quad]:
    return {quad for quad in quads if quad.predicate != atlas("selectedBecause")}


@given(st.sets(st.sampled_from(ASKED)), st.sets(st.sampled_from(ASKED)))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=12)
def test_deciding_as_the_rules_say_changes_nothing_and_turning_turns(
    file: Path, agreed: set[str], turned: set[str]
) -> None:
    path = file.with_name("agreed.csv")
    path.unlink(missing_ok=True)
    review = asked(file, path)
    before, _ = loaded(file)
    for name in sorted(agreed):
        decide(review, name, review.agreeing(notice(review, name.removeprefix("notice "))), AGREED)
    after, told = loaded(file, path if agreed else None)
    assert plain(after.quads) == plain(before.quads)
    assert (after.rows, after.records, after.rejects) == (
        before.rows,
        before.records,
        before.rejects,
    )
    assert after.left_out.total() == before.left_out.total()
    assert told == []
    stood = {name for name in ASKED if review.kept(notice(review, name.removeprefix("notice ")))}
    for name in sorted(turned):
        decide(review, name, "leave out" if name in stood else "keep")
    names = {f"notice {one.ocid}" for one in kept(file, path if agreed | turned else None).values()}
    wanted = {name.partition(" [")[0] for name in stood ^ turned}
    assert names == wanted


def test_a_decision_on_what_is_not_there_is_told_in_a_line(file: Path, tmp_path: Path) -> None:
    log = Log(tmp_path / "d.csv")
    log.add(*(Ruling("notice", f"ocds-z-{at}", "keep", "Ada", "2026-03-10") for at in range(5)))
    log.add(Ruling("party", "Nobody", "none", "Ada", "2026-03-10"))
    log.add(Ruling("notice", "ocds-y-two", "leave out", "Ada", "2026-03-10"))
    gave, told = loaded(file, log.path)
    shared, rest = told
    assert shared == (
        "not applied, for several buyers share 'ocds-y-two': review it again, "
        "where it is asked as 'ocds-y-two [health of dale]'"
    )
    assert rest == (
        "6 decisions found nothing to decide in these files: "
        "notice 'ocds-z-0', notice 'ocds-z-1', notice 'ocds-z-2' and 3 more"
    )
    assert plain(gave.quads) == plain(loaded(file)[0].quads)


def test_an_organisation_that_no_table_knows_is_an_error(file: Path, tmp_path: Path) -> None:
    log = Log(tmp_path / "d.csv")
    log.add(Ruling("party", "Acme AIs", "is", "Ada", "2026-03-10", means="org/slug/none"))
    with pytest.raises(UnknownBodyError, match="which is no organisation of the tables: add it"):
        loaded(file, log.path)
    assert asked(file, log.path).progress == "1 of 11 decided"


# ---- the table of decisions


def test_a_review_is_gone_on_with_where_it_was_left(review: Review, file: Path) -> None:
    decide(review, ASKED[0], "leave out")
    decide(review, ASKED[1], "postpone", "ask the trust")
    decide(review, PARTIES[0], "is", means="org/slug/acme")
    again = asked(file, review.log.path)
    assert again.progress == "2 of 11 decided"
    assert [one.id for one in again.chosen(True)] == [*ASKED[1:], *PARTIES[1:]]
    assert again.otherwise() == []
    assert again.undo(ADA) is not None
    assert asked(file, review.log.path).progress == "1 of 11 decided"


def test_what_the_rules_say_anew_is_seen_beside_the_decision(
    review: Review, tmp_path: Path
) -> None:
    decide(review, "notice ocds-y-road", "leave out")
    later = replace_(RELEASES, "ocds-y-road", "Machine learning for X-rays")
    again = asked(written(tmp_path / "later.json", later), review.log.path)
    assert [one.proposal for one in again.otherwise()] == ["notice ocds-y-road"]
    assert again.verdict(again.get("notice ocds-y-road")) == "leave out"


def replace_(releases: list[Release], ocid: str, title: str) -> list[Release]:
    return [one | {"tender": {"title": title}} if one["ocid"] == ocid else one for one in releases]


def test_the_next_decision_begins_a_line_of_its_own(tmp_path: Path) -> None:
    log = Log(tmp_path / "d.csv")
    log.add(Ruling("notice", "a", "keep", "Ada", "2026-03-10"))
    log.path.write_bytes(log.path.read_bytes().rstrip(b"\n"))
    log.add(Ruling("notice", "b", "keep", "Ada", "2026-03-10"))
    assert [one.key for one in Log(log.path).made] == ["a", "b"]


@pytest.mark.parametrize(
    ("line", "says"),
    [
        (
            "notice,x,perhaps,,Ada,2026-03-10,,",
            "decision: 'perhaps' is none of a notice: write keep",
        ),
        ("notice,x,is,org/slug/acme,Ada,2026-03-10,,", "decision: 'is' is none of a notice"),
        ("firm,x,keep,,Ada,2026-03-10,,", "kind: 'firm' is none: write notice or party"),
        ("party,x,is,,Ada,2026-03-10,,", "means: is empty"),
        ("party,x,none,org/slug/acme,Ada,2026-03-10,,", "means: says something only beside"),
        ("notice,,keep,,Ada,2026-03-10,,", "the cell key is empty"),
        ("notice,x,keep,,,2026-03-10,,", "the cell by is empty"),
        ("notice,x,keep,,Ada,10 March,,", "on: '10 March' is no day"),
        (f"notice,x,keep,,Ada,2026-03-10,{'y' * 1001},", "why: is longer than 1,000 letters"),
        ("notice,x,keep", "3 cells under 8 columns"),
    ],
)
def test_a_line_that_is_no_decision_is_named(tmp_path: Path, line: str, says: str) -> None:
    path = tmp_path / "d.csv"
    path.write_text(f"{','.join(COLUMNS)}\n{line}\n", encoding="utf-8")
    with pytest.raises(DecisionError) as caught:
        Log(path)
    assert str(caught.value).startswith(f"d.csv:2: {says}")
    path.write_text("kind,key\nnotice,x\n", encoding="utf-8")
    with pytest.raises(TableError, match="is no file of decisions: its columns are kind, key"):
        Log(path)


def test_what_does_not_fit_is_not_written_down(review: Review) -> None:
    for name, decision, means, says in (
        (PARTIES[0], "is", "Nobody At All", "means: 'Nobody At All' is no organisation"),
        (PARTIES[0], "is", "", "means: is empty"),
        (PARTIES[0], "keep", "", "decision: 'keep' is none of a party"),
        (ASKED[0], "keep", "org/slug/acme", "means: says something only beside"),
    ):
        with pytest.raises(UntakenError, match=says):
            decide(review, name, decision, means=means)
    with pytest.raises(UntakenError, match="why: the character"):
        decide(review, ASKED[0], "keep", "a\x1b[2Jb")
    with pytest.raises(UnknownProposalError, match="notice x is no proposal of these files"):
        review.get("notice x")
    assert not review.log.path.exists()


def test_names_that_no_table_can_hold_are_decided_all_the_same(tmp_path: Path) -> None:
    rows = [release("ocds-y-1", "AI for X-rays", **sold("Dale \uffff=Labs\u2028"))]
    file = written(tmp_path / "n.json", rows)
    review = asked(file, tmp_path / "d.csv")
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"s.{ending}"
        review_sheet.write(path, review, review.items)
        assert review_sheet.decisions(path, review, ADA) == []
    (party,) = [one for one in review.items if one.kind == "party"]
    decide(review, party.id, "is", means="RAA")
    assert loaded(file, review.log.path)[1] == []
    (record,) = kept(file, review.log.path).values()
    assert {one.player for one in record.parties} == {"org/ods/RAA"}


def test_keys_stay_short_and_apart() -> None:
    long = [key("x" * 5000, "GB-COH:1"), key("x" * 5000, "GB-COH:2")]
    assert len(set(long)) == 2
    assert max(map(len, long)) < 1000


# ---- the sheet


def save(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_untouched_sheet_decides_nothing(review: Review, tmp_path: Path, ending: str) -> None:
    decide(review, ASKED[0], "leave out", "=of no use")
    decide(review, PARTIES[0], "is", means="org/slug/acme")
    path = tmp_path / f"out.{ending}"
    review_sheet.write(path, review, review.items)
    assert review_sheet.decisions(path, review, ADA) == []
    if ending == "csv":
        rows = table(path)
        assert [f"{row['kind']} {row['key'].lower()}" for row in rows] == ASKED + PARTIES
        assert rows[0]["why"] == "'=of no use"
        assert rows[len(ASKED)]["nearest"] == "Acme AI (org/slug/acme)"
    else:
        sheet = openpyxl.load_workbook(path).active
        assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == [
            '"keep,leave out,postpone,is,none"'
        ]


def test_a_filled_sheet_is_taken_in(review: Review, file: Path, tmp_path: Path) -> None:
    review_sheet.write(tmp_path / "out.csv", review, review.items)
    rows = table(tmp_path / "out.csv")
    filled = {
        "ocds-y-road": ("Keep ", "", "of care"),
        "ocds-y-words": ("leave  out", "", ""),
        "Health of Dale": ("is", "raa", ""),
        "Health of Moor": ("NONE", "", ""),
        "Acme AIs": ("postpone", "", ""),
    }
    for row in rows:
        row["decision"], row["means"], row["why"] = filled.get(row["key"], ("", "", ""))
    made = review_sheet.decisions(save(tmp_path / "in.csv", rows), review, ADA)
    assert {one.key: (one.decision, one.means, one.why) for one in made} == {
        "ocds-y-road": ("keep", "", "of care"),
        "ocds-y-words": ("leave out", "", ""),
        "Health of Dale": ("is", "org/ods/RAA", ""),
        "Health of Moor": ("none", "", ""),
        "Acme AIs": ("postpone", "", ""),
    }
    review.record(*made)
    assert review_sheet.decisions(tmp_path / "in.csv", asked(file, review.log.path), ADA) == []


def test_every_cell_that_does_not_fit_is_named_and_none_is_taken(
    review: Review, tmp_path: Path
) -> None:
    bad = [
        ("notice", "ocds-y-road", "maybe", "", "", "decision: 'maybe' is none of a notice: write"),
        ("notice", "ocds-y-road", "is", "RAA", "", "decision: 'is' is none of a notice"),
        ("notice", "ocds-z", "keep", "", "", "notice ocds-z is no proposal of these files"),
        ("firm", "Acme AIs", "is", "RAA", "", "firm acme ais is no proposal"),
        ("party", "Acme AIs", "is", "", "", "means: is empty"),
        ("party", "Acme AIs", "is", "Acme A I", "", "means: 'Acme A I' is no organisation"),
        ("party", "Acme AIs", "", "RAA", "", "decision: is empty, though means is filled"),
        ("party", "Acme AIs", "none", "RAA", "", "means: says something only beside"),
        ("notice", "ocds-y-aside", "keep", "", "w" * 2000, "why: is longer than 1,000 letters"),
        ("notice", "ocds-y-broad", "keep", "", "", ""),
        ("notice", "OCDS-Y-BROAD", "keep", "", "", "notice ocds-y-broad stands twice"),
    ]
    rows = [dict(zip(review_sheet.FILLED, one[:5], strict=True)) for one in bad]
    with pytest.raises(SheetError) as caught:
        review_sheet.decisions(save(tmp_path / "in.csv", rows), review, ADA)
    problems = caught.value.problems
    assert len(problems) == 10
    said = [(number, one[5]) for number, one in enumerate(bad, 2) if one[5]]
    for problem, (number, wanted) in zip(problems, said, strict=True):
        assert problem.startswith(f"line {number}: {wanted}")
        assert "\n" not in problem
    assert not review.log.path.exists()


@given(st.lists(st.text(max_size=40), min_size=5, max_size=5))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
def test_hostile_cells_are_a_decision_or_a_plain_line(file: Path, cells: list[str]) -> None:
    path = file.with_name("hostile.csv")
    path.unlink(missing_ok=True)
    review = asked_once(file, path)
    sheet = file.with_name("in.csv")
    text = [cell.encode("utf-8", "replace").decode() for cell in cells]
    rows = [
        {"kind": "notice", "key": "ocds-y-road", "decision": "keep", "means": "", "why": text[0]},
        dict(zip(review_sheet.FILLED, text, strict=True)),
    ]
    save(sheet, rows)
    said, made = "", []
    try:
        made = review_sheet.decisions(sheet, review, ADA)
    except (SheetError, UnreadableDocumentError) as wrong:
        said = f"{wrong}{''.join(getattr(wrong, 'problems', []))}"
    assert "\n" not in said
    review.record(*made)
    assert (Log(path).made if made else []) == made


_GIVEN: dict[Path, Found] = {}


def asked_once(file: Path, decisions: Path) -> Review:
    """A review of a file that is read once for all examples."""
    releases, log = feed([file], Wanted(None, None, False, SMALL_WORLD)), Log(decisions)
    if file not in _GIVEN:
        _GIVEN[file] = found(releases, log)
    return Review(_GIVEN[file], log, releases.known.bodies)


# ---- in use


def call(file: Path, *more: str) -> list[str]:
    given = ["--data", str(SMALL_WORLD), "--decisions", str(file.with_name("d.csv"))]
    return ["review", "--of", "ocds", str(file), *given, "--by", "Ada", "--on", "2026-03-10", *more]


def test_notices_are_reviewed_on_the_terminal_left_and_gone_on_with(file: Path) -> None:
    steps = [
        ("k", "3 it prepares the buying of clinical AI"),
        ("2", "1 of 11 decided; question 2 of 11: notice ocds-y-road"),
        ("?", "N WHY: the party is number N"),
        ("1", "'1' is no key here"),
        ("a", "2 of 11 decided; question 3 of 11: notice ocds-y-two"),
        ("l a part of it", "3 of 10 decided; question 4 of 10: notice"),
        ("u", "undone: leave out notice ocds-y-two"),
        ("p later", "2 of 11 decided; question 4 of 11"),
        ("q", "2 of 11 decided; kept in d.csv"),
    ]
    with terminal(*call(file), NO_COLOR="1") as (person, process):
        person.sees("to decide on: 7 notices, and 4 parties that nobody knows")
        person.sees("left out with no sign of clinical AI: 1 release")
        person.sees("0 of 11 decided; question 1 of 11: notice ocds-y-aside")
        for typed, answer in steps:
            person.types(typed)
            person.sees(answer)
        assert process.wait(20) == 0
    why = [(row["decision"], row["why"]) for row in table(file.with_name("d.csv"))]
    assert why[0] == ("keep", "it buys something of which clinical AI is a part")
    assert why[1:] == [
        ("leave out", AGREED),
        ("leave out", "a part of it"),
        ("undo", ""),
        ("postpone", "later"),
    ]
    steps = [
        ("g party acme", "1 Acme AI .org/slug/acme"),
        ("k", "'k' is no key here. a number: it is that one"),
        ("i Nobody", "Not taken: means: 'Nobody' is no organisation"),
        ("1 a slip", "3 of 11 decided; question 9 of 11: party borough of nowhere"),
        ("g 9", "no name of the tables is near"),
        ("i", "it is .a name, an ODS code or a key.: "),
        ("Brook Hosp\t", "4 of 11 decided; question 10 of 11: party health of dale"),
        ("g party acme", "is Acme AI .org/slug/acme., decided by Ada on 2026-03-10: a slip"),
        ("g notice ocds-y-words", "question 6 of 11"),
        ("l no care", "3 of 9 decided; question 7 of 9: notice ocds-y-sure"),
        ("u", "undone: leave out notice ocds-y-words"),
    ]
    with terminal(*call(file), NO_COLOR="1") as (person, process):
        person.sees("2 of 11 decided; question 4 of 11")
        for typed, answer in steps:
            person.sees("> ") if typed != "Brook Hosp\t" else None
            person.types(typed)
            person.sees(answer)
        for typed in ("a", "a", "n", "n", "a", "a"):
            person.sees("> ")
            person.types(typed)
        person.sees("All of these are decided.")
        person.sees("10 of 11 decided")
        assert process.wait(20) == 0
    decided = kept(file, file.with_name("d.csv"))
    assert {party.found for one in decided.values() for party in one.parties} >= {
        "decided by Ada on 2026-03-10"
    }


def test_every_screen_fits_a_small_terminal(tmp_path: Path) -> None:
    long = "AI for X-rays, " + "Reporting of scans and of much else " * 50
    rows = [release("ocds-y-long", long, buyer={"id": "x", "name": long}, **sold(long, "GB-COH:1"))]
    with terminal(*call(written(tmp_path / "n.json", rows))) as (person, process):
        person.sees("question 1 of 3")
        for typed in ("", "", "q"):
            assert person.sees("> ").count("\n") < 23
            person.types(typed)
        assert process.wait(20) == 0


def test_tables_of_an_installation_take_no_decisions(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def refused(_: Path | None) -> tuple[Path, bool]:
        raise NoFolderError(Path("installed"))

    monkeypatch.setattr(review_notices, "editable", refused)
    given = call(file)
    at = given.index("--decisions")
    assert main([*given[:at], *given[at + 2 :]]) == 2
    assert "with --data, or a file for the decisions with --decisions" in capsys.readouterr().err


def test_the_sheet_and_the_load_by_command(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(call(file, "--to-csv", str(tmp_path / "s.csv"))) == 0
    assert "11 rows written to" in capsys.readouterr().err
    rows = table(tmp_path / "s.csv")
    rows[1]["decision"] = "keep"
    assert main(call(file, "--from-csv", str(save(tmp_path / "in.csv", rows)))) == 0
    assert "1 new decision by Ada, kept in" in capsys.readouterr().err
    assert main(call(file, "--undecided", "--to-csv", str(tmp_path / "s.csv"))) == 0
    assert "10 rows written to" in capsys.readouterr().err
    home = Releases(tmp_path / "home")
    manifest = {"release": content_hash([])[:16], "as_of": "2025-01-01", "format": FORMAT}
    home.publish([], {}, manifest, "", [])
    load = ["load", "ocds", str(file), "--home", str(home.home), "--dry-run"]
    assert main([*load, "--data", str(SMALL_WORLD)]) == 0
    assert "rows 10 records 5 left out 4 rejects 1" in capsys.readouterr().out
    assert main([*load, "--data", str(SMALL_WORLD), "--decisions", str(tmp_path / "d.csv")]) == 0
    assert "rows 10 records 6 left out 3 rejects 1" in capsys.readouterr().out
    tables = tmp_path / "tables"
    tables.mkdir()
    for path in SMALL_WORLD.rglob("*.csv"):
        (tables / path.relative_to(SMALL_WORLD)).parent.mkdir(parents=True, exist_ok=True)
        (tables / path.relative_to(SMALL_WORLD)).write_bytes(path.read_bytes())
    (tables / NOTICE_DECISIONS).write_bytes((tmp_path / "d.csv").read_bytes())
    assert main([*load, "--data", str(tables)]) == 0
    assert "rows 10 records 6 left out 3 rejects 1" in capsys.readouterr().out
    assert harvest(tables).rejects == harvest(SMALL_WORLD).rejects


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (["review", "--of", "ocds", "{file}", "--record", "usage"], 2, "--record says nothing to"),
        (["review", "--of", "ocds", "{file}", "--publish"], 2, "--publish says nothing to notices"),
        (["review", "{file}", "{file}"], 2, "documents are reviewed one at a time, notices togeth"),
        (["review", "--of", "ocds", "{tmp}"], 1, "is a folder without snapshot.json"),
        (["review", "--of", "ocds", "{tmp}/none.json"], 1, "none.json"),
        (["load", "ods", "{file}", "--decisions", "x"], 2, "--decisions says nothing to ods"),
        (["load", "ocds", "{file}", "--decisions", "{tmp}/x"], 1, "/x: no such file"),
        (["load", "ocds", "{file}", "--decisions", "{tmp}"], 1, "is a directory"),
    ],
)
def test_what_cannot_be_done_is_one_plain_line(
    file: Path, arguments: list[str], status: int, says: str, capsys: pytest.CaptureFixture[str]
) -> None:
    places = {"file": str(file), "tmp": str(file.parent)}
    home = Releases(file.with_name("home"))
    manifest = {"release": content_hash([])[:16], "as_of": "2025-01-01", "format": FORMAT}
    home.publish([], {}, manifest, "", [])
    given = [one.format(**places) for one in arguments]
    assert main([*given, "--home", str(home.home), "--data", str(SMALL_WORLD)]) == status
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1
