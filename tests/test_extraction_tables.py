"""Answers that come as tables, in every kind of file that holds them."""

import csv
from collections.abc import Callable
from pathlib import Path

import docx
import openpyxl
import pytest
from extraction import TRUSTS, catalogue, read, things
from hypothesis import given
from hypothesis import strategies as st
from reportlab.lib.pagesizes import A4, landscape
from reportlab.platypus import SimpleDocTemplate, Table

from careatlas.loaders.extraction import Candidates, extract
from careatlas.loaders.extraction.deployments.counted import counted
from careatlas.loaders.extraction.tables.heads import field
from careatlas.loaders.extraction.wording.columns_said import answer, status
from careatlas.loaders.reading import read as read_file

HEAD = [
    *("Trust", "Uses AI?", "Product", "Supplier", "Status", "Scans per month"),
    *("Procured via", "Since"),
]
ROWS = [
    [TRUSTS[0], "Yes", "Lumo Scan", "Lumo", "Live", "1,200", "Prism Framework", "March 2023"],
    [TRUSTS[1], "Yes", "Quorra Voice", "Quorra", "Pilot", "about 40", "Western Network", ""],
    [TRUSTS[2], "No", "", "", "", "", "", ""],
]


def as_markdown(folder: Path) -> Path:
    """The table in a Markdown file."""
    lines = [HEAD, ["---"] * len(HEAD), *ROWS]
    path = folder / "a.md"
    path.write_text("\n".join(f"| {' | '.join(line)} |" for line in lines), encoding="utf-8")
    return path


def as_csv(folder: Path) -> Path:
    """The table as CSV."""
    path = folder / "a.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([HEAD, *ROWS])
    return path


def as_xlsx(folder: Path) -> Path:
    """The table in a sheet, under a line of its own."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (["Answers received"], [], HEAD, *ROWS):
        sheet.append(row)
    book.save(folder / "a.xlsx")
    return folder / "a.xlsx"


def as_docx(folder: Path) -> Path:
    """The table in a letter."""
    document = docx.Document()
    document.add_paragraph("The answers stand in this table.")
    table = document.add_table(rows=0, cols=len(HEAD))
    for row in (HEAD, *ROWS):
        for cell, said in zip(table.add_row().cells, row, strict=True):
            cell.text = said
    document.save(str(folder / "a.docx"))
    return folder / "a.docx"


def as_html(folder: Path) -> Path:
    """The table in a page."""
    rows = "".join(
        "<tr>" + "".join(f"<{tag}>{said}</{tag}>" for said in row) + "</tr>"
        for tag, row in [("th", HEAD), *(("td", row) for row in ROWS)]
    )
    words = "<p>The answers that came stand in this table, one row for each of the trusts.</p>"
    path = folder / "a.html"
    path.write_text(
        f"<html><body><article><h1>Answers</h1>{words * 3}<table>{rows}</table>{words}</article></body></html>",
        encoding="utf-8",
    )
    return path


@pytest.mark.parametrize("write", [as_markdown, as_csv, as_xlsx, as_docx, as_html])
def test_a_table_says_the_same_in_every_kind_of_file(
    write: Callable[[Path], Path], tmp_path: Path
) -> None:
    one = extract(read_file(write(tmp_path)), catalogue(), "made-up")
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Quorra Voice", "trialling"),
    ]
    assert [(row["trust"], row["answer"]) for row in one.rows("disclosures")] == [
        (TRUSTS[0], "uses"),
        (TRUSTS[1], "uses"),
        (TRUSTS[2], "denies"),
    ]
    numbers = ("min", "approximate", "unit", "per")
    assert [tuple(row[cell] for cell in numbers) for row in one.rows("usage")] == [
        ("1200", "false", "scan", "month"),
        ("40", "true", "scan", "month"),
    ]
    assert [(row["route_type"], row["route"]) for row in one.rows("routes")] == [
        ("framework", "Prism Framework"),
        ("network", "Western Network"),
    ]
    assert one.deployments[0].valid_from == "2023-03"


def test_a_printed_table_is_read_by_its_columns(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    rows = [["Trust", "Product", "Status"], ["Ashvale", "Lumo Scan", "Live"]]
    rows += [["Birchmoor", "Quorra Voice", "Planned"], ["Birchmoor", "Pixon Reader", "Pilot"]]
    page = SimpleDocTemplate(str(path), pagesize=landscape(A4))
    page.build([Table(rows, colWidths=[220, 220, 220])])
    assert things(extract(read_file(path), catalogue(), "made-up")) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Pixon Reader", "trialling"),
    ]


def table(*rows: str) -> Candidates:
    """What a table in Markdown says."""
    head, *rest = rows
    return read("\n".join([head, "|---" * (head.count("|") - 1) + "|", *rest]))


def test_an_empty_cell_below_a_trust_means_the_same_trust() -> None:
    one = table(
        "| Trust | System | Position |",
        "| Ashvale | Lumo Scan | In routine use |",
        "| | Pixon Reader | Under evaluation |",
        "| Birchmoor | None | |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Pixon Reader", "exploring"),
    ]


def test_a_column_for_each_trust_is_read_across() -> None:
    one = table(
        "| Product | Ashvale | Birchmoor |",
        "| Lumo Scan | Live | Planned |",
        "| Quorra Voice | Not used | Pilot |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Quorra Voice", "trialling"),
    ]


def test_a_cell_with_several_trusts_is_a_row_of_each() -> None:
    one = table("| Tool in use | Trusts |", "| Lumo Scan | Ashvale; Birchmoor |")
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Lumo Scan", "live"),
    ]


def test_what_has_no_day_yet_is_not_in_use() -> None:
    head = f"# {TRUSTS[0]}\n\n| Tool | Go-live | Uses in 2024 |\n|---|---|---|\n"
    rows = "| Lumo Scan | 03/2023 | 12,400 |\n| Quorra Voice | TBC | - |\n| Pixon Reader | May 2031 | |\n"
    one = read(head + rows)
    assert things(one) == [("Ashvale", "Lumo Scan", "live")]
    assert one.deployments[0].valid_from == "2023-03"


def test_a_table_without_a_column_of_trusts_is_of_whoever_wrote_it() -> None:
    rows = "| Tool | Stage |\n|---|---|\n| Lumo Scan | Live |\n| Quorra Voice | Decommissioned |\n"
    assert things(read(f"# {TRUSTS[1]}\n\n{rows}")) == [
        ("Birchmoor", "Lumo Scan", "live"),
        ("Birchmoor", "Quorra Voice", "ended"),
    ]
    assert things(read(rows)) == []


def test_a_comment_tells_what_the_other_cells_leave_out() -> None:
    one = table(
        "| Trust | AI in use? | Comments |",
        "| Ashvale | Yes | Lumo Scan for stroke CT; Quorra Voice being trialled |",
        "| Birchmoor | No | Considering Pixon Reader |",
        "| Elmford and Dunmere | Yes | Names withheld under section 31 |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Quorra Voice", "trialling"),
        ("Birchmoor", "Pixon Reader", "exploring"),
    ]
    assert [
        (row["answer"], row["detail"], row["exemption"]) for row in one.rows("disclosures")
    ] == [
        ("uses", "", ""),
        ("denies", "", ""),
        ("uses", "refused", "s31"),
    ]


def test_a_table_of_numbers_of_trusts_says_nothing_of_any() -> None:
    one = table("| Vendor | Trust presence |", "| Lumo | 16 |", "| Pixon | 12 |", "| Total | 28 |")
    assert (one.deployments, one.disclosures) == ([], [])


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("In routine use", "live"),
        ("Live since March 2023", "live"),
        ("Pilot in two clinics", "trialling"),
        ("Rolling out", "implementing"),
        ("Under evaluation", "exploring"),
        ("Contract signed", "procured"),
        ("On hold", "paused"),
        ("Decommissioned", "ended"),
        ("Installed, not used", "deployed-not-used"),
        ("Research only", "research-only"),
        ("Planned for 2026", ""),
        ("Not in use", ""),
        ("Business case in progress", ""),
        ("Pilot planned", ""),
        ("Awaiting funding", ""),
        ("Green", None),
    ],
)
def test_a_cell_says_how_far_something_is(said: str, code: str | None) -> None:
    assert status(said) == code


@given(
    st.sampled_from(["planned", "proposed", "not yet", "awaiting", "due", "expected", "hoped for"]),
    st.sampled_from(["live", "in use", "pilot", "trial", "go-live", "deployed"]),
    st.booleans(),
)
def test_no_cell_that_speaks_of_what_is_to_come_is_live(
    coming: str, word: str, after: bool
) -> None:
    words = (word, coming) if after else (coming, word)
    assert status(" ".join(words)) in {"", "implementing"}


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Name of Trust", "trust"),
        ("Do you use AI?", "answer"),
        ("AI product", "product"),
        ("Supplier name", "vendor"),
        ("Current status", "status"),
        ("Number of scans (2023/24)", "usage"),
        ("How was it bought?", "route"),
        ("Go-live date", "since"),
        ("Trust presence", ""),
        ("Colour", ""),
    ],
)
def test_a_column_is_known_by_the_words_of_its_head(head: str, kind: str) -> None:
    assert field(head) == kind


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("Y", ("uses", "", "")),
        ("No", ("denies", "", "")),
        ("No reply", ("no-response", "", "")),
        ("Refused (s31)", ("uses", "refused", "s31")),
        ("Unable to say", ("uses", "unable-to-specify", "")),
        ("Perhaps", ("", "", "")),
    ],
)
def test_a_cell_says_what_was_answered(said: str, expected: tuple[str, str, str]) -> None:
    assert answer(said) == expected


@pytest.mark.parametrize(
    ("said", "head", "period", "expected"),
    [
        ("1,204", "Number of scans in 2023/24", "", (1204, "scan", "", "2023-04-01")),
        ("118", "Uses per month", "", (118, "use", "month", "")),
        ("4,100", "Annual scans", "", (4100, "scan", "year", "")),
        ("900 X-rays", "Volume", "2024/25", (900, "x-ray", "", "2024-04-01")),
        ("30 patients a week", "Volume", "", (30, "patient", "week", "")),
        ("57", "Usage", "", (57, "use", "", "")),
    ],
)
def test_a_number_counts_what_its_head_says(
    said: str, head: str, period: str, expected: tuple[int, str, str, str]
) -> None:
    amount = counted(said, head, period)
    assert amount is not None
    assert (amount.low, amount.unit, amount.per, amount.period[0]) == expected


@given(
    st.lists(
        st.lists(st.sampled_from([*HEAD, "Lumo", "yes", "|", "", "12", *TRUSTS]), max_size=6),
        max_size=6,
    )
)
def test_no_table_stops_the_extractor(rows: list[list[str]]) -> None:
    one = read("\n".join(f"| {' | '.join(row)} |" for row in rows))
    assert all(row["locator"] for kind in ("deployments", "usage") for row in one.rows(kind))
