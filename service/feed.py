"""What changed from release to release, as feeds: Atom and JSON Feed 1.1."""

import asyncio
import re
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from typing import Any
from xml.etree import ElementTree

from fastapi import APIRouter, Request, Response

from careatlas.graph.release import Release
from careatlas.service.documents import Made
from careatlas.service.problems import Problem
from careatlas.service.replies import PROBLEMS, Wanted, as_json, get, manifest, reply
from careatlas.service.state import Service

ENTRIES = 20
TOLD = 50
"""An entry tells this many changes in words, and counts the rest."""
ATOM = "application/atom+xml"
JSON_FEED = "application/feed+json"
ALTERNATES = (
    f'</api/changes.atom>; rel="alternate"; type="{ATOM}", '
    f'</api/changes.json>; rel="alternate"; type="{JSON_FEED}"'
)
"""The feeds as a `Link` header for what they are an alternate of."""
_TITLE = "Careatlas: what changed"
_SPACE = "http://www.w3.org/2005/Atom"
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_AT_ONCE = 2
"""Comparisons that one feed has running; the other workers are for those who ask questions."""


@dataclass(frozen=True)
class Entry:
    """One release, and what it says otherwise than the one before it."""

    release: str
    updated: str
    title: str
    counts: tuple[str, ...]
    told: tuple[str, ...]
    address: str
    """Where all of it is."""

    @property
    def id(self) -> str:
        """The same for ever."""
        return f"tag:w3id.org,2026:careatlas/release/{self.release}"

    def as_html(self) -> str:
        """The counts and the changes as a list."""
        items = "".join(f"<li>{escape(one)}</li>" for one in self.told)
        return f"<p>{escape('; '.join(self.counts))}</p>" + (f"<ul>{items}</ul>" if items else "")

    def as_text(self) -> str:
        """The counts and the changes in lines."""
        return "\n".join(["; ".join(self.counts), *self.told])


def updated(release: Release) -> str:
    """When the release was written, in UTC.

    Raises:
        Problem: it is gone.
    """
    try:
        seconds = int((release.path / "manifest.json").stat().st_mtime)
    except OSError:
        raise Problem(404, "no-such-release", "no such release: see /api/releases") from None
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def in_words(change: dict[str, str]) -> str:
    """One change as a sentence, with its evidence.

    >>> in_words({"change": "changed", "kind": "deployment", "subject": "Alder Vale",
    ...     "thing": "Bone", "before": "trialling", "after": "live", "source": "foi", "locator": "item 1"})
    'Alder Vale, Bone: trialling, now live (deployment; foi, item 1)'
    """
    said = {
        "appeared": "{after}, not reported before",
        "vanished": "no longer reported, was {before}",
    }.get(change["change"], "{before}, now {after}")
    values = said.format(before=change["before"], after=change["after"])
    place = ", ".join(part for part in (change["source"], change["locator"]) if part)
    return f"{change['subject']}, {change['thing']}: {values} ({change['kind']}; {place})"


def counted(changes: list[dict[str, str]]) -> list[str]:
    """How many changes of each kind there are.

    >>> counted([{"kind": "deployment", "change": "appeared"}] * 2)
    ['2 deployments appeared']
    """
    tally = Counter((change["kind"], change["change"]) for change in changes)
    return [
        f"{count} {kind}{'' if count == 1 else 's'} {change}"
        for (kind, change), count in sorted(tally.items())
    ]


async def _entry(
    service: Service, release: Release, before: Release | None, base: str, gate: asyncio.Semaphore
) -> Entry:
    when = updated(release)
    if before is None:
        quads = manifest(release).get("quads", 0)
        first = (f"the first release that is kept, with {quads} quads",)
        address = f"{base}/api/releases/{release.name}"
        return Entry(release.name, when, f"Release {release.name}", first, (), address)
    job = {
        "do": "diff",
        "releases": [str(before.path), str(release.path)],
        "encoding": None,
    }
    async with gate:
        changes = (await service.json(job))["changes"]
    told = [in_words(change) for change in changes[:TOLD]]
    if len(changes) > TOLD:
        told.append(f"and {len(changes) - TOLD} more")
    address = f"{base}/api/diff?before={before.name}&after={release.name}"
    title = f"Release {release.name}: {len(changes)} change{'' if len(changes) == 1 else 's'}"
    counts = tuple(counted(changes)) or ("nothing that trusts use, answer or dispute",)
    return Entry(release.name, when, title, counts, tuple(told), address)


async def entries(service: Service, base: str) -> list[Entry]:
    """The last releases, newest first, each compared with the one before it.

    Raises:
        Problem: two of them cannot be compared.
    """
    kept = await asyncio.to_thread(service.releases.all)
    gate = asyncio.Semaphore(_AT_ONCE)
    before = [None, *kept]
    pairs = list(zip(kept, before, strict=False))[-ENTRIES:]
    async with asyncio.TaskGroup() as group:
        tasks = [
            group.create_task(_entry(service, release, earlier, base, gate))
            for release, earlier in reversed(pairs)
        ]
    return [task.result() for task in tasks]


def atom(found: list[Entry], base: str) -> bytes:
    """The entries as Atom."""
    feed = ElementTree.Element("feed", {"xmlns": _SPACE})
    _add(feed, "id", "tag:w3id.org,2026:careatlas/changes")
    _add(feed, "title", _TITLE)
    _add(feed, "updated", max(one.updated for one in found))
    _add(_add(feed, "author"), "name", "Careatlas")
    _add(feed, "link", rel="self", type=ATOM, href=f"{base}/api/changes.atom")
    _add(feed, "link", rel="alternate", type=JSON_FEED, href=f"{base}/api/changes.json")
    for one in found:
        entry = _add(feed, "entry")
        _add(entry, "id", one.id)
        _add(entry, "title", one.title)
        _add(entry, "updated", one.updated)
        _add(entry, "link", rel="alternate", type="application/json", href=one.address)
        _add(entry, "content", one.as_html(), type="html")
    text = ElementTree.tostring(feed, "unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'.encode()


def _add(
    parent: ElementTree.Element, name: str, text: str | None = None, **attributes: str
) -> ElementTree.Element:
    child = ElementTree.SubElement(parent, name, attributes)
    child.text = _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text) if text else None
    return child


def json_feed(found: list[Entry], base: str) -> bytes:
    """The entries as JSON Feed."""
    items: list[dict[str, Any]] = [
        {
            "id": one.id,
            "url": one.address,
            "title": one.title,
            "content_text": one.as_text(),
            "content_html": one.as_html(),
            "date_published": one.updated,
        }
        for one in found
    ]
    return as_json(
        {
            "version": "https://jsonfeed.org/version/1.1",
            "title": _TITLE,
            "home_page_url": f"{base}/",
            "feed_url": f"{base}/api/changes.json",
            "authors": [{"name": "Careatlas"}],
            "language": "en-GB",
            "items": items,
        }
    )


_SCHEMAS = {"atom": {"type": "string"}, "json": {"type": "object"}}
_FORMS = {"atom": (ATOM, atom), "json": (JSON_FEED, json_feed)}


def add_feeds(router: APIRouter, service: Service) -> None:
    """Add the feeds."""
    for form in _FORMS:
        _add_feed(router, service, form)


def _add_feed(router: APIRouter, service: Service, form: str) -> None:
    kind, write = _FORMS[form]

    async def changes(request: Request) -> Response:
        current = service.current().name
        base = (service.settings.public_url or str(request.base_url)).rstrip("/")
        names = [release.name for release in await asyncio.to_thread(service.releases.all)]
        wanted = Wanted({"feed": names, "form": form, "base": base}, kind, current)

        async def make() -> Made:
            try:
                return Made(write(await entries(service, base), base))
            except ExceptionGroup as several:
                raise _first(several) from None

        return await reply(service, request, wanted, make)

    get(
        router,
        f"/api/changes.{form}",
        changes,
        tags=["releases"],
        summary=f"What changed from release to release, as {'Atom' if form == 'atom' else 'JSON Feed'}",
        operation_id=f"changes_{form}",
        response_class=Response,
        responses={200: {"content": {kind: {"schema": _SCHEMAS[form]}}}} | PROBLEMS,
    )


def _first(several: BaseExceptionGroup[Any]) -> BaseException:
    found = several.exceptions[0]
    return _first(found) if isinstance(found, BaseExceptionGroup) else found
