"""How often something was used: counts, ranges and rates, with unit and period."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import zip_longest

from careatlas.loaders.extraction.candidates import Deployment, Found, Usage
from careatlas.loaders.extraction.wording.days import MONTH
from careatlas.loaders.extraction.wording.periods import period_at

_UNITS = {
    r"lung(?: health)? checks?": "lung-check",
    r"us(?:es?|ages?)|times|occasions": "use",
    r"patients|people|pts": "patient",
    r"(?:ct |mri? |brain |chest )?scans|images|CTs|MRIs|CTPAs": "scan",
    r"exams?|examinations": "exam",
    r"analys[ei]s": "analysis",
    r"stud(?:y|ies)": "study",
    r"procedures?|colonoscop(?:y|ies)|gastroscop(?:y|ies)|endoscop(?:y|ies)|scopes": "procedure",
    r"mammograms?": "mammogram",
    r"plans?": "plan",
    r"x-?\s?rays|radiographs|films": "x-ray",
    r"cases|calls|conversations|consult(?:ation)?s|assessments|reports|referrals|appointments|ECGs|echocardiograms|echoes|letters|notes|slides|biopsies|"
    r"specimens|smears|recordings|photographs|photos|lesions|encounters|summaries|transcripts|drafts|sessions": "use",
}
_UNIT = "|".join(f"(?P<u{at}>{words})" for at, words in enumerate(_UNITS))
_AMOUNT = (
    r"(?P<between>\bbetween\s+)?(?P<about>\b(?:approximately|roughly about|approx\.?|around|about|circa|roughly|nearly|almost|over|"
    r"more than|up to|some|(?:an |on )?average(?: of)?|just (?:over|under)|at least|fewer than|less than|upwards of|typically|close to|"
    r"in the region of|an estimated|estimated(?: at)?|we estimate|perhaps|something like|well over|c\.)\s+|\bc\.?\s?(?=\d)|~\s*)?(?<![\w/.,\u00a3$\u20ac])(?P<low>\d[\d,]*(?:\.\d+(?=\s?(?:k|m|thousand|million)\b))?)(?P<k>k|m|\s(?:thousand|million))?(?P<plus>\+)?"
    r"(?:\s*(?:-|\u2013|to|(?(between)and|or))\s*(?P<high>\d[\d,]*)(?P<kk>k|m|\s(?:thousand|million))?)?"
)
_FOUND = (
    "findings|conditions|abnormalities|pathologies|diseases|signs|types|kinds|sorts|minutes|hours|seconds|days|weeks|months|"
    "old|archived?|dummy|historic(?:al)?|anonymi[sz]ed|retrospective|trusts|hospitals|sites|radiologists|clinicians|staff"
)
"""What is counted is this, and not what stands after it: "124 findings on X-rays"."""
_COUNT = re.compile(
    rf"{_AMOUNT}\s+(?:(?!(?:per|in|and|of|{_FOUND}|{MONTH})\b)[A-Za-z-]+\s+){{0,3}}?(?:{_UNIT})\b",
    re.IGNORECASE,
)
_YEAR_ALONE = re.compile(
    rf"{_AMOUNT}\s+(?:in\s+(?=(?:20)?\d\d[/-]\d\d\b)|(?=(?:between|from)\s+(?:\d{{1,2}} )?(?:{MONTH})\b))",
    re.IGNORECASE,
)
_RATE_ALONE = re.compile(
    rf"{_AMOUNT}\s*(?=(?:(?:per|a|each|every)\s+|/)(?:day|week|month|year|annum|wk|mth)\b)",
    re.IGNORECASE,
)
"""A number with a rate and no word for what it counts."""
_PER = re.compile(
    r"\s*(?:(?:per|a|an|each|every)\s+(?:(?:working|average|typical|single|calendar|given)\s+)?(?P<unit>day|week|month|year|annum|weekday|night)|/\s?(?P<slash>day|week|wk|month|mth|year|yr)|p\.?/?(?P<short>[wdma])\.?(?![\w/])|"
    r"(?P<adverb>daily|weekly|monthly|annually|yearly))\b",
    re.IGNORECASE,
)
_PER_LATER = re.compile(
    r"[^.;,()\d]{0,60}?(?<!\bfor )(?<!\bin )(?<!\bwithin )(?<!\bafter )(?<!\bover )(?<!\bonly )"
    r"(?P<rate>\b(?:(?:per|a|each|every)\s+(?:day|week|month|year|weekday|night)|daily|weekly|monthly)\b)(?!\s+(?:ago|later|earlier|after|before|since|or so ago|on))",
    re.IGNORECASE,
)
_PER_BEFORE = re.compile(
    r"(?:\b(?:each|every|(?:in|on) an? (?:average|typical|normal|usual|ordinary|busy|quiet))\s+(?P<unit>day|week|month|year|night)|\b(?P<adverb>daily|weekly|monthly|annually)(?! use\b))\b,?[^.:;,()\d]{0,50}$",
    re.IGNORECASE,
)
_ADVERBS = {
    "daily": "day",
    "weekly": "week",
    "monthly": "month",
    "annually": "year",
    "yearly": "year",
}
_SHORT = {
    **dict.fromkeys(("annum", "yr", "a"), "year"),
    **dict.fromkeys(("weekday", "night", "d"), "day"),
    **dict.fromkeys(("wk", "w"), "week"),
    **dict.fromkeys(("mth", "m"), "month"),
}
_NO_USE = re.compile(
    r"\b(?:(?:trained|developed|built|validated|calibrated|tuned|learnt|learned) (?:on|with|using|from)|(?:training|test|validation) (?:set|data)|sensitivit\w+|specificit\w+|accura\w+|"
    r"false (?:positives?|negatives?))\b[^.;]*$|(?:\d|\b(?:one|two|three|every)) (?:in|out of)\s+(?:every )?$",
    re.IGNORECASE,
)
"""What says of a number that it is no count of uses: what a tool has learnt from, how often it is right."""
_AND = re.compile(r"^[^.;,]*\band\b[^.;,]*$", re.IGNORECASE)
_SCALE = {"": 1, "k": 1_000, "m": 1_000_000, "thousand": 1_000, "million": 1_000_000}


_TEENS = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_WORDS = {word: at + 1 for at, word in enumerate(_TEENS)}
_WORDS |= {word: 10 * at + 20 for at, word in enumerate(_TENS)}
_ONES = "|".join(_TEENS[:9])
_IN_WORDS = re.compile(
    rf"\b(?:(?P<ten>{'|'.join(_TENS)})(?:[\s-](?P<one>{_ONES}))?|(?P<teen>{'|'.join(_TEENS[1:])}))"
    r"(?:(?P<hundred> hundred)|(?P<thousand> thousand))?\b(?![\s-](?:hundred|thousand|million|year|month|week|day)s?\b)",
    re.IGNORECASE,
)
_HUNDREDS = {"hundred": 100, "thousand": 1_000}
_LEAST = 10
"""A smaller number in words is no count of uses, unless a rate or "times" follows it."""
_OFTEN = re.compile(
    rf"(?:\s*(?:or|to|-)\s*(?:{'|'.join(_TEENS)}))?\s+(?:[\w-]+\s+)?(?:times\b|(?:a|per|each|every)\s|daily|weekly|monthly)",
    re.IGNORECASE,
)


def in_digits(text: str) -> str:
    """The text with numbers that are written as words in digits, each letter at its place.

    >>> in_digits("ten to twelve cases")
    '10  to 12     cases'
    """

    def digits(match: re.Match[str]) -> str:
        value = sum(_WORDS[match[k].lower()] for k in ("ten", "one", "teen") if match[k])
        for name, times in _HUNDREDS.items():
            value *= times if match[name] else 1
        if value < _LEAST and not _OFTEN.match(text, match.end()):
            return match[0]
        return str(value).ljust(len(match[0]))

    return _IN_WORDS.sub(digits, text)


@dataclass(frozen=True)
class Amount:
    """A number of uses at a place."""

    start: int
    end: int
    low: int
    high: int
    approximate: bool
    unit: str
    per: str
    period: tuple[str, str]

    def of(self, deployment: Deployment, found: Found, printed: str) -> Usage:
        """The number as a candidate: how often this thing was used."""
        return Usage(
            deployment,
            self.low,
            self.high,
            self.approximate,
            self.unit,
            self.per,
            self.period,
            found,
            printed,
        )


def amounts(text: str, start: int, end: int) -> Iterator[Amount]:
    """The numbers of uses that a sentence states, in order."""
    text = in_digits(text)
    counts = list(_COUNT.finditer(text, start, end))
    taken = {at for match in counts for at in range(match.start("low"), match.end())}
    years = [m for m in _YEAR_ALONE.finditer(text, start, end) if m.start("low") not in taken]
    taken |= {at for match in years for at in range(match.start("low"), match.end())}
    rates = [m for m in _RATE_ALONE.finditer(text, start, end) if m.start("low") not in taken]
    every = sorted(counts + years + rates, key=lambda match: match.start())
    matches = [one for one in every if not _NO_USE.search(text, start, one.start())]
    found: list[Amount] = []
    for match, after in zip_longest(matches, matches[1:]):
        found.append(_amount(text, start, match, after.start() if after else end))
    for at in range(len(found) - 2, -1, -1):
        one, after = found[at], found[at + 1]
        # "30 of these and 40 of those in May": both are of May.
        joined = _AND.search(text[one.end : after.start])
        if joined and not any(one.period) and not one.per and any(after.period):
            found[at] = replace(one, period=after.period)
    if len(found) == 1 and not any(found[0].period) and not found[0].per:
        # "Between May and July 2021, 30 of them": what stands before counts where nothing follows.
        found[0] = replace(found[0], period=period_at(text, start, found[0].start)[0])
    yield from found


def _amount(text: str, start: int, match: re.Match[str], limit: int) -> Amount:
    rate = _PER.match(text, match.end(), limit)
    if rate is None and (later := _PER_LATER.match(text, match.end(), limit)):
        rate = _PER.match(text, later.start("rate"), limit)
    if rate is None:
        rate = _PER_BEFORE.search(text, max(start, match.start() - 80), match.start())
    span, stop = period_at(text, match.end(), limit)
    low, high = _numbers(match)
    return Amount(
        match.start(),
        max(match.end(), rate.end() if rate and rate.start() >= match.end() else 0, stop),
        low,
        high,
        bool(match["about"] or match["plus"]) or low != high,
        _unit(match, text[start : match.start()]),
        _per(rate),
        span,
    )


def _numbers(match: re.Match[str]) -> tuple[int, int]:
    scale, own = (_SCALE[(match[k] or "").strip().lower()] for k in ("kk", "k"))
    if not match["high"]:
        alone = round(float(match["low"].replace(",", "")) * own)
        return alone, alone
    low = round(float(match["low"].replace(",", "")))
    high = int(match["high"].replace(",", "")) * scale
    low *= own if own > 1 else scale
    return min(low, high), max(low, high)


def _unit(match: re.Match[str], before: str) -> str:
    found = match.groupdict()
    for at, unit in enumerate(_UNITS.values()):
        if found.get(f"u{at}"):
            return unit
    units = [
        (said.start(), unit)
        for words, unit in _UNITS.items()
        for said in re.finditer(rf"\b(?:{words})\b", before, re.IGNORECASE)
        if unit != "use"
    ]
    return max(units)[1] if units else "use"


def _per(rate: re.Match[str] | None) -> str:
    if rate is None:
        return ""
    said = rate.groupdict()
    unit = said.get("unit") or said.get("slash") or said.get("short")
    unit = (unit or _ADVERBS[(said["adverb"] or "").lower()]).lower()
    return _SHORT.get(unit, unit)
