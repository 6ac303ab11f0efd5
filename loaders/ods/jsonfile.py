"""JSON of any size as its records, one after another: documents, lists within them, or lines."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import ijson  # type: ignore[import-untyped]

from careatlas.loaders.ods.errors import UnsoundFileError
from careatlas.loaders.ods.opening import Part

DEEPEST = 64
WIDEST_LINE = 2**24
_BLOCK = 2**16
_LISTS = ("Organisations", "Organizations", "entry")
"""Lists of a document that may be long, and are taken record by record."""
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class Flawed:
    """A record that is no sound JSON."""

    reason: str


@dataclass
class _Open:
    """A list or object that is being read."""

    holds: dict[str, Any] | list[Any]
    streams: bool = False
    """Whether its items are given one by one and not kept."""
    key: str = ""


Item = dict[str, Any] | Flawed


def records(part: Part) -> Iterator[Item]:
    """Each record of a file: an object of a list of records, or a document without such a list.

    Raises:
        UnsoundFileError: the file is no JSON from some place on.
    """
    with part.open() as file:
        by_line = _by_line(file.read(_BLOCK))
    with part.open() as file:
        if file.read(len(_BOM)) != _BOM:
            file.seek(0)
        yield from _lines(file) if by_line else _documents(part.name, file)


def _by_line(head: bytes) -> bool:
    """Whether each line is a document: the first one is, and another follows."""
    first, found, rest = head.removeprefix(_BOM).lstrip().partition(b"\n")
    return bool(found) and rest.lstrip()[:1] == b"{" and isinstance(_parsed(first), dict)


def _parsed(line: bytes) -> Item:
    try:
        found = json.loads(line, object_pairs_hook=_single)
    except (ValueError, RecursionError) as wrong:
        return Flawed(f"it is no sound JSON: {_short(wrong)}")
    return found if isinstance(found, dict) else Flawed("it is no JSON object")


def _single(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(
            f"the key {next(key for key in keys if keys.count(key) > 1)!r} stands twice"
        )
    return found


def _lines(file: BinaryIO) -> Iterator[Item]:
    while line := file.readline(WIDEST_LINE):
        if len(line) == WIDEST_LINE and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = file.readline(WIDEST_LINE)
            yield Flawed(f"a line of more than {WIDEST_LINE} bytes")
        elif line.strip():
            yield _parsed(line)


@dataclass
class _Builder:
    """Puts records together from the events of the parser."""

    stack: list[_Open] = field(default_factory=list)
    flaw: str = ""

    def take(self, event: str, value: object) -> Item | None:
        """A record that this event completes, if it is one."""
        if event == "map_key":
            self._name(str(value))
            return None
        if event in ("start_map", "start_array"):
            if len(self.stack) >= DEEPEST:
                raise RecursionError(f"it is more than {DEEPEST} deep")
            self.stack.append(self._opened(event))
            return None
        if event in ("end_map", "end_array"):
            closed = self.stack.pop()
            return self._put(closed.holds, streamed=closed.streams)
        return self._put(value)

    def _opened(self, event: str) -> _Open:
        if event == "start_map":
            return _Open({})
        top = not self.stack or (len(self.stack) == 1 and self.stack[0].key in _LISTS)
        return _Open([], streams=top)

    def _name(self, key: str) -> None:
        top = self.stack[-1]
        if key in top.holds:
            self.flaw = self.flaw or f"the key {key[:40]!r} stands twice in it"
        top.key = key

    def _put(self, value: object, *, streamed: bool = False) -> Item | None:
        if not self.stack:
            whole = isinstance(value, dict)
            return self._done(value) if whole else None
        top = self.stack[-1]
        if top.streams:
            return self._done(value)
        if isinstance(top.holds, list):
            top.holds.append(value)
        elif not streamed:
            top.holds[top.key] = value
        else:
            top.holds[top.key] = None
        return None

    def _done(self, value: object) -> Item:
        flaw, self.flaw = self.flaw, ""
        if flaw:
            return Flawed(flaw)
        return value if isinstance(value, dict) else Flawed("it is no JSON object")


def _documents(name: str, file: BinaryIO) -> Iterator[Item]:
    builder, number = _Builder(), 0
    try:
        for event, value in ijson.basic_parse(file, multiple_values=True, buf_size=_BLOCK):
            found = builder.take(event, value)
            if found is not None:
                number += 1
                yield found
    except (ijson.JSONError, ValueError, RecursionError, OverflowError) as fault:
        reason = f"it is no sound JSON after record {number}: {_short(fault)}"
        raise UnsoundFileError(name, reason) from fault
    if builder.stack:
        raise UnsoundFileError(name, f"it is cut off after record {number}")


def _short(fault: Exception) -> str:
    told = " ".join(str(fault).split())
    return told[:120] or type(fault).__name__
