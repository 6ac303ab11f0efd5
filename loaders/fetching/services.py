"""The services that can be fetched: where each is, and how it wants to be asked."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Service:
    """A publisher's service."""

    name: str
    base: str
    """The address that `--base-url` stands in for."""
    path: str
    kind: str
    """The kind that `careatlas load` knows its files as."""
    delay: float
    """Seconds between two requests, unless a person says otherwise."""
    between: tuple[str, str] = ("", "")
    """The parameters that bound a window of time; none where there are reports instead."""
    cursor: bool = False
    """Whether pages of one window can be relied on to hold every row."""

    def url(self, base: str | None = None) -> str:
        """The address that is asked."""
        return f"{(base or self.base).rstrip('/')}/{self.path}"


SERVICES = {
    service.name: service
    for service in (
        Service("ods", "https://www.odsdatasearchandexport.nhs.uk/api", "getReport", "ods", 2.0),
        Service(
            "find-a-tender",
            "https://www.find-tender.service.gov.uk/api/1.0",
            "ocdsReleasePackages",
            "ocds",
            10.0,
            ("updatedFrom", "updatedTo"),
        ),
        Service(
            "contracts-finder",
            "https://www.contractsfinder.service.gov.uk",
            "Published/Notices/OCDS/Search",
            "ocds",
            1.0,
            ("publishedFrom", "publishedTo"),
            cursor=True,
        ),
    )
}
REPORTS = ("etr", "ect", "ets", "eccg", "epcn", "succ", "eother")
"""The reports of the ODS that are fetched unless others are named."""
STAGES = ("planning", "tender", "award")
"""Stages of a procedure, as both services of notices know them."""
