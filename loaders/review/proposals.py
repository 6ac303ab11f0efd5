"""Proposals: the candidates of a document as rows of the tables, for a person to decide on."""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from careatlas.graph.terms import slug
from careatlas.loaders.extraction.candidates import (
    Candidates,
    Deployment,
    Disclosure,
    Found,
    Route,
    Stated,
    Usage,
)
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.review import naming
from careatlas.loaders.review.cells import TABLES, columns

_KIND = {"partner-trust": "trust", "national-programme": "programme"}
"""What an intermediary is, where the type of the route is called otherwise."""
_RELATIVE = re.compile(r"\b(?:(?:past|previous|last|preceding)\b|\d+ months\b)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ufffe\uffff]")
"""What no table and no spreadsheet can hold."""
AHEAD = 40
"""How far after a number the words may stand that say of which time it speaks."""


@dataclass(frozen=True)
class Proposal:
    """A row that a document seems to give, with a name that stays the same from run to run."""

    id: str
    table: str
    cells: Mapping[str, str]
    found: Found
    place: str
    """Where it stands: the locator of its row."""
    order: tuple[int, int, int] = field(default=(0, 0, 0), compare=False)

    @property
    def of(self) -> str:
        """The proposal of the deployment that it speaks of."""
        return self.cells.get("deployment", "")


def proposed(found: Candidates, names: Gazetteer, as_at: str = "") -> list[Proposal]:
    """Every candidate as a proposal, in the order of the document, usage and routes with their deployment.

    `as_at` is the day that answers and states speak of, where the document says no other.
    """
    made: dict[int, Proposal] = {}
    days = [one.reported for one in found.disclosures if one.reported]
    days += [one.reported for one in found.deployments if one.reported]
    answered = {one.trust.text for one in found.disclosures if one.answer != "no-response"}
    maker = _Maker(found.source, names, as_at, min(days, default=""), answered)
    for answer in found.disclosures:
        maker.add(*_disclosure(answer, maker))
    for one in found.deployments:
        made[id(one)] = maker.add(*_deployment(one, maker))
    for amount in found.usage:
        maker.add(*_usage(amount), of=made[id(amount.deployment)])
    for way in found.routes:
        maker.add(*_route(way, maker), of=made[id(way.deployment)])
    for row in found.stated:
        maker.add(*_stated(row, maker))
    return sorted(maker.made, key=lambda one: (one.order, one.id))


Row = tuple[str, dict[str, str], Found, list[str]]
"""A table, its cells, how they were found, and what of the text tells it from all others there."""


@dataclass
class _Maker:
    source: str
    names: Gazetteer
    as_at: str
    first: str
    """The first day on which anything in the document was reported."""
    answered: set[str]
    """The organisations, as printed, whose answers the document gives: they speak of themselves."""
    made: list[Proposal] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)

    def add(
        self,
        table: str,
        cells: dict[str, str],
        found: Found,
        content: list[str],
        of: Proposal | None = None,
    ) -> Proposal:
        if of:
            cells = {"deployment": of.id, **cells}
            content = [of.id, *content]
        said_of = {name: _one_line(cells.get(name, "")) for name in columns(table)}
        kept = {name: cell for name, cell in said_of.items() if cell}
        said = json.dumps([self.source, table, found.locator, *content], ensure_ascii=False)
        name = f"{table}-{hashlib.sha256(said.encode()).hexdigest()[:10]}"
        # Only what is alike to the letter, at the same place, is told apart by a number.
        self.taken[name] = self.taken.get(name, 0) + 1
        name += f"-{self.taken[name]}" if self.taken[name] > 1 else ""
        order = (of.order[0] if of else found.start, TABLES.index(table), found.start)
        self.made.append(Proposal(name, table, kept, found, found.locator, order))
        return self.made[-1]

    def name(self, column: str, kind: str, mention: Mention) -> dict[str, str]:
        """The cell with a name, and what it means where the name alone does not say so."""
        return naming.cells(self.names, column, kind, mention)

    def day(self, reported: str) -> str:
        """The day that a statement speaks of; what came in later speaks of its own day."""
        return reported if not self.as_at or reported > self.first else self.as_at


def printed(text: str) -> str:
    """Words of a passage in one line, without its markup."""
    return _one_line(re.sub(r"[*\\`_#|]", " ", text))


def _one_line(text: str) -> str:
    return " ".join(_CONTROL.sub(" ", text).split())


def _slice(found: Found) -> str:
    start = found.passage.start
    return printed(found.passage.text[found.start - start : found.end - start])


def _disclosure(one: Disclosure, to: _Maker) -> Row:
    cells = {
        **to.name("trust", "organisation", one.trust),
        "answer": one.answer,
        "detail": one.detail,
        "exemption": one.exemption,
        "as_at": to.day(one.reported),
        "reported": one.reported,
    }
    return "disclosures", cells, one.found, [one.trust.text, one.answer, one.detail, one.exemption]


def _deployment(one: Deployment, to: _Maker) -> Row:
    said = printed(one.name.text) if one.name else one.description
    thing = naming.thing(to.names, one)
    cells = {
        **to.name("trust", "organisation", one.trust),
        **thing,
        **(
            to.name("stated_by", "organisation", one.trust) if one.trust.text in to.answered else {}
        ),
        "description": one.description,
        "status": one.status,
        "printed": said,
        "site": one.site,
        "integrated_with": one.integrated_with,
        "study": one.study,
        "valid_from": one.valid_from,
        "as_at": to.day(one.reported),
        "reported": one.reported,
    }
    return "deployments", cells, one.found, [one.trust.text, said, one.status]


def _usage(one: Usage) -> Row:
    low, high = str(one.low), str(one.high)
    cells = {
        "printed": printed(one.printed),
        "min": low,
        "max": high,
        "approximate": "true" if one.approximate else "false",
        "unit": one.unit,
        "per": one.per,
        "measure": "rate" if one.per else "count",
        "period_start": one.period[0],
        "period_end": one.period[1],
        "precision": _precision(one),
        "reported": one.deployment.reported,
    }
    return "usage", cells, one.found, [low, high, one.unit, one.per, *one.period]


def _precision(one: Usage) -> str:
    first, last = one.period
    if not first:
        start = one.found.passage.start
        after = one.found.passage.text[one.found.start - start : one.found.end - start + AHEAD]
        return "relative" if not one.per and _RELATIVE.search(after) else "undated"
    if (first[5:], last[5:]) == ("04-01", "03-31") and int(last[:4]) == int(first[:4]) + 1:
        return "financial-year"
    if (first[5:], last[5:], first[:4]) == ("01-01", "12-31", last[:4]):
        return "year"
    return "month"


def _route(one: Route, to: _Maker) -> Row:
    kind = _KIND.get(one.kind, one.kind)
    cells = {
        "route_type": one.kind,
        "involvement": one.involvement,
        "intermediary_kind": kind,
        **to.name("intermediary", naming.KINDS_OF.get(kind, kind), one.through),
        "printed": _slice(one.found),
        "ambiguous_scope": "true" if one.ambiguous else "false",
        "reported": one.deployment.reported,
    }
    return "routes", cells, one.found, [one.kind, one.involvement, one.through.text]


def _stated(one: Stated, to: _Maker) -> Row:
    cells = dict(one.cells)
    for column in [name for name in columns(one.table) if f"{name}_is" in columns(one.table)]:
        mention = next((n for n in one.names if cells.get(column) in {n.text, n.label}), None)
        if mention:
            kind = "study" if column == "study" else "product"
            kind = kind if column in {"study", "product", "integrated_with"} else "organisation"
            cells |= to.name(column, kind, mention)
    return one.table, cells, one.found, [f"{k}={v}" for k, v in sorted(one.cells.items())]


def base(proposal: Proposal, cells: Mapping[str, str], ods: str) -> str:
    """The key of the row, as the curated tables make it: whose it is, then what it is."""
    whose = ods.lower() or slug(cells.get("trust", "") or cells.get("organisation", ""))
    if proposal.table == "disclosures":
        return whose
    if proposal.table == "deployments":
        what = cells.get("product") or cells.get("vendor") or cells.get("description", "")
        return f"{whose}/{slug(what)[:LONGEST].strip('-')}"
    first, second = {
        "agreements": (cells.get("agreement", ""), cells.get("party", "")),
        "studies": (cells.get("study", ""), whose),
        "projects": (cells.get("project", ""), cells.get("milestone", "")),
        "awards": (cells.get("programme", ""), cells.get("recipient_name", "")),
    }.get(proposal.table, (proposal.id, ""))
    parts = [slug(part)[:LONGEST].strip("-") for part in (first, second) if part]
    return ("-" if proposal.table == "awards" else "/").join(parts)


LONGEST = 60
"""A part of a key is cut after this many letters."""
