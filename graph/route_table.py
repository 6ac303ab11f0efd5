"""Ways to get something as objects and as rows, for programs."""

from collections.abc import Iterator, Mapping
from typing import Any

from careatlas.graph import route_rules as rules
from careatlas.graph.routes import Routes

COLUMNS = (
    *("rank", "kind", "asked", "nearness", "shared", "way", "organisation", "ods", "product"),
    *("vendor", "status", "route_type", "involvement", "route", "last", "independent_sources"),
    *("sentence", "not_known", "warnings", "source", "locator", "evidence", "iri"),
)
"""The columns of an option where options are rows."""


def listed(found: Routes) -> Iterator[dict[str, object]]:
    """The options as objects, ranked from 1."""
    for rank, option in enumerate(found.options, 1):
        cells = {name: getattr(option, name) or None for name in COLUMNS[1:15]}
        yield {
            "rank": rank,
            **cells,
            "independent_sources": option.sources,
            "sentence": option.sentence,
            "not_known": list(option.not_known),
            "warnings": [one._asdict() for one in option.warnings],
            "source": option.evidence[0].source,
            "locator": option.evidence[0].locator,
            "evidence": [one._asdict() for one in option.evidence],
            "iri": option.iri,
        }


def document(found: Routes, release: str) -> dict[str, Any]:
    """The whole answer as one object."""
    return {
        "for": found.trust,
        "for_iri": found.trust_iri,
        "to": found.sought.label,
        "to_kind": found.sought.kind,
        "to_iri": found.sought.iri,
        "release": release,
        "day": found.day,
        "precedent": found.precedent,
        "says": found.says,
        "own": [one._asdict() for one in found.own],
        "options": list(listed(found)),
        "rules": [rule.text for rule in rules.RULES],
        "not_known": list(found.not_known),
    }


def flat(option: Mapping[str, object]) -> dict[str, object]:
    """An option as a row of texts: what it lists is joined by a bar."""

    def cell(value: object) -> object:
        return " | ".join(map(_said, value)) if isinstance(value, list) else value

    return {name: cell(option[name]) for name in COLUMNS}


def _said(entry: object) -> str:
    if not isinstance(entry, dict):
        return str(entry)
    return f"{entry.get('says') or entry['text']} [{entry['source']}: {entry['locator']}]"
