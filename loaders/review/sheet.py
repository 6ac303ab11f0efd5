"""A review as a spreadsheet: every proposal a row, and what people fill in read back row by row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from careatlas.graph.table import write_csv
from careatlas.loaders.reading import read_cells
from careatlas.loaders.review.cells import TABLES, codes, columns
from careatlas.loaders.review.decisions import PARTS, Decision, Verdict
from careatlas.loaders.review.naming import UnknownMeaningError
from careatlas.loaders.review.proposals import Proposal, printed
from careatlas.loaders.review.state import (
    TAKEN,
    BadCellsError,
    Review,
    Reviewer,
    UnknownProposalError,
)

GIVEN: tuple[Verdict, ...] = ("accept", "change", "reject", "split", "postpone")
"""The verdicts that a row can have."""
FIRST = ("proposal", "verdict", "why", "table", "text")
LAST = ("undecided_names", "confidence", "rule", "locator")
_RISKY = re.compile(r"'*[=+\-@\t\r]")
AROUND = 160
"""So many letters of the text stand on each side of what was found."""


class SheetError(ValueError):
    """A spreadsheet of decisions that does not fit its document; nothing of it was taken in."""

    def __init__(self, file: Path, problems: list[str]) -> None:
        super().__init__(file, problems)
        self.file = file
        self.problems = problems
        self.add_note("".join(f"{file.name}: {problem}\n" for problem in problems))

    def __str__(self) -> str:
        rows = "a row does" if len(self.problems) == 1 else f"{len(self.problems)} rows do"
        return f"nothing was taken in from {self.file.name}, for {rows} not fit: see above"


def safe(cell: str) -> str:
    """The cell so that no spreadsheet program takes it for a formula.

    >>> safe("=1+1"), safe("'-x"), safe("plain")
    ("'=1+1", "''-x", 'plain')
    """
    return f"'{cell}" if _RISKY.match(cell) else cell


def unsafe(cell: str) -> str:
    """The cell as it was before it was made safe.

    >>> unsafe("'=1+1"), unsafe("'quoted'")
    ('=1+1', "'quoted'")
    """
    return cell[1:] if cell.startswith("'") and _RISKY.match(cell) else cell


def heading() -> list[str]:
    """The columns of the sheet."""
    cells = dict.fromkeys(name for table in TABLES for name in columns(table))
    return [*FIRST, *cells, *LAST]


def lines(review: Review, chosen: list[Proposal]) -> Iterator[list[str]]:
    """A row of the sheet for each proposal."""
    for one in chosen:
        decision = review.decisions.get(one.id)
        cells = review.cells(one)
        told = {
            **cells,
            "proposal": one.id,
            "verdict": decision.verdict if decision else "",
            "why": decision.why if decision else "",
            "table": one.table,
            "text": context(one),
            "undecided_names": "; ".join(
                f"{name.printed} ({' | '.join(name.nearest) or 'new'})"
                for name in review.undecided_names(one)
            ),
            "confidence": f"{one.found.confidence:.2f}",
            "rule": one.found.rule,
            "locator": one.place,
        }
        yield [safe(told.get(name, "")) for name in heading()]


def context(one: Proposal, around: int = AROUND) -> str:
    """The words that were found, marked, with some of the text on both sides."""
    found, text = one.found, one.found.passage.text
    start, end = found.start - found.passage.start, found.end - found.passage.start
    before, after = printed(text[max(0, start - around) : start]), text[end : end + around]
    left = "…" if start > around else ""
    right = "…" if len(text) > end + around else ""
    return f"{left}{before} [[{printed(text[start:end])}]] {printed(after)}{right}".strip()


def write(path: Path, review: Review, chosen: list[Proposal]) -> None:
    """Write the sheet as CSV or, if the name ends so, as XLSX with lists to choose from.

    Raises:
        OSError: it cannot be written.
    """
    if path.suffix.lower() == ".xlsx":
        _write_xlsx(path, list(lines(review, chosen)))
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write_csv(file, heading(), lines(review, chosen))


def _write_xlsx(path: Path, rows: list[list[str]]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation
    from openpyxl.worksheet.worksheet import Worksheet

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "review"
    for number, row in enumerate([heading(), *rows], 1):
        for at, value in enumerate(row, 1):
            cell = sheet.cell(number, at, value or None)
            # A text stays one, whatever it begins with.
            if value:
                cell.data_type = "s"
            cell.number_format = "@"
            cell.font = Font(bold=number == 1)
    sheet.freeze_panes = "C2"
    last = max(len(rows) + 1, 2)

    def choose(column: str, options: tuple[str, ...], on: Worksheet = sheet) -> None:
        letter = get_column_letter(heading().index(column) + 1)
        rule = DataValidation("list", formula1=f'"{",".join(options)}"', allow_blank=True)
        on.add_data_validation(rule)
        rule.add(f"{letter}2:{letter}{last}")

    choose("verdict", GIVEN)
    for table, column in (("deployments", "status"), ("disclosures", "answer"), ("usage", "unit")):
        choose(column, tuple(codes(table, column)))
    book.save(path)


@dataclass(frozen=True)
class _Line:
    number: int
    cells: Mapping[str, str]

    @property
    def proposal(self) -> str:
        return self.cells.get("proposal", "")

    @property
    def verdict(self) -> str:
        return self.cells.get("verdict", "").strip().lower()


def decisions(path: Path, review: Review, who: Reviewer) -> list[Decision]:
    """The new decisions in a sheet; those that stand already are none.

    Raises:
        SheetError: rows do not fit; each is named with its line.
        UnreadableDocumentError: the file is no sound CSV or XLSX.
    """
    found = _lines(path)
    problems: list[str] = []
    made: dict[str, Decision] = {}
    parts = _parts(found)
    trial = _trial(review, found, parts, who)
    for line in found:
        if not line.verdict:
            continue
        try:
            decision = _decision(trial, line, parts, who)
        except (BadCellsError, UnknownMeaningError, UnknownProposalError) as wrong:
            problems.append(f"line {line.number}: {wrong}")
            continue
        if isinstance(decision, str):
            problems.append(f"line {line.number}: {decision}")
        elif line.proposal in made:
            problems.append(f"line {line.number}: {line.proposal} stands twice")
        else:
            made[line.proposal] = decision
    if problems:
        raise SheetError(path, problems)
    return [one for one in made.values() if not _stands(review.decisions.get(one.proposal), one)]


def _lines(path: Path) -> list[_Line]:
    book = read_cells(path)
    grid = next(iter(book.sheets), None)
    if grid is None or not grid.rows:
        raise SheetError(path, ["it is empty: begin with --to-csv"])
    (_, top), *rest = grid.rows
    names = [cell.text for cell in top]
    missing = [name for name in ("proposal", "verdict") if name not in names]
    unknown = [name for name in names if name not in heading()]
    if missing:
        raise SheetError(path, [f"line 1: the column {missing[0]} is missing"])
    if unknown:
        raise SheetError(path, [f"line 1: there is no column {unknown[0]!r}"])
    found, faults = [], []
    for number, row in rest:
        faults += [f"line {number}: a cell {cell.fault}" for cell in row if cell.fault]
        texts = [unsafe(cell.text) for cell in row]
        if len(texts) > len(names):
            faults.append(f"line {number}: {len(texts)} cells under {len(names)} columns")
        found.append(_Line(number, dict(zip(names, texts, strict=False))))
    if faults:
        raise SheetError(path, faults)
    return found


def _parts(found: list[_Line]) -> dict[str, int]:
    """Into how many parts each proposal is split, by the rows that the sheet has of it."""
    names = [line.proposal for line in found]
    split = (line.proposal for line in found if line.verdict == "split")
    return {
        one: sum(re.fullmatch(rf"{re.escape(one)}\.\d+", name) is not None for name in names)
        for one in split
    }


def _trial(review: Review, found: list[_Line], parts: Mapping[str, int], who: Reviewer) -> Review:
    """The review as it will be once the splits of the sheet are made, so that their parts are known."""
    trial = Review(review.given, review.log.copied(), review.names)
    for line in found:
        known = trial.by_id.get(line.proposal)
        if known and parts.get(line.proposal, 0) > 1:
            cells = {PARTS: str(parts[line.proposal])}
            trial.imagine(trial.decision(known, "split", who, cells))
    return trial


def _decision(
    review: Review, line: _Line, parts: Mapping[str, int], who: Reviewer
) -> Decision | str:
    verdict = next((one for one in GIVEN if one == line.verdict), None)
    if verdict is None:
        return f"verdict: {line.verdict!r} is none: write {', '.join(GIVEN)}"
    if verdict not in TAKEN:
        return _without_row(review, line, verdict, parts, who)
    one, why = review.get(line.proposal), line.cells.get("why", "")
    cells = {name: _as_written(line.cells.get(name, "")) for name in columns(one.table)}
    absent = [name for name in columns(one.table) if name not in line.cells]
    cells |= {name: one.cells.get(name, "") for name in absent}
    foreign = [
        name
        for name, cell in line.cells.items()
        if cell and name not in {*columns(one.table), *FIRST, *LAST}
    ]
    if foreign:
        return f"{foreign[0]}: the table {one.table} has no such column"
    changed = review.changed(one, cells)
    return review.decision(one, "change" if changed else "accept", who, changed, why)


def _without_row(
    review: Review, line: _Line, verdict: Verdict, parts: Mapping[str, int], who: Reviewer
) -> Decision | str:
    """A decision by which no row comes of the proposal itself."""
    why = line.cells.get("why", "")
    stray = next((one for one in review.strays() if one.proposal == line.proposal), None)
    if stray and verdict == "reject":
        # What is no longer found can only be taken out.
        return replace(stray, verdict="reject", by=who.by, on=who.on, cells={}, why=why)
    one = review.get(line.proposal)
    if verdict != "split":
        return review.decision(one, verdict, who, why=why)
    count = parts[one.id]
    if count < 2:  # noqa: PLR2004 - a split has two parts or more
        return f"split: copy the row for each part, and call them {one.id}.1, {one.id}.2"
    return review.decision(one, "split", who, {PARTS: str(count)}, why)


def _as_written(cell: str) -> str:
    """The cell as the tables have it: spreadsheets write true and false in capitals."""
    return cell.lower() if cell in {"TRUE", "FALSE"} else cell


def _stands(before: Decision | None, now: Decision) -> bool:
    return before is not None and (before.verdict, dict(before.cells), before.why) == (
        now.verdict,
        dict(now.cells),
        now.why,
    )
