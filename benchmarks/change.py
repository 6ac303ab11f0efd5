"""How long a small change of a large graph takes, against a full build of the same graph.

Run `python benchmarks/change.py [--size 1000000] [--home DIR]`; it fails where a source of a thousand
statements takes more than a fiftieth of the build, or where a change gives another release than a build.
`--home` keeps the large release for the next run. Seconds are those of the processor.
"""

import argparse
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from time import process_time
from unittest.mock import patch

from worlds import PER_NOTICE, PER_ORGANISATION, PER_REPORT, World, grow, keep

from careatlas import data
from careatlas.build import build, change
from careatlas.graph.loaded import Loaded
from careatlas.graph.release import Releases

BOUND = 50
QUADS = 1000
_SECONDS = "full-build-seconds"


def large(home: Path, size: int) -> tuple[Releases, float]:
    """A home with a release of about this size, and the seconds that its build takes."""
    kept = Releases(home)
    noted = home / _SECONDS
    if noted.is_file():
        return kept, float(noted.read_text(encoding="utf-8"))
    kept.prepare()
    seconds = whole(kept, {one.source: one for one in grow(kept.sources, size)})
    noted.write_text(str(seconds), encoding="utf-8")
    return kept, seconds


def whole(kept: Releases, sources: dict[str, Loaded]) -> float:
    """The seconds of a build from nothing of the tables and some sources beside them."""
    with beside(sources):
        started = process_time()
        build(data.folder(), kept)
        return process_time() - started


@contextmanager
def beside(sources: dict[str, Loaded]) -> Iterator[None]:
    """Whatever is built in the block is built of these sources beside the tables."""
    with patch.object(Releases, "in_force", lambda _: sources):
        yield


def changes(kept: Releases, world: World) -> Iterator[tuple[str, str, float]]:
    """A source of each kind comes, is replaced and goes: the name of each change, its kind and its seconds."""
    made: dict[str, Callable[[int], Loaded]] = {
        "register": lambda turn: keep(
            kept.sources,
            "small",
            world.organisations("small", 5_000_000 + turn, QUADS // PER_ORGANISATION),
        ),
        "notices": lambda turn: keep(
            kept.sources, "small", world.notices("small", 900_000 + turn, QUADS // PER_NOTICE), ""
        ),
        "claims": lambda _: keep(
            kept.sources, "small", world.reports("small", QUADS // PER_REPORT)
        ),
    }
    for kind, source in made.items():
        for turn, name in enumerate(("comes", "is replaced", "goes")):
            fresh = source(turn * 20) if turn < 2 else None  # noqa: PLR2004 - the third goes
            started = process_time()
            change(kept, "small", fresh)
            yield name, kind, process_time() - started


def main() -> int:
    """Print the seconds of each change and their ratio to those of the build; 1 beyond the bound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--home", type=Path)
    options = parser.parse_args()
    worst = 0.0
    with tempfile.TemporaryDirectory() as folder:
        kept, full = large(options.home or Path(folder), options.size)
        base = kept.current()
        sys.stdout.write(f"a build of {base.manifest['quads']} quads: {full:.1f} s\n")
        for name, kind, seconds in changes(kept, World(seed=77)):
            sys.stdout.write(
                f"a source of {kind} {name:<12} {seconds:6.2f} s  1/{full / seconds:.0f}\n"
            )
            worst = max(worst, seconds)
        if kept.current().name != base.name:
            sys.stdout.write("what is left when all is gone again is another release\n")
            return 1
    return int(worst * BOUND > full)


if __name__ == "__main__":
    sys.exit(main())
