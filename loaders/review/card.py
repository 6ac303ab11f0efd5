"""A proposal in plain lines, as a person sees it: its text, its cells, and what is known of it."""

from collections.abc import Mapping

from careatlas.loaders.review.cells import columns
from careatlas.loaders.review.known import Known
from careatlas.loaders.review.proposals import Proposal
from careatlas.loaders.review.sheet import context
from careatlas.loaders.review.state import Review

AROUND = 200
"""So many letters of the passage stand on each side of what was found."""
SHOWN = 3
"""So many known claims are shown of a thing."""


def card(review: Review, one: Proposal, known: Known) -> list[str]:
    """The lines of a proposal."""
    cells = review.cells(one)
    about = review.cells(review.get(cells.get("deployment", one.of))) if one.of else cells
    found = [
        f"{one.place}; rule {one.found.rule}; confidence {one.found.confidence:.2f}",
        context(one, AROUND),
    ]
    found += [f"about: {_named(about)}"] if one.of else []
    shown = [f"{name}: {cells[name]}" for name in columns(one.table) if name in cells]
    found.append("; ".join(shown))
    for name in review.undecided_names(one, cells):
        what = "could be" if name.means else "is in no catalogue; nearest:"
        found.append(f"{name.column} {name.printed!r} {what} {' | '.join(name.nearest) or 'none'}")
    claims = known.claims(one.table, cells, about)
    found += [str(claim) for claim in claims[:SHOWN]]
    if len(claims) > SHOWN:
        found.append(f"and {len(claims) - SHOWN} more claims about it")
    if decision := review.decisions.get(one.id):
        why = f": {decision.why}" if decision.why else ""
        found.append(f"decided: {decision.verdict} by {decision.by} on {decision.on}{why}")
    elif review.verdict(one) == "reject":
        found.append("rejected with the deployment that it speaks of")
    return found


def _named(cells: Mapping[str, str]) -> str:
    what = " ".join(cells[name] for name in ("vendor", "product") if name in cells)
    said = what or cells.get("description", "")
    return f"{said} of {cells.get('trust', '')}, {cells.get('status', '')}"
