"""Draws `docs/model.svg`, the main classes and how they hang together.

The places are set by hand, the names are looked up: a term that leaves the ontology stops the run.
"""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from rdflib import RDF, URIRef

from careatlas import ontology

if TYPE_CHECKING:
    from rdflib import Graph

TARGET = Path(__file__).parent / "model.svg"
WIDTH, HEIGHT = 1220, 690
LETTER, BOLD = 0.6, 0.7  # mean width of a letter, in parts of its height, of the widest font
FONT = "system-ui, 'Segoe UI', 'DejaVu Sans', Arial, sans-serif"


class Text(NamedTuple):
    """A line of text with its anchor point."""

    x: float
    y: float
    words: str
    size: int = 14
    anchor: str = "middle"
    style: str = "arrow"

    def rectangle(self) -> tuple[float, float, float, float]:
        """Left, top, right and bottom, on the safe side."""
        wide = len(self.words) * self.size * (BOLD if self.style == "name" else LETTER)
        left = self.x - {"start": 0.0, "middle": wide / 2, "end": wide}[self.anchor]
        return left, self.y - 0.8 * self.size, left + wide, self.y + 0.25 * self.size


class Box(NamedTuple):
    """A class with what to say below its name."""

    x: float
    y: float
    w: float
    h: float
    term: str
    below: str
    layer: str

    def texts(self) -> list[Text]:
        """The name in the middle, the rest under it."""
        middle, up = self.x + self.w / 2, self.y + self.h / 2
        if not self.below:
            return [Text(middle, up + 5, self.term, style="name")]
        size = 13 if self.layer == "part" else 14
        return [
            Text(middle, up - 3, self.term, size, style="name"),
            Text(middle, up + 16, self.below, 12, style="note"),
        ]


class Arrow(NamedTuple):
    """A property, drawn through the points, with the place of its name."""

    points: tuple[tuple[float, float], ...]
    label: Text
    derived: bool = False


BANDS = [
    (20, 255, "thing", "Things", "known from reference tables and the catalogue"),
    (290, 235, "claim", "Claims", "what a source states, each with its place"),
    (540, 130, "source", "Sources", "where it was read, who was asked"),
]
BOXES = [
    Box(520, 58, 140, 50, "Region", "", "thing"),
    Box(680, 58, 130, 50, "UseCase", "", "thing"),
    Box(860, 58, 140, 50, "ResearchStudy", "", "thing"),
    Box(1040, 58, 160, 50, "Vendor", "a company, a trust", "thing"),
    Box(30, 178, 130, 62, "Network", "imaging, stroke …", "thing"),
    Box(270, 178, 110, 62, "Affiliation", "role, period", "thing"),
    Box(520, 178, 140, 62, "Organisation", "NHS trust, ICB …", "thing"),
    Box(760, 178, 140, 62, "Deployment", "has no status", "thing"),
    Box(1020, 178, 180, 62, "TechnologyProduct", "AI system …", "thing"),
    Box(270, 372, 900, 138, "Claim", "", "claim"),
    Box(282, 405, 165, 44, "RouteStatement", "route, involvement", "part"),
    Box(457, 405, 180, 44, "DisclosureStatement", "uses, denies, silent", "part"),
    Box(647, 405, 150, 44, "StatusReport", "trialling, live …", "part"),
    Box(807, 405, 175, 44, "UsageObservation", "how much, how often", "part"),
    Box(992, 405, 165, 44, "BarrierStatement", "what is in the way", "part"),
    Box(282, 456, 165, 44, "RelationStatement", "plain facts", "part"),
    Box(457, 456, 180, 44, "GovernanceStatement", "policies, boards", "part"),
    Box(647, 456, 150, 44, "MarketStatement", "funding, plans …", "part"),
    Box(807, 456, 175, 44, "AggregateStatement", "figures over many", "part"),
    Box(992, 456, 165, 44, "ReportedStatement", "one side, in short", "part"),
    Box(290, 600, 150, 56, "ClaimConflict", "type, resolution", "source"),
    Box(560, 600, 160, 56, "DocumentVersion", "names a graph", "source"),
    Box(820, 600, 160, 56, "SourceDocument", "report, notice …", "source"),
    Box(1020, 600, 180, 56, "InformationRequest", "to a cohort", "source"),
]
ARROWS = [
    Arrow(((590, 178), (590, 108)), Text(582, 148, "inRegion", anchor="end")),
    Arrow(((785, 178), (785, 108)), Text(777, 148, "useCase", anchor="end")),
    Arrow(((880, 178), (880, 108)), Text(888, 148, "withinStudy", anchor="start")),
    Arrow(((1110, 178), (1110, 108)), Text(1118, 148, "suppliedBy", 13, "start")),
    Arrow(((270, 209), (160, 209)), Text(215, 199, "affiliatedWith", 13)),
    Arrow(((380, 209), (520, 209)), Text(450, 199, "memberOrganisation", 12)),
    Arrow(((760, 209), (660, 209)), Text(710, 199, "deployedBy", 13)),
    Arrow(((900, 209), (1020, 209)), Text(960, 199, "deploysProduct", 13)),
    Arrow(((830, 372), (830, 240)), Text(822, 345, "about", anchor="end")),
    Arrow(((570, 372), (570, 240)), Text(562, 345, "statedBy", anchor="end")),
    Arrow(((282, 427), (95, 427), (95, 240)), Text(103, 419, "intermediary", anchor="start")),
    Arrow(((425, 600), (425, 510)), Text(433, 580, "conflictingClaim", 13, "start")),
    Arrow(((640, 510), (640, 600)), Text(648, 580, "assertedIn", anchor="start")),
    Arrow(((720, 628), (820, 628)), Text(770, 618, "versionOf", 13)),
    Arrow(((1110, 510), (1110, 600)), Text(1102, 580, "inResponseTo", anchor="end")),
    Arrow(
        ((630, 240), (630, 264), (1110, 264), (1110, 240)), Text(680, 258, "uses", 13), derived=True
    ),
]
NOTES = [Text(850, 258, "derived, from live status only", 12, "start", "note")]
TIP = (
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" '
    'orient="auto"><path d="M0 0 10 5 0 10z" fill="#3c4a59"/></marker></defs>'
)
STYLE = f"""
text {{ font-family: {FONT}; fill: #1d2733; }}
.name {{ font-weight: 600; }} .note {{ fill: #51606f; }} .arrow {{ fill: #1d2733; }}
.band {{ stroke: none; }} .band.thing {{ fill: #eef4fb; }} .band.claim {{ fill: #fdf5e6; }}
.band.source {{ fill: #eef7f0; }}
rect.box {{ fill: #ffffff; stroke-width: 1.5; }} .box.thing {{ stroke: #2f6db3; }}
.box.claim {{ stroke: #b7791f; }} .box.part {{ stroke: #d9b26a; }} .box.source {{ stroke: #2f855a; }}
polyline {{ fill: none; stroke: #3c4a59; stroke-width: 1.5; marker-end: url(#tip); }}
polyline.derived {{ stroke-dasharray: 6 4; }}
"""


def titles() -> list[Text]:
    """The heading of each layer and what it means."""
    heads = [Text(30, top + 22, words, 14, "start", "name") for top, _, _, words, _ in BANDS]
    return heads + [Text(112, top + 22, words, 12, "start", "note") for top, *_, words in BANDS]


def texts() -> list[Text]:
    """Every line of text in the picture."""
    inside = [text for box in BOXES for text in named(box)]
    return titles() + inside + [arrow.label for arrow in ARROWS] + NOTES


def named(box: Box) -> list[Text]:
    """The lines of a box; the one that holds others has its name at the top."""
    if box.layer != "claim":
        return box.texts()
    return [Text(box.x + box.w / 2, box.y + 22, box.term, style="name")]


def picture(graph: Graph) -> str:
    """The drawing as SVG."""
    for term in [box.term for box in BOXES] + [arrow.label.words for arrow in ARROWS]:
        if (URIRef(ontology.NAMESPACE + term), RDF.type, None) not in graph:
            raise LookupError(f"the picture shows {term}, which the ontology does not have")
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
        "<title>The model: things, claims about them, sources of claims</title>",
        f"<style>{STYLE}</style>",
        TIP,
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for top, tall, layer, *_ in BANDS:
        lines.append(
            f'<rect class="band {layer}" x="16" y="{top}" width="{WIDTH - 32}" height="{tall}" '
            'rx="10"/>'
        )
    for box in BOXES:
        lines.append(
            f'<rect class="box {box.layer}" x="{box.x}" y="{box.y}" width="{box.w}" '
            f'height="{box.h}" rx="6"/>'
        )
    for arrow in ARROWS:
        points = " ".join(f"{x},{y}" for x, y in arrow.points)
        kind = ' class="derived"' if arrow.derived else ""
        lines.append(f'<polyline{kind} points="{points}"/>')
    for text in texts():
        lines.append(
            f'<text class="{text.style}" x="{text.x}" y="{text.y}" font-size="{text.size}" '
            f'text-anchor="{text.anchor}">{escape(text.words)}</text>'
        )
    return "\n".join([*lines, "</svg>", ""])


def main() -> None:
    """Writes the picture."""
    TARGET.write_text(picture(ontology.load()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
