"""The parts of which the schemas of the MCP tools are made."""

from collections.abc import Mapping
from typing import Any

from mcp import types

Schema = dict[str, Any]

TEXT: Schema = {"type": "string"}
COUNT: Schema = {"type": "integer", "minimum": 0}
TEXTS: Schema = {"type": "array", "items": TEXT}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
_HINTS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


def closed(properties: Mapping[str, Schema], required: list[str] | None = None) -> Schema:
    """The schema of an object that has these properties and no others."""
    return {
        "type": "object",
        "properties": dict(properties),
        "required": list(properties) if required is None else required,
        "additionalProperties": False,
    }


SOURCES: Schema = {
    "type": "object",
    "description": "the documents cited, by the key that stands in the rows",
    "additionalProperties": closed(
        dict.fromkeys(("title", "url", "published", "licence"), MAYBE_TEXT)
    ),
}
OFFSET: Schema = COUNT | {"default": 0, "description": "rows to leave out at the beginning"}


def number(says: str, usual: int, most: int) -> Schema:
    """The schema of a parameter that says how many."""
    return {
        "type": "integer",
        "minimum": 1,
        "maximum": most,
        "default": usual,
        "description": f"{says}; {usual} unless told",
    }


def tool(name: str, title: str, description: str, takes: Schema, gives: Schema) -> types.Tool:
    """A tool that only reads."""
    return types.Tool(
        name=name,
        title=title,
        description=description,
        input_schema=takes,
        output_schema=gives,
        annotations=_HINTS,
    )
