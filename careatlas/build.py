"""The pipeline: tables become records, records quads, and valid quads a release."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from time import perf_counter
from typing import Any

from pyoxigraph import BlankNode, NamedNode, Quad, RdfFormat, Store, parse

from careatlas import ontology
from careatlas.graph import labels, validate
from careatlas.graph.derive import derive
from careatlas.graph.release import FORMAT, Release, Releases, content_hash
from careatlas.graph.terms import GRAPHS, RDF_TYPE
from careatlas.loaders.tables import Harvest, harvest

Progress = Callable[[str], None]
SHOWN = 40
"""Findings and rejects beyond this many are counted, and stand in full in the report's file."""


@dataclass(frozen=True)
class Built:
    """A release with what was found on the way to it."""

    release: Release
    summary: str
    seconds: dict[str, float]


class Clock:
    """Seconds spent in each stage, for people; nothing of it enters a release."""

    def __init__(self, progress: Progress) -> None:
        self.progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time one stage."""
        self.progress(name)
        started = perf_counter()
        yield
        self.seconds[name] = round(perf_counter() - started, 2)


def ontology_quads() -> list[Quad]:
    """The ontology and its schemes, in the graph that is theirs; blank nodes are left to the files.

    Blank nodes stand for axioms, which only a reasoner reads; without them a release has none.
    """
    found = []
    for file in ontology.files():
        for quad in parse(file.read_bytes(), format=RdfFormat.TURTLE):
            if not isinstance(quad.subject, BlankNode) and not isinstance(quad.object, BlankNode):
                found.append(Quad(quad.subject, quad.predicate, quad.object, GRAPHS["ontology"]))
    return found


def assemble(found: Harvest) -> list[Quad]:
    """Every quad that the records state, with the ontology and the sources' own descriptions."""
    quads = ontology_quads()
    for source in found.sources.values():
        quads += source.quads(found.editions)
    return quads + found.quads


def build(
    data: Path,
    releases: Releases,
    *,
    as_of: date | None = None,
    engine: validate.Engine = "pyshifty",
    progress: Progress = lambda _: None,
) -> Built:
    """Read every source, validate, derive and publish.

    Raises:
        HomeError: there is no place for a release.
        InvalidGraphError: the graph does not conform; the release before it stays current.
        TableError: a table is missing or cannot be read.
    """
    releases.prepare()
    clock = Clock(progress)
    with clock.stage("reading the tables"):
        found = harvest(data)
        store = Store()
        store.extend(assemble(found))
    with clock.stage("deriving"):
        day = as_of or found.latest
        derived = derive(store, day)
    with clock.stage("validating"):
        findings = validate.validate(store, engine)
    report = _report(found, findings)
    if any(finding.severity == "Violation" for finding in findings):
        error = validate.InvalidGraphError(findings)
        error.add_note(report)
        raise error
    with clock.stage("publishing"):
        quads = list(store)
        name = content_hash(quads)[:16]
        manifest = _manifest(name, data, found, findings, derived, day, quads)
        release = releases.publish(quads, labels.index(store), manifest, report)
    return Built(release, summary(manifest, found, findings), clock.seconds)


def _manifest(  # noqa: PLR0913 - the parts of a manifest
    name: str,
    data: Path,
    found: Harvest,
    findings: list[validate.Finding],
    derived: dict[str, int],
    day: date,
    quads: list[Quad],
) -> dict[str, Any]:
    kinds = Counter(
        quad.object.value.rsplit("#", 1)[-1]
        for quad in quads
        if quad.predicate == RDF_TYPE and isinstance(quad.object, NamedNode)
    )
    return {
        "release": name,
        "format": FORMAT,
        "as_of": day.isoformat(),
        "quads": len(quads),
        "kinds": dict(sorted(kinds.items())),
        "rows": sum(tally.rows for tally in found.tallies),
        "records": sum(tally.records for tally in found.tallies),
        "rejects": len(found.rejects),
        "tables": {
            tally.file: {
                "rows": tally.rows,
                "records": tally.records,
                "rejects": tally.rejects,
                "sha256": sha256((data / tally.file).read_bytes()).hexdigest(),
            }
            for tally in found.tallies
        },
        "sources": {
            key: {
                "title": source.title,
                "url": source.url,
                "published": source.edition.published and source.edition.published.last.isoformat(),
                "sha256": source.sha256,
                "licence": source.licence,
            }
            for key, source in sorted(found.sources.items())
        },
        "derived": derived,
        "findings": validate.count(findings),
        "versions": {"careatlas": version("careatlas"), "pyoxigraph": version("pyoxigraph")},
    }


def _report(found: Harvest, findings: list[validate.Finding]) -> str:
    lines = [
        f"{tally.file}: rows {tally.rows} records {tally.records} rejects {tally.rejects}"
        for tally in found.tallies
    ]
    lines += [f"reject {reject}" for reject in found.rejects]
    lines += [str(finding) for finding in findings]
    return "\n".join(lines) + "\n"


def summary(manifest: dict[str, Any], found: Harvest, findings: list[validate.Finding]) -> str:
    """What a person wants to know of a build, in a few lines."""
    counts = manifest["findings"]
    lines = [
        f"rows {manifest['rows']} records {manifest['records']} rejects {manifest['rejects']}",
        f"tables {len(manifest['tables'])} sources {len(manifest['sources'])}",
        f"quads {manifest['quads']} as of {manifest['as_of']}",
        "findings " + ", ".join(f"{name} {counts[name]}" for name in validate.SEVERITIES),
    ]
    lines += [f"reject {reject}" for reject in found.rejects[:SHOWN]]
    if len(found.rejects) > SHOWN:
        lines.append(f"… and {len(found.rejects) - SHOWN} more rejects in the report")
    rules = Counter((finding.severity, finding.rule) for finding in findings)
    lines += [f"  {severity} {rule}: {times}" for (severity, rule), times in sorted(rules.items())]
    return "\n".join(lines)
