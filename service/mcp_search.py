"""From a name to the thing that is meant, among the things of all kinds."""

from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError, key
from careatlas.graph.release import Release
from careatlas.service.finding import find
from careatlas.service.problems import Problem
from careatlas.service.state import Service

OFFERED = 6
"""An error names so many things that may be meant."""


async def identify(service: Service, release: Release, thing: str, kind: str | None) -> str:
    """The IRI of the one thing that goes by a name; an IRI is taken as it is.

    Raises:
        Problem: nothing goes by it, or several things do.
    """
    if "://" in thing:
        return thing
    if kind:
        await find(service, thing, kind)  # which says if there is no such kind
        try:
            return Labels(release.labels).find(kind, thing)
        except (UnknownNameError, AmbiguousNameError) as error:
            raise Problem(422, "unknown-name", str(error), field="thing") from None
    wanted = key(thing)
    named = {
        iri: f"{label} ({each}) {iri}"
        for each, entries in release.labels.items()
        for form, iri, label in entries
        if form == wanted != ""
    }
    if len(named) == 1:
        return next(iter(named))
    if named:
        several = " | ".join(sorted(named.values())[:OFFERED])
        raise Problem(
            422, "ambiguous-name", f"{thing!r} names several things: {several}", field="thing"
        )
    near = " | ".join(one.label for one in await find(service, thing, None, OFFERED))
    offer = f"; nearest: {near}" if near else ""
    raise Problem(422, "unknown-name", f"nothing is called {thing!r}{offer}", field="thing")
