"""How the endpoint compares with Oxigraph's server and rdflib-endpoint on the same data.

Run `python benchmarks/endpoint.py [--home DIR] [--peers DIR]`; it fails where a figure is past its
bound. `--peers` is the folder with the commands `oxigraph` and `rdflib-endpoint`, such as `bin` of
an environment in which the packages of these names are installed; without one, they are looked for
beside the interpreter and on the path, and a peer that is not there is left out with a word.

All servers listen on 127.0.0.1 and are asked in turn, several rounds in one run, so that a busy
machine slows all alike; the median of the ratios counts. The mix is six small questions of the
catalogue to one of 300 rows, over 16 connections that stay open; `--mix simple` asks queries that
take an engine no time instead, and has no bound. `ours` answers as it does in service, where the
answers of a release are kept; to `ours, new` and to both peers each query is new.
"""

import argparse
import asyncio
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from endpoint_servers import GOOD, HOST, LONGEST, Server, ask, ours, peers, watched

from careatlas import data
from careatlas.build import build
from careatlas.graph.answer import bind
from careatlas.graph.homes import NoReleaseError
from careatlas.graph.labels import Labels
from careatlas.graph.questions import get
from careatlas.graph.release import Release, Releases

CONNECTIONS = 16
WARMING = 1.0
MOST = 200_000
"""Requests of one turn, whatever its seconds."""
AT_LEAST = {"oxigraph": 1.0, "rdflib-endpoint": 10.0}
"""How many times as many queries as a peer's are answered."""
FIRST_BYTE = 0.5
GROWTH = 64.0
"""Megabytes by which the memory of the service may grow under an answer of a million rows."""
MEGABYTE = 1 << 20

QUESTIONS: tuple[tuple[str, dict[str, str]], ...] = (
    ("governance", {}),
    ("disclosures", {"trust": "RR8"}),
    ("routes-stated", {"trust": "RR8"}),
    ("conflicts", {"subject": "RR8"}),
    ("trust-products", {"trust": "RR8"}),
    ("programme-awards", {"organisation": "RR8"}),
    ("who-uses-what", {}),
)
"""Six questions with answers of up to 20 rows, and one that is cut at 300."""
SIMPLE = (
    "SELECT ?name WHERE { <https://w3id.org/careatlas/id/org/ods/RR8> rdfs:label ?name }",
    "SELECT ?p ?o WHERE { <https://w3id.org/careatlas/id/org/ods/RVR> ?p ?o } LIMIT 20",
    'SELECT ?trust WHERE { ?trust atlas:odsCode "RJZ" }',
    "SELECT ?d WHERE { ?d atlas:deployedBy <https://w3id.org/careatlas/id/org/ods/RR8> } LIMIT 20",
    "SELECT (COUNT(?product) AS ?n) WHERE { ?product a atlas:AISystem }",
    "ASK { ?network a atlas:StrokeNetwork ; rdfs:label ?name }",
    "SELECT ?claim ?locator WHERE { ?claim atlas:locator ?locator } LIMIT 300",
)
"""Queries that take an engine no time, so that what is measured is the server around it."""
PREFIXES = """\
PREFIX atlas: <https://w3id.org/careatlas/def#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
MILLION = """\
SELECT ?a ?b WHERE {
  { SELECT ?a WHERE { ?a ?p ?o } LIMIT 1000 } { SELECT ?b WHERE { ?b ?q ?r } LIMIT 1000 }
}
"""


async def client(
    server: Server, mix: list[str], until: float, at: int, seconds: list[float]
) -> None:
    """Ask the mix over and over on one connection, each client beginning at another query."""
    reader, writer = await asyncio.open_connection(HOST, server.port, limit=MEGABYTE)
    try:
        while perf_counter() < until and len(seconds) < MOST:
            started = perf_counter()
            status, *_ = await ask(reader, writer, server.request(mix[at % len(mix)]))
            if status == GOOD:
                seconds.append(perf_counter() - started)
            else:
                server.failed += 1
            at += 1
    finally:
        writer.close()


async def turn(server: Server, mix: list[str], length: float) -> list[float]:
    """Ask a server for so many seconds on all connections: how long each request took."""
    seconds: list[float] = []
    until = perf_counter() + length
    async with asyncio.timeout(length + LONGEST):
        await asyncio.gather(
            *(client(server, mix, until, at, seconds) for at in range(CONNECTIONS))
        )
    return seconds


def rounds(servers: list[Server], mix: list[str], number: int, length: float) -> None:
    """Ask all servers in turn, several times."""
    for server in servers:
        asyncio.run(turn(server, mix, WARMING))
    for _ in range(number):
        for server in servers:
            started = perf_counter()
            seconds = asyncio.run(turn(server, mix, length))
            server.throughput.append(len(seconds) / (perf_counter() - started))
            server.slow.append(quantiles(seconds, n=20)[-1])


def queries(release: Release, mix: str) -> list[str]:
    """The texts of a mix."""
    if mix == "simple":
        return [f"{PREFIXES}{query}" for query in SIMPLE]
    labels = Labels(release.labels)
    found = [bind(get(name), values, labels) for name, values in QUESTIONS]
    return [*found[:-1], f"{found[-1]}LIMIT 300\n"]


async def large(server: Server) -> tuple[int, int, float, float]:
    """A million rows in CSV: rows, bytes, seconds to the first byte and to the last."""
    reader, writer = await asyncio.open_connection(HOST, server.port, limit=MEGABYTE)
    started = perf_counter()
    request = server.request(MILLION).replace(b"application/sparql-results+json", b"text/csv")
    try:
        async with asyncio.timeout(LONGEST):
            _, lines, size, first = await ask(reader, writer, request)
    finally:
        writer.close()
    return lines - 1, size, first, perf_counter() - started


def stream(server: Server) -> tuple[float, float]:
    """Print how a server takes an answer of a million rows; seconds to first byte, growth in MB."""
    with watched(server.process.pid) as seen:
        rows, size, first, whole = asyncio.run(large(server))
    growth = max(seen) - seen[0]
    sys.stdout.write(
        f"{server.name}: {rows:,} rows, {size / MEGABYTE:.0f} MB: first byte {first * 1000:.0f} ms, "
        f"whole {whole:.1f} s, memory {seen[0]:.0f} MB and {growth:.0f} MB more at most\n"
    )
    return first, growth


def measure(home: Path, options: argparse.Namespace) -> bool:
    """Print all figures; give whether each is within its bound."""
    release = Releases(home).current()
    with ExitStack() as stack:
        others = peers(stack, release, options.peers)
        mine, new = ours(stack, home)
        servers = [mine, new, *others]
        rounds(servers, queries(release, options.mix), options.rounds, options.seconds)
        good = True
        for server in servers:
            sys.stdout.write(
                f"{server.name}: {median(server.throughput):,.0f} queries a second, "
                f"p95 {median(server.slow) * 1000:.1f} ms"
            )
            if server in others:
                for one in (mine, new):
                    ratio = median(
                        own / its
                        for own, its in zip(one.throughput, server.throughput, strict=True)
                    )
                    sys.stdout.write(f"; {one.name} {ratio:.2f} times as many")
                    bound = AT_LEAST[server.name] if options.mix == "questions" else 0.0
                    good &= one is new or ratio >= bound
            failed = f"; {server.failed} answered with an error" if server.failed else ""
            sys.stdout.write(f"{failed}\n")
        stream(mine)
        first, growth = stream(mine)
        for server in others:
            if server.name == "oxigraph":
                stream(server)
    return good and first <= FIRST_BYTE and growth <= GROWTH


def main() -> int:
    """Measure on a release that is there, or on one built for the purpose; 1 past a bound."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--home", type=Path, help="folder of a release (else one is built)")
    parser.add_argument("--peers", type=Path, help="folder with the commands of the peers")
    parser.add_argument("--mix", choices=("questions", "simple"), default="questions")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each server in each round")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        home: Path = options.home or Path(folder)
        try:
            Releases(home).current()
        except NoReleaseError:
            build(data.folder(), Releases(home), engine="pyshifty")
        return int(not measure(home, options))


if __name__ == "__main__":
    sys.exit(main())
