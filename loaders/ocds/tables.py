"""What the curated tables know of names, identifiers, products and processes."""

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from careatlas.loaders import rows
from careatlas.loaders.ocds import words
from careatlas.loaders.ocds.parties import Bodies
from careatlas.loaders.ocds.releases import folded
from careatlas.loaders.ocds.relevance import Catalogue, Maker

_AI = {"ai-system", "platform"}
_SUBJECTS = ("organisation", "vendor", "network")


@dataclass
class Known:
    """All that the tables know, for one load."""

    bodies: Bodies = field(default_factory=Bodies)
    catalogue: Catalogue = field(default_factory=Catalogue)
    instruments: dict[str, str] = field(default_factory=dict)
    """The key of an instrument by the OCID of the process that set it up."""
    notices: dict[str, str] = field(default_factory=dict)
    """The buyer, by its key, of each process in the table of notices; by OCID."""


def _entries(cell: str) -> list[str]:
    return [entry.strip() for entry in cell.split(";") if entry.strip()]


def known(data: Path) -> Known:
    """Read what is needed of the tables.

    Raises:
        TableError: a table cannot be read.
    """
    found = Known()
    _organisations(data, found.bodies)
    _vendors(data, found)
    for row in rows.known(data, "crosswalk.csv"):
        if row.get("kind") in _SUBJECTS and row.get("key") and not row.get("only_in"):
            found.bodies.add(row["key"], row["printed"])
    for row in rows.known(data, "reference/identifiers.csv"):
        found.bodies.identify(row["scheme"], row["id"], row["key"])
    for row in rows.known(data, "catalogue/instruments.csv"):
        for ocid in _entries(row.get("ocid", "")):
            found.instruments[ocid] = row["instrument"]
    for row in rows.known(data, "catalogue/notices.csv"):
        if row.get("ocid") == row["notice"]:
            found.notices[row["ocid"]] = row.get("buyer", "")
    found.catalogue.ocids = frozenset(found.notices)
    for (scheme, value), key in found.bodies.identifiers.items():
        maker = next((one for one in found.catalogue.makers.values() if one.key == key), None)
        if maker:
            found.catalogue.by_identifier[scheme, value] = maker
    return found


def _organisations(data: Path, bodies: Bodies) -> None:
    for row in rows.known(data, "reference/trusts.csv"):
        names = [row.get(name, "") for name in ("name", "name_2024", "name_2025", "name_2026")]
        bodies.add_ods(row["ods"], f"org/ods/{row['ods']}", *names)
    for name in ("reference/icbs.csv", "reference/regions.csv"):
        for row in rows.known(data, name):
            bodies.add_ods(row["ods"], f"org/ods/{row['ods']}", row["name"])
    for row in rows.known(data, "reference/organisations.csv"):
        names = [row["name"], *_entries(row.get("aliases", ""))]
        bodies.add_ods(row.get("ods", ""), row["key"], *names)


def _vendors(data: Path, found: Known) -> None:
    kinds = defaultdict(set)
    products = list(rows.known(data, "catalogue/products.csv"))
    for row in products:
        kinds[row.get("vendor", "")].add(row["kind"])
    for row in rows.known(data, "catalogue/vendors.csv"):
        key = row["vendor"]
        only_ai = bool(kinds[key]) and kinds[key] <= _AI and key not in words.BROAD
        maker = Maker(f"org/slug/{key}", row["name"], only_ai)
        for name in filter(
            None, (row["name"], row.get("legal_name", ""), *_entries(row.get("aliases", "")))
        ):
            found.bodies.add(maker.key, name)
            found.catalogue.makers.setdefault(folded(name), maker)
    for row in products:
        if row["kind"] not in _AI:
            continue
        sure = row.get("vendor", "") not in words.BROAD
        for name in (row["name"], *_entries(row.get("aliases", ""))):
            found.catalogue.add_product(name, row["name"], sure)
