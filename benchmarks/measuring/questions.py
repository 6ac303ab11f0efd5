"""Each question of the catalogue, asked of all and of one thing, in every engine in turn."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from statistics import median
from typing import Any

from careatlas.graph.answer import bind
from careatlas.graph.labels import Labels
from careatlas.graph.questions import catalogue
from measuring.askers import ONCE, Asker, asker, not_there
from measuring.place import Place

ENGINES = ("careatlas", "Oxigraph", "Oxigraph server", "Virtuoso", "rdflib")
THINGS = {"organisation": "RR8", "trust": "RR8", "vendor": "Brainomix", "product": "RapidAI"}
"""A thing of each kind that every world has, by a name that people know it by."""
_KEPT_EVERY = 10


def asked(place: Place) -> Iterator[tuple[str, str]]:
    """Each question with what it is bound to, and its query."""
    labels = Labels(place.release.labels)
    for question in catalogue():
        if place.options.questions and question.name not in place.options.questions:
            continue
        yield question.name, bind(question, {}, labels)
        for parameter in question.parameters:
            if parameter.type in THINGS:
                values = {parameter.name: THINGS[parameter.type]}
                yield f"{question.name} {parameter.name}", bind(question, values, labels)


def measure(place: Place) -> None:
    """Ask all engines one question after the other, in turn, each time beginning with another engine."""
    queries = dict(asked(place))
    _read(place)
    found, memory = place.read("questions"), place.read("questions-memory")
    with ExitStack() as stack:
        engines: dict[str, Asker] = {}
        for engine in filter(place.options.wants, ENGINES):
            told = memory.setdefault(engine, {"turns": []})
            told["not_run"] = not_there(place, engine)
            if not told["not_run"]:
                engines[engine] = asker(place, engine)
                stack.callback(engines[engine].close)
        for turn in range(place.options.turns):
            for number, (key, query) in enumerate(queries.items()):
                for engine, one in _from(list(engines.items()), number):
                    told = found.setdefault(key, {}).setdefault(engine, {"turns": []})
                    if _is_due(told, turn):
                        _add(told, one.ask(query))
                if number % _KEPT_EVERY == 0:
                    place.write("questions", found)
            place.write("questions", found)
            sys.stdout.write(f"{place.size} questions: {len(queries)} asked, turn {turn + 1}\n")
            sys.stdout.flush()
        for engine, one in engines.items():
            reached = max([one.megabytes(), *memory[engine]["turns"]])
            memory[engine]["turns"] = [reached]
    place.write("questions-memory", memory)


def _read(place: Place) -> None:
    """Read all files of the engines, so that none of them has to wait for the disk."""
    for folder in (place.release.path, *(place.folder / name for name in ("oxigraph", "virtuoso"))):
        for path in filter(Path.is_file, folder.rglob("*")):
            path.read_bytes()


def _from(engines: list[tuple[str, Asker]], number: int) -> list[tuple[str, Asker]]:
    first = number % max(1, len(engines))
    return engines[first:] + engines[:first]


def _is_due(told: dict[str, Any], turn: int) -> bool:
    if "problem" in told or len(told["turns"]) > turn:
        return False
    return not told["turns"] or median(told["turns"][0]) <= ONCE


def _add(told: dict[str, Any], one: dict[str, Any]) -> None:
    if "problem" in one:
        told["problem"] = one["problem"]
    else:
        told["turns"].append([round(seconds, 6) for seconds in one["seconds"]])
        told["rows"] = one["rows"]
