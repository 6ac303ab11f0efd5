"""The home page: the state of the country, what was reported last, and the ways in."""

import asyncio
from collections import Counter
from typing import Any, NamedTuple

from starlette.requests import Request
from starlette.responses import Response

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import ATLAS
from careatlas.service.description import class_sizes
from careatlas.service.explorer.bars import Bar, bar
from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names, names_of
from careatlas.service.explorer.page import document
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import ask_job
from careatlas.service.explorer.tables import View, view
from careatlas.service.state import Service

LAST = 6
"""So many of the newest reports are shown."""
CHANGES = 8
"""So many changes since the release before are shown."""
WAYS = (
    (
        "/questions/who-uses-what",
        "Who near us uses it?",
        "Reports by region, board, product and use, each with its route and its source.",
    ),
    (
        "/trusts",
        "What is known of a trust?",
        "All trusts: what each answered, and how much is reported of it.",
    ),
    (
        "/vendors",
        "Where is a supplier, or its rival?",
        "All suppliers and all products, with their footprint.",
    ),
    (
        "/questions/routes-stated",
        "How did others get it?",
        "Routes, who stood in between, and whether they bought, advised or paid.",
    ),
    (
        "/places",
        "How do regions and networks compare?",
        "Regions, boards and networks, with the bounds of what silence may hide.",
    ),
    (
        "/conflicts",
        "Where do sources disagree?",
        "Both statements side by side, with document, place and date.",
    ),
    ("/matrix", "The matrix", "Trusts by products as one table, narrowed as you like."),
    ("/network", "The network", "Trusts, suppliers and networks drawn as a graph."),
)
"""The ways in, by need."""
OTHERS = (
    ("All questions", "/questions"),
    ("Products", "/products"),
    ("Sources", "/sources"),
    ("Releases", "/releases"),
    ("The method", "/method"),
    ("Query editor", "/editor"),
    ("API", "/api/questions"),
)
"""Where else to look."""
PROMISES = (
    ("Evidence first", "Every row names its document and the place in it."),
    ("Silence is not a no", "Yes, no, refused, no answer and not asked are five things."),
    ("Time can be asked", "What was true on a day, and what was known by then."),
    ("Disagreement is kept", "Two sources that differ are both shown, and never averaged."),
    ("Routes name who did what", "Bought, advised, hosted or paid for: by whom, for whom."),
)
"""What makes it different."""
_COUNTED = (
    ("NHSTrust", "trusts"),
    ("Company", "companies"),
    ("AISystem", "AI systems"),
    ("Deployment", "deployments"),
    ("SourceDocument", "documents"),
)
_EXAMPLES = (("trust", "a trust"), ("vendor", "a supplier"), ("product", "a product"))
_REPORT = ("reported", "trust", "vendor", "product", "description", "status", "source")


class Figure(NamedTuple):
    """A figure, what it counts, and the question that gives it."""

    value: str
    says: str
    url: str


class Region(NamedTuple):
    """A region and its bar."""

    name: str
    url: str | None
    bar: Bar


async def home_page(service: Service, _: Request) -> Response:
    """The state of the country, what is new, and the ways in."""
    release = service.current()
    kept = await asyncio.to_thread(service.releases.all)
    names = [one.name for one in kept]
    at = names.index(release.name) if release.name in names else 0
    before = kept[at - 1] if at else None

    async def make() -> str:
        return await _made(service, release, before)

    subject = {"page": "/", "before": before.name if before else ""}
    return document(service, release, subject, make)


async def _made(service: Service, release: Release, before: Release | None) -> str:
    country, regions, reports, asked, sizes = await asyncio.gather(
        service.json(ask_job(release, "adoption-by-group", {})),
        service.json(ask_job(release, "adoption", {})),
        service.json(ask_job(release, "who-uses-what", {})),
        service.json(ask_job(release, "cohort-outcome", {})),
        class_sizes(service, release),
    )
    changes = await _changes(service, release, before)
    names = await asyncio.to_thread(names_of, release)
    return render(
        "home.html",
        title="Careatlas",
        country=bar(country["rows"][0]) if country["rows"] else None,
        figures=_figures(country) if country["rows"] else [],
        requests=list(dict.fromkeys((row["request"], row["sent"]) for row in asked["rows"])),
        regions=[
            Region(row["group"], _place(names, row["group"]), bar(row)) for row in regions["rows"]
        ],
        others=OTHERS,
        newest=_newest(reports, names, release.manifest["as_of"]),
        changes=changes,
        before=before.name if before else "",
        ways=[Cell(name, url, says) for url, name, says in WAYS],
        promises=PROMISES,
        examples=_examples(reports, names),
        release=release.name,
        as_of=release.manifest["as_of"],
        quads=release.manifest["quads"],
        records=release.manifest["records"],
        counts=[(sizes.get(ATLAS + kind, 0), says) for kind, says in _COUNTED],
    )


def _figures(country: dict[str, Any]) -> list[Figure]:
    """The country in five figures."""
    row, cohort = country["rows"][0], country["cohort"]
    drawn = bar(row)
    figures = [
        Figure(
            f"{drawn.least} to {drawn.most}",
            f"of {drawn.members} trusts use AI: the least that answers show, and the most that silence allows",
            "/questions/adoption-by-group",
        )
    ]
    if cohort:
        figures.append(
            Figure(
                str(cohort["uses"]),
                f"of {cohort['asked']} that were asked say that they use it; {cohort['refused']} of them refuse to say which",
                "/questions/cohort-outcome",
            )
        )
    counted = (
        ("denies", "say that they use none", "denies"),
        ("no_response", "gave no answer", "no-response"),
        ("not_asked", "were not asked", "not-asked"),
    )
    figures += [
        Figure(str(row[column]), says, f"/questions/trusts?answer={answer}")
        for column, says, answer in counted
    ]
    return figures


def _place(names: Names, label: str) -> str | None:
    iri = names.thing(("region",), label)
    return local(iri) if iri else None


def _newest(card: dict[str, Any], names: Names, until: str) -> View:
    """The reports with the latest days; one of which a source gives the year alone may lie ahead."""
    dated = [row for row in card["rows"] if row["reported"] and row["reported"] <= until]
    dated.sort(key=lambda row: (row["reported"], row["claim"]), reverse=True)
    question = get("who-uses-what")
    return view({**card, "rows": dated}, question, names, _REPORT, slice(LAST))


def _examples(card: dict[str, Any], names: Names) -> list[Cell]:
    """A trust, a supplier and a product of which most is reported."""
    found = []
    for kind, says in _EXAMPLES:
        often = Counter(row[kind] for row in card["rows"] if row[kind])
        for label, _ in sorted(often.items(), key=lambda one: (-one[1], one[0]))[:1]:
            iri = names.thing((kind,), label)
            found.append(Cell(label, local(iri) if iri else None, says))
    return found


async def _changes(
    service: Service, release: Release, before: Release | None
) -> list[dict[str, Any]]:
    """What changed since the release before; nothing where none is kept."""
    if before is None:
        return []
    job = {"do": "diff", "releases": [str(before.path), str(release.path)], "encoding": None}
    found = await service.json(job)
    return list(found["changes"][:CHANGES])
