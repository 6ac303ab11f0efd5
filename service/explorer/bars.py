"""What a group of trusts says about its use of AI, drawn as a bar: silence stands between yes and no."""

from collections.abc import Mapping
from typing import Any, NamedTuple

_PARTS = (
    ("uses", "yes", "say that they use it"),
    ("refused", "refused", "say that they use AI, and refuse to say which"),
    ("uses_other", "other", "use AI, and no live use of this is reported"),
    ("no_response", "silent", "gave no answer"),
    ("not_asked", "unasked", "were not asked"),
    ("denies", "no", "say that they use none"),
)
"""Columns of `adoption` in the order of the bar, what each is drawn as, and what it counts."""
KEY = [(kind, says) for _, kind, says in _PARTS if kind != "other"]
"""What the parts of bars without a capability mean."""


class Part(NamedTuple):
    """A part of a bar."""

    kind: str
    trusts: int
    says: str
    at: str
    """Where it begins, as a share of the width."""
    width: str


class Bar(NamedTuple):
    """The answers of a group, with the least and the most that they leave possible."""

    members: int
    least: str
    most: str
    parts: list[Part]
    start: str
    end: str
    text: str
    """All of it in words."""


def percent(share: float | None) -> str:
    """A share as people read it.

    >>> [percent(share) for share in (0, 0.301, 0.5, 1, None)]
    ['0%', '30.1%', '50%', '100%', '']
    """
    return "" if share is None else f"{100 * share:.1f}".removesuffix(".0") + "%"


def bar(row: Mapping[str, Any]) -> Bar:
    """The bar of a row of `adoption` or `adoption-by-group`."""
    members = row["members"]
    parts, at = [], 0
    for column, kind, says in _PARTS:
        count = row[column]
        if count:
            parts.append(Part(kind, count, says, _place(at, members), _place(count, members)))
        at += count
    least, most = percent(row["lower_bound"]), percent(row["upper_bound"])
    told = ", ".join(f"{part.trusts} {part.says}" for part in parts)
    between = f"exactly {least}" if least == most else f"between {least} and {most}"
    text = f"{row['group']}: of {members} trusts, {told}. So {between} use AI."
    start, end = _place(row["lower_bound"], 1), _place(row["upper_bound"], 1)
    return Bar(members, least, most, parts, start, end, text)


def _place(part: float, whole: float) -> str:
    return f"{100 * part / whole:.3f}%"
