"""What a release says of itself: sources, counts, versions and findings, and the report for people."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any

from pyoxigraph import NamedNode, Quad, Store

from careatlas import graph, ontology, queries, shapes
from careatlas.graph.breadth import WIDEST
from careatlas.graph.content import FORMAT, content_name, content_sum, line_sum
from careatlas.graph.dataset import lines
from careatlas.graph.findings import SEVERITIES, Finding, count
from careatlas.graph.lines import END
from careatlas.graph.loaded import Loaded
from careatlas.graph.terms import RDF_TYPE
from careatlas.loaders.tables import Harvest

SHOWN = 40
"""Findings and rejects beyond this many are counted, and stand in full in the report's file."""
Manifest = dict[str, Any]
_KIND = re.compile(rb"^\S+ %s <([^>]*)> " % re.escape(str(RDF_TYPE).encode()))
_OF_TABLES = (
    *("tables", "table_sources", "rows", "records", "rejects", "rejected"),
    *("tables_until", "as_of_given"),
)


@dataclass(frozen=True)
class Content:
    """What a release holds, in figures that a change adds to and takes from."""

    total: int
    """The sum that names it."""
    quads: int
    kinds: Counter[str]
    """How many things of each class; one that several graphs describe counts in each."""

    @classmethod
    def of(cls, quads: Iterable[Quad]) -> "Content":
        """That of some quads, each of which comes once."""
        kinds: Counter[str] = Counter()
        quads_so_far = 0

        def counted() -> Iterator[Quad]:
            nonlocal quads_so_far
            for quad in quads:
                quads_so_far += 1
                if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode):
                    kinds[quad.object.value.rsplit("#", 1)[-1]] += 1
                yield quad

        return cls(content_sum(counted()), quads_so_far, kinds)

    @classmethod
    def held(cls, store: Store) -> "Content":
        """That of the named graphs of a store."""
        kinds: Counter[str] = Counter()
        quads_so_far = 0

        def counted() -> Iterator[bytes]:
            nonlocal quads_so_far
            for line in lines(store):
                quads_so_far += 1
                if (found := _KIND.search(line)) is not None:
                    kinds[found[1].decode().rsplit("#", 1)[-1]] += 1
                yield line.removesuffix(END)

        return cls(line_sum(counted()), quads_so_far, kinds)

    @classmethod
    def told(cls, manifest: Manifest) -> "Content":
        """That of a release."""
        return cls(int(manifest["content"], 16), manifest["quads"], Counter(manifest["kinds"]))

    def moved(self, gone: Iterable[Quad], come: Iterable[Quad]) -> "Content":
        """That after some quads went and others came."""
        less, more = self.of(gone), self.of(come)
        kinds = self.kinds + more.kinds
        kinds.subtract(less.kinds)
        return Content(
            (self.total - less.total + more.total) % (1 << 256),
            self.quads - less.quads + more.quads,
            kinds,
        )


@lru_cache(maxsize=1)
def rules() -> str:
    """What tells one set of rules from another: all that decides what follows from statements, and is found."""
    digest = sha256(f"{version('careatlas')} {version('pyoxigraph')}".encode())
    for package in (ontology, shapes, queries, graph):
        folder = Path(package.__file__ or "").parent
        for path in sorted(folder.rglob("*")):
            if path.suffix in (".ttl", ".rq", ".py"):
                digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return digest.hexdigest()[:16]


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
        content: Content,
        derived: dict[str, int],
        findings: Iterable[Finding],
    ) -> Manifest:
        """The manifest of the release of this content."""
        beside = {source: one.account["source"] for source, one in self.loaded.items()}
        return self.tables | {
            "release": content_name(content.total)[:16],
            "content": f"{content.total:064x}",
            "format": FORMAT,
            "as_of": self.day.isoformat(),
            "quads": content.quads,
            "kinds": dict(sorted((+content.kinds).items())),
            "sources": dict(sorted((self.tables["table_sources"] | beside).items())),
            "loaded": {source: one.entry for source, one in sorted(self.loaded.items())},
            "derived": derived,
            "findings": count(findings),
            "versions": {"careatlas": version("careatlas"), "pyoxigraph": version("pyoxigraph")},
            "rules": rules(),
        }

    def report(self, findings: Iterable[Finding]) -> str:
        """What became of every row, and every finding."""
        lines = [
            f"{file}: rows {tally['rows']} records {tally['records']} rejects {tally['rejects']}"
            for file, tally in sorted(self.tables["tables"].items())
        ]
        lines += [f"reject {reject}" for reject in self.tables["rejected"]]
        for _, one in sorted(self.loaded.items()):
            lines += one.report
        lines += [str(finding) for finding in findings]
        return "\n".join(lines) + "\n"

    def summary(self, manifest: Manifest, findings: Iterable[Finding]) -> str:
        """What a person wants to know of a build, in a few lines."""
        counts = manifest["findings"]
        lines = [
            f"rows {manifest['rows']} records {manifest['records']} rejects {manifest['rejects']}",
            f"tables {len(manifest['tables'])} sources {len(manifest['sources'])}",
            f"quads {manifest['quads']} as of {manifest['as_of']}",
            "findings " + ", ".join(f"{name} {counts[name]}" for name in SEVERITIES),
        ]
        if "measures" not in manifest["derived"]:
            lines.append(
                f"figures of networks and cubes are left out: more than {WIDEST} organisations have something"
            )
        lines += [one.counts for _, one in sorted(self.loaded.items())]
        rejected = self.tables["rejected"]
        lines += [f"reject {reject}" for reject in rejected[:SHOWN]]
        if len(rejected) > SHOWN:
            lines.append(f"… and {len(rejected) - SHOWN} more rejects in the report")
        rules = Counter((finding.severity, finding.rule) for finding in findings)
        lines += [
            f"  {severity} {rule}: {times}" for (severity, rule), times in sorted(rules.items())
        ]
        return "\n".join(lines)
