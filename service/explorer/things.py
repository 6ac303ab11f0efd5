"""What the catalogue answers about one thing: the sections of its page."""

from typing import Any, NamedTuple

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.forms import address
from careatlas.service.explorer.names import names_of
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.tables import View, view
from careatlas.service.state import Service

FEW = 50
"""So many rows of an answer are shown on the page of a thing."""
SECTIONS: dict[str, tuple[tuple[str, str], ...]] = {
    "trust": (
        ("who-uses-what", "trust"),
        ("disclosures", "trust"),
        ("usage", "trust"),
        ("routes-stated", "trust"),
        ("network-members", "trust"),
        ("programme-awards", "organisation"),
        ("partnerships", "organisation"),
        ("conflicts", "subject"),
    ),
    "vendor": (
        ("who-uses-what", "vendor"),
        ("vendor-by-status", "vendor"),
        ("routes-stated", "vendor"),
        ("usage", "vendor"),
        ("network-deals", "vendor"),
        ("vendor-failures", "vendor"),
        ("partnerships", "organisation"),
        ("conflicts", "subject"),
    ),
    "product": (
        ("who-uses-what", "product"),
        ("routes-stated", "product"),
        ("same-product-different-routes", "product"),
        ("usage", "product"),
    ),
    "network": (
        ("network-members", "network"),
        ("who-uses-what", "network"),
        ("use-via-network", "network"),
        ("network-deals", "network"),
        ("funded-networks", "network"),
    ),
    "icb": (("adoption", "icb"), ("who-uses-what", "icb")),
    "region": (("adoption", "region"), ("who-uses-what", "region"), ("domain-gaps", "region")),
    "study": (("studies", "study"),),
}
"""Which questions tell of a thing of each kind, and the parameter that it is given as."""


class Section(NamedTuple):
    """One answer on the page of a thing."""

    name: str
    title: str
    url: str
    view: View
    total: int
    shown: int
    more: bool


class Silent(NamedTuple):
    """A question to which there is no row."""

    title: str
    url: str


async def told(service: Service, release: Release, iri: str) -> str:
    """What the catalogue answers about a thing, as a part of a page; nothing of most kinds.

    Raises:
        Problem: an answer does not come.
    """
    names = names_of(release)
    asked = dict.fromkeys(
        pair
        for kind, pairs in SECTIONS.items()
        if kind in names.kinds.get(iri, ())
        for pair in pairs
    )
    sections, silent = [], []
    for name, parameter in asked:
        question = get(name)
        value = names.to_type(question.parameter[parameter].type, iri)
        url = address(f"/questions/{name}", {parameter: value})
        card = await service.json(ask_job(release, name, {parameter: value}))
        total = len(card["rows"])
        if not total:
            silent.append(Silent(question.title, url))
            continue
        columns = [one for one in question.shown if not _alone(card, one, names.label[iri])]
        shown = view(card, question, names, columns, slice(FEW))
        sections.append(
            Section(name, question.title, url, shown, total, len(shown.rows), total > FEW)
        )
    return render("sections.html", sections=sections, silent=silent) if asked else ""


def _alone(card: dict[str, Any], column: str, label: str) -> bool:
    """Whether a column says nothing but of which thing the page is."""
    return all(row[column] == label for row in card["rows"])


def ask_job(release: Release, name: str, values: dict[str, str]) -> dict[str, Any]:
    """The job that asks a question, the same as the API's."""
    return {
        "do": "ask",
        "releases": [str(release.path)],
        "question": name,
        "values": values,
        "encoding": None,
    }
