"""A release cut down to what is mapped, with every value of the kind that OCDS gives it.

Nothing else comes in: contact points, addresses and free text about people stay outside.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from careatlas.loaders.names import normalised
from careatlas.loaders.ocds.documents import Json
from careatlas.loaders.ocds.values import (
    MOST_TEXT,
    FaultyReleaseError,
    clean,
    currency,
    day,
    flag,
    kind_of,
    link,
    number,
    text,
    words,
)

MOST_ITEMS = 5_000
Spec = dict[str, Json]
_IDENTIFIER: Spec = {"scheme": text, "id": text, "legalName": words}
_VALUE: Spec = {"amount": number, "amountGross": number, "currency": currency}
_PERIOD: Spec = {
    "startDate": day,
    "endDate": day,
    "maxExtentDate": day,
    "durationInDays": number,
}
_CLASSIFICATION: Spec = {"scheme": text, "id": text, "description": words}
_REFERENCE: Spec = {"id": text, "name": words, "identifier": _IDENTIFIER}
_ITEM: Spec = {
    "id": text,
    "description": words,
    "classification": _CLASSIFICATION,
    "additionalClassifications": [_CLASSIFICATION],
}
_DOCUMENT: Spec = {
    "id": text,
    "documentType": text,
    "noticeType": text,
    "url": link,
    "datePublished": day,
}
_TECHNIQUES: Spec = {
    "hasFrameworkAgreement": flag,
    "frameworkAgreement": {"method": text},
    "hasDynamicPurchasingSystem": flag,
    "dynamicPurchasingSystem": {"type": text, "status": text},
}
_LOT: Spec = {
    "id": text,
    "title": words,
    "description": words,
    "status": text,
    "value": _VALUE,
    "contractPeriod": _PERIOD,
    "techniques": _TECHNIQUES,
}
_AWARD: Spec = {
    "id": text,
    "title": words,
    "description": words,
    "status": text,
    "date": day,
    "value": _VALUE,
    "suppliers": [_REFERENCE],
    "items": [_ITEM],
    "contractPeriod": _PERIOD,
    "documents": [_DOCUMENT],
    "relatedLots": [text],
}
_CONTRACT: Spec = {
    "id": text,
    "awardID": text,
    "title": words,
    "description": words,
    "status": text,
    "period": _PERIOD,
    "value": _VALUE,
    "dateSigned": day,
    "items": [_ITEM],
    "documents": [_DOCUMENT],
    "relatedLots": [text],
}
_RELEASE: Spec = {
    "ocid": text,
    "id": text,
    "date": day,
    "tag": [text],
    "parties": [_REFERENCE | {"roles": [text], "additionalIdentifiers": [_IDENTIFIER]}],
    "buyer": _REFERENCE,
    "planning": {"documents": [_DOCUMENT], "project": {"title": words}},
    "tender": {
        "id": text,
        "title": words,
        "description": words,
        "status": text,
        "legalBasis": {"scheme": text, "id": text},
        "procuringEntity": _REFERENCE,
        "tenderers": [_REFERENCE],
        "items": [_ITEM],
        "classification": _CLASSIFICATION,
        "additionalClassifications": [_CLASSIFICATION],
        "value": _VALUE,
        "procurementMethod": text,
        "procurementMethodDetails": words,
        "contractPeriod": _PERIOD,
        "lots": [_LOT],
        "techniques": _TECHNIQUES,
        "documents": [_DOCUMENT],
    },
    "awards": [_AWARD],
    "contracts": [_CONTRACT],
    "relatedProcesses": [{"id": text, "relationship": [text], "scheme": text, "identifier": text}],
}


def cut(release: dict[str, Json]) -> dict[str, Json]:
    """What is mapped of a release; a null stays, for it takes away what an earlier release said.

    Raises:
        FaultyReleaseError: a value in it is of another kind than OCDS gives it.
    """
    made: dict[str, Json] = _cut(release, _RELEASE, "")
    return made


def _cut(value: Json, spec: Json, place: str) -> Json:
    if value is None:
        return None
    if isinstance(spec, list):
        alone = isinstance(value, str) and not isinstance(spec[0], dict)
        entries = [value] if alone else listed(value)
        if entries is None:
            raise FaultyReleaseError(place, f"is no list but {kind_of(value)}")
        if len(entries) > MOST_ITEMS:
            raise FaultyReleaseError(place, f"holds more than {MOST_ITEMS:,} entries")
        return [
            _cut(one, spec[0], f"{place}[{number}]")
            for number, one in enumerate(entries)
            if one is not None
        ]
    if not isinstance(spec, dict):
        return spec(value, place)
    if not isinstance(value, dict):
        raise FaultyReleaseError(place, "is no object")
    before = f"{place}." if place else ""
    return {
        name: _cut(value[name], one, before + name)
        for name, one in spec.items()
        if not _says_nothing(value.get(name, ""), one)
    }


def _says_nothing(value: Json, spec: Json) -> bool:
    """Whether a value is empty: some services write a list where an object has nothing in it."""
    if isinstance(value, str):
        return not value or value.isspace()
    return value == [] and not isinstance(spec, list)


def listed(value: Json) -> list[Json] | None:
    """The entries of a list, which some services write as an object whose keys are numbers."""
    if isinstance(value, dict) and all(key.isdecimal() for key in value):
        return list(value.values())
    return value if isinstance(value, list) else None


@lru_cache(maxsize=100_000)
def folded(name: str) -> str:
    """The form under which names of bodies are equal: `Ltd` is `Limited` in law."""
    plain = normalised(name)
    return re.sub(r"\blimited\b", "ltd", plain).replace("public ltd company", "plc")


@dataclass(frozen=True)
class Heading:
    """What tells releases apart and groups them: the process, the release, its buyer."""

    ocid: str
    release: str
    buyer: str
    """The buyer's name, folded; empty where the release names none."""
    buyer_id: str


def heading(release: dict[str, Json]) -> Heading:
    """What a release says it is.

    Raises:
        FaultyReleaseError: it does not say to which process it belongs.
    """
    ocid = release.get("ocid")
    if not isinstance(ocid, str) or not (ocid := clean(ocid)):
        raise FaultyReleaseError("ocid", "is not stated: nobody can tell which process it is about")
    stated = clean(str(release.get("id") or "")) or clean(f"{ocid}-{release.get('date')}")
    buyer = buyer_of(release)
    name, reference = buyer.get("name"), buyer.get("id")
    return Heading(
        ocid,
        stated[:200],
        folded(name[:MOST_TEXT]) if isinstance(name, str) else "",
        clean(str(reference))[:200] if isinstance(reference, str | int) else "",
    )


def buyer_of(release: dict[str, Json]) -> dict[str, Json]:
    """The buyer, else the entity that procures, else the first party in one of these roles."""
    tender = release.get("tender")
    entity = tender.get("procuringEntity") if isinstance(tender, dict) else None
    for one in (release.get("buyer"), entity):
        if isinstance(one, dict) and (one.get("name") or one.get("id")):
            return one if one.get("name") else _party(release, one) or one
    for role in ("buyer", "procuringEntity"):
        for party in _dicts(release.get("parties")):
            roles = party.get("roles")
            if isinstance(roles, list) and role in roles:
                return party
    return {}


def _party(release: dict[str, Json], reference: dict[str, Json]) -> dict[str, Json] | None:
    parties = _dicts(release.get("parties"))
    return next((one for one in parties if one.get("id") == reference["id"]), None)


def _dicts(value: Json) -> list[dict[str, Json]]:
    return [one for one in listed(value) or [] if isinstance(one, dict)]
