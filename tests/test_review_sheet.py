"""The review as a spreadsheet: what is written reads back the same, and only whole sheets are taken in."""

import csv
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reviews import built, document, found, names, table

from careatlas.graph.release import Release
from careatlas.loaders.decision_sheets import SheetError, safe, unsafe
from careatlas.loaders.decisions import Reviewer
from careatlas.loaders.extraction import Gazetteer
from careatlas.loaders.reading import UnreadableDocumentError
from careatlas.loaders.review import Log, Review, proposed, sheet

ADA = Reviewer("Ada", "2026-03-10", "abc")


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small world with names to find."""
    return built(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def known(release: Release) -> Gazetteer:
    """Its names."""
    return names(release)


@pytest.fixture
def review(tmp_path: Path, known: Gazetteer) -> Review:
    """A review of the document with nothing decided."""
    given = proposed(found(document(tmp_path), known), known)
    return Review(given, Log(tmp_path / "x.decisions.csv"), known)


def written(review: Review, path: Path) -> list[dict[str, str]]:
    sheet.write(path, review, review.items)
    return table(path)


def save(path: Path, rows: list[dict[str, str]], columns: list[str] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns or list(rows[0]), extrasaction="ignore")
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_a_sheet_has_a_row_for_each_proposal_with_its_text(review: Review, tmp_path: Path) -> None:
    rows = written(review, tmp_path / "out.csv")
    assert [row["proposal"] for row in rows] == [one.id for one in review.items]
    pilot = next(row for row in rows if row["status"] == "trialling")
    assert "[[Zephyrline ChestGuard]]" in pilot["text"]
    assert pilot["undecided_names"].startswith("Zephyrline ChestGuard (")
    assert {row["verdict"] for row in rows} == {""}
    assert (tmp_path / "out.csv").read_bytes().startswith(b"\xef\xbb\xbf")


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_an_untouched_sheet_decides_nothing(review: Review, tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"out.{ending}"
    sheet.write(path, review, review.items)
    assert sheet.decisions(path, review, ADA) == []


def test_verdicts_and_changed_cells_are_taken_in(review: Review, tmp_path: Path) -> None:
    rows = written(review, tmp_path / "out.csv")
    for row in rows:
        row["verdict"] = {"usage": "accept", "routes": "Reject "}.get(row["table"], "")
        row["approximate"] = row["approximate"].upper()
        if row["status"] == "trialling":
            row |= {"verdict": "accept", "product_is": "?", "why": "as printed"}
        if row["table"] == "usage":
            row |= {"period_start": "", "period_end": "", "precision": "undated"}
    made = sheet.decisions(save(tmp_path / "in.csv", rows), review, ADA)
    assert [(one.verdict, dict(one.cells), one.why) for one in made] == [
        ("change", {"period_start": "", "period_end": "", "precision": "undated"}, ""),
        ("reject", {}, ""),
        ("change", {"product_is": "?"}, "as printed"),
    ]
    review.record(*made)
    assert [one.rule for one in made] == [review.get(one.proposal).found.rule for one in made]
    assert review.cells(review.get(made[0].proposal)).get("period_start") is None
    assert sheet.decisions(tmp_path / "in.csv", review, ADA) == []
    again = written(review, tmp_path / "again.csv")
    assert [row["verdict"] for row in again if row["verdict"]] == ["change", "reject", "change"]


def test_an_xlsx_has_lists_to_choose_from_and_texts_alone(review: Review, tmp_path: Path) -> None:
    path = tmp_path / "out.xlsx"
    sheet.write(path, review, review.items)
    book = openpyxl.load_workbook(path)
    one = book["review"]
    rules = {str(rule.sqref): str(rule.formula1) for rule in one.data_validations.dataValidation}
    assert rules["B2:B10"] == '"accept,change,reject,split,postpone"'
    assert any("trialling" in formula for formula in rules.values())
    assert {cell.data_type for row in one.iter_rows() for cell in row if cell.value} == {"s"}
    one["B2"] = "accept"
    book.save(path)
    made = sheet.decisions(path, review, ADA)
    assert [(d.proposal, d.verdict) for d in made] == [(review.items[0].id, "accept")]


def test_a_split_is_rows_that_were_copied(review: Review, tmp_path: Path) -> None:
    rows = written(review, tmp_path / "out.csv")
    pilot = next(row for row in rows if row["status"] == "trialling")
    parts = [
        pilot | {"proposal": f"{pilot['proposal']}.{n}", "verdict": "accept", "product": name}
        for n, name in ((1, "Zephyrline"), (2, "ChestGuard"))
    ]
    pilot["verdict"] = "split"
    made = sheet.decisions(save(tmp_path / "in.csv", [*rows, *parts]), review, ADA)
    assert [one.verdict for one in made] == ["split", "change", "change"]
    review.record(*made)
    assert [review.cells(one)["product"] for one in review.taken()] == ["Zephyrline", "ChestGuard"]
    again = sheet.decisions(save(tmp_path / "in.csv", [*rows, *parts]), review, ADA)
    assert again == []


def test_every_row_that_does_not_fit_is_named_and_none_is_taken(
    review: Review, tmp_path: Path
) -> None:
    rows = written(review, tmp_path / "out.csv")
    for row in rows:
        row["verdict"] = "accept"
    rows[0]["proposal"] = "disclosures-0"
    rows[1]["status"] = "alive"
    rows[2]["verdict"] = "perhaps"
    rows[3]["verdict"] = "split"
    rows[4]["status"] = "live"
    rows[5]["product_is"] = "Lumos"
    rows[8] = dict(rows[7])
    with pytest.raises(SheetError) as caught:
        sheet.decisions(save(tmp_path / "in.csv", rows), review, ADA)
    said = caught.value.problems
    assert [line.partition(":")[0] for line in said] == [
        f"line {n}" for n in (2, 3, 4, 5, 6, 7, 10)
    ]
    for line, words in zip(
        said,
        (
            "disclosures-0 is no proposal of this document",
            "status: 'alive' is not in the scheme",
            "verdict: 'perhaps' is none: write accept, change, reject, split, postpone",
            "split: copy the row for each part, and call them ",
            "status: the table disclosures has no such column",
            "product_is: nothing is called 'Lumos'",
            "stands twice",
        ),
        strict=True,
    ):
        assert words in line
    assert str(caught.value) == "nothing was taken in from in.csv, for 7 rows do not fit: see above"
    assert caught.value.__notes__[0].count("\n") == 7
    assert review.log.made == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a,b\n1,2\n", "line 1: the column proposal is missing"),
        ("proposal,verdict,colour\nx,accept,red\n", "line 1: there is no column 'colour'"),
        ("proposal,verdict\nx,accept,live\n", "line 2: 3 cells under 2 columns"),
        ("", "it is empty: begin with --to-csv"),
    ],
)
def test_a_table_that_is_no_sheet_of_decisions_is_named(
    review: Review, tmp_path: Path, text: str, says: str
) -> None:
    path = tmp_path / "in.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SheetError) as caught:
        sheet.decisions(path, review, ADA)
    assert caught.value.problems == [says]


def test_columns_that_are_left_out_stay_as_found(review: Review, tmp_path: Path) -> None:
    rows = written(review, tmp_path / "out.csv")
    for row in rows:
        row["verdict"] = "accept"
    path = save(tmp_path / "in.csv", rows, ["verdict", "proposal"])
    made = sheet.decisions(path, review, ADA)
    assert {(one.verdict, bool(one.cells)) for one in made} == {("accept", False)}
    assert len(made) == len(review.items)


def test_semicolons_and_other_encodings_of_spreadsheet_programs_are_read(
    review: Review, tmp_path: Path
) -> None:
    path = tmp_path / "in.csv"
    lines = [f"{one.id};accept;caf\xe9" for one in review.items]
    path.write_bytes("\r\n".join(["proposal;verdict;why", *lines]).encode("cp1252"))
    made = sheet.decisions(path, review, ADA)
    assert {one.why for one in made} == {"caf\xe9"}


def test_a_file_that_is_no_table_is_one_error(review: Review, tmp_path: Path) -> None:
    path = tmp_path / "in.xlsx"
    path.write_bytes(b"PK\x03\x04 not really")
    with pytest.raises(UnreadableDocumentError, match=r"in\.xlsx"):
        sheet.decisions(path, review, ADA)


@given(st.text(max_size=30))
def test_no_cell_is_a_formula_and_each_reads_back_the_same(cell: str) -> None:
    assert unsafe(safe(cell)) == cell
    assert not safe(cell).startswith(("=", "+", "-", "@", "\t", "\r"))


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_a_name_that_looks_like_a_formula_stays_a_name(
    review: Review, tmp_path: Path, ending: str
) -> None:
    pilot = next(one for one in review.items if one.cells.get("status") == "trialling")
    nasty = '=HYPERLINK("x")'
    review.decide(pilot, "change", ADA, {"product": nasty, "site": "'-5"})
    path = tmp_path / f"out.{ending}"
    sheet.write(path, review, review.items)
    if ending == "csv":
        assert next(r for r in table(path) if r["status"] == "trialling")["product"] == f"'{nasty}"
    assert sheet.decisions(path, review, ADA) == []
    review.undo(ADA)
    (made,) = sheet.decisions(path, review, ADA)
    assert made.cells == {"product": nasty, "site": "'-5"}


WORDS = (
    "Uses",
    "Lumo Scan",
    "=1+1",
    "\x1b[2J",
    "'-x",
    "**",
    "|",
    ";",
    "12 scans in 2025",
    "\ufffe",
    "&",
    "\u202e",
)


@given(st.lists(st.sampled_from(WORDS), max_size=9))
@settings(
    max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_whatever_a_document_holds_its_sheet_reads_back(
    tmp_path: Path, known: Gazetteer, words: list[str]
) -> None:
    text = f"## Trusts that use AI\n\n- **Brook Hospitals NHS Trust**: Uses {' '.join(words)}.\n"
    review = Review(
        proposed(found(document(tmp_path, text), known), known), Log(tmp_path / "none.csv"), known
    )
    assert all(
        cell.isprintable() or "\u202e" in cell
        for one in review.items
        for cell in one.cells.values()
    )
    for ending in ("csv", "xlsx"):
        path = tmp_path / f"any.{ending}"
        sheet.write(path, review, review.items)
        assert sheet.decisions(path, review, ADA) == []
        rows = table(path) if ending == "csv" else []
        assert len(rows) in {0, len(review.items)}
    for one in review.items:
        review.imagine(review.decision(one, "postpone", ADA))
    sheet.write(tmp_path / "any.csv", review, review.items)
    assert sheet.decisions(tmp_path / "any.csv", review, ADA) == []
