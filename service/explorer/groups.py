"""What the pages of a region, a board or a network open with, and what their members share."""

import asyncio
from typing import Any, NamedTuple

from careatlas.service.explorer.bars import Bar, bar
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.grid import answered, evidence, grid, heads, letters, signs
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.parts import EXTRAS, FIRST, OPENINGS, Extra
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import Subject

_ADOPTION = {
    "region": ("adoption", {}),
    "icb": ("adoption", {"by": "icb"}),
    "network": ("adoption-by-group", {"by": "network"}),
}
"""The question that gives the bounds of each kind of group."""
_SHARED = 2
"""In so many trusts is what they share."""


class Domain(NamedTuple):
    """How far a clinical domain is covered."""

    name: str
    trusts: int
    live: int
    reports: int
    url: str


def _kind(subject: Subject) -> str:
    return next(kind for kind in _ADOPTION if kind in subject.names.kinds[subject.iri])


async def opening(subject: Subject) -> str:
    """The adoption of a group, with its bounds, drawn and in words.

    Raises:
        Problem: an answer does not come.
    """
    kind = _kind(subject)
    question, also = _ADOPTION[kind]
    values = {kind: subject.typed(question, kind), **also}
    card = await subject.ask(question, **values)
    found: list[tuple[dict[str, Any], Bar]] = [(row, bar(row)) for row in card["rows"]]
    return render(
        "group.html",
        rows=found,
        question=address(f"/questions/{question}", values),
        matrix=address("/matrix", {kind: subject.typed("adoption-matrix", kind)}),
    )


async def extras(subject: Subject) -> list[Extra]:
    """What several members have, and how far each clinical domain is covered.

    Raises:
        Problem: an answer does not come.
    """
    kind = _kind(subject)
    typed = subject.typed("adoption-matrix", kind)
    matrix, trusts, coverage = await asyncio.gather(
        subject.ask("adoption-matrix", **{kind: typed}),
        subject.ask("trusts", **{kind: typed}),
        subject.ask("domain-coverage", **{kind: typed, "by": kind}),
    )
    made = []
    shared = _shared(subject, kind, matrix, trusts["rows"])
    if coverage["rows"]:
        domains = _domains(subject.names, kind, typed, coverage)
        made.append(Extra("domains", "Clinical domains, and gaps", domains, FIRST))
    if shared:
        made.append(Extra("shared", "What its trusts share", shared, FIRST))
    return made


def _shared(subject: Subject, kind: str, card: dict[str, Any], trusts: list[dict[str, Any]]) -> str:
    """The matrix of the members and the products that several of them have."""
    typed = subject.typed("adoption-matrix", kind)
    columns = [head for head in heads(card, "column") if head.trusts >= _SHARED and head.url]
    rows = answered(heads(card, "row"), trusts, [row for row in trusts if not row["closed"]])
    if not columns:
        return ""
    lead = evidence("trust", "product", {}, subject.names)
    made = grid(card, rows, columns, lead)
    return render(
        "shared.html",
        grid=made,
        statuses=letters(card),
        signs=signs(made),
        all=address("/matrix", {kind: typed, "show": "all"}),
        question=address("/questions/adoption-matrix", {kind: typed}),
    )


def _domains(names: Names, kind: str, typed: str, card: dict[str, Any]) -> str:
    """The clinical domains with a report, the fullest first, and those with none."""
    found = []
    for row in card["rows"]:
        iri = names.meant("clinical-domain", row["domain"])
        values = {kind: typed, "capability": row["domain"]}
        found.append(
            Domain(
                names.label[iri] if iri else row["domain"],
                row["trusts"],
                row["live"],
                row["reports"],
                address("/questions/who-uses-what", values),
            )
        )
    return render(
        "domains.html",
        covered=sorted(
            (one for one in found if one.trusts), key=lambda one: (-one.trusts, one.name)
        ),
        gaps=sorted(one.name for one in found if not one.trusts),
        most=max(one.trusts for one in found),
        first=card["rows"][0],
        question=address("/questions/domain-coverage", {"by": kind, kind: typed}),
    )


def install() -> None:
    """Let the pages of groups open with this."""
    for kind in _ADOPTION:
        OPENINGS[kind] = opening
        EXTRAS[kind] = extras
