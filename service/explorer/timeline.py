"""The time line of a trust, drawn as SVG by the server; the table below it has the same facts."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from careatlas.service.explorer.names import Names
from careatlas.service.explorer.tables import concept

KINDS = (
    ("answer", "Answers to requests"),
    ("deployment", "AI reported"),
    ("membership", "Networks and groups"),
    ("award", "Awards"),
    ("notice", "Procurement notices"),
    ("change", "Mergers"),
)
"""The kinds of rows in the order of the bands, and what heads each."""
_TONES = {
    **dict.fromkeys(("live", "uses"), "yes"),
    **dict.fromkeys(("denies", "ended", "paused", "deployed-not-used"), "no"),
    **dict.fromkeys(("no-response", "refused", "unable-to-specify"), "silent"),
}
_LEFT, _WIDTH, _ROW = 330, 960, 26
_MOST = 42
"""So many characters of a label fit beside the axis."""


class Mark(NamedTuple):
    """One row of the time line: its label, and where its signs stand from left to right."""

    y: int
    label: str
    state: str
    said: str
    tone: str
    bar: tuple[float, float] | None
    """Where it is stated to hold."""
    unsure: tuple[tuple[float, float], ...]
    """Where it may have begun or ended."""
    open_end: float | None
    """From where it goes on, since no end is stated."""
    at: float | None
    """The day that the source speaks of."""
    told: float | None
    """The day on which it was said."""


class Band(NamedTuple):
    """The rows of one kind."""

    y: int
    title: str
    marks: list[Mark]


class Drawing(NamedTuple):
    """A time line as its template draws it."""

    height: int
    bottom: int
    ticks: list[tuple[float, str]]
    bands: list[Band]
    says: str
    undated: bool


def drawing(rows: Sequence[Mapping[str, Any]], names: Names) -> Drawing | None:
    """The time line of the rows that bear a date; nothing where none does."""
    dated = [row for row in rows if _days(row)]
    if not dated:
        return None
    days = [day for row in dated for day in _days(row)]
    first, last = min(days).year, max(days).year + 1
    scale = _Scale(date(first, 1, 1), date(last, 1, 1))
    y, bands = 34, []
    for kind, title in KINDS:
        marks: list[Mark] = []
        for row in (one for one in dated if one["kind"] == kind):
            marks.append(_mark(row, y + _ROW * (len(marks) + 1), scale, names))
        if marks:
            bands.append(Band(y, title, marks))
            y += _ROW * (len(marks) + 1) + 14
    step = max(1, -(-(last - first) // 10))
    ticks = [(scale.x(date(year, 1, 1)), str(year)) for year in range(first, last + 1, step)]
    says = "; ".join(mark.said for band in bands for mark in band.marks)
    return Drawing(y + 6, y - 8, ticks, bands, says, len(dated) < len(rows))


class _Scale:
    """Where a day stands on the axis."""

    def __init__(self, first: date, last: date) -> None:
        self.first, self.last = first, last

    def x(self, day: date) -> float:
        share = (day - self.first).days / (self.last - self.first).days
        return round(_LEFT + share * (_WIDTH - _LEFT - 24), 1)


def _day(row: Mapping[str, Any], name: str) -> date | None:
    return date.fromisoformat(row[name]) if row[name] else None


def _days(row: Mapping[str, Any]) -> list[date]:
    names = ("starts", "starts_latest", "ends_earliest", "ends", "as_at", "reported")
    return [day for name in names if (day := _day(row, name))]


def _mark(row: Mapping[str, Any], y: int, scale: _Scale, names: Names) -> Mark:
    starts, latest = _day(row, "starts"), _day(row, "starts_latest")
    earliest, ends = _day(row, "ends_earliest"), _day(row, "ends")
    at, told = _day(row, "as_at"), _day(row, "reported")
    state = concept(names, "state", row["state"]) or row["state"]
    unsure = []
    if starts and latest and starts != latest:
        unsure.append((scale.x(starts), scale.x(latest)))
    if earliest and ends and earliest != ends:
        unsure.append((scale.x(earliest), scale.x(ends)))
    sure_from, sure_to = latest or starts, earliest or ends
    bar = (scale.x(sure_from), scale.x(sure_to)) if sure_from and sure_to else None
    goes_on = sure_from and not sure_to and row["kind"] in {"deployment", "membership"}
    point = at or (None if goes_on or bar else sure_from)
    room = _MOST - len(state)
    label = row["what"] if len(row["what"]) <= room else f"{row['what'][: room - 1].rstrip()}…"
    return Mark(
        y,
        label,
        state,
        f"{row['what']}, {state}: {_said(row)}",
        _TONES.get(row["state"], "other"),
        bar if bar and bar[1] > bar[0] else None,
        tuple(unsure),
        scale.x(sure_from) if sure_from and goes_on else None,
        scale.x(point) if point else None,
        scale.x(told) if told else None,
    )


def _said(row: Mapping[str, Any]) -> str:
    """The dates of a row in words."""
    parts = []
    if row["starts"]:
        parts.append(f"from {_between(row['starts'], row['starts_latest'])}")
    if row["ends"]:
        parts.append(f"until {_between(row['ends_earliest'], row['ends'])}")
    if row["as_at"]:
        parts.append(f"as at {row['as_at']}")
    if row["reported"]:
        parts.append(f"reported {row['reported']}")
    return ", ".join(parts)


def _between(first: str | None, last: str | None) -> str:
    if not first or not last or first == last:
        return first or last or ""
    return f"between {first} and {last}"
