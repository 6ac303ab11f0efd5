"""Which notices are about clinical AI: rules that name their reason, in an order from sure to doubtful."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache

from careatlas.loaders.ocds import words
from careatlas.loaders.ocds.documents import Json
from careatlas.loaders.ocds.releases import buyer_of, folded, listed

NOTHING = "no word of AI, and no supplier or product of the catalogue"
OTHERWISE = "the letters AI stand for something else"
SET_ASIDE = "AI is named only to leave it out, or as a tool of bidders"
NO_CARE = "words of AI, but nothing of health care"
BROAD = "a supplier or product of the catalogue that is for much else, and no word of AI"
_LEGAL = re.compile(
    r" (?:ltd|plc|llp|inc|gmbh|ag|ab|bv|oy|aps|sas|uk|pty|group|holdings|europe|international)\b"
)
WORD = re.compile(r"[A-Za-z0-9]+")
_HINTS = (
    *("artificial", "learning", "computer", "neural", "generative", "language model", "ambient"),
    *("contouring", "segmentation", "image recognition", "scrib"),
)
_SHORTEST, SHORT, _LONG = 3, 4, 9
"""Letters of a name of a product: fewest, those that must stand in their case, and those that say enough."""
MOST_TEXT = 20_000
"""Characters of a notice that are looked at."""


@dataclass(frozen=True)
class Verdict:
    """Whether a release is about clinical AI, and why, in words."""

    kept: bool
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Maker:
    """A supplier of the catalogue."""

    key: str
    name: str
    only_ai: bool
    """Whether the catalogue knows it for AI and nothing else."""


@dataclass
class Catalogue:
    """What the tables know that tells a notice: suppliers, products and processes."""

    makers: dict[str, Maker] = field(default_factory=dict)
    """By name, folded."""
    by_identifier: dict[tuple[str, str], Maker] = field(default_factory=dict)
    products: dict[str, list[tuple[re.Pattern[str], str, bool]]] = field(default_factory=dict)
    """By the first word of a name: how it is found, the product, whether the name says enough."""
    ocids: frozenset[str] = frozenset()

    def add_product(self, name: str, product: str, sure: bool) -> None:
        """Take in a name under which a product goes."""
        plain = name.casefold()
        if not (found := WORD.search(name)) or plain in words.PLAIN:
            return
        sure = sure and plain not in words.NO_NAMES and is_distinct(name)
        flags = re.IGNORECASE if len(name) > SHORT else re.NOFLAG
        shape = re.compile(rf"(?<!\w){re.escape(name)}(?!\w)", flags)
        self.products.setdefault(found[0].casefold(), []).append((shape, product, sure))

    @lru_cache(maxsize=200_000)  # noqa: B019 - one catalogue lives as long as a load
    def maker(self, name: str) -> tuple[Maker | None, bool]:
        """The maker of this name, and whether the name is the very same."""
        plain = folded(name)
        if found := self.makers.get(plain):
            return found, True
        return self.makers.get(_LEGAL.sub("", plain).strip()), False

    __hash__ = object.__hash__


def is_distinct(name: str) -> bool:
    """Whether a name is no everyday word: long, or written as only a name is."""
    inner = re.search(r"[a-z]-?[A-Z]|[A-Z]{2}-?[A-Z]?[a-z]|[A-Za-z]\d", name) is not None
    return len(name) >= _LONG or (inner and len(name) >= _SHORTEST)


def judge(release: dict[str, Json], catalogue: Catalogue) -> Verdict:
    """What the rules say of one release."""
    text = " . ".join(texts(release))[:MOST_TEXT]
    named = words_of_ai(text)
    care = _care(release, text)
    sure, weak = of_catalogue(release, text, catalogue)
    reasons = list(sure)
    if release.get("ocid") in catalogue.ocids:
        reasons.insert(0, "the process stands in the table of notices")
    if named.words:
        said = f"words of AI: {named.words}"
        reasons += [f"{reason}, with {said}" for reason in weak] if care or weak else []
        reasons += [f"{said}; {care}"] if care else []
    if reasons:
        return Verdict(True, tuple(dict.fromkeys(reasons)))
    if named.words:
        return Verdict(False, (NO_CARE,))
    if named.why_not:
        return Verdict(False, (named.why_not,))
    return Verdict(False, (BROAD if weak else NOTHING,))


def texts(release: dict[str, Json]) -> Iterator[str]:
    """The words in which a release says what is bought."""
    tender = release.get("tender")
    owners = [tender] if isinstance(tender, dict) else []
    for key in ("awards", "contracts"):
        owners += _objects(release.get(key))
    planning = release.get("planning")
    if isinstance(planning, dict):
        owners += [planning, *_objects([planning.get("project"), planning.get("budget")])]
    for owner in owners:
        for one in (owner, *_objects(owner.get("lots")), *_objects(owner.get("items"))):
            for key in ("title", "description", "rationale"):
                if isinstance(value := one.get(key), str):
                    yield value


def _objects(value: Json) -> list[dict[str, Json]]:
    return [one for one in listed(value) or [] if isinstance(one, dict)]


@dataclass(frozen=True)
class Named:
    """The word of a text that means AI, else why none of them counts."""

    words: str
    why_not: str = ""


def words_of_ai(text: str) -> Named:
    """The word that means AI and is not set aside, else why none of them counts."""
    low = text.casefold()
    if "AI" not in text and "A.I" not in text and not any(hint in low for hint in _HINTS):
        return Named("")
    text = words.INITIALS.sub(" ", text)
    kept = words.LEFT_OUT.sub(" ", words.BY_BIDDERS.sub(" ", text))
    if found := words.AI.search(kept):
        return Named(re.sub(r"\bai\b", "AI", found[0].lower()))
    short = words.SHORT.search(kept)
    spelt = [one for one in words.SPELT_OUT.findall(text) if one[0].lower() != "artificial"]
    if short and not spelt and not words.OTHER_MEANING.search(text):
        return Named("AI")
    if kept != text and (words.AI.search(text) or words.SHORT.search(text)) and not short:
        return Named("", SET_ASIDE)
    return Named("", OTHERWISE if short else "")


def _care(release: dict[str, Json], text: str) -> str:
    """What ties a release to health care, in words; empty where nothing does."""
    for code in _codes(release):
        for digits in (5, 4, 3):
            if meaning := words.CPV_CARE.get(code[:digits]):
                return f"CPV {code}, {meaning}"
        if code[:2] in ("33", "85"):
            return f"CPV {code}, medical goods or health services"
    if found := words.CARE.search(text):
        return f"words of care: {found[0].lower()}"
    name = buyer_of(release).get("name")
    if isinstance(name, str) and words.BODY.search(name):
        return "bought by a body of health care"
    return ""


def _codes(release: dict[str, Json]) -> Iterator[str]:
    """The codes of the Common Procurement Vocabulary that a release gives."""
    tender = release.get("tender")
    owners = [tender] if isinstance(tender, dict) else []
    owners += _objects(release.get("awards")) + _objects(release.get("contracts"))
    for owner in owners:
        for one in (owner, *_objects(owner.get("items"))):
            stated = [one.get("classification"), *_objects(one.get("additionalClassifications"))]
            for code in _objects(stated):
                if str(code.get("scheme", "CPV")).startswith("CPV"):
                    yield str(code.get("id", ""))


def of_catalogue(
    release: dict[str, Json], text: str, catalogue: Catalogue
) -> tuple[list[str], list[str]]:
    """What of the catalogue a release names: what says enough, and what says little alone."""
    sure, weak = [], []
    for name, scheme, value in suppliers(release):
        maker, same = catalogue.by_identifier.get((scheme, value)), True
        if maker is None:
            maker, same = catalogue.maker(name) if name else (None, False)
        if maker and maker.only_ai and same:
            sure.append(f"supplier in the catalogue: {maker.name}")
        elif maker and maker.only_ai:
            sure.append(f"supplier whose name is like one in the catalogue: {maker.name}")
        elif maker:
            weak.append(f"supplier in the catalogue that makes much else: {maker.name}")
    if firsts := {word.casefold() for word in WORD.findall(text)} & catalogue.products.keys():
        for first in sorted(firsts):
            for shape, product, enough in catalogue.products[first]:
                if shape.search(text):
                    (sure if enough else weak).append(
                        f"product in the catalogue: {product}"
                        if enough
                        else f"a word that is also the name of a product in the catalogue: {product}"
                    )
    return sure, weak


def suppliers(release: dict[str, Json]) -> Iterator[tuple[str, str, str]]:
    """Name, scheme and id of each party that supplies or offers."""
    for party in _objects(release.get("parties")):
        roles = party.get("roles")
        if isinstance(roles, list) and not {"supplier", "tenderer"}.isdisjoint(map(str, roles)):
            identifier = party.get("identifier")
            identifier = identifier if isinstance(identifier, dict) else {}
            scheme, value = identifier.get("scheme"), identifier.get("id")
            yield str(party.get("name") or ""), str(scheme or ""), str(value or "").strip().upper()
    for award in _objects(release.get("awards")):
        for one in _objects(award.get("suppliers")):
            yield str(one.get("name") or ""), "", ""
