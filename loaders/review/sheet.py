"""A review as a spreadsheet: every proposal a row, and what people fill in read back row by row."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from careatlas.loaders.decision_sheets import Line, SheetError, read_sheet, safe, write_sheet
from careatlas.loaders.decisions import Reviewer, UnknownProposalError
from careatlas.loaders.review.cells import TABLES, codes, columns
from careatlas.loaders.review.decisions import PARTS, Decision, Verdict
from careatlas.loaders.review.naming import UnknownMeaningError
from careatlas.loaders.review.proposals import Proposal, printed
from careatlas.loaders.review.state import (
    TAKEN,
    BadCellsError,
    Review,
)

GIVEN: tuple[Verdict, ...] = ("accept", "change", "reject", "split", "postpone")
"""The verdicts that a row can have."""
FIRST = ("proposal", "verdict", "why", "table", "text")
LAST = ("undecided_names", "confidence", "rule", "locator")
AROUND = 160
"""So many letters of the text stand on each side of what was found."""


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
    known = {"status": "deployments", "answer": "disclosures", "unit": "usage"}
    choices = {column: tuple(codes(table, column)) for column, table in known.items()}
    write_sheet(path, heading(), lines(review, chosen), {"verdict": GIVEN, **choices})


def decisions(path: Path, review: Review, who: Reviewer) -> list[Decision]:
    """The new decisions in a sheet; those that stand already are none.

    Raises:
        SheetError: rows do not fit; each is named with its line.
        UnreadableDocumentError: the file is no sound CSV or XLSX.
    """
    found = read_sheet(path, heading(), ("proposal", "verdict"))
    problems: list[str] = []
    made: dict[str, Decision] = {}
    parts = _parts(found)
    trial = _trial(review, found, parts, who)
    for line in found:
        if not line.chosen("verdict"):
            continue
        try:
            decision = _decision(trial, line, parts, who)
        except (BadCellsError, UnknownMeaningError, UnknownProposalError) as wrong:
            problems.append(f"line {line.number}: {wrong}")
            continue
        if isinstance(decision, str):
            problems.append(f"line {line.number}: {decision}")
        elif line.get("proposal") in made:
            problems.append(f"line {line.number}: {line.get('proposal')} stands twice")
        else:
            made[line.get("proposal")] = decision
    if problems:
        raise SheetError(path, problems)
    return [one for one in made.values() if not review.stands(one)]


def _parts(found: list[Line]) -> dict[str, int]:
    """Into how many parts each proposal is split, by the rows that the sheet has of it."""
    names = [line.get("proposal") for line in found]
    split = (line.get("proposal") for line in found if line.chosen("verdict") == "split")
    return {
        one: sum(re.fullmatch(rf"{re.escape(one)}\.\d+", name) is not None for name in names)
        for one in split
    }


def _trial(review: Review, found: list[Line], parts: Mapping[str, int], who: Reviewer) -> Review:
    """The review as it will be once the splits of the sheet are made, so that their parts are known."""
    trial = Review(review.given, review.log.copied(), review.names)
    for line in found:
        known = trial.by_id.get(line.get("proposal"))
        if known and parts.get(line.get("proposal"), 0) > 1:
            cells = {PARTS: str(parts[line.get("proposal")])}
            trial.imagine(trial.decision(known, "split", who, cells))
    return trial


def _decision(
    review: Review, line: Line, parts: Mapping[str, int], who: Reviewer
) -> Decision | str:
    verdict = next((one for one in GIVEN if one == line.chosen("verdict")), None)
    if verdict is None:
        return f"verdict: {line.chosen('verdict')!r} is none: write {', '.join(GIVEN)}"
    if verdict not in TAKEN:
        return _without_row(review, line, verdict, parts, who)
    one, why = review.get(line.get("proposal")), line.get("why")
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
    review: Review, line: Line, verdict: Verdict, parts: Mapping[str, int], who: Reviewer
) -> Decision | str:
    """A decision by which no row comes of the proposal itself."""
    why = line.get("why")
    stray = next((one for one in review.strays() if one.proposal == line.get("proposal")), None)
    if stray and verdict == "reject":
        # What is no longer found can only be taken out.
        return replace(stray, verdict="reject", by=who.by, on=who.on, cells={}, why=why)
    one = review.get(line.get("proposal"))
    if verdict != "split":
        return review.decision(one, verdict, who, why=why)
    count = parts[one.id]
    if count < 2:  # noqa: PLR2004 - a split has two parts or more
        return f"split: copy the row for each part, and call them {one.id}.1, {one.id}.2"
    return review.decision(one, "split", who, {PARTS: str(count)}, why)


def _as_written(cell: str) -> str:
    """The cell as the tables have it: spreadsheets write true and false in capitals."""
    return cell.lower() if cell in {"TRUE", "FALSE"} else cell
