"""What all pages share: their tag, and what a person is told in the place of one."""

import re
from collections.abc import Awaitable, Callable, Mapping
from functools import wraps
from typing import Any

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.graph.release import DamagedReleaseError, Release
from careatlas.service.answering import Headers
from careatlas.service.documents import Document, wanted
from careatlas.service.explorer.forms import Near
from careatlas.service.explorer.links import local
from careatlas.service.explorer.rendering import digest, render
from careatlas.service.finding import find
from careatlas.service.media import best
from careatlas.service.problems import MEDIA, Problem, of_error
from careatlas.service.search import LONGEST
from careatlas.service.state import Service

_LINKED = "/about/"
"""Where programs go too."""
_NEAR = 6
"""So many names are offered in the place of one that is not there."""

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


def by_a_person(http: Request) -> bool:
    """Whether who asks would sooner read a page than a problem document."""
    return best(http.headers.get("accept"), [MEDIA, "text/html"]) == "text/html"


async def problem_page(http: Request, problem: Problem) -> Response:
    """What a person is told in the place of a page, with what may have been meant."""
    near = [Near(name, f"/questions/{name}") for name in problem.extra.get("questions", ())]
    near = near or await _alike(http, problem)
    headers = {"cache-control": "no-store"}
    if problem.retry_after is not None:
        headers["retry-after"] = str(problem.retry_after)
    if allow := problem.extra.get("allow"):
        headers["allow"] = ", ".join(allow)
    text = render(
        "problem.html",
        title=problem.title,
        detail=problem.detail,
        nearest=near,
        status=problem.status,
    )
    return HTMLResponse(text, problem.status, headers)


async def _alike(http: Request, problem: Problem) -> list[Near]:
    """The things whose names are most like the end of an address that names none."""
    if problem.status != 404:  # noqa: PLR2004 - that there is no such thing
        return []
    words = re.sub(r"[-_/+]+", " ", http.url.path.partition("?")[0].rstrip("/").rpartition("/")[2])
    typed = str(problem.extra.get("typed") or words).strip()[:LONGEST]
    try:
        found = await find(http.app.state.service, typed, most=_NEAR) if typed else []
    except Problem:
        # There is no release to look in: that there is nothing at the address is told all the same.
        return []
    return [Near(one.label, local(one.id)) for one in found]


def for_people(page: Page) -> Page:
    """A page that tells of a problem in words of its own.

    Raises:
        Problem: a program looks at an address of linked data, and is told in a document.
    """

    @wraps(page)
    async def shown(http: Request) -> Response:
        wanted(http, ["text/html"])
        try:
            return await page(http)
        except Problem as problem:
            if http.url.path.startswith(_LINKED) and not by_a_person(http):
                raise
            return await problem_page(http, problem)
        except DamagedReleaseError as error:
            return await problem_page(http, of_error(error))

    return shown
