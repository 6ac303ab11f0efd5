"""Questions as forms: a field for each parameter, filled with what was typed, faults beside it."""

from collections.abc import Mapping
from typing import NamedTuple
from urllib.parse import urlencode

from careatlas.graph.questions import Parameter, Question
from careatlas.graph.terms import SCHEME
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.tables import heading
from careatlas.service.problems import Problem

_INPUTS = {"date": "date", "integer": "number", "decimal": "number", "string": "text"}
_FEW = 300
"""So many names go with a page for the browser to offer; of more, none."""
_CHOSEN = {"region"}
"""Kinds of things that are so few that they are chosen from a list."""


class Option(NamedTuple):
    """What can be chosen."""

    value: str
    text: str


class Near(NamedTuple):
    """A name like the one typed, and the page that it leads to."""

    text: str
    url: str


class Field(NamedTuple):
    """A field of a form."""

    name: str
    id: str
    label: str
    help: str
    kind: str
    names: str
    """The kind of names that a script offers as one types; nothing where there are none."""
    value: str
    options: list[Option]
    problem: str | None
    nearest: list[Near]


def address(path: str, values: Mapping[str, str]) -> str:
    """A path with parameters.

    >>> address("/search", {"q": "a&b"}), address("/search", {})
    ('/search?q=a%26b', '/search')
    """
    return f"{path}?{urlencode(values)}" if values else path


def fields(
    question: Question, given: Mapping[str, str], names: Names, problem: Problem | None = None
) -> list[Field]:
    """The fields of a question's form."""
    return [_field(question, one, given, names, problem) for one in question.parameters]


def _field(
    question: Question,
    parameter: Parameter,
    given: Mapping[str, str],
    names: Names,
    problem: Problem | None,
) -> Field:
    name, typed = parameter.name, given.get(parameter.name, "")
    kind, options, value = _input(parameter, typed, names)
    offered = parameter.type if kind == "text" and parameter.type not in _INPUTS else ""
    faulty = problem is not None and problem.extra.get("field") == name
    near = (
        [*problem.extra.get("nearest", ()), *problem.extra.get("found", ())]
        if faulty and problem
        else []
    )
    links = [
        Near(one, address(f"/questions/{question.name}", {**given, name: one})) for one in near[:12]
    ]
    return Field(
        name,
        f"field-{name.replace('_', '-')}",
        heading(name),
        parameter.description,
        kind,
        offered,
        value,
        options,
        problem.detail if faulty and problem else None,
        links,
    )


def _input(parameter: Parameter, typed: str, names: Names) -> tuple[str, list[Option], str]:
    """The kind of input, what it offers, and which of that was typed."""
    if parameter.values:
        return "select", _with(typed, [Option(one, one) for one in parameter.values]), typed
    if parameter.type in _INPUTS:
        return _INPUTS[parameter.type], [], typed
    there = names.all(parameter.type)
    if parameter.type in _CHOSEN or all(iri.startswith(SCHEME) for _, iri in there):
        options = [Option(names.to_type(parameter.type, iri), label) for label, iri in there]
        iri = names.meant(parameter.type, typed) if typed else None
        typed = names.to_type(parameter.type, iri) if iri else typed
        return "select", _with(typed, options), typed
    offered = list(dict.fromkeys(label for label, _ in there))
    return "text", [Option(one, one) for one in offered] if len(offered) <= _FEW else [], typed


def _with(typed: str, options: list[Option]) -> list[Option]:
    """The options, and what was typed where it is none of them, so that it is not lost."""
    if typed and typed not in {one.value for one in options}:
        return [*options, Option(typed, typed)]
    return options
