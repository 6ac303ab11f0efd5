"""Small changes: a release that is made of another is the one that a build from nothing makes."""

from typing import Any

import pytest
from changing import DAYS, ROWS, SMALL_WORLD, Row
from hypothesis import strategies as st

from careatlas.build import build
from careatlas.graph.release import Release, Releases

SOURCES = ("feed-one", "feed-two", "feed-three")
rows = st.builds(Row, st.sampled_from(sorted(ROWS)), st.integers(0, 4), st.integers(0, 4))
steps = st.tuples(
    st.sampled_from(SOURCES),
    st.none() | st.lists(rows, min_size=1, max_size=7),
    st.sampled_from((None, *DAYS)),
)


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Release:
    """A release of the small world, with nothing beside its tables."""
    return build(SMALL_WORLD, Releases(tmp_path_factory.mktemp("world"))).release


def held(release: Release) -> dict[str, Any]:
    """All that a release holds."""
    return {
        "quads": sorted(map(str, release.store)),
        "labels": release.labels,
        "findings": release.findings,
        "manifest": release.manifest,
        "report": (release.path / "report.txt").read_text(encoding="utf-8"),
    }
