"""The number of a cell, with what the head of its column says that it counts, and over which time."""

import re
from dataclasses import replace

from careatlas.loaders.extraction.deployments.usage import Amount, amounts
from careatlas.loaders.extraction.wording.days import MONTH
from careatlas.loaders.extraction.wording.periods import period as period_of

_COUNTED = re.compile(
    r"^(?:(?:number|no\.?|count|volume|usage|total|volumes) (?:of )?|how (?:many|often|much) ?)+",
    re.IGNORECASE,
)
_RATES = re.compile(r"\b(?P<rate>annual|yearly|monthly|weekly|daily)(?:ly)?\b", re.IGNORECASE)
_ADVERBS = {"annual": "annually", "yearly": "annually"}
_BARE_RATE = re.compile(r"(\d)(?=\s+(?:per|a|each|every)\s+(?:day|week|month|year|annum)\b)")
_TIMED = re.compile(
    r"\b(?:Q[1-4] (?:20)?\d\d[/-]\d\d|per \w+|a (?:day|week|month|year)|(?:in |during )?20\d\d(?:[/-]\d\d)?|\d\d/\d\d)",
    re.IGNORECASE,
)


_SPELT = re.compile(
    rf"(?:\bbetween\s+)?(?:\d{{1,2}}\s+)?\b(?:{MONTH})\s+(?:20\d\d\s+)?(?:to|and|-|\u2013)\s+(?:\d{{1,2}}\s+)?(?:{MONTH})\s+20\d\d\b",
    re.IGNORECASE,
)
"""A period from one month or day to another."""


def counted(said: str, head: str, period: str) -> Amount | None:
    """The number of uses that a cell states under a head, with the cell of its period.

    >>> counted("c. 1,200", "Scans per month", "").per
    'month'
    """
    if not re.search(r"\d", said):
        return None
    spelt = _SPELT.search(head)
    period = period or (spelt[0] if spelt else "")
    head = _SPELT.sub("", head)
    head = re.sub(r"(?<!in )(?<!during )\b(20\d\d)\b(?![/\u2013-])", r"in \1", head)
    said = re.sub(r"^>\s?", "over ", re.sub(r"\bc\.?\s?(?=\d)|^~", "circa ", said))
    said = _BARE_RATE.sub(r"\1 uses", said)
    rate = _RATES.search(head)
    adverb = rate["rate"].lower() if rate else ""
    timed = _TIMED.search(head)
    over = " ".join(filter(None, (_ADVERBS.get(adverb, adverb), period)))
    counts = _RATES.sub("", _COUNTED.sub("", re.sub(r"[()\[\],]", " ", head)))
    own = _first(f"{said} {period}")
    tail = counts if own is None else timed[0] if timed else ""
    amount = (
        _first(f"{said} {tail} {over}")
        or own
        or _first(f"{said} uses {over} {timed[0] if timed else ''}")
    )
    if amount and not any(amount.period) and not amount.per and any(headed := period_of(head)):
        return replace(amount, period=headed)
    return amount


def _first(words: str) -> Amount | None:
    plain = " ".join(words.split())
    return next(amounts(plain, 0, len(plain)), None)
