"""The explorer: pages for people, made on the server, that work without any script."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import wraps
from itertools import groupby
from typing import NamedTuple

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.answer import Cohort
from careatlas.graph.questions import Question, UnknownQuestionError, catalogue, get
from careatlas.graph.release import DamagedReleaseError, Release
from careatlas.graph.terms import ATLAS
from careatlas.service.description import class_sizes
from careatlas.service.documents import READ, Document, wanted
from careatlas.service.explorer_forms import Near
from careatlas.service.explorer_questions import question_page
from careatlas.service.explorer_tables import Cell, names_of, view
from careatlas.service.explorer_things import ask_job
from careatlas.service.finding import find
from careatlas.service.pages import WAYS, local
from careatlas.service.problems import Problem, of_error
from careatlas.service.rendering import render
from careatlas.service.search import LONGEST
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

FOUND = 60
"""So many things one search shows."""
_COUNTED = (
    ("NHSTrust", "trusts"),
    ("Company", "companies"),
    ("AISystem", "AI systems"),
    ("Deployment", "deployments"),
    ("SourceDocument", "documents"),
)
_EXAMPLES = (("trust", "A trust"), ("vendor", "A supplier"), ("product", "A product"))
_PLURAL = {"icb": "integrated care boards", "vendor": "suppliers"}
_FIGURES = (
    ("asked", "trusts were asked"),
    ("uses", "say that they use AI"),
    ("denies", "say that they do not"),
    ("silent", "gave no answer"),
    ("not_asked", "other trusts were not asked"),
)


class Figure(NamedTuple):
    """A figure and what it counts."""

    value: int
    says: str


Page = Callable[[Request], Awaitable[Response]]


def problem_page(problem: Problem) -> Response:
    """What a person is told in the place of a page."""
    near = [Near(name, f"/questions/{name}") for name in problem.extra.get("questions", ())]
    headers = {"cache-control": "no-store"}
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    text = render("problem.html", title=problem.title, detail=problem.detail, nearest=near)
    return HTMLResponse(text, problem.status, headers)


def for_people(page: Page) -> Page:
    """A page that tells of a problem in words of its own."""

    @wraps(page)
    async def shown(http: Request) -> Response:
        wanted(http, ["text/html"])
        try:
            return await page(http)
        except Problem as problem:
            return problem_page(problem)
        except DamagedReleaseError as error:
            return problem_page(of_error(error))

    return shown


def router(service: Service) -> APIRouter:
    """The routes of the explorer."""
    routes = APIRouter(include_in_schema=False)
    groups = by_tag(catalogue())

    @routes.api_route("/", methods=READ)
    @for_people
    async def start(http: Request) -> Response:
        release = service.current()

        async def make() -> bytes:
            return (await _start(service, release)).encode()

        return Document(service, {"page": "/", "release": release.name}, "text/html", make)

    @routes.api_route("/questions", methods=READ)
    @for_people
    async def questions(http: Request) -> Response:
        async def make() -> bytes:
            return render("questions.html", title="Questions", groups=groups).encode()

        return Document(service, {"page": "questions"}, "text/html", make)

    @routes.api_route("/questions/{name}", methods=READ)
    @for_people
    async def question(http: Request) -> Response:
        return await question_page(service, http, known(http.path_params["name"]))

    @routes.api_route("/search", methods=READ)
    @for_people
    async def search(http: Request) -> Response:
        return await _search(service, http)

    return routes


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


def by_tag(questions: list[Question]) -> list[tuple[str, list[Question]]]:
    """The questions under their tags, both by name; one with two tags stands under both."""
    pairs = sorted(
        ((tag, one) for one in questions for tag in one.tags),
        key=lambda pair: (pair[0], pair[1].title),
    )
    return [(tag, [one for _, one in group]) for tag, group in groupby(pairs, lambda pair: pair[0])]


async def _start(service: Service, release: Release) -> str:
    question = get("adoption")
    card = await service.json(ask_job(release, question.name, {}))
    sizes = await class_sizes(service, release)
    cohort = Cohort(**card["cohort"]) if card["cohort"] else None
    names = await asyncio.to_thread(names_of, release)
    ways = [Cell(name, url, says) for url, name, says in WAYS]
    examples = [
        Cell(rows[0][2], local(rows[0][1]), says)
        for kind, says in _EXAMPLES
        if (rows := release.labels.get(kind))
    ]
    return render(
        "home.html",
        title="Careatlas",
        figures=[Figure(getattr(cohort, name), says) for name, says in _FIGURES] if cohort else [],
        cohort=cohort.name if cohort else "",
        view=view(card, question, names, question.shown, slice(None)),
        title_of_table=question.title,
        ways=[*ways, *examples],
        release=release.name,
        as_of=release.manifest["as_of"],
        quads=release.manifest["quads"],
        records=release.manifest["records"],
        counts=[Figure(sizes.get(ATLAS + kind, 0), says) for kind, says in _COUNTED],
    )


async def _search(service: Service, http: Request) -> Response:
    """What goes by a name like the one typed, kind by kind, the best first."""
    typed = dict(parameters(http.scope["query_string"])).get("q", "").strip()
    if len(typed) > LONGEST:
        said = f"A name has at most {LONGEST} characters."
        return HTMLResponse(_searched(typed[:LONGEST], [], said), 422)
    found = await find(service, typed, most=FOUND) if typed else []
    kinds: dict[str, list[Cell]] = {}
    for one in found:
        heading = _PLURAL.get(one.kind, f"{one.kind.replace('-', ' ')}s")
        note = f"also called {one.matched}" if one.matched != one.label else None
        kinds.setdefault(heading, []).append(Cell(one.label, local(one.id), note))
    return HTMLResponse(
        _searched(typed, list(kinds.items())), headers={"cache-control": "no-cache"}
    )


def _searched(typed: str, groups: list[tuple[str, list[Cell]]], problem: str | None = None) -> str:
    title = f"Search: {typed}" if typed else "Search"
    return render("search.html", title=title, typed=typed, groups=groups, problem=problem)
