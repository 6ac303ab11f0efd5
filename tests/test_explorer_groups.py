"""The pages of a region, a board and a network: bounds, members, what they share, and gaps."""

from typing import Any

import pytest
from starlette.testclient import TestClient
from test_service_explorer import Reader

from careatlas.service.explorer.bars import bar

GROUPS = [
    ("region", "London", "/about/org/ods/Y56", ("adoption", {})),
    (
        "icb",
        "NHS North East London Integrated Care Board",
        "/about/org/ods/QMF",
        ("adoption", {"by": "icb"}),
    ),
    (
        "network",
        "Greater Manchester Imaging Network",
        "/about/org/slug/img-gm",
        ("adoption-by-group", {"by": "network"}),
    ),
]


def answer(client: TestClient, question: str, **given: str) -> list[dict[str, Any]]:
    found = client.get(f"/api/questions/{question}", params=given).raise_for_status().json()
    rows: list[dict[str, Any]] = found["rows"]
    return rows


@pytest.mark.parametrize(("kind", "name", "url", "asked"), GROUPS)
def test_a_group_opens_with_its_bounds(
    client: TestClient, kind: str, name: str, url: str, asked: tuple[str, dict[str, str]]
) -> None:
    question, also = asked
    (row,) = answer(client, question, **{kind: name}, **also)
    text = client.get(url).text
    page = Reader(text)
    drawn = bar(row)
    assert f'aria-label="{drawn.text}"' in text
    for part in drawn.parts:
        assert f"{part.trusts} {part.says}" in page.text
    assert f"{drawn.least} and at most {drawn.most}" in page.text or drawn.least == drawn.most
    assert any(link.startswith(f"/questions/{question}?") for link in page.links)


@pytest.mark.parametrize(("kind", "name", "url"), [group[:3] for group in GROUPS])
def test_a_group_tells_of_its_domains_and_gaps(
    client: TestClient, kind: str, name: str, url: str
) -> None:
    rows = answer(client, "domain-coverage", **{kind: name}, by=kind)
    page = Reader(client.get(url).text)
    for row in rows:
        if row["trusts"]:
            assert f"{row['trusts']} {row['live']} {row['reports']}" in page.text
    gaps = [row for row in rows if not row["trusts"]]
    assert ("Nothing is reported in" in page.text) == bool(gaps)
    first = rows[0]
    assert f"{first['asked']} of its trusts were asked; {first['silent']} of them" in page.text


@pytest.mark.parametrize(("kind", "name", "url"), [group[:3] for group in GROUPS])
def test_a_group_shows_what_its_trusts_share(
    client: TestClient, kind: str, name: str, url: str
) -> None:
    rows = answer(client, "adoption-matrix", **{kind: name})
    shared = [
        row for row in rows if row["level"] == "column" and row["trusts"] >= 2 and row["column_id"]
    ]
    text = client.get(url).text
    assert ('id="shared"' in text) == bool(shared)
    if shared:
        part = text[text.index('id="shared"') :]
        part = part[: part.index("</section>")]
        page = Reader(part[part.index("</h2>") + 5 :])
        for row in shared:
            assert row["column"] in page.text
        alone = [row for row in rows if row["level"] == "column" and row["trusts"] == 1]
        assert all(f">{row['column']}</a></span>" not in part for row in alone)


@pytest.mark.parametrize(("kind", "name", "url"), [group[:3] for group in GROUPS])
def test_a_group_lists_its_trusts_with_their_answers(
    client: TestClient, kind: str, name: str, url: str
) -> None:
    page = Reader(client.get(url).text)
    rows = answer(client, "trusts", **{kind: name})
    assert rows
    for row in rows[:50]:
        assert row["trust"] in page.text


def test_the_gaps_of_a_region_are_those_of_the_question_of_gaps(client: TestClient) -> None:
    gaps = {(row["region"], row["domain"]) for row in answer(client, "domain-gaps")}
    rows = answer(client, "domain-coverage")
    assert {(row["group"], row["domain"]) for row in rows if not row["trusts"]} == gaps


def test_a_board_that_was_not_there_to_be_asked_says_so(client: TestClient) -> None:
    page = Reader(client.get("/about/org/ods/D7T5G").text)
    assert "nothing is known of how many use AI" in page.text


def test_the_adoption_of_networks_is_counted_as_that_of_regions(client: TestClient) -> None:
    for row in answer(client, "adoption-by-group", by="network"):
        parts = ("uses", "uses_other", "denies", "refused", "no_response", "not_asked")
        assert row["members"] == sum(row[part] for part in parts)
        assert row["lower_bound"] <= row["upper_bound"]
    (one,) = answer(client, "adoption-by-group", capability="radiology")
    regions = answer(client, "adoption", capability="radiology")
    for name in ("members", "uses", "uses_other", "denies", "refused"):
        assert one[name] == sum(row[name] for row in regions)
