"""Answers as tables for people: headings in words, names that lead to their things, sources as links."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

from careatlas.graph.questions import Question
from careatlas.graph.terms import ID, SCHEME
from careatlas.service.explorer.cells import Cell
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
    "network": ("network", "group"),
    **dict.fromkeys(
        (
            "trust",
            "vendor",
            "vendor_a",
            "vendor_b",
            "since_vendor",
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
_HEADINGS = {
    "as_at": "As at",
    "ends": "Until",
    "holds_from": "From",
    "holds_to": "Until",
    "how": "How it got there",
    "involvement": "What it did",
    "max": "At most",
    "max_per_month": "At most a month",
    "max_per_year": "At most a year",
    "min": "At least",
    "min_per_month": "At least a month",
    "min_per_year": "At least a year",
    "of": "Total or figure",
    "own_source": "Source for this trust",
    "route": "Through",
    "route_type": "Route",
    "said": "Announced as",
    "says": "The trust itself says",
    "says_on": "As at",
    "starts": "From",
    "through": "Tied as",
    "to": "Until",
}
"""What heads a column where its name is no word for people."""
_JOINED = {
    "what": ("product", "description", "vendor"),
    "how": ("route", "route_type", "involvement"),
}
"""Columns made of several: the first that is filled, with the others beside it."""
_IRIS = {
    "after": "after_iri",
    "before": "before_iri",
    "group": "group_iri",
    "peer": "peer_iri",
    "value": "thing",
    "what": "thing",
}
"""The column that has the thing itself which another column names."""
_ALONE = {"vendor"}
"""What does not stand beside another, since it has a column of its own."""
_ROLES = ("affiliation-role", "party-role", "award-role")
_ANSWERS = ("disclosure-detail", "disclosure")
_SCHEMES: dict[str, tuple[str, ...]] = {
    "after": _ANSWERS,
    "answer": _ANSWERS,
    "barrier": ("barrier",),
    "before": _ANSWERS,
    "confidence": ("confidence",),
    "detail": ("disclosure-detail",),
    "domain": ("clinical-domain",),
    "exemption": ("exemption",),
    "finding": ("status",),
    "grade": ("evidence-grade",),
    "group": ("status",),
    "involvement": ("involvement",),
    "kind": ("network-kind", "agreement-kind", "change-kind", "governance-kind", "project-kind"),
    "measure": ("measure-kind",),
    "modality": ("modality",),
    "per": ("rate-period",),
    "precision": ("precision",),
    "resolution": ("conflict-resolution",),
    "role": (*_ROLES, "status"),
    "route_type": ("route-type",),
    "said": ("award-role", "status"),
    "says": (*_ANSWERS, "status"),
    "severity": ("severity",),
    "since_status": ("status",),
    "state": (*_ANSWERS, "status", *_ROLES, "change-kind", "governance-state"),
    "status": ("status",),
    "type": ("conflict-type",),
    "unit": ("unit",),
}
"""The schemes in which a column's values stand for concepts; people see what the concept is called."""
_WORDS = {
    "end-not-stated": "end not stated",
    "not-asked": "not asked",
    "not-begun": "not begun",
    "not-listed": "not listed",
    "not-mentioned": "does not mention it",
    "owned-vendor": "owned vendor",
    "period-ended": "period ended",
    "purchasing-system": "purchasing system",
    "same-day": "same day",
    "vendor-and-use": "vendor and use",
}
"""What is no concept, since nobody states it: it follows from who was asked."""


def heading(name: str) -> str:
    """The name of a column or parameter in words.

    >>> heading("route_type"), heading("icb")
    ('Route type', 'ICB')
    """
    words = [_CAPITALS.get(word, word) for word in name.split("_")]
    said = " ".join(words)
    return said[:1].upper() + said[1:]


class Column(NamedTuple):
    """A column and its heading."""

    name: str
    heading: str
    type: str

    @property
    def sort(self) -> str:
        """What it is sorted as, where that is not as text."""
        return {"integer": "number", "decimal": "number", "date": "date"}.get(self.type, "")


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
        Column(name, _HEADINGS.get(name) or heading(name), question.columns.get(name, "string"))
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


def cells(
    card: Mapping[str, Any], row: Mapping[str, Any], names: Names, *columns: str
) -> list[Cell]:
    """These cells of one row, as a table would show them; a source has its place beside it."""
    linked = _Linked(card["sources"], names)
    return [
        linked.cell(row, name, name.replace("source", "locator") if "source" in name else None)
        for name in columns
    ]


class _Linked:
    """Cells with their links."""

    def __init__(self, sources: Mapping[str, Mapping[str, Any]], names: Names) -> None:
        self.sources = sources
        self.names = names

    def cell(self, row: Mapping[str, Any], name: str, beside: str | None) -> Cell:
        if name not in row:
            return self._joined(row, name)
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
        if said := concept(self.names, name, text):
            return Cell(said, value=text if said != text else None)
        return Cell(text, self._url(row, name, text))

    def _url(self, row: Mapping[str, Any], name: str, text: str) -> str | None:
        """Where the thing is told of that a cell names."""
        if name == "trust" and row.get("ods"):
            return f"/about/org/ods/{quote(row['ods'], safe='')}"
        if name in _IRIS and (iri := row.get(_IRIS[name])):
            return local(iri)
        thing = self.names.thing(_KINDS[name], text) if name in _KINDS else None
        return local(thing) if thing else None

    def _joined(self, row: Mapping[str, Any], name: str) -> Cell:
        """The first of several columns that is filled, with the others beside it."""
        found = [
            (at, one) for at in _JOINED[name] if row[at] and (one := self.cell(row, at, None)).text
        ]
        if not found:
            return Cell("")
        first = found[0][1]
        beside = ", ".join(one.text for at, one in found[1:] if at not in _ALONE)
        return first._replace(note=beside or None)


def bare(card: Mapping[str, Any], column: str) -> bool:
    """Whether no row of an answer has anything in a column, joined ones included."""
    parts = (column,) if column in card["rows"][0] else _JOINED[column]
    return not any(row[part] not in (None, "") for row in card["rows"] for part in parts)


def concept(names: Names, column: str, notation: str) -> str | None:
    """What people call the concept that stands in a column by its notation."""
    iris = (f"{SCHEME}{scheme}/{notation}" for scheme in _SCHEMES.get(column, ()))
    called = next((names.label[iri] for iri in iris if iri in names.label), None)
    return called or _WORDS.get(notation)


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
