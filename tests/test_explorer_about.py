"""The pages about the whole: conflicts, sources, releases, the method, and what is not there."""

import itertools
import re
from pathlib import Path
from shutil import copytree
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient
from test_service_explorer import HOSTILE, Reader

from careatlas.build import build
from careatlas.graph.answer import select
from careatlas.graph.release import Release, Releases
from careatlas.service.app import create_app
from careatlas.service.explorer import conflicts, method, sources
from careatlas.service.pool import Limits
from careatlas.service.problems import MEDIA
from careatlas.service.state import ServiceSettings

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
BROWSER = {"accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}
PAGES = [
    "/about/doc/foi-report-2025",
    "/about/doc/digital-investments?kind=name+match",
    "/conflicts",
    "/conflicts?type=identity",
    "/conflicts?subject=Nowhere",
    "/sources",
    "/sources?kind=blog&page=1",
    "/sources?kind=none",
    "/releases",
    "/releases/compare",
    "/method",
    "/about/project/lincolnshire-epr",
    "/about/agreement/uhl-uhn-microsoft-mou",
    "/about/conflict/c03",
    "/about/claim/foi-report-2025/disclosures/rhw",
    "/about/org/ods/XXX",
]


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> tuple[Release, Release, Path]:
    """A small world, and the same after one status changed and one deployment went."""
    base = tmp_path_factory.mktemp("two")
    data = base / "data"
    copytree(SMALL_WORLD, data)
    first = build(data, Releases(base / "home")).release
    table = data / "claims" / "news" / "deployments.csv"
    text = table.read_text(encoding="utf-8")
    assert ",live," in text
    table.write_text(text.replace(",live,", ",paused,", 1), encoding="utf-8")
    second = build(data, Releases(base / "home")).release
    return first, second, base / "home"


def test_all_disagreements_stand_side_by_side(client: TestClient) -> None:
    rows = client.get("/api/questions/conflict-sides?limit=1000").json()["rows"]
    every = {row["conflict"] for row in rows}
    first = Reader(client.get("/conflicts").text)
    more = sorted({link for link in first.links if link.startswith("/conflicts?page=")})
    shown = [Reader(client.get(link).text) for link in more]
    found = {link for page in shown for link in page.links if link.startswith("/about/conflict/")}
    assert len(found) == len(every)
    assert len(shown) == -(-len(every) // conflicts.EACH)
    assert f"{len(every)} disagreements." in first.text
    text = " ".join(page.text for page in shown)
    for row in rows:
        assert " ".join(row["says"].split()) in text
        assert row["locator"] in text
        assert " ".join(row["reason"].split()) in text


def test_the_counts_by_kind_are_those_of_the_graph(client: TestClient, release: Release) -> None:
    rows = client.get("/api/questions/conflict-types").json()["rows"]
    query = """PREFIX atlas: <https://w3id.org/careatlas/def#>
    SELECT (COUNT(DISTINCT ?one) AS ?n) WHERE { ?one a atlas:ClaimConflict }"""
    assert sum(row["conflicts"] for row in rows) == int(
        next(iter(select(release.store, query)))[1][0]
    )
    page = Reader(client.get("/conflicts").text)
    for row in rows:
        said = f"{row['resolution'].replace('-', ' ')} {row['conflicts']}"
        assert said in page.text
        narrowed = f"/conflicts?type={row['type']}&resolution={row['resolution']}"
        assert narrowed in page.links
        kind = "disagreement" if row["conflicts"] == 1 else "disagreements"
        assert f"{row['conflicts']} {kind}." in Reader(client.get(narrowed).text).text


def test_disagreements_about_one_subject(client: TestClient) -> None:
    page = Reader(client.get("/conflicts?subject=UHL").text)
    assert "/about/org/ods/RWE" in page.links
    assert "refused, section 31" in page.text
    wrong = client.get("/conflicts?subject=Leicestr&type=identity")
    assert wrong.status_code == 422
    assert 'id="field-subject-problem"' in wrong.text
    assert Reader(wrong.text).chosen["subject"] == "Leicestr"


def test_the_sources_are_those_of_the_answer(client: TestClient) -> None:
    rows = client.get("/api/questions/sources?limit=1000").json()["rows"]
    gave = client.get("/api/questions/source-contributions?limit=1000").json()
    assert gave["total"] <= len(gave["rows"])
    kinds = {row["source"]: row for row in gave["rows"]}
    first = Reader(client.get("/sources").text)
    more = sorted({link for link in first.links if "page=" in link})
    shown = [Reader(client.get(link).text) for link in more]
    links = [link for page in shown for link in page.links if link.startswith("/about/doc/")]
    assert sorted(set(links)) == sorted(f"/about/doc/{quote(row['source'])}" for row in rows)
    assert len(shown) == -(-len(rows) // sources.EACH)
    text = " ".join(page.text for page in shown)
    for row in kinds.values():
        assert f"{row['kind']} {row['claims']}" in text
    for row in rows:
        own = [one["claims"] for one in gave["rows"] if one["source"] == row["source"]]
        assert sum(own) == row["claims"]
        assert row["document"] in text


def test_what_was_left_out_is_counted(client: TestClient, release: Release) -> None:
    page = Reader(client.get("/sources").text)
    assert release.manifest["tables"]["left_out.csv"]["rows"] == 5
    assert "5 rows of other people\u2019s lists were left out on purpose" in page.text
    assert f"built from {release.manifest['rows']} rows" in page.text


def test_the_releases_are_listed_and_compared(two: tuple[Release, Release, Path]) -> None:
    first, second, home = two
    settings = ServiceSettings(home, Limits(workers=1, seconds=300))
    with TestClient(create_app(settings)) as client:
        page = Reader(client.get("/releases").text)
        for one in client.get("/api/releases").json():
            assert f"/api/releases/{one['name']}" in page.links
            assert f"{one['quads']} {one['rows']} {one['sources']}" in page.text
        compared = f"/releases/compare?before={first.name}&after={second.name}"
        assert compared in page.links
        assert {"/api/changes.atom", "/api/changes.json"} <= set(page.links)
        changes = client.get(f"/api/diff?before={first.name}&after={second.name}").json()
        assert changes["total"] >= 1
        shown = Reader(client.get(compared).text)
        assert f"{changes['total']} change" in shown.text
        for kind, counts in changes["counts"].items():
            said = ", ".join(f"{count} {change}" for change, count in counts.items())
            assert f"{kind}: {said}" in shown.text
        for one in changes["changes"]:
            assert one["locator"] in shown.text
            assert f"{one['before']} {one['after']}" in shown.text
        chosen = shown.chosen
        assert (chosen["before"], chosen["after"]) == (first.name, second.name)
        default = Reader(client.get("/releases/compare").text)
        assert f"{changes['total']} change" in default.text
        back = f"/releases/compare?before={second.name}&after={first.name}"
        assert back in shown.links
        assert client.get(back).status_code == 200
        for wrong in ("before=0000000000000000", "after=../x", f"before={quote(HOSTILE)}", "x=1"):
            answer = client.get(f"/releases/compare?{wrong}")
            assert answer.status_code in {404, 422}
            assert "<script>alert" not in answer.text
            assert 'role="alert"' in answer.text


def test_one_release_has_nothing_to_be_compared_with(tmp_path: Path) -> None:
    build(SMALL_WORLD, Releases(tmp_path))
    settings = ServiceSettings(tmp_path, Limits(workers=1, seconds=300))
    with TestClient(create_app(settings)) as client:
        assert "nothing yet to compare it with" in client.get("/releases").text
        assert client.get("/releases/compare").status_code == 404


@pytest.mark.parametrize("scheme", method.SCHEMES)
def test_the_method_defines_its_words_as_the_ontology_does(
    client: TestClient, release: Release, scheme: str
) -> None:
    page = Reader(client.get("/method").text)
    query = f"""PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
    SELECT ?label ?says WHERE {{ ?one skos:inScheme <https://w3id.org/careatlas/scheme/{scheme}> ;
    skos:prefLabel ?label ; skos:definition ?says }}"""
    found = [row for _, row in select(release.store, query)]
    assert found
    for label, says in found:
        assert f"{label} {says}" in page.text


def test_the_ladder_of_statuses_stands_in_its_order(client: TestClient) -> None:
    page = Reader(client.get("/method").text)
    ladder = ["exploring", "procured", "implementing", "trialling", "live"]
    places = [page.links.index(f"/about/scheme/status/{one}") for one in ladder]
    assert places == sorted(places)


def test_the_figures_of_the_method_are_answers(client: TestClient) -> None:
    page = Reader(client.get("/method").text)
    cohort = client.get("/api/questions/adoption").json()["cohort"]
    total = client.get("/api/questions/sources").json()["total"]
    assert (
        f"{cohort['asked']} organisations were asked and {cohort['answered']} answered" in page.text
    )
    assert f"{cohort['silent']} gave no answer" in page.text
    assert f"rests on {total} documents" in page.text
    for anchor in ("accessibility", "privacy", "licences", "cite", "errors"):
        assert anchor in page.ids


def test_no_page_sets_a_cookie_or_names_another_host(client: TestClient) -> None:
    for address in PAGES:
        answer = client.get(address, headers=BROWSER)
        assert "set-cookie" not in answer.headers
        assert not re.search(r'(?:src|action)="(?:https?:)?//', answer.text)
        assert not re.search(r'<link rel="stylesheet" href="https?:', answer.text)


@pytest.mark.parametrize("address", PAGES)
def test_a_page_is_sound(client: TestClient, address: str) -> None:
    answer = client.get(address, headers=BROWSER)
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert not re.search(r"<style|\sstyle=|<[^>]+\son\w+=|javascript:", answer.text)
    page = Reader(answer.text)
    for one in page.inputs:
        assert one["id"] in page.labelled
    for reference in page.labelled:
        assert not reference.startswith("#") or reference[1:] in page.ids
    levels = [int(level) for level in re.findall(r"<h([1-6])", answer.text)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(later - earlier <= 1 for earlier, later in itertools.pairwise(levels))


@pytest.mark.parametrize(
    "address", [*PAGES[:1], "/conflicts", "/sources", "/method", *PAGES[11:15]]
)
def test_every_link_leads_somewhere(client: TestClient, address: str) -> None:
    links = set(Reader(client.get(address, headers=BROWSER).text).links)
    own = sorted(link.partition("#")[0] for link in links if link.startswith("/"))
    for link in own[:: max(1, len(own) // 10)]:
        found = client.get(link, headers=BROWSER, follow_redirects=True)
        assert found.status_code == 200 or link.startswith("/releases/compare"), link


@pytest.mark.parametrize(
    "address",
    ["/id/org/ods/RWEX", "/about/org/ods/RWEX", "/graphs?graph=https://example.org/x", "/nowhere"],
)
def test_what_is_not_there_is_told_as_each_asks(client: TestClient, address: str) -> None:
    page = client.get(address, headers=BROWSER)
    assert page.status_code == 404
    assert page.headers["content-type"].startswith("text/html")
    assert "look" in Reader(page.text).ids
    assert page.headers["cache-control"] == "no-store"
    if not address.startswith("/about"):
        plain = client.get(address, headers={"accept": "application/json"})
        assert plain.headers["content-type"].startswith(MEDIA)
        assert client.get(address).headers["content-type"].startswith(MEDIA)


def test_what_is_not_there_offers_what_is_like_it(client: TestClient) -> None:
    page = Reader(client.get("/about/product/brainomix/e-strok", headers=BROWSER).text)
    assert "Did you mean" in page.text
    assert any(link.startswith("/about/product/") for link in page.links)
    near = Reader(client.get("/id/org/slug/anallise", headers=BROWSER).text)
    assert any("annalise" in link for link in near.links)


def test_programs_are_told_in_a_document_whatever_they_accept(client: TestClient) -> None:
    for address in ("/api/questions/none", "/api/nothing", "/data/org/ods/XXX.ttl"):
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code == 404
        assert answer.headers["content-type"].startswith(MEDIA)


def test_a_hostile_address_is_shown_as_text(client: TestClient) -> None:
    for address in (
        f"/about/{quote(HOSTILE, safe='')}",
        f"/id/{quote(HOSTILE, safe='')}",
        f"/conflicts?subject={quote(HOSTILE)}",
        f"/conflicts?{quote(HOSTILE)}=1",
        f"/sources?kind={quote(HOSTILE)}",
        f"/{quote(HOSTILE, safe='')}",
    ):
        answer = client.get(address, headers=BROWSER)
        assert answer.status_code in {404, 422}
        assert "<script>alert" not in answer.text
        Reader(answer.text)
