"""The period of a figure: the days between which it was counted, and how well they are known."""

from careatlas.graph.dates import PartialDate
from careatlas.loaders.answers.entries import RowError


def stretch(period: str, start: str, end: str) -> dict[str, str]:
    """The cells of a period, of one date for the whole or of its two ends.

    >>> stretch("2023/24", "", "")["period_end"], stretch("", "2024-05", "2024-10")["period_end"]
    ('2024-03-31', '2024-10-31')
    >>> stretch("", "", "")
    {'precision': 'undated'}

    Raises:
        RowError: both are given, or it ends before it begins.
    """
    if period and (start or end):
        raise RowError("gives a period twice: as a whole, and by its ends")
    begins, ends = period or start, period or end
    if not begins and not ends:
        return {"precision": "undated"}
    first = PartialDate.parse(begins) if begins else None
    last = PartialDate.parse(ends) if ends else None
    if first and last and first.first > last.last:
        raise RowError(f"gives a period that ends on {last.last}, before it begins")
    dated = first or last
    found: dict[str, str] = {"precision": dated.precision if dated else "undated"}
    if first:
        found["period_start"] = first.first.isoformat()
    if last:
        found["period_end"] = last.last.isoformat()
    return found
