"""The releases that are kept: listing them, and taking away the oldest."""

import argparse
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from careatlas.arguments import Parser
from careatlas.settings import from_environment

if TYPE_CHECKING:
    from pathlib import Path

    from careatlas.graph.release import Release, Releases

Command = Callable[..., Parser]


class KeepError(ValueError):
    """A number of releases to keep that cannot be."""

    def __init__(self, typed: str) -> None:
        super().__init__(typed)
        self.typed = typed

    def __str__(self) -> str:
        return (
            f"{self.typed!r} releases cannot be kept: say 1 or more with --keep or CAREATLAS_KEEP"
        )


def keeping_command(command: Command) -> Parser:
    """Add the command `releases`."""
    sub = command(
        "releases", _releases, "list the releases kept, prove them, or take the oldest away"
    )
    sub.add_argument("--prune", action="store_true", help="take away all but the newest")
    sub.add_argument(
        "--verify", action="store_true", help="read all files, and say what is damaged"
    )
    sub.add_argument("--keep", metavar="N", help="how many --prune leaves (else CAREATLAS_KEEP)")
    return sub


@contextmanager
def by_policy(kept: "Releases") -> Iterator[None]:
    """Take the oldest releases away once a new one is published, where CAREATLAS_KEEP says how many stay.

    Raises:
        KeepError: it says no number that can be; nothing is published then.
    """
    keep = wanted(None)
    yield
    if keep:
        prune(kept, keep)


def prune(kept: "Releases", keep: int) -> "list[Release]":
    """Take away all but the newest releases, and never the current one; those that went.

    Raises:
        HomeError: the folder cannot be written, or another build holds it.
        NoReleaseError: there is none.
    """
    with kept.locked():
        current = kept.current()
        others = [release for release in kept.all() if release != current]
        gone = others[: max(0, len(others) - (keep - 1))]
        kept.take_away(gone)
    return gone


def wanted(typed: str | None) -> int | None:
    """How many releases are to be kept; None where nobody says.

    Raises:
        KeepError: it is no number, or below 1.
    """
    said = typed or from_environment().keep
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and int(said)):
        raise KeepError(said)
    return int(said)


def _releases(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.arguments import UsageError
    from careatlas.graph.homes import NoReleaseError
    from careatlas.graph.release import DamagedReleaseError, Releases
    from careatlas.output import say, write

    kept = Releases(from_environment(options.home).home)
    if options.keep and not options.prune:
        raise UsageError("--keep says how many --prune leaves: give both")
    if options.prune:
        keep = wanted(options.keep)
        if keep is None:
            raise UsageError("--prune needs to know how many to leave: --keep N or CAREATLAS_KEEP")
        for release in prune(kept, keep):
            say(f"taken away {release.name}")
    try:
        current = kept.current().name
    except NoReleaseError:
        current = ""
    rows, damaged = [], list[ValueError]()
    for release in kept.all():
        try:
            release.prove(whole=options.verify)
            told = release.manifest
        except DamagedReleaseError as error:
            damaged.append(error)
            told = {"as_of": "damaged", "quads": "", "sources": ()}
        counts = (str(told["quads"]), str(len(told["sources"]) or ""))
        now = "yes" if release.name == current else ""
        rows.append((release.name, now, told["as_of"], *counts, str(release.path)))
    write(("release", "current", "as_of", "quads", "sources", "path"), rows, options.format)
    if options.verify:
        damaged += _unsound_sources(kept, say)
    for problem in damaged:
        say(f"careatlas: {problem}")
    return 1 if damaged else 0


def _unsound_sources(kept: "Releases", say: Callable[[str], None]) -> list[ValueError]:
    """What is wrong with the sources beside the tables; and a word on each release without hashes."""
    from careatlas.graph.loaded import DamagedSourceError
    from careatlas.graph.release import DamagedReleaseError
    from careatlas.graph.seal import is_sealed

    damaged: dict[Path, ValueError] = {}
    for release in kept.all():
        if not is_sealed(release.path):
            say(f"{release.name} has no hashes: `careatlas build` makes one that has")
        with suppress(DamagedReleaseError):  # it was told of before
            for one in kept.loaded(release).values():
                try:
                    one.prove()
                except DamagedSourceError as error:
                    damaged[one.path] = error
    return list(damaged.values())
