"""What the text of a query says, before anything runs: its form, its dataset, what it may not do.

This is a lexer, not a parser: the engine's parser decides what is SPARQL. The lexer sees which
words stand in the open, outside of strings, comments, IRIs, names and variables. `SERVICE` is
the only word by which a query reaches the network; the walls of the workers stand behind this.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from heapq import heappop, heappush
from urllib.parse import urljoin

from careatlas.graph.terms import ID
from careatlas.service.problems import Problem

UPDATES = frozenset(
    ("INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "COPY", "MOVE", "ADD", "WITH")
)
FORMS = frozenset(("SELECT", "ASK", "CONSTRUCT", "DESCRIBE"))
VOLATILE = frozenset(("NOW", "RAND", "UUID", "STRUUID", "BNODE"))
"""Functions that give something else each time; an answer with one of them is not kept."""

_ESCAPE = r"\\(?:[tbnrf\"'\\]|u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_TOKEN = re.compile(
    rf"""
    (?P<skip>  [\x00-\x20]++ | \#[^\n\r]*+ )
  | (?P<iri>   < (?: [^<>"{{}}|^`\\\x00-\x20]++ | {_ESCAPE} )*+ > )
  | (?P<long>
        \"{{3}} (?: "{{0,2}}+ (?: [^"\\] | {_ESCAPE} ) )*+ \"{{3}}
      | '{{3}}  (?: '{{0,2}}+ (?: [^'\\] | {_ESCAPE} ) )*+ '{{3}} )
  | (?P<string> "(?: [^"\\\n\r]++ | {_ESCAPE} )*+" | '(?: [^'\\\n\r]++ | {_ESCAPE} )*+' )
  | (?P<variable> [?$](?: \w | [^\x00-\x7f] )++ )
  | (?P<tag> @[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)? )
  | (?P<name> (?: [A-Za-z_:] | [^\x00-\x7f] )(?: [\w.:%-] | [^\x00-\x7f] | \\. )*+ )
  | (?P<other> [\d.,;(){{}}\[\]*/+=!&|~^>%-]++ | . )
    """,
    re.VERBOSE | re.DOTALL,
)
"""A `name` is a run of letters, colons and dots: a keyword, a prefixed name, or both at once."""
_WHOLE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_OPEN, _CALLED, _AIMED, _NAMES = range(4)
"""What stands before: nothing, SERVICE, SERVICE and its address, a word that wants a name."""
_WANTS_NAME = frozenset(("graph", "from", "named", "describe"))
_DEAD = frozenset(("'", '"', "\\"))
"""What no reading gets past: a quote that is not closed, a backslash in the open."""


@dataclass(frozen=True)
class Query:
    """What the text of a query says of itself."""

    text: str
    form: str | None
    """SELECT, ASK, CONSTRUCT or DESCRIBE; nothing where the parser will have to say."""
    graphs: tuple[str, ...]
    """The IRIs of its own FROM and FROM NAMED."""
    volatile: bool

    @property
    def kind(self) -> str:
        """Whether it gives rows (or a boolean) or a graph."""
        return "graph" if self.form in {"CONSTRUCT", "DESCRIBE"} else "rows"


def read(text: str) -> Query:
    """Read a query.

    Raises:
        Problem: it is empty, an update, or would call another service.
    """
    if not text.strip():
        raise Problem(400, "no-query", "the query is empty")
    if "service" in text.lower() and _calls_out(text):
        raise Problem(
            400,
            "service-refused",
            "SERVICE is refused: this endpoint calls no other, and fetches nothing",
        )
    tokens = list(_significant(text))
    words = [value.upper() for kind, value in tokens if kind == "name"]
    form = next((word for word in words if word in FORMS | UPDATES), None)
    if form in UPDATES:
        raise Problem(403, "read-only", "this endpoint is read-only: updates are refused")
    return Query(text, form, tuple(_dataset(tokens)), not VOLATILE.isdisjoint(words))


def _significant(text: str) -> Iterator[tuple[str, str]]:
    for match in _TOKEN.finditer(text):
        kind = match.lastgroup or "other"
        if kind != "skip":
            yield kind, match[0]


def _calls_out(text: str) -> bool:
    """Whether the engine could take a word of this text for a call of another service.

    What is quoted depends on how the engine reads what stands before, and that the grammar
    decides: `<'x>` is an IRI or "less than" and a quote, `'''` opens a long string or is an empty
    one. So this follows every reading at once, each place in the text once for each state.
    """
    places = [(0, _OPEN)]
    met = set(places)
    end, line_end = 0, -1
    while places:
        at, before = heappop(places)
        if text[at] == "#" and at < line_end:
            found = {(line_end, before)}
        else:
            kind, value, end = _token(text, at)
            if value[0] == "{" and before == _AIMED:
                return True
            if value in _DEAD:
                continue
            if value[0] == "#":
                line_end = end
            found = {(end, state) for state in _after(before, kind, value)}
            if kind == "iri" and ("'" in value or "#" in value):
                found.add((at + 1, _OPEN))
            if kind == "long" and ("\\u" in value or "\\U" in value):
                found.add((at + 2, _OPEN))
        for place in found - met:
            met.add(place)
            if place[0] < len(text):
                heappush(places, place)
    return False


def _token(text: str, at: int) -> tuple[str, str, int]:
    match = _TOKEN.match(text, at)
    if match is None:
        raise RuntimeError("every character is a token")
    return match.lastgroup or "other", match[0], match.end()


def _after(before: int, kind: str, value: str) -> set[int]:
    """What may stand behind a token, by what stood before it."""
    if kind == "skip":
        return {before}
    if kind in {"iri", "variable"}:
        return {_CALLED: {_AIMED}, _NAMES: {_NAMES}}.get(before, {_OPEN})
    # No name ends with a dot, unless it is escaped, so neither a call nor its address can.
    if kind != "name" or (value.endswith(".") and not value.endswith("\\.")):
        return {_OPEN}
    word = value.lower()
    if word in _WANTS_NAME or (before == _NAMES and ":" in word):
        return {_NAMES}
    if word == "silent" and before == _CALLED:
        return {_CALLED}
    found = set()
    if ":" in word.partition("service")[2] or (before == _CALLED and ":" in word):
        found.add(_AIMED)
    if word.endswith(("service", "servicesilent")):
        found.add(_CALLED)
    return found or {_OPEN}


def _dataset(tokens: list[tuple[str, str]]) -> Iterator[str]:
    """The IRIs behind FROM, with the prefixes and the base of the prologue."""
    prefixes: dict[str, str] = {}
    base = ID
    for at, (kind, value) in enumerate(tokens):
        word = value.upper() if kind == "name" else ""
        rest = tokens[at + 1 : at + 3]
        if word == "BASE" and rest:
            base = _resolved(base, rest[0][1])
        elif word == "PREFIX" and len(rest) > 1:
            prefixes[rest[0][1]] = _resolved(base, rest[1][1])
        elif word == "FROM" and rest:
            named = rest[0][1].upper() == "NAMED" and len(rest) > 1
            of, graph = rest[1] if named else rest[0]
            if of == "iri":
                yield _resolved(base, graph)
            elif of == "name" and ":" in graph:
                prefix, _, local = graph.partition(":")
                yield prefixes.get(f"{prefix}:", f"{prefix}:") + re.sub(r"\\(.)", r"\1", local)


def _resolved(base: str, written: str) -> str:
    """An IRI in its brackets, on a base; one that is whole stays as it is, with an empty end."""
    iri = written[1:-1]
    return iri if _WHOLE.match(iri) else urljoin(base, iri)
