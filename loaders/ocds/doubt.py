"""How sure the rules are of a notice, and what comes near to clinical AI in one that they leave out."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from careatlas.loaders.ocds import words
from careatlas.loaders.ocds.documents import Json
from careatlas.loaders.ocds.relevance import (
    BROAD,
    MOST_TEXT,
    NO_CARE,
    OTHERWISE,
    SET_ASIDE,
    SHORT,
    WORD,
    Catalogue,
    Verdict,
    is_distinct,
    of_catalogue,
    texts,
    words_of_ai,
)

LEFT_OUT, NEAR = "left out: ", "near: "
"""How what the rules say of a release that they leave out begins, and what is near in it."""
AROUND = 160
"""So many letters of a text stand on each side of what was found."""
_SURENESS = (
    (SET_ASIDE, 1),
    ("supplier whose name is like", 1),
    ("words of AI: AI; bought by", 2),
    ("a word that is also the name of a product", 2),
    (OTHERWISE, 3),
    ("supplier in the catalogue that makes much else", 3),
    (NO_CARE, 4),
    ("words of AI: AI;", 4),
    (BROAD, 5),
    ("words of AI:", 6),
    ("product in the catalogue", 7),
    ("supplier in the catalogue", 8),
    ("the process stands in the table of notices", 9),
)
"""From doubtful to sure: how a reason begins, and how sure the rules are by it."""
_UNKNOWN = 0


def near(release: dict[str, Json], verdict: Verdict, catalogue: Catalogue) -> Verdict:
    """What is to be looked at in a release that is left out; it stays so where nothing comes near."""
    text = " . ".join(texts(release))[:MOST_TEXT]
    said = words_of_ai(text).words
    found = [f"words of AI: {said}"] if said else []
    found += of_catalogue(release, text, catalogue)[1]
    found += [f"a supplier of the catalogue in the text: {one}" for one in _makers(text, catalogue)]
    if not found and verdict.reasons[0] not in (SET_ASIDE, OTHERWISE):
        return verdict
    left = [LEFT_OUT + reason for reason in verdict.reasons]
    return Verdict(True, (*left, *(NEAR + one for one in dict.fromkeys(found))))


def sureness(reasons: Iterable[str]) -> int:
    """How sure the rules are by what they say: by the surest of their reasons."""
    plain = (reason.removeprefix(LEFT_OUT) for reason in reasons)
    return max((_sure(reason) for reason in plain if not reason.startswith(NEAR)), default=0)


def _sure(reason: str) -> int:
    return next((sure for begins, sure in _SURENESS if reason.startswith(begins)), _UNKNOWN)


@lru_cache(maxsize=1)
def _shapes(catalogue: Catalogue) -> dict[str, list[tuple[re.Pattern[str], str]]]:
    """The names of suppliers that make nothing but AI, by their first word."""
    made: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    for name in sorted({maker.name for maker in catalogue.makers.values() if maker.only_ai}):
        first = WORD.search(name)
        if first and is_distinct(name) and name.casefold() not in words.NO_NAMES:
            flags = re.IGNORECASE if len(name) > SHORT else re.NOFLAG
            shape = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", flags)
            made.setdefault(first[0].casefold(), []).append((shape, name))
    return made


def _makers(text: str, catalogue: Catalogue) -> Iterator[str]:
    shapes = _shapes(catalogue)
    for first in sorted({word.casefold() for word in WORD.findall(text)} & shapes.keys()):
        yield from (name for shape, name in shapes[first] if shape.search(text))


def passage(text: str, catalogue: Catalogue) -> str:
    """The words by which a notice was found, marked, with some of its text on both sides."""
    found = words.AI.search(text) or words.SHORT.search(text)
    names = {word.casefold() for word in WORD.findall(text)}
    shapes = [one[0] for first in sorted(names) for one in catalogue.products.get(first, ())]
    shapes += [one[0] for first in sorted(names) for one in _shapes(catalogue).get(first, ())]
    found = found or next((hit for shape in shapes if (hit := shape.search(text))), None)
    start, end = found.span() if found else (0, 0)
    left = "…" if start > AROUND else ""
    right = "…" if len(text) > end + AROUND else ""
    before, after = text[max(0, start - AROUND) : start], text[end : end + AROUND]
    marked = f"[[{text[start:end]}]]" if found else ""
    return f"{left}{before}{marked}{after}{right}"
