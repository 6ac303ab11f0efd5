"""Builds the scripts of the explorer's pages with Vite, unless those that lie there are up to date.

Needs nothing but Python and Node; run as a script, it builds those of this folder.
"""

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory

import npm

ROOT = Path(__file__).resolve().parent.parent
_BUILT = Path("service", "explorer", "static", "islands")
_RECORD = Path("web", "built.txt")
"""From which sources the scripts were built, and what came out."""
_DECIDE = ("package.json", "package-lock.json", "build.js")
_IGNORED = shutil.ignore_patterns("node_modules", "__pycache__", "tests")
_LONGEST = 200


def fresh(root: Path = ROOT) -> bool:
    """Whether the scripts that lie there are what these sources give."""
    record = root / _RECORD
    return record.is_file() and record.read_text(encoding="utf-8") == _record(root)


def build(root: Path = ROOT) -> None:
    """Build the scripts, unless they are there; what was there stays if they cannot be built.

    Raises:
        SystemExit: they cannot be built; it says why in one line.
    """
    if fresh(root):
        return
    node = npm.find()
    if node is None:
        raise _failed("there is no Node 20.19, 22.12 or later", f"pip install {npm.PACKAGE}")
    with TemporaryDirectory(prefix="careatlas-web-") as folder:
        copy, built = Path(folder, "web"), Path(folder, "built")
        shutil.copytree(root / "web", copy, ignore=_IGNORED)
        said = _run([*node.npm, "ci", "--omit=dev"], copy, node)
        if said:
            advice = "check the network, or run npm ci in web to see more"
            raise _failed(f"npm brings no packages: {_npm_says(said)}", advice)
        said = _run([node.node, "build.js", str(built)], copy, node)
        if said:
            raise _failed(f"Vite stops: {_vite_says(said)}", "correct that, and install again")
        (root / _RECORD).unlink(missing_ok=True)
        shutil.rmtree(root / _BUILT, ignore_errors=True)
        shutil.copytree(built, root / _BUILT)
    (root / _RECORD).write_text(_record(root), encoding="utf-8")


def _record(root: Path) -> str:
    web, built = root / "web", root / _BUILT
    sources = [*(web / name for name in _DECIDE), *(web / "src").rglob("*.ts")]
    return f"sources {_digest(web, sources)}\nscripts {_digest(built, built.rglob('*'))}\n"


def _digest(folder: Path, paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    for path in sorted(path for path in paths if path.is_file()):
        content = path.read_bytes()
        whole.update(f"{path.relative_to(folder).as_posix()} {len(content)}\n".encode())
        whole.update(content)
    return whole.hexdigest()


def _run(command: list[str], folder: Path, node: npm.Node) -> str:
    """What a command said where it failed, and nothing where it did not."""
    done = subprocess.run(  # noqa: S603
        command,
        cwd=folder,
        env=node.environment() | {"NO_COLOR": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return (done.stdout.strip() or f"exit status {done.returncode}") if done.returncode else ""


def _npm_says(said: str) -> str:
    """The line of npm that tells most."""
    lines = re.findall(r"(?m)^npm (?:error|ERR!) (.+)$", said)
    plain = [line for line in lines if not re.match(r"(code|syscall|errno|path|type)\b", line)]
    return str((plain or lines or said.splitlines())[0])


def _vite_says(said: str) -> str:
    """The line of Vite that tells most, and the place that it tells of."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", said)
    lines = [line.strip() for line in plain.splitlines() if line.strip()]
    after = [two for one, two in pairwise(lines) if re.match(r"Build failed with \d+ error", one)]
    place = re.search(r"\bsrc/\S+:\d+:\d+", plain)
    return (after or lines)[0] + (f" ({place[0]})" if place else "")


def _failed(why: str, advice: str) -> SystemExit:
    short = why if len(why) <= _LONGEST else f"{why[:_LONGEST]}…"
    return SystemExit(f"careatlas: no scripts for its pages: {short.rstrip('.')}; {advice}")


if __name__ == "__main__":
    build()
