"""The ODS register of health organisations: its reports, its services' JSON, and the full XML."""

import shutil
import tempfile
import weakref
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from pathlib import Path

from careatlas.graph.dates import PartialDate
from careatlas.graph.sources import Source
from careatlas.loaders.feed import LeftOut, Outcome, PassedOver, Rejected, Wanted
from careatlas.loaders.ods import kinds, known, reports, services, xmlfile
from careatlas.loaders.ods.entries import Belongs, Entry, Follows, Found
from careatlas.loaders.ods.errors import NotOfRegisterError
from careatlas.loaders.ods.mapping import Decisions
from careatlas.loaders.ods.opening import Part, parts
from careatlas.loaders.ods.spool import Spool
from careatlas.loaders.reading import digest_of_all

PUBLISHER = "NHS England"
LICENCE = "OGL-UK-3.0"
ADDRESS = "https://digital.nhs.uk/services/organisation-data-service"
NOT_DATA = "a part of a ZIP file that is no data of the register"
_TITLES = {
    "etr": "NHS trusts",
    "ect": "care trusts",
    "ets": "sites of NHS trusts",
    "eccg": "sub-ICB locations and clinical commissioning groups",
    "epcn": "primary care networks",
    "eauth": "regions",
    "succ": "successions",
    "eother": "other organisations",
    "ord": "records of the ORD API",
    "fhir": "FHIR resources",
    "xml": "full register",
}
_REPORTS = {
    kinds.SITE: "ets",
    kinds.LOCATION: "eccg",
    kinds.NETWORK: "epcn",
    kinds.REGION: "eauth",
    kinds.BOARD: "eother",
}


def feed(files: list[Path], wanted: Wanted) -> "Register":
    """Files of the register, read as one source.

    Raises:
        NotOfRegisterError: a file is nothing of the register.
        OSError: a file cannot be read.
        UnsoundFileError: a file is damaged, cut off, or made to do harm.
        ValueError: the day on which they came out is no date.
    """
    return Register(files, wanted)


@dataclass
class _Noted:
    """What was seen of the files before anything is decided."""

    rows: Spool
    decisions: Decisions
    sorts: Counter[str]
    published: date | None


@dataclass(eq=False)
class Register:
    """Files of the register, of which nothing is decided before it is known which organisations they have."""

    files: list[Path]
    wanted: Wanted

    @cached_property
    def _scratch(self) -> Path:
        """A folder that goes away with the feed."""
        folder = tempfile.mkdtemp(prefix="careatlas-ods-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)

    @cached_property
    def _parts(self) -> list[Part]:
        return list(parts(self.files, self._scratch))

    @cached_property
    def _given(self) -> PartialDate | None:
        return PartialDate.parse(self.wanted.published) if self.wanted.published else None

    @cached_property
    def source(self) -> Source:
        """What the files are together."""
        sort = self._sort
        stated, given = self._noted.published, self._given
        own = stated if stated and not (given and stated == given.first) else None
        return Source(
            id=self.wanted.source or f"ods-{sort}",
            kind="registry",
            title=f"Organisation Data Service: {_TITLES.get(sort, 'organisations')}",
            publisher=PUBLISHER,
            url=ADDRESS,
            published=PartialDate(own, own, "day") if own else given,
            sha256=digest_of_all(self.files),
            licence=LICENCE,
        )

    def outcomes(self) -> Iterator[Outcome | PassedOver]:
        """What becomes of each row, in the order of the files."""
        decisions = self._noted.decisions
        decisions.source = self.source.id
        decisions.times.clear()
        for found in self._noted.rows:
            yield decisions.outcome(found)

    @property
    def _sort(self) -> str:
        """The short name of what the files are: that of a report, or of their form."""
        sorts = self._noted.sorts
        return next(iter(sorts)) if len(sorts) == 1 else "reports"

    @cached_property
    def _noted(self) -> _Noted:
        tables = known.read(self.wanted.tables)
        decisions = Decisions("", tables, self.wanted.everything)
        rows = Spool(self._scratch)
        sorts: Counter[str] = Counter()
        days: set[date] = set()
        for part in self._parts:
            if part.form is None:
                rows.put(LeftOut(part.name, NOT_DATA))
            else:
                sorts[self._notice(part, rows, decisions, days)] += 1
        rows.close()
        decisions.settle()
        return _Noted(rows, decisions, sorts, max(days, default=None))

    def _notice(self, part: Part, rows: Spool, decisions: Decisions, days: set[date]) -> str:
        """Take note of the organisations and days of a part; the short name of what it is."""
        seen: Counter[str] = Counter()
        wrong = ""
        for found in self._read(part, decisions):
            rows.put(found)
            if isinstance(found, PassedOver):
                continue
            if isinstance(found, Rejected):
                wrong = wrong or found.reason
                continue
            decisions.notice(found)
            seen[_sort_of(found, part)] += 1
            if isinstance(found, Entry | Belongs) and found.as_at:
                days.add(found.as_at)
        if not seen and wrong:
            raise NotOfRegisterError(part.name, f"of its first row, {wrong}")
        if not seen:
            raise NotOfRegisterError(part.name, "it has no row")
        return seen.most_common(1)[0][0]

    def _read(self, part: Part, decisions: Decisions) -> Iterator[Found]:
        given = self._given.first if self._given else None
        if part.form == "xml":
            return xmlfile.read(part, xmlfile.Manifest(given), decisions.whole)
        if part.form == "json":
            return services.read(part, given)
        return reports.read(part, given)


def _sort_of(found: Found, part: Part) -> str:
    if part.form == "xml":
        return "xml"
    if part.form == "json":
        return "fhir" if isinstance(found, Entry | Belongs) and found.fhir else "ord"
    if isinstance(found, Follows):
        return "succ"
    if isinstance(found, Belongs):
        return "epcn"
    if isinstance(found, Entry) and found.kind == kinds.TRUST:
        return "ect" if found.code.startswith("T") else "etr"
    kind = found.kind if isinstance(found, Entry) else None
    return _REPORTS.get(kind or "", "eother")
