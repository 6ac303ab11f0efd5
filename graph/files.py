"""Having a folder's entries written to disk, and changed at a stroke."""

import os
from pathlib import Path


def sync(folder: Path) -> None:
    """Have the system write a file, or a folder's entries, to disk, where it lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(made: Path, path: Path) -> None:
    """Give a folder that was made its name; one that has it is then called as what was made.

    Raises:
        OSError: it cannot be renamed.
    """
    if path.exists():
        _exchange(made, path)
    else:
        made.rename(path)
    sync(path.parent)


def _exchange(one: Path, other: Path) -> None:
    """Have two folders change names, at a stroke where the system can do that."""
    import ctypes

    try:
        swap = ctypes.CDLL(None, use_errno=True).renameat2
    except (AttributeError, OSError, TypeError):  # no Linux, or an old one
        swap = None
    here, at_once = -100, 2
    if swap is None or swap(here, os.fsencode(one), here, os.fsencode(other), at_once):
        between = one.with_name(f"{one.name}-between")
        other.rename(between)
        one.rename(other)
        between.rename(one)
