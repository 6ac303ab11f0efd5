"""What a release holds: its statements, by which it is named, and the files that tell of them."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pyoxigraph import Quad

FORMAT = 5
"""Raised when what a release folder holds changes; older releases are then rebuilt."""
FILES = ("labels.json", "findings.json", "report.txt", "manifest.json")
"""What lies beside the store of a release; the manifest comes last, since it makes a release whole."""


@dataclass(frozen=True)
class Told:
    """What is said of a release beside its statements."""

    labels: dict[str, list[list[str]]]
    manifest: dict[str, Any]
    report: str
    findings: Iterable[Iterable[str]]

    def write(self, folder: Path) -> None:
        """Write it into the folder of the release.

        Raises:
            OSError: it cannot be written.
        """
        found = {"findings": [list(finding) for finding in self.findings]}
        texts = (
            json.dumps(self.labels, ensure_ascii=False, sort_keys=True),
            json.dumps(found, ensure_ascii=False),
            self.report,
            json.dumps(self.manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n",
        )
        for name, text in zip(FILES, texts, strict=True):
            (folder / name).write_text(text, encoding="utf-8")


def content_sum(quads: Iterable[Quad]) -> int:
    """What names a set of quads: the sum of the SHA-256 of their lines, modulo 2^256.

    A sum needs only what came and what went. It stands against chance, as the 64 bits of a name do;
    a forger could make two sets meet, but so could one who writes the release's folder.
    """
    return line_sum(str(quad).encode() for quad in quads)


def line_sum(lines: Iterable[bytes]) -> int:
    """The same of lines, each as `str` writes a quad."""
    import hashlib

    return sum(int.from_bytes(hashlib.sha256(line).digest()) for line in lines) % (1 << 256)


def content_name(total: int) -> str:
    """The name of what has this sum, in hexadecimal."""
    import hashlib

    return hashlib.sha256(f"{FORMAT}\n{total:064x}\n".encode()).hexdigest()


def content_hash(quads: Iterable[Quad]) -> str:
    """The name of a set of quads, in hexadecimal; it begins with the name of the release that holds them."""
    return content_name(content_sum(set(quads)))
