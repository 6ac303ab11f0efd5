"""The command `publish`: a release goes to a SPARQL engine elsewhere."""

import argparse
from collections.abc import Callable

from careatlas.arguments import Parser, UsageError
from careatlas.settings import from_environment

Command = Callable[..., Parser]


def publishing_command(command: Command) -> Parser:
    """Add the command `publish`."""
    sub = command("publish", _publish, "send a release to a SPARQL engine, whole before it is read")
    sub.add_argument("--to", metavar="URL", help="the engine (else CAREATLAS_ENGINE)")
    sub.add_argument("--release", default="current", help="send an older release, by its hash")
    sub.add_argument(
        "--replace", action="store_true", help="also where the engine holds something else"
    )
    return sub


def _publish(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.graph.engine import connected
    from careatlas.graph.publishing import publish
    from careatlas.opening import current, seconds
    from careatlas.output import progress, say

    settings = from_environment(options.home)
    url = options.to or settings.engine
    if not url:
        raise UsageError("say where to: --to URL, or CAREATLAS_ENGINE")
    release = current(options)
    engine = connected(url, seconds(settings))
    with progress() as step:
        publish(release, engine, step, replace=options.replace)
    say(f"release {release.name} is published at {engine.shown}")
    return 0
