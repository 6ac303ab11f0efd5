"""The mapping of an answer: a small YAML file that says what its sheets, columns and words mean."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from careatlas.graph.records import Text, When
from careatlas.graph.sources import Source

MOST_BYTES = 2**20
UNDECIDED = "DECIDE"
"""What a draft says where a person has to decide."""
Columns = dict[str, str]


class _Strict(BaseModel):
    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True
    )


class RequestFacts(_Strict):
    """The request that the answers respond to."""

    key: Text
    name: Text
    sent_on: When
    scope: Text
    source: str = ""
    """The id of the request's own source, where the answers of each trust are a source of theirs."""


class SheetMapping(_Strict):
    """What the columns of one sheet hold."""

    sheet: str = ""
    """Its name; left out for a CSV file, or for a workbook of one sheet."""
    header: Annotated[int, Field(ge=1)] = 1
    """The row of the headings."""
    columns: Columns
    groups: tuple[Columns, ...] = ()
    """Columns that stand once for each product."""
    split: dict[str, str] = {}
    """For a column that names several products, the mark between them."""
    fill: tuple[str, ...] = ()
    """Columns whose blank cell repeats the one above, as merged cells do."""
    blank: tuple[str, ...] = ()
    """Words that stand in a cell in place of nothing."""
    values: dict[str, dict[str, str | Columns]] = {}
    """For a field, the words of its cells with their codes, or with several fields."""
    defaults: Columns = {}
    leave_out: tuple[str, ...] = ()
    """Columns that are not read, on purpose."""
    given: dict[str, Columns] = {}
    """For a question of a form, what its row was sent out with."""

    @property
    def headings(self) -> Iterator[tuple[str, str, str]]:
        """Each place that names a column, with the column and its field."""
        for heading, field in self.columns.items():
            yield "columns", heading, field
        for number, group in enumerate(self.groups, 1):
            for heading, field in group.items():
                yield f"groups {number}", heading, field


class Mapping(_Strict):
    """A source, the request that it answers if it does, and its sheets."""

    source: Source
    request: RequestFacts | None = None
    sheets: Annotated[tuple[SheetMapping, ...], Field(min_length=1)]


class Problem(_Strict):
    """One thing that is wrong with a mapping or with a file that it is for, and where."""

    place: str
    text: str

    def __str__(self) -> str:
        line = " ".join(f"{self.place}: {self.text}".split())
        # What a file holds cannot steer the terminal that shows it.
        return "".join(sign if sign.isprintable() else "\N{REPLACEMENT CHARACTER}" for sign in line)


class MappingError(ValueError):
    """A mapping that does not fit its file, for which nothing was loaded; its notes list why."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        super().__init__(name, tuple(problems))
        self.name = name
        self.problems = tuple(problems)
        self.add_note("".join(f"{problem}\n" for problem in self.problems))

    def __str__(self) -> str:
        count = len(self.problems)
        listed = "the problem listed above" if count == 1 else f"the {count} problems listed above"
        return f"{self.name}: nothing was loaded: put right {listed}, then load again"


class _Loader(yaml.SafeLoader):
    """YAML whose words are all texts, so that `Yes` is a word of a sheet and not a truth value."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - so named by the library

    def compose_node(self, parent: Any, index: Any) -> Any:  # noqa: ANN401 - as the library has it
        if self.check_event(yaml.AliasEvent):
            raise yaml.MarkedYAMLError(problem="an alias (*) cannot stand in a mapping")
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """The entries, each key of which stands once."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen and isinstance(key.value, str):
                problem = f"{key.value!r} stands twice"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
            seen.add(key.value if isinstance(key.value, str) else id(key))
        return super().construct_mapping(node, deep)


def read_mapping(path: Path) -> Mapping:
    """The mapping in a file.

    Raises:
        MappingError: the file is no YAML, or no mapping; lists all that is wrong.
        OSError: it cannot be read.
    """
    if path.stat().st_size > MOST_BYTES:
        raise MappingError(str(path), [Problem(place=str(path), text="is too large for a mapping")])
    try:
        given = yaml.load(path.read_text(encoding="utf-8-sig"), Loader=_Loader)  # noqa: S506 - a safe loader
    except yaml.MarkedYAMLError as fault:
        line = f", line {fault.problem_mark.line + 1}" if fault.problem_mark else ""
        problem = Problem(place=f"{path}{line}", text=f"is not YAML: {fault.problem}")
        raise MappingError(str(path), [problem]) from fault
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as fault:
        problem = Problem(place=str(path), text="is not YAML in UTF-8")
        raise MappingError(str(path), [problem]) from fault
    return mapped(given, str(path))


def mapped(given: object, name: str) -> Mapping:
    """A mapping from what a file or a form holds.

    Raises:
        MappingError: it is none; lists all that is wrong.
    """
    open_places = [
        Problem(place=f"{name}, {_place(place)}", text=f"{UNDECIDED} stands for what you decide")
        for place in _undecided(given, ())
    ]
    if open_places:
        raise MappingError(name, open_places)
    try:
        return Mapping.model_validate(given)
    except ValidationError as fault:
        problems = [
            Problem(place=f"{name}, {_place(one['loc'])}", text=_said(one["msg"]))
            for one in fault.errors(include_url=False)
        ]
        raise MappingError(name, problems) from fault


def _undecided(given: object, place: tuple[int | str, ...]) -> Iterator[tuple[int | str, ...]]:
    """Where a draft still waits for a person."""
    parts: list[tuple[int | str, object]] = []
    if isinstance(given, dict):
        parts = list(given.items())
    elif isinstance(given, list):
        parts = list(enumerate(given))
    elif given == UNDECIDED:
        yield place
    for step, part in parts:
        yield from _undecided(part, (*place, step))


def _place(steps: tuple[int | str, ...]) -> str:
    """Where in the mapping: lists count from 1."""
    said = [str(step + 1) if isinstance(step, int) else step for step in steps]
    return " ".join(said) or "the whole"


def _said(message: str) -> str:
    plain = " ".join(message.removeprefix("Value error, ").split())
    return {
        "Extra inputs are not permitted": "is no entry of a mapping",
        "Field required": "is missing",
    }.get(plain, plain)
