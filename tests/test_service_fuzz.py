"""Whatever is asked, the service answers or says why not, and afterwards is as it was before."""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import monotonic, sleep

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.servers import JSON, Server, serve
from tests.sparql_grammar import Grammar

COUNT = int(os.environ.get("CAREATLAS_FUZZ", "10000"))
CLIENTS = 8
ACCEPTED = [f"{JSON}, text/turtle;q=0.5"] * 4 + ["text/csv, application/n-triples", "*/*", JSON]
LONG = 4000
"""Characters of a query that still go into an address."""
FILES = 8
EXAMPLES = 4
"""Requests to each operation of the API."""
CHECKS = [
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
]
MEMORY = 64 << 20


@pytest.fixture(scope="module")
def strict(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that gives a query one second."""
    with serve(home, tmp_path_factory.mktemp("fuzz") / "log", "--timeout", "1") as server:
        yield server


def ask(client: httpx.Client, grammar: Grammar) -> tuple[str, httpx.Response]:
    chance = grammar.chance
    headers = {"accept": chance.choice(ACCEPTED)}
    if chance.random() < 0.05:
        noise = grammar.noise()
        headers["content-type"] = "application/sparql-query"
        return repr(noise), client.post("/sparql", content=noise, headers=headers)
    query = grammar.query()
    if len(query) < LONG and chance.random() < 0.5:
        return query, client.get("/sparql", params={"query": query}, headers=headers)
    return query, client.post("/sparql", data={"query": query}, headers=headers)


def check(response: httpx.Response) -> None:
    kind = response.headers.get("content-type", "")
    if response.status_code == 200:
        if kind == JSON:
            found = response.json()
            assert "head" in found
            assert "results" in found or "boolean" in found
        return
    assert 400 <= response.status_code < 500 or response.status_code in {503, 504}
    assert kind == "application/problem+json"
    document = response.json()
    assert document["status"] == response.status_code
    assert document.keys() >= {"type", "title", "status", "detail"}
    assert document["detail"]


def converse(url: str, seed: int, count: int) -> Counter[str]:
    """One client's queries, one after another."""
    grammar = Grammar(seed)
    seen: Counter[str] = Counter()
    with httpx.Client(base_url=url, timeout=60) as client:
        for _ in range(count):
            try:
                query, response = ask(client, grammar)
            except httpx.RemoteProtocolError as error:
                # What was cut off by the deadline ends without its end.
                assert "incomplete chunked read" in str(error)  # noqa: PT017
                seen["broken"] += 1
                continue
            try:
                check(response)
            except (AssertionError, ValueError) as fault:
                said = f"{response.status_code} {response.text[:300]!r} for {query[:2000]!r}"
                raise AssertionError(f"{fault}: {said}") from fault
            seen[str(response.status_code)] += 1
    return seen


def files(server: Server) -> int:
    return len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))


def memory(server: Server) -> int:
    pages = int(Path(f"/proc/{server.process.pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def queries(server: Server) -> list[object]:
    found: list[object] = httpx.get(f"{server.url}/sparql/queries").json()
    return found


def within(seconds: float, holds: Callable[[], bool]) -> bool:
    until = monotonic() + seconds
    while not holds():
        if monotonic() > until:
            return False
        sleep(0.1)
    return True


@pytest.mark.long
def test_generated_queries_leave_the_service_as_it_was(strict: Server) -> None:
    converse(strict.url, 0, 100)
    assert within(5, lambda: not queries(strict))
    sleep(1)
    processes, opened, resident = len(strict.processes()), files(strict), memory(strict)
    with ThreadPoolExecutor(CLIENTS) as clients:
        shares = [COUNT // CLIENTS + (one < COUNT % CLIENTS) for one in range(CLIENTS)]
        seeds = range(1, CLIENTS + 1)
        found = clients.map(converse, [strict.url] * CLIENTS, seeds, shares)
        seen = sum(found, Counter[str]())
    assert seen.total() == COUNT, seen
    assert seen["200"] > COUNT / 3, seen
    assert seen["400"] > COUNT / 20
    assert seen["broken"] <= COUNT / 100
    assert within(10, lambda: not queries(strict))
    assert within(10, lambda: len(strict.processes()) == processes), strict.processes()
    assert within(10, lambda: files(strict) <= opened + FILES), (opened, files(strict))
    assert memory(strict) - resident < MEMORY
    assert httpx.get(f"{strict.url}/ready").status_code == 200
    errors = [line for line in strict.lines() if line.get("level") in {"ERROR", "CRITICAL"}]
    assert not errors, errors[:3]


@pytest.mark.long
def test_every_operation_of_the_api_keeps_to_its_description(server: Server) -> None:
    schema = schemathesis.openapi.from_url(f"{server.url}/api/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations()]
    seen: Counter[int] = Counter()
    faults: dict[str, str] = {}
    for operation in operations:

        @settings(
            max_examples=EXAMPLES, phases=[Phase.generate], suppress_health_check=list(HealthCheck)
        )
        @given(case=operation.as_strategy())
        def conforms(case: schemathesis.Case) -> None:
            if case.query:
                # Hardly any name is that of a release, and then nothing else is looked at.
                case.query.pop("release", None)
            # Longer than the service gives a question, so that what is late is said by the service.
            response = case.call(base_url=server.url, timeout=60)
            seen[response.status_code] += 1
            late = response.status_code in {503, 504}
            try:
                case.validate_response(
                    response, checks=CHECKS if late else [not_a_server_error, *CHECKS]
                )
            except BaseExceptionGroup as found:
                faults[case.operation.label] = str(found)

        conforms()
    assert operations
    assert seen[200] > sum(seen.values()) / 4, seen
    assert not faults, "\n".join(faults.values())
