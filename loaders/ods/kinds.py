"""What the roles of the register are to the graph: which organisations it models, and as what."""

import re
from collections.abc import Iterable, Mapping

BOARD = "IntegratedCareBoard"
TRUST = "NHSTrust"
SITE = "hospital-site"
LOCATION = "SubICBLocation"
NETWORK = "PrimaryCareNetwork"
REGION = "Region"

KIND_OF_ROLE = {
    "RO197": TRUST,
    "RO107": TRUST,
    "RO209": REGION,
    "RO98": LOCATION,
    "RO272": NETWORK,
    "RO198": SITE,
    "RO108": SITE,
    "RO148": SITE,
    "RO172": "provider",
    "RO189": "national-body",
    "RO116": "national-body",
    "RO126": "government-body",
    "RO142": "health-board",
    "RO144": "health-board",
    "RO190": "health-board",
}
"""The class, or the kind of organisation, of those whose primary role this is."""
PARTNERSHIP, BOARD_ROLE = "RO261", "RO318"
ROLE_NAMES = {
    "RO76": "GP practice",
    "RO96": "branch surgery",
    "RO98": "sub-ICB location or clinical commissioning group",
    "RO99": "site of a sub-ICB location",
    "RO101": "social care site",
    "RO102": "social care headquarters",
    "RO104": "social care provider",
    "RO107": "care trust",
    "RO108": "care trust site",
    "RO132": "health authority",
    "RO141": "local authority",
    "RO148": "local health board site",
    "RO157": "non-NHS organisation",
    "RO172": "independent sector healthcare provider",
    "RO176": "independent sector healthcare provider site",
    "RO177": "prescribing cost centre",
    "RO179": "primary care trust",
    "RO180": "primary care trust site",
    "RO182": "pharmacy",
    "RO197": "NHS trust",
    "RO198": "NHS trust site",
    "RO209": "NHS England region",
    "RO210": "NHS England local office",
    "RO213": "commissioning support unit",
    "RO218": "commissioning hub",
    "RO261": "strategic partnership",
    "RO272": "primary care network",
}
"""Roles that are common, in words, for the reasons why a row is left out."""
_HUB = "RO218"
"""Hubs of commissioning have the primary role of sub-ICB locations, and are none."""
_BOARD = re.compile(r"\bINTEGRATED CARE BOARD$", re.IGNORECASE)


def kind_of(primary: str | None, others: Iterable[str], name: str) -> str | None:
    """The class or kind of an organisation by its roles; none where the graph models no such thing."""
    if primary == PARTNERSHIP:
        return BOARD if BOARD_ROLE in others or _BOARD.search(name) else None
    if primary == BOARD_ROLE:
        return BOARD
    if _HUB in others:
        return None
    return KIND_OF_ROLE.get(primary or "")


def why_not(primary: str | None, names: Mapping[str, str], others: Iterable[str] = ()) -> str:
    """Why an organisation of a role is left out."""
    primary = _HUB if _HUB in others else primary
    if not primary:
        return "an organisation without a primary role"
    told = ROLE_NAMES.get(primary) or " ".join(names.get(primary, "").split()).lower()[:80]
    if primary == PARTNERSHIP:
        told = "strategic partnership that is no integrated care board"
    if KIND_OF_ROLE.get(primary) == SITE:
        return f"a site of the role {primary} ({told}), kept with --all or from a report of sites"
    return (
        f"the graph is not about organisations of the role {primary}{f' ({told})' if told else ''}"
    )


def why_not_row(sub_type: str) -> str:
    """Why an organisation of a report is left out by its roles, where the report gives any."""
    role = next(iter(_ROLE.findall(sub_type)), None)
    return why_not(role, {}) if role else ""


_TRUST = re.compile(r"\bNHS\b.*\bTRUST\b", re.IGNORECASE)
_PCT = re.compile(r"\bPRIMARY CARE (NHS )?TRUST\b|\bPCT\b", re.IGNORECASE)
_LOCATION = re.compile(
    r"\bICB - |\bCCG\b|\bCLINICAL COMMISSIONING GROUP\b|\bSUB[- ]ICB\b", re.IGNORECASE
)
_NETWORK = re.compile(r"\bPCN\b|\bPRIMARY CARE NETWORK\b", re.IGNORECASE)
_REGION_CODE = re.compile(r"Y\d{2}", re.ASCII)
_NETWORK_CODE = re.compile(r"U\d{5}", re.ASCII)
_ROLE = re.compile(r"RO\d{1,6}", re.ASCII)


def kind_of_row(code: str, name: str, sub_type: str) -> str | None:
    """The class of an organisation in a report, which gives no primary role: by its name and code alone."""
    roles = set(_ROLE.findall(sub_type))
    if _BOARD.search(name) or BOARD_ROLE in roles:
        return BOARD
    if _HUB in roles or _PCT.search(name):
        return None
    if roles & {"RO319", "RO98"} or _LOCATION.search(name):
        return LOCATION
    if _NETWORK_CODE.fullmatch(code) and _NETWORK.search(name):
        return NETWORK
    if _REGION_CODE.fullmatch(code):
        return REGION
    return TRUST if _TRUST.search(name) else None
