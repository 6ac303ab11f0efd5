"""What all parts of the service share: the current release, the workers, the answers kept."""

import asyncio
import hashlib
import json
from collections import OrderedDict
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

from careatlas.graph.homes import POINTER, NoReleaseError
from careatlas.graph.release import Release, Releases
from careatlas.service.pool import Limits, Pool
from careatlas.service.problems import Problem
from careatlas.service.running import Running

KEPT_EACH = 1 << 20
KEPT_IN_ALL = 64 << 20
PARTED = 16
"""So many answers on everything are kept in parts."""
_ENTRY = 1 << 10
"""What an answer takes beside its bytes, so that very many small ones are bounded too."""
_VERSION = version("careatlas")


@dataclass(frozen=True)
class ServiceSettings:
    """How one service runs; `docs/service.md` explains each."""

    home: Path
    limits: Limits = field(default_factory=Limits)
    public_url: str = ""
    """Where clients reach it, if a proxy stands in between; else what the request says."""
    rate: str = "600/minute"
    """Requests that one client may make; empty for no limit."""
    concurrency: int = 16
    """Requests that one client may have open."""
    limit_loopback: bool = False
    """Whether the limits also hold for this machine."""
    body: int = 1 << 20
    """Bytes of a request."""
    engine: str = ""
    """The SPARQL engine that it asks, instead of the releases of the home."""


class Kept(NamedTuple):
    """An answer that is kept, since a release never changes."""

    media: str
    encoding: str | None
    body: bytes
    links: str = ""
    """Where its other pages are."""


class Answers:
    """The answers kept, least recently used first, bounded in bytes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self.size = 0

    def get(self, tag: str) -> Kept | None:
        """The answer with this tag."""
        found = self._kept.get(tag)
        if found:
            self._kept.move_to_end(tag)
        return found

    def keep(self, tag: str, answer: Kept) -> None:
        """Keep an answer, and let the oldest go."""
        if len(answer.body) > KEPT_EACH or tag in self._kept:
            return
        self._kept[tag] = answer
        self.size += len(answer.body) + _ENTRY
        while self.size > KEPT_IN_ALL:
            _, gone = self._kept.popitem(last=False)
            self.size -= len(gone.body) + _ENTRY


class Parts:
    """Answers on everything, in parts by what stands in a column; the oldest of a few goes."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[str, ...], dict[str, dict[str, Any]]] = OrderedDict()

    def get(self, key: tuple[str, ...]) -> dict[str, dict[str, Any]] | None:
        """What is kept of a release, a question and a column."""
        return self._kept.get(key)

    def keep(self, key: tuple[str, ...], card: dict[str, Any]) -> dict[str, dict[str, Any]]:
        """Take an answer apart; rows with nothing in the column are in no part, and "" has none."""
        parts: dict[str, dict[str, Any]] = {"": card | {"rows": []}}
        for row in card["rows"]:
            if value := row[key[-1]]:
                parts.setdefault(value, card | {"rows": []})["rows"].append(row)
        self._kept[key] = parts
        while len(self._kept) > PARTED:
            self._kept.popitem(last=False)
        return parts


@dataclass
class Client:
    """Who asked for a job that is running, and under which name."""

    query_id: str
    address: str


class Service:
    """One running service."""

    def __init__(self, settings: ServiceSettings) -> None:
        self.settings = settings
        self.releases = Releases(settings.home)
        self.pool = Pool(settings.limits, self._opened_first)
        self.answers = Answers()
        self.parts = Parts()
        self.clients: dict[Running, Client] = {}
        self._pointer = settings.home / POINTER
        self._seen: tuple[int, int] | None = None
        self._current: Release | None = None

    def _opened_first(self) -> str | None:
        """What a fresh worker opens before it has a job."""
        try:
            return str(self.current().path)
        except Problem:
            return None

    def current(self) -> Release:
        """The release in force now; a new one is seen by the next request.

        Raises:
            Problem: there is none any more.
        """
        try:
            status = self._pointer.stat()
            seen = (status.st_mtime_ns, status.st_ino)
        except FileNotFoundError:
            seen = None
        if self._current is None or seen != self._seen:
            try:
                self._current = self.releases.current()
            except NoReleaseError:
                raise Problem(503, "no-release", "there is no release", retry_after=60) from None
            self._seen = seen
        return self._current

    def release(self, name: str | None) -> Release:
        """The release of this name, or the current one.

        Raises:
            Problem: there is none.
        """
        try:
            return self.releases.get(name) if name else self.current()
        except NoReleaseError:
            raise Problem(404, "no-such-release", "no such release: see /api/releases") from None

    async def json(self, job: dict[str, Any], seconds: float | None = None) -> dict[str, Any]:
        """What a job gives, read as JSON; kept, as the same job on a release gives the same.

        Raises:
            Problem: it gives none.
        """
        tag = tag_of(job)
        kept = self.answers.get(tag)
        if kept is None:
            kept = await self._run(job, seconds)
            self.answers.keep(tag, kept)
        found: dict[str, Any] = json.loads(kept.body)
        return found

    async def asked(self, jobs: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """What several jobs that ask a release questions give, as `json` of each; sooner than one by one.

        Raises:
            Problem: one of them gives nothing.
        """
        tags = [tag_of(job) for job in jobs]
        kept = {tag: one.body for tag in tags if (one := self.answers.get(tag))}
        left = [(tag, job) for tag, job in zip(tags, jobs, strict=True) if tag not in kept]
        several = max(1, self.settings.limits.workers // 2)
        shares = [left[at::several] for at in range(several)]
        for answers in await asyncio.gather(*(self._share(share) for share in shares if share)):
            kept.update(answers)
        return [json.loads(kept[tag]) for tag in tags]

    async def _share(self, share: list[tuple[str, dict[str, Any]]]) -> dict[str, bytes]:
        """The answers to some questions from one worker, kept."""
        jobs = [job for _, job in share]
        whole = {"do": "each", "releases": jobs[0]["releases"], "jobs": jobs, "encoding": None}
        given = await self._run(whole)
        lines = given.body.split(b"\n")[:-1]
        found = {tag: line for (tag, _), line in zip(share, lines, strict=True)}
        for tag, body in found.items():
            self.answers.keep(tag, given._replace(body=body))
        return found

    async def _run(self, job: dict[str, Any], seconds: float | None = None) -> Kept:
        async with self.pool.run(job, seconds or self.settings.limits.seconds) as running:
            body = b"".join([piece async for piece in running.pieces()])
        return Kept(str(running.head["media"]), None, body)


def tag_of(job: dict[str, Any]) -> str:
    """The entity tag of a job's answer: a digest of all that decides on it, releases included."""
    text = json.dumps([_VERSION, job], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:32]
