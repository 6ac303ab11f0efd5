"""From what a file says to records of the graph: what is kept, and what is left out and why."""

import re
from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from careatlas.graph.dates import PartialDate
from careatlas.graph.records import Record
from careatlas.graph.register import RegisterEntry, RegisterRole, RegisterSuccession, RegisterTie
from careatlas.loaders.feed import Kept, LeftOut, Outcome, PassedOver
from careatlas.loaders.ods import kinds
from careatlas.loaders.ods.entries import Belongs, Entry, Follows, Found, Succession, Tie
from careatlas.loaders.ods.known import Known, Tables

RELATIONS = frozenset(f"RE{number}" for number in (1, 2, 3, 4, 5, 6, 8, 9, 10, 11))
STUB = "a record for reference alone, which stands in full elsewhere in the files"
SITE = "a site of an organisation that the graph does not have as a trust"
NO_PAIR = "a succession of organisations that the graph does not have both of"
NO_TIE = "a tie of organisations that the graph does not have both of"
_SAFE = re.compile(r"[A-Za-z0-9-]{1,40}", re.ASCII)
_ROLE = re.compile(r"RO\d{1,6}", re.ASCII)


@dataclass
class Decisions:
    """What is kept of one source, once it is known which organisations its files have."""

    source: str
    tables: Tables
    everything: bool
    kept: dict[str, str] = field(default_factory=dict)
    """Classes or kinds of the organisations that the files have and the tables do not, by code."""
    full: set[str] = field(default_factory=set)
    """Those of which the files have a full record."""
    operators: dict[str, str] = field(default_factory=dict)
    """Who operates the sites that a report without roles has."""
    times: Counter[str] = field(default_factory=Counter)

    def notice(self, found: Found) -> None:
        """Take note of an organisation that is to be kept, before anything is decided."""
        if not isinstance(found, Entry):
            return
        kind = found.kind or ("Organisation" if self.everything else None)
        if kind is None and found.code not in self.tables.organisations:
            return
        if not found.stub:
            self.full.add(found.code)
        if found.code in self.tables.organisations or kind is None:
            return
        if kind == kinds.SITE and found.role is None:
            self.operators[found.code] = found.ties[-1].other
        else:
            self.kept.setdefault(found.code, kind)

    def whole(self, code: str, kind: str | None) -> bool:
        """Whether an organisation of the full register is kept; of the sites, only those that are asked for."""
        if self.everything or code in self.tables.organisations:
            return True
        return kind is not None and kind != kinds.SITE

    def settle(self) -> None:
        """Keep the sites whose operator is a trust, now that all trusts are known."""
        for code, operator in self.operators.items():
            known = self.known(operator)
            if known and known.kind == kinds.TRUST:
                self.kept.setdefault(code, kinds.SITE)
            elif self.everything:
                self.kept.setdefault(code, "Organisation")

    def known(self, code: str) -> Known | None:
        """The organisation of a code, if the graph has or will have it."""
        if found := self.tables.organisations.get(code):
            return found
        kind = self.kept.get(code)
        return Known(f"org/ods/{code}", kind) if kind else None

    def outcome(self, found: Found) -> Outcome | PassedOver:
        """What becomes of a row."""
        if isinstance(found, Entry):
            return self._entry(found)
        if isinstance(found, Follows):
            return self._follows(found)
        if isinstance(found, Belongs):
            return self._belongs(found)
        return found

    def _entry(self, entry: Entry) -> Outcome:
        known = self.known(entry.code)
        if known is None:
            site = entry.code in self.operators
            return LeftOut(entry.place, SITE if site else entry.why_not)
        if entry.stub and entry.code in self.full:
            return LeftOut(entry.place, STUB)
        key = self._numbered(entry.code)
        unresolved: list[str] = []
        more = [
            *_roles(entry, known, key, self.source),
            *self._ties(entry, known, key, unresolved),
            *self._successions(entry, known, key, unresolved),
        ]
        new = known.kind if entry.code in self.kept else None
        return Kept(entry.place, (self._register(entry, known, key, new, unresolved), *more))

    def _register(
        self, entry: Entry, known: Known, key: str, new: str | None, unresolved: list[str]
    ) -> RegisterEntry:
        board = self._lies(entry.board, kinds.BOARD, "area", known, unresolved)
        region = self._lies(entry.region, kinds.REGION, "region", known, unresolved)
        gone = entry.closed and (entry.as_at is None or entry.closed < entry.as_at)
        return RegisterEntry(
            source=self.source,
            locator=entry.locator,
            key=key,
            path=known.path,
            as_at=_when(entry.as_at),
            new=new,
            member=known.kind == kinds.TRUST and not gone,
            code=entry.code,
            name=entry.name,
            status=entry.status,
            role=entry.role,
            opened=entry.opened,
            closed=entry.closed,
            legal_from=entry.legal_from,
            legal_to=entry.legal_to,
            town=entry.town,
            postcode=entry.postcode,
            country=entry.country,
            region=region,
            board=board,
            unresolved=tuple(dict.fromkeys(unresolved)),
        )

    def _lies(
        self, code: str | None, kind: str, word: str, of: Known, unresolved: list[str]
    ) -> str | None:
        """The board or region of a code; a code of none is told among the unresolved."""
        if not code:
            return None
        known = self.known(code)
        if known is None or known.kind != kind:
            unresolved.append(f"{word} {code}")
            return None
        return None if known.path == of.path else known.path

    def _ties(
        self, entry: Entry, known: Known, key: str, unresolved: list[str]
    ) -> list[RegisterTie]:
        found, taken = [], set()
        for number, tie in enumerate(entry.ties, 1):
            other = self.known(tie.other)
            if other is None or other.path == known.path or tie.relation not in RELATIONS:
                unresolved.append(_in_words(tie))
                continue
            own = tie.key if _SAFE.fullmatch(tie.key) and tie.key not in taken else f"n{number}"
            taken.add(own)
            place = (self.source, entry.locator, f"{key}/{own}", known.path)
            found.append(_tie(place, tie, other, entry.as_at))
        return found

    def _successions(
        self, entry: Entry, known: Known, key: str, unresolved: list[str]
    ) -> list[RegisterSuccession]:
        found = []
        for number, one in enumerate(entry.successions, 1):
            codes = (entry.code, one.other) if one.after else (one.other, entry.code)
            made = self._succession(entry.locator, f"{key}/{number}", codes, one.on)
            if made:
                found.append(made)
            else:
                unresolved.append(_followed(one))
        return found

    def _succession(
        self, locator: str, key: str, codes: tuple[str, str], on: date | None
    ) -> RegisterSuccession | None:
        before, after = (self.known(code) for code in codes)
        if before is None or after is None or before.path == after.path:
            return None
        change, kind = self.tables.changes.get(
            codes, (f"change/ods-{codes[0]}-{codes[1]}", "succession")
        )
        return RegisterSuccession(
            source=self.source,
            locator=locator,
            key=key,
            change=change,
            kind=kind,
            before=before.path,
            after=after.path,
            on=on,
        )

    def _follows(self, row: Follows) -> Outcome:
        codes = (row.before, row.after)
        if not all(self.known(code) for code in codes) or row.before == row.after:
            return LeftOut(row.place, NO_PAIR)
        made = self._succession(row.locator, self._numbered("/".join(codes)), codes, row.on)
        return Kept(row.place, (made,)) if made else LeftOut(row.place, NO_PAIR)

    def _belongs(self, row: Belongs) -> Outcome:
        one, other = self.known(row.code), self.known(row.tie.other)
        usable = row.tie.relation in RELATIONS
        if one is None or other is None or one.path == other.path or not usable:
            return LeftOut(row.place, NO_TIE)
        own = row.tie.key or f"{row.tie.relation}-{row.tie.other}"
        place = (self.source, row.locator, self._numbered(f"{row.code}/{own}"), one.path)
        return Kept(row.place, (_tie(place, row.tie, other, row.as_at),))

    def _numbered(self, key: str) -> str:
        """A key that no other row of the source has."""
        self.times[key] += 1
        return key if self.times[key] == 1 else f"{key}~{self.times[key]}"


def _roles(entry: Entry, known: Known, key: str, source: str) -> list[Record]:
    """The roles that say more than the entry: others than the primary one, or with days of their own."""
    found: list[Record] = []
    for number, role in enumerate(entry.roles, 1):
        plain = role.code == entry.role and (role.start, role.end) == (entry.opened, entry.closed)
        if plain or not _ROLE.fullmatch(role.code):
            continue
        found.append(
            RegisterRole(
                source=source,
                locator=entry.locator,
                key=f"{key}/{role.code}-{number}",
                path=known.path,
                as_at=_when(entry.as_at),
                role=role.code,
                start=role.start,
                end=role.end,
            )
        )
    return found


def _tie(
    place: tuple[str, str, str, str], tie: Tie, other: Known, as_at: date | None
) -> RegisterTie:
    source, locator, key, path = place
    return RegisterTie(
        source=source,
        locator=locator,
        key=key,
        path=path,
        as_at=_when(as_at),
        relation=tie.relation,
        other=other.path,
        start=tie.start,
        end=tie.end,
    )


def _in_words(tie: Tie) -> str:
    told = [tie.relation, tie.other, f"from {tie.start}" if tie.start else ""]
    return " ".join(filter(None, [*told, f"to {tie.end}" if tie.end else ""]))


def _followed(one: Succession) -> str:
    told = "successor" if one.after else "predecessor"
    return " ".join(filter(None, [told, one.other, f"from {one.on}" if one.on else ""]))


def _when(value: date | None) -> PartialDate | None:
    return PartialDate(value, value, "day") if value else None
