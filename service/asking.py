"""The questions of the catalogue as endpoints, each with the types of its front matter."""

from datetime import date
from decimal import Decimal
from difflib import get_close_matches
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, create_model
from pydantic_core import PydanticCustomError

from careatlas.graph.questions import Parameter, Question, catalogue
from careatlas.service.cards import Paged, Pinned, Table, answer, optional
from careatlas.service.documents import Made
from careatlas.service.problems import Problem
from careatlas.service.replies import LINKED, PROBLEMS, Wanted, as_json, get, reply
from careatlas.service.state import Service

LONGEST_NAME = 300
_OF_A_COLUMN = {
    "source": "the key of the document that says so: see `sources`",
    "locator": "the place in the document",
    "claim": "the claim that the row rests on",
    "ods": "the code in the register of health organisations",
    "reported": "the day of which it is reported",
}


def _day(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise PydanticCustomError(
                "day", "{given} is not a day: write 2024-09-18", {"given": repr(value[:40])}
            ) from None
    return value


Day = Annotated[date, BeforeValidator(_day)]
_CELLS: dict[str, Any] = {
    "string": str,
    "integer": int,
    "decimal": float,
    "boolean": bool,
    "date": date,
    "iri": Annotated[str, Field(json_schema_extra={"format": "iri"})],
}


class Source(BaseModel):
    """A document that rows rest on."""

    title: str
    url: str | None
    published: str | None
    licence: str | None


class CohortCounts(BaseModel):
    """Who was asked, and what became of it."""

    name: str
    asked: int
    answered: int
    uses: int
    denies: int
    refused: int = Field(description="those who use AI but refuse to say which")
    silent: int
    not_asked: int


class Card(Paged):
    """An answer with all that it rests on."""

    question: str
    title: str
    release: str
    columns: list[str]
    sources: dict[str, Source]
    counting_rule: str
    cohort: CohortCounts | None
    not_known: list[str]
    query: str = Field(description="the SPARQL that ran")


class ParameterEntry(BaseModel):
    """What a question can be narrowed by."""

    name: str
    type: str
    description: str
    values: list[str] = Field(description="what can be given, where only some can")


class ColumnEntry(BaseModel):
    """What a question gives."""

    name: str
    type: str


class Entry(BaseModel):
    """A question of the catalogue."""

    name: str
    href: str
    title: str
    description: str
    answers: list[str]
    tags: list[str]
    parameters: list[ParameterEntry]
    columns: list[ColumnEntry]
    cohort: str | None
    not_known: list[str]


def add_questions(router: APIRouter, service: Service) -> None:
    """Add the catalogue and an endpoint for each of its questions."""
    questions = catalogue()
    _add_list(router, service, questions)
    for question in questions:
        _add_question(router, service, question)

    names = [question.name for question in questions]

    async def unknown(name: str) -> Response:
        nearest = get_close_matches(name[:80], names, n=4, cutoff=0.4)
        said = f"no question is called {name[:80]!r}: see /api/questions"
        raise Problem(404, "no-such-question", said, nearest=nearest)

    router.add_api_route(
        "/api/questions/{name}", unknown, methods=["GET", "HEAD"], include_in_schema=False
    )


def _add_list(router: APIRouter, service: Service, questions: list[Question]) -> None:
    listed = as_json([entry(question) for question in questions])

    async def listing(request: Request) -> Response:
        async def make() -> Made:
            return Made(listed)

        return await reply(service, request, Wanted({"list": "questions"}), make)

    get(
        router,
        "/api/questions",
        listing,
        tags=["questions"],
        summary="The questions that can be asked",
        operation_id="list_questions",
        response_model=list[Entry],
        responses=PROBLEMS,
    )


def entry(question: Question) -> dict[str, object]:
    """A question as the catalogue shows it."""
    return {
        "name": question.name,
        "href": f"/api/questions/{question.name}",
        "title": question.title,
        "description": question.description,
        "answers": list(question.answers),
        "tags": list(question.tags),
        "parameters": [
            {
                "name": one.name,
                "type": one.type,
                "description": one.description,
                "values": list(one.values),
            }
            for one in question.parameters
        ],
        "columns": [{"name": name, "type": kind} for name, kind in question.columns.items()],
        "cohort": question.cohort,
        "not_known": list(question.not_known),
    }


def _add_question(router: APIRouter, service: Service, question: Question) -> None:
    given_model = parameters_model(question)

    async def ask(request: Request, given: Pinned) -> Response:
        release = service.release(given.release)
        values = given.model_dump(
            by_alias=True, exclude_none=True, exclude=set(Pinned.model_fields), mode="json"
        )
        job = {
            "do": "ask",
            "releases": [str(release.path)],
            "question": question.name,
            "values": {name: str(value) for name, value in values.items()},
            "encoding": None,
        }
        pinned = given.release is not None
        table = Table(job, "rows", tuple(question.columns), release.name, pinned)
        return await answer(service, request, given, table)

    ask.__annotations__["given"] = Annotated[given_model, Query()]
    unknown = "".join(f"\n\nNot known: {one}" for one in question.not_known)
    get(
        router,
        f"/api/questions/{question.name}",
        ask,
        [*question.parameter, *Pinned.model_fields],
        tags=["questions"],
        summary=question.title,
        description=question.description + unknown,
        operation_id=f"ask_{question.name.replace('-', '_')}",
        response_model=answer_model(question),
        response_description="The rows, and what they rest on",
        responses={
            200: {"content": {"text/csv": {"schema": {"type": "string"}}}, "headers": LINKED}
        }
        | PROBLEMS,
    )


def parameters_model(question: Question) -> type[Pinned]:
    """The parameters of a question as a model; a field's own name says nothing, its alias does."""
    fields: dict[str, Any] = {
        f"given_{at}": (
            _type(one) | None,
            Field(None, alias=one.name, description=_says(one), json_schema_extra=optional),
        )
        for at, one in enumerate(question.parameters)
    }
    return create_model(f"{_pascal(question)}Parameters", __base__=Pinned, **fields)


def _type(parameter: Parameter) -> Any:  # noqa: ANN401 - a type
    if parameter.values:
        return Literal[parameter.values]
    if parameter.type == "date":
        return Day
    if parameter.type == "integer":
        return int
    if parameter.type == "decimal":
        return Annotated[Decimal, Field(max_digits=30, allow_inf_nan=False)]
    return Annotated[str, Field(max_length=LONGEST_NAME)]


def _says(parameter: Parameter) -> str:
    if parameter.type in {"date", "integer", "decimal", "string"}:
        return parameter.description
    return f"{parameter.description} ({parameter.type}: a name, an alias, a code or the IRI)"


def answer_model(question: Question) -> type[Card]:
    """The answer to a question as a model."""
    fields: dict[str, Any] = {
        f"column_{at}": (_CELLS[kind] | None, Field(alias=name, description=_about(question, name)))
        for at, (name, kind) in enumerate(question.columns.items())
    }
    row = create_model(f"{_pascal(question)}Row", __config__=ConfigDict(extra="forbid"), **fields)
    return create_model(f"{_pascal(question)}Answer", __base__=Card, rows=(list[row], ...))


def _about(question: Question, column: str) -> str:
    said = _OF_A_COLUMN.get(column, column.replace("_", " "))
    return f"{said}; null where no source states it" if column in question.gaps else said


def _pascal(question: Question) -> str:
    return "".join(word.capitalize() for word in question.name.split("-"))
