"""The servers that `endpoint.py` compares: how they are started, asked and watched."""

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, sleep
from urllib.parse import quote
from urllib.request import urlopen

from careatlas.graph.export import export
from careatlas.graph.release import Release

HOST = "127.0.0.1"
GOOD = 200
PEERS = ("oxigraph", "rdflib-endpoint")
LONGEST = 60.0
"""Seconds in which a server must have come up, and after which an answer is given up."""
LONGEST_TARGET = 6_000
"""Letters of an address; Oxigraph's server refuses one of ten thousand."""
_number = count()


@dataclass
class Server:
    """A server under test."""

    name: str
    port: int
    path: str
    process: subprocess.Popen[bytes]
    new: bool
    """Whether each query is made a new one, so that no answer can be kept."""
    failed: int = 0
    """Requests that were answered with an error."""
    throughput: list[float] = field(default_factory=list)
    slow: list[float] = field(default_factory=list)
    """The 95th percentile of each round, in seconds."""

    def request(self, query: str) -> bytes:
        """The request for a query, as it goes over the wire."""
        text = query + (f"\n# {next(_number)}" if self.new else "")
        head = (
            f"HTTP/1.1\r\nHost: {HOST}:{self.port}\r\nAccept: application/sparql-results+json\r\n"
        )
        target = f"{self.path}?query={quote(text)}"
        if len(target) <= LONGEST_TARGET:
            return f"GET {target} {head}\r\n".encode()
        body = text.encode()
        about = f"Content-Type: application/sparql-query\r\nContent-Length: {len(body)}\r\n"
        return f"POST {self.path} {head}{about}\r\n".encode() + body


async def ask(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes
) -> tuple[int, int, int, float]:
    """One request on an open connection: status, lines, bytes, and seconds to the first byte."""
    started = perf_counter()
    writer.write(request)
    head = await reader.readuntil(b"\r\n\r\n")
    status, *fields = head.decode("latin-1").split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in fields if ": " in line)
    lines = size = 0
    first = 0.0
    while True:
        chunked = "chunked" in headers.get("transfer-encoding", "")
        length = (
            int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
            if chunked
            else int(headers["content-length"])
        )
        body = await reader.readexactly(length + (2 if chunked else 0))
        first = first or perf_counter() - started
        lines += body.count(b"\n") - (1 if chunked else 0)
        size += length
        if not chunked or not length:
            return int(status.split()[1]), lines, size, first


def descendants(pid: int) -> list[int]:
    """A process and all that come from it."""
    found = [pid]
    for each in found:
        for children in Path(f"/proc/{each}/task").glob("*/children"):
            found += [int(child) for child in children.read_text().split()]
    return found


def memory(pid: int) -> float:
    """Megabytes that a process and its descendants hold, what they share counted once."""
    total = 0
    for each in descendants(pid):
        try:
            said = Path(f"/proc/{each}/smaps_rollup").read_text(encoding="ascii")
        except (FileNotFoundError, ProcessLookupError):
            continue
        total += sum(int(line.split()[1]) for line in said.splitlines() if line.startswith("Pss:"))
    return total / 1024


@contextmanager
def watched(pid: int) -> Iterator[list[float]]:
    """The memory of a process and its descendants, ten times a second while the block runs."""
    seen = [memory(pid)]
    done = Event()

    def watch() -> None:
        while not done.wait(0.1):
            seen.append(memory(pid))

    thread = Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        done.set()
        thread.join()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(name: str, command: list[str], port: int, path: str, *, new: bool) -> Iterator[Server]:
    """A server, up and answering, until the block ends."""
    # A command of this environment, or a peer's, with fixed arguments.
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, stdin=subprocess.DEVNULL)  # noqa: S603
        server = Server(name, port, path, process, new)
        try:
            until = perf_counter() + LONGEST
            while not answers(server):
                if process.poll() is not None or perf_counter() > until:
                    log.seek(0)
                    raise RuntimeError(f"{name} did not come up: {log.read().decode()[-2000:]}")
                sleep(0.1)
            yield server
        finally:
            process.terminate()
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def answers(server: Server) -> bool:
    """Whether a server has come up."""
    address = f"http://{HOST}:{server.port}{server.path}?query={quote('ASK { ?s ?p ?o }')}"
    try:
        with urlopen(address, timeout=5) as answer:
            return int(answer.status) == GOOD
    except OSError:
        return False


def find(name: str, folder: Path | None) -> str | None:
    """The command of a peer."""
    places = [folder] if folder else [Path(sys.executable).parent, *map(Path, os.get_exec_path())]
    return shutil.which(name, path=os.pathsep.join(map(str, places)))


def peers(
    stack: ExitStack, release: Release, folder: Path | None, names: tuple[str, ...] = PEERS
) -> list[Server]:
    """The peers that are installed, each with the data of the release."""
    scratch = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    quads = scratch / "release.nq"
    export(release.store, "nquads", quads)
    found = []
    for name in names:
        command = find(name, folder)
        if command is None:
            sys.stdout.write(f"{name}: left out, no such command is installed\n")
            continue
        port = free_port()
        if name == "oxigraph":
            place = ["--location", str(scratch / "store")]
            load = [command, "load", *place, "--file", str(quads)]
            subprocess.run(load, check=True, capture_output=True)  # noqa: S603
            line = [command, "serve-read-only", *place, "--bind", f"{HOST}:{port}"]
            line.append("--union-default-graph")
            path = "/query"
        else:
            line = [command, "serve", "--host", HOST, "--port", str(port), str(quads)]
            path = "/"
        found.append(stack.enter_context(running(name, line, port, path, new=True)))
    return found


def ours(stack: ExitStack, home: Path) -> list[Server]:
    """The endpoint twice: with its answers kept, and with each query new."""
    # The script, not `-m careatlas`, which would find the folder of that name in a clone.
    script = str(Path(sys.executable).with_name("careatlas"))
    port = free_port()
    line = [script, "serve", "--home", str(home), "--port", str(port), "--timeout", "60"]
    server = stack.enter_context(running("ours", line, port, "/sparql", new=False))
    return [server, Server("ours, new", port, "/sparql", server.process, new=True)]
