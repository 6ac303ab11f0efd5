"""A release cut down to what is mapped, with every value of the kind that OCDS gives it.

Nothing else comes in: contact points, addresses and free text about people stay outside.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from careatlas.loaders.names import normalised
from careatlas.loaders.ocds.documents import Json

MOST_TEXT = 2_000
MOST_ITEMS = 5_000
MOST_AMOUNT = Decimal(10) ** 15
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_MAIL = re.compile(r"\S+@\S+")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+44|0044|0)[ ()-]*[1-9](?:[ ()-]?\d){8,9}(?![\w/-])")
_CODE = re.compile(r"[A-Za-z]{3}")
_LINK = re.compile(r"https?://[^\s@<>\"{}|\\^`]{1,500}")
Kind = Callable[[Json, str], Json]
Spec = dict[str, Json]


class FaultyReleaseError(ValueError):
    """A release in which a value is of another kind than OCDS gives it."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(place, problem)
        self.place = place
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.place} {self.problem}" if self.place else self.problem


def clean(value: str) -> str:
    """A text in one line, without electronic addresses of people."""
    return _MAIL.sub("…", _SPACE.sub(" ", value).strip()[:MOST_TEXT]).strip()


def _text(value: Json, place: str) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise FaultyReleaseError(place, f"is no text but {_named(value)}")
    return clean(str(value))


def _words(value: Json, place: str) -> str:
    """Free words, without the numbers of people either."""
    return _PHONE.sub("…", _text(value, place))


def _number(value: Json, place: str) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise FaultyReleaseError(place, f"is no number but {_named(value)}")
    try:
        number = Decimal(str(value).replace(",", ""))
    except (InvalidOperation, ValueError):
        raise FaultyReleaseError(place, f"is no number: {str(value)[:40]!r}") from None
    if not number.is_finite() or abs(number) > MOST_AMOUNT:
        raise FaultyReleaseError(place, "is no number that money could be")
    return number


def _flag(value: Json, place: str) -> bool:
    if not isinstance(value, bool):
        raise FaultyReleaseError(place, f"is neither true nor false but {_named(value)}")
    return value


def _day(value: Json, place: str) -> str:
    if isinstance(value, str):
        try:
            date.fromisoformat(value[:10])
        except ValueError:
            pass
        else:
            return value[:40]
    raise FaultyReleaseError(place, f"is no date: {str(value)[:40]!r}")


def _currency(value: Json, place: str) -> str:
    code = _text(value, place)
    if not _CODE.fullmatch(code):
        raise FaultyReleaseError(place, f"is no code of a currency: {code[:40]!r}")
    return code.upper()


def _link(value: Json, place: str) -> str | None:
    stated = _text(value, place)
    return stated if _LINK.fullmatch(stated) else None


def _named(value: Json) -> str:
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), "a number")


_IDENTIFIER: Spec = {"scheme": _text, "id": _text, "legalName": _words}
_VALUE: Spec = {"amount": _number, "amountGross": _number, "currency": _currency}
_PERIOD: Spec = {
    "startDate": _day,
    "endDate": _day,
    "maxExtentDate": _day,
    "durationInDays": _number,
}
_CLASSIFICATION: Spec = {"scheme": _text, "id": _text, "description": _words}
_REFERENCE: Spec = {"id": _text, "name": _words, "identifier": _IDENTIFIER}
_ITEM: Spec = {
    "id": _text,
    "description": _words,
    "classification": _CLASSIFICATION,
    "additionalClassifications": [_CLASSIFICATION],
}
_DOCUMENT: Spec = {
    "id": _text,
    "documentType": _text,
    "noticeType": _text,
    "url": _link,
    "datePublished": _day,
}
_TECHNIQUES: Spec = {
    "hasFrameworkAgreement": _flag,
    "frameworkAgreement": {"method": _text},
    "hasDynamicPurchasingSystem": _flag,
    "dynamicPurchasingSystem": {"type": _text, "status": _text},
}
_LOT: Spec = {
    "id": _text,
    "title": _words,
    "description": _words,
    "status": _text,
    "value": _VALUE,
    "contractPeriod": _PERIOD,
    "techniques": _TECHNIQUES,
}
_AWARD: Spec = {
    "id": _text,
    "title": _words,
    "description": _words,
    "status": _text,
    "date": _day,
    "value": _VALUE,
    "suppliers": [_REFERENCE],
    "items": [_ITEM],
    "contractPeriod": _PERIOD,
    "documents": [_DOCUMENT],
    "relatedLots": [_text],
}
_CONTRACT: Spec = {
    "id": _text,
    "awardID": _text,
    "title": _words,
    "description": _words,
    "status": _text,
    "period": _PERIOD,
    "value": _VALUE,
    "dateSigned": _day,
    "items": [_ITEM],
    "documents": [_DOCUMENT],
    "relatedLots": [_text],
}
_RELEASE: Spec = {
    "ocid": _text,
    "id": _text,
    "date": _day,
    "tag": [_text],
    "parties": [_REFERENCE | {"roles": [_text], "additionalIdentifiers": [_IDENTIFIER]}],
    "buyer": _REFERENCE,
    "planning": {"documents": [_DOCUMENT], "project": {"title": _words}},
    "tender": {
        "id": _text,
        "title": _words,
        "description": _words,
        "status": _text,
        "legalBasis": {"scheme": _text, "id": _text},
        "procuringEntity": _REFERENCE,
        "tenderers": [_REFERENCE],
        "items": [_ITEM],
        "classification": _CLASSIFICATION,
        "additionalClassifications": [_CLASSIFICATION],
        "value": _VALUE,
        "procurementMethod": _text,
        "procurementMethodDetails": _words,
        "contractPeriod": _PERIOD,
        "lots": [_LOT],
        "techniques": _TECHNIQUES,
        "documents": [_DOCUMENT],
    },
    "awards": [_AWARD],
    "contracts": [_CONTRACT],
    "relatedProcesses": [
        {"id": _text, "relationship": [_text], "scheme": _text, "identifier": _text}
    ],
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
        entries = [value] if isinstance(value, str) and not isinstance(spec[0], dict) else value
        if not isinstance(entries, list):
            raise FaultyReleaseError(place, f"is no list but {_named(value)}")
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
        if value.get(name, "") != ""
    }


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
    stated = release.get("id") or f"{ocid}-{release.get('date')}"
    buyer = buyer_of(release)
    name, reference = buyer.get("name"), buyer.get("id")
    return Heading(
        ocid,
        clean(str(stated))[:200],
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
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []
