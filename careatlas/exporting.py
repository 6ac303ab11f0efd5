"""The command `export`: a release, or a view of it, as files."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import Parser

if TYPE_CHECKING:
    from careatlas.graph.release import Release

EXPORTS = ("gexf", "graphml", "csv", "parquet", "turtle", "trig", "nquads", "jsonld")
VIEWS = ("adoption", "trust-vendor", "trust-route-vendor", "peers", "ecosystem")
"""The views by name: the command must not wait for what makes them."""


def export_flags(parser: Parser) -> None:
    """The flags of `export`."""
    add = parser.add_argument
    add("kind", metavar="FORMAT", choices=EXPORTS, help=", ".join(EXPORTS))
    says = f"{', '.join(VIEWS)} (a network shows adoption, and RDF all, unless told otherwise)"
    add("--view", choices=VIEWS, help=says)
    beside = "csv and parquet make two files: the nodes go beside it"
    add("-o", "--output", type=Path, required=True, metavar="FILE", help=beside)
    add("--release", default="current", help="export an older release, by its hash")


def write_export(options: argparse.Namespace, release: "Release") -> list[Path]:
    """Write a release, and name the files."""
    from careatlas.graph.export import FORMATS, export

    if options.kind in FORMATS and not options.view:
        export(release.store, options.kind, options.output)
        return [options.output]
    from careatlas.graph.networks import export_network

    return export_network(release, options.kind, options.view or VIEWS[0], options.output)
