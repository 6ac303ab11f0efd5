"""Questions that a letter repeats, each with the answer below it."""

import re
from dataclasses import dataclass, field, replace

from careatlas.loaders.extraction.candidates import Candidates, Disclosure, Found
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.letters.questions import (
    FOLLOWS,
    GONE,
    NOT_IN_USE,
    OF_OTHER_TRUSTS,
    TRIED,
    answer_mark,
    mark_end,
    meaning,
    place_after,
    question,
)
from careatlas.loaders.extraction.organisations.sections import section
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.text import Span, sentences, trimmed
from careatlas.loaders.reading.model import Passage

_AI = r"\b(?:AI|A\.I\.|artificial intelligence|machine[- ]learning|algorithms?|automated)\b"
_HAS = r"\b(?:us(?:e|es|ed|ing)|deploy\w*|have|has|operat\w+|employ\w*|in (?:clinical |routine |daily )?(?:use|place))\b"
_OF_USE = re.compile(rf"(?=[^?]*{_AI})(?=[^?]*{_HAS})", re.IGNORECASE)
_NARROW = re.compile(
    rf"{_AI}[^?]{{0,25}}?\b(?:to|for|in|on|within)\s+(?!(?:(?:the|any|its|your|our|direct|routine|delivery|provision|of|diagnosis|or)\s+)*"
    r"(?:clinical (?:care|practice|use|settings?|services?|work|areas?|purposes?|decisions?|pathways?)|care\b|(?:patient|health) ?care|diagnos\w+|treat\w*|patients?|"
    r"trust|hospitals?|organisation|services?)\b)",
    re.IGNORECASE,
)
"""A question about one purpose: a no to it is no denial of all."""
_YES = re.compile(
    r"\W*(?:yes|we (?:do|use|can confirm)\b(?! not)|(?:the|our) (?:trust|hospital|organisation|board) (?:(?:currently|now|already) )?(?:does|uses|is using)\b(?! not)|"
    r"(?:(?:I|we) (?:can )?)?confirm(?:s|ed)? that (?:the trust|we|it) (?:do(?:es)?|uses?|has|have)\b(?! not)|correct\b|"
    r"(?:at|on) the (?:date|time) of (?:your|the|this) request[^.:;]{0,80}\b(?:in (?:\w+ )?use|used|live)\b|the following (?:[\w-]+ ){0,4}(?:are|were) (?:currently )?(?:in (?:\w+ )?use|used|live)\b)",
    re.IGNORECASE,
)
_NO = re.compile(
    r"\W*(?:no(?! (?:response|reply|answer))|none|nil|neither|not (?:at present|at the moment|currently|at this time|yet)|(?:we|the trust) (?:do(?:es)?|are|is) not|"
    r"(?:the trust|we) (?:uses?|has|have) no|there (?:is|are) (?:currently )?(?:no|none))\b",
    re.IGNORECASE,
)
_DENIES = re.compile(
    r"\b(?:do(?:es)?|is|are|has|have|did) (?:not|n['\u2019]t) (?:currently |presently |at present |yet )?(?:us(?:e|es|ed|ing)|have|deploy\w*|hold any|employ\w*|operat\w+)\b|"
    r"\b(?:uses?|has|have|there (?:is|are)|with) (?:currently )?no\b[^.;]{0,40}\b(?:AI|artificial|tools?|systems?|products?|software)\b|\bnone (?:is|are|in use)\b",
    re.IGNORECASE,
)
_NONE_AT_ALL = re.compile(
    r"\W*(?:(?:I|we) (?:can )?(?:confirm|advise|inform you) that )?(?:(?:we|(?:the|our|this) (?:trust|hospital|organisation|board)) (?:do(?:es)? not|has not|have not) "
    r"(?:currently |at present |presently |yet )?(?:used?|using|have|deploy\w*|employ|operate)\b[^.;]{0,40}\b(?:AI|artificial intelligence)\b|"
    r"(?:there (?:is|are) (?:currently |at present )?)?no (?:\w+ ){0,3}(?:AI|artificial intelligence)\b[^.;]{0,40}\b(?:in use|used|deployed)\b|"
    r"[^.;]{0,60}\b(?:AI|artificial intelligence)\b[^.;]{0,30}\b(?:as|because|since) (?:no such|none|we use no|we do not use|the trust does not use)\b)",
    re.IGNORECASE,
)
_YOU_ASKED = re.compile(
    r"\b(?:you (?:have |had )?(?:asked|requested|wanted|wrote)|your (?:request|questions?|e-?mail|letter|enquiry)|the request|information requested)\b[^?.]{0,80}:\s*$",
    re.IGNORECASE,
)
_WE_ANSWER = re.compile(
    r"\W*(?:(?:our|the trust['\u2019]s|the|in) )?(?:responses?|repl(?:y|ies)|answers?)\b[^.?]{0,60}[:.]?\s*$",
    re.IGNORECASE,
)
_COUNTED = re.compile(r"\W*(?:\(?(?:\d{1,2}|[a-h])[.)])\s+\S")
_ANY = re.compile(r"^[^.;]*\bany\b", re.IGNORECASE)
_NOT_AT_ALL = re.compile(
    r"\W*(?:no|none)\W* (?:information|record|figures|data|policy|plans|decision)\b", re.IGNORECASE
)
_HELD_BACK = re.compile(
    r"\b(?:exempt\w*|withh[eo]ld\w*|refus\w+|section (?:2[0-9]|3\d|4[0-4])|s\.?\s?(?:2[0-9]|3\d|4[0-4]))\b",
    re.IGNORECASE,
)
_NEITHER = re.compile(r"\bneither confirm(?:s|ed)? n?or den(?:y|ies|ied)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:section|s\.?)\s?(\d+)", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|did|does|do|came|will|would|(?-i:may)|might|could|can|should|began|remains?|did)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_YES_FIRST = re.compile(r"\W*(?:yes\b\W*(?:(?:one|two|three|several)\b\W*)?)?", re.IGNORECASE)
_TITLE = re.compile(
    r"\W*(?:\d{1,2}[.)]\s*)?(?:the )?(?:names?|numbers?|dates?|suppliers?|manufacturers?|costs?|details|lists?|volumes?|routes?|products?|totals?|purposes?|departments?) "
    r"(?:of|and|for|by|used|at|in|or)\b[^.]*$",
    re.IGNORECASE,
)
"""What is asked for in a word or two, once a letter repeats what was asked."""
_SHORT = 20
_USED = frozenset(("live", "trialling", "paused", "implementing", "research-only"))


@dataclass
class Asked:
    """Knows what was asked last, and whether that stands for the headings of what follows."""

    question: str = ""
    under: tuple[str, ...] = ()
    bare: str = ""
    """What a bare name in the answer means."""
    general: bool = False
    """Whether the question is the one whether AI is used, or asks for the names."""
    told: bool = False
    """Whether the question whether AI is used has its answer."""
    is_letter: bool = False
    refused: Found | None = None
    """Where names were refused."""
    any_asked: bool = False
    wanted: list[str] = field(default_factory=list)
    """What a letter says first was asked, one after the other, where the answers come only then."""
    repeating: bool = False
    turn: int = 0
    begins: int = 0
    """Where in the passage the answer begins, after the question and its mark."""

    def kind(self, passage: Passage, text: str) -> str:
        """What the question that was asked last makes of a passage; empty where none was."""
        words = " ".join(text.split())
        self.is_letter = self.is_letter or bool(
            re.match(r"\W*(?:Dear|FOI|Freedom of Information|Our ref\w*|Ref\w*:)\b", words)
        )
        if passage.headings != self.under:
            heading = passage.headings[-1] if passage.headings else ""
            self.under = passage.headings
            heads = passage.kind == "heading" and (question(words) or _TITLE.match(words))
            if self.any_asked and _TITLE.match(heading):
                self._ask(heading)
            elif not (question(heading) or heads):
                self._ask("")
            elif not heads and heading != self.question:
                self._ask(heading)
                self.any_asked = True
        self.begins = 0
        if self._repeats(passage, words):
            self.begins = len(text)
            return ""
        if self.wanted and not self.repeating and _is_item(passage, words):
            if self.turn < len(self.wanted):
                self._ask(self.wanted[self.turn])
            self.turn += 1
        elif passage.kind != "row" and (asked := question(words)):
            self._ask(asked)
            self.any_asked = True
            self.begins = place_after(text, len(re.sub(r"\s", "", asked)))
        elif self.any_asked and _TITLE.match(words) and len(words.split()) <= _SHORT:
            self._ask(words)
            self.begins = len(text)
        elif passage.kind == "paragraph" and words.endswith(":") and not answer_mark(words):
            if not self.question:
                self._ask(words, lead=True)
        elif passage.kind == "paragraph" and not self.question:
            self._ask("")
        self.begins += answer_mark(text[self.begins :])
        return section((self.question,)) if self.question else ""

    def _repeats(self, passage: Passage, words: str) -> bool:
        """Whether a passage only says what was asked, or that the answers follow."""
        if _YOU_ASKED.search(words) and not question(words):
            self.repeating, self.wanted, self.turn = True, [], 0
            self.is_letter = True
            return True
        if self.repeating and _is_item(passage, words):
            self.wanted.append(words)
            self.any_asked = True
            return True
        if self.wanted and _WE_ANSWER.match(words):
            self.repeating = False
            return True
        return False

    def _ask(self, words: str, *, lead: bool = False) -> None:
        said = words[mark_end(words) :]
        follows = not lead and FOLLOWS.search(said) and not NOT_IN_USE.search(words)
        before = self.bare if follows and not GONE.search(words) else ""
        of_use = _OF_USE.search(words) and not (NOT_IN_USE.search(said) or GONE.search(said))
        tried = TRIED.search(said) and not re.search(r"\bor\b|/", said)
        self.general = bool(of_use and not tried) or bool(before and self.general)
        self.question = "" if lead else words
        self.bare = (meaning(words) or before) if words else ""

    def answered(
        self, passage: Passage, text: str, whose: Mention, reported: str
    ) -> Disclosure | None:
        """The yes or no to the question whether the organisation uses AI."""
        words = " ".join(text.split())
        if passage.kind not in {"paragraph", "item"} or not words:
            return None
        if not self.question:
            return self._stated(passage, text, whose, reported)
        if self.bare == "live" and _HELD_BACK.search(words) and not _NEITHER.search(words):
            self.refused = Found("answered", 0.85, passage, passage.start, passage.end)
        if not self.general or self.told or OF_OTHER_TRUSTS.search(self.question):
            return None
        if _NEITHER.search(words):
            self.told = True
            return None
        found = Found("answered", 0.85, passage, passage.start, passage.end)
        said = _yes_or_no(words)
        narrow = _NARROW.search(self.question) and not _ANY.search(words)
        if not said or (said == "denies" and (narrow or self.bare != "live")):
            return None
        self.told = True
        if said == "denies":
            self._ask("")
        refused = self.refused is not None and self.refused.passage is passage
        detail, number = ("refused", exemption(words)) if refused else ("", "")
        return Disclosure(whose, said, detail, number, reported, found)

    def _stated(
        self, passage: Passage, text: str, whose: Mention, reported: str
    ) -> Disclosure | None:
        """What a letter that repeats no question says of the use of AI as a whole."""
        if not self.is_letter or self.told:
            return None
        for span in sentences(text, 0, len(text)):
            match = _NONE_AT_ALL.match(text, span.start, span.end)
            if match and not _NARROW.search(text[span.start : span.end] + "?"):
                self.told = True
                at = passage.start
                found = Found("letter-denies", 0.7, passage, at + span.start, at + span.end)
                return Disclosure(whose, "denies", "", "", reported, found)
        return None

    def concluded(self, found: Candidates, whose: Mention, reported: str) -> None:
        """What a letter discloses by naming what is used, or by refusing the names."""
        mine = [one for one in found.disclosures if one.trust.entities == whose.entities]
        things = [one for one in found.deployments if one.trust.entities == whose.entities]
        used = [one for one in things if one.status in _USED]
        used = [one for one in used if one.found.rule != "table" or self.any_asked]
        live = any(one.status == "live" for one in used)
        wrong = [one for one in mine if live and one.answer == "denies"]
        wrong = [one for one in wrong if one.found.rule == "answered"]
        found.disclosures = [one for one in found.disclosures if one not in wrong]
        mine = [one for one in mine if one not in wrong]
        if not mine and used and self.is_letter and (wrong or not self.told):
            said = replace(used[0].found, rule="names-what-is-used", confidence=0.7)
            found.disclosures.append(Disclosure(whose, "uses", "", "", reported, said))
        elif mine and mine[0].answer == "uses" and not (things or mine[0].detail):
            at = found.disclosures.index(mine[0])
            if self.refused:
                number = exemption(self.refused.passage.text)
                found.disclosures[at] = replace(mine[0], detail="refused", exemption=number)


def _is_item(passage: Passage, words: str) -> bool:
    return passage.kind == "item" or bool(_COUNTED.match(words))


def _yes_or_no(words: str) -> str:
    """What the answer to the question whether AI is used says; empty where it says neither."""
    first = re.split(r"[.;]\s", words)[0]
    yes = re.match(r"\W*yes\b", words, re.IGNORECASE)
    if _NOT_AT_ALL.match(words):
        return ""
    if _NO.match(words) or (_DENIES.search(first) and not yes):
        return "denies"
    return "uses" if _YES.match(words) else ""


def exemption(said: str) -> str:
    """The section that an answer is refused under, as the tables write it."""
    number = _NUMBER.search(said)
    return f"s{number[1]}" if number else ""


def named_alone(text: str, span: Span, names: Gazetteer) -> Span | None:
    """The part of a sentence that names things and says nothing of them; none where there is none."""
    start = span.start
    colon = text.find(": ", span.start, span.end)
    if colon > 0 and not any(m.of("product", "vendor") for m in names.mentions(text[start:colon])):
        if lifecycle.negated(text[start:colon]) or lifecycle.planned(text[start:colon]):
            return None
        start = colon + 1
    yes = _YES_FIRST.match(text, start, span.end)
    part = trimmed(text, yes.end() if yes else start, span.end, " \t\r\n\u2022-")
    said = text[part.start : part.end]
    first = next(iter(names.mentions(said)), None)
    if first is None or first.start > len("the ") or not first.of("product", "vendor"):
        return None
    return None if _VERB.search(said) else part


def answer_cell(passage: Passage) -> Passage | None:
    """The answer of a row that holds a question and its answer, as a paragraph under the question."""
    cells = passage.text.split(" | ")
    at = next((n for n, cell in enumerate(cells[:2]) if question(cell).endswith("?")), None)
    if passage.kind != "row" or at is None or len(cells) != at + 2:
        return None
    start = passage.start + sum(len(cell) + len(" | ") for cell in cells[: at + 1])
    headings = (*passage.headings, cells[at])
    return replace(
        passage,
        text=cells[at + 1],
        start=start,
        kind="paragraph",
        headings=headings,
        paragraph=None,
    )
