"""Having a folder's entries written to disk."""

import os
from pathlib import Path


def sync(folder: Path) -> None:
    """Have the system write a folder's entries to disk, where it lets a folder be opened."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
