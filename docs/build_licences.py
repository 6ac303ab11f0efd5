"""Writes `docs/licences.md`: what Careatlas is installed and built with, in which version, under which licence.

Python packages are those of `requirements.lock`, with what they say of themselves where they are
installed; those of npm are what `web/package-lock.json` says.
"""

import importlib.metadata
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
TARGET = ROOT / "docs" / "licences.md"
LOCK = ROOT / "requirements.lock"
ELSEWHERE = {
    "appnope": "BSD-2-Clause",
    "colorama": "BSD-3-Clause",
    "httpx2-jsfetch": "BSD-3-Clause",
    "pywin32": "PSF-2.0",
}
"""What packages that only other systems need say of their licence."""
_PINNED = re.compile(r"^([A-Za-z0-9][A-Za-z0-9._-]*)==([^\s;\\]+)", re.MULTILINE)
_CLASSIFIER = "License :: "
_HEAD = """# Licences

`python docs/build_licences.py` writes this page from the lock files. Nothing of these packages stands in the repository:
they come from their registries when Careatlas is installed or built. Development needs more of them than use does.

| package | version | licence |
|---|---|---|
"""


class Package(NamedTuple):
    """A package, and what it says of its licence."""

    name: str
    version: str
    licence: str


def pinned() -> list[tuple[str, str]]:
    """The Python packages in the lock file, each in a version for every system and Python that needs its own."""
    return sorted(set(_PINNED.findall(LOCK.read_text(encoding="utf-8"))))


def of_python() -> Iterator[Package]:
    """The Python packages of the lock file, by name."""
    versions = defaultdict(list)
    for name, version in pinned():
        versions[name].append(version)
    for name, several in versions.items():
        version = ", ".join(several)
        try:
            told = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            yield Package(name, version, ELSEWHERE.get(name, "not said"))
            continue
        classifiers = [
            line.rsplit(" :: ", 1)[-1]
            for line in told.get_all("Classifier", [])
            if line.startswith(_CLASSIFIER)
        ]
        stated = (told.get("License") or "").strip().partition("\n")[0]
        licence = told.get("License-Expression") or "; ".join(classifiers)
        if licence in ("", "OSI Approved"):
            licence = stated or _heading(name)
        yield Package(name, version, licence)


def _heading(name: str) -> str:
    """The first line of the licence that a package brings."""
    for file in importlib.metadata.files(name) or ():
        if file.name.upper().startswith("LICEN"):
            return file.read_text(encoding="utf-8").strip().partition("\n")[0]
    return "not said"


def of_npm() -> Iterator[Package]:
    """The packages of npm that the pages' scripts are built with, by name."""
    told = json.loads((ROOT / "web" / "package-lock.json").read_text(encoding="utf-8"))
    found = {
        Package(path.rpartition("node_modules/")[2], one["version"], one.get("license", "not said"))
        for path, one in told["packages"].items()
        if path
    }
    yield from sorted(found)


def page() -> str:
    """The page."""
    rows = [f"| {one.name} | {one.version} | {one.licence} |" for one in (*of_python(), *of_npm())]
    return _HEAD + "\n".join(rows) + "\n"


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
