"""Cubes: answers of the catalogue that a release keeps as observations of the RDF Data Cube.

The rule of each measure stands in its question and nowhere else: a release keeps what the question
answers when nothing narrows it, with all claims that the figures rest on.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas import queries
from careatlas.graph import questions
from careatlas.graph.answer import select
from careatlas.graph.dataset import kept
from careatlas.graph.query_reading import read
from careatlas.graph.terms import (
    DERIVED_FROM,
    GRAPHS,
    ID,
    LABEL,
    RDF_TYPE,
    atlas,
    count,
    cube,
    english,
    number,
    slug,
    structure,
    text,
    thing,
)
from careatlas.graph.touched import Change

INDEXES = {
    "hhi": "herfindahlIndex",
    "hhi_lower": "herfindahlLower",
    "hhi_upper": "herfindahlUpper",
    "top_1": "topOneShare",
    "top_2": "topTwoShare",
    "top_3": "topThreeShare",
}
COUNTS = {
    "vendors": "vendorCount",
    "pairs": "pairCount",
    "trusts": "trustCount",
    "cohort": "askedCount",
    "silent": "silentCount",
}


_BESIDE = (LABEL, *map(atlas, ("locator", "assertedIn", "versionOf", "sourceKey")))
"""What the questions tell of the one claim that they show, which no observation has; and names of groups."""
_CLAIMS = queries.folder("cubes") / "concentration-claims.rq"


@dataclass
class Observation:
    """A row of a cube: what it is of, what was measured, and the claims that this rests on."""

    path: str
    kind: str
    values: dict[str, NamedNode | Literal]
    claims: set[str] = field(default_factory=set)


def observe(store: Store) -> Iterator[Quad]:
    """The cubes of a store in which all else is derived; a cube without a row is left out."""
    for name in CUBES:
        yield from _cube(store, name)


def told(store: Store) -> set[Quad]:
    """The statements of the cubes that a release holds."""
    return {quad for name in CUBES for one in _kept(store, name) for quad in one}


def moved(change: Change) -> tuple[set[Quad], set[Quad]]:
    """The statements of the cubes that a change takes away, and those that it brings."""
    gone: set[Quad] = set()
    come: set[Quad] = set()
    for name in CUBES:
        touched = any(change.touches(read(text), _BESIDE) for text in _read_by(name))
        if touched or _renamed(change):
            was = {quad for one in _kept(change.before, name) for quad in one}
            now = kept(_cube(change.after, name))
            gone |= was - now
            come |= now - was
    return gone, come


def _renamed(change: Change) -> bool:
    """Whether a group that is observed has another name."""
    return any(
        triple.predicate == LABEL
        and any(
            True for _ in change.before.quads_for_pattern(None, atlas("ofGroup"), triple.subject)
        )
        for triple in change.triples
    )


def _read_by(name: str) -> Iterator[str]:
    yield questions.get(name).bound({})
    if name == "concentration":
        yield _CLAIMS.read_text(encoding="utf-8")


def _kept(store: Store, name: str) -> Iterator[Iterable[Quad]]:
    """What a release holds of a cube: its table and its observations."""
    table, derived = thing(f"cube/{name}"), GRAPHS["derived"]
    yield store.quads_for_pattern(table, None, None, derived)
    for quad in store.quads_for_pattern(None, cube("dataSet"), table, derived):
        yield store.quads_for_pattern(quad.subject, None, None, derived)


def _cube(store: Store, name: str) -> Iterator[Quad]:
    label, found = CUBES[name]
    table = thing(f"cube/{name}")
    observations = list(found(store))
    for one in observations:
        subject = thing(one.path)
        yield Quad(subject, RDF_TYPE, atlas(one.kind), GRAPHS["derived"])
        for term, value in one.values.items():
            yield Quad(subject, atlas(term), value, GRAPHS["derived"])
        yield Quad(subject, cube("dataSet"), table, GRAPHS["derived"])
        for claim in one.claims:
            yield Quad(subject, DERIVED_FROM, NamedNode(claim), GRAPHS["derived"])
    if observations:
        yield Quad(table, RDF_TYPE, atlas("MeasureTable"), GRAPHS["derived"])
        yield Quad(table, LABEL, english(label), GRAPHS["derived"])
        yield Quad(table, cube("structure"), structure(name), GRAPHS["derived"])
        yield Quad(table, atlas("byQuestion"), text(name), GRAPHS["derived"])


def _rows(store: Store, query: str) -> Iterator[dict[str, str]]:
    for columns, row in select(store, query):
        yield dict(zip(columns, row, strict=True))


def concentration(store: Store) -> Iterator[Observation]:
    """The index and shares of each group, vendors counted as supplied and as owned."""
    claims: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in _rows(store, _CLAIMS.read_text(encoding="utf-8")):
        claims[row["by"], row["group_id"]].add(row["claim"])
    for owners in ("as-supplied", "rolled-up"):
        question = questions.get("concentration").bound({"owners": str(Literal(owners))})
        for row in _rows(store, question):
            values: dict[str, NamedNode | Literal] = {
                "grouping": text(row["by"]),
                "groupName": text(row["group"]),
                "vendorsCounted": text(owners),
                "leadingVendor": NamedNode(row["leader_id"]),
            }
            if row["by"] != "all":
                values["ofGroup"] = NamedNode(row["group_id"])
            values |= {term: number(Decimal(row[column])) for column, term in INDEXES.items()}
            values |= {term: count(int(row[column])) for column, term in COUNTS.items()}
            group = "" if row["by"] == "all" else f"/{slug(row['group'])}"
            yield Observation(
                f"concentration/{owners}/{row['by']}{group}",
                "Concentration",
                values,
                claims[row["by"], row["group_id"]],
            )


def product_pairs(store: Store) -> Iterator[Observation]:
    """Each pair of products that two trusts or more both have."""
    found: dict[str, Observation] = {}
    for row in _rows(store, questions.get("product-pairs").bound({})):
        pair = (row["a_iri"], row["b_iri"])
        path = _pair("product-pair", pair)
        one = found.setdefault(
            path,
            Observation(
                path,
                "ProductPair",
                _ends(pair)
                | {
                    "trustCount": count(int(row["trusts"])),
                    "trustUpper": count(int(row["trusts_upper"])),
                    "expectedTrusts": number(Decimal(row["expected"])),
                    "lift": number(Decimal(row["lift"])),
                },
            ),
        )
        one.claims |= {row["claim"], row["claim_b"]}
    return iter(found.values())


def resemblance(store: Store) -> Iterator[Observation]:
    """Each two trusts that resemble each other, once, whichever of them is asked about."""
    found: dict[str, Observation] = {}
    for row in _rows(store, questions.get("trust-peers").bound({})):
        own, peer = sorted((thing(f"org/ods/{row['ods']}").value, row["peer_iri"]))
        path = _pair("resemblance", (own, peer))
        one = found.setdefault(
            path,
            Observation(
                path,
                "Resemblance",
                _ends((own, peer)) | {"sharedCount": count(int(row["shared"]))},
            ),
        )
        one.claims |= {row["claim"], row["own_claim"]}
    return iter(found.values())


def _ends(pair: tuple[str, str]) -> dict[str, NamedNode | Literal]:
    return {"oneOfPair": NamedNode(pair[0]), "otherOfPair": NamedNode(pair[1])}


def _pair(kind: str, pair: tuple[str, str]) -> str:
    return "/".join((kind, *(end.removeprefix(ID) for end in pair)))


CUBES: dict[str, tuple[str, Callable[[Store], Iterator[Observation]]]] = {
    "concentration": ("How concentrated the vendors are", concentration),
    "product-pairs": ("Which products go together in a trust", product_pairs),
    "trust-peers": ("Which trusts resemble each other", resemblance),
}
"""By the question whose answers each keeps: its label, and what it observes."""
