"""Sources made of rows that a test chooses, to be loaded into a release of the small world."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import Quad

from careatlas.graph.catalogue import CompanyChange, Product, Vendor
from careatlas.graph.claims import Deployment, Disclosure, Request, Usage
from careatlas.graph.dates import PartialDate
from careatlas.graph.loaded import Loaded, LoadedSources
from careatlas.graph.memberships import GroupMember, Network
from careatlas.graph.organisations import BoardSuccession, Organisation, Trust
from careatlas.graph.procurement import FrameworkSupplier, Instrument, Notice
from careatlas.graph.records import DeploymentRow, Record
from careatlas.graph.sources import Source
from careatlas.graph.statements import Reference, Statements

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
TRUSTS = {
    "RAA": "Alder Vale",
    "RBB": "Brook",
    "RCC": "Cove Community",
    "RX1": "One Fold",
    "RX2": "Two Fold",
}
PRODUCTS = ("acme/scan", "beta/bone", "acme/new1", "acme/new2")
STATUSES = ("live", "trialling", "ended", "procured", "paused")
ANSWERS = ("uses", "denies", "no-response", "uses", "denies")
DAYS = ("2023-05-01", "2024-09-18", "2025-05-07", "2025-07-30", "2025-09-01")


@dataclass(frozen=True)
class Row:
    """A row of some kind, and which of a few variants it is."""

    kind: str
    which: int
    how: int


def trust(code: str) -> Reference:
    """A trust as a source prints it."""
    return Reference(f"{TRUSTS[code]} NHS Trust", f"org/ods/{code}")


def product(path: str) -> Reference:
    """A product as a source prints it."""
    return Reference(path.split("/")[1].title(), f"product/{path}")


def _trust(at: dict[str, str], row: Row) -> Iterable[Record]:
    code = ("RX1", "RX2")[row.which % 2]
    yield Trust(
        **at, ods=code, name=f"{TRUSTS[code]} NHS Trust", name_2024=f"{TRUSTS[code]} Hospitals NHS Trust",
        region=("Y60", "Y61")[row.how % 2], icb_2026=("QBB", "QCC")[row.how % 2], trust_type="acute",
        opened=PartialDate.parse("2010-04-01"), nation="England",
    )  # fmt: skip


def _catalogue(at: dict[str, str], row: Row) -> Iterable[Record]:
    path = PRODUCTS[2 + row.which % 2]
    yield Product(
        **at, product=path, vendor="acme", name=path.split("/")[1].title(), kind="ai-system",
        function=f"reads {row.how}", capability="stroke-imaging", confidence="high",
    )  # fmt: skip
    if row.how % 2:
        yield Vendor(
            **at, vendor=f"maker-{row.which}", name=f"Maker {row.which}", confidence="high"
        )


def _deployment(at: dict[str, str], row: Row) -> Iterable[Record]:
    code = tuple(TRUSTS)[row.which]
    path = PRODUCTS[(0, 1, 0, 1, 2)[row.how]]
    key = f"{code.lower()}/{path.split('/')[1]}"
    first, last = DAYS[row.how % 4], DAYS[row.how % 4 + 1]
    one = Deployment(
        **at, key=key, trust=trust(code), product=product(path), use_case="stroke-imaging",
        status=STATUSES[(row.which + row.how) % len(STATUSES)], printed=path.split("/")[1].title(),
        as_at=PartialDate.parse(first), reported=PartialDate.parse(last),
        stated_by=trust(code) if row.how % 2 else None,
    )  # fmt: skip
    yield one
    if row.how % 3:
        yield Usage(
            **at, key=f"{key}/1", deployment=DeploymentRow(one.path, one.claim_key), printed=f"{row.how}0",
            min=row.how * 10, max=row.how * 10, approximate=False, unit="scan", measure="count",
            period_start=PartialDate.parse("2023"), period_end=PartialDate.parse("2023"),
        )  # fmt: skip


def _round(at: dict[str, str], row: Row) -> Iterable[Record]:
    yield Request(
        **at,
        key="asked",
        name=f"Request {row.how}",
        sent_on=PartialDate.parse(DAYS[row.which]),
        scope="AI",
    )
    for place, code in enumerate(tuple(TRUSTS)[: 2 + row.how % 2]):
        yield Disclosure(
            **at, key=code.lower(), trust=trust(code), answer=ANSWERS[(place + row.how) % len(ANSWERS)],
            as_at=PartialDate.parse(DAYS[row.which]),
            reported=PartialDate.parse(DAYS[-1]),
        )  # fmt: skip


def _notice(at: dict[str, str], row: Row) -> Iterable[Record]:
    yield Notice(
        **at, notice=f"ocds-y-{row.how}", ocid=f"ocds-y-{row.how}", buyer=f"org/ods/{tuple(TRUSTS)[row.which]}",
        buyer_name="A trust", supplier=("org/slug/acme", "org/slug/beta")[row.how % 2], supplier_name="Acme",
        title=f"Reading of scans {row.which}", method_kind="direct-award", value_gbp=row.how * 1000,
        instrument="ins-new" if row.how == 4 else None, as_of=PartialDate.parse(DAYS[row.which]),
    )  # fmt: skip


def _change(at: dict[str, str], row: Row) -> Iterable[Record]:
    if row.which % 2:
        yield CompanyChange(
            **at, key=f"bought-{row.how}", acquirer="org/slug/owner", target="org/slug/acme", kind="acquisition",
            date=PartialDate.parse(DAYS[row.how]), state="completed", confidence="high",
        )  # fmt: skip
    else:
        yield BoardSuccession(
            **at,
            predecessor="QBB",
            successor="QCC",
            kind="merger",
            date=PartialDate.parse(DAYS[row.how]),
        )


def _body(at: dict[str, str], row: Row) -> Iterable[Record]:
    kind = ("charity", "provider", "hospital-site")[row.how % 3]
    yield Organisation(
        **at, key=f"org/slug/body-{row.which}", kind=kind, name=f"Body {row.which}",
        aliases="Also it" if row.how % 2 else "", region="Y60",
    )  # fmt: skip


def _belonging(at: dict[str, str], row: Row) -> Iterable[Record]:
    yield GroupMember(
        **at, group=f"grp-{row.how % 2}", name=f"Group {row.how % 2}", member=tuple(TRUSTS)[row.which],
        kind=("group", "planned-group")[row.how % 2], effective=PartialDate.parse("2024-04-01"),
    )  # fmt: skip
    if row.how > 2:
        yield Network(
            **at,
            network="data-west",
            kind="cancer-alliance",
            name="West Data Network",
            region="Y60",
            aliases="WDN",
        )


def _instrument(at: dict[str, str], row: Row) -> Iterable[Record]:
    yield Instrument(
        **at, instrument="ins-new", name="New Framework", kind="framework", operator="org/slug/asker",
        starts=PartialDate.parse(DAYS[row.how]), confidence="high",
    )  # fmt: skip
    yield FrameworkSupplier(
        **at,
        instrument="ins-new",
        supplier="org/slug/acme",
        supplier_name="Acme AI",
        confidence="high",
    )


ROWS: dict[str, Callable[[dict[str, str], Row], Iterable[Record]]] = {
    "trust": _trust,
    "catalogue": _catalogue,
    "deployment": _deployment,
    "round": _round,
    "notice": _notice,
    "change": _change,
    "body": _body,
    "belonging": _belonging,
    "instrument": _instrument,
}


def quads(source: Source, rows: Iterable[Row]) -> set[Quad]:
    """What a source of these rows states; of rows with one key the first counts."""
    edition = source.edition
    to = Statements(edition, {source.id: edition})
    seen = set()
    for number, row in enumerate(rows):
        at = {"source": source.id, "locator": f"row {number}"}
        for record in ROWS[row.kind](at, row):
            if record.claim_key not in seen:
                seen.add(record.claim_key)
                record.describe(to)
    return {*to.quads, *source.quads(to.editions)}


def keep(sources: LoadedSources, name: str, rows: Iterable[Row], published: str | None) -> Loaded:
    """A source of these rows, as a loader keeps it."""
    day = PartialDate.parse(published) if published else None
    source = Source(id=name, kind="dataset", title=f"The feed {name}", published=day)
    stated = quads(source, rows)
    account = dict.fromkeys(("rows", "records", "left_out", "rejects"), 0)
    told = {"kind": "made", "source": source.told, "left_out_by": {}, "rejected": []}
    return sources.keep(name, stated, account | told)
