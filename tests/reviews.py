"""What the tests of reviews share: a small world with names to find, a document, and a terminal."""

import csv
import os
import pty
import re
import select
import shutil
import subprocess
import sys
import termios
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic

from careatlas.build import build
from careatlas.graph.labels import Labels
from careatlas.graph.release import Release, Releases
from careatlas.loaders.extraction import Candidates, Gazetteer, extract
from careatlas.loaders.extraction.catalogue import gazetteer
from careatlas.loaders.reading import read

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
TEXT = """\
# Answers of the Dale trusts

## Trusts that use clinical AI

- **Alder Vale NHS Foundation Trust**: Uses Lumo Scan for stroke CT, procured by North Imaging Network. \
1,250 scans between May and October 2025.
- **Brook Hospitals NHS Trust**: Is piloting Zephyrline ChestGuard.
- **Fell Teaching Hospitals NHS Trust**: Uses Pixon Reader.

## Trusts that do not use clinical AI

- Cove Community NHS Trust
"""
PUBLISHED = "2026-03-03"
_MORE = {
    "catalogue/vendors.csv": [
        "lumo,Lumo,,,,,GB,,,active,high,undated,row 60,,",
        "pixon,Pixon,,,,,GB,,,active,high,undated,row 61,,",
    ],
    "catalogue/products.csv": [
        "lumo/lumo-scan,lumo,Lumo Scan,,ai-system,reads CT,stroke-imaging,CT,,neurology,,,,,,,high,undated,row 62,,",
        "pixon/reader,pixon,Pixon Reader,,ai-system,finds fractures,fracture-detection,DX,,,,,,,,,high,undated,row 63,,",
    ],
    "crosswalk.csv": [
        "vendor,Lumo,org/slug/lumo,exact,the same name,,,foi,row 64",
        "vendor,Pixon,org/slug/pixon,exact,the same name,,,foi,row 65",
        "product,Lumo Scan,product/lumo/lumo-scan,exact,the same name,,,foi,row 66",
        "product,Pixon Reader,product/pixon/reader,exact,the same name,,,foi,row 67",
    ],
}
ASKED = ["--asked", "Request of the Dale committee", "--sent-on", "2026-02-01", "--scope", "AI"]
NEW = ["--kind", "report", "--title", "Answers of the Dale trusts", "--published", PUBLISHED]


def world(folder: Path) -> Path:
    """The small world, with two vendors and their products more."""
    tables = Path(shutil.copytree(SMALL_WORLD, folder / "tables"))
    for name, lines in _MORE.items():
        path = tables / name
        path.write_text(path.read_text("utf-8") + "".join(f"{line}\n" for line in lines), "utf-8")
    return tables


def built(folder: Path) -> Release:
    """A release of that world."""
    return build(world(folder), Releases(folder / "home")).release


def names(release: Release) -> Gazetteer:
    """The names that a release knows."""
    return gazetteer(release.store, Labels(release.labels))


def document(folder: Path, text: str = TEXT) -> Path:
    """The document, as a file."""
    path = folder / "dale.md"
    path.write_text(text, encoding="utf-8")
    return path


def found(path: Path, known: Gazetteer) -> Candidates:
    """What the document seems to say."""
    return extract(read(path), known, "dale", PUBLISHED)


def table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


class Person:
    """Somebody at a terminal of 80 by 24 characters, who waits for words and types lines."""

    def __init__(self, master: int) -> None:
        self.master = master
        self.seen = ""
        """All that was shown, as the terminal got it."""
        self._at = 0

    def sees(self, words: str, seconds: float = 60) -> str:
        """Wait until the words are shown; what was shown up to them since the last wait."""
        if not self.waits(words, seconds):
            raise AssertionError(f"{words!r} was not shown in: {self.seen[self._at :]!r}")
        match = re.search(words, self.seen[self._at :])
        assert match
        shown = self.seen[self._at : self._at + match.end()]
        self._at += match.end()
        return shown

    def waits(self, words: str, seconds: float) -> bool:
        """Whether the words are shown in time."""
        deadline = monotonic() + seconds
        while not re.search(words, self.seen[self._at :]):
            if not self._reads(deadline - monotonic()):
                return False
        return True

    def _reads(self, seconds: float) -> bool:
        ready, _, _ = select.select([self.master], [], [], max(seconds, 0))
        if not ready:
            return False
        try:
            got = os.read(self.master, 65_536)
        except OSError:  # the other end is closed
            return False
        self.seen += got.decode(errors="replace").replace("\r\n", "\n")
        return bool(got)

    def types(self, line: str) -> None:
        """Type a line and Enter."""
        self.presses(f"{line}\n")

    def presses(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())


@contextmanager
def terminal(
    *arguments: str, **environment: str
) -> Iterator[tuple[Person, subprocess.Popen[bytes]]]:
    """The command on a pseudo-terminal; it is ended if the test leaves it running."""
    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (24, 80))
    known = {name: cell for name, cell in os.environ.items() if name not in {"NO_COLOR", "COLUMNS"}}
    process = subprocess.Popen(  # noqa: S603 - our own command
        [sys.executable, "-m", "careatlas", *arguments],
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
        env={**known, "TERM": "xterm", "PYTHONUTF8": "1", **environment},
    )
    os.close(slave)
    try:
        yield Person(master), process
    finally:
        process.kill()
        process.wait()
        os.close(master)
