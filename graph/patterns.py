"""What a query reads: its triple patterns, and which of them must hold together."""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from pyoxigraph import Literal, NamedNode, Variable

Term = NamedNode | Literal | Variable
_WAYS = 12


@dataclass(frozen=True)
class Pattern:
    """One triple pattern; of a path that repeats, a pattern of its step from somewhere to somewhere."""

    subject: Term
    predicate: NamedNode | Variable
    object: Term
    graph: Variable | NamedNode | None = None
    """The graph that must state it; None where any may."""
    repeats: bool = False

    @cached_property
    def variables(self) -> tuple[Variable, ...]:
        """The variables that it binds."""
        terms = (self.subject, self.predicate, self.object, self.graph)
        return tuple(term for term in terms if isinstance(term, Variable))


@dataclass(frozen=True)
class Conjunction:
    """Patterns that hold together, and others that are looked at only where these hold."""

    required: tuple[Pattern, ...] = ()
    beside: tuple["Conjunction", ...] = ()

    def together(self, other: "Conjunction") -> "Conjunction":
        """Both at once."""
        return Conjunction(self.required + other.required, self.beside + other.beside)

    def units(
        self, around: tuple[Pattern, ...] = ()
    ) -> Iterator[tuple[Pattern, tuple[Pattern, ...]]]:
        """Each pattern, with all those that hold wherever it matters."""
        context = around + self.required
        for pattern in self.required:
            yield pattern, context
        for one in self.beside:
            yield from one.units(context)


@dataclass(frozen=True)
class Place:
    """Where a group opens in the text, and the variables that its own patterns bind."""

    offset: int
    variables: frozenset[Variable]


@dataclass(frozen=True)
class Unit:
    """A pattern, and those that hold wherever it matters."""

    pattern: Pattern
    context: tuple[Pattern, ...]

    @cached_property
    def near(self) -> dict[Variable, list[Pattern]]:
        """What else must hold of each variable's value: first what is quickly found not to hold."""
        found: dict[Variable, list[Pattern]] = defaultdict(list)
        for one in sorted(self.context, key=lambda one: isinstance(one.object, Variable)):
            if one is not self.pattern and not one.repeats:
                for variable in one.variables:
                    found[variable].append(one)
        return found


@dataclass(frozen=True)
class Reading:
    """What a query reads."""

    text: str
    ways: tuple[Conjunction, ...]
    """Every row comes about in one of these ways."""
    places: tuple[Place, ...]
    cuts: tuple[tuple[int, int], ...]
    """Where the text takes rows away again, by MINUS."""
    first: Variable | None
    """The first column of a SELECT."""
    limited: bool
    """Whether it takes some rows of many, so that any change can move any row."""

    @cached_property
    def units(self) -> tuple["Unit", ...]:
        """Each pattern of each way, with those that hold wherever it matters."""
        return tuple(Unit(*unit) for unit in {unit for way in self.ways for unit in way.units()})

    def can_focus(self, variable: Variable) -> bool:
        """Whether every row binds this variable by a pattern, so that it can be asked for some things alone."""
        return not self.limited and all(
            any(variable in pattern.variables and not pattern.repeats for pattern in way.required)
            for way in self.ways
        )

    def focused(self, among: Iterable[object], *variables: Variable, bare: bool = False) -> str:
        """The query for some values of each of these variables alone; `bare` of what takes rows away."""
        values = " ".join(sorted(map(str, among)))
        added = {
            place.offset: "".join(
                f" VALUES {one} {{ {values} }} " for one in variables if one in place.variables
            )
            for place in self.places
        }
        cuts = dict(self.cuts) if bare else {}
        parts, last = [], 0
        for at in sorted({*added, *cuts}):
            if at >= last:
                parts += [self.text[last:at], added.get(at, "")]
                last = cuts.get(at, at)
        return "".join([*parts, self.text[last:]])


@dataclass(frozen=True)
class Step:
    """From the values of one variable to those of another, along a pattern."""

    pattern: Pattern
    start: Variable
    end: Variable


@lru_cache(maxsize=1 << 14)
def way(
    own: Pattern, context: tuple[Pattern, ...], focus: Variable | None
) -> tuple[Step, ...] | None:
    """The steps from a pattern's variables to a focus, or to all that can be reached where there is none."""
    to: dict[Variable, Step] = {}
    seen = set(own.variables)
    queue = deque(own.variables)
    while queue:
        start = queue.popleft()
        if start == focus:
            break
        for step in _steps((start,), context):
            if step.end not in seen:
                seen.add(step.end)
                queue.append(step.end)
                to[step.end] = step
    if focus is None:
        return tuple(to.values())
    if focus not in seen:
        return None
    steps = []
    while focus in to:
        steps.append(to[focus])
        focus = to[focus].start
    return tuple(reversed(steps))


@lru_cache(maxsize=1 << 14)
def ways(
    own: Pattern, context: tuple[Pattern, ...], focus: Variable
) -> tuple[tuple[Step, ...], ...]:
    """Some ways from a pattern's variables to a focus: the shortest first, then others that take a step more."""
    shortest = way(own, context, focus)
    if not shortest:
        return () if shortest is None else (shortest,)
    found = [shortest]
    open_ways: deque[tuple[Step, ...]] = deque([()])
    while open_ways and len(found) < _WAYS:
        done = open_ways.popleft()
        been = {*own.variables, *(step.end for step in done)}
        for step in _steps((done[-1].end,) if done else own.variables, context):
            if step.end in been or len(done) > len(shortest):
                continue
            if step.end != focus:
                open_ways.append((*done, step))
            elif (*done, step) != shortest:
                found.append((*done, step))
    return tuple(found)


def _steps(starts: Iterable[Variable], context: tuple[Pattern, ...]) -> Iterator[Step]:
    for start in starts:
        for pattern in context:
            if not pattern.repeats and start in (pattern.subject, pattern.object):
                for end in pattern.variables:
                    if end not in (start, pattern.graph):
                        yield Step(pattern, start, end)


def alone(own: Pattern, context: tuple[Pattern, ...], beside: Collection[NamedNode]) -> bool:
    """Whether a pattern hangs together with no others than those of some properties."""
    ways = way(own, context, None) or ()
    near = set(own.variables)
    for step in ways:
        near.add(step.end)
    return all(one.predicate in beside for one in context if near & set(one.variables))
