"""The page of what was measured, from the figures that are kept: docs/performance.md."""

from collections.abc import Iterator
from itertools import pairwise
from math import log
from pathlib import Path
from typing import Any

from measuring.page_beyond import beyond
from measuring.page_questions import questions
from measuring.page_tables import Figures, medians, missed, number, prose, ratio, table
from measuring.place import Place

LOAD_RATIO, LOAD_MEMORY, LOAD_SIZE = 1.2, 3_000, 10_000_000
"""Times the raw engine, and megabytes on a world of this size."""
FASTER, FASTER_SIZE = 10.0, 1_000_000
"""How many times as fast as pySHACL we validate a world of this size."""
HEAD = """\
# Performance

`python benchmarks/suite.py --write docs/performance.md` measures all of this and writes this page; nothing here is
written by hand. For each size it grows a world in the shape of the real graph, with trusts, networks, vendors, products,
answers, notices and a register of organisations, and builds its release. Then it measures one engine after the other,
in turn and each in a process of its own; what counts is the median of the turns. Memory is the most that the process, or
the server, ever held. Each statement of a release stands in its named graphs and once in the default graph, and every
engine is given both, unless a line says otherwise. A figure in bold is beyond its bound.

Oxigraph's server brings an allocator of its own. Where the system names another, such as jemalloc, the run was started with
it in `LD_PRELOAD`, as the [guide to the service](service.md) advises, and all engines had it.
"""
LOADED = """\
Ours is given the named graphs and makes the default graph of them; Oxigraph, its server and Virtuoso are given files of
both. rdflib is given the named graphs alone, since its default graph is their union. The bound is {ratio} times Oxigraph,
and {memory:,} MB on a world of {size:,} statements.
"""
BUILT = """\
The world is built once. The growth of a stage is how many times as long it takes as on the world before, and in
brackets that divided by the growth of n log n: the bound is 1, but for stages of less than a second.
"""
CHANGED = """\
A source of a thousand statements comes, comes in another state, and goes, in seconds of the processor and as a part of
those of the build. When all is gone the release must be the one before.
"""
ENDPOINT = """\
Seven questions of the catalogue over 16 connections. To `ours, new` and the others each query is new; `ours` keeps its
answers, as in service. Memory is that of the server with its workers, each counted whole.
"""
EXPORTED = """\
A made-up network of as many edges is written as GEXF. networkx holds it whole, so that it is given a smaller one.
"""


def rendered(home: Path) -> tuple[str, list[str]]:
    """The page, and which of our own tasks failed."""
    sizes = sorted(int(folder.name) for folder in (home / "results").glob("*"))
    places = [Place(home, size) for size in sizes]
    sections = [
        _machines(places),
        _load(places),
        _build(places),
        _validate(places),
        _change(places),
        *questions(places),
        _endpoint(places),
        _exports(places),
        beyond(places),
    ]
    failed = [
        f"{place.size} {name}: {told['not_run']}"
        for place in places
        for name in ("build", "load", "validate", "validate-sample", "change", "exports")
        if (told := place.read(name).get("careatlas", {})).get("not_run")
    ]
    return "\n".join([HEAD, *filter(None, sections)]), failed


def _machines(places: list[Place]) -> str:
    rows: list[tuple[str, ...]] = []
    versions: dict[str, str] = {}
    for place in places:
        told = place.read("machine")
        versions |= told["versions"]
        built = medians(place.read("build"))["careatlas"]
        python = f"Python {told['python']}"
        rows.append(
            (
                f"{place.size:,}",
                number(built.get("statements"), 0),
                f"{told['cores']} of {told['processor']}",
                f"{told['gigabytes']} GB",
                ", ".join(filter(None, (told["kernel"], python, told.get("allocator")))),
                str(told["turns"]),
                f"{told['limit']:,.0f} s, {told['question_limit']:,.0f} s a question",
                *([told["date"]] if told.get("date") else []),
            )
        )
    head: tuple[str, ...] = (
        "world",
        "statements",
        "processor",
        "memory",
        "system",
        "turns",
        "limits",
    )
    head += ("day",) if any(len(row) > len(head) for row in rows) else ()
    said = ", ".join(f"{name} {version}" for name, version in sorted(versions.items()))
    return f"## What it was measured on\n\n{table(head, rows)}\n{prose(f'Versions: {said}.')}"


def _by_engine(place: Place, name: str, beside: str) -> Iterator[tuple[str, ...]]:
    """The rows of a measurement: engine, seconds, times ours or those of another, and memory."""
    found = place.read(name)
    for engine, told in medians(found).items():
        if "seconds" in told:
            times = ratio(found, engine, beside)
            yield (
                f"{place.size:,}",
                engine,
                number(told["seconds"]),
                number(times) if times and engine != beside else "",
                number(told["megabytes"], 0),
            )
        else:
            yield (f"{place.size:,}", engine, str(told.get("not_run", "")), "", "")


def _load(places: list[Place]) -> str:
    rows: list[tuple[str, ...]] = []
    for place in places:
        for size, engine, seconds, times, megabytes in _by_engine(place, "load", "Oxigraph"):
            if engine == "careatlas":
                slow = bool(times) and float(times.replace(",", "")) > LOAD_RATIO
                much = medians(place.read("load"))[engine].get("megabytes", 0) > LOAD_MEMORY
                times = missed(times, slow)  # noqa: PLW2901 - the same cell
                megabytes = missed(megabytes, much and place.size >= LOAD_SIZE)  # noqa: PLW2901
            rows.append((size, engine, seconds, times, megabytes))
    if not rows:
        return ""
    said = LOADED.format(ratio=LOAD_RATIO, memory=LOAD_MEMORY, size=LOAD_SIZE)
    head = ("world", "engine", "seconds", "times Oxigraph", "MB")
    return f"## Load\n\n{prose(said)}\n{table(head, rows)}"


def _build(places: list[Place]) -> str:
    built = [(place, medians(place.read("build"))["careatlas"]) for place in places]
    stages = list(dict.fromkeys(stage for _, told in built for stage in told.get("stages", {})))
    if not stages:
        return ""

    def seconds(told: Figures, stage: str) -> float:
        return float(told["seconds"] if stage == "whole" else told["stages"].get(stage, 0.0))

    rows: list[tuple[str, ...]] = []
    for stage in (*stages, "whole"):
        cells = [number(seconds(told, stage)) for _, told in built]
        for (_, less), (_, more) in pairwise(built):
            times = seconds(more, stage) / max(seconds(less, stage), 0.01)
            few, many = less["statements"], more["statements"]
            part = times / (many * log(many) / (few * log(few)))
            shown = f"{times:.1f} ({part:.2f})"
            cells.append(missed(shown, part > 1 and seconds(more, stage) >= 1))
        rows.append((stage, *cells))
    rows.append(("MB", *(number(told["megabytes"], 0) for _, told in built)))
    head = ["stage", *(f"{place.size:,}" for place in places)]
    head += [f"growth to {place.size:,}" for place in places[1:]]
    width = len(head)
    padded = [(*row, *[""] * (width - len(row))) for row in rows]
    return f"## Build\n\n{BUILT}\n{table(head, padded)}"


def _validate(places: list[Place]) -> str:
    rows: list[tuple[str, ...]] = []
    for place in places:
        for name, what in (("validate", "all"), ("validate-sample", "a sample")):
            found = place.read(name)
            told = medians(found)
            ours, theirs = told.get("careatlas", {}), told.get("pySHACL", {})
            if "seconds" not in ours:
                continue
            times = ratio(found, "pySHACL", "careatlas")
            same = ours.get("digest") == theirs.get("digest")
            rows.append(
                (
                    f"{place.size:,}",
                    what,
                    number(ours["seconds"]),
                    number(theirs.get("seconds")) or str(theirs.get("not_run", "")),
                    missed(number(times, 1), times < FASTER and place.size >= FASTER_SIZE)
                    if times
                    else "",
                    f"{number(ours['megabytes'], 0)} / {number(theirs.get('megabytes'), 0)}",
                    missed("yes" if same else "no", not same) if "digest" in theirs else "",
                    number(ours["findings"], 0),
                )
            )
    head = ("world", "of", "ours", "pySHACL", "times", "MB", "reports equal", "findings")
    said = (
        f"By the shapes, in seconds; the bound is {FASTER:.0f} times as fast on {FASTER_SIZE:,} statements, and equal "
        "reports: severity, rule and focus. Where the world is large, both are also given the same "
        "random sample of its parts, and the ratio is that on these parts."
    )
    return f"## Validation\n\n{prose(said)}\n{table(head, rows)}" if rows else ""


def _change(places: list[Place]) -> str:
    rows: list[tuple[str, ...]] = []
    for place in places:
        turns = place.read("change").get("careatlas", {}).get("turns", [])
        build = medians(place.read("build"))["careatlas"].get("processor", 0.0)
        told = medians({"changes": {"turns": [turn["changes"] for turn in turns]}})["changes"]
        same = all(turn["same"] for turn in turns)
        for name, seconds in told.items():
            part = f"1/{build / seconds:.0f}" if seconds else ""
            rows.append(
                (
                    f"{place.size:,}",
                    name,
                    number(seconds),
                    part,
                    missed("yes" if same else "no", not same),
                )
            )
    head = ("world", "a source of", "seconds", "of the build", "the same at last")
    return f"## Change\n\n{CHANGED}\n{table(head, rows)}" if rows else ""


def _endpoint(places: list[Place]) -> str:
    rows: list[tuple[str, ...]] = []
    for place in places:
        found: dict[str, Any] = place.read("endpoint")
        size = f"{place.size:,}"
        for name, told in found.get("servers", {}).items():
            rows.append(
                (
                    size,
                    name,
                    number(told["a_second"], 0),
                    number(told["p95"] * 1000, 0),
                    str(told["failed"]),
                    number(told["megabytes"], 0),
                )
            )
        not_run = found.get("not_run", {})
        reasons = not_run if isinstance(not_run, dict) else {"all": not_run}
        rows += [(size, name, reason, "", "", "") for name, reason in reasons.items()]
    head = ("world", "server", "answers a second", "p95, ms", "errors", "MB")
    return f"## Endpoint\n\n{ENDPOINT}\n{table(head, rows)}" if rows else ""


def _exports(places: list[Place]) -> str:
    rows: list[tuple[str, ...]] = []
    for place in places:
        for engine, told in medians(place.read("exports")).items():
            edges, seconds = told.get("edges", 0), told.get("seconds", 0)
            cells = (
                (number(edges, 0), number(seconds), number(edges / seconds, 0)) if seconds else ()
            )
            memory = (number(told["megabytes"], 0),) if seconds else ()
            rows.append(
                (f"{place.size:,}", engine.split(",")[0], *cells, *memory)
                if cells
                else (f"{place.size:,}", engine, str(told.get("not_run")), "", "", "")
            )
    head = ("world", "by", "edges", "seconds", "edges a second", "MB")
    return f"## Exports\n\n{EXPORTED}\n{table(head, rows)}" if rows else ""
