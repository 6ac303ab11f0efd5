"""The commands `backup` and `restore`."""

import argparse
from collections.abc import Callable
from pathlib import Path

from careatlas.arguments import Parser, UsageError
from careatlas.settings import from_environment

Command = Callable[..., Parser]


def backing_commands(command: Command) -> None:
    """Add the commands `backup` and `restore`."""
    sub = command("backup", _backup, "write the current release, and what it is made of, to a file")
    sub.add_argument("file", type=Path, metavar="FILE", help="the ZIP file to write")
    sub.add_argument("--release", default="current", help="an older release, by its hash")
    sub.add_argument("--all", action="store_true", help="all releases that are kept")
    sub = command("restore", _restore, "bring a backup back, and make its release the current one")
    sub.add_argument("file", type=Path, metavar="FILE", help="what `backup` wrote")


def _backup(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.backups import backup
    from careatlas.graph.release import Releases

    if options.all and options.release != "current":
        raise UsageError("--all takes all releases, --release one: give one of the two")
    kept = Releases(from_environment(options.home).home)
    chosen = kept.get(options.release)
    others = [one for one in kept.all() if one != chosen] if options.all else []
    held = backup(kept, [*others, chosen], options.file)
    _say(held.releases, f"written to {options.file}, {options.file.stat().st_size:,} bytes")
    return 0


def _restore(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.backups import restore
    from careatlas.graph.release import Releases

    kept = Releases(from_environment(options.home).home)
    held = restore(kept, options.file)
    _say(held.releases, f"restored to {kept.home}; {held.current} is the current one")
    return 0


def _say(releases: tuple[str, ...], done: str) -> None:
    from careatlas.output import say

    say(f"release{'s' * (len(releases) > 1)} {', '.join(releases)} {done}")
