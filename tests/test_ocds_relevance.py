"""Which notices are taken for notices about clinical AI, for which reason, and which are not."""

from typing import Any

import pytest

from careatlas import data
from careatlas.loaders.ocds.relevance import (
    BROAD,
    NO_CARE,
    NOTHING,
    OTHERWISE,
    SET_ASIDE,
    Catalogue,
    judge,
)
from careatlas.loaders.ocds.tables import known


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return known(data.folder()).catalogue


def release(  # noqa: PLR0913 - what a notice is told by
    title: str,
    description: str = "",
    *,
    buyer: str = "Dale Hospitals NHS Trust",
    supplier: str = "",
    cpv: str = "",
    identifier: tuple[str, str] = ("", ""),
) -> dict[str, Any]:
    made: dict[str, Any] = {
        "ocid": "ocds-x-made-up",
        "id": "1",
        "buyer": {"id": "b", "name": buyer},
        "tender": {"id": "t", "title": title, "description": description},
    }
    if cpv:
        made["tender"]["classification"] = {"scheme": "CPV", "id": cpv}
    if supplier:
        scheme, value = identifier
        made["parties"] = [
            {
                "id": "s",
                "name": supplier,
                "roles": ["supplier"],
                "identifier": {"scheme": scheme, "id": value},
            }
        ]
    return made


KEPT = {
    "words and a code": (
        release("Artificial intelligence for the reading of images", cpv="33111000"),
        ("words of AI: artificial intelligence; CPV 33111000, imaging equipment for medical use",),
    ),
    "two letters and words of care": (
        release("AI reading of chest X-rays", buyer="Borough of Dale"),
        ("words of AI: AI; words of care: x-rays",),
    ),
    "two letters tied to another word": (
        release("AI-enabled dermatology pathway"),
        ("words of AI: AI; words of care: dermatolog",),
    ),
    "a body of health care buys": (
        release("Ambient voice technology"),
        ("words of AI: ambient voice; bought by a body of health care",),
    ),
    "a supplier known for AI": (
        release("Licences", buyer="Borough of Dale", supplier="Skin Analytics Limited"),
        ("supplier in the catalogue: Skin Analytics",),
    ),
    "a supplier by its identifier": (
        release("Licences", supplier="Renamed Ltd", identifier=("GB-COH", "07919560")),
        ("supplier in the catalogue: Skin Analytics",),
    ),
    "a supplier of nearly the same name": (
        release("Licences", supplier="Gleamer UK Limited"),
        ("supplier whose name is like one in the catalogue: Gleamer",),
    ),
    "a product by a name that only it has": (
        release("BoneView licences", buyer="Borough of Dale"),
        ("product in the catalogue: BoneView",),
    ),
    "a maker of much else, and AI": (
        release("AI reading of mammograms", supplier="Siemens Healthineers"),
        (
            "supplier in the catalogue that makes much else: Siemens Healthineers, with words of AI: AI",
            "words of AI: AI; words of care: mammogra",
        ),
    ),
    "a product whose name is a word, and AI": (
        release("Viz: AI for stroke"),
        (
            "a word that is also the name of a product in the catalogue: Viz, with words of AI: AI",
            "words of AI: AI; words of care: stroke",
        ),
    ),
    "a product with a hyphen": (
        release("e-Stroke renewal", buyer="Borough of Dale"),
        ("product in the catalogue: e-Stroke",),
    ),
    "no negation of AI": (
        release("Not-for-profit AI clinic, excluding VAT, AI without limitation"),
        ("words of AI: AI; words of care: clinic",),
    ),
    "set aside once and meant once": (
        release("AI for stroke", "Tools without AI are not looked for. The AI reads CT scans."),
        ("words of AI: AI; words of care: stroke",),
    ),
}


@pytest.mark.parametrize("case", KEPT)
def test_kept_with_its_reasons(case: str, catalogue: Catalogue) -> None:
    notice, reasons = KEPT[case]
    verdict = judge(notice, catalogue)
    assert verdict.kept
    assert verdict.reasons == reasons


LEFT_OUT = {
    "nothing of AI": (release("Car park resurfacing"), NOTHING),
    "initials of a person": (
        release("Estate of AI Smith", "AI Jones & Sons Ltd. Contact A.I. Jones"),
        NOTHING,
    ),
    "a code": (release("Call for papers F/AI/12", "Lot AI-7 and room AI.2"), NOTHING),
    "air": (
        release("AIR handling units", "Repair of airway trolleys, AID, MAID and SAIL"),
        NOTHING,
    ),
    "artificial things": (
        release("Artificial turf", "Artificial limbs and artificial grass"),
        NOTHING,
    ),
    "insemination": (
        release("AI services for cattle", "Artificial insemination of dairy herds"),
        OTHERWISE,
    ),
    "influenza": (release("AI response", "Avian influenza in poultry; public health"), OTHERWISE),
    "spelt out otherwise": (release("Approved Inspector (AI) for the hospital"), OTHERWISE),
    "teleradiology": (release("Teleradiology reporting service", cpv="85150000"), NOTHING),
    "excluded": (
        release("Radiology reporting", "The service excludes any use of artificial intelligence."),
        SET_ASIDE,
    ),
    "without": (release("Radiology reporting without AI"), SET_ASIDE),
    "out of scope": (release("Radiology workflow", "AI is out of scope."), SET_ASIDE),
    "not included": (release("PACS for a hospital", "AI tools are not included."), SET_ASIDE),
    "tool of bidders": (
        release(
            "Hospital linen",
            "Suppliers must state any use of AI in preparing their tender responses.",
        ),
        SET_ASIDE,
    ),
    "responses by machine": (
        release(
            "Hospital linen", "Bids that were generated with artificial intelligence must say so."
        ),
        SET_ASIDE,
    ),
    "not intended": (
        release("Digital pathology", "The Authority does not intend to use AI at this stage."),
        SET_ASIDE,
    ),
    "prohibited": (
        release("Clinical safety", "Use of AI tools by the supplier is prohibited."),
        SET_ASIDE,
    ),
    "used to write a bid": (
        release(
            "Clinical staff", "Say whether artificial intelligence was used to write your bid."
        ),
        SET_ASIDE,
    ),
    "ambient air": (release("Ambient clinical environment", "Ambient air of wards"), NOTHING),
    "AI without care": (
        release("AI for the sorting of waste", buyer="Borough of Dale", cpv="90500000"),
        NO_CARE,
    ),
    "a maker of much else": (release("MRI scanner", supplier="Philips"), BROAD),
    "software of a maker of much else": (
        release("Office licences", supplier="Microsoft UK"),
        BROAD,
    ),
    "a seller of imaging": (
        release("CT scanner maintenance", supplier="Siemens Healthineers"),
        BROAD,
    ),
    "a word that is a product's name": (release("Catering by Dora and Heidi"), BROAD),
}


@pytest.mark.parametrize("case", LEFT_OUT)
def test_left_out_with_a_reason(case: str, catalogue: Catalogue) -> None:
    notice, reason = LEFT_OUT[case]
    verdict = judge(notice, catalogue)
    assert not verdict.kept, verdict.reasons
    assert verdict.reasons == (reason,)


def test_a_process_of_the_table_of_notices_is_kept(catalogue: Catalogue) -> None:
    notice = release("Contract variation") | {"ocid": "ocds-h6vhtk-060e15"}
    verdict = judge(notice, catalogue)
    assert verdict.reasons == ("the process stands in the table of notices",)


def test_values_of_other_kinds_are_no_words(catalogue: Catalogue) -> None:
    odd: dict[str, Any] = {
        "ocid": "ocds-x-1",
        "tender": {"title": ["AI for stroke"], "items": {"a": 1}, "lots": [None, 3]},
        "parties": "nobody",
        "awards": [{"suppliers": "none"}],
        "planning": [],
    }
    assert judge(odd, catalogue).reasons == (NOTHING,)
