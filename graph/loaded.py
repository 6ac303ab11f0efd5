"""Sources that were loaded beside the tables: what they state, and what became of their rows.

A release names those that it was made of, so that they come and go with it.
"""

import hashlib
import json
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from itertools import islice
from pathlib import Path
from typing import Any

from pyoxigraph import Quad, RdfFormat, parse

from careatlas.graph.dates import PartialDate
from careatlas.graph.files import put, sync
from careatlas.graph.lines import END, Lines

STATEMENTS = "statements.nq"
ACCOUNT = "account.json"
_COUNTS = ("rows", "records", "left_out", "rejects")
_WRITING = ".writing-"
_BATCH = 5_000
_READ = 2**20


class UnknownSourceError(LookupError):
    """No source of this id was loaded."""

    def __init__(self, source: str, known: Iterable[str]) -> None:
        super().__init__(source, tuple(sorted(known)))
        self.source = source
        self.known = tuple(sorted(known))

    def __str__(self) -> str:
        there = f"there are {', '.join(self.known)}" if self.known else "there is none"
        return f"no source {self.source!r} was loaded: {there}"


class DamagedSourceError(ValueError):
    """A source that no longer holds what was loaded."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self.path = path

    def __str__(self) -> str:
        return (
            f"{self.path} is damaged, and nothing is made of it: `careatlas load` the same file again, "
            "or `careatlas restore` a backup"
        )


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
        try:
            return dict(json.loads((self.path / ACCOUNT).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise DamagedSourceError(self.path) from error

    def prove(self) -> "Loaded":
        """Itself, where it holds what was loaded: its folder has the name of that.

        Raises:
            DamagedSourceError: it does not.
        """
        try:
            digest = hashlib.sha256((self.path / ACCOUNT).read_bytes())
            with (self.path / STATEMENTS).open("rb") as file:
                while lines := file.readlines(_READ):
                    if not lines[-1].endswith(END):
                        raise DamagedSourceError(self.path)
                    digest.update(b"".join(lines).replace(END, b""))
        except OSError as error:
            raise DamagedSourceError(self.path) from error
        if digest.hexdigest()[:16] != self.path.name:
            raise DamagedSourceError(self.path)
        return self

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
class Swap:
    """A source in one state, or none, in the place of another."""

    before: Loaded | None
    now: Loaded | None

    def size(self, most: int) -> int:
        """How many statements go and come; it is not counted further than `most`."""
        return sum(1 for _ in islice(self._lines(), most))

    def gone(self) -> Iterator[Quad]:
        """What it no longer states."""
        return self._quads(comes=False)

    def come(self) -> Iterator[Quad]:
        """What it states anew."""
        return self._quads(comes=True)

    def applied(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """The lines of a release without what went, and with what came."""
        gone = {line for line, comes in self._lines() if not comes}
        yield from (line for line in lines if line not in gone)
        yield from (line for line, comes in self._lines() if comes)

    def _quads(self, *, comes: bool) -> Iterator[Quad]:
        lines = (line for line, fresh in self._lines() if fresh == comes)
        while batch := list(islice(lines, _BATCH)):
            yield from parse(b"".join(batch), format=RdfFormat.N_QUADS)

    def _lines(self) -> Iterator[tuple[bytes, bool]]:
        """The lines of one of the two files alone, which are sorted, and whether they come."""
        with ExitStack() as files:
            old, new = (
                files.enter_context((one.path / STATEMENTS).open("rb")) if one else BytesIO()
                for one in (self.before, self.now)
            )
            went, came = old.readline(), new.readline()
            while went or came:
                if went == came:
                    went, came = old.readline(), new.readline()
                elif not came or (went and went.removesuffix(END) < came.removesuffix(END)):
                    yield went, False
                    went = old.readline()
                else:
                    yield came, True
                    came = new.readline()


def _is_sound(one: Loaded) -> bool:
    try:
        return one.prove().path.is_dir()
    except DamagedSourceError:
        return False


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
                    file.write(END.join([*batch, b""]))
            path = self.folder / source / digest.hexdigest()[:16]
            if not _is_sound(Loaded(path)):
                (writing / ACCOUNT).write_text(told, encoding="utf-8")
                for each in (writing / ACCOUNT, writing / STATEMENTS, writing):
                    sync(each)
                put(writing, path)
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
