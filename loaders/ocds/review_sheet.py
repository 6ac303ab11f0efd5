"""The review of notices as a spreadsheet: a row for each notice and party, read back row by row."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from careatlas.loaders.decision_sheets import Line, SheetError, read_sheet, safe, write_sheet
from careatlas.loaders.decisions import Reviewer, UnknownProposalError
from careatlas.loaders.ocds.decisions import DECISIONS, IS, Ruling, printable, proposal
from careatlas.loaders.ocds.review import Item, Notice, Review, UntakenError

FILLED = ("kind", "key", "decision", "means", "why")
TOLD = (
    *("rules", "title", "buyer", "suppliers", "value", "latest", "text", "links"),
    *("printed", "identifiers", "roles", "notices", "nearest"),
)
HEADING = (*FILLED, *TOLD)
_MOST_SHOWN = 5
"""Notices of a party, or links of a notice, that stand in a cell: it must not grow without end."""
CHOICES = tuple(dict.fromkeys(one for many in DECISIONS.values() for one in many))


def told(review: Review, one: Item) -> dict[str, str]:
    """What a person has to know to decide, by column."""
    if isinstance(one, Notice):
        process = one.process
        return {
            "rules": one.rule,
            "title": process.title,
            "buyer": process.buyer,
            "suppliers": process.suppliers or "",
            "value": one.value,
            "latest": one.latest,
            "text": one.text,
            "links": " ".join(one.links[:_MOST_SHOWN]),
        }
    named = [f"{each.key} {each.process.title}" for each in one.notices[:_MOST_SHOWN]]
    more = [f"and {len(one.notices) - len(named)} more"] if len(one.notices) > len(named) else []
    return {
        "rules": one.rule,
        "printed": one.party.printed,
        "identifiers": "; ".join(one.party.identifiers),
        "roles": ", ".join(one.roles),
        "notices": "; ".join([*named, *more]),
        "nearest": " | ".join(map(review.called, one.party.candidates)),
    }


def write(path: Path, review: Review, chosen: Sequence[Item]) -> None:
    """Write the sheet as CSV or, if the name ends so, as XLSX with a list to choose from.

    Raises:
        OSError: it cannot be written.
    """
    write_sheet(path, HEADING, _rows(review, chosen), {"decision": CHOICES})


def _rows(review: Review, chosen: Sequence[Item]) -> Iterator[list[str]]:
    for one in chosen:
        ruling = review.decisions.get(one.id)
        cells = {"kind": one.kind, "key": one.key, **told(review, one)}
        if ruling:
            cells |= {"decision": ruling.decision, "means": ruling.means, "why": ruling.why}
        yield [safe(printable(cells.get(column, ""))) for column in HEADING]


def decisions(path: Path, review: Review, who: Reviewer) -> list[Ruling]:
    """The new decisions in a sheet; those that stand already are none.

    Raises:
        SheetError: rows do not fit; each is named with its line.
        UnreadableDocumentError: the file is no sound CSV or XLSX.
    """
    problems: list[str] = []
    made: dict[str, Ruling] = {}
    for line in read_sheet(path, HEADING, ("kind", "key", "decision")):
        try:
            ruling = _ruling(review, line, who)
        except (UntakenError, UnknownProposalError) as wrong:
            problems.append(f"line {line.number}: {wrong}")
            continue
        if ruling and ruling.proposal in made:
            problems.append(f"line {line.number}: {ruling.proposal} stands twice")
        elif ruling:
            made[ruling.proposal] = ruling
    if problems:
        raise SheetError(path, problems)
    return [one for one in made.values() if not review.stands(one)]


def _ruling(review: Review, line: Line, who: Reviewer) -> Ruling | None:
    decision = line.chosen("decision")
    if not decision:
        if line.get("means").strip():
            raise UntakenError(f"decision: is empty, though means is filled: write {IS!r}")
        return None
    one = review.get(proposal(line.chosen("kind"), line.get("key")))
    return review.decision(one, decision, who, line.get("why"), line.get("means"))
