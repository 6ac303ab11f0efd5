"""What documents repeat of each other and of the release: proposals, for a person to decide."""

import argparse
import re
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import Parser

if TYPE_CHECKING:
    from careatlas.graph.release import Release
    from careatlas.loaders.echoes import Echo, Text
    from careatlas.loaders.echoes.parts import Claim

COLUMNS = (
    "score",
    "found_by",
    "copy",
    "copy_place",
    "original",
    "original_place",
    "reason",
    "claims",
    "copied",
    "recorded",
)
STATED = ("who-uses-what", "usage", "routes-stated", "studies", "partnerships")
"""The questions whose answers are compared where a document's text is not there."""
_CLAIM = "/id/claim/"
_RECORDED = """
PREFIX atlas: <https://w3id.org/careatlas/def#>
SELECT ?copy ?original WHERE {
  ?copied atlas:derivedFrom ?first ; atlas:versionOf/atlas:sourceKey ?copy .
  ?first atlas:versionOf/atlas:sourceKey ?original .
}
"""
_RANGE = re.compile(r"characters (\d+)-(\d+)$")


def echo_flags(parser: Parser) -> Parser:
    """The parser with the flags of `careatlas echoes`."""
    parser.add_argument("files", type=Path, nargs="+", metavar="FILE", help="documents to compare")
    parser.add_argument(
        "--documents",
        type=Path,
        metavar="FOLDER",
        help="where documents of the release lie, to be compared by their text",
    )
    parser.add_argument("--format", choices=("table", "csv", "json"))
    return parser


def write_echoes(options: argparse.Namespace, release: "Release") -> None:
    """Print what the files repeat of other documents or are repeated by; nothing is changed.

    Raises:
        NotADirectoryError: the folder of documents is none.
    """
    from careatlas.output import progress, write

    if options.documents and not options.documents.is_dir():
        raise NotADirectoryError(f"{options.documents} is no folder of documents")
    known = set(_recorded(release))
    with progress() as step:
        found = proposals(options.files, release, options.documents, step)
    write(COLUMNS, [_row(echo, known) for echo in found], options.format)
    if not found:
        sys.stderr.write("careatlas: no document repeats another\n")


def proposals(
    files: list[Path],
    release: "Release",
    documents: Path | None,
    step: Callable[[str], None] = lambda _: None,
) -> "list[Echo]":
    """What the files repeat of each other and of the release, or the release of them."""
    from careatlas.graph.labels import Labels
    from careatlas.loaders.echoes import claimed, echoes, written
    from careatlas.loaders.extraction.catalogue import gazetteer
    from careatlas.loaders.reading import digest, read

    names = gazetteer(release.store, Labels(release.labels))
    sources = release.manifest["sources"]
    keys = {one["sha256"]: key for key, one in sources.items() if one["sha256"]}
    texts: dict[str, Text] = {}
    new: list[str] = []
    for path in [*files, *_kept(documents, keys)]:
        key = keys.get(digest(path))
        name = key or str(path)
        if path in files:
            new.append(name)
        if name not in texts:
            step(f"reading {path}")
            document = read(path)
            day = (sources[key]["published"] if key else document.date) or ""
            claims = list(_claims(release, key)) if key else []
            texts[name] = written(name, document, day, names, claims)
    step("comparing")
    for key, rows in _stated(release).items():
        if key not in texts:
            texts[key] = claimed(key, sources[key]["published"] or "", rows, names)
    return echoes(list(texts.values()), new)


def _kept(documents: Path | None, keys: dict[str, str]) -> Iterator[Path]:
    """The files of a folder that are documents of the release."""
    from careatlas.loaders.reading import digest

    for path in sorted(documents.rglob("*")) if documents else ():
        if path.is_file() and digest(path) in keys:
            yield path


def _rows(release: "Release", name: str, values: dict[str, str]) -> Iterator[dict[str, str]]:
    from careatlas.graph import questions
    from careatlas.graph.answer import answer
    from careatlas.graph.labels import Labels

    labels = Labels(release.labels)
    found = answer(release.store, labels, questions.get(name), values, rows_alone=True)
    for row in found.rows:
        yield dict(zip(found.columns, row, strict=True))


def _claims(release: "Release", source: str) -> "Iterator[Claim]":
    """The claims of a document that say from which characters they were taken."""
    from careatlas.loaders.echoes.parts import Claim

    for row in _rows(release, "document-claims", {"source": source}):
        match = _RANGE.search(row["locator"])
        if match and row["kind"] != "name match":
            yield Claim(row["claim"], int(match[1]), int(match[2]))


def _stated(release: "Release") -> dict[str, list[dict[str, str]]]:
    """What each source of the release claims."""
    found: dict[str, list[dict[str, str]]] = {}
    for name in STATED:
        for row in _rows(release, name, {}):
            found.setdefault(row["source"], []).append(row)
    return found


def _recorded(release: "Release") -> Iterator[tuple[str, str]]:
    """The copies that people have already put down as such, with their originals."""
    from careatlas.graph.answer import select

    for _, row in select(release.store, _RECORDED):
        yield row[0], row[1]


def _row(echo: "Echo", known: set[tuple[str, str]]) -> list[str]:
    def keys(claims: tuple[str, ...]) -> str:
        return "; ".join(claim.partition(_CLAIM)[2] for claim in claims)

    return [
        f"{echo.score:.2f}",
        echo.found_by,
        echo.copy,
        echo.copy_place,
        echo.original,
        echo.original_place,
        echo.reason,
        keys(echo.claims),
        keys(echo.copied),
        "yes" if (echo.copy, echo.original) in known else "",
    ]
