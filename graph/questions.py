"""The catalogue: each question is a SPARQL file whose front matter says what it takes and gives."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from careatlas import queries

MARK = "#+ "
_KEYS: dict[str, type] = {
    "title": str,
    "description": str,
    "answers": list,
    "tags": list,
    "not_known": list,
    "gaps": list,
    "shown": list,
    "cohort": str,
    "parameters": dict,
    "columns": dict,
}
_TYPES = {"string", "integer", "decimal", "boolean", "date", "iri"}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_PLACE = re.compile(
    r"VALUES (?:\?_(?P<parameter>\w+) \{ UNDEF \}|\(\?_(?P<start>\w+) \?\w+\) \{ \(UNDEF UNDEF\) \})"
)
ALWAYS = {
    "as_of": {"type": "date", "description": "only what was true on this day"},
    "known_by": {"type": "date", "description": "only what had been reported by this day"},
}


class FrontMatterError(ValueError):
    """A question's file says something of itself that cannot be so."""

    def __init__(self, file: str, problem: str) -> None:
        super().__init__(file, problem)
        self.file = file
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.file}: {self.problem}"


class UnknownQuestionError(LookupError):
    """The catalogue has no question of this name."""

    def __init__(self, name: str, nearest: list[str]) -> None:
        super().__init__(name, nearest)
        self.name = name
        self.nearest = nearest

    def __str__(self) -> str:
        offer = f"; nearest: {' | '.join(self.nearest)}" if self.nearest else ""
        return f"no question is called {self.name!r}{offer}: see `careatlas questions`"


@dataclass(frozen=True)
class Parameter:
    """What a question can be narrowed by: a name of a kind of thing, a concept, a date or a text."""

    name: str
    type: str
    description: str
    values: tuple[str, ...] = ()
    """The texts that can be given, where only some can."""


@dataclass(frozen=True)
class Question:
    """One question of the catalogue."""

    name: str
    title: str
    description: str
    tags: tuple[str, ...]
    answers: tuple[str, ...]
    """The competency questions that it answers, such as CQ5."""
    not_known: tuple[str, ...]
    gaps: tuple[str, ...]
    """Columns whose empty cells mean that no source states it."""
    shown: tuple[str, ...]
    """Columns of the table that people see; programs get them all."""
    cohort: str | None
    parameters: tuple[Parameter, ...]
    columns: Mapping[str, str]
    text: str

    @cached_property
    def parameter(self) -> dict[str, Parameter]:
        """The parameters by name."""
        return {parameter.name: parameter for parameter in self.parameters}

    def bound(self, terms: Mapping[str, str]) -> str:
        """The query with each parameter bound to an RDF term, given in N-Triples form.

        A parameter stands in the text as `VALUES ?_name { UNDEF }`, so that the file runs as it
        is on any engine; binding puts the serialised term where UNDEF stands. Where it narrows
        much it stands there as `VALUES (?_name ?variable) { (UNDEF UNDEF) }` too, and binding
        gives both the term, so that an engine starts from it and reads little.
        """
        return _PLACE.sub(
            lambda place: place[0].replace(
                "UNDEF", terms.get(place["parameter"] or place["start"], "UNDEF")
            ),
            self.text,
        )


def parse(name: str, text: str) -> Question:
    """Read a question from its file's text.

    Raises:
        FrontMatterError: the front matter is no TOML, lacks a key or has one too many, or
            does not agree with the query.
    """
    head = "\n".join(line[len(MARK) :] for line in text.splitlines() if line.startswith(MARK))
    try:
        says: dict[str, Any] = tomllib.loads(head)
    except tomllib.TOMLDecodeError as wrong:
        raise FrontMatterError(name, f"front matter is not TOML: {wrong}") from wrong
    for problem in _faults(says, text):
        raise FrontMatterError(name, problem)
    parameters = says.get("parameters", {}) | ALWAYS
    return Question(
        name=name,
        title=says["title"],
        description=" ".join(says["description"].split()),
        tags=tuple(says.get("tags", ())),
        answers=tuple(says.get("answers", ())),
        not_known=tuple(says.get("not_known", ())),
        gaps=tuple(says.get("gaps", ())),
        shown=tuple(says.get("shown", (c for c, kind in says["columns"].items() if kind != "iri"))),
        cohort=says.get("cohort"),
        parameters=tuple(
            Parameter(key, entry["type"], entry["description"], tuple(entry.get("values", ())))
            for key, entry in parameters.items()
        ),
        columns=says["columns"],
        text="\n".join(line for line in text.splitlines() if not line.startswith(MARK)).strip()
        + "\n",
    )


def _faults(says: dict[str, Any], text: str) -> Iterator[str]:
    """What is wrong with the front matter; the later faults presuppose that there are none before."""
    if extra := set(says) - set(_KEYS):
        yield f"unknown key {', '.join(sorted(extra))}"
    if missing := {"title", "description", "columns"} - set(says):
        yield f"lacks {', '.join(sorted(missing))}"
    for key, value in says.items():
        if not isinstance(value, _KEYS[key]):
            yield f"{key} is no {_KEYS[key].__name__}"
        if isinstance(value, list) and not all(isinstance(entry, str) for entry in value):
            yield f"{key} holds something else than text"
    for key, entry in says.get("parameters", {}).items():
        if not isinstance(entry, dict) or set(entry) - {"values"} != {"type", "description"}:
            yield f"the parameter {key} has a type and a description, and may have values"
    parameters = says.get("parameters", {}) | ALWAYS
    places = list(_PLACE.finditer(text))
    bindings = {place["parameter"] for place in places if place["parameter"]}
    if starts := {place["start"] for place in places if place["start"]} - bindings:
        yield f"starts from a parameter that has no place: {', '.join(sorted(starts))}"
    if bindings != set(parameters):
        differ = ", ".join(sorted(bindings ^ set(parameters)))
        yield f"parameters declared and bound differ: {differ}"
    if wrong := [str(kind) for kind in says["columns"].values() if kind not in tuple(_TYPES)]:
        yield f"unknown column type {', '.join(sorted(wrong))}"
    for key in ("gaps", "shown"):
        if stray := set(says.get(key, ())) - set(says["columns"]):
            yield f"{key} names no column: {', '.join(sorted(stray))}"


@lru_cache(maxsize=256)
def _read(name: str, path: Path, _: int) -> Question:
    """The question in a file that was changed at this time."""
    return parse(name, path.read_text(encoding="utf-8"))


def names(folder: Path | None = None) -> list[str]:
    """The names of all questions, sorted."""
    files = (folder or queries.folder("questions")).iterdir()
    return sorted(path.stem for path in files if path.suffix == ".rq")


def get(name: str, folder: Path | None = None) -> Question:
    """The question of this name.

    Raises:
        UnknownQuestionError: there is none; carries the nearest names.
        FrontMatterError: its file is at fault.
    """
    path = (folder or queries.folder("questions")) / f"{name}.rq"
    if not _NAME.fullmatch(name) or not path.is_file():
        from difflib import get_close_matches

        raise UnknownQuestionError(name, get_close_matches(name, names(folder), n=4, cutoff=0.4))
    try:
        return _read(name, path, path.stat().st_mtime_ns)
    except UnicodeDecodeError as wrong:
        raise FrontMatterError(name, f"is not UTF-8 text (byte {wrong.start})") from wrong


def catalogue(folder: Path | None = None) -> list[Question]:
    """All questions, by name."""
    return [get(name, folder) for name in names(folder)]
