"""The reports of the register: organisations, successions, and members of primary care networks."""

import codecs
import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import chain, islice
from typing import cast

from careatlas.loaders.feed import LeftOut, PassedOver, Rejected
from careatlas.loaders.ods import kinds, workbook
from careatlas.loaders.ods.columns import Columns, by_headings, by_width
from careatlas.loaders.ods.entries import (
    Belongs,
    Entry,
    Follows,
    Found,
    RowError,
    Tie,
    clean,
    code,
    day,
    name,
)
from careatlas.loaders.ods.errors import UnsoundFileError
from careatlas.loaders.ods.opening import Part
from careatlas.loaders.reading import UnreadableDocumentError

WIDEST_LINE = 2**16
HEADED_WITHIN = 10
"""The rows of a sheet among which its headings stand."""
PRACTICE = "the graph is not about organisations of the role RO177 (prescribing cost centre)"
UNKNOWN = "a report without roles, whose columns do not tell that it is one the graph is about"
ABOVE = "a row above the headings of its sheet"
HIDDEN = "a row of a hidden sheet"
NO_REPORT = "a row of a sheet that is no report of the register"
_PRACTICE_STATUS = re.compile(r"[ACDPU]", re.ASCII)
Cells = list[str] | str
"""The cells of a row, or why it has none."""
Row = tuple[str, str, Cells]
"""A row with its place and its locator."""


def read(part: Part, as_at: date | None) -> Iterator[Found]:
    """What becomes of each row of a report; the headings above the columns are no row.

    Raises:
        UnsoundFileError: a workbook is damaged, cut off or made to do harm.
    """
    if part.form == "xlsx":
        try:
            for sheet in workbook.sheets(part.path):
                yield from _sheet(part.name, sheet, as_at)
        except UnreadableDocumentError as fault:
            raise UnsoundFileError(part.name, fault.reason) from fault
        return
    rows = (
        (f"{part.name}:{number}", f"{part.name}, row {number}", _cells(line))
        for number, line in _lines(part)
    )
    yield from _table(part.name, rows, None, as_at)


def _sheet(file: str, sheet: workbook.Sheet, as_at: date | None) -> Iterator[Found]:
    named = f"{file}, sheet {sheet.title}"
    rows: Iterator[Row] = (
        (f"{file}:{sheet.title}:{number}", f"{named}, row {number}", cells)
        for number, cells in sheet.rows
    )
    first = list(islice(rows, HEADED_WITHIN))
    headed = (at for at, (_, _, cells) in enumerate(first) if by_headings(list(cells)))
    above = next(headed, 0)
    columns = by_width(list(first[0][2])) if first else None
    if sheet.hidden or (first and not by_headings(list(first[above][2])) and not columns):
        reason = HIDDEN if sheet.hidden else NO_REPORT
        yield from (LeftOut(place, reason) for place, _, _ in chain(first, rows))
        return
    yield from (LeftOut(place, ABOVE) for place, _, _ in first[:above])
    yield from _table(named, chain(first[above:], rows), columns, as_at)


def _table(
    named: str, rows: Iterable[Row], columns: Columns | None, as_at: date | None
) -> Iterator[Found]:
    """What becomes of the rows, the first of which may be headings; else each has columns by its width."""
    first = True
    for place, locator, cells in rows:
        if isinstance(cells, str):
            yield Rejected(place, cells)
            continue
        if not any(cell.strip() for cell in cells):
            continue
        if first and (headed := by_headings(cells)):
            columns, first = headed, False
            yield from (PassedOver(named, heading) for heading in headed.unknown)
            continue
        first = False
        try:
            yield _row(cells, columns or by_width(cells), (place, locator), as_at)
        except RowError as wrong:
            yield Rejected(place, str(wrong))


def _lines(part: Part) -> Iterator[tuple[int, str | None]]:
    """The lines that are not empty, with their numbers; none for one that is too long."""
    with part.open() as file:
        wide = file.read(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    with part.open() as file:
        if wide:
            held = cast("io.BufferedIOBase", file)
            text = io.TextIOWrapper(held, encoding="utf-16", errors="replace")  # type: ignore[type-var]
            yield from ((number, line) for number, line in enumerate(text, 1) if line.strip())
            return
        number = 0
        while line := file.readline(WIDEST_LINE):
            number += 1
            if len(line) == WIDEST_LINE and not line.endswith(b"\n"):
                while line and not line.endswith(b"\n"):
                    line = file.readline(WIDEST_LINE)
                yield number, None
            elif line.strip():
                yield number, _decoded(line)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8-sig")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _cells(line: str | None) -> Cells:
    if line is None:
        return f"a line of more than {WIDEST_LINE} bytes"
    try:
        return next(csv.reader([line.rstrip("\r\n").replace("\x00", " ")], strict=True), [])
    except csv.Error:
        return "the quotes of its cells do not match"


def _row(
    cells: Sequence[str], columns: Columns | None, where: tuple[str, str], as_at: date | None
) -> Found:
    if columns is None or "code" not in columns.places:
        raise RowError("row of a report", f"{len(cells)} cells")
    row = columns.taken(cells)
    if "other" in row:
        return Follows(*where, code(row["code"]), code(row["other"]), day(row.get("on")))
    if "name" not in row:
        lasts = day(row.get("joined")), day(row.get("left"))
        tie = Tie("RE8", code(row.get("parent")), *lasts)
        return Belongs(*where, code(row["code"]), tie, as_at)
    return _organisation(row, columns, where, as_at)


def _organisation(
    row: Mapping[str, str], columns: Columns, where: tuple[str, str], as_at: date | None
) -> Entry:
    own, called = code(row["code"]), name(row["name"])
    status, sub_type = row.get("status", "").strip(), row.get("sub_type", "")
    practice = row.get("setting", "").strip() and _PRACTICE_STATUS.fullmatch(status)
    kind, why_not = None, PRACTICE
    if not practice:
        kind = kinds.NETWORK if columns.networks else kinds.kind_of_row(own, called, sub_type)
        why_not = kinds.why_not_row(sub_type) or UNKNOWN
    ties: list[Tie] = []
    if row.get("location", "").strip():
        ties.append(Tie("RE5", code(row["location"])))
    if parent := row.get("parent", "").strip():
        relation = "RE4" if practice else "RE6"
        ties.append(Tie(relation, code(parent), day(row.get("joined")), day(row.get("left"))))
        kind = kinds.SITE if kind in (None, kinds.TRUST) and not practice else kind
    return Entry(
        *where,
        own,
        called,
        kind,
        why_not,
        opened=day(row.get("opened")),
        closed=day(row.get("closed")),
        town=clean(row.get("town")) or None,
        postcode=clean(row.get("postcode")).upper() or None,
        region=clean(row.get("region")).upper() or None,
        board=clean(row.get("board")).upper() or None,
        ties=tuple(ties),
        as_at=as_at,
    )
