"""Writes the README's pictures, `docs/pictures/*.png`: pages of a server on the shipped data.

Run it with `make pictures`, which puts the helpers of the tests on the path.
"""

from __future__ import annotations

import io
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from browser import WEBGL, launched, settled, visiting
from PIL import Image
from servers import serve

from careatlas import data
from careatlas.build import build
from careatlas.graph.release import Releases

if TYPE_CHECKING:
    from playwright.sync_api import Page

TARGET = Path(__file__).parent / "pictures"
WIDTH = 1200
COLOURS = 128
"""So few colours look the same on such pages, and weigh a third."""


class Picture(NamedTuple):
    """What is shown of a page."""

    name: str
    address: str
    height: int


PICTURES = (
    Picture("home", "/", 1040),
    Picture("trust", "/about/org/ods/RVR", 1040),
    Picture("matrix", "/matrix", 1040),
    Picture("network", "/network", 1040),
)


def taken(page: Page, picture: Picture) -> bytes:
    """The picture of a page at rest, as PNG."""
    page.goto(picture.address)
    settled(page)
    shot = Image.open(io.BytesIO(page.screenshot(animations="disabled", caret="hide")))
    out = io.BytesIO()
    plain = shot.convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    plain.save(out, "PNG", optimize=True)
    return out.getvalue()


def main() -> None:
    """Writes the pictures."""
    TARGET.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build(data.folder(), Releases(home), engine="pyshifty")
        with serve(home, Path(folder) / "log") as server, launched(*WEBGL) as browser:
            for picture in PICTURES:
                size = {"width": WIDTH, "height": picture.height}
                still = {"viewport": size, "color_scheme": "light", "reduced_motion": "reduce"}
                with visiting(browser, server.url, **still) as page:
                    found = taken(page, picture)
                (TARGET / f"{picture.name}.png").write_bytes(found)


if __name__ == "__main__":
    main()
