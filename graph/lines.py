"""Statements as lines of N-Quads, sorted and once each, in little memory however many they are."""

from collections.abc import Iterable, Iterator
from heapq import merge
from itertools import islice
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO

from pyoxigraph import Quad, RdfFormat, parse

_WAITING = 48 * 2**20
"""Characters of lines in memory, beyond which they go to disk."""
END = b" .\n"
"""What ends a line of N-Quads or N-Triples; `str` writes a quad without it."""
_BLOCK = 2**18
_BATCH = 5_000


class Lines:
    """Collects statements; what does not fit into memory waits on disk, in runs that are sorted."""

    def __init__(self, folder: Path | None = None, waiting: int = _WAITING) -> None:
        self._folder = folder
        self._most = waiting
        self._waiting: set[str] = set()
        self._size = 0
        self._disk: IO[bytes] | None = None
        self._runs: list[tuple[int, int]] = []

    @classmethod
    def of(cls, quads: Iterable[Quad], folder: Path | None = None) -> "Lines":
        """Statements that are known already."""
        made = cls(folder)
        made.add(map(str, quads))
        return made

    def add(self, lines: Iterable[str]) -> None:
        """Take in statements, each as `str` writes a quad.

        Raises:
            OSError: the disk is full, or cannot be written.
        """
        for line in lines:
            if line not in self._waiting:
                self._waiting.add(line)
                self._size += len(line)
        if self._size > self._most:
            self._put()

    def _put(self) -> None:
        """Write what waits as one run."""
        if self._disk is None:
            # It has no name: nothing of it is left behind, whatever happens.
            self._disk = TemporaryFile(dir=self._folder)  # noqa: SIM115 - closed by `close`
        start = self._disk.seek(0, 2)
        waiting = sorted(self._waiting)
        for place in range(0, len(waiting), _BATCH):
            batch = waiting[place : place + _BATCH]
            self._disk.write("".join(f"{line}\n" for line in batch).encode())
        self._runs.append((start, self._disk.tell()))
        self._waiting.clear()
        self._size = 0

    def _run(self, start: int, end: int) -> Iterator[bytes]:
        """The lines of a run; others read the same file between."""
        disk, rest = self._disk, b""
        while disk and start < end:
            disk.seek(start)
            block = disk.read(min(_BLOCK, end - start))
            start += len(block)
            *whole, rest = (rest + block).split(b"\n")
            yield from whole

    def sorted(self) -> Iterator[bytes]:
        """Each statement once, in the order of its characters, without the mark of its end."""
        if not self._runs:
            yield from (line.encode() for line in sorted(self._waiting))
            return
        if self._waiting:
            self._put()
        before = None
        # UTF-8 keeps the order of characters; no statement has the end of a line in it.
        for line in merge(*(self._run(*run) for run in self._runs)):
            if line != before:
                yield line
                before = line

    def batches(self) -> Iterator[list[bytes]]:
        """The statements in the same order, many at a time."""
        lines = self.sorted()
        while batch := list(islice(lines, _BATCH)):
            yield batch

    def __iter__(self) -> Iterator[Quad]:
        for batch in self.batches():
            yield from parse(b"".join(line + END for line in batch), format=RdfFormat.N_QUADS)

    def close(self) -> None:
        """Forget everything."""
        self._waiting.clear()
        self._runs.clear()
        if self._disk:
            self._disk.close()
