"""The checks that look for people find what tells of one, and leave alone what only looks like it."""

from functools import cache

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas.graph.checks import Check, checks

PEOPLE = {
    "person-address": (
        "write to jo.o'neill+x@trust.nhs.uk",
        NamedNode("mailto:jo@trust.nhs.uk"),
        NamedNode("tel:+441134960999"),
    ),
    "person-name": (
        "asked of Dr Somebody",
        "asked of Dr. J. Somebody",
        "Mrs O'Somebody answered",
        "Prof A B Somebody, Ms  Other",
        "Miss Somebody of Sir Robert Peel Hospital",
        "Cllr Somebody",
    ),
    "person-home": (
        "Jo, 12 Some Street, Leeds LS1 4AP",
        "Flat 2, 7a Long Winding Road, London, SW1A 1AA.",
    ),
    "person-number": (
        "ring 0113 496 0999",
        "(020) 7946 0018",
        "07700 900123",
        "mobile: +44 7700 900123",
        "0044 113 496 0999",
        "Tel. 496 0999 123",
        "for 943 476 5919",
        "943-476-5919",
        "943 476 5919 and 123 456 7890",
        "NHS number: 9434765919",
        "NHS no. 943 476 5918",
        "QQ 12 34 56 C".replace("QQ", "AB"),
        "National Insurance number AB123456C",
        "born on 3 May 1970",
        "DOB: 03/05/1970",
        "date of birth 1970-05-03",
        "born May 3rd",
    ),
}
PLACES = (
    "Sir Robert Peel Community Hospital",
    "Notre Dame School",
    "Dr Kershaw's Hospice",
    "MR Angiography and DR X-ray",
    "CT, MS and MR",
    "Drs and nurses",
    "LS1 4AP",
    "St James's University Hospital, Leeds LS9 7TF",
    "12 Some Street",
    "from 2024-01-15 to 2025-12-31",
    "reference 9434765919",
    "943 476 5918",
    "ocds-b5fd17-0113496-0999",
    "£0.5 million for 64 trusts, 1,234,567 scans",
    "CF-0123456-2024",
    "asked by telephone on 2024-12-01",
    "born of a merger in 2019",
    "10 High Dependency Park Way",
    "follow @trust",
    NamedNode("https://example.org/mailto:x"),
)


@cache
def looking() -> dict[str, Check]:
    return {one.name: one for one in checks() if one.name.startswith("person-")}


def found(value: str | NamedNode) -> set[str]:
    store = Store()
    node = Literal(value) if isinstance(value, str) else value
    store.add(Quad(NamedNode("urn:x"), NamedNode("urn:p"), node))
    return {name for name, check in looking().items() if list(check.findings(store))}


def test_each_check_that_looks_for_people_is_tried() -> None:
    assert set(PEOPLE) == set(looking())


@pytest.mark.parametrize(
    ("check", "value"), [(check, one) for check, values in PEOPLE.items() for one in values]
)
def test_what_tells_of_a_person_is_found(check: str, value: str | NamedNode) -> None:
    assert found(value) == {check}


@pytest.mark.parametrize("value", PLACES)
def test_what_only_looks_like_it_is_not(value: str | NamedNode) -> None:
    assert found(value) == set()
