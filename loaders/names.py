"""The crosswalk: what a name that a source prints was decided to mean."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, field

from careatlas.graph.sources import NameMatch
from careatlas.graph.statements import Reference

_FALLBACK = {
    "organisation": ("organisation", "network", "vendor"),
    "subject": ("organisation", "network", "vendor", "programme", "study", "instrument"),
}
"""Kinds of name under which a cell's kind is looked up, in this order."""


def normalised(name: str) -> str:
    """The form under which two ways to write one name are equal.

    >>> normalised("King's College Hospital NHS FT") == normalised("KING'S COLLEGE HOSPITAL NHS Foundation Trust")
    True
    """
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    plain = re.sub(r"['\u2019`]", "", plain)
    plain = " ".join(re.sub(r"[^a-z0-9]+", " ", plain.encode("ascii", "ignore").decode()).split())
    return re.sub(r"\bft\b", "foundation trust", plain)


class UnknownNameError(LookupError):
    """A name that nobody has decided on; the row that prints it is a reject."""

    def __init__(self, kind: str, printed: str) -> None:
        super().__init__(kind, printed)
        self.kind = kind
        self.printed = printed

    def __str__(self) -> str:
        return f"{self.printed!r} is not in the crosswalk as {self.kind}: add a row that says what it means"


class AmbiguousNameError(LookupError):
    """A name that the crosswalk gives to several things, written in several ways."""

    def __init__(self, kind: str, printed: str, keys: Iterable[str]) -> None:
        super().__init__(kind, printed, tuple(sorted(keys)))
        self.kind = kind
        self.printed = printed
        self.keys = tuple(sorted(keys))

    def __str__(self) -> str:
        return f"{self.printed!r} could be {' or '.join(self.keys)}: add it to the crosswalk as printed"


@dataclass
class Crosswalk:
    """Printed names, by kind, exactly and in normalised form, for one source or for all."""

    exact: dict[tuple[str, str, str | None], Reference] = field(default_factory=dict)
    close: dict[tuple[str, str, str | None], dict[str, Reference]] = field(default_factory=dict)

    def add(self, match: NameMatch) -> None:
        """Take a decision in."""
        reference = match.reference
        self.exact[match.kind, match.printed, match.only_in] = reference
        key = (match.kind, normalised(match.printed), match.only_in)
        self.close.setdefault(key, {})[reference.iri.value] = reference

    def find(self, kind: str, printed: str, source: str) -> Reference:
        """What the source means by the name.

        Raises:
            UnknownNameError: no row decides it.
            AmbiguousNameError: several rows do, and none as printed.
        """
        for scope in (source, None):
            for of_kind in _FALLBACK.get(kind, (kind,)):
                if found := self.exact.get((of_kind, printed, scope)):
                    return found
        form = normalised(printed)
        for scope in (source, None):
            for of_kind in _FALLBACK.get(kind, (kind,)):
                close = self.close.get((of_kind, form, scope)) if form else None
                if close is None:
                    continue
                if len(close) > 1:
                    raise AmbiguousNameError(kind, printed, close)
                reference = next(iter(close.values()))
                return Reference(printed, reference.key, reference.unresolved)
        raise UnknownNameError(kind, printed)
