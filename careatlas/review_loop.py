"""Asking about one thing after the other on the terminal, in plain lines, by keyboard alone."""

import os
import shutil
import sys
import textwrap
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Sequence
from typing import Generic

from careatlas.completion import completing
from careatlas.loaders.decisions import Decision, Item, Reviewer, Standing
from careatlas.output import plain


class Loop(ABC, Generic[Item, Decision]):
    """Asks about each item of a review; every decision is kept at once."""

    keys: str
    """The keys, in a line."""
    help: tuple[str, ...]
    """The keys, in a line each."""
    word = "proposal"
    """What an item is called."""
    refused: tuple[type[Exception], ...] = (LookupError,)
    """What is wrong with something that a person typed."""

    def __init__(
        self, review: Standing[Item, Decision], chosen: Sequence[Item], who: Reviewer
    ) -> None:
        self.standing = review
        self.ids = [one.id for one in chosen]
        self.who = who
        self.at = 0
        self.marked = sys.stdout.isatty() and not os.environ.get("NO_COLOR")

    @abstractmethod
    def card(self, one: Item) -> Iterable[str]:
        """The lines of an item."""

    @abstractmethod
    def own(self) -> dict[str, Callable[[str], bool]]:
        """What the keys of this review do; each says whether the item is to be shown anew."""

    @abstractmethod
    def postponed(self, why: str) -> bool:
        """Put the decision on the item off."""

    def run(self, after: str, nothing: str) -> int:
        """Ask until all is decided or somebody quits, and then say what comes after."""
        if not self.ids:
            self.say(nothing)
            return 0
        self.at = self.next(-1, wrap=False) if self._left() else 0
        shown = -1
        while True:
            if shown != self.at:
                self.show(self.item())
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
        self.say(f"{self.standing.progress}; kept in {self.standing.log.path.name}")
        if all(map(self.standing.decided, self.standing.items)):
            print(f"Next: {after}", flush=True)
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

    def reason(self, why: str, reasons: Sequence[str]) -> str:
        """The reason that was typed, else the one that is chosen by number or words when asked."""
        if not why:
            for number, reason in enumerate(reasons, 1):
                self.say(f"{number} {reason}")
            why = (self.ask("why (a number or words; Enter to go back): ") or "").strip()
        if why.isdecimal() and 0 < int(why) <= len(reasons):
            return reasons[int(why) - 1]
        return why

    def item(self) -> Item:
        """What is asked about now."""
        return self.standing.get(self.ids[self.at])

    def _left(self) -> int:
        """How many of those asked about are neither decided nor postponed."""
        return len([name for name in self.ids if self.standing.untouched(name)])

    def next(self, after: int, *, wrap: bool = True) -> int:
        """The place of the next item that nobody has looked at, else the one after."""
        order: list[int] = [*range(after + 1, len(self.ids)), *(range(after + 1) if wrap else ())]
        for at in order:
            if self.standing.untouched(self.ids[at]):
                return at
        return min(after + 1, len(self.ids) - 1)

    def show(self, one: Item) -> None:
        """One item with what is known of it."""
        self.say()
        place = f"{self.word} {self.at + 1} of {len(self.ids)}"
        self.say(f"{self.standing.progress}; {place}: {one.id}")
        for line in self.card(one):
            self.say(line)
        self.say(self.keys)

    def command(self, line: str) -> bool:
        """Do what was typed; whether the item is to be shown anew."""
        word, _, rest = line.partition(" ")
        does: dict[str, Callable[[str], bool]] = {
            "": self._on,
            "p": self.postponed,
            "u": self._undo,
            "b": self._back,
            "g": self._go,
            "?": self._help,
            **self.own(),
        }
        action = does.get(word.lower())
        if action is None:
            self.say(f"{word!r} is no key here. {self.keys}")
            return False
        try:
            return action(rest.strip())
        except self.refused as wrong:
            self.say(f"Not taken: {wrong}")
            return False

    def renew(self) -> None:
        """Ask about what is still there after a decision was taken back."""
        self.ids = [name for name in self.ids if name in self.standing.by_id]
        self.at = min(self.at, len(self.ids) - 1)

    def _on(self, _: str) -> bool:
        self.at = (self.at + 1) % len(self.ids)
        return True

    def _back(self, _: str) -> bool:
        self.at = (self.at - 1) % len(self.ids)
        return True

    def _help(self, _: str) -> bool:
        for line in self.help:
            self.say(line)
        return False

    def _undo(self, _: str) -> bool:
        last = self.standing.undo(self.who)
        if last is None:
            self.say("nothing is decided yet")
            return False
        self.renew()
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
            self.say(f"there is no {self.word} {rest!r}: give a number from 1 to {len(self.ids)}")
            return False
        self.at = begins[0]
        return True
