"""Where a world of one size lies, with its release and what was measured on it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from careatlas.graph.release import Release, Releases

SMALL = 200_000
"""What holds a graph in Python, statement by statement, is measured on worlds of up to this size."""


@dataclass(frozen=True)
class Options:
    """How a run was asked for."""

    turns: int = 3
    engines: tuple[str, ...] = ()
    """The engines that are measured; all where none is named."""
    questions: tuple[str, ...] = ()
    limit: float = 3600.0
    """Seconds after which a peer is stopped."""
    question_limit: float = 20.0
    """Seconds that a question has."""
    peers: Path | None = None

    def wants(self, engine: str) -> bool:
        """Whether an engine is measured."""
        return not self.engines or engine in self.engines


@dataclass(frozen=True)
class Place:
    """The folder of a world of about so many statements."""

    home: Path
    size: int
    options: Options = field(default_factory=Options)

    @property
    def folder(self) -> Path:
        """Its folder."""
        return self.home / str(self.size)

    @property
    def releases(self) -> Releases:
        """Its home, as the command has one."""
        return Releases(self.folder / "home")

    @property
    def release(self) -> Release:
        """Its release."""
        return self.releases.current()

    @property
    def named(self) -> Path:
        """The statements of its named graphs, as N-Quads."""
        return self.folder / "named.nq"

    @property
    def single(self) -> Path:
        """The statements of its default graph, each once, as N-Triples."""
        return self.folder / "default.nt"

    @property
    def results(self) -> Path:
        """The folder of what was measured."""
        return self.home / "results" / str(self.size)

    def read(self, measurement: str) -> dict[str, Any]:
        """What was measured so far."""
        path = self.results / f"{measurement}.json"
        return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}

    def write(self, measurement: str, found: dict[str, Any]) -> None:
        """Keep what was measured, whole or not at all."""
        self.results.mkdir(parents=True, exist_ok=True)
        fresh = self.results / f".{measurement}.json"
        text = json.dumps(found, indent=1, ensure_ascii=False) + "\n"
        fresh.write_text(text, encoding="utf-8")
        fresh.replace(self.results / f"{measurement}.json")

    @contextmanager
    def keeping(self, measurement: str) -> Iterator[dict[str, Any]]:
        """What was measured so far, kept with what the block adds."""
        found = self.read(measurement)
        yield found
        self.write(measurement, found)
