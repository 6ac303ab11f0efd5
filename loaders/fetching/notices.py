"""Fetching notices: windows of time short enough that one page holds them, since links to next pages lose rows."""

from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qs, urlsplit

from careatlas.loaders.fetching.bodies import package, whole_package
from careatlas.loaders.fetching.client import Client, Reply
from careatlas.loaders.fetching.errors import BrokenBodyError
from careatlas.loaders.fetching.keeping import Body, Keeper
from careatlas.loaders.fetching.services import Service
from careatlas.loaders.fetching.windows import Window
from careatlas.loaders.snapshots import Gap

LIMIT = 100
"""As many releases as a page can have."""
MOST_PAGES = 1_000


@dataclass
class Notices:
    """Fetches the windows that a folder does not hold yet, the earliest first.

    What the service moves to a later time meanwhile is then met there, in this fetch or the next.
    """

    service: Service
    client: Client
    keeper: Keeper
    asked: Mapping[str, str]
    """The parameters beside those of a window."""
    new: int = 0
    held: int = 0
    missed: list[Gap] = field(default_factory=list)
    _there: list[Window] = field(default_factory=list)

    def fetch(
        self, windows: Iterable[Window], progress: Callable[[str], None] = lambda _: None
    ) -> None:
        """Fetch each window, in parts where it is too full."""
        self._there = sorted(Window(*bounds) for bounds in self.keeper.snapshot.windows)
        for window in windows:
            progress(f"{self.service.name} {window.name}")
            self._window(window)

    def _window(self, window: Window) -> None:
        there = self._within(window)
        if there == window:
            self.held += 1
            return
        halves = window.halves
        if there is None:
            reply = self._get(window)
            if _count(reply) < LIMIT:
                self._keep(window, [reply])
                return
            if halves is None:
                self._full(window, reply)
                return
        for half in halves or ():
            self._window(half)

    def _within(self, window: Window) -> Window | None:
        """The window itself, or a part of it, where the folder holds one."""
        place = bisect_left(self._there, window)
        if place < len(self._there) and self._there[place] == window:
            return window
        place = bisect_left(self._there, Window(window.start, window.start))
        found = self._there[place] if place < len(self._there) else None
        return found if found and found.end <= window.end else None

    def _get(self, window: Window, cursor: str = "") -> Reply:
        return self.client.get(
            self.service.url(self.keeper.snapshot.url), self._params(window, cursor), whole_package
        )

    def _params(self, window: Window, cursor: str = "") -> dict[str, str]:
        bounds = dict(zip(self.service.between, window.bounds, strict=True))
        return {**self.asked, **bounds, **({"cursor": cursor} if cursor else {})}

    def _full(self, window: Window, first: Reply) -> None:
        """A minute that a page does not hold: by its further pages, where the service can be relied on."""
        if not self.service.cursor:
            self._missed(window, f"more than the {LIMIT} releases of a page in one minute")
            return
        pages, cursors = [first], [""]
        try:
            while cursor := _next(pages[-1].body):
                if cursor in cursors or len(pages) >= MOST_PAGES:
                    raise BrokenBodyError("its links to next pages never end")
                cursors.append(cursor)
                pages.append(self._get(window, cursor))
        except BrokenBodyError as fault:
            self._missed(window, str(fault))
            return
        self._keep(window, pages, cursors)

    def _missed(self, window: Window, reason: str) -> None:
        gap = Gap(since=window.start, until=window.end, reason=reason)
        self.client.say(f"not whole from {gap}")
        self.keeper.miss(gap)
        self.missed.append(gap)

    def _keep(self, window: Window, pages: list[Reply], cursors: Iterable[str] = ("",)) -> None:
        several = len(pages) > 1
        bodies = [
            Body(
                f"{window.name}{f'_{number:03}' if several else ''}.json",
                self._params(window, cursor),
                page,
            )
            for number, (page, cursor) in enumerate(zip(pages, cursors, strict=True), 1)
        ]
        self.keeper.keep(bodies, window)
        self.new += 1


def _count(reply: Reply) -> int:
    return len(package(reply.body)["releases"])


def _next(body: bytes) -> str:
    """The cursor of the next page; nothing where this one is the last."""
    links = package(body).get("links")
    following = links.get("next") if isinstance(links, dict) else None
    if not isinstance(following, str):
        return ""
    if not set(following) & set("/?&"):
        return following
    cursors = parse_qs(urlsplit(following).query).get("cursor")
    return cursors[0] if cursors else ""
