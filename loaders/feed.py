"""What a loader of a register or feed gives: one outcome for each row, and what the source is."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from careatlas.graph.lines import Lines
from careatlas.graph.records import Record
from careatlas.graph.sources import Source
from careatlas.graph.statements import Edition, Statements
from careatlas.loaders.said import Said, Saying, digest


@dataclass(frozen=True)
class Kept:
    """A row that became records."""

    place: str
    """The file and the place in it, as in `etr.csv:12`."""
    records: tuple[Record, ...]
    proposals: tuple[str, ...] = ()
    """Things that it seems to speak of and the catalogue lacks, each in a line for a person."""


@dataclass(frozen=True)
class LeftOut:
    """A row that is sound, and that the graph is not about."""

    place: str
    reason: str
    """The same words for all rows of a kind, so that they can be counted."""


@dataclass(frozen=True)
class Rejected:
    """A row that could not be read, or does not hold."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass(frozen=True)
class PassedOver:
    """A column whose heading means nothing to the loader: no row, but not to be lost in silence either."""

    where: str
    heading: str

    def __str__(self) -> str:
        shown = f"{self.heading[:60]}{'…' if self.heading[60:] else ''}"
        return f"the column {shown!r} of {self.where}"


Outcome = Kept | LeftOut | Rejected


@dataclass(frozen=True)
class Wanted:
    """What a person says of the files that are to be read."""

    source: str | None
    """The id of the source, else the one that the kind of the files gives."""
    published: str | None
    """When they came out, where they do not say so themselves."""
    everything: bool
    """Keep what the graph is not about, too."""
    tables: Path
    """The folder of curated tables, for the names and codes that they know."""
    decisions: Path | None = None
    """The table of what people decided."""
    tell: Callable[[str], None] = lambda _: None
    """Says a line to the person, beside what becomes of each row."""


class Feed(Protocol):
    """Files of one kind, read as one source."""

    source: Source
    """What they are together; `sha256` is that of their bytes."""

    def outcomes(self) -> Iterator[Outcome | PassedOver]:
        """What becomes of each row, in the order of the files, and which columns are passed over."""


@dataclass
class Collected:
    """What a feed gave: its statements, and an account of every row."""

    quads: Lines
    """Empty where nothing was to be kept."""
    rows: int = 0
    records: int = 0
    left_out: Counter[str] = field(default_factory=Counter)
    rejects: list[Rejected] = field(default_factory=list)
    proposals: list[str] = field(default_factory=list)
    passed_over: list[str] = field(default_factory=list)
    """Columns whose headings mean nothing to the loader, each once."""


def collect(
    feed: Feed, editions: dict[str, Edition], *, keep: bool = True, folder: Path | None = None
) -> Collected:
    """Read a feed whole, with its source's own description among the statements.

    A row whose records cannot be stated is a reject, as one is whose claim another row makes with other words.
    What is too much for memory waits in the folder; where nothing is to be kept, all is only checked.

    Raises:
        OSError: the folder has no room.
    """
    edition = feed.source.edition
    known = editions | {edition.source: edition}
    found = Collected(Lines(folder))
    if keep:
        found.quads.add(map(str, feed.source.quads(known)))
    with closing(Said()) as said:
        for outcome in feed.outcomes():
            if isinstance(outcome, PassedOver):
                found.passed_over.append(str(outcome))
                continue
            found.rows += 1
            if isinstance(outcome, LeftOut):
                found.left_out[outcome.reason] += 1
            elif isinstance(outcome, Rejected):
                found.rejects.append(outcome)
            else:
                lines = _state(outcome, Statements(edition, known), found, said)
                found.quads.add(lines if keep else ())
    return found


def _state(kept: Kept, to: Statements, found: Collected, said: Said) -> list[str]:
    """The statements of a row, if it holds."""
    lines: list[str] = []
    fresh = {}
    for record in kept.records:
        start = len(lines)
        try:
            record.describe(to)
        except ValueError as error:
            found.rejects.append(Rejected(kept.place, str(error)))
            return []
        lines += map(str, to.quads[start:])
        stated = digest(lines[start:])
        before = said.get(record.claim_key) or Saying(kept.place, stated)
        if before.digest != stated:
            reason = (
                f"the same key ({record.row_key}) stands at {before.place}, and says something else"
            )
            found.rejects.append(Rejected(kept.place, reason))
            return []
        fresh[record.claim_key] = before
    said.add(fresh)
    found.records += 1
    found.proposals += kept.proposals
    return lines
