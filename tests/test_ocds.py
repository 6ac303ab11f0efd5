"""Notices in the Open Contracting Data Standard: reading, merging, mapping, and what is wrong with files."""

import bz2
import gzip
import json
import zipfile
from collections import Counter
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Quad

from careatlas import data
from careatlas.graph.contracting import ContractingProcess, Notice, part_key
from careatlas.graph.terms import thing
from careatlas.loaders.feed import Collected, Kept, LeftOut, Outcome, Rejected, Wanted, collect
from careatlas.loaders.ocds import TWICE, feed
from careatlas.loaders.ocds.files import UnreadableFeedError
from careatlas.loaders.ocds.methods import method
from careatlas.loaders.ocds.parties import Bodies, identifier, resolve
from careatlas.loaders.ocds.releases import cut
from careatlas.loaders.ocds.tables import Known, known
from careatlas.loaders.ocds.values import FaultyReleaseError, clean
from careatlas.loaders.reading import UnreadableDocumentError
from careatlas.loaders.reading.packed import Limits

SHARED = Path(__file__).parent.parent.parent / "shared" / "samples" / "ocds"
Release = dict[str, Any]
BUYER = {
    "id": "GB-PPON-PMJZ-5573-HMPZ",
    "name": "Bradford Teaching Hospitals NHS Foundation Trust",
    "identifier": {"scheme": "GB-PPON", "id": "PMJZ-5573-HMPZ"},
    "contactPoint": {
        "name": "Jane Doe",
        "email": "jane.doe@example.org",
        "telephone": "01274 000000",
    },
    "roles": ["buyer"],
}
SELLER = {
    "id": "GB-COH-7919560",
    "name": "Skin Analytics Ltd.",
    "identifier": {"scheme": "GB-COH", "id": "7919560"},
    "roles": ["supplier"],
}


def award(ocid: str = "ocds-h6vhtk-0fffff", **more: Any) -> Release:  # noqa: ANN401 - any field of a release
    """A made-up award of AI for skin lesions."""
    return {
        "ocid": ocid,
        "id": "000001-2026",
        "date": "2026-02-01T10:00:00Z",
        "tag": ["award"],
        "buyer": {"id": BUYER["id"], "name": BUYER["name"]},
        "parties": [BUYER, SELLER],
        "tender": {
            "id": "T1",
            "title": "AI for skin lesions: ask jane.doe@example.org or 01274 542200",
            "status": "complete",
            "legalBasis": {"scheme": "UKPGA", "id": "2023/54"},
            "procurementMethod": "direct",
            "procurementMethodDetails": "Direct award",
            "lots": [{"id": "1", "value": {"amount": 100, "currency": "EUR"}}],
        },
        "awards": [
            {
                "id": "1",
                "status": "active",
                "suppliers": [{"id": SELLER["id"], "name": SELLER["name"]}],
                "value": {"amount": 200000.5, "amountGross": 240000.6, "currency": "GBP"},
                "relatedLots": ["1"],
                "contractPeriod": {"startDate": "2026-03-01", "endDate": "2028-02-28"},
                "documents": [
                    {
                        "id": "000001-2026",
                        "noticeType": "UK6",
                        "url": "https://www.find-tender.service.gov.uk/Notice/000001-2026",
                    }
                ],
            }
        ],
        **more,
    }


def contract(ocid: str = "ocds-h6vhtk-0fffff", **more: Any) -> Release:  # noqa: ANN401 - any field of a release
    """What came later: nothing but the contract, and no word of what it is for."""
    return {
        "ocid": ocid,
        "id": "000002-2026",
        "date": "2026-04-01T10:00:00Z",
        "tag": ["contract"],
        "buyer": {"id": BUYER["id"]},
        "contracts": [
            {
                "id": "1",
                "awardID": "1",
                "dateSigned": "2026-03-30",
                "documents": [{"id": "000002-2026", "noticeType": "UK7"}],
            }
        ],
        **more,
    }


OTHER = {
    "ocid": "ocds-h6vhtk-0eeeee",
    "id": "000003-2026",
    "date": "2026-02-01T10:00:00Z",
    "tag": ["tender"],
    "buyer": {"id": "x", "name": "Borough of Dale"},
    "tender": {"id": "T2", "title": "Car park"},
}


@pytest.fixture(scope="module")
def tables() -> Known:
    return known(data.folder())


def outcomes(*files: Path, everything: bool = False) -> list[Outcome]:
    return list(feed(list(files), Wanted(None, None, everything, data.folder())).outcomes())


def loaded(*files: Path, everything: bool = False) -> Collected:
    return collect(feed(list(files), Wanted(None, None, everything, data.folder())), {})


def write(path: Path, value: object) -> Path:
    path.write_text(json.dumps(value), encoding="utf-8")
    return path


def process(*files: Path, everything: bool = False) -> ContractingProcess:
    (found,) = [
        record
        for outcome in outcomes(*files, everything=everything)
        if isinstance(outcome, Kept)
        for record in outcome.records
        if isinstance(record, ContractingProcess)
    ]
    return found


def values(quads: set[Quad], path: str, term: str) -> set[str]:
    """What is stated of a thing by a term of ours."""
    return {
        quad.object.value
        for quad in quads
        if quad.subject == thing(path) and quad.predicate.value.endswith(f"#{term}")
    }


# --- forms -----------------------------------------------------------------------------------


def _lines(releases: list[Release]) -> str:
    return "".join(json.dumps(one) + "\n" for one in releases)


def _record(releases: list[Release]) -> Release:
    versions = {
        "tender": {
            "title": [{"releaseID": "1", "releaseDate": "2026", "releaseTag": [], "value": "x"}]
        }
    }
    return {"ocid": releases[0]["ocid"], "releases": releases, "versionedRelease": versions}


FORMS = {
    "package": lambda found: json.dumps({"version": "1.1", "releases": found}),
    "package over lines": lambda found: json.dumps({"version": "1.1", "releases": found}, indent=1),
    "package, a release a line": lambda found: (
        '{"releases": [\n' + ",\n".join(map(json.dumps, found)) + "]}\n"
    ),
    "record package": lambda found: json.dumps({"records": [_record(found)]}),
    "record": lambda found: json.dumps(_record(found)),
    "list": json.dumps,
    "list of packages": lambda found: json.dumps([{"releases": [one]} for one in found]),
    "answer to a search": lambda found: json.dumps(
        {"maxPage": 1, "results": [{"releases": found}]}
    ),
    "lines": _lines,
    "lines of packages": lambda found: _lines([{"releases": [one]} for one in found]),
    "values one after the other": lambda found: " ".join(
        json.dumps(one, indent=1) for one in found
    ),
    "marked as UTF-8": lambda found: "\ufeff" + json.dumps({"releases": found}),
    "lines marked as UTF-8": lambda found: "\ufeff" + _lines(found),
}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_same(form: str, tmp_path: Path) -> None:
    path = tmp_path / "feed.json"
    path.write_text(FORMS[form]([award(), contract()]), encoding="utf-8")
    found = loaded(path)
    assert (found.rows, found.records, found.left_out.total(), found.rejects) == (2, 2, 0, [])
    assert values(found.quads, "procedure/ocds-h6vhtk-0fffff", "noticeType") == {"UK6", "UK7"}


def test_packed_files_are_read(tmp_path: Path) -> None:
    text = _lines([award(), contract()]).encode()
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text))
    (tmp_path / "b.jsonl.bz2").write_bytes(bz2.compress(_lines([award("ocds-x-2")]).encode()))
    with zipfile.ZipFile(tmp_path / "c.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("one.json", json.dumps({"releases": [award("ocds-x-3")]}))
        package.writestr("two.json.gz", gzip.compress(json.dumps(award("ocds-x-4")).encode()))
    found = outcomes(*sorted(tmp_path.iterdir()))
    assert [type(one) for one in found] == [Kept] * 5
    assert [one.place for one in found][-2:] == ["c.zip/one.json releases[0]", "c.zip/two.json.gz"]


def test_a_compiled_release_stands_for_a_record_of_addresses(tmp_path: Path) -> None:
    record = {
        "ocid": "ocds-h6vhtk-0fffff",
        "releases": [
            {
                "id": "000001-2026",
                "date": "2026-02-01",
                "tag": ["award"],
                "url": "https://example.org",
            }
        ],
        "compiledRelease": award(tag=["compiled"]),
    }
    (found,) = outcomes(write(tmp_path / "r.json", {"records": [record]}))
    assert isinstance(found, Kept)
    assert found.place == "r.json records[0] compiledRelease"


def test_a_versioned_release_stands_as_it_is_last(tmp_path: Path) -> None:
    def history(*values: object) -> list[Release]:
        return [
            {
                "releaseID": str(n),
                "releaseDate": f"2026-0{n}-01T00:00:00Z",
                "releaseTag": ["tender"],
                "value": value,
            }
            for n, value in enumerate(values, 1)
        ]

    versioned = {
        "ocid": "ocds-x-9",
        "buyer": {"id": history("b"), "name": history("Dale Hospitals")},
        "tender": {"id": "t", "title": history("Old", "AI for X-rays")},
    }
    found = process(
        write(
            tmp_path / "v.json", {"records": [{"ocid": "ocds-x-9", "versionedRelease": versioned}]}
        )
    )
    assert found.title == "AI for X-rays"
    assert found.latest is not None
    assert found.latest.first.isoformat() == "2026-02-01"


# --- merging ---------------------------------------------------------------------------------


def test_a_later_release_completes_what_was_said_before(tmp_path: Path) -> None:
    files = write(tmp_path / "b.json", contract()), write(tmp_path / "a.json", award())
    found = process(*files)
    assert (found.method, found.regime) == ("direct-award", "Procurement Act 2023")
    (signed,) = found.contracts
    assert [one.player for one in signed.suppliers] == ["org/slug/skin-analytics"]
    assert signed.releases == ("000002-2026",)
    assert found.locator == "ocds-h6vhtk-0fffff, release 000002-2026, 000001-2026"


def test_a_null_takes_away_what_was_said(tmp_path: Path) -> None:
    later = contract(
        awards=[{"id": "1", "value": {"amount": None}}], tender={"procurementMethodDetails": None}
    )
    found = process(write(tmp_path / "a.json", {"releases": [award(), later]}))
    assert found.awards[0].value.amount is None
    assert found.method_stated == "direct"


def test_buyers_that_share_an_ocid_are_not_one(tmp_path: Path) -> None:
    other = award(id="000009-2026", buyer={"id": "u", "name": "Dale Water"}, parties=[SELLER])
    stray = contract(id="000010-2026", buyer=None)
    found = outcomes(write(tmp_path / "a.json", {"releases": [award(), other, contract(), stray]}))
    kinds = [type(one) for one in found]
    assert kinds == [Kept, Kept, Kept, LeftOut]
    keys = {
        record.process
        for one in found[:3]
        if isinstance(one, Kept)
        for record in one.records
        if isinstance(record, ContractingProcess | Notice)
    }
    assert len(keys) == 2
    assert all(key.startswith("ocds-h6vhtk-0fffff-") for key in keys)


def test_the_buyer_of_the_tables_keeps_the_plain_name(tmp_path: Path) -> None:
    ocid = "ocds-h6vhtk-060e15"
    other = award(ocid, id="9", buyer={"id": "u", "name": "Dale Water"}, parties=[SELLER])
    found = outcomes(write(tmp_path / "a.json", {"releases": [award(ocid), other]}))
    keys = [
        record.process
        for one in found
        if isinstance(one, Kept)
        for record in one.records
        if isinstance(record, ContractingProcess)
    ]
    assert keys == [ocid, f"{ocid}-u"]


def test_the_same_release_counts_once_and_another_of_its_id_is_rejected(tmp_path: Path) -> None:
    changed = award()
    changed["awards"][0]["value"]["amount"] = 1
    found = outcomes(write(tmp_path / "a.json", {"releases": [award(), award(), changed]}))
    assert isinstance(found[0], Kept)
    assert found[1] == LeftOut("a.json releases[1]", TWICE)
    assert isinstance(found[2], Rejected)


# --- mapping ---------------------------------------------------------------------------------


def test_what_a_process_states(tmp_path: Path) -> None:
    quads = loaded(write(tmp_path / "a.json", {"releases": [award(), contract()]})).quads
    path = "ocds-h6vhtk-0fffff"
    award_path = f"award/{path}/1"
    assert values(quads, award_path, "valueAmount") == {"200000.5"}
    assert values(quads, award_path, "valueAmountGross") == {"240000.6"}
    assert values(quads, award_path, "valueCurrency") == {"GBP"}
    assert values(quads, f"lot/{path}/1", "valueCurrency") == {"EUR"}
    assert values(quads, award_path, "relatedLot") == {thing(f"lot/{path}/1").value}
    assert values(quads, f"contract/{path}/1", "ofAward") == {thing(award_path).value}
    assert values(quads, f"contract/{path}/1", "signedOn") == {"2026-03-30"}
    assert values(quads, f"notice/{path}/000001-2026", "noticeUrl") == {
        "https://www.find-tender.service.gov.uk/Notice/000001-2026"
    }
    assert values(quads, f"party/{path}-supplier-org-slug-skin-analytics", "otherIdentifier") == {
        "GB-COH:07919560"
    }
    assert not any("Deployment" in str(quad.object) for quad in quads)


def test_nothing_of_people_comes_in(tmp_path: Path) -> None:
    told = "\n".join(map(str, loaded(write(tmp_path / "a.json", award())).quads))
    assert "skin lesions" in told
    for private in ("Jane", "jane", "@example", "01274", "542200"):
        assert private not in told


def test_each_fact_leads_to_its_release(tmp_path: Path) -> None:
    quads = loaded(write(tmp_path / "a.json", {"releases": [award(), contract()]})).quads
    claim = "claim/ocds-notices/procedure-contracts/ocds-h6vhtk-0fffff/1"
    assert values(quads, claim, "locator") == {
        "ocds-h6vhtk-0fffff, contract 1; release 000002-2026"
    }


METHODS = {
    ("direct", "Direct award"): "direct-award",
    ("direct", "Below threshold - without competition"): "below-threshold",
    ("selective", "Call-off from a framework agreement"): "call-off",
    ("selective", "Award under framework"): "call-off",
    ("selective", "Further competition under a framework"): "mini-competition",
    ("limited", "Negotiated procedure without prior publication (above threshold)"): "direct-award",
    ("limited", "Negotiated procedure"): "limited",
    ("selective", "Competitive flexible procedure"): "selective",
    ("open", "Open procedure"): "open",
    ("direct", None): "direct-award",
    (None, "Not specified"): "not-stated",
    (None, "Something else"): "other",
    (None, None): "not-stated",
}


@pytest.mark.parametrize(("stated", "wanted"), METHODS.items())
def test_methods(stated: tuple[str | None, str | None], wanted: str) -> None:
    code, details = stated
    assert (
        method({"tender": {"procurementMethod": code, "procurementMethodDetails": details}}, set())
        == wanted
    )


def test_methods_by_technique_and_notice() -> None:
    tender: Release = {"procurementMethod": "open", "techniques": {"hasFrameworkAgreement": True}}
    assert method({"tender": tender}, set()) == "framework"
    tender = {"lots": [{"techniques": {"dynamicPurchasingSystem": {"type": "open"}}}]}
    assert method({"tender": tender}, set()) == "dps"
    assert method({"tender": {}}, {"UK2"}) == "market-engagement"


# --- parties ---------------------------------------------------------------------------------


def test_who_a_party_is(tables: Known) -> None:
    def of(name: str, *ids: tuple[str, str]) -> tuple[str, str]:
        found = resolve(tables.bodies, name, [{"scheme": s, "id": i} for s, i in ids], "buyer")
        return found.player, found.found or found.reason

    assert of("Any name", ("GB-NHS", "rae")) == ("org/ods/RAE", "by its identifier in GB-NHS")
    assert of("Any name", ("GB-COH", "7919560")) == (
        "org/slug/skin-analytics",
        "by its identifier in GB-COH",
    )
    assert of("SKIN ANALYTICS LIMITED") == ("org/slug/skin-analytics", "by the same name")
    name = "University Hospitals of Leicester NHS Trust"
    assert of("UHL", ("GB-NHS", name)) == ("org/ods/RWE", "by the same name")
    both = ("GB-NHS", "RAE"), ("GB-PPON", "PWXN-8614-MPHH")
    player, reason = of("Bradford", *both)
    assert player.startswith("unresolved/organisation/bradford-")
    assert reason == "its identifiers belong to different organisations"


def test_a_name_that_is_only_like_another_is_left_to_people(tables: Known) -> None:
    found = resolve(tables.bodies, "Bradford Teaching Hospital NHS Foundation Trust", [], "buyer")
    assert found.player.startswith("unresolved/organisation/")
    assert "org/ods/RAE" in found.candidates


def test_a_name_of_several_is_nobodys() -> None:
    bodies = Bodies()
    bodies.add("org/ods/RAA", "Dale")
    bodies.add("org/ods/RBB", "DALE")
    found = resolve(bodies, "Dale", [], "supplier")
    assert found.player.startswith("unresolved/vendor/dale-")
    assert found.candidates == ("org/ods/RAA", "org/ods/RBB")


def test_numbers_of_companies_have_eight_characters() -> None:
    assert identifier("gb-coh", "791 9560") == ("GB-COH", "07919560")
    assert identifier("GB-COH", "RC000664") == ("GB-COH", "RC000664")


# --- hostile ---------------------------------------------------------------------------------

LINES = {
    "cut": ('{"ocid": "ocds-x-1", "tender": {"ti', "it is not JSON"),
    "no object": ("3", "it is no JSON object"),
    "deep": ('{"ocid": ' + "[" * 100_000, "it is nested too deep"),
    "huge number": ('{"ocid": "ocds-x-1", "n": ' + "9" * 5_000 + "}", "a number in it is too long"),
    "no number": ('{"ocid": "ocds-x-1", "n": NaN}', "NaN is no number"),
    "no ocid": ('{"id": "1", "tender": {"title": "AI for stroke"}}', "ocid is not stated"),
    "ocid of another kind": ('{"ocid": 7, "tender": {}}', "ocid is not stated"),
    "a key twice": (
        (
            '{"ocid": "ocds-x-1", "id": "1", "date": "2026-01-01", "buyer": {"name": "Dale NHS Trust", "name": "Vale"},'
            ' "tender": {"title": "AI for stroke"}}'
        ),
        "'name' stands twice in one object",
    ),
    "no date": (
        '{"ocid": "ocds-x-1", "buyer": {"name": "Dale"}, "tender": {"title": "AI for stroke"}}',
        "date is not stated",
    ),
    "a value of another kind": (
        json.dumps(award(awards=[{"id": "1", "value": {"amount": "lots"}}])),
        "is no number: 'lots'",
    ),
    "too much": (
        json.dumps(award(awards=[{"id": "1", "value": {"amount": 10**16}}])),
        "is no number that money could be",
    ),
    "no buyer": (
        '{"ocid": "ocds-x-1", "date": "2026-01-01", "tender": {"title": "AI for stroke"}}',
        "buyer is not named",
    ),
    "another age": (json.dumps(award(date="1066-10-14T00:00:00Z")), "is no day of a notice"),
    "nothing of OCDS": ('{"hello": "world"}', "ocid is not stated"),
}


@pytest.mark.parametrize("case", LINES)
def test_a_bad_line_is_rejected_and_the_rest_is_read(case: str, tmp_path: Path) -> None:
    line, reason = LINES[case]
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(OTHER)}\n{line}\n{json.dumps(award())}\n", encoding="utf-8")
    first, bad, last = outcomes(path)
    assert isinstance(first, LeftOut)
    assert isinstance(last, Kept)
    assert isinstance(bad, Rejected)
    assert reason in bad.reason
    assert bad.place.startswith("a.jsonl:2")
    assert "\n" not in str(bad)


def test_bytes_that_are_no_text_are_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(
        json.dumps(OTHER).encode() + b"\n{\xff\x00}\n" + json.dumps(OTHER | {"id": "x"}).encode()
    )
    assert [type(one) for one in outcomes(path)] == [LeftOut, Rejected, LeftOut]


WHOLE = {
    "cut package": (json.dumps({"releases": [award(), OTHER]})[:-40], [Kept, Rejected]),
    "deep package": ('{"releases": [' + "[" * 5_000, [Rejected]),
    "not JSON": ("<html>no</html>", [Rejected]),
    "another kind": ('{"title": "a schema"}', [Rejected]),
    "blank": (" \n \n", [Rejected]),
    "empty package": ('{"releases": []}', []),
    "nulls": ('{"releases": [null, 3, "x"]}', [Rejected, Rejected, Rejected]),
    "a list of none": ('{"releases": {"a": 1}}', [Rejected]),
    "twice in a package": (
        '{"releases": [{"ocid": "ocds-x-1", "date": "2026-01-01", "buyer": {"name": "Dale NHS", "name": "b"}, "tender": {"title": "AI for stroke"}}]}',
        [Rejected],
    ),
}


@pytest.mark.parametrize("case", WHOLE)
def test_a_bad_file_is_accounted_for(case: str, tmp_path: Path) -> None:
    text, wanted = WHOLE[case]
    path = tmp_path / "a.json"
    path.write_text(text, encoding="utf-8")
    assert [type(one) for one in outcomes(path)] == wanted


def test_damaged_and_packed_files_are_accounted_for(tmp_path: Path) -> None:
    packed = gzip.compress(_lines([OTHER] * 2000).encode())
    (tmp_path / "cut.gz").write_bytes(packed[: len(packed) // 2])
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and no more")
    found = outcomes(tmp_path / "cut.gz", tmp_path / "bad.zip")
    rejects = [one for one in found if isinstance(one, Rejected)]
    assert [one.place for one in rejects if "damaged" in one.reason] == ["cut.gz", "bad.zip"]


def test_a_bomb_is_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careatlas.loaders.ocds.files.LIMITS", Limits(10, 500, free=2**16))
    text = b'{"releases": [' + b" " * 2**24
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(text))
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("bomb.json", text)
    for name in ("bomb.json.gz", "bomb.zip"):
        (found,) = outcomes(tmp_path / name)
        assert isinstance(found, Rejected)
        assert "unpacks to more than" in found.reason


def test_a_line_without_end_is_one_reject(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("careatlas.loaders.ocds.reading.MOST_LINE", 4_000)
    path = tmp_path / "a.jsonl"
    path.write_text(
        f"{json.dumps(OTHER)}\n{'[' * 20_000}\n{json.dumps(award())}\n", encoding="utf-8"
    )
    assert [type(one) for one in outcomes(path)] == [LeftOut, Rejected, Kept]


@pytest.mark.parametrize(
    ("case", "error"),
    [
        ("missing", UnreadableDocumentError),
        ("folder", UnreadableFeedError),
        ("empty", UnreadableFeedError),
    ],
)
def test_a_file_that_cannot_be_read_is_named(
    case: str, error: type[ValueError], tmp_path: Path
) -> None:
    path = tmp_path / "x.json"
    if case == "folder":
        path.mkdir()
    elif case == "empty":
        path.touch()
    with pytest.raises(error, match=r"x\.json: ") as caught:
        outcomes(path)
    assert "\n" not in str(caught.value)


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "id",
                    "ocid",
                    "date",
                    "tender",
                    "title",
                    "buyer",
                    "name",
                    "awards",
                    "value",
                    "releases",
                    "records",
                    "x",
                ]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@settings(max_examples=60, deadline=None)
@given(found=st.lists(_JSON, max_size=4))
def test_no_json_stops_the_reading(
    found: list[Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("any") / "a.jsonl"
    path.write_text(
        "".join(json.dumps(one) + "\n" for one in [OTHER, *found, award()]), encoding="utf-8"
    )
    got = outcomes(path)
    assert any(isinstance(one, Kept) for one in got)
    assert all("\n" not in one.reason for one in got if not isinstance(one, Kept))


@settings(max_examples=100, deadline=None)
@given(value=_JSON)
def test_a_release_is_cut_or_refused(value: Any) -> None:  # noqa: ANN401 - any JSON
    if not isinstance(value, dict):
        return
    with suppress(FaultyReleaseError):
        made = cut(value)
        assert made.keys() <= value.keys()
        assert cut(made) == made


@given(value=st.text(min_size=1, max_size=80))
def test_keys_of_parts_can_stand_in_an_iri(value: str) -> None:
    assert thing(f"lot/x/{part_key(value)}")
    assert (
        "@" not in clean(value)
        or clean(value).startswith("@")
        or " @" in clean(value)
        or clean(value).endswith("@")
    )


def test_characters_that_are_none_are_left_away(tmp_path: Path) -> None:
    odd = award(
        buyer={"id": "\ud800\0", "name": "Dale\ud800\0 NHS Trust"},
        parties=[{"id": "-", "name": "***", "roles": ["supplier"]}],
    )
    path = tmp_path / "a.jsonl"
    path.write_text(_lines([OTHER, odd]), encoding="utf-8")
    found = process(path)
    assert found.buyer == "Dale NHS Trust"
    assert [one.printed for one in found.parties if one.role == "supplier"] == [
        "Skin Analytics Ltd."
    ]


def test_a_period_without_days_stands_in_words(tmp_path: Path) -> None:
    one = award()
    one["awards"][0]["contractPeriod"] = {"durationInDays": 1460, "startDate": ""}
    assert process(write(tmp_path / "a.json", one)).awards[0].span.stated == "1460 days"
    one["awards"][0]["contractPeriod"] = {"startDate": "2027-01-01", "endDate": "2026-01-01"}
    turned = process(write(tmp_path / "b.json", one)).awards[0].span
    assert (turned.start, turned.end, turned.stated) == (None, None, "2027-01-01 to 2026-01-01")


def test_money_is_kept_to_the_penny(tmp_path: Path) -> None:
    one = award()
    one["awards"][0]["value"] = {"amount": 0.1, "currency": "GBP"}
    assert process(write(tmp_path / "a.json", one)).awards[0].value.amount == Decimal("0.1")


# --- the samples -----------------------------------------------------------------------------


@pytest.fixture(scope="module")
def samples() -> list[Path]:
    if not SHARED.is_dir():
        pytest.skip("the samples are not at hand")
    return sorted(SHARED.rglob("*.json"))


def test_every_release_of_the_samples_is_accounted_for(samples: list[Path]) -> None:
    found = outcomes(*samples)
    assert Counter(type(one).__name__ for one in found) == {"LeftOut": 67, "Kept": 1, "Rejected": 5}
    reasons = {one.reason for one in found if isinstance(one, Rejected)}
    assert reasons == {"it holds no release, record or package of OCDS"}


def test_all_of_the_samples_can_be_kept(samples: list[Path]) -> None:
    found = loaded(*samples, everything=True)
    assert found.rows == 73 == found.records + found.left_out.total() + len(found.rejects)
    assert found.left_out == {TWICE: 7}
    again = loaded(*samples, everything=True)
    assert list(found.quads.sorted()) == list(again.quads.sorted())
