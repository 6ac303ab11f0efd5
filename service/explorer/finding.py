"""The page of a search."""

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from careatlas.service.explorer.cells import Cell
from careatlas.service.explorer.links import local
from careatlas.service.explorer.rendering import render
from careatlas.service.finding import find
from careatlas.service.search import LONGEST
from careatlas.service.sparql import parameters
from careatlas.service.state import Service

FOUND = 60
"""So many things one search shows."""
_PLURAL = {"icb": "integrated care boards", "vendor": "suppliers"}


async def search_page(service: Service, http: Request) -> Response:
    """What goes by a name like the one typed, kind by kind, the best first."""
    typed = dict(parameters(http.scope["query_string"])).get("q", "").strip()
    if len(typed) > LONGEST:
        said = f"A name has at most {LONGEST} characters."
        return HTMLResponse(_searched(typed[:LONGEST], [], said), 422)
    found = await find(service, typed, most=FOUND) if typed else []
    kinds: dict[str, list[Cell]] = {}
    for one in found:
        heading = _PLURAL.get(one.kind, f"{one.kind.replace('-', ' ')}s")
        note = f"also called {one.matched}" if one.matched != one.label else None
        kinds.setdefault(heading, []).append(Cell(one.label, local(one.id), note))
    return HTMLResponse(
        _searched(typed, list(kinds.items())), headers={"cache-control": "no-cache"}
    )


def _searched(typed: str, groups: list[tuple[str, list[Cell]]], problem: str | None = None) -> str:
    title = f"Search: {typed}" if typed else "Search"
    return render("search.html", title=title, typed=typed, groups=groups, problem=problem)
