"""Scores candidates of a document against the truth that careful readers wrote down for it."""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz

from careatlas.loaders.names import normalised

Row = Mapping[str, str]
ANY = "*"
ALIKE = 80
"""How near two descriptions must be, of 100, to be taken for the same thing."""
SAME: dict[str, tuple[str, ...]] = {
    "disclosures": ("answer", "detail"),
    "deployments": ("status",),
    "usage": ("min", "max", "approximate", "unit", "per", "period_start", "period_end"),
    "routes": ("route_type", "involvement"),
    "agreements": ("kind",),
    "studies": (),
    "projects": ("kind", "milestone_kind", "state"),
    "awards": ("amount_gbp",),
    "corrections": (),
}
"""The cells of each kind that must be equal letter by letter."""
NAMED: dict[str, tuple[str, ...]] = {
    "disclosures": ("trust",),
    "deployments": ("trust",),
    "usage": ("trust",),
    "routes": ("trust", "route"),
    "agreements": ("party",),
    "studies": ("study", "organisation", "product"),
    "projects": ("organisation",),
    "awards": ("recipient", "programme"),
    "corrections": (),
}
"""The cells of each kind that hold names, which are compared through the catalogue."""
WITH_THING = ("deployments", "usage", "routes")
THING = ("vendor", "product", "description")
KINDS = tuple(SAME)


@dataclass(frozen=True)
class Names:
    """The catalogue of a batch: which names mean the same thing, and who makes what."""

    labels: Mapping[str, str]
    vendors: Mapping[str, str]

    def same(self, one: str, other: str) -> bool:
        """Whether two names mean the same."""
        return self.key(one) == self.key(other)

    def key(self, name: str) -> str:
        """A form that is equal for all names of a thing."""
        form = normalised(name)
        return self.labels.get(form, form)


@dataclass
class Score:
    """What became of the rows of one kind; optional rows and what matches them count nowhere."""

    agreed: list[Row] = field(default_factory=list)
    missed: list[Row] = field(default_factory=list)
    extra: list[Row] = field(default_factory=list)

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.agreed + other.agreed, self.missed + other.missed, self.extra + other.extra
        )

    @property
    def precision(self) -> float:
        """The share of the candidates that are true."""
        said = len(self.agreed) + len(self.extra)
        return len(self.agreed) / said if said else 1.0

    @property
    def recall(self) -> float:
        """The share of the truth that was found."""
        true = len(self.agreed) + len(self.missed)
        return len(self.agreed) / true if true else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def rows(path: Path) -> list[dict[str, str]]:
    """The rows of a table; none where there is no such file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def names(catalogue: Iterable[Row]) -> Names:
    """The names of a catalogue."""
    labels: dict[str, str] = {}
    vendors: dict[str, str] = {}
    for row in catalogue:
        own = normalised(row["label"])
        for name in (row["label"], *filter(None, row["other names"].split(";"))):
            labels[normalised(name)] = own
        if row["kind"] == "product":
            vendors[own] = row["vendor"]
    return Names({form: labels.get(own, own) for form, own in labels.items()}, vendors)


def same_thing(truth: Row, candidate: Row, known: Names) -> bool:
    """Whether a candidate speaks of the product, else the vendor, else what is described."""
    said = {cell: candidate.get(cell, "") for cell in THING}
    if truth["product"]:
        if said["product"]:
            form, own = known.key(said["product"]), known.key(truth["product"])
            whole = known.key(f"{truth['vendor']} {truth['product']}")
            return form in (own, whole)
        rest = normalised(f"{said['vendor']} {said['description']}")
        return known.key(truth["product"]) in rest and not known.vendors.get(
            known.key(truth["product"])
        )
    if truth["vendor"]:
        named = (said["vendor"], said["product"])
        return any(map(bool, named)) and all(
            known.same(name, truth["vendor"]) for name in named if name
        )
    told = " ".join(filter(None, said.values()))
    alike = fuzz.token_set_ratio(normalised(truth["description"]), normalised(told))
    return bool(told) and alike >= ALIKE


def matches(kind: str, truth: Row, candidate: Row, known: Names) -> bool:
    """Whether a candidate says what the truth says."""
    for cell in SAME[kind]:
        if truth[cell] not in (ANY, candidate.get(cell, "")):
            return False
    for cell in NAMED[kind]:
        said = candidate.get(f"{cell}_name") or candidate.get(cell, "")
        if truth[cell] != ANY and not known.same(truth[cell], said):
            return False
    if kind == "corrections":
        return any(known.same(truth["organisation"], cell) for cell in candidate.values())
    return kind not in WITH_THING or same_thing(truth, candidate, known)


def score(kind: str, truth: Sequence[Row], candidates: Iterable[Row], known: Names) -> Score:
    """Compare candidates with the truth; what stands twice in a document counts once."""
    found = Score()
    left = _single(kind, candidates, known)
    for row in (row for row in truth if row["optional"] != "yes"):
        same = [one for one in left if matches(kind, row, one, known)]
        (found.agreed if same else found.missed).append(row)
        left = [one for one in left if one not in same]
    optional = [row for row in truth if row["optional"] == "yes"]
    found.extra = [
        one for one in left if not any(matches(kind, row, one, known) for row in optional)
    ]
    return found


def _single(kind: str, candidates: Iterable[Row], known: Names) -> list[Row]:
    """The candidates without those that only repeat another."""
    held: dict[tuple[str, ...], Row] = {}
    for row in candidates:
        things = THING if kind in WITH_THING else ()
        marks = [known.key(row.get(cell, "")) for cell in (*NAMED[kind], *things)]
        if kind == "corrections":
            marks = [value for cell, value in row.items() if cell != "locator"]
        held.setdefault((*marks, *(row.get(cell, "") for cell in SAME[kind])), row)
    return list(held.values())


def forbidden(
    never: Iterable[Row], candidates: Mapping[str, Sequence[Row]], known: Names
) -> list[tuple[Row, Row]]:
    """What must not have come out and did: the rule broken, and the candidate."""
    broken: list[tuple[Row, Row]] = []
    for rule in never:
        thing = {"description": "", **rule}
        of_thing = any(rule[cell] for cell in ("vendor", "product"))
        kind, cell = ("deployments", "status") if of_thing else ("disclosures", "answer")
        for row in candidates[kind]:
            if rule[cell] not in ("", row[cell]) or not known.same(rule["trust"], row["trust"]):
                continue
            vendor_alone = not row.get("product") and known.same(
                row.get("vendor", ""), rule["vendor"]
            )
            if not of_thing or vendor_alone or same_thing(thing, row, known):
                broken.append((rule, row))
    return broken
