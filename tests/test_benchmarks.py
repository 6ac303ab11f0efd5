"""The suite of benchmarks measures what it is asked for, goes on where it was cut off, and tells of it."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from careatlas.graph.release import Release

ROOT = Path(__file__).parent.parent
SIZE = "20000"
QUESTIONS = ("disclosures", "trust-facts")
ENGINES = ("careatlas", "Oxigraph")


def suite(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, str(ROOT / "benchmarks" / "suite.py"), "--home", str(home)]
    line += ["--sizes", SIZE, "--turns", "1", "--questions", *QUESTIONS, "--engines", *ENGINES]
    # This interpreter, on a script of ours.
    return subprocess.run([*line, *arguments], capture_output=True, text=True, check=False)  # noqa: S603


@pytest.fixture(scope="module")
def measured(home: Path, release: Release, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the suite whose world an earlier run built: that of the shipped data."""
    folder = tmp_path_factory.mktemp("suite")
    (folder / SIZE).mkdir()
    (folder / SIZE / "home").symlink_to(home)
    results = folder / "results" / SIZE
    results.mkdir(parents=True)
    built = {"seconds": 7.0, "megabytes": 250.0, "processor": 7.0, "stages": {"deriving": 1.0}}
    built["statements"] = release.manifest["quads"]
    (results / "build.json").write_text(json.dumps({"careatlas": {"turns": [built]}}))
    done = suite(folder, "--only", "load", "questions", "--write", str(folder / "page.md"))
    assert not done.returncode, done.stdout + done.stderr
    return folder


def results(home: Path, measurement: str) -> dict[str, Any]:
    text = (home / "results" / SIZE / f"{measurement}.json").read_text(encoding="utf-8")
    return dict(json.loads(text))


def rows(page: str, section: str) -> list[list[str]]:
    """The cells of the lines of a section's tables, without their heads."""
    text = page.split(f"# {section}\n")[1].split("\n#", maxsplit=1)[0]
    lines = [line for line in text.splitlines() if line.startswith("| ")]
    return [[cell.strip(" *") for cell in line.strip("| ").split(" | ")] for line in lines[2:]]


def test_what_is_loaded_is_the_same_in_both(measured: Path, release: Release) -> None:
    found = results(measured, "load")
    assert set(found) == set(ENGINES)
    (ours,), (raw,) = (found[engine]["turns"] for engine in ENGINES)
    assert ours["statements"] == raw["statements"] == len(release.store)
    assert min(ours["seconds"], ours["megabytes"], raw["seconds"], raw["megabytes"]) > 0


def test_each_question_is_asked_of_all_and_of_one_thing(measured: Path) -> None:
    found = results(measured, "questions")
    names = {"disclosures", "disclosures trust", "trust-facts", "trust-facts trust"}
    assert {name for name in found if "organisation" not in name} == names
    for name, engines in found.items():
        assert set(engines) == set(ENGINES)
        assert engines["careatlas"]["rows"] == engines["Oxigraph"]["rows"], name
        assert all(seconds > 0 for one in engines.values() for seconds in one["turns"][0])
    assert found["disclosures trust"]["careatlas"]["rows"] == 1


def test_the_page_tells_of_what_was_asked(measured: Path) -> None:
    page = (measured / "page.md").read_text(encoding="utf-8")
    assert {row[1] for row in rows(page, "Load")} == set(ENGINES)
    told = {row[0]: row for row in rows(page, "Questions at 20,000")}
    assert set(told) == set(results(measured, "questions"))
    assert all(row[-2] == "Oxigraph" and float(row[-1]) > 0 for row in told.values())
    assert "pyoxigraph " in page
    assert "## Validation" not in page


def test_a_second_run_measures_nothing_anew(measured: Path) -> None:
    before = results(measured, "load")
    done = suite(measured, "--only", "load")
    assert not done.returncode, done.stderr
    assert results(measured, "load") == before
    assert "## Load" in done.stdout


def test_a_peer_that_is_not_installed_is_left_out_with_a_word(
    measured: Path, tmp_path: Path
) -> None:
    done = suite(
        measured, "--only", "load", "--engines", "Oxigraph server", "--peers", str(tmp_path)
    )
    assert not done.returncode, done.stderr
    assert "| 20,000 | Oxigraph server | is not installed |" in done.stdout


def test_our_own_failure_is_an_error(measured: Path) -> None:
    path = measured / "results" / SIZE / "exports.json"
    path.write_text(json.dumps({"careatlas": {"turns": [], "not_run": "failed: MemoryError"}}))
    try:
        done = suite(measured, "--only")
    finally:
        path.unlink()
    assert done.returncode == 1
    assert "20000 exports: failed: MemoryError" in done.stderr


def test_what_was_not_measured_follows_from_the_two_largest(tmp_path: Path) -> None:
    for size, seconds, megabytes in ((100_000, 10.0, 500.0), (1_000_000, 120.0, 1400.0)):
        told = {"seconds": seconds, "megabytes": megabytes, "processor": 1.0, "stages": {}}
        told |= {"statements": size, "disk": size / 10_000}
        folder = tmp_path / "results" / str(size)
        folder.mkdir(parents=True)
        (folder / "build.json").write_text(json.dumps({"careatlas": {"turns": [told]}}))
        machine = {"versions": {}, "cores": 2, "processor": "", "gigabytes": 1, "kernel": ""}
        machine |= {"python": "", "turns": 1, "limit": 1, "question_limit": 1}
        (folder / "machine.json").write_text(json.dumps(machine))
    page = suite(tmp_path, "--only").stdout
    # 120 s x 100 x 8/6, in hours; a gigabyte more for a million statements more; 0.1 kB on disk for each.
    assert rows(page, "Beyond what was measured")[:2] == [
        ["1,000,000", "0.03", "1.4", "0.1"],
        ["100,000,000", "4.44", "100.4", "10.0"],
    ]
