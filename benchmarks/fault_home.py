"""Homes for `faults.py`, commands on them that can be stopped at any moment, and what they answer."""

import io
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import careatlas.backups
import careatlas.build
import careatlas.graph.answer
import careatlas.graph.labels
import careatlas.loaders.claims
from careatlas.cli import main
from careatlas.graph.homes import HomeError, NoReleaseError
from careatlas.graph.questions import get
from careatlas.graph.release import DamagedReleaseError, Releases
from careatlas.manifest import Content

ROOT = Path(__file__).resolve().parent.parent
SMALL_WORLD = ROOT / "tests" / "fixtures" / "small_world"
QUESTIONS = ("who-uses-what", "adoption", "conflicts", "network-members", "trusts")
CLAIMS = {
    "deployments.csv": "key,trust,vendor,product,status,printed,stated_by,locator\n"
    'a/scan,{trust},Acme AI,Scan,live,Scan,,"page 1, item 1"\n',
    "sources.csv": "id,kind,title,publisher,url,published\n"
    "{source},report,Tools of the {source},Dale Society,,2025-02-03\n",
}


@dataclass(frozen=True)
class Ended:
    """How a command ended: its status, below 0 where a signal ended it, and what it said of it."""

    status: int
    said: str

    @property
    def plain(self) -> bool:
        """Whether it did what it was told, or said in one plain line what is wrong."""
        last = self.said.strip().splitlines()[-1:] or [""]
        one = last[0].startswith("careatlas: ") and "Traceback" not in self.said
        return self.status == 0 or (self.status in (1, 2) and one)


def forked(work: Callable[[], Any], seconds: float | None = None) -> tuple[int, Any]:
    """What some work gives in a process of its own, which is killed after so many seconds.

    The engine runs in such processes alone: one that has threads must not be forked.
    """
    reads, writes = os.pipe()
    if not (child := os.fork()):
        status = 1
        try:
            os.close(reads)
            found = json.dumps(work()).encode()
            with os.fdopen(writes, "wb") as pipe:
                pipe.write(found)
            status = 0
        finally:
            os._exit(status)
    os.close(writes)
    until = None if seconds is None else time.monotonic() + seconds
    while until is not None and time.monotonic() < until:
        if os.waitid(os.P_PID, child, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            break
        time.sleep(0.001)
    else:
        if until is not None:
            os.kill(child, signal.SIGKILL)
    with os.fdopen(reads, "rb") as pipe:
        told = pipe.read()
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    return status, json.loads(told) if told else None


def command(
    *arguments: str | Path, seconds: float | None = None, before: Callable[[], None] = lambda: None
) -> Ended:
    """Call careatlas; `before` is done first in its process."""

    def work() -> list[Any]:
        # What the engine itself prints goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)
        said = io.StringIO()
        with redirect_stdout(io.StringIO()), redirect_stderr(said):
            before()
            status = main([*map(str, arguments)])
        return [status, said.getvalue()]

    status, told = forked(work, seconds)
    return Ended(*told) if told else Ended(status or 1, "")


def answers(home: Path) -> dict[str, str]:
    """What the current release answers, and the sum of its content; or the one line that says what is wrong."""

    def work() -> dict[str, str]:
        try:
            release = Releases(home).current()
            labels = careatlas.graph.labels.Labels(release.labels)
            found = {"release": release.name, "findings": repr(release.findings)}
            for name in QUESTIONS:
                rows = careatlas.graph.answer.answer(release.store, labels, get(name), {}).rows
                found[name] = sha256(repr(rows).encode()).hexdigest()
            return found | {"content": f"{Content.held(release.store).total:x}"}
        except (DamagedReleaseError, NoReleaseError, HomeError) as error:
            return {"said": str(error)}

    status, told = forked(work)
    return told if told else {"crashed": str(status)}


def copied(home: Path, to: Path) -> Path:
    """A copy of a home, of which anything may be broken."""
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(home, to)
    return to


class World:
    """A home with two releases, the later of which has a source beside its tables; and what comes of each command."""

    def __init__(self, folder: Path) -> None:
        self.home, self.older = folder / "home", folder / "older"
        self.tables, self.archive = folder / "tables", folder / "backup.zip"
        for source, trust in (("dale", "Alder Vale NHS Trust"), ("hill", "Brook NHS Trust")):
            (folder / source).mkdir()
            for name, text in CLAIMS.items():
                (folder / source / name).write_text(text.format(source=source, trust=trust))
        shutil.copytree(SMALL_WORLD, self.tables)
        (self.tables / "claims" / "foi" / "barriers.csv").unlink()
        self.must("build", "--data", SMALL_WORLD)
        copied(self.home, self.older)
        self.must("load", "claims", folder / "dale")
        self.must("backup", self.archive)
        self.before = answers(self.home)
        self.work, self.made = folder / "work", folder / "made.zip"
        self.commands: dict[str, tuple[str | Path, ...]] = {
            "build": ("build", "--data", self.tables),
            "build of the same": ("build", "--data", SMALL_WORLD),
            "load": ("load", "claims", folder / "hill"),
            "withdraw": ("withdraw", "dale"),
            "prune": ("releases", "--prune", "--keep", "1"),
            "backup": ("backup", self.made),
            "restore": ("restore", self.archive),
        }
        self.after: dict[str, dict[str, str]] = {}
        self.seconds: dict[str, float] = {}
        for name, arguments in self.commands.items():
            self.fresh(name)
            started = time.monotonic()
            ended = command(*arguments, "--home", self.work)
            self.seconds[name] = time.monotonic() - started
            if ended.status:
                sys.exit(f"{name}: {ended.said}")
            self.after[name] = answers(self.work)

    def must(self, *arguments: str | Path) -> None:
        """Call careatlas on the home; there is nothing to measure where that fails."""
        if (ended := command(*arguments, "--home", self.home)).status:
            sys.exit(ended.said)

    def fresh(self, name: str) -> dict[str, str]:
        """Make the home that a command is tried on; what it answers before."""
        self.made.unlink(missing_ok=True)
        first = name == "restore"
        copied(self.older if first else self.home, self.work)
        return answers(self.work) if first else self.before
