"""Releases: immutable folders named by their content, and one atomic pointer to the current one.

Invariant: whatever moment a build is killed at, `current` names a whole release or the one before.
A release is written in a `.building-*` folder, renamed when it is whole, and only then pointed to.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from itertools import count, islice
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, Store

from careatlas.graph.content import FILES, Told
from careatlas.graph.dataset import merge
from careatlas.graph.files import sync
from careatlas.graph.loaded import Loaded, LoadedSources

POINTER = "current"
_BUILDING = ".building-"
_PART = 200_000
"""Quads that are sorted in memory at a time."""
_NUMBERS = count()
"""An engine knows its stores by path; one that an error holds is in nobody's way."""


class NoReleaseError(LookupError):
    """There is no release of this name, or none at all."""

    def __init__(self, home: Path, name: str | None = None) -> None:
        super().__init__(home, name)
        self.home = home
        self.name = name

    def __str__(self) -> str:
        if self.name:
            return f"no single release in {self.home} starts with {self.name!r}: see `careatlas releases`"
        return f"no release in {self.home}: run `careatlas build`"


class PointerError(NoReleaseError):
    """The pointer to the current release names none that is there."""

    def __str__(self) -> str:
        return f"{self.home / POINTER} names no release that is here: run `careatlas build`"


class DamagedReleaseError(ValueError):
    """A release folder that no longer holds what was written."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path} is damaged ({self.problem}): delete it and run `careatlas build`"


class HomeError(OSError):
    """The folder of the releases cannot be used."""

    def __init__(self, home: Path, problem: str) -> None:
        super().__init__(home, problem)
        self.home = home
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.home}: {self.problem}; choose another folder with --home or CAREATLAS_HOME"


@dataclass(frozen=True)
class Release:
    """A finished release, opened for reading only."""

    path: Path

    @property
    def name(self) -> str:
        """The hash of its content."""
        return self.path.name

    @cached_property
    def store(self) -> Store:
        """Its quads."""
        try:
            return Store.read_only(str(self.path / "store"))
        except (OSError, RuntimeError) as error:
            raise DamagedReleaseError(self.path, str(error)) from error

    @cached_property
    def counted(self) -> dict[tuple[str, ...], object]:
        """What was counted in it and need not be counted again; whoever counts chooses the key."""
        return {}

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Sources, counts, versions and findings."""
        return self._read("manifest.json")

    @cached_property
    def labels(self) -> dict[str, list[list[str]]]:
        """The names of things, by kind."""
        return self._read("labels.json")

    @cached_property
    def findings(self) -> list[list[str]]:
        """What the rules found, as they are reported: severity, rule, focus and message."""
        return list(self._read("findings.json")["findings"])

    def _read(self, name: str) -> dict[str, Any]:
        try:
            return dict(json.loads((self.path / name).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise DamagedReleaseError(self.path, f"{name}: {error}") from error


@dataclass(frozen=True)
class Releases:
    """The releases kept in one home."""

    home: Path

    @property
    def folder(self) -> Path:
        """Where the releases lie."""
        return self.home / "releases"

    def all(self) -> list[Release]:
        """Every release, oldest first."""
        if not self.folder.is_dir():
            return []
        begun = self.folder.glob(f"{_BUILDING}*")
        whole = {path.parent for path in self.folder.glob("*/manifest.json")} - set(begun)
        ages = {path: (path.stat().st_mtime_ns, path.name) for path in whole}
        return [Release(path) for path in sorted(whole, key=ages.__getitem__)]

    def current(self) -> Release:
        """The release in force.

        Raises:
            NoReleaseError: nothing has been built here yet, or the pointer is broken.
            HomeError: the folder is none.
        """
        if self.home.exists() and not self.home.is_dir():
            raise HomeError(self.home, "is no folder")
        try:
            name = (self.home / POINTER).read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            raise NoReleaseError(self.home) from None
        except UnicodeDecodeError:
            raise PointerError(self.home) from None
        path = self.folder / name
        if not name or "/" in name or not (path / "manifest.json").is_file():
            raise PointerError(self.home)
        return Release(path)

    def get(self, name: str) -> Release:
        """The release whose hash starts so; `current` is the one in force.

        Raises:
            NoReleaseError: none does, or several do.
        """
        if name == POINTER:
            return self.current()
        found = [release for release in self.all() if release.name.startswith(name)]
        if len(found) != 1 or not name:
            raise NoReleaseError(self.home, name)
        return found[0]

    @property
    def sources(self) -> LoadedSources:
        """What was loaded beside the tables."""
        return LoadedSources(self.home / "sources")

    def loaded(self, release: Release) -> dict[str, Loaded]:
        """The sources beside the tables that a release was made of."""
        return self.sources.get(release.manifest.get("loaded", {}))

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Keep all others from changing this home.

        Raises:
            HomeError: the folder cannot be written, or another build holds it.
        """
        from filelock import FileLock, Timeout

        self.prepare()
        try:
            with FileLock(self.home / ".lock", timeout=60, is_singleton=True):
                yield
        except Timeout:
            raise HomeError(self.home, "another build has been at work for a minute") from None

    def prepare(self) -> None:
        """Make the folder: a home that cannot be used is known before the work is done."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise HomeError(self.home, error.strerror or str(error)) from error

    def publish(
        self,
        quads: Collection[Quad] | Store,
        labels: dict[str, list[list[str]]],
        manifest: dict[str, Any],
        report: str,
        findings: Iterable[Iterable[str]] = (),
    ) -> Release:
        """Write a release and make it the current one; a store is taken with its default graph."""
        with self.building() as building:
            if not (self.folder / manifest["release"] / "manifest.json").is_file():
                store = Store(str(building / "store"))
                stated = quads if isinstance(quads, Store) else {*quads, *merge(quads)}
                parts = iter(stated)
                while part := list(islice(parts, _PART)):
                    store.bulk_extend(part)
                store.flush()
                del store
            return self.settle(building, Told(labels, manifest, report, findings))

    @contextmanager
    def building(self) -> Iterator[Path]:
        """A folder for a release that is being made; it is gone afterwards, unless it was settled.

        Raises:
            HomeError: it cannot be written, or another build holds the home.
        """
        import shutil

        building = self.folder / f"{_BUILDING}{os.getpid()}-{next(_NUMBERS)}"
        try:
            with self.locked():
                self._clear()
                building.mkdir()
                try:
                    yield building
                finally:
                    shutil.rmtree(building, ignore_errors=True)
        except HomeError:
            raise
        except OSError as error:
            raise HomeError(self.home, error.strerror or str(error)) from error

    def settle(self, building: Path, told: "Told") -> Release:
        """Make the release in a folder the current one, with what is told of it beside its store.

        One of the same statements that is there already is pointed to, and told of as is said now.

        Raises:
            OSError: it cannot be written.
        """
        path = self.folder / told.manifest["release"]
        there = (path / "manifest.json").is_file()
        told.write(building)
        if not there:
            sync(building)
            building.rename(path)
            sync(self.folder)
        elif Release(path).manifest != json.loads((building / "manifest.json").read_bytes()):
            for name in FILES:
                (building / name).replace(path / name)
            sync(path)
        self._point(path)
        self._forget()
        return Release(path)

    def take_away(self, gone: Iterable[Release]) -> None:
        """Take releases away, and what was loaded for no other."""
        with self.building():
            for release in gone:
                release.path.rename(self.folder / f"{_BUILDING}{release.name}")
            self._clear()
            self._forget()

    def _forget(self) -> None:
        """Take away what was loaded for releases that are gone."""
        self.sources.clear(one for release in self.all() for one in self.loaded(release).values())

    def _clear(self) -> None:
        import shutil

        for rest in self.folder.iterdir():
            begun = rest.name.startswith(_BUILDING)
            if rest.is_dir() and (begun or not (rest / "manifest.json").is_file()):
                shutil.rmtree(rest)

    def _point(self, path: Path) -> None:
        fresh = self.home / f".{POINTER}"
        fresh.write_text(path.name + "\n", encoding="utf-8")
        with fresh.open("rb") as file:
            os.fsync(file.fileno())
        fresh.replace(self.home / POINTER)
        sync(self.home)
