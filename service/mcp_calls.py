"""What the tools of the MCP server do: check the arguments, have a worker do the job, tell both ways."""

from collections.abc import Awaitable, Callable, Mapping
from difflib import get_close_matches
from typing import Any

from mcp import types

from careatlas.graph.questions import UnknownQuestionError, get, names
from careatlas.graph.release import DamagedReleaseError
from careatlas.service import finding, mcp_query, mcp_routes, mcp_search, mcp_text
from careatlas.service.evidence import sources
from careatlas.service.mcp_schema import Schema
from careatlas.service.mcp_tools import FOUND, ROWS, TOLD
from careatlas.service.problems import Problem, of_error
from careatlas.service.state import Service

Arguments = Mapping[str, Any]
Told = tuple[dict[str, Any], str]
"""An answer as structured content, and in plain text."""

_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
}


async def call(service: Service, tool: types.Tool, given: Arguments) -> types.CallToolResult:
    """Call a tool; what goes wrong is told in one line, so that a model can mend its call."""
    do = _HELPERS.get(tool.name, _ask)
    try:
        structured, text = await do(service, tool.name, checked(tool, given))
    except (Problem, DamagedReleaseError) as error:
        return types.CallToolResult(content=[_text(said(of_error(error)))], is_error=True)
    return types.CallToolResult(content=[_text(text)], structured_content=structured)


def _text(text: str) -> types.TextContent:
    return types.TextContent(text=text)


def said(problem: Problem) -> str:
    """A problem in one plain line."""
    field = problem.extra.get("field")
    line = " ".join(problem.detail.split())
    wait = f"; try again in {problem.retry_after} s" if problem.retry_after else ""
    return f"{field}: {line}{wait}" if field else f"{line}{wait}"


def checked(tool: types.Tool, given: Arguments) -> dict[str, Any]:
    """The arguments that say something, each of the type that the tool takes.

    Raises:
        Problem: one is unknown, missing or of another type.
    """
    takes = tool.input_schema["properties"]
    found = {name: value for name, value in given.items() if value is not None}
    for name, value in found.items():
        if name not in takes:
            near = get_close_matches(name, takes, n=3)
            offer = f"; nearest: {' | '.join(near)}" if near else ""
            raise _wrong(
                name, f"{tool.name} takes no such argument{offer}; it takes {', '.join(takes)}"
            )
        _check(name, value, takes[name])
    for name in tool.input_schema["required"]:
        if name not in found:
            raise _wrong(name, f"{tool.name} needs it: {takes[name]['description']}")
    return found


def _check(name: str, value: object, schema: Schema) -> None:
    kind = schema["type"]
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        raise _wrong(name, f"{value!r} is no {kind}")
    low, high = schema.get("minimum"), schema.get("maximum")
    if isinstance(value, int) and low is not None and value < low:
        raise _wrong(name, f"{value} is below {low}")
    if isinstance(value, int) and high is not None and value > high:
        raise _wrong(name, f"{value} is above {high}")


def _wrong(name: str, problem: str) -> Problem:
    return Problem(422, "wrong-parameter", problem, field=name)


async def _ask(service: Service, name: str, given: Arguments) -> Told:
    release = service.current()
    limit, offset = given.get("limit", ROWS), given.get("offset", 0)
    values = {key: _typed(value) for key, value in given.items() if key not in {"limit", "offset"}}
    job = {"do": "ask", "releases": [str(release.path)], "question": name, "values": values}
    whole = await service.json(job)
    total = len(whole["rows"])
    rows = whole["rows"][offset : offset + limit]
    end = offset + len(rows)
    card = {
        "question": whole["question"],
        "title": whole["title"],
        "release": whole["release"],
        "total": total,
        "offset": offset,
        "next_offset": end if rows and end < total else None,
        "columns": whole["columns"],
        "rows": rows,
        "sources": sources(release, rows),
        "counting_rule": whole["counting_rule"],
        "cohort": whole["cohort"],
        "not_known": whole["not_known"],
    }
    return card, mcp_text.card(get(name), card)


def _typed(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


async def _search(service: Service, _: str, given: Arguments) -> Told:
    release = service.current()
    text, kind = given["text"], given.get("kind")
    alike = await finding.find(service, text, kind, given.get("limit", FOUND))
    found = [
        {"name": one.label, "kinds": one.kinds, "iri": one.id, "matched": one.matched}
        for one in alike
    ]
    return {"release": release.name, "text": text, "found": found}, mcp_text.found(text, found)


async def _describe(service: Service, _: str, given: Arguments) -> Told:
    release = service.current()
    iri = await mcp_search.identify(service, release, given["thing"].strip(), given.get("kind"))
    thing = await mcp_query.describe(service, release, iri, given.get("limit", TOLD))
    thing["sources"] = sources(
        release, [*thing["statements"], *thing["claims"], *thing["referred_to_by"]]
    )
    return thing, mcp_text.description(thing)


async def _sparql(service: Service, _: str, given: Arguments) -> Told:
    limit = given.get("limit", ROWS)
    found = await mcp_query.run(service, service.current(), given["query"], limit)
    return found, mcp_text.result(found, limit)


async def _questions(_: Service, __: str, given: Arguments) -> Told:
    wanted = given.get("name")
    try:
        chosen = [get(name) for name in ([wanted] if wanted is not None else names())]
    except UnknownQuestionError as error:
        offer = f"; nearest: {' | '.join(error.nearest)}" if error.nearest else ""
        raise _wrong("name", f"no question is called {error.name!r}{offer}") from None
    found = {
        "questions": [
            {
                "name": question.name,
                "title": question.title,
                "tags": list(question.tags),
                "parameters": list(question.parameter),
            }
            | (
                {
                    "counting_rule": question.description,
                    "columns": list(question.columns),
                    "not_known": list(question.not_known),
                    "sparql": question.text,
                }
                if wanted is not None
                else {}
            )
            for question in chosen
        ]
    }
    return found, mcp_text.question(found)


_HELPERS: dict[str, Callable[[Service, str, Arguments], Awaitable[Told]]] = {
    "search": _search,
    "describe": _describe,
    "questions": _questions,
    "routes": mcp_routes.find,
    "sparql": _sparql,
}
