"""Virtuoso, from Debian's package virtuoso-opensource: started in a folder, filled and asked."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from endpoint_servers import HOST, free_port
from endpoint_servers import running as server_running

from measuring.alone import peak

SERVER, CLIENT = "virtuoso-t", "isql-vt"
_BUFFERS = 85_000
"""Pages of 8 kB for each gigabyte of memory that it is given, as its makers advise."""
_GIGABYTES = 4
_SETTINGS = """\
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
MaxCheckpointRemap = {remap}
[TempDatabase]
DatabaseFile = {folder}/temporary.db
TransactionFile = {folder}/temporary.trx
[Parameters]
ServerPort = {host}:{sql}
DirsAllowed = {readable}
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
MaxClientConnections = 32
ServerThreads = 32
ThreadsPerQuery = {cores}
MaxMemPoolSize = 2000000000
[HTTPServer]
ServerPort = {host}:{http}
ServerThreads = 32
[SPARQL]
ResultSetMaxRows = 10000000
MaxQueryExecutionTime = {limit}
"""


def is_there() -> bool:
    """Whether it is installed, with its client."""
    return bool(shutil.which(SERVER) and shutil.which(CLIENT))


@dataclass(frozen=True)
class Virtuoso:
    """A server that runs."""

    http: int
    sql: int
    pid: int

    def execute(self, text: str) -> str:
        """Run statements of its SQL.

        Raises:
            RuntimeError: one failed.
        """
        line = [CLIENT, f"{HOST}:{self.sql}", "dba", "dba", "VERBOSE=OFF", f"exec={text}"]
        done = subprocess.run(line, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode or "*** Error" in done.stdout + done.stderr:
            raise RuntimeError((done.stdout + done.stderr).strip()[-500:])
        return done.stdout

    def load(self, files: dict[Path, str]) -> dict[str, float]:
        """Seconds and peak of the bulk load of files, each with the graph of statements that name none."""
        started = perf_counter()
        for path, graph in files.items():
            self.execute(f"ld_dir('{path.parent}', '{path.name}', '{graph}');")
        self.execute("rdf_loader_run();")
        self.execute("checkpoint;")
        seconds = perf_counter() - started
        failed = self.execute(
            "select concat('failed: ', ll_error) from DB.DBA.load_list where ll_error is not null;"
        )
        if "failed: " in failed:
            raise RuntimeError(failed.strip()[-500:])
        return {"seconds": seconds, "megabytes": peak(self.pid)}


@contextmanager
def running(folder: Path, limit: float, readable: Path) -> Iterator[Virtuoso]:
    """A server with its database in a folder, until the block ends."""
    folder.mkdir(parents=True, exist_ok=True)
    http, sql = free_port(), free_port()
    settings = folder / "virtuoso.ini"
    buffers = _BUFFERS * _GIGABYTES
    settings.write_text(
        _SETTINGS.format(
            folder=folder,
            host=HOST,
            sql=sql,
            http=http,
            readable=readable,
            buffers=buffers,
            dirty=buffers * 3 // 4,
            remap=buffers // 4,
            cores=os.cpu_count(),
            limit=int(limit),
        ),
        encoding="utf-8",
    )
    (folder / "virtuoso.lck").unlink(missing_ok=True)
    line = [SERVER, "+foreground", "+configfile", str(settings)]
    with server_running("virtuoso", line, http, "/sparql", new=True) as server:
        one = Virtuoso(http, sql, server.process.pid)
        yield one
