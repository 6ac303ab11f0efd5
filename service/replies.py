"""What the answers of `/api` have in common: strict parameters, entity tags, compression, problems."""

import json
from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from fastapi import APIRouter, Depends, Request, Response

from careatlas.graph.release import DamagedReleaseError, Release
from careatlas.service import media
from careatlas.service.answering import matches
from careatlas.service.documents import Made, kept_or_made
from careatlas.service.problems import MEDIA, Problem, of_error
from careatlas.service.sparql import parameters
from careatlas.service.state import Service, tag_of

JSON = "application/json"
CSV = "text/csv"
RELEASE = r"^[0-9a-f]{16}$"
_SHORT = {"json": JSON, "csv": CSV}
_FOR_EVER = "public, max-age=31536000, immutable"

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what to do, in a plain sentence"},
        "field": {"type": "string", "description": "the parameter that it is about"},
        "nearest": {
            "type": "array",
            "items": {"type": "string"},
            "description": "names like the one given",
        },
    },
}
HEADERS = {
    "ETag": {"schema": {"type": "string"}},
    "Dataset-Version": {
        "schema": {"type": "string"},
        "description": "the release that it rests on",
    },
}
LINKED = HEADERS | {
    "Link": {"schema": {"type": "string"}, "description": "the first, previous and next page"},
}


_SAID = {MEDIA: {"schema": _PROBLEM}}
PROBLEMS: dict[int | str, dict[str, Any]] = {
    "4XX": {"description": "The request is wrong: what to do stands in `detail`", "content": _SAID},
    "5XX": {"description": "Not now, or not in the time there is", "content": _SAID},
}
"""The problem documents that each endpoint can answer with, for its description."""


class Only:
    """Lets a request through that has no other parameters than these, and each of them once."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = names

    def __call__(self, request: Request) -> None:
        """Look at the parameters of a request.

        Raises:
            Problem: one is unknown, given twice, or no text.
        """
        seen = set()
        for name, _ in parameters(request.scope["query_string"]):
            if name not in self.names:
                known = ", ".join(self.names) or "none"
                nearest = get_close_matches(name[:80], self.names, n=3)
                raise Problem(
                    422,
                    "wrong-parameter",
                    f"{name[:80]!r} is no parameter here; there are: {known}",
                    field=name,
                    nearest=nearest,
                )
            if name in seen:
                raise Problem(422, "wrong-parameter", f"{name} is given more than once", field=name)
            seen.add(name)


def get(
    router: APIRouter,
    path: str,
    endpoint: Callable[..., Any],
    names: Collection[str] = (),
    **described: Any,  # noqa: ANN401 - what FastAPI takes
) -> None:
    """Have an endpoint answer GET and HEAD, with these parameters and no others."""
    only = [Depends(Only(names))]
    router.add_api_route(path, endpoint, methods=["GET"], dependencies=only, **described)
    router.add_api_route(
        path, endpoint, methods=["HEAD"], dependencies=only, include_in_schema=False
    )


def chosen(request: Request, form: str | None) -> str:
    """JSON or CSV: what the parameter says, else what the client likes best.

    Raises:
        Problem: it takes neither.
    """
    found = _SHORT[form] if form else media.best(request.headers.get("accept"), _SHORT.values())
    if found is None:
        offered = list(_SHORT.values())
        detail = f"accept {' or '.join(offered)}, or say format=json or format=csv"
        raise Problem(406, "not-acceptable", detail, offered=offered)
    return found


def manifest(release: Release) -> dict[str, Any]:
    """The manifest of a release.

    Raises:
        Problem: it cannot be read.
    """
    try:
        return release.manifest
    except DamagedReleaseError as error:
        raise of_error(error) from None


def as_json(value: object) -> bytes:
    """A value as compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


@dataclass(frozen=True)
class Wanted:
    """An answer that is the same each time: what decides on it, and how it is described."""

    decides: dict[str, Any]
    media: str = JSON
    release: str | None = None
    pinned: bool = False
    """Whether the request names the release, so that the answer never changes."""


async def reply(
    service: Service, request: Request, wanted: Wanted, make: Callable[[], Awaitable[Made]]
) -> Response:
    """Answer with what is kept or made; nothing but the head where the client has it already."""
    encoding = media.encoding(request.headers.get("accept-encoding"))
    described = {"media": wanted.media, "encoding": encoding}
    tag = tag_of(wanted.decides | described)
    headers = {
        "etag": f'"{tag}"',
        "cache-control": _FOR_EVER if wanted.pinned else "no-cache",
        "vary": "Accept, Accept-Encoding",
    }
    if wanted.release:
        headers["dataset-version"] = wanted.release
    if matches(request.headers.get("if-none-match"), tag):
        return Response(status_code=304, headers=headers)
    kept = await kept_or_made(service, tag, (wanted.media, encoding), make)
    if kept.links:
        headers["link"] = kept.links
    if kept.encoding:
        headers["content-encoding"] = kept.encoding
    headers["content-type"] = media.content_type(kept.media)
    response = Response(kept.body, headers=headers)
    if request.method == "HEAD":
        response.body = b""
    return response
