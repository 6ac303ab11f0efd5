"""The CSV reports of the register: organisations, successions, and members of primary care networks."""

import codecs
import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import cast

from careatlas.loaders.feed import LeftOut, Rejected
from careatlas.loaders.ods import kinds
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
from careatlas.loaders.ods.opening import Part

WIDEST_LINE = 2**16
FRAME = {
    "code": 0,
    "name": 1,
    "region": 2,
    "board": 3,
    "town": 7,
    "postcode": 9,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "sub_type": 13,
    "parent": 14,
    "joined": 15,
    "left": 16,
    "setting": 25,
}
"""Where the reports of organisations, which share 27 columns, have what the graph takes."""
NETWORKS = {
    "code": 0,
    "name": 1,
    "location": 2,
    "opened": 4,
    "closed": 5,
    "town": 9,
    "postcode": 11,
}
PARTNERS = {"code": 0, "parent": 4, "joined": 8, "left": 9}
SUCCESSIONS = {"code": 0, "other": 1, "on": 3}
_LABELS = {
    "code": r"(organisation|pcn|partner organisation|predecessor organisation) code|organisation",
    "name": r"(organisation |pcn )?name",
    "region": r"national grouping( code)?|(nhs england )?region( code)?",
    "board": r"high level health geography( code)?|icb( code)?",
    "location": r"current sub icb (loc|location)( code)?",
    "town": r"town|address line 4",
    "postcode": r"post ?code",
    "opened": r"(open|legal start|operational start) ?date",
    "closed": r"(close|legal end|operational end) ?date",
    "status": r"status( code)?",
    "sub_type": r"organisation sub ?type( code)?|(non primary )?roles?( id| code)?",
    "parent": r"parent organisation( code)?|commissioner|provider purchaser",
    "joined": r"join .*date|.*relationship start date",
    "left": r"left .*date|.*relationship end date",
    "setting": r"prescribing setting",
    "other": r"successor( organisation)?( code)?",
    "on": r"(effective|legal start|succession) ?date|date",
}
_WIDTHS = {4: SUCCESSIONS, 5: SUCCESSIONS, 6: SUCCESSIONS, 11: PARTNERS, 12: NETWORKS, 13: NETWORKS}
_LEAST, _MOST = 20, 32
_CLOSED_PRACTICE = re.compile(r"[ACDPU]", re.ASCII)
PRACTICE = "the graph is not about organisations of the role RO177 (prescribing cost centre)"
UNKNOWN = "a report without roles, whose columns do not tell that it is one the graph is about"
Columns = Mapping[str, int]


def read(part: Part, as_at: date | None) -> Iterator[Found]:
    """What becomes of each row of a report; the labels above the columns are no row."""
    labelled: Columns | None = None
    first = True
    for number, line in _lines(part):
        place, locator = f"{part.name}:{number}", f"{part.name}, row {number}"
        if line is None:
            yield Rejected(place, f"a line of more than {WIDEST_LINE} bytes")
            continue
        cells = _cells(line)
        if cells is None:
            yield Rejected(place, "the quotes of its cells do not match")
        elif any(cell.strip() for cell in cells):
            if first and (found := _labels(cells)):
                labelled, first = found, False
                continue
            first = False
            try:
                yield _row(cells, labelled, place, locator, as_at)
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


def _cells(line: str) -> list[str] | None:
    try:
        return next(csv.reader([line.rstrip("\r\n").replace("\x00", " ")], strict=True), [])
    except csv.Error:
        return None


def _labels(cells: Sequence[str]) -> Columns | None:
    """Where the columns are by their labels, if these are labels."""
    plain = [re.sub(r"[^a-z0-9]+", " ", cell.lower()).strip() for cell in cells]
    if not any(plain[0].endswith(end) for end in ("code", "organisation", "org id")):
        return None
    found: dict[str, int] = {}
    for field, pattern in _LABELS.items():
        for place, label in enumerate(plain):
            if field not in found and re.fullmatch(pattern, label):
                found[field] = place
    frame = _frame(len(cells))
    return {**(frame or {}), **found}


def _frame(width: int) -> Columns | None:
    return FRAME if _LEAST <= width <= _MOST else _WIDTHS.get(width)


def _row(
    cells: Sequence[str], labelled: Columns | None, place: str, locator: str, as_at: date | None
) -> Found:
    columns = labelled or _frame(len(cells))
    if columns is None or "code" not in columns:
        raise RowError("row of a report", f"{len(cells)} cells")

    def cell(field: str) -> str:
        at = columns.get(field, len(cells))
        return cells[at] if at < len(cells) else ""

    if "other" in columns:
        return Follows(place, locator, code(cell("code")), code(cell("other")), day(cell("on")))
    if "name" not in columns:
        tie = Tie("RE8", code(cell("parent")), day(cell("joined")), day(cell("left")))
        return Belongs(place, locator, code(cell("code")), tie, as_at)
    return _organisation({field: cell(field) for field in columns}, place, locator, as_at)


def _organisation(
    row: Mapping[str, str], place: str, locator: str, as_at: date | None
) -> Entry | LeftOut:
    own, called = code(row["code"]), name(row["name"])
    opened, closed = day(row.get("opened")), day(row.get("closed"))
    if row.get("setting", "").strip() and _CLOSED_PRACTICE.fullmatch(row.get("status", "").strip()):
        return LeftOut(place, PRACTICE)
    kind = kinds.NETWORK if "location" in row else None
    kind = kind or kinds.kind_of_row(own, called, row.get("sub_type", ""))
    ties: list[Tie] = []
    if row.get("location", "").strip():
        ties.append(Tie("RE5", code(row["location"])))
    if parent := row.get("parent", "").strip():
        ties.append(Tie("RE6", code(parent), day(row.get("joined")), day(row.get("left"))))
        kind = kinds.SITE if kind in (None, kinds.TRUST) else kind
    return Entry(
        *(place, locator, own, called, kind, UNKNOWN),
        opened=opened,
        closed=closed,
        town=clean(row.get("town")) or None,
        postcode=clean(row.get("postcode")).upper() or None,
        region=clean(row.get("region")).upper() or None,
        board=clean(row.get("board")).upper() or None,
        ties=tuple(ties),
        as_at=as_at,
    )
