"""`/api/search`: things by their names."""

import asyncio
from difflib import get_close_matches
from pathlib import Path as Folder
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from careatlas.graph.release import DamagedReleaseError
from careatlas.service.cards import OLDER, ReleaseName, optional
from careatlas.service.documents import Made
from careatlas.service.problems import Problem, of_error
from careatlas.service.replies import HEADERS, PROBLEMS, Wanted, as_json, get, reply
from careatlas.service.search import LONGEST, MOST, Found, index_of
from careatlas.service.state import Service


class Thing(BaseModel):
    """A thing that goes by a name like the one typed."""

    id: str = Field(description="its IRI")
    label: str
    kind: str = Field(description="the kind that says most of it")
    kinds: list[str]
    matched: str = Field(
        description="the name that matched, in the form in which names are compared"
    )
    score: float = Field(description="how much alike, up to 1")


class Things(BaseModel):
    """What was found, best first."""

    q: str
    release: str
    results: list[Thing]


async def find(
    service: Service,
    typed: str,
    kind: str | None = None,
    most: int = 10,
    release: str | None = None,
) -> list[Found]:
    """The things of a release whose names are most like what was typed, best first.

    Raises:
        Problem: there is no such kind or release.
    """
    path = service.release(release).path
    return await asyncio.to_thread(_found, path, typed, kind, most)


def _found(path: Folder, typed: str, kind: str | None, most: int) -> list[Found]:
    try:
        index = index_of(path)
    except DamagedReleaseError as error:
        raise of_error(error) from None
    if kind and kind not in index.kinds:
        nearest = get_close_matches(kind[:80], index.kinds, n=4)
        said = f"no kind is called {kind[:80]!r}; nearest: {' | '.join(nearest or index.kinds)}"
        raise Problem(422, "wrong-parameter", said, field="kind", nearest=nearest)
    return index.find(typed, kind, most)


class Search(BaseModel):
    """The parameters of a search."""

    q: str = Field(min_length=1, max_length=LONGEST, description="a name, or what is like one")
    kind: Annotated[str, Field(max_length=80)] | None = Field(
        None,
        description="only things of this kind, such as trust, vendor, product or network",
        json_schema_extra=optional,
    )
    limit: int = Field(10, ge=1, le=MOST, description="things to give at most")
    release: ReleaseName = Field(None, description=OLDER, json_schema_extra=optional)


def add_search(routes: APIRouter, service: Service) -> None:
    """Add the search."""

    async def search(request: Request, given: Annotated[Search, Query()]) -> Response:
        chosen = service.release(given.release)
        name = chosen.name
        wanted = Wanted(
            {"search": given.model_dump(), "of": name},
            release=name,
            pinned=given.release is not None,
        )

        async def make() -> Made:
            found = await asyncio.to_thread(_found, chosen.path, given.q, given.kind, given.limit)
            results = [one._asdict() for one in found]
            return Made(as_json({"q": given.q, "release": name, "results": results}))

        return await reply(service, request, wanted, make)

    get(
        routes,
        "/api/search",
        search,
        Search.model_fields,
        tags=["search"],
        summary="Things by their names, however they are typed",
        operation_id="search",
        response_model=Things,
        responses={200: {"headers": HEADERS}} | PROBLEMS,
    )
