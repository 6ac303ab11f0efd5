"""The JSON of the register's services: its own API, and the resources of FHIR."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from careatlas.loaders.feed import LeftOut, Rejected
from careatlas.loaders.ods import fhir, kinds
from careatlas.loaders.ods.entries import (
    LINK,
    Entry,
    Found,
    Role,
    RowError,
    Succession,
    Tie,
    clean,
    code,
    day,
    name,
)
from careatlas.loaders.ods.jsonfile import Flawed, Item, records
from careatlas.loaders.ods.opening import Part


def read(part: Part, as_at: date | None) -> Iterator[Found]:
    """What becomes of each record of a file.

    Raises:
        UnsoundFileError: the file is no JSON from some place on.
    """
    number = 0
    for page in records(part):
        for item in _unpaged(page):
            number += 1
            place = f"{part.name}: record {number}"
            if isinstance(item, Flawed):
                yield Rejected(place, item.reason)
            else:
                yield _found(item, place, part.name, as_at)


def _unpaged(item: Item) -> Iterator[Item]:
    """The records of a page; none where they were given one by one before the page itself."""
    if isinstance(item, Flawed):
        yield item
        return
    bundle = item.get("resourceType") == "Bundle"
    if not bundle and "Organisations" not in item:
        yield item
        return
    held = item.get("entry" if bundle else "Organisations")
    if held is not None and not isinstance(held, list):
        yield Flawed("a page of results that holds no list of them")
        return
    for one in held or ():
        yield one if isinstance(one, dict) else Flawed("it is no JSON object")


def _found(item: Mapping[str, Any], place: str, part: str, as_at: date | None) -> Found:
    whole = item.get("Organisation", item.get("resource", item))
    try:
        if not isinstance(whole, dict):
            raise RowError("record of an organisation", type(whole).__name__)
        if whole.get("resourceType"):
            return fhir.found(whole, place, part, as_at)
        if set(whole) == {"OrgLink"}:
            return LeftOut(place, LINK)
        return _organisation(whole, place, part, as_at)
    except RowError as wrong:
        return Rejected(place, str(wrong))


def listed(value: object) -> list[Mapping[str, Any]]:
    """The objects of a list, or the one that stands in its place.

    Raises:
        RowError: something else stands there.
    """
    if value is None or value == "":
        return []
    found: list[Mapping[str, Any]] = []
    for one in value if isinstance(value, list) else [value]:
        if not isinstance(one, dict):
            raise RowError("list of objects", value)
        found.append(one)
    return found


def within(item: object, *path: str) -> object:
    """What stands at a path of keys, if anything does."""
    here = item
    for key in path:
        here = here.get(key) if isinstance(here, dict) else None
    return here


def _organisation(item: Mapping[str, Any], place: str, part: str, as_at: date | None) -> Entry:
    stated = item.get("OrgId")
    own = code(within(stated, "extension") if isinstance(stated, dict) else stated)
    called = name(item.get("Name"))
    roles = tuple(_role(one) for one in listed(within(item, "Roles", "Role")))
    primary = next((one.code for one in roles if one.primary), clean(item.get("PrimaryRoleId")))
    codes = {one.code for one in roles}
    names = {primary: clean(item.get("PrimaryRoleDescription"))}
    here = within(item, "GeoLoc", "Location") or {}
    dates = _dates(item)
    start, end = _lasting(dates)
    legal_from, legal_to = dates.get("Legal", (None, None))
    return Entry(
        *(f"{place} ({own})", f"{part}, organisation {own}", own, called),
        kinds.kind_of(primary, codes, called),
        kinds.why_not(primary, names, codes),
        roles=roles,
        role=primary or None,
        status=clean(item.get("Status")) or None,
        opened=start,
        closed=end,
        legal_from=legal_from,
        legal_to=legal_to,
        town=clean(within(here, "Town")) or None,
        postcode=clean(within(here, "PostCode") or item.get("PostCode")).upper() or None,
        country=clean(within(here, "Country")).title() or None,
        ties=tuple(_tie(one) for one in listed(within(item, "Rels", "Rel"))),
        successions=tuple(_succession(one) for one in listed(within(item, "Succs", "Succ"))),
        as_at=as_at,
        stub=item.get("refOnly") in (True, "true"),
    )


def _role(item: Mapping[str, Any]) -> Role:
    start, end = _lasting(_dates(item))
    return Role(clean(item.get("id")), item.get("primaryRole") in (True, "true"), start, end)


def _tie(item: Mapping[str, Any]) -> Tie:
    start, end = _lasting(_dates(item))
    other = code(within(item, "Target", "OrgId", "extension"))
    return Tie(clean(item.get("id")), other, start, end, clean(item.get("uniqueRelId")))


def _succession(item: Mapping[str, Any]) -> Succession:
    kind = item.get("Type")
    if kind not in ("Successor", "Predecessor"):
        raise RowError("Successor or Predecessor", kind)
    other = code(within(item, "Target", "OrgId", "extension"))
    return Succession(other, kind == "Successor", _lasting(_dates(item))[0])


def _dates(item: Mapping[str, Any]) -> dict[str, tuple[date | None, date | None]]:
    return {
        clean(one.get("Type")) or "Operational": (day(one.get("Start")), day(one.get("End")))
        for one in listed(item.get("Date"))
    }


def _lasting(
    dates: Mapping[str, tuple[date | None, date | None]],
) -> tuple[date | None, date | None]:
    return dates.get("Operational") or dates.get("Legal") or (None, None)
