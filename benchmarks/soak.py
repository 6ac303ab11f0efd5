"""A client's load in small: very many point questions to an engine elsewhere, each answer compared.

Run `python benchmarks/soak.py [--questions 100000] [--engine oxigraph|virtuoso] [--clients 4]`. A
release is published to a server of its own; clients ask it questions of the catalogue about one
trust, vendor, product or network each, and every answer must be the one of the embedded store. It
fails where an answer is an error or another one, or where this process holds more memory after
the last tenth of the questions than after the first, by more than its bound.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from random import Random
from statistics import quantiles
from time import perf_counter

from endpoint_servers import HOST, find, free_port, running
from measuring import virtuoso
from measuring.alone import held

from careatlas import data
from careatlas.build import build
from careatlas.graph.answer import Answer, answer
from careatlas.graph.dataset import Asked
from careatlas.graph.engine import RemoteRelease, connected
from careatlas.graph.engine_errors import EngineError
from careatlas.graph.homes import NoReleaseError
from careatlas.graph.labels import Labels
from careatlas.graph.publishing import publish
from careatlas.graph.questions import get
from careatlas.graph.release import Release, Releases

GROWTH = 8.0
"""Megabytes by which this process may grow after the first tenth."""
TENTHS = 10
EACH = 250
"""Things that each question is asked about at most."""
LONGEST = 60.0
QUESTIONS = (
    ("disclosures", "trust"),
    ("routes-stated", "trust"),
    ("trust-products", "trust"),
    ("trust-facts", "trust"),
    ("trust-timeline", "trust"),
    ("usage", "trust"),
    ("programme-awards", "organisation"),
    ("governance", "organisation"),
    ("vendor-facts", "vendor"),
    ("vendor-products", "vendor"),
    ("regulatory-facts", "product"),
    ("network-members", "network"),
)
"""Each with the parameter that narrows it to one thing; Virtuoso is not asked what it refuses."""


@dataclass(frozen=True)
class Point:
    """A question about one thing, and the digest of its answer."""

    question: str
    values: dict[str, str]
    digest: str = ""

    def asked(self, store: Asked, labels: Labels) -> str:
        """The digest of its answer in a store."""
        found = answer(store, labels, get(self.question), self.values, rows_alone=True)
        return _digest(found)


def _digest(found: Answer) -> str:
    return sha256(repr((found.columns, found.rows, found.not_known)).encode()).hexdigest()


def points(release: Release) -> list[Point]:
    """What is asked, with the answers of the embedded store."""
    labels, found = Labels(release.labels), []
    for question, parameter in QUESTIONS:
        kind = get(question).parameter[parameter].type
        things = sorted({row[1] for row in release.labels.get(kind, [])})
        for thing in Random(question).sample(things, min(EACH, len(things))):  # noqa: S311
            point = Point(question, {parameter: thing})
            found.append(Point(question, point.values, point.asked(release.store, labels)))
    return found


@dataclass
class Client:
    """One who asks: a connection, what it was told wrongly, and how long it waited."""

    release: RemoteRelease
    wrong: list[str] = field(default_factory=list)
    seconds: list[float] = field(default_factory=list)

    def ask(self, asked: list[Point]) -> None:
        """Ask one after the other."""
        labels = Labels(self.release.labels)
        for point in asked:
            started = perf_counter()
            try:
                if point.asked(self.release.store, labels) != point.digest:
                    self.wrong.append(f"{point.question} {point.values}: another answer")
            except EngineError as error:
                self.wrong.append(f"{point.question} {point.values}: {error}")
            self.seconds.append(perf_counter() - started)


@contextmanager
def served(engine: str, folder: Path) -> Iterator[tuple[str, int]]:
    """An empty server of an engine: its address and its process."""
    if engine == "virtuoso":
        if not virtuoso.is_there():
            sys.exit("virtuoso is not installed: it is Debian's virtuoso-opensource")
        with virtuoso.running(folder, LONGEST, folder) as one:
            yield f"http://dba:dba@{HOST}:{one.http}/", one.pid
        return
    command = find("oxigraph", None)
    if command is None:
        sys.exit("oxigraph is not installed: it is in the package of this name")
    port = free_port()
    line = [command, "serve", "--location", str(folder), "--bind", f"{HOST}:{port}"]
    with running("oxigraph", line, port, "/query", new=False) as server:
        yield f"http://{HOST}:{port}", server.process.pid


def soak(release: Release, url: str, pid: int, options: argparse.Namespace) -> list[str]:
    """Ask, print a row for each tenth, and give what went wrong."""
    publish(release, connected(url), lambda _: None, replace=True)
    known = points(release)
    sys.stdout.write(f"{len(known):,} different questions, {options.clients} clients\n")
    sys.stdout.write("  asked  a second  p95 ms  wrong  ours MB  engine MB\n")
    clients = [Client(RemoteRelease(connected(url))) for _ in range(options.clients)]
    chosen, ours = Random(0), []  # noqa: S311
    with ThreadPoolExecutor(options.clients) as threads:
        for tenth in range(1, TENTHS + 1):
            asked = chosen.choices(known, k=options.questions // TENTHS)
            shares = [asked[at :: options.clients] for at in range(options.clients)]
            started = perf_counter()
            list(threads.map(Client.ask, clients, shares))
            taken = perf_counter() - started
            seconds = [one for client in clients for one in client.seconds]
            wrong = [one for client in clients for one in client.wrong]
            ours.append(held())
            sys.stdout.write(
                f"{len(asked) * tenth:7,}  {len(asked) / taken:8.0f}  "
                f"{quantiles(seconds, n=20)[-1] * 1000:6.1f}  {len(wrong):5}  "
                f"{ours[-1]:7.1f}  {held(pid):9.1f}\n"
            )
            sys.stdout.flush()
            for client in clients:
                client.seconds.clear()
    if (growth := max(ours) - ours[0]) > GROWTH:
        wrong.append(f"this process grew by {growth:.1f} MB, above {GROWTH:g}")
    return wrong


def main() -> int:
    """Ask as many questions as wanted; 1 where something is not as it must be."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--questions", type=int, default=100_000)
    parser.add_argument("--engine", choices=("oxigraph", "virtuoso"), default="oxigraph")
    parser.add_argument("--clients", type=int, default=4)
    parser.add_argument("--home", type=Path, help="folder of a release (else one is built)")
    options = parser.parse_args()
    if options.questions < TENTHS * options.clients:
        parser.error(f"ask {TENTHS * options.clients} questions at least")
    with tempfile.TemporaryDirectory() as scratch:
        kept = Releases(options.home or Path(scratch) / "home")
        try:
            kept.current()
        except NoReleaseError:
            build(data.folder(), kept)
        with served(options.engine, Path(scratch) / "engine") as (url, pid):
            wrong = soak(kept.current(), url, pid, options)
    for one in wrong[:10]:
        sys.stdout.write(f"{one}\n")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
