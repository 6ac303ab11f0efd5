"""Opening a release; where there is none at all, the first is built from the tables that ship."""

from collections.abc import Callable

from careatlas.graph.release import NoReleaseError, PointerError, Release, Releases


def opened(kept: Releases, name: str, say: Callable[[str], None]) -> Release:
    """The release of a home whose hash starts so; `current` is the one in force, or the first.

    Raises:
        NoReleaseError: none does, or several do.
    """
    try:
        return kept.get(name)
    except NoReleaseError as missing:
        if name != "current" or isinstance(missing, PointerError):
            raise
    from careatlas import data
    from careatlas.build import build
    from careatlas.output import progress

    say(f"no release in {kept.home} yet: building the first from the tables that ship")
    with progress() as step:
        return build(data.folder(), kept, progress=step).release
