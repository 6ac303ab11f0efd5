"""What Virtuoso is told and says in other words than SPARQL 1.1: default graph, ASK and flags.

Its answers are its own: it ends some queries with an error, and gives other rows for some. So a
question of the catalogue is not left to it, but asked here on the statements that it gives.
"""

import json
import re

from careatlas.graph.engine_wire import Body
from careatlas.graph.terms import XSD

DEFAULT = "https://w3id.org/careatlas/id/graph/default"
"""The graph that stands for the default graph, which Virtuoso takes for the union of all."""
_CONSTANT = re.compile(r"\bGRAPH\s+<([^<>\s]+)>", re.IGNORECASE)
_ANY = re.compile(r"\bGRAPH\s+[?$]", re.IGNORECASE)
_FLAGS = {"0": "false", "1": "true"}
"""What it says of a flag that was stated."""


def dataset(query: str) -> dict[str, str | list[str]]:
    """The dataset that a query is asked of, by the fields of the SPARQL Protocol."""
    given: dict[str, str | list[str]] = {"default-graph-uri": DEFAULT}
    if (named := _CONSTANT.findall(query)) and not _ANY.search(query):
        given["named-graph-uri"] = sorted(set(named))
    return given


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
