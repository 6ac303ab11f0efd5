"""Questions that a letter repeats, each with the answer below it."""

import re
from dataclasses import dataclass

from careatlas.loaders.extraction.candidates import Disclosure, Found
from careatlas.loaders.extraction.gazetteer import Mention
from careatlas.loaders.extraction.sections import section
from careatlas.loaders.reading.model import Passage

_ASKS = re.compile(
    r"\W*(?:(?:Q(?:uestion)?\W*)?\d{0,2}\W*)?(?:(?:please|can you|could you|would you|if so|which|what|how|does|do|is|are|has|have|when|who)\b)",
    re.IGNORECASE,
)
_OF_USE = re.compile(
    r"\b(?:do|does|are|is)\b[^?]{0,80}\b(?:us(?:e|es|ing)|deploy\w*|have|has)\b[^?]{0,60}\b(?:AI|artificial intelligence|machine learning|algorithms?)\b",
    re.IGNORECASE,
)
_YES = re.compile(r"\W*(?:yes|we (?:do|can confirm))\b", re.IGNORECASE)
_NO = re.compile(r"\W*(?:no|none|we do not|the trust does not)\b", re.IGNORECASE)
_NOT_AT_ALL = re.compile(r"\W*no (?:information|record|figures|data|policy|plans)\b", re.IGNORECASE)
_HOW_OFTEN = re.compile(
    r"\bhow (?:many|often|frequently)\b|\b(?:number|volume|frequency) of\b|\busage\b", re.IGNORECASE
)
_ASKED_FIRST = re.compile(r"(\s*\S[^?\n]{8,200}\?)\s+(?=\S)")
_LONGEST = 45


@dataclass
class Asked:
    """Knows what was asked last, and whether that stands for the headings of what follows."""

    question: str = ""
    under: tuple[str, ...] = ()

    def kind(self, passage: Passage, text: str) -> str:
        """What the question that was asked last makes of a passage; empty where none was."""
        words = " ".join(text.split())
        opening = text[: self.opening(text)].strip()
        if passage.headings != self.under:
            self.question, self.under = "", passage.headings
            heading = passage.headings[-1] if passage.headings else ""
            if _asks(heading):
                self.question = heading
        if opening:
            self.question = " ".join(opening.split())
        elif passage.kind != "row" and _asks(words):
            self.question = words
            return ""
        return section((self.question,)) if self.question else ""

    @staticmethod
    def opening(text: str) -> int:
        """Where a question ends that a passage begins with and then answers; 0 where it has none."""
        match = _ASKED_FIRST.match(text)
        return match.end() if match and _asks(match[1]) else 0

    @property
    def counting(self) -> bool:
        """Whether it was asked how often something is used."""
        return bool(_HOW_OFTEN.search(self.question))

    def answered(
        self, passage: Passage, text: str, whose: Mention, reported: str
    ) -> Disclosure | None:
        """The yes or no to the question whether the organisation uses AI."""
        if passage.kind != "paragraph" or not _OF_USE.search(self.question) or _asks(text):
            return None
        said = "uses" if _YES.match(text) else "denies" if _NO.match(text) else ""
        if not said or _NOT_AT_ALL.match(text):
            return None
        found = Found("answered", 0.85, passage, passage.start, passage.end)
        self.question = "" if said == "denies" else self.question
        return Disclosure(whose, said, "", "", reported, found)


def _asks(words: str) -> bool:
    plain = words.strip()
    return (
        len(plain.split()) <= _LONGEST
        and bool(
            plain.endswith("?")
            or re.match(r"\W*(?:(?:Q(?:uestion)?\W*)?\d{1,2}\W+)?please\b", plain, re.IGNORECASE)
        )
        and bool(_ASKS.match(plain))
    )
