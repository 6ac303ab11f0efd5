"""Ecosystems of any size, in the shape of the real graph: for benchmarks of what grows with the graph.

On the shipped tables come a register of organisations, notices of purchases, and rounds of answers on
who has which product, each as a source beside the tables. About seven tenths of what is added are the
register, a quarter are notices, and the rest are rounds of a thousand statements or so each: there are
many more practices and purchases in the country than trusts and products, which do not grow.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad

from careatlas import data
from careatlas.graph.claims import Deployment, Usage
from careatlas.graph.dates import PartialDate
from careatlas.graph.loaded import Loaded, LoadedSources
from careatlas.graph.organisations import Organisation
from careatlas.graph.procurement import Notice
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.sources import Source
from careatlas.graph.statements import Reference, Statements

PER_ORGANISATION, PER_NOTICE, PER_REPORT = 11, 27, 22
"""Statements that a record of each kind makes, about."""
_STATUSES = ("live", "live", "live", "live", "trialling", "procured", "ended")
_DAYS = ("2024-09-18", "2025-01-31", "2025-05-07", "2025-07-01")


class World:
    """The trusts and products that the added sources speak of, and the chance that picks them."""

    def __init__(self, seed: int = 2025) -> None:
        folder = data.folder()
        self.trusts = [
            (row["ods"], row["name"])
            for row in _rows(folder / "reference" / "trusts.csv")
            if not row["closed"]
        ]
        self.products = [
            (row["product"], row["name"]) for row in _rows(folder / "catalogue" / "products.csv")
        ]
        self.vendors = [row["vendor"] for row in _rows(folder / "catalogue" / "vendors.csv")]
        self.chance = random.Random(seed)  # noqa: S311 - reproducible, not secret

    def organisations(self, source: str, first: int, count: int) -> Iterator[Record]:
        """Rows of a register."""
        for number in range(first, first + count):
            code = f"K{_letters(number)}"
            yield Organisation(
                source=source,
                locator=f"register.csv:{number}",
                key=f"org/ods/{code}",
                kind="primary-care",
                name=f"Surgery {_letters(number * 7919 % 11_881_376)} {number}",
                ods=code,
                region=f"Y{self.chance.choice((56, 58, 59, 60, 61, 62, 63))}",
                nation="England",
            )

    def notices(self, source: str, first: int, count: int) -> Iterator[Record]:
        """Rows of a service of notices."""
        for number in range(first, first + count):
            day = PartialDate.parse(self.chance.choice(_DAYS))
            vendor = self.chance.choice(self.vendors)
            code, name = self.chance.choice(self.trusts)
            yield Notice(
                source=source,
                locator=f"releases.jsonl:{number}",
                notice=f"ocds-b5fd17-{number:06d}",
                ocid=f"ocds-b5fd17-{number:06d}",
                notice_type="award",
                buyer=f"org/ods/{code}",
                buyer_name=name,
                supplier=f"org/slug/{vendor}",
                supplier_name=vendor,
                title=f"Reading of scans {number}",
                method="direct award",
                method_kind="direct-award",
                state="complete",
                value_gbp=number,
                start=day,
                as_of=day,
            )

    def reports(self, source: str, count: int) -> Iterator[Record]:
        """Rows of a round of answers: who has what, and how much it is used."""
        seen = set()
        while len(seen) < count:
            (code, name), (path, product) = (
                self.chance.choice(self.trusts),
                self.chance.choice(self.products),
            )
            if (code, path) in seen:
                continue
            seen.add((code, path))
            key = f"{code.lower()}/{path.replace('/', '-')}"
            at = {"source": source, "locator": f"row {len(seen)}"}
            trust = Reference(name, f"org/ods/{code}")
            day = PartialDate.parse(self.chance.choice(_DAYS))
            one = Deployment(
                **at,
                key=key,
                trust=trust,
                product=Reference(product, f"product/{path}"),
                status=self.chance.choice(_STATUSES),
                printed=product,
                as_at=day,
                reported=PartialDate.parse("2025-07-01"),
                stated_by=trust,
            )
            yield one
            if self.chance.random() < 1 / 3:
                yield Usage(
                    **at,
                    key=f"{key}/1",
                    deployment=DeploymentRow(one.path, one.claim_key),
                    printed="many",
                    min=len(seen),
                    max=len(seen),
                    approximate=False,
                    unit="scan",
                    measure="count",
                    period_start=day,
                    period_end=day,
                )


def grow(sources: LoadedSources, size: int, world: World) -> Iterator[Loaded]:
    """Sources beside the tables that make a graph of about this size."""
    more = max(0, size - 85_000)
    yield keep(
        sources, "register", world.organisations("register", 0, more * 7 // 10 // PER_ORGANISATION)
    )
    for part in range(8):
        count = more // 4 // 8 // PER_NOTICE
        name = f"notices-{part}"
        yield keep(sources, name, world.notices(name, part * count, count))
    for part in range(more // 20 // 1000):
        name = f"round-{part:04d}"
        yield keep(sources, name, world.reports(name, 1000 // PER_REPORT))


def keep(sources: LoadedSources, name: str, rows: Iterable[Record]) -> Loaded:
    """A source of these rows, as a loader keeps it."""
    source = Source(id=name, kind="dataset", title=f"The source {name}")
    to = Statements(source.edition, {name: source.edition})
    records = 0
    for record in rows:
        record.describe(to)
        records += 1
    stated: set[Quad] = {*to.quads, *source.quads(to.editions)}
    counts = {"rows": records, "records": records, "left_out": 0, "rejects": 0}
    told = {"kind": "made", "source": source.told, "left_out_by": {}, "rejected": []}
    return sources.keep(name, stated, counts | told)


def _letters(number: int) -> str:
    found = ""
    for _ in range(5):
        number, rest = divmod(number, 26)
        found = chr(65 + rest) + found
    return found


def _rows(path: Path) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
