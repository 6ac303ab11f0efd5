"""Candidate claims from a document, and how well they agree with what people have reviewed."""

import argparse
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import Parser, UsageError

if TYPE_CHECKING:
    from careatlas.graph.release import Release
    from careatlas.loaders.extraction import Candidates, Gazetteer
    from careatlas.loaders.extraction.measure import Score

RECORDS = (
    *("disclosures", "deployments", "usage", "routes"),
    *("agreements", "studies", "projects", "awards", "corrections"),
)
QUESTIONS = {
    "disclosures": "disclosures",
    "deployments": "who-uses-what",
    "usage": "usage",
    "routes": "routes-stated",
    "agreements": "partnerships",
    "studies": "studies",
    "projects": "projects",
    "awards": "programme-awards",
}
"""The question that answers with the reviewed claims of each kind of record."""
SCORES = ("source", "record", "reviewed", "candidates", "agreed", "precision", "recall", "f1")
_WHO = ("trust", "party", "recipient_name", "recipient", "organisation", "place")
_SAID = (
    *("vendor", "product", "description", "status", "answer", "min", "max", "unit"),
    *("route_type", "route", "kind", "role", "study", "milestone_kind", "state", "planned_end"),
)
MISSES = ("source", "record", "verdict", "trust", "said", "locator", "rule")


ALL = "all of these"
"""What stands for the kind where a line sums up a source."""
_TEASERS = "related-news"
"""The section of what a page only points to, which nobody wants read from it."""


class UnreviewedDocumentError(LookupError):
    """A document that no source of the release stands for, so that nothing can be compared."""

    def __init__(self, file: Path) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file} is the document of no reviewed source: name one with --source"


class NoDocumentError(LookupError):
    """A folder that holds no document of the release."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.folder = folder

    def __str__(self) -> str:
        return f"{self.folder} holds no document of the release: name another with --documents"


def extract_flags(parser: Parser) -> Parser:
    """The parser with the flags of `careatlas extract`."""
    parser.add_argument("file", type=Path, metavar="FILE", help="the document to read")
    parser.add_argument("--record", choices=RECORDS, help="one kind of record alone")
    parser.add_argument(
        "--source", metavar="ID", help="the document's id (else found, or its name)"
    )
    parser.add_argument("--format", choices=("csv", "json"), default="csv")
    return parser


def evaluate_flags(parser: Parser) -> Parser:
    """The parser with the flags of `careatlas evaluate`."""
    parser.add_argument(
        "files",
        type=Path,
        nargs="*",
        metavar="FILE",
        help="documents that people have reviewed (else those of the release that are found)",
    )
    parser.add_argument(
        "--documents",
        type=Path,
        metavar="FOLDER",
        help="where the documents of the release lie (else beside the tables)",
    )
    parser.add_argument("--record", choices=tuple(QUESTIONS), help="one kind of record alone")
    parser.add_argument("--source", metavar="ID", help="the source of the one document given")
    parser.add_argument("--misses", action="store_true", help="list each miss by its place")
    parser.add_argument("--format", choices=("table", "csv", "json"))
    return parser


def write_candidates(options: argparse.Namespace, release: "Release") -> None:
    """Read a document and print what it seems to say; nothing is changed."""
    from careatlas.graph.table import write_csv
    from careatlas.loaders.extraction.candidates import COLUMNS, EXTRA

    found = _candidates(options.file, release, _names(release), options.source)
    kinds = (options.record,) if options.record else RECORDS
    if options.format == "json":
        whole = {kind: found.rows(kind) for kind in kinds}
        print(json.dumps({"source": found.source, **whole}, ensure_ascii=False, indent=2))
        return
    columns = list(dict.fromkeys([*COLUMNS[kinds[0]], *EXTRA]))
    if len(kinds) > 1:
        named = dict.fromkeys(name for kind in kinds for name in COLUMNS[kind])
        columns = list(dict.fromkeys(["record", *named, *EXTRA]))
    rows = [{"record": kind, **row} for kind in kinds for row in found.rows(kind)]
    write_csv(sys.stdout, columns, [[row.get(name, "") for name in columns] for row in rows])
    if not rows:
        print("careatlas: no candidate: no rule found a claim in this document", file=sys.stderr)


def write_scores(options: argparse.Namespace, release: "Release") -> None:
    """Compare the candidates of documents with the reviewed claims of their sources.

    Raises:
        UsageError: --source is given for several documents, or a folder for named ones.
        UnreviewedDocumentError: a document belongs to no source.
        NoDocumentError: no document of the release lies in the folder.
    """
    from careatlas.output import write

    if options.source and len(options.files) != 1:
        raise UsageError("--source names the source of one document: give one FILE")
    if options.documents and options.files:
        raise UsageError("give FILEs, or the folder of all of them with --documents")
    names = _names(release)
    files = options.files or _documents(options.documents, release)
    scores = [
        (source, score)
        for file in files
        for source, score in _scores(file, release, names, options)
    ]
    if options.misses:
        rows = [line for source, score in scores for line in _misses(source, score)]
        write(MISSES, rows, options.format)
        return
    write(SCORES, list(_table(scores)), options.format)


def _documents(folder: Path | None, release: "Release") -> list[Path]:
    """The documents of the release that a folder holds, told by their bytes; says which are missing."""
    from careatlas import data
    from careatlas.loaders.reading import digest

    place = folder or data.folder()
    if not place.is_dir():
        raise NotADirectoryError(f"{place} is no folder of documents")
    wanted = {one["sha256"]: name for name, one in release.manifest["sources"].items()}
    wanted.pop(None, None)
    held = {digest(file): file for file in sorted(place.iterdir()) if file.is_file()}
    for known, name in wanted.items():
        if known not in held:
            print(f"careatlas: no document of {name} lies in {place}", file=sys.stderr)
    found = [held[known] for known in wanted if known in held]
    if not found:
        raise NoDocumentError(place)
    return found


def _table(scores: "list[tuple[str, Score]]") -> Iterator[list[str]]:
    """A line for each kind that a source or its candidates hold, and one that sums them up."""
    from careatlas.loaders.extraction.measure import total

    for source in dict.fromkeys(name for name, _ in scores):
        own = [score for name, score in scores if name == source]
        kinds = [one for one in own if one.agreed or one.missed or one.extra or len(own) == 1]
        yield from (_figures(source, score) for score in kinds)
        if len(own) > 1:
            yield _figures(source, total(ALL, own))


def _names(release: "Release") -> "Gazetteer":
    from careatlas.graph.labels import Labels
    from careatlas.loaders.extraction.catalogue import gazetteer

    return gazetteer(release.store, Labels(release.labels))


def _candidates(
    file: Path, release: "Release", names: "Gazetteer", source: str | None
) -> "Candidates":
    from careatlas.loaders.extraction import extract
    from careatlas.loaders.reading import read
    from careatlas.output import progress

    known = source or _known(file, release)
    published = release.manifest["sources"].get(known, {}).get("published") or ""
    with progress() as step:
        document = read(file, lambda page, pages: step(f"{file.name}: page {page} of {pages}"))
        step(f"{file.name}: looking for claims")
        return extract(document, names, known or file.stem, published)


def _known(file: Path, release: "Release") -> str | None:
    """The source whose bytes the file has."""
    from careatlas.loaders.reading import digest

    held, sources = digest(file), release.manifest["sources"]
    return next((name for name, one in sources.items() if one["sha256"] == held), None)


def _scores(
    file: Path, release: "Release", names: "Gazetteer", options: argparse.Namespace
) -> Iterator[tuple[str, "Score"]]:
    from careatlas.loaders.extraction.measure import score

    source = options.source or _known(file, release)
    if source is None:
        raise UnreviewedDocumentError(file)
    found = _candidates(file, release, names, source)
    for kind in (options.record,) if options.record else QUESTIONS:
        yield source, score(kind, found.rows(kind), _reviewed(release, kind, source))


def _reviewed(release: "Release", kind: str, source: str) -> list[dict[str, str]]:
    """What people have accepted of a source, one row for each claim."""
    from careatlas.graph import questions
    from careatlas.graph.answer import answer
    from careatlas.graph.labels import Labels

    question = questions.get(QUESTIONS[kind])
    takes = any(parameter.name == "source" for parameter in question.parameters)
    values = {"source": source} if takes else {}
    found = answer(release.store, Labels(release.labels), question, values, rows_alone=True)
    rows = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    rows = [row for row in rows if row.get("section") != _TEASERS]
    claims = {row["claim"]: row for row in reversed(rows) if row["source"] == source}
    return list(reversed(claims.values()))


def _figures(source: str, score: "Score") -> list[str]:
    return [
        source,
        score.record,
        str(score.agreed + len(score.missed)),
        str(score.agreed + len(score.extra)),
        str(score.agreed),
        *(f"{figure:.3f}" for figure in (score.precision, score.recall, score.f1)),
    ]


def _misses(source: str, score: "Score") -> Iterator[list[str]]:
    for verdict, rows in (("missed", score.missed), ("too much", score.extra)):
        for row in rows:
            said = " ".join(row[part] for part in _SAID if row.get(part))
            yield [
                source,
                score.record,
                verdict,
                next((row[name] for name in _WHO if row.get(name)), ""),
                said,
                row["locator"],
                row.get("rule", ""),
            ]
