"""Statements as lines: the same however many of them are in memory at a time."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from careatlas.graph.lines import Lines
from careatlas.graph.loaded import LoadedSources
from careatlas.graph.records import Record
from careatlas.graph.sources import Source
from careatlas.graph.statements import Statements
from careatlas.graph.terms import text
from careatlas.loaders.feed import Kept, LeftOut, Outcome, Rejected, collect
from careatlas.loaders.said import Said, Saying

GRAPH = NamedNode("https://example.org/g")
QUADS = st.builds(
    lambda subject, value: Quad(
        NamedNode(f"https://example.org/{subject}"), GRAPH, Literal(value), GRAPH
    ),
    st.integers(0, 30),
    st.text(max_size=5).filter(lambda value: value.isascii() or value.isprintable()),
)


def lines(quads: list[Quad], waiting: int) -> Lines:
    made = Lines(waiting=waiting)
    for place in range(0, len(quads), 3):
        made.add(map(str, quads[place : place + 3]))
    return made


@given(quads=st.lists(QUADS, max_size=40), waiting=st.sampled_from([0, 150, 10**6]))
def test_each_statement_comes_once_and_in_order(quads: list[Quad], waiting: int) -> None:
    made = lines(quads, waiting)
    wanted = sorted({str(quad) for quad in quads})
    assert [line.decode() for line in made.sorted()] == wanted
    assert [str(quad) for quad in made] == wanted
    made.add(map(str, quads))
    assert [line.decode() for line in made.sorted()] == wanted
    made.close()


@pytest.mark.parametrize("waiting", [0, 10**6])
def test_what_is_kept_is_named_by_its_lines(waiting: int, tmp_path: Path) -> None:
    quads = [Quad(GRAPH, GRAPH, Literal(f"{number}\n é"), GRAPH) for number in range(12_000)]
    account = {"rows": 3}
    made = lines([*quads, *quads[::-1]], waiting if waiting else 500_000)
    kept = LoadedSources(tmp_path).keep("x", made, account)
    made.close()
    wanted = sorted({str(quad) for quad in quads})
    told = json.dumps(account, indent=1) + "\n"
    assert kept.path.name == hashlib.sha256((told + "".join(wanted)).encode()).hexdigest()[:16]
    stated = (kept.path / "statements.nq").read_text(encoding="utf-8")
    assert stated == "".join(f"{line} .\n" for line in wanted)
    assert set(kept.quads()) == set(quads)
    again = LoadedSources(tmp_path).keep("x", quads, account)
    assert again == kept
    assert [path.name for path in (tmp_path / "x").iterdir()] == [kept.path.name]


def test_nothing_is_left_where_writing_fails(tmp_path: Path) -> None:
    def broken() -> Iterator[Quad]:
        yield Quad(GRAPH, GRAPH, Literal("x"), GRAPH)
        raise OSError(28, "no room")

    with pytest.raises(OSError, match="no room"):
        LoadedSources(tmp_path).keep("x", broken(), {})

    class Full(Lines):
        def batches(self) -> Iterator[list[bytes]]:
            yield [b"<a> <b> <c>"]
            raise OSError(28, "no room")

    with pytest.raises(OSError, match="no room"):
        LoadedSources(tmp_path).keep("x", Full(), {})
    assert list(tmp_path.glob("x/*")) == []


def test_what_was_said_first_is_remembered() -> None:
    said = Said()
    said.add({"a": Saying("f:1", b"1")})
    said.add({"a": Saying("f:2", b"2"), "b": Saying("f:2", b"2")})
    assert (said.get("a"), said.get("b")) == (Saying("f:1", b"1"), Saying("f:2", b"2"))
    assert said.get("c") is None
    said.close()


class Fact(Record):
    table = "facts"
    key: str
    value: str

    @property
    def row_key(self) -> str:
        return self.key

    def describe(self, to: Statements) -> None:
        to.add(GRAPH, "title", text(self.value))


def fact(key: str, value: str) -> Fact:
    return Fact(source="x", locator="1", key=key, value=value)


@dataclass
class Facts:
    source: Source = field(
        default_factory=lambda: Source(
            id="x", kind="dataset", title="X", published=None, sha256="0" * 64
        )
    )

    def outcomes(self) -> Iterator[Outcome]:
        yield Kept("f:1", (fact("a", "1"),))
        yield Kept("f:2", (fact("a", "1"), fact("b", "2")))
        yield LeftOut("f:3", "no")
        yield Kept("f:4", (fact("c", "3"), fact("b", "other")))
        yield Rejected("f:5", "bad")


def test_a_claim_that_is_made_again_says_the_same() -> None:
    found = collect(Facts(), {})
    assert (found.rows, found.records, found.left_out) == (5, 2, Counter(no=1))
    assert [str(one) for one in found.rejects] == [
        "f:4: the same key (b) stands at f:2, and says something else",
        "f:5: bad",
    ]
    told = "\n".join(map(str, found.quads))
    assert '"2"' in told
    assert '"3"' not in told
    assert '"other"' not in told


def test_a_dry_run_counts_the_same_and_keeps_nothing() -> None:
    found, dry = collect(Facts(), {}), collect(Facts(), {}, keep=False)
    assert (dry.rows, dry.records, dry.rejects) == (found.rows, found.records, found.rejects)
    assert list(dry.quads) == []
    assert list(found.quads)
