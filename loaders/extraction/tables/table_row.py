"""One row of a table: what its cells hold, and how far along it says that things are."""

import re
from dataclasses import dataclass

from careatlas.loaders.extraction.tables import heads
from careatlas.loaders.extraction.tables.kinds import Column
from careatlas.loaders.extraction.tables.plan import Table
from careatlas.loaders.extraction.wording import columns_said
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.extraction.wording.days import day_at
from careatlas.loaders.reading.model import Passage

_SILENT = frozenset(("denies", "no-response"))
_PAST = frozenset(("ended", "exploring", "paused", "research-only", "deployed-not-used"))
"""What may be said of a product by one who says that he uses none."""
_PLAINLY = re.compile(
    r"\b(?:pilot(?:ed|ing)?|on trial|being (?:trialled|piloted|tested|installed)|planned|proposed|paused|on hold|"
    r"decommissioned|withdrawn|ended|not yet|under evaluation|research only|no longer)\b",
    re.IGNORECASE,
)
_ELSEWHERE = ("since", "description", "site", "period")
"""Columns whose words may say how far along something is, where no column of its own does."""


@dataclass(frozen=True)
class Row:
    """A row with what its cells hold, and the table that it stands in."""

    passage: Passage
    text: str
    held: list[tuple[Column, Cell]]
    table: Table
    kind: str
    """What the headings above make of it."""
    section: str | None
    """The status of the line across the table above it."""

    def one(self, kind: str) -> Cell | None:
        """The first cell of a kind."""
        return next((cell for column, cell in self.held if column.kind == kind), None)

    def all(self, *kinds: str) -> list[tuple[Column, Cell]]:
        """The cells of some kinds."""
        return [(column, cell) for column, cell in self.held if column.kind in kinds]

    def own(self) -> str | None:
        """The status that a cell of its own says; none where there is no such cell or word."""
        if cell := self.one("status"):
            state = columns_said.status(cell.said)
            noted = [columns_said.status(note.said) for _, note in self.all("note")]
            # A colour or a mark is told by the words beside it.
            return state if state is not None or cell.empty else next(iter(noted), None)
        if (cell := self.one("answer")) and (state := columns_said.status(cell.said)):
            return state
        for kind in _ELSEWHERE:
            cell = self.one(kind)
            state = columns_said.status(cell.said) if cell else None
            plain = kind == "since" or (cell is not None and _PLAINLY.search(cell.said))
            if state is not None and state != "live" and plain:
                return state
        return None

    def state(self, said: tuple[str, str, str], begun: bool | None) -> str:
        """The status of what the row merely names; empty where nothing may be claimed of it."""
        own = self.own()
        if said[0] in _SILENT or self.kind in _SILENT:
            return own if own in _PAST else ""
        return own if own is not None else self._other(said, begun)

    def _other(self, said: tuple[str, str, str], begun: bool | None) -> str:
        """The status where no cell of its own says one."""
        if "status" in self.table.kinds():
            return self._unread()
        if (until := self.one("until")) and not until.empty:
            # Under "to" or "until" the day may still be to come.
            over = re.search(r"ended|stopped|withdrawn", self._head("until"), re.IGNORECASE)
            return "ended" if over else "unspecified"
        if self.section is not None:
            return self.section
        if said[0] == "uses":
            return "live" if self._asks_of_use() else "unspecified"
        note = next((columns_said.status(c.said) for _, c in self.all("note")), None)
        if "answer" in self.table.kinds() or begun is False:
            return note or "" if begun is False else ""
        return self._above(begun)

    def _unread(self) -> str:
        """The status where the cell that is for it is empty, or has words that are not understood."""
        cell = self.one("status")
        # The head of a column of products may say it, but not for an empty cell.
        asked = cell and not heads.field(self._head("status"))
        if asked and (named := heads.lists(self._head("product"))) is not None:
            return named
        # Words that are not understood may say that it is not used at all.
        return "" if cell and not cell.empty else "unspecified"

    def _asks_of_use(self) -> bool:
        """Whether the column of products has a head that speaks of products or their use."""
        head = self._head("product") or self._head("vendor")
        return not head or bool(heads.meaning(head) or re.search(r"\b(?:AI|tools?|used?)\b", head))

    def _above(self, begun: bool | None) -> str:
        """The status that the words above the row give it, or what counts its uses."""
        if self.kind in {"plans", "ended"}:
            return "ended" if self.kind == "ended" else ""
        note = next((columns_said.status(c.said) for _, c in self.all("note")), None)
        if note is not None:
            return note
        for words in (
            self._head("product"),
            self._head("trust"),
            self.table.caption,
            *reversed(self.passage.headings[-1:]),
        ):
            if (state := heads.lists(words)) is not None:
                return state
        if begun or self.kind in {"uses", "refused", "unable"}:
            return "live"
        used = self.one("usage")
        return "live" if used and re.search(r"[1-9]", used.said) else "unspecified"

    def _head(self, kind: str) -> str:
        return next((column.head for column in self.table.columns if column.kind == kind), "")


def begun(row: Row, reported: str) -> bool | None:
    """Whether the day on which it began is set and past; none where no column is for it."""
    if "since" not in row.table.kinds():
        return None
    cell = row.one("since")
    day = day_at(cell.said, 0, len(cell.said)) if cell else None
    if day is None:
        return False
    return not reported or (
        day.written[:7] <= f"{reported[:7]}~" and day.written[:4] <= reported[:4]
    )
