"""The evidence-first knowledge graph of who uses which AI in the English health service.

`careatlas.open()` opens it for asking from Python; all else that can be imported from here is how
it is made.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from careatlas.atlas import Atlas


def open(home: "str | Path | None" = None, release: str = "current") -> "Atlas":
    """The atlas of a release: the current one, else the one whose hash starts so.

    Releases lie in `home`, else in `CAREATLAS_HOME`, else in `~/.local/share/careatlas`; where there is
    none at all, the first is built from the tables that ship.

    Raises:
        NoReleaseError: no release starts so, or several do.
    """
    # The command imports this package too, and must not wait for what it does not need.
    from careatlas.atlas import opened_atlas

    return opened_atlas(home, release)
