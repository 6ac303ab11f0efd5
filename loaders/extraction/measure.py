"""How well candidates agree with what people have reviewed: precision, recall, F1, and each miss."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from careatlas.graph.dates import PartialDate
from careatlas.graph.labels import key

Row = Mapping[str, str]
_USAGE = ("min", "max", "unit", "per", "period_start", "period_end")


@dataclass(frozen=True)
class Score:
    """The figures of one kind of record, with what was missed and what is too much."""

    record: str
    agreed: int
    missed: tuple[Row, ...]
    extra: tuple[Row, ...]

    @property
    def precision(self) -> float:
        """The share of the candidates that people would accept."""
        given = self.agreed + len(self.extra)
        return self.agreed / given if given else 1.0

    @property
    def recall(self) -> float:
        """The share of the reviewed claims that were found."""
        held = self.agreed + len(self.missed)
        return self.agreed / held if held else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def score(record: str, candidates: Sequence[Row], reviewed: Iterable[Row]) -> Score:
    """Compare the rows of one kind; each reviewed row agrees with one candidate at most."""
    left = list(candidates)
    missed = []
    agreed = 0
    waiting = list(reviewed)
    for alike in _RULES[record]:
        still = []
        for row in waiting:
            match = next((at for at, one in enumerate(left) if alike(row, one)), None)
            if match is None:
                still.append(row)
            else:
                left.pop(match)
                agreed += 1
        waiting = still
    missed = waiting
    return Score(record, agreed, tuple(missed), tuple(left))


def total(record: str, scores: Sequence[Score]) -> Score:
    """The figures of several kinds of record together."""
    missed = [row for one in scores for row in one.missed]
    extra = [row for one in scores for row in one.extra]
    return Score(record, sum(one.agreed for one in scores), tuple(missed), tuple(extra))


def _same(*columns: str) -> Callable[[Row, Row], bool]:
    return lambda row, one: all(row[column] == one[column] for column in columns)


def _close(row: Row, one: Row) -> bool:
    """The vendor or the product is the same; where neither is named, the description."""
    if row["vendor"] or row["product"]:
        return any(row[name] and row[name] == one[name] for name in ("product", "vendor"))
    if one["vendor"] or one["product"]:
        return False
    mine, theirs = key(row["description"]), key(one["description"])
    return bool(mine and theirs) and (mine in theirs or theirs in mine)


def _both(*rules: Callable[[Row, Row], bool]) -> Callable[[Row, Row], bool]:
    return lambda row, one: all(rule(row, one) for rule in rules)


def _by_then(row: Row, one: Row) -> bool:
    """The plan ends on the same day, however finely each says so."""
    said = one["planned_end"]
    last = PartialDate.parse(said).last.isoformat() if said else ""
    return row["planned_end"] == last


def _recipient(row: Row, one: Row) -> bool:
    return key(row["recipient"]) == key(one["recipient_name"])


_STEP = ("kind", "milestone_kind", "state", "place")
_THING = ("trust", "vendor", "product")
_RULES: dict[str, tuple[Callable[[Row, Row], bool], ...]] = {
    "disclosures": (_same("trust", "answer", "detail", "exemption"),),
    "deployments": (
        _both(_same(*_THING, "status"), _close),
        _both(_same("trust", "status"), _close),
    ),
    "usage": (_both(_same(*_THING, *_USAGE), _close), _both(_same("trust", *_USAGE), _close)),
    "routes": (_both(_same("trust", "route_type", "involvement"), _close),),
    "agreements": (_same("party", "kind", "role", "target_date"), _same("party", "kind", "role")),
    "studies": (
        _same("study", "organisation", "role", "product"),
        _same("study", "organisation", "role"),
    ),
    "projects": (_both(_same(*_STEP), _by_then), _same(*_STEP)),
    "awards": (_both(_recipient, _same("role")),),
}
"""What makes a candidate agree with a reviewed row, the strictest rule first."""
