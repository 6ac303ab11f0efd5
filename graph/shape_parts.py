"""What the shapes need to see of things, as N-Triples: of all things of a store in parts, or of a few.

What stands near the things of a part is seen only in part, and would be found wanting were it judged.
So each thing that is to be judged is named by a statement of its own, and the shapes are aimed at what
these statements name.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from tempfile import TemporaryFile
from zlib import crc32

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, Triple, serialize

from careatlas.graph.dataset import DEFAULT
from careatlas.graph.shape_reach import shape_store, sight
from careatlas.graph.terms import RDF_TYPE

_SH = "http://www.w3.org/ns/shacl#"
_TARGETS = ("targetClass", "targetNode", "targetSubjectsOf")
_TARGET = NamedNode(_SH + "targetObjectsOf")
_SUBCLASS = NamedNode("http://www.w3.org/2000/01/rdf-schema#subClassOf")
_AIM = b"<urn:careatlas:aim>"
_TYPE = str(RDF_TYPE).encode()
FILES = 256
"""No more parts than these, since each is a file that is open while they are filled."""

Kinds = Callable[[bytes], Iterable[bytes]]
"""What the shapes look at of a thing that stands near: each statement without the thing."""


@dataclass(frozen=True)
class Part:
    """Some things with what is said of them, and what leads to them."""

    said: dict[bytes, list[bytes]]
    """Each thing with its statements, as lines."""
    toward: list[bytes]
    """Statements that lead to one of the things, as lines."""
    kinds: Kinds
    classes: "Classes"

    def only(self, things: Iterable[bytes]) -> "Part":
        """The part with some of its things."""
        said = {one: self.said[one] for one in things}
        toward = [line for line in self.toward if line.split(b" ", 2)[2][:-3] in said]
        return Part(said, toward, self.kinds, self.classes)

    def seen(self) -> bytes:
        """All that the shapes need to see to judge the things, and which these are."""
        found = list(self.classes.lines)
        near = set()
        aim = _aims()
        for thing, lines in self.said.items():
            found += lines
            aims = {thing} & aim["targetNode"]
            for line in lines:
                _, term, end = line.split(b" ", 2)
                aims |= {term} & aim["targetSubjectsOf"]
                if end.startswith((b"<", b"_")):
                    near.add(end[:-3])
                if term == _TYPE:
                    aims |= self.classes.above.get(end[:-3], {end[:-3]}) & aim["targetClass"]
            found += [b"%s %s %s .\n" % (_AIM, one, thing) for one in aims]
        for line in self.toward:
            thing = line.split(b" ", 1)[0]
            if thing not in self.said:
                found.append(line)
                near.add(thing)
        for node in near - self.said.keys():
            found += [node + end for end in self.kinds(node)]
        return b"".join(found)


@dataclass(frozen=True)
class Classes:
    """The classes of a store."""

    lines: list[bytes]
    """What says which is below which."""
    above: dict[bytes, set[bytes]]
    """Each that is below another, with all that are above it, and itself."""

    @classmethod
    def of(cls, store: Store) -> "Classes":
        """Those of a store."""
        direct: dict[bytes, set[bytes]] = defaultdict(set)
        lines = [_line(one) for one in store.quads_for_pattern(None, _SUBCLASS, None, DEFAULT)]
        for line in lines:
            below, _, end = line.split(b" ", 2)
            direct[below].add(end[:-3])
        above = {}
        for one in direct:
            reached, ahead = {one}, [one]
            while ahead:
                fresh = direct.get(ahead.pop(), set()) - reached
                reached |= fresh
                ahead += fresh
            above[one] = reached
        return cls(lines, above)


@lru_cache(maxsize=1)
def rules() -> bytes:
    """The shapes that are shipped, aimed at what the statements of a part name, as N-Triples."""
    found = {
        Triple(quad.subject, _TARGET, quad.object)
        if quad.predicate.value.removeprefix(_SH) in _TARGETS
        else quad.triple
        for quad in shape_store()
    }
    return serialize(found, format=RdfFormat.N_TRIPLES) or b""


@lru_cache(maxsize=1)
def _aims() -> dict[str, set[bytes]]:
    """The classes, things and properties that shapes are aimed at."""
    found: dict[str, set[bytes]] = {name: set() for name in _TARGETS}
    for quad in shape_store():
        name = quad.predicate.value.removeprefix(_SH)
        if name in _TARGETS:
            found[name].add(str(quad.object).encode())
    return found


def some(store: Store, things: Iterable[str]) -> Part:
    """Things of a store by their IRIs."""
    look = sight()
    said: dict[bytes, list[bytes]] = {}
    toward: set[bytes] = set()
    for iri in things:
        thing = NamedNode(iri)
        lines = [_line(quad) for quad in store.quads_for_pattern(thing, None, None, DEFAULT)]
        said[str(thing).encode()] = lines
        for term in (*look.back, RDF_TYPE) if thing in look.named else look.back:
            found = store.quads_for_pattern(None, term, thing, DEFAULT)
            toward.update(_line(quad) for quad in found)

    def kinds(node: bytes) -> Iterator[bytes]:
        known = NamedNode(node[1:-1].decode()) if node[:1] == b"<" else BlankNode(node[2:].decode())
        for term in (RDF_TYPE, *look.far):
            for quad in store.quads_for_pattern(known, term, None, DEFAULT):
                yield _line(quad)[len(node) :]

    return Part(said, sorted(toward), kinds, Classes.of(store))


def how_many(store: Store, size: int) -> int:
    """The number of parts of about as many statements; each statement is in a named graph, too."""
    return min(FILES, 1 + len(store) // (2 * size))


def parts(store: Store, size: int) -> Iterator[Part]:
    """All things of a store, in parts of about as many statements.

    Which part a thing is in follows from its name alone, so no more than a part is held in memory,
    but for the kinds of all things.
    """
    look = sight()
    back = {str(term).encode() for term in look.back}
    far = {_TYPE, *(str(term).encode() for term in look.far)}
    named = {str(node).encode() for node in look.named}
    count = how_many(store, size)
    kinds: dict[bytes, tuple[bytes, ...]] = {}
    shared: dict[tuple[bytes, ...], tuple[bytes, ...]] = {}  # many things are of few kinds
    with ExitStack() as stack:
        files = [stack.enter_context(TemporaryFile()) for _ in range(count)]
        with TemporaryFile() as dump:
            store.dump(dump, RdfFormat.N_TRIPLES, from_graph=DEFAULT)
            dump.seek(0)
            for line in dump:
                thing, term, end = line.split(b" ", 2)
                places = {crc32(thing) % count}
                if term in back or end[:-3] in named:
                    places.add(crc32(end[:-3]) % count)
                for place in places:
                    files[place].write(line)
                if term in far:
                    told = (*kinds.get(thing, ()), line[len(thing) :])
                    kinds[thing] = shared.setdefault(told, told)
        classes = Classes.of(store)
        for place, file in enumerate(files):
            said: dict[bytes, list[bytes]] = defaultdict(list)
            said.update({one: [] for one in named if crc32(one) % count == place})
            toward = []
            file.seek(0)
            for line in file:
                thing, term, end = line.split(b" ", 2)
                if crc32(thing) % count == place:
                    said[thing].append(line)
                if (term in back or end[:-3] in named) and crc32(end[:-3]) % count == place:
                    toward.append(line)
            yield Part(said, toward, lambda node: kinds.get(node, ()), classes)


def _line(quad: Quad) -> bytes:
    return f"{quad.triple} .\n".encode()
