"""The tables of a document: which rows are heads, and what each column holds, by its head and its cells."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.tables import heads
from careatlas.loaders.extraction.tables.kinds import DATE, MOST, Column, Kinds
from careatlas.loaders.extraction.wording import columns_said
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.reading.model import Passage

Row = tuple[Passage, list[Cell]]
_RATED = re.compile(
    r"\b(?:scores?|ranks?|ranking|bids?|sensitivity|specificity|criteri\w+|weighting|mitigations?|likelihood)\b",
    re.IGNORECASE,
)
"""Heads of tables that compare products or list risks, and say nothing of who has one."""
_FIGURES = re.compile(r"\b(?!(?:19|20)\d\d\b)\d[\d,]{2,}")
_LEADS = re.compile(
    r"\b(?:tables?|lists?|listed|register|below|following|overview|inventory)\b|:\W*$",
    re.IGNORECASE,
)
_LONGEST_CAPTION = 45
_FEWEST = 2
_TITLES = 3
"""So many rows may stand above the head of a table."""


@dataclass(frozen=True)
class Table:
    """What the columns of some rows hold, and the words that stand above them."""

    columns: tuple[Column, ...]
    caption: str = ""
    trusts: dict[int, Mention] = field(default_factory=dict)
    """The trusts of a table that has a column for each of them."""
    things: dict[int, str] = field(default_factory=dict)
    """The products of a table that has a column for each of them."""
    form: bool = False
    """Whether each row is a question with its answer."""
    about: tuple[int, str] | None = None
    """The column whose head names the one product that the table is about, and that head."""
    answers: bool = False
    """Whether a column tells how far along things are and, of some, what was answered."""

    def kinds(self) -> set[str]:
        """What its columns hold."""
        return {column.kind for column in self.columns}


@dataclass
class Plan:
    """The table of each row by the place where the row begins, and the rows that are heads."""

    of: dict[int, Table] = field(default_factory=dict)
    heads: set[int] = field(default_factory=set)


def plan(passages: Iterable[Passage], names: Gazetteer) -> Plan:
    """The tables among the passages of a document."""
    made, before = Plan(), ""
    held: tuple[tuple[str, ...], Table | None] = ((), None)
    for (is_row, headings), group in groupby(passages, lambda p: (p.kind == "row", p.headings)):
        run = list(group)
        if not is_row:
            before = run[-1].text
            continue
        rows = [(passage, columns_said.cells(passage.text)) for passage in run]
        known = held[1] if held[0] == headings else None
        caption = (
            before if _LEADS.search(before) and len(before.split()) <= _LONGEST_CAPTION else ""
        )
        held = (headings, _Run(names, made, caption).read(rows, known))
    return made


@dataclass
class _Run:
    """Reads the rows that stand together: one table, or several that begin with heads of their own."""

    names: Gazetteer
    made: Plan
    caption: str

    @property
    def judge(self) -> Kinds:
        """What knows columns by what they hold."""
        return Kinds(self.names)

    def read(self, rows: list[Row], known: Table | None) -> Table | None:
        """Plan the rows; gives the last table, which rows further on may go on with."""
        begins = [at for at in range(len(rows)) if self._is_head(rows[at][1])]
        if not begins and known is None:
            begins = list(self._loose(rows))[:1]
        first = begins[0] if begins else len(rows)
        if first and known is None and not begins:
            known = self._headless(rows)
        if known:
            self.made.of |= {passage.start: known for passage, _ in rows[:first]}
        for at, until in zip(begins, [*begins[1:], len(rows)], strict=False):
            if at + 1 == until and until < len(rows):
                continue
            top = rows[at - 1][1] if at and self._groups(rows[at - 1][1]) else []
            known = self._table(rows, at, until, top)
        return known

    def _table(self, rows: list[Row], at: int, until: int, top: list[Cell]) -> Table | None:
        width = max((len(cells) for _, cells in rows[at + 1 : until]), default=0)
        head, begin = _parted(rows[at][1], width), at + 1
        self.made.heads.add(rows[at][0].start)
        if begin + 1 < until and self._second(head, rows[begin][1]):
            self.made.heads.add(rows[begin][0].start)
            top, head, begin = head, rows[begin][1], begin + 1
        data = rows[begin:until]
        # A line across a table says nothing of its first column.
        whole = [cells for _, cells in data if sum(bool(cell.said) for cell in cells) > 1]
        table = self._columns(_joined(top, head), whole)
        if table:
            unit = "unit" in table.kinds()
            named = tuple(self._counted(column, unit=unit) for column in table.columns)
            table = replace(
                table,
                caption=self.caption,
                columns=named,
                about=self._about(_joined(top, head)),
                answers=_answers(table, _joined(top, head), whole),
            )
            self.made.of |= {passage.start: table for passage, _ in data}
        return table

    def _counted(self, column: Column, *, unit: bool) -> Column:
        """A column headed by a year alone counts what the caption, or another column, says that it counts."""
        year = column.kind == "usage" and DATE.fullmatch(column.head) and not unit
        said = heads.meaning(self.caption) == "usage" and self.caption.partition(":")[0]
        if year and not said:
            return replace(column, kind="")
        return replace(column, head=f"{said} in {column.head}") if year else column

    def _is_head(self, row: list[Cell]) -> bool:
        """Whether most cells of a row are terms that stand above columns, or trusts do."""
        if self._trusts(row) or self._things(row):
            return True
        if any(self.names.find(cell.said, "trust", "product") for cell in row if cell.said):
            return False
        known = [
            heads.meaning(cell.said) for cell in row if cell.said and not self.judge.named(cell)
        ]
        terms = [heads.field(cell.said) for cell in row if cell.said and not self.judge.named(cell)]
        filled = [cell for cell in row if cell.said]
        named = {"trust", "product", "vendor"} & {*terms, *known}
        whole = [cell for cell in filled if heads.meaning(cell.said) or heads.beside(cell.said)]
        enough = len({*terms} - {""}) > 1 or any(cell.said.endswith("?") for cell in filled)
        return bool(named and enough and len({*known} - {""}) > 1 and 2 * len(whole) >= len(filled))

    def _loose(self, rows: list[Row]) -> Iterator[int]:
        """A first row above columns of trusts or products, whatever its words."""
        for at, (_, row) in enumerate(rows[:_TITLES]):
            filled = [cell for cell in row if cell.said]
            below = [cells for _, cells in rows[at + 1 :]]
            headed = self._headed(row, below)
            if len(filled) < _FEWEST or any(
                self.judge.trust(cell)
                or (self.judge.thing(cell) and not headed)
                or _FIGURES.search(cell.said)
                for cell in filled
            ):
                continue
            if any(
                self.judge.share(below, n, self.judge.named) >= MOST for n in range(len(row))
            ) or self._form(below):
                yield at

    def _headed(self, row: list[Cell], below: list[list[Cell]]) -> bool:
        """Whether a row with a product in it is a head: a word for trusts stands above trusts."""
        return any(
            heads.groups(cell.said) and self.judge.share(below, at, self.judge.trust) >= MOST
            for at, cell in enumerate(row)
        )

    def _about(self, titles: list[str]) -> tuple[int, str] | None:
        named = [
            (at, title)
            for at, title in enumerate(titles)
            if any(m.of("product") for m in self.names.mentions(title))
        ]
        return named[0] if len(named) == 1 else None

    def _headless(self, rows: list[Row]) -> Table | None:
        data = [cells for _, cells in rows]
        width = max(map(len, data))
        return self._columns([""] * width, data) if len(data) > 1 else None

    def _groups(self, row: list[Cell]) -> bool:
        filled = [cell for cell in row if cell.said]
        return (
            bool(filled) and len(filled) < len(row) and not any(self.judge.named(c) for c in filled)
        )

    def _second(self, head: list[Cell], row: list[Cell]) -> bool:
        """Whether a row goes on with the head above it: it fills what the head leaves empty."""
        filled = [(at, cell) for at, cell in enumerate(row) if cell.said]
        gaps = [at for at, _ in filled if at >= len(head) or not head[at].said]
        known = all(
            heads.meaning(c.said) or heads.beside(c.said) or DATE.fullmatch(c.said)
            for _, c in filled
        )
        return bool(gaps) and known and not any(self.judge.named(cell) for _, cell in filled)

    def _columns(self, titles: list[str], data: list[list[Cell]]) -> Table | None:
        trusts, things = self._trusts_of(titles), self._things_of(titles)
        if trusts:
            return Table((), trusts=trusts)
        found = self.judge.columns(titles, data)
        kinds = {column.kind for column in found} - {""}
        if things and "trust" in kinds:
            return Table(tuple(c for c in found if c.kind == "trust"), things=things)
        if "trust" not in kinds and self._form(data):
            return Table((), form=True)
        if any(_RATED.search(title) for title in titles) and not kinds & {"status", "answer"}:
            return None
        named = {"trust", "product", "vendor"} & kinds
        return Table(tuple(c for c in found if c.kind)) if named and len(kinds) > 1 else None

    def _form(self, data: list[list[Cell]]) -> bool:
        """Whether the rows are questions, each with its answer beside it."""
        pairs = [row for row in data if 2 <= len(row) <= 3]  # noqa: PLR2004 - a number may stand before
        asked = [
            row
            for row in pairs
            if row[-2].said
            and heads.meaning(row[-2].said)
            and not any(self.judge.named(cell) for cell in row[:-1])
        ]
        return len(data) > 1 and len(asked) == len(data)

    def _trusts(self, row: list[Cell]) -> dict[int, Mention]:
        return self._trusts_of([cell.said for cell in row])

    def _trusts_of(self, titles: Sequence[str]) -> dict[int, Mention]:
        found = {
            at: Mention(0, 0, title, known)
            for at, title in enumerate(titles)
            if title and (known := self.names.find(title, "trust"))
        }
        return found if len(found) > 1 and 0 not in found else {}

    def _things(self, row: list[Cell]) -> dict[int, str]:
        return self._things_of([cell.said for cell in row])

    def _things_of(self, titles: Sequence[str]) -> dict[int, str]:
        found = {
            at: t for at, t in enumerate(titles) if t and self.names.find(t, "product", "vendor")
        }
        headed = titles and heads.meaning(titles[0]) == "trust"
        return found if headed and len(found) > 1 and 0 not in found else {}


def _answers(table: Table, titles: list[str], data: list[list[Cell]]) -> bool:
    """Whether a table of trusts without a column of answers has them among how far things are."""
    if "trust" not in table.kinds() or "answer" in table.kinds():
        return False
    at = next((column.at for column in table.columns if column.kind == "status"), None)
    said = [columns_said.reply(row[at].said) for row in data if at is not None and at < len(row)]
    sure = any(one[0] == "no-response" or one[1] for one in said)
    return sure or (heads.of_answers(titles) and any(one[0] for one in said))


def _parted(head: list[Cell], width: int) -> list[Cell]:
    """A head with fewer cells than its rows, with two known heads that were printed as one parted."""
    for at, cell in enumerate(head if len(head) < width else ()):
        words = cell.said.split()
        for cut in range(1, len(words)):
            first, second = " ".join(words[:cut]), " ".join(words[cut:])
            if all(heads.field(one) or heads.beside(one) for one in (first, second)):
                halves = [replace(cell, said=first), replace(cell, said=second)]
                return [*head[:at], *halves, *head[at + 1 :]]
    return head


def _joined(top: list[Cell], head: list[Cell]) -> list[str]:
    """The heads of columns, with those of the groups of columns above them."""
    width, group = max(len(top), len(head)), ""
    found: list[str] = []
    for at in range(width):
        own = head[at].said if at < len(head) else ""
        group = top[at].said if at < len(top) and top[at].said else group if top else ""
        found.append(
            own
            if not group or heads.meaning(own) not in {"", "usage"}
            else f"{group} {own}".strip()
        )
    return found
