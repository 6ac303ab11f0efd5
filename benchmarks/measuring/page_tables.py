"""Tables of figures: medians of turns, ratios, and cells."""

from collections.abc import Iterable, Sequence
from statistics import median
from textwrap import fill
from typing import Any

WIDTH = 118
Figures = dict[str, Any]


def medians(found: dict[str, Any]) -> dict[str, Figures]:
    """For each engine the medians of its turns' numbers, and the last turn's other values."""
    told: dict[str, Figures] = {}
    for engine, measured in found.items():
        turns = measured.get("turns", [])
        one: Figures = dict(turns[-1]) if turns else {}
        for name, value in one.items():
            if isinstance(value, float):
                one[name] = median(turn[name] for turn in turns)
        if measured.get("not_run"):
            one["not_run"] = measured["not_run"]
        told[engine] = one
    return told


def ratio(found: dict[str, Any], engine: str, other: str) -> float:
    """How many times as long an engine took as another: the median over the turns, or nothing."""
    ours, theirs = (found.get(name, {}).get("turns", []) for name in (engine, other))
    pairs = list(zip(ours, theirs, strict=False))
    return median(one["seconds"] / its["seconds"] for one, its in pairs) if pairs else 0.0


def number(value: float | None, digits: int = 2) -> str:
    """A number as people read it; nothing where there is none."""
    return "" if value is None else f"{value:,.{digits}f}"


def missed(cell: str, is_missed: bool) -> str:
    """A cell, in bold where its bound is missed."""
    return f"**{cell}**" if is_missed and cell else cell


def prose(text: str) -> str:
    """A paragraph in lines of one width."""
    return (
        fill(" ".join(text.split()), WIDTH, break_on_hyphens=False, break_long_words=False) + "\n"
    )


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |\n" for line in lines)
