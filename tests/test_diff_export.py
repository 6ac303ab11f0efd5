"""What changed between two releases, and a release as RDF that any other tool reads."""

import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import Dataset, Graph

from careatlas.build import assemble
from careatlas.graph.dataset import stated
from careatlas.graph.derive import derive
from careatlas.graph.diff import COLUMNS, Change, diff, states
from careatlas.graph.export import FORMATS, Format, export
from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS, GRAPHS, english, flag, link, thing
from careatlas.loaders.tables import harvest

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
DEPLOYMENTS = "claims/foi/deployments.csv"
KINDS: tuple[Format, ...] = ("turtle", "trig", "nquads", "jsonld")


def world(folder: Path) -> Store:
    """What the tables of a folder say, with what follows from it."""
    found = harvest(folder)
    assert found.rejects == []
    store = Store()
    store.extend(assemble(found))
    derive(store, found.latest)
    return store


@pytest.fixture(scope="module")
def before() -> Store:
    return world(SMALL_WORLD)


def edited(tmp_path: Path, file: str, *edits: tuple[str, str]) -> Store:
    folder = tmp_path / "world"
    shutil.copytree(SMALL_WORLD, folder)
    text = (folder / file).read_text(encoding="utf-8")
    for old, new in edits:
        assert text.count(old) == 1
        text = text.replace(old, new)
    (folder / file).write_text(text, encoding="utf-8")
    return world(folder)


def line(file: str, start: str) -> str:
    """The line of a table of the small world that begins so."""
    lines = (SMALL_WORLD / file).read_text(encoding="utf-8").splitlines(keepends=True)
    return next(one for one in lines if one.startswith(start))


# ---- differences


def test_a_world_does_not_differ_from_itself(before: Store) -> None:
    assert diff(before, before) == []
    assert diff(Store(), Store()) == []


def test_a_release_does_not_differ_from_itself(release: Release) -> None:
    """A deployment of which one document says two things at once is in one state, every time."""
    assert [diff(release.store, release.store) for _ in range(5)] == [[]] * 5


def test_what_appears_changes_and_vanishes_is_told_apart(before: Store, tmp_path: Path) -> None:
    bone, tool = line(DEPLOYMENTS, "raa/bone,"), line(DEPLOYMENTS, "rff/tool,")
    added = bone.replace("raa/bone", "raa/hub").replace("Beta Imaging,Bone", "Acme AI,Hub")
    added = added.replace("fracture-detection,trialling,Bone", "ai-platform,procured,Hub")
    after = edited(
        tmp_path,
        DEPLOYMENTS,
        (bone, bone.replace("trialling", "paused") + added),
        (tool, ""),
    )
    changes = [one for one in diff(before, after) if one.kind == "deployment"]
    alder, fell = "Alder Vale NHS Foundation Trust", "Fell Teaching Hospitals NHS Trust"
    place = "Trusts that use AI, item"
    assert changes == [
        Change("appeared", "deployment", alder, "Hub", "", "procured", "foi", changes[0].locator),
        Change(
            "vanished",
            "deployment",
            fell,
            "in-house tool",
            "exploring",
            "",
            "foi",
            f"{place} 3, characters 800-809",
        ),
    ]
    assert changes[0].locator == f"{place} 1, characters 760-769"


def test_a_status_that_is_said_otherwise_is_a_change(before: Store, tmp_path: Path) -> None:
    tool = line(DEPLOYMENTS, "rff/tool,")
    after = edited(tmp_path, DEPLOYMENTS, (tool, tool.replace("exploring", "live")))
    changes = diff(before, after)
    assert [tuple(one)[:6] for one in changes] == [
        (
            "changed",
            "deployment",
            "Fell Teaching Hospitals NHS Trust",
            "in-house tool",
            "exploring",
            "live",
        )
    ]
    assert changes[0].source == "foi"
    back = diff(after, before)[0]
    assert (back.before, back.after) == ("live", "exploring")


def test_an_answer_that_is_said_otherwise_is_a_change(before: Store, tmp_path: Path) -> None:
    file = "claims/foi/disclosures.csv"
    silent = line(file, "ree,")
    after = edited(tmp_path, file, (silent, silent.replace("no-response", "denies")))
    changes = [one for one in diff(before, after) if one.kind == "answer"]
    assert [(one.change, one.before, one.after) for one in changes] == [
        ("changed", "no-response", "denies")
    ]
    assert changes[0].subject == "East Moor NHS Foundation Trust"
    conflicts = [one for one in diff(before, after) if one.kind == "conflict"]
    assert [one.change for one in conflicts] == ["appeared"]


def test_a_conflict_that_is_settled_is_a_change(before: Store, tmp_path: Path) -> None:
    file = "claims/conflicts.csv"
    after = edited(tmp_path, file, (",open,", ",compatible,"))
    changes = diff(before, after)
    assert [(one.change, one.kind, one.before, one.after) for one in changes] == [
        ("changed", "conflict", "open", "compatible")
    ]


def test_a_procedure_that_moves_on_and_an_organisation_that_changes_are_told(
    before: Store, tmp_path: Path
) -> None:
    successions = "reference/icb_successions.csv"
    (notice,) = [one for one in diff(Store(), before) if one.kind == "procedure"][:1]
    (change,) = [one for one in diff(Store(), before) if one.kind == "organisation"][:1]
    assert notice.after
    assert notice.subject
    assert notice.thing
    assert change.after
    assert change.subject
    after = edited(tmp_path, successions, (line(successions, ""), ""))
    gone = [one for one in diff(before, after) if one.kind == "organisation"]
    assert [one.change for one in gone] == ["vanished"]


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("", "listed"),
        ('; atlas:entryStatus "Active"', "Active"),
        ('; atlas:entryStatus "Inactive"; atlas:entryClosed "2025-03-31"', "closed 2025-03-31"),
    ],
)
def test_what_a_register_does_not_say_of_an_organisation_is_not_told_as_open(
    said: str, told: str
) -> None:
    store = Store()
    store.update(
        f"""PREFIX atlas: <{ATLAS}> PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
        INSERT DATA {{ GRAPH <x:register> {{
            <x:entry> a atlas:RegisterEntry ; atlas:about <x:here> ; atlas:nameAsPrinted "HERE" ;
                atlas:assertedIn <x:edition> ; atlas:locator "row 2" {said} .
            <x:edition> atlas:versionOf <x:source> . <x:source> atlas:sourceKey "register" .
            <x:here> rdfs:label "Here" . }} }}"""
    )
    assert [(one.subject, one.after) for one in diff(Store(), store)] == [("Here", told)]


def test_everything_appears_against_nothing_in_order(before: Store) -> None:
    changes = diff(Store(), before)
    assert {one.change for one in changes} == {"appeared"}
    assert len(changes) == len(states(before))
    assert {one.kind for one in changes} == {
        "answer",
        "conflict",
        "deployment",
        "organisation",
        "procedure",
    }
    assert changes == sorted(changes, key=lambda one: (one.kind, one.subject, one.thing))
    assert all(one.source and one.locator for one in changes)
    assert Change._fields == COLUMNS


def test_a_state_has_the_evidence_of_the_report_in_force(before: Store) -> None:
    """Fell had Gone Health in the answers of 2024; East Moor's Bone is from a page alone."""
    found = {(state.subject, state.thing): state for state in states(before).values()}
    assert found["East Moor NHS Foundation Trust", "Bone"].source == "page"
    assert found["Fell Teaching Hospitals NHS Trust", "Gone Health"].source == "foi"
    assert found["Fell Teaching Hospitals NHS Trust", "Gone Health"].value == "live"


# ---- exports


def tricky() -> Store:
    """Quads with all that a format may stumble over."""
    store = Store()
    node = thing("org/slug/x")
    for value in (
        'a "quoted" \\ text\nof two lines\twith a tab',
        "'''\"\"\"",
        "",
        " blank ",
        "\u00e9\u6771\U0001f600\u202e",
        "<b>&amp;</b>",
        "line\rfeed",
    ):
        store.add(Quad(node, NamedNode("https://example.org/p"), Literal(value), GRAPHS["meta"]))
        store.add(Quad(node, NamedNode("https://example.org/p"), english(value), GRAPHS["derived"]))
    store.add(Quad(node, NamedNode("https://example.org/q"), flag(True), GRAPHS["meta"]))
    store.add(Quad(node, NamedNode("https://example.org/q"), link("a:b"), GRAPHS["meta"]))
    number = Literal("0.10", datatype=NamedNode("http://www.w3.org/2001/XMLSchema#decimal"))
    store.add(Quad(node, NamedNode("https://example.org/q"), number, GRAPHS["meta"]))
    store.add(Quad(node, NamedNode("https://example.org/q"), node, GRAPHS["derived"]))
    return store


def content(store: Store, kind: Format) -> set[str]:
    """What an export of this kind holds: Turtle has no graphs."""
    if kind == "turtle":
        return {str(Triple(quad.subject, quad.predicate, quad.object)) for quad in store}
    return {str(quad) for quad in stated(store)}


def read(path: Path, kind: Format) -> set[str]:
    found = Store()
    found.extend(parse(path=str(path), format=FORMATS[kind]))
    return content(found, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_an_export_read_back_is_the_same(kind: Format, tmp_path: Path) -> None:
    store, path = tricky(), tmp_path / "out"
    export(store, kind, path)
    assert read(path, kind) == content(store, kind)


@pytest.mark.filterwarnings("ignore::DeprecationWarning:rdflib")
@pytest.mark.parametrize("kind", KINDS)
def test_rdflib_reads_the_same_as_pyoxigraph(kind: Format, before: Store, tmp_path: Path) -> None:
    path, flat = tmp_path / "out", tmp_path / "flat"
    store = Store()
    store.extend(quad for quad in before if quad.graph_name != GRAPHS["ontology"])
    export(store, kind, path)
    names = {"turtle": "turtle", "trig": "trig", "nquads": "nquads", "jsonld": "json-ld"}
    graph = Graph() if kind == "turtle" else Dataset()
    graph.parse(path, format=names[kind])
    graph.serialize(flat, format="nt11" if kind == "turtle" else "nquads", encoding="utf-8")
    form = RdfFormat.N_TRIPLES if kind == "turtle" else RdfFormat.N_QUADS
    found = Store()
    found.extend(parse(path=str(flat), format=form))
    assert content(found, kind) == content(store, kind)


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_quads_are_the_same_bytes(kind: Format, tmp_path: Path) -> None:
    store = tricky()
    export(store, kind, tmp_path / "one")
    shuffled = Store()
    shuffled.extend(sorted(store, key=lambda quad: str(quad)[::-1]))
    export(shuffled, kind, tmp_path / "two")
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("kind", KINDS)
def test_the_release_exported_and_read_back_is_the_release(
    kind: Format, release: Release, tmp_path: Path
) -> None:
    export(release.store, kind, tmp_path / "one")
    assert read(tmp_path / "one", kind) == content(release.store, kind)


def test_turtle_names_its_prefixes(tmp_path: Path) -> None:
    export(tricky(), "turtle", tmp_path / "out")
    text = (tmp_path / "out").read_text(encoding="utf-8")
    assert "@prefix atlas: <https://w3id.org/careatlas/def#> ." in text


def test_an_export_that_cannot_be_written_names_the_file(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="nowhere"):
        export(tricky(), "turtle", tmp_path / "nowhere" / "out.ttl")
    with pytest.raises(IsADirectoryError):
        export(tricky(), "nquads", tmp_path)
