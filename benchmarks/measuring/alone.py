"""A task in a process of its own, so that what it needs of memory can be told; it is stopped after a time."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from time import perf_counter
from typing import Any

from measuring.place import Options, Place

BENCHMARKS = Path(__file__).parent.parent
STOPPED = "stopped after"
_MEGABYTE = 1024
"""Kilobytes in one, as the kernel counts."""


@dataclass(frozen=True)
class Way:
    """One way of doing what is measured: its engine, its task, and why it is not run, if so."""

    engine: str
    task: str
    not_run: str = ""
    is_long: bool = False
    """Whether it is done in the first turn only."""


def peak(pid: int | str = "self") -> float:
    """The most megabytes that a process ever held."""
    return _told(pid, "VmHWM:")


def held(pid: int | str = "self") -> float:
    """The megabytes that a process holds now."""
    return _told(pid, "VmRSS:")


def _told(pid: int | str, name: str) -> float:
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith(name):
            return int(line.split()[1]) / _MEGABYTE
    return 0.0


def timed(work: Callable[[], object]) -> dict[str, float]:
    """Seconds of a piece of work, and the peak of this process after it."""
    started = perf_counter()
    work()
    return {"seconds": perf_counter() - started, "megabytes": peak()}


def commanded(command: list[str], limit: float | None = None) -> dict[str, float]:
    """Seconds and peak of a command."""
    started = perf_counter()
    # A command of a peer, with fixed arguments.
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as process:  # noqa: S603
        said = process.stderr.read() if process.stderr else b""
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(said.decode(errors="replace").strip()[-500:])
    return {"seconds": perf_counter() - started, "megabytes": used.ru_maxrss / _MEGABYTE}


def alone(task: str, place: Place, limit: float | None) -> dict[str, Any]:
    """What a task tells; else why it did not end, with the peak that it had reached."""
    told = json.dumps(asdict(place), default=str)
    # This interpreter, on a module beside this one.
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "measuring", task, told],
        cwd=BENCHMARKS,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
        text=True,
    )
    try:
        out, said = process.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        return {"not_run": f"{STOPPED} {limit:,.0f} s", "megabytes": peak(process.pid)}
    finally:
        # Its servers go with it.
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode:
        last = (said.strip().splitlines() or [f"exit {process.returncode}"])[-1]
        return {"not_run": f"failed: {last[:300]}"}
    return dict(json.loads(out.splitlines()[-1]))


def run(task: str, told: str) -> None:
    """Do a task, and tell of it."""
    given = json.loads(told)
    options = given["options"]
    folder = Path(options["peers"]) if options["peers"] else None
    place = Place(Path(given["home"]), given["size"], Options(**(options | {"peers": folder})))
    module, name = task.split(":")
    found = getattr(import_module(f"measuring.{module}"), name)(place)
    sys.stdout.write(f"\n{json.dumps(found)}\n")


def in_turn(place: Place, measurement: str, ways: Iterable[Way], turns: int) -> None:
    """Do each way's task once a turn; what an earlier run did is not done again, unless it failed."""
    with place.keeping(measurement) as found:
        for told in found.values():
            if not told.get("not_run", "").startswith(STOPPED):
                told.pop("not_run", None)
    for turn in range(turns):
        for way in ways:
            if not place.options.wants(way.engine):
                continue
            with place.keeping(measurement) as found:
                told = found.setdefault(way.engine, {"turns": []})
                if way.not_run:
                    told["not_run"] = way.not_run
                if told.get("not_run") or len(told["turns"]) > turn or (way.is_long and turn):
                    continue
                limit = None if way.engine == "careatlas" else place.options.limit
                one = alone(way.task, place, limit)
                if "not_run" in one:
                    told |= one
                else:
                    told["turns"].append(one)
                said = one.get("not_run") or f"{one['seconds']:.2f} s"
                sys.stdout.write(f"{place.size} {measurement} {way.engine}: {said}\n")
                sys.stdout.flush()
