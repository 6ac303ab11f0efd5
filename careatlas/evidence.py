"""What a row rests on: its claims, their documents, the places in them, and their days."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from pyoxigraph import NamedNode

from careatlas.graph.answer import Value, select
from careatlas.graph.terms import ID, atlas
from careatlas.tables import Row, Table

if TYPE_CHECKING:
    from careatlas.graph.engine import RemoteRelease
    from careatlas.graph.release import Release

    Asked = Release | RemoteRelease

_CLAIM, _CONFLICT = f"{ID}claim/", f"{ID}conflict/"
_COLUMNS = {
    "claim": "iri",
    "source": "string",
    "title": "string",
    "url": "string",
    "locator": "string",
    "published": "date",
    "reported": "date",
    "holds_from": "date",
    "holds_to": "date",
}
_STATED = {"reported": "reportedOn", "holds_from": "holdsFrom", "holds_to": "holdsTo"}


class NoEvidenceError(LookupError):
    """A row that names neither a claim nor a document."""

    def __init__(self, row: Row) -> None:
        super().__init__(row)
        self.row = row

    def __str__(self) -> str:
        return f"a row of {', '.join(self.row)} names no claim, and no source: it has no evidence"


def evidence(release: "Asked", row: Row) -> Table:
    """The claims that a row names, with their documents; then the documents that only the row names.

    Raises:
        NoEvidenceError: it names neither.
    """
    found = [_claim(release, claim) for claim in dict.fromkeys(_claims(release, row))]
    told = {(one["source"], one["locator"]) for one in found}
    for name, source in row.items():
        if "source" in name.split("_") and isinstance(source, str):
            locator = row.get(name.replace("source", "locator"))
            if (source, locator) not in told:
                told.add((source, locator))
                found.append(_cited(release, {"source": source, "locator": locator}))
    if not found:
        raise NoEvidenceError(row)
    return Table("Evidence", _COLUMNS, found)


def _claims(release: "Asked", row: Row) -> Iterator[str]:
    """The claims that a row names, and those of a conflict that it names."""
    for value in row.values():
        if isinstance(value, str) and value.startswith(_CLAIM):
            yield value
        elif isinstance(value, str) and value.startswith(_CONFLICT):
            yield from _said(release, value, "conflictingClaim")


def _claim(release: "Asked", claim: str) -> dict[str, Value]:
    """What is stated of a claim, and its document."""
    days = {name: next(_said(release, claim, term), None) for name, term in _STATED.items()}
    documents = (
        key
        for version in _said(release, claim, "assertedIn")
        for document in _said(release, version, "versionOf")
        for key in _said(release, document, "sourceKey")
    )
    return _cited(
        release,
        {
            "claim": claim,
            "source": next(documents, None),
            "locator": next(_said(release, claim, "locator"), None),
            **{name: date.fromisoformat(day) if day else None for name, day in days.items()},
        },
    )


def _said(release: "Asked", subject: str, term: str) -> Iterator[str]:
    """What the release states of a thing."""
    asked = f"SELECT ?said WHERE {{ {NamedNode(subject)} {atlas(term)} ?said }}"
    yield from sorted({said for _, (said,) in select(release.store, asked)})


def _cited(release: "Asked", row: dict[str, Value]) -> dict[str, Value]:
    """The row with what is known of its document."""
    source: dict[str, Any] = release.manifest["sources"].get(row["source"], {})
    day = source.get("published")
    known: dict[str, Value] = {
        "title": source.get("title"),
        "url": source.get("url"),
        "published": date.fromisoformat(day) if day else None,
    }
    return dict.fromkeys(_COLUMNS) | row | known
