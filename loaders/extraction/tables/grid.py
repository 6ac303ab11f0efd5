"""Answers that come as a table: each row is read by what its columns hold."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from careatlas.loaders.extraction.candidates import Candidates, Deployment, Disclosure, Found
from careatlas.loaders.extraction.deployments import facts
from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.tables import celled, heads
from careatlas.loaders.extraction.tables.kinds import Column
from careatlas.loaders.extraction.tables.plan import Plan, Table, plan
from careatlas.loaders.extraction.tables.row_facts import came_all, counted_alone
from careatlas.loaders.extraction.tables.rows import read
from careatlas.loaders.extraction.tables.table_row import Row, begun
from careatlas.loaders.extraction.wording import columns_said
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.reading.model import Passage

SURE = 0.9
_TOTAL = re.compile(r"\W*(?:(?:sub-?)?totals?|sum|average|mean|source|notes?)\b", re.IGNORECASE)
_TICKS = frozenset("\u2713\u2714\u2611\u25cf\u2022")
_LETTERS = re.compile(r"[A-Za-z]{3}")


@dataclass
class Grid:
    """Reads the rows of tables, one after another, as they are planned."""

    names: Gazetteer
    reported: str
    found: Candidates
    house: Mention | None = None
    """Whose document it is, where a table names nobody."""
    passages: Sequence[Passage] = ()
    known: dict[tuple[Entity, ...], list[Deployment]] = field(default_factory=dict)
    """What is known of each trust so far, which running text may go on about."""
    title: str = ""
    """The title of the document, which may name what a table is about."""
    _table: Table | None = None
    _last: Mention | None = None
    _section: str | None = None
    """The status of the rows below a line across the table that says one."""
    _thing: tuple[Passage, str, Cell] | None = None
    """The product that the rows below go on about, where it stands before the trusts."""
    _form: dict[str, Reader] = field(default_factory=dict)
    _agreed: set[str] = field(default_factory=set)
    """Who said yes to the question whether AI is used."""

    @cached_property
    def _plan(self) -> Plan:
        return plan(self.passages, self.names)

    def row(self, passage: Passage, text: str, kind: str) -> bool:
        """Read a row; false where nothing says what its cells are."""
        planned = self._plan
        if passage.start in planned.heads:
            self._begin(None)
            return True
        table = planned.of.get(passage.start)
        if table is None:
            return False
        if table is not self._table:
            self._begin(table)
        cells = columns_said.cells(passage.text)
        if _TOTAL.match(cells[0].said if cells else ""):
            return True
        if table.trusts:
            self._across(passage, text, cells, table)
        elif table.form:
            self._answered(passage, text, cells)
        elif not self._line_across(cells, table):
            self._rows(passage, text, cells, table, kind)
        return True

    def holds(self, passage: Passage) -> bool:
        """Whether a passage is a row of a table whose columns are known."""
        planned = self._plan
        return passage.start in planned.heads or passage.start in planned.of

    def _begin(self, table: Table | None) -> None:
        self._table, self._last, self._section, self._thing = table, None, None, None

    def _line_across(self, cells: list[Cell], table: Table) -> bool:
        """Whether a row is one line across the table that says of whom or what the next are."""
        filled = [cell for cell in cells if cell.said]
        if len(filled) != 1 or len(table.columns) < 3 or not cells[0].said:  # noqa: PLR2004 - of two columns one may be empty
            return False
        trust = self.names.find(cells[0].said, "trust")
        if trust and "trust" not in table.kinds():
            self._last = Mention(0, 0, cells[0].said, trust)
            return True
        state = columns_said.status(cells[0].said)
        if trust or state is None or any(self.names.mentions(cells[0].said)):
            return False
        self._section = state
        return True

    def _rows(
        self, passage: Passage, text: str, cells: list[Cell], table: Table, kind: str
    ) -> None:
        held = [
            (column, cells[column.at])
            for column in table.columns
            if column.at < len(cells) and cells[column.at].said
        ]
        whole = Row(passage, text, held, table, kind, self._section)
        for whose, noted in self._owners(whole):
            if whose is None:
                continue
            self._last = whose
            if table.things:
                self._crossed(passage, text, cells, table, whose)
                continue
            reader = Reader(passage, text, whose, self.names, self.reported, SURE, listed=True)
            row = whole if noted is None else replace(whole, section=noted)
            self._of_heading(row, reader)
            said = read(row, reader, self.names)
            self._goes_on(row, reader)
            counted_alone(row, reader)
            self._take(reader)
            self._disclosure(row, said, reader)

    def _of_heading(self, row: Row, reader: Reader) -> None:
        """Read a row of a trust under words that name the one product that the table is about."""
        kinds, about = row.table.kinds(), row.table.about
        if {"product", "vendor", "answer"} & kinds or ("note" in kinds and "status" not in kinds):
            return
        cells = columns_said.cells(row.passage.text)
        if about and about[0] < len(cells) and cells[about[0]].empty:
            return
        told = about[1] if about else ""
        for words in (row.table.caption, *row.passage.headings[::-1], told, self.title):
            named = [m for m in self.names.mentions(words) if m.of("product")]
            state = row.state(("", "", ""), begun(row, self.reported))
            cell = row.one("trust")
            if len({m.entities for m in named}) != 1 or not cell or not state:
                continue
            made = reader.things(words, named[0].start, named[0].end, state, "table", named=True)
            at = row.passage.start
            for _, _, one in made:
                one.found = Found(
                    "table", SURE, row.passage, at + cell.span.start, at + cell.span.end
                )
                came_all(row, reader, one, self.names)
            return

    def _goes_on(self, row: Row, reader: Reader) -> None:
        """Read an empty cell of products as the one above, where trusts stand to the right of it."""
        kinds = [column.kind for column in row.table.columns]
        if kinds[:1] != ["product"] or "trust" not in kinds:
            return
        cell = row.one("product")
        if cell and not cell.empty:
            self._thing = (row.passage, row.text, cell)
        elif self._thing and row.one("trust") and not reader.deployments:
            passage, text, above = self._thing
            state = row.state(("", "", ""), begun(row, self.reported))
            reader.passage, reader.text = passage, text
            if state:
                celled.listed(reader, above.span, state, self.names)

    def _owners(self, row: Row) -> list[tuple[Mention | None, str | None]]:
        """Whose a row is, and the status that is noted after a trust: several where a cell names them."""
        cell = row.one("trust")
        named = celled.trusts(cell, self.names) if cell else []
        if len({whose.entities for whose, _ in named}) > 1:
            return [(whose, noted) for whose, noted in named]
        whose = self._whose(row.held, row.passage, row.table)
        return [(whose, named[0][1] if named else None)]

    def _across(self, passage: Passage, text: str, cells: list[Cell], table: Table) -> None:
        """A row of a product, or of a question, with what each trust says of it."""
        asked = cells[0].said if cells else ""
        named = any(m.of("product", "vendor") for m in self.names.mentions(asked))
        for at, whose in table.trusts.items():
            if at >= len(cells) or not cells[at].said or not asked:
                continue
            if not named and heads.meaning(asked):
                self._told(passage, text, asked, cells[at], whose)
                continue
            reader = Reader(passage, text, whose, self.names, self.reported, SURE, listed=True)
            if state := columns_said.status(cells[at].said):
                span = cells[0].span
                reader.things(text, span.start, span.end, state, "table", named=True)
            self._take(reader)

    def _crossed(
        self, passage: Passage, text: str, cells: list[Cell], table: Table, whose: Mention
    ) -> None:
        """A row of a trust, with what it says of the product that heads each column."""
        for at, thing in table.things.items():
            said = cells[at].said if at < len(cells) else ""
            ticked = said in _TICKS
            state = heads.lists(table.caption) if ticked else columns_said.status(said)
            if not state:
                continue
            known = next(iter(self.names.mentions(thing)))
            reader = Reader(passage, text, whose, self.names, self.reported, SURE, listed=True)
            span = cells[at].span
            made = reader.things(thing, known.start, known.end, state, "table", named=True)
            for _, _, one in made:
                one.found = Found(
                    "table", SURE, passage, passage.start + span.start, passage.start + span.end
                )
            self._take(reader)

    def _answered(self, passage: Passage, text: str, cells: list[Cell]) -> None:
        """A row of a question and the answer to it, of whoever wrote the document."""
        if self.house and len(cells) > 1 and cells[-1].said:
            self._told(passage, text, cells[-2].said, cells[-1], self.house)

    def _told(self, passage: Passage, text: str, asked: str, cell: Cell, whose: Mention) -> None:
        """What an organisation answers in one cell to a question beside or above it."""
        column = Column(0, heads.meaning(asked), asked)
        before = self._form.get(whose.label)
        reader = Reader(passage, text, whose, self.names, self.reported, SURE, listed=True)
        reader.earlier = before.all if before else []
        agreed = "live" if whose.label in self._agreed and column.kind == "product" else None
        agreed = None if heads.lists(asked) is not None else agreed
        row = Row(passage, text, [(column, cell)], Table((column,), form=True), "", agreed)
        said = read(row, reader, self.names)
        if column.kind == "status":
            self._staged(reader, columns_said.status(cell.said))
        if said[0] == "denies" and facts.specialty(asked):
            # Whoever uses none in one field may use some in another.
            said = ("", "", "", said[3])
        self._form[whose.label] = reader
        if said[0] == "uses":
            self._agreed.add(whose.label)
        self._take(reader)
        self._disclosure(row, said, reader)

    def _staged(self, reader: Reader, state: str | None) -> None:
        """What a form says of the product that it named before."""
        last = reader.all[-1] if reader.all else None
        if last is None or last.status != "unspecified" or state is None:
            return
        if state:
            last.status = state
        else:
            self.found.deployments = [one for one in self.found.deployments if one is not last]

    def _whose(
        self, held: list[tuple[Column, Cell]], passage: Passage, table: Table
    ) -> Mention | None:
        kinds = table.kinds()
        if "trust" not in kinds:
            return self._by_code(held) or self._above(passage)
        cell = next((cell for column, cell in held if column.kind == "trust"), None)
        if cell is None:
            return self._last
        known = self.names.find(cell.said, "trust")
        if not known and (cell.empty or not _LETTERS.search(cell.said)):
            return None
        if not known:
            inside = [m.of("trust") for m in self.names.mentions(cell.said) if m.of("trust")]
            known = inside[0] if len(inside) == 1 else ()
        nearest = () if known else self.names.nearest(cell.said, "trust")
        return Mention(cell.span.start, cell.span.end, cell.said, known, nearest)

    def _by_code(self, held: list[tuple[Column, Cell]]) -> Mention | None:
        """The trust of a code, where no column has its name."""
        code = next((cell.said for column, cell in held if column.kind == "ods"), "")
        known = tuple(e for e in self.names.by_iri.values() if code and e.ods == code)
        return Mention(0, 0, code, known) if len(known) == 1 else None

    def _above(self, passage: Passage) -> Mention | None:
        """The trust of a table that names nobody: of a line across it, a heading, or the document."""
        if self._last and self._last.start == self._last.end == 0:
            return self._last
        for heading in reversed(passage.headings):
            for mention in self.names.mentions(heading):
                if known := mention.of("trust"):
                    return Mention(0, 0, mention.text, known)
        return self.house

    def _take(self, reader: Reader) -> None:
        self.found.deployments += reader.deployments
        self.known.setdefault(reader.owner.of("trust"), []).extend(reader.deployments)
        self.found.usage += reader.usage
        self.found.routes += reader.routes

    def _disclosure(self, row: Row, said: tuple[str, str, str, Span], reader: Reader) -> None:
        answer, detail, exemption, span = said
        whose = reader.owner
        if not answer or any(
            one.trust.label == whose.label and (one.answer == answer or row.table.form)
            for one in self.found.disclosures
        ):
            return
        place = row.passage.start
        sure = SURE - 0.3 * (len(whose.entities) != 1)
        spot = Found("table:answer", sure, row.passage, place + span.start, place + span.end)
        self.found.disclosures.append(
            Disclosure(whose, answer, detail, exemption, reader.reported, spot)
        )
