"""The register of organisations: every form of its files, what is kept, and what hostile files come to."""

import io
import json
import zipfile
from collections import Counter
from datetime import date
from pathlib import Path
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Store

from careatlas import data
from careatlas.graph.derive import derive
from careatlas.graph.register import RegisterEntry, RegisterRole, RegisterSuccession, RegisterTie
from careatlas.loaders.feed import (
    Collected,
    Feed,
    Kept,
    LeftOut,
    Outcome,
    PassedOver,
    Rejected,
    Wanted,
    collect,
)
from careatlas.loaders.ods import Register, entries, feed, kinds
from careatlas.loaders.ods.errors import NotOfRegisterError, UnsoundFileError

SHARED = Path(__file__).parent.parent.parent / "shared" / "samples" / "ods"
TRUST = '"RAE","BRADFORD TEACHING HOSPITALS NHS FOUNDATION TRUST","Y63","QWO","A","","","BRADFORD","","BD9 6RJ","19910401",""'
REST = ',"","","","","","","","","","0","","D","","",""'
XML = """<?xml version="1.0" encoding="utf-8"?>
<HSCOrgRefData:OrgRefData xmlns:HSCOrgRefData="http://refdata.hscic.gov.uk/org/v2-0-0">
<Manifest><PublicationDate value="2026-07-28" /></Manifest>
<CodeSystems><CodeSystem name="OrganisationRole"><concept id="RO999" displayName="SWEET SHOP" /></CodeSystem></CodeSystems>
<Organisations>{}</Organisations></HSCOrgRefData:OrgRefData>"""


def opened(path: Path, **wanted: object) -> Register:
    asked = {"source": None, "published": None, "everything": False} | wanted
    return feed([path], Wanted(tables=data.folder(), **asked))  # type: ignore[arg-type]


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def outcomes(folder: Path, content: str | bytes, **wanted: object) -> list[Outcome]:
    found = opened(written(folder, "given", content), **wanted).outcomes()
    return [one for one in found if not isinstance(one, PassedOver)]


def entry(outcome: Outcome) -> RegisterEntry:
    assert isinstance(outcome, Kept), outcome
    (found,) = (one for one in outcome.records if isinstance(one, RegisterEntry))
    return found


def dates(start: str, end: str = "", kind: str = "Operational") -> str:
    closed = f'<End value="{end}" />' if end else ""
    return f'<Date><Type value="{kind}" /><Start value="{start}" />{closed}</Date>'


def organisation(code: str, name: str, *roles: str, more: str = "", attributes: str = "") -> str:
    held = "".join(
        f'<Role id="{role}"{"" if place else chr(32) + "primaryRole=" + chr(34) + "true" + chr(34)}/>'
        for place, role in enumerate(roles)
    )
    return (
        f"<Organisation {attributes}><Name>{name}</Name>{more}"
        f'<OrgId extension="{code}" /><Status value="Active" /><Roles>{held}</Roles></Organisation>'
    )


def rel(kind: str, target: str, days: str = "") -> str:
    return f'<Rel id="{kind}">{days}<Target><OrgId extension="{target}" /></Target></Rel>'


@pytest.mark.parametrize(
    "content",
    [
        f"{TRUST}{REST}\r\n",
        f"\ufeff{TRUST}{REST}\n".replace('"', ""),
        f"Organisation Code,Name,National Grouping,High Level Health Geography{',x' * 23}\n{TRUST}{REST}\n",
        f"{TRUST}{REST}\n".encode("utf-16"),
    ],
    ids=["quoted", "bare-with-mark", "labelled", "wide"],
)
def test_a_report_is_read_in_every_form_in_which_it_is_published(
    tmp_path: Path, content: str | bytes
) -> None:
    (kept,) = outcomes(tmp_path, content, published="2025-04-01")
    found = entry(kept)
    assert (found.path, found.name) == (
        "org/ods/RAE",
        "BRADFORD TEACHING HOSPITALS NHS FOUNDATION TRUST",
    )
    assert (found.opened, found.closed) == (date(1991, 4, 1), None)
    assert (found.region, found.board, found.member) == ("org/ods/Y63", "org/ods/QWO", True)
    assert found.new is None, "the tables describe it"
    assert str(found.as_at.first if found.as_at else "") == "2025-04-01"


def test_codes_of_areas_that_nobody_knows_are_told_and_lead_nowhere(tmp_path: Path) -> None:
    row = f"{TRUST}{REST}\n".replace("Y63", "Y55").replace("QWO", "Q77")
    found = entry(outcomes(tmp_path, row)[0])
    assert (found.region, found.board) == (None, None)
    assert found.unresolved == ("area Q77", "region Y55")


def test_a_closed_trust_has_the_board_of_its_postcode_but_lies_in_no_area(tmp_path: Path) -> None:
    row = f"{TRUST}{REST}\n".replace('"19910401",""', '"19910401","20060930"')
    found = entry(outcomes(tmp_path, row, published="2026-07-31")[0])
    assert (found.board, found.member, found.closed) == ("org/ods/QWO", False, date(2006, 9, 30))


def test_rows_of_other_kinds_are_left_out_with_the_reason(tmp_path: Path) -> None:
    rows = [
        f"{TRUST}{REST}",
        '"A81001","SURGERY","Y63","QHM","","","","","","TS18 1HU","19740401","","A","","16C","20210401","","1","","","","0","","D","","4",""',
        f'"RAE01","ROYAL INFIRMARY"{",x" * 0},"Y63","QWO","","","","BRADFORD","","BD9 6RJ","19910401","","","","RAE","19910401","","","","","","0","","D","","",""',
        '"Z9Z01","ANY HOUSE","Y63","QWO","","","","","","","19910401","","","","ZZZ","","","","","","","0","","D","","",""',
        '"8HA12","BOX MAKERS LIMITED","Y63","QWO","","","","","","","19910401","","","","","","","","","","","0","","D","","",""',
        '"??","NO CODE"' + ',""' * 25,
    ]
    found = outcomes(tmp_path, "\n".join(rows))
    assert [type(one).__name__ for one in found] == [
        *("Kept", "LeftOut", "Kept", "LeftOut", "LeftOut", "Rejected"),
    ]
    site = found[2]
    assert entry(site).new == kinds.SITE
    (tie,) = (one for one in site.records if isinstance(one, RegisterTie))  # type: ignore[union-attr]
    assert (tie.relation, tie.other, tie.start) == ("RE6", "org/ods/RAE", date(1991, 4, 1))
    assert "RO177" in found[1].reason  # type: ignore[union-attr]


def test_the_full_register_keeps_every_tie_with_its_days_and_one_change_for_both_sides(
    tmp_path: Path,
) -> None:
    succ = (
        '<Succs><Succ>{}<Type value="{}" /><Target><OrgId extension="{}" /></Target></Succ></Succs>'
    )
    text = XML.format(
        organisation(
            *("RZ1", "OLD VALE NHS TRUST", "RO197"),
            more=dates("1993-04-01", "2020-03-31")
            + succ.format(dates("2020-04-01", kind="Legal"), "Successor", "RZ2N1"),
        )
        + organisation(
            *("RZ2N1", "NEW VALE NHS FOUNDATION TRUST", "RO197", "RO57"),
            more=dates("2020-04-01")
            + f"<Rels>{rel('RE5', 'QWO', dates('2020-04-01'))}{rel('RE5', 'QOQ', dates('2022-07-01'))}{rel('RE5', 'Q71')}</Rels>"
            + succ.format(dates("2020-04-01", kind="Legal"), "Predecessor", "RZ1"),
        )
        + organisation("X1X1X", "SWEETS", "RO999")
        + organisation("Z1Z2Z", "NHS NEW INTEGRATED CARE BOARD", "RO261", "RO318")
        + organisation("Z1Z2X", "OLD STP", "RO261")
        + organisation("RZ1", "OLD VALE NHS TRUST", "RO197", attributes='refOnly="true"')
        + organisation("RZ9", "BAD NHS TRUST", "RO197", more=dates("2020-13-01"))
    )
    found = outcomes(tmp_path, text)
    assert [type(one).__name__ for one in found] == [
        *("Kept", "Kept", "LeftOut", "Kept", "LeftOut", "LeftOut", "Rejected"),
    ]
    new = found[1]
    assert isinstance(new, Kept)
    ties = [one for one in new.records if isinstance(one, RegisterTie)]
    assert [(one.other, one.start) for one in ties] == [
        ("org/ods/QWO", date(2020, 4, 1)),
        ("org/ods/QOQ", date(2022, 7, 1)),
    ]
    assert entry(new).unresolved == ("RE5 Q71",)
    assert [one.role for one in new.records if isinstance(one, RegisterRole)] == ["RO197", "RO57"]
    changes = {
        one.change
        for outcome in found[:2]
        for one in outcome.records  # type: ignore[union-attr]
        if isinstance(one, RegisterSuccession)
    }
    assert changes == {"change/ods-RZ1-RZ2N1"}
    assert "sweet shop" in found[2].reason  # type: ignore[union-attr]
    assert entry(found[3]).new == kinds.BOARD


def test_sites_of_the_full_register_are_kept_if_everything_is(tmp_path: Path) -> None:
    text = XML.format(
        organisation("RAE99", "ANY HOSPITAL", "RO198") + organisation("X1X1X", "SWEETS", "RO999")
    )
    assert [type(one) for one in outcomes(tmp_path, text, source="x")] == [LeftOut, LeftOut]
    kept = outcomes(tmp_path, text, everything=True)
    assert [entry(one).new for one in kept] == [kinds.SITE, "Organisation"]


def test_the_services_give_their_records_alone_in_lists_and_as_links(tmp_path: Path) -> None:
    trust = {
        "Name": "BRADFORD TEACHING HOSPITALS NHS FOUNDATION TRUST",
        "OrgId": {"extension": "RAE"},
        "Date": [{"Type": "Operational", "Start": "1991-04-01"}],
        "Roles": {"Role": [{"id": "RO197", "primaryRole": True}]},
        "Rels": {"Rel": [{"id": "RE5", "Target": {"OrgId": {"extension": "QWO"}}}]},
    }
    listed = {"Name": "SHOP", "OrgId": "FA123", "PrimaryRoleId": "RO182"}
    assert entry(outcomes(tmp_path, json.dumps({"Organisation": trust}))[0]).opened
    page = {"Organisations": [trust, listed, {"OrgLink": "https://x/organisations/R1A"}]}
    many = [type(one) for one in outcomes(tmp_path, json.dumps(page))]
    assert many == [Kept, LeftOut, LeftOut]
    lines = f"{json.dumps({'Organisation': trust})}\n{json.dumps(listed)}\n{{broken\n"
    assert [type(one) for one in outcomes(tmp_path, lines)] == [Kept, LeftOut, Rejected]


def test_fhir_organizations_and_affiliations_are_read_from_a_bundle(tmp_path: Path) -> None:
    base = "https://fhir.nhs.uk/England/StructureDefinition/Extension-England-"
    period = {
        "url": f"{base}TypedPeriod",
        "extension": [
            {"url": "dateType", "valueCoding": {"code": "Operational"}},
            {"url": "period", "valuePeriod": {"start": "1998-04-01"}},
        ],
    }
    role = {
        "url": f"{base}OrganisationRole",
        "extension": [
            {"url": "roleCode", "valueCodeableConcept": {"coding": [{"code": "RO197"}]}},
            period,
        ],
    }
    trust = {
        "resourceType": "Organization",
        "id": "RR8",
        "meta": {"lastUpdated": "2026-05-02T10:00:00Z"},
        "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RR8"}],
        "extension": [role, period],
        "active": True,
        "name": "LEEDS TEACHING HOSPITALS NHS TRUST",
    }
    tie = {
        "resourceType": "OrganizationAffiliation",
        "organization": {"identifier": {"value": "RR8"}},
        "participatingOrganization": {"reference": "Organization/QWO"},
        "code": [{"coding": [{"code": "RE5"}]}],
    }
    bundle = {"resourceType": "Bundle", "entry": [{"resource": trust}, {"resource": tie}]}
    read = opened(written(tmp_path, "bundle", json.dumps(bundle)))
    one, other = read.outcomes()
    assert (entry(one).opened, entry(one).status) == (date(1998, 4, 1), "Active")
    assert read.source.id == "ods-fhir"
    assert read.source.told["published"] == "2026-05-02"
    assert isinstance(other, Kept)
    assert isinstance(other.records[0], RegisterTie)


def test_successions_merge_with_those_that_the_tables_tell(tmp_path: Path) -> None:
    rows = '"QH8","D7T5G","M","20260401","0"\n"5QE","10Q","C","20130401","1"\n'
    kept, left = outcomes(tmp_path, rows)
    assert isinstance(kept, Kept)
    (made,) = kept.records
    assert isinstance(made, RegisterSuccession)
    assert (made.change, made.kind) == ("change/icb-QH8-D7T5G", "merger")
    assert isinstance(left, LeftOut)


def test_a_network_has_twelve_columns_of_its_own(tmp_path: Path) -> None:
    row = '"U59980","DALES PCN","01K","NHS DALE ICB - 01K","20190701","","","","","KENDAL","","LA9 4QJ"\n'
    read = opened(written(tmp_path, "pcn", row))
    (kept,) = read.outcomes()
    assert (entry(kept).new, entry(kept).town) == (kinds.NETWORK, "KENDAL")
    assert read.source.id == "ods-epcn"


def zipped(**parts: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return held.getvalue()


def test_what_lies_in_zip_files_within_zip_files_is_found(tmp_path: Path) -> None:
    inner = zipped(full=XML.format(organisation("RZ1", "VALE NHS TRUST", "RO197")).encode())
    found = outcomes(tmp_path, zipped(inner=inner, leaflet=b"%PDF-1.7 leaflet"))
    assert [type(one) for one in found] == [Kept, LeftOut]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x00" * 5000,
        b"%PDF-1.7",
        b"a text that is none of it",
        b"one,two,three,four\n1,2,3,4\n",
        b"{}",
        b"[1, 2]",
        b'{"Organisations": []}',
        b"[" * 5000,
        b'{"a":' * 5000,
        b'{"Organisations": [{"Name": "X", "OrgId": "RAE"}',
        b"<OrgRefData><Organisation><Name>CUT",
        b'<!DOCTYPE x [<!ENTITY a "b">]><OrgRefData><Organisation>&a;</Organisation></OrgRefData>',
        b"PK\x03\x04 and nothing more",
        zipped(bomb=b"RAE,X,Y" * 5_000_000),
    ],
    ids=range(15),
)
def test_a_file_that_is_none_or_unsound_is_one_plain_line(tmp_path: Path, content: bytes) -> None:
    with pytest.raises((NotOfRegisterError, UnsoundFileError)) as caught:
        outcomes(tmp_path, content)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    "record",
    [
        '{"Name": "X NHS TRUST", "OrgId": "RZ1", "Name": "Y NHS TRUST"}',
        '{"Name": ["X"], "OrgId": "RZ1"}',
        '{"Name": "X", "OrgId": {"extension": 12}}',
        '{"Name": "X", "OrgId": "RZ1", "Roles": {"Role": "RO197"}}',
        '{"Name": "X", "OrgId": "RZ1", "Date": [{"Start": "never"}]}',
        '{"Name": "write to a.b@example.org", "OrgId": "RZ1"}',
        f'{{"Name": "{"X" * 1000}", "OrgId": "RZ1"}}',
        '"a text"',
    ],
)
def test_a_record_that_does_not_hold_is_a_reject_beside_the_others(
    tmp_path: Path, record: str
) -> None:
    sound = '{"Name": "LEEDS NHS TRUST", "OrgId": "RR8", "PrimaryRoleId": "RO197"}'
    found = outcomes(tmp_path, f'{{"Organisations": [{sound}, {record}, {sound}]}}')
    assert [type(one) for one in found] == [Kept, Rejected, Kept]


def test_a_line_without_end_is_a_reject(tmp_path: Path) -> None:
    content = f"{TRUST}{REST}\n{'x' * 200_000}\n{TRUST}{REST}\n"
    assert [type(one) for one in outcomes(tmp_path, content)] == [Kept, Rejected, Kept]


@given(st.lists(st.text(max_size=40), min_size=1, max_size=30))
def test_any_row_becomes_one_outcome(cells: list[str]) -> None:
    import tempfile

    row = ",".join(f'"{cell.replace(chr(34), "")}"' for cell in cells)
    row = row.replace("\r", " ").replace("\n", " ")
    with tempfile.TemporaryDirectory() as folder:
        found = outcomes(Path(folder), f"{TRUST}{REST}\n{row}\n")
    blank = not any(cell.replace('"', "").strip() for cell in cells)
    assert len(found) == 1 + (not blank)


@given(st.dates(min_value=date(1700, 1, 1), max_value=date(2400, 1, 1)))
def test_a_day_is_read_in_each_of_its_forms(value: date) -> None:
    forms = (
        value.isoformat(),
        value.isoformat().replace("-", ""),
        f"{value.isoformat()}T00:00:00Z",
    )
    assert {entries.day(form) for form in forms} == {value}
    assert entries.day(f"{value.day:02}/{value.month:02}/{value.year}") == value


def collected(path: Path, **wanted: object) -> Collected:
    return collect(cast("Feed", opened(path, **wanted)), {})


def test_the_same_file_states_the_same_and_two_rows_of_one_code_are_both_told(
    tmp_path: Path,
) -> None:
    path = written(tmp_path, "etr.csv", f"{TRUST}{REST}\n{TRUST}{REST}\n")
    one, other = collected(path), collected(path)
    assert list(one.quads.sorted()) == list(other.quads.sorted())
    assert (one.rows, one.records, one.rejects) == (2, 2, [])


def test_an_organisation_that_no_table_has_goes_by_its_latest_entry() -> None:
    store, graph = Store(), "https://w3id.org/careatlas/id/"
    update = f"""
    PREFIX atlas: <https://w3id.org/careatlas/def#> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
    INSERT DATA {{ GRAPH <{graph}docv/a/1> {{
      <{graph}org/ods/RZ1> a atlas:NHSTrust .
      <{graph}claim/z> a atlas:RegisterEntry ; atlas:about <{graph}org/ods/RZ1> ; atlas:nameAsPrinted "OLD NHS TRUST" ;
        atlas:asAt "2025-01-01"^^xsd:date ; atlas:entryOpened "1993-04-01"^^xsd:date .
      <{graph}claim/a> a atlas:RegisterEntry ; atlas:about <{graph}org/ods/RZ1> ; atlas:nameAsPrinted "NEW NHS TRUST" ;
        atlas:asAt "2026-01-01"^^xsd:date ; atlas:entryOpened "1993-04-01"^^xsd:date ;
        atlas:entryClosed "2025-12-31"^^xsd:date ; atlas:entryPostcode "NO POSTCODE" }} }}"""
    store.update(update)
    derive(store, date(2026, 7, 31))
    derived = {
        (quad.predicate.value.rsplit("#", 1)[-1], getattr(quad.object, "value", ""))
        for quad in store
        if quad.graph_name.value.endswith("/derived") and quad.subject.value.endswith("/RZ1")
    }
    assert ("label", "NEW NHS TRUST") in derived
    assert ("opened", "1993-04-01") in derived
    assert ("closed", "2025-12-31") in derived
    assert not any(term == "postcode" for term, _ in derived)


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real files are not at hand")
@pytest.mark.parametrize(("file", "rows"), [("etr-2025.csv", 210), ("etr-2026-07.csv", 274)])
def test_the_real_files_are_kept_whole(file: str, rows: int) -> None:
    found = collected(SHARED / file)
    assert (found.rows, found.records, found.left_out, found.rejects) == (rows, rows, Counter(), [])
