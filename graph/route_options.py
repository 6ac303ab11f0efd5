"""Ways to get something: options made of rows of answers, each with its sentence and its evidence."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from careatlas.graph import route_rules as rules
from careatlas.graph.route_words import Cells, closeness, dated, having, last_day, statement


class Evidence(NamedTuple):
    """What one claim adds to an option, and where that stands."""

    says: str
    source: str
    locator: str
    claim: str


class Warned(NamedTuple):
    """What speaks against an option, and where that stands."""

    text: str
    source: str
    locator: str


@dataclass(frozen=True)
class Option:
    """A way by which a trust could get what it asks for: a precedent, or an instrument that is open."""

    kind: str
    """precedent, instrument, study or programme."""
    asked: str
    """The step of `ASKED` that it is."""
    nearness: str
    shared: str
    way: str
    organisation: str
    ods: str
    product: str
    vendor: str
    status: str
    route_type: str
    involvement: str
    route: str
    last: str
    """The day of the last statement of it; empty where none is dated."""
    confirmation: str
    sources: int
    sentence: str
    not_known: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    iri: str
    """The organisation, or the instrument."""
    vendors: tuple[str, ...]
    """Who supplies it, by IRI."""
    products: tuple[str, ...]
    ends: tuple[tuple[str, Evidence], ...]
    """What is stated to end, each with the day and where that stands."""
    warnings: tuple[Warned, ...] = ()

    @property
    def order(self) -> tuple[int | str, ...]:
        """Where it stands by the rules; the smallest comes first."""
        return (
            rules.place(rules.ASKED, self.asked),
            rules.place(rules.NEARNESS, self.nearness),
            rules.place(rules.WAY, self.way),
            -int(self.last[:4] or 0),
            rules.place(rules.CONFIRMED, self.confirmation),
            rules.place(rules.STAGE, self.status),
            self.organisation,
            self.product,
            self.vendor,
            self.iri,
            self.evidence[0].claim,
        )


def groups(rows: Iterable[Cells]) -> list[list[Cells]]:
    """The rows of each organisation and product together; where none is named, of each deployment."""
    found: dict[tuple[str, str], list[Cells]] = {}
    notices = []
    for row in rows:
        if row["basis"] == "notice":
            notices.append(row)
        else:
            key = (row["trust_iri"], row["product_iri"] or row["thing"])
            found.setdefault(key, []).append(row)
    stated = list(found.items())
    for row in notices:
        beside = [
            rows
            for (organisation, _), rows in stated
            if organisation == row["trust_iri"]
            and any(one["vendor_iri"] == row["vendor_iri"] for one in rows)
        ]
        if len(beside) == 1:
            beside[0].append(row)
        else:
            found.setdefault((row["trust_iri"], row["thing"]), []).append(row)
    return [found[key] for key in sorted(found)]


def precedent(rows: Sequence[Cells], near: Cells | None, asked: str) -> Option | None:
    """The option that these statements on one organisation make; none where it only explores."""
    if all(row["status"] == rules.NOT_HAVING for row in rows):
        return None
    rows = _by_weight(rows)
    first = rows[0]
    reports = [row for row in rows if row["status"]]
    # Of reports of one day the one that is further along counts.
    status = max(reports, key=_by_stage)["status"] if reports else ""
    having_it = [row for row in rows if row["status"] != rules.NOT_HAVING]
    independent = len({row["source"] for row in having_it if row["independent"] == "true"})
    named = next((row for row in rows if row["product"]), first)
    return Option(
        kind=_kind(rows),
        asked=asked,
        nearness=near["closeness"] if near else "national",
        shared=near["shared"] if near else "",
        way=_way(first),
        organisation=first["trust"],
        ods=first["ods"],
        product=named["product"],
        vendor=first["vendor"],
        status="" if status == rules.NOT_HAVING else status,
        route_type=first["route_type"],
        involvement=first["involvement"],
        route=first["route"],
        last=max(last_day(row) for row in rows),
        confirmation="several" if independent > 1 else "single",
        sources=independent,
        sentence=_sentence(rows, near),
        not_known=tuple(_gaps(first, rows, independent)),
        evidence=tuple(dict.fromkeys([*_evidence(rows), *_of_nearness(near)])),
        iri=first["trust_iri"],
        vendors=_distinct(rows, "vendor_iri"),
        products=_distinct(rows, "product_iri"),
        ends=tuple(
            (row["holds_to"], Evidence(_ENDS[row["basis"]].format(**row), *_at(row)))
            for row in rows
            if row["holds_to"]
        ),
    )


def _way(row: Cells) -> str:
    return rules.way(row["basis"], row["route_type"], row["involvement"])


def _by_weight(rows: Iterable[Cells]) -> list[Cells]:
    """The row that says most of the way first; of equals the latest, then by its place."""
    found = sorted(rows, key=lambda row: (row["source"], row["claim"], row["route_claim"]))
    found.sort(key=last_day, reverse=True)
    found.sort(key=lambda row: row["status"] == rules.NOT_HAVING)
    found.sort(key=lambda row: (rules.place(rules.WAY, _way(row)), row["basis"] != "report"))
    return found


def _by_stage(row: Cells) -> tuple[str, int, str]:
    if row["status"] == rules.NOT_HAVING:
        return ("", -len(rules.STAGE.steps), "")
    return (last_day(row), -rules.place(rules.STAGE, row["status"]), row["claim"])


_ENDS = {
    "report": "what is reported of {trust}",
    "study": "the study {route}",
    "award": "the award from {route}",
    "notice": "the contract of {trust} with {vendor}",
}


def _kind(rows: Sequence[Cells]) -> str:
    bases = {row["basis"] for row in rows}
    if bases & {"report", "notice"}:
        return "precedent"
    return "study" if "study" in bases else "programme"


def _distinct(rows: Sequence[Cells], column: str) -> tuple[str, ...]:
    return tuple(sorted({row[column] for row in rows if row[column]}))


def _at(row: Cells) -> tuple[str, str, str]:
    return row["source"], row["locator"], row["claim"]


def _sentence(rows: Sequence[Cells], near: Cells | None) -> str:
    first = rows[0]
    last = max((row for row in rows if row["status"]), key=_by_stage, default=None)
    said = statement(first)
    if last is None or (last is first and said == having(first)):
        said += f" ({dated(first)})"
    else:
        has = f"{having(last, 'it')} ({dated(last)})"
        said += f"; {has}" if last is first else f" ({dated(first)}); {has}"
    return f"{said}; {closeness(near)}."


def _gaps(first: Cells, rows: Sequence[Cells], independent: int) -> Iterable[str]:
    if _way(first) == "not-stated":
        yield "By which route it came, and whether anybody acted for the organisation."
    elif first["basis"] == "report" and _way(first) in {"through", "research"}:
        yield "What part anybody had in it."
    if not any(row["product"] for row in rows):
        yield "Which product it is."
    if not any(last_day(row) for row in rows):
        yield "When it was."
    if not any(row["status"] for row in rows):
        yield "Whether it is used."
    if independent < 2:  # noqa: PLR2004 - a second source
        yield "Whether it is so: no second independent source confirms it."


def _evidence(rows: Sequence[Cells]) -> Iterable[Evidence]:
    for row in rows:
        said = having(row) if row["status"] else statement(row)
        yield Evidence(f"{said} ({dated(row)})", *_at(row))
        if row["route_claim"]:
            place = row["route_source"], row["route_locator"], row["route_claim"]
            yield Evidence(statement(row), *place)


def _of_nearness(near: Cells | None) -> Iterable[Evidence]:
    if near is not None:
        for side, start in (("other", ""), ("trust", "own_")):
            if near[f"{start}locator"]:
                place = (near[f"{start}{one}"] for one in ("source", "locator", "claim"))
                verb = "lies in" if near["closeness"] == "region" else "belongs to"
                yield Evidence(f"{near[side]} {verb} {near['shared']}", *place)
