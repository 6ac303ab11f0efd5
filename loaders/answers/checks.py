"""What is wrong with a mapping for a file: all of it at once, before anything is loaded."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from openpyxl.utils import get_column_letter

from careatlas.loaders.answers.fields import FIELDS, IDENTITY, day, figure, folded, iso, words
from careatlas.loaders.answers.mapping import Columns, Mapping, Problem, SheetMapping
from careatlas.loaders.reading.cells import Book, Cell, Grid

_SEVERAL = {"description", "qualifier", "remark", "questions"}
"""Fields that several columns may fill together."""


@dataclass(frozen=True)
class Table:
    """A sheet with its mapping: where each heading stands, and the rows below."""

    grid: Grid
    mapping: SheetMapping
    at: dict[str, int]
    rows: tuple[tuple[int, tuple[Cell, ...]], ...]

    def cell(self, row: tuple[Cell, ...], heading: str) -> Cell:
        """The cell of a row under a heading; one that the mapping calls blank is."""
        at = self.at[heading]
        cell = row[at] if at < len(row) else Cell("")
        blank = any(folded(cell.text) == folded(word) for word in self.mapping.blank)
        return Cell("") if blank else cell

    @property
    def unread(self) -> list[str]:
        """The columns that no entry of the mapping speaks of."""
        spoken = {heading for _, heading, _ in self.mapping.headings} | set(self.mapping.leave_out)
        return [heading for heading in self.at if heading not in spoken]


def headed(grid: Grid, mapping: SheetMapping) -> Table:
    """The rows of a sheet under its headings; of headings that are alike, the later are numbered."""
    header = next((cells for number, cells in grid.rows if number == mapping.header), ())
    at: dict[str, int] = {}
    times: Counter[str] = Counter()
    for place, cell in enumerate(header):
        heading = cell.text or f"column {get_column_letter(place + 1)}"
        times[heading] += 1
        at[heading if times[heading] == 1 else f"{heading} ({times[heading]})"] = place
    below = tuple((number, row) for number, row in grid.rows if number > mapping.header)
    return Table(grid, mapping, at, below)


def tables(mapping: Mapping, book: Book, name: str) -> tuple[list[Table], list[Problem]]:
    """The sheets that a mapping speaks of, and all that is wrong with it for this file."""
    found: list[Table] = []
    problems: list[Problem] = []
    if mapping.source.published is None:
        text = "is missing: the day on which the answer came"
        problems.append(_problem(f"{name}, source published", text))
    for number, one in enumerate(mapping.sheets, 1):
        place = f"{name}, sheets {number}"
        problems += _entries(place, one)
        if mapping.request is None and "answer" in _filled(one):
            problems.append(_problem(place, "reads answers, but the mapping has no request"))
        chosen = _chosen(place, one, book)
        if isinstance(chosen, Problem):
            problems.append(chosen)
            continue
        table = headed(chosen, one)
        problems += [*_missing(place, table), *_cells(table)]
        found.append(table)
    return found, problems


def _problem(place: str, text: str) -> Problem:
    return Problem(place=place, text=text)


def _chosen(place: str, mapping: SheetMapping, book: Book) -> Grid | Problem:
    """The sheet that is meant."""
    names = [grid.name for grid in book.sheets]
    if not mapping.sheet and len(names) == 1:
        return book.sheets[0]
    listed = ", ".join(names) or "none"
    if not mapping.sheet:
        return _problem(place, f"names no sheet, and the file has several: {listed}")
    for grid in book.sheets:
        if grid.name == mapping.sheet:
            return grid
    if mapping.sheet in [grid.name for grid in book.hidden]:
        return _problem(place, f"the sheet {mapping.sheet!r} is hidden: show it, and save the file")
    return _problem(place, f"the file has no sheet {mapping.sheet!r}; there are: {listed}")


def _filled(mapping: SheetMapping) -> set[str]:
    """The fields that something fills."""
    read = {field for _, _, field in mapping.headings}
    chosen = {
        field
        for codes in mapping.values.values()
        for code in codes.values()
        if isinstance(code, dict)
        for field in code
    }
    return read | chosen | set(mapping.defaults)


def _entries(place: str, mapping: SheetMapping) -> Iterator[Problem]:
    """What is wrong with a mapping whatever its file holds."""
    for where, heading, field in mapping.headings:
        if field not in FIELDS:
            yield _problem(f"{place}, {where}, {heading}", _no_field(field))
        elif where != "columns" and FIELDS[field].table in ("", "disclosures"):
            text = f"{field} is the same for all products of a row: move it to columns"
            yield _problem(f"{place}, {where}, {heading}", text)
    yield from _twice(place, mapping)
    for field, codes in mapping.values.items():
        yield from _words(f"{place}, values, {field}", field, codes)
    for field, value in mapping.defaults.items():
        yield from _code(f"{place}, defaults, {field}", field, value)
    for heading in mapping.split:
        if mapping.columns.get(heading) not in IDENTITY:
            text = "only a product, a vendor or a description under columns can be split"
            yield _problem(f"{place}, split, {heading}", text)
        elif not mapping.split[heading]:
            yield _problem(f"{place}, split, {heading}", "the mark between the names is empty")
    filled = _filled(mapping)
    if not filled & {"trust", "ods"}:
        yield _problem(place, "no column or default says which trust answers: trust or ods")
    if "volume" in filled and "unit" not in filled:
        yield _problem(place, "volume needs a unit: a column, or a default")


def _no_field(field: str) -> str:
    return f"{field!r} is no field; there are: {', '.join(FIELDS)}"


def _twice(place: str, mapping: SheetMapping) -> Iterator[Problem]:
    """Columns that two entries speak of, and fields that two columns fill."""
    named = Counter(heading for _, heading, _ in mapping.headings)
    named.update(set(mapping.leave_out))
    for heading in sorted(name for name, times in named.items() if times > 1):
        yield _problem(f"{place}, {heading}", "two entries speak of this column")
    for group in ({}, *mapping.groups):
        fields = Counter([*mapping.columns.values(), *group.values()])
        for field in sorted(set(fields) - _SEVERAL):
            if fields[field] > 1:
                yield _problem(place, f"two columns of one row are both {field}")


def _words(place: str, field: str, codes: dict[str, str | Columns]) -> Iterator[Problem]:
    if field not in FIELDS or FIELDS[field].kind != "code":
        coded = ", ".join(name for name, one in FIELDS.items() if one.kind == "code")
        yield _problem(place, f"words are given for coded fields alone: {coded}")
        return
    for word, meant in codes.items():
        for target, code in (meant if isinstance(meant, dict) else {field: meant}).items():
            yield from _code(f"{place}, {word}", target, code)


def _code(place: str, field: str, value: str) -> Iterator[Problem]:
    """What is wrong with a value that the mapping itself gives to a field."""
    if field not in FIELDS:
        yield _problem(place, _no_field(field))
    elif FIELDS[field].kind == "code" and folded(value) not in words(FIELDS[field].scheme):
        codes = ", ".join(sorted(set(words(FIELDS[field].scheme).values())))
        yield _problem(place, f"{value!r} is not in the scheme {FIELDS[field].scheme}: {codes}")
    else:
        yield from _unread(place, field, value)


def _unread(place: str, field: str, value: str) -> Iterator[Problem]:
    """What is wrong with a date or a figure."""
    kind = FIELDS[field].kind
    try:
        if kind == "date":
            day(value)
        elif kind == "figure":
            figure(value)
    except ValueError as fault:
        yield _problem(place, str(fault))


def _missing(place: str, table: Table) -> Iterator[Problem]:
    """Columns that the file does not have."""
    if not table.at:
        yield _problem(place, f"row {table.mapping.header} of the file has no headings")
        return
    listed = ", ".join(table.at)
    wanted = [(where, heading) for where, heading, _ in table.mapping.headings]
    wanted += [("leave_out", heading) for heading in table.mapping.leave_out]
    wanted += [("fill", heading) for heading in table.mapping.fill]
    for where, heading in wanted:
        if heading not in table.at:
            text = f"the file has no such column; there are: {listed}"
            yield _problem(f"{place}, {where}, {heading}", text)


def _cells(table: Table) -> Iterator[Problem]:
    """Cells that hold what the mapping does not know; a word is told of once, with its first place."""
    unknown: dict[tuple[str, str], list[str]] = {}
    for number, row in table.rows:
        for _, heading, field in table.mapping.headings:
            if heading not in table.at:
                continue
            cell = table.cell(row, heading)
            place = table.grid.place(number, heading)
            if cell.fault:
                yield _problem(place, cell.fault)
            elif not cell.text or field not in FIELDS:
                continue
            elif FIELDS[field].kind != "code":
                yield from _unread(place, field, cell.text)
            elif _meant(table.mapping, field, cell.text) is None:
                unknown.setdefault((field, cell.text), []).append(place)
    for (field, text), places in unknown.items():
        yield _problem(places[0], _not_known(field, text, places))


def _not_known(field: str, text: str, places: Sequence[str]) -> str:
    more = f" (and in {len(places) - 1} more cells)" if len(places) > 1 else ""
    return f"{text!r}{more} is no {field}: say under values, {field} what it means"


def _meant(mapping: SheetMapping, field: str, text: str) -> Columns | None:
    """What the mapping, or else the scheme, says that the words of a cell stand for."""
    for word, meant in mapping.values.get(field, {}).items():
        if folded(word) == folded(text):
            return meant if isinstance(meant, dict) else {field: meant}
    code = words(FIELDS[field].scheme).get(folded(text))
    return None if code is None else {field: code}


def coded(mapping: SheetMapping, field: str, text: str) -> Columns | None:
    """The codes that the words of a cell stand for, by field; none where nobody said."""
    meant = _meant(mapping, field, text)
    return meant and {target: value(target, code) for target, code in meant.items()}


def value(field: str, text: str) -> str:
    """What a text that was checked is in a table: a code as its notation, a date in ISO 8601."""
    kind = FIELDS[field].kind
    if kind == "code":
        return words(FIELDS[field].scheme)[folded(text)]
    return iso(text) if kind == "date" else text
