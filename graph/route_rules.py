"""How ways to get something are ranked, and of what is warned: all rules, in one place.

`careatlas routes` and its page show `RULES`; the code below takes its order from the same tables.
"""

import re
from typing import NamedTuple


class Step(NamedTuple):
    """One step of a rule: what counts as it, and how it is said."""

    name: str
    says: str


class Rule(NamedTuple):
    """A rule by which options are compared where all rules before it leave them equal."""

    name: str
    says: str
    steps: tuple[Step, ...] = ()
    """From the best to the last; a rule without steps compares by what it says."""

    @property
    def text(self) -> str:
        """The rule in words, with its steps in their order."""
        steps = "; ".join(step.says for step in self.steps)
        return f"{self.says[:-1]}: {steps}." if steps else self.says


ASKED = Rule(
    "what is asked for",
    "What is asked for itself comes before what stands in for it.",
    (
        Step("itself", "what is asked for"),
        Step("vendor", "something of its vendor where no product is named, which may be it"),
        Step("use", "another product for the same use"),
        Step("domain", "another product in the same clinical domain"),
    ),
)
NEARNESS = Rule(
    "nearness",
    "What the trust that asks and the one that has it have in common; a group, network or board may have it itself.",
    (
        Step("group", "in the same group of trusts"),
        Step("network", "in the same network"),
        Step("icb", "under the same integrated care board"),
        Step("region", "in the same region"),
        Step("national", "no nearer tie is stated"),
    ),
)
WAY = Rule(
    "way",
    "How it came there, by the best-placed statement.",
    (
        Step("procured", "somebody bought it: the trust, or another for it"),
        Step("coordinated", "somebody else coordinated, initiated, hosted, shared or funded it"),
        Step("recommended", "somebody else recommended it"),
        Step("open-instrument", "a framework or purchasing system that is open on the day"),
        Step("through", "through somebody whose part is not stated"),
        Step("research", "in a study, or by an award from a programme"),
        Step("not-stated", "by a way that no source states"),
    ),
)
RECENT = Rule("year", "The later the year of the last statement, the higher; undated comes last.")
CONFIRMED = Rule(
    "confirmation",
    "Independent sources: a document that took the statement from another does not count.",
    (Step("several", "two or more sources"), Step("single", "one source")),
)
STAGE = Rule(
    "stage",
    "How far along it is, by the last report.",
    tuple(
        Step(name, says)
        for name, says in (
            ("live", "in routine use"),
            ("procured", "bought"),
            ("implementing", "being put in"),
            ("trialling", "on trial"),
            ("research-only", "in research alone"),
            ("deployed-not-used", "installed and not used"),
            ("paused", "paused"),
            ("ended", "ended"),
            ("unspecified", "not said"),
            ("", "no report of use"),
        )
    ),
)
NAME = Rule("name", "By name, so that the order is always the same.")
RULES = (ASKED, NEARNESS, WAY, RECENT, CONFIRMED, STAGE, NAME)

NOT_HAVING = "exploring"
"""Who only explores a thing has no way to it that another could follow."""

_WAYS = {
    "procured": "procured",
    "coordinated": "coordinated",
    "initiated": "coordinated",
    "hosted": "coordinated",
    "partnered": "coordinated",
    "funded": "coordinated",
    "recommended": "recommended",
}
_BOUGHT = ("direct", "framework")
_RESEARCH = ("study", "programme", "national-programme")

SOON = 365
"""Of an end within so many days from the day asked about, an option warns."""
RESEARCH_POSITION = re.compile(r"\bresearch only\b", re.IGNORECASE)
WITHDRAWN = re.compile(r"\b(withdrawn|discontinued|recalled)\b", re.IGNORECASE)
STATES: dict[str, str] = {
    "research-only": "it is used in research alone, which is no routine use",
    "deployed-not-used": "it is installed, and not used",
    "paused": "its use is paused",
    "ended": "its use has ended",
    "trialling": "it is on trial, and not yet in routine use",
}
"""What an option warns of by the status that was reported last."""
NEVER_KNOWN = "The price, the terms, and whether the trust may go the same way."
"""What no source of the graph tells of any option."""


def way(basis: str, route_type: str, involvement: str) -> str:
    """The step of `WAY` that a statement is.

    >>> way("report", "network", "hosted"), way("report", "direct", ""), way("study", "", "")
    ('coordinated', 'procured', 'research')
    """
    if basis == "notice" or route_type in _BOUGHT:
        return "procured"
    if involvement:
        return _WAYS[involvement]
    if basis in {"study", "award"} or route_type in _RESEARCH:
        return "research"
    return "through" if route_type not in {"", "not-stated"} else "not-stated"


def place(rule: Rule, name: str) -> int:
    """The place of a step in its rule, the best first."""
    return [step.name for step in rule.steps].index(name)


def said(rule: Rule, name: str) -> str:
    """A step in words."""
    return rule.steps[place(rule, name)].says
