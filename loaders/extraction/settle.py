"""What several passages say of one thing of one trust is brought together."""

import re
from dataclasses import replace

from careatlas.loaders.extraction.candidates import COUNTED, Candidates, Deployment

_COUNTED = frozenset(("live", "procured", "exploring", "unspecified"))
_LESS = {
    "procured": frozenset(("procured", "exploring", "unspecified")),
    "unspecified": frozenset(("unspecified",)),
}
"""What says less than how far along a thing is, with the statuses that do not say more."""


def settled(found: Candidates) -> None:
    """Join deployments that are one; that it was bought says less than how far along it is."""
    coming = {id(one) for one in found.deployments if _to_come(one)}
    found.deployments = [one for one in found.deployments if id(one) not in coming]
    found.usage = [one for one in found.usage if id(one.deployment) not in coming]
    found.routes = [one for one in found.routes if id(one.deployment) not in coming]
    kept: list[Deployment] = []
    stays = set[int]()
    place: dict[int, Deployment] = {}
    by_trust: dict[str, list[Deployment]] = {}
    for one in found.deployments:
        by_trust.setdefault(one.trust.label, []).append(one)
    for one in found.deployments:
        group = [other for other in by_trust[one.trust.label] if _same(one, other)]
        first = next((other for other in group if id(other) in stays and _joins(other, one)), None)
        if first is None and (less := _less(one)):
            first = next((o for o in group if o.status not in less), None)
        if first is None:
            kept.append(one)
            stays.add(id(one))
            continue
        place[id(one)] = first
        _fill(first, one)
    found.deployments = kept
    found.usage = [replace(u, deployment=_last(place, u.deployment)) for u in found.usage]
    found.routes = [replace(r, deployment=_last(place, r.deployment)) for r in found.routes]


def _to_come(one: Deployment) -> bool:
    """Whether something begins only after what tells of it was written."""
    first = one.valid_from[:7]
    told = one.reported[: len(first)]
    own = one.found.passage.text[: one.found.start - one.found.passage.start][-200:]
    own += one.found.passage.text[one.found.start - one.found.passage.start :][:200]
    from_then = re.search(rf"\bfrom (?:\w+ )?{first[:4]}\b", own) if first else None
    return bool(from_then and told and "/" not in first and first > told)


def _same(one: Deployment, other: Deployment) -> bool:
    """Whether both are the same product of the same trust, at the same site."""
    if one is other or one.trust.entities != other.trust.entities:
        return False
    if one.site and other.site and one.site != other.site and one.found.rule == "table":
        return False
    if one.product or other.product:
        made = one.product == other.product
        return made or (
            one.vendor is not None
            and one.vendor == other.vendor
            and not (one.product and other.product)
            and not (one.new or other.new)
        )
    if one.vendor or other.vendor:
        return one.vendor == other.vendor and one.new == other.new
    if one.new or other.new:
        return one.new == other.new
    return bool(one.description) and one.description == other.description


def _joins(kept: Deployment, one: Deployment) -> bool:
    less = _less(one)
    return one.status == kept.status or (bool(less) and kept.status not in less)


def _less(one: Deployment) -> frozenset[str]:
    """The statuses that say no more than what is said of a thing; none where that says enough."""
    counted = one.found.rule == COUNTED and one.status == "live"
    return _COUNTED if counted else _LESS.get(one.status, frozenset())


def _fill(kept: Deployment, one: Deployment) -> None:
    kept.product = kept.product or one.product
    kept.description = kept.description or one.description
    kept.routes += [route for route in one.routes if route not in kept.routes]
    for name in ("site", "integrated_with", "study", "valid_from", "specialty", "modality"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(one, name))


def _last(place: dict[int, Deployment], one: Deployment) -> Deployment:
    while id(one) in place:
        one = place[id(one)]
    return one
