"""The page of a question: its form, and its answer with all that it rests on."""

import asyncio
import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.answer import Cohort, said
from careatlas.graph.questions import Question, UnknownQuestionError, get
from careatlas.graph.release import Release
from careatlas.service import cards
from careatlas.service.asking import LONGEST_NAME
from careatlas.service.explorer.forms import address, fields
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.tables import View, heading, view
from careatlas.service.explorer.things import ask_job
from careatlas.service.problems import Problem
from careatlas.service.replies import RELEASE
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

ROWS = 200
"""Rows of one page."""
_OWN = ("release", "columns", "page")
"""What the page takes beside the parameters of its question."""


class PageLink(NamedTuple):
    """A link to a part of the rows."""

    text: str
    url: str
    here: bool


class Shown(NamedTuple):
    """An answer as its page shows it."""

    view: View
    total: int
    first: int
    last: int
    pages: list[PageLink]
    all_columns: bool
    other_columns: str | None
    csv: str
    json: str
    pin: str
    cohort: str | None
    not_known: list[str]
    release: str
    query: str
    editor: str


async def question_page(service: Service, http: Request) -> Response:
    """The form of a question and its answer, or the form with what is wrong beside its field.

    Raises:
        Problem: there is no answer, for a reason that no field has.
    """
    question = known(http.path_params["name"])
    pairs = parameters(http.scope["query_string"])
    given = {name: value.strip() for name, value in pairs if value.strip()}
    release = release_of(service, given)
    names = await asyncio.to_thread(names_of, release)
    values = {name: value for name, value in given.items() if name not in _OWN}
    try:
        page = _checked(question, given)
        card = await service.json(ask_job(release, question.name, values))
    except Problem as problem:
        if problem.status != 422:  # noqa: PLR2004 - what a field can be wrong with
            raise
        text = _rendered(question, given, names, None, problem)
        return HTMLResponse(text, problem.status, {"cache-control": "no-store"})

    async def make() -> str:
        shown = _shown(question, given, names, card, page)
        return await asyncio.to_thread(_rendered, question, given, names, shown)

    return document(service, release, {"page": question.name, "given": given}, make)


def known(name: str) -> Question:
    """The question of this name.

    Raises:
        Problem: there is none.
    """
    try:
        return get(name)
    except UnknownQuestionError as error:
        said = f"No question is called {name[:80]!r}."
        raise Problem(404, "no-such-question", said, questions=error.nearest) from None


def release_of(service: Service, given: Mapping[str, str]) -> Release:
    """The release that an address names, or the current one.

    Raises:
        Problem: there is none of this name.
    """
    name = given.get("release")
    if name is not None and not re.fullmatch(RELEASE, name):
        raise Problem(404, "no-such-release", f"No release is called {name[:80]!r}.")
    return service.release(name)


def _checked(question: Question, given: Mapping[str, str]) -> int:
    """The page that is asked for.

    Raises:
        Problem: a parameter is not one of the question's, or is no value.
    """
    for name, value in given.items():
        if name not in question.parameter and name not in _OWN:
            raise Problem(422, "wrong-parameter", f"This question has no field {name[:80]!r}.")
        if len(value) > LONGEST_NAME:
            said_so = f"at most {LONGEST_NAME} characters"
            raise Problem(422, "wrong-parameter", said_so, field=name)
    number = given.get("page", "1")
    if not re.fullmatch(r"[1-9][0-9]{0,5}", number):
        raise Problem(422, "wrong-parameter", f"{number[:80]!r} is no page.")
    if given.get("columns", "all") != "all":
        raise Problem(422, "wrong-parameter", "columns is all, or is left out.")
    return int(number)


def _shown(
    question: Question, given: Mapping[str, str], names: Names, card: dict[str, Any], page: int
) -> Shown:
    total = len(card["rows"])
    count = max(1, -(-total // ROWS))
    page = min(page, count)
    first = (page - 1) * ROWS
    everything = given.get("columns") == "all"
    columns = tuple(question.columns) if everything else question.shown
    path, own = f"/questions/{question.name}", {k: v for k, v in given.items() if k != "page"}
    narrowed = {k: v for k, v in own.items() if k != "columns"}
    widened = narrowed if everything else narrowed | {"columns": "all"}
    whole = narrowed | {"limit": str(cards.MOST)}
    return Shown(
        view(card, question, names, columns, slice(first, first + ROWS)),
        total,
        first + 1,
        min(first + ROWS, total),
        _pages(path, own, count, page),
        everything,
        address(path, widened) if len(question.shown) < len(question.columns) else None,
        address(f"/api{path}", whole | {"format": "csv"}),
        address(f"/api{path}", whole | {"format": "json"}),
        address(path, {**own, "release": card["release"]}),
        said(Cohort(**card["cohort"])) if card["cohort"] else None,
        card["not_known"],
        card["release"],
        card["query"],
        address("/editor", {"question": question.name} | narrowed),
    )


def _pages(path: str, own: Mapping[str, str], count: int, here: int) -> list[PageLink]:
    if count == 1:
        return []
    return [
        PageLink(f"{at}", address(path, {**own, "page": str(at)}), at == here)
        for at in range(1, count + 1)
    ]


def _rendered(
    question: Question,
    given: Mapping[str, str],
    names: Names,
    answer: Shown | None,
    problem: Problem | None = None,
) -> str:
    general = problem is not None and problem.extra.get("field") not in question.parameter
    carried = [(name, given[name]) for name in ("release", "columns") if name in given]
    return render(
        "question.html",
        title=question.title,
        question=question,
        fields=fields(question, given, names, problem),
        carried=carried,
        narrowed=[(heading(name), given[name]) for name in question.parameter if name in given],
        answer=answer,
        problem=problem.detail if problem and general else None,
    )
