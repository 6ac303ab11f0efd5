"""Fetching what publishers give into a snapshot folder, which `careatlas load` reads."""

import argparse
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from careatlas.arguments import Parser, UsageError, day
from careatlas.output import progress, say
from careatlas.settings import from_environment

if TYPE_CHECKING:
    from careatlas.loaders.fetching.client import Client, Pace, Time
    from careatlas.loaders.fetching.keeping import Keeper
    from careatlas.loaders.fetching.services import Service
    from careatlas.loaders.snapshots import Gap

SERVICES = ("ods", "find-a-tender", "contracts-finder")
Command = Callable[..., Parser]


class WindowsMissingError(RuntimeError):
    """Windows of time that a service would not give whole."""

    def __init__(self, gaps: "list[Gap]", folder: Path) -> None:
        super().__init__(gaps, folder)
        self.gaps = gaps
        self.folder = folder

    def __str__(self) -> str:
        return (
            f"{len(self.gaps)} windows could not be had whole, the first {self.gaps[0]}; "
            f"all others are in {self.folder}, and the next fetch asks for these again"
        )


def fetch_commands(command: Command) -> None:
    """Add the command `fetch`."""
    sub = command("fetch", _fetch, "fetch what a publisher gives into a folder that `load` reads")
    sub.add_argument(
        "service", choices=SERVICES, metavar="SERVICE", help=f"one of {', '.join(SERVICES)}"
    )
    sub.add_argument(
        "--since", type=day, metavar="DATE", help="the first day (else where the folder ends)"
    )
    sub.add_argument(
        "--until", type=day, metavar="DATE", help="the last day (else the last one that is over)"
    )
    sub.add_argument("--to", type=Path, metavar="FOLDER", help="(else one of the home)")
    sub.add_argument(
        "--report", nargs="+", metavar="REPORT", help="reports of the ODS, as in etr (else seven)"
    )
    sub.add_argument("--stages", help="only these stages of procedures, as in award,tender")
    sub.add_argument("--base-url", metavar="URL", help="another address of the service")
    sub.add_argument(
        "--delay", type=_seconds, metavar="SECONDS", help="between two requests (else as it wants)"
    )
    sub.add_argument(
        "--timeout", type=_seconds, metavar="SECONDS", help="without an answer (else 60)"
    )
    sub.add_argument("--on", type=day, metavar="DATE", help="the day of the fetch (else today)")


def _seconds(value: str) -> float:
    try:
        found = float(value)
    except ValueError:
        found = -1.0
    if not 0 <= found <= 3600:  # noqa: PLR2004 - an hour
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds up to 3600")
    return found


def _fetch(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.loaders.fetching.client import Time

    return fetch(options, Time())


def fetch(options: argparse.Namespace, time: "Time") -> int:
    """Fetch what the command asks for, in the time given."""
    from careatlas.loaders.fetching.client import Client
    from careatlas.loaders.fetching.keeping import keeping
    from careatlas.loaders.fetching.services import SERVICES as KNOWN
    from careatlas.loaders.snapshots import Snapshot

    service = KNOWN[options.service]
    base = _base(options.base_url) if options.base_url else service.base
    _check(options, service)
    today = options.on or _today(time)
    folder = options.to or from_environment(options.home).home / "fetched" / service.name
    parameters = {"limit": "100"} if service.between[0] else {}
    parameters |= {"stages": options.stages} if options.stages else {}
    wanted = Snapshot(service=service.name, url=base, parameters=parameters)
    with (
        keeping(folder, wanted, today) as keeper,
        Client(_agent(), _pace(options, service), say, time) as client,
    ):
        if service.between[0]:
            return _notices(options, service, client, keeper)
        return _reports(options, service, client, keeper)


def _reports(
    options: argparse.Namespace, service: "Service", client: "Client", keeper: "Keeper"
) -> int:
    from careatlas.loaders.fetching.reports import Reports
    from careatlas.loaders.fetching.services import REPORTS

    work = Reports(service, client, keeper)
    with progress() as step:
        work.fetch(dict.fromkeys(options.report or REPORTS), step)
    print(f"reports {work.new + work.held} new {work.new} unchanged {work.held}")
    print(f"folder {keeper.folder}")
    return 0


def _notices(
    options: argparse.Namespace, service: "Service", client: "Client", keeper: "Keeper"
) -> int:
    from careatlas.loaders.fetching.notices import Notices
    from careatlas.loaders.fetching.windows import windows

    first, last = _days(options, keeper)
    work = Notices(service, client, keeper, keeper.snapshot.parameters)
    with progress() as step:
        work.fetch(windows(first, last), step)
    print(f"windows {work.new + work.held + len(work.missed)} new {work.new} held {work.held}")
    print(f"folder {keeper.folder}")
    if work.missed:
        raise WindowsMissingError(work.missed, keeper.folder)
    return 0


def _days(options: argparse.Namespace, keeper: "Keeper") -> tuple[date, date]:
    """The first and the last day to fetch.

    Raises:
        UsageError: nobody says from when on, or a day is not over.
    """
    over = keeper.today - timedelta(days=1)
    first = options.since or keeper.snapshot.resumes
    last = options.until or over
    if first is None:
        raise UsageError("the folder is new: say from when on, with --since 2025-01-01")
    late = max(last, options.since or last)
    if late > over:
        raise UsageError(f"{late} is not over: the last day that can be had whole is {over}")
    if options.since and first > last:
        raise UsageError(f"{first} is after {last}: turn --since and --until round")
    return first, last


def _check(options: argparse.Namespace, service: "Service") -> None:
    """See that the flags fit the service.

    Raises:
        UsageError: one does not.
    """
    from careatlas.loaders.fetching.services import STAGES

    windows = bool(service.between[0])
    if windows and options.report:
        raise UsageError(f"--report says nothing to {service.name}")
    if not windows and options.stages:
        raise UsageError(f"--stages says nothing to {service.name}")
    if not windows and (options.since or options.until):
        say(f"{service.name} gives its reports as they are now: --since and --until change nothing")
    for report in options.report or ():
        if not (report.isascii() and report.isalnum()):
            raise UsageError(f"{report!r} is no name of a report: write etr")
    for stage in options.stages.split(",") if options.stages else ():
        if stage not in STAGES:
            raise UsageError(f"{stage!r} is no stage: there are {', '.join(STAGES)}")


def _base(given: str) -> str:
    """An address, as a flag gives it.

    Raises:
        UsageError: it is none.
    """
    try:
        found = urlsplit(given)
        sound = found.scheme in {"http", "https"} and found.hostname and found.port != 0
    except ValueError:
        sound = False
    if not sound or not given.isprintable() or "?" in given or "#" in given:
        raise UsageError(f"{given!r} is no address of a service: write https://host/path")
    return given.rstrip("/")


def _pace(options: argparse.Namespace, service: "Service") -> "Pace":
    from careatlas.loaders.fetching.client import Pace

    delay = service.delay if options.delay is None else options.delay
    return Pace(delay, timeout=options.timeout or Pace.timeout)


def _today(time: "Time") -> date:
    """The day in London, where the services are."""
    from zoneinfo import ZoneInfo

    return time.now().astimezone(ZoneInfo("Europe/London")).date()


def _agent() -> str:
    from importlib.metadata import version

    return f"careatlas/{version('careatlas')} (+https://w3id.org/careatlas/def)"
