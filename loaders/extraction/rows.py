"""What one row of a table says of its organisation: what it has, how far along, how often, how it came."""

import re
from dataclasses import dataclass, replace

from careatlas.loaders.extraction import celled, columns_said, facts, heads, lifecycle
from careatlas.loaders.extraction.candidates import Deployment, Found, Usage
from careatlas.loaders.extraction.columns_said import Cell
from careatlas.loaders.extraction.counted import counted
from careatlas.loaders.extraction.days import day_at
from careatlas.loaders.extraction.deployments import Reader
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer
from careatlas.loaders.extraction.routes import ways
from careatlas.loaders.extraction.tables import Column, Table
from careatlas.loaders.extraction.text import Span
from careatlas.loaders.extraction.ties import Placed
from careatlas.loaders.reading.model import Passage

SURE = 0.9
_LONGEST_ANSWER = 6
"""An answer with more words than this is read as a sentence too."""
_SILENT = frozenset(("denies", "no-response"))
_PAST = frozenset(("ended", "exploring", "paused", "research-only", "deployed-not-used"))
"""What may be said of a product by one who says that he uses none."""
_ELSEWHERE = ("since", "description", "site", "period")
"""Columns whose words may say how far along something is, where no column of its own does."""
_DIRECT = re.compile(r"\W*(?:direct(?:ly)?\b(?! (?:from|with|award))|own (?:purchase|procurement|contract|tender)\b|bought (?:by the trust|outright)\b)", re.IGNORECASE)
_LEADS = (
    ("recommended", "recommended"), ("recommend", "recommended"), ("fund", "funded"), ("paid", "funded"),
    ("commission", "commissioned"), ("host", "hosted"),
)
_PARTS = re.compile(r";|(?<=[A-Za-z\d)])(?<!approx)(?<!\bno)(?<!\bc)\.\s+(?=[A-Z\d~])|\s/\s|\n")
_NAMED = re.compile(r"\W*(?:\([^)]*\))?\s*(?:[:=\u2013\u2014-]|was|has been|is)?\s*")
Said = tuple[str, str, str, Span]


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
            return columns_said.status(cell.said)
        if (cell := self.one("answer")) and (state := columns_said.status(cell.said)):
            return state
        for kind in _ELSEWHERE:
            cell = self.one(kind)
            state = columns_said.status(cell.said) if cell else None
            if state is not None and state != "live":
                return state
        return None

    def state(self, said: tuple[str, str, str], begun: bool | None) -> str:
        """The status of what the row merely names; empty where nothing may be claimed of it."""
        own = self.own()
        if said[0] in _SILENT or self.kind in _SILENT:
            return own if own in _PAST else ""
        if own is not None:
            return own
        if "status" in self.table.kinds():
            return "unspecified"
        if self.section is not None:
            return self.section
        if said[0] == "uses":
            return "live"
        if "answer" in self.table.kinds() or begun is False:
            return ""
        return self._above(begun)

    def _above(self, begun: bool | None) -> str:
        """The status that the words above the row give it, or what counts its uses."""
        if self.kind in {"plans", "ended"}:
            return "ended" if self.kind == "ended" else ""
        note = next((columns_said.status(c.said) for _, c in self.all("note")), None)
        if note is not None:
            return note
        for words in (self._head("product"), self._head("trust"), self.table.caption, *reversed(self.passage.headings[-1:])):
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
    return not reported or day.written[:7] <= f"{reported[:7]}~" and day.written[:4] <= reported[:4]


def read(row: Row, reader: Reader, names: Gazetteer) -> Said:
    """Read the cells of a row; gives what it answers to the question whether AI is used."""
    said, span = _answer(row, names)
    placed = _products(row, reader, said, names)
    answer = row.one("answer")
    if answer and len(answer.said.split()) > _LONGEST_ANSWER:
        celled.told(reader, answer.span, "live" if said[0] == "uses" and not placed else "", names)
    for column, cell in row.all("note", *heads.BARE):
        bare = heads.BARE.get(column.kind, "")
        if column.kind == "note" and said[0] == "uses" and not {"product", "vendor"} & row.table.kinds():
            bare = "live"
        if column.kind != "plans" and not _withheld(cell.said, names):
            celled.told(reader, cell.span, bare, names)
        if said[0] == "uses" and not placed and _withheld(cell.said, names):
            said = columns_said.answer(cell.said)
    for _, _, one in placed:
        _facts(one, row)
    _uses(row, reader, placed, names)
    _came(row, reader, placed, names)
    if not said[0] and row.table.form is False and any(c.head.endswith("?") for c in row.table.columns if c.kind == "product") and any(one.status in {"live", "trialling"} for _, _, one in placed):
        said = ("uses", "", "")
    if not (row.table.form or "trust" in row.table.kinds()):
        said = ("", "", "")
    return (*said, span)


def _withheld(said: str, names: Gazetteer) -> bool:
    named = any(m.of("product", "vendor") for m in names.mentions(said))
    return not named and bool(columns_said.answer(said)[1])


def _answer(row: Row, names: Gazetteer) -> tuple[tuple[str, str, str], Span]:
    """What the row answers: in a column of answers, or at the beginning of what it names."""
    if cell := row.one("answer"):
        said = columns_said.answer(cell.said)
        return said, cell.span
    for column, cell in row.all("product"):
        asked = column.head.endswith("?") or "?" in column.head
        if asked and (row.table.form or "trust" in row.table.kinds()):
            said = columns_said.answer(cell.said)
            if said[0] != "uses" or said[1] or re.match(r"\W*y(?:es)?\b", cell.said, re.IGNORECASE):
                return said, cell.span
            return ("", "", ""), cell.span
    first = row.held[0][1] if row.held else Cell(Span(0, 0), "")
    return ("", "", ""), first.span


def _products(
    row: Row, reader: Reader, said: tuple[str, str, str], names: Gazetteer
) -> list[Placed]:
    state = row.state(said, begun(row, reader.reported))
    maker = _maker(row, names)
    cells = [cell for _, cell in row.all("product") if not cell.empty]
    if not cells:
        cells = [cell for _, cell in row.all("vendor", "description")[:1] if not cell.empty]
        if row.one("vendor") is None and "product" in row.table.kinds():
            cells = []
    placed: list[Placed] = []
    for cell in cells:
        if _withheld(cell.said, names):
            continue
        if celled.speaks(reader.text, cell.span) and row.one("product"):
            found = celled.told(reader, cell.span, state, names)
            found = _as_stated(found, row, reader)
        elif state or not row.own():
            found = celled.listed(reader, cell.span, state, names)
            if not found and state and not lifecycle.negated(cell.said):
                found = reader.whole(cell.span, state, "table")
        else:
            found = []
        placed += found
    for _, _, one in placed:
        if maker and one.vendor is None:
            one.vendor = maker
            _of_maker(one)
    return placed


def _as_stated(found: list[Placed], row: Row, reader: Reader) -> list[Placed]:
    """What a cell of words names, with the status of the column that is for it."""
    cell = row.one("status")
    state = columns_said.status(cell.said) if cell else None
    if state is None:
        return found
    mine = {id(one) for _, _, one in found}
    if not state:
        reader.deployments = [one for one in reader.deployments if id(one) not in mine]
        return []
    for _, _, one in found:
        one.status = state
    return found


def _maker(row: Row, names: Gazetteer) -> Entity | None:
    cell = row.one("vendor")
    if cell is None or cell.empty:
        return None
    return next((v for m in names.mentions(cell.said) for v in m.of("vendor")), None)


def _of_maker(one: Deployment) -> None:
    """Of several products of one name, the one that the named maker makes."""
    if one.product is None and one.name and one.vendor:
        made = [p for p in one.name.of("product") if p.vendor == one.vendor.iri]
        one.product = made[0] if len(made) == 1 else None


def _facts(one: Deployment, row: Row) -> None:
    told = [row.one(kind) for kind in ("description", "specialty", "modality", "product")]
    words = " ".join(cell.said for cell in told if cell)
    purpose, site = row.one("description"), row.one("site")
    if purpose and not one.description and not purpose.empty:
        one.description = purpose.said
    one.specialty = facts.specialty(words)
    one.modality = facts.modality(words)
    if site and not site.empty:
        one.site = site.said
    for kind in ("since", "status", "answer", "note"):
        cell = row.one(kind)
        if cell and not one.valid_from:
            day = day_at(cell.said, 0, len(cell.said)) if kind == "since" else None
            one.valid_from = day.written if day else facts.since(cell.said)


def _meant(said: str, known: list[Deployment], names: Gazetteer) -> Deployment | None:
    """The deployment that the words of a cell name."""
    for mention in names.mentions(said):
        for one in known:
            if (one.product and one.product in mention.entities) or (
                one.vendor and one.vendor in mention.entities
            ):
                return one
    return None


def _parts(cell: Cell, text: str) -> list[Span]:
    """The parts of a cell that may each speak of another product."""
    found, at = [], cell.span.start
    for match in _PARTS.finditer(text, cell.span.start, cell.span.end):
        found.append(Span(at, match.start()))
        at = match.end()
    return [span for span in (*found, Span(at, cell.span.end)) if text[span.start : span.end].strip()]


def _uses(row: Row, reader: Reader, placed: list[Placed], names: Gazetteer) -> None:
    known = [one for _, _, one in placed] or reader.all
    period = row.one("period")
    for column, cell in row.all("usage"):
        numbered = [p for p in _parts(cell, row.text) if re.search(r"\d", row.text[p.start : p.end])]
        for at, part in enumerate(numbered):
            said = row.text[part.start : part.end].strip()
            one = _meant(said, known, names)
            if one is None and len(known) == len(numbered):
                one = known[at]
            elif one is None and len(known) == 1:
                one = known[0]
            amount = counted(_unnamed(said, names), column.head, period.said if period else "")
            if one is None or amount is None:
                continue
            place = row.passage.start
            spot = Found("table:usage", SURE, row.passage, place + part.start, place + part.end)
            numbers = (amount.low, amount.high, amount.approximate)
            reader.usage.append(
                Usage(one, *numbers, amount.unit, amount.per, amount.period, spot, said)
            )


def _unnamed(said: str, names: Gazetteer) -> str:
    """The words of a cell without the product that they begin with."""
    first = next((m for m in names.mentions(said) if m.of("product", "vendor")), None)
    if first is None or first.start > 1:
        return said
    match = _NAMED.match(said, first.end)
    return said[match.end() :] if match else said


def _came(row: Row, reader: Reader, placed: list[Placed], names: Gazetteer) -> None:
    known = [one for _, _, one in placed] or reader.all
    for column, cell in row.all("route"):
        if cell.empty:
            continue
        parts = _parts(cell, row.text)
        for at, part in enumerate(parts):
            said = row.text[part.start : part.end].strip()
            own = _meant(said, known, names)
            meant = [own] if own else known[at : at + 1] if len(parts) == len(known) else known
            if lifecycle.negated(said) or (len(parts) > 1 and not own and len(parts) != len(known) != 1):
                continue
            for one in meant:
                _way(said, part, column.head, one, reader, names)


def _way(  # noqa: PLR0913 - a part of a cell, and what it is about
    said: str, part: Span, head: str, one: Deployment, reader: Reader, names: Gazetteer
) -> None:
    plain = head.casefold()
    lead = next((word for mark, word in _LEADS if mark in plain), "procured")
    whole = said
    found = [*ways(whole, 0, len(whole), names)]
    if not found:
        bare = _unnamed(said, names)
        whole = "bought directly" if _DIRECT.match(bare) else f"{lead} via {bare}"
        found = [*ways(whole, 0, len(whole), names)]
    for way in found[:1]:
        reader.came(replace(way, start=part.start, end=part.end), one)
