"""Loading answers: read the file, check the mapping, and put what the rows say into the tables."""

from dataclasses import dataclass
from pathlib import Path

from careatlas.loaders.answers import checks
from careatlas.loaders.answers.claims import Claims, claims
from careatlas.loaders.answers.form import OWN
from careatlas.loaders.answers.mapping import Mapping, MappingError
from careatlas.loaders.answers.names import Directory
from careatlas.loaders.claim_tables import merge
from careatlas.loaders.reading import digest
from careatlas.loaders.reading.cells import Book
from careatlas.loaders.tables import Tally


@dataclass(frozen=True)
class Answers:
    """What a file of answers says, ready for the tables."""

    mapping: Mapping
    claims: Claims
    sha256: str
    """Which bytes were read."""
    unread: tuple[str, ...]
    """Columns that the mapping does not speak of."""
    hidden: tuple[str, ...]
    """Sheets that are hidden, and were not read."""


def read(file: Path, book: Book, mapping: Mapping, name: str, data: Path) -> Answers:
    """What the sheets of a file say by a mapping; nothing is written.

    Raises:
        MappingError: the mapping does not fit the file; lists all that is wrong.
        TableError: the tables of names cannot be read.
    """
    found, problems = checks.tables(mapping, book, name)
    if problems:
        raise MappingError(name, problems)
    directory = Directory.of(data, mapping.source.id)
    unread = tuple(
        table.grid.place(table.mapping.header, heading)
        for table in found
        for heading in table.unread
    )
    hidden = tuple(grid.name for grid in book.hidden if grid.name not in OWN)
    return Answers(mapping, claims(mapping, found, directory), digest(file), unread, hidden)


def write(answers: Answers, data: Path) -> list[Tally]:
    """Put what a file says into the tables of a folder, all of it or nothing.

    Raises:
        RejectedRowsError: a row does not fit; carries all that do not, with the reasons.
        SourceDiffersError: the source is known with other facts.
        TableError: a table cannot be read.
    """
    source = answers.mapping.source.model_dump(exclude={"published", "accessed"}, exclude_none=True)
    for day in ("published", "accessed"):
        when = getattr(answers.mapping.source, day)
        if when:
            source[day] = when.last.isoformat()
    source.setdefault("sha256", answers.sha256)
    tallies: list[Tally] = []
    if asked := answers.claims.request:
        own = {"id": asked["source"], "kind": "other", "title": asked["name"]}
        own["published"] = asked["sent_on"]
        tallies = _of(asked["source"], merge(data, own, {"requests": [asked]}))
    tables = answers.claims.tables
    written = merge(data, source, tables)
    return tallies + _of(answers.mapping.source.id, written)


def _of(source: str, tallies: list[Tally]) -> list[Tally]:
    """The tables that a source fills by itself."""
    return [one for one in tallies if one.file.startswith(f"claims/{source}/")]
