"""Decisions of people: a CSV to which lines are only ever added, and what stands by it."""

import io
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from careatlas.graph.table import write_csv
from careatlas.loaders.rows import TableError, rows

UNDO = "undo"
LATER = "postpone"


class DecisionError(ValueError):
    """A line of a file of decisions that is none."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(file, line, problem)
        self.file = file
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}; correct the line, or take it out"


class UnknownProposalError(LookupError):
    """An id that is nothing that is asked about."""

    def __init__(self, proposal: str, of: str) -> None:
        super().__init__(proposal, of)
        self.proposal = proposal
        self.of = of

    def __str__(self) -> str:
        return f"{self.proposal} is no proposal of {self.of}"


@dataclass(frozen=True)
class Reviewer:
    """Who decides, on which day, on which bytes."""

    by: str
    on: str
    document: str = ""
    given: frozenset[str] = frozenset()
    """Columns that he filled for all proposals at once, which each decision keeps."""


class Made(Protocol):
    """A decision as its file has it."""

    @property
    def proposal(self) -> str:
        """What was decided on."""

    @property
    def verdict(self) -> str:
        """What was decided."""

    @property
    def cells(self) -> Mapping[str, str]:
        """What was changed with it."""

    @property
    def why(self) -> str:
        """The reason that was given."""

    def line(self) -> list[str]:
        """The decision as a line of its file."""


class Asked(Protocol):
    """Something that is asked about."""

    @property
    def id(self) -> str:
        """What tells it from all others."""


Decision = TypeVar("Decision", bound=Made)
Item = TypeVar("Item", bound=Asked)


class Log(ABC, Generic[Decision]):
    """Decisions in the order in which they were made."""

    columns: tuple[str, ...]

    def __init__(self, path: Path) -> None:
        self.path = path
        self.made: list[Decision] = []
        if path.is_file():
            self.made = list(self._read())

    @abstractmethod
    def parsed(self, cells: Mapping[str, str], line: int) -> Decision:
        """The decision of a line.

        Raises:
            DecisionError: it is none.
        """

    def _read(self) -> Iterator[Decision]:
        """What the file holds.

        Raises:
            DecisionError: a line is no decision.
            TableError: the file is no CSV with the columns of decisions.
        """
        name = self.path.name
        for line, cells in rows(self.path, name):
            if isinstance(cells, str):
                raise DecisionError(name, line, cells)
            if tuple(cells) != self.columns:
                raise TableError(
                    name, f"is no file of decisions: its columns are {', '.join(self.columns)}"
                )
            yield self.parsed(cells, line)

    def add(self, *decisions: Decision) -> None:
        """Write decisions down, all at once.

        Raises:
            OSError: they cannot be written.
        """
        text = io.StringIO()
        write_csv(text, self.columns, [one.line() for one in decisions])
        before = self.path.read_bytes()[-1:] if self.path.exists() else b""
        lines = text.getvalue().partition("\n")[2] if before else text.getvalue()
        with self.path.open("a", encoding="utf-8", newline="") as file:
            # An editor may have left the last line without its end.
            file.write(("" if before in b"\r\n" else "\n") + lines)
        self.made += decisions

    def copied(self) -> Self:
        """The same decisions, apart from the file: what is added to `made` is not written."""
        copy = type(self)(Path())
        copy.made = list(self.made)
        return copy

    def standing(self) -> dict[str, Decision]:
        """The decision that counts on each proposal: the last one, unless it was undone."""
        stacks: dict[str, list[Decision]] = {}
        for one in self.made:
            stack = stacks.setdefault(one.proposal, [])
            if one.verdict != UNDO:
                stack.append(one)
            elif stack:
                stack.pop()
        return {proposal: stack[-1] for proposal, stack in stacks.items() if stack}

    def last(self) -> Decision | None:
        """The decision made last of those that were not undone."""
        undone: dict[str, int] = {}
        for one in reversed(self.made):
            if one.verdict == UNDO:
                undone[one.proposal] = undone.get(one.proposal, 0) + 1
            elif undone.get(one.proposal):
                undone[one.proposal] -= 1
            else:
                return one
        return None


class Standing(ABC, Generic[Item, Decision]):
    """What is asked about, and the decision on each as it stands."""

    of = "this document"
    """Where the items were found."""
    log: Log[Decision]
    items: list[Item]
    by_id: dict[str, Item]
    decisions: dict[str, Decision]

    @abstractmethod
    def refresh(self) -> None:
        """See what is asked about, and what was decided on it, after a decision."""

    @abstractmethod
    def undone(self, last: Decision, who: Reviewer) -> Decision:
        """The line that takes a decision back."""

    def get(self, name: str) -> Item:
        """The item of this id.

        Raises:
            UnknownProposalError: there is none.
        """
        if name not in self.by_id:
            raise UnknownProposalError(name, self.of)
        return self.by_id[name]

    def verdict(self, one: Item) -> str | None:
        """What was decided."""
        decision = self.decisions.get(one.id)
        return decision.verdict if decision else None

    def decided(self, one: Item) -> bool:
        """Whether nothing is left to decide on an item for now."""
        return self.verdict(one) not in {None, LATER}

    def untouched(self, name: str) -> bool:
        """Whether nobody has decided on an item, or postponed it."""
        return self.verdict(self.get(name)) is None

    @property
    def progress(self) -> str:
        """How far the review is, in a line."""
        return f"{sum(map(self.decided, self.items))} of {len(self.items)} decided"

    def strays(self) -> list[Decision]:
        """Decisions on what is no longer there."""
        return [one for name, one in self.decisions.items() if name not in self.by_id]

    def record(self, *decisions: Decision) -> None:
        """Write decisions down."""
        if decisions:
            self.log.add(*decisions)
            self.refresh()

    def undo(self, who: Reviewer) -> Decision | None:
        """Take back the last decision that counts; what was decided before it counts again."""
        last = self.log.last()
        if last is not None:
            self.record(self.undone(last, who))
        return last

    def stands(self, now: Decision) -> bool:
        """Whether the very same was decided before, so that nothing is new."""
        before = self.decisions.get(now.proposal)
        return before is not None and (before.verdict, dict(before.cells), before.why) == (
            now.verdict,
            dict(now.cells),
            now.why,
        )
