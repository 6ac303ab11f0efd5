"""The page of the catalogue: all questions under what they are about."""

from itertools import groupby

from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.questions import Question, catalogue
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.state import Service


async def questions_page(service: Service, _: Request) -> Response:
    """All questions that can be asked."""
    groups = by_tag(catalogue())

    async def make() -> str:
        return render("questions.html", title="Questions", groups=groups)

    return document(service, service.current(), {"page": "/questions"}, make)


def by_tag(questions: list[Question]) -> list[tuple[str, list[Question]]]:
    """The questions under their tags, both by name; one with two tags stands under both."""
    pairs = sorted(
        ((tag, one) for one in questions for tag in one.tags),
        key=lambda pair: (pair[0], pair[1].title),
    )
    return [(tag, [one for _, one in group]) for tag, group in groupby(pairs, lambda pair: pair[0])]
