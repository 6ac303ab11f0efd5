"""The pages of documents, claims, disagreements and undertakings: what they show is in the graph."""

import re
from typing import Any
from urllib.parse import quote

import pytest
from pyoxigraph import Store
from starlette.testclient import TestClient
from test_service_explorer import HOSTILE, Reader

from careatlas.graph.answer import answer, select
from careatlas.graph.labels import Labels
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import ID
from careatlas.service.explorer import conflicts, documents_page, undertakings
from careatlas.service.explorer.links import local
from careatlas.service.explorer.rendering import render

ATLAS = "PREFIX atlas: <https://w3id.org/careatlas/def#>\n"
FOI = "foi-report-2025"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PLACES = [
    ("row 2; reference row a 2", "row 10; reference row a 10"),
    ("page 9, line 12", "page 10, line 2"),
    ("page 1, table 2, row 9", "page 1, table 10, row 1"),
    ("sheet A, row 099", "sheet A, row 100"),
    ("1.9", "1.10"),
]


@pytest.fixture(scope="module")
def claims(release: Release) -> list[dict[str, str]]:
    card = answer(release.store, Labels(release.labels), get("document-claims"), {})
    return [dict(zip(card.columns, row, strict=True)) for row in card.rows]


def counted(store: Store, query: str) -> int:
    return int(next(iter(select(store, ATLAS + query)))[1][0])


def pages(client: TestClient, path: str) -> list[Reader]:
    first = Reader(client.get(path).text)
    more = {link.partition("#")[0] for link in first.links if f"{path}?page=" in link}
    numbered = sorted(more, key=lambda link: int(link.rpartition("=")[2]))
    return [first, *(Reader(client.get(link).text) for link in numbered)]


def test_each_claim_of_the_graph_has_one_row(
    release: Release, claims: list[dict[str, str]]
) -> None:
    total = counted(
        release.store,
        "SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE { ?claim atlas:assertedIn ?version }",
    )
    assert len(claims) == len({row["claim"] for row in claims}) == total
    for row in claims:
        assert row["statement"], row
        assert row["kind"], row
        assert row["statement"] != row["kind"], f"nothing says what {row['claim']} states"


@pytest.mark.parametrize("key", [FOI, "digital-investments", "nice-org-uk-7ea66d"])
def test_a_document_shows_its_claims_one_for_one(
    client: TestClient, release: Release, claims: list[dict[str, str]], key: str
) -> None:
    shown = pages(client, f"/about/doc/{key}")
    wanted = [local(row["claim"]) for row in claims if row["source"] == key]
    total = counted(
        release.store,
        f"SELECT (COUNT(DISTINCT ?claim) AS ?n) WHERE {{ ?claim atlas:assertedIn/atlas:versionOf <{ID}doc/{key}> }}",
    )
    links = [link for page in shown for link in page.links if link.startswith("/about/claim/")]
    assert links == wanted
    assert len(links) == total
    assert f"{total} claims were taken from it" in shown[0].text


def test_claims_stand_in_the_order_of_the_text(claims: list[dict[str, str]]) -> None:
    for key in {row["source"] for row in claims}:
        own = [row for row in claims if row["source"] == key]
        starts = [int(row["start"]) for row in own if row["start"]]
        assert starts == sorted(starts)
        assert all(row["start"] for row in own[: len(starts)])
        numbers = [
            int(found[1])
            for row in own
            if not row["start"] and (found := re.match(r"row (\d+);", row["locator"]))
        ]
        assert numbers == sorted(numbers)


@pytest.mark.parametrize(("earlier", "later"), PLACES)
@pytest.mark.parametrize("turned", [False, True])
def test_places_of_any_form_sort_as_people_count(earlier: str, later: str, turned: bool) -> None:
    store = Store()
    keys = ("b", "a") if turned else ("a", "b")
    for name, place in zip(keys, (earlier, later), strict=True):
        store.update(
            f"""{ATLAS} INSERT DATA {{ GRAPH <i:g> {{
            <{ID}claim/x/{name}> a atlas:NewKindOfStatement ; atlas:assertedIn <{ID}docv/x/1> ; atlas:locator "{place}" .
            <{ID}docv/x/1> atlas:versionOf <{ID}doc/x> . <{ID}doc/x> atlas:sourceKey "x" }} }}"""
        )
    rows = answer(store, Labels({}), get("document-claims"), {}).rows
    at = get("document-claims").columns
    found = [dict(zip(at, row, strict=True)) for row in rows]
    assert [row["locator"] for row in found] == [earlier, later]
    assert {row["statement"] for row in found} == {"NewKindOfStatement"}


def test_a_kind_alone_can_be_shown_and_its_count_is_the_answer(client: TestClient) -> None:
    card = client.get(f"/api/questions/source-contributions?source={FOI}").json()
    page = Reader(client.get(f"/about/doc/{FOI}").text)
    assert sum(row["claims"] for row in card["rows"]) == 823
    for row in card["rows"]:
        path = f"/about/doc/{FOI}?kind={row['kind'].replace(' ', '+')}"
        assert f"{path}#claims" in page.links
        assert f"{row['kind']} {row['claims']}" in page.text
        shown = Reader(client.get(path).text)
        links = [link for link in shown.links if link.startswith("/about/claim/")]
        assert len(links) == min(row["claims"], documents_page.CLAIMS)


def test_a_contradicted_claim_leads_to_the_disagreement(
    client: TestClient, claims: list[dict[str, str]]
) -> None:
    disputed = [row for row in claims if row["conflict"] and row["source"] == FOI]
    assert any(row["kind"] == "disclosure statement" for row in disputed)
    links = {link for page in pages(client, f"/about/doc/{FOI}") for link in page.links}
    for row in disputed:
        assert local(row["conflict"]) in links
    rhw = next(row for row in disputed if row["claim"].endswith("/disclosures/rhw"))
    both = Reader(client.get(local(rhw["conflict"])).text)
    assert "Side A" in both.text
    assert "Side B" in both.text


def test_each_document_has_a_page(client: TestClient, release: Release) -> None:
    for key in sorted(release.manifest["sources"])[::40]:
        found = client.get(f"/about/doc/{quote(key)}")
        assert found.status_code == 200
        page = Reader(found.text)
        assert release.manifest["sources"][key]["title"] in page.text
        assert f"/data/doc/{quote(key)}.ttl" in found.headers["link"]


@pytest.mark.parametrize(
    ("address", "status", "words"),
    [
        (f"/about/doc/{FOI}?page=0", 422, "no page of this number"),
        (f"/about/doc/{FOI}?page=%C2%B2", 422, "no page of this number"),
        (f"/about/doc/{FOI}?colour=red", 422, "no field"),
        (f"/about/doc/{FOI}?kind=none", 200, "nobody took down"),
        ("/about/doc/foi-report-2026", 404, "Understanding The Use of Clinical AI"),
        ("/about/doc/" + quote(HOSTILE, safe=""), 404, "No such thing"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, address: str, status: int, words: str) -> None:
    found = client.get(address, headers=BROWSER)
    assert found.status_code == status
    assert "<script>alert" not in found.text
    if words.startswith("Understanding"):
        assert f"/about/doc/{FOI}" in Reader(client.get("/search?q=foi+report").text).links
        return
    assert words in Reader(found.text).text


def test_a_page_that_the_client_has_is_not_sent_again(client: TestClient) -> None:
    for address in (f"/about/doc/{FOI}?page=2", "/conflicts", "/sources", "/method", "/releases"):
        tag = client.get(address).headers["etag"]
        assert client.get(address, headers={"if-none-match": tag}).status_code == 304


def test_a_claim_has_a_page_of_its_own(client: TestClient, claims: list[dict[str, str]]) -> None:
    for row in claims[:: len(claims) // 25]:
        page = Reader(client.get(local(row["claim"])).text)
        assert " ".join(row["statement"].split()) in page.text
        assert row["locator"] in page.text
        assert f"/about/doc/{quote(row['source'])}" in page.links
        assert not row["reported"] or row["reported"] in page.text


def test_a_deployment_tells_its_claims_in_the_order_of_time(client: TestClient) -> None:
    rows = client.get("/api/questions/deployment-claims?trust=RWE&limit=1000").json()["rows"]
    iri = f"{ID}deployment/ods/RWE/qure-ai/qxr"
    own = [row for row in rows if row["deployment"] == iri]
    page = Reader(client.get(local(iri)).text)
    days = [row["from"] or row["reported"] for row in own if row["from"] or row["reported"]]
    assert len(own) >= 6
    assert days == sorted(days)
    for row in own:
        assert row["says"] in page.text
        assert row["locator"] in page.text


def test_a_disagreement_shows_both_its_sides(client: TestClient) -> None:
    rows = client.get("/api/questions/conflict-sides?limit=1000").json()["rows"]
    for conflict in sorted({row["conflict"] for row in rows})[::15]:
        page = Reader(client.get(local(conflict)).text)
        own = [row for row in rows if row["conflict"] == conflict]
        assert [row["side"] for row in own] == ["a", "b"]
        for row in own:
            assert " ".join(row["says"].split()) in page.text
            assert f"/about/doc/{quote(row['source'])}" in page.links


@pytest.mark.parametrize("scheme", ["status/live", "route-type/network", "conflict-type/identity"])
def test_a_concept_opens_with_what_it_means(
    client: TestClient, release: Release, scheme: str
) -> None:
    iri = f"https://w3id.org/careatlas/scheme/{scheme}"
    query = f"SELECT ?d WHERE {{ <{iri}> <http://www.w3.org/2004/02/skos/core#definition> ?d }}"
    means = next(iter(select(release.store, query)))[1][0]
    text = client.get(local(iri)).text
    assert f'<p class="lead">{means}</p>' in text


@pytest.mark.parametrize(
    ("kind", "question", "parameter"),
    [
        ("study", "study-facts", "study"),
        ("agreement", "agreement-terms", "agreement"),
        ("project", "project-milestones", "project"),
        ("instrument", "instrument-terms", "instrument"),
        ("programme", "instrument-terms", "programme"),
        ("procedure", "instrument-terms", "procedure"),
        ("governance-instrument", "instrument-terms", "governance_instrument"),
    ],
)
def test_an_undertaking_opens_with_what_is_stated_of_it(
    client: TestClient, release: Release, kind: str, question: str, parameter: str
) -> None:
    things = sorted({iri for _, iri, _ in release.labels[kind]})
    assert things
    for iri in things[:: max(1, len(things) // 4)]:
        rows = client.get(f"/api/questions/{question}", params={parameter: iri}).json()["rows"]
        found = client.get(local(iri))
        assert found.status_code == 200
        page = Reader(found.text)
        for row in rows:
            assert row["locator"] in page.text
            assert f"/about/doc/{quote(row['source'])}" in page.links


def test_a_project_has_its_milestones_on_a_line(client: TestClient) -> None:
    page = Reader(client.get("/about/project/lincolnshire-epr").text)
    assert "winter deployments postponed planned" in page.text
    assert "takes the place of: winter deployments" in page.text
    assert "by 2028-06-30" in page.text
    assert (
        "Not resolved: the source does not name who “NHS bodies in Lincolnshire” is." in page.text
    )


def test_a_thing_of_every_class_has_a_readable_page(client: TestClient, release: Release) -> None:
    query = """SELECT ?kind (MIN(STR(?thing)) AS ?one) WHERE { ?thing a ?kind
    FILTER(STRSTARTS(STR(?thing), "https://w3id.org/careatlas/id/")) } GROUP BY ?kind"""
    found = [row for _, row in select(release.store, query)]
    assert len(found) > 40
    for kind, iri in found:
        page = client.get(local(iri), follow_redirects=True)
        assert page.status_code == 200, (kind, iri)
        Reader(page.text)


def test_what_a_claim_holds_is_shown_as_text() -> None:
    row: dict[str, Any] = dict.fromkeys(get("document-claims").columns, HOSTILE)
    row |= {"start": 1, "conflicts": 2, "speakers": 3, "claim": f"{ID}claim/x"}
    row |= dict.fromkeys(("conflict", "subject_iri", "about"), f"{ID}org/x")

    parts = documents_page._parts([row], 0, "")
    claim = parts[0].claims[0]
    assert (claim.subject, claim.statement, parts[0].heading) == (HOSTILE, HOSTILE, HOSTILE)
    side = dict.fromkeys(get("conflict-sides").columns, HOSTILE)
    side |= {"about": f"{ID}org/x", "conflict": f"{ID}conflict/x", "claim": f"{ID}claim/x"}
    found = conflicts.gathered([side, side], {})
    facts = undertakings.facts([{"kind": HOSTILE}], {"kind": HOSTILE})
    step = undertakings.Step(*[HOSTILE] * 9)
    for text in (
        render("conflict.html", found=found),
        render("undertaking.html", facts=facts, steps=[step], notes=[HOSTILE]),
        render(
            "claim.html",
            row=row,
            subject_url="/",
            about_url="/",
            conflict_url="/",
            conflicts_url="/",
            document=HOSTILE,
            document_url="/",
            before="",
            after="",
        ),
        render("concept.html", means=[HOSTILE], also=[HOSTILE], notation=[HOSTILE], schemes=[]),
        render("edition.html", title=HOSTILE, url="/"),
    ):
        assert "<script" not in text
        assert "\u202egnp" in Reader(text).text
