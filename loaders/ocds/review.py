"""What a person is asked about notices: those that are doubtful first, then who their parties are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from careatlas.graph.contracting import ContractingProcess, Money, Party
from careatlas.graph.contracting import Notice as Release
from careatlas.loaders.decisions import Reviewer, Standing
from careatlas.loaders.feed import Kept
from careatlas.loaders.ocds import Releases
from careatlas.loaders.ocds.decisions import (
    IS,
    KEEP,
    LEAVE,
    NONE,
    NOTICE,
    PARTY,
    Decided,
    Log,
    Ruling,
    key,
    proposal,
)
from careatlas.loaders.ocds.doubt import LEFT_OUT, NEAR, passage, sureness
from careatlas.loaders.ocds.index import Index
from careatlas.loaders.ocds.parties import Bodies
from careatlas.loaders.ocds.relevance import NOTHING, texts

_MOST_RULE = 600
AGREED = "as the rules say"


class UntakenError(ValueError):
    """A decision that does not fit what it is on."""


@dataclass(frozen=True)
class Notice:
    """A process, and what the rules said of it."""

    key: str
    process: ContractingProcess
    text: str
    """The words by which it was found, with some of its text."""
    links: tuple[str, ...]
    kind = NOTICE

    @property
    def id(self) -> str:
        """What is decided on."""
        return proposal(NOTICE, self.key)

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why the rules keep it, else why they leave it out."""
        left = [one.removeprefix(LEFT_OUT) for one in self._said if one.startswith(LEFT_OUT)]
        kept = [one for one in self._said if not one.startswith((LEFT_OUT, NEAR))]
        return tuple(kept or left) or (NOTHING,)

    @property
    def near(self) -> tuple[str, ...]:
        """What comes near to clinical AI in one that the rules leave out."""
        signs = (one.removeprefix(NEAR) for one in self._said if one.startswith(NEAR))
        return () if self.kept else tuple(signs)

    @property
    def kept(self) -> bool:
        """Whether the rules keep it."""
        return any(not one.startswith((LEFT_OUT, NEAR)) for one in self._said)

    @property
    def _said(self) -> tuple[str, ...]:
        return self.process.because

    @property
    def rule(self) -> str:
        """What the rules say, in a line."""
        said = f"{'kept, for' if self.kept else 'left out, for'} {'; '.join(self.reasons)}"
        return _clipped(f"{said}; but near: {'; '.join(self.near)}" if self.near else said)

    @property
    def latest(self) -> str:
        """The day of the last release."""
        day = self.process.latest
        return day.last.isoformat() if day else ""

    @property
    def value(self) -> str:
        """The sum, as the notice states it; of its parts where it states none itself."""
        whole = self.process.value
        parts = [one.value for one in (*self.process.contracts, *self.process.awards)]
        return next(filter(None, map(_sum, (whole, *parts))), "")

    @property
    def parties(self) -> tuple[Party, ...]:
        """Those whom no rule knows."""
        return tuple(one for one in self.process.parties if not one.found)


def _sum(money: Money) -> str:
    amount = money.amount if money.amount is not None else money.gross
    return f"{amount:,f} {money.currency or ''}".strip() if amount is not None else ""


@dataclass(frozen=True)
class Unknown:
    """A party whom no rule knows, and the notices that name it."""

    key: str
    party: Party
    roles: tuple[str, ...]
    notices: tuple[Notice, ...]
    kind = PARTY

    @property
    def id(self) -> str:
        """What is decided on."""
        return proposal(PARTY, self.key)

    @property
    def rule(self) -> str:
        """Why no rule knows it."""
        return _clipped(self.party.reason)


Item = Notice | Unknown


@dataclass(frozen=True)
class Found:
    """What files of notices give to decide on."""

    notices: list[Notice]
    parties: list[Unknown]
    clear: int
    """Releases that are left out with no sign of clinical AI."""
    rejects: int


def found(releases: Releases, log: Log) -> Found:
    """Everything to decide on, the most doubtful first; decisions that stand change nothing in it."""
    notices: list[Notice] = []
    rejects = clear = 0
    releases.decided = Decided(log.standing(), reviewing=True)
    with releases.indexed() as index:
        for at in range(1, index.processes + 1):
            made = _notice(releases, index, at)
            notices += [made] if made else []
        for _, _, reason, process in index.rows():
            rejects += reason.startswith("reject ")
            clear += process is None and not reason.startswith("reject ")
    notices.sort(key=lambda one: (sureness(one.reasons), one.id))
    return Found(notices, _parties(notices), clear, rejects)


def _notice(releases: Releases, index: Index, at: int) -> Notice | None:
    """A process as it is asked about; none where it does not hold."""
    kept = [one for one in releases.process(index, at).values() if isinstance(one, Kept)]
    records = [record for one in kept for record in one.records]
    process = next((one for one in records if isinstance(one, ContractingProcess)), None)
    if process is None:
        return None
    links = [url for one in records if isinstance(one, Release) for url in one.urls]
    bodies: list[dict[str, Any]] = [body for _, _, body in index.members(at)]
    text = " . ".join(dict.fromkeys(text for body in bodies for text in texts(body) if text))
    return Notice(
        index.key(at, process.ocid),
        process,
        passage(text, releases.known.catalogue),
        tuple(dict.fromkeys(links)),
    )


def _parties(notices: list[Notice]) -> list[Unknown]:
    """Each party that is not known, once; those that could be somebody and are often named first."""
    made: dict[str, Unknown] = {}
    for notice in notices:
        for party in notice.parties:
            fresh = Unknown(key(party.printed, *party.identifiers), party, (), ())
            one = made.get(fresh.id, fresh)
            made[one.id] = replace(
                one,
                roles=tuple(dict.fromkeys((*one.roles, party.role))),
                notices=tuple({each.id: each for each in (*one.notices, notice)}.values()),
            )
    return sorted(
        made.values(), key=lambda one: (not one.party.candidates, -len(one.notices), one.id)
    )


class Review(Standing[Item, Ruling]):
    """Notices and parties with the decisions on them; a party is asked about while a notice of it is kept."""

    of = "these files"

    def __init__(self, given: Found, log: Log, bodies: Bodies) -> None:
        self.given = given
        self.log = log
        self.bodies = bodies
        self.every: list[Item] = [*given.notices, *given.parties]
        self.by_id = {one.id: one for one in self.every}
        self.refresh()

    def refresh(self) -> None:
        """See which parties stand in notices that are kept, after a decision."""
        self.decisions = self.log.standing()
        self.items = [one for one in self.every if isinstance(one, Notice) or self._stands_in(one)]

    def _stands_in(self, one: Unknown) -> bool:
        return any(self.kept(notice) for notice in one.notices)

    def kept(self, one: Notice) -> bool:
        """Whether a notice is kept, by decision or else by the rules."""
        return {KEEP: True, LEAVE: False}.get(self.verdict(one) or "", one.kept)

    def otherwise(self) -> list[Ruling]:
        """Decisions that were made when the rules said something else."""
        known = ((name, self.by_id.get(name)) for name in self.decisions)
        return [
            self.decisions[name]
            for name, one in known
            if one and self.decisions[name].rule not in ("", one.rule)
        ]

    def agreeing(self, one: Notice) -> str:
        """The decision that the rules would make."""
        return KEEP if one.kept else LEAVE

    def decision(
        self, one: Item, decision: str, who: Reviewer, why: str = "", means: str = ""
    ) -> Ruling:
        """A decision that fits, not yet written down.

        Raises:
            UntakenError: it does not fit.
        """
        known = self.meant(means) if decision == IS else " ".join(means.split())
        made = Ruling(
            *(one.kind, one.key, decision, who.by, who.on),
            means=known,
            why=" ".join(why.split()),
            rule=one.rule,
        )
        if made.fault:
            raise UntakenError(made.fault)
        return made

    def undone(self, last: Ruling, who: Reviewer) -> Ruling:
        """The line that takes a decision back."""
        return Ruling(last.kind, last.key, "undo", who.by, who.on)

    def meant(self, said: str) -> str:
        """The key of the one organisation that a person means by a key, an ODS code or a name.

        Raises:
            UntakenError: the tables know none, or several.
        """
        said = " ".join(said.split())
        if said in self.bodies.labels:
            return said
        known = {self.bodies.ods[said.upper()]} if said.upper() in self.bodies.ods else set()
        known = known or self.bodies.by_name(said)
        if len(known) == 1:
            return known.pop()
        if not said:
            raise UntakenError("means: is empty: write which organisation it is")
        nearest = sorted(known) or self.bodies.nearest(said)
        how = "means several" if known else "is no organisation of the tables"
        offer = f": {' | '.join(map(self.called, nearest))}" if nearest else ""
        raise UntakenError(f"means: {said[:80]!r} {how}{offer}; or write {NONE!r} as the decision")

    def called(self, name: str) -> str:
        """An organisation as it is called, with its key."""
        return f"{self.bodies.labels.get(name, name)} ({name})"

    def chosen(self, undecided: bool) -> Sequence[Item]:
        """What is asked about."""
        return [one for one in self.items if not (undecided and self.decided(one))]


def _clipped(rule: str) -> str:
    return rule if len(rule) <= _MOST_RULE else f"{rule[: _MOST_RULE - 1]}…"
