"""What the cells of a row say besides: for what and where, how often, and through whom it came."""

import re
from dataclasses import replace

from careatlas.graph.dates import PartialDate
from careatlas.loaders.extraction.candidates import COUNTED, Deployment, Found
from careatlas.loaders.extraction.deployments import facts
from careatlas.loaders.extraction.deployments.counted import counted
from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.deployments.routes import ways
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.deployments.usage import amounts
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.extraction.tables.table_row import Row
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.extraction.wording.days import day_at
from careatlas.loaders.extraction.wording.periods import period as period_of
from careatlas.loaders.extraction.wording.text import Span, trimmed

SURE = 0.9
_DIRECT = re.compile(
    r"\W*(?:direct(?:ly)?\b(?! (?:from|with|award))|own (?:purchase|procurement|contract|tender)\b|bought (?:by the trust|outright)\b)",
    re.IGNORECASE,
)
_LEADS = (
    ("recommended", "recommended"),
    ("recommend", "recommended"),
    ("fund", "funded"),
    ("paid", "funded"),
    ("commission", "commissioned"),
    ("host", "hosted"),
)
_CALLED_OFF = re.compile(r"^\W*call[ -]?off,\s*", re.IGNORECASE)
_PARTS = re.compile(r";|(?<=[A-Za-z\d)])(?<!approx)(?<!\bno)(?<!\bc)\.\s+(?=[A-Z\d~])|\s/\s|\n")
_NAMED = re.compile(r"\W*(?:\([^)]*\))?\s*(?:[:=\u2013\u2014-]|was|has been|is)?\s*")


def filled(one: Deployment, row: Row) -> None:
    """Fill in what the row says of one deployment: its purpose, field, place and first day."""
    told = [row.one(kind) for kind in ("description", "specialty", "modality", "product")]
    words = " ".join(cell.said for cell in told if cell)
    purpose, site = row.one("description"), row.one("site")
    if purpose and not one.description and not purpose.empty:
        one.description = purpose.said
    one.specialty = facts.specialty(words)
    one.modality = facts.modality(words)
    if site and not site.empty:
        one.site = site.said
    for kind in ("since", "status", "answer", "note"):
        cell = row.one(kind)
        if cell and not one.valid_from:
            day = day_at(cell.said, 0, len(cell.said)) if kind == "since" else None
            one.valid_from = day.written if day else facts.since(cell.said)


def _in(said: str) -> str:
    """A period as running text gives it."""
    dated = not any(period_of(said)) and any(period_of(f"in {said}"))
    return f"in {said}" if dated else said


def _meant(said: str, known: list[Deployment], names: Gazetteer) -> Deployment | None:
    """The deployment that the words of a cell name."""
    for mention in names.mentions(said):
        for one in known:
            if (one.product and one.product in mention.entities) or (
                one.vendor and one.vendor in mention.entities
            ):
                return one
    return None


def _names(said: str, names: Gazetteer) -> bool:
    """Whether words name a product, known to be had or not."""
    return any(m.of("product") for m in names.mentions(said))


def _parts(cell: Cell, text: str) -> list[Span]:
    """The parts of a cell that may each speak of another product."""
    found, at = [], cell.span.start
    for match in _PARTS.finditer(text, cell.span.start, cell.span.end):
        found.append(Span(at, match.start()))
        at = match.end()
    return [
        span for span in (*found, Span(at, cell.span.end)) if text[span.start : span.end].strip()
    ]


def used(row: Row, reader: Reader, placed: list[Placed], names: Gazetteer) -> None:
    """Take in how often each thing was used, as far as a cell says of which it speaks."""
    known = [one for _, _, one in placed] or reader.all
    cell_of_period = row.one("period")
    period, unit = _in(cell_of_period.said) if cell_of_period else "", row.one("unit")
    bounds, rate = _bounds(row), row.one("per")
    for column, cell in row.all("usage"):
        numbered = [
            p for p in _parts(cell, row.text) if re.search(r"\d", row.text[p.start : p.end])
        ]
        for at, part in enumerate(numbered):
            said = row.text[part.start : part.end].strip()
            one = _meant(said, known, names)
            if one is None and _names(said, names):
                continue
            if one is None and len(known) == len(numbered):
                one = known[at]
            elif one is None and len(known) == 1:
                one = known[0]
            own = _unnamed(said, names)
            own = f"{own} {_units(unit)}" if unit and not re.search(r"[A-Za-z]{3}", own) else own
            own = f"{own} per {rate.said}" if rate and not rate.empty else own
            amount = counted(own, column.head, period)
            if one is None or amount is None:
                continue
            if any(bounds) and not any(amount.period):
                amount = replace(amount, period=bounds)
            place = row.passage.start
            spot = Found("table:usage", SURE, row.passage, place + part.start, place + part.end)
            reader.usage.append(amount.of(one, spot, said))
    if len(known) == 1 and not row.all("usage"):
        _told_beside(row, reader, known[0])


def _told_beside(row: Row, reader: Reader, one: Deployment) -> None:
    """Take in how often the one thing of a row was used, where the words on how far it is say so."""
    for _, cell in row.all("status"):
        for amount in amounts(row.text, cell.span.start, cell.span.end):
            before = row.text[cell.span.start : amount.start]
            if lifecycle.planned(before) or lifecycle.negated(before):
                continue
            span = trimmed(row.text, amount.start, amount.end)
            place = row.passage.start
            spot = Found("table:status", SURE, row.passage, place + span.start, place + span.end)
            printed = " ".join(row.text[span.start : span.end].split())
            reader.usage.append(amount.of(one, spot, printed))


def _units(cell: Cell) -> str:
    """What is counted, as running text says it of many."""
    return re.sub(r"(?<=[^s\Wy])$", "s", cell.said.strip())


def _bounds(row: Row) -> tuple[str, str]:
    """The first and the last day of two columns that hold the ends of a period."""
    first, last = row.one("period_from"), row.one("period_to")
    begins, ends = (
        day_at(cell.said, 0, len(cell.said)) if cell else None for cell in (first, last)
    )
    return (
        PartialDate.parse(begins.written).first.isoformat() if begins else "",
        PartialDate.parse(ends.written).last.isoformat() if ends else "",
    )


def _unnamed(said: str, names: Gazetteer) -> str:
    """The words of a cell without the product that they begin with."""
    first = next((m for m in names.mentions(said) if m.of("product", "vendor")), None)
    if first is None or first.start > 1:
        return said
    match = _NAMED.match(said, first.end)
    return said[match.end() :] if match else said


def came(row: Row, reader: Reader, placed: list[Placed], names: Gazetteer) -> None:
    """Take in through whom each thing came."""
    known = [one for _, _, one in placed] or reader.all
    for column, cell in row.all("route"):
        if cell.empty:
            continue
        parts = _parts(cell, row.text)
        for at, part in enumerate(parts):
            said = row.text[part.start : part.end].strip()
            own = _meant(said, known, names)
            if own is None and _names(said, names):
                continue
            meant = [own] if own else known[at : at + 1] if len(parts) == len(known) else known
            if lifecycle.negated(said) or (
                len(parts) > 1 and not own and len(parts) != len(known) != 1
            ):
                continue
            for one in meant:
                _way(said, part, column.head, one, reader, names)


def _way(  # noqa: PLR0913 - a part of a cell, and what it is about
    said: str, part: Span, head: str, one: Deployment, reader: Reader, names: Gazetteer
) -> None:
    plain = head.casefold()
    lead = next((word for mark, word in _LEADS if mark in plain), "procured")
    whole = _CALLED_OFF.sub("called off from ", said)
    lead = next((word for mark, word in _LEADS if mark in said.casefold()), lead)
    found = [*ways(whole, 0, len(whole), names)]
    if not found:
        bare = _unnamed(said, names)
        whole = "bought directly" if _DIRECT.match(bare) else f"{lead} via {bare}"
        found = [*ways(whole, 0, len(whole), names)]
    for way in found[:1]:
        reader.came(replace(way, start=part.start, end=part.end), one)


def came_all(row: Row, reader: Reader, one: Deployment, names: Gazetteer) -> None:
    """Take in through whom all that stands under the words above a table came, if they say so."""
    words, cell = row.table.caption, row.one("trust")
    way = next(ways(words, 0, len(words), names), None)
    if way and cell and way.through.entities and not lifecycle.negated(words):
        reader.came(replace(way, start=cell.span.start, end=cell.span.end), one)


def counted_alone(row: Row, reader: Reader) -> None:
    """Mark what is taken for used because its uses are counted, and nothing else says so."""
    kinds = row.table.kinds()
    for one in (
        reader.deployments if "usage" in kinds and not {"status", "answer", "since"} & kinds else ()
    ):
        if one.status == "live" and one.found.rule == "table":
            one.found = replace(one.found, rule=COUNTED)
