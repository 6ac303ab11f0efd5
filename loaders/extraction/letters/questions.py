"""What a question asks, and what the answer to it may merely name."""

import re

from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import sentences

_MARK = re.compile(
    r"\W*(?:(?P<q>Q(?:uestion)?\s?\.?(?=\s?\d|\s*[:.)])|Q(?=\d))|(?P<a>A(?:nswer|ns)?\b\s?\.?(?=\s?\d|\s*[:.)])|A(?=\d)|R(?:esponse|eply)?(?=\s?\d|\s*:)))?\s*"
    r"(?:\(?\d{1,2}(?:\.\d{1,2})?[a-z]?\)?|\(?[a-h]\))?\s*[.:)\u2013-]*\s*",
    re.IGNORECASE,
)
"""The number of a question or of an answer."""
_ASKS = re.compile(
    r"(?:please|can you|could you|would you|if (?:so|yes|not)|which|what|how|does|do|did|is|are|has|have|will|when|who|why|where|for each|list|state)\b",
    re.IGNORECASE,
)
_ALSO_ASKS = re.compile(
    r"\W*(?:please|if |for each|where |including|in particular|list )", re.IGNORECASE
)
OF_OTHER_TRUSTS = re.compile(
    r"\b(?:other|neighbouring|another|nearby|partner)\s+(?:\w+\s+)?(?:trusts?|organisations?|hospitals?|boards?)\b|\belsewhere\b",
    re.IGNORECASE,
)
GONE = re.compile(
    r"\b(?:withdrawn|stopped|ceased|ended|discontinued|decommissioned|retired|switched off|no longer|given up|abandoned|removed|dropped)\b",
    re.IGNORECASE,
)
NOT_IN_USE = re.compile(
    r"\b(?:plan\w*|intend\w*|consider\w*|future|hop(?:e|ing)|propos\w+|next|going to|will|would|cost|paid|spen[dt]|price|value|reject\w*|declin\w*|"
    r"evaluat\w+|assess(?:ed|ing|ments?)|review\w*|approached|turned down|risks?|incidents?|concerns?|complaints?|polic(?:y|ies)|governance|responsible|"
    r"safety case|register|inventory|strateg(?:y|ies)|committees?|budget|demonstrat\w*|shown|seen|looked|ask(?:ed|ing)?|want\w*|wish\w*|interest\w*|heard|aware|offer\w*|on the market|available|"
    r"suggest\w*|recommend\w*|need\w*|like|prefer\w*|benefit\w*|research|stud(?:y|ies)|in the NHS|nationally|across England|impact assessments?|training)\b|\bdecid\w+ against\b",
    re.IGNORECASE,
)
"""What a question is about whose answer may name things that are not in use."""
_WHETHER = re.compile(
    r"\b(?:whether|if) (?:each |it |they |this |these |any |the \w+ )+(?:is|are|was|were|has|have)\b[^?]*\bor\b",
    re.IGNORECASE,
)
"""A question that asks which of several states holds."""
TRIED = re.compile(
    r"\b(?:pilot\w*|trial\w*|tried(?: out)?|trying(?: out)?|test(?:ed|ing|s)?|proofs? of concept)\b",
    re.IGNORECASE,
)
_STILL = re.compile(r"\b(?:are|is|being|currently|at present|now|under|on)\b", re.IGNORECASE)
_INSTALLED = re.compile(
    r"\b(?:being (?:implemented|installed|rolled out|introduced|set up)|implementing|installing|rolling out)\b",
    re.IGNORECASE,
)
_BOUGHT = re.compile(
    r"\b(?:purchased|bought|procured|contracts?|contracted|licen[cs]es?)\b", re.IGNORECASE
)
_IN_USE = re.compile(
    r"\b(?:us(?:e|es|ed|ing)|deploy\w*|in place|operat\w+|live|employ\w*|runs?|running)\b|"
    r"\b(?:do|does)\b[^?]{1,60}\bhave\b(?! (?:\w+ )?(?:been|to)\b)|"
    r"\b(?:you|we|trust|hospital|organisation|it) (?:currently |now )?(?:have|has)\b(?! (?:\w+ )?(?:been|\w+ed|to|seen|shown|put|taken|made|given|held|had|said|bought)\b)",
    re.IGNORECASE,
)
FOLLOWS = re.compile(
    r"\bif (?:so|yes)\b|\b(?:is|are) (?:it|they|these|those) called\b|\bnames? (?:of|and)\b|\b(?:name|list|specify|identify|state) (?:each|them|all|the|every)\b|"
    r"^\W*(?:which|what) (?:ones?|products?|tools?|systems?|software|suppliers?|compan(?:y|ies)|technolog\w+)\b\W*$",
    re.IGNORECASE,
)
"""A question that asks for the names of what the question before was about."""
_OF_MANNER = re.compile(r"\b(?:how|why|when|who|where)\b", re.IGNORECASE)
_LONGEST = 60


def meaning(question: str) -> str:
    """How far along a thing is that is merely named in the answer to a question; empty: unknown.

    >>> meaning("Which tools are being piloted?")
    'trialling'
    """
    said = question[mark_end(question) :]
    if OF_OTHER_TRUSTS.search(said) or NOT_IN_USE.search(said):
        return ""
    if _WHETHER.search(said):
        return ""
    if GONE.search(said):
        return "ended"
    if lifecycle.negated(said) or _OF_MANNER.search(" ".join(said.split()[:4])):
        return ""
    return _stage(said)


def _stage(said: str) -> str:
    if TRIED.search(said):
        either = re.search(r"\bor\b|/", said)
        return "trialling" if _STILL.search(said) and not either else ""
    if _INSTALLED.search(said):
        return "implementing"
    if _BOUGHT.search(said):
        return "" if _IN_USE.search(said) else "procured"
    return "live" if _IN_USE.search(said) else ""


def question(words: str) -> str:
    """The question that a text begins with; empty where it begins with none.

    >>> question("1. Do you use AI? Yes, two tools.")
    '1. Do you use AI?'
    """
    mark = _MARK.match(words)
    if mark is None or mark["a"]:
        return ""
    begin, end = mark.end(), 0
    quoted = re.match(r"\W*[\u201c\"\u2018]", words)
    if not (_ASKS.match(words, begin) or mark["q"] or (mark.end() and mark[0].strip())):
        begin = len(words) if quoted else begin
        if "?" not in words[begin:]:
            return ""
    for span in sentences(words, begin, len(words)):
        said = words[span.start : span.end + 1]
        asks = said.rstrip().endswith("?") or _ALSO_ASKS.match(said)
        if not (asks or (mark["q"] and not end)):
            break
        end = min(span.end + 1, len(words))
    if len(words[:end].split()) > _LONGEST:
        return ""
    return words[:end].strip()


def mark_end(words: str) -> int:
    """Where the number of a question or an answer ends."""
    mark = _MARK.match(words)
    return mark.end() if mark else 0


def answer_mark(words: str) -> int:
    """Where the mark of an answer ends; nought where there is none."""
    mark = _MARK.match(words)
    return mark.end() if mark and mark["a"] else 0


def place_after(text: str, letters: int) -> int:
    """The place after so many letters that are no white space."""
    for at, letter in enumerate(text):
        if not letters:
            return at
        letters -= not letter.isspace()
    return len(text)
