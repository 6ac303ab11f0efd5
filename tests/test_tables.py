"""Tables: each row becomes a record or a reject with its file, its line and the reason."""

import csv
import io
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careatlas import data
from careatlas.graph.statements import Edition
from careatlas.loaders.tables import (
    CLAIMS,
    REFERENCE,
    Harvest,
    Reject,
    TableError,
    Tally,
    harvest,
    rows,
)

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
Row = dict[str, str]

# For each table: its path in the shipped data, a column of a closed list, one of dates, one with
# a name or a key that must resolve or stand in an IRI; nothing where the table has none.
FOI = "claims/foi-report-2025"
COLUMNS: dict[str, tuple[str, str, str, str]] = {
    "crosswalk.csv": ("method", "", "", "key"),
    "left_out.csv": ("", "", "", ""),
    "reference/regions.csv": ("", "", "", "ods"),
    "reference/icbs.csv": ("", "valid_from", "", "ods"),
    "reference/icb_successions.csv": ("kind", "date", "", "successor"),
    "reference/trusts.csv": ("trust_type", "opened", "", "ods"),
    "reference/organisations.csv": ("kind", "", "", "key"),
    "reference/identifiers.csv": ("", "", "", "key"),
    "reference/groups.csv": ("kind", "effective", "", "member"),
    "reference/networks.csv": ("kind", "", "", "network"),
    "reference/memberships.csv": ("role", "as_of", "", "network"),
    "catalogue/vendors.csv": ("confidence", "", "", "vendor"),
    "catalogue/products.csv": ("capability", "", "", "product"),
    "catalogue/acquisitions.csv": ("kind", "date", "", "target"),
    "catalogue/instruments.csv": ("kind", "starts", "", "instrument"),
    "catalogue/framework_suppliers.csv": ("confidence", "as_of", "", "instrument"),
    "catalogue/studies.csv": ("", "start", "", "study"),
    "catalogue/awards.csv": ("role", "date", "", "award"),
    "catalogue/notices.csv": ("method_kind", "as_of", "", "buyer"),
    f"{FOI}/requests.csv": ("", "sent_on", "", ""),
    f"{FOI}/disclosures.csv": ("answer", "as_at", "trust", ""),
    f"{FOI}/deployments.csv": ("status", "reported", "trust", ""),
    f"{FOI}/usage.csv": ("unit", "period_start", "deployment", ""),
    f"{FOI}/routes.csv": ("route_type", "reported", "intermediary", ""),
    f"{FOI}/aggregates.csv": ("", "", "", ""),
    f"{FOI}/governance.csv": ("state", "", "instrument", ""),
    f"{FOI}/barriers.csv": ("barrier", "", "stated_by", ""),
    f"{FOI}/agreements.csv": ("kind", "announced", "party", ""),
    f"{FOI}/studies.csv": ("role", "period_start", "study", ""),
    "claims/digital-investments/projects.csv": ("state", "planned_start", "organisation", ""),
    f"{FOI}/mentions.csv": ("kind", "", "subject", ""),
    f"{FOI}/workflows.csv": ("use_case", "", "product", ""),
    "claims/public-reports/reports.csv": ("claim", "reported", "subject", "route_key"),
    "claims/conflicts.csv": ("type", "", "", "subject_key"),
}
OWN_KEY = {
    "crosswalk.csv": "printed",
    "catalogue/acquisitions.csv": "key",
    "catalogue/notices.csv": "notice",
    "reference/identifiers.csv": "id",
    "claims/public-reports/reports.csv": "key",
    "claims/conflicts.csv": "key",
}
"""Where the column above is not what tells rows apart: the one that is."""


@dataclass(frozen=True)
class Fault:
    """A way to spoil a row, and what the reject then says."""

    says: str
    spoil: Callable[[Row, str], list[str] | None]
    """The cells of a spoilt row, from a good one and the table's path; nothing where it cannot be."""


def changed(row: Row, column: str, value: str) -> list[str] | None:
    return list((row | {column: value}).values()) if column else None


FAULTS = {
    "unknown concept": Fault(
        r"'no such code' is not in the scheme [a-z-]+: ",
        lambda row, path: changed(row, COLUMNS[path][0], "no such code"),
    ),
    "bad date": Fault(
        "'31/05/2025' is not a date: write 2024, 2024-02, 2024-02-29, 2023/24 or 2024-01/2024-06",
        lambda row, path: changed(row, COLUMNS[path][1], "31/05/2025"),
    ),
    "name not in the crosswalk": Fault(
        r"'Nobody Knows' is not (in the crosswalk as [a-z]+: add|the key of a deployment)",
        lambda row, path: changed(row, COLUMNS[path][2], "Nobody Knows"),
    ),
    "space in a key": Fault(
        "cannot stand in an IRI",
        lambda row, path: changed(
            row | {OWN_KEY[path]: "new"} if path in OWN_KEY else row,
            COLUMNS[path][3],
            "org/two words",
        ),
    ),
    "missing source": Fault("source: ", lambda row, _: changed(row, "source", "")),
    "unknown source": Fault(
        "source: 'nowhere' is not in sources.csv", lambda row, _: changed(row, "source", "nowhere")
    ),
    "missing locator": Fault(
        "locator: Field required", lambda row, _: changed(row, "locator", "  ")
    ),
    "too many cells": Fault(
        r"\d+ cells under \d+ columns", lambda row, _: [*row.values(), "one", "more"]
    ),
    "too few cells": Fault(r"\d+ cells under \d+ columns", lambda row, _: list(row.values())[:-1]),
    "control character": Fault(
        r"the control character '\\x00' stands in a cell",
        lambda row, _: changed(row, "locator", "page\0"),
    ),
    "duplicate key": Fault(
        r"the same key \(.+\) stands at .+\.csv:\d+", lambda row, _: list(row.values())
    ),
}


@dataclass(frozen=True)
class Spoilt:
    """The shipped data with bad rows in every table, and what was read of it."""

    clean: Harvest
    found: Harvest
    lines: dict[tuple[str, str], int]
    """Where the bad row of each table and fault stands."""


def written(cells: list[str]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue()


def spoil(path: Path, name: str) -> Iterator[tuple[tuple[str, str], int]]:
    """Put one bad row of each kind behind the first row that is good for it."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        header, good = list(reader.fieldnames or ()), list(reader)
    fullest = max(good, key=lambda row: sum(bool(cell) for cell in row.values()))
    text = written(header) + written(list(fullest.values()))
    for fault, how in FAULTS.items():
        cells = how.spoil(fullest, name)
        if cells is not None:
            yield (name, fault), text.count("\n") + 1
            text += written(cells)
    text += "".join(written(list(row.values())) for row in good if row is not fullest)
    path.write_text(text, encoding="utf-8")


@pytest.fixture(scope="module")
def spoilt(tmp_path_factory: pytest.TempPathFactory) -> Spoilt:
    folder = tmp_path_factory.mktemp("spoilt") / "data"
    shutil.copytree(data.folder(), folder)
    lines = {place: line for name in COLUMNS for place, line in spoil(folder / name, name)}
    return Spoilt(harvest(data.folder()), harvest(folder), lines)


def cases() -> Iterator[tuple[str, str]]:
    for name, columns in COLUMNS.items():
        needs = dict(zip(FAULTS, columns, strict=False))
        yield from ((name, fault) for fault in FAULTS if needs.get(fault, "always"))


@pytest.mark.parametrize(("table", "fault"), list(cases()))
def test_a_bad_row_is_named_with_file_line_and_reason(
    spoilt: Spoilt, table: str, fault: str
) -> None:
    line = spoilt.lines[table, fault]
    named = [one for one in spoilt.found.rejects if (one.file, one.line) == (table, line)]
    assert len(named) == 1
    assert str(named[0]).startswith(f"{table}:{line}: ")
    assert re.search(FAULTS[fault].says, named[0].reason)
    assert str(named[0]).isprintable()


def test_the_rest_of_every_table_loads(spoilt: Spoilt) -> None:
    assert len(spoilt.found.rejects) == len(spoilt.lines)
    assert set(spoilt.found.quads) == set(spoilt.clean.quads)
    assert len(spoilt.found.records) == len(spoilt.clean.records)
    was = {tally.file: tally for tally in spoilt.clean.tallies}
    bad = Counter(name for name, _ in spoilt.lines)
    for tally in spoilt.found.tallies:
        before = was[tally.file]
        assert tally.records == before.records
        assert tally.rejects == before.rejects + bad[tally.file]
        assert tally.rows == before.rows + bad[tally.file]


def test_every_table_is_spoilt() -> None:
    tables = {"crosswalk.csv", *REFERENCE}
    assert {name for name in COLUMNS if not name.startswith("claims/")} == tables
    claims = {name.rsplit("/", 1)[-1] for name in COLUMNS if name.startswith("claims/")}
    assert claims == set(CLAIMS)


def test_the_shipped_data_has_no_reject(spoilt: Spoilt) -> None:
    assert spoilt.clean.rejects == []
    assert sum(tally.rows for tally in spoilt.clean.tallies) > 4000


# ---- whole tables


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A copy of the small world, to be changed."""
    return Path(shutil.copytree(SMALL_WORLD, tmp_path / "world"))


def append(path: Path, *lines: str) -> int:
    """Add lines to a table; the line that the first of them is on."""
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "".join(f"{line}\n" for line in lines), encoding="utf-8")
    return text.count("\n") + 1


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("bad id,report,T,,,,,,,,,", "'docv/bad id/undated' cannot stand in an IRI"),
        ("codes,report,T,,,,,,,,,", "id: 'codes' stands twice"),
        (",report,T,,,,,,,,,", "id: Field required"),
        ("new,scroll,T,,,,,,,,,", "'scroll' is not in the scheme source-kind"),
        ("new,report,,,,,,,,,,", "title: Field required"),
        ("new,report,T,,,Tuesday,,,,,,", "'Tuesday' is not a date"),
        ("new,report,T,,,,,,,nowhere,,", "derived_from: 'nowhere' is no source"),
        ("new,report,T,,,,,,,,,,,", "14 cells under 12 columns"),
    ],
)
def test_a_bad_source_is_named_and_the_rest_loads(world: Path, line: str, says: str) -> None:
    before = harvest(world)
    at = append(world / "sources.csv", line)
    found = harvest(world)
    assert [(one.file, one.line) for one in found.rejects] == [("sources.csv", at)]
    assert says in found.rejects[0].reason
    assert found.sources == before.sources
    assert len(found.records) == len(before.records)


def test_what_derives_from_a_bad_source_goes_with_it(world: Path) -> None:
    edit(world / "sources.csv", "news,trade-news", "news,scroll")
    found = harvest(world)
    of_sources = [one for one in found.rejects if one.file == "sources.csv"]
    assert [one.reason.split(":")[0] for one in of_sources] == ["kind", "derived_from"]
    assert {"news", "copy"} & set(found.sources) == set()
    assert all(tally.rows == tally.records + tally.rejects for tally in found.tallies)
    assert any("source: 'news' is not in sources.csv" in one.reason for one in found.rejects)


@pytest.mark.parametrize(
    ("file", "line", "says"),
    [
        ("crosswalk.csv", "vendor,New,org,exact,x,,,foi,row 1", "'org' is no key: write its kind"),
        ("crosswalk.csv", "vendor,New,,exact,x,,,foi,row 1", "a match has a key, or its method"),
        ("crosswalk.csv", "ship,New,org/slug/x,exact,x,,,foi,row 1", "kind: Input should be"),
        (
            "claims/foi/workflows.csv",
            "new,,,stroke-imaging,,x,foi,row 1",
            "a workflow belongs to a vendor or a product",
        ),
        (
            "claims/foi/deployments.csv",
            "raa/x,Alder Vale NHS Foundation Trust,,,,,live,x,,,,,,,,,,,foi,row 1",
            "a deployment names a product or a vendor, or describes what it is",
        ),
        (
            "claims/public-reports/reports.csv",
            "N99,Asker,,,deployment,Acme,,,,,,,,,,,,,,weak,,,page,row 1,",
            "a report of a deployment has a status",
        ),
        (
            "claims/public-reports/reports.csv",
            "N99,Asker,,,plan,Acme,,,,live,,,,,,,,,,weak,,,page,row 1,",
            "a report of a deployment has a status",
        ),
        (
            "claims/public-reports/reports.csv",
            "N99,Asker,,,deployment,,,,,live,,,,,,,,,,weak,,,page,row 1,",
            "a deployment names a product or a vendor",
        ),
        (
            "claims/public-reports/reports.csv",
            "N99,Asker,,,plan,Acme,,,,,,,,,,,,,,weak,,,page,row 1,foi;nowhere",
            "source: 'nowhere' is not in sources.csv",
        ),
        (
            "claims/conflicts.csv",
            "C9,t,Scan,,identity,open,a,,nowhere,b,,page,r,low,page,row 1",
            "source: 'nowhere' is not in sources.csv",
        ),
        (
            "claims/foi/usage.csv",
            "raa/x,raa/scan,x,many,2,false,scan,,count,,,,,foi,row 1",
            "min: Input should be a valid decimal",
        ),
        (
            "claims/foi/usage.csv",
            "raa/x,raa/scan,x,NaN,2,perhaps,scan,,count,,,,,foi,row 1",
            "min: Input should be a finite number; approximate: Input should be a valid boolean",
        ),
        (
            "claims/news/routes.csv",
            "raa/x,raa/scan,study,coordinated,TRIAL-ONE,study,x,false,,news,row 1",
            "'raa/scan' is not the key of a deployment of this source",
        ),
        (
            "claims/foi/aggregates.csv",
            "new,m,foi,cohort,2025-13,date,false,,x,foi,row 1",
            "value: bad month number 13",
        ),
    ],
)
def test_what_a_row_cannot_say_is_named(world: Path, file: str, line: str, says: str) -> None:
    at = append(world / file, line)
    found = harvest(world)
    assert [(one.file, one.line) for one in found.rejects] == [(file, at)]
    assert says in found.rejects[0].reason


def test_a_name_written_in_two_ways_for_two_things_is_named(world: Path) -> None:
    append(
        world / "crosswalk.csv",
        "vendor,DELTA,org/slug/acme,exact,x,,,foi,row 1",
        "vendor,Delta,org/slug/beta,exact,x,,,foi,row 1",
    )
    at = append(world / "claims/foi/workflows.csv", "new,delta,,stroke-imaging,,x,foi,row 1")
    found = harvest(world)
    assert [one.line for one in found.rejects] == [at]
    assert "'delta' could be " in found.rejects[0].reason


def test_a_reject_names_the_line_that_the_row_begins_on(world: Path) -> None:
    at = append(
        world / "reference/regions.csv",
        'Y70,"East',
        "of",
        'nothing",,codes,row 1',
        'Y71,"West',
        'of nothing",,nowhere,row 2',
    )
    found = harvest(world)
    assert [(one.file, one.line) for one in found.rejects] == [("reference/regions.csv", at + 3)]
    regions = [getattr(record, "name", "") for record in found.records]
    assert "East\nof\nnothing" in regions


def test_lines_without_a_cell_are_no_rows(world: Path) -> None:
    append(world / "reference/regions.csv", "", ",,,,", "")
    found = harvest(world)
    assert found.rejects == []
    tally = next(one for one in found.tallies if one.file == "reference/regions.csv")
    assert tally == Tally("reference/regions.csv", 2, 2, 0)


def test_a_row_of_blanks_is_a_reject(world: Path) -> None:
    append(world / "reference/regions.csv", " ,  ,,,")
    found = harvest(world)
    assert len(found.rejects) == 1
    assert "source: Field required" in found.rejects[0].reason


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_line_endings_and_a_byte_order_mark_change_nothing(
    world: Path, ending: str, mark: str
) -> None:
    before = harvest(world)
    for path in world.rglob("*.csv"):
        text = mark + path.read_text(encoding="utf-8").replace("\n", ending)
        path.write_bytes(text.encode())
    found = harvest(world)
    assert found.rejects == []
    assert found.quads == before.quads


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "the table is empty: its first line names the columns"),
        (b"\n\n", "the table is empty"),
        (b"ods,name\nY60,N\xf8rth\n", "is not UTF-8 text (byte 14)"),
        ("ods,name\n".encode("utf-16"), "is not UTF-8 text (byte 0)"),
        (b'ods,name\nY60,"North\n', "is not CSV: unexpected end of data"),
        (b'ods,name\nY60,"North"x\n', "is not CSV: "),
        (b"ods,name,ods\n", "its first line names 'ods' more than once"),
        (b"ods,name\nY60," + b"x" * 200_000, "is not CSV: field larger than field limit"),
    ],
)
def test_a_table_that_cannot_be_read_is_one_error_in_one_line(
    world: Path, content: bytes, problem: str
) -> None:
    (world / "reference/regions.csv").write_bytes(content)
    with pytest.raises(TableError) as caught:
        harvest(world)
    assert caught.value.file == "reference/regions.csv"
    assert str(caught.value).startswith(f"reference/regions.csv: {problem}")
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("file", ["sources.csv", "crosswalk.csv", "catalogue/vendors.csv"])
def test_a_missing_table_is_named(world: Path, file: str) -> None:
    (world / file).unlink()
    with pytest.raises(TableError, match="is missing") as caught:
        harvest(world)
    assert caught.value.file.endswith(file)


@pytest.mark.parametrize("file", ["sources.csv", "catalogue/vendors.csv"])
def test_a_folder_in_place_of_a_table_is_no_table(world: Path, file: str) -> None:
    (world / file).unlink()
    (world / file).mkdir()
    with pytest.raises(TableError, match="is missing"):
        harvest(world)


def test_a_document_needs_only_the_tables_that_it_fills(world: Path) -> None:
    (world / "claims/foi/barriers.csv").unlink()
    assert harvest(world).rejects == []


@pytest.mark.parametrize("file", ["more.csv", "reference/towns.csv", "claims/foi/notes.csv"])
def test_a_table_that_no_loader_reads_is_named(world: Path, file: str) -> None:
    (world / file).write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(TableError, match="is not a table that any loader reads") as caught:
        harvest(world)
    assert caught.value.file == file


def test_an_unknown_column_is_named_in_each_row(world: Path) -> None:
    edit(world / "reference/regions.csv", "ods,name,ons_code", "ods,name,colour")
    found = harvest(world)
    of_regions = [one for one in found.rejects if one.file == "reference/regions.csv"]
    assert [one.line for one in of_regions] == [2, 3]
    assert all("colour: Extra inputs are not permitted" in one.reason for one in of_regions)


def test_a_missing_column_is_named_in_each_row(world: Path) -> None:
    edit(world / "reference/regions.csv", "ods,name,ons_code", "ods,title,ons_code")
    reasons = [one.reason for one in harvest(world).rejects if "regions" in one.file]
    assert len(reasons) == 2
    assert all("name: Field required" in reason for reason in reasons)


def test_without_a_date_anywhere_the_day_must_be_given(world: Path) -> None:
    for path in world.rglob("*.csv"):
        header = path.read_text(encoding="utf-8").splitlines()[0]
        path.write_text(f"{header}\n", encoding="utf-8")
    found = harvest(world)
    assert sum(tally.rows for tally in found.tallies) == 0
    with pytest.raises(TableError, match="give the day with --as-of"):
        _ = found.latest


def test_the_latest_day_is_that_of_a_source_or_a_report(world: Path) -> None:
    assert harvest(world).latest.isoformat() == "2025-07-30"
    edit(world / "claims/public-reports/reports.csv", "day,2025-07-30", "day,2026-02")
    assert harvest(world).latest.isoformat() == "2026-02-01"


def test_rows_that_do_not_add_up_are_an_error() -> None:
    assert Tally("x.csv", 3, 2, 1).rows == 3
    with pytest.raises(TableError, match=r"x\.csv: 3 rows in, but 2 \+ 2 out"):
        Tally("x.csv", 3, 2, 2)


def test_a_reject_says_where_and_why() -> None:
    assert str(Reject("a/b.csv", 7, "no")) == "a/b.csv:7: no"


def test_the_editions_of_sources_name_their_version(world: Path) -> None:
    edit(
        world / "sources.csv", "foi,report", f"hashed,report,H,,,2024,,{'ab' * 32},,,,\nfoi,report"
    )
    append(world / "sources.csv", "month,report,M,,,2024-02,,,,,,", "year,report,Y,,,2024,,,,,,")
    versions = {key: edition.version for key, edition in harvest(world).editions.items()}
    assert versions["hashed"] == "ab" * 6
    assert versions["month"] == "2024-02"
    assert versions["year"] == "2024"
    assert versions["foi"] == "2025-05-07"
    assert versions["undated"] == "undated"
    assert isinstance(harvest(world).editions["foi"], Edition)


# ---- any bytes, any cells

ANY = st.one_of(
    st.binary(max_size=200),
    st.text(st.sampled_from('ab1,";\n\r\t \0\ufeffé'), max_size=80).map(str.encode),
)
CELLS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
USUAL = st.sampled_from(["Y60", "North", "codes", "row 1", "", " ", "a;b", 'say "so"', "x\ny"])
TABLE = st.lists(st.lists(st.one_of(CELLS, USUAL), min_size=1, max_size=7), max_size=8)


@given(ANY)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_are_rows_or_one_error(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    problem = ""
    found: list[tuple[int, Row | str]] = []
    try:
        found = list(rows(path, "x.csv"))
    except TableError as error:
        problem = str(error)
    assert problem.isprintable()
    lines = [line for line, _ in found]
    assert lines == sorted(set(lines))
    assert all(line >= 2 for line in lines)


@given(TABLE)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_rows_in_are_records_and_rejects(tmp_path: Path, cells: list[list[str]]) -> None:
    """Whatever the cells hold, no row is lost: it is counted once, and each reject has its place."""
    folder = tmp_path / "world"
    if not folder.exists():
        shutil.copytree(SMALL_WORLD, folder)
    table = folder / "reference" / "regions.csv"
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["ods", "name", "ons_code", "source", "locator"])
        writer.writerows(cells)
    found = harvest(folder)
    tally = next(one for one in found.tallies if one.file == "reference/regions.csv")
    rejects = [one for one in found.rejects if one.file == "reference/regions.csv"]
    assert tally.rows == sum(any(row) for row in cells)
    assert tally.records + len(rejects) == tally.rows
    assert len({one.line for one in rejects}) == len(rejects)
    assert all(str(one).isprintable() for one in rejects)
