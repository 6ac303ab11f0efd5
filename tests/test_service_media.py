"""Content negotiation: media types, formats by name, compression."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from careatlas.service.media import (
    ENCODINGS,
    GRAPH,
    ROWS,
    SHORT,
    best,
    content_type,
    encoding,
    negotiate,
    not_acceptable,
)
from careatlas.service.problems import Problem

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml"


@pytest.mark.parametrize(
    ("header", "rows", "graph"),
    [
        (None, JSON, "text/turtle"),
        ("", JSON, "text/turtle"),
        ("  ", JSON, "text/turtle"),
        ("*/*", JSON, "text/turtle"),
        ("*", JSON, "text/turtle"),
        ("text/csv", "text/csv", None),
        ("TEXT/CSV", "text/csv", None),
        ("Text/Turtle", None, "text/turtle"),
        ("text/*", "text/csv", "text/turtle"),
        ("application/*", JSON, "application/n-triples"),
        ("image/*", None, None),
        ("text/html", None, None),
        ("text/html, */*;q=0.1", JSON, "text/turtle"),
        ("text/csv;q=0.5, application/sparql-results+xml", XML, None),
        ("text/csv;q=0.5,application/sparql-results+xml;q=0.4", "text/csv", None),
        ("text/csv;q=0.5, text/*;q=0.1", "text/csv", "text/turtle"),
        ("text/csv;q=0.001, text/turtle;q=0.999", "text/csv", "text/turtle"),
        ("text/csv;Q=0.2, application/json;q=0.9", "application/json", None),
        ("text/csv ; q=0.2 , application/json ; q=0.9", "application/json", None),
        ("application/json;q=1.0, text/csv", "application/json", None),
        ("application/rdf+xml, text/turtle;q=0.9", None, "application/rdf+xml"),
        ("application/ld+json, */*;q=0.1", JSON, "application/ld+json"),
        ("text/csv;q=0", None, None),
        ("text/csv;q=0.0, text/tab-separated-values", "text/tab-separated-values", None),
        ("*/*;q=0", None, None),
        ("text/csv, */*;q=0", "text/csv", None),
        (f"*/*, {JSON};q=0", "application/json", "text/turtle"),
        ("*/*, application/*;q=0", "text/csv", "text/turtle"),
        ("text/turtle; charset=utf-8", None, "text/turtle"),
        ("text/csv; charset=utf-8; q=0.3, application/json; q=0.2", "text/csv", None),
        ("text/csv; header=present", "text/csv", None),
        ('application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"', None,
         "application/ld+json"),
        ('application/ld+json;profile="a,b;q=0";q=0.5, text/turtle;q=0.4', None,
         "application/ld+json"),
        ("text/csv;;q=0.5", "text/csv", None),
        ("text/csv,,,", "text/csv", None),
        (", text/csv", "text/csv", None),
        ("csv", None, None),
        ("/", None, None),
        ("text/", None, None),
        ("text/csv/more", None, None),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", JSON, "text/turtle"),
    ],
)  # fmt: skip
def test_the_media_type_that_a_client_likes_best(
    header: str | None, rows: str | None, graph: str | None
) -> None:
    assert negotiate(header, None) == {"rows": rows, "graph": graph}


@pytest.mark.parametrize(
    ("chosen", "rows", "graph"),
    [
        ("json", JSON, "application/ld+json"),
        ("xml", XML, "application/rdf+xml"),
        ("csv", "text/csv", None),
        ("TSV", "text/tab-separated-values", None),
        ("turtle", None, "text/turtle"),
        ("ttl", None, "text/turtle"),
        ("nt", None, "application/n-triples"),
        ("NTriples", None, "application/n-triples"),
        ("rdf", None, "application/rdf+xml"),
        ("jsonld", None, "application/ld+json"),
        ("trig", None, "application/trig"),
        ("nq", None, "application/n-quads"),
        ("text/csv", "text/csv", None),
        ("application/N-Quads", None, "application/n-quads"),
        (JSON, JSON, "application/ld+json"),
    ],
)
def test_a_format_by_name_goes_before_the_header(
    chosen: str, rows: str | None, graph: str | None
) -> None:
    assert negotiate("image/png", chosen) == {"rows": rows, "graph": graph}


@pytest.mark.parametrize("chosen", ["html", "text/html", "csv ", "x" * 1000, "\u00e9", "*/*"])
def test_a_format_that_is_none_is_refused(chosen: str) -> None:
    with pytest.raises(Problem) as caught:
        negotiate(None, chosen)
    assert (caught.value.status, caught.value.kind) == (400, "unknown-format")
    assert all(name in caught.value.detail for name in SHORT)


def test_every_name_of_a_format_is_a_type_that_is_offered() -> None:
    assert set(SHORT.values()) <= {*ROWS, *GRAPH}


@pytest.mark.parametrize(("kind", "offered"), [("rows", ROWS), ("graph", GRAPH)])
def test_what_is_not_acceptable_says_what_is(kind: str, offered: dict[str, object]) -> None:
    document = not_acceptable(kind).document()
    assert (document["status"], document["offered"]) == (406, list(offered))


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (None, None),
        ("", None),
        ("gzip", "gzip"),
        ("GZIP", "gzip"),
        ("zstd", "zstd"),
        ("gzip, zstd", "zstd"),
        ("gzip;q=0.5, zstd;q=0.4", "gzip"),
        ("gzip, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("br", None),
        ("deflate", None),
        ("identity", None),
        ("identity;q=0", None),
        ("identity;q=0, gzip", "gzip"),
        ("gzip, identity;q=0", "gzip"),
        ("gzip;q=0", None),
        ("gzip;q=0, zstd;q=0", None),
        ("gzip;q=0, *", "zstd"),
        ("zstd;q=0, *", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("*;q=0, gzip", "gzip"),
        ("identity;q=1, gzip;q=0.5", None),
        ("identity;q=0.5, gzip;q=1", "gzip"),
        ("gzip;q=1.0, identity; q=0.5, *;q=0", "gzip"),
        (";q=1", None),
        (",,,", None),
        ("gzip;q=nonsense", None),
    ],
)
def test_the_compression_that_a_client_takes(header: str | None, expected: str | None) -> None:
    assert encoding(header) == expected


@pytest.mark.parametrize(
    ("media", "expected"),
    [
        ("text/csv", "text/csv; charset=utf-8"),
        ("text/turtle", "text/turtle; charset=utf-8"),
        (JSON, JSON),
        ("application/n-triples", "application/n-triples"),
    ],
)
def test_the_charset_is_said_where_the_type_leaves_it_open(media: str, expected: str) -> None:
    assert content_type(media) == expected


OFFERED = st.sampled_from([list(ROWS), list(GRAPH), ["text/html"], [*GRAPH, "text/html"]])
PIECES = st.lists(
    st.sampled_from(
        [*ROWS, *GRAPH, "*/*", "text/*", "*", "gzip", "identity", ";q=0", ";q=0.5", ";q=1.1", ";q=-1",
         ";q=", ";q=nan", ";q=1e9", ";charset=utf-8", ';profile="', '"', "\\", ",", ";", "=", " ", "/",
         "\u00e9", "\x00"]
    ),
    max_size=12,
)  # fmt: skip
HEADERS = st.one_of(st.none(), st.text(max_size=60), PIECES.map("".join), PIECES.map(",".join))


@given(HEADERS, OFFERED)
def test_best_is_one_of_those_offered(header: str | None, offered: list[str]) -> None:
    assert best(header, offered) in {*offered, None}


@given(HEADERS)
def test_a_compression_is_one_of_ours(header: str | None) -> None:
    assert encoding(header) in {*ENCODINGS, None}


@given(HEADERS, st.one_of(st.none(), st.sampled_from(list(SHORT)), st.text(max_size=20)))
def test_negotiation_gives_a_type_or_a_problem(header: str | None, chosen: str | None) -> None:
    if chosen and SHORT.get(chosen.lower(), chosen.lower()) not in {*ROWS, *GRAPH}:
        with pytest.raises(Problem, match="format is one of"):
            negotiate(header, chosen)
        return
    found = negotiate(header, chosen)
    assert found["rows"] in {*ROWS, None}
    assert found["graph"] in {*GRAPH, None}
