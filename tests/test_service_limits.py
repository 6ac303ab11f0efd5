"""How much a client may ask, what the operator sees of it, and what a proxy may say."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from servers import Server, serve

from careatlas import cli

SLOW = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l FILTER(?c != ?l) }"


@pytest.fixture(scope="module")
def limited(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that lets a client of this machine make five requests in a minute, one at a time."""
    flags = ["--limit-loopback", "--rate", "5/minute", "--concurrency", "1", "--proxy", "127.0.0.1"]
    log = tmp_path_factory.mktemp("limited") / "log"
    with serve(home, log, *flags, "--timeout", "2") as server:
        yield server


def ask(server: Server, client: str, query: str = "ASK {}") -> httpx.Response:
    return httpx.get(
        f"{server.url}/sparql",
        params={"query": query},
        headers={"x-forwarded-for": client},
        timeout=30,
    )


def test_a_client_that_asks_too_often_is_told_when_to_come_again(limited: Server) -> None:
    replies = [ask(limited, "192.0.2.1") for _ in range(7)]
    assert [one.status_code for one in replies] == [200] * 5 + [429] * 2
    last = replies[-1]
    assert last.headers["content-type"] == "application/problem+json"
    assert 0 < int(last.headers["retry-after"]) <= 61
    assert ask(limited, "192.0.2.2").status_code == 200


def test_a_client_has_so_many_requests_open_and_no_more(limited: Server) -> None:
    with ThreadPoolExecutor(3) as threads:
        replies = list(threads.map(lambda _: ask(limited, "192.0.2.3", SLOW), range(3)))
    assert sorted(one.status_code for one in replies) == [429, 429, 504]
    assert ask(limited, "192.0.2.3").status_code == 200


def test_whoever_watches_the_service_is_not_limited(limited: Server) -> None:
    for path in ("/health", "/ready", "/metrics"):
        for _ in range(8):
            assert httpx.get(limited.url + path).status_code == 200
        assert httpx.head(limited.url + path).status_code == 200


def test_this_machine_is_not_limited_unless_told_so(server: Server) -> None:
    with ThreadPoolExecutor(40) as threads:
        replies = list(threads.map(lambda _: server.sparql("ASK {}"), range(400)))
    assert {one.status_code for one in replies} == {200}


def test_the_word_of_a_stranger_is_not_taken_for_an_address(server: Server) -> None:
    for client in ("192.0.2.1", "192.0.2.2"):
        ask(server, client, f"ASK {{}} # {client}")
    logged = {str(line.get("client")) for line in server.lines() if "client" in line}
    assert logged == {"127.0.0.1"}


def test_each_request_is_a_line_of_the_log(limited: Server) -> None:
    ask(limited, "192.0.2.4")
    lines = [line for line in limited.lines() if line.get("client") == "192.0.2.4"]
    assert len(lines) == 1
    line = lines[0]
    assert (line["method"], line["path"], line["status"]) == ("GET", "/sparql", 200)
    assert line["bytes"] == len(b'{"head":{},"boolean":true}')
    assert isinstance(line["seconds"], float)
    assert {"time", "level", "name"} <= line.keys()


def test_prometheus_can_read_what_is_measured(server: Server) -> None:
    def measured() -> dict[str, float]:
        text = httpx.get(f"{server.url}/metrics").text
        return {
            f"{sample.name}{sorted(sample.labels.items())}": sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    counted = "careatlas_requests_total[('area', 'sparql'), ('status', '400')]"
    before = measured().get(counted, 0)
    server.sparql("ASK {")
    after = measured()
    assert after[counted] == before + 1
    assert any(name.startswith("careatlas_release[") for name in after)
    assert after["careatlas_jobs_running[]"] == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--port", "70000"], "'70000' is no port"),
        (["--timeout", "0"], "'0' is no number of seconds"),
        (["--workers", "none"], "'none' is no whole number"),
        (["--rate", "often"], "--rate"),
        (["--log", "loud"], "invalid choice: 'loud'"),
        (["--host", "no host"], "no host"),
    ],
)
def test_a_wrong_flag_is_one_plain_line(
    arguments: list[str], says: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["serve", "--home", str(home), "--port", "0", *arguments]) in {1, 2}
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert says in said
