"""From a name to the thing that is meant, among the things of all kinds."""

from difflib import get_close_matches
from typing import Any

from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError, key
from careatlas.graph.release import Release
from careatlas.service.problems import Problem
from careatlas.service.search import index_of

OFFERED = 6
"""An error names so many things that may be meant."""


def find(release: Release, text: str, kind: str | None, limit: int) -> list[dict[str, Any]]:
    """The things whose names look most like a text, best first.

    Raises:
        Problem: there is no such kind.
    """
    _known(release, kind)
    return [
        {"name": one.label, "kinds": one.kinds, "iri": one.id, "matched": one.matched}
        for one in index_of(release.path).find(text, kind, limit)
    ]


def _known(release: Release, kind: str | None) -> None:
    if kind is not None and kind not in release.labels:
        near = get_close_matches(kind, release.labels, n=3) or sorted(release.labels)
        said = f"no kind is called {kind!r}; nearest: {' | '.join(near)}"
        raise Problem(422, "wrong-parameter", said, field="kind")


def identify(release: Release, thing: str, kind: str | None) -> str:
    """The IRI of the one thing that goes by a name; an IRI is taken as it is.

    Raises:
        Problem: nothing goes by it, or several things do.
    """
    if "://" in thing:
        return thing
    _known(release, kind)
    if kind:
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
    near = " | ".join(one["name"] for one in find(release, thing, None, OFFERED))
    offer = f"; nearest: {near}" if near else ""
    raise Problem(422, "unknown-name", f"nothing is called {thing!r}{offer}", field="thing")
