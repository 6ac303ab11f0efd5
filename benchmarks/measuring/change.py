"""A source of a thousand statements that comes, is replaced and goes, as `../change.py` has it."""

import os
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from careatlas.graph.release import Releases
from measuring.alone import Way, in_turn, timed
from measuring.place import Place


def measure(place: Place) -> None:
    """Change in turn."""
    in_turn(place, "change", [Way("careatlas", "change:changed")], place.options.turns)


def changed(place: Place) -> dict[str, Any]:
    """Seconds of the processor for each change, on a copy of the home that shares its files."""
    from change import changes
    from worlds import World

    with TemporaryDirectory(dir=place.folder) as folder:
        home = Path(folder) / "home"
        shutil.copytree(place.releases.home, home, copy_function=os.link)
        releases = Releases(home)
        before = releases.current().name
        found: dict[str, float] = {}

        def work() -> None:
            for name, kind, seconds in changes(releases, World(seed=77)):
                found[f"{kind} {name}"] = seconds

        told = timed(work)
        return told | {"changes": found, "same": releases.current().name == before}
