"""The ways by which a trust could get something, as the command shows them."""

import argparse
import sys
from typing import TYPE_CHECKING

from careatlas.arguments import Parser, UsageError

if TYPE_CHECKING:
    from careatlas.graph.release import Release
    from careatlas.graph.routes import Routes


def route_flags(parser: Parser) -> Parser:
    """The parser with the flags of `careatlas routes`."""
    parser.add_argument("--for", dest="trust", required=True, metavar="TRUST", help="who asks")
    parser.add_argument(
        "--to",
        required=True,
        metavar="CAPABILITY_OR_PRODUCT",
        help="what for: a product, a use case or a clinical domain",
    )
    parser.add_argument("--as-of", metavar="DATE", help="only what was true on this day")
    parser.add_argument("--known-by", metavar="DATE", help="only what was reported by this day")
    return parser


def write_routes(options: argparse.Namespace, release: "Release") -> None:
    """Search for ways in a release, and write them in the format asked for.

    Raises:
        UsageError: a flag is empty.
    """
    import json

    from careatlas.graph.labels import Labels
    from careatlas.graph.route_table import COLUMNS, document, flat
    from careatlas.graph.routes import Wanted, routes
    from careatlas.output import chosen, write

    wanted = Wanted(options.trust, options.to, options.as_of or "", options.known_by or "")
    for flag, value in (("--for", wanted.trust), ("--to", wanted.to)):
        if not value.strip():
            raise UsageError(f"{flag} is empty")
    found = routes(release.store, Labels(release.labels), wanted, release.manifest["as_of"])
    whole = document(found, release.name)
    form = chosen(options.format)
    if form == "json":
        print(json.dumps(whole, ensure_ascii=False, indent=2))
        return
    if form == "csv":
        if not found.precedent:
            print(f"careatlas: {found.says}", file=sys.stderr)
        rows = [flat(option) for option in whole["options"]]
        cells = [["" if row[name] is None else str(row[name]) for name in COLUMNS] for row in rows]
        write(COLUMNS, cells, "csv")
        return
    _text(found, release.name)


def _text(found: "Routes", release: str) -> None:
    """The ways as text for people: one block for each, with its documents below it."""
    from rich.console import Console
    from rich.text import Text

    from careatlas.graph.route_rules import RULES
    from careatlas.output import plain

    console = Console()

    def line(name: str, value: str, indent: str = "") -> None:
        text = Text.assemble(indent, (f"{name} ", "bold"), plain(value))
        console.print(text, soft_wrap=True)

    line("How could it be had:", f"{found.sought.label}, for {found.trust}")
    console.print(plain(found.says), markup=False, highlight=False)
    for own in found.own:
        line("The trust itself:", f"{own.says} [{own.source}: {own.locator}]")
    for rank, option in enumerate(found.options, 1):
        console.print()
        line(f"{rank}.", option.sentence)
        for warned in option.warnings:
            line("Mind:", f"{warned.text} [{warned.source}: {warned.locator}]", "   ")
        for gap in option.not_known:
            line("Not known:", gap, "   ")
        for one in option.evidence:
            line("Source:", f"{one.says} [{one.source}: {one.locator}]", "   ")
    console.print()
    order = "; ".join(rule.name for rule in RULES)
    line("Ranked by:", order)
    for gap in found.not_known:
        line("Not known:", gap)
    line("Release", release)
