"""Which network or board "the network" and "the ICB" mean, where a route names none."""

import re
from collections.abc import Sequence
from dataclasses import replace

from careatlas.loaders.extraction.candidates import Candidates, Route
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import Told

_BARE = re.compile(
    r"(?:the |our |its )?(?:network|alliance|collaborative|consortium|ICB|board|integrated care (?:board|system))",
    re.IGNORECASE,
)
_KINDS = ("network", "icb")


def resolve(
    found: Candidates, told: Sequence[Told], names: Gazetteer, house: Mention | None
) -> None:
    """Give routes through "the network" the one that is meant: whose document it is, else the only one."""
    bare = [r for r in found.routes if not r.through.entities and _BARE.fullmatch(r.through.text)]
    named: dict[str, set[Entity]] = {kind: set() for kind in _KINDS}
    for one in told if bare else ():
        for mention in names.mentions(one.text):
            for kind in _KINDS:
                named[kind] |= set(mention.of(kind))
    for route in bare:
        own = house.of(route.kind) if house else ()
        only = own or tuple(named.get(route.kind, ()))
        if len(only) == 1:
            through = Mention(route.through.start, route.through.end, route.through.text, only)
            _put(found, route, replace(route, through=through))


def _put(found: Candidates, old: Route, new: Route) -> None:
    found.routes[found.routes.index(old)] = new
    mine = old.deployment.routes
    if old in mine:
        mine[mine.index(old)] = new
