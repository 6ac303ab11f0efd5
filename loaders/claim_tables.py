"""Writing curated tables: rows of one source go in together and hold, or nothing is changed."""

import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careatlas import data as shipped
from careatlas.graph.procurement import Award
from careatlas.graph.records import Record
from careatlas.graph.sources import NameMatch, Review, Source
from careatlas.loaders.rows import TableError, rows
from careatlas.loaders.table_files import Row, Sheet, filled, replace, sheet, write
from careatlas.loaders.tables import CLAIMS, Harvest, Reject, Tally, harvest

_ELSEWHERE: dict[str, tuple[str, tuple[str, ...], type[Record]]] = {
    "crosswalk": ("crosswalk.csv", ("kind", "printed", "only_in"), NameMatch),
    "awards": ("catalogue/awards.csv", ("award",), Award),
    "reviews": ("reviews/{source}.csv", ("key",), Review),
}
"""Tables outside the source's own folder: where, what tells their rows apart, their class."""
_OWN = {name.removesuffix(".csv"): model for name, model in CLAIMS.items()}
ORDER = ("crosswalk", "awards", *_OWN, "reviews")
"""Tables in the order of writing, so that a stop between two leaves a folder that loads whole."""


class UnknownTableError(LookupError):
    """Rows for a table that there is none of, or with columns that it does not have."""

    def __init__(self, table: str, columns: Sequence[str] = ()) -> None:
        super().__init__(table, tuple(columns))
        self.table = table
        self.columns = tuple(columns)

    def __str__(self) -> str:
        if self.columns:
            return f"the table {self.table} has no column {', '.join(self.columns)}"
        return f"{self.table!r} is no table of claims: there are {', '.join(ORDER)}"


class SourceDiffersError(ValueError):
    """A source that is known already, with another file, title or date."""

    def __init__(self, source: str, column: str, known: str, given: str) -> None:
        super().__init__(source, column, known, given)
        self.source = source
        self.column = column
        self.known = known
        self.given = given

    def __str__(self) -> str:
        return (
            f"sources.csv knows {self.source} with {self.column} {self.known!r}, not {self.given!r}: "
            "give the source another id, or correct one of the two"
        )


class NoFolderError(ValueError):
    """No folder of tables that can be written to."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"the tables in {self.folder} cannot be written to: give a folder of your own with --data"


@dataclass(frozen=True)
class RowReject:
    """A row that does not fit, by its table and key, and the reason."""

    table: str
    key: str
    reason: str

    def __str__(self) -> str:
        return f"{self.table} {self.key}: {self.reason}"


class RejectedRowsError(ValueError):
    """Rows that do not fit, for which nothing was changed."""

    def __init__(self, rejects: Sequence[RowReject]) -> None:
        super().__init__(tuple(rejects))
        self.rejects = tuple(rejects)
        if len(self.rejects) > 1:
            self.add_note("".join(f"{reject}\n" for reject in self.rejects))

    def __str__(self) -> str:
        first, count = self.rejects[0], len(self.rejects)
        many = f" and {count - 1} more, listed above" if count > 1 else ""
        return f"nothing was written, for a row that does not fit: {first}{many}"


def editable(folder: Path | None) -> tuple[Path, bool]:
    """The folder of tables to write to, and whether it was begun just now as a copy of those shipped.

    Raises:
        NoFolderError: the shipped tables are part of an installation, or the folder is read-only.
    """
    ours = shipped.folder()
    chosen = folder or ours
    if folder is None and {"site-packages", "dist-packages"} & set(chosen.parts):
        raise NoFolderError(chosen)
    if not chosen.exists():
        chosen.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=chosen.parent) as scratch:
            copied(ours, Path(scratch) / "tables").rename(chosen)
        return chosen, True
    if not os.access(chosen, os.W_OK):
        raise NoFolderError(chosen)
    return chosen, False


def copied(data: Path, to: Path) -> Path:
    """A copy of a folder's tables, and of nothing else that lies there."""
    for path in sorted(data.rglob("*.csv")):
        target = to / path.relative_to(data)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    return to


def merge(
    data: Path,
    source: Row,
    tables: Mapping[str, Sequence[Row]],
    *,
    mine: Callable[[str, Row], bool] = lambda _table, _row: False,
    approve: Callable[[Harvest], None] = lambda _: None,
) -> list[Tally]:
    """Put rows of one source into its tables, and say what each table then holds.

    A row of the source that is `mine` gives way to the rows given. `approve` sees all that the
    tables then say, before anything is written, and may raise.

    Raises:
        RejectedRowsError: a row does not fit, or takes away what another rests on.
        SourceDiffersError: the source is known with other cells.
        TablesChangedError: a table was changed meanwhile.
        UnknownTableError: there is no such table or column.
        TableError: a table cannot be read.
    """
    name = source.get("id", "")
    if not name or Path(name).name != name or name.startswith("."):
        raise TableError("sources.csv", f"{name!r} cannot be the id of a source")
    if unknown := sorted(set(tables) - set(ORDER)):
        raise UnknownTableError(unknown[0])
    sheets = {"sources": _with_source(data, source)}
    for table in ORDER:
        sheets[table] = _changed(data, name, table, tables.get(table, ()), mine)
    changed = [one for one in sheets.values() if one.changed and one.after != one.before]
    with tempfile.TemporaryDirectory() as scratch:
        trial = copied(data, Path(scratch))
        for one in changed:
            write(trial / one.path, one.after)
        found = harvest(trial)
        if found.rejects:
            _judge(data, trial, found, sheets, tables)
    approve(found)
    replace(data, changed)
    touched = {one.path.as_posix() for one in sheets.values()}
    return [tally for tally in found.tallies if tally.file in touched]


def _with_source(data: Path, source: Row) -> Sheet:
    columns = list(Source.model_fields)
    if strays := [column for column in source if column not in columns]:
        raise UnknownTableError("sources", strays)
    known_sources = sheet(data, Path("sources.csv"), ("id",), columns)
    for line in known_sources.lines:
        row = known_sources.named(line)
        if row.get("id") != source["id"]:
            continue
        for column, given in source.items():
            known = row.get(column, "")
            if known and given and known != given:
                raise SourceDiffersError(source["id"], column, known, given)
        if source.get("derived_from") and not row.get("derived_from"):
            # That it repeats another may be found out later; the rest of its row stays as it is.
            known_sources.lines.remove(line)
            known_sources.add([{**row, "derived_from": source["derived_from"]}])
        return known_sources
    known_sources.add([source])
    return known_sources


def _changed(
    data: Path, source: str, table: str, new: Sequence[Row], mine: Callable[[str, Row], bool]
) -> Sheet:
    """The table without the rows that give way, and with the new ones."""
    path, by, model = _ELSEWHERE.get(table) or (
        f"claims/{{source}}/{table}.csv",
        ("key",),
        _OWN[table],
    )
    fields = [name for name in model.model_fields if name not in {"source", "locator"}]
    columns = [*fields, "source", "locator"]
    if strays := sorted({column for row in new for column in row} - set(columns)):
        raise UnknownTableError(table, strays)
    table_file = sheet(data, Path(path.format(source=source)), by, columns)
    kept, known = [], {}
    for line in table_file.lines:
        row = table_file.named(line)
        if row.get("source") == source and mine(table, row):
            continue
        kept.append(line)
        known[table_file.key(row)] = row
    if not new and len(kept) == len(table_file.lines):
        return table_file
    table_file.lines = kept
    fresh, taken = [], []
    for given in new:
        there = known.get(table_file.key(given))
        if there is None:
            fresh.append(given)
        elif filled(there) != filled(given):
            key = "/".join(filter(None, table_file.key(given)))
            reason = "another row has this key already, and says something else"
            taken.append(RowReject(table, key, reason))
    if taken:
        raise RejectedRowsError(taken)
    table_file.add(fresh)
    return table_file


def _judge(
    data: Path,
    trial: Path,
    found: Harvest,
    sheets: Mapping[str, Sheet],
    tables: Mapping[str, Sequence[Row]],
) -> None:
    """Refuse a change that brings a reject which was not there before."""
    known = Counter((one.file, one.reason) for one in harvest(data).rejects)
    names = {one.path.as_posix(): table for table, one in sheets.items()}
    bad = []
    for reject in found.rejects:
        if known[reject.file, reject.reason]:
            known[reject.file, reject.reason] -= 1
            continue
        bad.append(_placed(trial, reject, names, sheets))
    if bad:
        raise RejectedRowsError(bad)


def _placed(
    trial: Path, reject: Reject, names: Mapping[str, str], sheets: Mapping[str, Sheet]
) -> RowReject:
    table = names.get(reject.file, reject.file)
    cells = dict(rows(trial / reject.file, reject.file)).get(reject.line)
    if table in sheets and isinstance(cells, dict):
        key = "/".join(filter(None, sheets[table].key(cells)))
        return RowReject(table, key, reject.reason)
    return RowReject(table, f"line {reject.line}", reject.reason)
