"""Sources that were loaded beside the tables: what they state, and what became of their rows.

A release names those that it was made of, so that they come and go with it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from careatlas.graph.dates import PartialDate
from careatlas.graph.files import sync
from careatlas.graph.lines import Lines

STATEMENTS = "statements.nq"
ACCOUNT = "account.json"
_COUNTS = ("rows", "records", "left_out", "rejects")
_WRITING = ".writing-"


class UnknownSourceError(LookupError):
    """No source of this id was loaded."""

    def __init__(self, source: str, known: Iterable[str]) -> None:
        super().__init__(source, tuple(sorted(known)))
        self.source = source
        self.known = tuple(sorted(known))

    def __str__(self) -> str:
        there = f"there are {', '.join(self.known)}" if self.known else "there is none"
        return f"no source {self.source!r} was loaded: {there}"


@dataclass(frozen=True)
class Loaded:
    """A source as it was loaded, in a folder named by what it states."""

    path: Path

    @property
    def source(self) -> str:
        """Its id."""
        return self.path.parent.name

    @cached_property
    def account(self) -> dict[str, Any]:
        """Its kind, files, title, counts of rows, and rejects with place and reason."""
        return dict(json.loads((self.path / ACCOUNT).read_text(encoding="utf-8")))

    @property
    def published(self) -> PartialDate | None:
        """The day on which it came out, where it says so."""
        stated = self.account["source"]["published"]
        return PartialDate.parse(stated) if stated else None

    def quads(self) -> Iterator[Quad]:
        """What it states, with what is said of the source itself."""
        with (self.path / STATEMENTS).open("rb") as file:
            yield from parse(file, format=RdfFormat.N_QUADS)

    @property
    def entry(self) -> dict[str, Any]:
        """What the manifest of a release says of it."""
        return {"folder": self.path.name} | {
            name: self.account[name] for name in ("kind", *_COUNTS)
        }

    @property
    def counts(self) -> str:
        """The counts in a line."""
        told = " ".join(f"{name.replace('_', ' ')} {self.account[name]}" for name in _COUNTS)
        return f"{self.source}: {told}"

    @property
    def report(self) -> list[str]:
        """The account in lines: counts, columns passed over, what was left out by reason, what is proposed, and rejects."""
        told = self.account
        lines = [self.counts]
        lines += [f"passed over {column}" for column in told.get("passed_over", ())]
        lines += [f"left out {count}: {reason}" for reason, count in told["left_out_by"].items()]
        lines += [f"propose {proposal}" for proposal in told.get("proposed", ())]
        return lines + [f"reject {reject}" for reject in told["rejected"]]


@dataclass(frozen=True)
class LoadedSources:
    """The folder of a home that holds what was loaded."""

    folder: Path

    def get(self, entries: Mapping[str, Mapping[str, Any]]) -> dict[str, Loaded]:
        """The sources that a release names in its manifest."""
        return {
            source: Loaded(self.folder / source / entry["folder"])
            for source, entry in sorted(entries.items())
        }

    def keep(
        self, source: str, quads: Iterable[Quad] | Lines, account: Mapping[str, Any]
    ) -> Loaded:
        """Write what a source states, whole or not at all.

        Raises:
            OSError: it cannot be written.
        """
        lines = quads if isinstance(quads, Lines) else Lines.of(quads)
        told = json.dumps(account, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
        digest = hashlib.sha256(told.encode())
        writing = self.folder / source / f"{_WRITING}{digest.hexdigest()[:16]}"
        shutil.rmtree(writing, ignore_errors=True)
        writing.mkdir(parents=True)
        try:
            with (writing / STATEMENTS).open("wb") as file:
                for batch in lines.batches():
                    digest.update(b"".join(batch))
                    file.write(b" .\n".join([*batch, b""]))
            path = self.folder / source / digest.hexdigest()[:16]
            if not path.is_dir():
                (writing / ACCOUNT).write_text(told, encoding="utf-8")
                sync(writing)
                writing.rename(path)
                sync(path.parent)
        finally:
            shutil.rmtree(writing, ignore_errors=True)
        return Loaded(path)

    def clear(self, named: Iterable[Loaded]) -> None:
        """Take away what no release names."""
        keep = {one.path for one in named}
        for path in self.folder.glob("*/*"):
            if path not in keep:
                shutil.rmtree(path)
        for source in self.folder.glob("*"):
            if not any(source.iterdir()):
                source.rmdir()
