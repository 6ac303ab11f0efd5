"""Backups: what comes back is what was there, and nothing comes in that was not proven."""

import hashlib
import shutil
import stat
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest
from changing import SMALL_WORLD, Row, keep

from careatlas import backups
from careatlas.backups import TOP, BackupError, UnsealedError, backup, restore
from careatlas.build import build, change
from careatlas.cli import main
from careatlas.graph import seal
from careatlas.graph.homes import NoReleaseError
from careatlas.graph.release import DamagedReleaseError, Releases


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Releases:
    """A home with a release, and one of the same tables with a source beside them."""
    kept = Releases(tmp_path_factory.mktemp("backed") / "home")
    build(SMALL_WORLD, kept)
    change(kept, "feed-one", keep(kept.sources, "feed-one", [Row("body", 0, 0)], None))
    return kept


@pytest.fixture(scope="module")
def archive(kept: Releases) -> Path:
    """A backup of the current release."""
    path = kept.home.parent / "one.zip"
    backup(kept, [kept.current()], path)
    return path


def test_a_backup_brings_back_the_release_and_its_sources(
    kept: Releases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, home = tmp_path / "b.zip", tmp_path / "again"
    assert main(["backup", str(path), "--home", str(kept.home)]) == 0
    assert main(["restore", str(path), "--home", str(home)]) == 0
    assert f"{kept.current().name} is the current one" in capsys.readouterr().err
    again = Releases(home)
    assert [one.name for one in again.all()] == [kept.current().name]
    assert sorted(map(str, again.current().store)) == sorted(map(str, kept.current().store))
    assert again.current().manifest == kept.current().manifest
    assert list(again.in_force()) == ["feed-one"]
    assert change(again, "feed-one", None).release.name == kept.all()[0].name
    assert [one.name for one in again.folder.iterdir() if one.name.startswith(".")] == []


def test_all_releases_come_back_in_their_order(kept: Releases, tmp_path: Path) -> None:
    path, home = tmp_path / "b.zip", tmp_path / "again"
    assert main(["backup", str(path), "--all", "--home", str(kept.home)]) == 0
    assert main(["restore", str(path), "--home", str(home)]) == 0
    assert [one.name for one in Releases(home).all()] == [one.name for one in kept.all()]
    assert Releases(home).current().name == kept.current().name
    older = kept.all()[0].name
    assert main(["backup", str(path), "--release", older, "--home", str(kept.home)]) == 0
    assert main(["backup", str(path), "--release", older, "--all", "--home", str(kept.home)]) == 2
    assert restore(Releases(home), path).sources == ()
    assert Releases(home).current().name == older


def test_a_backup_is_a_bag_that_others_can_check(archive: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(archive) as bag:
        bag.extractall(tmp_path)
    folder = tmp_path / TOP
    assert (folder / "bagit.txt").read_text().startswith("BagIt-Version: 1.0\n")
    for name in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
        for line in (folder / name).read_text().splitlines():
            digest, _, path = line.partition("  ")
            assert hashlib.sha256((folder / path).read_bytes()).hexdigest() == digest
    sizes = [one.stat().st_size for one in (folder / "data").rglob("*") if one.is_file()]
    assert f"Payload-Oxum: {sum(sizes)}.{len(sizes)}\n" in (folder / "bag-info.txt").read_text()


def test_the_same_release_gives_the_same_bytes(
    kept: Releases, archive: Path, tmp_path: Path
) -> None:
    backup(kept, [kept.current()], tmp_path / "b.zip")
    assert (tmp_path / "b.zip").read_bytes() == archive.read_bytes()


def test_damage_is_not_backed_up_and_the_backup_before_stays(
    kept: Releases, archive: Path, tmp_path: Path
) -> None:
    home, path = tmp_path / "home", tmp_path / "b.zip"
    shutil.copytree(kept.home, home)
    shutil.copy(archive, path)
    broken = Releases(home)
    with (broken.current().path / "report.txt").open("a") as file:
        file.write("more\n")
    with pytest.raises(DamagedReleaseError):
        backup(broken, [broken.current()], path)
    (broken.current().path / seal.SEAL).unlink()
    (broken.current().path / seal.PROVEN).unlink()
    with pytest.raises(UnsealedError, match="run `careatlas build` first"):
        backup(broken, [broken.current()], path)
    assert path.read_bytes() == archive.read_bytes()
    assert restore(broken, path).current == kept.current().name
    assert seal.is_sound(broken.current().path)


def remade(archive: Path, to: Path, change: Callable[[dict[str, bytes]], None]) -> Path:
    """A backup with other parts, whose lists of hashes are right again."""
    with zipfile.ZipFile(archive) as bag:
        parts = {one.removeprefix(f"{TOP}/"): bag.read(one) for one in bag.namelist()}
    change(parts)
    for name, of in (("manifest-sha256.txt", "data/"), ("tagmanifest-sha256.txt", "bag")):
        told = [
            (hashlib.sha256(parts[one]).hexdigest(), one) for one in parts if one.startswith(of)
        ]
        parts[name] = "".join(f"{digest}  {one}\n" for digest, one in told).encode()
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as bag:
        for name, text in parts.items():
            bag.writestr(f"{TOP}/{name}", text)
    return to


def _to(name: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.update({name: b"x"})


def _first(parts: dict[str, bytes], end: str) -> str:
    return next(name for name in parts if name.endswith(end))


def _without(end: str) -> Callable[[dict[str, bytes]], None]:
    return lambda parts: parts.pop(_first(parts, end)) and None


def _flipped(end: str) -> Callable[[dict[str, bytes]], None]:
    def change(parts: dict[str, bytes]) -> None:
        name = _first(parts, end)
        held = bytearray(parts[name])
        held[len(held) // 2] ^= 1
        parts[name] = bytes(held)

    return change


HOSTILE = {
    "a path outside": (_to("data/../../evil"), "nothing that a backup holds"),
    "a path from the root": (_to("data/releases//etc/passwd"), "nothing that a backup holds"),
    "a source outside": (_to("data/sources/../../0123456789abcdef/account.json"), "nothing that"),
    "a hidden file": (_to("data/releases/0123abcd/.x"), "nothing that a backup holds"),
    "a backslash": (_to("data\\..\\evil"), "nothing that a backup holds"),
    "a bomb": (lambda parts: parts.update({"data/releases/0123abcd/a.txt": bytes(2**25)}), "500"),
    "no seal": (_without(seal.SEAL), "files.json is missing"),
    "a file less": (_without("labels.json"), "labels.json is missing"),
    "another pointer": (_to("data/current"), "names no current release"),
    "no pointer": (_without("data/current"), "names no current release"),
    "a source less": (_without("account.json"), "source .* is damaged"),
    "a source changed": (_flipped("statements.nq"), "source .* is damaged"),
    "a table changed": (_flipped(".sst"), "does not hold what was written"),
    "another manifest": (_flipped("manifest.json"), "does not hold what was written"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_hostile_or_changed_is_refused(name: str, archive: Path, tmp_path: Path) -> None:
    change, says = HOSTILE[name]
    path = remade(archive, tmp_path / "b.zip", change)
    home = Releases(tmp_path / "home")
    with pytest.raises(BackupError, match=says) as caught:
        restore(home, path)
    assert str(caught.value).isprintable()
    with pytest.raises(NoReleaseError):
        home.current()
    assert home.all() == []
    assert list(home.folder.iterdir()) == []
    assert not (tmp_path / "evil").exists()


def test_a_release_whose_seal_fits_but_not_its_name_is_refused(
    archive: Path, kept: Releases, tmp_path: Path
) -> None:
    old, new = kept.current().name, "0123456789abcdef"

    def renamed(parts: dict[str, bytes]) -> None:
        for name in [one for one in parts if old in one]:
            parts[name.replace(old, new)] = parts.pop(name)
        parts["data/current"] = f"{new}\n".encode()

    path = remade(archive, tmp_path / "b.zip", renamed)
    with pytest.raises(BackupError, match="not those that it is named by"):
        restore(Releases(tmp_path / "home"), path)


def test_a_link_in_it_is_refused(archive: Path, tmp_path: Path) -> None:
    path = tmp_path / "b.zip"
    shutil.copy(archive, path)
    link = zipfile.ZipInfo(f"{TOP}/data/releases/0123abcd/labels.json")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    with zipfile.ZipFile(path, "a") as bag:
        bag.writestr(link, "/etc/passwd")
    with pytest.raises(BackupError, match="nothing that a backup holds"):
        restore(Releases(tmp_path / "home"), path)


@pytest.mark.parametrize("part", [0.1, 0.5, 0.999])
def test_a_backup_that_is_cut_or_changed_is_refused(
    archive: Path, tmp_path: Path, part: float
) -> None:
    whole = archive.read_bytes()
    at = int(len(whole) * part)
    flipped = bytearray(whole)
    flipped[at] ^= 4
    for number, broken in enumerate(
        (whole[:at], bytes(flipped), whole[:at] + bytes(len(whole) - at))
    ):
        path, home = tmp_path / f"{number}.zip", Releases(tmp_path / f"home{number}")
        path.write_bytes(broken)
        # There are bits that no reader heeds: what came in was proven all the same.
        with suppress(BackupError):
            restore(home, path)
        assert all(seal.is_sound(one.path) for one in home.all())
        assert number or home.all() == []


@pytest.mark.parametrize("content", [b"", b"PK", b"text\n" * 99])
def test_what_is_no_archive_is_said(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "b.zip"
    path.write_bytes(content)
    assert main(["restore", str(path), "--home", str(tmp_path / "home")]) == 1
    said = capsys.readouterr().err
    assert "is damaged or no backup" in said
    assert len(said.splitlines()) == 1
    assert main(["restore", str(tmp_path / "none"), "--home", str(tmp_path / "home")]) == 1
    assert "no such file" in capsys.readouterr().err


def test_more_than_there_is_room_for_is_refused(
    archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(backups.shutil, "disk_usage", lambda _: usage._replace(free=1000))
    with pytest.raises(BackupError, match="1,000 are free"):
        restore(Releases(tmp_path / "home"), archive)


def test_a_backup_that_cannot_be_written_leaves_nothing(
    kept: Releases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backups.os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        backup(kept, [kept.current()], tmp_path / "b.zip")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(
    kept: Releases, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none" / "backup.zip"
    assert main(["backup", str(path), "--home", str(kept.home)]) == 1
    assert capsys.readouterr().err.startswith(f"careatlas: {path.parent}: ")
