"""What a tool says in plain text: for clients that show a model nothing but that."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Any

from careatlas.graph.export import PREFIXES
from careatlas.graph.questions import Question
from careatlas.service.evidence import cited

BUDGET = 12_000
"""Characters of rows in a text; where there are more, the text says how to get them."""
CELL = 500
"""A longer cell ends in an ellipsis; the structured content has it whole."""


_FLAG = re.compile(r"--([a-z]+(?:-[a-z]+)*)")


def plainly(text: str) -> str:
    """A text that names flags of the command, with the arguments of a tool in their place.

    >>> plainly("only with --as-of")
    'only with as_of'
    """
    return _FLAG.sub(lambda match: match[1].replace("-", "_"), text)


def table(columns: Sequence[str], rows: Sequence[dict[str, Any]]) -> tuple[str, int]:
    """As many rows as fit, in CSV under their columns, and how many these are."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(columns)
    shown = 0
    for row in rows:
        before = out.tell()
        writer.writerow([_cell(row.get(name)) for name in columns])
        if out.tell() > BUDGET and shown:
            return out.getvalue()[:before], shown
        shown += 1
    return out.getvalue(), shown


def _cell(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= CELL else f"{text[:CELL]}…"


def short(iri: str) -> str:
    """An IRI with a prefix where it has one."""
    for prefix, start in PREFIXES.items():
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


def card(question: Question, found: dict[str, Any]) -> str:
    """An answer in plain text: rows with their evidence, who was asked, what is not known."""
    rows, offset = found["rows"], found["offset"]
    columns = [name for name, kind in question.columns.items() if kind != "iri"]
    lines = [found["title"]]
    if not found["total"]:
        lines.append("No row: nothing in this release says so, which is not a no.")
    elif not rows:
        lines.append(f"No row from {offset + 1} on: the answer has {found['total']}.")
    else:
        text, shown = table(columns, rows)
        end = offset + shown
        lines.append(f"Rows {offset + 1} to {end} of {found['total']}:")
        lines += [text.rstrip("\n")]
        if end < found["total"]:
            lines.append(f"For the rows that follow ask again with offset {end}.")
        lines += sources(found["sources"], rows[:shown])
    if cohort := found["cohort"]:
        counts = ", ".join(
            f"{name.replace('_', ' ')} {count}" for name, count in cohort.items() if name != "name"
        )
        lines.append(f"Who was asked ({cohort['name']}): {counts}")
    lines += [f"Not known: {plainly(gap)}" for gap in found["not_known"]]
    lines.append(f"How it is counted: {plainly(found['counting_rule'])}")
    lines.append(f"Release {found['release']}")
    return "\n".join(lines)


def sources(known: dict[str, dict[str, Any]], rows: Sequence[dict[str, Any]]) -> list[str]:
    """A line for each document that these rows cite."""
    return [
        f"Source {key}: {', '.join(str(part) for part in (said['title'], said['published'], said['url']) if part)}"
        for key in cited(rows)
        if (said := known.get(key))
    ]


def found(text: str, things: Sequence[dict[str, Any]]) -> str:
    """What a search found, one thing a line."""
    if not things:
        return f"Nothing is called anything like {text!r}. This is no proof that it is not there."
    return "\n".join(f"{one['name']} ({', '.join(one['kinds'])}) {one['iri']}" for one in things)


def description(thing: dict[str, Any]) -> str:
    """What is said of a thing, in plain text."""
    lines = [f"{thing['name'] or 'unnamed'} <{thing['iri']}>"]
    for name, title in (
        ("statements", "What is stated of it"),
        ("claims", "Where that stands"),
        ("referred_to_by", "What refers to it"),
    ):
        entries = [
            one | {"property": short(one["property"])} if "property" in one else one
            for one in thing[name]
        ]
        if not entries:
            continue
        text, shown = table(list(entries[0]), entries)
        more = shown < len(entries) or name in thing["goes_on"]
        lines += [
            f"{title}{f' (the first {shown}; there are more)' if more else ''}:",
            text.rstrip("\n"),
        ]
    lines += sources(thing["sources"], [*thing["statements"], *thing["claims"]])
    lines.append(f"Release {thing['release']}")
    return "\n".join(lines)


def result(found: dict[str, Any], limit: int) -> str:
    """What a query gave, in plain text."""
    if "boolean" in found:
        return str(found["boolean"]).lower()
    text, shown = table(found["columns"], found["rows"])
    if found["complete"] and shown == len(found["rows"]):
        return f"Rows: {shown}\n{text}"
    if found["complete"]:
        cut = f"of {len(found['rows'])}; this text holds no more"
    else:
        cut = f"and there are more: at most {limit} are given here"
    return f"The first {shown} rows, {cut}. Use ORDER BY, LIMIT and OFFSET for the rest.\n{text}"


def question(found: dict[str, Any]) -> str:
    """A question, or the catalogue, in plain text."""
    questions = found["questions"]
    if len(questions) == 1 and "sparql" in questions[0]:
        one = questions[0]
        return "\n".join(
            [
                f"{one['name']}: {one['title']}",
                f"Parameters: {', '.join(one['parameters'])}",
                f"Columns: {', '.join(one['columns'])}",
                f"How it is counted: {plainly(one['counting_rule'])}",
                *(f"Not known: {plainly(gap)}" for gap in one["not_known"]),
                one["sparql"],
            ]
        )
    return "\n".join(
        f"{one['name']}: {one['title']} ({', '.join(one['parameters'])})" for one in questions
    )
