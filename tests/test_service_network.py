"""The network: what is drawn and listed are the rows of the catalogue's answer, and no others."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from test_service_explorer import Reader

from careatlas.build import build
from careatlas.graph.questions import get
from careatlas.graph.release import Release, Releases
from careatlas.service.app import create_app
from careatlas.service.explorer import network
from careatlas.service.explorer.links import local
from careatlas.service.explorer.selection import KINDS, LINKS, Choice, chosen, graph, things
from careatlas.service.pool import Limits
from careatlas.service.state import ServiceSettings

ROOT = Path(__file__).parent.parent
CASES = Path(__file__).parent / "golden" / "network.json"
SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
HOSTILE = "\"><script>alert(1)</script>'&\u202egnp.exe \U0001f469\u200d\u2695\ufe0f"
NARROWED = [
    "",
    "status=live",
    "region=London",
    "vendor=Brainomix",
    "product=RapidAI",
    "region=North+West&status=trialling",
    "as_of=2024-12-31",
    "known_by=2025-05-08",
]
QUERIES = [
    "",
    "kind=trust&kind=product",
    "kind=none",
    "link=use&link=supply",
    "link=member",
    "link=none",
    "status=live",
    "status=trialling&kind=trust&kind=product&kind=vendor",
    "region=South",
    "vendor=Acme+AI",
    "vendor=Acme+AI&status=live&region=North",
    "product=Bone",
    "product=Bone&link=use&link=member",
]
"""What the picture is narrowed by in the browser; the server must show the same."""


def client_of(home: Path) -> Iterator[TestClient]:
    settings = ServiceSettings(home, Limits(workers=1, seconds=60))
    with TestClient(create_app(settings), follow_redirects=False) as found:
        yield found


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    home = tmp_path_factory.mktemp("network")
    build(SMALL_WORLD, Releases(home), engine="pyshifty")
    yield from client_of(home)


def data(client: TestClient, query: str = "") -> dict[str, Any]:
    answer = client.get(f"/network/data.json?{query}")
    assert answer.status_code == 200
    found: dict[str, Any] = answer.json()
    return found


def asked(client: TestClient, question: str, query: str = "") -> list[dict[str, Any]]:
    answer = client.get(f"/api/questions/{question}?limit=10000&{query}")
    assert answer.status_code == 200
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


def drawn(found: dict[str, Any]) -> list[list[Any]]:
    """The links with the names of what they link."""
    ids = [one["id"] for one in found["nodes"]]
    return [
        [one["link"], ids[one["from"]], ids[one["to"]], one["weight"], one["first"]]
        for one in found["links"]
    ]


def test_every_link_is_made_of_rows_of_the_answer(client: TestClient) -> None:
    expected: dict[tuple[str, str, str], list[dict[str, Any]]] = {}
    for row in asked(client, "network-links"):
        key = (row["link"], local(row["from_thing"]), local(row["to_thing"]))
        expected.setdefault(key, []).append(row)
    found = data(client)
    assert len(found["links"]) == len(expected) > 900
    for link, (kind, start, end, weight, first) in zip(found["links"], drawn(found), strict=True):
        rows = expected[kind, start, end]
        assert weight == len(rows) == len({row["claim"] for row in rows})
        assert first == min((row["reported"] for row in rows if row["reported"]), default=None)
        stated = sorted((row["source"], row["locator"], row["status"] or "") for row in rows)
        assert stated == sorted(
            (one["source"], one["locator"], one.get("status", "")) for one in link["claims"]
        )
        assert all(one["source"] in found["sources"] for one in link["claims"])


@pytest.mark.parametrize("query", NARROWED)
def test_uses_are_those_of_who_uses_what(client: TestClient, query: str) -> None:
    uses = {
        row["claim"]
        for row in asked(client, "who-uses-what", query)
        if row["product"] or row["vendor"]
    }
    rows = asked(client, "network-links", f"link=use&{query}")
    assert {row["claim"] for row in rows} == uses
    assert uses


@pytest.mark.parametrize("query", ["", "known_by=2026-04-02"])
def test_memberships_are_those_of_network_members(client: TestClient, query: str) -> None:
    members = {row["claim"] for row in asked(client, "network-members", query)}
    rows = asked(client, "network-links", f"link=member&{query}")
    assert {row["claim"] for row in rows} == members
    assert members


def test_routes_are_those_that_have_an_intermediary(client: TestClient) -> None:
    stated = {row["claim"]: row for row in asked(client, "routes-stated")}
    rows = asked(client, "network-links", "link=route")
    assert rows
    for row in rows:
        route = stated[row["claim"]]
        assert (route["trust"], route["route"], route["route_type"], route["involvement"]) == (
            row["from"],
            row["to"],
            row["route_type"],
            row["detail"],
        )


def test_what_is_narrowed_touches_what_is_left(client: TestClient) -> None:
    found = data(client, "vendor=Brainomix&status=live")
    links = drawn(found)
    users = {start for kind, start, *_ in links if kind in {"use", "route"}}
    products = {end for kind, _, end, *_ in links if kind == "use"}
    assert {start for kind, start, *_ in links if kind == "member"} <= users
    assert {start for kind, start, *_ in links if kind == "supply"} <= products
    for link in found["links"]:
        if link["link"] == "use":
            assert {(c["vendor"], c["status"]) for c in link["claims"]} == {("Brainomix", "live")}
    assert {kind for kind, *_ in links} >= {"use", "member"}


def test_a_region_keeps_what_its_organisations_have(client: TestClient) -> None:
    found = data(client, "region=London")
    regions = {claim.get("region") for link in found["links"] for claim in link["claims"]}
    assert regions == {"London", None}
    assert all(one["region"] in {"London", None} for one in found["nodes"])


def test_kinds_of_things_and_links_can_be_left_out(client: TestClient) -> None:
    found = data(client, "kind=none&kind=trust&kind=product&kind=vendor&link=use")
    assert {one["kind"] for one in found["nodes"]} <= {"trust", "product", "vendor"}
    assert {one["link"] for one in found["links"]} == {"use"}
    nothing = data(client, "kind=none")
    assert (nothing["nodes"], nothing["links"], nothing["sources"]) == ([], [], {})


def test_every_kind_has_its_name(client: TestClient) -> None:
    found = data(client)
    assert {one["kind"] for one in found["nodes"]} <= set(KINDS)
    assert {one["link"] for one in found["links"]} == set(LINKS)


def test_the_browser_and_the_style_know_the_same_kinds() -> None:
    model = (ROOT / "web/src/network/model.ts").read_text(encoding="utf-8")
    style = (ROOT / "service/explorer/static/network.css").read_text(encoding="utf-8")
    for name, all_of_it in (("KINDS", KINDS), ("LINKS", LINKS)):
        listed = re.search(rf"{name} = \[([^\]]*)\]", model)
        assert listed
        assert re.findall(r'"([a-z]+)"', listed[1]) == list(all_of_it)
        prefix = name.lower().removesuffix("s")
        assert all(style.count(f"--{prefix}-{one}:") == 2 for one in all_of_it)


def test_the_browser_is_told_what_it_must_show(
    small: TestClient, request: pytest.FixtureRequest
) -> None:
    cases = [
        {
            "query": query,
            "nodes": [one["id"] for one in found["nodes"]],
            "links": drawn(found),
        }
        for query in QUERIES
        if (found := data(small, query))
    ]
    text = json.dumps({"data": data(small), "cases": cases}, ensure_ascii=False, indent=1) + "\n"
    if request.config.getoption("--update-golden"):
        changed = not CASES.is_file() or CASES.read_text(encoding="utf-8") != text
        CASES.write_text(text, encoding="utf-8")
        assert not changed, f"{CASES.name} was written: read it, then run again"
    assert text == CASES.read_text(encoding="utf-8")
    assert len({json.dumps(case["links"]) for case in cases}) > len(cases) // 2


def test_the_csv_has_the_rows_that_are_shown(client: TestClient) -> None:
    query = "vendor=Brainomix&kind=trust&kind=vendor&kind=product"
    answer = client.get(f"/network/links.csv?{query}")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == list(get(network.QUESTION).columns)
    found = data(client, query)
    assert len(rows) == sum(len(link["claims"]) for link in found["links"])
    whole = {row["claim"] for row in asked(client, "network-links", "vendor=Brainomix")}
    assert {row["claim"] for row in rows} < whole


def test_the_same_request_has_the_same_bytes_and_tag(client: TestClient, release: Release) -> None:
    for path in ("/network", "/network/data.json", "/network/links.csv"):
        first = client.get(f"{path}?status=live&kind=trust&kind=product")
        again = client.get(f"{path}?kind=product&kind=trust&status=live&kind=none")
        assert first.content == again.content
        assert first.headers["dataset-version"] == release.name
        tag = {"if-none-match": first.headers["etag"]}
        assert (
            client.get(f"{path}?status=live&kind=trust&kind=product", headers=tag).status_code
            == 304
        )
        assert client.get(f"{path}?release={release.name}").status_code == 200
        assert client.get(f"{path}?release=0000000000000000").status_code == 404
        assert client.head(path).content == b""


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("colour=red", "has no field"),
        ("kind=trusts", "is none of trust"),
        ("link=uses", "is none of use"),
        ("vendor=Brainomx", "no vendor is called"),
        ("status=lively", "no status is called"),
        ("as_of=yesterday", "is not a day"),
        ("page=0", "is no page"),
        ("region=London&region=Midlands", "more than once"),
        (f"vendor={'a' * 301}", "at most 300 characters"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, query: str, words: str) -> None:
    page = client.get(f"/network?{query}")
    assert (page.status_code, page.headers["content-type"].split(";")[0]) == (422, "text/html")
    assert words in Reader(page.text).text.lower()
    if not query.startswith("page="):
        for path in ("/network/data.json", "/network/links.csv"):
            problem = client.get(f"{path}?{query}")
            assert (problem.status_code, problem.json()["status"]) == (422, 422)
            assert words in problem.json()["detail"]


def test_the_page_lists_all_things_and_claims(client: TestClient) -> None:
    query = "region=London&status=live"
    found = data(client, query)
    first = Reader(client.get(f"/network?{query}").text)
    for one in found["nodes"]:
        assert one["id"] in first.links
        assert one["label"] in first.text
    claims = [claim for link in found["links"] for claim in link["claims"]]
    assert f"{len(claims)} claims" in first.text
    pages = [
        client.get(f"/network?{query}&page={at}").text
        for at in range(1, 1 + -(-len(claims) // network.ROWS))
    ]
    assert sum(page.count('scope="row"') for page in pages) == len(claims)
    whole = " ".join(Reader(page).text for page in pages)
    assert all(claim["locator"] in whole for claim in claims)
    links = {link for page in pages for link in Reader(page).links}
    assert {found["sources"][claim["source"]]["page"] for claim in claims} <= links
    assert client.get(f"/network?{query}&page=999").status_code == 200


def test_the_form_says_what_is_shown(client: TestClient) -> None:
    page = Reader(
        client.get("/network?kind=none&kind=trust&vendor=brainomix&as_of=2025-06-01").text
    )
    assert page.chosen["vendor"] == "Brainomix"
    assert page.chosen["as_of"] == "2025-06-01"
    checked = {
        one["id"] for one in page.inputs if one.get("type") == "checkbox" and "checked" in one
    }
    assert checked == {"kind-trust", *(f"link-{one}" for one in LINKS)}
    assert "Narrowed by Kind: trust , Vendor: brainomix , As of: 2025-06-01" in page.text
    carried = [link for link in page.links if link.startswith("/network/links.csv")]
    assert carried == ["/network/links.csv?kind=trust&vendor=brainomix&as_of=2025-06-01"]
    assert client.get(carried[0]).status_code == 200


def test_the_picture_gets_what_it_narrows_itself(client: TestClient, release: Release) -> None:
    text = client.get(f"/network?vendor=Brainomix&known_by=2025-05-08&release={release.name}").text
    source = f"/network/data.json?known_by=2025-05-08&amp;release={release.name}"
    assert f'data-source="{source}"' in text


def test_the_page_is_sound(client: TestClient) -> None:
    answer = client.get("/network")
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<script(?! type=\"module\" src=\"/static/)", answer.text)
    assert not re.search(r"<style|\sstyle=|<[^>]+\son\w+=|javascript:", answer.text)
    page = Reader(answer.text)
    assert all(one["id"] in page.labelled for one in page.inputs)
    missing = [one for one in page.labelled if one.startswith("#") and one[1:] not in page.ids]
    assert missing == []


def row(**values: str) -> dict[str, Any]:
    """A row of the answer of which only this is stated."""
    return dict.fromkeys(get(network.QUESTION).columns) | {"link": "use", "source": "s"} | values


def test_what_is_stated_is_shown_as_text(release: Release) -> None:
    iri = "https://w3id.org/careatlas/id/org/slug/a"
    hostile = dict.fromkeys(get(network.QUESTION).columns, HOSTILE) | {
        "link": "use",
        "from_kind": "trust",
        "to_kind": "product",
        "from_thing": iri,
        "to_thing": f"{iri}b",
        "source": "s",
    }
    card: dict[str, Any] = {
        "rows": [hostile],
        "sources": {"s": {"title": HOSTILE}},
        "release": release.name,
    }
    choice = Choice(frozenset(KINDS), frozenset(LINKS), {"vendor": HOSTILE})
    want = network.Asked(choice, release, 1, [("vendor", HOSTILE)])
    text = network._rendered(want, card, [hostile], [hostile])
    assert "<script>alert" not in text
    page = Reader(text)
    assert page.chosen["vendor"] == HOSTILE
    assert page.text.count("\u202e") == text.count("\u202e") - text.count('value="&#34;')
    assert graph([hostile], card["sources"])["nodes"][0]["label"] == HOSTILE


def test_one_thing_in_two_rows_is_one(release: Release) -> None:
    ends = {"from": "A", "from_kind": "trust", "from_thing": "a", "to": "P", "to_kind": "product"}
    rows = [
        row(**ends, to_thing="p", claim="1", reported="2024-05-01", locator="x", status="live"),
        row(**ends, to_thing="p", claim="2", locator="y", status="ended", region="London"),
        row(**ends, to_thing="q", claim="3", locator="z", status="live"),
    ]
    found = graph(rows, {"s": {}})
    assert [one["id"] for one in found["nodes"]] == ["a", "p", "q"]
    assert [(one["weight"], one["first"]) for one in found["links"]] == [
        (2, "2024-05-01"),
        (1, None),
    ]
    assert things(rows)[0]["region"] == "London"
    assert found["sources"] == {"s": {"title": "s", "page": "/about/doc/s"}}


def test_rows_come_in_the_order_of_the_legend() -> None:
    kinds = {"from_kind": "trust", "to_kind": "network"}
    rows = [row(**kinds, link=link, from_thing="a", to_thing=link) for link in sorted(LINKS)]
    everything = Choice(frozenset(KINDS), frozenset(LINKS), {})
    assert [one["link"] for one in chosen(rows, everything)] == list(LINKS)
