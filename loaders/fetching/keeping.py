"""Keeping what was fetched: whole files put in place at once, and a snapshot that a kill leaves sound."""

import hashlib
import os
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from careatlas.graph.files import sync
from careatlas.loaders.fetching.client import Reply
from careatlas.loaders.fetching.errors import SnapshotError
from careatlas.loaders.fetching.windows import Window
from careatlas.loaders.snapshots import JOURNAL, NAME, Entry, Gap, Snapshot, merged, read

WRITING = ".writing"
LOCK = ".lock"


@dataclass(frozen=True)
class Body:
    """A body that is to be kept, and the request that it answers."""

    file: str
    parameters: Mapping[str, str]
    reply: Reply


@dataclass
class Keeper:
    """Writes a snapshot folder while it is fetched."""

    folder: Path
    snapshot: Snapshot
    today: date

    def keep(self, bodies: Sequence[Body], window: Window | None = None) -> None:
        """Put the bodies of one window, or one report, in place: all of them, or none that counts.

        Raises:
            OSError: they cannot be written.
        """
        entries = [self._write(body, window) for body in bodies]
        with (self.folder / JOURNAL).open("a", encoding="utf-8") as file:
            file.writelines(_line(entry) + "\n" for entry in entries)
            file.flush()
            os.fsync(file.fileno())
        self.snapshot = merged(self.snapshot, entries)

    def _write(self, body: Body, window: Window | None) -> Entry:
        content = body.reply.body
        writing = self.folder / WRITING / Path(body.file).name
        with writing.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        place = self.folder / body.file
        place.parent.mkdir(exist_ok=True)
        writing.replace(place)
        sync(place.parent)
        return Entry(
            file=body.file,
            url=body.reply.url,
            parameters=dict(body.parameters),
            status=body.reply.status,
            since=window.start if window else None,
            until=window.end if window else None,
            sha256=hashlib.sha256(content).hexdigest(),
            bytes=len(content),
            fetched=self.today,
            etag=body.reply.headers.get("etag"),
            last_modified=body.reply.headers.get("last-modified"),
        )

    def miss(self, gap: Gap) -> None:
        """Note a window that cannot be had whole, so that the next fetch asks for it again.

        Raises:
            OSError: it cannot be written.
        """
        gaps = {one.since: one for one in (*self.snapshot.gaps, gap)}
        self.snapshot = self.snapshot.model_copy(update={"gaps": tuple(gaps.values())})
        self.settle()

    def settle(self) -> None:
        """Write what the folder holds into one file, in the place of the journal.

        Raises:
            OSError: it cannot be written.
        """
        there = self.snapshot.windows
        open_yet = [gap for gap in self.snapshot.gaps if (gap.since, gap.until) not in there]
        gaps = tuple(sorted(open_yet, key=lambda gap: gap.since))
        self.snapshot = self.snapshot.model_copy(update={"gaps": gaps})
        writing = self.folder / WRITING / NAME
        with writing.open("w", encoding="utf-8") as file:
            told = self.snapshot.model_dump_json(by_alias=True, exclude_none=True, indent=1)
            file.write(told + "\n")
            file.flush()
            os.fsync(file.fileno())
        writing.replace(self.folder / NAME)
        sync(self.folder)
        (self.folder / JOURNAL).unlink(missing_ok=True)


def _line(entry: Entry) -> str:
    return entry.model_dump_json(by_alias=True, exclude_none=True)


@contextmanager
def keeping(folder: Path, wanted: Snapshot, today: date) -> Iterator[Keeper]:
    """A folder to fetch into, with what it holds already; however the fetch ends, it is left sound.

    Raises:
        SnapshotError: another fetch is at work there, or it holds something else.
    """
    if folder.exists() and not folder.is_dir():
        raise SnapshotError(folder, "is no folder")
    _is_ours(folder)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / LOCK, timeout=0):
            shutil.rmtree(folder / WRITING, ignore_errors=True)
            (folder / WRITING).mkdir()
            keeper = Keeper(folder, _begun(folder, wanted), today)
            # A kill before anything came leaves a snapshot too: an empty one.
            keeper.settle()
            try:
                yield keeper
            finally:
                keeper.settle()
                shutil.rmtree(folder / WRITING)
    except Timeout:
        raise SnapshotError(folder, "another fetch is at work there") from None


def _is_ours(folder: Path) -> None:
    """See that a folder is new, empty or a snapshot, so that nobody's files lie among what is fetched."""
    ours = {NAME, JOURNAL, WRITING, LOCK}
    if not folder.is_dir() or (folder / NAME).exists():
        return
    if any(path.name not in ours for path in folder.iterdir()):
        raise SnapshotError(folder, "holds other files: name a new folder with --to")


def _begun(folder: Path, wanted: Snapshot) -> Snapshot:
    """What is there already and still as it was fetched; what is not is fetched again."""
    if not (folder / NAME).exists():
        return wanted
    there = read(folder)
    asked = (wanted.service, wanted.url, wanted.parameters)
    if (there.service, there.url, there.parameters) != asked:
        raise SnapshotError(
            folder,
            f"was fetched from {there.url} with {_said(there)}, not {wanted.url} with"
            f" {_said(wanted)}: name another folder with --to",
        )
    broken = [entry for entry in there.files if not entry.fits(folder)]
    windows = {entry.since for entry in broken if entry.since}
    sound = [e for e in there.files if e not in broken and e.since not in windows]
    return there.model_copy(update={"files": tuple(sound)})


def _said(snapshot: Snapshot) -> str:
    return (
        ", ".join(f"{name}={value}" for name, value in snapshot.parameters.items()) or "no limits"
    )
