"""`/api/routes`: the ways by which a trust could get something, ranked."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, Field

from careatlas.graph.release import Release
from careatlas.graph.route_rules import ASKED, NEARNESS, WAY
from careatlas.graph.route_table import COLUMNS
from careatlas.service.asking import LONGEST_NAME, Day, Source
from careatlas.service.cards import Paged, Pinned, Table, answer, optional
from careatlas.service.replies import CSV, LINKED, PROBLEMS, chosen, get
from careatlas.service.state import Service

Name = Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]


class Wish(Pinned):
    """Who asks, and for what."""

    given_for: Name = Field(
        alias="for", description="the trust that asks (a name, an alias, a code or the IRI)"
    )
    to: Name = Field(description="what it asks for: a product, a use case or a clinical domain")
    as_of: Day | None = Field(
        None, description="only what was true on this day", json_schema_extra=optional
    )
    known_by: Day | None = Field(
        None, description="only what had been reported by this day", json_schema_extra=optional
    )


class Stated(BaseModel):
    """What a claim says, and where."""

    says: str
    source: str = Field(description="the key of the document: see `sources`")
    locator: str = Field(description="the place in the document")
    claim: str


class Warned(BaseModel):
    """What speaks against a way, and where that stands."""

    text: str
    source: str
    locator: str


class Way(BaseModel):
    """A way by which the trust could get it: a precedent, or an instrument that is open."""

    rank: int
    kind: Literal["precedent", "instrument", "study", "programme"]
    asked: Literal[tuple(step.name for step in ASKED.steps)] = Field(  # type: ignore[valid-type]
        description="whether it is what is asked for, something of its vendor that is not named, or"
        " a product for the same use or domain"
    )
    nearness: Literal[tuple(step.name for step in NEARNESS.steps)]  # type: ignore[valid-type]
    shared: str | None = Field(description="what the two have in common")
    way: Literal[tuple(step.name for step in WAY.steps)]  # type: ignore[valid-type]
    organisation: str = Field(description="who has it, or the instrument")
    ods: str | None
    product: str | None
    vendor: str | None
    status: str | None
    route_type: str | None
    involvement: str | None
    route: str | None = Field(description="through whom or what")
    last: date | None = Field(description="the day of the last statement")
    independent_sources: int
    sentence: str = Field(description="who did what for whom, and when")
    not_known: list[str]
    warnings: list[Warned]
    source: str
    locator: str
    evidence: list[Stated]
    iri: str = Field(description="of the organisation, or the instrument")


class Ways(Paged):
    """The ways, the best first, with all that they rest on."""

    given_for: str = Field(alias="for")
    for_iri: str
    to: str
    to_kind: Literal["product", "capability"]
    to_iri: str
    release: str
    day: date = Field(description="the day on which instruments are open")
    precedent: bool = Field(description="whether there is a precedent for what is asked for itself")
    says: str
    own: list[Stated] = Field(description="what the trust itself is reported to have of it")
    options: list[Way]
    rules: list[str] = Field(description="by what the ways are ranked, the weightiest first")
    not_known: list[str]
    sources: dict[str, Source]


def route_job(release: Release, values: dict[str, str], *, flat: bool = False) -> dict[str, Any]:
    """The job that searches for ways."""
    return {
        "do": "routes",
        "releases": [str(release.path)],
        "values": values,
        "flat": flat,
        "encoding": None,
    }


def add_routes(router: APIRouter, service: Service) -> None:
    """Add the search for ways."""

    async def routes(request: Request, given: Annotated[Wish, Query()]) -> Response:
        release = service.release(given.release)
        values = given.model_dump(
            by_alias=True, exclude_none=True, exclude=set(Pinned.model_fields), mode="json"
        )
        job = route_job(release, values, flat=chosen(request, given.format) == CSV)
        pinned = given.release is not None
        return await answer(
            service, request, given, Table(job, "options", COLUMNS, release.name, pinned)
        )

    get(
        router,
        "/api/routes",
        routes,
        ["for", "to", "as_of", "known_by", *Pinned.model_fields],
        tags=["routes"],
        summary="The ways by which a trust could get something, ranked",
        description="Precedents in other organisations, and frameworks and purchasing systems that are"
        " open, each with its documents. Where there is no precedent the answer says so, and shows the"
        " nearest, marked as such.",
        operation_id="find_routes",
        response_model=Ways,
        responses={
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "headers": LINKED}
        }
        | PROBLEMS,
    )
