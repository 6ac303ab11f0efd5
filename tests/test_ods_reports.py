"""The reports of the register as they were published over the years, with headings, in workbooks, and by role."""

import io
import json
import zipfile
from datetime import date
from pathlib import Path

import openpyxl
import pytest

from careatlas import data
from careatlas.graph.register import RegisterEntry, RegisterSuccession, RegisterTie
from careatlas.loaders.feed import Collected, Kept, LeftOut, Wanted, collect
from careatlas.loaders.ods import Register, feed, kinds
from careatlas.loaders.ods.errors import UnsoundFileError

NETWORKS = (
    ("PCN Code", "PCN Name", "Current Clinical \nCommissioning \nGroup Code", "CCG Name"),
    ("Open Date (YYYYMMDD)", "Close Date", *(f"Address Line {line}" for line in range(1, 6))),
    ("Postcode",),
)
PARTNERS = (
    ("Partner\nOrganisation\nCode", "Partner\nName", "Practice\nParent\nCCG Code"),
    ("Practice\nParent\nCCG Name", "PCN Code", "PCN Name", "PCN Parent\nCCG Code"),
    ("PCN Parent\nCCG Name", "Practice to PCN\nRelationship\nStart Date"),
    ("Practice to PCN\nRelationship\nEnd Date", "Practice CCG and PCN\nCCG Match "),
)
DALES = ("U59980", "DALES NETWORK", "01K", "NHS DALE CCG", 20190701, None, *[""] * 3, "KENDAL")
MEMBER = ("A81001", "SURGERY", "01K", "NHS DALE CCG", "U59980", "DALES NETWORK", "01K", "NHS DALE")
PRACTICE = (
    '"A81001","SURGERY","Y63","QHM","","","","","","TS18 1HU","19740401","","A","B","QWO",'
    '"20210401","","","","","","0","","QWO","","4",""\n'
)


def opened(path: Path, **wanted: object) -> Register:
    asked = {"source": None, "published": None, "everything": False} | wanted
    return feed([path], Wanted(tables=data.folder(), **asked))  # type: ignore[arg-type]


def collected(folder: Path, content: str | bytes, **wanted: object) -> Collected:
    path = folder / "given"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    found = collect(opened(path, **wanted), {})
    assert found.rows == found.records + found.left_out.total() + len(found.rejects)
    return found


def kept(folder: Path, content: str | bytes, **wanted: object) -> list[Kept]:
    (folder / "kept").write_bytes(content if isinstance(content, bytes) else content.encode())
    found = opened(folder / "kept", **wanted).outcomes()
    return [one for one in found if isinstance(one, Kept)]


def entry(one: Kept) -> RegisterEntry:
    (found,) = (record for record in one.records if isinstance(record, RegisterEntry))
    return found


def workbook(**sheets: list[tuple[object, ...]]) -> bytes:
    book, held = openpyxl.Workbook(), io.BytesIO()
    for title, rows in sheets.items():
        sheet = book.create_sheet(title.strip("_"))
        sheet.sheet_state = "hidden" if title.endswith("_") else "visible"
        for row in rows:
            sheet.append(row)
    del book["Sheet"]
    book.save(held)
    return held.getvalue()


def networks() -> bytes:
    return workbook(
        Notes=[("What this is",), ("A list of networks",)],
        PCNDetails=[("Networks of all areas",), (), sum(NETWORKS, ()), (*DALES, None, "LA9 4QJ")],
        Partners=[sum(PARTNERS, ()), (*MEMBER, "20190701", None, True), ("?", *MEMBER[1:])],
        Old_=[("PCN Code", "PCN Name"), ("U11111", "GONE PCN")],
    )


@pytest.mark.parametrize("packed", [False, True], ids=["alone", "in-zip"])
def test_networks_and_their_members_are_read_from_a_workbook(tmp_path: Path, packed: bool) -> None:
    content = networks()
    if packed:
        held = io.BytesIO()
        with zipfile.ZipFile(held, "w") as package:
            package.writestr("ePCN.xlsx", content)
        content = held.getvalue()
    found = collected(tmp_path, content)
    assert (found.rows, found.records, found.passed_over) == (8, 1, [])
    assert found.left_out == {
        "a row of a sheet that is no report of the register": 2,
        "a row above the headings of its sheet": 1,
        "a tie of organisations that the graph does not have both of": 1,
        "a row of a hidden sheet": 2,
    }
    name = "given!ePCN.xlsx" if packed else "given"
    assert [str(one) for one in found.rejects] == [f"{name}:Partners:3: '?' is no ODS code"]
    (network,) = kept(tmp_path, content)
    made = entry(network)
    assert (made.new, made.town, made.postcode) == (kinds.NETWORK, "KENDAL", "LA9 4QJ")
    assert made.opened == date(2019, 7, 1)
    assert made.locator.endswith(", sheet PCNDetails, row 4")


@pytest.mark.parametrize("cut", [300, 2000, -30])
def test_a_damaged_workbook_is_one_plain_line(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "epcn.xlsx"
    path.write_bytes(networks()[:cut])
    with pytest.raises(UnsoundFileError, match=r"epcn\.xlsx: it is") as wrong:
        list(opened(path).outcomes())
    assert "\n" not in str(wrong.value)


def test_a_member_of_a_network_is_tied_to_it_whatever_the_report_calls_both(tmp_path: Path) -> None:
    headings = ",".join('"' + " ".join(cell.split()) + '"' for cell in sum(PARTNERS, ()))
    row = f"RAE,{','.join(MEMBER[1:4])},RCF,X,01K,X,20190701,20200101,TRUE"
    (one,) = kept(tmp_path, f"{headings}\n{row}\n")
    (tie,) = one.records
    assert isinstance(tie, RegisterTie)
    assert (tie.path, tie.relation, tie.other) == ("org/ods/RAE", "RE8", "org/ods/RCF")
    assert (tie.start, tie.end) == (date(2019, 7, 1), date(2020, 1, 1))


def test_columns_go_by_their_headings_and_those_of_none_are_told_once(tmp_path: Path) -> None:
    text = """ods_code,Postcode,ODS Name,Mood,Open Date,Close Date,NHS England Region,GOR Code
RAE,BD9 6RJ,BRADFORD TEACHING HOSPITALS NHS FOUNDATION TRUST,merry,1991-04-01,NA,Y63,D
"""
    found = collected(tmp_path, text)
    assert (found.rows, found.records) == (1, 1)
    assert found.passed_over == ["the column 'Mood' of given"]
    made = entry(kept(tmp_path, text)[0])
    assert (made.postcode, made.region, made.closed) == ("BD9 6RJ", "org/ods/Y63", None)
    assert made.opened == date(1991, 4, 1)


def test_a_report_whose_empty_columns_were_cut_off_is_no_other_report(tmp_path: Path) -> None:
    text = (
        "RAE,BRADFORD NHS FOUNDATION TRUST,Y63,QWO,DUCKWORTH,LANE,,BRADFORD,,BD9 6RJ,19910401\n"
        "RZ1,VALE NHS TRUST,Y63,QWO,HIGHSTREET,,,VALE,,BD9 6RJ,19910401,20060930\n"
        "RAE99,ANY CLINIC,Y63,QWO,WHITECHAPEL,,,BRADFORD,,BD9 6RJ,19910401\n"
    )
    found = collected(tmp_path, text)
    assert (found.records, found.rejects) == (2, [])
    assert list(found.left_out) == [
        "a report without roles, whose columns do not tell that it is one the graph is about"
    ]
    whole, closed = (entry(one) for one in kept(tmp_path, text))
    assert (whole.board, whole.town, whole.closed) == ("org/ods/QWO", "BRADFORD", None)
    assert (closed.new, closed.closed) == (kinds.TRUST, date(2006, 9, 30))


def test_regions_of_government_offices_are_read_and_left_out(tmp_path: Path) -> None:
    rest = ',"","","","","","","","19940401",""' + ',""' * 15
    text = f'"A","NORTH OFFICE REGION",""{rest}\n"Y54","NORTH REGION",""{rest}\n'
    found = collected(tmp_path, text)
    assert (found.rows, found.records, found.left_out.total()) == (2, 1, 1)
    assert entry(kept(tmp_path, text)[0]).new == kinds.REGION
    assert collected(tmp_path, text, everything=True).records == 2


def test_a_hub_of_commissioning_is_no_sub_icb_location_in_any_form(tmp_path: Path) -> None:
    told = "the graph is not about organisations of the role RO218 (commissioning hub)"
    row = '"97T","EAST COMMISSIONING HUB","Y59",""' + ',""' * 6 + ',"20200401","","","RO218"'
    record = {
        "Name": "EAST COMMISSIONING HUB",
        "OrgId": {"extension": "97T"},
        "Roles": {"Role": [{"id": "RO218"}, {"id": "RO98", "primaryRole": True}]},
    }
    xml = (
        '<OrgRefData><Organisation><Name>EAST HUB</Name><OrgId extension="97T"/><Roles>'
        '<Role id="RO98" primaryRole="true"/><Role id="RO218"/></Roles></Organisation></OrgRefData>'
    )
    for content in (row + ',""' * 13, json.dumps({"Organisation": record}), xml):
        assert collected(tmp_path, content).left_out == {told: 1}
    assert kinds.kind_of("RO98", {"RO98", "RO319"}, "") == kinds.LOCATION


def test_a_practice_is_kept_if_everything_is(tmp_path: Path) -> None:
    assert collected(tmp_path, PRACTICE).left_out.total() == 1
    (one,) = kept(tmp_path, PRACTICE, everything=True)
    assert entry(one).new == "Organisation"
    (tie,) = (record for record in one.records if isinstance(record, RegisterTie))
    assert (tie.relation, tie.other, tie.start) == ("RE4", "org/ods/QWO", date(2021, 4, 1))


def test_organizations_of_the_older_fhir_have_their_roles_and_days(tmp_path: Path) -> None:
    base = "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ODSAPI-"
    kind = {"url": f"{base}DateType-1", "valueString": "Legal"}
    lasts = {"extension": [kind], "start": "2001-04-01", "end": "2009-03-31"}
    role = [
        {"url": "role", "valueCoding": {"code": "197", "display": "NHS TRUST"}},
        {"url": "primaryRole", "valueBoolean": True},
        {"url": "activePeriod", "valuePeriod": lasts | {"start": "2002-04-01"}},
    ]
    resource = {
        "resourceType": "Organization",
        "id": "RZ1",
        "identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "RZ1"},
        "name": "VALE NHS TRUST",
        "extension": [
            {"url": f"{base}ActivePeriod-1", "valuePeriod": lasts},
            {"url": f"{base}OrganizationRole-1", "extension": role},
        ],
    }
    one, left = (
        next(iter(opened(written, everything=False).outcomes()))
        for written in (
            _written(tmp_path, "trust", resource),
            _written(tmp_path, "shop", json.loads(json.dumps(resource).replace("197", "182"))),
        )
    )
    assert isinstance(one, Kept)
    made = entry(one)
    assert (made.new, made.role) == (kinds.TRUST, "RO197")
    assert (made.opened, made.closed) == (date(2001, 4, 1), date(2009, 3, 31))
    assert (made.legal_from, made.legal_to) == (made.opened, made.closed)
    assert isinstance(left, LeftOut)
    assert "RO182 (pharmacy)" in left.reason


def test_the_register_is_read_in_the_forms_that_its_xml_has_had(tmp_path: Path) -> None:
    succession = "<Succ><Type>Predecessor</Type><Target><OrgId extension='RCF'/></Target></Succ>"
    tie = (
        "<Rel id='RE5'><Target><Organisation><OrgId extension='QWO'/><Name>BOARD</Name>"
        "</Organisation></Target></Rel>"
    )
    text = (
        "<Organisations><Organisation><OrgLink>https://x.example/RZ9</OrgLink></Organisation>"
        "<Organisation><Name>BRADFORD</Name><OrgId extension='RAE'/><Roles><Role id='RO197'/></Roles>"
        f"<Rels>{tie}</Rels><Succs>{succession}</Succs></Organisation></Organisations>"
    )
    found = collected(tmp_path, text)
    assert (found.rows, found.records) == (2, 1)
    assert found.left_out == {"a link to an organisation, without its record": 1}
    (one,) = kept(tmp_path, text)
    assert entry(one).name == "BRADFORD"
    ties = [(told.relation, told.other) for told in one.records if isinstance(told, RegisterTie)]
    assert ties == [("RE5", "org/ods/QWO")]
    (change,) = (told for told in one.records if isinstance(told, RegisterSuccession))
    assert (change.before, change.after) == ("org/ods/RCF", "org/ods/RAE")


def _written(folder: Path, name: str, item: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(item))
    return path
