"""How could a trust get a product or a capability: precedents and open instruments, ranked by rules."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from pyoxigraph import NamedNode, Store

from careatlas import queries
from careatlas.graph import route_rules as rules
from careatlas.graph.answer import answer, select
from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError, key
from careatlas.graph.questions import get
from careatlas.graph.route_instruments import Watch, instrument
from careatlas.graph.route_options import Evidence, Option, groups, precedent
from careatlas.graph.route_words import Cells, dated, statement

SOUGHT = ("product", "capability")
"""The kinds of things that can be asked for."""


@dataclass(frozen=True)
class Wanted:
    """Who asks, for what, and on which days."""

    trust: str
    to: str
    """A product, a use case or a clinical domain."""
    as_of: str = ""
    known_by: str = ""

    @property
    def days(self) -> dict[str, str]:
        """The days that every question is asked with."""
        given = {"as_of": self.as_of, "known_by": self.known_by}
        return {name: day for name, day in given.items() if day}


@dataclass(frozen=True)
class Sought:
    """What is asked for."""

    kind: str
    """product or capability, which is the parameter that it is given as."""
    iri: str
    label: str


@dataclass(frozen=True)
class Routes:
    """The ways by which a trust could get what it asks for, the best first."""

    trust: str
    trust_iri: str
    sought: Sought
    day: str
    """The day on which instruments are open, and from which ends are counted."""
    says: str
    precedent: bool
    """Whether there is a precedent for what is asked for itself."""
    own: tuple[Evidence, ...]
    """What the trust itself is reported to have of it."""
    options: tuple[Option, ...]
    not_known: tuple[str, ...]


def find_sought(labels: Labels, typed: str) -> Sought:
    """The product or capability that is meant.

    Raises:
        UnknownNameError: nothing is called so; carries the nearest names of both kinds.
        AmbiguousNameError: several things are.
    """
    found: dict[str, str] = {}
    several: list[str] = []
    for kind in SOUGHT:
        try:
            found[kind] = labels.find(kind, typed)
        except AmbiguousNameError as error:
            several += error.found
        except UnknownNameError:
            continue
    named = {kind: _label(labels, kind, iri) for kind, iri in found.items()}
    exact = [kind for kind in found if typed == found[kind] or key(typed) == key(named[kind])]
    chosen = exact if len(exact) == 1 else list(found)
    if len(chosen) == 1 and (exact or not several):
        return Sought(chosen[0], found[chosen[0]], named[chosen[0]])
    if chosen or several:
        both = sorted({*named.values(), *several})
        raise AmbiguousNameError("product or capability", typed, both)
    nearest = [one for kind in SOUGHT for one in labels.nearest(kind, typed)]
    raise UnknownNameError("product or capability", typed, nearest)


def _label(labels: Labels, kind: str, iri: str) -> str:
    kinds = (kind, "organisation") if kind == "trust" else (kind,)
    return next(row[2] for one in kinds for row in labels.rows.get(one, ()) if row[1] == iri)


def routes(store: Store, labels: Labels, wanted: Wanted, day: str) -> Routes:
    """The ways by which a trust could get something, on a day that counts where none is asked for.

    Raises:
        LookupError: a name names nothing, or several things.
        ParameterError: a day is none.
    """
    return Search(store, labels, wanted, day).found()


class Search:
    """One search for ways, on one store."""

    def __init__(self, store: Store, labels: Labels, wanted: Wanted, day: str) -> None:
        self._store = store
        self._labels = labels
        self._wanted = wanted
        self._day = wanted.as_of or day
        self._trust = labels.find("trust", wanted.trust)
        self._sought = find_sought(labels, wanted.to)
        self._near: dict[str, Cells] = {}

    def found(self) -> Routes:
        """All ways, ranked."""
        self._near = nearest(self._ask("near-organisations", trust=self._trust))
        stated = self._ask("route-precedents", **{self._sought.kind: self._sought.iri})
        options = self._precedents(stated, "itself")
        precedented = bool(options)
        options += self._unnamed()
        if not options:
            options = self._stand_ins()
        options += self._instruments()
        watch = self._watch(options)
        ranked = sorted(map(watch.warn, options), key=lambda option: option.order)
        return Routes(
            trust=_label(self._labels, "trust", self._trust),
            trust_iri=self._trust,
            sought=self._sought,
            day=self._day,
            says=self._says(precedented, ranked),
            precedent=precedented,
            own=tuple(sorted(self._own(stated))),
            options=tuple(ranked),
            not_known=self._not_known(stated),
        )

    def _ask(self, name: str, **values: str) -> list[Cells]:
        question = get(name)
        asked = {**self._wanted.days, **values}
        card = answer(self._store, self._labels, question, asked, rows_alone=True)
        return [dict(zip(card.columns, row, strict=True)) for row in card.rows]

    def _precedents(self, stated: Iterable[Cells], asked: str) -> list[Option]:
        others = [row for row in stated if row["trust_iri"] != self._trust]
        made = (
            precedent(rows, self._near.get(rows[0]["trust_iri"]), asked) for rows in groups(others)
        )
        return [option for option in made if option]

    def _unnamed(self) -> list[Option]:
        """What others have of the vendor for the same use where no source names the product."""
        vendors = set(self._wider("vendor"))
        rows = self._stated_for("use") if vendors else []
        unnamed = [
            row
            for row in rows
            if row["basis"] == "report" and not row["product_iri"] and row["vendor_iri"] in vendors
        ]
        return self._precedents(unnamed, "vendor")

    def _stand_ins(self) -> list[Option]:
        """The nearest to a precedent: another product for the same use, else in the same domain."""
        for step in ("use", "domain"):
            if options := self._precedents(self._stated_for(step), step):
                return options
        return []

    def _stated_for(self, step: str) -> list[Cells]:
        """The statements for the use or the domain of what is sought, each once."""
        wider = self._wider(step)
        rows = [row for iri in wider for row in self._ask("route-precedents", capability=iri)]
        return list({tuple(row.items()): row for row in rows}.values())

    def _wider(self, step: str) -> list[str]:
        """The vendor, the use or the domain of what is sought."""
        text = (queries.folder("views") / "wider.rq").read_text(encoding="utf-8")
        text = text.replace("UNDEF", str(NamedNode(self._sought.iri)))
        return [iri for _, (name, iri) in select(self._store, text) if name == step]

    def _instruments(self) -> list[Option]:
        asked = {self._sought.kind: self._sought.iri, "as_of": self._day}
        found: dict[str, list[Cells]] = {}
        for row in self._ask("open-instruments", **asked):
            found.setdefault(row["instrument_iri"], []).append(row)
        return [instrument(rows, self._near, "itself") for rows in found.values()]

    def _watch(self, options: Iterable[Option]) -> Watch:
        products = sorted({iri for option in options for iri in option.products})
        positions = [row for iri in products for row in self._ask("regulatory-facts", product=iri)]
        known = {"as_of": self._day}
        card = get("expiring-instruments")
        days = {"known_by": self._wanted.known_by} if self._wanted.known_by else {}
        ends = answer(self._store, self._labels, card, days, rows_alone=True)
        return Watch(
            self._day,
            self._ask("organisation-changes", **known),
            positions,
            [dict(zip(ends.columns, row, strict=True)) for row in ends.rows],
        )

    def _own(self, stated: Iterable[Cells]) -> Iterator[Evidence]:
        for row in stated:
            if row["trust_iri"] == self._trust:
                said = f"{statement(row)} ({dated(row)})"
                yield Evidence(said, row["source"], row["locator"], row["claim"])

    def _says(self, precedented: bool, ranked: list[Option]) -> str:
        what, by = self._sought.label, self._wanted.known_by
        known = f" known by {by}" if by else ""
        open_ = sum(option.kind == "instrument" for option in ranked)
        asked = [option.asked for option in ranked if option.kind != "instrument"]
        tools = f"Instruments that are open on {self._day}, with a supplier of it: {open_}."
        if precedented:
            unnamed = asked.count("vendor")
            maybe = f" With something of its vendor, not named: {unnamed}." if unnamed else ""
            count = asked.count("itself")
            return f"Precedents{known} for {what} in other organisations: {count}.{maybe} {tools}"
        none = f"No precedent{known}: no source of this release reports that another organisation has {what}."
        if not asked:
            return f"{none} Nothing near to it is reported either. {tools}"
        step = rules.said(rules.ASKED, asked[0])
        return f"{none} The nearest are shown in its place, each {step}: {len(asked)}. {tools}"

    def _not_known(self, stated: Iterable[Cells]) -> tuple[str, ...]:
        explore = {
            option[0]["trust"]
            for option in groups(stated)
            if all(row["status"] == rules.NOT_HAVING for row in option)
        }
        count = f"{len(explore)} that only explore it are left out." if explore else ""
        asked = ("route-precedents", "near-organisations", "open-instruments")
        gaps = [gap for name in asked for gap in get(name).not_known]
        return tuple(one for one in (rules.NEVER_KNOWN, count, *gaps) if one)


def nearest(rows: Iterable[Cells]) -> dict[str, Cells]:
    """The nearest tie with each other organisation."""
    ranked = sorted(
        rows,
        key=lambda row: (
            rules.place(rules.NEARNESS, row["closeness"]),
            row["shared"],
            row["thing"],
            row["claim"],
            row["own_claim"],
        ),
    )
    found: dict[str, Cells] = {}
    for row in ranked:
        found.setdefault(row["other_iri"], row)
    return found
