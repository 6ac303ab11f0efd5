"""The pipeline: tables and loaded sources become quads, and valid quads a release."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter

from pyoxigraph import BlankNode, Quad, RdfFormat, Store, parse

from careatlas import ontology
from careatlas.graph import labels, validate
from careatlas.graph.content import FORMAT, Told
from careatlas.graph.dataset import copy, fill, kept, lines, load
from careatlas.graph.derive import derive, rederive
from careatlas.graph.findings import Finding
from careatlas.graph.loaded import STATEMENTS, Loaded, Swap, UnknownSourceError
from careatlas.graph.release import STORE, Release, Releases
from careatlas.graph.terms import GRAPHS
from careatlas.graph.touched import Change
from careatlas.loaders.tables import Harvest, harvest
from careatlas.manifest import Content, Parts, rules

Progress = Callable[[str], None]
LITTLE, PART = 5_000, 20
"""A change of as many statements, and of as great a part of a release, is not told apart: that takes longer."""


class SourceTakenError(ValueError):
    """A source is to be loaded under an id that a table of sources has."""

    def __init__(self, source: str) -> None:
        super().__init__(source)
        self.source = source

    def __str__(self) -> str:
        return f"{self.source!r} is a source of the tables: load the file under another id with --source"


class OldReleaseError(ValueError):
    """A release of an older form, to which nothing can be added."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return f"{self.path} was made by an older careatlas: run `careatlas build` first"


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
    """Read every table, and what the current release has loaded beside them; validate, derive and publish.

    Raises:
        DamagedReleaseError: nothing sound says what was loaded for it.
        DamagedSourceError: what was loaded beside the tables is no longer what it was.
        HomeError: there is no place for a release.
        InvalidGraphError: the graph does not conform; the release before it stays current.
        SourceTakenError: a table has the id of a source that was loaded.
        TableError: a table is missing or cannot be read.
    """
    clock = Clock(progress)
    with releases.locked():
        for one in releases.in_force().values():
            one.prove()
        with clock.stage("reading the tables"):
            found = harvest(data)
        parts = Parts.read(data, found, as_of, releases.in_force())
        for source in parts.loaded:
            if source in found.sources:
                raise SourceTakenError(source)
        with releases.building() as building:
            # What the tables state is in memory anyway, and is judged there in half the time.
            store = Store(str(building / STORE)) if parts.loaded else Store()
            fill(store, assemble(found))
            if parts.loaded:
                with clock.stage("reading what was loaded"):
                    load(store, [one.path / STATEMENTS for one in parts.loaded.values()])
            told, summary = _judged(store, parts, (engine, clock))
            if not parts.loaded:
                copy(store, building / STORE)
            del store
            return Built(releases.settle(building, told), summary, clock.seconds)


def change(
    releases: Releases,
    source: str,
    fresh: Loaded | None,
    *,
    engine: validate.Engine = "pyshifty",
    progress: Progress = lambda _: None,
) -> Built:
    """The current release with a source loaded, in another state, or withdrawn where there is none.

    Raises:
        DamagedReleaseError: the current release is no longer what it was.
        DamagedSourceError: a source that was loaded is no longer what it was.
        InvalidGraphError: the graph would not conform; the release before it stays current.
        NoReleaseError: there is none to change.
        OldReleaseError: it is of an older form.
        SourceTakenError: a table has this id.
        UnknownSourceError: it is to be withdrawn, and was never loaded.
    """
    clock = Clock(progress)
    with releases.locked():
        current = releases.current()
        if current.manifest["format"] != FORMAT:
            raise OldReleaseError(current.path)
        loaded = releases.loaded(current)
        if source in current.manifest["table_sources"]:
            raise SourceTakenError(source)
        old = loaded.pop(source, None)
        if fresh:
            loaded[source] = fresh
        elif old is None:
            raise UnknownSourceError(source, loaded)
        if old:
            old.prove()
        parts = Parts.of(current.manifest, loaded)
        swap = Swap(old, fresh)
        if current.manifest["rules"] != rules():
            progress("the rules are others than those of the release: all is worked out again")
        elif swap.size(most := max(LITTLE, current.manifest["quads"] // PART)) == most:
            progress("much has changed: all is worked out again")
        else:
            return _change(current, swap, parts, releases, (engine, clock))
        return _whole(current, swap, parts, releases, (engine, clock))


def _whole(
    current: Release,
    swap: Swap,
    parts: Parts,
    releases: Releases,
    way: tuple[validate.Engine, Clock],
) -> Built:
    """A release made of what the sources of another state, and of nothing that followed from it."""
    clock = way[1]
    with releases.building() as building:
        with clock.stage("reading the release"):
            made, left = {GRAPHS["derived"], GRAPHS["ontology"]}, building / STATEMENTS
            with left.open("wb") as file:
                file.writelines(swap.applied(lines(current.store, made)))
            store = Store(str(building / STORE))
            fill(store, ontology_quads())
            load(store, [left])
            left.unlink()
        told, summary = _judged(store, parts, way)
        del store
        return Built(releases.settle(building, told), summary, clock.seconds)


def _change(
    current: Release,
    swap: Swap,
    parts: Parts,
    releases: Releases,
    way: tuple[validate.Engine, Clock],
) -> Built:
    """A release made of another: what the change does not touch stays as it was."""
    engine, clock = way
    told = current.manifest
    with releases.building() as building:
        with clock.stage("reading the release"):
            folder = str(building / STORE)
            current.store.backup(folder)
            moved = Change(current.store, Store(folder))
            gone, come = kept(swap.gone()), kept(swap.come())
            moved.apply(gone - come, come - gone)
        with clock.stage("deriving"):
            before = date.fromisoformat(told["as_of"])
            derived = rederive(moved, told["derived"], parts.day, before)
        with clock.stage("validating"):
            known = [Finding(*finding) for finding in current.findings]
            findings = validate.revalidate(moved, known, engine)
        report = _checked(parts, findings)
        with clock.stage("publishing"):
            content = Content.told(told).moved(moved.gone, moved.come)
            names = labels.reindex(moved, current.labels)
            moved.after.flush()
            del moved
            manifest = parts.manifest(content, derived, findings)
            found = [(one.severity, one.rule, one.focus, one.message) for one in findings]
            release = releases.settle(building, Told(names, manifest, report, found))
    return Built(release, parts.summary(manifest, findings), clock.seconds)


def _judged(store: Store, parts: Parts, way: tuple[validate.Engine, Clock]) -> tuple[Told, str]:
    """What is told of a store that holds all that sources state, once all that follows from it is added."""
    engine, clock = way
    with clock.stage("deriving"):
        derived = derive(store, parts.day)
    with clock.stage("validating"):
        findings = validate.validate(store, engine)
    report = _checked(parts, findings)
    with clock.stage("publishing"):
        store.flush()
        manifest = parts.manifest(Content.held(store), derived, findings)
        found = [(one.severity, one.rule, one.focus, one.message) for one in findings]
        told = Told(labels.index(store), manifest, report, found)
    return told, parts.summary(manifest, findings)


def _checked(parts: Parts, findings: list[Finding]) -> str:
    """The report of a release that conforms."""
    report = parts.report(findings)
    if any(finding.severity == "Violation" for finding in findings):
        error = validate.InvalidGraphError(findings)
        error.add_note(report)
        raise error
    return report
