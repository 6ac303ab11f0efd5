"""Whose a passage is by the name that stands above it or at its head."""

import re

from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.subjects import joined
from careatlas.loaders.reading.model import Passage

_WITH_NAME = 4
"""A heading that has so many words more than a trust's name is still its heading."""
_RUN_IN = re.compile(
    r"(?:\s+NHS)?(?:\s+(?:Foundation\s+)?Trust)?\s*(?:\([^()]{1,20}\)\s*)?[.:\u2013\u2014]\s+(?=\S)"
)


class Above:
    """Knows, passage after passage, whose name stands above."""

    def __init__(self, names: Gazetteer) -> None:
        self._names = names
        self._headed_by: set[tuple[str, ...]] = set()
        self._under: tuple[str, ...] = ()
        self._led: Mention | None = None
        self._outer: tuple[int, Mention] | None = None

    def whose(self, passage: Passage, text: str) -> Mention | None:
        """The trust that stands above a passage, or before the first stop of a paragraph."""
        return self._headed(passage) or self._run_in(passage, text) or self._leads(passage, text)

    def leads(self, name: Mention) -> bool:
        """Whether a name stands in an entry above the one that is read."""
        outer = self._outer[1] if self._outer else None
        return name is self._led or name is outer

    def begins(self, passage: Passage, own: Mention) -> bool:
        """Whether what a trust's name stands above is read as its entry of a list."""
        led = self.leads(own)
        mark = (*passage.headings, own.text if led else "")
        first = mark not in self._headed_by
        self._headed_by.add(mark)
        return led or (first and own.end == 0)

    def _headed(self, passage: Passage) -> Mention | None:
        """The trust whose name alone stands above a passage."""
        heading = passage.headings[-1] if passage.headings else ""
        found = [m for m in self._names.mentions(heading) if m.of("trust")]
        if len(found) != 1 or len(heading.split()) > len(found[0].text.split()) + _WITH_NAME:
            return None
        return _nowhere(found[0])

    def _run_in(self, passage: Passage, text: str) -> Mention | None:
        """The trust that stands before a full stop or a colon at the head of a paragraph."""
        if passage.kind != "paragraph":
            return None
        first = next(iter(self._names.mentions(text)), None)
        if first is None or not first.of("trust") or text[: first.start].strip():
            return None
        after = _RUN_IN.match(text, first.end)
        marked = re.match(r"\s*[*_]", passage.text)
        if after is None or not (marked or after[0].strip() != "."):
            return None
        return Mention(first.start, first.end, first.text, first.of("trust"))

    def _leads(self, passage: Passage, text: str) -> Mention | None:
        """The trust of the entry above: it named nothing else, or those below stand within it."""
        if passage.headings != self._under or passage.kind == "row":
            self._under, self._led, self._outer = passage.headings, None, None
        found = [m for m in self._names.mentions(text) if m.of("trust")]
        begins = bool(found) and not text[: found[0].start].strip(" *")
        if self._outer and (passage.kind != "item" or passage.depth <= self._outer[0]):
            self._outer = None
        if self._outer and not begins:
            return self._outer[1]
        if begins and passage.kind == "item" and len(joined(text, found)) == 1:
            self._outer = (passage.depth, _nowhere(found[0]))
        if found and not text.strip(" .:;,-\u2013\n").removeprefix(found[0].text).strip():
            self._led = _nowhere(found[0])
        elif found and (passage.kind != "item" or begins):
            self._led = None
        else:
            return self._led
        return None


def _nowhere(name: Mention) -> Mention:
    """A name that does not stand in the passage that it is said of."""
    return Mention(0, 0, name.text, name.of("trust"))
