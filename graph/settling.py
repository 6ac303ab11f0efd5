"""Putting what was made in its place: a release in its folder, and the pointer on it."""

import os
import shutil
from pathlib import Path

from careatlas.graph import files
from careatlas.graph.content import FILES
from careatlas.graph.homes import POINTER
from careatlas.graph.seal import is_sealed, seal, tell_anew

BUILDING = ".building-"
"""What is being made, and what is being taken away, lies in folders whose names begin so."""


def put(building: Path, path: Path, loaded: dict[str, object], *, sound: bool) -> None:
    """Put a release that was made in its place; what is damaged there gives way, what is sound is told of anew.

    Raises:
        OSError: it cannot be written.
    """
    if sound:
        if any((building / name).read_bytes() != (path / name).read_bytes() for name in FILES):
            tell_anew(path, building, FILES, loaded)
        return
    seal(building, loaded)
    files.put(building, path)


def clear(folder: Path) -> None:
    """Take away what stopped builds left in the folder of the releases.

    Raises:
        OSError: it cannot be taken away.
    """
    for rest in folder.iterdir():
        whole = (rest / "manifest.json").is_file() or is_sealed(rest)
        if rest.is_dir() and (rest.name.startswith(BUILDING) or not whole):
            shutil.rmtree(rest)


def point(home: Path, path: Path) -> None:
    """Make a release the current one; it is then the youngest, too, whenever it was made.

    Raises:
        OSError: the pointer cannot be written.
    """
    os.utime(path)
    fresh = home / f".{POINTER}"
    fresh.write_text(path.name + "\n", encoding="utf-8")
    with fresh.open("rb") as file:
        os.fsync(file.fileno())
    fresh.replace(home / POINTER)
    files.sync(home)
