"""Which organisations and changes the curated tables describe, by the codes of the register."""

from dataclasses import dataclass, field
from pathlib import Path

from careatlas.graph.memberships import ODS_CODE
from careatlas.graph.terms import slug
from careatlas.loaders.ods import kinds
from careatlas.loaders.rows import known

Pair = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Known:
    """An organisation that the graph has, and its class or kind."""

    path: str
    kind: str


@dataclass
class Tables:
    """What the tables have: organisations by code, and changes by the codes of both sides."""

    organisations: dict[str, Known] = field(default_factory=dict)
    changes: dict[Pair, tuple[str, str]] = field(default_factory=dict)
    """The key and the kind of each change."""


def read(folder: Path) -> Tables:
    """What the tables of this folder have; nothing where it has none of them."""
    found = Tables()
    for file, kind in (("regions", kinds.REGION), ("icbs", kinds.BOARD), ("trusts", kinds.TRUST)):
        for row in known(folder, f"reference/{file}.csv", "ods"):
            found.organisations[row["ods"]] = Known(f"org/ods/{row['ods']}", kind)
    for row in known(folder, "reference/networks.csv", "network", "code"):
        if ODS_CODE.fullmatch(row["code"]):
            found.organisations[row["code"]] = Known(f"org/slug/{row['network']}", "Network")
    for row in known(folder, "reference/organisations.csv", "ods", "key", "kind"):
        if row["ods"]:
            found.organisations[row["ods"]] = Known(row["key"], row["kind"])
    for row in known(folder, "reference/icb_successions.csv", "predecessor", "successor", "kind"):
        pair = (row["predecessor"], row["successor"])
        found.changes[pair] = (f"change/icb-{'-'.join(pair)}", row["kind"])
    _mergers(folder, found)
    return found


def _mergers(folder: Path, found: Tables) -> None:
    """Who was acquired by whom, where a merger has one who acquires."""
    sides: dict[str, dict[str, list[str]]] = {}
    for row in known(folder, "reference/groups.csv", "group", "kind", "member"):
        sides.setdefault(row["group"], {}).setdefault(row["kind"], []).append(row["member"])
    for group, members in sides.items():
        acquirers = members.get("acquirer", [])
        for acquired in members.get("acquired", ()):
            if len(acquirers) == 1:
                found.changes[acquired, acquirers[0]] = (f"change/{slug(group)}", "merger")
