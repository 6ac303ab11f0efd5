"""Real SPARQL engines for tests, each in a process and a folder of its own, on a free port."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest

HOST = "127.0.0.1"
LONGEST = 60.0
_VIRTUOSO = """\
[Database]
DatabaseFile = v.db
ErrorLogFile = v.log
LockFile = v.lck
TransactionFile = v.trx
xa_persistent_file = v.pxa
[TempDatabase]
DatabaseFile = temp.db
TransactionFile = temp.trx
[Parameters]
ServerPort = {host}:{sql}
ServerThreads = 10
NumberOfBuffers = 20000
CheckpointInterval = 0
DirsAllowed = .
[HTTPServer]
ServerPort = {host}:{port}
ServerRoot = .
ServerThreads = 5
[SPARQL]
ResultSetMaxRows = {most}
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


def command(name: str, package: str) -> str:
    """The command of an engine; without it the test is left out, but never where all must run."""
    places = [Path(sys.executable).parent, *os.get_exec_path()]
    found = shutil.which(name, path=os.pathsep.join(map(str, places)))
    if found is None:
        if os.environ.get("CI"):
            pytest.fail(f"{name} is not there: install {package}")
        pytest.skip(f"{name} is not there: install {package}")
    return found


@contextmanager
def running(line: list[str], address: str, folder: Path) -> Iterator[str]:
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(  # noqa: S603
            line, stdin=subprocess.DEVNULL, stdout=log, stderr=log, cwd=folder
        )
        try:
            until = monotonic() + LONGEST
            while not up(address):
                said = (folder / "log").read_text(encoding="utf-8", errors="replace")
                assert process.poll() is None, said
                assert monotonic() < until, said
                sleep(0.05)
            yield address
        finally:
            process.terminate()
            try:
                process.wait(timeout=20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()


def up(address: str) -> bool:
    try:
        return httpx.get(address, timeout=2).status_code < httpx.codes.INTERNAL_SERVER_ERROR
    except httpx.HTTPError:
        return False


@contextmanager
def oxigraph(folder: Path, *flags: str) -> Iterator[str]:
    """Oxigraph's own server, empty."""
    address = f"{HOST}:{free_port()}"
    line = [command("oxigraph", "oxigraph with pip"), "serve", "--bind", address, *flags]
    with running(line, f"http://{address}", folder) as url:
        yield url


@contextmanager
def virtuoso(folder: Path, most: int = 10_000_000) -> Iterator[str]:
    """Virtuoso, empty, giving so many rows at most; its address names who may write."""
    program = command("virtuoso-t", "virtuoso-opensource-7-bin with apt-get")
    port = free_port()
    settings = _VIRTUOSO.format(host=HOST, sql=free_port(), port=port, most=most)
    (folder / "v.ini").write_text(settings, encoding="utf-8")
    line = [program, "+foreground", "+configfile", "v.ini"]
    with running(line, f"http://{HOST}:{port}/sparql", folder):
        yield f"http://dba:dba@{HOST}:{port}/"
