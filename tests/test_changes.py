"""Small changes: a release that is made of another is the one that a build from nothing makes."""

import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from changing import DAYS, ROWS, SMALL_WORLD, Row, keep
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store, Variable

from careatlas import build as pipeline
from careatlas import data, queries
from careatlas.build import assemble, build, change
from careatlas.cli import main
from careatlas.graph import breadth, cubes, derive, measures, questions
from careatlas.graph.checks import checks
from careatlas.graph.dataset import add, fill
from careatlas.graph.homes import HomeError
from careatlas.graph.patterns import ways
from careatlas.graph.query_reading import UnreadableQueryError, read
from careatlas.graph.release import Release, Releases
from careatlas.graph.seal import seal
from careatlas.graph.terms import atlas
from careatlas.graph.validate import InvalidGraphError
from careatlas.keeping import prune
from careatlas.loaders.tables import Harvest, harvest

SOURCES = ("feed-one", "feed-two", "feed-three")
FEW = st.sampled_from((0, 1, 2, 0, 1, 2, 3, 4))
ROW = st.builds(Row, st.sampled_from(sorted(ROWS)), FEW, st.integers(0, 4))
STEP = st.tuples(
    st.sampled_from(SOURCES),
    st.none() | st.lists(ROW, min_size=1, max_size=6),
    st.sampled_from((None, *DAYS)),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small world, with nothing beside its tables."""
    return build(SMALL_WORLD, Releases(tmp_path_factory.mktemp("world"))).release


@pytest.fixture
def kept(world: Release, tmp_path: Path) -> Releases:
    """A home of its own with that release."""
    shutil.copytree(world.path.parent.parent, tmp_path / "home")
    return Releases(tmp_path / "home")


def under_other_rules(release: Release) -> str:
    """Have a release say that it was made under others than it was; those it was made under."""
    manifest, rules = release.path / "manifest.json", str(release.manifest["rules"])
    told = manifest.read_text(encoding="utf-8")
    manifest.write_text(told.replace(rules, "0" * 16), encoding="utf-8")
    seal(release.path, release.made_of)
    return rules


def held(release: Release) -> dict[str, Any]:
    """All that a release holds."""
    return {
        "quads": sorted(map(str, release.store)),
        "labels": release.labels,
        "findings": release.findings,
        "manifest": release.manifest,
        "report": (release.path / "report.txt").read_text(encoding="utf-8"),
    }


def from_nothing(kept: Releases, folder: Path) -> Release:
    """What a build makes of the tables and of what the current release has loaded beside them."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(kept.home, folder)
    again = Releases(folder)
    current = again.current()
    current.path.rename(again.folder / "before")
    (folder / "current").write_text("before\n", encoding="utf-8")
    return build(SMALL_WORLD, again).release


@pytest.mark.long
@settings(max_examples=4, phases=(Phase.generate,))
@given(st.lists(STEP, min_size=2, max_size=4))
def test_any_sequence_of_changes_gives_what_a_build_gives(
    world: Release, tmp_path_factory: pytest.TempPathFactory, steps: list[Any]
) -> None:
    base = tmp_path_factory.mktemp("steps")
    shutil.copytree(world.path.parent.parent, base / "home")
    kept = Releases(base / "home")
    violations = 0
    for source, rows, published in steps:
        fresh = keep(kept.sources, source, rows, published) if rows else None
        if fresh is None and source not in kept.current().manifest["loaded"]:
            continue
        try:
            change(kept, source, fresh)
        except InvalidGraphError as wrong:
            violations += sum(finding.severity == "Violation" for finding in wrong.findings)
    assert held(kept.current()) == held(from_nothing(kept, base / "again")), violations


SEVERAL = [
    Row("trust", 0, 0),
    Row("catalogue", 0, 1),
    Row("deployment", 0, 4),
    Row("deployment", 2, 1),
    Row("notice", 1, 1),
    Row("change", 1, 1),
    Row("belonging", 0, 4),
]


@pytest.mark.parametrize("little", [5_000, 1], ids=["told apart", "as a whole"])
def test_a_source_comes_is_replaced_and_goes_again(
    kept: Releases, world: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, little: int
) -> None:
    """Of two sources that state the same, either can go; the day of the release goes with its source."""
    monkeypatch.setattr(pipeline, "LITTLE", little)
    monkeypatch.setattr(pipeline, "PART", sys.maxsize)
    first = change(kept, "feed-one", keep(kept.sources, "feed-one", SEVERAL, "2025-09-01")).release
    assert first.manifest["as_of"] == "2025-09-01" > world.manifest["as_of"]
    assert held(first) == held(from_nothing(kept, tmp_path / "again"))
    same = keep(kept.sources, "feed-two", SEVERAL[:2], None)
    second = change(kept, "feed-two", same).release
    fewer = change(kept, "feed-one", keep(kept.sources, "feed-one", SEVERAL[3:], None)).release
    assert fewer.manifest["as_of"] == world.manifest["as_of"]
    assert held(fewer) == held(from_nothing(kept, tmp_path / "again"))
    assert any(row[1].endswith("/RX1") for row in fewer.labels["trust"])
    change(kept, "feed-two", None)
    last = change(kept, "feed-one", None).release
    assert held(last) == held(world)
    assert len({world.name, first.name, second.name, fewer.name}) == len(kept.all()) - 1


def test_figures_of_all_go_where_a_graph_grows_wide_and_come_back(
    kept: Releases, world: Release, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One organisation more than a release keeps figures of: the rest is as a build makes it."""
    have = {quad.object for quad in world.store.quads_for_pattern(None, HAS, None, None)}
    monkeypatch.setattr(breadth, "WIDEST", len(have))
    assert is_told(world)
    one_more = [Row("trust", 0, 0), Row("deployment", 3, 1)]
    told = change(kept, "feed-one", keep(kept.sources, "feed-one", one_more, None))
    assert "figures of networks and cubes are left out" in told.summary
    assert not is_told(told.release)
    assert held(told.release) == held(from_nothing(kept, tmp_path / "again"))
    still = change(kept, "feed-two", keep(kept.sources, "feed-two", SEVERAL[:3], None)).release
    assert held(still) == held(from_nothing(kept, tmp_path / "again"))
    change(kept, "feed-two", None)
    assert held(change(kept, "feed-one", None).release) == held(world)


HAS = atlas("deployedBy")


def is_told(release: Release) -> bool:
    """Whether a release holds figures of networks and cubes."""
    counts = release.manifest["derived"]
    found = bool(cubes.told(release.store)), bool(measures.told(release.store))
    assert found == (counts.get("cubes", 0) > 0, counts.get("measures", 0) > 0)
    return all(found)


def test_a_violation_found_after_a_change_is_the_one_that_a_build_finds(
    kept: Releases, tmp_path: Path
) -> None:
    wrong = [Row("deployment", 3, 0), Row("notice", 4, 4), Row("body", 0, 0)]
    fresh = keep(kept.sources, "feed-one", wrong, None)
    with pytest.raises(InvalidGraphError) as found:
        change(kept, "feed-one", fresh)
    before = kept.current()
    under_other_rules(before)
    said: list[str] = []
    with pytest.raises(InvalidGraphError) as whole:
        change(kept, "feed-one", fresh, progress=said.append)
    assert found.value.findings == whole.value.findings
    assert any("all is worked out again" in line for line in said)
    assert kept.current() == before
    assert kept.all() == [before]


def test_what_is_loaded_under_other_rules_is_worked_out_whole(
    kept: Releases, tmp_path: Path
) -> None:
    rules = under_other_rules(kept.current())
    made = change(kept, "feed-one", keep(kept.sources, "feed-one", SEVERAL, None)).release
    assert made.manifest["rules"] == rules
    assert held(made) == held(from_nothing(kept, tmp_path / "again"))


# ---- killed, crowded, full

AT = """
import os, signal, sys
sys.path.insert(0, {tests!r})
from pathlib import Path
from changing import Row, keep
from careatlas import build
from careatlas.graph import content, release, touched, validate
kept = release.Releases(Path({home!r}))
def kill(*_, **__):
    os.kill(os.getpid(), signal.SIGKILL)
{patch}
rows = [Row("trust", 0, 0), Row("deployment", 0, {how})]
with kept.locked():
    build.change(kept, {source!r}, keep(kept.sources, {source!r}, rows, None))
"""
POINTS = {
    "while the source is swapped": "touched.Change._stated = kill",
    "before it is validated": "build.validate.revalidate = kill",
    "while it is told of": "content.json.dumps = kill",
    "before it is whole": "Path.rename = kill",
    "before it is pointed to": "release.point = kill",
}


def script(home: Path, source: str, patch: str = "", how: int = 0) -> list[str]:
    """A command that loads a source, with a patch made before."""
    text = textwrap.dedent(AT).format(
        tests=str(Path(__file__).parent), home=str(home), source=source, patch=patch, how=how
    )
    return [sys.executable, "-c", text]


def test_a_change_killed_at_any_point_leaves_the_old_release_current(
    kept: Releases, world: Release
) -> None:
    fresh = keep(kept.sources, "feed-one", [Row("body", 0, 0)], None)
    change(kept, "feed-one", fresh)
    current = kept.current()
    for point, patch in POINTS.items():
        done = subprocess.run(  # noqa: S603 - our own script
            script(kept.home, "feed-one", patch), capture_output=True, check=False
        )
        assert done.returncode < 0, (point, done.stderr)
        assert Releases(kept.home).current() == current
        assert held(Releases(kept.home).current()) == held(current)
    back = change(kept, "feed-one", None).release
    assert back.name == world.name
    left = {path.name for path in kept.folder.iterdir()}
    assert left == {release.name for release in kept.all()}


def test_two_writers_at_once_both_end_up_in(kept: Releases, tmp_path: Path) -> None:
    both = [
        subprocess.Popen(script(kept.home, source, how=how), stderr=subprocess.PIPE)  # noqa: S603
        for how, source in enumerate(SOURCES[:2])
    ]
    for one in both:
        assert one.communicate()[1] == b""
        assert one.returncode == 0
    assert sorted(kept.current().manifest["loaded"]) == list(SOURCES[:2])
    assert held(kept.current()) == held(from_nothing(kept, tmp_path / "again"))


@pytest.mark.skipif(sys.platform == "win32", reason="no limit on the size of files")
def test_a_full_disk_is_one_plain_line(kept: Releases) -> None:
    change(kept, "feed-one", keep(kept.sources, "feed-one", [Row("body", 0, 0)], None))
    current = kept.current()
    limited = f"""
    import resource, sys
    from careatlas.cli import main
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
    sys.exit(main(["withdraw", "feed-one", "--home", {str(kept.home)!r}]))
    """
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, "-c", textwrap.dedent(limited)],
        capture_output=True, check=False, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    last = done.stderr.strip().splitlines()[-1]
    assert last.startswith(f"careatlas: {kept.home}: ")
    assert "choose another folder" in last
    assert "Traceback" not in done.stderr
    assert Releases(kept.home).current() == current


# ---- which releases are kept


def test_the_oldest_releases_go_and_the_current_one_never(
    kept: Releases, world: Release, capsys: pytest.CaptureFixture[str]
) -> None:
    made = [
        change(
            kept, "feed-one", keep(kept.sources, "feed-one", [Row("body", 0, how)], None)
        ).release
        for how in range(3)
    ]
    change(kept, "feed-one", None)
    assert kept.current().name == world.name
    assert [release.name for release in prune(kept, 3)] == [made[0].name]
    assert {release.name for release in kept.all()} == {world.name, made[1].name, made[2].name}
    assert len(list(kept.sources.folder.glob("*/*"))) == len(made) - 1
    assert main(["diff", made[1].name, made[2].name, "--home", str(kept.home)]) == 0
    assert main(["releases", "--prune", "--keep", "1", "--home", str(kept.home)]) == 0
    assert kept.all() == [kept.current()]
    assert list(kept.sources.folder.glob("*")) == []
    assert f"taken away {made[2].name}" in capsys.readouterr().err


def test_how_many_are_kept_can_be_a_setting(
    kept: Releases, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    change(kept, "feed-one", keep(kept.sources, "feed-one", [Row("body", 0, 0)], None))
    home = ["--home", str(kept.home)]
    monkeypatch.setenv("CAREATLAS_KEEP", "none")
    assert main(["withdraw", "feed-one", *home]) == 1
    assert "'none' releases cannot be kept" in capsys.readouterr().err
    assert "feed-one" in kept.current().manifest["loaded"]
    monkeypatch.setenv("CAREATLAS_KEEP", "1")
    assert main(["withdraw", "feed-one", *home]) == 0
    assert kept.all() == [kept.current()]
    monkeypatch.delenv("CAREATLAS_KEEP")
    for flags in (["--prune"], ["--keep", "2"]):
        assert main(["releases", *flags, *home]) == 2
    assert main(["releases", "--prune", "--keep", "0", *home]) == 1


def test_releases_that_cannot_be_taken_away_are_an_error(
    kept: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise PermissionError(13, "not permitted")

    change(kept, "feed-one", keep(kept.sources, "feed-one", [Row("body", 0, 0)], None))
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(HomeError, match="not permitted"):
        prune(kept, 1)


# ---- what queries read


def readable() -> list[Path]:
    folders = [queries.folder(kind) for kind in ("checks", "derive", "cubes", "questions")]
    folders.append(queries.folder("views") / "relations")
    return sorted(path for folder in folders for path in folder.glob("*.rq"))


@pytest.mark.parametrize("path", readable(), ids=lambda path: path.stem)
def test_every_query_can_be_read(path: Path) -> None:
    reading = read(path.read_text(encoding="utf-8"))
    assert reading.units
    assert all(unit.pattern in unit.context for unit in reading.units)


def test_checks_can_be_asked_of_some_things_alone() -> None:
    """But for those that follow a path of any length, and are run whole when a step of it changes."""
    whole = {check.name for check in checks() if not check.reading.can_focus(check.foci[0])}
    assert whole <= {"concept-cycle", "derivation-cycle", "supersession-cycle"}


def test_every_rule_has_a_focus_or_is_run_whole() -> None:
    without = {rule.name for rule in derive.rules() if rule.focus is None}
    assert without <= {"08-answers-and-requests"}
    for rule in derive.rules():
        assert rule.focus is None or rule.reading.can_focus(rule.focus), rule.name


def test_a_rule_reads_nothing_that_it_or_a_later_one_derives() -> None:
    """Else it would give something else in a finished release than it gave in its turn."""
    found = harvest(SMALL_WORLD)
    store = build_store(found)
    gave = {}
    for rule in derive.rules():
        gave[rule.name] = rule.gives(store, found.latest)
        assert not any(quad in store for quad in gave[rule.name]), rule.name
        add(store, gave[rule.name])
    for more in (cubes.observe, measures.observe):
        add(store, list(more(store)))
    for rule in derive.rules():
        assert rule.gives(store, found.latest) == gave[rule.name], rule.name


def build_store(found: Harvest) -> Store:
    store = Store()
    fill(store, assemble(found))
    return store


def test_a_query_is_read_down_to_its_groups() -> None:
    text = """PREFIX a: <urn:a#>
    SELECT ?x (COUNT(?y) AS ?n) WHERE {
      { SELECT ?x ?k WHERE { ?x a:p ?k ; a:q ?own } }
      { ?x a:r/^a:s ?y } UNION { ?x a:t|a:u ?y FILTER NOT EXISTS { ?y a:v "z"@en } }
      OPTIONAL { GRAPH ?g { ?x a:w 5 } }
      MINUS { ?x a:m+ ?far }
    } GROUP BY ?x"""
    reading = read(text)
    assert reading.first == Variable("x")
    assert len(reading.ways) == 3
    assert reading.can_focus(Variable("x"))
    assert not reading.can_focus(Variable("own"))
    assert not reading.can_focus(Variable("far"))
    asked = reading.focused(["<urn:1>"], Variable("x"))
    assert asked.count("VALUES ?x { <urn:1> }") == 3
    assert asked.replace(" VALUES ?x { <urn:1> } ", "") == text


def test_a_longer_way_is_known_where_the_shortest_leads_to_many() -> None:
    """All that have a product are many, all that an organisation has are few."""
    (check,) = (check for check in checks() if check.name == "deployment-duplicate")
    one, other = Variable("one"), Variable("other")
    (unit,) = (
        unit
        for unit in check.reading.units
        if unit.pattern.subject == other and unit.pattern.predicate == atlas("deploysProduct")
    )
    found = [[step.end.value for step in way] for way in ways(unit.pattern, unit.context, one)]
    assert found == [["one"], ["organisation", "one"]]


@pytest.mark.parametrize(
    "text", ["ASK { ?s ?p ?o }", "SELECT ?s { ?s [] ?o }", "SELECT ?s { ?s ?p ?o", "SELECT ? {}"]
)
def test_a_query_that_is_not_understood_is_an_error(text: str) -> None:
    with pytest.raises(UnreadableQueryError, match="cannot tell what a query reads"):
        read(text)


def test_a_limit_leaves_no_thing_untouched() -> None:
    assert not read("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 5 } }").can_focus(Variable("s"))
    assert read("SELECT ?s { { SELECT ?s { ?s ?p ?o } LIMIT 10000000 } }").can_focus(Variable("s"))


def test_the_cubes_are_those_of_their_questions() -> None:
    assert set(cubes.CUBES) <= set(questions.names())
    assert data.folder().is_dir()
