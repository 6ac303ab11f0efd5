"""Answers in pages: the part of the rows that is asked for, as JSON with its card or as bare CSV."""

import asyncio
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any, Literal
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel, Field

from careatlas.graph.table import write_csv
from careatlas.service.documents import Made
from careatlas.service.replies import CSV, RELEASE, Wanted, as_json, chosen, reply
from careatlas.service.state import Service

FEW = 1000
MOST = 10_000
FARTHEST = 1_000_000_000

OLDER = "an older release, by its name: see /api/releases"


def optional(schema: dict[str, Any]) -> None:
    """Describe a parameter that can be left out as such, and not as one that can be null."""
    for one in schema.pop("anyOf", []):
        if one != {"type": "null"}:
            schema.update(one)
    if schema.get("default", "") is None:
        del schema["default"]


ReleaseName = Annotated[
    Annotated[str, Field(pattern=RELEASE)] | None, Field(json_schema_extra=optional)
]


class Paging(BaseModel):
    """The parameters of every answer that comes in pages."""

    limit: int = Field(FEW, ge=1, le=MOST, description="rows to give at most")
    offset: int = Field(0, ge=0, le=FARTHEST, description="rows to leave out before the first")
    format: Literal["json", "csv"] | None = Field(
        None,
        description="the format, for those who cannot set the header `Accept`",
        json_schema_extra=optional,
    )


class Pinned(Paging):
    """The parameters of an answer that can rest on an older release."""

    release: ReleaseName = Field(None, description=OLDER, json_schema_extra=optional)


class Paged(BaseModel):
    """What an answer that comes in pages says of its page."""

    total: int = Field(description="rows on all pages")
    limit: int
    offset: int
    next: str | None = Field(description="where the next page is")


@dataclass(frozen=True)
class Table:
    """An answer to be given in pages: the job that gives it, and where in it the rows are."""

    job: dict[str, Any]
    rows: str
    columns: Sequence[str]
    release: str
    pinned: bool
    more: Callable[[dict[str, Any]], dict[str, Any]] = lambda _: {}
    """What is said besides of the whole answer."""


async def answer(service: Service, request: Request, page: Paging, table: Table) -> Response:
    """A page of an answer, with links to the others.

    Raises:
        Problem: there is no answer, or none in a format that the client takes.
    """
    kind = chosen(request, page.format)
    path = service.settings.public_url.rstrip("/") + request.scope["path"]
    given = {name: value for name, value in request.query_params.items() if name != "offset"}
    address = f"{path}?{urlencode(given | {'limit': page.limit})}"
    wanted = Wanted(
        {"job": table.job, "page": [page.limit, page.offset], "address": address},
        kind,
        table.release,
        table.pinned,
    )

    async def make() -> Made:
        card = await service.json(table.job)
        return await asyncio.to_thread(_made, card, table, page, (kind, address))

    return await reply(service, request, wanted, make)


def _made(card: dict[str, Any], table: Table, page: Paging, form: tuple[str, str]) -> Made:
    kind, address = form
    total = len(card[table.rows])
    last = page.offset + page.limit
    rows = card[table.rows][page.offset : last]
    following = f"{address}&offset={last}" if last < total else None
    links = [f'<{address}>; rel="first"']
    if page.offset:
        before = min(max(0, page.offset - page.limit), max(0, total - 1))
        links.append(f'<{address}&offset={before}>; rel="prev"')
    if following:
        links.append(f'<{following}>; rel="next"')
    if kind == CSV:
        body = csv_text(table.columns, rows).encode()
    else:
        paged = {"total": total, "limit": page.limit, "offset": page.offset, "next": following}
        body = as_json(card | table.more(card) | {table.rows: rows} | paged)
    return Made(body, ", ".join(links))


def csv_text(columns: Sequence[str], rows: Sequence[Mapping[str, object]]) -> str:
    """Rows as CSV, the same as the command writes them."""
    text = io.StringIO()
    write_csv(text, columns, ([_cell(row[name]) for name in columns] for row in rows))
    return text.getvalue()


def _cell(value: object) -> str:
    """A typed cell as the text of its literal.

    >>> [_cell(value) for value in (None, True, 3, 0.25, 12.0, 1e-7)]
    ['', 'true', '3', '0.25', '12', '0.0000001']
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return str(value)
