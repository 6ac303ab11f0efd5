"""What a release already says of the thing that a proposal speaks of."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from pyoxigraph import Store

from careatlas.graph import questions
from careatlas.graph.answer import answer
from careatlas.graph.labels import Labels, key
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.review import naming

Row = dict[str, str]
_QUESTIONS = {
    "disclosures": "disclosures",
    "deployments": "who-uses-what",
    "usage": "usage",
    "routes": "routes-stated",
}
_SAID = {
    "disclosures": ("answer", "detail"),
    "deployments": ("status",),
    "usage": ("min", "max", "unit", "per", "period_start", "period_end"),
    "routes": ("route_type", "involvement", "route"),
}
"""What is shown of a known claim, and compared where it cannot differ without contradiction."""
_EXCLUSIVE = {"disclosures": ("answer",), "deployments": ("status",)}


@dataclass(frozen=True)
class Claim:
    """A claim of the release about the same thing, and whether it says otherwise."""

    says: str
    source: str
    locator: str
    contradicts: bool

    def __str__(self) -> str:
        how = "the graph says otherwise" if self.contradicts else "the graph says"
        return f"{how}: {self.says} ({self.source}, {self.locator})"


@dataclass
class Known:
    """The claims of a release, asked for once for each table."""

    store: Store
    labels: Labels
    names: Gazetteer
    rows: dict[str, list[Row]] = field(default_factory=dict)

    def claims(self, table: str, cells: Mapping[str, str], thing: Mapping[str, str]) -> list[Claim]:
        """What is known of the trust and the thing that a proposal is about.

        `thing` has the cells of the deployment: those of the proposal itself, or of the one it
        speaks of.
        """
        if table not in _QUESTIONS:
            return []
        trust = self._label("organisation", "trust", thing)
        found = []
        for row in self._rows(table):
            if not trust or row["trust"] != trust or not self._same(table, row, thing):
                continue
            differs = any(row[name] != cells.get(name, "") for name in _EXCLUSIVE.get(table, ()))
            says = " ".join(row[name] for name in _SAID[table] if row[name])
            found.append(Claim(says, row["source"], row["locator"], differs))
        return list(dict.fromkeys(found))

    def _rows(self, table: str) -> list[Row]:
        if table not in self.rows:
            question = questions.get(_QUESTIONS[table])
            found = answer(self.store, self.labels, question, {}, rows_alone=True)
            self.rows[table] = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
        return self.rows[table]

    def _label(self, kind: str, column: str, cells: Mapping[str, str]) -> str:
        said = cells.get(column + "_is", "") or cells.get(column, "")
        found = self.names.find(said, *naming.sought(kind)) if said else ()
        return found[0].label if len(found) == 1 else said

    def _same(self, table: str, row: Row, thing: Mapping[str, str]) -> bool:
        if table == "disclosures":
            return True
        product, vendor = (self._label(kind, kind, thing) for kind in ("product", "vendor"))
        if product:
            return key(row["product"]) == key(product)
        if vendor:
            return key(row["vendor"]) == key(vendor)
        return not row["vendor"] and key(row["description"]) == key(thing.get("description", ""))

    @cached_property
    def codes(self) -> dict[str, list[str]]:
        """The names that can be completed while a cell is typed, by kind."""
        return {
            kind: sorted({label for _, _, label in rows}) for kind, rows in self.labels.rows.items()
        }
