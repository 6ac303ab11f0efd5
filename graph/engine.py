"""A release that lies in a SPARQL engine elsewhere, and is asked there.

Invariant: what a reader is given comes from one publication. The engine says in a graph of its own
which release it holds and by which publication; that mark is away while statements move, no two
publications have the same, and a reader looks at it before and after each answer.
"""

import base64
import json
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions

from careatlas.graph import virtuoso
from careatlas.graph.brought import Brought
from careatlas.graph.dataset import Engine
from careatlas.graph.engine_errors import (
    DifferentAnswerError,
    EngineError,
    NotPublishedError,
    RefusedError,
    ReleaseChangedError,
)
from careatlas.graph.engine_wire import PATIENCE, Fields, Found, Reply, Wire, form, parsed
from careatlas.graph.terms import LABEL, text, thing

MARK = thing("graph/published")
"""The graph that says what an engine holds, and the thing that it says it of."""
TOKEN = NamedNode("http://purl.org/dc/terms/identifier")
_PART = thing("published/part").value
_SIZE = 30_000
"""Letters of a part: engines store short texts well."""
_MARKED = f"""SELECT ?name ?token WHERE {{
  GRAPH {MARK} {{ {MARK} {LABEL} ?name OPTIONAL {{ {MARK} {TOKEN} ?token }} }}
}}"""
_TOLD = "SELECT ?part ?said WHERE {{ GRAPH {} {{ {} ?part ?said }} }}"
_PLACES = ("/query", "/sparql", "")
"""Where engines are asked, below the address that people name."""


@dataclass(frozen=True)
class Publication:
    """Which release an engine holds, and by which publication; no token means that it is not whole."""

    name: str
    token: str


def marked(publication: Publication, told: Mapping[str, Any]) -> Iterator[Quad]:
    """The statements of the mark: the release, the publication, and what is told of the release."""
    yield Quad(MARK, LABEL, text(publication.name), MARK)
    for name, value in told.items():
        packed = base64.b64encode(zlib.compress(json.dumps(value).encode())).decode()
        for at in range(0, len(packed), _SIZE):
            part = NamedNode(f"{_PART}/{at // _SIZE}")
            yield Quad(_about(name), part, text(packed[at : at + _SIZE]), MARK)
    yield Quad(MARK, TOKEN, text(publication.token), MARK)


def _about(name: str) -> NamedNode:
    return thing(f"published/{name}")


@dataclass
class Remote(Engine):
    """An engine that is asked over HTTP."""

    url: str
    """Where it is asked."""
    wire: Wire
    is_virtuoso: bool = False
    pinned: Publication | None = field(default=None, init=False)
    brought: tuple[Publication, Brought] | None = field(default=None, init=False)
    """What was brought here of a publication."""

    @property
    def shown(self) -> str:
        """Where it is asked, without a password."""
        return EngineError(self.url).url

    def query(self, text: str, graphs: Fields | None = None) -> Found:
        """What a query gives on the release that was there when it was first asked, or on some of its graphs.

        Raises:
            SyntaxError: it is no SPARQL.
            DifferentAnswerError: it is of a kind that the engine cuts without saying so.
            EngineError: there is no whole answer from that release.
        """
        if self.is_virtuoso and form(text) in {"CONSTRUCT", "DESCRIBE"}:
            raise DifferentAnswerError(self.url, "CONSTRUCT and DESCRIBE, cut at its limit unsaid,")
        return self._held(lambda one: self.ask(one, graphs), text)

    def _held(self, ask: Callable[[str], Found], text: str) -> Found:
        publication = self.publication
        found = ask(text)
        if self.published() != publication:
            raise ReleaseChangedError(self.url)
        return found

    @property
    def publication(self) -> Publication:
        """The publication that all answers come from.

        Raises:
            NotPublishedError: there is none, or it is not whole.
        """
        if self.pinned is None:
            found = self.published()
            if found is None:
                raise NotPublishedError(self.url, "none was published")
            if not found.token:
                raise NotPublishedError(self.url, f"{found.name} is being published")
            self.pinned = found
        return self.pinned

    def published(self) -> Publication | None:
        """What the engine says of itself now."""
        found = self.ask(_MARKED)
        rows = list(found) if isinstance(found, QuerySolutions) else []
        values = [
            tuple(one.value if isinstance(one, Literal) else "" for one in row) for row in rows
        ]
        if len(values) > 1:
            return Publication(values[0][0], "")
        return Publication(*values[0]) if values else None

    def asked(self, text: str) -> Found:
        """What a question of the catalogue gives: asked there, or of Virtuoso here, on what it reads there."""
        if not self.is_virtuoso:
            return self.query(text)
        if self.brought is None or self.brought[0] != self.publication:
            but = (virtuoso.DEFAULT, MARK.value)
            self.brought = self.publication, Brought(self.url, self.ask, but)
        return self._held(self.brought[1].query, text)

    def allow_graphs(self) -> None:
        """Let a query through that names its graphs, if it is asked of those alone.

        Raises:
            DifferentAnswerError: it is not.
        """
        if self.is_virtuoso:
            raise DifferentAnswerError(self.url, "a query that names its graphs")

    def ask(self, text: str, graphs: Fields | None = None) -> Found:
        """What a query gives now, whatever is published; graphs go by the fields of the SPARQL Protocol.

        Raises:
            SyntaxError: it is no SPARQL.
            EngineError: there is no whole answer.
        """
        if graphs:
            self.allow_graphs()
        try:
            return self._of_virtuoso(text) if self.is_virtuoso else self._asked(text, graphs or {})
        except RefusedError as error:
            _check(text, error)
            raise

    def _asked(self, text: str, given: Fields) -> Found:
        return parsed(self.url, self.wire.read(self.url, text, given))

    def _of_virtuoso(self, text: str) -> Found:
        reply = self.wire.read(self.url, text, virtuoso.dataset(text))
        return parsed(self.url, Reply(reply.headers, virtuoso.plain(reply.body)))

    def told(self, name: str) -> dict[str, Any]:
        """What was told of the release when it was published, such as its labels.

        Raises:
            NotPublishedError: nothing was.
        """
        found = self.query(_TOLD.format(MARK, _about(name)))
        parts = {}
        for part, said in found if isinstance(found, QuerySolutions) else ():
            if isinstance(part, NamedNode) and isinstance(said, Literal):
                parts[int(part.value.rsplit("/", 1)[-1])] = said.value
        try:
            packed = "".join(parts[at] for at in range(len(parts)))
            return dict(json.loads(zlib.decompress(base64.b64decode(packed))))
        except (KeyError, ValueError, zlib.error) as error:
            raise NotPublishedError(self.url, f"its {name} cannot be read") from error


_WRONG = 400


def _check(query: str, error: RefusedError) -> None:
    """Say that a query is no SPARQL where that is why it was refused."""
    if error.status == _WRONG:
        from pyoxigraph import Store

        Store().query(query)


def connected(url: str, seconds: float = PATIENCE) -> Remote:
    """The engine at an address: that where it is asked, or one above it.

    Raises:
        EngineError: nobody answers there as an engine does.
    """
    wire = Wire(seconds)
    base = url.rstrip("/")
    *ahead, last = ("",) if base.endswith(_PLACES[:2]) else _PLACES
    for place in (*ahead, last):
        try:
            reply = wire.read(base + place, _MARKED)
        except RefusedError as error:
            if place == last or error.status not in _ELSEWHERE:
                raise
        else:
            return Remote(base + place, wire, "virtuoso" in reply.headers.get("server", "").lower())
    raise AssertionError("the last place answers or raises")


_ELSEWHERE = frozenset({400, 404, 405, 406, 415})
"""What a server says where it is asked nothing."""


class RemoteRelease:
    """The release that an engine holds: what of a release can be asked for without its folder."""

    def __init__(self, store: Remote) -> None:
        self.store = store

    @property
    def name(self) -> str:
        """The hash of its content."""
        return self.store.publication.name

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """Sources, counts, versions and findings."""
        return self.store.told("manifest")

    @cached_property
    def counted(self) -> dict[tuple[str, ...], object]:
        """What was counted in it and need not be counted again; whoever counts chooses the key."""
        return {}

    @cached_property
    def labels(self) -> dict[str, list[list[str]]]:
        """The names of things, by kind."""
        return self.store.told("labels")
