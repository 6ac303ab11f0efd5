"""Faults put into quads at random: what a slip of a hand or of a loader may do to them."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from pyoxigraph import Literal, NamedNode, Quad

from careatlas.graph.terms import ATLAS, ID, RDF_TYPE, SCHEME, XSD

DATE = NamedNode(XSD + "date")
PAIRS = {
    "earliestStart": "latestEnd",
    "holdsFrom": "holdsTo",
    "opened": "closed",
    "startsOn": "endsOn",
}
"""Days that begin something, and those that end it."""
HUB = 60
"""What has more ties than this is tied to all."""


def subject(quad: Quad) -> NamedNode:
    """What a quad speaks of: data has no blank nodes."""
    assert isinstance(quad.subject, NamedNode)
    return quad.subject


def value(quad: Quad) -> NamedNode | Literal:
    """What a quad says of it."""
    assert isinstance(quad.object, NamedNode | Literal)
    return quad.object


@dataclass(frozen=True)
class Mutation:
    """Quads that are taken away, and quads that stand in their place."""

    kind: str
    before: tuple[Quad, ...]
    after: tuple[Quad, ...]

    def apply(self, quads: set[Quad]) -> None:
        """Change the quads."""
        quads.difference_update(self.before)
        quads.update(self.after)

    def __str__(self) -> str:
        def short(quads: tuple[Quad, ...]) -> str:
            parts = (f"{quad.subject} {quad.predicate} {quad.object}" for quad in quads)
            return (
                " ; ".join(parts)
                .replace(ID, "id:")
                .replace(ATLAS, "atlas:")
                .replace(SCHEME, "scheme:")
            )

        return f"{self.kind}: {short(self.before)} -> {short(self.after)}"


class World:
    """Quads, and what is needed to choose faults that fit them."""

    def __init__(self, quads: Sequence[Quad]) -> None:
        self.quads = sorted(quads, key=str)
        self.known = set(self.quads)
        self.by_predicate: dict[NamedNode, list[Quad]] = defaultdict(list)
        self.kinds: dict[NamedNode, str] = {}
        self.neighbours: dict[str, set[str]] = defaultdict(set)
        values: dict[tuple[str, NamedNode], Counter[object]] = defaultdict(Counter)
        for quad in self.quads:
            self.by_predicate[quad.predicate].append(quad)
            if quad.predicate == RDF_TYPE:
                self.kinds[subject(quad)] = value(quad).value
            elif isinstance(quad.object, NamedNode):
                self.neighbours[subject(quad).value].add(quad.object.value)
                self.neighbours[quad.object.value].add(subject(quad).value)
        for node, predicate, _ in {(subject(quad), quad.predicate, quad.object) for quad in quads}:
            values[self.kinds.get(node, ""), predicate][node] += 1
        self.functional = {key for key, count in values.items() if max(count.values()) == 1}
        self.concepts = sorted(
            {
                quad.object
                for quad in self.quads
                if isinstance(quad.object, NamedNode) and quad.object.value.startswith(SCHEME)
            },
            key=str,
        )
        self.things = sorted(self.kinds, key=str)

    def names(self, mutation: Mutation) -> set[str]:
        """The things that a fault touches, but for those that most things are tied to."""
        subjects = {subject(quad).value for quad in (*mutation.before, *mutation.after)}
        objects = {value(quad).value for quad in (*mutation.before, *mutation.after)}
        return subjects | {
            name for name in objects if name.startswith(ID) and not self.is_hub(name)
        }

    def footprint(self, mutation: Mutation) -> set[str]:
        """The things that a fault touches, with all that are tied to them."""
        names = self.names(mutation)
        around = {
            other for name in names if not self.is_hub(name) for other in self.neighbours[name]
        }
        return names | {
            other for other in around if other.startswith(ID) and not self.is_hub(other)
        }

    def is_hub(self, name: str) -> bool:
        """Whether so many things are tied to it that two faults may lie beside it."""
        return "/docv/" in name or len(self.neighbours[name]) > HUB


def replaced(quad: Quad, term: NamedNode | Literal) -> Quad:
    """The quad with another object."""
    return Quad(quad.subject, quad.predicate, term, quad.graph_name)


def drop(world: World, random: Random) -> Mutation | None:
    """A statement is lost."""
    return Mutation("drop", (random.choice(world.quads),), ())


def swap(world: World, random: Random) -> Mutation | None:
    """Two statements with one predicate exchange their values."""
    one = random.choice(world.quads)
    other = random.choice(world.by_predicate[one.predicate])
    after = (replaced(one, value(other)), replaced(other, value(one)))
    if one.object == other.object or one.subject == other.subject or world.known & set(after):
        return None
    return Mutation("swap", (one, other), after)


def retarget(world: World, random: Random) -> Mutation | None:
    """A reference leads to a thing of another class, or to a concept of another scheme."""
    quad = random.choice(world.quads)
    old = quad.object
    if quad.predicate == RDF_TYPE or not isinstance(old, NamedNode):
        return None
    if old.value.startswith(SCHEME):
        scheme = old.value.rsplit("/", 1)[0]
        new = random.choice(
            [node for node in world.concepts if not node.value.startswith(scheme + "/")]
        )
    else:
        new = random.choice(world.things)
        if world.kinds[new] == world.kinds.get(old):
            return None
    return Mutation("retarget", (quad,), (replaced(quad, new),))


def duplicate(world: World, random: Random) -> Mutation | None:
    """A thing that has one value gets a second one, as another thing of its class has it."""
    quad = random.choice(world.quads)
    kind = world.kinds.get(subject(quad), "")
    if (kind, quad.predicate) not in world.functional:
        return None
    other = random.choice(world.by_predicate[quad.predicate])
    if other.object == quad.object or world.kinds.get(subject(other), "") != kind:
        return None
    return Mutation("duplicate", (), (replaced(quad, value(other)),))


def wrong_type(world: World, random: Random) -> Mutation | None:
    """A value is of another datatype, or a name is written as a text."""
    quad = random.choice(world.quads)
    old = value(quad)
    new = Literal(old.value)
    if isinstance(old, Literal) and old.datatype.value == XSD + "string":
        token = Literal(old.value, datatype=NamedNode(XSD + "token"))
        new = random.choice([Literal(old.value, language="en"), token])
    return Mutation("wrong type", (quad,), (replaced(quad, new),))


def wrong_date(world: World, random: Random) -> Mutation | None:
    """A day lies centuries off, is a text, or makes its thing end before it begins."""
    quad = random.choice(world.quads)
    old = value(quad)
    if not isinstance(old, Literal) or old.datatype != DATE:
        return None
    day = date.fromisoformat(old.value)
    wrong = [
        day.replace(day=1, year=day.year - 200).isoformat(),
        day.replace(day=1, year=day.year + 900).isoformat(),
        f"{day:%b %y}",
        f"{day.year}-13-45",
    ]
    end = NamedNode(f"{ATLAS}{PAIRS.get(quad.predicate.value.removeprefix(ATLAS))}")
    ends = [value(one) for one in world.by_predicate[end] if one.subject == quad.subject]
    if ends:
        later = date.fromisoformat(ends[0].value) + timedelta(days=30)
        wrong += [later.isoformat()] * 2
    new = Literal(random.choice(wrong), datatype=DATE)
    return Mutation("wrong date", (quad,), (replaced(quad, new),))


def misspell(world: World, random: Random) -> Mutation | None:
    """A predicate loses a letter."""
    quad = random.choice(world.quads)
    name = quad.predicate.value
    if not name.startswith(ATLAS):
        return None
    at = random.randrange(len(ATLAS), len(name))
    wrong = Quad(quad.subject, NamedNode(name[:at] + name[at + 1 :]), quad.object, quad.graph_name)
    return Mutation("misspelt predicate", (quad,), (wrong,))


OPERATORS: tuple[Callable[[World, Random], Mutation | None], ...] = (
    drop,
    swap,
    retarget,
    duplicate,
    wrong_type,
    wrong_date,
    misspell,
)


def mutations(world: World, each: int, seed: int) -> list[Mutation]:
    """So many faults of every kind, the same for the same seed."""
    random = Random(seed)  # noqa: S311 - faults, not secrets
    found: dict[Mutation, None] = {}
    for operator in OPERATORS:
        wanted = len(found) + each
        while len(found) < wanted:
            if mutation := operator(world, random):
                found[mutation] = None
    return list(found)


def batches(world: World, faults: Sequence[Mutation], size: int) -> Iterator[list[Mutation]]:
    """The faults in batches within which none touches what another one touches or is tied to."""
    left = list(faults)
    while left:
        batch: list[Mutation] = []
        taken: set[str] = set()
        for fault in left:
            around = world.footprint(fault)
            if len(batch) < size and not taken & around:
                batch.append(fault)
                taken |= around
        left = [fault for fault in left if fault not in batch]
        yield batch
