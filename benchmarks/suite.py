"""Everything that has a bound in speed or memory, beside other engines, on worlds of any size.

Run `python benchmarks/suite.py [--sizes 100000 1000000 10000000] [--home DIR] [--write docs/performance.md]`.
For each size a world is grown (`worlds.py`) and built once; then every measurement is made several times,
engines in turn, each in a process of its own, and the medians count. With `--home` worlds, releases
and figures are kept: a run that was cut off goes on where it was, and `--only` without a name measures
nothing, so that `--write` renders what is there. A peer that is not installed is left out with a word.
"""

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from measuring import change, load, page, questions, serving, validate, world
from measuring.machine import machine
from measuring.place import Options, Place

MEASUREMENTS: dict[str, Callable[[Place], None]] = {
    "load": load.measure,
    "validate": validate.measure,
    "change": change.measure,
    "questions": questions.measure,
    "endpoint": serving.endpoint,
    "exports": serving.exports,
}
"""What is measured once the world is built, which is measured always."""
SIZES = (100_000, 1_000_000, 10_000_000)


def main(arguments: list[str] | None = None) -> int:
    """Measure, and write the page; 1 where one of our own tasks failed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="statements")
    parser.add_argument("--turns", type=int, default=Options.turns)
    parser.add_argument("--engines", nargs="+", default=(), help="such as careatlas Oxigraph")
    parser.add_argument("--only", nargs="*", choices=MEASUREMENTS, default=tuple(MEASUREMENTS))
    parser.add_argument("--questions", nargs="+", default=(), help="names; all of the catalogue")
    parser.add_argument("--limit", type=float, default=Options.limit, help="seconds of a peer")
    parser.add_argument(
        "--question-limit", type=float, default=Options.question_limit, help="seconds"
    )
    parser.add_argument("--peers", type=Path, help="folder with the commands of the peers")
    parser.add_argument("--home", type=Path, help="keep worlds, releases and figures here")
    parser.add_argument("--write", type=Path, help="the page")
    parser.add_argument("--date", default="", help="the day of the run, if it is to be told")
    given = parser.parse_args(arguments)
    # A run that is told to end takes its tasks and their servers with it.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    options = Options(
        given.turns,
        tuple(given.engines),
        tuple(given.questions),
        given.limit,
        given.question_limit,
        given.peers and given.peers.resolve(),
    )
    with tempfile.TemporaryDirectory() as folder:
        home = (given.home or Path(folder)).resolve()
        if given.only:
            for size in given.sizes:
                place = Place(home, size, options)
                day = given.date or place.read("machine").get("date", "")
                place.write("machine", machine(options) | {"date": day})
                world.measure(place)
                for name in given.only:
                    MEASUREMENTS[name](place)
        text, failed = page.rendered(home)
        if given.write:
            given.write.write_text(text, encoding="utf-8")
        else:
            sys.stdout.write(text)
    for problem in failed:
        sys.stderr.write(f"{problem}\n")
    return int(bool(failed))


if __name__ == "__main__":
    sys.exit(main())
