"""How often something is used, as a sentence says it, and which thing is meant."""

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from careatlas.loaders.extraction.candidates import Deployment, Found
from careatlas.loaders.extraction.deployments import ties
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.deployments.usage import amounts
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import Span, trimmed

if TYPE_CHECKING:
    from careatlas.loaders.extraction.deployments.reader import Reader

THROUGH = re.compile(
    r"[^.;,:()]{0,60}?\b(?:with|through|by|using|via|past|into)\s+(?:the (?:help|aid) of\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
"""What stands between a number and the thing that is used so often."""
_SAME_TIME = re.compile(
    r"[^.;,]{0,40}?\b(?:over|in|during|for) the same (?:period|year|quarter|month|time|(?:\w+ )?months|stretch)\b",
    re.IGNORECASE,
)
_SO_FAR = re.compile(
    r"\b(?:so far|to date|up to now|until now|since then|ever since|by then|by the (?:date|time|day) of (?:the|this|our|its|that) (?:reply|answer|report|letter|response))\b",
    re.IGNORECASE,
)
"""What says that a number counts from the first day of use."""
_TAKEN = re.compile(
    r"\W*(?:are|is|were|was|being|have been|get) (?:taken|performed|carried out|done|undertaken|requested|acquired)\b[^.;]{0,20}\b(?:across|between)\b|"
    r"\W*(?:(?:are|were|was|had|have|has|been) )*(?:agreed|consented|volunteered|signed up|joined|recruited|enrolled)\b",
    re.IGNORECASE,
)
_TAKES = re.compile(
    r"\b(?:perform(?:s|ed)?|carr(?:y|ies|ied) out|undert(?:akes?|ook))\W*$", re.IGNORECASE
)
_DEMAND = re.compile(
    r"\b(?:referrals?|demand|attendances|admissions|births|population|(?:waiting )?lists?)\b[^.;,]{0,40}$",
    re.IGNORECASE,
)
"""What says before a number that it counts those who come: "with referrals standing at"."""
_TOOL = re.compile(
    r"\b(?:it|this|them|they|the (?:[\w-]+ )?(?:tool|system|software|product|technology|algorithm|app))\b",
    re.IGNORECASE,
)
_SINCE = re.compile(r"\s+since(?: then)?(?=\s*(?:$|[.,;)]))", re.IGNORECASE)
"""What says right after a number that it counts from the day on which it all began."""
_GAPPED = re.compile(r"[^.;]*?(?:,|\band\b)\s*(?:and\s+)?(?=[A-Z])")


def amounts_of(reader: "Reader", sentence: Span, placed: list[Placed]) -> None:
    """Take in the numbers of a sentence, each with the thing that it is about."""
    text, last = reader.text, sentence.end
    for amount in amounts(text, sentence.start, sentence.end):
        before = text[sentence.start : amount.start]
        placed += _gapped(reader, last, amount.start, placed)
        last = amount.end
        meant = _through(reader, sentence, amount.end) or ties.near(
            text, sentence.start, amount.start, placed, reader.all, reader.names
        )
        if (
            meant is None
            or _all_work(reader, sentence, before, amount.end)
            or lifecycle.planned(before)
            or reader.of_others(text, sentence.start, amount.start)
        ):
            continue
        at = reader.passage.start
        span = trimmed(text, amount.start, amount.end)
        sure = reader.sure - 0.1 * (not placed)
        found = Found("amount", sure, reader.passage, at + span.start, at + span.end)
        printed = " ".join(text[span.start : span.end].split())
        again = reader.usage and _SAME_TIME.match(text, amount.end, sentence.end)
        told = replace(amount, period=reader.usage[-1].period) if again else amount
        so_far = _SO_FAR.search(text[sentence.start : sentence.end])
        begun = meant.valid_from and told.period[0].startswith(meant.valid_from)
        if (so_far and not (amount.per or any(told.period))) or (
            begun and _SINCE.match(text, amount.end)
        ):
            told = replace(told, period=_since(meant.valid_from))
        reader.usage.append(told.of(meant, found, printed))


def _all_work(reader: "Reader", sentence: Span, before: str, end: int) -> bool:
    """Whether a number counts what a department does, with a tool or without."""
    said = reader.text[sentence.start : sentence.end]
    taken = _TAKEN.match(reader.text, end) or _TAKES.search(before) or _DEMAND.search(before)
    if not taken or _TOOL.search(said):
        return False
    return not any(m.of("product", "vendor") for m in reader.names.mentions(said))


def _since(day: str) -> tuple[str, str]:
    """A period that is open at its end, from a day, or from the first day of a month or a year."""
    missing = "-01" * (2 - day.count("-"))
    return (day + missing if day else "", "")


def _through(reader: "Reader", sentence: Span, at: int) -> Deployment | None:
    """What is named right after a number: "50 scans a day are read with this"; none if a name stands before."""
    text = reader.text
    if any(m.of("product") for m in reader.names.mentions(text[sentence.start : at])):
        return None
    after = next(
        (m for m in reader.names.mentions(text[at : sentence.end]) if m.of("product")), None
    )
    if after is None or not THROUGH.fullmatch(text[at : at + after.start]):
        return None
    return ties.subject(after.text, reader.all, reader.names)


def _gapped(reader: "Reader", start: int, end: int, placed: list[Placed]) -> list[Placed]:
    """What is named between two numbers: "used on 30 scans, and that one on 40"."""
    match = _GAPPED.match(reader.text, start, end)
    if not (placed and match):
        return []
    first = next(iter(reader.names.mentions(reader.text[match.end() : end])), None)
    if first is None or first.start or not first.of("product", "vendor"):
        return []
    at, status = match.end(), placed[-1][2].status
    return reader.things(reader.text, at, at + first.end, status, "said-before", known=True)
