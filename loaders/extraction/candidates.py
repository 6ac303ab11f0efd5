"""Candidate claims: records of the kinds of the tables, each with confidence, rule and place."""

from dataclasses import dataclass, field

from careatlas.loaders.extraction.columns import COLUMNS, EXTRA
from careatlas.loaders.extraction.gazetteer import Entity, Mention
from careatlas.loaders.reading.model import Passage

__all__ = [
    "COLUMNS",
    "EXTRA",
    "Candidates",
    "Deployment",
    "Disclosure",
    "Found",
    "Route",
    "Stated",
    "Usage",
]

COUNTED = "table:counted"
"""The rule that takes a thing for used because a table of figures counts its uses."""


@dataclass(frozen=True)
class Found:
    """How sure a candidate is, the rule that found it, and the place."""

    rule: str
    confidence: float
    passage: Passage
    start: int
    end: int

    @property
    def words(self) -> str:
        """The words at the place."""
        first = self.passage.start
        return self.passage.text[self.start - first : self.end - first]

    @property
    def locator(self) -> str:
        """The place in the form of the tables."""
        return self.passage.place(self.start, self.end)


@dataclass(frozen=True)
class Disclosure:
    """What a trust answered."""

    trust: Mention
    answer: str
    detail: str
    exemption: str
    reported: str
    found: Found


@dataclass
class Deployment:
    """Something that a trust has, tries or looks at."""

    trust: Mention
    name: Mention | None
    """The name as printed: of a vendor, a product, or both; none where it is described only."""
    vendor: Entity | None
    product: Entity | None
    new: str
    """What of the name is in no catalogue."""
    description: str
    status: str
    reported: str
    found: Found
    routes: list["Route"] = field(default_factory=list)
    site: str = ""
    integrated_with: str = ""
    study: str = ""
    valid_from: str = ""
    specialty: str = ""
    modality: str = ""

    @property
    def use_case(self) -> str:
        """The task of the product, if the catalogue knows one."""
        return self.product.use_case if self.product else ""

    @property
    def candidates(self) -> tuple[str, ...]:
        """What an ambiguous name could be, or the names nearest to a new one."""
        if self.name is None:
            return ()
        if self.new:
            return self.name.nearest
        several = self.name.entities if len(self.name.entities) > 1 else ()
        decided = {self.vendor, self.product}
        return () if decided & set(several) else tuple(entity.label for entity in several)


@dataclass(frozen=True)
class Usage:
    """How often something was used."""

    deployment: Deployment
    low: int
    high: int
    approximate: bool
    unit: str
    per: str
    period: tuple[str, str]
    found: Found
    printed: str


@dataclass(frozen=True)
class Route:
    """How a deployment came about."""

    deployment: Deployment
    kind: str
    involvement: str
    through: Mention
    ambiguous: bool
    found: Found


@dataclass(frozen=True)
class Stated:
    """A row of a table that is not about one deployment."""

    table: str
    cells: dict[str, str]
    """The columns of the table that the text fills."""
    found: Found
    names: tuple[Mention, ...] = ()
    """The names that stand in the cells, known or new."""


@dataclass
class Candidates:
    """All that one document seems to say."""

    source: str
    disclosures: list[Disclosure] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    usage: list[Usage] = field(default_factory=list)
    routes: list[Route] = field(default_factory=list)
    stated: list[Stated] = field(default_factory=list)

    def rows(self, record: str) -> list[dict[str, str]]:
        """The candidates of one kind as rows of its columns and of `EXTRA`."""
        if record == "disclosures":
            return [self._disclosure(one) for one in self.disclosures]
        if record == "deployments":
            return [self._deployment(one) for one in self.deployments]
        if record == "usage":
            return [self._usage(one) for one in self.usage]
        if record == "routes":
            return [self._route(one) for one in self.routes]
        return [self._stated(one) for one in self.stated if one.table == record]

    def _tail(self, found: Found, *names: Mention | None) -> dict[str, str]:
        new = [name for name in names if name is not None and not name.entities]
        several = [name for name in names if name is not None and len(name.entities) > 1]
        options = [label for name in new for label in name.nearest]
        options += [entity.label for name in several for entity in name.entities]
        return {
            "source": self.source,
            "locator": found.locator,
            "confidence": f"{found.confidence:.2f}",
            "rule": found.rule,
            "printed": "",
            "new_entity": "; ".join(name.text for name in new),
            "candidates": "; ".join(options),
        }

    def _disclosure(self, one: Disclosure) -> dict[str, str]:
        return {
            **_trust(one.trust),
            "answer": one.answer,
            "detail": one.detail,
            "exemption": one.exemption,
            "reported": one.reported,
            **self._tail(one.found, one.trust),
            "printed": one.trust.text,
        }

    def _deployment(self, one: Deployment) -> dict[str, str]:
        tail = self._tail(one.found, one.trust)
        route = one.routes[0] if one.routes else None
        new = "; ".join(filter(None, (tail["new_entity"], one.new)))
        options = "; ".join(filter(None, (tail["candidates"], *one.candidates)))
        return {
            **_thing(one),
            "use_case": one.use_case,
            "status": one.status,
            "route_type": route.kind if route else "",
            "involvement": route.involvement if route else "",
            "route": route.through.label if route else "",
            "reported": one.reported,
            "site": one.site,
            "integrated_with": one.integrated_with,
            "study": one.study,
            "valid_from": one.valid_from,
            "specialty": one.specialty,
            "modality": one.modality,
            **tail,
            "printed": one.name.text if one.name else one.description,
            "new_entity": new,
            "candidates": options,
        }

    def _usage(self, one: Usage) -> dict[str, str]:
        return {
            **_thing(one.deployment),
            "min": str(one.low),
            "max": str(one.high),
            "approximate": "true" if one.approximate else "false",
            "unit": one.unit,
            "per": one.per,
            "period_start": one.period[0],
            "period_end": one.period[1],
            **self._tail(one.found, one.deployment.trust),
            "printed": one.printed,
        }

    def _route(self, one: Route) -> dict[str, str]:
        return {
            **_thing(one.deployment),
            "route_type": one.kind,
            "involvement": one.involvement,
            "route": one.through.label,
            **self._tail(one.found, one.deployment.trust, one.through),
            "printed": one.through.text,
        }

    def _stated(self, one: Stated) -> dict[str, str]:
        cells = {name: one.cells.get(name, "") for name in COLUMNS[one.table]}
        tail = self._tail(one.found, *one.names)
        return {**cells, **tail, "printed": one.cells.get("printed", "") or tail["printed"]}


def _trust(mention: Mention) -> dict[str, str]:
    ods = mention.entities[0].ods if len(mention.entities) == 1 else ""
    return {"trust": mention.label, "ods": ods}


def _thing(one: Deployment) -> dict[str, str]:
    product = one.product.label if one.product else ""
    return {
        **_trust(one.trust),
        "vendor": one.vendor.label if one.vendor else "",
        "product": product or one.new,
        "description": one.description,
    }
