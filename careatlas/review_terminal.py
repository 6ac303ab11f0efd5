"""A review on the terminal: one proposal after the other, in plain lines, by keyboard alone."""

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.loaders.decisions import UnknownProposalError
from careatlas.loaders.review.card import card
from careatlas.loaders.review.cells import MEANS, codes, columns, names
from careatlas.loaders.review.decisions import PARTS, Decision
from careatlas.loaders.review.naming import UnknownMeaningError, sought
from careatlas.loaders.review.state import BadCellsError
from careatlas.review_loop import Loop

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careatlas.loaders.decisions import Reviewer
    from careatlas.loaders.review import Proposal, Review
    from careatlas.loaders.review.decisions import Verdict
    from careatlas.loaders.review.known import Known

KEYS = "a accept, c change, r reject, s split, p postpone, u undo, b back, g go to, q quit, ? help"
HELP = (
    "a: accept it as it stands",
    "c: change cells, one at a time; c COLUMN VALUE changes one at once, to - empties it",
    "r WHY: reject it; without WHY you are asked",
    "s N: split it into N parts (two, if you give no number), each to be decided",
    "p WHY: postpone it",
    "u: undo the last decision",
    "b: back to the proposal before; Enter goes on to the next",
    "g N: go to proposal N, or to the one whose id begins so",
    "q: quit; everything decided is kept",
    "A name in no catalogue is taken as it is printed.",
    "To say what a name means, change the column that ends in _is: a known name or an ODS code,",
    "or ? where nobody can tell.",
)
REASONS = (
    "the text does not say so",
    "it is about another organisation",
    "it is a plan, a hope or a denial",
    "it is said twice",
)
MOST_PARTS = 20
EMPTY = "-"
"""Typed for a cell, it takes the value away; an empty line keeps it."""


class Terminal(Loop["Proposal", Decision]):
    """Asks about one proposal after the other."""

    keys = KEYS
    help = HELP
    refused = (BadCellsError, UnknownMeaningError, UnknownProposalError)

    def __init__(
        self, review: "Review", chosen: "list[Proposal]", who: "Reviewer", known: "Known"
    ) -> None:
        super().__init__(review, chosen, who)
        self.review = review
        self.known = known

    def start(self, file: Path) -> int:
        """Ask about a document; what is decided can then be published."""
        return self.run(
            f"careatlas review {shlex.quote(str(file))} --publish",
            "no proposal: nothing in this document, or none that the flags ask for",
        )

    def card(self, one: "Proposal") -> list[str]:
        """One proposal with its text, its cells, and what is known."""
        return card(self.review, one, self.known)

    def own(self) -> dict[str, Callable[[str], bool]]:
        """What the keys do that only documents have."""
        return {"a": self._accept, "c": self._change, "r": self._reject, "s": self._split}

    def _decided(
        self, verdict: "Verdict", cells: "Mapping[str, str] | None" = None, why: str = ""
    ) -> bool:
        self.review.decide(self.item(), verdict, self.who, cells, why)
        self.at = self.next(self.at)
        return True

    def _accept(self, rest: str) -> bool:
        one = self.item()
        decision = self.review.decisions.get(one.id)
        kept = decision.cells if decision and decision.verdict == "change" else {}
        return self._decided("change" if kept else "accept", kept, rest)

    def _reject(self, why: str) -> bool:
        given = self.reason(why, REASONS)
        return self._decided("reject", why=given) if given else False

    def postponed(self, why: str) -> bool:
        """Put the proposal off."""
        return self._decided("postpone", why=why)

    def _split(self, rest: str) -> bool:
        count = int(rest) if rest.isdecimal() else 2
        if not 1 < count <= MOST_PARTS:
            self.say(f"split into 2 to {MOST_PARTS} parts")
            return False
        one = self.item()
        self.review.decide(one, "split", self.who, {PARTS: str(count)})
        parts = [f"{one.id}.{number}" for number in range(1, count + 1)]
        self.ids[self.at + 1 : self.at + 1] = [part for part in parts if part not in self.ids]
        self.at += 1
        return True

    def _change(self, rest: str) -> bool:
        one = self.item()
        cells = self.review.cells(one)
        column, _, value = rest.partition(" ")
        if column:
            if not self._set(one, cells, column, value.strip()):
                return False
        else:
            self.say(f"columns: {', '.join(columns(one.table))}")
            while asked := self.ask("column (Enter when done): ", columns(one.table)):
                self._set(one, cells, asked.strip(), "")
        changed = self.review.changed(one, cells)
        if not changed:
            self.say("nothing was changed")
            return False
        return self._decided("change", changed)

    def _set(self, one: "Proposal", cells: dict[str, str], column: str, value: str) -> bool:
        if column not in columns(one.table):
            self.say(f"there is no column {column!r}: {', '.join(columns(one.table))}")
            return False
        if not value:
            now = cells.get(column, "")
            prompt = f"{column} [{now}] (Enter keeps it, - empties it): "
            value = (self.ask(prompt, self._options(one, cells, column), now) or now).strip()
        value = "" if value == EMPTY else value
        known = codes(one.table, column)
        if value and known and value not in known:
            value = next((code for code, label in known.items() if label == value), value)
        if value and known and value not in known:
            self.say(f"{column} is one of: {', '.join(known)}")
            return False
        cells[column] = value
        return True

    def _options(self, one: "Proposal", cells: dict[str, str], column: str) -> list[str]:
        """What a cell can be completed to."""
        if known := codes(one.table, column):
            return list(known)
        if column == "deployment":
            return [
                name for name, other in self.review.by_id.items() if other.table == "deployments"
            ]
        base = column.removesuffix(MEANS)
        kind = names(one.table, cells | {base: "x"}).get(base, "")
        return [label for k in sought(kind) for label in self.known.codes.get(k, [])]
