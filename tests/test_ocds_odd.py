"""Notices as services write them at times: sound facts in odd forms, and forms that nobody meant."""

import json
from copy import deepcopy
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careatlas.build import build, change
from careatlas.graph.contracting import ContractingProcess, Notice
from careatlas.graph.release import Releases
from careatlas.loaders.feed import Collected, Kept, Outcome, Rejected, Wanted, collect
from careatlas.loaders.ocds import feed
from careatlas.loaders.ocds.methods import method

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
Release = dict[str, Any]
DAYS = {"startDate": "2026-05-01T00:00:00+01:00", "endDate": "2028-04-30T23:59:59+01:00"}
WHOLE: Release = {
    "ocid": "ocds-h6vhtk-0fffff",
    "id": "000001-2026",
    "date": "2026-02-01T10:00:00Z",
    "tag": ["award", "contract"],
    "buyer": {"id": "b", "name": "Dale NHS Trust"},
    "parties": [
        {
            "id": "b",
            "name": "Dale NHS Trust",
            "identifier": {"scheme": "GB-NHS", "id": "RAA"},
            "roles": ["buyer"],
        },
        {
            "id": "s",
            "name": "Acme Limited",
            "identifier": {"scheme": "GB-COH", "id": "1234567"},
            "additionalIdentifiers": [{"scheme": "GB-PPON", "id": "PABC"}],
            "roles": ["supplier"],
        },
    ],
    "tender": {
        "id": "T/1",
        "title": "AI to read X-rays",
        "status": "complete",
        "legalBasis": {"scheme": "UKPGA", "id": "2023/54"},
        "procurementMethod": "open",
        "procurementMethodDetails": "Open procedure",
        "value": {"amount": 100, "amountGross": 120, "currency": "GBP"},
        "classification": {"scheme": "CPV", "id": "33110000", "description": "Imaging"},
        "items": [{"id": "1", "additionalClassifications": [{"scheme": "CPV", "id": "85100000"}]}],
        "lots": [
            {"id": "1", "title": "North", "status": "active", "contractPeriod": DAYS},
            {"id": "2", "value": {"amount": 1}, "techniques": {"hasFrameworkAgreement": True}},
        ],
        "documents": [{"id": "d", "documentType": "tenderNotice", "url": "https://example.org/d"}],
    },
    "awards": [
        {
            "id": "1",
            "title": "North",
            "status": "active",
            "date": "2026-02-01",
            "value": {"amount": 90.5, "currency": "GBP"},
            "suppliers": [{"id": "s", "name": "Acme Limited"}],
            "relatedLots": ["1"],
            "contractPeriod": DAYS,
        }
    ],
    "contracts": [
        {
            "id": "1",
            "awardID": "1",
            "status": "active",
            "dateSigned": "2026-03-01",
            "value": {"amount": 90.5, "currency": "GBP"},
            "period": DAYS | {"maxExtentDate": "2030-04-30"},
        }
    ],
    "relatedProcesses": [{"id": "1", "relationship": ["framework"], "identifier": "ocds-x-1"}],
}


def tender(**more: Any) -> Release:  # noqa: ANN401 - any field of a release
    """What is known before anything is awarded."""
    made = deepcopy(WHOLE)
    del made["awards"], made["contracts"]
    made["tender"] |= more
    return made


def write(path: Path, *releases: Release) -> Path:
    path.write_text("".join(json.dumps(one) + "\n" for one in releases), encoding="utf-8")
    return path


def outcome(path: Path, release: Release) -> Outcome:
    wanted = Wanted("odd", None, True, SMALL_WORLD)
    (found,) = feed([write(path / "a.jsonl", release)], wanted).outcomes()
    return found


def process(path: Path, release: Release) -> ContractingProcess:
    found = outcome(path, release)
    assert isinstance(found, Kept), found
    record = found.records[0]
    assert isinstance(record, ContractingProcess)
    return record


def test_lists_written_as_numbered_objects_are_lists(tmp_path: Path) -> None:
    odd = deepcopy(WHOLE)
    odd["parties"] = {str(number): one for number, one in enumerate(odd["parties"])}
    odd["tender"]["lots"] = {"1": odd["tender"]["lots"][0], "7": odd["tender"]["lots"][1]}
    odd["awards"][0]["relatedLots"] = {"0": "1"}
    assert process(tmp_path, odd) == process(tmp_path, WHOLE)


def test_empty_lists_in_the_place_of_objects_say_nothing(tmp_path: Path) -> None:
    odd = deepcopy(WHOLE) | {"buyerID": [], "planning": []}
    odd["tender"] |= {
        "procuringEntity": [],
        "contractPeriod": [],
        "description": [],
        "techniques": [],
    }
    odd["awards"][0] |= {"documents": {}, "title": "  "}
    odd["awards"][0]["value"] |= {"amountGross": " "}
    found = process(tmp_path, odd)
    assert found.awards[0].title is None
    assert found.awards[0].value == process(tmp_path, WHOLE).awards[0].value


def test_true_and_false_in_words(tmp_path: Path) -> None:
    found = process(tmp_path, tender(techniques={"hasDynamicPurchasingSystem": "true"}))
    assert ("hasDynamicPurchasingSystem", True) in found.techniques
    refused = outcome(tmp_path, tender(techniques={"hasDynamicPurchasingSystem": "perhaps"}))
    assert isinstance(refused, Rejected)
    assert refused.reason.startswith("tender.techniques.hasDynamicPurchasingSystem is neither true")


def test_a_tender_runs_as_its_lots_do(tmp_path: Path) -> None:
    lots = [
        {"id": "1", "contractPeriod": DAYS},
        {"id": "2", "contractPeriod": {"startDate": "2026-04-01", "endDate": "2027-03-31"}},
    ]
    found = process(tmp_path, tender(lots=lots)).span
    assert found.start
    assert found.end
    assert (str(found.start.first), str(found.end.last)) == ("2026-04-01", "2028-04-30")
    assert found.stated == "2026-05-01 to 2028-04-30; 2026-04-01 to 2027-03-31"
    own = {"startDate": "2026-06-01", "endDate": "2026-06-30"}
    assert process(tmp_path, tender(lots=lots, contractPeriod=own)).span.stated == (
        "2026-06-01 to 2026-06-30"
    )
    for_days = [{"id": "1", "contractPeriod": {"durationInDays": 1095}}]
    assert process(tmp_path, tender(lots=for_days)).span.stated == "1095 days"


def test_a_release_that_is_a_notice_has_its_number(tmp_path: Path) -> None:
    for given_id, wanted in (("083468-2026", ("083468-2026",)), ("rls-1-JAN468109", ())):
        found = outcome(tmp_path, WHOLE | {"id": given_id})
        assert isinstance(found, Kept)
        (notice,) = (one for one in found.records if isinstance(one, Notice))
        assert notice.ids == wanted


@pytest.mark.parametrize("blank", [" ", "\0", "\u2028", [], 0])
def test_a_release_with_a_blank_id_has_that_of_its_day(blank: object, tmp_path: Path) -> None:
    assert process(tmp_path, WHOLE | {"id": blank}).locator == (
        "ocds-h6vhtk-0fffff, release ocds-h6vhtk-0fffff-2026-02-01T10:00:00Z"
    )


def test_notices_of_a_dynamic_market() -> None:
    assert method({"tender": {}}, {"UK15"}) == "dps"
    assert (
        method({"tender": {"procurementMethodDetails": "Direct award"}}, {"UK14"}) == "direct-award"
    )
    assert method({"tender": {"procurementMethodDetails": "Not applicable"}}, set()) == "not-stated"


@pytest.mark.parametrize("written", ["2026-W05-7", "20260201"])
def test_days_in_other_forms_of_the_norm(written: str, tmp_path: Path) -> None:
    odd = deepcopy(WHOLE)
    odd["date"] = odd["awards"][0]["date"] = written
    found = process(tmp_path, odd)
    assert found.latest
    assert str(found.latest.first) == "2026-02-01"
    assert found.awards[0].dated == found.latest


def test_text_of_another_encoding_is_told_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes('{"releases": [{"ocid": "Contratación"}]}'.encode("latin-1"))
    (found,) = feed([path], Wanted(None, None, True, SMALL_WORLD)).outcomes()
    assert isinstance(found, Rejected)
    assert found.reason.endswith("it is not UTF-8 text")
    assert "b'" not in found.reason


def test_who_is_without_a_buyer_is_told_what_to_do(tmp_path: Path) -> None:
    odd = {name: value for name, value in WHOLE.items() if name not in ("buyer", "parties")}
    found = outcome(tmp_path, odd)
    assert isinstance(found, Rejected)
    assert found.reason == (
        "buyer is not named in any release of the process: load that which names it, too"
    )


def test_who_procures_is_the_buyer_of_a_contract_where_nobody_else_is(tmp_path: Path) -> None:
    odd = deepcopy(WHOLE) | {"parties": [], "awards": None}
    odd["tender"]["procuringEntity"] = odd.pop("buyer")
    (entity,) = process(tmp_path, odd).buyers
    assert (entity.role, entity.printed) == ("procuring-entity", "Dale NHS Trust")
    assert [one.role for one in process(tmp_path, WHOLE).buyers] == ["buyer"]
    nobody = outcome(tmp_path, odd | {"tender": {"procuringEntity": {"name": "***"}}})
    assert isinstance(nobody, Rejected)


ODD: tuple[Any, ...] = (
    *(
        None,
        "",
        " ",
        [],
        {},
        [[]],
        [{}],
        {"a": 1},
        {"0": "x"},
        [None],
        True,
        False,
        "\0",
        "é\u2028漢",
    ),
    *(0, -1, 0.1, 10**30, -(10**400), "NaN", "1e5", "-5", "£100", "x" * 3000, "a b/c#d?%", "../.."),
    *("0001-01-01", "9999-12-31", "2024-02-30", "2024-W01-1", "2030-01-01", "1950-01-01"),
    *("GBP", "EURO", "gb-nhs", "UK6", "direct", "RAA", "https://example.org/ a", '"\\\n', "\u200b"),
)


def _paths(value: object, before: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner: list[tuple[Any, ...]] = [before] * bool(before)
    if isinstance(value, dict):
        inner += [path for key in value for path in _paths(value[key], (*before, key))]
    elif isinstance(value, list):
        inner += [path for at, one in enumerate(value) for path in _paths(one, (*before, at))]
    return inner


def mutated(number: int, random: Random) -> Release:
    """A release in which a few values are gone, others, twice, deeper, or in another's place."""
    made = deepcopy(WHOLE) | {"ocid": f"ocds-odd-{number % 25}", "id": str(number)}
    for _ in range(random.choice((1, 1, 2, 4))):
        path = random.choice(_paths(made))
        holder = made
        for key in path[:-1]:
            holder = holder[key]
        key, value = path[-1], holder[path[-1]]
        act = random.choice(("drop", "other", "other", "twice", "deeper", "number", "reverse"))
        if act == "drop":
            del holder[key]
        elif act == "other":
            holder[key] = deepcopy(random.choice(ODD))
        elif act == "twice":
            holder[key] = [*value, *deepcopy(value)] if isinstance(value, list) else [value] * 2
        elif act == "deeper":
            holder[key] = random.choice(({"a": value}, [value], [[value]]))
        elif act == "number" and isinstance(value, list):
            holder[key] = {str(at): one for at, one in enumerate(value)}
        elif isinstance(value, str):
            holder[key] = value[::-1]
    return made


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    kept = Releases(tmp_path_factory.mktemp("home"))
    build(SMALL_WORLD, kept)
    return kept


def load(path: Path, home: Releases) -> Collected:
    opened = feed([path], Wanted("odd", None, True, SMALL_WORLD))
    found = collect(opened, {})
    counts = {"rows": found.rows, "records": found.records, "rejects": len(found.rejects)}
    counts["left_out"] = found.left_out.total()
    told = {"kind": "ocds", "source": opened.source.told, "left_out_by": {}, "rejected": []}
    account = counts | told
    change(home, "odd", home.sources.keep("odd", found.quads, account))
    return found


@settings(max_examples=2)
@given(random=st.randoms(use_true_random=True))
def test_whatever_is_kept_is_valid(
    random: Random, home: Releases, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("odd") / "a.jsonl"
    bare = {"contracts": [{"id": "1"}], "buyer": {"name": "1"}, "tender": {}}
    bare |= {"parties": [{"name": "Dale", "roles": ["procuringEntity"]}], "awards": []}
    releases = [
        WHOLE,
        WHOLE | bare | {"ocid": "ocds-odd-bare"},
        *(mutated(number, random) for number in range(100)),
    ]
    found = load(write(path, *releases), home)
    assert (
        found.rows == len(releases) == found.records + found.left_out.total() + len(found.rejects)
    )
    assert found.records >= 1
    assert found.rejects
    assert all("\n" not in str(one) for one in found.rejects)
