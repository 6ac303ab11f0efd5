"""A made-up catalogue and short documents for the tests of the extractor."""

from careatlas.loaders.extraction import Candidates, Gazetteer, extract
from careatlas.loaders.extraction.gazetteer import Entity
from careatlas.loaders.reading import markdown
from careatlas.loaders.reading.model import Document, Passage

USES = "Organisations that use clinical AI"
TRUSTS = (
    "Ashvale NHS Foundation Trust",
    "Birchmoor University Hospitals NHS Trust",
    "Elmford and Dunmere Hospitals NHS Trust",
)
MADE = {"Lumo": "Lumo Scan", "Pixon": "Pixon Reader", "Quorra": "Quorra Voice"}
OTHERS = {
    "network": "Western Network",
    "icb": "Coastal Integrated Care Board",
    "framework": "Prism Framework",
    "study": "HERON",
    "programme": "Regional Innovation Fund",
}
SHORT = {"Ashvale": TRUSTS[0], "Birchmoor": TRUSTS[1], "Elmford and Dunmere": TRUSTS[2]}


def catalogue(rename: dict[str, str] | None = None) -> Gazetteer:
    """A made-up catalogue, its names changed where wanted."""
    new = rename or {}
    names = [(trust, Entity("trust", f"t/{trust}", new.get(trust, trust))) for trust in TRUSTS]
    for short, trust in SHORT.items():
        names.append((short, Entity("trust", f"t/{trust}", new.get(trust, trust))))
    for vendor, product in MADE.items():
        names.append((vendor, Entity("vendor", f"v/{vendor}", new.get(vendor, vendor))))
        label = new.get(product, product)
        names.append((product, Entity("product", f"p/{product}", label, vendor=f"v/{vendor}")))
    for kind, name in OTHERS.items():
        names.append((name, Entity(kind, f"{kind}/{name}", name)))
    return Gazetteer((new.get(name, name), entity) for name, entity in names)


def listed(*items: str, heading: str = USES, kind: str = "item") -> Document:
    """A document that is one list under a heading."""
    text = ""
    passages = []
    for at, item in enumerate(items, 1):
        start = len(text)
        text += item
        number = at if kind == "item" else None
        passages.append(Passage(item, start, len(text), kind, (heading,), number, None))  # type: ignore[arg-type]
        text += "\n\n"
    return Document(text, tuple(passages), None, "2023-02-01", "text/plain")


def found(*items: str, heading: str = USES, kind: str = "item") -> Candidates:
    """What such a document seems to say."""
    return extract(listed(*items, heading=heading, kind=kind), catalogue(), "made-up")


def read(text: str, reported: str = "2025-06-01") -> Candidates:
    """What a text in Markdown seems to say."""
    return extract(markdown.parse(text), catalogue(), "made-up", reported)


def things(candidates: Candidates) -> list[tuple[str, str, str]]:
    """The first word of the trust, the product (else vendor, else description), and the status."""
    return [
        (
            row["trust"].split()[0],
            row["product"] or row["vendor"] or row["description"],
            row["status"],
        )
        for row in candidates.rows("deployments")
    ]
