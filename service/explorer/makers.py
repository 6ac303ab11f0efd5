"""What the pages of a vendor and a product have beside their questions: warnings, facts, footprint."""

import asyncio
from typing import Any, NamedTuple

from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.parts import EXTRAS, OPENINGS, Extra
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import Subject
from careatlas.service.explorer.tables import cells, concept

_FAILED = "insolvency"
"""The kind of change that a page warns of."""
_MOST = 12
"""So many places are shown; the question has them all."""


class Fact(NamedTuple):
    """A plain fact, and its source."""

    value: Cell
    note: str
    source: Cell


class Share(NamedTuple):
    """A place or a year, and how many trusts are known to have the thing there."""

    cell: Cell
    trusts: int
    live: int
    upper: int | None
    source: Cell


class Warned(NamedTuple):
    """What a page warns of, and its source."""

    who: Cell
    kind: str
    state: str
    when: str
    source: Cell


async def of_vendor(subject: Subject) -> str:
    """The warnings, facts and figures of a vendor.

    Raises:
        Problem: an answer does not come.
    """
    facts, changes, figures = await asyncio.gather(
        subject.ask("vendor-facts", vendor=subject.typed("vendor-facts", "vendor")),
        _changes(subject, subject.iri),
        _by(subject, "vendor"),
    )
    return _opening(subject, "vendor", facts, _warned(subject, changes), figures)


async def of_product(subject: Subject) -> str:
    """The warnings, facts and figures of a product.

    Raises:
        Problem: an answer does not come.
    """
    facts, figures = await asyncio.gather(
        subject.ask("product-facts", product=subject.typed("product-facts", "product")),
        _by(subject, "product"),
    )
    suppliers = dict.fromkeys(row["thing"] for row in facts["rows"] if row["fact"] == "supplier")
    changes = await asyncio.gather(*(_changes(subject, iri) for iri in suppliers))
    warned = [one for card in changes for one in _warned(subject, card)]
    return _opening(subject, "product", facts, warned, figures)


async def _changes(subject: Subject, iri: str) -> dict[str, Any]:
    typed = subject.names.to_type("organisation", iri)
    return await subject.ask("organisation-changes", organisation=typed)


async def _by(subject: Subject, kind: str) -> dict[str, Any]:
    """The footprint of a thing by region, network and status."""
    return await subject.ask("footprint-by", **{kind: subject.typed("footprint-by", kind)})


def _of(card: dict[str, Any], by: str) -> dict[str, Any]:
    """The part of a footprint that is by one of these."""
    return {**card, "rows": [row for row in card["rows"] if row["by"] == by]}


def _warned(subject: Subject, card: dict[str, Any]) -> list[Warned]:
    found = []
    for row in (one for one in card["rows"] if one["kind"] == _FAILED):
        source = cells(card, row, subject.names, "source")[0]
        when = row["from"] or ""
        if row["to"] and row["to"] != row["from"]:
            when = f"between {row['from']} and {row['to']}"
        who = Cell(row["before"], local(row["before_iri"]))
        said = concept(subject.names, "kind", row["kind"]) or row["kind"]
        found.append(Warned(who, said, row["state"] or "", when, source))
    return found


def _opening(
    subject: Subject,
    kind: str,
    facts: dict[str, Any],
    warned: list[Warned],
    figures: dict[str, Any],
) -> str:
    grouped: dict[str, list[Fact]] = {}
    for row in facts["rows"]:
        source = cells(facts, row, subject.names, "source")[0]
        url = local(row["thing"]) if row.get("thing") else None
        if row["fact"] == "website" and row["value"].startswith("https://"):
            url = row["value"]
        name = row["fact"][:1].upper() + row["fact"][1:]
        grouped.setdefault(name, []).append(Fact(Cell(row["value"], url), "", source))
    values = {kind: subject.typed("footprint-by", kind), "by": "status"}
    return render(
        "maker.html",
        warned=warned,
        facts=grouped,
        sources=list(dict.fromkeys(one.source for found in grouped.values() for one in found)),
        figures=[
            (row["trusts"], concept(subject.names, "status", row["group"]) or row["group"])
            for row in _of(figures, "status")["rows"]
        ],
        figures_url=address("/questions/footprint-by", values),
        facts_url=address(f"/questions/{kind}-facts", {kind: subject.typed(f"{kind}-facts", kind)}),
    )


async def extras_of_vendor(subject: Subject) -> list[Extra]:
    """The footprint of a vendor.

    Raises:
        Problem: an answer does not come.
    """
    return await _footprint(subject, "vendor")


async def extras_of_product(subject: Subject) -> list[Extra]:
    """The footprint of a product.

    Raises:
        Problem: an answer does not come.
    """
    return await _footprint(subject, "product")


async def _footprint(subject: Subject, kind: str) -> list[Extra]:
    typed = subject.typed("footprint-by", kind)
    places, years = await asyncio.gather(
        _by(subject, kind),
        subject.ask("footprint-over-time", **{kind: typed}),
    )
    made = []
    for name, title, head, card, values in (
        (
            "by-region",
            "Where: by region",
            "Region",
            _of(places, "region"),
            {kind: typed, "by": "region"},
        ),
        (
            "by-network",
            "Where: by network",
            "Network",
            _of(places, "network"),
            {kind: typed, "by": "network"},
        ),
        ("over-time", "When: what was known, year by year", "By the end of", years, {kind: typed}),
    ):
        if card["rows"]:
            question = "footprint-over-time" if name == "over-time" else "footprint-by"
            shares = _shares(subject, card)
            html = render(
                "footprint.html",
                name=name,
                title=title,
                head=head,
                shares=shares[:_MOST],
                cut=len(shares) > _MOST,
                most=max(one.upper or one.trusts for one in shares),
                url=address(f"/questions/{question}", values),
            )
            made.append(Extra(name, title, html, "who-uses-what"))
    return made


def _shares(subject: Subject, card: dict[str, Any]) -> list[Share]:
    found = []
    for row in card["rows"]:
        source = cells(card, row, subject.names, "source")[0]
        group = row.get("group_iri")
        cell = Cell(row["group"], local(group)) if group else Cell(str(row["year"]))
        found.append(Share(cell, row["trusts"], row["live"], row["upper"], source))
    return found


def install() -> None:
    """Let the pages of vendors and products open with this."""
    OPENINGS["vendor"], EXTRAS["vendor"] = of_vendor, extras_of_vendor
    OPENINGS["product"], EXTRAS["product"] = of_product, extras_of_product
