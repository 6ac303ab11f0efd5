"""What the page tells of questions: how many are within the bound, which are not, and all of them."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import exp, log
from statistics import median, quantiles
from typing import Any

from measuring.askers import ONCE
from measuring.page_tables import missed, number, prose, table
from measuring.place import Place
from measuring.questions import ENGINES, THINGS

OURS = ENGINES[0]
MILLISECONDS, TIMES = 100.0, 1.2
"""The bound: a 95th percentile, or so many times the fastest of the others."""
SAID = """\
Each question of the catalogue, asked of all and, where it can be, of one thing: {things}. Ours is what
`careatlas.graph.answer` takes to give the rows, Oxigraph the same engine without us, and that of a server ends with the last
byte of its answer; each has been asked before, since servers keep plans and the first reads from the disk for all. In each turn a question is asked up to
five times within a quarter of a second, and only in one turn where it took over {once:.0f} s. The bound is a 95th percentile of {milliseconds:.0f} ms, or a median of {times} times the fastest of the
others that give as many rows.
"""


@dataclass(frozen=True)
class Asked:
    """A question in each engine."""

    name: str
    engines: dict[str, dict[str, Any]]

    @property
    def rows(self) -> int | None:
        """How many rows we give."""
        found = self.engines.get(OURS, {}).get("rows")
        return None if found is None else int(found)

    def milliseconds(self, engine: str) -> float | None:
        """The median of an engine's turns, if it answers."""
        turns = self.engines.get(engine, {}).get("turns")
        return 1000 * median(median(turn) for turn in turns) if turns else None

    @property
    def slow(self) -> float:
        """Our 95th percentile."""
        times: list[float] = [1000 * one for turn in self.engines[OURS]["turns"] for one in turn]
        return quantiles(times, n=20, method="inclusive")[-1] if len(times) > 1 else times[0]

    def agrees(self, engine: str) -> bool:
        """Whether an engine gives as many rows as we do."""
        return bool(self.engines.get(engine, {}).get("rows") == self.rows)

    @property
    def fastest(self) -> tuple[str, float] | None:
        """The fastest of the others, and how many times as long we take."""
        ours = self.milliseconds(OURS)
        others = [
            (its, engine)
            for engine in ENGINES[1:]
            if self.agrees(engine) and (its := self.milliseconds(engine))
        ]
        if not others or ours is None:
            return None
        its, engine = min(others)
        return engine, ours / its

    @property
    def is_within(self) -> bool:
        """Whether it is within the bound."""
        if self.milliseconds(OURS) is None:
            return False
        return self.slow <= MILLISECONDS or bool(self.fastest and self.fastest[1] <= TIMES)


def questions(places: list[Place]) -> Iterator[str]:
    """The section, world by world."""
    found = [
        (place, [Asked(name, told) for name, told in sorted(place.read("questions").items())])
        for place in places
    ]
    measured = [(place, asked) for place, asked in found if any(OURS in a.engines for a in asked)]
    if not measured:
        return
    things = ", ".join(f"{kind} {thing}" for kind, thing in THINGS.items())
    said = SAID.format(things=things, once=ONCE, milliseconds=MILLISECONDS, times=TIMES)
    head = ("world", "questions", "within the bound", f"p95 up to {MILLISECONDS:.0f} ms")
    rows = []
    for place, asked in measured:
        within = sum(one.is_within for one in asked)
        quick = sum(one.rows is not None and one.slow <= MILLISECONDS for one in asked)
        shown = missed(str(within), within < len(asked))
        rows.append((f"{place.size:,}", str(len(asked)), shown, str(quick)))
    yield f"## Questions\n\n{prose(said)}\n{table(head, rows)}"
    engines = [row for place, asked in measured for row in _engines(place, asked)]
    columns = ("world", "engine", "answered", "as many rows", "times ours", "MB", "not answered")
    yield table(columns, engines)
    for place, asked in measured:
        yield f"### Questions at {place.size:,}\n\n{_all(asked)}"


def _engines(place: Place, asked: list[Asked]) -> Iterator[tuple[str, ...]]:
    memory = place.read("questions-memory")
    for engine in ENGINES:
        if reason := memory.get(engine, {}).get("not_run"):
            yield (f"{place.size:,}", engine, "", "", "", "", reason)
            continue
        told = [one for one in asked if engine in one.engines]
        done = [one for one in told if one.milliseconds(engine) is not None]
        if not told:
            continue
        ratios = [
            log(its / ours)
            for one in done
            if one.agrees(engine)
            and (its := one.milliseconds(engine))
            and (ours := one.milliseconds(OURS))
        ]
        problems = [one.engines[engine]["problem"] for one in told if one not in done]
        late = sum(problem.startswith("over ") for problem in problems)
        reasons = [f"{late} too late"] if late else []
        reasons += [f"{len(problems) - late} with an error"] if len(problems) > late else []
        turns = memory.get(engine, {}).get("turns", [])
        yield (
            f"{place.size:,}",
            engine,
            f"{len(done)} of {len(told)}",
            str(sum(one.agrees(engine) for one in done)),
            number(exp(sum(ratios) / len(ratios))) if ratios and engine != OURS else "",
            number(max(turns), 0) if turns else "",
            ", ".join(reasons),
        )


def _all(asked: list[Asked]) -> str:
    engines = [engine for engine in ENGINES if any(engine in one.engines for one in asked)]
    others = engines[1:]
    rows = []
    for one in asked:
        if one.milliseconds(OURS) is None:
            problem = one.engines.get(OURS, {}).get("problem", "not asked")
            rows.append((one.name, "", missed(problem, True), "", *["" for _ in others], "", ""))
            continue
        engine, times = one.fastest or ("", 0.0)
        rows.append(
            (
                one.name,
                number(one.rows, 0),
                number(one.milliseconds(OURS), 1),
                missed(number(one.slow, 1), not one.is_within),
                *(_cell(one, other) for other in others),
                engine,
                missed(number(times), not one.is_within) if engine else "",
            )
        )
    head = ("question", "rows", "ours, ms", "p95", *others, "fastest other", "times it")
    return table(head, rows)


def _cell(one: Asked, engine: str) -> str:
    """The milliseconds of an engine, with the number of its rows where that is another."""
    told = one.engines.get(engine, {})
    spent = one.milliseconds(engine)
    if spent is None:
        problem = str(told.get("problem", ""))
        return problem if problem.startswith("over ") else "error" if problem else ""
    other = "" if one.agrees(engine) else f" ({number(told.get('rows'), 0)} rows)"
    return f"{number(spent, 1)}{other}"
