"""Reviewing notices and their parties: on the terminal, or in a spreadsheet."""

import argparse
import shlex
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from careatlas.arguments import UsageError
from careatlas.loaders.claim_tables import NoFolderError, editable
from careatlas.loaders.decisions import Reviewer, UnknownProposalError
from careatlas.loaders.feed import Wanted
from careatlas.loaders.ocds import feed, review_sheet
from careatlas.loaders.ocds.decisions import IS, KEEP, LEAVE, NONE, Log, Ruling
from careatlas.loaders.ocds.review import AGREED, Item, Notice, Review, Unknown, UntakenError, found
from careatlas.loaders.snapshots import expand
from careatlas.loaders.tables import NOTICE_DECISIONS
from careatlas.output import progress, say
from careatlas.review_loop import Loop
from careatlas.reviewing import OF_DOCUMENTS, count, who_decides

NOTICE_KEYS = (
    "k keep, l leave out, a as the rules say, p postpone, u undo, b back, g go to, q quit, ? help"
)
PARTY_KEYS = "a number: it is that one; i another, n none of these, p postpone, u undo, b back, g go to, q quit, ? help"
HELP = (
    "k WHY: keep the notice; without WHY you are asked, where the rules leave it out",
    "l WHY: leave it out; without WHY you are asked, where the rules keep it",
    "a: decide as the rules say",
    "N WHY: the party is number N of the nearest names",
    "i NAME: the party is another organisation: a known name, an ODS code or a key",
    "n WHY: none of these; the name stays unresolved",
    "p WHY: postpone it",
    "u: undo the last decision",
    "b: back to the one before; Enter goes on to the next",
    "g N: go to number N, or to the one whose id begins so",
    "q: quit; everything decided is kept",
)
FOR_KEEPING = (
    "it buys clinical AI",
    "it buys something of which clinical AI is a part",
    "it prepares the buying of clinical AI",
)
FOR_LEAVING = (
    "it buys no AI",
    "the AI in it is not for care",
    "AI is only mentioned in it",
    "it is about the same as another notice",
)
_LONG, _LONGER = 120, 340
"""Letters of a name and of a passage that are shown, so that all of it fits a small terminal."""
_SHOWN = 3


def review_notices(options: argparse.Namespace) -> int:
    """Review files of notices in the way that was asked for.

    Raises:
        UsageError: nobody is named who decides, or a flag is given that only documents have.
    """
    from careatlas import data

    for flag in OF_DOCUMENTS:
        if getattr(options, flag) not in (None, False):
            raise UsageError(f"--{flag.replace('_', '-')} says nothing to notices")
    tables = options.data or data.folder()
    path = options.decisions or _among_tables(options.data)
    files = expand(options.files, "ocds")
    for gap in files.gaps:
        say(gap)
    with progress() as step:
        step("reading notices")
        releases = feed(list(files.files), Wanted(None, None, False, tables))
        log = Log(path)
        given = found(releases, log)
    state = Review(given, log, releases.known.bodies)
    who = Reviewer(who_decides(options), (options.on or date.today()).isoformat())
    _say_of(state)
    chosen = state.chosen(options.undecided)
    if options.to_csv:
        review_sheet.write(options.to_csv, state, chosen)
        say(f"{count(len(chosen), 'row')} written to {options.to_csv}")
    elif options.from_csv:
        made = review_sheet.decisions(options.from_csv, state, who)
        state.record(*made)
        say(f"{count(len(made), 'new decision')} by {who.by}, kept in {path}")
    else:
        return Terminal(state, chosen, who).start(options, path)
    say(state.progress)
    return 0


def _among_tables(folder: Path | None) -> Path:
    try:
        return editable(folder)[0] / NOTICE_DECISIONS
    except NoFolderError as error:
        raise UsageError(f"{error}, or a file for the decisions with --decisions") from error


def _say_of(state: Review) -> None:
    """Say what is not asked about, and which decisions may have to be looked at again."""
    given = state.given
    parties = len(state.items) - len(given.notices)
    of_parties = f"{parties} part{'y' if parties == 1 else 'ies'} that nobody knows"
    say(f"to decide on: {count(len(given.notices), 'notice')}, and {of_parties}")
    say(f"left out with no sign of clinical AI: {count(given.clear, 'release')}")
    if given.rejects:
        say(f"not sound: {count(given.rejects, 'release')}; `careatlas load ocds` names each")
    if older := state.otherwise():
        say(f"the rules have changed since {count(len(older), 'decision')}, which still stand")
        for one in older[:_SHOWN]:
            say(f"decided when the rules said {one.rule!r}: {one.decision} {one.proposal}")
    if strays := state.strays():
        named = ", ".join(one.proposal for one in strays[:_SHOWN])
        more = f" and {len(strays) - _SHOWN} more" if len(strays) > _SHOWN else ""
        say(f"not in these files: {count(len(strays), 'decision')} on {named}{more}")


class Terminal(Loop[Item, Ruling]):
    """Asks about one notice after the other, and then about the parties that nobody knows."""

    help = HELP
    keys = NOTICE_KEYS
    word = "question"
    refused = (UntakenError, UnknownProposalError)

    def __init__(self, review: Review, chosen: Sequence[Item], who: Reviewer) -> None:
        super().__init__(review, chosen, who)
        self.review = review
        self.undecided = False
        """Whether nothing is asked about that was decided before."""

    def start(self, options: argparse.Namespace, path: Path) -> int:
        """Ask about files of notices; what is decided holds when they are loaded."""
        self.undecided = options.undecided
        given = [*map(str, options.files)]
        given += ["--data", str(options.data)] if options.data else []
        given += ["--decisions", str(path)] if options.decisions else []
        return self.run(
            f"careatlas load ocds {shlex.join(given)}",
            "nothing is to be decided in these files, or nothing that the flags ask for",
        )

    def own(self) -> dict[str, Callable[[str], bool]]:
        """What the keys do that only notices, or only parties, have."""
        one = self.item()
        if isinstance(one, Notice):
            return {
                "k": lambda why: self._notice(one, KEEP, why),
                "l": lambda why: self._notice(one, LEAVE, why),
                "a": lambda why: self._decided(self.review.agreeing(one), why or AGREED),
            }
        nearest = enumerate(one.party.candidates, 1)
        return {
            **{str(number): self._is(name) for number, name in nearest},
            "i": self._another,
            "n": lambda why: self._decided(NONE, why),
        }

    def show(self, one: Item) -> None:
        """One notice or party with what is known of it."""
        self.keys = NOTICE_KEYS if isinstance(one, Notice) else PARTY_KEYS
        super().show(one)

    def card(self, one: Item) -> list[str]:
        """What is to be known to decide."""
        lines = self._notice_card(one) if isinstance(one, Notice) else self._party_card(one)
        if ruling := self.review.decisions.get(one.id):
            means = f" {self.review.called(ruling.means)}" if ruling.means else ""
            lines.append(f"{ruling.decision}{means}, {ruling.reason}")
        return lines

    def _notice_card(self, one: Notice) -> list[str]:
        process = one.process
        of = f"value {one.value}" if one.value else "no value stated"
        return [
            _cut(process.title),
            f"bought by {_cut(process.buyer)}",
            f"supplied by {_cut(process.suppliers or 'nobody named yet')}; {of}; {one.latest or 'undated'}",
            _cut(f"the rules: {one.rule}", _LONGER),
            _cut(one.text, _LONGER),
            *one.links[-1:],
        ]

    def _party_card(self, one: Unknown) -> list[str]:
        ids = ", ".join(one.party.identifiers) or "no identifier"
        lines = [f"{_cut(one.party.printed)}; {_cut(ids)}; as {', '.join(one.roles)}", one.rule]
        for notice in [each for each in one.notices if self.review.kept(each)][:_SHOWN]:
            lines.append(f"in {notice.key}: {_cut(notice.process.title)}")
        names = [self.review.called(name) for name in one.party.candidates]
        lines += [f"{number} {name}" for number, name in enumerate(names, 1)]
        return lines if names else [*lines, "no name of the tables is near"]

    def _notice(self, one: Notice, decision: str, why: str) -> bool:
        if not why and decision != self.review.agreeing(one):
            why = self.reason("", FOR_KEEPING if decision == KEEP else FOR_LEAVING)
            if not why:
                return False
        return self._decided(decision, why)

    def _is(self, name: str) -> Callable[[str], bool]:
        return lambda why: self._decided(IS, why, name)

    def _another(self, said: str) -> bool:
        names = self.review.bodies.labels.values()
        said = said or (self.ask("it is (a name, an ODS code or a key): ", names) or "").strip()
        return self._decided(IS, "", said) if said else False

    def postponed(self, why: str) -> bool:
        """Put the notice or party off."""
        return self._decided("postpone", why)

    def _decided(self, decision: str, why: str, means: str = "") -> bool:
        one = self.item()
        self.review.record(self.review.decision(one, decision, self.who, why, means))
        self.renew()
        self.at = self.next(self.ids.index(one.id))
        return True

    def renew(self) -> None:
        """Ask about the parties of the notices that are kept by now."""
        seen = set(self.ids)
        self.ids = [
            one.id
            for one in self.review.items
            if one.id in seen or (isinstance(one, Unknown) and self._fresh(one))
        ]
        self.at = min(self.at, len(self.ids) - 1)

    def _fresh(self, one: Unknown) -> bool:
        return not (self.undecided and self.review.decided(one))


def _cut(text: str, most: int = _LONG) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"
