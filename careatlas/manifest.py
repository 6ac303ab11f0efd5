"""What a release says of itself: sources, counts, versions and findings, and the report for people."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad

from careatlas.graph import validate
from careatlas.graph.loaded import Loaded
from careatlas.graph.release import FORMAT
from careatlas.graph.terms import RDF_TYPE
from careatlas.loaders.tables import Harvest

SHOWN = 40
"""Findings and rejects beyond this many are counted, and stand in full in the report's file."""
Manifest = dict[str, Any]
_OF_TABLES = (
    *("tables", "table_sources", "rows", "records", "rejects", "rejected"),
    *("tables_until", "as_of_given"),
)


@dataclass(frozen=True)
class Parts:
    """What a release is made of: the tables as its manifest tells of them, and what was loaded beside them."""

    tables: Manifest
    loaded: Mapping[str, Loaded]

    @classmethod
    def read(
        cls, data: Path, found: Harvest, given: date | None, loaded: Mapping[str, Loaded]
    ) -> "Parts":
        """What tables gave that were just read."""
        tables: Manifest = {
            "tables_until": None if given else found.latest.isoformat(),
            "as_of_given": given.isoformat() if given else None,
            "rows": sum(tally.rows for tally in found.tallies),
            "records": sum(tally.records for tally in found.tallies),
            "rejects": len(found.rejects),
            "rejected": [str(reject) for reject in found.rejects],
            "tables": {
                tally.file: {
                    "rows": tally.rows,
                    "records": tally.records,
                    "rejects": tally.rejects,
                    "sha256": sha256((data / tally.file).read_bytes()).hexdigest(),
                }
                for tally in found.tallies
            },
            "table_sources": {key: source.told for key, source in sorted(found.sources.items())},
        }
        return cls(tables, loaded)

    @classmethod
    def of(cls, manifest: Manifest, loaded: Mapping[str, Loaded]) -> "Parts":
        """What a release is made of, with other sources loaded beside its tables."""
        return cls({name: manifest[name] for name in _OF_TABLES}, loaded)

    @property
    def day(self) -> date:
        """The day that the release speaks of: the one asked for, else the last that a source came out on."""
        if given := self.tables["as_of_given"]:
            return date.fromisoformat(given)
        known = [one.published.first for one in self.loaded.values() if one.published]
        return max([date.fromisoformat(self.tables["tables_until"]), *known])

    def manifest(
        self,
        name: str,
        quads: Iterable[Quad],
        derived: dict[str, int],
        findings: Iterable[validate.Finding],
    ) -> Manifest:
        """The manifest of the release of this name."""
        kinds: Counter[str] = Counter()
        size = 0
        for quad in quads:
            size += 1
            if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
                kinds[quad.object.value.rsplit("#", 1)[-1]] += 1
        beside = {source: one.account["source"] for source, one in self.loaded.items()}
        return self.tables | {
            "release": name,
            "format": FORMAT,
            "as_of": self.day.isoformat(),
            "quads": size,
            "kinds": dict(sorted(kinds.items())),
            "sources": dict(sorted((self.tables["table_sources"] | beside).items())),
            "loaded": {source: one.entry for source, one in sorted(self.loaded.items())},
            "derived": derived,
            "findings": validate.count(findings),
            "versions": {"careatlas": version("careatlas"), "pyoxigraph": version("pyoxigraph")},
        }

    def report(self, findings: Iterable[validate.Finding]) -> str:
        """What became of every row, and every finding."""
        lines = [
            f"{file}: rows {tally['rows']} records {tally['records']} rejects {tally['rejects']}"
            for file, tally in self.tables["tables"].items()
        ]
        lines += [f"reject {reject}" for reject in self.tables["rejected"]]
        for one in self.loaded.values():
            lines += one.report
        lines += [str(finding) for finding in findings]
        return "\n".join(lines) + "\n"

    def summary(self, manifest: Manifest, findings: Iterable[validate.Finding]) -> str:
        """What a person wants to know of a build, in a few lines."""
        counts = manifest["findings"]
        lines = [
            f"rows {manifest['rows']} records {manifest['records']} rejects {manifest['rejects']}",
            f"tables {len(manifest['tables'])} sources {len(manifest['sources'])}",
            f"quads {manifest['quads']} as of {manifest['as_of']}",
            "findings " + ", ".join(f"{name} {counts[name]}" for name in validate.SEVERITIES),
        ]
        lines += [one.counts for one in self.loaded.values()]
        rejected = self.tables["rejected"]
        lines += [f"reject {reject}" for reject in rejected[:SHOWN]]
        if len(rejected) > SHOWN:
            lines.append(f"… and {len(rejected) - SHOWN} more rejects in the report")
        rules = Counter((finding.severity, finding.rule) for finding in findings)
        lines += [
            f"  {severity} {rule}: {times}" for (severity, rule), times in sorted(rules.items())
        ]
        return "\n".join(lines)
