"""Files of OCDS as streams of bytes: plain, gzip, bzip2, or in a ZIP file, and never unpacked whole."""

import bz2
import gzip
import lzma
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from careatlas.loaders.reading import digest_of_all, packed

LIMITS = packed.Limits(parts=10_000, ratio=500, free=256 * 2**20)
_BLOCK = 2**20
_GZIP, _BZIP2, _ZIP = b"\x1f\x8b", b"BZh", b"PK\x03\x04"
BombError = packed.BombError
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


@dataclass(frozen=True)
class Part:
    """A stream of bytes, and the name that places in it begin with."""

    name: str
    stream: IO[bytes]


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
            if reason := packed.refusal(wanted, LIMITS):
                raise zipfile.BadZipFile(reason)
            for one in wanted:
                with package.open(one) as stream:
                    head = stream.read(4)
                with package.open(one) as stream:
                    yield Part(f"{name}/{one.filename}", _unpacked(stream, head, one.compress_size))


def _unpacked(stream: IO[bytes], start: bytes, size: int) -> IO[bytes]:
    if start.startswith(_GZIP):
        return packed.watched(gzip.GzipFile(fileobj=stream), size, LIMITS, _BLOCK)
    if start.startswith(_BZIP2):
        return packed.watched(bz2.BZ2File(stream), size, LIMITS, _BLOCK)
    return stream
