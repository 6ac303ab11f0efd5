"""What the page of a study, an agreement, a project, a framework or a programme opens with."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from urllib.parse import quote

from careatlas.service.explorer.parts import OPENINGS
from careatlas.service.explorer.rendering import render
from careatlas.service.explorer.subject import Subject
from careatlas.service.explorer.tables import shown

Row = Mapping[str, Any]


class Fact(NamedTuple):
    """Something stated, in the words of its heading, with each value and its sources."""

    heading: str
    values: list[str]


class Step(NamedTuple):
    """A milestone on the line of time."""

    name: str
    kind: str
    state: str
    when: str
    day: str
    replaces: str
    source: str
    source_url: str
    place: str


_STUDY = {
    "product": "What is studied",
    "product_stated": "In the words of the source",
    "registry": "Registered as",
    "state": "State",
    "starts": "From",
    "ends": "Until",
    "dates_stated": "Dates as stated",
    "sites_stated": "Sites as stated",
}
_AGREEMENT = {
    "kind": "Kind",
    "announced": "Announced",
    "target_date": "Aims at",
    "covers": "Covers",
    "framework": "Under the framework",
}
_INSTRUMENT = {
    "kind": "Kind",
    "operator": "Run by",
    "state": "State, in the words of the source",
    "starts": "From",
    "ends": "Until",
    "dates_stated": "Dates as stated",
    "value": "Highest value, in pounds",
    "value_stated": "Value as stated",
    "open_to": "Who may use it",
    "call_off": "How to call off",
    "suppliers_stated": "Suppliers as stated",
    "lots": "Lots",
    "regime": "Legal regime",
    "under": "Under",
    "reference": "Reference",
    "note": "Note",
}
_PROJECT = {
    "project_kind": "Kind",
    "place": "Place",
    "owner": "Whose it is",
    "value_stated": "Money, in the words of the source",
}


def facts(rows: Sequence[Row], headings: Mapping[str, str]) -> list[Fact]:
    """What the rows state, each value once, in the order of the headings; lists are split.

    >>> facts([{"kind": "fund"}, {"kind": "fund"}], {"kind": "Kind"})
    [Fact(heading='Kind', values=['fund'])]
    """
    found = []
    for column, heading in headings.items():
        values = dict.fromkeys(_said(row[column]) for row in rows if row[column] is not None)
        if values:
            split = column == "lots"
            parts = [part for one in values for part in (one.split(";") if split else [one])]
            found.append(Fact(heading, [part.strip() for part in parts]))
    return found


def _said(value: object) -> str:
    """A value as people read it: of a sum each three figures apart."""
    return f"{value:,.0f}" if isinstance(value, float) and value.is_integer() else shown(value)


async def study(subject: Subject) -> str:
    """What is stated of a study."""
    card = await subject.ask("study-facts", study=subject.typed("study-facts", "study"))
    return render("undertaking.html", facts=facts(card["rows"], _STUDY), steps=[], notes=[])


async def agreement(subject: Subject) -> str:
    """What is stated of an agreement."""
    typed = subject.typed("agreement-terms", "agreement")
    card = await subject.ask("agreement-terms", agreement=typed)
    rows = card["rows"]
    unnamed = sorted({row["party"] for row in rows if row["unresolved"]})
    notes = [f"Not resolved: the source does not name who “{one}” is." for one in unnamed]
    return render("undertaking.html", facts=facts(rows, _AGREEMENT), steps=[], notes=notes)


async def project(subject: Subject) -> str:
    """What is stated of a project, and its milestones on a line."""
    typed = subject.typed("project-milestones", "project")
    card = await subject.ask("project-milestones", project=typed)
    rows = card["rows"]
    unnamed = sorted({row["owner"] for row in rows if row["owner_resolved"] is False})
    notes = [f"Not resolved: the source does not name who “{one}” is." for one in unnamed]
    return render(
        "undertaking.html",
        facts=facts(rows, _PROJECT),
        steps=[_step(row, card["sources"]) for row in rows],
        notes=notes,
    )


def _step(row: Row, sources: Mapping[str, Row]) -> Step:
    days = [row["day"], row["until"]] if row["day"] != row["until"] else [row["day"]]
    if row["day"] is None and row["until"] is not None:
        when = f"by {row['until']}"
    else:
        when = " to ".join(day for day in days if day)
    return Step(
        row["milestone"],
        row["kind"],
        row["stage"],
        when or "no day is given",
        row["day"] or row["until"] or "",
        row["replaces"] or "",
        sources.get(row["source"], {}).get("title") or row["source"],
        f"/about/doc/{quote(row['source'])}",
        row["locator"],
    )


async def _terms(subject: Subject, parameter: str) -> str:
    typed = subject.typed("instrument-terms", parameter)
    card = await subject.ask("instrument-terms", **{parameter: typed})
    rows = card["rows"]
    joinable = any(row["joinable"] for row in rows)
    notes = ["A kind that takes new suppliers in during its term."] if joinable else []
    return render("undertaking.html", facts=facts(rows, _INSTRUMENT), steps=[], notes=notes)


async def instrument(subject: Subject) -> str:
    """What is stated of a framework or purchasing system."""
    return await _terms(subject, "instrument")


async def programme(subject: Subject) -> str:
    """What is stated of a programme or fund."""
    return await _terms(subject, "programme")


async def procedure(subject: Subject) -> str:
    """What is stated of a procurement procedure."""
    return await _terms(subject, "procedure")


async def governance(subject: Subject) -> str:
    """What is stated of a policy or governance framework."""
    return await _terms(subject, "governance_instrument")


def install() -> None:
    """Let the pages of these kinds open so."""
    OPENINGS["study"] = study
    OPENINGS["agreement"] = agreement
    OPENINGS["project"] = project
    OPENINGS["instrument"] = instrument
    OPENINGS["programme"] = programme
    OPENINGS["procedure"] = procedure
    OPENINGS["governance-instrument"] = governance
