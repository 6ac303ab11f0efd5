"""What all pages share: their tag, and what a person is told in the place of one."""

from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.release import DamagedReleaseError, Release
from careatlas.service.answering import Headers
from careatlas.service.documents import Document, wanted
from careatlas.service.explorer.forms import Near
from careatlas.service.explorer.rendering import digest, render
from careatlas.service.problems import Problem, of_error
from careatlas.service.state import Service

Page = Callable[[Request], Awaitable[Response]]


def document(
    service: Service,
    release: Release,
    subject: Mapping[str, Any],
    make: Callable[[], Awaitable[str]],
    headers: Headers | None = None,
) -> Document:
    """A page on a release that is the same each time, until its template changes."""

    async def made() -> bytes:
        return (await make()).encode()

    decides = {**subject, "release": release.name, "templates": digest()}
    fields = [*(headers or []), ("dataset-version", release.name)]
    return Document(service, decides, "text/html", made, fields)


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
