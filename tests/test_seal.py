"""The seal of a release: whatever becomes of a file, it is said before anything is answered of it."""

import random
import shutil
import time
from pathlib import Path

import pytest
from changing import SMALL_WORLD, Row, keep

from careatlas.build import build, change
from careatlas.cli import main
from careatlas.graph import seal
from careatlas.graph.homes import NoReleaseError, PointerError
from careatlas.graph.loaded import DamagedSourceError, LoadedSources
from careatlas.graph.release import DamagedReleaseError, Release, Releases


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a release, and one of the same tables with a source beside them."""
    kept = Releases(tmp_path_factory.mktemp("sealed") / "home")
    build(SMALL_WORLD, kept)
    change(kept, "feed-one", keep(kept.sources, "feed-one", [Row("body", 0, 0)], None))
    return kept.home


@pytest.fixture
def kept(world: Path, tmp_path: Path) -> Releases:
    """A copy of that home, of which anything may be broken."""
    shutil.copytree(world, tmp_path / "home")
    return Releases(tmp_path / "home")


def flip(path: Path, seed: int = 1) -> None:
    """Change one bit of a file."""
    chance = random.Random(seed)  # noqa: S311 - the same each time, no secret
    held = bytearray(path.read_bytes())
    held[chance.randrange(len(held))] ^= 1 << chance.randrange(8)
    with path.open("r+b") as file:
        file.write(held)


def test_every_file_that_is_read_is_sealed(kept: Releases) -> None:
    release = kept.current()
    _ = release.store
    for path in seal.files(release.path):
        whole = path.read_bytes()
        if not whole:
            continue
        flip(path)
        with pytest.raises(DamagedReleaseError, match="is damaged"):
            _ = Release(release.path).store
        path.write_bytes(whole)
    assert seal.is_sound(release.path)
    left = {path.name for path in (release.path / "store").iterdir()}
    left -= {path.name for path in seal.files(release.path)}
    assert all(name.startswith(("LOCK", "LOG")) for name in left)


def test_damage_names_the_file_the_release_before_and_what_to_do(kept: Releases) -> None:
    release, before = kept.current(), kept.all()[0]
    flip(next((release.path / "store").glob("*.sst")))
    with pytest.raises(DamagedReleaseError) as caught:
        _ = release.store
    said = str(caught.value)
    assert "store/" in said
    assert "does not hold what was written" in said
    assert said.endswith(
        f"run `careatlas build` to make it anew, or ask the one before with --release {before.name}"
    )
    assert seal.is_sound(before.path)


def test_a_release_that_is_open_is_looked_at_again(kept: Releases) -> None:
    release = kept.current()
    _ = release.store
    flip(next((release.path / "store").glob("*.sst")))
    with pytest.raises(DamagedReleaseError):
        _ = release.store


def test_what_was_proven_is_not_read_again_for_a_day(
    kept: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept.current().path
    assert seal.problem(path) is None
    read: list[object] = []
    monkeypatch.setattr(seal, "_digest", lambda file: read.append(file) or "")
    assert seal.problem(path) is None
    assert read == []
    monkeypatch.setattr(seal, "time", lambda: time.time() + 2 * seal.DAY)
    assert "does not hold what was written" in (seal.problem(path) or "")
    assert read


def test_a_home_that_cannot_be_written_is_proven_all_the_same(
    kept: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept.current().path

    def never(*_: object) -> None:
        raise PermissionError(13, "read-only")

    monkeypatch.setattr(seal, "_write", never)
    (path / seal.PROVEN).unlink()
    assert seal.problem(path) is None
    flip(path / "labels.json")
    assert (seal.problem(path) or "").startswith("labels.json")


def test_proving_a_release_does_not_change_which_is_the_older(kept: Releases) -> None:
    older, newer = kept.all()
    (older.path / seal.PROVEN).write_text("{}", encoding="utf-8")
    assert seal.problem(older.path) is None
    assert (older.path / seal.PROVEN).read_text(encoding="utf-8") != "{}"
    assert kept.all() == [older, newer]


@pytest.mark.parametrize("broken", ["manifest.json", "store/CURRENT", seal.SEAL, "labels.json"])
@pytest.mark.parametrize("gone", [False, True])
def test_a_build_makes_a_damaged_release_anew(kept: Releases, broken: str, gone: bool) -> None:
    release = kept.current()
    if gone:
        (release.path / broken).unlink()
    else:
        flip(release.path / broken)
    with pytest.raises(DamagedReleaseError):
        _ = kept.current().store
    built = build(SMALL_WORLD, kept).release
    assert built.name == release.name == kept.current().name
    assert seal.is_sound(built.path)
    assert list(kept.loaded(built)) == ["feed-one"]


@pytest.mark.parametrize("pointer", [b"0123456789abcdef\n", b"", b"\xff", None])
def test_a_lost_pointer_loses_nothing_that_was_loaded(
    kept: Releases, pointer: bytes | None
) -> None:
    release = kept.current()
    (kept.home / "current").unlink()
    if pointer is not None:
        (kept.home / "current").write_bytes(pointer)
    with pytest.raises(PointerError):
        kept.current()
    assert build(SMALL_WORLD, kept).release == release


def test_nothing_is_forgotten_where_it_is_not_known_what_was_loaded(kept: Releases) -> None:
    release = kept.current()
    for name in (seal.SEAL, "manifest.json"):
        (release.path / name).write_bytes(b"{")
    with pytest.raises(DamagedReleaseError):
        build(SMALL_WORLD, kept)
    assert list(kept.sources.folder.glob("*/*"))


def test_a_damaged_source_is_never_built_of_and_comes_back_with_its_file(kept: Releases) -> None:
    one = kept.in_force()["feed-one"]
    flip(one.path / "statements.nq")
    with pytest.raises(DamagedSourceError, match="`careatlas load` the same file again"):
        build(SMALL_WORLD, kept)
    with pytest.raises(DamagedSourceError):
        change(kept, "feed-one", None)
    again = keep(kept.sources, "feed-one", [Row("body", 0, 0)], None)
    assert again.path == one.path
    assert again.prove() == again
    assert build(SMALL_WORLD, kept).release == kept.current()


@pytest.mark.parametrize("broken", [b"", b"no statement", b"<a> <b> <c> <d> .\n"])
def test_a_source_is_what_its_folder_is_named_by(tmp_path: Path, broken: bytes) -> None:
    one = LoadedSources(tmp_path).keep("x", [], {"source": {}})
    assert one.prove() == one
    (one.path / "statements.nq").write_bytes(broken or b"\n")
    with pytest.raises(DamagedSourceError):
        one.prove()
    (one.path / "account.json").write_bytes(b"{")
    with pytest.raises(DamagedSourceError):
        _ = one.account


def test_a_release_is_told_of_anew_without_a_moment_that_is_damage(
    kept: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, fresh = kept.current().path, tmp_path / "fresh"
    fresh.mkdir()
    names = ("labels.json", "report.txt", "manifest.json")
    for name in names:
        (fresh / name).write_bytes((path / name).read_bytes() + b"\n")
    replace = Path.replace

    def looked_at(self: Path, target: Path) -> Path:
        assert seal.problem(path, whole=True) is None, target
        done = replace(self, target)
        assert seal.problem(path, whole=True) is None, target
        return done

    monkeypatch.setattr(Path, "replace", looked_at)
    monkeypatch.setattr(seal, "_remember", lambda *_: None)
    seal.tell_anew(path, fresh, names, {})
    assert (path / "report.txt").read_bytes().endswith(b"\n\n")
    assert not (path / seal.NEXT).exists()
    assert seal.is_sound(path)


def test_a_release_of_before_there_were_seals_answers_and_gets_one(kept: Releases) -> None:
    release = kept.current()
    for name in (seal.SEAL, seal.PROVEN):
        (release.path / name).unlink()
    assert len(Release(release.path).store) > 0
    assert build(SMALL_WORLD, kept).release == release
    assert seal.is_sound(release.path)


def test_no_lack_of_ours_is_taken_for_damage(
    kept: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = kept.current().path

    def full(*_: object) -> str:
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(seal, "_digest", full)
    with pytest.raises(OSError, match="Too many open files") as caught:
        seal.problem(path, whole=True)
    assert not isinstance(caught.value, DamagedReleaseError)


def test_releases_verify_reads_everything(
    kept: Releases, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--home", str(kept.home), "--format", "csv"]
    assert main(["releases", "--verify", *where]) == 0
    older, newer = kept.all()
    capsys.readouterr()
    flip(older.path / "report.txt")
    flip(kept.in_force()["feed-one"].path / "account.json")
    assert main(["releases", "--verify", *where]) == 1
    told = capsys.readouterr()
    assert f"{older.name},,damaged" in told.out
    assert f"{newer.name},yes,2025" in told.out
    assert len(told.err.splitlines()) == 2
    assert all("is damaged" in line for line in told.err.splitlines())


def test_a_home_without_anything_has_no_sources_in_force(tmp_path: Path) -> None:
    assert Releases(tmp_path).in_force() == {}
    with pytest.raises(NoReleaseError):
        Releases(tmp_path).current()
    assert list(tmp_path.iterdir()) == []
