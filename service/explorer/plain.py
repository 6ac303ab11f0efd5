"""Plain pages in HTML: they need no script, fetch nothing from elsewhere, and print well."""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import groupby
from typing import Any, NamedTuple
from urllib.parse import quote

from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS, ID
from careatlas.service.explorer.links import graph_title, local
from careatlas.service.explorer.rendering import render

Row = Mapping[str, Mapping[str, str]]
_ROOT = ID.removesuffix("id/")
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_WORDS = {
    "http://www.w3.org/2004/02/skos/core#altLabel": "also called",
    "http://www.w3.org/2004/02/skos/core#prefLabel": "label",
}
_FORMATS = {
    "text/turtle": "Turtle",
    "application/n-triples": "N-Triples",
    "application/rdf+xml": "RDF/XML",
    "application/ld+json": "JSON-LD",
}


class Opened(NamedTuple):
    """The beginning of a page, and what the page is called where the thing has no name."""

    html: str
    title: str = ""


_NOTHING = Opened("")
MOST = 500
"""So many links to a thing are shown; the endpoint gives the others."""


def page(title: str, body: str, head: str = "") -> str:
    """A whole page."""
    return render("plain.html", title=title, body=body, head=head)


def _link(url: str, text: str) -> str:
    return f'<a href="{escape(url)}">{escape(text)}</a>'


def _table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table of cells that are HTML; the first of a row names it."""
    body = "".join(
        f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>\n'
        for first, *rest in rows
    )
    top = "".join(f'<th scope="col">{escape(head)}</th>' for head in heads)
    return (
        '<div class="scroll" role="region" aria-label="Table" tabindex="0">'
        f"<table><thead><tr>{top}</tr></thead><tbody>\n{body}</tbody></table></div>\n"
    )


def graph_list(release: str, graphs: Sequence[Mapping[str, Any]]) -> str:
    """The page of all graphs."""
    rows = (
        (
            f"{escape(graph['title'] or '')}<br><small><code>{escape(graph['graph'])}</code></small>",
            str(graph["triples"]),
            _link(f"/graphs?graph={quote(graph['graph'], safe='')}", "Statements"),
        )
        for graph in graphs
    )
    return page(
        "Graphs",
        f"<p>Release <code>{escape(release)}</code>. Each version of a document has a graph of "
        "its own; what was not said by one is in the graphs of Careatlas. "
        '<a href="/graphs?default">All of them together</a>.</p>\n'
        + _table(("Graph", "Statements", ""), rows),
    )


def about(
    iri: str,
    alternates: Sequence[tuple[str, str]],
    found: Sequence[Row],
    release: Release,
    told: Opened = _NOTHING,
) -> str:
    """The page about one thing: what is said of it, on what evidence, and what points to it.

    What the catalogue tells of it comes first; all else is then folded away. What has no name of
    its own is called as the catalogue does.
    """
    own = [row for row in found if row["to"]["value"] == iri]
    facts = sorted((row for row in found if "graph" in row), key=_order)
    others = sorted((row for row in found if "graph" not in row and row not in own), key=_order)
    kinds = {_thing(row) for row in facts if row["to"]["value"] == _TYPE}
    proofs = [row for row in facts if row["to"]["value"] == f"{ATLAS}supportedBy"]
    named = next((row["name"]["value"] for row in own if "name" in row), iri.removeprefix(_ROOT))
    title = told.title or named
    shown = {_TYPE, f"{ATLAS}supportedBy"}
    plain = [
        row
        for row in facts
        if row["to"]["value"] not in shown
        and (row["to"]["value"], row["near"]["value"]) != (_LABEL, named)
    ]
    forms = ", ".join(_link(url, _FORMATS[kind]) for kind, url in alternates)
    head = "".join(
        f'<link rel="alternate" type="{kind}" href="{escape(url)}">' for kind, url in alternates
    )
    intro = f"<p>{', '.join(sorted(kinds))}</p>\n"
    name = f'<p class="soft"><code>{escape(iri)}</code><br>As data: {forms}</p>\n'
    body = "<h2>Facts</h2>\n" + _table(
        ("Property", "Value", "Stated in"),
        (
            (_property(row), _thing(row) + _place(row, release), _graph(row, release))
            for row in plain
        ),
    )
    if proofs:
        body += "<h2>Evidence</h2>\n" + _list(proofs, release)
    if others:
        body += "<h2>What refers to it</h2>\n"
        for _, group in groupby(others, key=lambda row: row["to"]["value"]):
            rows = list(group)
            body += f"<h3>{_property(rows[0])} ({len(rows)})</h3>\n{_list(rows, release)}"
    if len(others) >= MOST:
        body += f"<p>The first {MOST} are shown; {_link('/sparql', 'the endpoint')} has all.</p>\n"
    if told.html:
        folded = "All facts, with their graphs, evidence and what refers to it"
        body = f"{told.html}<details><summary>{folded}</summary>\n{body}</details>\n{name}"
    else:
        body = name + body
    return page(title, intro + body, head)


def _order(row: Row) -> tuple[str, str, str, str]:
    name = row["name"]["value"] if "name" in row else ""
    graph = row["graph"]["value"] if "graph" in row else ""
    return (_said(row["to"]["value"], row), name, row["near"]["value"], graph)


def _list(rows: Sequence[Row], release: Release) -> str:
    kinds = (
        f"<small>{escape(row['kind']['value'])}</small> " if "kind" in row else "" for row in rows
    )
    items = (
        f"<li>{_thing(row)} {kind}{_place(row, release)}</li>\n"
        for row, kind in zip(rows, kinds, strict=True)
    )
    return f"<ul>\n{''.join(items)}</ul>\n"


def _said(iri: str, row: Row) -> str:
    if iri in _WORDS:
        return _WORDS[iri]
    if "means" in row:
        return row["means"]["value"]
    name = re.split(r"[/#]", iri)[-1]
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).lower()


def _property(row: Row) -> str:
    iri = row["to"]["value"]
    return _link(local(iri), _said(iri, row))


def _thing(row: Row) -> str:
    """A value: a thing by its name and with a link, or a text."""
    value = row["near"]
    text = value["value"]
    if value["type"] == "uri":
        named = row["name"]["value"] if "name" in row else text.removeprefix(ID).removeprefix(_ROOT)
        return _link(local(text), named)
    if value.get("datatype", "").endswith("#anyURI") and re.match(r"https?://", text):
        return _link(text, text)
    return escape(text)


def _place(row: Row, release: Release) -> str:
    """Where a claim stands: the place, and the document."""
    if "locator" not in row or "in" not in row:
        return ""
    document = row["in"]["value"]
    source = _link(local(document), graph_title(release, document) or document)
    return f"<br><small>{escape(row['locator']['value'])} · {source}</small>"


def _graph(row: Row, release: Release) -> str:
    graph = row["graph"]["value"]
    return f"<small>{_link(local(graph), graph_title(release, graph) or graph)}</small>"
