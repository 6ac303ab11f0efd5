"""Decisions on proposals: one CSV beside the document, to which lines are only ever added."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from careatlas.loaders import decisions as log
from careatlas.loaders.decisions import DecisionError

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


class Log(log.Log[Decision]):
    """The decisions on one document, in the order in which they were made."""

    columns = COLUMNS

    def parsed(self, cells: Mapping[str, str], line: int) -> Decision:
        """The decision of a line.

        Raises:
            DecisionError: it is none.
        """
        return _parsed(cells, self.path.name, line)
