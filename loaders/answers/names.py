"""Names of an answer: what the crosswalk says of them, and a row for each that it does not know."""

import difflib
from dataclasses import dataclass, field
from pathlib import Path

from careatlas.graph.organisations import Trust
from careatlas.graph.sources import NameMatch
from careatlas.graph.terms import slug
from careatlas.loaders.names import (
    AmbiguousNameError,
    Crosswalk,
    UnknownNameError,
    normalised,
)
from careatlas.loaders.rows import rows
from careatlas.loaders.table_files import Row
from careatlas.loaders.tables import read

_NEAR = 0.75


class UnknownTrustError(LookupError):
    """A trust that no register knows, or whose name and code belong to two."""

    def __init__(self, printed: str, problem: str) -> None:
        super().__init__(printed, problem)
        self.printed = printed
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.printed!r} {self.problem}"


@dataclass(frozen=True)
class Answerer:
    """The organisation of a row: its name as printed, and its part in the keys of rows."""

    printed: str
    key: str
    known: bool


@dataclass
class Directory:
    """The names that a folder of tables knows, and those that an answer adds to them."""

    source: str
    names: Crosswalk = field(default_factory=Crosswalk)
    trusts: dict[str, str] = field(default_factory=dict)
    """The name of each trust by its code."""
    new: dict[tuple[str, str], Row] = field(default_factory=dict)

    @classmethod
    def of(cls, data: Path, source: str) -> "Directory":
        """The names of a folder.

        Raises:
            TableError: a table cannot be read.
        """
        found = cls(source)
        for _, cells in rows(data / "crosswalk.csv", "crosswalk.csv"):
            match = read(cells, NameMatch, {})
            if isinstance(match, NameMatch):
                found.names.add(match)
        table = "reference/trusts.csv"
        for _, cells in rows(data / table, table):
            trust = read(cells, Trust, {})
            if isinstance(trust, Trust):
                found.trusts[trust.ods] = trust.name
        return found

    def answerer(self, printed: str, code: str, locator: str) -> Answerer:
        """The trust of a row, by its code where it gives one, else by its name.

        Raises:
            UnknownTrustError: the code is no trust's, or belongs to another than the name.
        """
        code = code.upper()
        if code and code not in self.trusts:
            raise UnknownTrustError(code, "is the ODS code of no trust")
        printed = printed or self.trusts[code]
        known = self._known("organisation", printed)
        if code and known is None:
            reason = f"the answer gives the code {code} with the name"
            self._add("organisation", printed, locator, key=f"org/ods/{code}", reason=reason)
            known = f"org/ods/{code}"
        if code and known != f"org/ods/{code}":
            raise UnknownTrustError(printed, f"is not the trust with the ODS code {code}")
        if known is None:
            self.name("organisation", printed, locator)
        key = known.rsplit("/", 1)[-1].lower() if known else slug(printed)
        return Answerer(printed, key, known is not None)

    def name(self, kind: str, printed: str, locator: str) -> None:
        """See that a name can stand in a row: one that nobody has decided on is left open."""
        if self._known(kind, printed) is not None or (kind, printed) in self.new:
            return
        try:
            self.names.find(kind, printed, self.source)
        except AmbiguousNameError as several:
            reason, candidates = "several things go by this name", ";".join(several.keys)
        except UnknownNameError:
            reason, candidates = "nobody has decided yet what the name means", ""
        else:
            return
        self._add(kind, printed, locator, reason=reason, candidates=candidates)

    def nearest(self, printed: str) -> list[str]:
        """The trusts whose names are most like one that is unknown."""
        forms = {normalised(name): name for name in self.trusts.values()}
        close = difflib.get_close_matches(normalised(printed), forms, n=3, cutoff=_NEAR)
        return [forms[form] for form in close]

    def _known(self, kind: str, printed: str) -> str | None:
        try:
            return self.names.find(kind, printed, self.source).key
        except LookupError:
            return None

    def _add(  # noqa: PLR0913 - the cells of a row
        self,
        kind: str,
        printed: str,
        locator: str,
        *,
        reason: str,
        key: str = "",
        candidates: str = "",
    ) -> None:
        row = {
            "kind": kind,
            "printed": printed,
            "key": key,
            "method": "hand" if key else "unresolved",
            "reason": reason,
            "candidates": candidates,
            "only_in": self.source,
            "source": self.source,
            "locator": locator,
        }
        self.new[kind, printed] = row
        match = read(row, NameMatch, {})
        if isinstance(match, NameMatch):
            self.names.add(match)
