"""Organizations and their affiliations as FHIR resources: of R4, and of STU3 before it."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from careatlas.loaders.feed import LeftOut
from careatlas.loaders.ods import kinds
from careatlas.loaders.ods.entries import (
    Belongs,
    Entry,
    Found,
    Role,
    RowError,
    Tie,
    clean,
    code,
    day,
    name,
)

_SYSTEM = "ods-organization-code"
_ROLE = re.compile(r"RO\d{1,6}", re.ASCII)
_RELATION = re.compile(r"RE\d{1,4}", re.ASCII)
_PRIMARY = (*kinds.KIND_OF_ROLE, kinds.PARTNERSHIP, "RO177", "RO182", "RO176", "RO101", "RO104")
_NUMBER = re.compile(r"\d{1,6}", re.ASCII)
"""A role as STU3 has it."""
_ROLES = re.compile(r".*(organisationrole|odsapi-organizationrole(-\d)?)", re.ASCII)
_PERIODS = re.compile(r".*(typedperiod|activeperiod(-\d)?)", re.ASCII)
Dates = dict[str, tuple[date | None, date | None]]


def found(item: Mapping[str, Any], place: str, part: str, as_at: date | None) -> Found:
    """What a resource is.

    Raises:
        RowError: it does not hold what such a resource has to.
    """
    kind, as_at = item["resourceType"], as_at or updated(item)
    if kind == "Organization":
        return _organization(item, place, part, as_at)
    if kind == "OrganizationAffiliation":
        return _affiliation(item, place, part, as_at)
    return LeftOut(place, "a resource that is neither an Organization nor an affiliation of one")


def updated(item: Mapping[str, Any]) -> date | None:
    """The day on which a resource was last changed, where it says so."""
    meta = item.get("meta")
    return day(meta.get("lastUpdated")) if isinstance(meta, dict) else None


def _organization(item: Mapping[str, Any], place: str, part: str, as_at: date | None) -> Entry:
    own, called = code(_own(item)), name(item.get("name"))
    roles = tuple(_roles(item))
    primary = next((one.code for one in roles if one.primary), None)
    codes = [one.code for one in roles]
    primary = primary or next((one for one in _PRIMARY if one in codes), next(iter(codes), None))
    dates = _dates(item)
    start, end = dates.get("Operational") or dates.get("Legal") or (None, None)
    legal_from, legal_to = dates.get("Legal", (None, None))
    here = next(iter(_objects(item.get("address"))), {})
    active = item.get("active")
    return Entry(
        *(f"{place} ({own})", f"{part}, organisation {own}", own, called),
        kinds.kind_of(primary, set(codes), called),
        kinds.why_not(primary, {}, codes),
        roles=roles,
        role=primary,
        status="Active" if active is True else "Inactive" if active is False else None,
        opened=start,
        closed=end,
        legal_from=legal_from,
        legal_to=legal_to,
        town=clean(here.get("city")) or None,
        postcode=clean(here.get("postalCode")).upper() or None,
        country=clean(here.get("country")).title() or None,
        as_at=as_at,
        fhir=True,
    )


def _affiliation(item: Mapping[str, Any], place: str, part: str, as_at: date | None) -> Belongs:
    own, other = (
        code(_referred(item.get(key))) for key in ("organization", "participatingOrganization")
    )
    relation = next((one for one in _codes(item.get("code")) if _RELATION.fullmatch(one)), "")
    if not relation:
        raise RowError("kind of affiliation", "; ".join(_codes(item.get("code"))))
    dates = _dates(item)
    start, end = dates.get("Operational") or dates.get("Legal") or _period(item.get("period"))
    key = next((clean(one.get("value")) for one in _objects(item.get("identifier"))), "")
    tie = Tie(relation, other, start, end, re.sub(r"[^A-Za-z0-9-]", "", key))
    return Belongs(place, f"{part}, affiliation of {own} with {other}", own, tie, as_at, fhir=True)


def _own(item: Mapping[str, Any]) -> object:
    for one in _objects(item.get("identifier")):
        if _SYSTEM in clean(one.get("system")):
            return one.get("value")
    return item.get("id")


def _referred(value: object) -> object:
    if not isinstance(value, dict):
        return None
    identifier = value.get("identifier")
    if isinstance(identifier, dict) and identifier.get("value"):
        return identifier["value"]
    return clean(value.get("reference")).rsplit("/", 1)[-1]


def _objects(value: object) -> list[Mapping[str, Any]]:
    found: list[Mapping[str, Any]] = []
    for one in value if isinstance(value, list) else [] if value is None else [value]:
        if not isinstance(one, dict):
            raise RowError("list of objects", value)
        found.append(one)
    return found


def _extensions(item: Mapping[str, Any], address: re.Pattern[str]) -> Iterator[Mapping[str, Any]]:
    for one in _objects(item.get("extension")):
        if address.fullmatch(clean(one.get("url")).lower()):
            yield one


def _codes(value: object) -> list[str]:
    """The codes of a CodeableConcept, or of several, or of a Coding."""
    found = []
    for one in _objects(value):
        found += [clean(coding.get("code")) for coding in _objects(one.get("coding"))]
        if isinstance(one.get("code"), str):
            found.append(clean(one["code"]))
    return found


def _roles(item: Mapping[str, Any]) -> Iterator[Role]:
    for extension in _extensions(item, _ROLES):
        codes, primary = [], False
        for one in _objects(extension.get("extension")):
            url = clean(one.get("url")).lower()
            if url.endswith("rolecode") or url == "role":
                codes += _codes(one.get("valueCodeableConcept") or one.get("valueCoding"))
            elif url.endswith("primaryrole"):
                primary = one.get("valueBoolean") is True
        start, end = _lasting(_dates(extension))
        for stated in codes:
            role = f"RO{stated}" if _NUMBER.fullmatch(stated) else stated
            if _ROLE.fullmatch(role):
                yield Role(role, primary, start, end)


def _lasting(dates: Dates) -> tuple[date | None, date | None]:
    return dates.get("Operational") or dates.get("Legal") or (None, None)


def _dates(item: Mapping[str, Any]) -> Dates:
    """The days of each type that the resource, or the extension, itself has."""
    dates: Dates = {}
    for extension in _extensions(item, _PERIODS):
        kind = "Operational"
        lasts = _period(extension.get("valuePeriod"))
        if isinstance(extension.get("valuePeriod"), dict):
            types = _objects(extension["valuePeriod"].get("extension"))
            kind = next(filter(None, (clean(one.get("valueString")) for one in types)), kind)
        for one in _objects(extension.get("extension")):
            url = clean(one.get("url")).lower()
            if url.endswith("datetype"):
                stated = _codes(one.get("valueCoding") or one.get("valueCodeableConcept"))
                kind = next(iter(stated), kind)
            elif url.endswith("period"):
                lasts = _period(one.get("valuePeriod"))
        dates[kind] = lasts
    return dates


def _period(value: object) -> tuple[date | None, date | None]:
    if not isinstance(value, dict):
        return None, None
    return day(value.get("start")), day(value.get("end"))
