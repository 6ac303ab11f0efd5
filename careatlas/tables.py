"""Tables of typed rows for Python, and how they become frames of pandas and polars."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from html import escape
from typing import TYPE_CHECKING, Self, overload

from pyoxigraph import Literal, QuerySolutions

from careatlas.graph.answer import CAST, Value, cell

if TYPE_CHECKING:
    import pandas
    import polars
    from pyoxigraph import BlankNode, NamedNode, Triple

Row = Mapping[str, Value]
DRAWN = 20
"""So many rows are drawn in a notebook; all of them are there."""
_PANDAS = {
    "integer": "Int64",
    "decimal": "Float64",
    "boolean": "boolean",
    "date": "datetime64[s]",
    "string": "string",
    "iri": "string",
}
_XSD = "http://www.w3.org/2001/XMLSchema#"
_KINDS: dict[str, str] = {
    **dict.fromkeys(
        (f"{_XSD}{name}" for name in ("integer", "int", "long", "nonNegativeInteger")), "integer"
    ),
    **dict.fromkeys((f"{_XSD}{name}" for name in ("decimal", "double", "float")), "decimal"),
    f"{_XSD}boolean": "boolean",
    f"{_XSD}date": "date",
}


class MissingLibraryError(ImportError):
    """A library that only some calls need is not installed."""

    def __init__(self, library: str) -> None:
        super().__init__(library, name=library)
        self.library = library

    def __str__(self) -> str:
        return f"this needs {self.library}: pip install {self.library}"


@contextmanager
def needing(library: str) -> Iterator[None]:
    """Say plainly which library is to be installed, if it is not.

    Raises:
        MissingLibraryError: it is not.
    """
    try:
        yield
    except ModuleNotFoundError as missing:
        if missing.name != library:
            raise
        raise MissingLibraryError(library) from None


@dataclass(frozen=True, eq=False, repr=False)
class Table(Sequence[Row]):
    """Rows by column: numbers are numbers, days are dates, and None is what nobody states.

    >>> uses = Table("uses", {"trust": "string", "units": "integer"}, [{"trust": "A", "units": 3}])
    >>> len(uses), uses[0]["units"], [row["trust"] for row in uses]
    (1, 3, ['A'])
    >>> uses
    <uses: 1 row of trust, units>
    """

    title: str
    columns: Mapping[str, str]
    """Each column with its type: string, integer, decimal, boolean, date or iri."""
    rows: Sequence[Row]

    @overload
    def __getitem__(self, at: int) -> Row: ...
    @overload
    def __getitem__(self, at: slice) -> Self: ...
    def __getitem__(self, at: int | slice) -> Row | Self:
        """One row, or a table of some."""
        return replace(self, rows=self.rows[at]) if isinstance(at, slice) else self.rows[at]

    def __len__(self) -> int:
        """How many rows there are."""
        return len(self.rows)

    def __repr__(self) -> str:
        """What it is, in a line."""
        count = f"{len(self)} row{'' if len(self) == 1 else 's'}"
        return f"<{self.title}: {count} of {', '.join(self.columns)}>"

    def to_pandas(self) -> "pandas.DataFrame":
        """The rows as a frame of pandas, with a type for each column that keeps what is empty.

        Raises:
            MissingLibraryError: pandas is not installed.
        """
        with needing("pandas"):
            import pandas

        rows = [dict(row) for row in self.rows]
        return pandas.DataFrame(rows, columns=list(self.columns), dtype="object").astype(
            {
                name: pandas.api.types.pandas_dtype(_PANDAS[kind])
                for name, kind in self.columns.items()
            }
        )

    def to_polars(self) -> "polars.DataFrame":
        """The rows as a frame of polars.

        Raises:
            MissingLibraryError: polars is not installed.
        """
        with needing("polars"):
            import polars

        types = {
            "integer": polars.Int64(),
            "decimal": polars.Float64(),
            "boolean": polars.Boolean(),
            "date": polars.Date(),
        }
        schema = {name: types.get(kind, polars.String()) for name, kind in self.columns.items()}
        return polars.DataFrame([dict(row) for row in self.rows], schema=schema)

    def drawn(self) -> tuple[str, ...]:
        """The columns that a notebook draws."""
        return tuple(self.columns)

    def _repr_html_(self) -> str:
        """The table as a notebook draws it."""
        columns = self.drawn()
        head = "".join(f"<th>{escape(name.replace('_', ' '))}</th>" for name in columns)
        body = "".join(
            f"<tr>{''.join(f'<td>{_shown(row[name])}</td>' for name in columns)}</tr>"
            for row in self.rows[:DRAWN]
        )
        more = len(self) - DRAWN
        rest = f"<p>and {more} more rows</p>" if more > 0 else ""
        caption = f"<caption>{escape(self.title)}</caption>"
        return f"<table>{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>{rest}"


def _shown(value: Value) -> str:
    return "" if value is None else escape(str(value))


def of_solutions(found: QuerySolutions) -> Table:
    """What a SELECT gave as a table, whose columns have the type that all their cells have."""
    columns = [variable.value for variable in found.variables]
    rows = [[_value(one) for one in solution] for solution in found]
    kinds = {name: _kind([row[at] for row in rows]) for at, name in enumerate(columns)}
    texts = [name for name, kind in kinds.items() if kind == "string"]
    made: list[dict[str, Value]] = [dict(zip(columns, row, strict=True)) for row in rows]
    for row in made:
        row |= {name: str(row[name]) for name in texts if row[name] is not None}
    return Table("SPARQL", kinds, made)


def _value(term: "NamedNode | BlankNode | Literal | Triple | None") -> Value:
    """A term as Python has it; a number or a day that is none stays a text."""
    if not isinstance(term, Literal):
        return None if term is None else cell(term) or str(term)
    cast = CAST.get(_KINDS.get(term.datatype.value, "string"))
    try:
        return cast(term.value) if cast else term.value
    except ValueError:
        return term.value


def _kind(values: Sequence[Value]) -> str:
    """The type of a column: that of all its cells, or text where they differ."""
    types = {type(value) for value in values if value is not None}
    if types == {int, float}:
        return "decimal"
    names: dict[type, str] = {int: "integer", float: "decimal", bool: "boolean", date: "date"}
    return names.get(types.pop(), "string") if len(types) == 1 else "string"
