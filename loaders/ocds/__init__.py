"""Notices of public buyers in the Open Contracting Data Standard."""

import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ocdsmerge import Merger  # type: ignore[import-untyped]  # the library ships no types
from ocdsmerge.exceptions import (  # type: ignore[import-untyped]  # as above
    DuplicateIdValueWarning,
    OCDSMergeError,
)
from pydantic import ValidationError

from careatlas.graph.contracting import ContractingProcess
from careatlas.graph.dates import PartialDate
from careatlas.graph.sources import Source
from careatlas.loaders.feed import Kept, LeftOut, Outcome, Rejected, Wanted
from careatlas.loaders.ocds.decisions import Decided
from careatlas.loaders.ocds.documents import Json
from careatlas.loaders.ocds.doubt import near
from careatlas.loaders.ocds.files import digest
from careatlas.loaders.ocds.index import Index
from careatlas.loaders.ocds.mapping import notice, process, process_key
from careatlas.loaders.ocds.reading import Row, repeated, rows
from careatlas.loaders.ocds.releases import Heading, cut, heading
from careatlas.loaders.ocds.relevance import Verdict, judge
from careatlas.loaders.ocds.tables import Known, known
from careatlas.loaders.ocds.values import FaultyReleaseError
from careatlas.loaders.tables import reason as fault_of

__all__ = ["feed"]

_NAMED = 3
"""A title names this many files, and counts the rest."""
_FIRST_YEAR, _LAST_YEAR = "2000", "2050"
TWICE = "the same release was read before"
_OMITTED = [("id",), ("date",), ("tag",)]
_WHOLE = [
    ("parties", "additionalIdentifiers"),
    ("parties", "roles"),
    ("tender", "additionalClassifications"),
    ("tender", "items", "additionalClassifications"),
    ("awards", "items", "additionalClassifications"),
    ("contracts", "items", "additionalClassifications"),
    ("relatedProcesses", "relationship"),
]
_RULES: dict[tuple[str, ...], str] = dict.fromkeys(_OMITTED, "omitWhenMerged")
_RULES |= dict.fromkeys(_WHOLE, "wholeListMerge")
"""The rules of OCDS 1.1 for the fields that are mapped: the merger would fetch the schema otherwise."""


@dataclass
class Releases:
    """Files of releases and records, read as one source."""

    files: list[Path]
    known: Known
    source: Source
    everything: bool
    decided: Decided = field(default_factory=Decided)
    tell: Callable[[str], None] = lambda _: None
    _merger: Merger = field(default_factory=lambda: Merger(merge_rules=_RULES))

    def outcomes(self) -> Iterator[Outcome]:
        """What becomes of each release, in the order of the files."""
        with self.indexed() as index:
            yield from self._told(index)
        for line in self.decided.idle():
            self.tell(line)

    @contextmanager
    def indexed(self) -> Iterator[Index]:
        """The releases, put together into processes; what was read goes away again afterwards."""
        index = Index()
        try:
            for number, row in enumerate(rows(self.files)):
                self._take(index, number, row)
            index.group(self.decided)
            if missing := index.missing():
                for number, row in enumerate(rows(self.files)):
                    if number in missing:
                        self._keep(index, number, row)
            yield index
        finally:
            index.close()

    def _take(self, index: Index, number: int, row: Row) -> None:
        """Decide what the rules say of one release, and remember what is needed later."""
        if isinstance(row.value, str):
            index.add((number, row.place, None, f"reject {row.value}", False))
            return
        try:
            head = heading(row.value)
            verdict = judge(row.value, self.known.catalogue)
            if not verdict.kept and self.decided.reviewing:
                verdict = near(row.value, verdict, self.known.catalogue)
            elif not verdict.kept and self.everything:
                verdict = Verdict(True, (f"kept with --all: {verdict.reasons[0]}",))
            if verdict.kept:
                index.keep(number, self._sound(row, row.value, head))
        except FaultyReleaseError as fault:
            index.add((number, row.place, None, f"reject {fault}", False))
            return
        index.add((number, row.place, head, "\n".join(verdict.reasons), verdict.kept))

    def _sound(self, row: Row, value: Json, head: Heading) -> dict[str, Any]:
        """A release cut down to what is mapped.

        Raises:
            FaultyReleaseError: it is not sound.
        """
        if twice := repeated(row):
            raise FaultyReleaseError("", f"{twice[:80]!r} stands twice in one object")
        made = cut(value)
        if not made.get("date"):
            raise FaultyReleaseError(
                "date", "is not stated: nobody can tell which release is later"
            )
        if not _FIRST_YEAR <= made["date"][:4] <= _LAST_YEAR:
            raise FaultyReleaseError("date", f"is no day of a notice: {made['date'][:10]}")
        return made | {"ocid": head.ocid, "id": head.release}

    def _keep(self, index: Index, number: int, row: Row) -> None:
        """Remember a release that says little itself, and belongs to a process that is kept."""
        if isinstance(row.value, dict):
            try:
                index.keep(number, self._sound(row, row.value, heading(row.value)))
            except FaultyReleaseError as fault:
                index.keep(number, {"fault": str(fault)})

    def _told(self, index: Index) -> Iterator[Outcome]:
        made: dict[int, dict[int, Outcome]] = {}
        for number, place, reason, at in index.rows():
            if reason.startswith("reject "):
                yield Rejected(place, reason.removeprefix("reject "))
            elif at is None:
                yield LeftOut(place, reason)
            else:
                if at not in made:
                    made[at] = self.process(index, at)
                outcome = made[at].pop(number)
                if not made[at]:
                    del made[at]
                yield _placed(outcome, place)

    def process(self, index: Index, at: int) -> dict[int, Outcome]:
        """What becomes of the releases of a process: the first that holds carries the whole."""
        found: dict[int, Outcome] = {}
        sound: dict[int, dict[str, Any]] = {}
        reasons: list[str] = []
        for number, reason, body in index.members(at):
            reasons += reason.split("\n") if reason else []
            if "fault" in body:
                found[number] = Rejected("", body["fault"])
            elif same := next((one for one in sound.values() if one["id"] == body["id"]), None):
                other = f"the release {body['id']!r} was read before, and said something else"
                found[number] = LeftOut("", TWICE) if same == body else Rejected("", other)
            else:
                sound[number] = body
        if sound:
            said = [index.decided[at]] if at in index.decided else []
            found |= self._merged(index, at, sound, tuple(dict.fromkeys([*said, *reasons])))
        return found

    def _merged(
        self, index: Index, at: int, sound: dict[int, dict[str, Any]], because: tuple[str, ...]
    ) -> dict[int, Outcome]:
        releases = list(sound.values())
        try:
            record = self._record(index, at, releases, because)
            told = [notice(one, record.process, self.source.id) for one in releases]
        except ValidationError as fault:
            text = fault_of(fault)
            return {number: Rejected("", text) for number in sound}
        except (FaultyReleaseError, OCDSMergeError) as fault:
            text = " ".join(str(fault).split())
            return {number: Rejected("", text) for number in sound}
        found: dict[int, Outcome] = {}
        for number, own in zip(sound, told, strict=True):
            found[number] = Kept("", (own,) if found else (record, own))
        return found

    def _record(
        self, index: Index, at: int, releases: list[dict[str, Any]], because: tuple[str, ...]
    ) -> ContractingProcess:
        with warnings.catch_warnings():
            # Two entries with one id are one entry, as the standard has it.
            warnings.simplefilter("ignore", DuplicateIdValueWarning)
            compiled = self._merger.create_compiled_release(releases)
        compiled = cut(compiled) | {"ocid": releases[0]["ocid"]}
        head = heading(compiled)
        several = index.shares_ocid(head.ocid, at)
        buyer = head.buyer_id or head.buyer or f"process {at}"
        record = process(
            compiled, releases, process_key(head.ocid, buyer, several), because, self.known
        )
        noted = self.known.notices.get(head.ocid)
        bought_by = {one.player for one in record.parties if one.role == "buyer"}
        if several and noted and noted in bought_by:
            record = record.model_copy(update={"process": process_key(head.ocid, "", False)})
        return record.model_copy(update={"source": self.source.id})


def _placed(outcome: Outcome, place: str) -> Outcome:
    if isinstance(outcome, Kept):
        return Kept(place, outcome.records)
    return type(outcome)(place, outcome.reason)


def feed(files: list[Path], wanted: Wanted) -> Releases:
    """Open files of notices as one source.

    Raises:
        DecisionError: a line of the table of decisions is none.
        TableError: a curated table, or that of decisions, cannot be read.
        UnknownBodyError: a party was decided to be what no table knows.
        UnreadableDocumentError: a file is not there, or cannot be read.
        UnreadableFeedError: a file is a folder, or is empty.
        ValueError: the date of publication is none.
    """
    source = Source(
        id=wanted.source or "ocds-notices",
        kind="dataset",
        title=f"Procurement notices (OCDS): {', '.join(path.name for path in files[:_NAMED])}"
        + (f" and {len(files) - _NAMED} more" if len(files) > _NAMED else ""),
        published=PartialDate.parse(wanted.published) if wanted.published else None,
        sha256=digest(files),
    )
    tables, decided = known(wanted.tables), Decided()
    if wanted.decisions:
        decided = tables.bodies.decided = Decided.read(wanted.decisions, tables.bodies.labels)
    return Releases(files, tables, source, wanted.everything, decided, wanted.tell)
