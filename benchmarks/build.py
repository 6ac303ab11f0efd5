"""How long a build of the shipped tables takes, stage by stage, and what share validation has.

Run `python benchmarks/build.py [--engine pyshacl]`; it fails where the whole is above its bound.
"""

import argparse
import sys
import tempfile
from pathlib import Path
from time import perf_counter

from careatlas import data
from careatlas.build import Built, build
from careatlas.graph.release import Releases
from careatlas.graph.validate import ENGINES, Engine

BOUND = 30.0


def measure(engine: Engine) -> tuple[Built, float]:
    """Build into a folder of its own; the release and the seconds that it took."""
    with tempfile.TemporaryDirectory() as home:
        started = perf_counter()
        built = build(data.folder(), Releases(Path(home)), engine=engine)
        return built, perf_counter() - started


def main() -> int:
    """Print the seconds of each stage; 1 above the bound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--engine", choices=ENGINES, default="pyshifty")
    engine: Engine = parser.parse_args().engine
    built, whole = measure(engine)
    for stage, seconds in built.seconds.items():
        sys.stdout.write(f"{stage:<20} {seconds:6.2f} s  {seconds / whole:4.0%}\n")
    sys.stdout.write(f"{'whole':<20} {whole:6.2f} s  (bound {BOUND:.0f} s, {engine})\n")
    return int(whole > BOUND)


if __name__ == "__main__":
    sys.exit(main())
