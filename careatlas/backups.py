"""Backups: releases with what was loaded for them in one archive, a BagIt bag (RFC 8493) in a ZIP file."""

import errno
import hashlib
import os
import re
import shutil
import stat
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from careatlas.graph import seal
from careatlas.graph.content import content_name
from careatlas.graph.files import put, sync
from careatlas.graph.loaded import ACCOUNT, STATEMENTS, DamagedSourceError, Loaded
from careatlas.graph.release import DamagedReleaseError, Release, Releases
from careatlas.graph.settling import point
from careatlas.loaders.reading.packed import Limits, refusal
from careatlas.manifest import Content

TOP = "careatlas-backup"
LIMITS = Limits(parts=1_000_000, ratio=500, free=2**24)
"""Statements repeat themselves; no honest file of a home packs better than this."""
_BLOCK = 2**20
_BAGIT = "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_TAGS = ("bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt")
_MOST_TAGS = 2**26
_PAYLOAD = re.compile(
    r"data/(?:current"
    r"|releases/(?P<release>[0-9a-f]{4,64})/(?:store/[A-Za-z0-9][\w.-]*|[\w-]+\.(?:json|txt))"
    r"|sources/(?P<source>[^/\\\x00-\x1f.][^/\\\x00-\x1f]*/[0-9a-f]{16})/"
    rf"(?:{re.escape(STATEMENTS)}|{re.escape(ACCOUNT)}))"
)


class BackupError(ValueError):
    """A file that is no backup, or no longer the one that was written."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path} is not restored: {self.problem}; take another backup"


class UnsealedError(ValueError):
    """A release made before there were hashes by which it could be proven."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} was made by an older careatlas and has no hashes: run `careatlas build` first"


@dataclass(frozen=True)
class Held:
    """What a backup holds."""

    current: str
    """The release that is current in it."""
    releases: tuple[str, ...]
    sources: tuple[str, ...]
    """The folders of the sources that were loaded."""


def backup(kept: Releases, chosen: Iterable[Release], path: Path) -> Held:
    """Write releases, and the sources loaded for them, into one file: whole, or not at all.

    The last of the releases is current in it.

    Raises:
        DamagedReleaseError: a release no longer holds what was written.
        DamagedSourceError: a source that was loaded does not.
        OSError: the file cannot be written.
    """
    if not path.parent.is_dir():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), str(path.parent))
    fresh = path.with_name(f".{path.name}.part")
    with kept.locked():
        releases = list(chosen)
        for release in releases:
            if not seal.is_sealed(release.path):
                raise UnsealedError(release.path)
            release.prove(whole=True)
        loaded = {one.path: one for each in releases for one in kept.loaded(each).values()}
        for one in loaded.values():
            one.prove()
        folders = [release.path for release in releases] + sorted(loaded)
        try:
            with fresh.open("wb") as file:
                _write(file, kept.home, folders, releases[-1].name)
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(path)
        finally:
            fresh.unlink(missing_ok=True)
        sync(path.parent)
    names = tuple(one.relative_to(kept.home / "sources").as_posix() for one in sorted(loaded))
    return Held(releases[-1].name, tuple(release.name for release in releases), names)


def _write(file: IO[bytes], home: Path, folders: Iterable[Path], current: str) -> None:
    sums, total = {}, 0
    with zipfile.ZipFile(file, "w", allowZip64=True) as bag:
        for folder in folders:
            for one in seal.files(folder):
                name = f"data/{one.relative_to(home).as_posix()}"
                sums[name], size = _add(bag, name, one)
                total += size
        pointer = f"{current}\n".encode()
        sums["data/current"] = _put_text(bag, "data/current", pointer)
        oxum = f"Payload-Oxum: {total + len(pointer)}.{len(sums)}\n"
        tags = {
            "bagit.txt": _BAGIT,
            "bag-info.txt": f"External-Identifier: {current}\n{oxum}",
            "manifest-sha256.txt": _lines(sums),
        }
        told = {name: _put_text(bag, name, text.encode()) for name, text in tags.items()}
        _put_text(bag, "tagmanifest-sha256.txt", _lines(told).encode())


def _lines(sums: dict[str, str]) -> str:
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def _part(name: str) -> zipfile.ZipInfo:
    """A part without a time, so that nothing but what it holds makes a backup another."""
    part = zipfile.ZipInfo(f"{TOP}/{name}")
    part.external_attr = (stat.S_IFREG | 0o644) << 16
    # The engine's tables are packed already.
    part.compress_type = zipfile.ZIP_STORED if name.endswith(".sst") else zipfile.ZIP_DEFLATED
    return part


def _put_text(bag: zipfile.ZipFile, name: str, text: bytes) -> str:
    bag.writestr(_part(name), text)
    return hashlib.sha256(text).hexdigest()


def _add(bag: zipfile.ZipFile, name: str, path: Path) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    with path.open("rb") as file, bag.open(_part(name), "w", force_zip64=True) as part:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += part.write(block)
    return digest.hexdigest(), size


def restore(kept: Releases, path: Path) -> Held:
    """Bring what a backup holds into a home; it is proven before any of it is seen there.

    Raises:
        BackupError: it is none, does harm, or is no longer what was written.
        HomeError: the folder cannot be written, or another build holds it.
        OSError: the backup cannot be read.
    """
    with path.open("rb") as file, kept.building() as building:
        try:
            with zipfile.ZipFile(file) as bag:
                unpacked = _unpack(bag, path, building)
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError) as error:
            raise BackupError(path, f"it is damaged or no backup ({error})") from error
        held = _proven(path, building, unpacked)
        for name in held.sources:
            to = kept.home / "sources" / name
            to.parent.mkdir(parents=True, exist_ok=True)
            put(building / "sources" / name, to)
        for name in held.releases:
            if not seal.is_sound(kept.folder / name):
                put(building / "releases" / name, kept.folder / name)
        point(kept.home, kept.folder / held.current)
    return held


def _unpack(bag: zipfile.ZipFile, path: Path, to: Path) -> list[str]:
    """Write the parts of a backup into a folder, each as its hash says; their names."""
    parts = {}
    for part in bag.infolist():
        name = part.filename.removeprefix(f"{TOP}/")
        kind = stat.S_IFMT(part.external_attr >> 16)
        known = name in _TAGS or _PAYLOAD.fullmatch(name)
        if name == part.filename or name in parts or not known or kind not in (0, stat.S_IFREG):
            raise BackupError(path, f"{part.filename!r} in it is nothing that a backup holds")
        parts[name] = part
    if problem := refusal(list(parts.values()), LIMITS):
        raise BackupError(path, problem)
    size, free = sum(part.file_size for part in parts.values()), shutil.disk_usage(to).free
    if size > LIMITS.most(path.stat().st_size):
        raise BackupError(path, f"it unpacks to more than {LIMITS.ratio} times its size")
    if size > free:
        raise BackupError(path, f"it unpacks to {size:,} bytes, and {free:,} are free")
    sums = _sums(bag, path, parts)
    for name, digest in sums.items():
        target = to / name.removeprefix("data/")
        target.parent.mkdir(parents=True, exist_ok=True)
        found = hashlib.sha256()
        with bag.open(parts[name]) as source, target.open("xb") as file:
            while block := source.read(_BLOCK):
                found.update(block)
                file.write(block)
            file.flush()
            os.fsync(file.fileno())
        if found.hexdigest() != digest:
            raise BackupError(path, f"{name} in it does not hold what was written")
    return [name for name in parts if name in sums]


def _sums(bag: zipfile.ZipFile, path: Path, parts: dict[str, zipfile.ZipInfo]) -> dict[str, str]:
    """The hashes of the payload, once those of the files that tell of it hold."""
    if missing := [name for name in _TAGS if name not in parts]:
        raise BackupError(path, f"{missing[0]} is missing in it")
    if any(parts[name].file_size > _MOST_TAGS for name in _TAGS):
        raise BackupError(path, "it says more of itself than a backup does")
    told = {name: bag.read(parts[name]) for name in _TAGS}
    for name, digest in _read_sums(path, told["tagmanifest-sha256.txt"]).items():
        if hashlib.sha256(told.get(name, b"")).hexdigest() != digest:
            raise BackupError(path, f"{name} in it does not hold what was written")
    sums = _read_sums(path, told["manifest-sha256.txt"])
    if set(sums) != set(parts) - set(_TAGS):
        raise BackupError(path, "its files are not those that it names")
    return sums


def _read_sums(path: Path, text: bytes) -> dict[str, str]:
    try:
        lines = [line.split("  ", 1) for line in text.decode().splitlines()]
        return {name: digest for digest, name in lines}
    except ValueError as error:
        raise BackupError(path, "its list of hashes cannot be read") from error


def _proven(path: Path, folder: Path, names: Iterable[str]) -> Held:
    """What was unpacked, once releases hold the statements that they are named by, and sources what they state."""
    found = [match for name in names if (match := _PAYLOAD.fullmatch(name))]
    releases = tuple(dict.fromkeys(match["release"] for match in found if match["release"]))
    sources = tuple(dict.fromkeys(match["source"] for match in found if match["source"]))
    pointer = folder / "current"
    current = pointer.read_bytes().decode(errors="replace").strip() if pointer.is_file() else ""
    if current not in releases:
        raise BackupError(path, "it names no current release")
    for name in sources:
        try:
            Loaded(folder / "sources" / name).prove()
        except DamagedSourceError as error:
            raise BackupError(path, f"the source {name} in it is damaged") from error
    for name in releases:
        if problem := _problem(folder / "releases" / name, set(sources)):
            raise BackupError(path, f"release {name} in it is damaged ({problem})")
    return Held(current, releases, sources)


def _problem(path: Path, sources: set[str]) -> str | None:
    """What is wrong with a release that comes from outside."""
    if not seal.is_sealed(path):
        return f"{seal.SEAL} is missing"
    if problem := seal.problem(path, whole=True):
        return problem
    try:
        release = Release(path)
        needed = {f"{source}/{told['folder']}" for source, told in release.made_of.items()}
        content = Content.held(release.store)
    except (DamagedReleaseError, OSError, RuntimeError, KeyError, TypeError) as error:
        return str(getattr(error, "problem", error))
    if needed - sources:
        return f"it lacks its source {min(needed - sources)}"
    if not content_name(content.total).startswith(path.name):
        return "its statements are not those that it is named by"
    return None
