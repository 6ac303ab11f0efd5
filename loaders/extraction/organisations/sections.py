"""What a list is a list of, and whose answer each of its entries is."""

import calendar
import re
from dataclasses import dataclass

from careatlas.loaders.extraction.candidates import Disclosure, Found
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.wording import replied
from careatlas.loaders.extraction.wording.text import trimmed
from careatlas.loaders.reading.model import Passage

_SECTIONS = (
    (
        "plans",
        (
            r"\b(?:plan(?:s|ned|ning)?|future|next steps|looking ahead|pipeline|upcoming|proposed|propos(?:es|ing)|intend\w*|"
            r"consider(?:s|ing)|comes next|hop(?:e|es|ing))\b"
        ),
    ),
    (
        "ended",
        r"\bno longer\b|\b(?:stopped|ended|formerly|previously|withdrawn|decommissioned|discontinued)\b",
    ),
    (
        "skip",
        (
            r"^\W*(?:related|recommended)\b|\b(?:read more|more news|see also|newsletter|subscribe|most read|trending)\b|"
            r"^\W*comments\W*$"
        ),
    ),
    (
        "no-response",
        (
            r"\bnon-?respon|\b(?:did|have|has) not (?:respond|repl|answer)|\bno (?:response|reply|answer)|"
            r"\bunanswered|\bsilen(?:t|ce)|\bnot (?:yet )?(?:responded|replied|answered)|\bawaiting|"
            r"\b(?:nothing|not|no word|no news) (?:yet )?(?:heard|received|back|from)\b|\bstill (?:waiting|outstanding|to (?:come|reply|answer))|"
            r"\b(?:outstanding|overdue|missing) (?:repl|answer|response)|\b(?:fail(?:ed|ure)|yet) to (?:respond|repl|answer)|\bnever (?:replied|answered|responded)"
        ),
    ),
    (
        "refused",
        (
            r"\brefus|\bdeclin|\bwithh[eo]ld|\bexempt|\b(?:would|will|did) not (?:or (?:would|could|will|did) not )?"
            r"(?:say|name|tell|disclose|identify|list|specify|(?:give|provide|supply|release|share)(?! (?:us )?(?:an? |any )?(?:answer|reply|response)))|\bundisclosed\b|"
            r"\bkept (?:back|secret|confidential)|\bwithout (?:names|details|particulars)"
        ),
    ),
    (
        "unable",
        (
            r"\bunable|\b(?:could not|cannot|did not know(?: enough)? to) (?:say|specify|provide|name|identify|list|tell|give)\b"
            r"(?! (?:us )?(?:an? |any )?(?:answer|reply|response))"
        ),
    ),
    (
        "denies",
        (
            r"\b(?:do|does|did|are|is) not\b.*\bus(?:e|ing)\b|\bnot using\b|\bnon-?users?\b|\bno (?:clinical )?(?:AI|use)\b|"
            r"\bden(?:y|ies|ied|ying)|\bwithout\b|\b(?:said|answered|replied|told us) no\b|"
            r"^\W*(?:(?:answers?|replies|reply|responses?|said)\W+)?no\W*$|\bnon-?use\b|\bno (?:products?|tools?|systems?)\b|"
            r"\b(?:nothing|none) (?:is )?(?:in use|used|deployed)\b|\bdo not have\b"
        ),
    ),
    (
        "uses",
        (
            r"\bconfirm\w*\b.*\bus(?:e|es|ing)\b|\b(?:trusts?|organisations?|hospitals?|providers?)\b.*\b(?:use|uses|using|with AI)\b|"
            r"\busers\b|\bwho uses\b|\busing\b.*\bAI\b|\bAI in use\b|\bdeployments?\b|"
            r"\blist\b.*\b(?:products?|systems?|tools?|software|technolog\w+)\b|"
            r"\b(?:what|which)\b.*\b(?:products?|systems?|tools?|software)\b.*\b(?:us(?:e|es|ed|ing)|have|has)\b|"
            r"\b(?:products?|systems?|tools?) in use\b|\b(?:said|answered|replied|told us) yes\b|"
            r"^\W*(?:(?:answers?|replies|reply|responses?|said|an?|the)\W+)?yes\b"
        ),
    ),
    (
        "update",
        r"\b(?:additional|further|updated?|later|late|subsequent|corrections?|follow-?up)\b",
    ),
)
_SECTION = re.compile(r"\bs(?:ection|\.)?\s?(\d+)", re.IGNORECASE)
_SILENT = re.compile(
    r"\b(?:did not|has not|have not|no) (?:respond|repl|response|answer)", re.IGNORECASE
)
_DENIED = re.compile(
    r"\b(?:does|do|is|are) not (?:currently )?(?:use|using|have)\b[^.;]{0,30}\bAI\b|\bno (?:clinical )?AI\b[^.;]{0,20}\b(?:in )?use\b|"
    r"^\W*(?:no|none|nil|not (?:at present|at the moment|currently|yet))\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"\b(?:nhs|trust|hospitals?|healthcare|infirmary|health board)\b", re.IGNORECASE
)
_DAY = re.compile(
    r"\b(?:(?P<d1>\d{1,2})(?:st|nd|rd|th)?\s+)?(?P<m>January|February|March|April|May|June|July|August|September|"
    r"October|November|December)\s+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y>20\d\d)\b"
)
_MONTHS = list(calendar.month_name)[1:]
WORST = 14
"""A first line with more words than this is no name."""


@dataclass(frozen=True)
class Owner:
    """Whose answer an entry is, and where the words about it begin."""

    name: Mention
    body: int


def section(headings: tuple[str, ...]) -> str:
    """What the nearest heading that says so makes of the list below it; else empty."""
    for heading in reversed(headings):
        for kind, words in _SECTIONS:
            if re.search(words, heading, re.IGNORECASE):
                return kind
    return ""


def day(text: str) -> str:
    """The first full day that a text names, as ISO 8601; else empty.

    >>> day("On June 3rd, 2021, all were asked.")
    '2021-06-03'
    """
    for match in _DAY.finditer(text):
        if number := match["d1"] or match["d2"]:
            return f"{match['y']}-{_MONTHS.index(match['m']) + 1:02}-{int(number):02}"
    return ""


def owner(raw: str, text: str, names: Gazetteer) -> Owner | None:
    """The organisation that an entry begins with, known or new."""
    start = trimmed(text, 0, len(text)).start
    bold = re.match(r"\W*\*\*\s*(.+?)\s*\*\*", raw, re.DOTALL)
    first = next((m for m in names.mentions(text) if m.of("trust")), None)
    if bold:
        span = trimmed(text, bold.start(1), bold.end(1))
    elif first and first.start == start:
        span = trimmed(text, start, _suffixed(text, first.end))
    else:
        end = re.search(r"\n|\(|:|;|\s[-\u2013\u2014]\s", text[start:])
        span = trimmed(text, start, start + end.start() if end else len(text))
    printed = " ".join(text[span.start : span.end].split())
    known = names.find(printed, "trust")
    if not known and not (_ORGANISATION.search(printed) and 1 < len(printed.split()) <= WORST):
        return None
    nearest = () if known else names.nearest(printed, "trust")
    return Owner(Mention(span.start, span.end, printed, known, nearest), span.end)


def runs_on(text: str, whose: Owner, kind: str) -> bool:
    """Whether an entry is a sentence of running text rather than a name with its answer."""
    if kind and kind != "update":
        return False
    return bool(
        re.match(
            r"(?:['\u2019]s)?\s+[a-z]|\s*,\s*\w|\s*&|\s+\([A-Z]\w+\)\s+[a-z]", text[whose.body :]
        )
    )


def heads_entry(text: str, whose: Owner) -> bool:
    """Whether a paragraph is an entry of a list: it begins with a name alone on its line."""
    named = bool(whose.name.entities)
    return named and bool(re.match(r"[ \t.]*\n\s*[A-Z]", text[whose.body :]))


def _suffixed(text: str, end: int) -> int:
    more = re.match(r"(?:\s+(?:NHS|Foundation|Trust|FT))+\b", text[end:])
    return end + more.end() if more else end


def disclosure(  # noqa: PLR0913 - what is known of one entry
    passage: Passage, whose: Owner, text: str, kind: str, reported: str, statuses: list[str]
) -> Disclosure | None:
    """What an entry of a list answers, by the list that it stands in and by its own words."""
    body = text[whose.body :]
    answer, sure, rule = _answer(kind, body, statuses)
    if not answer or replied.LEFT_OPEN.search(body):
        return None
    detail = exemption = ""
    vague = kind == "unable" or bool(replied.UNABLE.search(body))
    kept = replied.REFUSED.search(body) or (kind == "refused" and not vague)
    if answer == "uses" and kept:
        detail = "refused"
        number = _SECTION.search(body)
        exemption = f"s{number[1]}" if number else ""
    elif answer == "uses" and vague:
        detail = "unable-to-specify"
    sure -= 0.3 * (len(whose.name.entities) != 1)
    span = trimmed(text, whose.name.start, len(text), " \t\r\n*;")
    found = Found(rule, sure, passage, passage.start + span.start, passage.start + span.end)
    return Disclosure(whose.name, answer, detail, exemption, reported, found)


def confirmed(body: str) -> bool:
    """Whether an answer begins with a yes."""
    return bool(re.match(r"\W*yes\b", body, re.IGNORECASE))


_NOTED = re.compile(
    r"\((?:now |currently |under |in |on |being )*(?:live|use|pilot\w*|trial\w*|evaluation|review|paused|procured|implement\w*)\b[^()]*\)",
    re.IGNORECASE,
)
"""How far along something is, in brackets after it: the list is one of products."""
_LATE = re.compile(
    r"\W*(?:late (?:reply|response|answer)|(?:replied|answered|responded) late)\b", re.IGNORECASE
)
"""How an answer that came after the report begins: what it names is used."""


def of_products(kind: str, body: str) -> bool:
    """Whether an entry of a list names, by its own words, what is used."""
    noted = not kind and bool(_NOTED.search(body))
    return confirmed(body) or noted or (kind == "update" and bool(_LATE.match(body)))


def _answer(kind: str, body: str, statuses: list[str]) -> tuple[str, float, str]:
    used = any(
        status not in {"exploring", "deployed-not-used", "ended", "procured"} for status in statuses
    )
    if kind in {"uses", "refused", "unable"}:
        return "uses", 0.95, f"list:{kind}"
    if kind in {"denies", "no-response"}:
        return kind, 0.95, f"list:{kind}"
    rule = f"own-words:{kind or 'no-list'}"
    vague = replied.OWN_USE.match(body) and (
        replied.REFUSED.search(body) or replied.UNABLE.search(body)
    )
    if not kind and (vague or replied.told(body)[0] == "uses"):
        return "uses", 0.7, rule
    if _SILENT.search(body):
        return "no-response", 0.7, rule
    if used or confirmed(body):
        return "uses", 0.8 if used else 0.7, rule
    return ("denies", 0.7, rule) if _DENIED.search(body) else ("", 0, "")
