"""The releases that are kept, and what changed between two of them."""

import asyncio
from collections import Counter
from functools import lru_cache
from pathlib import Path as Folder
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, Field

from careatlas.graph.diff import COLUMNS
from careatlas.graph.release import Release
from careatlas.service.cards import Paged, Paging, ReleaseName, Table, answer, optional
from careatlas.service.documents import Made
from careatlas.service.feed import ALTERNATES, updated
from careatlas.service.problems import Problem
from careatlas.service.replies import LINKED, PROBLEMS, Wanted, as_json, get, manifest, reply
from careatlas.service.state import Service


class ReleaseEntry(BaseModel):
    """A release that is kept."""

    name: str
    current: bool
    updated: str = Field(description="when it was written")
    as_of: str | None = Field(description="the day as of which it says what is current")
    quads: int
    rows: int = Field(description="rows of the tables that it was built from")
    sources: int
    findings: dict[str, int] = Field(description="findings of its validation by severity")


class ChangeEntry(BaseModel):
    """One thing that appeared, vanished or is now said otherwise."""

    change: str
    kind: str
    subject: str
    thing: str
    before: str
    after: str
    source: str
    locator: str


class Changes(Paged):
    """What changed between two releases."""

    before: str
    after: str
    counts: dict[str, dict[str, int]] = Field(description="by kind of thing and kind of change")
    changes: list[ChangeEntry]


class Compared(Paging):
    """The parameters of a comparison."""

    before: ReleaseName = Field(
        None,
        description="the earlier release (the one before `after`)",
        json_schema_extra=optional,
    )
    after: ReleaseName = Field(
        None, description="the later release (the current one)", json_schema_extra=optional
    )


@lru_cache(maxsize=256)
def summary(path: Folder) -> dict[str, Any]:
    """What does not change of a release."""
    release = Release(path)
    says = manifest(release)
    counts = {name: says.get(name) or 0 for name in ("quads", "rows")}
    return (
        {"name": release.name, "updated": updated(release), "as_of": says.get("as_of")}
        | counts
        | {"sources": len(says.get("sources", {})), "findings": says.get("findings", {})}
    )


def add_releases(routes: APIRouter, service: Service) -> None:
    """Add the list of releases, and each of them."""

    async def releases(request: Request) -> Response:
        current = service.current().name
        kept = await asyncio.to_thread(service.releases.all)
        names = [release.name for release in reversed(kept)]
        wanted = Wanted({"releases": names, "current": current})

        def listed() -> list[dict[str, Any]]:
            summaries = [summary(release.path) for release in reversed(kept)]
            return [one | {"current": one["name"] == current} for one in summaries]

        async def make() -> Made:
            return Made(as_json(await asyncio.to_thread(listed)), ALTERNATES)

        return await reply(service, request, wanted, make)

    async def one(request: Request, name: Annotated[str, Path(max_length=64)]) -> Response:
        release = service.release(name)
        wanted = Wanted({"manifest": str(release.path)}, release=release.name)

        async def make() -> Made:
            return Made(as_json(await asyncio.to_thread(manifest, release)))

        return await reply(service, request, wanted, make)

    described: dict[str, Any] = {"tags": ["releases"], "responses": PROBLEMS}
    get(
        routes,
        "/api/releases",
        releases,
        summary="The releases that are kept, newest first",
        operation_id="list_releases",
        response_model=list[ReleaseEntry],
        **described,
    )
    get(
        routes,
        "/api/releases/{name}",
        one,
        summary="All that a release says of itself",
        operation_id="release",
        response_model=dict[str, Any],
        **described,
    )


def pair(service: Service, given: Compared) -> tuple[Release, Release]:
    """The two releases to compare.

    Raises:
        Problem: one of them is not there.
    """
    after = service.release(given.after)
    if given.before:
        return service.release(given.before), after
    kept = service.releases.all()
    names = [release.name for release in kept]
    at = names.index(after.name) if after.name in names else 0
    if not at:
        said = f"nothing is kept from before release {after.name}: name two, see /api/releases"
        raise Problem(404, "no-such-release", said, field="before")
    return kept[at - 1], after


def add_diff(routes: APIRouter, service: Service) -> None:
    """Add the comparison of two releases."""

    async def diff(request: Request, given: Annotated[Compared, Query()]) -> Response:
        before, after = await asyncio.to_thread(pair, service, given)
        releases = [str(before.path), str(after.path)]
        job = {"do": "diff", "releases": releases, "encoding": None}
        pinned = bool(given.before and given.after)
        table = Table(job, "changes", COLUMNS, after.name, pinned, tallied)
        return await answer(service, request, given, table)

    get(
        routes,
        "/api/diff",
        diff,
        Compared.model_fields,
        tags=["releases"],
        summary="What changed between two releases",
        operation_id="diff",
        response_model=Changes,
        responses={
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "headers": LINKED}
        }
        | PROBLEMS,
    )


def tallied(found: dict[str, Any]) -> dict[str, Any]:
    """How many changes there are, by kind of thing and kind of change."""
    tally: dict[str, Counter[str]] = {}
    for change in found["changes"]:
        tally.setdefault(change["kind"], Counter())[change["change"]] += 1
    return {"counts": {kind: dict(sorted(counts.items())) for kind, counts in tally.items()}}
