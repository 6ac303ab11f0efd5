"""What the catalogue answers about one thing: the sections of its page."""

import asyncio
from typing import Any, NamedTuple

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.names import names_of
from careatlas.service.explorer.parts import EXTRAS, FIRST, OPENINGS, Extra
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.sections import SECTIONS, Asked
from careatlas.service.explorer.subject import Subject, ask_job
from careatlas.service.explorer.tables import View, bare, view
from careatlas.service.state import Service

__all__ = ["FEW", "ask_job", "told"]

FEW = 50
"""So many rows of an answer are shown on the page of a thing."""


class Section(NamedTuple):
    """One answer on the page of a thing, or what code made of several."""

    name: str
    title: str
    says: str
    html: str
    url: str
    view: View | None
    total: int
    shown: int
    more: bool


class Silent(NamedTuple):
    """A question to which there is no row."""

    title: str
    url: str


async def told(service: Service, release: Release, iri: str) -> str:
    """What the catalogue answers about a thing, as a part of a page; nothing of most kinds.

    The page opens with what `OPENINGS` makes for its kinds; then come the sections of `SECTIONS`,
    with those that `EXTRAS` makes in their places.

    Raises:
        Problem: an answer does not come.
    """
    names = await asyncio.to_thread(names_of, release)
    subject = Subject(service, release, iri, names)
    kinds = [kind for kind in SECTIONS if kind in names.kinds.get(iri, ())]
    asked = list(dict.fromkeys(one for kind in kinds for one in SECTIONS[kind]))
    if not asked:
        return ""
    values = [{one.parameter: subject.typed(one.question, one.parameter)} for one in asked]
    openings, extras, cards = await asyncio.gather(
        asyncio.gather(*(OPENINGS[kind](subject) for kind in kinds if kind in OPENINGS)),
        asyncio.gather(*(EXTRAS[kind](subject) for kind in kinds if kind in EXTRAS)),
        asyncio.gather(
            *(
                subject.part(one.question, one.by, subject.code)
                if one.by
                else subject.ask(one.question, **value, **dict(one.also))
                for one, value in zip(asked, values, strict=True)
            )
        ),
    )
    made = [extra for several in extras for extra in several]
    silent = []
    sections = [_extra(extra) for extra in made if extra.after == FIRST]
    for one, value, card in zip(asked, values, cards, strict=True):
        url = address(f"/questions/{one.question}", value | dict(one.also))
        if card["rows"]:
            sections.append(_section(subject, one, url, card))
        else:
            silent.append(Silent(one.title, url))
        sections += [_extra(extra) for extra in made if extra.after == one.name]
    places = {FIRST, *(one.name for one in asked)}
    sections += [_extra(extra) for extra in made if extra.after not in places]
    return render("sections.html", openings=openings, sections=sections, silent=silent)


def _extra(extra: Extra) -> Section:
    return Section(extra.name, extra.title, "", extra.html, "", None, 0, 0, False)


def _section(subject: Subject, one: Asked, url: str, card: dict[str, Any]) -> Section:
    question = get(one.question)
    total = len(card["rows"])
    columns = [
        name
        for name in one.columns or question.shown
        if not bare(card, name) and (one.columns or not _alone(card, name, subject.label))
    ]
    shown = view(card, question, subject.names, columns, slice(FEW))
    return Section(
        one.name, one.title, one.says, "", url, shown, total, len(shown.rows), total > FEW
    )


def _alone(card: dict[str, Any], column: str, label: str) -> bool:
    """Whether a column says nothing but of which thing the page is."""
    return all(row[column] == label for row in card["rows"])
