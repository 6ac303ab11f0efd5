"""What stands in a document and is not its own statement: teasers, captions, and what firms say of themselves."""

import re
from dataclasses import dataclass

from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.reading.model import Passage

_OTHER_NEWS = re.compile(
    r"\W*(?:related(?: (?:news|stor(?:y|ies)|articles?|posts?|content|links|reading|topics))?|"
    r"(?:more|latest|other|further|popular|recommended|most[ -]read|trending)"
    r" (?:news|stories|articles|from|on|reading|like this|for you|headlines|posts)(?: .{0,40})?|"
    r"most[ -](?:read|popular)|trending|editor['\u2019]s picks?|"
    r"read (?:more|next|also)|see also|you (?:may|might) (?:also )?(?:like|be interested in)|in other news|"
    r"elsewhere (?:in|on) .{0,30}|up next|don['\u2019]t miss|sponsored(?: content)?|recommended|"
    r"-*\s*ends?\s*-*)\W*",
    re.IGNORECASE,
)
"""Words after which the rest of a page speaks of other things."""
_BESIDE = re.compile(
    r"\W*(?:about (?!this\b|our use\b|your\b|the (?:request|data|report|study|survey)\b).{1,60}|"
    r"notes? (?:to|for) editors?|editor['\u2019]?s?['\u2019]? notes?|media (?:contacts?|enquiries)|(?:press )?contacts?(?: us)?|"
    r"contact (?:details|information)|cookies?(?: (?:policy|notice|settings))?|privacy(?: (?:policy|notice))?|"
    r"disclaimer|further information|comments?|newsletters?|subscribe.{0,40}|sign up.{0,40}|share(?: (?:this|on|via)\b.{0,30})?|"
    r"tags?|advertisement|copyright.{0,60}|terms (?:and conditions|of use)|picture credits?|boilerplate|glossary)\W*",
    re.IGNORECASE,
)
"""Headings of what is said beside the matter, up to the next heading."""
_TEASER = re.compile(
    r"\W*(?:read (?:more|also|next|the full)|related|see also|more on this|also (?:read|see)|don['\u2019]t miss|"
    r"you (?:may|might) also like|watch|listen|sponsored|advertisement|recommended)\s*[:\u2013\u2014>|-]|"
    r"\W*(?:read more|see also|related)\b",
    re.IGNORECASE,
)
_CAPTION = re.compile(
    r"\W*(?:image|picture|photo(?:graph)?|pictured|caption|figure|fig\.?|above|below|left to right|"
    r"video|credit)(?:\s+\d+)?\s*(?:[:.(]|shows?\b|,)|\W*(?:left to right|pictured|from left)\b",
    re.IGNORECASE,
)
_CREDIT = re.compile(
    r"\((?:image |photo |picture )?(?:credit|source|courtesy|photo|image|picture)\b[^)]*\)\s*\Z",
    re.IGNORECASE,
)
_FIRM = re.compile(
    r"\W*(?:about (?-i:[A-Z])[\w.&' -]{1,40}(?:\n|:|\s[-\u2013\u2014]\s)|\u00a9|all rights reserved|"
    r"(?:this (?:site|website|page)|we) uses? cookies|by (?:clicking|continuing|using)|"
    r"for (?:more|further) information|notes? (?:to|for) editors?\b|editor['\u2019]s note\b|subscribe|sign up\b)|"
    r".{0,60}\buses? cookies\b",
    re.IGNORECASE,
)
_CUSTOMERS = re.compile(
    r"\b(?:customers?|clients?|user base)\b(?!\s+(?:since|service|relationship|experience|contact))|"
    r"\bheadquartered\b|\bfounded in\b|\bleading (?:provider|supplier|developer) of\b",
    re.IGNORECASE,
)
_DOUBTED = re.compile(
    r"\b(?-i:TODO|FIXME|TKTK?|XXX+)\b|\blorem ipsum\b|\b(?:unable|not able|could not|cannot|impossible|hard|failed|did not|would not|nobody could|declined|refused) (?:to )?(?:confirm|establish|verify|say|tell|determine|find out|learn|discover) (?:that|whether|if)\b|"
    r"\bno (?:evidence|proof|sign|indication|suggestion) that\b|\b(?:it )?would be (?:wrong|untrue|false|incorrect|a mistake) to (?:say|think|suggest|claim)\b|"
    r"\b(?:which|but) (?:it|they|the (?:trust|hospital)) den(?:y|ies|ied)\b|\b(?:untrue|not true|rumou?rs?|unfounded|mistaken(?:ly)?|wrongly|falsely|out of date|outdated|no longer true)\b",
    re.IGNORECASE,
)
OF_OTHERS = re.compile(
    r"\b(?:neighbouring|nearby|other|another|partner)\s+(?:\w+\s+)?(?:trusts?|hospitals?|organisations?|sites?)\b|\belsewhere\b|"
    r"\b(?:private|privately run|independent|independent-sector|commercial) (?:\w+ )?(?:hospitals?|clinics?|compan(?:y|ies)|providers?|practices?|laborator(?:y|ies)|contractors?|firms?|partners?|units?)\b",
    re.IGNORECASE,
)
"""Words that speak of another organisation."""
OF_MANY = re.compile(
    r"\b(?:in|at|by|across|to) (?:(?:more|less|fewer) than |over |about |some |around |almost |nearly |up to )?"
    r"(?:\d+|a dozen|dozens of|hundreds of|many|several|most|other|all|two|three|four|five|six|seven|eight|nine|ten)(?! of (?:the|its|our|their)\b)\s+"
    r"(?:[\w-]+\s+){0,3}(?:trusts?|hospitals?|countries|organisations?|practices|boards)\b|"
    r"\b(?:worldwide|nationally|nationwide|globally)\b|\b(?:in|across) (?:England|Scotland|Wales|Europe|America|the (?:UK|US|country|world|NHS))\b",
    re.IGNORECASE,
)
"""What is said of many is not said of the one that was named before."""
_MOST_WORDS = 8


@dataclass
class Apart:
    """Tells passage after passage what is not the document's own statement."""

    ended: int | None = None
    """How many headings stood above what began the news of others."""
    beside: tuple[str, ...] | None = None
    """The headings of what is said beside the matter; empty where a line without a heading began it."""

    def holds(self, passage: Passage, text: str, kind: str) -> bool:
        """Whether a passage is to be passed over; `kind` is what its headings make of it."""
        words = " ".join(text.split())
        heads = passage.kind == "heading"
        if heads or (len(words.split()) <= _MOST_WORDS and words[-1:] not in ".!?"):
            if _OTHER_NEWS.fullmatch(words):
                self.ended = len(passage.headings)
                return True
            if _BESIDE.fullmatch(words):
                self.beside = (*passage.headings, words) if heads else ()
                return True
        if self.ended is not None:
            if kind in {"", "skip"} and len(passage.headings) >= self.ended:
                return True
            self.ended = None
        if self.beside is not None:
            below = bool(self.beside) and passage.headings[: len(self.beside)] == self.beside
            if below or not (heads or self.beside):
                return True
            self.beside = None
        return heads or alone(text)


def alone(text: str) -> bool:
    """Whether a passage by itself is a teaser, a caption, or words about a firm or a page."""
    return bool(
        _TEASER.match(text) or _CAPTION.match(text) or _CREDIT.search(text) or _FIRM.match(text)
    )


def idle(text: str, span: Span) -> bool:
    """Whether a sentence asks, doubts, or says what a firm is and whom it serves."""
    asks = text[span.end - 1 : span.end + 1].rstrip()[-1:] == "?"
    said = text[span.start : span.end]
    return asks or bool(_CUSTOMERS.search(said) or _DOUBTED.search(said))
