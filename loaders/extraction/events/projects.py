"""Projects of infrastructure and their milestones, planned and reached, as running text tells them."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from careatlas.graph.terms import slug
from careatlas.loaders.extraction.candidates import Stated
from careatlas.loaders.extraction.events.milestones import (
    KIND,
    KINDS,
    STEP,
    STEPS,
    TITLES,
    meant_step,
)
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import Told, label
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.apart import idle
from careatlas.loaders.extraction.wording.days import day_at
from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.extraction.wording.words import words

_HERE = re.compile(
    r"\b(?i:in|across|from|at|around)\s+(?P<in>[A-Z][a-z]+(?:\s(?:and\s)?[A-Z][a-z]+){0,2})(?!\w)|"
    r"\b(?P<of>[A-Z][a-z]+)['\u2019]s\s+(?!(?:hospital|trust)\b)|\b(?P<based>[A-Z][a-z]+)-(?:based|wide)"
)
_NO_PLACE = words(
    "January February March April May June July August September October November December Winter Spring Summer "
    "Autumn Monday Tuesday Wednesday Thursday Friday Saturday Sunday Phase Stage The This That It Its Early Late "
    "Mid Round Year England Trust Board Hospital NHS Network Council Centre University"
)
_WHOSE = re.compile(
    r"\b(?:(?P<near>one of [^.,;]{3,60}?(?:trusts|hospitals|boards|bodies))|(?P<body>(?:the\s+(?:[\w'\u2019]+\s+){0,3}|an?\s+(?:[\w-]+\s+){0,3}|NHS\s+)?"
    r"(?:officials|bodies|trusts?|services?|consultancy|boards?|councils?|groups?|providers?|university|company|regional bodies)"
    r"(?:\s+in\s+(?-i:[A-Z])[a-z]+)?))\b",
    re.IGNORECASE,
)
_OWNERS = ("trust", "icb", "network")
_VALUE = re.compile(
    r"\u00a3\s?\d[\d,.]*\s?(?:million|billion|bn|m|k)?|\b(?:tens of |hundreds of )?(?:millions|billions) of pounds",
    re.IGNORECASE,
)
_OPENS = re.compile(
    r"\W*(?:that|this|these|the (?:programme|project|system|rollout|region|work|model))\b",
    re.IGNORECASE,
)


_GENERAL_STEPS = frozenset(("planned-phase", "scheduled", "postponed"))
"""What may be said of any step: which one stands before it."""


@dataclass(frozen=True)
class _Project:
    """The project that the sentences of a passage speak of."""

    kind: str
    place: str
    organisation: str = ""
    value: str = ""
    owner: Mention | None = None

    @property
    def name(self) -> str:
        """A name made of what it is and where, for it has none."""
        return (
            f"{TITLES[self.kind]} of {self.organisation}"
            if self.owner
            else f"{TITLES[self.kind]} in {self.place}"
        )


def projects(told: Sequence[Told], names: Gazetteer, house: Mention | None = None) -> list[Stated]:
    """One row for each milestone of the projects that a document tells of."""
    found: list[Stated] = []
    place = ""
    for one in told:
        if one.passage.kind not in {"paragraph", "item"}:
            continue
        place = _place(one.text, names) or (place if _OPENS.match(one.text) else "")
        found += _in(one, place, house, names)
    return found


def _in(told: Told, place: str, house: Mention | None, names: Gazetteer) -> Iterator[Stated]:
    text = told.text
    first = _kind(text)
    if first is None:
        return
    project = _Project(first, place, owner=house)
    value = _VALUE.search(text)
    whose, earlier = "", ""
    for sentence in told.sentences():
        said = text[sentence.start : sentence.end]
        owner = next(
            (m for m in names.mentions(said) if m.of(*_OWNERS) and m.text not in place), None
        )
        if owner:
            project = replace(
                project,
                owner=Mention(owner.start, owner.end, owner.text, owner.of(*_OWNERS)),
            )
        kind = _kind(said) or project.kind
        project = replace(project, kind=kind, value=" ".join(value[0].split()) if value else "")
        for match in STEP.finditer(text, sentence.start, sentence.end):
            clause = text[max(sentence.start, match.start() - 50) : match.start()]
            number = int((match.lastgroup or "s0")[1:])
            milestone, state, step, _ = STEPS[number]
            if step in _GENERAL_STEPS:
                milestone = meant_step(text[sentence.start : match.start()]) or milestone
            if (
                idle(text, sentence)
                or lifecycle.negated(clause[-20:])
                or (state == "reached" and lifecycle.planned(clause))
            ):
                continue
            if _product_said(text, sentence, names):
                continue
            whose = _whose(text, sentence, match.start(), names) or whose
            project = replace(
                project, organisation=label(project.owner) if project.owner else whose
            )
            if not (project.place or project.owner):
                continue
            row = _row(told, sentence, match, project, (milestone, state, step), earlier)
            earlier = row.cells["project"] + "/" + step if step == "scheduled" else earlier
            yield row


def _product_said(text: str, sentence: Span, names: Gazetteer) -> bool:
    """Whether a sentence speaks of a product of the catalogue, which is a deployment and no project."""
    return any(m.of("product") for m in names.mentions(text[sentence.start : sentence.end]))


def _kind(text: str) -> str | None:
    match = KIND.search(text)
    return list(KINDS)[int((match.lastgroup or "k0")[1:])] if match else None


def _place(text: str, names: Gazetteer) -> str:
    bodies = ("trust", "vendor", "product", "icb")
    known = [(m.start, m.end) for m in names.mentions(text) if m.of(*bodies)]
    for match in _HERE.finditer(text):
        word = match["in"] or match["of"] or match["based"]
        at = match.start(match.lastgroup or 0)
        inside = any(first <= at < last for first, last in known)
        if word.split()[0] not in _NO_PLACE and not inside:
            return str(word)
    return ""


def _whose(text: str, sentence: Span, end: int, names: Gazetteer) -> str:
    """The body that a sentence names before what it did, else where it was done."""
    before = [m for m in _WHOSE.finditer(text, sentence.start, end) if m["near"] or m["body"]]
    if before:
        return " ".join(before[-1][0].split())
    after = next((m for m in _WHOSE.finditer(text, end, sentence.end) if m["near"]), None)
    return " ".join(after[0].split()) if after else ""


def _row(  # noqa: PLR0913 - the parts of a milestone
    told: Told,
    sentence: Span,
    match: re.Match[str],
    project: _Project,
    step: tuple[str, str, str],
    earlier: str,
) -> Stated:
    text = told.text
    kind, state, name = step
    day = day_at(text, match.end(), min(match.end() + 60, sentence.end)) or (
        day_at(text, sentence.start, match.start()) if state == "reached" else None
    )
    own = slug(project.name)
    cells = {
        "project": own,
        "name": project.name,
        "kind": project.kind,
        "place": project.place,
        "organisation": project.organisation,
        "milestone": name,
        "milestone_kind": kind,
        "state": state,
        "planned_end": day.written
        if day and state == "planned" and kind in {"completion", "delivery"}
        else "",
        "planned_start": day.written
        if day and state == "planned" and kind not in {"completion", "delivery"}
        else "",
        "actual": day.written if day and state == "reached" else "",
        "supersedes": earlier if name == "postponed" else "",
        "value_stated": project.value,
        "printed": " ".join(text[match.start() : match.end()].split()),
    }
    sure = 0.65 - 0.1 * (project.owner is None) - 0.1 * (not project.organisation)
    found = told.found(f"milestone:{kind}", Span(match.start(), match.end()), sure)
    return Stated("projects", cells, found, (project.owner,) if project.owner else ())
