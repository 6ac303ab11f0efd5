"""Decisions on proposals: one CSV beside the document, to which lines are only ever added."""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from careatlas.graph.table import write_csv
from careatlas.loaders.rows import TableError, rows

Verdict = Literal["accept", "change", "reject", "split", "postpone", "undo"]
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)
COLUMNS = (
    "proposal",
    "verdict",
    "cells",
    "by",
    "on",
    "why",
    "confidence",
    "rule",
    "locator",
    "document",
)
PARTS = "parts"
"""In the cells of a split: into how many."""


class DecisionError(ValueError):
    """A line of a file of decisions that is none."""

    def __init__(self, file: str, line: int, problem: str) -> None:
        super().__init__(file, line, problem)
        self.file = file
        self.line = line
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.problem}; correct the line, or take it out"


@dataclass(frozen=True)
class Decision:
    """What a person decided on a proposal, when and why."""

    proposal: str
    verdict: Verdict
    by: str
    on: str
    cells: Mapping[str, str] = field(default_factory=dict)
    """What was changed: an empty cell takes a value away."""
    why: str = ""
    confidence: str = ""
    rule: str = ""
    locator: str = ""
    document: str = ""
    """The bytes that were read, by the first digits of their SHA-256."""

    def line(self) -> list[str]:
        """The decision as a line of its file."""
        said = {name: str(getattr(self, name)) for name in COLUMNS if name != "cells"}
        said["cells"] = written(self.cells)
        return [said[name] for name in COLUMNS]


def written(cells: Mapping[str, str]) -> str:
    """Changed cells in one cell; empty where none is."""
    return json.dumps(dict(sorted(cells.items())), ensure_ascii=False) if cells else ""


def _parsed(cells: Mapping[str, str], file: str, line: int) -> Decision:
    if missing := [name for name in ("proposal", "verdict", "by", "on") if not cells.get(name)]:
        raise DecisionError(file, line, f"the cell {missing[0]} is empty")
    verdict = next((one for one in VERDICTS if one == cells["verdict"]), None)
    if verdict is None:
        problem = f"{cells['verdict']!r} is no verdict: write {', '.join(VERDICTS)}"
        raise DecisionError(file, line, problem)
    try:
        date.fromisoformat(cells["on"])
        changed = json.loads(cells.get("cells") or "{}")
    except ValueError as wrong:
        raise DecisionError(file, line, " ".join(str(wrong).split())) from None
    if not isinstance(changed, dict) or not all(isinstance(v, str) for v in changed.values()):
        raise DecisionError(file, line, "cells: is no JSON object of texts")
    if verdict == "split" and not (changed.get(PARTS, "").isdecimal() and int(changed[PARTS]) > 1):
        raise DecisionError(file, line, "a split says into how many parts, two or more")
    rest = {name: cells.get(name, "") for name in COLUMNS[5:]}
    return Decision(cells["proposal"], verdict, cells["by"], cells["on"], changed, **rest)


class Log:
    """The decisions on one document, in the order in which they were made."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.made: list[Decision] = []
        if path.is_file():
            self.made = list(self._read())

    def _read(self) -> list[Decision]:
        """What the file holds.

        Raises:
            DecisionError: a line is no decision.
            TableError: the file is no CSV with the columns of decisions.
        """
        name = self.path.name
        found = []
        for line, cells in rows(self.path, name):
            if isinstance(cells, str):
                raise DecisionError(name, line, cells)
            if tuple(cells) != COLUMNS:
                raise TableError(
                    name, f"is no file of decisions: its columns are {', '.join(COLUMNS)}"
                )
            found.append(_parsed(cells, name, line))
        return found

    def add(self, *decisions: Decision) -> None:
        """Write decisions down, all at once.

        Raises:
            OSError: they cannot be written.
        """
        new = not self.path.exists() or not self.path.stat().st_size
        with self.path.open("a", encoding="utf-8", newline="") as file:
            if new:
                write_csv(file, COLUMNS, [one.line() for one in decisions])
            else:
                csv.writer(file, lineterminator="\n").writerows(one.line() for one in decisions)
        self.made += decisions

    def copied(self) -> "Log":
        """The same decisions, apart from the file: what is added to `made` is not written."""
        copy = Log(Path())
        copy.made = list(self.made)
        return copy

    def standing(self) -> dict[str, Decision]:
        """The decision that counts on each proposal: the last one, unless it was undone."""
        stacks: dict[str, list[Decision]] = {}
        for one in self.made:
            stack = stacks.setdefault(one.proposal, [])
            if one.verdict != "undo":
                stack.append(one)
            elif stack:
                stack.pop()
        return {proposal: stack[-1] for proposal, stack in stacks.items() if stack}

    def last(self) -> Decision | None:
        """The decision made last of those that were not undone."""
        undone: dict[str, int] = {}
        for one in reversed(self.made):
            if one.verdict == "undo":
                undone[one.proposal] = undone.get(one.proposal, 0) + 1
            elif undone.get(one.proposal):
                undone[one.proposal] -= 1
            else:
                return one
        return None
