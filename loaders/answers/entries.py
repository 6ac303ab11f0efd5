"""From a row of an answer to what it says: the trust, its answer, and each product with its fields."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from careatlas.loaders.answers.checks import Table, coded, value
from careatlas.loaders.answers.fields import FIELDS, IDENTITY
from careatlas.loaders.reading.cells import Cell

ANSWERED = tuple(
    name
    for name, one in FIELDS.items()
    if one.table in ("deployments", "usage", "routes", "agreements") and name not in IDENTITY
)
"""What a row says of a product besides which it is."""


class RowError(ValueError):
    """A row that says something that cannot be taken in; the others are."""


@dataclass
class Entry:
    """Fields with their values, and the columns that they stand in."""

    values: dict[str, str] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    answered: bool = True
    """Whether the row says more of the product than which it is."""
    shared: bool = False
    """Whether the row says the same of several products."""

    def get(self, name: str) -> str:
        """The value of a field, empty where nothing is said."""
        return self.values.get(name, "")

    def says(self, names: tuple[str, ...]) -> bool:
        """Whether any of these fields is filled."""
        return any(self.values.get(name) for name in names)

    def column(self, names: tuple[str, ...]) -> str:
        """The column of the first of these fields that stands in one."""
        return next((self.columns[name] for name in names if name in self.columns), "")

    def put(self, name: str, text: str, column: str) -> None:
        """Fill a field; what stands there already is continued."""
        there = self.values.get(name)
        self.values[name] = f"{there}, {text}" if there else text
        self.columns.setdefault(name, column)


@dataclass(frozen=True)
class Line:
    """What one row says."""

    number: int
    whole: Entry
    """What holds for the row: the trust, its answer, and all that stands once."""
    products: tuple[Entry, ...]

    @property
    def blank(self) -> bool:
        """Whether nothing but a name of the trust, or of what was asked, is filled."""
        asked = bool(self.whole.get("questions"))
        answers = [one for one in self.products if one.answered or not asked]
        return not self.whole.says(("answer", "detail", "exemption", "qualifier")) and not answers


def lines(table: Table) -> Iterator[Line | tuple[int, RowError]]:
    """The rows of a sheet in order, or for one that cannot be taken in the reason."""
    above: dict[str, Cell] = {}
    for number, row in table.rows:
        cells = {heading: table.cell(row, heading) for heading in table.at}
        for heading in table.mapping.fill:
            if cells[heading].text:
                above[heading] = cells[heading]
            else:
                cells[heading] = above.get(heading, cells[heading])
        try:
            yield _line(table, number, cells)
        except RowError as fault:
            yield number, fault


def _line(table: Table, number: int, cells: Mapping[str, Cell]) -> Line:
    mapping = table.mapping
    whole = _entry(table, mapping.columns, cells)
    defaults = {name: value(name, text) for name, text in mapping.defaults.items()}
    products = []
    for group in mapping.groups:
        own = _entry(table, group, cells)
        if own.says((*IDENTITY, *ANSWERED)):
            shared = {key: text for key, text in whole.values.items() if FIELDS[key].table}
            columns = whole.columns | own.columns
            products.append(Entry(shared | own.values, columns))
    if whole.says(IDENTITY) or (not mapping.groups and whole.says(ANSWERED)):
        products += _split(table, whole)
    if len(products) > 1 and whole.get("volume"):
        raise RowError("gives one figure for several products: nobody can tell for which")
    for one in products:
        sent = mapping.given.get(whole.get("questions"))
        told = sent is not None and any(one.get(name) != sent.get(name, "") for name in IDENTITY)
        one.answered = told or one.says(ANSWERED)
        one.values = {**defaults, **{key: text for key, text in one.values.items() if text}}
    for name in ("trust", "ods", "answer", "detail", "exemption", "qualifier"):
        if name in defaults:
            whole.values.setdefault(name, defaults[name])
    return Line(number, whole, tuple(products))


def _entry(table: Table, columns: Mapping[str, str], cells: Mapping[str, Cell]) -> Entry:
    found = Entry()
    meant: dict[str, tuple[str, str]] = {}
    for heading, name in columns.items():
        text = cells[heading].text
        if not text:
            continue
        if FIELDS[name].kind == "code":
            codes = coded(table.mapping, name, text) or {}
            for target, code in codes.items():
                there = meant.setdefault(target, (code, heading))
                if there[0] != code:
                    raise RowError(
                        f"{there[1]} says {target} {there[0]}, but {heading} says {code}"
                    )
        else:
            found.put(name, value(name, text), heading)
    for target, (code, heading) in meant.items():
        found.put(target, code, heading)
    return found


def _split(table: Table, whole: Entry) -> list[Entry]:
    """One entry for each of the names that one cell holds."""
    parts: dict[str, list[str]] = {}
    for heading, mark in table.mapping.split.items():
        name = table.mapping.columns[heading]
        named = [part.strip() for part in whole.get(name).split(mark) if part.strip()]
        if len(named) > 1:
            parts[name] = named
    counts = {len(named) for named in parts.values()}
    if not counts:
        return [Entry(dict(whole.values), dict(whole.columns))]
    if len(counts) > 1:
        told = " and ".join(f"{len(named)} of {name}" for name, named in parts.items())
        raise RowError(f"the cells name {told}: nobody can tell which belong together")
    return [
        Entry(
            whole.values | {name: named[at] for name, named in parts.items()},
            dict(whole.columns),
            shared=True,
        )
        for at in range(counts.pop())
    ]
