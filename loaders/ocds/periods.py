"""From when to when something runs, as a release says it."""

from typing import Any

from careatlas.graph.contracting import Piece, Span
from careatlas.graph.dates import PartialDate

_FIRST, _LAST = 1946, 2075
"""Years between which a day of a contract can lie."""
Object = dict[str, Any]


def day(value: str | None) -> PartialDate | None:
    """A day on which a contract could begin or end, or a notice come out; None for any other."""
    if not value or not _FIRST <= int(value[:4]) <= _LAST:
        return None
    return PartialDate.parse(value[:10])


def span(period: Object | None) -> Span:
    """A period with the days as stated; one that cannot be stands only in words."""
    stated_days = [
        str(one)[:10] for key in ("startDate", "endDate") if (one := (period or {}).get(key))
    ]
    if not period or not stated_days:
        days = (period or {}).get("durationInDays")
        return Span(stated=f"{days:f} days" if days else None)
    start, end = day(period.get("startDate")), day(period.get("endDate"))
    words = " to ".join(
        str(period.get(key) or "not stated")[:10] for key in ("startDate", "endDate")
    )
    if start and end and end.last < start.first:
        return Span(stated=words)
    longest = period.get("maxExtentDate")
    return Span(
        start=start,
        end=end,
        stated=f"{words}, at the longest to {longest[:10]}" if longest else words,
    )


def runs(tender: Object, lots: list[Piece], awards: list[Piece], contracts: list[Piece]) -> Span:
    """From when to when: by the contracts, else the awards, else the tender, else its lots."""
    own = span(tender.get("contractPeriod"))
    for spans in ([one.span for one in contracts], [one.span for one in awards], [own]):
        if any(one.start or one.end for one in spans):
            return _together(spans)
    return own if own.stated else _together([one.span for one in lots])


def _together(spans: list[Span]) -> Span:
    """From the first start to the last end."""
    starts, ends = (
        [one.start for one in spans if one.start],
        [one.end for one in spans if one.end],
    )
    words = "; ".join(dict.fromkeys(one.stated for one in spans if one.stated))[:500] or None
    first, last = min(starts, default=None), max(ends, default=None)
    if first and last and last.last < first.first:
        return Span(stated=words)
    return Span(start=first, end=last, stated=words)
