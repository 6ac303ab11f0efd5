"""Snapshot folders: what was fetched of a service, file by file, with where and when it came from."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path, PurePosixPath
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, NaiveDatetime, ValidationError

from careatlas.loaders.fetching.errors import SnapshotError
from careatlas.loaders.fetching.services import SERVICES

NAME = "snapshot.json"
JOURNAL = ".snapshot.jsonl"
"""What was fetched since `snapshot.json` was last written, a line each; a fetch that ends removes it."""
MOST_BYTES = 256 * 2**20


def _inside(value: str) -> str:
    path = PurePosixPath(value)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in value or "\0" in value:
        raise ValueError(f"{value!r} is no name of a file in the folder")
    return value


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


class Entry(_Strict):
    """One body as it was published, and where it came from."""

    file: Annotated[str, AfterValidator(_inside)]
    url: str
    parameters: dict[str, str]
    status: int
    since: Annotated[NaiveDatetime | None, Field(alias="from")] = None
    """The window of time that it holds, in the service's local time; none of a report."""
    until: Annotated[NaiveDatetime | None, Field(alias="to")] = None
    sha256: str
    bytes: int
    fetched: date
    etag: str | None = None
    last_modified: str | None = None

    def fits(self, folder: Path) -> bool:
        """Whether the file is there with the bytes that were fetched."""
        path = folder / self.file
        if not path.is_file() or path.stat().st_size != self.bytes:
            return False
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == self.sha256


class Gap(_Strict):
    """A window that could not be had whole, and why."""

    since: Annotated[NaiveDatetime, Field(alias="from")]
    until: Annotated[NaiveDatetime, Field(alias="to")]
    reason: str

    def __str__(self) -> str:
        return f"{self.since:%Y-%m-%dT%H:%M} to {self.until:%Y-%m-%dT%H:%M}: {self.reason}"


class Snapshot(_Strict):
    """What a folder holds."""

    service: str
    url: str
    """The address of the service, below which each file has its own."""
    parameters: dict[str, str]
    files: tuple[Entry, ...] = ()
    gaps: tuple[Gap, ...] = ()

    @property
    def windows(self) -> set[tuple[datetime, datetime]]:
        """The windows that it holds."""
        return {(one.since, one.until) for one in self.files if one.since and one.until}

    @property
    def resumes(self) -> date | None:
        """The day from which on something is not there yet; none where nothing is there."""
        points = [gap.since for gap in self.gaps]
        points += [max(until for _, until in self.windows)] if self.windows else []
        return min(points).date() if points else None


@dataclass(frozen=True)
class Expanded:
    """The files of a load, with the folders among them opened."""

    files: tuple[Path, ...]
    published: str | None
    """The last day on which one of them was fetched."""
    gaps: tuple[str, ...]


def read(folder: Path) -> Snapshot:
    """What a folder says that it holds.

    Raises:
        SnapshotError: it says nothing, or nothing that can be understood.
    """
    told = _text(folder, NAME)
    if told is None:
        raise SnapshotError(folder, f"is a folder without {NAME}, so no snapshot: name its files")
    try:
        found = Snapshot.model_validate_json(told)
    except ValidationError as wrong:
        first = wrong.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise SnapshotError(folder, f"{NAME} is damaged at {where}: {first['msg']}") from wrong
    if found.service not in SERVICES:
        raise SnapshotError(folder, f"holds what came from {found.service!r}, an unknown service")
    return merged(found, _journal(folder))


def merged(snapshot: Snapshot, fresh: Iterable[Entry]) -> Snapshot:
    """A snapshot with further files; one of the same name takes the place of the old one."""
    files = {entry.file: entry for entry in (*snapshot.files, *fresh)}
    ordered = sorted(files.values(), key=lambda entry: (entry.since or datetime.min, entry.file))
    return snapshot.model_copy(update={"files": tuple(ordered)})


def newest(files: Iterable[Entry]) -> dict[str, Entry]:
    """The last edition of each report, by its name; a window has one alone."""
    found: dict[str, Entry] = {}
    for entry in sorted(files, key=lambda entry: (entry.fetched, entry.file)):
        found[entry.parameters.get("report") or entry.file] = entry
    return found


def expand(files: Iterable[Path], kind: str) -> Expanded:
    """The files to load: those that are named, and those of each snapshot folder that is named.

    Raises:
        SnapshotError: a folder is no sound snapshot of this kind.
    """
    found: list[Path] = []
    days: list[date] = []
    gaps: list[str] = []
    for path in files:
        if not path.is_dir():
            found.append(path)
            continue
        snapshot = read(path)
        if SERVICES[snapshot.service].kind != kind:
            proper = SERVICES[snapshot.service].kind
            raise SnapshotError(
                path, f"is of {snapshot.service}: `careatlas load {proper}` reads it"
            )
        entries = newest(snapshot.files)
        kept = [entry for entry in snapshot.files if entry in entries.values()]
        if not kept:
            raise SnapshotError(path, "holds no file yet: fetch again")
        for entry in kept:
            if not entry.fits(path):
                raise SnapshotError(path, f"{entry.file} is not as it was fetched: fetch it again")
        found += [path / entry.file for entry in kept]
        days += [entry.fetched for entry in kept]
        gaps += [f"{path}: not whole from {gap}" for gap in snapshot.gaps]
    published = max(days).isoformat() if days else None
    return Expanded(tuple(found), published, tuple(gaps))


def _text(folder: Path, name: str) -> str | None:
    path = folder / name
    if not path.is_file():
        return None
    if path.stat().st_size > MOST_BYTES:
        raise SnapshotError(folder, f"{name} is larger than any snapshot")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError as wrong:
        raise SnapshotError(folder, f"{name} is not UTF-8 text") from wrong


def _journal(folder: Path) -> list[Entry]:
    """The lines of the journal; the last one may have been cut off, and then does not count."""
    found: list[Entry] = []
    lines = (_text(folder, JOURNAL) or "").split("\n")
    for number, line in enumerate(lines[:-1], 1):
        try:
            found.append(Entry.model_validate_json(line))
        except ValidationError as wrong:
            raise SnapshotError(folder, f"{JOURNAL} is damaged in line {number}") from wrong
    return found
