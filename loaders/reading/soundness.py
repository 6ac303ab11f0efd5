"""What is checked of a PDF file before its pages are opened."""

import base64
import mmap
import re
import zlib
from collections.abc import Iterable
from pathlib import Path

import pikepdf

from careatlas.loaders.reading.errors import UnreadableDocumentError

MOST_BYTES = 256 * 2**20
MOST_UNPACKED = 128 * 2**20
"""Of one stream: a page scanned at 600 dots an inch, in colour, takes some 100 MiB."""
MOST_IN_ALL = 4 * 2**30
_BOMB = f"a part of it unpacks to more than {MOST_UNPACKED // 2**20} MiB"
_UNNAMED = ("", "untitled", "(untitled)", "document1")
_RUNS = ("/JavaScript", "/Launch", "/ImportData", "/RichMediaExecute")
_STREAM = re.compile(rb"stream\r?\n")
_BLOCK = 2**16
_ASCII = ("/ASCII85Decode", "/A85", "/ASCIIHexDecode", "/AHx")
_MOST_GAIN = {"/LZWDecode": 1400, "/LZW": 1400, "/RunLengthDecode": 64, "/RL": 64}
"""By how much these ways to pack can shrink a stream at best."""


def checked(path: Path) -> tuple[str | None, str | None]:
    """Title and date of a file that is sound, open, no bomb, and runs nothing.

    Raises:
        UnreadableDocumentError: the file is not all that.
    """
    if path.stat().st_size > MOST_BYTES:
        raise UnreadableDocumentError(path, f"it is larger than {MOST_BYTES // 2**20} MiB")
    _check_streams(path)
    try:
        with pikepdf.open(path, suppress_warnings=True) as document:
            for thing in document.objects:
                if _runs(thing):
                    raise UnreadableDocumentError(
                        path, "it holds scripts or starts programs: print it to a new PDF first"
                    )
                if isinstance(thing, pikepdf.Stream) and _is_bomb(thing):
                    raise UnreadableDocumentError(path, _BOMB)
            title, made = document.docinfo.get("/Title"), document.docinfo.get("/CreationDate")
            named = str(title or "").strip()
            return None if named.lower() in _UNNAMED else named, _day(str(made or ""))
    except pikepdf.PasswordError as fault:
        raise UnreadableDocumentError(path, "it is protected by a password") from fault
    except pikepdf.PdfError as fault:
        raise UnreadableDocumentError(path, "it is damaged: its parts cannot be found") from fault


def _runs(thing: object) -> bool:
    """Whether an object of a PDF, or one that stands within it, is an action that runs something."""
    waiting = [thing]
    while waiting:
        one = waiting.pop()
        if isinstance(one, pikepdf.Array):
            waiting += _direct(one.as_list())
        elif isinstance(one, pikepdf.Dictionary | pikepdf.Stream):
            if "/JS" in one or str(one.get("/S", "")) in _RUNS:
                return True
            waiting += _direct(one.get(key) for key in set(one.keys()))
    return False


def _direct(parts: Iterable[object]) -> list[object]:
    """The parts that stand in an object itself: the others come by themselves."""
    return [part for part in parts if isinstance(part, pikepdf.Object) and not part.is_indirect]


def _check_streams(path: Path) -> None:
    """Unpacks each stream, keeping nothing, before any library that would keep it."""
    if path.stat().st_size == 0:
        return
    total = position = 0
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        while found := _STREAM.search(content, position):
            unpacked, position = _unpacked(content, found.end())
            total += unpacked
            if unpacked > MOST_UNPACKED or total > MOST_IN_ALL:
                raise UnreadableDocumentError(path, _BOMB)


def _unpacked(content: bytes | mmap.mmap, start: int) -> tuple[int, int]:
    """The size of what is packed from a place on, though it be packed twice, and where it ends."""
    outer, inner = zlib.decompressobj(), zlib.decompressobj()
    size, position, twice = 0, start, True
    try:
        while not outer.eof and position < len(content) and size <= MOST_UNPACKED:
            block = content[position : position + _BLOCK]
            position += len(block)
            while block and size <= MOST_UNPACKED:
                out = outer.decompress(block, 2**20)
                block = outer.unconsumed_tail
                size += len(out)
                if twice:
                    within, twice = _within(inner, out)
                    size += within
    except zlib.error:
        return size, max(start, position - _BLOCK)
    return size, max(start, position - len(outer.unused_data))


def _within(inner: "zlib._Decompress", packed: bytes) -> tuple[int, bool]:
    """The size of what is packed in what was unpacked, and whether it is packed at all."""
    size = 0
    try:
        while packed and not inner.eof and size <= MOST_UNPACKED:
            size += len(inner.decompress(packed, 2**20))
            packed = inner.unconsumed_tail
    except zlib.error:
        return size, False
    return size, not inner.eof


def _is_bomb(stream: pikepdf.Stream) -> bool:
    """Whether a stream that is packed in an unusual way unpacks to too much."""
    stated = stream.get("/Filter", pikepdf.Array([]))
    listed = stated.as_list() if isinstance(stated, pikepdf.Array) else [stated]
    names = [str(name) for name in listed]
    if len(names) <= 1 and not set(names) & _MOST_GAIN.keys():
        return False
    data = stream.read_raw_bytes()
    while names and names[0] in _ASCII:
        try:
            data = _from_ascii(names.pop(0), data)
        except ValueError:
            return True
    packings = [name for name in names if name in _MOST_GAIN or name in ("/FlateDecode", "/Fl")]
    if len(packings) > 1:
        return True
    gain = _MOST_GAIN.get(packings[0]) if packings else 1
    size = _unpacked(data, 0)[0] if gain is None else gain * len(data)
    return size > MOST_UNPACKED


def _from_ascii(name: str, data: bytes) -> bytes:
    if name in ("/ASCIIHexDecode", "/AHx"):
        return bytes.fromhex(data.split(b">")[0].decode("ascii"))
    return base64.a85decode(data.split(b"~>")[0])


def _day(stated: str) -> str | None:
    """The day of a date as PDF writes it, `D:20250203…`."""
    digits = stated.removeprefix("D:")[:8]
    if len(digits) < len("20250203") or not digits.isdecimal():
        return None
    return f"{digits[:4]}-{digits[4:6]}-{digits[6:]}"
