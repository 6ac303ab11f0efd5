"""A network of a million edges written as GEXF: seconds and memory beside `networkx.write_gexf`.

Run `python benchmarks/exports.py [--edges 1000000] [--peer-edges 200000]`; it fails below 4 times
the peer's edges in a second, or above a tenth of the peer's memory for each edge. Both write the
same synthetic edges with the same attributes, each in a process of its own, in turn.
"""

import argparse
import csv
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from time import perf_counter

FASTER, LIGHTER = 4.0, 0.1
ROUNDS = 3
COLUMNS = (
    *("source", "target", "kind", "status", "route_type", "involvement", "start", "end"),
    *("reported", "origin", "claim"),
)
STATUS = ("live", "trialling", "procured", "exploring")


def claims(count: int) -> Iterator[tuple[str, ...]]:
    """Synthetic claims, one for each edge, between a tenth as many things."""
    things = max(10, count // 20)
    for number in range(count):
        yield (
            f"org/ods/T{number % things:06}",
            f"product/maker/p{number // things + 17 * (number % 31):06}",
            "deploys",
            STATUS[number % 4],
            "network" if number % 3 == 0 else "",
            "procured" if number % 6 == 0 else "",
            f"20{10 + number % 15}-{1 + number % 12:02}-01",
            "",
            "2025-05-07",
            f"docv/source/{number % 40}",
            f"claim/source/{number}",
        )


def ours(count: int, folder: Path) -> float:
    """Seconds that our export takes, from the rows that the store gives."""
    from careatlas.graph.gexf import write_gexf
    from careatlas.graph.views import of_tables

    with (folder / "relation-made.csv").open("w", newline="") as file:
        csv.writer(file).writerows(_table(count))
    head = "id,label,rank,kind,ods,region,icb,network_kind,answer,opened,closed\n"
    (folder / "nodes.csv").write_text(head, encoding="utf-8")
    started = perf_counter()
    with of_tables(folder, "trust-vendor") as network, (folder / "out.gexf").open("wb") as file:
        write_gexf(network, "synthetic", file)
    return perf_counter() - started


def _table(count: int) -> Iterator[tuple[str, ...]]:
    yield COLUMNS
    yield from claims(count)


def theirs(count: int, folder: Path) -> float:
    """Seconds that networkx takes to make a graph of the same rows, and to write it."""
    import networkx

    graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
    started = perf_counter()
    for source, target, kind, status, route, involvement, start, _, reported, *_rest in claims(
        count
    ):
        graph.add_edge(
            source,
            target,
            id=f"{source} {kind} {target}",
            weight=1.0,
            claims=1,
            status=status,
            route_types=route,
            involvements=involvement,
            first_reported=reported,
            last_reported=reported,
            start_stated=start,
        )
    networkx.write_gexf(graph, folder / "out.gexf", version="1.3")
    return perf_counter() - started


def alone(which: str, count: int) -> dict[str, float]:
    """One export in a process of its own: its seconds, and the memory that it came to need."""
    command = [sys.executable, __file__, "--only", which, "--edges", str(count)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)  # noqa: S603 - this script
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> int:
    """Print the figures of both; 1 where a bound is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--edges", type=int, default=1_000_000)
    parser.add_argument("--peer-edges", type=int, default=200_000)
    parser.add_argument("--only", choices=("ours", "theirs"), help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.only:
        with tempfile.TemporaryDirectory() as folder:
            export = ours if options.only == "ours" else theirs
            seconds = export(options.edges, Path(folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        sys.stdout.write(json.dumps({"seconds": seconds, "megabytes": peak}))
        return 0
    rows = [
        (
            alone("ours", options.edges),
            alone("ours", options.peer_edges),
            alone("theirs", options.peer_edges),
        )
        for _ in range(ROUNDS)
    ]
    large, small, peer = (
        {key: median(row[at][key] for row in rows) for key in rows[0][at]} for at in range(3)
    )
    for name, count, one in (
        ("careatlas", options.edges, large),
        ("careatlas", options.peer_edges, small),
        ("networkx", options.peer_edges, peer),
    ):
        sys.stdout.write(
            f"{name:<10} {count:>9} edges {one['seconds']:7.1f} s {one['megabytes']:7.0f} MB\n"
        )
    faster = (options.edges / large["seconds"]) / (options.peer_edges / peer["seconds"])
    lighter = (large["megabytes"] / options.edges) / (peer["megabytes"] / options.peer_edges)
    sys.stdout.write(f"edges in a second {faster:.1f} times (bound {FASTER:.0f})\n")
    sys.stdout.write(f"memory for each edge {lighter:.1%} (bound {LIGHTER:.0%})\n")
    return int(faster < FASTER or lighter > LIGHTER)


if __name__ == "__main__":
    sys.exit(main())
