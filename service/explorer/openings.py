"""What the page of a claim, a deployment, a disagreement or a concept opens with."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS, ID, SCHEME
from careatlas.service.explorer.conflicts import gathered
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import names_of
from careatlas.service.explorer.plain import Opened
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.explorer.tables import view
from careatlas.service.state import Service

Row = Mapping[str, Mapping[str, str]]
"""A statement about the thing, as the page of its facts has it."""
_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
_IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"
_NOTATION = "http://www.w3.org/2004/02/skos/core#notation"
_ALSO = "http://www.w3.org/2004/02/skos/core#altLabel"


class Page(NamedTuple):
    """What an opening is made from."""

    service: Service
    release: Release
    iri: str
    found: Sequence[Row]

    def values(self, term: str) -> list[str]:
        """What the thing has of this property."""
        return sorted({row["near"]["value"] for row in self.found if row["to"]["value"] == term})

    async def ask(self, name: str, **values: str) -> dict[str, Any]:
        """The answer to a question."""
        return await self.service.json(ask_job(self.release, name, values))


async def opened(service: Service, release: Release, iri: str, found: Sequence[Row]) -> Opened:
    """What the page of a thing opens with, as a part of a page; nothing for most kinds.

    Raises:
        Problem: an answer does not come.
    """
    page = Page(service, release, iri, found)
    for start, make in _KINDS.items():
        if iri.startswith(start):
            return await make(page)
    return Opened("")


async def _claim(page: Page) -> Opened:
    """A claim: what it says, of whom, in which document and where, and who says otherwise."""
    versions = page.values(f"{ATLAS}assertedIn")
    if not versions:
        return Opened("")
    key = versions[0].removeprefix(f"{ID}docv/").rpartition("/")[0]
    card = await page.ask("document-claims", source=f"{ID}doc/{key}")
    at = next((n for n, row in enumerate(card["rows"]) if row["claim"] == page.iri), None)
    if at is None:
        return Opened("")
    row = card["rows"][at]
    names = await asyncio.to_thread(names_of, page.release)
    of_all = "organisation" in names.kinds.get(row["subject_iri"] or "", ())
    html = render(
        "claim.html",
        row=row,
        subject_url=local(row["subject_iri"] or page.iri),
        about_url=local(row["about"]) if row["about"] not in {None, row["subject_iri"]} else "",
        conflict_url=local(row["conflict"]) if row["conflict"] else "",
        conflicts_url=address("/conflicts", {"subject": row["subject_iri"]}) if of_all else "",
        document=card["sources"].get(key, {}).get("title") or key,
        document_url=f"/about/doc/{quote(key)}",
        before=_beside(card["rows"], at - 1),
        after=_beside(card["rows"], at + 1),
    )
    about = f"{row['subject']}: " if row["subject"] else ""
    return Opened(html, f"{about}{row['statement']}")


def _beside(rows: Sequence[Mapping[str, Any]], at: int) -> str:
    """Where the claim at this place among those of a document is, if there is one."""
    return local(rows[at]["claim"]) if 0 <= at < len(rows) else ""


async def _deployment(page: Page) -> Opened:
    """A deployment: who has what, and each claim about it in the order of time."""
    users = page.values(f"{ATLAS}deployedBy")
    names = await asyncio.to_thread(names_of, page.release)
    if not users or not names.kinds.get(users[0]):
        return Opened("")
    question = get("deployment-claims")
    typed = names.to_type("organisation", users[0])
    card = await page.ask(question.name, trust=typed)
    own = [row for row in card["rows"] if row["deployment"] == page.iri]
    columns = ["kind", "says", "from", "to", "reported", "grade", "source", "locator"]
    html = render(
        "deployment.html",
        user=names.label[users[0]],
        user_url=local(users[0]),
        rows=own,
        view=view(card | {"rows": own}, question, names, columns, slice(None)),
        question=address(f"/questions/{question.name}", {"trust": typed}),
    )
    return Opened(html)


async def _conflict(page: Page) -> Opened:
    """A disagreement: both its sides."""
    card = await page.ask("conflict-sides")
    own = [row for row in card["rows"] if row["conflict"] == page.iri]
    found = gathered(own, card["sources"])
    title = f"{found[0].subject}: {found[0].topic}" if found else ""
    return Opened(render("conflict.html", found=found), title)


async def _concept(page: Page) -> Opened:
    """A concept: what it means, in which scheme, under which other words."""
    html = render(
        "concept.html",
        means=page.values(_DEFINITION),
        also=page.values(_ALSO),
        notation=page.values(_NOTATION),
        schemes=[(one.removeprefix(SCHEME), local(one)) for one in page.values(_IN_SCHEME)],
    )
    return Opened(html)


async def _version(page: Page) -> Opened:
    """An edition of a document: where the document and its claims are."""
    key = page.iri.removeprefix(f"{ID}docv/").rpartition("/")[0]
    source = page.release.manifest["sources"].get(key)
    if not source:
        return Opened("")
    html = render("edition.html", title=source["title"], url=f"/about/doc/{quote(key)}")
    return Opened(html)


_KINDS: dict[str, Callable[[Page], Awaitable[Opened]]] = {
    f"{ID}claim/": _claim,
    f"{ID}deployment/": _deployment,
    f"{ID}conflict/": _conflict,
    f"{ID}docv/": _version,
    SCHEME: _concept,
}
"""By the beginning of a thing's name."""
