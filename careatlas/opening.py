"""Opening a release; where there is none at all, the first is built from the tables that ship."""

import argparse
from collections.abc import Callable

from careatlas.graph.release import NoReleaseError, PointerError, Release, Releases
from careatlas.settings import from_environment


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


def current(options: argparse.Namespace) -> Release:
    """The release that a command was told to look at.

    Raises:
        NoReleaseError: there is none of that name.
    """
    from careatlas.output import say

    kept = Releases(from_environment(options.home).home)
    return opened(kept, getattr(options, "release", "current"), say)
