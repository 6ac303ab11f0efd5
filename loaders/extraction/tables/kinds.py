"""What each column of a table holds, by the names and words in its cells and by its head."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from careatlas.loaders.extraction.deployments.routes import ways
from careatlas.loaders.extraction.deployments.usage import amounts
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.extraction.tables import heads
from careatlas.loaders.extraction.wording import columns_said
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.extraction.wording.periods import period

MOST = 0.5
"""From this share of its cells on, a column is of what they are."""
DATE = re.compile(
    r"(?:Q[1-4] )?(?:20)?\d\d[/\u2013-](?:20)?\d\d|[\d/.-]{6,10}|\d{1,2}(?:st|nd|rd|th)? \w+(?: \d{4})?|\w+ (?:19|20)\d\d|(?:19|20)\d\d(?:[/-]\d\d)?"
)
_STAGED = re.compile(
    r"\b(?:live|in (?:\w+ )?use|pilot\w*|trial\w*|paused|suspended|on hold|decommission\w*|withdrawn|proof of|being (?:installed|rolled out|set up|implemented|tested)|"
    r"embedded|business as usual|under evaluation|switched off|not used|implementing|rolled out|up and running)\b",
    re.IGNORECASE,
)
_UNSURE = frozenset(("", "description", "specialty", "usage"))
"""What a column of products may be called too."""
_FEW = 3
_SHORT = 8
_MANY = frozenset(("usage", "note", "product", *heads.BARE))
"""What a table may have several columns of."""


@dataclass(frozen=True)
class Column:
    """A column by its number, with what it holds and its head as printed."""

    at: int
    kind: str
    head: str


@dataclass(frozen=True)
class Kinds:
    """Judges columns with the names that the catalogue knows."""

    names: Gazetteer

    def columns(self, titles: list[str], data: list[list[Cell]]) -> list[Column]:
        """The columns under some heads; what says nothing that counts has no kind."""
        found = [Column(at, self._kind(title, data, at), title) for at, title in enumerate(titles)]
        return self._checked(found, data)

    def _kind(self, title: str, data: list[list[Cell]], at: int) -> str:
        """What a column holds: by its cells where they are names, else by its head."""
        if heads.beside(title):
            return ""
        kind = heads.meaning(title)
        trusts, things = self.share(data, at, self.trust), self.share(data, at, self.thing)
        if trusts >= MOST and kind not in {"route", "note", "site"}:
            return "trust"
        if kind == "trust" and things > trusts:
            return "product"
        counted = kind == "usage" and self.share(data, at, _figure) >= MOST
        if kind in _UNSURE and not counted and things >= MOST:
            return "product"
        return self._by_words(kind, title, data, at)

    def _by_words(self, kind: str, title: str, data: list[list[Cell]], at: int) -> str:
        """What a column holds by the words of its cells, where its head does not fit them."""
        cells = _column(data, at)
        things = self.share(data, at, self.thing)
        answered = any(columns_said.answer(cell.said)[0] for cell in cells)
        plain = kind in {"", "description"} and not things
        wordy = bool(title) and any(len(cell.said.split()) > _SHORT for cell in cells)
        cases = (
            (kind == "product" and not things and self.share(data, at, _replies) > MOST, "answer"),
            (plain and self.share(data, at, _amount) >= MOST, "usage"),
            (kind == "answer" and not answered, "product" if things else ""),
            (kind in {"", "route"} and self.share(data, at, _staged) >= MOST, "status"),
            (kind in {"", "note"} and self.share(data, at, self._way) > MOST, "route"),
            (not kind and self.share(data, at, _dated) > MOST, "period"),
            (kind == "plans" and self.share(data, at, _counts) > MOST, "usage"),
            (DATE.fullmatch(title) and self.share(data, at, _counts) > MOST, "usage"),
            (not kind and wordy, "note"),
        )
        return next((found for holds, found in cases if holds), kind)

    def _checked(self, found: list[Column], data: list[list[Cell]]) -> list[Column]:
        """The columns, each kind once where a row has one alone; the one that holds names wins."""
        sure = {c.at for c in found if c.kind == "trust" and self.share(data, c.at, self.trust)}
        products = {c.at for c in found if c.kind == "product"}
        makers = {
            c.at
            for c in found
            if c.kind == "product"
            and len(products) > 1
            and self.share(data, c.at, self._maker) >= MOST
        }
        headed = {at for at in products if heads.meaning(found[at].head) in {"product", "vendor"}}
        taken = set[str]()
        kept: list[Column] = []
        for column in found:
            kind = column.kind
            if kind == "trust" and sure and column.at not in sure:
                kind = "vendor" if column.head.casefold().startswith("provider") else ""
            if column.at in makers and products - makers:
                kind = "vendor"
            if kind == "product" and headed and column.at not in headed:
                # What products a column lists whose head says nothing of use is not known.
                kind = "note"
            if (
                kind == "product"
                and "product" in taken
                and not self.share(data, column.at, self.thing)
            ):
                kind = "note"
            if kind and (kind not in taken or kind in _MANY):
                taken.add(kind)
                kept.append(replace(column, kind=kind))
        return kept

    def share(self, data: list[list[Cell]], at: int, of: Callable[[Cell], object]) -> float:
        """The share of the cells of a column of which something holds."""
        filled = [cell for cell in _column(data, at) if not cell.empty]
        return sum(bool(of(cell)) for cell in filled) / len(filled) if filled else 0.0

    def named(self, cell: Cell) -> bool:
        """Whether a cell is about a trust or names a product or its maker."""
        return self.trust(cell) or self.thing(cell)

    def trust(self, cell: Cell) -> bool:
        """Whether a cell is mostly the names of trusts."""
        if self.names.find(cell.said, "trust"):
            return True
        found = [m for m in self.names.mentions(cell.said) if m.of("trust")]
        return bool(found) and sum(len(m.text) for m in found) > len(cell.said) / 2

    def thing(self, cell: Cell) -> bool:
        """Whether a cell names a product or its maker."""
        return any(m.of("product", "vendor") for m in self.names.mentions(cell.said))

    def _way(self, cell: Cell) -> bool:
        """Whether a cell says through whom something came, or names who may have brought it."""
        said = cell.said
        way = next(ways(said, 0, len(said), self.names), None)
        return way is not None and way.involvement in {"procured", "funded", "direct"}

    def _maker(self, cell: Cell) -> bool:
        found = self.names.find(cell.said, "product", "vendor")
        return bool(found) and all(one.kind == "vendor" for one in found)


def _staged(cell: Cell) -> bool:
    """Whether a cell says how far along something is, in words that say nothing else."""
    return bool(_STAGED.search(cell.said)) and columns_said.status(cell.said) is not None


def _replies(cell: Cell) -> bool:
    """Whether a cell is a yes or a no, or their like."""
    return len(cell.said.split()) <= _FEW and bool(columns_said.answer(cell.said)[0])


def _dated(cell: Cell) -> bool:
    return bool(period(cell.said)[0] or period(f"in {cell.said}")[0])


def _figure(cell: Cell) -> bool:
    return bool(re.search(r"(?<![A-Za-z\d])\d{2,}", cell.said))


def _amount(cell: Cell) -> bool:
    return next(amounts(cell.said, 0, len(cell.said)), None) is not None


def _counts(cell: Cell) -> bool:
    return not DATE.fullmatch(cell.said) and bool(
        re.fullmatch(r"\D{0,8}\d[\d,]*(?:\s[A-Za-z -]{0,20})?", cell.said)
    )


def _column(data: list[list[Cell]], at: int) -> list[Cell]:
    return [row[at] for row in data if at < len(row) and row[at].said]
