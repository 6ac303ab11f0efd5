"""Names of things in a release: from what a person types to the thing that is meant."""

import difflib
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Variable

from careatlas.graph import dataset

if TYPE_CHECKING:
    from careatlas.graph.touched import Change

_THING = Variable("thing")
_QUERY = """
PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
SELECT DISTINCT ?thing ?type ?scheme ?name ?main WHERE {
  {
    { ?thing rdfs:label ?name . ?thing a ?type ; rdfs:label ?main }
    UNION { ?thing skos:altLabel ?name . ?thing a ?type ; rdfs:label ?main }
    UNION { ?thing atlas:odsCode ?name . ?thing a ?type ; rdfs:label ?main }
    UNION { ?thing atlas:sourceKey ?name . ?thing a ?type ; rdfs:label ?main }
    UNION { ?match atlas:matchedTo ?thing ; atlas:nameAsPrinted ?name . ?thing a ?type ; rdfs:label ?main }
    UNION { ?entry a atlas:RegisterEntry ; atlas:about ?thing ; atlas:nameAsPrinted ?name . ?thing a ?type ; rdfs:label ?main }
    FILTER(STRSTARTS(STR(?type), "https://w3id.org/careatlas/def#")
           && STRSTARTS(STR(?thing), "https://w3id.org/careatlas/id/"))
  }
  UNION
  { ?thing skos:inScheme ?scheme ; skos:prefLabel ?main
    { ?thing skos:prefLabel ?name } UNION { ?thing skos:altLabel ?name } UNION { ?thing skos:notation ?name } }
}
"""

KINDS: dict[str, tuple[str, ...]] = {
    "NHSTrust": ("trust", "organisation"),
    "IntegratedCareBoard": ("icb", "organisation"),
    "Region": ("region", "organisation"),
    "Network": ("network", "organisation"),
    "ImagingNetwork": ("network", "organisation"),
    "StrokeNetwork": ("network", "organisation"),
    "PathologyNetwork": ("network", "organisation"),
    "ProviderGroup": ("group", "organisation"),
    "Company": ("vendor", "organisation"),
    "AISystem": ("product",),
    "AIPlatform": ("product",),
    "InformationSystem": ("product",),
    "DataTool": ("product",),
    "TechnologyProduct": ("product",),
    "ResearchStudy": ("study",),
    "Programme": ("programme",),
    "FrameworkAgreement": ("instrument",),
    "SourceDocument": ("source",),
    "GovernanceInstrument": ("governance-instrument",),
    "Agreement": ("agreement",),
    "MemorandumOfUnderstanding": ("agreement",),
    "SupplyContract": ("agreement",),
    "InfrastructureProject": ("project",),
    "ProcurementProcedure": ("procedure",),
    **dict.fromkeys(
        (
            "Organisation",
            "ResearchOrganisation",
            "HealthBoard",
            "PublicBody",
            "Charity",
            "CareProvider",
            "PrimaryCareNetwork",
            "SubICBLocation",
        ),
        ("organisation",),
    ),
    "HospitalSite": ("organisation",),
}
"""Which kinds of name a thing of a class goes under; a concept goes under the name of its scheme."""

CAPABILITY = ("use-case", "clinical-domain")
_WIDER = {"trust": "organisation", "vendor": "organisation"}
"""Where a name is looked for when nothing of its own kind goes by it."""
_FILLER = {"nhs", "trust", "foundation", "the", "ft", "integrated", "care", "board", "icb"}


LISTED = 12
"""An error names this many of the things that could be meant, and counts the rest."""


class UnknownNameError(LookupError):
    """What was typed names nothing of this kind."""

    def __init__(self, kind: str, typed: str, nearest: list[str]) -> None:
        super().__init__(kind, typed, nearest)
        self.kind = kind
        self.typed = typed
        self.nearest = nearest

    def __str__(self) -> str:
        offer = f"; nearest: {' | '.join(self.nearest)}" if self.nearest else ""
        return f"no {self.kind} is called {self.typed!r}{offer}"


class AmbiguousNameError(LookupError):
    """What was typed names several things of this kind."""

    def __init__(self, kind: str, typed: str, found: list[str]) -> None:
        super().__init__(kind, typed, found)
        self.kind = kind
        self.typed = typed
        self.found = found

    def __str__(self) -> str:
        shown = self.found[:LISTED]
        more = len(self.found) - len(shown)
        rest = f" and {more} more" if more else ""
        return f"{self.typed!r} names more than one {self.kind}: {' | '.join(shown)}{rest}"


def key(name: str) -> str:
    """The form under which names are compared."""
    plain = unicodedata.normalize("NFKD", name).casefold().replace("&", " and ")
    plain = re.sub(r"['\u2019`]", "", plain)
    words = re.sub(r"[^a-z0-9]+", " ", plain.encode("ascii", "ignore").decode()).split()
    return " ".join(words)


@lru_cache(maxsize=1 << 13)
def _short(form: str) -> str:
    return " ".join(word for word in form.split() if word not in _FILLER)


def _matches(entries: list[list[str]], typed: str, wanted: str) -> Iterator[set[tuple[str, str]]]:
    """The things that go by a name, and their labels: the strictest way to compare names first."""
    yield {(iri, label) for _, iri, label in entries if iri == typed}
    yield {(iri, label) for form, iri, label in entries if form == wanted != ""}
    short = _short(wanted)
    yield {(iri, label) for form, iri, label in entries if _short(form) == short != ""}
    words = set(short.split() or wanted.split())
    yield {(iri, label) for form, iri, label in entries if words and words <= set(form.split())}


def _is_common(kind: object, thing: NamedNode, name: str) -> bool:
    """Whether it is the name of a site in the register: many share theirs, and go by their codes alone."""
    if not isinstance(kind, NamedNode) or not kind.value.endswith("#HospitalSite"):
        return False
    _, registered, code = thing.value.partition("/id/org/ods/")
    return bool(registered) and name != code


def index(store: Store) -> dict[str, list[list[str]]]:
    """For each kind the sorted rows `[comparable name, IRI, label]`."""
    return {kind: sorted(map(list, rows)) for kind, rows in sorted(_rows(store, _QUERY).items())}


def reindex(change: "Change", rows: dict[str, list[list[str]]]) -> dict[str, list[list[str]]]:
    """The index after a change, of which only the names of things that it touches are read again."""
    from careatlas.graph.query_reading import read
    from careatlas.graph.touched import ManyError

    reading = read(_QUERY)
    try:
        among = change.reached(reading, _THING)
    except ManyError:
        return index(change.after)
    if not among:
        return rows
    again = {node.value for node in among if isinstance(node, NamedNode)}
    found = _rows(change.after, reading.focused(among, _THING))
    fresh = {
        kind: sorted(
            [row for row in rows.get(kind, ()) if row[1] not in again]
            + [list(row) for row in found.get(kind, ())]
        )
        for kind in sorted({*rows, *found})
    }
    return {kind: named for kind, named in fresh.items() if named}


def _rows(store: Store, query: str) -> dict[str, set[tuple[str, str, str]]]:
    found: dict[str, set[tuple[str, str, str]]] = {}
    rows = dataset.query(store, query)
    if not isinstance(rows, QuerySolutions):
        raise TypeError("the query of the labels is no SELECT")
    for row in rows:
        thing, name, main = row["thing"], row["name"], row["main"]
        if not (
            isinstance(thing, NamedNode) and isinstance(name, Literal) and isinstance(main, Literal)
        ):
            continue
        kinds: tuple[str, ...] = ()
        if _is_common(row["type"], thing, name.value):
            continue
        if isinstance(row["scheme"], NamedNode):
            scheme = row["scheme"].value.rsplit("/", 1)[-1]
            kinds = (scheme, "capability") if scheme in CAPABILITY else (scheme,)
        elif isinstance(row["type"], NamedNode):
            kinds = KINDS.get(row["type"].value.rsplit("#", 1)[-1], ())
        for kind in kinds:
            found.setdefault(kind, set()).add((key(name.value), thing.value, main.value))
    return found


@dataclass(frozen=True)
class Labels:
    """The names of one release."""

    rows: dict[str, list[list[str]]]

    def find(self, kind: str, typed: str) -> str:
        """The IRI of the one thing of this kind that goes by what was typed.

        Tries the IRI itself, a name in full, the name without its filler words, and then
        names that hold all the words typed.

        Raises:
            UnknownNameError: nothing does; carries the nearest names.
            AmbiguousNameError: several things do.
        """
        entries = self.rows.get(kind, [])
        wanted = key(typed)
        for matches in _matches(entries, typed, wanted):
            things = {iri for iri, _ in matches}
            if len(things) == 1:
                return things.pop()
            if things:
                raise AmbiguousNameError(kind, typed, sorted({label for _, label in matches}))
        if kind in _WIDER:
            try:
                return self.find(_WIDER[kind], typed)
            except UnknownNameError:
                pass
        raise UnknownNameError(kind, typed, self.nearest(kind, typed))

    def nearest(self, kind: str, typed: str, most: int = 4) -> list[str]:
        """The labels of this kind that look most like what was typed, word by word or as a whole."""
        entries = self.rows.get(kind, [])
        words = {word for form, _, _ in entries for word in form.split()}
        meant = [
            set(difflib.get_close_matches(word, words, n=5, cutoff=0.75))
            for word in _short(key(typed)).split()
        ]
        alike = [
            (len(form), label)
            for form, _, label in entries
            if meant and all(close & set(form.split()) for close in meant)
        ]
        by_form = {form: label for form, _, label in entries}
        by_short = {_short(form) or form: label for form, _, label in entries}
        wanted = key(typed)
        close = difflib.get_close_matches(wanted, by_form, n=most, cutoff=0.5)
        short = difflib.get_close_matches(_short(wanted), by_short, n=most, cutoff=0.5)
        labels = [label for _, label in sorted(alike)]
        labels += [by_form[form] for form in close] + [by_short[form] for form in short]
        return list(dict.fromkeys(labels))[:most]
