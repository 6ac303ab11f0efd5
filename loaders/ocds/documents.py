"""Releases in a JSON document: packages of releases or records, answers to a search, lists of these.

A document is walked event by event: only one release at a time is in memory.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Protocol

Json = Any
"""A value of a JSON document, of whatever kind."""
MOST_DEPTH = 60
MOST_VALUES = 2_000_000
_LISTS = ("releases", "records", "results")
"""Keys under which lists of releases, records and packages stand."""
TWICE = "\0twice"
"""The key under which a release says that one of its keys stands twice."""
_SAID = {"tender", "awards", "contracts", "planning", "buyer", "parties"}
_VERSION = {"releaseID", "releaseDate", "releaseTag", "value"}
_DEEP = f"nested deeper than {MOST_DEPTH} levels"
_LARGE = f"larger than {MOST_VALUES:,} values"
NOT_FOUND = "it holds no release, record or package of OCDS"
_NO_OBJECT = "it is no JSON object"
_ONLY_ADDRESSES = "the record holds no release, only addresses: load the packages that they name"


@dataclass(frozen=True)
class Found:
    """A release, or the reason why there is none, and its place in the document."""

    place: str
    value: dict[str, Json] | str


class TooDeepError(ValueError):
    """A document that is nested deeper, or holds more in one place, than any release."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what

    def __str__(self) -> str:
        return f"it is {self.what}, so that nothing from here on was read"


class _Bytes(Protocol):
    def read(self, size: int = -1) -> bytes: ...


def stream(file: _Bytes) -> Iterator[Found]:
    """The releases of one document, or of several that follow each other.

    Raises:
        TooDeepError: something in it is out of all measure.
        ijson.JSONError: it is not JSON from some place on.
    """
    import ijson  # type: ignore[import-untyped]  # the library ships no types

    events = iter(ijson.basic_parse(file, multiple_values=True))
    for number, (event, _) in enumerate(events, 1):
        place = "" if number == 1 else f"value {number}"
        if event == "start_map":
            yield from _object(events, place, "", 1)
        elif event == "start_array":
            yield from _list(events, place, "item", 1)
        else:
            yield Found(place, _NO_OBJECT)


def _list(events: Iterator[tuple[str, Json]], place: str, kind: str, depth: int) -> Iterator[Found]:
    for number, (event, value) in enumerate(events):
        if event == "end_array":
            return
        at = f"{place}[{number}]" if place or kind == "item" else f"{kind}[{number}]"
        if event == "start_map":
            yield from _object(events, at, kind, depth + 1)
        else:
            _Builder(events).build(event, value)
            yield Found(at, _NO_OBJECT)


def _object(
    events: Iterator[tuple[str, Json]], place: str, kind: str, depth: int
) -> Iterator[Found]:
    """What an object holds: it is a release itself where it holds no list of them."""
    built: dict[str, Json] = {}
    lists = full = 0
    for event, key in events:
        if event == "end_map":
            break
        inner, value = next(events)
        if key in _LISTS and kind != "releases" and inner == "start_array" and depth < MOST_DEPTH:
            lists += 1
            for found in _list(events, f"{place} {key}".strip(), key, depth):
                if kind == "records" and _is_address(found.value):
                    built["linked"] = True
                else:
                    full += 1
                    yield found
        elif key == "versionedRelease":
            # Read only where nothing else says what the record says: it can be very large.
            needed = not full and "compiledRelease" not in built
            if needed:
                built[key] = _Latest(events).build(inner, value)
            else:
                _skip(events, inner)
        else:
            builder = _Builder(events, key if key in built else "")
            built[key] = builder.build(inner, value)
            if builder.twice:
                built[TWICE] = builder.twice
    if not full and (not lists or kind == "records" or "compiledRelease" in built):
        yield Found(place, built) if kind == "releases" else _single(built, place)


def _is_address(value: object) -> bool:
    """Whether a release in a record is only the address of one."""
    return isinstance(value, dict) and not _SAID & value.keys()


def _single(built: dict[str, Json], place: str) -> Found:
    for key in ("compiledRelease", "versionedRelease"):
        if isinstance(built.get(key), dict):
            return Found(f"{place} {key}".strip(), built[key])
    if "linked" in built:
        return Found(place, _ONLY_ADDRESSES)
    if "ocid" in built or _SAID & built.keys():
        return Found(place, built)
    return Found(place, NOT_FOUND)


def _skip(events: Iterator[tuple[str, Json]], event: str) -> None:
    depth = 1 if event.startswith("start_") else 0
    while depth:
        event, _ = next(events)
        depth += event.startswith("start_") - event.startswith("end_")
        if depth > MOST_DEPTH:
            raise TooDeepError(_DEEP)


class _Builder:
    """Builds one value whole, within measure; a key that stands twice is noted at its root."""

    def __init__(self, events: Iterator[tuple[str, Json]], twice: str = "") -> None:
        self.events = events
        self.twice = twice

    def build(self, event: str, value: Json) -> Json:
        """The value that begins with this event."""
        if not event.startswith("start_"):
            return value
        root: Json = {} if event == "start_map" else []
        stack: list[tuple[Json, str]] = [(root, "")]
        count = 0
        while stack:
            event, value = next(self.events)
            count += 1
            if count > MOST_VALUES or len(stack) > MOST_DEPTH:
                raise TooDeepError(_LARGE if count > MOST_VALUES else _DEEP)
            holder, key = stack[-1]
            if event == "map_key":
                stack[-1] = (holder, value)
                self.twice = self.twice or (value if value in holder else "")
            elif event.startswith("end_"):
                stack.pop()
                self.ended(holder, stack)
            else:
                made: Json = {} if event == "start_map" else [] if event == "start_array" else value
                if isinstance(holder, list):
                    holder.append(made)
                else:
                    holder[key] = made
                if event.startswith("start_"):
                    stack.append((made, ""))
        if self.twice and isinstance(root, dict):
            root[TWICE] = self.twice
        return root

    def ended(self, holder: Json, stack: list[tuple[Json, str]]) -> None:
        """Take note of an object or list that is complete."""


class _Latest(_Builder):
    """Builds a versioned release as it stands last: of each history, the last value."""

    date = ""

    def build(self, event: str, value: Json) -> Json:
        """The release, dated as its last change."""
        root = super().build(event, value)
        if isinstance(root, dict):
            root.setdefault("date", self.date or None)
            root.setdefault("id", f"{root.get('ocid')}-{self.date}")
        return root

    def ended(self, holder: Json, stack: list[tuple[Json, str]]) -> None:
        """Put the last value in the place of its history."""
        if not (isinstance(holder, list) and stack and isinstance(stack[-1][0], dict)):
            return
        if not holder or not all(
            isinstance(one, dict) and one.keys() == _VERSION for one in holder
        ):
            return
        last = max(holder, key=lambda one: str(one["releaseDate"]))
        self.date = max(self.date, str(last["releaseDate"]))
        parent, key = stack[-1]
        parent[key] = last["value"]
