"""What there is to visit: each kind of page once, found by following the links from the start page."""

import re
from collections import deque
from collections.abc import Iterable
from html.parser import HTMLParser
from typing import NamedTuple
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

import httpx

from careatlas.graph.release import Release
from careatlas.graph.terms import ID
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.routes import PAGES

WRONG = {
    "/no-such-page": 404,
    "/about/org/ods/ZZZZ9": 404,
    "/releases/compare": 404,
    "/questions/none": 404,
    "/questions/who-uses-what?product=RapidA1&as_of=yesterday": 422,
    "/routes?for=nowhere&to=chest": 422,
    "/search?q=" + "a" * 201: 422,
}
"""What a person may type wrongly, and the status of the page that says so."""
TYPED = [
    "/",
    "/search",
    "/search?q=guys",
    "/questions/usage?trust=RRV",
    "/questions/network-members?page=2",
    "/routes?for=RRV&to=stroke+imaging",
    "/about/org/ods/RRV",
    "/about/org/slug/brainomix",
    "/about/doc/foi-report-2025",
]
"""Where to begin; a thing with much to tell stands before others of its kind."""
_OF_EACH = {"columns", "page", "release"}
"""Parameters that show a page in another way; all others narrow it."""
_BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}


class Found(NamedTuple):
    """An answer to a link."""

    address: str
    status: int
    """0 where there was none."""
    media: str
    text: str
    came_from: str

    @property
    def is_page(self) -> bool:
        """Whether a person reads it in a browser."""
        return self.media == "text/html"


class Links(HTMLParser):
    """The links of a page, and the places in it that a link can name."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.places: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what the element links to, and its name."""
        given = dict(attrs)
        self.places.add(given.get("id") or "")
        if tag in {"a", "link"} and given.get("href"):
            self.links.append(given["href"] or "")


def kind(names: Names, address: str) -> str:
    """What sort of page is at this address: its route, its parameters, the kind of its thing."""
    parts = urlsplit(address)
    given = {name for name, _ in parse_qsl(parts.query)}
    steps = parts.path.split("/")
    if steps[1] not in {"api", "sparql", "graphs"}:
        given = {one if one in _OF_EACH else "narrowed" for one in given}
    parameters = " ".join(sorted(given)[:1])
    for path in PAGES:
        if "{" in path and re.fullmatch(re.sub(r"\{[^}]+\}", "[^/]+", path), parts.path):
            return f"{path}?{parameters}"
    if steps[1] == "about":
        iri = ID + parts.path.removeprefix("/about/")
        things = " ".join(sorted(names.kinds.get(iri, [])))
        return f"/about/{things or steps[2]}?{parameters}"
    if steps[1] == "data":
        return f"/data/{parts.path.rpartition('.')[2]}"
    return f"{'/'.join(steps[:4])}?{parameters}"


def crawl(url: str, release: Release, begin: Iterable[str]) -> list[Found]:
    """One answer for each kind of link, and for one thing of each kind that has a name."""
    names = Names(release.labels)
    things = [local(rows[len(rows) // 2][1]) for _, rows in sorted(release.labels.items()) if rows]
    found: dict[str, Found] = {}
    with httpx.Client(base_url=url, headers=_BROWSER, timeout=60) as client:
        waiting = deque((one, "typed") for one in [*begin, *things])
        while waiting:
            address, came_from = waiting.popleft()
            key = address if address in WRONG else kind(names, address)
            if key in found:
                continue
            try:
                answer = client.get(address)
            except httpx.TransportError as error:
                found[key] = Found(address, 0, "", str(error), came_from)
                continue
            media = answer.headers.get("content-type", "").partition(";")[0]
            one = Found(address, answer.status_code, media, answer.text, came_from)
            found[key] = one
            if answer.has_redirect_location:
                waiting += [(answer.headers["location"].removeprefix(url), address)]
            elif one.is_page:
                waiting += [(link, address) for link in _local(answer.url, one.text, url)]
    return list(found.values())


def _local(base: httpx.URL, text: str, url: str) -> Iterable[str]:
    """The addresses on this server that a page links to, without the place in them."""
    for link in Links(text).links:
        whole = urldefrag(urljoin(str(base), link)).url
        if whole.startswith(f"{url}/"):
            yield whole.removeprefix(url)
