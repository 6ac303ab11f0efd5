"""What was read of the files, kept on disk until it is known which organisations they have."""

import pickle
from collections.abc import Iterator
from pathlib import Path

from careatlas.loaders.ods.entries import Found

_TOGETHER = 500


class Spool:
    """Rows in the order in which they were put in; only so many are in memory at a time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "rows"
        self._waiting: list[Found] = []

    def put(self, found: Found) -> None:
        """Add a row."""
        self._waiting.append(found)
        if len(self._waiting) >= _TOGETHER:
            self.close()

    def close(self) -> None:
        """Write what waits."""
        with self._path.open("ab") as file:
            pickle.dump(self._waiting, file, pickle.HIGHEST_PROTOCOL)
        self._waiting = []

    def __iter__(self) -> Iterator[Found]:
        with self._path.open("rb") as file:
            while file.peek(1):
                yield from pickle.load(file)  # noqa: S301 - what this process wrote itself
