"""Homes that are not what they should be: each is told apart, and said in one plain line."""

import shutil
from pathlib import Path
from typing import Self

import filelock
import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas.graph.dataset import stated
from careatlas.graph.homes import HomeError, NoReleaseError, PointerError
from careatlas.graph.release import DamagedReleaseError, Release, Releases
from careatlas.settings import from_environment

NODE = NamedNode("https://example.org/x")


def publish(home: Path, name: str) -> Release:
    quads = [Quad(NODE, NODE, Literal(name), NODE)]
    manifest = {"release": name, "as_of": "2025-01-01"}
    return Releases(home).publish(quads, {"trust": [["x", "i:1", "X"]]}, manifest, "a report\n")


def test_a_release_holds_what_was_published(tmp_path: Path) -> None:
    release = publish(tmp_path, "aaaa")
    assert release == Releases(tmp_path).current()
    assert [quad.object for quad in stated(release.store)] == [Literal("aaaa")]
    assert release.labels == {"trust": [["x", "i:1", "X"]]}
    assert release.manifest["as_of"] == "2025-01-01"
    assert (release.path / "report.txt").read_text(encoding="utf-8") == "a report\n"


def test_a_release_is_found_by_the_start_of_its_name(tmp_path: Path) -> None:
    publish(tmp_path, "aaaa")
    other = publish(tmp_path, "aabb")
    kept = Releases(tmp_path)
    assert kept.get("aab") == other
    assert kept.get("current") == other
    for name in ("a", "aac", "", "../releases/aaaa"):
        with pytest.raises(NoReleaseError) as caught:
            kept.get(name)
        assert str(caught.value).isprintable()


@pytest.mark.parametrize("pointer", [b"gone\n", b"\n", b"", b"\xff\xfe", b"..\n", b"../x", b"a\0b"])
def test_a_broken_pointer_is_not_the_same_as_no_release(tmp_path: Path, pointer: bytes) -> None:
    publish(tmp_path, "aaaa")
    (tmp_path / "current").write_bytes(pointer)
    with pytest.raises(PointerError, match="current names no release that is here: run"):
        Releases(tmp_path).current()
    assert [release.name for release in Releases(tmp_path).all()] == ["aaaa"]
    assert publish(tmp_path, "aaaa") == Releases(tmp_path).current()


@pytest.mark.parametrize("file", ["manifest.json", "labels.json"])
@pytest.mark.parametrize("content", [b"{", b"\xff", b"[1]", b"", None])
def test_a_damaged_release_says_which_file_and_what_to_do(
    tmp_path: Path, file: str, content: bytes | None
) -> None:
    path = publish(tmp_path, "aaaa").path
    (path / file).unlink()
    if content is not None:
        (path / file).write_bytes(content)
    damaged = Release(path)
    with pytest.raises(
        DamagedReleaseError, match="run `careatlas build` to make it anew"
    ) as caught:
        _ = damaged.manifest if file == "manifest.json" else damaged.labels
    assert caught.value.path == path
    assert file in caught.value.problem


def test_a_damaged_store_says_so(tmp_path: Path) -> None:
    path = publish(tmp_path, "aaaa").path
    shutil.rmtree(path / "store")
    with pytest.raises(DamagedReleaseError, match="aaaa is damaged"):
        _ = Release(path).store


def test_a_home_that_is_a_file_is_no_home(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("x", encoding="utf-8")
    with pytest.raises(HomeError, match="is no folder; choose another folder with --home"):
        Releases(home).current()
    with pytest.raises(HomeError):
        Releases(home).prepare()
    with pytest.raises(HomeError, match="Not a directory"):
        Releases(home / "below").prepare()
    assert Releases(home).all() == []


def test_a_home_is_made_before_the_work(tmp_path: Path) -> None:
    kept = Releases(tmp_path / "a" / "b")
    kept.prepare()
    kept.prepare()
    assert kept.folder.is_dir()
    assert kept.all() == []


def test_another_build_at_work_is_waited_for_but_not_for_ever(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Held(filelock.FileLock):
        """A lock that another process never gives back."""

        def __enter__(self) -> Self:
            """Time out at once."""
            raise filelock.Timeout(self.lock_file)

    monkeypatch.setattr(filelock, "FileLock", Held)
    with pytest.raises(HomeError, match="another build has been at work for a minute"):
        publish(tmp_path, "aaaa")
    assert Releases(tmp_path).all() == []


def test_a_stray_file_among_the_releases_stays_and_breaks_nothing(tmp_path: Path) -> None:
    kept = Releases(tmp_path)
    kept.prepare()
    (kept.folder / "notes.txt").write_text("mine", encoding="utf-8")
    (kept.folder / "half").mkdir()
    publish(tmp_path, "aaaa")
    assert sorted(path.name for path in kept.folder.iterdir()) == ["aaaa", "notes.txt"]
    assert [release.name for release in kept.all()] == ["aaaa"]


def test_a_store_opened_for_reading_cannot_be_written(tmp_path: Path) -> None:
    store = publish(tmp_path, "aaaa").store
    assert isinstance(store, Store)
    with pytest.raises(RuntimeError, match="read-write"):
        store.add(Quad(NODE, NODE, NODE, NODE))


def test_settings_come_from_a_flag_then_the_environment_then_the_users_data(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREATLAS_HOME", str(tmp_path / "one"))
    assert from_environment().home == tmp_path / "one"
    assert from_environment(str(tmp_path / "two")).home == tmp_path / "two"
    monkeypatch.setenv("CAREATLAS_HOME", "")
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    assert from_environment().home == tmp_path / "share" / "careatlas"
    monkeypatch.delenv("XDG_DATA_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert from_environment().home == tmp_path / ".local" / "share" / "careatlas"
    assert from_environment("~/x").home == tmp_path / "x"
