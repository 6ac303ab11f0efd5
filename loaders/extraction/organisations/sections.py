"""What a list is a list of, and whose answer each of its entries is."""

import calendar
import re
from dataclasses import dataclass

from careatlas.loaders.extraction.candidates import Disclosure, Found
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
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
            r"\brefus|\bdeclin|\bwithh[eo]ld|\bexempt|\b(?:would|will|did) not (?:say|name|tell|disclose)|\bundisclosed\b|"
            r"\bkept (?:back|secret|confidential)|\bwithout (?:names|details|particulars)"
        ),
    ),
    ("unable", r"\bunable|\bcould not (?:say|specify|provide)|\bcannot (?:say|specify|provide)"),
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
_REFUSED = re.compile(
    r"\b(?:refus(?:ed|es|ing)|declin(?:ed|es|ing)|withheld|withholding)\b|"
    r"\b(?:would|will|did) not (?:say|tell|name|list|disclose|share|identify|release)\b|"
    r"\b(?:relies|relied|relying|rests?|reliance) (?:up)?on (?:an? |the )?(?:FOI |FOIA )?(?:exemption|section \d+)|\b(?:kept|keeps?|keeping) (?:the |its |their )?"
    r"(?:names?|products?|suppliers?|details|particulars) (?:back|secret|to (?:it|them)sel(?:f|ves)|confidential)|"
    r"\b(?:citing|cited|invok\w+|appl(?:ied|ying)|under) (?:an? |the )?(?:FOI |FOIA )?(?:exemption|section \d+)|\bsection \d+\b[^.]*\bexempt",
    re.IGNORECASE,
)
_UNABLE = re.compile(
    r"\b(?:unable|not able|cannot|could not|did not know how|was not in a position) (?:to )?(?:provide|specify|say|give|name|list|identify|itemise|supply|confirm which|tell (?:us|me|you|them) (?:which|what|how many))\b|"
    r"\b(?:did|does|do) not (?:know|record) (?:which|what)\b|\b(?:keeps?|kept|holds?|held|has|had|there (?:is|was)) no (?:central|single|complete|full|trust-wide) (?:list|record|register|inventory)\b",
    re.IGNORECASE,
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


_NEITHER = re.compile(
    r"\bneither confirm(?:s|ed|ing)?,? n?or (?:den(?:y|ies|ied|ying))\b", re.IGNORECASE
)


def disclosure(  # noqa: PLR0913 - what is known of one entry
    passage: Passage, whose: Owner, text: str, kind: str, reported: str, statuses: list[str]
) -> Disclosure | None:
    """What an entry of a list answers, by the list that it stands in and by its own words."""
    body = text[whose.body :]
    answer, sure, rule = _answer(kind, body, statuses)
    if not answer or _NEITHER.search(body):
        return None
    detail = exemption = ""
    if answer == "uses" and (kind == "refused" or _REFUSED.search(body)):
        detail = "refused"
        number = _SECTION.search(body)
        exemption = f"s{number[1]}" if number else ""
    elif answer == "uses" and (kind == "unable" or _UNABLE.search(body)):
        detail = "unable-to-specify"
    sure -= 0.3 * (len(whose.name.entities) != 1)
    span = trimmed(text, whose.name.start, len(text), " \t\r\n*;")
    found = Found(rule, sure, passage, passage.start + span.start, passage.start + span.end)
    return Disclosure(whose.name, answer, detail, exemption, reported, found)


_USES_AI = re.compile(
    r"\b(?:confirm\w*|said|says|stat(?:es|ed)|acknowledg\w+|admit\w*|accept(?:s|ed)|told [\w ]{2,12}|tells us|repli(?:ed|es)|answer(?:ed|s)?)\b(?:(?!\bnot?\b|n['\u2019]t\b|\bnever\b)[^.;]){0,30}"
    r"\b(?:us(?:es|ed|ing)|use) (?:of )?(?:any |clinical )*(?:AI|artificial intelligence)\b|"
    r"\b(?:confirm\w*|acknowledg\w+|admit\w*|accept(?:s|ed)|said|says|stat(?:es|ed)) (?:that )?(?:clinical |some )?(?:AI|artificial intelligence)(?: \w+){0,2} (?:is|was|are|were) (?:currently |now |already |being )?(?:in (?:\w+ ){0,2}use|used|deployed)\b|"
    r"\bconfirm\w* (?:that )?(?:it|they) (?:(?:currently|now|already|also) )?(?:uses?|(?:is|are) using)\b",
    re.IGNORECASE,
)
_NO_AI = re.compile(
    r"\b(?:does|do|did|is|are|was|were) not (?:currently |yet )?(?:use|using|have) (?:any )?(?:clinical )?"
    r"(?:AI|artificial intelligence)\b(?! (?:for|to|from)\b)"
    r"(?! in (?!(?:patient|clinical|any|its|their|the) (?:\w+ )?(?:care|services?|work|way|setting|diagnosis|treatment)))|"
    r"\b(?:chosen|decided) not to use (?:any )?(?:clinical )?(?:AI|artificial intelligence)\b|"
    r"\bno (?:clinical |such )?(?:AI|artificial intelligence)\b(?: \w+){0,2} (?:is|was|are|were) (?:currently |yet |being )?(?:in (?:clinical )?use|used|deployed)\b|"
    r"\b(?:uses|use|has|have) no (?:clinical )?(?:AI|artificial intelligence)\b",
    re.IGNORECASE,
)
_NO_ANSWER = re.compile(
    r"\b(?:(?:did|had|has|have) not (?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?)|(?:gave|sent|made|received) no (?:reply|response|answer)|"
    r"(?:never|failed to|(?:is|are|has|have) (?:still |yet )*(?:yet |still )?to|chose not to) (?:respond(?:ed)?|repl(?:y|ied)|answer(?:ed)?)|"
    r"(?:heard|received|had|got) (?:nothing|no (?:word|reply|answer|response)) (?:back )?(?:at all )?from|(?:nothing|no (?:word|reply|answer|response)) (?:\w+ ){0,3}from|"
    r"(?:did|has|have) not (?:come|got|get|been) back to us|ignored (?:our|the) (?:request|letter|e-?mail|questions?)|(?:let|allowed) the deadline (?:to )?pass)\b(?![^.;]*\bcomment\b)",
    re.IGNORECASE,
)


_HOLDS = re.compile(
    r"\b(?:holds?|held|has|had) (?:the |this |such |some (?:of )?(?:the )?)?information\b",
    re.IGNORECASE,
)


def told(sentence: str) -> tuple[str, str]:
    """What a sentence says that somebody answered to a request, and how; empty where it says nothing."""
    if _NO_ANSWER.search(sentence):
        return "no-response", ""
    if _NO_AI.search(sentence):
        return "denies", ""
    if _HOLDS.search(sentence) and _REFUSED.search(sentence):
        return "uses", "refused"
    if _USES_AI.search(sentence):
        return "uses", "refused" if _REFUSED.search(
            sentence
        ) else "unable-to-specify" if _UNABLE.search(sentence) else ""
    return "", ""


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
    if not kind and told(body)[0] == "uses":
        return "uses", 0.7, rule
    if _SILENT.search(body):
        return "no-response", 0.7, rule
    if used or confirmed(body):
        return "uses", 0.8 if used else 0.7, rule
    return ("denies", 0.7, rule) if _DENIED.search(body) else ("", 0, "")
