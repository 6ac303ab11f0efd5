"""Validation of a release, alone or together with RDF files that somebody wants to add."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from careatlas.graph import validate
from careatlas.graph.dataset import stated
from careatlas.graph.findings import Finding

if TYPE_CHECKING:
    from rdflib import Graph


class FileError(ValueError):
    """A file that is not the RDF that its name says."""

    def __init__(self, path: Path, problem: str) -> None:
        super().__init__(path, problem)
        self.path = path
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}"


def quads(path: Path) -> list[Quad]:
    """The quads of an RDF file; triples go into a graph named by the file.

    Raises:
        FileError: there is no such file, its ending says nothing, or it does not parse.
    """
    form = RdfFormat.from_extension(path.suffix.removeprefix("."))
    if form is None:
        raise FileError(
            path, "name it .ttl, .nt, .nq, .trig, .rdf or .jsonld so that its format is known"
        )
    if not path.is_file():
        raise FileError(path, "there is no such file")
    name = NamedNode(path.resolve().as_uri())
    try:
        found = list(parse(path=str(path), format=form, rename_blank_nodes=True))
    except SyntaxError as error:
        raise FileError(path, " ".join(str(error).split())) from None
    return [
        Quad(quad.subject, quad.predicate, quad.object, name)
        if isinstance(quad.graph_name, DefaultGraph)
        else quad
        for quad in found
    ]


def together(store: Store, files: Iterable[Path]) -> Store:
    """A store in memory with the release and the files."""
    union = Store()
    union.extend(stated(store))
    for path in files:
        union.extend(quads(path))
    return union


def validate_files(store: Store, files: list[Path], engine: validate.Engine) -> list[Finding]:
    """The findings on a release and files together; the graphs named by files are no finding."""
    found = validate.validate(together(store, files) if files else store, engine)
    ours = {path.resolve().as_uri() for path in files}
    return [finding for finding in found if finding.focus not in ours]


def report_graph(store: Store, files: list[Path], engine: validate.Engine) -> "Graph":
    """The SHACL report on a release and files together."""
    return validate.shapes_report(validate.triples(together(store, files)), engine)
