"""Records: one small typed class for each curated table; a row that does not fit is a reject."""

from abc import abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, ClassVar, Protocol

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationInfo,
)
from pyoxigraph import NamedNode, RdfFormat, parse

from careatlas import ontology
from careatlas.graph.dates import PartialDate
from careatlas.graph.statements import Reference, Statements
from careatlas.graph.terms import NOTATION, SCHEME


class Names(Protocol):
    """Finds what a printed name means."""

    def find(self, kind: str, printed: str, source: str) -> Reference:
        """The thing of this kind that the source means by the name.

        Raises:
            LookupError: nobody has decided what the name means.
        """


@lru_cache(maxsize=1)
def _notations() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for file in ontology.files():
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            if (
                isinstance(quad.subject, NamedNode)
                and quad.predicate == NOTATION
                and quad.subject.value.startswith(SCHEME)
            ):
                scheme, _, notation = quad.subject.value[len(SCHEME) :].partition("/")
                found.setdefault(scheme, set()).add(notation)
    return {scheme: frozenset(codes) for scheme, codes in found.items()}


def coded(scheme: str, *more: str) -> AfterValidator:
    """The cell holds a notation of this scheme, or several; some tables know more of them."""

    def check(value: str | tuple[str, ...]) -> str | tuple[str, ...]:
        known = _notations().get(scheme, frozenset()) | set(more)
        for code in (value,) if isinstance(value, str) else value:
            if code not in known:
                raise ValueError(
                    f"{code!r} is not in the scheme {scheme}: {', '.join(sorted(known))}"
                )
        return value

    return AfterValidator(check)


def named(kind: str) -> BeforeValidator:
    """The cell holds a name as printed, which the crosswalk explains."""
    return BeforeValidator(lambda value, info: find(kind, value, info))


def named_by(field: str) -> BeforeValidator:
    """The cell holds a name as printed, of the kind that an earlier cell says."""
    return BeforeValidator(
        lambda value, info: find(
            _CROSSWALK_KIND.get(kind := info.data.get(field, ""), kind), value, info
        )
    )


_CROSSWALK_KIND = {"trust": "organisation", "icb": "organisation", "framework": "instrument"}


def find(kind: str, value: object, info: ValidationInfo) -> object:
    """The thing that the source of the row means by a name, read from the crosswalk."""
    if not isinstance(value, str):
        return value
    if info.context is None or "source" not in info.data:
        raise ValueError("the source of the row is not known")
    names: Names = info.context["names"]
    try:
        return names.find(kind, value.strip(), info.data["source"])
    except LookupError as missing:
        raise ValueError(str(missing)) from missing


@dataclass(frozen=True)
class DeploymentRow:
    """A row of a source's deployments, as other rows of the source refer to it."""

    path: str
    """The key of the deployment that it reports on."""
    claim_key: str
    """The key of the report that it makes."""


def _row(value: object, info: ValidationInfo) -> object:
    if not isinstance(value, str):
        return value
    known: dict[tuple[str, str], DeploymentRow] = (info.context or {}).get("deployments", {})
    row = known.get((info.data.get("source", ""), value))
    if row is None:
        raise ValueError(f"{value!r} is not the key of a deployment of this source")
    return row


DeploymentCell = Annotated[DeploymentRow, BeforeValidator(_row)]
"""A cell with the key of a row of the source's deployments."""


def split(value: object) -> object:
    """A cell that holds several entries, split at its semicolons."""
    if not isinstance(value, str):
        return value
    return tuple(part.strip() for part in value.split(";") if part.strip())


def _date(value: object) -> object:
    return PartialDate.parse(value.strip()) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(split)]
When = Annotated[PartialDate, BeforeValidator(_date)]
Text = Annotated[str, Field(min_length=1)]


class Record(BaseModel):
    """One row of a table, with its source and its place in it."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", str_strip_whitespace=True, arbitrary_types_allowed=True
    )
    table: ClassVar[str]
    """The table's name, which is also part of the claim's key."""

    source: Text
    locator: Text

    @property
    @abstractmethod
    def row_key(self) -> str:
        """What tells this row from all others of its source and table."""

    @property
    def claim_key(self) -> str:
        """The key of the claim that the row makes."""
        return f"{self.table}/{self.row_key}"

    @abstractmethod
    def describe(self, to: Statements) -> None:
        """State what the row says."""
