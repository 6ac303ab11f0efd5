"""Files of OCDS as streams of bytes: plain, gzip, bzip2, or in a ZIP file, and never unpacked whole."""

import bz2
import gzip
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from careatlas.loaders.reading import digest_of_all

MOST_PARTS = 10_000
MOST_RATIO = 500
_RATIO_FROM = 256 * 2**20
_BLOCK = 2**20
_GZIP, _BZIP2, _ZIP = b"\x1f\x8b", b"BZh", b"PK\x03\x04"
PACKED_ERRORS = (zlib.error, zipfile.BadZipFile, gzip.BadGzipFile, lzma.LZMAError, EOFError)
"""What a packed file that is cut or damaged raises, beside OSError."""


class UnreadableFeedError(ValueError):
    """A file that cannot be read as a feed at all."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return " ".join(f"{self.path}: {self.reason}".split())


class BombError(ValueError):
    """A file that unpacks to far more than it is."""

    def __init__(self, ratio: int) -> None:
        super().__init__(ratio)
        self.ratio = ratio

    def __str__(self) -> str:
        return f"it unpacks to more than {self.ratio} times its size"


@dataclass(frozen=True)
class Part:
    """A stream of bytes, and the name that places in it begin with."""

    name: str
    stream: IO[bytes]


class _Watched(io.RawIOBase):
    """A stream that stops where more was unpacked than any honest file would give."""

    def __init__(self, stream: "IO[bytes] | gzip.GzipFile", size: int) -> None:
        self._stream = stream
        self._most = max(_RATIO_FROM, MOST_RATIO * size)
        self._read = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]  # narrower than Buffer
        block = self._stream.read(len(buffer))
        self._read += len(block)
        if self._read > self._most:
            raise BombError(MOST_RATIO)
        buffer[: len(block)] = block
        return len(block)


def digest(files: list[Path]) -> str:
    """The SHA-256 of the files.

    Raises:
        UnreadableFeedError: one is a folder, or is empty.
        UnreadableDocumentError: one is not there, or cannot be read.
    """
    for path in files:
        if path.is_dir():
            raise UnreadableFeedError(path, "is a folder: name the files in it")
        if path.is_file() and path.stat().st_size == 0:
            raise UnreadableFeedError(path, "is empty")
    return digest_of_all(files)


def parts(path: Path, name: str) -> Iterator[Part]:
    """The streams of a file: one, or one for each file in a ZIP file, in the order of their names."""
    with path.open("rb") as file:
        start = file.read(4)
        file.seek(0)
        if not start.startswith(_ZIP):
            yield Part(name, _unpacked(file, start, path.stat().st_size))
            return
        with zipfile.ZipFile(file) as package:
            inner = sorted(package.infolist(), key=lambda one: one.filename)
            wanted = [one for one in inner if not one.is_dir() and "__MACOSX" not in one.filename]
            if len(wanted) > MOST_PARTS:
                raise zipfile.BadZipFile(f"it holds more than {MOST_PARTS} files")
            for one in wanted:
                if one.flag_bits & 1:
                    raise zipfile.BadZipFile("it is protected by a password")
                with package.open(one) as stream:
                    head = stream.read(4)
                with package.open(one) as stream:
                    size = max(one.compress_size, 1)
                    watched = io.BufferedReader(_Watched(stream, size), _BLOCK)
                    yield Part(f"{name}/{one.filename}", _unpacked(watched, head, size))


def _unpacked(stream: IO[bytes], start: bytes, size: int) -> IO[bytes]:
    if start.startswith(_GZIP):
        return io.BufferedReader(_Watched(gzip.GzipFile(fileobj=stream), size), _BLOCK)
    if start.startswith(_BZIP2):
        return io.BufferedReader(_Watched(bz2.BZ2File(stream), size), _BLOCK)
    return stream
