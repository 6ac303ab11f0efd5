"""Opening a release; where there is none at all, the first is built from the tables that ship."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from careatlas.graph.homes import NoReleaseError, PointerError
from careatlas.graph.release import Release, Releases
from careatlas.settings import Settings, from_environment

if TYPE_CHECKING:
    from careatlas.graph.engine import RemoteRelease


class EngineSettingError(ValueError):
    """A setting of the engine that cannot be."""

    def __init__(self, name: str, value: str, wanted: str) -> None:
        super().__init__(name, value, wanted)
        self.name = name
        self.value = value
        self.wanted = wanted

    def __str__(self) -> str:
        return f"{self.name} is {self.value!r}: write {self.wanted}"


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


def asked(options: argparse.Namespace) -> "Release | RemoteRelease":
    """The release that a command asks: that of the engine of the settings, else one of the home.

    Raises:
        NoReleaseError: there is none of that name.
        EngineError: the engine does not say what it holds.
    """
    settings = from_environment(options.home)
    if not settings.engine:
        return current(options)
    return remote(settings, getattr(options, "release", "current"))


def remote(settings: Settings, name: str = "current") -> "RemoteRelease":
    """The release that the engine of the settings holds; it holds one at a time.

    Raises:
        OtherReleaseError: another one was wanted.
        EngineError: the engine does not say what it holds.
    """
    from careatlas.graph.engine import RemoteRelease, connected
    from careatlas.graph.engine_errors import OtherReleaseError

    found = RemoteRelease(connected(settings.engine, seconds(settings)))
    if name != "current" and (not name or not found.name.startswith(name)):
        raise OtherReleaseError(settings.engine, found.name)
    return found


def seconds(settings: Settings) -> float:
    """How long an engine has for an answer.

    Raises:
        EngineSettingError: the setting is no number of seconds.
    """
    wanted = settings.engine_timeout or "60"
    try:
        given = float(wanted)
    except ValueError:
        given = 0.0
    if not 0 < given < float("inf"):
        raise EngineSettingError("CAREATLAS_ENGINE_TIMEOUT", wanted, "seconds above 0")
    return given
