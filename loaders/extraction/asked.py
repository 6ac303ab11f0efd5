"""Questions that a letter repeats, each with the answer below it."""

import re
from dataclasses import dataclass, replace

from careatlas.loaders.extraction import lifecycle
from careatlas.loaders.extraction.candidates import Candidates, Disclosure, Found
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.sections import section
from careatlas.loaders.extraction.text import Span, sentences, trimmed
from careatlas.loaders.reading.model import Passage

_MARK = re.compile(
    r"\W*(?:(?P<q>Q(?:uestion)?\s?\.?)|(?P<a>A(?:nswer|ns)?\b\s?\.?(?=\s?\d|\s*[:.)])|A(?=\d)|R(?:esponse|eply)?(?=\s?\d|\s*:)))?\s*"
    r"(?:\(?\d{1,2}(?:\.\d{1,2})?[a-z]?\)?|\(?[a-h]\))?\s*[.:)\u2013-]*\s*",
    re.IGNORECASE,
)
"""The number of a question or of an answer."""
_ASKS = re.compile(
    r"(?:please|can you|could you|would you|if (?:so|yes|not)|which|what|how|does|do|did|is|are|has|have|will|when|who|why|where|for each|list|state)\b",
    re.IGNORECASE,
)
_ALSO_ASKS = re.compile(r"\W*(?:please|if |for each|where |including|in particular|list )", re.I)
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
_NOT_AT_ALL = re.compile(
    r"\W*(?:no|none)\W* (?:information|record|figures|data|policy|plans|decision)\b", re.IGNORECASE
)
_HELD_BACK = re.compile(
    r"\b(?:exempt\w*|withh[eo]ld\w*|refus\w+|section (?:2[0-9]|3\d|4[0-4])|s\.?\s?(?:2[0-9]|3\d|4[0-4]))\b",
    re.I,
)
_NEITHER = re.compile(r"\bneither confirm(?:s|ed)? n?or den(?:y|ies|ied)\b", re.IGNORECASE)
_NUMBER = re.compile(r"\b(?:section|s\.?)\s?(\d+)", re.IGNORECASE)
_OTHERS = re.compile(
    r"\b(?:other|neighbouring|another|nearby|partner)\s+(?:\w+\s+)?(?:trusts?|organisations?|hospitals?|boards?)\b|\belsewhere\b",
    re.IGNORECASE,
)
_GONE = re.compile(
    r"\b(?:withdrawn|stopped|ceased|ended|discontinued|decommissioned|retired|switched off|no longer|given up|abandoned|removed|dropped)\b",
    re.IGNORECASE,
)
_NOT_SAID = re.compile(
    r"\b(?:plan\w*|intend\w*|consider\w*|future|hop(?:e|ing)|propos\w+|next|going to|will|would|cost|paid|spen[dt]|price|value|reject\w*|declin\w*|"
    r"evaluat\w+|assess(?:ed|ing|ments?)|review\w*|approached|turned down|risks?|incidents?|concerns?|complaints?|polic(?:y|ies)|governance|responsible|"
    r"safety case|impact assessments?|training)\b|\bdecid\w+ against\b",
    re.IGNORECASE,
)
"""What a question is about whose answer may name things that are not in use."""
_TRIED = re.compile(
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
    r"\b(?:us(?:e|es|ed|ing)|deploy\w*|in place|operat\w+|live|employ\w*|have|has|runs?|running)\b",
    re.I,
)
_FOLLOWS = re.compile(
    r"\bif (?:so|yes)\b|\b(?:is|are) (?:it|they|these|those) called\b|\bnames? of\b|\b(?:name|list|specify|identify|state) (?:each|them|all|the|every)\b|"
    r"^\W*(?:which|what) (?:ones?|products?|tools?|systems?|software|suppliers?|compan(?:y|ies)|technolog\w+)\b\W*$",
    re.IGNORECASE,
)
"""A question that asks for the names of what the question before was about."""
_OF_MANNER = re.compile(r"\b(?:how|why|when|who|where)\b", re.IGNORECASE)
_VERB = re.compile(
    r"\b(?:is|are|was|were|be|been|has|have|had|did|does|do|came|will|would|may|might|could|can|should|began|remains?|did)\b|n['\u2019]t\b",
    re.IGNORECASE,
)
_YES_FIRST = re.compile(r"\W*(?:yes\b\W*(?:(?:one|two|three|several)\b\W*)?)?", re.IGNORECASE)
_USED = frozenset(("live", "trialling", "paused", "implementing", "research-only"))
_LONGEST = 60


def meaning(question: str) -> str:
    """How far along a thing is that is merely named in the answer to a question; empty: unknown.

    >>> meaning("Which tools are being piloted?")
    'trialling'
    """
    said = question[_mark_end(question) :]
    if _OTHERS.search(said) or _NOT_SAID.search(said):
        return ""
    if _GONE.search(said):
        return "ended"
    if lifecycle.negated(said) or _OF_MANNER.match(said):
        return ""
    if _TRIED.search(said):
        either = re.search(r"\bor\b|/", said)
        return "trialling" if _STILL.search(said) and not either else ""
    if _INSTALLED.search(said):
        return "implementing"
    if _BOUGHT.search(said):
        return "" if _IN_USE.search(said) else "procured"
    return "live" if _IN_USE.search(said) else ""


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
    begins: int = 0
    """Where in the passage the answer begins, after the question and its mark."""

    def kind(self, passage: Passage, text: str) -> str:
        """What the question that was asked last makes of a passage; empty where none was."""
        words = " ".join(text.split())
        self.is_letter = self.is_letter or bool(re.match(r"\W*(?:Dear|FOI\b)", words))
        if passage.headings != self.under:
            self._ask("")
            self.under = passage.headings
            heading = passage.headings[-1] if passage.headings else ""
            if question(heading):
                self._ask(heading)
        self.begins = 0
        if passage.kind != "row" and (asked := question(words)):
            self._ask(asked)
            self.begins = _at(text, len(re.sub(r"\s", "", asked)))
        elif passage.kind == "paragraph" and words.endswith(":") and not _answer_mark(words):
            if not self.question:
                self._ask(words, lead=True)
        elif passage.kind == "paragraph" and not self.question:
            self._ask("")
        self.begins += _answer_mark(text[self.begins :])
        return section((self.question,)) if self.question else ""

    def _ask(self, words: str, *, lead: bool = False) -> None:
        follows = not lead and _FOLLOWS.search(words) and not _NOT_SAID.search(words)
        before = self.bare if follows and not _GONE.search(words) else ""
        self.general = bool(_OF_USE.search(words)) or bool(before and self.general)
        self.question = "" if lead else words
        self.bare = (meaning(words) or before) if words else ""

    def answered(
        self, passage: Passage, text: str, whose: Mention, reported: str
    ) -> Disclosure | None:
        """The yes or no to the question whether the organisation uses AI."""
        words = " ".join(text.split())
        if passage.kind not in {"paragraph", "item"} or not words or not self.question:
            return None
        if self.bare == "live" and _HELD_BACK.search(words) and not _NEITHER.search(words):
            self.refused = Found("answered", 0.85, passage, passage.start, passage.end)
        if not self.general or self.told or _OTHERS.search(self.question):
            return None
        if _NEITHER.search(words):
            self.told = True
            return None
        found = Found("answered", 0.85, passage, passage.start, passage.end)
        first = re.split(r"[.;]\s", words)[0]
        no = _NO.match(words) or (_DENIES.search(first) and not re.match(r"\W*yes\b", words, re.I))
        said = "denies" if no else "uses" if _YES.match(words) else ""
        if not said or _NOT_AT_ALL.match(words):
            return None
        if said == "denies" and (_NARROW.search(self.question) or meaning(self.question) != "live"):
            return None
        self.told = True
        if said == "denies":
            self._ask("")
        refused = self.refused is not None and self.refused.passage is passage
        detail, number = ("refused", exemption(words)) if refused else ("", "")
        return Disclosure(whose, said, detail, number, reported, found)

    def concluded(self, found: Candidates, whose: Mention, reported: str) -> None:
        """What a letter discloses by naming what is used, or by refusing the names."""
        mine = [one for one in found.disclosures if one.trust.entities == whose.entities]
        things = [one for one in found.deployments if one.trust.entities == whose.entities]
        used = [one for one in things if one.status in _USED and one.found.rule != "table"]
        wrong = [one for one in mine if used and one.answer == "denies"]
        wrong = [one for one in wrong if one.found.rule == "answered"]
        found.disclosures = [one for one in found.disclosures if one not in wrong]
        mine = [one for one in mine if one not in wrong]
        if not mine and used and self.is_letter:
            said = replace(used[0].found, rule="names-what-is-used", confidence=0.7)
            found.disclosures.append(Disclosure(whose, "uses", "", "", reported, said))
        elif mine and not things and self.refused and not mine[0].detail:
            if mine[0].answer == "uses":
                at = found.disclosures.index(mine[0])
                number = exemption(self.refused.passage.text)
                found.disclosures[at] = replace(mine[0], detail="refused", exemption=number)


def exemption(said: str) -> str:
    """The section that an answer is refused under, as the tables write it."""
    number = _NUMBER.search(said)
    return f"s{number[1]}" if number else ""


def question(words: str) -> str:
    """The question that a text begins with; empty where it begins with none.

    >>> question("1. Do you use AI? Yes, two tools.")
    '1. Do you use AI?'
    """
    mark = _MARK.match(words)
    if mark is None or mark["a"]:
        return ""
    begin, end = mark.end(), 0
    if not (_ASKS.match(words, begin) or mark["q"]):
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


def _mark_end(words: str) -> int:
    mark = _MARK.match(words)
    return mark.end() if mark else 0


def _answer_mark(words: str) -> int:
    mark = _MARK.match(words)
    return mark.end() if mark and mark["a"] else 0


def _at(text: str, letters: int) -> int:
    """The place after so many letters that are no white space."""
    for at, letter in enumerate(text):
        if not letters:
            return at
        letters -= not letter.isspace()
    return len(text)


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
        passage, text=cells[at + 1], start=start, kind="paragraph", headings=headings, paragraph=None
    )
