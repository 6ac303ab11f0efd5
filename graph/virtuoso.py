"""What Virtuoso is told in other words, and what it says in other words than SPARQL 1.1.

A parameter that is given stands in the query as its term, and a filter of one that is not given is
left out: Virtuoso takes long over `VALUES ?_x { UNDEF }`. What must have no value is a cast that
fails, since `1/0` ends the whole query there. Rows are put in their order here, by the engine of
this package, since Virtuoso puts long texts and texts of a language in another.
"""

import json
import re

from pyoxigraph import (
    Literal,
    NamedNode,
    QueryBoolean,
    QuerySolutions,
    QueryTriples,
    Store,
)

from careatlas.graph.engine_wire import Body
from careatlas.graph.terms import XSD

DEFAULT = "https://w3id.org/careatlas/id/graph/default"
"""The graph that stands for the default graph, which Virtuoso takes for the union of all."""
_CONSTANT = re.compile(r"\bGRAPH\s+<([^<>\s]+)>", re.IGNORECASE)
_ANY = re.compile(r"\bGRAPH\s+[?$]", re.IGNORECASE)
_TERM = r"""UNDEF|<[^<>\s]*>|"(?:[^"\\]|\\.)*"(?:\^\^<[^<>\s]*>|@[\w-]+)?"""
_GIVEN = re.compile(rf"VALUES \?(_\w+) \{{ ({_TERM}) \}}")
_START = re.compile(rf"VALUES \(\?_\w+ (\?\w+)\) \{{ \(({_TERM}) (?:{_TERM})\) \}}")
_SKIP = re.compile(r'"(?:[^"\\\n]|\\.)*"|<[^<>\s]*>')
_NOTHING = f'<{XSD}date>("none")'
_PARTS = {"YEAR": "1, 4", "MONTH": "6, 2", "DAY": "9, 2"}
_PART = re.compile(r"\b(YEAR|MONTH|DAY)\((\?\w+)\)")
_FLAGS = {"0": "false", "1": "true"}
"""What it says of a flag that was stated."""
_GAP = "\v"
"""Stands where something was left out."""
_LEFT_OUT = re.compile(rf"\s*{_GAP}[\s{_GAP}]*")
_TAIL = re.compile(r"\bORDER\s+BY\b[^{}]*\Z", re.IGNORECASE)
_VARIABLE = re.compile(r"[?$](\w+)")


def dataset(query: str) -> dict[str, str | list[str]]:
    """The dataset that a query is asked of, by the fields of the SPARQL Protocol."""
    given: dict[str, str | list[str]] = {"default-graph-uri": DEFAULT}
    if (named := _CONSTANT.findall(query)) and not _ANY.search(query):
        given["named-graph-uri"] = sorted(set(named))
    return given


def rewritten(query: str) -> str:
    """A query in the words that Virtuoso understands as they are meant."""
    terms = dict(_GIVEN.findall(query))
    text = _PART.sub(_part, query)
    text = _START.sub(_start, text)
    text = _GIVEN.sub(_GAP, text)
    for name, term in terms.items():
        if term == "UNDEF":
            text = _without(text, f"FILTER(!BOUND(?{name}) ||")
        text = re.sub(rf"!BOUND\(\?{name}\)", "(1=1)" if term == "UNDEF" else "(1=0)", text)
        text = re.sub(rf"\bBOUND\(\?{name}\)", "(1=0)" if term == "UNDEF" else "(1=1)", text)
        said = _NOTHING if term == "UNDEF" else term
        text = re.sub(rf"\?{name}\b", said.replace("\\", "\\\\"), text)
    text = re.sub(r"\b1/0\b", _NOTHING, text)
    text = re.sub(r"\bMINUS \{", "FILTER NOT EXISTS {", text)
    return _LEFT_OUT.sub(_ended, text).replace(" / ", " * 1.0 / ")


def _part(found: re.Match[str]) -> str:
    """A part of a day as text: the functions for it end a query in which there is no day."""
    return f"<{XSD}integer>(SUBSTR(STR({found[2]}), {_PARTS[found[1]]}))"


def _start(found: re.Match[str]) -> str:
    """What a query starts from, where that is given."""
    return _GAP if found[2] == "UNDEF" else f"VALUES {found[1]} {{ {found[2]} }}"


def _ended(found: re.Match[str]) -> str:
    """The end of the triples before what is left out, which parted them from those after it."""
    return "" if found.string[: found.start()][-1:] in "{}.)" else " . "


def _without(text: str, start: str) -> str:
    """The text without the filters that begin so: each holds whatever else it says."""
    while (at := text.find(start)) >= 0:
        text = text[:at] + _GAP + text[_closing(text, at + len("FILTER")) + 1 :]
    return text


def _closing(text: str, at: int) -> int:
    """Where the bracket that opens here is closed."""
    depth = 0
    while at < len(text):
        if skipped := _SKIP.match(text, at):
            at = skipped.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
        at += 1
    return at - 1


def parted(query: str) -> tuple[str, str]:
    """A query, and the order and limit at its end."""
    found = _TAIL.search(query)
    return (query[: found.start()], found[0]) if found else (query, "")


def ordered(
    found: QuerySolutions | QueryBoolean | QueryTriples, tail: str
) -> QuerySolutions | QueryBoolean | QueryTriples | None:
    """Rows in the order that a query wants; nothing where that needs what the rows do not have."""
    if not isinstance(found, QuerySolutions) or not tail:
        return found
    names = [variable.value for variable in found.variables]
    if set(_VARIABLE.findall(tail)) - set(names):
        return None
    rows = "\n".join(f"({' '.join(map(_said, row))})" for row in found)
    listed = " ".join(f"?{name}" for name in names)
    asked = f"SELECT {listed} WHERE {{ VALUES ({listed}) {{ {rows} }} }} {tail}"
    return Store().query(asked)


def _said(term: object) -> str:
    return str(term) if isinstance(term, NamedNode | Literal) else "UNDEF"


def plain(body: Body) -> Body:
    """Results in the form that the standard gives them."""
    try:
        told = json.loads(body.read())
        names, rows = told["head"]["vars"], told["results"]["bindings"]
    except (ValueError, LookupError, TypeError):
        body.seek(0)
        return body
    if names == ["__ASK_RETVAL"]:
        told = {"head": {}, "boolean": rows[0]["__ASK_RETVAL"]["value"] == "1"}
    for cell in (cell for row in rows for cell in row.values()):
        if cell.get("datatype") == f"{XSD}boolean":
            cell["value"] = _FLAGS.get(cell["value"], cell["value"])
    made = Body()
    made.write(json.dumps(told).encode())
    made.seek(0)
    return made
