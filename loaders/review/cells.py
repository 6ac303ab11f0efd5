"""The cells of a proposal: which columns a table has, which hold names or codes, and what fits."""

import re
from collections.abc import Mapping
from functools import lru_cache

from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from careatlas import ontology
from careatlas.graph.procurement import Award
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.statements import Edition, Reference, Statements
from careatlas.graph.terms import NOTATION, PREF_LABEL, SCHEME, slug
from careatlas.loaders.tables import CLAIMS, read

TABLES = (
    "disclosures",
    "deployments",
    "usage",
    "routes",
    "agreements",
    "studies",
    "projects",
    "awards",
    "corrections",
)
"""What is proposed, in the order in which a person sees it."""
CORRECTION = ("trust", "vendor", "product", "said", "holds", "supersedes")
"""A correction is no table of its own: it is kept with the decisions."""
MEANS = "_is"
"""What stands after a column with a name for the column that says what the name means."""
UNRESOLVED = "?"
"""Such a cell for a name of which a person says that it stays as it is printed."""
_BY_RULE = {"key", "award", "source", "locator", "also", "confidence"}
_NAMES: dict[str, dict[str, str]] = {
    "disclosures": {"trust": "organisation"},
    "deployments": {
        "trust": "organisation",
        "vendor": "vendor",
        "product": "product",
        "integrated_with": "product",
        "hosted_by": "organisation",
        "study": "study",
        "stated_by": "organisation",
    },
    "routes": {"intermediary": ""},
    "agreements": {"party": "organisation"},
    "studies": {
        "study": "study",
        "organisation": "organisation",
        "product": "product",
        "integrated_with": "product",
    },
    "projects": {"organisation": "organisation"},
}
KIND_OF_INTERMEDIARY = {"trust": "organisation", "icb": "organisation", "framework": "instrument"}
_CODES = {
    "answer": "disclosure",
    "detail": "disclosure-detail",
    "exemption": "exemption",
    "status": "status",
    "use_case": "use-case",
    "unit": "unit",
    "per": "rate-period",
    "measure": "measure-kind",
    "precision": "precision",
    "route_type": "route-type",
    "involvement": "involvement",
    "milestone_kind": "milestone-kind",
    "state": "milestone-state",
}
_CODES_OF_TABLE = {
    ("agreements", "kind"): "agreement-kind",
    ("agreements", "role"): "party-role",
    ("studies", "role"): "party-role",
    ("projects", "kind"): "project-kind",
    ("awards", "role"): "award-role",
}


def model(table: str) -> type[Record]:
    """The class of the records of a table."""
    return Award if table == "awards" else CLAIMS[f"{table}.csv"]


@lru_cache
def columns(table: str) -> tuple[str, ...]:
    """The columns that a person decides on; what says what a name means stands after the name."""
    if table == "corrections":
        return CORRECTION
    found = []
    for name in model(table).model_fields:
        if name not in _BY_RULE:
            found += [name, name + MEANS] if name in _NAMES.get(table, {}) else [name]
    return tuple(found)


def names(table: str, cells: Mapping[str, str]) -> dict[str, str]:
    """The filled columns that hold a name, each with the kind of thing that is named."""
    found = {}
    for column, kind in _NAMES.get(table, {}).items():
        if cells.get(column):
            given = cells.get("intermediary_kind", "")
            found[column] = kind or KIND_OF_INTERMEDIARY.get(given, given)
    return found


@lru_cache(maxsize=1)
def schemes() -> dict[str, dict[str, str]]:
    """Each closed list: its codes, and what they are called."""
    codes: dict[str, tuple[str, str]] = {}
    labels: dict[str, str] = {}
    for file in ontology.files():
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            thing, value = quad.subject, quad.object
            if not isinstance(thing, NamedNode) or not isinstance(value, Literal):
                continue
            if quad.predicate == NOTATION and thing.value.startswith(SCHEME):
                codes[thing.value] = (thing.value[len(SCHEME) :].split("/")[0], value.value)
            elif quad.predicate == PREF_LABEL:
                labels[thing.value] = value.value
    found: dict[str, dict[str, str]] = {}
    for iri, (scheme, code) in sorted(codes.items()):
        found.setdefault(scheme, {})[code] = labels.get(iri, code)
    return found


def codes(table: str, column: str) -> dict[str, str]:
    """The codes that a column may hold, with their labels; none where it holds something else."""
    if column == "intermediary_kind":
        return {
            kind: kind for kind in ("framework", "icb", "network", "programme", "study", "trust")
        }
    scheme = _CODES_OF_TABLE.get((table, column)) or _CODES.get(column, "")
    return schemes().get(scheme, {})


def code(scheme: str, label: str) -> str:
    """The code of a closed list that goes by this label; empty where none does."""
    return next((one for one, name in schemes().get(scheme, {}).items() if name == label), "")


class _Anything:
    """Knows every name: what a name means is decided apart from whether the row fits."""

    def find(self, kind: str, printed: str, source: str) -> Reference:
        """A stand-in for the thing."""
        del kind, source
        return Reference(printed, f"org/{slug(printed)}")


class _AnyRow(dict[tuple[str, str], DeploymentRow]):
    """Has every deployment."""

    def get(self, key: object, default: object = None) -> DeploymentRow:
        """A stand-in for the row."""
        del key, default
        return DeploymentRow("deployment/x", "deployments/x")


def fault(table: str, cells: Mapping[str, str]) -> str:
    """Why the cells are no row of their table, in one line; empty where they are one."""
    if strays := sorted(set(cells) - set(columns(table))):
        return f"{strays[0]}: the table {table} has no such column"
    if table == "corrections":
        return "" if cells.get("said") else "said: Field required"
    row = {name: cell for name, cell in cells.items() if not name.endswith(MEANS)}
    row |= {"source": "x", "locator": "x", "award" if table == "awards" else "key": "x"}
    row |= {"confidence": "low"} if table == "awards" else {}
    if bad := re.search(r"[\x00-\x1f\x7f]", "".join(cells.values())):
        return f"the control character {bad[0]!r} stands in a cell"
    record = read(row, model(table), {"names": _Anything(), "deployments": _AnyRow()})
    if isinstance(record, str):
        return record
    try:
        record.describe(Statements(Edition("x", "x"), {}))
    except ValueError as error:
        return str(error)
    return ""
