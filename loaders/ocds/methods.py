"""How a supplier is chosen, under which law and with which technique, as a release says it."""

import re
from typing import Any

_DETAILS = (
    (r"below[ -]threshold", "below-threshold"),
    (r"most suitable provider", "psr-most-suitable"),
    (r"direct award process c|\bdirect award c\b", "psr-direct-c"),
    (r"\burgent award\b|psr urgent", "psr-urgent"),
    (r"mini[ -]?competition|further competition|competitive call[ -]?off", "mini-competition"),
    (r"dynamic (?:purchasing|market)", "dps"),
    (r"call[ -]?off|award under (?:a |the )?framework|under (?:a|the) framework", "call-off"),
    (
        r"direct award|without competition|without prior publication|without (?:a )?call for competition",
        "direct-award",
    ),
    (r"market engagement|prior information|early engagement", "market-engagement"),
)
_CODES = {"open": "open", "selective": "selective", "limited": "limited", "direct": "direct-award"}
_LAWS = {
    ("UKPGA", "2023/54"): "Procurement Act 2023",
    ("CELEX", "32014L0023"): "Directive 2014/23/EU",
    ("CELEX", "32014L0024"): "Directive 2014/24/EU",
    ("CELEX", "32014L0025"): "Directive 2014/25/EU",
    ("CELEX", "32009L0081"): "Directive 2009/81/EC",
}
_EARLY = {"UK1", "UK2", "UK3"}
"""Notices before any tender: a pipeline, market engagement, a planned procurement."""
_MARKET = {"UK13", "UK14", "UK15", "UK16"}
"""Notices of a dynamic market: that it is intended, set up, changed, at its end."""
_NOTHING = {"not specified", "not applicable", "none"}


def method(release: dict[str, Any], types: set[str]) -> str:
    """The concept of the scheme procurement-method: what the details say goes before the code."""
    tender = release.get("tender") or {}
    details = tender.get("procurementMethodDetails") or ""
    for pattern, concept in _DETAILS:
        if re.search(pattern, details, re.IGNORECASE):
            return concept
    used = [one.get("techniques") or {} for one in (tender, *(tender.get("lots") or []))]
    if types & _MARKET or any(
        one.get("hasDynamicPurchasingSystem") or one.get("dynamicPurchasingSystem") for one in used
    ):
        return "dps"
    if any(one.get("hasFrameworkAgreement") or one.get("frameworkAgreement") for one in used):
        return "framework"
    code = tender.get("procurementMethod")
    if code in _CODES:
        return _CODES[code]
    if types and types <= _EARLY:
        return "market-engagement"
    return "other" if code or (details and details.casefold() not in _NOTHING) else "not-stated"


def stated(release: dict[str, Any]) -> str | None:
    """The method in the words of the notice: its code, and its details."""
    tender = release.get("tender") or {}
    words = [tender.get("procurementMethod"), tender.get("procurementMethodDetails")]
    return ": ".join(word for word in words if word) or None


def regime(release: dict[str, Any]) -> str | None:
    """The law under which somebody buys."""
    basis = (release.get("tender") or {}).get("legalBasis") or {}
    scheme, value = basis.get("scheme") or "", basis.get("id") or ""
    return _LAWS.get((scheme.upper(), value)) or " ".join(filter(None, (scheme, value))) or None


def techniques(release: dict[str, Any]) -> tuple[tuple[str, bool | str], ...]:
    """What is said of frameworks and purchasing systems, by the term that says it."""
    tender = release.get("tender") or {}
    used = [one.get("techniques") or {} for one in (tender, *(tender.get("lots") or []))]
    found: set[tuple[str, bool | str]] = set()
    for one in used:
        framework, system = (
            one.get("frameworkAgreement") or {},
            one.get("dynamicPurchasingSystem") or {},
        )
        if framework or one.get("hasFrameworkAgreement") is not None:
            found.add(("hasFrameworkAgreement", bool(framework or one["hasFrameworkAgreement"])))
        if system or one.get("hasDynamicPurchasingSystem") is not None:
            found.add(
                ("hasDynamicPurchasingSystem", bool(system or one["hasDynamicPurchasingSystem"]))
            )
        if framework.get("method"):
            found.add(("frameworkMethod", framework["method"]))
        if system.get("type"):
            found.add(("purchasingSystemType", system["type"]))
    # Where lots differ, the process has the technique that one of its lots has.
    return tuple(
        sorted(
            (name, said) for name, said in found if said is not False or (name, True) not in found
        )
    )
