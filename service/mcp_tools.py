"""The tools of the MCP server: one for each question of the catalogue, the ways, and four that help."""

from collections.abc import Mapping

from mcp import types

from careatlas.graph.export import PREFIXES
from careatlas.graph.labels import KINDS
from careatlas.graph.questions import Parameter, Question, catalogue
from careatlas.graph.release import Release
from careatlas.service.mcp_routes import routes_tool
from careatlas.service.mcp_schema import (
    COUNT,
    MAYBE_TEXT,
    OFFSET,
    SOURCES,
    TEXT,
    TEXTS,
    Schema,
    closed,
    number,
    tool,
)
from careatlas.service.mcp_text import plainly

ROWS = 200
"""An answer gives so many rows where no limit is asked for."""
MOST_ROWS = 1000
FOUND, MOST_FOUND = 10, 50
TOLD, MOST_TOLD = 100, 500
LISTED = 40
"""A scheme of at most this many concepts is written out in the schema of a parameter."""
NAMED = {kind for kinds in KINDS.values() for kind in kinds}
"""Kinds of things that go by names; all other kinds are schemes of concepts."""

INSTRUCTIONS = """\
Careatlas tells who uses which AI in the English health service, through which network or procurement
route, and how that is known. Each tool but routes, search, describe, questions and sparql answers one question.
How to read an answer: each row is what a source states, with the source and the place in it (locator);
cite them. No row is not a no: it means that nothing in the release says so, see not_known. Denies,
refused, gave no answer and was not asked are four different things. Only the status live is use. Two
sources that report the same thing are two rows, so rows are not a count of trusts. An empty cell means
that no source states it. Where total is above the number of rows given, ask again with next_offset.
Names are forgiven little: where one is not found, the error offers the nearest; search finds more."""

_FLAG: Schema = {"type": "boolean"}
_CELLS: dict[str, Schema] = {
    "integer": {"type": ["integer", "null"]},
    "decimal": {"type": ["number", "null"]},
    "boolean": {"type": ["boolean", "null"]},
}
_COHORT: Schema = {
    "description": "who was asked, and what became of it",
    "anyOf": [
        closed(
            {"name": TEXT}
            | dict.fromkeys(
                ("asked", "answered", "uses", "denies", "refused", "silent", "not_asked"), COUNT
            )
        ),
        {"type": "null"},
    ],
}


def tools(release: Release | None) -> list[types.Tool]:
    """All tools; with the concepts of a release, where there is one, in their schemas."""
    labels = release.labels if release else {}
    return [
        *(_question(question, labels) for question in catalogue()),
        routes_tool(),
        _search(sorted(labels)),
        _describe(sorted(labels)),
        _questions(),
        _sparql(),
    ]


def _question(question: Question, labels: Mapping[str, list[list[str]]]) -> types.Tool:
    takes = {
        parameter.name: parameter_schema(parameter, labels) for parameter in question.parameters
    }
    takes["limit"] = number("rows to give", ROWS, MOST_ROWS)
    takes["offset"] = OFFSET
    return tool(
        question.name,
        question.title,
        f"{question.title}. {plainly(question.description)}",
        closed(takes, []),
        card_schema(question),
    )


def parameter_schema(parameter: Parameter, labels: Mapping[str, list[list[str]]]) -> Schema:
    """The JSON Schema of a question's parameter."""
    schema: Schema = {"type": "string", "description": plainly(parameter.description)}
    if parameter.values:
        schema["enum"] = list(parameter.values)
    elif parameter.type in {"integer", "decimal", "boolean"}:
        schema["type"] = {"decimal": "number"}.get(parameter.type, parameter.type)
    elif parameter.type == "date":
        schema["format"] = "date"
    elif parameter.type != "string":
        concepts = _concepts(parameter.type, labels)
        if concepts:
            schema["enum"] = concepts
        else:
            kind = parameter.type.replace("-", " ")
            schema["description"] += f"; a name, alias, code or IRI of kind {kind}"
    return schema


def _concepts(kind: str, labels: Mapping[str, list[list[str]]]) -> list[str]:
    """The notations of a scheme that is short enough to be listed."""
    if kind in NAMED:
        return []
    notations = {iri.rsplit("/", 1)[-1] for _, iri, _ in labels.get(kind, ())}
    return sorted(notations) if len(notations) <= LISTED else []


def card_schema(question: Question) -> Schema:
    """The JSON Schema of a question's answer."""
    row = {name: _CELLS.get(kind, MAYBE_TEXT) for name, kind in question.columns.items()}
    return closed(
        {
            "question": {"const": question.name},
            "title": TEXT,
            "release": TEXT,
            "total": COUNT | {"description": "rows of the whole answer"},
            "offset": COUNT,
            "next_offset": {"type": ["integer", "null"]},
            "columns": TEXTS,
            "rows": {"type": "array", "items": closed(row)},
            "sources": SOURCES,
            "counting_rule": TEXT,
            "cohort": _COHORT,
            "not_known": TEXTS | {"description": "what the answer does not tell"},
        }
    )


def _kinds(kinds: list[str], says: str) -> Schema:
    schema: Schema = {"type": "string", "description": says}
    return schema | {"enum": kinds} if kinds else schema


def _search(kinds: list[str]) -> types.Tool:
    found = closed({"name": TEXT, "kinds": TEXTS, "iri": TEXT, "matched": TEXT})
    return tool(
        "search",
        "Find a thing by its name",
        "Organisations, networks, vendors, products, documents and concepts whose names or aliases look"
        " like the text given; typing errors are forgiven. The names found can be given to the other tools.",
        closed(
            {
                "text": {
                    "type": "string",
                    "description": "a name, part of one, an alias or a code",
                },
                "kind": _kinds(kinds, "only things of this kind"),
                "limit": number("things to give", FOUND, MOST_FOUND),
            },
            ["text"],
        ),
        closed({"release": TEXT, "text": TEXT, "found": {"type": "array", "items": found}}),
    )


def _describe(kinds: list[str]) -> types.Tool:
    statement = {"property": TEXT, "value": {"type": ["string", "number", "boolean"]}}
    named = {"name": MAYBE_TEXT, "source": MAYBE_TEXT}
    return tool(
        "describe",
        "What the release says of one thing",
        "All statements about a thing with the source of each, the claims about it with their places in"
        " the sources, and the things that refer to it. Lists that go on are named in goes_on.",
        closed(
            {
                "thing": {"type": "string", "description": "its IRI, or its name, alias or code"},
                "kind": _kinds(kinds, "which kind of thing is meant, where a name has several"),
                "limit": number("entries of each list", TOLD, MOST_TOLD),
            },
            ["thing"],
        ),
        closed(
            {
                "release": TEXT,
                "iri": TEXT,
                "name": MAYBE_TEXT,
                "statements": {"type": "array", "items": closed(statement | named)},
                "claims": {
                    "type": "array",
                    "items": closed({"claim": TEXT, "source": MAYBE_TEXT, "locator": MAYBE_TEXT}),
                },
                "referred_to_by": {
                    "type": "array",
                    "items": closed({"thing": TEXT, "property": TEXT} | named),
                },
                "goes_on": TEXTS | {"description": "the lists that are longer than given"},
                "sources": SOURCES,
            }
        ),
    )


def _questions() -> types.Tool:
    brief = {"name": TEXT, "title": TEXT, "tags": TEXTS, "parameters": TEXTS}
    whole = {"counting_rule": TEXT, "columns": TEXTS, "not_known": TEXTS, "sparql": TEXT}
    return tool(
        "questions",
        "The catalogue of questions",
        "Each question's name, title and parameters; each is a tool of the same name. With a name, that"
        " question with its counting rule, columns and SPARQL, to build a query of one's own upon.",
        closed({"name": {"type": "string", "description": "the name of a question"}}, []),
        closed({"questions": {"type": "array", "items": closed(brief | whole, list(brief))}}),
    )


def _sparql() -> types.Tool:
    shown = " ".join(f"PREFIX {name}: <{iri}>" for name, iri in PREFIXES.items())
    return tool(
        "sparql",
        "Run a SPARQL query",
        "A read-only SPARQL 1.1 query on the release, for what no question answers. Without GRAPH it sees"
        " all statements; those of each source are also in a graph of its own. complete tells whether the"
        f" rows are all; add ORDER BY, LIMIT and OFFSET to page. Prefixes must be declared: {shown}."
        " See questions with a name for a query that works.",
        closed(
            {
                "query": {"type": "string", "description": "SELECT, ASK, CONSTRUCT or DESCRIBE"},
                "limit": number("rows to give", ROWS, MOST_ROWS),
            },
            ["query"],
        ),
        closed(
            {
                "release": TEXT,
                "columns": TEXTS,
                "rows": {
                    "type": "array",
                    "items": {
                        "type": "object",
                        "additionalProperties": {"type": ["string", "number", "boolean", "null"]},
                    },
                },
                "boolean": _FLAG | {"description": "the answer to an ASK"},
                "complete": _FLAG,
            },
            ["release", "columns", "rows", "complete"],
        ),
    )
