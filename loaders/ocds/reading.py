"""Releases out of files, one after the other: JSON lines and packages of any size."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import chain
from pathlib import Path
from typing import IO

from careatlas.loaders.ocds.documents import TWICE, Found, Json, TooDeepError, stream
from careatlas.loaders.ocds.files import PACKED_ERRORS, BombError, Part, parts

_LISTS = {"releases", "records", "results", "compiledRelease", "versionedRelease"}
MOST_LINE = 64 * 2**20
_LARGE_LINE = 2**20
"""A line that is larger is walked, not taken into memory whole."""
_BOM = b"\xef\xbb\xbf"
_LONG = f"the line is longer than {MOST_LINE // 2**20} MiB"


@dataclass(frozen=True)
class Row:
    """A place in a file, and what stands there: a release, or the reason why it is none."""

    place: str
    value: dict[str, Json] | str
    line: bytes = b""
    """The line that it was read from, where keys that stand twice were not looked for."""


def rows(files: list[Path]) -> Iterator[Row]:
    """Every release of the files, in their order; what cannot be read is a row with a reason."""
    names = _names(files)
    for path, name in zip(files, names, strict=True):
        try:
            for part in parts(path, name):
                yield from _rows(part)
        except (*PACKED_ERRORS, NotImplementedError, RuntimeError, OSError, BombError) as error:
            yield Row(name, f"it is damaged from here on: {' '.join(str(error).split())}")


def _names(files: list[Path]) -> list[str]:
    """The names of files, with the folders above them where two have the same."""
    short = [path.name for path in files]
    return [
        name if short.count(name) == 1 else path.as_posix()
        for path, name in zip(files, short, strict=True)
    ]


def _rows(part: Part) -> Iterator[Row]:
    lines = _lines(part.stream)
    head: list[bytes | None] = []
    for line in lines:
        head.append(line)
        if line is None or line.strip():
            break
    first = head[-1] if head else b""
    if first is not None and not first.strip():
        yield Row(part.name, "it is empty")
    elif _is_lines(first, lines, head):
        yield from _of_lines(part.name, chain(head, lines))
    else:
        yield from _of_document(part.name, _Joined(chain(head, lines)))


def _lines(stream: IO[bytes]) -> Iterator[bytes | None]:
    """The lines of a stream; None for each piece of one that is too long to be one release."""
    while line := stream.readline(MOST_LINE):
        yield line


def _is_lines(first: bytes | None, lines: Iterator[bytes | None], head: list[bytes | None]) -> bool:
    """Whether a file holds a JSON value on each line, and not one value on all of them."""
    if first is None or not first.endswith(b"\n"):
        return False
    for line in lines:
        head.append(line)
        if line is None or line.strip():
            # A first line may be cut; in a package over several lines the second is no whole value either.
            return _is_json(first) or _is_json(line or b"")
    return False


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(json.loads(line.removeprefix(_BOM)), dict | list)
    except (ValueError, RecursionError):
        return False


def _of_lines(name: str, lines: Iterator[bytes | None]) -> Iterator[Row]:
    number, joined = 0, False
    for line in lines:
        text = line or b""
        if joined:
            joined = not text.endswith(b"\n") and len(text) == MOST_LINE
            continue
        number += 1
        if len(text) >= MOST_LINE and not text.endswith(b"\n"):
            joined = True
            yield Row(f"{name}:{number}", _LONG)
        elif text.strip():
            yield from _of_line(f"{name}:{number}", text)


def _of_line(place: str, line: bytes) -> Iterator[Row]:
    if len(line) > _LARGE_LINE:
        yield from _of_document(place, _Joined(iter([line])))
        return
    try:
        value = load(line)
        if isinstance(value, dict) and not _LISTS & value.keys():
            yield Row(place, value, line)
        else:
            yield from _of_document(place, _Joined(iter([line])))
    except BadJsonError as fault:
        yield Row(place, str(fault))


class BadJsonError(ValueError):
    """What is wrong with a piece of JSON."""


def load(line: bytes) -> Json:
    """A JSON value, its numbers as written.

    Raises:
        BadJsonError: it is none.
    """
    try:
        return json.loads(
            line.removeprefix(_BOM).decode(), parse_float=Decimal, parse_constant=_constant
        )
    except UnicodeDecodeError as error:
        raise BadJsonError(f"it is not UTF-8 text (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise BadJsonError(
            f"it is not JSON: {error.msg.lower()} at character {error.pos}"
        ) from error
    except RecursionError as error:
        raise BadJsonError("it is nested too deep") from error
    except ArithmeticError as error:
        raise BadJsonError("a number in it is too large") from error
    except BadJsonError:
        raise
    except ValueError as error:
        raise BadJsonError("a number in it is too long") from error


def repeated(row: Row) -> str:
    """A key that stands twice in one object of a release, if one does."""
    if not row.line:
        return str(row.value.get(TWICE, "")) if isinstance(row.value, dict) else ""
    found: list[str] = []

    def look(pairs: list[tuple[str, Json]]) -> dict[str, Json]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            found.append(next(name for name in names if names.count(name) > 1))
        return made

    json.loads(row.line.removeprefix(_BOM), object_pairs_hook=look)
    return found[0] if found else ""


def _constant(name: str) -> Json:
    raise BadJsonError(f"it is not JSON: {name} is no number")


def _row(place: str, found: Found) -> Row:
    return Row(f"{place} {found.place}".strip(), found.value)


def _of_document(name: str, text: "_Joined") -> Iterator[Row]:
    import ijson  # type: ignore[import-untyped]  # the library ships no types

    at = ""
    try:
        for found in stream(text):
            at = found.place
            yield _row(name, found)
    except TooDeepError as error:
        yield Row(f"{name} {at}".strip(), str(error))
    except (ijson.JSONError, UnicodeDecodeError, ArithmeticError) as error:
        after = f" (after {at})" if at else ""
        what = _told(error)
        yield Row(name, f"it is not JSON from here on{after}: {what[:120]}")


def _told(error: Exception) -> str:
    """The first line of what a parser says, which may say it in bytes."""
    said = error.args[0] if error.args else ""
    text = said.decode(errors="replace") if isinstance(said, bytes) else str(error)
    first = text.strip().partition("\n")[0].strip().lower()
    if "invalid bytes in utf8" in first:
        return "it is not UTF-8 text"
    return first or "it ends too early"


class _Joined:
    """Pieces of bytes as one file, for a reader that asks for some at a time."""

    def __init__(self, pieces: Iterator[bytes | None]) -> None:
        self._pieces = pieces
        self._left = b""
        self._begun = False

    def read(self, size: int = -1) -> bytes:
        """Up to so many bytes."""
        if size == 0:
            return b""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._left = piece if self._begun else piece.removeprefix(_BOM)
            self._begun = True
        given = self._left if size < 0 else self._left[:size]
        self._left = self._left[len(given) :]
        return given
