"""Answers as tables for people: headings in words, names that lead to their things, sources as links."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from careatlas.graph.questions import Question
from careatlas.graph.terms import ID
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names

_ORGANISATION = ("organisation", "trust", "vendor", "network", "icb", "region")
_KINDS: dict[str, tuple[str, ...]] = {
    "product": ("product",),
    "integrated_with": ("product",),
    "since_product": ("product",),
    "study": ("study",),
    "programme": ("programme",),
    "framework": ("instrument",),
    "instrument": ("instrument", "governance-instrument"),
    "group": ("region", "icb"),
    "document": ("source",),
    **dict.fromkeys(
        (
            "trust",
            "vendor",
            "vendor_a",
            "vendor_b",
            "since_vendor",
            "network",
            "organisation",
            "intermediary",
            "route",
            "recipient",
            "buyer",
            "supplier",
            "owner",
            "operator",
            "party",
            "subject",
            "deployed_by",
            "member",
            "stated_by",
        ),
        _ORGANISATION,
    ),
}
"""Of which kinds the thing is that a column names; it is linked when one thing alone is called so."""


_CAPITALS = {"icb": "ICB", "ods": "ODS", "hhi": "HHI"}


def heading(name: str) -> str:
    """The name of a column or parameter in words.

    >>> heading("route_type"), heading("icb")
    ('Route type', 'ICB')
    """
    words = [_CAPITALS.get(word, word) for word in name.split("_")]
    said = " ".join(words)
    return said[:1].upper() + said[1:]


class Cell(NamedTuple):
    """What stands in a cell, where it leads, and what is said beside it."""

    text: str
    url: str | None = None
    note: str | None = None


class Column(NamedTuple):
    """A column and its heading."""

    name: str
    heading: str
    type: str


class View(NamedTuple):
    """A table as it is shown."""

    columns: list[Column]
    rows: list[list[Cell]]


def view(
    card: Mapping[str, Any], question: Question, names: Names, columns: Iterable[str], rows: slice
) -> View:
    """These rows and columns of an answer; the place in a source stands beside it."""
    wanted = list(columns)
    beside = {
        name: place
        for name in wanted
        if "source" in name.split("_")
        and (place := name.replace("source", "locator")) in question.columns
    }
    heads = [
        Column(name, heading(name), question.columns[name])
        for name in wanted
        if name not in beside.values()
    ]
    linked = _Linked(card["sources"], names)
    return View(
        heads,
        [
            [linked.cell(row, head.name, beside.get(head.name)) for head in heads]
            for row in card["rows"][rows]
        ],
    )


class _Linked:
    """Cells with their links."""

    def __init__(self, sources: Mapping[str, Mapping[str, Any]], names: Names) -> None:
        self.sources = sources
        self.names = names

    def cell(self, row: Mapping[str, Any], name: str, beside: str | None) -> Cell:
        value = row[name]
        text = shown(value)
        if value is None:
            return Cell("")
        if "source" in name.split("_") and text in self.sources:
            title = self.sources[text].get("title") or text
            place = row[beside] if beside else None
            return Cell(title, f"/about/doc/{quote(text)}", place)
        if text.startswith(ID):
            return Cell(text.removeprefix(ID), local(text))
        if name == "trust" and row.get("ods"):
            return Cell(text, f"/about/org/ods/{quote(row['ods'], safe='')}")
        thing = self.names.thing(_KINDS[name], text) if name in _KINDS else None
        return Cell(text, local(thing) if thing else None)


def shown(value: object) -> str:
    """A typed cell as people read it.

    >>> [shown(value) for value in (None, True, 3, 0.25, 12.0)]
    ['', 'yes', '3', '0.25', '12']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
