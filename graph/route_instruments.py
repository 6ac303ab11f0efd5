"""Frameworks and purchasing systems as ways to get something, and what every option is warned of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from careatlas.graph import route_rules as rules
from careatlas.graph.route_options import Evidence, Option, Warned
from careatlas.graph.route_words import Cells

_TIES = {
    "place": "{supplier} has a place on it{lot}",
    "route": "something of {supplier} was had through it",
    "report": "a report names it with {supplier}",
    "notice": "a notice of a purchase under it names {supplier}",
}
_KINDS = {
    "framework": "framework",
    "open-framework": "open framework",
    "dynamic-purchasing-system": "dynamic purchasing system",
}


def instrument(rows: Sequence[Cells], near: Mapping[str, Cells], asked: str) -> Option:
    """The option that the statements on one instrument make."""
    rows = sorted(
        rows, key=lambda row: (row["supplier"], row["tie"], row["tie_claim"], row["claim"])
    )
    first = rows[0]
    tie = near.get(first["operator_iri"])
    ties = list(dict.fromkeys(_tie(row) for row in rows))
    runs = f"{first['operator']} runs" if first["operator"] else "There is"
    said = [f"{runs} {first['instrument']}, a {_KINDS[first['kind']]}, {_term(first)}", *ties]
    sources = {row["tie_source"] for row in rows}
    evidence = [Evidence(f"{first['instrument']}: {_term(row)}", *_at(row, "")) for row in rows] + [
        Evidence(_tie(row), *_at(row, "tie_")) for row in rows
    ]
    ends = [
        (row["ends"], Evidence(row["instrument"], *_at(row, ""))) for row in rows if row["ends"]
    ]
    return Option(
        kind="instrument",
        asked=asked,
        nearness=tie["closeness"] if tie else "national",
        shared=tie["shared"] if tie else "",
        way="open-instrument",
        organisation=first["instrument"],
        ods="",
        product="",
        vendor="; ".join(sorted({row["supplier"] for row in rows})),
        status="",
        route_type="framework",
        involvement="",
        route=first["instrument"],
        last=max(row["reported"] for row in rows),
        confirmation="several" if len(sources) > 1 else "single",
        sources=len(sources),
        sentence="; ".join(said) + ".",
        not_known=tuple(_gaps(first)),
        evidence=tuple(dict.fromkeys(evidence)),
        iri=first["instrument_iri"],
        vendors=tuple(sorted({row["supplier_iri"] for row in rows})),
        products=(),
        ends=tuple(dict.fromkeys(ends)),
    )


def _at(row: Cells, start: str) -> tuple[str, str, str]:
    return row[f"{start}source"], row[f"{start}locator"], row[f"{start}claim"]


def _tie(row: Cells) -> str:
    lot = f" ({row['lot']})" if row["lot"] else ""
    return _TIES[row["tie"]].format(supplier=row["supplier"], lot=lot)


def _term(row: Cells) -> str:
    start = f"from {row['starts']} " if row["starts"] else ""
    end = f"until {row['ends']}" if row["ends"] else "with no end stated"
    lots = f", lots: {row['lots']}" if row["lots"] else ""
    return f"open {start}{end}{lots}"


def _gaps(row: Cells) -> Iterator[str]:
    yield "A place is no call-off: no source says that what is asked for can be called off under it."
    if not row["ends"]:
        yield "Whether it still holds: its end is not stated."
    if not row["open_to"]:
        yield "Who may use it."
    if not row["call_off"]:
        yield "How to call off: by direct award or by competition."


@dataclass(frozen=True)
class Watch:
    """What is known against vendors, products and instruments on a day."""

    day: str
    changes: Sequence[Cells]
    """Of organisations: rows of `organisation-changes`."""
    positions: Sequence[Cells]
    """Of products: rows of `regulatory-facts`."""
    ends: Sequence[Cells]
    """Of instruments: rows of `expiring-instruments`."""

    def warn(self, option: Option) -> Option:
        """The option with all that speaks against it."""
        found = [
            *self._of_state(option),
            *self._of_vendors(option),
            *self._of_products(option),
            *self._of_ends(option),
        ]
        return replace(option, warnings=tuple(sorted(set(found))))

    def _of_state(self, option: Option) -> Iterable[Warned]:
        said = rules.STATES.get(option.status)
        if option.kind == "study":
            said = "it is a study: taking part is neither a purchase nor routine use"
        elif option.kind == "programme":
            said = "it is an award: neither a purchase nor use"
        if said:
            first = option.evidence[0]
            yield Warned(f"{option.organisation}: {said}.", first.source, first.locator)

    def _of_vendors(self, option: Option) -> Iterable[Warned]:
        for row in self.changes:
            if row["before_iri"] in option.vendors and row["kind"] == "insolvency":
                when = f" ({row['from']})" if row["from"] else ""
                state = f": {row['state']}" if row["state"] else ""
                text = f"{row['before']} became insolvent{when}{state}."
                yield Warned(text, row["source"], row["locator"])

    def _of_products(self, option: Option) -> Iterable[Warned]:
        for row in self.positions:
            if row["product"] != option.product:
                continue
            if row["fact"] == "NICE position" and rules.RESEARCH_POSITION.search(row["value"]):
                text = f"NICE on {row['product']}: {row['value']}."
                yield Warned(text, row["source"], row["locator"])
        facts = [(row["product"], row["value"], row) for row in self.positions]
        changed = [(row["product"], row["state"], row) for row in self.changes]
        for product, said, row in [*facts, *changed]:
            if product and product == option.product and rules.WITHDRAWN.search(said):
                yield Warned(f"{product}: {said}.", row["source"], row["locator"])

    def _of_ends(self, option: Option) -> Iterable[Warned]:
        for day, stated in option.ends:
            if text := self._ending(stated.says, day):
                yield Warned(text, stated.source, stated.locator)
        for row in self.ends:
            through = option.kind != "instrument" and row["instrument"] == option.route
            if through and (text := self._ending(row["instrument"], row["ends"])):
                yield Warned(text, row["source"], row["locator"])

    def _ending(self, what: str, day: str) -> str:
        """That it has ended or soon will, if so."""
        soon = date.fromisoformat(self.day) + timedelta(days=rules.SOON)
        what = what[:1].upper() + what[1:]
        if day < self.day:
            return f"{what} ended on {day}."
        return f"{what} ends on {day}." if day <= soon.isoformat() else ""
