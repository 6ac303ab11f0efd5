"""The seal of a release: sizes and hashes of its files, so that no damage goes unseen.

The engine proves each block that it reads, but where it looks a name up inside a query it takes a
block that fails for a name that is not there. So files are proven before they are asked. A file that
was proven is known again by its size, its place and when it was last written, which costs nothing;
once in a day all are read again, for what goes wrong on a disk without being written.
"""

import json
import os
from collections.abc import Collection
from contextlib import suppress
from errno import EACCES, EMFILE, ENFILE, ENOMEM, EPERM
from pathlib import Path
from time import time
from typing import IO, Any

from careatlas.graph.files import sync

SEAL = "files.json"
NEXT = "files.next.json"
"""The seal of what is about to be told anew of a release: until all is written, either holds."""
PROVEN = "proven.json"
"""How the files of a release looked when they were last found to hold what was written."""
DAY = 86_400
_STORE = "store"
_UNREAD = ("LOCK", "LOG")
_NOT_OF_FILES = (EACCES, EPERM, EMFILE, ENFILE, ENOMEM)
"""What keeps a file from being read that may be whole."""
Look = list[int]
"""Size, times of the last change and place: what is written to a file changes them."""
Stated = list[int | str]
"""Size and hash."""


def seal(folder: Path, loaded: dict[str, Any]) -> None:
    """Have all files of a release on disk, and write down sizes, hashes and which sources were loaded for it.

    Raises:
        OSError: a file cannot be read or written.
    """
    looks = _looks(folder)
    files = {name: _stated(folder / name) for name in looks}
    _write(folder / SEAL, _summed({"files": files, "loaded": loaded}))
    _remember(folder, looks)


def tell_anew(folder: Path, fresh: Path, names: Collection[str], loaded: dict[str, Any]) -> None:
    """Put files that tell of a release in the place of those that do; whenever it is stopped, the seal holds.

    Raises:
        OSError: a file cannot be read or written.
    """
    told = _read(folder / SEAL) or {"files": {}}
    files = told["files"] | {name: _stated(fresh / name) for name in names}
    _write(folder / NEXT, _summed({"files": files, "loaded": loaded}))
    for name in names:
        (fresh / name).replace(folder / name)
    (folder / NEXT).replace(folder / SEAL)
    sync(folder)


def is_sealed(folder: Path) -> bool:
    """Whether there is a seal; releases made before there were any have none."""
    return (folder / SEAL).exists()


def is_sound(folder: Path) -> bool:
    """Whether a release is there, sealed, and all that was written."""
    return is_sealed(folder) and not problem(folder, whole=True)


def files(folder: Path) -> list[Path]:
    """The files of a release that make it up, its seal last; of any other folder, its files."""
    found = [folder / name for name in _looks(folder)]
    return [*found, folder / SEAL] if is_sealed(folder) else found


def loaded_of(folder: Path) -> dict[str, Any] | None:
    """Which sources were loaded for a release, whatever became of its manifest."""
    told = _read(folder / SEAL)
    return None if told is None else dict(told["loaded"])


def problem(
    folder: Path, names: Collection[str] | None = None, *, whole: bool = False
) -> str | None:
    """What is wrong with the files of a release, or with some; none where all is as it was written.

    Each is read that does not look as it did when it was proven; all are where the whole is asked for.
    """
    proven = {} if whole else _proven(folder)
    wanted = set(proven) - {SEAL} if names is None else set(names)
    if proven and all(_same(proven, folder, name) for name in {SEAL, *wanted}):
        return None
    if not is_sealed(folder):
        return f"{SEAL} is missing" if (folder / PROVEN).exists() else None
    told, looks = _read(folder / SEAL), _looks(folder)
    if told is None:
        return f"{SEAL} does not hold what was written"
    coming = _read(folder / NEXT) or {"files": {}}
    for name, stated in sorted(told["files"].items()):
        if names is not None and name not in names:
            continue
        if _same(proven, folder, name):
            continue
        if found := _differs(folder / name, (stated, coming["files"].get(name))):
            return f"{name} {found}"
    if names is None:
        with suppress(OSError):  # a home that is only read is proven each time
            _remember(folder, looks)
    return None


def _same(proven: dict[str, Look], folder: Path, name: str) -> bool:
    return name in proven and proven[name] == _look(folder / name)


def _looks(folder: Path) -> dict[str, Look | None]:
    """How the files of a release look: all but what is said of them, and what the engine writes and does not read."""
    looks = {}
    for file in sorted(folder.rglob("*")):
        own = file.parent == folder and (file.name in (SEAL, NEXT, PROVEN) or file.name[0] == ".")
        engines = file.parent.name == _STORE and file.name.startswith(_UNREAD)
        if file.is_file() and not own and not engines:
            looks[file.relative_to(folder).as_posix()] = _look(file)
    return looks


def _stated(path: Path) -> Stated:
    """What is stated of a file, which is on disk then."""
    with path.open("rb") as file:
        os.fsync(file.fileno())
        return [path.stat().st_size, _digest(file)]


def _digest(file: IO[bytes]) -> str:
    import hashlib

    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # any file of bytes


def _summed(body: dict[str, Any]) -> dict[str, Any]:
    import hashlib

    return body | {"sum": hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()}


def _read(path: Path) -> dict[str, Any] | None:
    """A seal; none where it does not hold what was written."""
    try:
        told = dict(json.loads(path.read_bytes()))
        stated = told.pop("sum")
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return None
    return told if stated == _summed(told)["sum"] else None


def _differs(path: Path, stated: tuple[Stated, Stated | None]) -> str | None:
    try:
        size = path.stat().st_size
        if all(one is None or one[0] != size for one in stated):
            return f"has {size} bytes, not {stated[0][0]}"
        with path.open("rb") as opened:
            found = _digest(opened)
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        if error.errno in _NOT_OF_FILES:
            raise
        return f"cannot be read: {error.strerror}"
    if any(one is not None and one == [size, found] for one in stated):
        return None
    return "does not hold what was written"


def _look(path: Path) -> Look | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return [status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino]


def _proven(folder: Path) -> dict[str, Look]:
    """How the files looked when they were last proven; nothing where that was long ago."""
    path = folder / PROVEN
    try:
        if not 0 <= time() - path.stat().st_mtime < DAY:
            return {}
        return dict(json.loads(path.read_bytes()))
    except (OSError, ValueError, TypeError, RecursionError):
        return {}


def _remember(folder: Path, looks: dict[str, Look | None]) -> None:
    since = folder.stat()
    _write(folder / PROVEN, looks | {SEAL: _look(folder / SEAL)})
    os.utime(folder, ns=(since.st_atime_ns, since.st_mtime_ns))  # by which releases are in order


def _write(path: Path, told: dict[str, Any]) -> None:
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            json.dump(told, file, sort_keys=True)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    finally:
        fresh.unlink(missing_ok=True)
    sync(path.parent)
