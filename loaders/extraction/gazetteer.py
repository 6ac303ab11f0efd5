"""The names that the graph knows, found in running text."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from rapidfuzz import fuzz, process

from careatlas.graph.labels import key
from careatlas.loaders.extraction.wording.words import GENERIC, ORGANISATION_FILLER, TOKEN

KINDS = (
    *("trust", "vendor", "product", "network", "icb", "framework"),
    *("programme", "study", "organisation"),
)
"""The kinds of name that are looked for; where one thing has several, the first counts."""
NEAREST = 3
_FILLER = re.compile(r"(?: (?:Foundation|NHS|Trust))+\b")
"""What belongs to the name of a trust, in whatever order."""
_NAME = re.compile(r" (?!Trusts?\b|Hospitals?\b)[A-Z][a-z]")
"""What goes on with a name: the "NHS Artificial Intelligence Laboratory" is not the NHS."""
_OTHER_BODY = re.compile(
    r"(?<!Trust)(?<!Hospital)(?<!Hospitals)(?: [A-Z][\w&'\u2019-]+){0,3} (?:(?:Screening|Ambulance|Transport) Service|Partnership(?! NHS)|Cancer Alliance|Council|University|College|Police|Ambulance|Collaborative|Consortium|Imaging Network|ICB)\b"
)
"""What makes of a place the name of somebody who is no trust."""
_LOWER = re.compile(r"(?!the )[a-z]|the [a-z]")
"""How no name of an organisation begins: "in north east London"."""
_WITHIN = re.compile(r"\b(?:across|throughout|around|in) $")
_AREA = re.compile(r"(?:(?:North|South|East|West|Mid|Central|Greater) )+[A-Z][\w-]+")
"""After such a word this is a part of the country, where nothing says that it is a trust of that name."""
_HOSPITALS = re.compile(r" (?:(?:university|teaching) )?hospitals?$")


@dataclass(frozen=True, order=True)
class Entity:
    """Something that the catalogue knows."""

    kind: str
    iri: str
    label: str
    ods: str = ""
    vendor: str = ""
    """The IRI of the vendor of a product."""
    use_case: str = ""


@dataclass(frozen=True)
class Mention:
    """A name at a place: `entities` has several where the name is ambiguous, none where it is new."""

    start: int
    end: int
    text: str
    entities: tuple[Entity, ...]
    nearest: tuple[str, ...] = ()

    def of(self, *kinds: str) -> tuple[Entity, ...]:
        """What the name can mean among these kinds."""
        return tuple(entity for entity in self.entities if entity.kind in kinds)

    @property
    def label(self) -> str:
        """The canonical name if there is one alone, else the name as printed."""
        return self.entities[0].label if len(self.entities) == 1 else self.text


def short(form: str) -> str:
    """A comparable name of an organisation without the words that many share.

    >>> short("ash vale nhs foundation trust")
    'ash vale'
    """
    return " ".join(word for word in form.split() if word not in ORGANISATION_FILLER)


@lru_cache(maxsize=1 << 15)
def _form(token: str) -> str:
    return key(token)


def owned(token: str) -> str:
    """The word without the ending of its possessive."""
    return re.sub(r"['\u2019]s$", "", token)


def _is_no_trust(text: str, start: int, end: int) -> bool:
    """Whether what looks like the name of a trust is a part of the country, or of another body's name."""
    if _OTHER_BODY.match(text, end) or _LOWER.match(text, start, end):
        return True
    within = _WITHIN.search(text, max(0, start - len(" throughout ")), start)
    return bool(within and _AREA.fullmatch(text, start, end))


class Gazetteer:
    """Finds names in text: the longest one at each place, whatever its capitals and punctuation."""

    def __init__(self, names: Iterable[tuple[str, Entity]]) -> None:
        self._given = list(names)
        self.names: dict[str, tuple[Entity, ...]] = {}
        self.by_iri: dict[str, Entity] = {}
        forms = [(key(name), entity) for name, entity in self._given]
        given = {form for form, _ in forms}
        found: dict[str, dict[str, Entity]] = {}
        for form, entity in forms:
            known = self.by_iri.setdefault(entity.iri, entity)
            if KINDS.index(entity.kind) < KINDS.index(known.kind):
                self.by_iri[entity.iri] = entity
            found.setdefault(form, {})[entity.iri] = entity
            if entity.kind != "trust":
                continue
            brief = short(form)
            if len(brief.split()) > 1:
                found.setdefault(brief, {})[entity.iri] = entity
            # Many leave out that it is hospitals: "Ashford and St Peters NHS Foundation Trust".
            less = _HOSPITALS.sub("", brief)
            if " and " in less and less not in given:
                found.setdefault(less, {})[entity.iri] = entity
        for form, entities in found.items():
            if form and not all(word in GENERIC for word in form.split()):
                things = {self.by_iri[iri] for iri in entities}
                self.names[form] = tuple(sorted(things))
        self._longest: dict[str, int] = {}
        """How many words the longest name has that begins with a word."""
        for form in self.names:
            first, *rest = form.split()
            self._longest[first] = max(1 + len(rest), self._longest.get(first, 0))

    def extended(self, names: Iterable[tuple[str, Entity]]) -> "Gazetteer":
        """A gazetteer that knows these names too."""
        return Gazetteer([*self._given, *names])

    @cached_property
    def _of_kind(self) -> dict[str, dict[str, str]]:
        kinds: dict[str, dict[str, str]] = {}
        for form, entities in sorted(self.names.items()):
            for entity in entities:
                kinds.setdefault(entity.kind, {})[form] = entity.label
        return kinds

    def products(self, vendor: str) -> tuple[Entity, ...]:
        """The products of a vendor."""
        return self._products.get(vendor, ())

    @cached_property
    def _products(self) -> dict[str, tuple[Entity, ...]]:
        made: dict[str, list[Entity]] = {}
        for entity in sorted(self.by_iri.values()):
            if entity.vendor:
                made.setdefault(entity.vendor, []).append(entity)
        return {vendor: tuple(entities) for vendor, entities in made.items()}

    def mentions(self, text: str) -> Iterator[Mention]:
        """The names that stand in the text, in order, none within another."""
        tokens = list(TOKEN.finditer(text))
        forms = [_form(token[0]) for token in tokens]
        at = 0
        while at < len(tokens):
            size = self._size(text, tokens, forms, at)
            if not size:
                at += 1
                continue
            start, end = tokens[at].start(), tokens[at + size - 1].end()
            form = " ".join(forms[at : at + size])
            if form not in self.names:
                form = " ".join(
                    [*forms[at : at + size - 1], _form(owned(tokens[at + size - 1][0]))]
                )
                end -= len("'s")
            entities = self.names[form]
            if entities[0].kind == "trust":
                filler = _FILLER.match(text, end)
                end = filler.end() if filler else end
                at += len(filler[0].split()) if filler else 0
            part = text[start:end] == "NHS" and _NAME.match(text, end)
            if not (part or (entities[-1].kind == "trust" and _is_no_trust(text, start, end))):
                yield Mention(start, end, text[start:end], entities)
            at += size

    def _size(self, text: str, tokens: list[re.Match[str]], forms: list[str], at: int) -> int:
        """How many words the longest name at this word has."""
        # A word alone may stand in the possessive, as its name does not.
        longest = self._longest.get(forms[at]) or int(_form(owned(tokens[at][0])) in self._longest)
        for size in range(min(longest, len(tokens) - at), 0, -1):
            *first, last = forms[at : at + size]
            mine = _form(owned(tokens[at + size - 1][0]))
            if not {" ".join([*first, last]), " ".join([*first, mine])} & self.names.keys():
                continue
            printed = text[tokens[at].start() : tokens[at + size - 1].end()]
            # A name is written with a capital or a figure; a word that only looks like it is not.
            named = printed != printed.lower() or re.search(r"\d", printed)
            if named and "(" not in printed:
                return size
        return 0

    def find(self, printed: str, *kinds: str) -> tuple[Entity, ...]:
        """What a whole name means among these kinds: exactly, or without the words that many share."""
        form = key(printed)
        for wanted in (form, short(form)):
            found = tuple(e for e in self.names.get(wanted, ()) if not kinds or e.kind in kinds)
            if found:
                return found
        return ()

    def nearest(self, printed: str, *kinds: str) -> tuple[str, ...]:
        """The known names that look most like a new one."""
        labels: dict[str, float] = {}
        form = key(printed)
        for kind in kinds:
            known = self._of_kind.get(kind, {})
            close = process.extract(form, list(known), scorer=fuzz.WRatio, limit=NEAREST)
            for name, score, _ in close:
                label = known[name]
                labels[label] = max(score, labels.get(label, 0))
        return tuple(sorted(labels, key=lambda label: (-labels[label], label))[:NEAREST])
