"""The pictures of the README: there, small, and described in words."""

import re
from pathlib import Path

import pytest
from PIL import Image

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
SHOWN = dict(re.findall(r'<img src="(docs/pictures/\w+\.png)"[^>]* alt="([^"]+)"', README))
HEAVIEST = 250_000
WIDTH = 1200


def test_the_readme_shows_every_picture() -> None:
    there = {path.relative_to(ROOT).as_posix() for path in ROOT.glob("docs/pictures/*")}
    assert there == set(SHOWN)
    assert {Path(one).stem for one in there} == {"home", "trust", "matrix", "network"}


@pytest.mark.parametrize("path", SHOWN)
def test_a_picture_is_small_and_described(path: str) -> None:
    assert (ROOT / path).stat().st_size < HEAVIEST
    with Image.open(ROOT / path) as picture:
        assert picture.format == "PNG"
        assert picture.width == WIDTH
    assert len(SHOWN[path].split()) > 5
