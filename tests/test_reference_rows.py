"""Every row of the evidence tables is a record of ours, or stands in left_out.csv with its reason."""

import csv
import re
from collections import Counter
from pathlib import Path

import pytest

from careatlas import data
from careatlas.loaders.tables import harvest

REFERENCE = Path(__file__).parent.parent.parent / "shared" / "reference"
# Evidence table -> the column that identifies a row there, or None for its number.
KEYS: dict[str, str | None] = {
    "acquisitions": "acq_id",
    "announcements": "ann_id",
    "conflicts": "conflict_id",
    "contract_notices": "ocid",
    "framework_suppliers": None,
    "groups": None,
    "icb_successions": None,
    "icbs": "ods_code",
    "memberships": None,
    "network_members_other": None,
    "networks": "network_id",
    "networks_more": "network_id",
    "products": "product_id",
    "programmes": None,
    "regions": "ods_code",
    "routes": "route_id",
    "studies": None,
    "trusts": "ods_code",
    "vendors": "vendor_id",
}
TOTAL = 2031
PLACE = re.compile(r"reference row (\w+) ([^;]+)")


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cited() -> dict[str, Counter[str]]:
    """For each evidence table, the rows that ours say they were taken from."""
    found: dict[str, Counter[str]] = {}
    for path in sorted(data.folder().rglob("*.csv")):
        if path.name not in {"sources.csv", "crosswalk.csv", "organisations.csv"}:
            for row in rows(path):
                for table, key in PLACE.findall(row.get("locator", "")):
                    found.setdefault(table, Counter())[key.strip()] += 1
    return found


def keys(table: str) -> list[str]:
    """What tells the rows of an evidence table apart: a key of its own, else the number."""
    column, found = KEYS[table], []
    for number, row in enumerate(rows(REFERENCE / f"{table}.csv"), start=1):
        key = row[column] if column else ""
        found.append(key if key and key not in found else str(number))
    return found


def test_rows_in_are_records_and_rejects() -> None:
    found = harvest(data.folder())
    assert found.rejects == []
    for tally in found.tallies:
        assert tally.rows == tally.records + tally.rejects
    assert sum(tally.records for tally in found.tallies) == len(found.records) + len(found.sources)


def test_every_row_has_a_source_and_a_place() -> None:
    sources = {row["id"] for row in rows(data.folder() / "sources.csv")}
    for path in sorted(data.folder().rglob("*.csv")):
        if path.name != "sources.csv":
            for row in rows(path):
                assert row["source"] in sources, (path.name, row)
                assert row["locator"].strip(), (path.name, row)


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the evidence tables are not in ../shared/reference"
)
@pytest.mark.parametrize("table", KEYS)
def test_each_row_of_the_evidence_is_taken_in_or_left_out(table: str) -> None:
    ours = cited()[table]
    assert Counter(keys(table)) - ours == Counter()


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the evidence tables are not in ../shared/reference"
)
def test_all_rows_of_the_evidence_are_counted() -> None:
    tables = {path.stem for path in REFERENCE.glob("*.csv")}
    assert tables == set(KEYS) | {"seed_trust_match"}
    assert sum(len(rows(REFERENCE / f"{table}.csv")) for table in tables) == TOTAL


@pytest.mark.skipif(
    not REFERENCE.is_dir(), reason="the evidence tables are not in ../shared/reference"
)
def test_the_trusts_of_the_report_have_the_codes_that_were_matched() -> None:
    crosswalk = {
        row["printed"]: row["key"]
        for row in rows(data.folder() / "crosswalk.csv")
        if row["kind"] == "organisation"
    }
    for row in rows(REFERENCE / "seed_trust_match.csv"):
        assert crosswalk[row["seed_name"]] == f"org/ods/{row['ods_code']}", row["seed_name"]
