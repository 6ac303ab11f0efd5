"""Fetching reports: whole files, of which a day's folder keeps those that changed."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from careatlas.loaders.fetching.bodies import whole_report
from careatlas.loaders.fetching.client import UNCHANGED, Client
from careatlas.loaders.fetching.keeping import Body, Keeper
from careatlas.loaders.fetching.services import Service
from careatlas.loaders.snapshots import Entry, newest


@dataclass
class Reports:
    """Fetches reports, and keeps those that the folder does not hold as they are now."""

    service: Service
    client: Client
    keeper: Keeper
    new: int = 0
    held: int = 0

    def fetch(
        self, reports: Iterable[str], progress: Callable[[str], None] = lambda _: None
    ) -> None:
        """Fetch each report."""
        for report in reports:
            progress(f"{self.service.name} {report}")
            self._report(report)

    def _report(self, report: str) -> None:
        before = newest(self.keeper.snapshot.files).get(report)
        params = {"report": report}
        reply = self.client.get(
            self.service.url(self.keeper.snapshot.url),
            params,
            whole_report,
            _known(before),
            twice=True,
        )
        if reply.status == UNCHANGED or (
            before and hashlib.sha256(reply.body).hexdigest() == before.sha256
        ):
            self.held += 1
            return
        # A report is named as the publisher names it: that is how its kind is known.
        self.keeper.keep([Body(f"{self.keeper.today}/{report}.csv", params, reply)])
        self.new += 1


def _known(before: Entry | None) -> dict[str, str]:
    """The headers that say what is there already."""
    if before is None:
        return {}
    known = {"if-none-match": before.etag, "if-modified-since": before.last_modified}
    return {name: value for name, value in known.items() if value}
