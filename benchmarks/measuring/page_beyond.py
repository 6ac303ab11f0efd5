"""What the figures of the largest worlds make of worlds that were not measured."""

from math import log

from measuring.page_tables import medians, number, prose, table
from measuring.place import Place

BEYOND = (100_000_000, 1_000_000_000)
HOUR = 3600
SAID = """\
Nobody measured these: they follow from the largest world above, whose figures stand in the first row. Seconds grow as n
log n, and megabytes by what a statement more took from the largest world but one to the largest. What the build holds
and writes is what one machine must have; what an engine elsewhere needs to load is that of its own loader, from files.
"""


def beyond(places: list[Place]) -> str:
    """Hours, memory and disk of larger worlds, by those of the two largest."""
    measured = [(place, medians(place.read("build"))["careatlas"]) for place in places]
    pairs = [(place, told) for place, told in measured if "disk" in told]
    if len(pairs) < 2:  # noqa: PLR2004 - a line needs two points
        return ""
    (_, less), (largest, more) = pairs[-2:]
    few, many = less["statements"], more["statements"]
    loaded = {
        engine: told["seconds"]
        for engine, told in medians(largest.read("load")).items()
        if "seconds" in told
    }
    head = ("statements", "build, h", "its memory, GB", "disk, GB")
    head += tuple(f"load by {engine}, h" for engine in loaded)
    rows = []
    for size in (many, *BEYOND):
        times = size * log(size) / (many * log(many))
        cells = [number(more["seconds"] * times / HOUR)]
        for name in ("megabytes", "disk"):
            each = (more[name] - less[name]) / (many - few)
            cells.append(number((more[name] + each * (size - many)) / 1000, 1))
        cells += [number(seconds * times / HOUR) for seconds in loaded.values()]
        rows.append((f"{size:,}", *cells))
    return f"## Beyond what was measured\n\n{prose(SAID)}\n{table(head, rows)}"
