"""Each question gives its golden answer, on the shipped data and on a small world.

The small world (`fixtures/small_world`) is made up: six trusts of which each case that a question
tells apart occurs once. A new source of real data changes the goldens of the real data alone.
`pytest --update-golden` writes the goldens and fails; read the difference before committing it.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from goldens import GOLDEN, NARROWED
from pyoxigraph import DefaultGraph

from careatlas.build import build
from careatlas.graph.answer import Answer, answer
from careatlas.graph.dataset import stated
from careatlas.graph.labels import Labels
from careatlas.graph.questions import get, names
from careatlas.graph.release import Release, Releases

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(SMALL_WORLD, Releases(tmp_path_factory.mktemp("small"))).release


def ask(release: Release, name: str, values: Mapping[str, str]) -> Answer:
    return answer(release.store, Labels(release.labels), get(name), values)


def table(card: Answer) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(card.columns)
    writer.writerows(card.rows)
    return out.getvalue()


def compare(name: str, world: str, found: str, update: bool) -> None:
    golden = GOLDEN / world / f"{name}.csv"
    if update:
        golden.parent.mkdir(parents=True, exist_ok=True)
        changed = not golden.is_file() or golden.read_text(encoding="utf-8") != found
        golden.write_text(found, encoding="utf-8")
        assert not changed, f"{golden.name} was written: read it, then run again"
    assert golden.is_file(), f"{name} has no golden answer: write it with --update-golden"
    assert found == golden.read_text(encoding="utf-8")


def has_evidence(card: Answer) -> None:
    """Every row names its sources."""
    for row in card.rows:
        cells = dict(zip(card.columns, row, strict=True))
        sources = [value for key, value in cells.items() if key.startswith("source")]
        assert sources, "no column of sources"
        assert all(sources), cells


@pytest.mark.parametrize("name", names())
def test_on_the_shipped_data(name: str, release: Release, request: pytest.FixtureRequest) -> None:
    card = whole = ask(release, name, {})
    if name in NARROWED:
        card = ask(release, name, NARROWED[name])
    compare(name, "real", table(card), bool(request.config.getoption("--update-golden")))
    has_evidence(whole)


@pytest.mark.parametrize("name", names())
def test_on_the_small_world(name: str, small: Release, request: pytest.FixtureRequest) -> None:
    card = ask(small, name, {})
    compare(name, "small", table(card), bool(request.config.getoption("--update-golden")))
    has_evidence(card)


def goldens() -> Iterator[Path]:
    yield from sorted(GOLDEN.glob("real/*.csv"))
    yield from sorted(GOLDEN.glob("small/*.csv"))


def test_no_golden_without_its_question() -> None:
    assert {path.stem for path in goldens()} == set(names())


def test_the_small_world_says_something_to_most_questions(small: Release) -> None:
    empty = {name for name in names() if not ask(small, name, {}).rows}
    assert len(empty) <= len(names()) // 5, sorted(empty)


def test_the_default_graph_has_each_statement_of_the_named_ones_once(release: Release) -> None:
    outside = list(release.store.quads_for_pattern(None, None, None, DefaultGraph()))
    named = list(stated(release.store))
    assert len(outside) + len(named) == len(release.store)
    assert len(outside) == len({quad.triple for quad in named}) < len(named)
