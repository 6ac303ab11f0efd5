"""No query can bring the service down, reach the network, or pass a part for the whole."""

import asyncio
import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from ctypes.util import find_library
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import Literal, NamedNode, Quad
from servers import CLIENT, JSON, Server, serve

from careatlas.graph.content import content_hash
from careatlas.graph.release import Release, Releases
from careatlas.service.pool import Limits, Pool
from careatlas.service.problems import Problem
from careatlas.service.process import Worker

RUNAWAY = """SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l .
  FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j))) > 100000) }"""
GREEDY = "SELECT ?a ?d ?g { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?f ?i LIMIT 3"
ENDLESS = "SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
REGEX = (
    'ASK { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f FILTER(REGEX(CONCAT(STR(?s), STR(?a)), "(x+x+)+y$")) }'
)
DEEP = "ASK " + "{" * 5000 + "}" * 5000


@pytest.fixture(scope="module")
def strict(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server whose queries may take a second and little memory."""
    log = tmp_path_factory.mktemp("strict") / "log"
    with serve(home, log, "--timeout", "1", "--memory", "400", "--slow", "4") as server:
        yield server


def problem(reply: httpx.Response) -> str:
    assert reply.headers["content-type"] == "application/problem+json", reply.text
    return str(reply.json()["type"]).rsplit("/", 1)[-1]


def works(server: Server) -> bool:
    return bool(server.sparql("ASK {}").json()["boolean"])


def until(holds: Callable[[], bool], seconds: float = 15) -> bool:
    """Whether something comes to hold, looked at again and again."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.05)
    return holds()


# ---- the network


class Listener(socketserver.ThreadingTCPServer):
    """Counts who comes, and sends them away."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), socketserver.BaseRequestHandler)
        self.came = 0

    def verify_request(self, *_: object) -> bool:
        self.came += 1
        return False


@pytest.fixture
def listener() -> Iterator[Listener]:
    """A listener on the loopback that nothing behind a wall can reach."""
    with Listener() as one:
        thread = threading.Thread(target=one.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        yield one
        one.shutdown()


def job(release: Release, query: str) -> dict[str, Any]:
    """A job as the endpoint makes it, for a query that it has not read."""
    plain = {"do": "query", "releases": [str(release.path)], "query": query, "from": []}
    plain |= {"default_graphs": None, "named_graphs": None, "encoding": None}
    return plain | {"media": {"rows": JSON, "graph": "text/turtle"}}


async def done(pool: Pool, task: dict[str, Any], seconds: float = 10) -> bytes | str:
    """What a job gives, or the kind of its problem."""
    try:
        async with pool.run(task, seconds) as running:
            return b"".join([piece async for piece in running.pieces()])
    except Problem as found:
        return found.kind


def answers(limits: Limits, *tasks: dict[str, Any]) -> list[bytes | str]:
    """What these jobs give, one after the other."""

    async def main() -> list[bytes | str]:
        pool = Pool(limits)
        await pool.start()
        try:
            return [await done(pool, task) for task in tasks]
        finally:
            await pool.stop()

    return asyncio.run(main())


def test_the_time_limit_does_not_wait_for_a_worker_that_is_slow_to_die(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that gets only what nobody else wants of the processors may take seconds to end."""
    told = threading.Event()
    buried: list[bool] = []
    bury = Worker._bury

    def slowly(worker: Worker) -> tuple[int | None, str]:
        buried.append(told.wait(30))
        return bury(worker)

    monkeypatch.setattr(Worker, "_bury", slowly)

    async def main() -> bytes | str:
        pool = Pool(Limits(workers=1))
        await pool.start()
        try:
            return await done(pool, job(release, RUNAWAY), 0.5)
        finally:
            told.set()
            await pool.stop()

    assert asyncio.run(main()) == "time-limit"
    assert all(buried)


def test_no_query_reaches_the_network_even_where_the_text_is_not_read(
    release: Release, listener: Listener
) -> None:
    port = listener.server_address[1]
    with socket.create_connection(("127.0.0.1", port)):
        assert until(lambda: listener.came == 1)
    for host in ("127.0.0.1", "localhost", "[::1]"):
        call = f"<http://{host}:{port}/sparql> {{ ?s ?p ?o }}"
        texts = [f"SELECT * {{ SERVICE {call} }}", f"SELECT * {{ SERVICE SILENT {call} }}"]
        tasks = [job(release, text) for text in (*texts, "ASK {}")]
        refused, silent, after = answers(Limits(workers=1), *tasks)
        assert refused == "cannot-be-answered"
        assert isinstance(silent, bytes)  # an empty row: why the text is read as well
        assert after == b'{"head":{},"boolean":true}'
    assert listener.came == 1


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ SERVICE SILENT <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * {{ VALUES ?u {{ <{url}> }} SERVICE ?u {{ ?s ?p ?o }} }}",
        "SELECT * FROM <{url}> {{ ?s ?p ?o }}",
        "SELECT * FROM NAMED <{url}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
        "LOAD <{url}>",
        "INSERT {{ ?s ?p ?o }} WHERE {{ SERVICE <{url}> {{ ?s ?p ?o }} }}",
        "SELECT * FROM <file:///etc/passwd> {{ ?s ?p ?o }}",
    ],
)
def test_what_would_fetch_is_refused(query: str, server: Server, listener: Listener) -> None:
    url = f"http://127.0.0.1:{listener.server_address[1]}/x"
    reply = server.sparql(query.format(url=url))
    assert problem(reply) in {"service-refused", "no-such-graph", "read-only"}
    dataset = server.sparql("SELECT * { ?s ?p ?o }", **{"default-graph-uri": url})
    assert dataset.json()["results"]["bindings"] == []
    assert listener.came == 0


WALLED = """
import errno, os, socket, subprocess, sys
from careatlas.service.walls import raise_walls
raise_walls(400 << 20)
for family in (socket.AF_INET, socket.AF_INET6, socket.AF_UNIX, socket.AF_NETLINK):
    try:
        socket.socket(family)
    except OSError as error:
        assert error.errno in (errno.EPERM, errno.EAFNOSUPPORT), error
    else:
        sys.exit(f"a socket of {family}")
try:
    os.execv("/bin/true", ["true"])
except PermissionError:
    pass
try:
    bytearray(500 << 20)
except MemoryError:
    print("walled")
"""


def test_behind_the_walls_there_is_no_socket_no_program_and_little_memory() -> None:
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-c", WALLED], capture_output=True, text=True, timeout=60, check=False
    )
    assert (run.stdout, run.stderr, run.returncode) == ("walled\n", "", 0)


# ---- limits


@pytest.mark.parametrize(
    ("query", "status", "kind"),
    [
        (RUNAWAY, 504, "time-limit"),
        (REGEX, 504, "time-limit"),
        (DEEP, 503, "too-deep"),
        ("ASK { FILTER(" + "(" * 20000 + "1" + ")" * 20000 + " = 1) }", 503, "too-deep"),
    ],
)
def test_a_query_that_runs_away_costs_its_own_answer(
    query: str, status: int, kind: str, strict: Server
) -> None:
    reply = strict.sparql(query)
    assert (reply.status_code, problem(reply)) == (status, kind)
    assert works(strict)
    assert httpx.get(f"{strict.url}/sparql/queries").json() == []


def test_a_query_that_wants_too_much_memory_is_told_so(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path / "log", "--memory", "300", "--timeout", "30") as server:
        reply = server.sparql(GREEDY)
        assert (reply.status_code, problem(reply)) == (503, "memory-limit")
        assert works(server)


def test_the_walls_hold_with_the_allocator_that_the_guide_advises(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = find_library("jemalloc")
    if found is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("install libjemalloc2 with apt-get")
    monkeypatch.setenv("LD_PRELOAD", found)
    with serve(home, tmp_path / "log", "--memory", "300", "--timeout", "30") as server:
        assert found in Path(f"/proc/{server.process.pid}/maps").read_text(encoding="utf-8")
        reply = server.sparql(GREEDY)
        assert (reply.status_code, problem(reply)) == (503, "memory-limit")
        assert works(server)


def test_a_client_can_ask_for_less_time_and_not_for_more(strict: Server) -> None:
    short = strict.sparql(RUNAWAY, timeout="0.3")
    assert "0.3 seconds" in short.json()["detail"]
    long = strict.sparql(RUNAWAY, timeout="60")
    assert "limit of 1 seconds" in long.json()["detail"]


def test_a_full_slow_lane_parks_long_queries_and_then_turns_them_away(
    home: Path, tmp_path: Path
) -> None:
    with serve(home, tmp_path / "log", "--slow", "1", "--timeout", "3") as server:
        with ThreadPoolExecutor(8) as threads:
            asked = [threads.submit(server.sparql, f"{RUNAWAY} # {n}") for n in range(8)]
            assert works(server)
            replies = [one.result() for one in asked]
        kinds = [problem(reply) for reply in replies]
        assert kinds.count("time-limit") >= 3  # one that ran, and two that were parked
        assert kinds.count("too-many-long-queries") == 8 - kinds.count("time-limit") > 0
        refused = [one for one in replies if one.status_code == 503]
        assert all(int(one.headers["retry-after"]) > 0 for one in refused)


def test_many_long_queries_take_turns_and_all_are_answered(home: Path, tmp_path: Path) -> None:
    """Each takes longer than a short one may, and more come than the slow lane holds."""
    with serve(home, tmp_path / "log", "--slow", "2", "--timeout", "60") as server:
        long = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . { SELECT ?d { ?d ?e ?f } LIMIT 30 } # %d\n }"
        with ThreadPoolExecutor(6) as threads:
            replies = list(threads.map(lambda n: server.sparql(long % n), range(18)))
        assert {reply.status_code for reply in replies} == {200}
        assert len({reply.text for reply in replies}) == 1


def test_runaways_leave_the_others_alone(server: Server) -> None:
    with ThreadPoolExecutor(14) as threads:
        runaways = [threads.submit(server.sparql, RUNAWAY, timeout="4") for _ in range(6)]
        ordinary = [
            threads.submit(server.sparql, f"SELECT * {{ ?s ?p ?o }} LIMIT {n}") for n in range(200)
        ]
        assert [one.result().status_code for one in ordinary] == [200] * 200
        assert not any(one.done() for one in runaways)
        assert {problem(one.result()) for one in runaways} == {"time-limit"}


# ---- what breaks


@contextmanager
def streaming(server: Server, query: str, **given: str) -> Iterator[httpx.Response]:
    params = {"query": query} | given
    headers = {"accept": "text/csv", "accept-encoding": "identity"}
    with httpx.stream(
        "GET", f"{server.url}/sparql", params=params, headers=headers, timeout=60
    ) as reply:
        yield reply


def test_an_answer_that_breaks_off_is_no_shorter_answer(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path / "log", "--timeout", "5") as server:
        with streaming(server, ENDLESS) as reply:
            assert reply.status_code == 200
            with pytest.raises(httpx.RemoteProtocolError):
                for _ in reply.iter_raw():
                    pass
        assert until(lambda: any("broke off" in str(line["message"]) for line in server.lines()))
        assert works(server)


def workers_of(server: Server) -> list[int]:
    """The processes that answer queries: those that have a release open."""
    found = []
    for pid in server.processes()[1:]:
        try:
            files = [str(one.readlink()) for one in Path(f"/proc/{pid}/fd").iterdir()]
        except OSError:
            continue
        if any("/store/" in file for file in files):
            found.append(pid)
    return found


def test_a_worker_that_is_killed_takes_only_its_own_answer_along(
    home: Path, tmp_path: Path
) -> None:
    with serve(home, tmp_path / "log", "--workers", "2") as server:
        with streaming(server, ENDLESS) as reply:
            pieces = reply.iter_raw()
            next(pieces)
            for pid in workers_of(server):
                os.kill(pid, signal.SIGKILL)
            with pytest.raises(httpx.RemoteProtocolError):
                for _ in pieces:
                    pass
        with ThreadPoolExecutor(4) as threads:
            waiting = threads.submit(server.sparql, RUNAWAY)
            assert until(lambda: bool(httpx.get(f"{server.url}/sparql/queries").json()))
            for pid in workers_of(server):
                os.kill(pid, signal.SIGKILL)
            assert problem(waiting.result()) == "ended-by-system"
        assert all(works(server) for _ in range(10))


def test_a_client_that_leaves_ends_its_query(server: Server) -> None:
    def queries() -> list[dict[str, object]]:
        found: list[dict[str, object]] = httpx.get(f"{server.url}/sparql/queries").json()
        return found

    with pytest.raises(httpx.ReadTimeout):
        httpx.get(f"{server.url}/sparql", params={"query": RUNAWAY}, timeout=0.5)
    assert until(lambda: queries() == [], 5)
    with streaming(server, ENDLESS) as reply:
        pieces = reply.iter_raw()
        next(pieces)
        assert [one["query"] for one in queries()] == [ENDLESS]
    assert until(lambda: queries() == [], 5)


def test_whoever_asks_can_look_and_end(server: Server) -> None:
    address = f"{server.url}/sparql/queries"
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(server.sparql, RUNAWAY, **{"query-id": "my-long-query"})
        assert until(lambda: bool(httpx.get(address).json()))
        shown = httpx.get(address).json()[0]
        assert (shown["id"], shown["query"]) == ("my-long-query", RUNAWAY)
        taken = server.sparql("ASK {}", **{"query-id": "my-long-query"})
        assert (taken.status_code, problem(taken)) == (409, "query-id-taken")
        assert httpx.delete(f"{address}/another-query").status_code == 404
        assert httpx.delete(f"{address}/my-long-query").status_code == 204
        ended = asked.result()
    assert (ended.status_code, problem(ended)) == (503, "ended-by-client")


# ---- large answers, new releases, the end


def memory(pids: list[int]) -> int:
    """The memory of processes that nobody else has, in bytes."""
    found = 0
    for pid in pids:
        text = Path(f"/proc/{pid}/smaps_rollup").read_text()
        found += sum(
            int(line.split()[1]) << 10 for line in text.splitlines() if line.startswith("Private_")
        )
    return found


def test_a_million_rows_stream_through_little_memory(home: Path, tmp_path: Path) -> None:
    # Long answers get what nobody else wants of the processors: on a busy machine this takes long.
    with serve(home, tmp_path / "log", "--timeout", "120") as server:
        assert works(server)
        before = memory(server.processes())
        most = rows = 0
        query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 1000000"
        with streaming(server, query) as reply:
            for count, piece in enumerate(reply.iter_raw(1 << 16)):
                rows += piece.count(b"\n")
                if count % 500 == 0:
                    most = max(most, memory(server.processes()))
    assert rows == 1_000_001
    assert most - before < 64 << 20


def publish(home: Path, number: int) -> str:
    one = NamedNode("http://data.example/number")
    quads = [Quad(one, one, Literal(str(number)), one)]
    name = content_hash(quads)[:16]
    manifest = {"release": name, "as_of": "2025-01-01", "quads": 1, "sources": {}, "kinds": {}}
    Releases(home).publish(quads, {}, manifest | {"rows": 0}, "")
    return name


def test_a_new_release_is_taken_up_without_a_failed_request(tmp_path: Path) -> None:
    home = tmp_path / "home"
    names = [publish(home, 0)]
    seen: list[tuple[int, str, str]] = []
    stop = threading.Event()
    query = "SELECT ?n { ?s ?p ?n } # %d"
    with serve(home, tmp_path / "log") as server, ThreadPoolExecutor(16) as threads:

        def ask(client: int) -> None:
            with httpx.Client(timeout=30) as own:
                count = 0
                while not stop.is_set():
                    count += 1
                    text = query % (client * 1_000_000 + count)
                    reply = own.get(f"{server.url}/sparql", params={"query": text})
                    value = reply.json()["results"]["bindings"][0]["n"]["value"]
                    seen.append((reply.status_code, reply.headers["dataset-version"], value))

        clients = [threads.submit(ask, client) for client in range(16)]
        for number in range(1, 4):
            names.append(publish(home, number))
            assert until(lambda: any(version == names[-1] for _, version, _ in list(seen)))
        stop.set()
        for client in clients:
            client.result()
    assert {status for status, _, _ in seen} == {200}
    # Each answer is of the release that it says it is of.
    assert {(version, value) for _, version, value in seen} == {
        (name, str(number)) for number, name in enumerate(names)
    }


def test_a_stop_lets_requests_end_and_leaves_nothing(home: Path, tmp_path: Path) -> None:
    query = "SELECT ?a ?d { ?a ?b ?c . ?d ?e ?f } LIMIT 60000"
    with serve(home, tmp_path / "log", "--timeout", "60") as server:
        family = server.processes()
        # More than what lies between the two can hold: it is under way until the client reads on.
        plain = {"accept": JSON, "accept-encoding": "identity"}
        url = f"{server.url}/sparql"
        with CLIENT.stream("GET", url, params={"query": query}, headers=plain) as reply:
            pieces = reply.iter_bytes(1 << 16)
            body = next(pieces)
            assert CLIENT.get(f"{server.url}/sparql/queries").json()
            server.process.terminate()
            assert until(lambda: "Shutting down" in server.log.read_text())
            body += b"".join(pieces)
    assert len(json.loads(body)["results"]["bindings"]) == 60_000
    assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family))


def test_a_service_that_is_killed_leaves_no_worker(home: Path, tmp_path: Path) -> None:
    with serve(home, tmp_path / "log") as server:
        family = server.processes()
        assert len(family) > 2
        server.process.kill()
        assert until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in family[1:]))


def test_a_folder_of_the_same_name_is_not_taken_for_the_package(home: Path, tmp_path: Path) -> None:
    """As in a clone: what is installed serves, not what lies where it is started."""
    decoy = tmp_path / "careatlas"
    decoy.mkdir()
    (decoy / "__init__.py").write_text("raise RuntimeError('not this one')")
    with serve(home, tmp_path / "log", "--workers", "1", cwd=tmp_path) as server:
        assert works(server)


def test_a_port_that_is_taken_is_one_plain_line(server: Server, home: Path) -> None:
    port = server.url.rsplit(":", 1)[1]
    run = subprocess.run(  # noqa: S603
        [sys.executable, "-m", "careatlas", "serve", "--home", str(home), "--port", port],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.count("\n") == 1
    assert "in use" in run.stderr
