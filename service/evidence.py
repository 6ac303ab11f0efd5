"""What the rows of an answer rest on."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from careatlas.graph.engine import RemoteRelease
    from careatlas.graph.release import Release


def cited(rows: Iterable[Mapping[str, object]]) -> list[str]:
    """The keys of the documents that rows cite, in any of their columns for sources."""
    keys = {
        str(cell)
        for row in rows
        for column, cell in row.items()
        if cell and "source" in column.split("_")
    }
    return sorted(keys)


def sources(
    release: "Release | RemoteRelease", rows: Iterable[Mapping[str, object]]
) -> dict[str, dict[str, Any]]:
    """The documents that rows cite: title, address, day of publication and licence."""
    known = release.manifest["sources"]
    return {
        key: {name: known[key][name] for name in ("title", "url", "published", "licence")}
        for key in cited(rows)
        if key in known
    }
