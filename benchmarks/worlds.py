"""Ecosystems of any size, in the shape of the real graph: for benchmarks of what grows with the graph.

On the shipped tables come made-up trusts with their boards, regions and networks, vendors and products, as
many more as the graph is larger; rounds of answers on who has which product, a register of organisations,
and notices of purchases: each as a source beside the tables. Boards have as many trusts, trusts as many
networks and reports, and vendors as many products as in the shipped tables. The degrees are uneven: most
reports are of few products, and most trusts have few.
"""

import csv
import random
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Quad

from careatlas import data
from careatlas.graph.catalogue import Product, Vendor
from careatlas.graph.claims import Deployment, Usage
from careatlas.graph.dates import PartialDate
from careatlas.graph.loaded import Loaded, LoadedSources
from careatlas.graph.memberships import Membership, Network
from careatlas.graph.organisations import IntegratedCareBoard, Organisation, Region, Trust
from careatlas.graph.procurement import Notice
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.sources import NameMatch, Source
from careatlas.graph.statements import Reference, Statements

SHIPPED = 85_000
"""Statements of the shipped tables and what follows from them, about."""
PER_ORGANISATION, PER_NOTICE, PER_REPORT, PER_TRUST = 11, 27, 30, 230
"""Statements that a record of each kind makes, with what follows from it; a trust with all that it has."""
TRUSTS, BOARDS, REGIONS, NETWORKS = 206, 42, 7, 148
VENDORS, PRODUCTS, MEMBERSHIPS, REPORTS = 121, 103, 479, 829
"""What the shipped tables have of each; open ones where they close."""
_STATUSES = ("live", "live", "live", "live", "trialling", "procured", "ended")
_DAYS = ("2024-09-18", "2025-01-31", "2025-05-07", "2025-07-01")


class World:
    """The trusts and products that the added sources speak of, and the chance that picks them."""

    def __init__(self, trusts: int = 0, seed: int = 2025) -> None:
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
        self.made = list(self._made("ecosystem", trusts)) if trusts else []

    def _made(self, source: str, trusts: int) -> Iterator[Record]:
        """So many trusts, and as much of all else as the shipped tables have for as many."""

        def row(name: str) -> dict[str, str]:
            return {"source": source, "locator": f"{name}.csv:1"}

        def so_many(there: int) -> int:
            return max(1, there * trusts // TRUSTS)

        regions = [f"Y{_letters(number)}" for number in range(so_many(REGIONS))]
        for code in regions:
            yield Region(**row("regions"), ods=code, name=f"Region {code}")
        boards = [
            (f"Q{_letters(number)}", regions[number % len(regions)])
            for number in range(so_many(BOARDS))
        ]
        for code, region in boards:
            name = f"NHS {code} Integrated Care Board"
            yield IntegratedCareBoard(**row("icbs"), ods=code, name=name, region=region)
        codes = [f"R{_letters(number)}" for number in range(trusts)]
        for number, code in enumerate(codes):
            board, region = boards[number % len(boards)]
            name = f"{code} NHS Foundation Trust"
            self.trusts.append((code, name))
            yield Trust(
                **row("trusts"),
                ods=code,
                name=name,
                trust_type="acute",
                region=region,
                icb_2024=board,
                icb_2026=board,
                lead_icb_2026=board,
                nation="England",
            )
        yield from self._networks(row("networks"), so_many(NETWORKS), codes)
        yield from self._catalogue(row("products"), so_many(VENDORS), so_many(PRODUCTS))
        names = [("organisation", name, f"org/ods/{code}") for code, name in self.trusts]
        names += [("product", name, f"product/{path}") for path, name in self.products]
        for kind, name, key in names:
            yield NameMatch(
                **row("crosswalk"), kind=kind, printed=name, key=key, method="hand", reason="made"
            )

    def _networks(self, row: dict[str, str], count: int, codes: list[str]) -> Iterator[Record]:
        for number in range(count):
            key = f"net-{_letters(number).lower()}"
            yield Network(**row, network=key, kind="imaging-network", name=key.replace("-", " "))
        for turn in range(MEMBERSHIPS * len(codes) // TRUSTS):
            code, round_ = codes[turn % len(codes)], turn // len(codes)
            network = (turn % len(codes) * count // len(codes) + round_ * 7) % count
            yield Membership(
                **row,
                member=code,
                network=f"net-{_letters(network).lower()}",
                role="member",
                status="current",
                confidence="high",
            )

    def _catalogue(self, row: dict[str, str], vendors: int, products: int) -> Iterator[Record]:
        for number in range(vendors):
            key = f"maker-{_letters(number).lower()}"
            self.vendors.append(key)
            yield Vendor(**row, vendor=key, name=key.replace("-", " ").title(), confidence="high")
        for number in range(products):
            vendor = f"maker-{_letters(number % vendors).lower()}"
            product = f"reader-{_letters(number).lower()}"
            name = product.replace("-", " ").title()
            self.products.append((f"{vendor}/{product}", name))
            yield Product(
                **row,
                product=f"{vendor}/{product}",
                vendor=vendor,
                name=name,
                kind="ai-system",
                function="reads scans",
                capability=("chest-x-ray",),
                domain="radiology",
                confidence="high",
            )

    def _uneven(self, things: list[tuple[str, str]]) -> tuple[str, str]:
        """One of some keys with their names, of which few are picked often."""
        return things[int(len(things) * self.chance.random() ** 2)]

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
        seen: set[tuple[str, str]] = set()
        while len(seen) < count:
            (code, name), (path, product) = (
                self._uneven(self.trusts),
                self._uneven(self.products),
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


def grow(sources: LoadedSources, size: int) -> Iterator[Loaded]:
    """Sources beside the tables that make a graph of about this size: half of it is trusts and what they have."""
    more = max(0, size - SHIPPED)
    trusts = more // 2 // PER_TRUST
    world = World(trusts)
    if trusts:
        yield keep(sources, "ecosystem", world.made)
    for part in range(REPORTS * trusts // TRUSTS * PER_REPORT // 1000):
        name = f"round-{part:04d}"
        yield keep(sources, name, world.reports(name, 1000 // PER_REPORT))
    count = more * 3 // 10 // PER_ORGANISATION
    yield keep(sources, "register", world.organisations("register", 0, count))
    for part in range(8):
        count = more // 5 // 8 // PER_NOTICE
        name = f"notices-{part}"
        yield keep(sources, name, world.notices(name, part * count, count), published="")


def keep(
    sources: LoadedSources, name: str, rows: Iterable[Record], published: str = "2025-07-01"
) -> Loaded:
    """A source of these rows, as a loader keeps it."""
    day = PartialDate.parse(published) if published else None
    source = Source(id=name, kind="dataset", title=f"The source {name}", published=day)
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
