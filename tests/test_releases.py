"""Publishing: a release is whole or not there, whatever happens to the build."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas import data
from careatlas.build import build
from careatlas.graph.answer import answer
from careatlas.graph.content import content_hash
from careatlas.graph.dataset import stated
from careatlas.graph.homes import HomeError, NoReleaseError
from careatlas.graph.labels import Labels
from careatlas.graph.questions import get
from careatlas.graph.release import Release, Releases
from careatlas.graph.validate import InvalidGraphError

G = NamedNode("https://example.org/g")


def quads(*values: str) -> list[Quad]:
    node = NamedNode("https://example.org/s")
    return [Quad(node, node, Literal(value), G) for value in values]


def publish(kept: Releases, *values: str) -> Release:
    content = quads(*values)
    manifest = {"release": content_hash(content)[:16], "as_of": "2025-01-01", "quads": len(content)}
    return kept.publish(content, {}, manifest, "report\n")


def test_the_name_is_the_content(tmp_path: Path) -> None:
    one, two = publish(Releases(tmp_path), "a", "b"), publish(Releases(tmp_path), "b", "a", "a")
    assert one.name == two.name
    assert len(Releases(tmp_path).all()) == 1


def test_another_content_has_another_name(tmp_path: Path) -> None:
    assert publish(Releases(tmp_path), "a").name != publish(Releases(tmp_path), "b").name


def test_current_is_the_last_published_and_older_ones_stay(tmp_path: Path) -> None:
    kept = Releases(tmp_path)
    first, second = publish(kept, "a"), publish(kept, "b")
    assert kept.current() == second
    assert kept.get(first.name[:6]) == first
    assert publish(kept, "a") == kept.current() == first


def test_a_home_without_a_release_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoReleaseError, match="careatlas build"):
        Releases(tmp_path).current()
    with pytest.raises(NoReleaseError):
        Releases(tmp_path).get("abc")
    assert Releases(tmp_path).all() == []


def test_a_pointer_to_nothing_is_no_release(tmp_path: Path) -> None:
    publish(Releases(tmp_path), "a")
    (tmp_path / "current").write_text("deadbeef\n")
    with pytest.raises(NoReleaseError):
        Releases(tmp_path).current()


def test_a_home_that_is_a_file_is_one_plain_error(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("x")
    with pytest.raises(HomeError, match="CAREATLAS_HOME"):
        publish(Releases(home), "a")


def test_what_a_killed_build_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    kept = Releases(tmp_path)
    old = publish(kept, "a")
    (kept.folder / ".building-feed").mkdir()
    (kept.folder / "feed").mkdir()
    publish(kept, "b")
    assert sorted(path.name for path in kept.folder.iterdir()) == sorted(r.name for r in kept.all())
    assert old in kept.all()


@pytest.mark.long
def test_two_builds_of_the_same_tables_have_the_same_hash(release: Release, tmp_path: Path) -> None:
    again = build(data.folder(), Releases(tmp_path)).release
    assert again.name == release.name
    assert again.manifest == release.manifest
    assert again.labels == release.labels


def test_a_violation_publishes_nothing(release: Release, tmp_path: Path) -> None:
    tables = tmp_path / "data"
    shutil.copytree(data.folder(), tables)
    disclosures = tables / "claims" / "foi-report-2025" / "disclosures.csv"
    lines = disclosures.read_text(encoding="utf-8").splitlines(keepends=True)
    disclosures.write_text("".join(lines[:5] + lines[6:]), encoding="utf-8")
    kept = Releases(tmp_path / "home")
    before = publish(kept, "a")
    with pytest.raises(InvalidGraphError, match="nothing was published") as caught:
        build(tables, kept)
    assert any(finding.severity == "Violation" for finding in caught.value.findings)
    assert kept.current() == before
    assert kept.all() == [before]
    assert release.name not in {one.name for one in kept.all()}


KILLS = 20
SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"


@pytest.mark.long
def test_a_build_killed_at_any_moment_leaves_the_old_release_current(tmp_path: Path) -> None:
    home = tmp_path / "home"
    kept = Releases(home)
    old = publish(kept, "old")
    command = [sys.executable, "-m", "careatlas", "build", "--home", str(home)]
    command += ["--data", str(SMALL_WORLD)]
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    whole = time.perf_counter() - started
    fresh = kept.current()
    assert fresh.name != old.name
    quads = fresh.manifest["quads"]
    chance = random.Random(2025)  # noqa: S311 - reproducible moments, not secrets
    killed = 0
    for _ in range(KILLS):
        shutil.rmtree(fresh.path)
        (home / "current").write_text(old.name + "\n")
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # noqa: S603
        try:
            process.wait(timeout=chance.uniform(0, whole))
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
            killed += 1
        current = kept.current()
        assert current.name in {old.name, fresh.name}
        found = stated(Store.read_only(str(current.path / "store")))
        assert len(list(found)) in {1, quads}
        if not fresh.path.exists():
            fresh.path.mkdir()
    assert killed > KILLS // 2
    subprocess.run(command, check=True, capture_output=True)  # noqa: S603
    again = kept.current()
    assert again.name == fresh.name
    assert sorted(path.name for path in kept.folder.iterdir()) == sorted([old.name, again.name])
    card = answer(again.store, Labels(again.labels), get("trusts"), {})
    assert len(card.rows) == 6
