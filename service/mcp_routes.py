"""The MCP tool that finds the ways by which a trust could get something."""

from collections.abc import Mapping
from typing import Any

from mcp import types

from careatlas.service import mcp_text
from careatlas.service.evidence import sources
from careatlas.service.mcp_schema import (
    COUNT,
    MAYBE_TEXT,
    OFFSET,
    SOURCES,
    TEXT,
    TEXTS,
    closed,
    number,
    tool,
)
from careatlas.service.routing import route_job
from careatlas.service.state import Service

WAYS, MOST_WAYS = 20, 200
_DAY = TEXT | {"format": "date"}
_STATED = closed({"says": TEXT, "source": TEXT, "locator": TEXT, "claim": TEXT})
_WARNED = closed({"text": TEXT, "source": TEXT, "locator": TEXT})
_WAY = closed(
    dict.fromkeys(("kind", "asked", "nearness", "way", "organisation", "sentence", "iri"), TEXT)
    | dict.fromkeys(("shared", "ods", "product", "vendor", "status", "last"), MAYBE_TEXT)
    | dict.fromkeys(("route_type", "involvement", "route"), MAYBE_TEXT)
    | {
        "rank": COUNT,
        "independent_sources": COUNT,
        "not_known": TEXTS,
        "warnings": {"type": "array", "items": _WARNED},
        "source": TEXT,
        "locator": TEXT,
        "evidence": {"type": "array", "items": _STATED},
    }
)
_SAID = dict.fromkeys(("for", "for_iri", "to", "to_kind", "to_iri", "release", "day", "says"), TEXT)


def routes_tool() -> types.Tool:
    """The tool and its schemas."""
    return tool(
        "routes",
        "How could a trust get something",
        "The ways by which an NHS trust could get a product, or something for a use case or clinical domain:"
        " precedents in other organisations and open frameworks, ranked by nearness and by how they came about,"
        " each with who did what for whom, its documents, what is not known, and warnings. Where there is no"
        " precedent it says so, and shows the nearest: asked tells whether a way is what is asked for itself.",
        closed(
            {
                "for": TEXT | {"description": "the trust that asks: a name, alias, code or IRI"},
                "to": TEXT | {"description": "a product, a use case or a clinical domain"},
                "as_of": _DAY | {"description": "only what was true on this day"},
                "known_by": _DAY | {"description": "only what had been reported by this day"},
                "limit": number("ways to give", WAYS, MOST_WAYS),
                "offset": OFFSET,
            },
            ["for", "to"],
        ),
        closed(
            _SAID
            | {
                "precedent": {"type": "boolean"},
                "own": {"type": "array", "items": _STATED},
                "total": COUNT,
                "offset": COUNT,
                "next_offset": {"type": ["integer", "null"]},
                "options": {"type": "array", "items": _WAY},
                "rules": TEXTS,
                "not_known": TEXTS,
                "sources": SOURCES,
            }
        ),
    )


async def find(service: Service, _: str, given: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The ways asked for, as structured content and in plain text.

    Raises:
        Problem: a name names nothing, or several things.
    """
    release = service.current()
    limit, offset = given.get("limit", WAYS), given.get("offset", 0)
    values = {name: given[name] for name in ("for", "to", "as_of", "known_by") if name in given}
    whole = await service.json(route_job(release, values))
    total = len(whole["options"])
    options = whole["options"][offset : offset + limit]
    end = offset + len(options)
    cited = [*whole["own"], *(one for way in options for one in way["evidence"] + way["warnings"])]
    found = whole | {
        "options": options,
        "total": total,
        "offset": offset,
        "next_offset": end if options and end < total else None,
        "sources": sources(release, cited),
    }
    return found, _text(found, cited)


def _text(found: dict[str, Any], cited: list[dict[str, Any]]) -> str:
    lines = [f"How could {found['for']} get {found['to']}?", found["says"]]
    lines += [f"It has itself: {_stated(one)}" for one in found["own"]]
    for way in found["options"]:
        lines.append(f"{way['rank']}. {way['sentence']}")
        lines += [f"   Mind: {one['text']} {_place(one)}" for one in way["warnings"]]
        lines += [f"   Not known: {gap}" for gap in way["not_known"]]
        lines += [f"   Says: {_stated(one)}" for one in way["evidence"]]
    if found["next_offset"]:
        lines.append(f"For the ways that follow ask again with offset {found['next_offset']}.")
    lines += mcp_text.sources(found["sources"], cited)
    lines += [f"Ranked by {rule}" for rule in found["rules"]]
    lines += [f"Not known: {mcp_text.plainly(gap)}" for gap in found["not_known"]]
    lines.append(f"Release {found['release']}")
    return "\n".join(lines)


def _stated(one: Mapping[str, str]) -> str:
    return f"{one['says']} {_place(one)}"


def _place(one: Mapping[str, str]) -> str:
    return f"[{one['source']}: {one['locator']}]"
