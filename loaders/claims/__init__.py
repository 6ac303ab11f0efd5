"""Tables of claims in our own form, as files beside the tables that ship: deployments.csv, disclosures.csv and so on.

`sources.csv` among them says what they were taken from, `crosswalk.csv` what the names in them mean.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from careatlas.graph.claims import Deployment
from careatlas.graph.dates import PartialDate
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.sources import NameMatch, Source
from careatlas.loaders.feed import Kept, Outcome, Rejected, Wanted
from careatlas.loaders.names import Crosswalk
from careatlas.loaders.reading import digest_of_all
from careatlas.loaders.rows import TableError, rows
from careatlas.loaders.tables import CLAIMS, read, records

SOURCES = "sources.csv"
TABLES: dict[str, type[Record]] = {"crosswalk.csv": NameMatch, **CLAIMS}
"""The tables in the order of reading, by the names of their files."""


class UnknownSourceFileError(ValueError):
    """Tables of claims of which nobody says what they were taken from."""

    def __init__(self, problem: str) -> None:
        super().__init__(problem)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.problem}: put its row into a sources.csv beside the tables, or name it with --source"


class ClaimTables:
    """The tables of one source."""

    def __init__(self, files: list[Path], wanted: Wanted) -> None:
        self._files = sorted(files, key=lambda path: (path.name, str(path)))
        for path in self._files:
            if path.name not in {SOURCES, *TABLES}:
                raise TableError(path.name, f"is no table of claims: there are {', '.join(TABLES)}")
        self._names = Crosswalk()
        for match in records(wanted.tables, "crosswalk.csv", NameMatch):
            self._names.add(match)
        self.source = self._described(wanted)

    def _described(self, wanted: Wanted) -> Source:
        found: dict[str, Source] = {}
        for path in self._files:
            for line, cells in rows(path, path.name) if path.name == SOURCES else ():
                one = read(cells, Source, {})
                if isinstance(one, str):
                    raise TableError(path.name, f"line {line}: {one}")
                found[one.id] = one
        if wanted.source is None and len(found) != 1:
            raise UnknownSourceFileError(f"{len(found)} sources are described")
        source = found.get(wanted.source or next(iter(found), ""))
        if source is None and wanted.source:
            source = Source(id=wanted.source, kind="dataset", title=wanted.source)
        if source is None:
            raise UnknownSourceFileError("no source is described")
        published = PartialDate.parse(wanted.published) if wanted.published else source.published
        sha256 = source.sha256 or digest_of_all(self._files)
        return source.model_copy(update={"published": published, "sha256": sha256})

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of each row, table after table in the order in which they lean on each other."""
        context: dict[str, Any] = {"names": self._names, "deployments": {}}
        for path in self._files:
            for line, _ in rows(path, path.name) if path.name == SOURCES else ():
                yield Kept(f"{path.name}:{line}", ())
        for name, model in TABLES.items():
            for path in (one for one in self._files if one.name == name):
                for line, cells in rows(path, path.name):
                    yield self._outcome(f"{path.name}:{line}", cells, model, context)

    def _outcome(
        self, place: str, cells: dict[str, str] | str, model: type[Record], context: dict[str, Any]
    ) -> Outcome:
        if isinstance(cells, dict):
            cells = cells | {"source": cells.get("source") or self.source.id}
            others = {cells["source"], *_cited(cells)} - {self.source.id}
            if others:
                return Rejected(place, f"{min(others)!r} is another source than {self.source.id}")
        record = read(cells, model, context)
        if isinstance(record, str):
            return Rejected(place, record)
        if isinstance(record, NameMatch):
            self._names.add(record)
        if isinstance(record, Deployment):
            row = DeploymentRow(record.path, record.claim_key)
            context["deployments"][record.source, record.key] = row
        return Kept(place, (record,))


def _cited(cells: dict[str, str]) -> set[str]:
    """Other sources that a row names."""
    found = {part.strip() for part in cells.get("also", "").split(";")}
    return (found | {cells.get(side, "") for side in ("source_a", "source_b")}) - {""}


def feed(files: list[Path], wanted: Wanted) -> ClaimTables:
    """Files of claims, read as one source.

    Raises:
        TableError: one is no table of claims, or cannot be read at all.
        UnknownSourceFileError: nobody says what they were taken from.
    """
    return ClaimTables(files, wanted)
