"""Releases: immutable folders named by their content, and one atomic pointer to the current one.

Invariant: whatever moment a build is killed at, `current` names a whole release or the one before.
A release is written in a `.building-*` folder, renamed when it is whole, and only then pointed to.
"""

import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cached_property
from itertools import count
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, Store

from careatlas.graph import seal
from careatlas.graph.content import Told
from careatlas.graph.dataset import fill
from careatlas.graph.homes import POINTER, HomeError, NoReleaseError, PointerError
from careatlas.graph.loaded import Loaded, LoadedSources
from careatlas.graph.settling import BUILDING, clear, point, put

STORE = "store"
"""The folder of the statements in that of a release."""
_NUMBERS = count()
"""An engine knows its stores by path; one that an error holds is in nobody's way."""


class DamagedReleaseError(ValueError):
    """A release folder that no longer holds what was written."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        said = f"{self.path} is damaged ({self.problem}): run `careatlas build` to make it anew"
        others = [one for one in Releases(self.path.parent.parent).all() if one.path != self.path]
        sound = next((one.name for one in reversed(others) if not seal.problem(one.path)), None)
        return f"{said}, or ask the one before with --release {sound}" if sound else said


@dataclass(frozen=True)
class Release:
    """A finished release, opened for reading only."""

    path: Path

    @property
    def name(self) -> str:
        """The hash of its content."""
        return self.path.name

    @property
    def store(self) -> Store:
        """Its quads, proven to be those that were written.

        Raises:
            DamagedReleaseError: they are not.
        """
        self.prove()
        return self._opened

    def prove(self, names: Collection[str] | None = None, *, whole: bool = False) -> None:
        """Look whether its files, or some, hold what was written; each is read where the whole is asked for.

        Raises:
            DamagedReleaseError: one does not.
        """
        if found := seal.problem(self.path, names, whole=whole):
            raise DamagedReleaseError(self.path, found)

    @property
    def made_of(self) -> dict[str, Any]:
        """The sources loaded beside the tables that it was made of; its manifest and its seal both say so.

        Raises:
            DamagedReleaseError: nothing sound says so.
        """
        told = seal.loaded_of(self.path)
        return dict(self._parsed("manifest.json").get("loaded", {})) if told is None else told

    @cached_property
    def _opened(self) -> Store:
        try:
            return Store.read_only(str(self.path / STORE))
        except (OSError, RuntimeError) as error:
            if seal.is_sound(self.path):
                raise
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
        self.prove({name})
        return self._parsed(name)

    def _parsed(self, name: str) -> dict[str, Any]:
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
        begun = self.folder.glob(f"{BUILDING}*")
        told = (self.folder.glob(f"*/{name}") for name in ("manifest.json", seal.SEAL))
        whole = {path.parent for one in told for path in one} - set(begun)
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
            raise (PointerError if self.all() else NoReleaseError)(self.home) from None
        except UnicodeDecodeError:
            raise PointerError(self.home) from None
        found = [release for release in self.all() if release.name == name]
        if not found:
            raise PointerError(self.home)
        return found[0]

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
        return self.sources.get(release.made_of)

    def in_force(self) -> dict[str, Loaded]:
        """The sources beside the tables of the current release; of the youngest, where the pointer is lost.

        Raises:
            DamagedReleaseError: nothing sound says which they are.
        """
        try:
            release = self.current()
        except NoReleaseError:
            kept = self.all()
            return self.loaded(kept[-1]) if kept else {}
        return self.loaded(release)

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
        quads: Collection[Quad],
        labels: dict[str, list[list[str]]],
        manifest: dict[str, Any],
        report: str,
        findings: Iterable[Iterable[str]] = (),
    ) -> Release:
        """Write a release of some quads and make it the current one."""
        with self.building() as building:
            store = Store(str(building / STORE))
            fill(store, quads)
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

        building = self.folder / f"{BUILDING}{os.getpid()}-{next(_NUMBERS)}"
        try:
            with self.locked():
                clear(self.folder)
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

        One of the same statements that is there already is pointed to, and told of as is said now; a
        damaged one is replaced.

        Raises:
            OSError: it cannot be written.
        """
        path = self.folder / told.manifest["release"]
        told.write(building)
        put(building, path, told.manifest.get("loaded", {}), sound=seal.is_sound(path))
        point(self.home, path)
        self._forget()
        return Release(path)

    def take_away(self, gone: Iterable[Release]) -> None:
        """Take releases away, and what was loaded for no other."""
        with self.building():
            for release in gone:
                release.path.rename(self.folder / f"{BUILDING}{release.name}")
            clear(self.folder)
            self._forget()

    def _forget(self) -> None:
        """Take away what was loaded for releases that are gone; nothing, where one cannot say what that was."""
        with suppress(DamagedReleaseError):
            self.sources.clear(
                one for release in self.all() for one in self.loaded(release).values()
            )
