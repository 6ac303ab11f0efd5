"""What a run was made on, and with which versions."""

import os
import platform
import shutil
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

from endpoint_servers import find

from measuring.place import Options
from measuring.virtuoso import SERVER

PACKAGES = ("careatlas", "pyoxigraph", "pyshifty", "pyshacl", "rdflib", "networkx")
_GIGABYTE = 1 << 30


def machine(options: Options) -> dict[str, Any]:
    """Cores, memory, kernel, what gives memory to all, and the version of everything that is measured."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "cores": os.cpu_count(),
        "processor": _processor(),
        "gigabytes": round(pages / _GIGABYTE),
        "kernel": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "allocator": os.environ.get("LD_PRELOAD", ""),
        "versions": {name: version(name) for name in PACKAGES} | dict(_servers(options)),
        "turns": options.turns,
        "limit": options.limit,
        "question_limit": options.question_limit,
    }


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        if line.startswith("model name"):
            return " ".join(line.split(":", 1)[1].split())
    return platform.machine()


def _servers(options: Options) -> list[tuple[str, str]]:
    found = []
    oxigraph, virtuoso = find("oxigraph", options.peers), shutil.which(SERVER)
    for name, command, flag in (
        ("Oxigraph server", oxigraph, "--version"),
        ("Virtuoso", virtuoso, "-?"),
    ):
        if command:
            # A peer, asked what it is.
            done = subprocess.run([command, flag], capture_output=True, text=True, check=False)  # noqa: S603
            said = (done.stdout + done.stderr).split()
            found += [(name, one) for one in said if one[:1].isdigit() and "." in one][:1]
    return found
