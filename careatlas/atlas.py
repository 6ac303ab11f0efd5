"""The atlas in Python: the questions, their evidence, networks and SPARQL over one release.

>>> import careatlas
>>> atlas = careatlas.open()
>>> found = atlas.ask("who-uses-what", trust="Epsom and St Helier", product="RapidAI")
>>> found[0]["vendor"], found[0]["reported"]
('iSchemaView', datetime.date(2025, 5, 7))
>>> [(one["title"], one["locator"]) for one in atlas.evidence(found[0])]
[("Understanding The Use of Clinical AI Across England's NHS Trusts", \
'Trusts Confirming The Use of Clinical AI, item 10, characters 18981-19020')]
"""

import logging
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import QueryBoolean, QueryTriples

from careatlas import evidence
from careatlas.graph import dataset, questions
from careatlas.graph.answer import Cohort, Value, answer, typed
from careatlas.graph.labels import Labels, UnknownNameError
from careatlas.graph.release import Release, Releases
from careatlas.opening import opened, remote
from careatlas.settings import from_environment
from careatlas.tables import Row, Table, of_solutions

if TYPE_CHECKING:
    import networkx
    import rdflib

    from careatlas.graph.engine import RemoteRelease
    from careatlas.service.search import Index

_QUESTIONS = ("name", "title", "parameters", "columns", "description")


@dataclass(frozen=True, eq=False, repr=False)
class Answer(Table):
    """The rows of a question, how they were counted, and what is missing."""

    question: questions.Question
    cohort: Cohort | None
    """Who was asked, and what became of it."""
    gaps: tuple[str, ...]
    """What no source states, and what the answer cannot say."""
    query: str
    """The SPARQL that ran."""

    @property
    def counting_rule(self) -> str:
        """The rule by which two people count the same."""
        return self.question.description

    def drawn(self) -> tuple[str, ...]:
        """The columns that people see."""
        return self.question.shown


class Atlas:
    """A release, to be asked."""

    def __init__(self, release: "Release | RemoteRelease") -> None:
        self.release = release
        """The release that answers: its `name`, its `manifest` and its `store`."""

    def __repr__(self) -> str:
        """Which release it is, and the day that it speaks of."""
        return f"<careatlas release {self.release.name}, as of {self.release.manifest['as_of']}>"

    def ask(self, question: str, /, **values: Value) -> Answer:
        """Ask a question of the catalogue; names, ODS codes and IRIs are understood.

        Every question takes `as_of`, for what was true on a day, and `known_by`, for what had been
        reported by a day: a date or its text. What is None is left out.

        Raises:
            UnknownQuestionError: the catalogue has none of this name; it offers the nearest.
            ParameterError: the question takes no such value.
            LookupError: a name fits nothing, or several things.

        >>> import careatlas
        >>> share = careatlas.open().ask("adoption", region="London", as_of="2025-05-31")
        >>> 0 < share[0]["lower_bound"] < share[0]["upper_bound"] < 1
        True
        """
        asked = questions.get(question)
        texts = {name: _text(value) for name, value in values.items() if value is not None}
        found = answer(self.release.store, self._labels, asked, texts)
        return Answer(
            asked.title,
            asked.columns,
            typed(found),
            question=asked,
            cohort=found.cohort,
            gaps=found.not_known,
            query=found.query,
        )

    def evidence(self, row: Row) -> Table:
        """What a row of an answer rests on: each claim, its document, the place in it, and its days.

        A conflict rests on its two sides. A row that counts names one of the claims that it counts.

        Raises:
            NoEvidenceError: the row names neither a claim nor a document.
        """
        return evidence.evidence(self.release, row)

    def graph(self, view: str = "adoption") -> "networkx.Graph[str]":
        """A view as a network of networkx, with what `careatlas export` writes of it.

        The views are adoption, trust-vendor, trust-route-vendor, peers and ecosystem. Peers have no
        direction, and where two things can be tied in several ways the graph has parallel edges.

        Raises:
            UnknownViewError: there is no such view.

        >>> import careatlas
        >>> peers = careatlas.open().graph("peers")
        >>> {kind for _, kind in peers.nodes(data="kind")}
        {'trust'}
        """
        from careatlas.graphs import graph

        return graph(self.release.store, view)

    def sparql(self, query: str) -> "Table | bool | rdflib.Graph":
        """What a query of SPARQL 1.1 gives: a table, yes or no, or a graph of rdflib.

        Raises:
            SyntaxError: it is no SPARQL.

        >>> import careatlas
        >>> careatlas.open().sparql("SELECT (COUNT(*) > 0 AS ?some) { ?thing a ?class }")[0]
        {'some': True}
        """
        found = dataset.query(self.release.store, query)
        if isinstance(found, QueryBoolean):
            return bool(found)
        return _statements(found) if isinstance(found, QueryTriples) else of_solutions(found)

    def questions(self) -> Table:
        """The catalogue: what can be asked, and with which values.

        >>> import careatlas
        >>> "who-uses-what" in [one["name"] for one in careatlas.open().questions()]
        True
        """
        rows = [
            (
                one.name,
                one.title,
                ", ".join(parameter.name for parameter in one.parameters),
                ", ".join(one.columns),
                one.description,
            )
            for one in questions.catalogue()
        ]
        return Table(
            "Questions",
            dict.fromkeys(_QUESTIONS, "string"),
            [dict(zip(_QUESTIONS, row, strict=True)) for row in rows],
        )

    def find(self, name: str, kind: str | None = None) -> Table:
        """The things whose names are most like this one, best first.

        Raises:
            UnknownNameError: there is none.

        >>> import careatlas
        >>> [one["label"] for one in careatlas.open().find("rapidai", kind="product")][:1]
        ['RapidAI']
        """
        found = self._index.find(name, kind)
        if not found:
            raise UnknownNameError(kind or "thing", name, [])
        return Table(
            "Things by name",
            {"label": "string", "kind": "string", "iri": "iri", "alike": "decimal"},
            [
                {"label": one.label, "kind": one.kind, "iri": one.id, "alike": one.score}
                for one in found
            ],
        )

    @cached_property
    def _labels(self) -> Labels:
        return Labels(self.release.labels)

    @cached_property
    def _index(self) -> "Index":
        from careatlas.service.search import Index

        return Index(self.release.labels)


def opened_atlas(home: str | Path | None, release: str) -> Atlas:
    """The atlas of a release in a home."""
    settings = from_environment(str(home) if home else None)
    if settings.engine and not home:
        return Atlas(remote(settings, release))
    kept = Releases(settings.home)
    return Atlas(opened(kept, release, logging.getLogger(__name__).warning))


def _text(value: Value) -> str:
    """A value as a question takes it; of a day with a time, the day."""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value)


def _statements(found: QueryTriples) -> "rdflib.Graph":
    import rdflib
    from pyoxigraph import RdfFormat, serialize

    made = serialize(found, format=RdfFormat.N_TRIPLES) or b""
    return rdflib.Graph().parse(data=made, format="nt")
