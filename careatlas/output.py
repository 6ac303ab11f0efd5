"""Output: tables for people on a terminal, CSV and JSON for programs."""

import json
import os
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.graph.table import write_csv

if TYPE_CHECKING:
    from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

    from careatlas.graph.answer import Answer
    from careatlas.graph.findings import Finding

Rows = Sequence[Sequence[str]]
NUMBER = re.compile(r"-?\d+(\.\d+)?")
READABLE = 24
"""A column of a table that is narrower than this cannot hold a name without breaking words."""


def chosen(kind: str | None) -> str:
    """The format asked for, else a table on a terminal and CSV in a pipe."""
    return kind or ("table" if sys.stdout.isatty() else "csv")


@contextmanager
def progress() -> Iterator[Callable[[str], None]]:
    """A spinner on a terminal that names the stage; silence in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    with Console(stderr=True).status("") as status:
        yield status.update


@contextmanager
def settle() -> Iterator[None]:
    """See that all is written when the command ends, and that what cannot be is not tried again."""
    # A stream that the caller closed is None; print would then write to the other one.
    sys.stdout = sys.stdout or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    sys.stderr = sys.stderr or Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115
    try:
        yield
    finally:
        try:
            sys.stdout.flush()
        except OSError:
            with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
                os.dup2(nowhere.fileno(), sys.stdout.fileno())
            raise


def plain(problem: object) -> str:
    """An error in one line without control characters."""
    said = str(problem)
    if isinstance(problem, OSError) and isinstance(problem.filename, str | Path):
        said = f"{problem.filename}: {str(problem.strerror).lower()}"
    return _one_line(" ".join(said.split()))


def say(message: object) -> None:
    """Say one plain line to the person, beside what is written to stdout."""
    print(plain(message), file=sys.stderr)


def write(columns: Sequence[str], rows: Rows, kind: str | None) -> None:
    """Write rows in the format asked for."""
    form = chosen(kind)
    if form == "json":
        objects = [dict(zip(columns, row, strict=True)) for row in rows]
        print(json.dumps(objects, ensure_ascii=False, indent=2))
    elif form == "csv":
        write_csv(sys.stdout, columns, rows)
    else:
        _table(columns, rows)


def _table(columns: Sequence[str], rows: Rows) -> None:
    """A table where the columns fit the terminal, else one block of lines for each row."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    console = Console()
    shown = [at for at, _ in enumerate(columns) if any(row[at] for row in rows)]
    shown = shown or list(range(len(columns)))
    widths = [max(len(columns[at]), *(len(row[at]) for row in rows), 1) for at in shown]
    if sum(min(width, READABLE) + 2 for width in widths) > console.width:
        for row in rows:
            for at in shown:
                if row[at]:
                    name = columns[at].replace("_", " ")
                    console.print(
                        Text.assemble((f"{name}: ", "dim"), _one_line(row[at])), soft_wrap=True
                    )
            console.print()
        return
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for at in shown:
        numeric = all(NUMBER.fullmatch(row[at]) for row in rows if row[at])
        table.add_column(
            columns[at].replace("_", " "), overflow="fold", justify="right" if numeric else "left"
        )
    for row in rows:
        table.add_row(*(Text(_one_line(row[at])) for at in shown))
    console.print(table)


def _one_line(value: str) -> str:
    """The text without control characters, so that data cannot steer a terminal."""
    return "".join(
        letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in value
    )


def card(answer: "Answer", release: str, kind: str | None) -> None:
    """Write an answer: as a card for people and in JSON, as bare rows in CSV."""
    form = chosen(kind)
    if not answer.rows:
        print(
            "careatlas: no row: nothing in this release says so, which is not a no", file=sys.stderr
        )
    if form == "csv":
        write(answer.columns, answer.rows, "csv")
        return
    if form == "json":
        whole = {
            "question": answer.question.name,
            "title": answer.question.title,
            "release": release,
            "columns": list(answer.columns),
            "rows": [dict(zip(answer.columns, row, strict=True)) for row in answer.rows],
            "counting_rule": answer.question.description,
            "cohort": asdict(answer.cohort) if answer.cohort else None,
            "not_known": list(answer.not_known),
            "query": answer.query,
        }
        print(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    from rich.console import Console
    from rich.text import Text

    from careatlas.graph.answer import said

    console = Console()
    console.print(Text(answer.question.title, style="bold"))
    shown = [at for at, name in enumerate(answer.columns) if name in answer.question.shown]
    write(
        [answer.columns[at] for at in shown],
        [[row[at] for at in shown] for row in answer.rows],
        "table",
    )
    lines = [("Rows", str(len(answer.rows))), ("How it is counted", answer.question.description)]
    if answer.cohort:
        lines.append(("Who was asked", said(answer.cohort)))
    lines += [("Not known", gap) for gap in answer.not_known]
    lines.append(("Release", release))
    for name, value in lines:
        console.print(Text.assemble((f"{name}: ", "bold"), value))
    console.print(Text("All columns: --format csv or json; the query: --show-query", style="dim"))


def result(found: "QuerySolutions | QueryBoolean | QueryTriples", kind: str | None) -> None:
    """Write what a SPARQL query gave: rows, yes or no, or Turtle."""
    from pyoxigraph import QueryBoolean, QuerySolutions, RdfFormat, serialize

    from careatlas.graph.answer import cell
    from careatlas.graph.export import PREFIXES

    if isinstance(found, QuerySolutions):
        columns = [variable.value for variable in found.variables]
        write(columns, [[cell(value) for value in row] for row in found], kind)
    elif isinstance(found, QueryBoolean):
        print("true" if found else "false")
    else:
        text = serialize(found, format=RdfFormat.TURTLE, prefixes=PREFIXES)
        print((text or b"").decode(), end="")


def findings(found: "Sequence[Finding]", kind: str) -> None:
    """Write findings as text by rule, or as rows."""
    rows = [(one.severity, one.rule, one.focus, one.message) for one in found]
    if kind in {"csv", "json"}:
        write(("severity", "rule", "focus", "message"), rows, kind)
        return
    from careatlas.graph.findings import SEVERITIES, count

    for severity in SEVERITIES:
        for one in found:
            if one.severity == severity:
                print(one)
    tally = count(found)
    print(", ".join(f"{name} {tally[name]}" for name in SEVERITIES))
