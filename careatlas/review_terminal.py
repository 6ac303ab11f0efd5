"""A review on the terminal: one proposal after the other, in plain lines, by keyboard alone."""

import os
import shlex
import shutil
import sys
import textwrap
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.completion import completing
from careatlas.loaders.review.card import card
from careatlas.loaders.review.cells import MEANS, codes, columns, names
from careatlas.loaders.review.decisions import PARTS
from careatlas.loaders.review.naming import UnknownMeaningError, sought
from careatlas.loaders.review.state import BadCellsError, UnknownProposalError
from careatlas.output import plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from careatlas.loaders.review import Proposal, Review
    from careatlas.loaders.review.decisions import Verdict
    from careatlas.loaders.review.known import Known
    from careatlas.loaders.review.state import Reviewer

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


class Terminal:
    """Asks about one proposal after the other."""

    def __init__(
        self, review: "Review", chosen: "list[Proposal]", who: "Reviewer", known: "Known"
    ) -> None:
        self.review = review
        self.ids = [one.id for one in chosen]
        self.who = who
        self.known = known
        self.at = 0
        self.marked = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    def run(self, file: Path) -> int:
        """Ask until all is decided or somebody quits; every decision is kept at once."""
        if not self.ids:
            self.say("no proposal: nothing in this document, or none that the flags ask for")
            return 0
        self.at = self._next(-1, wrap=False) if self._left() else 0
        shown = -1
        while True:
            if shown != self.at:
                self.show(self._proposal())
                shown = self.at
            line = self.ask("> ")
            if line is None or line.strip() in {"q", "quit"}:
                break
            before = self._left()
            if self.command(line.strip()):
                shown = -1
            if before and not self._left():
                self.say("All of these are decided.")
                break
        self.say(f"{self.review.progress}; kept in {self.review.log.path.name}")
        if not any(map(self._undecided, self.review.items)):
            print(f"Next: careatlas review {shlex.quote(str(file))} --publish", flush=True)
        return 0

    def say(self, text: str = "") -> None:
        """Print a line, folded at the width of the terminal."""
        width = max(shutil.get_terminal_size().columns - 1, 20)
        for line in textwrap.wrap(plain(text), width, break_on_hyphens=False) or [""]:
            marked = line
            if self.marked:
                marked = line.replace("[[", "[[\x1b[1m").replace("]]", "\x1b[0m]]")
            print(marked, flush=True)

    def ask(self, prompt: str, options: Iterable[str] = (), value: str = "") -> str | None:
        """A line typed by a person; none where the input ends."""
        with completing(sorted(set(options)), value):
            try:
                return input(prompt)
            except EOFError:
                print()
                return None

    def _proposal(self) -> "Proposal":
        return self.review.get(self.ids[self.at])

    def _undecided(self, one: "Proposal") -> bool:
        return not self.review.decided(one)

    def _left(self) -> int:
        """How many of those asked about are neither decided nor postponed."""
        return len([name for name in self.ids if self.review.untouched(name)])

    def _next(self, after: int, *, wrap: bool = True) -> int:
        """The place of the next proposal that nobody has looked at, else the one after."""
        order: list[int] = [*range(after + 1, len(self.ids)), *(range(after + 1) if wrap else ())]
        for at in order:
            if self.review.untouched(self.ids[at]):
                return at
        return min(after + 1, len(self.ids) - 1)

    def show(self, one: "Proposal") -> None:
        """One proposal with its text, its cells, and what is known."""
        self.say()
        self.say(f"{self.review.progress}; proposal {self.at + 1} of {len(self.ids)}: {one.id}")
        for line in card(self.review, one, self.known):
            self.say(line)
        self.say(KEYS)

    def command(self, line: str) -> bool:
        """Do what was typed; whether the proposal is to be shown anew."""
        word, _, rest = line.partition(" ")
        does: dict[str, Callable[[str], bool]] = {
            "": self._on,
            "a": self._accept,
            "c": self._change,
            "r": self._reject,
            "s": self._split,
            "p": self._postpone,
            "u": self._undo,
            "b": self._back,
            "g": self._go,
            "?": self._help,
        }
        action = does.get(word.lower())
        if action is None:
            self.say(f"{word!r} is no key here. {KEYS}")
            return False
        try:
            return action(rest.strip())
        except (BadCellsError, UnknownMeaningError, UnknownProposalError) as wrong:
            self.say(f"Not taken: {wrong}")
            return False

    def _decided(
        self, verdict: "Verdict", cells: "Mapping[str, str] | None" = None, why: str = ""
    ) -> bool:
        self.review.decide(self._proposal(), verdict, self.who, cells, why)
        self.at = self._next(self.at)
        return True

    def _on(self, _: str) -> bool:
        self.at = (self.at + 1) % len(self.ids)
        return True

    def _back(self, _: str) -> bool:
        self.at = (self.at - 1) % len(self.ids)
        return True

    def _help(self, _: str) -> bool:
        for line in HELP:
            self.say(line)
        return False

    def _accept(self, rest: str) -> bool:
        one = self._proposal()
        decision = self.review.decisions.get(one.id)
        kept = decision.cells if decision and decision.verdict == "change" else {}
        return self._decided("change" if kept else "accept", kept, rest)

    def _reject(self, why: str) -> bool:
        if not why:
            for number, reason in enumerate(REASONS, 1):
                self.say(f"{number} {reason}")
            given = self.ask("why (a number or words; Enter to go back): ")
            why = (given or "").strip()
        if not why:
            return False
        if why.isdecimal() and 0 < int(why) <= len(REASONS):
            why = REASONS[int(why) - 1]
        return self._decided("reject", why=why)

    def _postpone(self, why: str) -> bool:
        return self._decided("postpone", why=why)

    def _split(self, rest: str) -> bool:
        count = int(rest) if rest.isdecimal() else 2
        if not 1 < count <= MOST_PARTS:
            self.say(f"split into 2 to {MOST_PARTS} parts")
            return False
        one = self._proposal()
        self.review.decide(one, "split", self.who, {PARTS: str(count)})
        parts = [f"{one.id}.{number}" for number in range(1, count + 1)]
        self.ids[self.at + 1 : self.at + 1] = [part for part in parts if part not in self.ids]
        self.at += 1
        return True

    def _undo(self, _: str) -> bool:
        last = self.review.undo(self.who)
        if last is None:
            self.say("nothing is decided yet")
            return False
        self.ids = [name for name in self.ids if name in self.review.by_id]
        self.at = min(self.at, len(self.ids) - 1)
        self.say(f"undone: {last.verdict} {last.proposal}")
        if last.proposal in self.ids:
            self.at = self.ids.index(last.proposal)
        return True

    def _go(self, rest: str) -> bool:
        if rest.isdecimal() and 0 < int(rest) <= len(self.ids):
            self.at = int(rest) - 1
            return True
        begins = [at for at, name in enumerate(self.ids) if rest and name.startswith(rest)]
        if not begins:
            self.say(f"there is no proposal {rest!r}: give a number from 1 to {len(self.ids)}")
            return False
        self.at = begins[0]
        return True

    def _change(self, rest: str) -> bool:
        one = self._proposal()
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
