"""Answers: the only way by which a question of the catalogue is run."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from pyoxigraph import Literal, NamedNode, QuerySolutions

from careatlas import queries
from careatlas.graph import dataset
from careatlas.graph.labels import Labels
from careatlas.graph.questions import Parameter, Question

Row = tuple[str, ...]
Value = str | int | float | bool | date | None
"""What a cell holds once it has the type of its column."""


class ParameterError(ValueError):
    """A parameter that the question does not take, or a value that it cannot have."""

    def __init__(self, name: str, problem: str) -> None:
        super().__init__(name, problem)
        self.name = name
        self.problem = problem

    def __str__(self) -> str:
        return f"--{self.name.replace('_', '-')}: {self.problem}"


@dataclass(frozen=True)
class Cohort:
    """Who was asked, and what became of it: the denominator of an answer."""

    name: str
    asked: int
    answered: int
    uses: int
    denies: int
    refused: int
    """Those who say that they use AI but refuse to say which."""
    silent: int
    not_asked: int
    """Trusts open on the day of asking that are in no cohort."""


@dataclass(frozen=True)
class Answer:
    """An answer as a card: rows with their evidence, how they were counted, and what is missing."""

    question: Question
    query: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    cohort: Cohort | None
    not_known: tuple[str, ...]


def term(parameter: Parameter, value: str, labels: Labels) -> str:
    """The value as an RDF term in N-Triples form.

    Raises:
        ParameterError: it is no date, number or text of the kind.
        LookupError: it names nothing, or several things.
    """
    if parameter.type == "date":
        return str(Literal(_date(parameter, value).isoformat(), datatype=_xsd("date")))
    if parameter.type == "integer":
        try:
            return str(Literal(str(int(value)), datatype=_xsd("integer")))
        except ValueError:
            raise ParameterError(parameter.name, f"{value!r} is not a whole number") from None
    if parameter.type == "decimal":
        try:
            number = Decimal(value)
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite():
            raise ParameterError(parameter.name, f"{value!r} is not a number")
        return str(Literal(f"{number:f}", datatype=_xsd("decimal")))
    if parameter.type == "string":
        if parameter.values and value not in parameter.values:
            raise ParameterError(
                parameter.name, f"{value!r} is none of {', '.join(parameter.values)}"
            )
        try:
            return str(Literal(value.encode().decode()))
        except UnicodeEncodeError:
            raise ParameterError(parameter.name, f"{value!r} is not UTF-8 text") from None
    return str(NamedNode(labels.find(parameter.type, value)))


def _xsd(name: str) -> NamedNode:
    return NamedNode(f"http://www.w3.org/2001/XMLSchema#{name}")


def _date(parameter: Parameter, value: str) -> date:
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ParameterError(parameter.name, f"{value!r} is not a day: write 2024-09-18") from None


def bind(question: Question, values: Mapping[str, str], labels: Labels) -> str:
    """The question's SPARQL with these values in it.

    Raises:
        ParameterError: the question takes no such parameter, or no such value.
    """
    terms = {}
    for name, value in values.items():
        if name not in question.parameter:
            known = ", ".join(f"--{key.replace('_', '-')}" for key in question.parameter)
            raise ParameterError(name, f"{question.name} takes {known}")
        terms[name] = term(question.parameter[name], value, labels)
    return question.bound(terms)


def cell(value: object) -> str:
    """A term as people read it: the text of a literal, the IRI of a thing, nothing for nothing."""
    return value.value if isinstance(value, Literal | NamedNode) else ""


def select(store: dataset.Asked, query: str) -> Iterator[tuple[tuple[str, ...], Row]]:
    """The rows of a SELECT of ours over all graphs of a store, each with the names of its columns."""
    found = store.asked(query) if isinstance(store, dataset.Engine) else dataset.query(store, query)
    if not isinstance(found, QuerySolutions):
        raise TypeError("the query is no SELECT")
    columns = tuple(variable.value for variable in found.variables)
    for row in found:
        yield columns, tuple(cell(value) for value in row)


def answer(
    store: dataset.Asked,
    labels: Labels,
    question: Question,
    values: Mapping[str, str],
    *,
    rows_alone: bool = False,
) -> Answer:
    """Ask a question of a store; rows alone come sooner, without the count of who was asked."""
    query = bind(question, values, labels)
    rows = tuple(row for _, row in select(store, query))
    columns = tuple(question.columns)
    gaps = []
    for gap in question.gaps:
        at = columns.index(gap)
        empty = sum(not row[at] for row in rows)
        if empty:
            gaps.append(f"{gap.replace('_', ' ')}: not stated in {empty} of {len(rows)} rows")
    return Answer(
        question,
        query,
        columns,
        rows,
        None if rows_alone or not question.cohort else cohort(store, question.cohort, values),
        (*gaps, *question.not_known),
    )


CAST: dict[str, Callable[[str], Value]] = {
    "integer": int,
    "decimal": float,
    "boolean": lambda cell: cell == "true",
    "date": date.fromisoformat,
}
"""What makes a value of a cell's text, by the type of its column; the others stay texts."""


def typed(found: Answer) -> list[dict[str, Value]]:
    """The rows of an answer by column, in the types of their columns, with nothing where nothing is stated."""
    casts = [(name, CAST.get(found.question.columns[name])) for name in found.columns]
    return [
        {
            name: (cast(cell) if cast else cell) if cell else None
            for (name, cast), cell in zip(casts, row, strict=True)
        }
        for row in found.rows
    ]


def cohort(store: dataset.Asked, source: str, values: Mapping[str, str]) -> Cohort | None:
    """The cohort that a source asked, counted as of the same days as the answer."""
    text = (queries.folder("views") / "cohort.rq").read_text(encoding="utf-8")
    terms = {"source": str(Literal(source))}
    for name in ("as_of", "known_by"):
        if values.get(name):
            day = _date(Parameter(name, "date", ""), values[name])
            terms[name] = str(Literal(day.isoformat(), datatype=_xsd("date")))
    for name, value in terms.items():
        text = text.replace(f"VALUES ?_{name} {{ UNDEF }}", f"VALUES ?_{name} {{ {value} }}")
    for _, row in select(store, text):
        label, *counts = row
        return Cohort(label, *(int(value or 0) for value in counts))
    return None


def said(cohort: Cohort) -> str:
    """The cohort in a sentence."""
    return (
        f"{cohort.asked} asked, {cohort.answered} answered: {cohort.uses} say they use AI "
        f"({cohort.refused} of them refuse to say which), {cohort.denies} say they do not; "
        f"{cohort.silent} gave no answer; {cohort.not_asked} other trusts were not asked"
    )
