"""The world of a size, the build of its release, and its statements as files."""

import shutil
from time import process_time
from typing import Any

from pyoxigraph import RdfFormat

from careatlas.graph import dataset
from careatlas.graph.loaded import Loaded
from careatlas.graph.terms import thing
from measuring.alone import Way, alone, in_turn, timed
from measuring.place import Place

ALONE = thing("graph/default")
"""The graph of the statements of the default graph, where an engine has no other such."""


def measure(place: Place) -> None:
    """Grow the world and build its release, unless an earlier run did."""
    if not place.read("build").get("careatlas", {}).get("turns"):
        # What is left of a world that never was whole, or was that of other code.
        shutil.rmtree(place.folder, ignore_errors=True)
        place.folder.mkdir(parents=True)
        _done(place, "world:grown")
    in_turn(place, "build", [Way("careatlas", "world:built")], 1)
    problem = place.read("build")["careatlas"].get("not_run")
    if problem:
        raise RuntimeError(f"the world of {place.size} statements could not be built: {problem}")
    if not place.named.is_file():
        _done(place, "world:written")


def _done(place: Place, task: str) -> None:
    told = alone(task, place, None)
    if "not_run" in told:
        raise RuntimeError(f"{task} of {place.size} statements {told['not_run']}")


def grown(place: Place) -> dict[str, float]:
    """Grow the sources of a world, each of which is held in memory: else the build's own memory is not told."""
    from worlds import grow

    place.releases.prepare()
    return timed(lambda: list(grow(place.releases.sources, place.size)))


def built(place: Place) -> dict[str, Any]:
    """Build a world that was grown: seconds of each stage, how many statements there are, and megabytes on disk."""
    from change import beside

    from careatlas import data
    from careatlas.build import Built, build

    paths = sorted(place.releases.sources.folder.glob("*/*"))
    sources = {one.source: one for one in map(Loaded, paths)}
    found: list[Built] = []
    started = process_time()
    with beside(sources):
        told = timed(lambda: found.append(build(data.folder(), place.releases)))
    return told | {
        "stages": found[0].seconds,
        "processor": process_time() - started,
        "statements": found[0].release.manifest["quads"],
        "release": found[0].release.name,
        "disk": sum(one.stat().st_size for one in place.release.path.rglob("*")) / 1e6,
    }


def written(place: Place) -> dict[str, float]:
    """The statements of the release as files."""
    store = place.release.store

    def write() -> None:
        store.dump(str(place.single), format=RdfFormat.N_TRIPLES, from_graph=dataset.DEFAULT)
        fresh = place.folder / ".named.nq"
        with fresh.open("wb") as file:
            file.writelines(dataset.lines(store))
        fresh.rename(place.named)

    return timed(write)
