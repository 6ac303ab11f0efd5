"""How long a question takes from a cold process, against an interpreter that imports pyoxigraph.

Run `python benchmarks/ask_cold_start.py [--home DIR]`; it fails where the ratio is above its bound.
Both are timed in turn, so that a busy machine slows both alike, and the median of the ratios counts.
"""

import argparse
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

BOUND = 8.0
PAIRS = 15
QUESTION = ("ask", "who-uses-what", "--product", "RapidAI", "--format", "csv")


def seconds(command: list[str], home: Path) -> float:
    """The wall-clock time of a process that must succeed."""
    environment = os.environ | {"CAREATLAS_HOME": str(home)}
    started = perf_counter()
    # A command of this environment with fixed arguments.
    subprocess.run(command, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    return perf_counter() - started


def measure(home: Path) -> float:
    """Print both medians and their ratio; give the ratio."""
    # The script, not `-m careatlas`, which would find the folder of that name in a clone.
    ask = [str(Path(sys.executable).with_name("careatlas")), *QUESTION]
    bare = [sys.executable, "-c", "import pyoxigraph"]
    for command in (ask, bare):
        seconds(command, home)
    pairs = [(seconds(ask, home), seconds(bare, home)) for _ in range(PAIRS)]
    ratio = median(one / other for one, other in pairs)
    sys.stdout.write(
        f"ask {median(one for one, _ in pairs) * 1000:.0f} ms, "
        f"import pyoxigraph {median(other for _, other in pairs) * 1000:.0f} ms, "
        f"ratio {ratio:.1f} (bound {BOUND:.0f}, median of {PAIRS} pairs)\n"
    )
    return ratio


def main() -> int:
    """Measure on a release that is there, or on one built for the purpose; 1 above the bound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--home", type=Path, help="folder of a release (else one is built)")
    home: Path | None = parser.parse_args().home
    if home:
        return int(measure(home) > BOUND)
    with tempfile.TemporaryDirectory() as folder:
        return int(measure(Path(folder)) > BOUND)


if __name__ == "__main__":
    sys.exit(main())
