"""Questions that are not left to an engine elsewhere: what they read is brought here, and asked here.

Invariant: a question has the rows that it has on the whole release, since all statements of each
predicate that it names are here, and in questions no predicate varies beyond those that they name.
"""

from collections.abc import Callable, Iterable

from pyoxigraph import NamedNode, Quad, QuerySolutions, QueryTriples, Store

from careatlas.graph import dataset
from careatlas.graph.engine_errors import CutAnswerError
from careatlas.graph.engine_wire import Found
from careatlas.graph.query_patterns import PatternReader
from careatlas.graph.query_reading import read


class Brought:
    """The statements of one publication that questions read, as far as some were asked."""

    def __init__(self, url: str, ask: Callable[[str], Found], but: Iterable[str]) -> None:
        """`but` are graphs that are none of the release's."""
        self._url = url
        self._ask = ask
        self._but = frozenset(but)
        self._store = Store()
        self._held: dict[bool, set[NamedNode]] = {False: set(), True: set()}

    def query(self, text: str) -> Found:
        """What a query gives on every statement.

        Raises:
            UnreadableQueryError: nobody can tell which statements it reads.
            EngineError: the engine does not give all of them.
        """
        patterns = [unit.pattern for unit in read(text).units]
        for named, bring in ((False, self._merged), (True, self._stated)):
            predicates = {one.predicate for one in patterns if (one.graph is not None) is named}
            wanted = {one for one in predicates if isinstance(one, NamedNode)}
            if wanted != predicates:
                # One that varies is one of those that the question lists.
                wanted |= PatternReader(text).iris()
            if missing := wanted - self._held[named]:
                dataset.add(self._store, bring(", ".join(sorted(map(str, missing)))))
                self._held[named] |= missing
        return self._store.query(text)

    def _merged(self, predicates: str) -> list[Quad]:
        """Statements of the default graph; an engine can cut them unsaid, and so they are counted."""
        where = f"WHERE {{ ?s ?p ?o FILTER(?p IN ({predicates})) }}"
        found = self._ask(f"CONSTRUCT {{ ?s ?p ?o }} {where}")
        counted = self._ask(f"SELECT (COUNT(*) AS ?n) {where}")
        if not isinstance(found, QueryTriples) or not isinstance(counted, QuerySolutions):
            raise TypeError("a CONSTRUCT gives statements, a SELECT rows")
        quads = [dataset.merged(one) for one in found]
        there = sum(int(row[0].value) for row in counted)
        if len(quads) != there:
            raise CutAnswerError(self._url, f"{len(quads)} of {there} statements came")
        return quads

    def _stated(self, predicates: str) -> list[Quad]:
        """Statements of the named graphs."""
        found = self._ask(
            f"SELECT ?g ?s ?p ?o WHERE {{ GRAPH ?g {{ ?s ?p ?o FILTER(?p IN ({predicates})) }} }}"
        )
        if not isinstance(found, QuerySolutions):
            raise TypeError("a SELECT gives rows")
        return [Quad(s, p, o, g) for g, s, p, o in found if g.value not in self._but]
