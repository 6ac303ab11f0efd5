"""Curated tables: a CSV file in, records and rejects out; no row is lost in silence."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pyoxigraph import Quad

from careatlas.graph import (
    agreements,
    catalogue,
    claims,
    memberships,
    organisations,
    procurement,
    reports,
)
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.sources import LeftOut, NameMatch, Review, Source
from careatlas.graph.statements import Edition, Statements
from careatlas.loaders.names import Crosswalk
from careatlas.loaders.rows import TableError, known, rows

Row = TypeVar("Row", bound=BaseModel)

REFERENCE: dict[str, type[Record]] = {
    "left_out.csv": LeftOut,
    "reference/regions.csv": organisations.Region,
    "reference/icbs.csv": organisations.IntegratedCareBoard,
    "reference/icb_successions.csv": organisations.BoardSuccession,
    "reference/trusts.csv": organisations.Trust,
    "reference/organisations.csv": organisations.Organisation,
    "reference/identifiers.csv": organisations.OrganisationIdentifier,
    "reference/groups.csv": memberships.GroupMember,
    "reference/networks.csv": memberships.Network,
    "reference/memberships.csv": memberships.Membership,
    "catalogue/vendors.csv": catalogue.Vendor,
    "catalogue/products.csv": catalogue.Product,
    "catalogue/acquisitions.csv": catalogue.CompanyChange,
    "catalogue/instruments.csv": procurement.Instrument,
    "catalogue/framework_suppliers.csv": procurement.FrameworkSupplier,
    "catalogue/studies.csv": procurement.Study,
    "catalogue/awards.csv": procurement.Award,
    "catalogue/notices.csv": procurement.Notice,
}
CLAIMS: dict[str, type[Record]] = {
    "requests.csv": claims.Request,
    "disclosures.csv": claims.Disclosure,
    "deployments.csv": claims.Deployment,
    "usage.csv": claims.Usage,
    "routes.csv": claims.Route,
    "aggregates.csv": reports.Aggregate,
    "governance.csv": agreements.Governance,
    "barriers.csv": agreements.Barrier,
    "agreements.csv": agreements.Agreement,
    "studies.csv": agreements.StudySite,
    "projects.csv": agreements.Milestone,
    "mentions.csv": reports.Mention,
    "workflows.csv": reports.Workflow,
    "reports.csv": reports.Report,
    "conflicts.csv": reports.Conflict,
}
"""Claim tables in the order of reading: deployments before what speaks of them."""


NOTICE_DECISIONS = "notice_decisions.csv"
"""What people decided on notices: it states nothing itself, and holds when notices are loaded."""


@dataclass(frozen=True)
class Reject:
    """A row that was left out, with its place and the reason."""

    file: str
    line: int
    reason: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.reason}"


@dataclass(frozen=True)
class Tally:
    """What became of the rows of one table."""

    file: str
    rows: int
    records: int
    rejects: int

    def __post_init__(self) -> None:
        if self.rows != self.records + self.rejects:
            raise TableError(
                self.file, f"{self.rows} rows in, but {self.records} + {self.rejects} out"
            )


@dataclass
class Harvest:
    """All that the tables gave."""

    sources: dict[str, Source] = field(default_factory=dict)
    records: list[Record] = field(default_factory=list)
    quads: list[Quad] = field(default_factory=list)
    """What the records state, each in the graph of its source."""
    tallies: list[Tally] = field(default_factory=list)
    rejects: list[Reject] = field(default_factory=list)

    editions: dict[str, Edition] = field(default_factory=dict)
    """The version read of each source."""

    @property
    def latest(self) -> date:
        """The last day that a source came out on, or its month or year began: what a release speaks of.

        Raises:
            TableError: no source says when it came out.
        """
        published = [edition.published for edition in self.editions.values()]
        published += [getattr(record, "reported", None) for record in self.records]
        days = [day.first for day in published if day]
        if not days:
            raise TableError("sources.csv", "no source is dated: give the day with --as-of")
        return max(days)


def reason(error: ValidationError) -> str:
    """The first faults of a row in one line."""
    faults = []
    for fault in error.errors(include_url=False):
        column = ".".join(str(part) for part in fault["loc"])
        message = fault["msg"].removeprefix("Value error, ")
        faults.append(f"{column}: {message}" if column else message)
    return " ".join("; ".join(faults).split())


def read(cells: dict[str, str] | str, model: type[Row], context: dict[str, Any]) -> Row | str:
    """A row as a record of its class, or the reason why it is none."""
    if isinstance(cells, str):
        return cells
    filled = {column: cell for column, cell in cells.items() if cell.strip()}
    try:
        return model.model_validate(filled, context=context)
    except ValidationError as error:
        return reason(error)


def records(tables: Path, name: str, model: type[Row]) -> Iterator[Row]:
    """The rows of a curated table that hold; what does not is for the build to reject.

    Raises:
        TableError: the table cannot be read.
    """
    for cells in known(tables, name):
        found = read(cells, model, {})
        if not isinstance(found, str):
            yield found


def harvest(data: Path) -> Harvest:
    """Read every table below a folder.

    Raises:
        TableError: a table that must be there is missing, or one cannot be read.
    """
    found = Harvest()
    crosswalk = Crosswalk()
    context: dict[str, Any] = {"names": crosswalk, "deployments": {}}
    _sources(data, found, context)
    taken: dict[tuple[str, str], str] = {}
    tables: list[tuple[Path, type[Record]]] = [(data / "crosswalk.csv", NameMatch)]
    tables += [(data / name, model) for name, model in REFERENCE.items()]
    for name, model in CLAIMS.items():
        tables += [(path, model) for path in sorted((data / "claims").rglob(name))]
    tables += [(path, Review) for path in sorted((data / "reviews").glob("*.csv"))]
    for path, model in tables:
        _table(path, data, model, found, context, taken)
    others = {data / name for name in ("sources.csv", NOTICE_DECISIONS)}
    for extra in sorted(set(data.rglob("*.csv")) - {path for path, _ in tables} - others):
        raise TableError(extra.relative_to(data).as_posix(), "is not a table that any loader reads")
    return found


def _sources(data: Path, found: Harvest, context: dict[str, Any]) -> None:
    path = data / "sources.csv"
    if not path.is_file():
        raise TableError(str(path), "is missing: every fact needs its source")
    entries = list(rows(path, "sources.csv"))
    lines: dict[str, int] = {}
    rejected = 0
    for line, cells in entries:
        source = read(cells, Source, context)
        if isinstance(source, Source) and source.id in found.sources:
            source = f"id: {source.id!r} stands twice"
        if isinstance(source, str):
            found.rejects.append(Reject("sources.csv", line, source))
            rejected += 1
        else:
            found.sources[source.id] = source
            lines[source.id] = line
    while strays := [
        source
        for source in found.sources.values()
        if source.derived_from and source.derived_from not in found.sources
    ]:
        for source in strays:
            problem = f"derived_from: {source.derived_from!r} is no source"
            found.rejects.append(Reject("sources.csv", lines[source.id], problem))
            del found.sources[source.id]
            rejected += 1
    found.editions = {key: source.edition for key, source in found.sources.items()}
    found.tallies.append(Tally("sources.csv", len(entries), len(found.sources), rejected))


def _table(  # noqa: PLR0913 - the state of one reading
    path: Path,
    data: Path,
    model: type[Record],
    found: Harvest,
    context: dict[str, Any],
    taken: dict[tuple[str, str], str],
) -> None:
    name = path.relative_to(data).as_posix()
    if not path.is_file():
        raise TableError(name, "is missing")
    entries = list(rows(path, name))
    records = rejected = 0
    for line, cells in entries:
        record = read(_sourced(cells, found), model, context)
        fault = record if isinstance(record, str) else _fault(record, found, taken)
        if isinstance(record, str) or fault:
            found.rejects.append(Reject(name, line, str(fault)))
            rejected += 1
            continue
        statements = Statements(found.editions[record.source], found.editions)
        try:
            record.describe(statements)
        except ValueError as error:
            found.rejects.append(Reject(name, line, str(error)))
            rejected += 1
            continue
        taken[record.source, record.claim_key] = f"{name}:{line}"
        found.records.append(record)
        found.quads += statements.quads
        records += 1
        if isinstance(record, NameMatch):
            context["names"].add(record)
        if isinstance(record, claims.Deployment):
            row = DeploymentRow(record.path, record.claim_key)
            context["deployments"][record.source, record.key] = row
    found.tallies.append(Tally(name, len(entries), records, rejected))


def _sourced(cells: dict[str, str] | str, found: Harvest) -> dict[str, str] | str:
    """The cells if their source is known, else the one reason to give: what they mean hangs on it."""
    source = cells.get("source", "").strip() if isinstance(cells, dict) else ""
    if source and source not in found.sources:
        return f"source: {source!r} is not in sources.csv"
    return cells


def _fault(record: Record, found: Harvest, taken: dict[tuple[str, str], str]) -> str | None:
    cited = set(getattr(record, "also", ()))
    sides = ("source_a", "source_b", "request")
    cited |= {side for name in sides if (side := getattr(record, name, None))}
    for source in sorted(cited - set(found.sources)):
        return f"source: {source!r} is not in sources.csv"
    if place := taken.get((record.source, record.claim_key)):
        return f"the same key ({record.row_key}) stands at {place}"
    return None
