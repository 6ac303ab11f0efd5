"""Registers of devices: facts that attach to known products, proposals of new ones, and an account of every row."""

import csv
import json
import shutil
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from careatlas.build import build
from careatlas.cli import main
from careatlas.graph.answer import answer
from careatlas.graph.labels import Labels
from careatlas.graph.listings import Listing
from careatlas.graph.questions import get
from careatlas.graph.release import Releases
from careatlas.loaders.devices import Devices, NoRegisterError, columns, feed, known
from careatlas.loaders.feed import Collected, Kept, LeftOut, Rejected, Wanted, collect
from careatlas.loaders.reading import UnreadableDocumentError

SMALL = Path(__file__).parent / "fixtures" / "small_world"
HEADINGS = (
    "Date of Final Decision,Submission Number ,Device,Company,Panel (lead),Primary Product Code"
)
LIST = f"""{HEADINGS}
9/27/2024,K240001,Scan,"Acme AI",Radiology,QAS
09/26/24,K240002,SCAN™ (v2.1),"ACME AI, Inc.",Radiology,QAS
6/1/2023,DEN230001,Scan Mobile; Hub,Acme Limited,Radiology,QIH
5/1/2023,P230001/S001,Acme AI Hub,acme,Radiology,QIH
4/1/2023,K230003,Lens,Gone Health LLC,Ophthalmic,PIB
4/1/2023,K230004,Lens,"Far Away Co., Ltd.",Ophthalmic,PIB
9/27/2024,K240001,Scan,"Acme AI",Radiology,QAS
9/28/2024,K240001,Scan,"Acme AI",Radiology,QAS
13/27/2024,K240005,Scan,Acme AI,Radiology,QAS
9/27/2024,none,Scan,Acme AI,Radiology,QAS
9/27/2024,K240006,,Acme AI,Radiology,QAS
"""
PLAIN = """register,identifier,device,company,decision,date,class,url
Device register,AB-1,Bone,Beta Imaging,registered,2023-05,Class IIa,https://register.example/ab-1
Device register,AB-2,Bone,Owner Corp,registered,2023,Class IIa,
Device register,AB-3,Desk RIS,Beta Imaging,registered,May 2023,Class I,
Device register,AB-4,Desk RIS,Beta Imaging,registered,,Class I,javascript:alert(1)
"""


def written(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return path


def opened(*files: Path, everything: bool = False, source: str | None = None) -> Devices:
    return feed(list(files), Wanted(source, "2024-12-20", everything, SMALL))


def listings(devices: Devices) -> dict[str, Listing]:
    kept = [one for one in devices.outcomes() if isinstance(one, Kept)]
    found = [record for one in kept for record in one.records if isinstance(record, Listing)]
    return {listing.identifier: listing for listing in found}


def collected(devices: Devices) -> Collected:
    found = collect(devices, {})
    assert found.rows == found.records + found.left_out.total() + len(found.rejects)
    return found


def test_facts_attach_by_company_and_name_and_nothing_is_guessed(tmp_path: Path) -> None:
    found = listings(opened(written(tmp_path, "fda.csv", LIST)))
    assert {number: one.products for number, one in found.items()} == {
        "K240001": ("acme/scan",),
        "K240002": ("acme/scan",),
        "DEN230001": ("acme/hub",),
        "P230001/S001": ("acme/hub",),
        "K230003": (),
    }
    assert found["K240002"].matched == (
        "company by its name without the legal form; product by its name without the version"
    )
    mobile = found["DEN230001"].unknown[0]
    assert (mobile.printed, mobile.candidates) == ("Scan Mobile", ("acme/scan",))
    assert found["K230003"].vendor == "gone"
    assert found["K240002"].decided == found["K240001"].decided.__class__.parse("2024-09-26")


def test_every_row_is_in_the_account(tmp_path: Path) -> None:
    found = collected(opened(written(tmp_path, "fda.csv", LIST)))
    assert (found.rows, found.records) == (11, 5)
    assert found.left_out == {
        "its company is not in the catalogue": 1,
        "the same entry stands above": 1,
    }
    assert [str(one) for one in found.rejects] == [
        "fda.csv:9: K240001 stands at fda.csv:2 with other words",
        "fda.csv:10: '13/27/2024' is not a day: month must be in 1..12",
        "fda.csv:11: 'none' is not the number of a submission",
        "fda.csv:12: it has no device",
    ]
    assert found.proposals == [
        "'Scan Mobile' of Acme Limited as a new product (fda.csv:4)",
        "'Lens' of Gone Health LLC as a new product (fda.csv:6)",
    ]


def test_each_column_that_is_not_taken_is_told_once(
    tmp_path: Path, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = """index,Date of Final Decision,Submission Number,Device,Company,device_name,Notes,
0,9/27/2024,K240001,Scan,Acme AI,System of scans,first,
1,9/27/2024,K240002,Scan,Acme AI,,,
"""
    path = written(tmp_path, "fda.csv", text)
    found = collected(opened(path))
    assert (found.rows, found.records) == (2, 2)
    assert found.passed_over == [
        f"the column {heading!r} of fda.csv" for heading in ("index", "device_name", "Notes")
    ]
    assert listings(opened(path))["K240001"].unknown == (), "the first column of a name is taken"
    asked = ["load", "devices", str(path), "--dry-run", "--format", "json"]
    assert main([*asked, "--home", str(kept), "--data", str(SMALL)]) == 0
    printed = capsys.readouterr()
    assert json.loads(printed.out)["passed_over"] == found.passed_over
    assert printed.err.count("'Notes' of fda.csv, which is none of those that are taken") == 1


def test_a_link_that_was_never_reckoned_is_the_words_in_it(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (
        ("Date of Final Decision", "ID", "Device", "Company", "Panel", "Primary Product Code"),
        ("09/29/2025", '=HYPERLINK("https://register.example/?ID=K240002", "K240002")', "Scan\x99"),
        ("09/29/2025", '=CONCAT("K24", "0003")', "Scan", "Acme"),
    ):
        book.active.append([*row, "Acme"][:6])  # type: ignore[union-attr]  # a new book has a sheet
    book.save(tmp_path / "fda.xlsx")
    devices = opened(tmp_path / "fda.xlsx")
    (found,) = listings(devices).values()
    assert (found.identifier, found.device, found.products) == ("K240002", "Scan™", ("acme/scan",))
    assert [one.reason for one in collected(devices).rejects] == [
        "a cell holds a formula without its value: save the file in a spreadsheet program"
    ]


def test_all_keeps_what_other_companies_have_and_proposes_none_of_it(tmp_path: Path) -> None:
    devices = opened(written(tmp_path, "fda.csv", LIST), everything=True)
    far = listings(devices)["K230004"]
    assert (far.vendor, far.products) == (None, ())
    assert far.unknown[0].reason == "its company is not in the catalogue"
    assert len(collected(opened(tmp_path / "fda.csv", everything=True)).proposals) == 2


def test_a_number_that_the_catalogue_has_says_more_than_a_name(tmp_path: Path) -> None:
    tables = shutil.copytree(SMALL, tmp_path / "tables")
    path = tables / "catalogue" / "products.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        if row["product"] == "acme/scan":
            row["fda_submissions"] = "K249999 (LN);K240009"
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.DictWriter(file, rows[0])
        out.writeheader()
        out.writerows(rows)
    text = f"{HEADINGS}\n1/2/2024,k249999,Anything at all,Acme,Radiology,QAS\n"
    text += "1/2/2024,K240009,Anything at all,Beta Imaging,Radiology,QAS\n"
    wanted = Wanted(None, None, False, tables)
    found = listings(feed([written(tmp_path, "fda.csv", text)], wanted))
    assert found["K249999"].products == ("acme/scan",)
    assert found["K240009"].products == ()


def test_a_workbook_says_the_same_as_the_table(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["Devices with artificial intelligence"])
    for number, row in enumerate(csv.reader(LIST.splitlines())):
        when = datetime(2024, 9, 27) if number == 1 else row[0]
        sheet.append([when, *row[1:]])
    notes = book.create_sheet("Notes")
    notes.append(["What the columns mean"])
    hidden = book.create_sheet("Old")
    hidden.append(["Old"])
    hidden.sheet_state = "hidden"
    book.save(tmp_path / "fda.xlsx")
    found = listings(opened(tmp_path / "fda.xlsx"))
    plain = listings(opened(written(tmp_path, "fda.csv", LIST)))
    assert {n: (o.products, o.decided) for n, o in found.items()} == {
        n: (o.products, o.decided) for n, o in plain.items()
    }
    assert found["K240001"].locator == "sheet Sheet, row 3"
    left = collected(opened(tmp_path / "fda.xlsx")).left_out
    assert left["it stands above the headings"] == 1
    assert left["its sheet has no headings of a register"] == 1
    assert left["its sheet is hidden"] == 1


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_a_list_in_any_encoding_is_read(tmp_path: Path, encoding: str) -> None:
    path = written(tmp_path, "fda.csv", LIST.replace("\n", "\r\n"), encoding)
    assert listings(opened(path))["K240002"].device == "SCAN™ (v2.1)"


def test_any_register_can_be_a_plain_table(tmp_path: Path) -> None:
    devices = opened(written(tmp_path, "register.csv", PLAIN))
    assert (devices.source.id, devices.source.title) == (
        "devices-device-register",
        "Device register",
    )
    found = listings(devices)
    assert found["AB-1"].products == ("beta/bone",)
    assert str(found["AB-1"].decided.last if found["AB-1"].decided else "") == "2023-05-31"
    # A company that bought another is not taken for it.
    assert found["AB-2"].products == ()
    rejects = [str(one) for one in collected(opened(tmp_path / "register.csv")).rejects]
    assert len(rejects) == 2
    assert "'May 2023' is not a date" in rejects[0]
    assert "url" in rejects[1]


def test_the_template_of_a_register_is_read_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "register.csv"
    assert main(["template", "--of", "devices", "-o", str(path)]) == 0
    with path.open("a", encoding="utf-8") as file:
        file.write("Device register,AB-1,Bone,Beta Imaging,registered,2023,IIa,\n")
    assert listings(opened(path))["AB-1"].products == ("beta/bone",)
    assert main(["template", "--of", "devices", "-o", str(tmp_path / "register.xlsx")]) == 2
    assert "end it with .csv" in capsys.readouterr().err


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release of the small world, to be copied."""
    folder = tmp_path_factory.mktemp("devices") / "home"
    build(SMALL, Releases(folder))
    return folder


@pytest.fixture
def kept(built: Path, tmp_path: Path) -> Path:
    return shutil.copytree(built, tmp_path / "home", symlinks=True)


def rows(kept: Path, question: str) -> list[dict[str, str]]:
    release = Releases(kept).current()
    found = answer(release.store, Labels(release.labels), get(question), {})
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def test_a_release_has_the_facts_and_the_proposals_and_comes_out_the_same_from_nothing(
    tmp_path: Path, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Releases(kept).current()
    call = ["load", "devices", "--home", str(kept), "--data", str(SMALL), "--format", "json"]
    fda = [str(written(tmp_path, "fda.csv", LIST)), "--published", "2024-12-20", "--all"]
    assert main([*call, *fda, "--dry-run"]) == 0
    assert Releases(kept).current().name == before.name
    capsys.readouterr()
    assert main([*call, *fda]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["rows"], told["records"], told["left_out"], told["rejects"]) == (11, 6, 1, 4)
    assert len(told["proposed"]) == 2
    assert main([*call, str(written(tmp_path, "register.csv", PLAIN))]) == 0
    capsys.readouterr()
    facts = [row for row in rows(kept, "regulatory-facts") if row["source"] != "undated"]
    assert {(row["product"], row["fact"], row["value"]) for row in facts} == {
        ("Scan", columns.FDA, "K240001, 2024-09-27"),
        ("Scan", columns.FDA, "K240002, 2024-09-26"),
        ("Hub", columns.FDA, "DEN230001, 2023-06-01"),
        ("Hub", columns.FDA, "P230001/S001, 2023-05-01"),
        ("Bone", "Device register", "AB-1, registered, Class IIa, 2023-05-01"),
    }
    proposed = {(r["vendor"], r["device"], r["candidate"]) for r in rows(kept, "device-proposals")}
    assert proposed == {
        ("Acme AI", "Scan Mobile", "Scan"),
        ("Gone Health", "Lens", ""),
        ("Owner Corp", "Bone", ""),
    }
    loaded = Releases(kept).current()
    ours = "/listing/", "/devices/", "/unresolved/product/acme/", "fda-gov-ai-devices"
    report = (loaded.path / "report.txt").read_text(encoding="utf-8")
    assert "propose 'Lens' of Gone Health LLC as a new product (fda.csv:6)" in report
    assert not [
        line
        for line in report.splitlines()
        if line.startswith(("Warning", "Violation")) and any(part in line for part in ours)
    ]
    assert build(SMALL, Releases(kept)).release.name == loaded.name
    assert main(["withdraw", "fda-gov-ai-devices", "--home", str(kept)]) == 0
    assert main(["withdraw", "devices-device-register", "--home", str(kept)]) == 0
    assert Releases(kept).current().name == before.name


def test_the_same_name_in_two_spellings_is_two_proposals(tmp_path: Path, kept: Path) -> None:
    text = f"{HEADINGS}\n1/2/2024,K240001,Far Look,Acme,Radiology,QAS\n"
    text += "1/2/2024,K240002,FAR-LOOK,Acme,Radiology,QAS\n1/3/2024,K240003,Far Look,Acme,,\n"
    text += "1/3/2024,K240004,Far Look,Acme & Sons,,\n"
    found = collected(opened(written(tmp_path, "fda.csv", text)))
    assert (found.records, len(found.proposals)) == (3, 2)
    call = ["load", "devices", str(tmp_path / "fda.csv"), "--home", str(kept), "--data", str(SMALL)]
    assert main([*call, "--all"]) == 0
    # Another edition, kept beside it, says otherwise of the same entries.
    written(tmp_path, "fda.csv", text.replace("QAS", "QIH").replace("1/2/", "2/2/"))
    assert main([*call, "--source", "fda-gov-ai-devices-older", "--published", "2023"]) == 0
    assert len(rows(kept, "device-proposals")) == 6


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("fda.csv", b"", "has no headings"),
        ("fda.csv", b"a,b,c\n1,2,3\n", "has no headings"),
        ("fda.csv", b"\x00\x01\x02" * 400, "control characters"),
        ("fda.csv", HEADINGS.encode() + b'\n1/1/2024,K240001,"Scan', "is not CSV"),
        ("fda.csv", b"x" * (20 << 20), "MiB"),
        ("fda.xlsx", b"PK\x03\x04 cut", "damaged"),
        ("fda.json", b"{}", "this kind of file is not read"),
        ("fda.csv", b"%PDF-1.7", "holds PDF"),
    ],
)
def test_what_is_no_register_is_one_plain_line(
    tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises((NoRegisterError, UnreadableDocumentError), match=says) as failed:
        opened(path)
    assert "\n" not in str(failed.value)


def test_a_folder_and_a_missing_file_are_one_plain_line(
    tmp_path: Path, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        assert main(["load", "devices", str(path), "--home", str(kept), "--data", str(SMALL)]) == 1
        assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("flags", [["--source", "x y"], ["--published", "soon"]])
def test_what_a_person_says_of_a_file_is_checked(
    tmp_path: Path, kept: Path, capsys: pytest.CaptureFixture[str], flags: list[str]
) -> None:
    path = written(tmp_path, "fda.csv", LIST)
    call = ["load", "devices", str(path), "--home", str(kept), "--data", str(SMALL), *flags]
    assert main(call) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert flags[1] in said


CELL = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["Acme", "Scan", "Hub;Scan", "K240001", "9/9/2024", "9/9/99", "1e9", "=1+1"]),
)


@given(st.lists(st.lists(CELL, max_size=8), max_size=6), st.booleans())
def test_whatever_the_cells_hold_every_row_has_one_outcome(
    tmp_path_factory: pytest.TempPathFactory, cells: list[list[str]], everything: bool
) -> None:
    path = tmp_path_factory.mktemp("devices") / "fda.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write(HEADINGS + "\n")
        csv.writer(file).writerows(cells)
    try:
        devices = opened(path, everything=everything)
    except (NoRegisterError, UnreadableDocumentError):
        return
    outcomes = list(devices.outcomes())
    assert len(outcomes) == len({one.place for one in outcomes})
    assert all(isinstance(one, Kept | LeftOut | Rejected) for one in outcomes)
    found = collected(devices.__class__(devices.source, devices.files, opened(path).lister))
    assert found.rows == len(outcomes)


@given(st.dates(date(1995, 1, 1), date(2094, 12, 31)))
def test_a_day_is_read_as_the_agency_writes_it(day: date) -> None:
    for form in (f"{day.month}/{day.day}/{day.year}", f"{day:%m/%d/%Y}", f"{day:%m/%d/%y}"):
        assert columns.american(form) == day.isoformat()
    assert columns.american(f"{day} 00:00:00") == columns.american(str(day)) == day.isoformat()


def test_names_that_differ_in_more_than_form_are_not_one() -> None:
    assert known.device("BriefCase-Triage") != known.device("BriefCase")
    assert known.device("AVIEW 2") != known.device("AVIEW")
    assert known.company("Scan Company") != known.company("Scanner")
    assert known.company("Limited") == "limited"


REAL = """9/27/2024,K240369,CAC (gated) Algorithm,BunkerHill Health,Radiology,JAK
7/17/2024,K240845,Rayvolve,AZmed SAS,Radiology,QBS
7/12/2024,K241727,BriefCase-Triage,"Aidoc Medical, Ltd.",Radiology,QAS
12/22/2023,K231805,qXR-LN,Qure.ai Technologies,Radiology,MYN
"""


def test_entries_as_published_meet_the_shipped_catalogue(tmp_path: Path) -> None:
    from careatlas import data

    path = written(tmp_path, "fda.csv", f"{HEADINGS}\n{REAL}")
    found = listings(feed([path], Wanted(None, None, False, data.folder())))
    assert {number: one.products for number, one in found.items()} == {
        "K240845": ("azmed/rayvolve",),
        "K241727": (),
        "K231805": ("qure-ai/qxr",),
    }
    assert found["K241727"].unknown[0].candidates[:1] == ("aidoc/aidoc-briefcase",)
