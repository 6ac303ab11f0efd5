"""What is installed and built with is pinned by version and hash, and its licences are known."""

import importlib.metadata
import importlib.util
import json
import os
import re
import subprocess
import sys
import tomllib
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
ALLOWED = {
    *("0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "ISC"),
    *("LGPL-3.0-or-later", "MIT", "MIT-0", "MIT-CMU", "MPL-2.0", "PSF-2.0", "Unlicense"),
    *("W3C-20150513", "Zlib"),
    *("MIT License", "BSD License", "Apache Software License", "Apache 2.0", "ISC License (ISCL)"),
    *("Mozilla Public License 2.0 (MPL 2.0)", "Python Software Foundation License"),
}
"""Licences under which Careatlas may be used and built; the last lines are names of before SPDX."""
KNOWN = {
    "MPL-1.1 OR GPL-2.0-only OR LGPL-2.1-or-later",
    "BSD-3-Clause, Apache-2.0, dependency licenses",
}
"""What packages say in words of their own, read by a person."""


def script() -> ModuleType:
    found = importlib.util.spec_from_file_location(
        "build_licences", ROOT / "docs" / "build_licences.py"
    )
    assert found is not None
    assert found.loader is not None
    made = importlib.util.module_from_spec(found)
    found.loader.exec_module(made)
    return made


def pinned() -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for name, version in script().pinned():
        found[canonicalize_name(name)].append(version)
    return found


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"].values()
    lines = [*project["dependencies"], *(line for extra in extras for line in extra)]
    return [one for one in map(Requirement, lines) if one.name != "careatlas"]


def test_every_declared_package_is_pinned_in_a_version_that_will_do() -> None:
    versions = pinned()
    wrong = [
        str(one)
        for one in declared()
        if not all(map(one.specifier.contains, versions[canonicalize_name(one.name)] or ["0"]))
    ]
    assert wrong == []


def test_every_pinned_package_has_hashes_and_no_address() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK)
    assert len(blocks) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE)) > 100
    assert [
        block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}\b", block)
    ] == []
    assert "://" not in LOCK


def test_every_package_of_npm_has_a_hash_and_no_address() -> None:
    text = (ROOT / "web" / "package-lock.json").read_text(encoding="utf-8")
    told = json.loads(text)["packages"]
    assert [name for name, one in told.items() if name and not one.get("integrity")] == []
    assert "resolved" not in text


def as_pinned() -> bool:
    """Whether this environment holds what the lock file names, but for what other systems need."""
    elsewhere = script().ELSEWHERE
    held = {
        canonicalize_name(one.metadata["Name"]): one.version
        for one in importlib.metadata.distributions()
    }
    return all(
        held.get(name) in versions or (name in elsewhere and name not in held)
        for name, versions in pinned().items()
    )


@pytest.fixture
def _pinned() -> None:
    if not os.environ.get("CI") and not as_pinned():
        pytest.skip("this environment was not installed from requirements.lock")


@pytest.mark.usefixtures("_pinned")
def test_every_licence_is_one_that_will_do() -> None:
    made = script()
    for one in (*made.of_python(), *made.of_npm()):
        parts = re.split(r" AND | OR |; |[()]", one.licence)
        fine = one.licence in KNOWN | ALLOWED or all(part in ALLOWED | {""} for part in parts)
        assert fine, one


@pytest.mark.usefixtures("_pinned")
def test_the_page_of_licences_is_the_one_that_is_made() -> None:
    made = script()
    stated = made.TARGET.read_text(encoding="utf-8")
    assert made.page() == stated, "run `python docs/build_licences.py`"


def test_the_list_of_all_that_is_installed_is_cyclonedx_and_tells_no_time() -> None:
    if importlib.util.find_spec("cyclonedx_py") is None:
        if os.environ.get("CI"):
            pytest.fail("requirements.lock brings cyclonedx-bom")
        pytest.skip("cyclonedx-bom is not installed: pip install -e '.[supply]'")
    from cyclonedx.schema import SchemaVersion
    from cyclonedx.validation.json import JsonStrictValidator

    command = [sys.executable, str(ROOT / "docs" / "build_sbom.py")]
    text = subprocess.run(command, capture_output=True, check=True, text=True).stdout  # noqa: S603
    told = json.loads(text)
    version = SchemaVersion.from_version(told["specVersion"])
    # Some of it, since all takes a quarter of a minute.
    some = json.dumps(told | {"components": told["components"][::7]})
    assert JsonStrictValidator(version).validate_str(some) is None
    assert "serialNumber" not in told
    assert "timestamp" not in told["metadata"]
    assert str(ROOT) not in text
    listed = {canonicalize_name(one["name"]) for one in told["components"]}
    assert {"pyoxigraph", "rdflib", "fastapi"} <= listed
    of_npm = {one["name"]: one for one in told["components"] if "npm" in one.get("purl", "")}
    assert {"sigma", "@codemirror/view"} <= set(of_npm)
    assert "vitest" not in of_npm
    assert all(len(one["hashes"][0]["content"]) == 128 for one in of_npm.values())


FLAW = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": [], "description": ""}
FINE = {"name": "fine", "version": "1", "vulns": []}
UNKNOWN = {"name": "own", "skip_reason": "not found"}


@pytest.mark.parametrize(
    ("told", "complaint", "status", "said"),
    [
        ([FINE, UNKNOWN], "", 0, "1 of 2 packages were audited\n"),
        ([UNKNOWN], "", 0, "nothing was audited: of 1 packages no advisory could be had\n"),
        (None, "ERROR: Connection refused", 0, "nothing was audited, since no advisory could be"),
        (None, "ERROR: Could not connect: Read timed out.", 0, "nothing was audited, since no"),
        (None, "ERROR: no such option", 1, ""),
        (None, "", 1, ""),
        ([{**FINE, "vulns": [FLAW]}], "", 1, "fine 1: PYSEC-1, mended in 2\n1 of 1 packages"),
    ],
)
def test_an_audit_says_what_it_could_not_ask(
    told: list[object] | None, complaint: str, status: int, said: str, tmp_path: Path
) -> None:
    answer = "" if told is None else json.dumps({"dependencies": told, "fixes": []})
    stub = (
        f"import sys\nsys.stdout.write({answer!r})\nsys.stderr.write({complaint!r})\nsys.exit(1)\n"
    )
    (tmp_path / "pip_audit").mkdir()
    (tmp_path / "pip_audit" / "__init__.py").touch()
    (tmp_path / "pip_audit" / "__main__.py").write_text(stub, encoding="utf-8")
    done = subprocess.run(  # noqa: S603
        [sys.executable, str(ROOT / ".ci" / "audit.py")],
        env=os.environ | {"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout.startswith(said)) == (status, True), done
    assert said or not done.stdout
