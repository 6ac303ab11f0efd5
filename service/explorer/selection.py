"""What the network shows: the rows of its question that are chosen, and the graph that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from careatlas.service.explorer.links import local

Row = Mapping[str, Any]
"""A row of the answer to `network-links`."""

KINDS = {
    "trust": "Trusts",
    "product": "Products",
    "vendor": "Vendors",
    "network": "Networks and groups",
    "icb": "Integrated care boards",
    "programme": "Programmes, studies and frameworks",
    "organisation": "Other organisations",
    "unresolved": "Names that nothing resolves",
}
"""The kinds of things in the order of the legend, each with its heading."""
LINKS = {
    "use": "has, in any status",
    "supply": "is supplied by",
    "member": "belongs to",
    "route": "got something through",
}
"""The kinds of links in their order, each as what is said between the two things."""
NARROWING = ("status", "region", "vendor", "product")
"""The parameters of the question that narrow what is shown."""


@dataclass(frozen=True)
class Choice:
    """What is to be shown."""

    kinds: frozenset[str]
    links: frozenset[str]
    values: Mapping[str, str]
    """What the question is asked with, besides."""


def chosen(rows: Sequence[Row], choice: Choice) -> list[Row]:
    """The rows that are shown, links by kind in the order of the legend.

    A supply or a membership has no status, and a supply no region: where these narrow the rest, it
    is shown if it touches a product or an organisation of a use that is left. `web/src/network/select.ts`
    holds the same rule for the browser.
    """
    given = choice.values.keys() & set(NARROWING)
    uses = [row for row in rows if row["link"] == "use"]
    products = {row["to_thing"] for row in uses}
    organisations = {row["from_thing"] for row in rows if row["link"] in {"use", "route"}}

    def touches(row: Row) -> bool:
        if row["link"] == "supply" and given & {"status", "region"}:
            return row["from_thing"] in products
        if row["link"] == "member" and given & {"status", "vendor", "product"}:
            return row["from_thing"] in organisations
        return True

    order = list(LINKS)
    left = [
        row
        for row in rows
        if row["link"] in choice.links
        and {row["from_kind"], row["to_kind"]} <= choice.kinds
        and touches(row)
    ]
    return sorted(left, key=lambda row: order.index(row["link"]))


def things(rows: Sequence[Row]) -> list[dict[str, Any]]:
    """The things that rows link, by kind and name, each with the address of its page."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        for end in ("from", "to"):
            thing = found.setdefault(
                row[f"{end}_thing"],
                {
                    "id": local(row[f"{end}_thing"]),
                    "kind": row[f"{end}_kind"],
                    "label": row[end],
                    "region": None,
                },
            )
            if end == "from" and row["region"]:
                thing["region"] = row["region"]
    order = list(KINDS)
    return sorted(
        found.values(), key=lambda one: (order.index(one["kind"]), one["label"], one["id"])
    )


def graph(rows: Sequence[Row], sources: Mapping[str, Mapping[str, Any]]) -> dict[str, Any]:
    """Things, and links with the claims that they rest on; a link refers to things by their place."""
    nodes = things(rows)
    place = {one["id"]: at for at, one in enumerate(nodes)}
    links: dict[tuple[int, int, int], list[Row]] = {}
    order = list(LINKS)
    for row in rows:
        key = (
            order.index(row["link"]),
            place[local(row["from_thing"])],
            place[local(row["to_thing"])],
        )
        links.setdefault(key, []).append(row)
    cited = sorted({row["source"] for row in rows})
    return {
        "nodes": nodes,
        "links": [
            {
                "link": order[link],
                "from": start,
                "to": end,
                "first": min((row["reported"] for row in claims if row["reported"]), default=None),
                "weight": len(claims),
                "claims": [_claim(row) for row in claims],
            }
            for (link, start, end), claims in sorted(links.items())
        ],
        "sources": {
            key: {"title": sources[key].get("title") or key, "page": f"/about/doc/{quote(key)}"}
            for key in cited
        },
    }


_CLAIM = (
    "status",
    "route_type",
    "detail",
    "product",
    "vendor",
    "region",
    "reported",
    "source",
    "locator",
)


def _claim(row: Row) -> dict[str, Any]:
    """What a claim says of its link; what it does not say is left out."""
    return {name: row[name] for name in _CLAIM if row[name] is not None}
