"""What people decided on notices and on who their parties are: a table beside those of facts."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from careatlas.loaders import decisions as log
from careatlas.loaders.decisions import LATER, UNDO, DecisionError

COLUMNS = ("kind", "key", "decision", "means", "by", "on", "why", "rule")
NOTICE, PARTY = "notice", "party"
KEEP, LEAVE, IS, NONE = "keep", "leave out", "is", "none"
DECISIONS = {NOTICE: (KEEP, LEAVE, LATER), PARTY: (IS, NONE, LATER)}
"""What can be decided on a notice, and on a party."""
BY_DECISION = "left out by decision"
_MOST = 1_000
"""Letters of a cell: more than that is no reason, and no name."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029\ufffe\uffff]")
_NAMED = 3
"""So many decisions without use are named, and the others counted."""


def proposal(kind: str, key: str) -> str:
    """What is decided on, in the one form in which keys are compared.

    >>> proposal("party", "Skin  Analytics LTD [GB-COH:07919560]")
    'party skin analytics ltd [gb-coh:07919560]'
    """
    return f"{kind} {' '.join(unicodedata.normalize('NFKC', key).casefold().split())}"


def printable(text: str) -> str:
    """The text without characters that no table and no spreadsheet can hold."""
    return _CONTROL.sub("\N{REPLACEMENT CHARACTER}", text)


def key(name: str, *more: str) -> str:
    """The key of a process or party: an OCID or a name, and what else tells it from others of it.

    >>> key("ocds-x-1"), key("Acme", "GB-COH:1", "GB-PPON:A")
    ('ocds-x-1', 'Acme [GB-COH:1; GB-PPON:A]')
    """
    told = printable(f"{name} [{'; '.join(more)}]" if more else name)
    if len(told) <= _MOST:
        return told
    return f"{told[: _MOST // 2]}… {sha256(told.encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Ruling:
    """What a person decided on a notice or a party, when and why."""

    kind: str
    key: str
    decision: str
    by: str
    on: str
    means: str = ""
    """The key of the organisation that a party is."""
    why: str = ""
    rule: str = ""
    """What the rules said when it was decided."""

    @property
    def proposal(self) -> str:
        """What was decided on."""
        return proposal(self.kind, self.key)

    @property
    def verdict(self) -> str:
        """What was decided."""
        return self.decision

    @property
    def cells(self) -> Mapping[str, str]:
        """Which organisation a party is."""
        return {"means": self.means} if self.means else {}

    @property
    def words(self) -> str:
        """Who decided it, and when."""
        return f"decided by {self.by} on {self.on}"

    @property
    def reason(self) -> str:
        """Who decided it, when and why."""
        return f"{self.words}: {self.why}" if self.why else self.words

    def line(self) -> list[str]:
        """The decision as a line of its file."""
        return [str(getattr(self, column)) for column in COLUMNS]

    @property
    def fault(self) -> str:
        """Why it is no decision, in one line; empty where it is one."""
        return next(self._faults(), "")

    def _faults(self) -> Iterator[str]:
        for name in ("key", "decision", "by", "on"):
            if not getattr(self, name):
                yield f"the cell {name} is empty"
        for column, cell in zip(COLUMNS, self.line(), strict=True):
            if bad := _CONTROL.search(cell):
                yield f"{column}: the character {bad[0]!r} stands in it"
            if len(cell) > _MOST:
                yield f"{column}: is longer than {_MOST:,} letters"
        if self.kind not in DECISIONS:
            yield f"kind: {self.kind!r} is none: write {' or '.join(DECISIONS)}"
        allowed = DECISIONS.get(self.kind, ())
        if self.decision not in (*allowed, UNDO):
            said = ", ".join(allowed)
            yield f"decision: {self.decision!r} is none of a {self.kind}: write {said}"
        if self.decision == IS and not self.means:
            yield "means: is empty: write which organisation it is"
        if self.decision != IS and self.means:
            yield f"means: says something only beside the decision {IS!r}"
        try:
            date.fromisoformat(self.on)
        except ValueError:
            yield f"on: {self.on!r} is no day: write 2026-05-31"


class Log(log.Log[Ruling]):
    """The decisions on notices and parties, in the order in which they were made."""

    columns = COLUMNS

    def parsed(self, cells: Mapping[str, str], line: int) -> Ruling:
        """The decision of a line.

        Raises:
            DecisionError: it is none.
        """
        made = Ruling(**cells)
        if made.fault:
            raise DecisionError(self.path.name, line, made.fault)
        return made


class UnknownBodyError(ValueError):
    """A decision that a party is an organisation that no table knows."""

    def __init__(self, file: str, ruling: Ruling) -> None:
        super().__init__(file, ruling)
        self.file = file
        self.ruling = ruling

    def __str__(self) -> str:
        return (
            f"{self.file}: {self.ruling.key!r} was decided to be {self.ruling.means!r}, which is no "
            "organisation of the tables: add it there, or decide anew"
        )


@dataclass
class Decided:
    """The decisions that count, and which of them the files have something for."""

    standing: dict[str, Ruling] = field(default_factory=dict)
    reviewing: bool = False
    """Keep whatever was decided on, so that it can be seen again."""
    shared: dict[str, str] = field(default_factory=dict)
    """What a key should be, by one that names no buyer where several share the OCID."""
    used: set[str] = field(default_factory=set)

    @classmethod
    def read(cls, path: Path, known: Iterable[str]) -> "Decided":
        """The decisions of a table, each party an organisation that is known.

        Raises:
            DecisionError: a line is no decision.
            TableError: the file is no table of decisions.
            UnknownBodyError: a party is said to be what no table knows.
        """
        standing = Log(path).standing()
        bodies = set(known)
        for one in standing.values():
            if one.means and one.means not in bodies:
                raise UnknownBodyError(path.name, one)
        return cls({name: one for name, one in standing.items() if one.decision != LATER})

    @property
    def ocids(self) -> list[str]:
        """The OCIDs that decisions may be about; a key may end in the buyer."""
        keys = [one.key for one in self.standing.values() if one.kind == NOTICE]
        return sorted({part for told in keys for part in (told, told.rpartition(" [")[0]) if part})

    def notice(self, ocid: str, buyers: list[str], alone: bool) -> Ruling | None:
        """What was decided on a process; where several share an OCID, the buyer must be named."""
        names = [key(ocid)] if alone else [key(ocid, buyer) for buyer in buyers]
        if not alone and buyers and (bare := proposal(NOTICE, key(ocid))) in self.standing:
            self.shared.setdefault(bare, names[0])
        return self._one(proposal(NOTICE, name) for name in names)

    def party(self, name: str, identifiers: Iterable[str]) -> Ruling | None:
        """What was decided on a party that no rule knows."""
        return self._one([proposal(PARTY, key(name, *identifiers))])

    def _one(self, names: Iterable[str]) -> Ruling | None:
        found = next((name for name in names if name in self.standing), None)
        if found is None:
            return None
        self.used.add(found)
        return self.standing[found]

    def idle(self) -> list[str]:
        """In a line each: the decisions for which the files had nothing."""
        told = [
            f"not applied, for several buyers share {self.standing[bare].key!r}: review it again, "
            f"where it is asked as {better!r}"
            for bare, better in self.shared.items()
            if bare not in self.used
        ]
        rest = [
            f"{one.kind} {one.key!r}"
            for name, one in self.standing.items()
            if name not in self.used and name not in self.shared
        ]
        if rest:
            more = f" and {len(rest) - _NAMED} more" if len(rest) > _NAMED else ""
            count = f"{len(rest)} decision{'s' if len(rest) > 1 else ''}"
            told.append(
                f"{count} found nothing to decide in these files: {', '.join(rest[:_NAMED])}{more}"
            )
        return told
