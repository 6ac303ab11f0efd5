"""A compiled release as records: the process with its parts, and a notice for each release."""

import re
from collections.abc import Iterable
from typing import Any

from careatlas.graph.contracting import (
    ContractingProcess,
    Money,
    Notice,
    Party,
    Piece,
    part_key,
)
from careatlas.graph.terms import slug
from careatlas.loaders.ocds.methods import method, regime, stated, techniques
from careatlas.loaders.ocds.parties import Parties, parties, reference
from careatlas.loaders.ocds.periods import day, runs, span
from careatlas.loaders.ocds.releases import buyer_of
from careatlas.loaders.ocds.tables import Known
from careatlas.loaders.ocds.values import FaultyReleaseError

_MOST_NAMES = 40
_NUMBER = re.compile(r"\d{6}-\d{4}")
"""The form of the numbers that Find a Tender gives to its notices, and to the releases made of them."""
Object = dict[str, Any]


def money(value: Object | None) -> Money:
    """A sum as stated."""
    value = value or {}
    return Money(
        amount=value.get("amount"), gross=value.get("amountGross"), currency=value.get("currency")
    )


def documents(release: Object) -> list[Object]:
    """The documents of a release, wherever they stand in it."""
    found: list[Object] = []
    for owner in (
        release.get("planning"),
        release.get("tender"),
        *(release.get("awards") or []),
        *(release.get("contracts") or []),
    ):
        found += (owner or {}).get("documents") or []
    return found


def notices(release: Object) -> list[Object]:
    """Those of its documents that are notices."""
    return [
        one
        for one in documents(release)
        if one.get("noticeType") or str(one.get("documentType", "")).endswith("Notice")
    ]


def notice(release: Object, process: str, source: str) -> Notice:
    """The record of one release."""
    found = notices(release)
    ids = _several(one.get("id") for one in found if one.get("noticeType"))
    if not ids and _NUMBER.fullmatch(release["id"]):
        ids = (release["id"],)
    types = _several(one.get("noticeType") or one.get("documentType") for one in found)
    said = f", notice {', '.join(ids)}" if ids else ""
    return Notice(
        source=source,
        locator=f"{release['ocid']}, release {release['id']}{said}",
        process=process,
        release=release["id"],
        published=day(release.get("date")),
        tags=_several(release.get("tag") or []),
        ids=ids,
        types=types,
        urls=_several(one.get("url") for one in found),
    )


def process_key(ocid: str, buyer: str, several: bool) -> str:
    """The key of a procedure: its OCID, and its buyer where several share the OCID."""
    return f"{slug(ocid)}-{part_key(buyer)}" if several else slug(ocid)


class NoBuyerError(FaultyReleaseError):
    """A process of which no release names a buyer."""

    def __init__(self) -> None:
        super().__init__(
            "buyer", "is not named in any release of the process: load that which names it, too"
        )


def process(
    compiled: Object, releases: list[Object], key: str, because: tuple[str, ...], known: Known
) -> ContractingProcess:
    """The record of a process, its source still to be set by whoever loads it.

    Raises:
        NoBuyerError: nobody is said to buy.
    """
    tender = compiled.get("tender") or {}
    found = parties(compiled, known.bodies)
    named = [one.printed for one in found.values() if one.role in ("buyer", "procuring-entity")]
    if not named:
        raise NoBuyerError
    types = _several(one.get("noticeType") for one in documents(compiled))
    lots = _pieces(tender.get("lots"), "lots", found, releases)
    awards = _pieces(compiled.get("awards"), "awards", found, releases)
    contracts = _pieces(compiled.get("contracts"), "contracts", found, releases)
    contracts = [_with_suppliers(one, awards) for one in contracts]
    sold_by = _several(one.printed for one in found.values() if one.role == "supplier")
    last = max(releases, key=lambda one: str(one.get("date")))
    ids = ", ".join(_several(one["id"] for one in releases))
    return ContractingProcess(
        source="-",
        locator=f"{compiled['ocid']}, release {ids}",
        process=key,
        ocid=compiled["ocid"],
        title=_title(compiled),
        buyer=buyer_of(compiled).get("name") or named[0],
        suppliers=_listed(sold_by),
        method=method(compiled, set(types)),
        method_stated=stated(compiled),
        types=types,
        regime=regime(compiled),
        state=_state(compiled),
        value=money(tender.get("value")),
        span=runs(tender, lots, awards, contracts),
        latest=day(last.get("date")),
        classification=_several(_codes(compiled)),
        techniques=techniques(compiled),
        related=_several(_related(compiled)),
        instrument=_instrument(compiled, known),
        because=because,
        parties=_roles(found),
        lots=tuple(lots),
        awards=tuple(awards),
        contracts=tuple(contracts),
    )


def _listed(names: tuple[str, ...]) -> str | None:
    """Names in one line; of very many the first, and how many more there are."""
    more = len(names) - _MOST_NAMES
    told = "; ".join(names[:_MOST_NAMES])
    return (f"{told}; and {more} more" if more > 0 else told) or None


def _several(values: Iterable[Any]) -> tuple[str, ...]:
    """Each value once, in their order."""
    return tuple(dict.fromkeys(value for value in values if value))


def _title(compiled: Object) -> str:
    tender, planning = compiled.get("tender") or {}, compiled.get("planning") or {}
    owners = [tender, *(compiled.get("contracts") or []), *(compiled.get("awards") or [])]
    owners.append(planning.get("project") or {})
    titles = [one.get("title") or "" for one in owners]
    return str(next(filter(None, titles), compiled["ocid"]))[:500]


def _state(compiled: Object) -> str | None:
    said = [("tender", (compiled.get("tender") or {}).get("status"))]
    for name in ("awards", "contracts"):
        said += [
            (name[:-1], status)
            for status in _several(one.get("status") for one in compiled.get(name) or [])
        ]
    return ", ".join(f"{name} {status}" for name, status in said if status) or None


def _codes(compiled: Object) -> Iterable[str]:
    owners = [
        compiled.get("tender") or {},
        *(compiled.get("awards") or []),
        *(compiled.get("contracts") or []),
    ]
    for owner in owners:
        for one in (owner, *(owner.get("items") or [])):
            for code in [
                one.get("classification") or {},
                *(one.get("additionalClassifications") or []),
            ]:
                if code.get("id"):
                    words = f" {code['description']}" if code.get("description") else ""
                    yield f"{code.get('scheme') or 'CPV'} {code['id']}{words}"[:300]


def _related(compiled: Object) -> Iterable[str]:
    for one in compiled.get("relatedProcesses") or []:
        if one.get("identifier"):
            kinds = ", ".join(one.get("relationship") or [])
            yield f"{kinds or 'related'}: {one['identifier']}"


def _instrument(compiled: Object, known: Known) -> str | None:
    """The framework of the tables under which somebody buys, where the release names its OCID."""
    found = {
        known.instruments[one["identifier"]]
        for one in compiled.get("relatedProcesses") or []
        if one.get("identifier") in known.instruments
        and "framework" in (one.get("relationship") or [])
    }
    return found.pop() if len(found) == 1 else None


def _roles(found: Parties) -> tuple[Party, ...]:
    """Each body once in each role; what two entries state of it is put together.

    Whom nobody knows yet is told apart by the identifiers, too: two may have one name.
    """
    made: dict[tuple[str, str, tuple[str, ...]], Party] = {}
    for party in found.values():
        at = (party.role, party.player, () if party.found else party.identifiers)
        before = made.get(at)
        ids = _several([*(before.identifiers if before else ()), *party.identifiers])
        made[at] = (before or party).model_copy(update={"identifiers": ids})
    return tuple(made.values())


def _pieces(
    entries: list[Object] | None, name: str, found: Parties, releases: list[Object]
) -> list[Piece]:
    made: dict[str, Piece] = {}
    for number, one in enumerate(entries or [], 1):
        key = one.get("id") or f"{number}"
        if key in made:
            key = f"{key} ({number})"
        told = [one for one in releases if _speaks_of(one, name, key)]
        sellers = [
            found.get(("supplier", reference(other))) for other in one.get("suppliers") or []
        ]
        made[key] = Piece(
            id=key,
            title=one.get("title"),
            status=one.get("status"),
            value=money(one.get("value")),
            span=span(one.get("period") or one.get("contractPeriod")),
            dated=day(one.get("date") or one.get("dateSigned")),
            lots=_several(one.get("relatedLots") or []),
            award=one.get("awardID"),
            suppliers=tuple({other.player: other for other in sellers if other}.values()),
            releases=_several(one["id"] for one in told),
        )
    return list(made.values())


def _speaks_of(release: Object, name: str, key: str) -> bool:
    owner = release.get("tender") or {} if name == "lots" else release
    return any(one.get("id") == key for one in owner.get(name) or [])


def _with_suppliers(contract: Piece, awards: list[Piece]) -> Piece:
    award = next((one for one in awards if one.id == contract.award), None)
    return contract.model_copy(update={"suppliers": award.suppliers}) if award else contract
