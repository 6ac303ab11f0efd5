"""Tables on printed pages: the lines that belong to one row, by where their words stand."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from careatlas.loaders.reading.layout import Line

_FEWEST = 3
"""Text in two columns may be no table."""
_PASSES = 2
"""Text in several columns passes on to the next column once, a table at each row."""
_ABOVE = 4
"""So many lines that stand above a table may look as if they were of it, and hide its columns."""
_NEAR = 30
"""So many lines back stands what a line is near to."""
_FARTHEST = 4
"""Rows are no further apart than this many times the size of the type."""
_LEADING = 1.35
"""Lines of one cell are no further apart than this many times the size of the type."""
_FULL = 0.6
"""A line that fills this share of the columns is likely a row by itself."""
_SEVERAL = 3
"""So many full lines in one group are rows by themselves."""
_SLACK = 1.0
_MOST_LINES = 200
"""No page holds a longer table."""
Span = tuple[float, float]


@dataclass(frozen=True)
class _Piece:
    """The words of one line in one column."""

    band: int
    bottom: float
    text: str
    line: int


def gathered(lines: list[Line]) -> list[Line]:
    """The lines of a page with each row of a table as one line, a tab for each of its columns."""
    found: list[Line] = []
    at = 0
    while at < len(lines):
        region, bands = _region(lines, at)
        wider = any(len(_region(lines, at + n)[1]) > len(bands) for n in range(1, _ABOVE))
        enough = _steps(region) >= _PASSES * (len(bands) - 1)
        if len(bands) < _FEWEST or wider or not enough:
            found.append(lines[at])
            at += 1
            continue
        found += _rows(region, bands)
        at += len(region)
    return found


def _region(lines: list[Line], at: int) -> tuple[list[Line], list[Span]]:
    """The lines from one on that keep to columns, and these columns."""
    region: list[Line] = []
    bands: list[Span] = []
    for line in lines[at : at + _MOST_LINES]:
        grown = _bands([*bands, *line.spans])
        if region:
            far = min(abs(line.bottom - other.bottom) for other in region[-_NEAR:])
            if abs(line.size - region[0].size) > 1 or far > _FARTHEST * line.size:
                break
        if not line.spans or len(grown) < len(bands):
            break
        region.append(line)
        bands = grown
    return region, bands


def _steps(region: list[Line]) -> int:
    """How often the text goes on to the right: within a line, or at the head of the next cell."""
    within = sum(len(line.spans) - 1 for line in region)
    return within + sum(
        two.spans[0][0] > one.spans[-1][1] - _SLACK and two.bottom > one.bottom - _SLACK
        for one, two in pairwise(region)
    )


def _bands(spans: list[Span]) -> list[Span]:
    """The columns: stretches of the page's width, those that overlap together."""
    bands: list[Span] = []
    for left, right in sorted(spans):
        if bands and left < bands[-1][1] - _SLACK:
            bands[-1] = (bands[-1][0], max(bands[-1][1], right))
        else:
            bands.append((left, right))
    return bands


def _overlap(one: Span, other: Span) -> bool:
    return one[0] < other[1] - _SLACK and other[0] < one[1] - _SLACK


def _band(span: Span, bands: list[Span]) -> int | None:
    return next((at for at, band in enumerate(bands) if _overlap(span, band)), None)


def _rows(region: list[Line], bands: list[Span]) -> Iterator[Line]:
    pieces = [
        _Piece(_band(span, bands) or 0, line.bottom, said, number)
        for number, line in enumerate(region)
        for span, said in zip(line.spans, line.text.split("\t"), strict=False)
    ]
    groups = list(_grouped(pieces, region, len(bands)))
    for at, group in enumerate(groups):
        filled = {piece.band for piece in group}
        ends = all(
            len({p.band for p in one}) == 1
            for one in (groups[:at] if at < len(groups) / 2 else groups[at + 1 :])
        )
        if len(filled) == 1 and ends:
            # What stands by itself above or below the rows is none of them.
            yield from (region[number] for number in dict.fromkeys(piece.line for piece in group))
            continue
        cells = [
            " ".join(piece.text.strip() for piece in group if piece.band == band)
            for band in range(len(bands))
        ]
        first = region[group[0].line]
        yield replace(first, text="\t".join(cells), left=bands[0][0], spans=tuple(bands))


def _grouped(pieces: list[_Piece], region: list[Line], width: int) -> Iterator[list[_Piece]]:
    """The pieces of each row, from the top of the page down."""
    size = region[0].size
    order = sorted(pieces, key=lambda piece: (-round(piece.bottom), piece.band))
    groups: list[list[_Piece]] = []
    for piece in order:
        if not groups or groups[-1][-1].bottom - piece.bottom > _LEADING * size:
            groups.append([])
        groups[-1].append(piece)
    least = width if len(groups) > 1 else max(round(_FULL * width), 2)
    for group in groups:
        yield from _parted(group, least)


def _parted(group: list[_Piece], least: int) -> Iterator[list[_Piece]]:
    """Rows that stand as close as lines do, each begun by a line that fills most columns."""
    by_line: dict[int, list[_Piece]] = {}
    for piece in group:
        by_line.setdefault(round(piece.bottom), []).append(piece)
    full = [bottom for bottom, line in by_line.items() if len(line) >= least]
    if len(full) < _SEVERAL:
        yield group
        return
    row: list[_Piece] = []
    for bottom, line in by_line.items():
        if bottom in full and row and any(round(piece.bottom) in full for piece in row):
            yield row
            row = []
        row += line
    yield row
