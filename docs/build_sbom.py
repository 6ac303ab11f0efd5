"""Prints what Careatlas is installed and built with, as CycloneDX: what this Python has, and what the pages carry.

The same installation gives the same bytes: no time, no serial number, no folder of this machine.
"""

import base64
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

WEB = Path(__file__).parent.parent / "web" / "package-lock.json"
Component = dict[str, Any]


def of_python() -> dict[str, Any]:
    """What is installed for this Python, with who needs whom."""
    command = [
        sys.executable,
        "-m",
        "cyclonedx_py",
        "environment",
        "--output-reproducible",
        "--no-validate",
    ]
    done = subprocess.run([*command, sys.executable], stdout=subprocess.PIPE, check=True)  # noqa: S603
    found: dict[str, Any] = json.loads(done.stdout)
    for one in found["components"]:
        if one["name"] == "careatlas":  # it says in which folder it lies
            one.pop("externalReferences", None)
    return found


def of_npm() -> Iterator[Component]:
    """The packages of npm that the pages' scripts carry or are built with, but for those that only test them."""
    told = json.loads(WEB.read_text(encoding="utf-8"))["packages"]
    for path, one in sorted(told.items()):
        if not path or one.get("dev"):
            continue
        name, version = path.rpartition("node_modules/")[2], one["version"]
        kind, _, value = one["integrity"].partition("-")
        link = f"pkg:npm/{quote(name, safe='/')}@{version}"
        yield {
            "bom-ref": f"npm:{path}@{version}",
            "hashes": [
                {
                    "alg": kind.upper().replace("SHA", "SHA-"),
                    "content": base64.b64decode(value).hex(),
                }
            ],
            "licenses": [{"expression": one["license"]}],
            "name": name,
            "purl": link,
            "scope": "optional" if one.get("optional") else "required",
            "type": "library",
            "version": version,
        }


def bill() -> dict[str, Any]:
    """The whole list."""
    found = of_python()
    found["components"] += of_npm()
    return found


if __name__ == "__main__":
    sys.stdout.write(json.dumps(bill(), indent=2, sort_keys=True, ensure_ascii=False) + "\n")
