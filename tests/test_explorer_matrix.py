"""The matrix: its cells and totals are those of its answer, and silence is told apart."""

from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from starlette.testclient import TestClient
from test_service_explorer import HOSTILE, Reader

from careatlas.service.explorer import grid, matrix
from careatlas.service.explorer.names import Names
from careatlas.service.explorer.rendering import render

QUESTION = "/api/questions/adoption-matrix"
SHOWN = [
    "region=London&show=all",
    "rows=region&columns=vendor&show=all",
    "rows=network&columns=domain&domain=neurology",
]


def asked(query: str) -> dict[str, str]:
    return matrix.asked(dict(parse_qsl(query)))


def answer(client: TestClient, **given: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = client.get(QUESTION, params={**given, "limit": "9000"}).json()[
        "rows"
    ]
    return rows


@pytest.mark.parametrize("query", SHOWN)
def test_the_cells_are_those_of_the_answer(client: TestClient, query: str) -> None:
    rows = answer(client, **asked(query))
    text = client.get(f"/matrix?{query}").text
    page = Reader(text)
    evidence = [link for link in page.links if link.startswith("/questions/who-uses-what?")]
    cells = [row for row in rows if row["level"] == "cell"]
    named = [row for row in cells if row["row_id"] and row["column_id"]]
    assert len(evidence) == len(named) > 10
    for row in cells[:: max(1, len(cells) // 20)]:
        reports = f"{row['reports']} report"
        assert reports in page.text
    whole = next(row for row in rows if row["level"] == "all")
    assert f"{whole['reports']} reports about {whole['trusts']} NHS trusts" in page.text
    heads = [row for row in rows if row["level"] == "row"]
    total = "reports" if "rows=" not in query else "trusts"
    for row in heads:
        assert row["row"] in page.text
    assert text.count('<td class="total">') >= len(heads) + 1
    assert all(f'<td class="total">{row[total]}</td>' in text for row in heads)


def test_a_cell_leads_to_its_reports(client: TestClient) -> None:
    rows = answer(client, region="London")
    links = Reader(client.get("/matrix?region=London&show=all").text).links
    evidence = [link for link in links if link.startswith("/questions/who-uses-what?trust")]
    evidence = evidence or [link for link in links if "trust=" in link]
    cells = {(row["row"], row["column"]): row["reports"] for row in rows if row["level"] == "cell"}
    found = 0
    for link in evidence[:: max(1, len(evidence) // 6)]:
        values = dict(parse_qsl(urlsplit(link).query))
        listed = client.get("/api/questions/who-uses-what", params=values).json()["rows"]
        if "product" in values:
            claims = {row["claim"] for row in listed}
            assert len(claims) == cells[values["trust"], values["product"]]
            found += 1
    assert found


def test_totals_count_each_trust_once(client: TestClient) -> None:
    for by in ("trust", "region", "network"):
        rows = answer(client, by=by, of="vendor")
        whole = next(row for row in rows if row["level"] == "all")
        plain = answer(client)
        assert whole["trusts"] == next(row for row in plain if row["level"] == "all")["trusts"]
        columns = {row["column"]: row["trusts"] for row in rows if row["level"] == "column"}
        in_cells = dict.fromkeys(columns, 0)
        for row in rows:
            if row["level"] == "cell":
                in_cells[row["column"]] += row["trusts"]
        for name, trusts in columns.items():
            assert trusts <= in_cells[name]
            assert by == "network" or trusts == in_cells[name]


def test_silence_is_told_apart_by_what_the_trust_answered(client: TestClient) -> None:
    page = client.get("/matrix?region=London&show=all").text
    trusts = client.get("/api/questions/trusts?region=London&open=yes").json()["rows"]
    for answer_given in ("denies", "no-response", "not-asked"):
        there = [row for row in trusts if row["answer"] == answer_given]
        sign, says = grid.ANSWERS[answer_given]
        assert there
        assert f'<td class="none {answer_given}">{sign}</td>' in page
        assert says in page
    for row in trusts:
        assert row["trust"].replace("'", "&#39;") in page


def test_what_is_left_out_is_said_and_can_be_shown(client: TestClient) -> None:
    few = Reader(client.get("/matrix").text)
    rows = answer(client)
    columns = [row for row in rows if row["level"] == "column" and row["column_id"]]
    assert f"the {len(columns) - matrix.FEW} emptiest columns" in few.text
    assert "/matrix?show=all" in few.links
    everything = Reader(client.get("/matrix?show=all").text)
    assert all(row["column"] in everything.text for row in columns)
    assert "/matrix" in everything.links


def test_the_csv_has_all_rows_columns_and_totals(client: TestClient) -> None:
    links = Reader(client.get("/matrix?region=London&columns=vendor").text).links
    (link,) = [link for link in links if "format=csv" in link]
    lines = client.get(link).text.splitlines()
    assert len(lines) == len(answer(client, region="London", of="vendor")) + 1


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("rows=town", "rows is one of trust, region, network"),
        ("columns=town", "columns is one of"),
        ("region=Nowhere", "no region is called"),
        ("colour=red", "has no field"),
        ("show=some", "show is all"),
        (f"status={'a' * 301}", "at most 300"),
        (f"domain={quote(HOSTILE)}", "no capability is called"),
    ],
)
def test_what_is_wrong_is_said(client: TestClient, query: str, words: str) -> None:
    found = client.get(f"/matrix?{query}")
    assert found.status_code == 422
    assert words in Reader(found.text).text
    assert "<script>" not in found.text


def test_what_was_chosen_stays_chosen(client: TestClient) -> None:
    page = Reader(
        client.get("/matrix?rows=region&columns=domain&status=live&domain=neurology").text
    )
    assert (page.chosen["rows"], page.chosen["columns"]) == ("region", "domain")
    assert page.chosen["domain"] == "neurology"
    nothing = client.get("/matrix?region=London&status=ended")
    assert nothing.status_code == 200
    assert "which is not a no" in Reader(nothing.text).text


def test_a_cell_shows_each_status_in_letters_and_words() -> None:
    base = {"row": "A", "row_id": "a:1", "column": HOSTILE, "column_id": None, "trusts": 1}
    card = {
        "rows": [
            base | {"level": "cell", "status": None, "reports": 3},
            base | {"level": "status", "status": "trialling", "reports": 1},
            base | {"level": "status", "status": "live", "reports": 2},
        ]
    }
    row = grid.Head(("a:1", "A"), "A", None, 1, 3, "denies")
    column = grid.Head((None, HOSTILE), HOSTILE, None, 1, 3, "")
    other = grid.Head((None, "B"), "B", None, 0, 0, "")
    made = grid.grid(card, [row], [column, other], grid.evidence("trust", "product", {}, Names({})))
    shown, silent = made.rows[0].marks
    assert (shown.text, shown.beside, shown.kind) == ("L T", "3", "live")
    assert shown.says == "live, trialling: 3 reports"
    assert (silent.text, silent.kind) == ("no", "none denies")
    text = render("shared.html", grid=made, statuses=[], signs=[], all="/", question="/")
    assert "<script>" not in text
    assert text.count("\u202e") == Reader(text).text.count("\u202e") == 1
