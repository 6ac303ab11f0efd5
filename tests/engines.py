"""rdflib beside our engine: both are asked the same question, and must give the same rows.

rdflib joins by comparing each row with each, so that most of what a question costs it are words of
the ontology for what the data nowhere speak of. It is asked on the data with the part of the
ontology to which they lead, as long as our own answer there is the one on everything; a question
that has another answer there is asked on everything.
"""

import io
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from functools import cached_property

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store
from rdflib import Dataset
from rdflib.query import ResultRow

from careatlas.graph.answer import Row, bind, select
from careatlas.graph.labels import Labels
from careatlas.graph.questions import Question
from careatlas.graph.release import Release
from careatlas.graph.terms import GRAPHS

SKOS = "http://www.w3.org/2004/02/skos/core#"
TO_SCHEMES = {NamedNode(SKOS + name) for name in ("inScheme", "topConceptOf")}
"""What leads from a concept to all that stand beside it."""


class Engines:
    """Both engines on one release."""

    def __init__(self, release: Release) -> None:
        self.store, self.labels = release.store, Labels(release.labels)
        # The default graph holds the others together once more, which rdflib does by itself.
        self.named = [quad for quad in release.store if quad.graph_name != DefaultGraph()]
        self.part = list(led_to(self.named))
        self.less = Store()
        self.less.bulk_extend(self.part)
        self.less.bulk_extend(Quad(one.subject, one.predicate, one.object) for one in self.part)

    @cached_property
    def on_part(self) -> Dataset:
        """rdflib on the data and the part of the ontology to which they lead."""
        return dataset(self.part)

    @cached_property
    def on_all(self) -> Dataset:
        """rdflib on everything."""
        return dataset(self.named)

    def answers(self, question: Question, values: Mapping[str, str]) -> tuple[list[Row], list[Row]]:
        """The answer of our engine, and that of rdflib."""
        text = bind(question, values, self.labels)
        ours = plain(question, rows(self.store, text))
        same = plain(question, rows(self.less, text)) == ours
        other = self.on_part if same else self.on_all
        return ours, plain(question, on_rdflib(other, text))


def led_to(quads: Iterable[Quad]) -> Iterator[Quad]:
    """The quads of the data, and those of the ontology about what data name or what those name."""
    of: dict[object, list[Quad]] = {}
    ahead: list[object] = []
    for quad in quads:
        if quad.graph_name == GRAPHS["ontology"]:
            of.setdefault(quad.subject, []).append(quad)
        else:
            ahead.append(quad.object)
            yield quad
    while ahead:
        for quad in of.pop(ahead.pop(), ()):
            yield quad
            if quad.predicate not in TO_SCHEMES:
                ahead.append(quad.object)


def dataset(quads: Iterable[Quad]) -> Dataset:
    """Quads in rdflib, asked over the union of their graphs."""
    store = Store()
    store.bulk_extend(quads)
    written = store.dump(format=RdfFormat.N_QUADS)
    assert written is not None
    found = Dataset(default_union=True)
    found.parse(io.BytesIO(written), format="nquads")
    return found


def rows(store: Store, text: str) -> list[Row]:
    """The rows that our engine gives."""
    return [row for _, row in select(store, text)]


def on_rdflib(found: Dataset, text: str) -> Iterator[Row]:
    """The rows that rdflib gives."""
    for row in found.query(text):
        assert isinstance(row, ResultRow)
        yield tuple("" if cell is None else str(cell) for cell in row)


def plain(question: Question, found: Iterable[Row]) -> list[Row]:
    """Rows in one form: engines write the same number in several ways, and give no order of ties."""
    numeric = [kind in {"integer", "decimal"} for kind in question.columns.values()]
    return sorted(
        tuple(
            str(Decimal(cell).normalize()) if number and cell else cell
            for number, cell in zip(numeric, row, strict=True)
        )
        for row in found
    )
