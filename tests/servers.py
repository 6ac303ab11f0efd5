"""A real server for tests: the command itself, in a process of its own, on a free port."""

import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

import httpx

JSON = "application/sparql-results+json"
CLIENT = httpx.Client(timeout=60, limits=httpx.Limits(max_connections=None))


@dataclass
class Server:
    """A server that runs."""

    url: str
    process: subprocess.Popen[bytes]
    log: Path

    def sparql(self, query: str, *, accept: str = JSON, **given: str) -> httpx.Response:
        """Ask a query by POST, so that its length does not matter."""
        return CLIENT.post(
            f"{self.url}/sparql", data={"query": query} | given, headers={"accept": accept}
        )

    def lines(self) -> list[dict[str, object]]:
        """The lines of its log."""
        return [json.loads(line) for line in self.log.read_text(encoding="utf-8").splitlines()]

    def processes(self) -> list[int]:
        """Its own process and all that descend from it."""
        found = [self.process.pid]
        for pid in found:
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                found += [int(child) for child in task.read_text().split()]
        return found


@contextmanager
def serve(home: Path, log: Path, *flags: str, cwd: Path | None = None) -> Iterator[Server]:
    """The command `serve` on the releases of this home, until the block ends."""
    script = str(Path(sys.executable).with_name("careatlas"))
    command = [script, "serve", "--home", str(home), "--port", "0"]
    with log.open("wb") as file:
        process = subprocess.Popen(  # noqa: S603
            [*command, "--log", "json", *flags],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env=os.environ | {"PYTHONUNBUFFERED": "1"},
            cwd=cwd,
            # As a unit of its own: long queries take what is left of the service's part of the
            # processors, and of what other tests leave of them there would be nothing.
            start_new_session=True,
        )
        try:
            yield Server(_address(log, process), process, log)
        finally:
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
                raise


def _address(log: Path, process: subprocess.Popen[bytes]) -> str:
    until = monotonic() + 60
    while monotonic() < until and process.poll() is None:
        found = re.search(r"serving (http://\S+)/", log.read_text(encoding="utf-8"))
        if found:
            try:
                httpx.get(f"{found[1]}/ready", timeout=5).raise_for_status()
            except httpx.HTTPError:
                sleep(0.05)
                continue
            return found[1]
        sleep(0.05)
    raise RuntimeError(f"no server came up: {log.read_text(encoding='utf-8')}")
