"""What the catalogue answers about one thing: the sections of its page."""

import asyncio
from typing import Any, NamedTuple

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.sections import SECTIONS, Asked
from careatlas.service.explorer.tables import View, view
from careatlas.service.state import Service

FEW = 50
"""So many rows of an answer are shown on the page of a thing."""


class Section(NamedTuple):
    """One answer on the page of a thing."""

    name: str
    title: str
    url: str
    view: View
    total: int
    shown: int
    more: bool


class Silent(NamedTuple):
    """A question to which there is no row."""

    title: str
    url: str


async def told(service: Service, release: Release, iri: str) -> str:
    """What the catalogue answers about a thing, as a part of a page; nothing of most kinds.

    Raises:
        Problem: an answer does not come.
    """
    names = names_of(release)
    asked = list(
        dict.fromkeys(
            one
            for kind, sections in SECTIONS.items()
            if kind in names.kinds.get(iri, ())
            for one in sections
        )
    )
    if not asked:
        return ""
    values = [
        {one.parameter: names.to_type(get(one.question).parameter[one.parameter].type, iri)}
        for one in asked
    ]
    cards = await asyncio.gather(
        *(
            service.json(ask_job(release, one.question, value))
            for one, value in zip(asked, values, strict=True)
        )
    )
    sections, silent = [], []
    for one, value, card in zip(asked, values, cards, strict=True):
        url = address(f"/questions/{one.question}", value)
        if card["rows"]:
            sections.append(_section(one, url, card, names, iri))
        else:
            silent.append(Silent(one.title, url))
    return render("sections.html", sections=sections, silent=silent)


def _section(one: Asked, url: str, card: dict[str, Any], names: Names, iri: str) -> Section:
    question = get(one.question)
    total = len(card["rows"])
    columns = [name for name in question.shown if not _alone(card, name, names.label[iri])]
    shown = view(card, question, names, columns, slice(FEW))
    return Section(one.question, one.title, url, shown, total, len(shown.rows), total > FEW)


def _alone(card: dict[str, Any], column: str, label: str) -> bool:
    """Whether a column says nothing but of which thing the page is."""
    return all(row[column] == label for row in card["rows"])


def ask_job(release: Release, name: str, values: dict[str, str]) -> dict[str, Any]:
    """The job that asks a question, the same as the API's."""
    return {
        "do": "ask",
        "releases": [str(release.path)],
        "question": name,
        "values": values,
        "encoding": None,
    }
