"""Answers that come as a table: each row is read by what the heads of its columns say."""

import re
from dataclasses import dataclass, field, replace

from careatlas.loaders.extraction import columns_said, facts
from careatlas.loaders.extraction.candidates import Candidates, Deployment, Disclosure, Found, Usage
from careatlas.loaders.extraction.columns_said import Cell
from careatlas.loaders.extraction.counted import counted
from careatlas.loaders.extraction.days import day_at
from careatlas.loaders.extraction.deployments import Reader
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.routes import ways
from careatlas.loaders.extraction.text import Span
from careatlas.loaders.extraction.ties import Placed
from careatlas.loaders.reading.model import Passage

SURE = 0.9
_LONGEST_ANSWER = 6
"""An answer with more words than this is read as a sentence too."""
_TOTAL = re.compile(r"\W*(?:(?:sub-?)?totals?|sum|average|mean|source|notes?)\b", re.IGNORECASE)


@dataclass
class Grid:
    """Reads the rows of tables, one after another; what a row says depends on its heads alone."""

    names: Gazetteer
    reported: str
    found: Candidates
    house: Mention | None = None
    """Whose document it is, where a table names nobody."""
    _under: tuple[str, ...] | None = None
    _heads: dict[int, str] = field(default_factory=dict)
    _printed: dict[str, str] = field(default_factory=dict)
    _last: Mention | None = None
    _trusts: dict[int, Mention] = field(default_factory=dict)
    """The trusts of a table that has a column for each of them."""

    def row(self, passage: Passage, text: str, kind: str) -> bool:
        """Read a row; false where no heads are known that say what its cells are."""
        cells = columns_said.cells(passage.text)
        if passage.headings != self._under:
            self._under, self._heads, self._last = passage.headings, {}, None
            self._trusts = {}
        if trusts := self._columns_of_trusts(cells):
            self._trusts, self._heads = trusts, {}
            return True
        if heads := columns_said.heads(cells):
            self._trusts = {}
            self._heads, self._last = heads, None
            self._printed = {name: cells[at].said for at, name in heads.items()}
            return True
        if self._trusts:
            self._across(passage, text, cells)
            return True
        if not self._heads:
            return False
        held = {
            name: cells[at]
            for at, name in self._heads.items()
            if at < len(cells) and cells[at].said
        }
        if _TOTAL.match(cells[0].said if cells else ""):
            return True
        for whose in self._several(held) or [self._whose(held, passage)]:
            if whose is not None:
                self._last = whose
                self._read(_Row(passage, text, held, whose, kind))
        return True

    def _several(self, held: dict[str, Cell]) -> list[Mention | None]:
        """The trusts of a cell that names more than one."""
        cell = held.get("trust")
        found: list[Mention | None] = []
        for mention in self.names.mentions(cell.said) if cell else ():
            if cell and (known := mention.of("trust")):
                found.append(Mention(cell.span.start, cell.span.end, mention.text, known))
        return found if len(found) > 1 else []

    def _columns_of_trusts(self, cells: list[Cell]) -> dict[int, Mention]:
        """The columns that trusts head, where a table has one for each."""
        found = {
            at: Mention(0, 0, cell.said, known)
            for at, cell in enumerate(cells)
            if (known := self.names.find(cell.said, "trust"))
        }
        return found if len(found) > 1 and 0 not in found else {}

    def _across(self, passage: Passage, text: str, cells: list[Cell]) -> None:
        """A row of a product with what each trust says of it."""
        for at, whose in self._trusts.items():
            if at < len(cells) and cells[at].said and cells[0].said:
                state = columns_said.status(cells[at].said)
                reader = Reader(passage, text, whose, self.names, self.reported, SURE, listed=True)
                if state:
                    span = cells[0].span
                    reader.things(text, span.start, span.end, state, "table", named=True)
                self.found.deployments += reader.deployments

    def _whose(self, held: dict[str, Cell], passage: Passage) -> Mention | None:
        if "trust" not in self._heads.values():
            for heading in reversed(passage.headings):
                for mention in self.names.mentions(heading):
                    if known := mention.of("trust"):
                        return Mention(0, 0, mention.text, known)
            return self.house
        cell = held.get("trust")
        if cell is None:
            return self._last
        if not re.search(r"[A-Za-z]{3}", cell.said):
            return None
        known = self.names.find(cell.said, "trust")
        if not known:
            inside = [m.of("trust") for m in self.names.mentions(cell.said) if m.of("trust")]
            known = inside[0] if len(inside) == 1 else ()
        nearest = () if known else self.names.nearest(cell.said, "trust")
        return Mention(cell.span.start, cell.span.end, cell.said, known, nearest)

    def _read(self, row: "_Row") -> None:
        reader = Reader(
            row.passage, row.text, row.whose, self.names, self.reported, SURE, listed=True
        )
        said = (
            columns_said.answer(row.held["answer"].said) if "answer" in row.held else ("", "", "")
        )
        status = self._status(row, said)
        placed = self._things(reader, row, status) if status else []
        if (
            "answer" in row.held
            and len(row.held["answer"].said.split()) > _LONGEST_ANSWER
            and said[0] != "denies"
        ):
            cell = row.held["answer"]
            reader.body(cell.span.start, cell.span.end)
        if note := row.held.get("note"):
            reader.listed = said[0] == "uses" and not {"product", "vendor"} & set(
                self._heads.values()
            )
            reader.body(note.span.start, note.span.end)
            if said[0] == "uses" and columns_said.answer(note.said)[1] and not placed:
                said = columns_said.answer(note.said)
        for _, _, one in placed:
            self._facts(one, row)
            self._usage(reader, one, row)
            self._route(reader, one, row)
        self.found.deployments += reader.deployments
        self.found.usage += reader.usage
        self.found.routes += reader.routes
        self._disclosure(row, said, reader)

    def _status(self, row: "_Row", said: tuple[str, str, str]) -> str:
        """The status that a row gives; empty where nothing may be claimed of what it names."""
        if said[0] in {"denies", "no-response"} or row.kind in {"denies", "no-response"}:
            return ""
        if "status" in row.held:
            state = columns_said.status(row.held["status"].said)
            return "unspecified" if state is None else state
        if "answer" in row.held:
            state = columns_said.status(row.held["answer"].said)
            return state or ("live" if state is None and said[0] == "uses" else "")
        note = columns_said.status(row.held["note"].said) if "note" in row.held else None
        if note is not None:
            return note
        if "since" in self._heads.values() and not self._begun(row):
            return ""
        known = row.kind in {"uses", "refused", "unable"} or {"usage", "since"} & row.held.keys()
        return "live" if known and "status" not in self._heads.values() else "unspecified"

    def _begun(self, row: "_Row") -> bool:
        """Whether the day on which it began is set and past."""
        cell = row.held.get("since")
        day = day_at(cell.said, 0, len(cell.said)) if cell else None
        return bool(day and not self.reported) or bool(
            day
            and day.written[:4] <= self.reported[:4]
            and day.written[:7] <= f"{self.reported[:7]}~"
        )

    def _things(self, reader: Reader, row: "_Row", status: str) -> list[Placed]:
        makers = row.held.get("vendor")
        vendor = None
        if makers and not makers.empty:
            vendor = next(
                (v for m in self.names.mentions(makers.said) for v in m.of("vendor")), None
            )
        cell = row.held.get("product") or row.held.get("description")
        if cell is None or cell.empty:
            cell = makers
        if cell is None or cell.empty or _TOTAL.match(cell.said):
            return []
        placed = reader.things(row.text, cell.span.start, cell.span.end, status, "table")
        if not placed:
            placed = reader.whole(Span(cell.span.start, cell.span.end), status, "table")
        for _, _, one in placed:
            if vendor and one.vendor is None:
                one.vendor = vendor
                self._of_maker(one)
        return placed

    def _of_maker(self, one: Deployment) -> None:
        """Of several products of one name, the one that the named maker makes."""
        if one.product is None and one.name and one.vendor:
            made = [p for p in one.name.of("product") if p.vendor == one.vendor.iri]
            one.product = made[0] if len(made) == 1 else None

    def _facts(self, one: Deployment, row: "_Row") -> None:
        held = row.held
        words = " ".join(
            held[name].said
            for name in ("description", "specialty", "modality", "product")
            if name in held
        )
        if "description" in held and not one.description and not held["description"].empty:
            one.description = held["description"].said
        one.specialty = facts.specialty(words)
        one.modality = facts.modality(words)
        if "site" in held and not held["site"].empty:
            one.site = held["site"].said
        for name in ("since", "status", "answer", "note"):
            if name in held and not one.valid_from:
                said = held[name].said
                day = day_at(said, 0, len(said)) if name == "since" else None
                one.valid_from = day.written if day else facts.since(said)

    def _usage(self, reader: Reader, one: Deployment, row: "_Row") -> None:
        cell = row.held.get("usage")
        period = row.held["period"].said if "period" in row.held else ""
        amount = counted(cell.said, self._printed.get("usage", ""), period) if cell else None
        if cell is None or amount is None:
            return
        place = row.passage.start
        spot = Found(
            "table:usage", SURE, row.passage, place + cell.span.start, place + cell.span.end
        )
        numbers = (amount.low, amount.high, amount.approximate)
        reader.usage.append(
            Usage(one, *numbers, amount.unit, amount.per, amount.period, spot, cell.said)
        )

    def _route(self, reader: Reader, one: Deployment, row: "_Row") -> None:
        cell = row.held.get("route")
        if cell is None or cell.empty:
            return
        head = self._printed.get("route", "").casefold()
        lead = next(
            (word for word in ("recommended", "funded", "commissioned") if word in head), "procured"
        )
        own = [*ways(cell.said, 0, len(cell.said), self.names)]
        whole = cell.said if own else f"{lead} via {cell.said}"
        for way in (own or [*ways(whole, 0, len(whole), self.names)])[:1]:
            shifted = replace(way, start=cell.span.start, end=cell.span.end)
            reader.came(shifted, one)

    def _disclosure(self, row: "_Row", said: tuple[str, str, str], reader: Reader) -> None:
        if not said[0] or "trust" not in self._heads.values():
            return
        answer, detail, exemption = said
        if any(
            one.trust.label == row.whose.label and one.answer == answer
            for one in self.found.disclosures
        ):
            return
        place, span = row.passage.start, row.held["answer"].span
        sure = SURE - 0.3 * (len(row.whose.entities) != 1)
        spot = Found("table:answer", sure, row.passage, place + span.start, place + span.end)
        self.found.disclosures.append(
            Disclosure(row.whose, answer, detail, exemption, reader.reported, spot)
        )


@dataclass(frozen=True)
class _Row:
    """A row with what its cells hold, and whose it is."""

    passage: Passage
    text: str
    held: dict[str, Cell]
    whose: Mention
    kind: str
