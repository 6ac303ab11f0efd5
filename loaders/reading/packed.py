"""What is checked of packed files, so that none unpacks to far more than it is: bombs of every kind of loader."""

import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Protocol


@dataclass(frozen=True)
class Limits:
    """How much a packed file may hold."""

    parts: int
    ratio: int
    """So many times its packed size a part may have, if it is larger than the next."""
    free: int
    unpacked: int | None = None
    """All parts together; none where they are read as a stream, which has no end to fear."""

    def most(self, packed: int) -> int:
        """The bytes that a part of this packed size may unpack to."""
        return max(self.free, self.ratio * packed)


class BombError(ValueError):
    """A file that unpacks to far more than it is."""

    def __init__(self, ratio: int) -> None:
        super().__init__(ratio)
        self.ratio = ratio

    def __str__(self) -> str:
        return f"it unpacks to more than {self.ratio} times its size"


def refusal(parts: Sequence[zipfile.ZipInfo], limits: Limits) -> str | None:
    """Why a ZIP file is not to be unpacked; none where it may be.

    The sizes are those that the file states of its parts; no more than stated is unpacked.
    """
    unpacked = sum(part.file_size for part in parts)
    if len(parts) > limits.parts or (limits.unpacked and unpacked > limits.unpacked):
        return f"it unpacks to {unpacked / 2**20:.0f} MiB in {len(parts)} parts, more than is read"
    for part in parts:
        if part.flag_bits & 1:
            return "it is protected by a password"
        if part.file_size > limits.most(part.compress_size):
            return f"{part.filename} in it unpacks to more than {limits.ratio} times its size"
    return None


class _Reads(Protocol):
    def read(self, size: int, /) -> bytes: ...


def watched(stream: _Reads, packed: int, limits: Limits, block: int) -> IO[bytes]:
    """A stream that raises a BombError where more was unpacked than any honest file would give."""
    return io.BufferedReader(_Watched(stream, limits.most(packed), limits.ratio), block)


class _Watched(io.RawIOBase):
    def __init__(self, stream: _Reads, most: int, ratio: int) -> None:
        self._stream = stream
        self._left = most
        self._ratio = ratio

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # narrower than Buffer
        block = self._stream.read(len(buffer))
        self._left -= len(block)
        if self._left < 0:
            raise BombError(self._ratio)
        buffer[: len(block)] = block
        return len(block)
