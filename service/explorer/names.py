"""The names of a release, from a label to the thing and from a thing to its kinds."""

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError
from careatlas.graph.release import Release


class Names:
    """The names of a release, from a label to the thing and from a thing to its kinds."""

    def __init__(self, labels: dict[str, list[list[str]]]) -> None:
        self.labels = Labels(labels)
        self.label: dict[str, str] = {}
        self.kinds: dict[str, list[str]] = {}
        self._called: dict[str, dict[str, set[str]]] = {}
        self._typed: dict[tuple[str, str], str] = {}
        for kind, rows in labels.items():
            called = self._called.setdefault(kind, {})
            for _, iri, label in rows:
                called.setdefault(label, set()).add(iri)
                self.label[iri] = label
                known = self.kinds.setdefault(iri, [])
                if kind not in known:
                    known.append(kind)

    def thing(self, kinds: Iterable[str], label: str) -> str | None:
        """The one thing of these kinds with this label."""
        found = {iri for kind in kinds for iri in self._called.get(kind, {}).get(label, ())}
        return found.pop() if len(found) == 1 else None

    def all(self, kind: str) -> list[tuple[str, str]]:
        """The label and the IRI of all things of a kind, by label."""
        called = self._called.get(kind, {})
        return sorted((label, iri) for label, things in called.items() for iri in things)

    def to_type(self, kind: str, iri: str) -> str:
        """What to type to mean this thing: its label if that means no other, else its IRI."""
        if (kind, iri) not in self._typed:
            label = self.label.get(iri, iri)
            self._typed[kind, iri] = label if self.meant(kind, label) == iri else iri
        return self._typed[kind, iri]

    def meant(self, kind: str, typed: str) -> str | None:
        """The thing that is meant by what was typed, if there is one alone."""
        try:
            return self.labels.find(kind, typed)
        except (AmbiguousNameError, UnknownNameError):
            return None


@lru_cache(maxsize=2)
def _names(path: Path) -> Names:
    return Names(Release(path).labels)


def names_of(release: Release) -> Names:
    """The names of a release; those of two are kept.

    Raises:
        DamagedReleaseError: they cannot be read.
    """
    return _names(release.path)
