"""The gazetteer of a release: its labels, and the crosswalk's names, which are among them."""

from pyoxigraph import QuerySolutions, Store

from careatlas.graph.labels import Labels
from careatlas.loaders.extraction.gazetteer import KINDS, Entity, Gazetteer

_FACTS = """
PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?ods ?vendor ?use_case WHERE {
  { ?thing atlas:odsCode ?ods }
  UNION { ?thing atlas:suppliedBy ?vendor }
  UNION { ?thing atlas:useCase/skos:prefLabel ?use_case . ?thing atlas:suppliedBy ?maker }
} ORDER BY ?thing ?ods ?vendor ?use_case
"""
_LABELS = {"framework": "instrument"}
"""Where the labels have another word for a kind."""
_NAMES = ("ods", "vendor", "use_case")


def gazetteer(store: Store, labels: Labels) -> Gazetteer:
    """The names that a release knows."""
    facts: dict[str, dict[str, str]] = {}
    rows = store.query(_FACTS, use_default_graph_as_union=True)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("the query of the catalogue is no SELECT")
    for row in rows:
        known = facts.setdefault(getattr(row["thing"], "value", ""), {})
        for name in _NAMES:
            if row[name] is not None:
                known.setdefault(name, getattr(row[name], "value", ""))
    names = []
    for kind in KINDS:
        for form, iri, label in labels.rows.get(_LABELS.get(kind, kind), []):
            known = facts.get(iri, {}) if kind in {"trust", "product"} else {}
            names.append((form, Entity(kind, iri, label, *(known.get(n, "") for n in _NAMES))))
    return Gazetteer(names)
