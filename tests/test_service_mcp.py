"""The questions as tools for language-model clients, tried with the client of the official SDK."""

import asyncio
import csv
import json
import re
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import httpx
import pytest
from goldens import REAL
from jsonschema import Draft202012Validator
from mcp import Client, MCPError, types
from mcp.client.stdio import StdioServerParameters
from servers import Server, serve

from careatlas.cli import main
from careatlas.graph.answer import Answer, typed
from careatlas.graph.labels import Labels
from careatlas.graph.questions import Question, catalogue, get
from careatlas.graph.release import Release
from careatlas.service import mcp_calls, mcp_text
from careatlas.service.mcp_tools import LISTED, card_schema, tools
from careatlas.service.pool import Limits
from careatlas.service.problems import Problem
from careatlas.service.state import Service, ServiceSettings

ASKED: list[tuple[str, dict[str, Any]]] = [
    ("who-uses-what", {"product": "RapidAI", "route": "network"}),
    ("adoption", {}),
    ("disclosures", {"trust": "Leeds Teaching Hospitals", "as_of": "2025-06-01"}),
    ("conflicts", {"subject": "University Hospitals of Leicester"}),
    ("network-members", {"network": "Surrey Stroke Network"}),
    ("governance", {}),
    ("independent-evidence", {"vendor": "Brainomix"}),
]
HELPERS = {"routes", "search", "describe", "questions", "sparql"}
T = TypeVar("T")
RAPID = "https://w3id.org/careatlas/id/product/ischemaview/rapidai"


@pytest.fixture(scope="module")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serve(home, tmp_path_factory.mktemp("mcp") / "log", "--workers", "2") as running:
        yield running


def over_stdio(home: Path) -> StdioServerParameters:
    return StdioServerParameters(
        command=sys.executable, args=["-m", "careatlas", "mcp", "--home", str(home)]
    )


def connected(
    server: str | StdioServerParameters, do: Callable[[Client], Awaitable[T]], mode: str = "auto"
) -> T:
    async def run() -> T:
        async with Client(server, mode=mode) as client:
            return await do(client)

    return asyncio.run(run())


def call(server: Server, name: str, /, **arguments: object) -> types.CallToolResult:
    async def ask(client: Client) -> types.CallToolResult:
        # The client holds what comes back against the schema of the tool.
        return await client.call_tool(name, arguments)

    return connected(f"{server.url}/mcp", ask)


def text_of(result: types.CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text


def refusal(server: Server, name: str, /, **arguments: object) -> str:
    result = call(server, name, **arguments)
    assert result.is_error
    said = text_of(result)
    assert "\n" not in said
    return said


def by_command(
    home: Path, name: str, given: dict[str, Any], capsys: pytest.CaptureFixture[str]
) -> dict[str, Any]:
    flags = [part for key, value in given.items() for part in (f"--{key.replace('_', '-')}", value)]
    assert main(["ask", name, *flags, "--format", "json", "--home", str(home)]) == 0
    return dict(json.loads(capsys.readouterr().out))


def test_each_question_is_a_tool_with_its_types(server: Server, release: Release) -> None:
    async def listed(client: Client) -> tuple[list[types.Tool], str | None]:
        return (await client.list_tools()).tools, client.instructions

    found, instructions = connected(f"{server.url}/mcp", listed)
    known = {tool.name: tool for tool in found}
    assert known.keys() == {question.name for question in catalogue()} | HELPERS
    assert "No row is not a no" in instructions
    for tool in found:
        assert re.fullmatch(r"[a-zA-Z0-9_-]{1,64}", tool.name)
        for schema in (tool.input_schema, tool.output_schema):
            Draft202012Validator.check_schema(schema)
            assert schema["type"] == "object"
            assert schema["additionalProperties"] is False
        assert tool.annotations.read_only_hint
        assert "--" not in tool.description
    for question in catalogue():
        tool = known[question.name]
        assert tool.title == question.title
        assert tool.description.startswith(question.title)
        takes = tool.input_schema["properties"]
        assert takes.keys() == {*question.parameter, "limit", "offset"}
        assert takes["as_of"]["format"] == "date"
        gives = tool.output_schema["properties"]["rows"]["items"]["properties"]
        assert gives.keys() == question.columns.keys()
    assert known["adoption"].input_schema["properties"]["by"]["enum"] == ["region", "icb"]
    statuses = known["who-uses-what"].input_schema["properties"]["status"]["enum"]
    assert {"live", "trialling", "research-only"} <= set(statuses)
    assert tools(None)[0].name == found[0].name
    assert release.name


def test_what_a_schema_lists_is_found_by_name(release: Release) -> None:
    labels = Labels(release.labels)
    known = {tool.name: tool for tool in tools(release)}
    listed = 0
    for question in catalogue():
        tool = known[question.name]
        for parameter in question.parameters:
            values = tool.input_schema["properties"][parameter.name].get("enum", [])
            assert len(values) <= LISTED
            if parameter.type != "string":
                for value in values:
                    assert labels.find(parameter.type, value).endswith(f"/{value}")
                    listed += 1
    assert listed > 50


def in_types(
    question: Question, columns: tuple[str, ...], rows: list[tuple[str, ...]]
) -> list[dict[str, Any]]:
    """Rows of text in the types of their columns, as JSON has them."""
    found = typed(Answer(question, "", columns, tuple(rows), None, ()))
    read: list[dict[str, Any]] = json.loads(json.dumps(found, default=str))
    return read


@pytest.mark.parametrize("question", catalogue(), ids=lambda question: question.name)
def test_the_rows_of_every_question_fit_the_schema_of_its_tool(question: Question) -> None:
    item = card_schema(question)["properties"]["rows"]["items"]
    with (REAL / f"{question.name}.csv").open(encoding="utf-8", newline="") as file:
        columns, *rows = csv.reader(file)
    fits = Draft202012Validator(item)
    given = in_types(question, tuple(columns), [tuple(row) for row in rows])
    assert [list(fits.iter_errors(row)) for row in given] == [[] for _ in rows]


@pytest.mark.parametrize(("name", "given"), ASKED, ids=[name for name, _ in ASKED])
def test_an_answer_is_that_of_the_command(  # noqa: PLR0913
    server: Server,
    home: Path,
    release: Release,
    capsys: pytest.CaptureFixture[str],
    name: str,
    given: dict[str, Any],
) -> None:
    expected = by_command(home, name, given, capsys)
    result = call(server, name, **given, limit=1000)
    card = result.structured_content
    assert not result.is_error
    assert card["rows"]
    assert card["total"] == len(card["rows"])
    assert card["next_offset"] is None
    question = get(name)
    columns = tuple(expected["columns"])
    rows = [tuple(row[column] for column in columns) for row in expected["rows"]]
    assert card["rows"] == in_types(question, columns, rows)
    for key in ("title", "columns", "counting_rule", "cohort", "not_known", "release"):
        assert card[key] == expected[key]
    known = release.manifest["sources"]
    cited = {
        cell
        for row in expected["rows"]
        for column, cell in row.items()
        if "source" in column.split("_") and cell in known
    }
    assert cited
    assert set(card["sources"]) == cited
    assert all(card["sources"][key]["title"] == known[key]["title"] for key in cited)
    text = text_of(result)
    assert f"of {card['total']}" in text
    assert all(f"Not known: {mcp_text.plainly(gap)}" in text for gap in card["not_known"])


def test_over_stdio_it_is_the_same(server: Server, home: Path) -> None:
    async def ask(client: Client) -> list[object]:
        listed = [tool.model_dump() for tool in (await client.list_tools()).tools]
        name, given = ASKED[0]
        answers = [await client.call_tool(name, given)]
        answers += await asyncio.gather(
            client.call_tool("search", {"text": "Brainomix"}),
            client.call_tool("who-uses-what", {"trust": "Nowhere"}),
        )
        told = [(one.is_error, one.structured_content, text_of(one)) for one in answers]
        return [listed, told]

    assert connected(over_stdio(home), ask) == connected(f"{server.url}/mcp", ask)


def test_stdout_carries_the_protocol_alone_and_nothing_stays_behind(home: Path) -> None:
    def line(number: int | None, method: str, params: dict[str, Any]) -> str:
        message: dict[str, Any] = {"jsonrpc": "2.0", "method": method, "params": params}
        return json.dumps(message | ({"id": number} if number else {})) + "\n"

    hello = {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    }
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "careatlas", "mcp", "--home", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(line(1, "initialize", hello) + line(None, "notifications/initialized", {}))
    process.stdin.write(line(2, "tools/call", {"name": "sparql", "arguments": {"query": "ASK {}"}}))
    process.stdin.flush()
    said = [json.loads(process.stdout.readline()) for _ in range(2)]
    assert [one["id"] for one in said] == [1, 2]
    assert said[1]["result"]["structuredContent"]["boolean"] is True
    # The pipes are at their end only when the last process that holds one has ended.
    out, err = process.communicate(timeout=30)
    assert (out, err, process.returncode) == ("", "", 0)


def test_a_signal_ends_it_at_once(home: Path) -> None:
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-m", "careatlas", "mcp", "--home", str(home)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    process.stdin.write(json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"}) + "\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline())["id"] == 1
    process.send_signal(signal.SIGINT)
    assert process.communicate(timeout=30)[0] == ""


@pytest.mark.parametrize("mode", ["legacy", "auto"])
def test_clients_of_each_revision_of_the_protocol_are_answered(server: Server, mode: str) -> None:
    async def ask(client: Client) -> types.CallToolResult:
        return await client.call_tool("questions", {"name": "adoption"})

    result = connected(f"{server.url}/mcp", ask, mode)
    (found,) = result.structured_content["questions"]
    assert found["sparql"].startswith("PREFIX")
    assert found["counting_rule"] == get("adoption").description


@pytest.mark.parametrize(
    ("name", "arguments", "said"),
    [
        (
            "who-uses-what",
            {"product": "RapidIA"},
            r"product: no product .*'RapidIA'; nearest: RapidAI",
        ),
        ("who-uses-what", {"trust": "University"}, r"trust: .*names more than one trust: .* \| "),
        ("who-uses-what", {"as_of": "yesterday"}, r"as_of: 'yesterday' is not a day"),
        ("who-uses-what", {"prodct": "x"}, r"prodct: .*no such argument; nearest: product"),
        ("who-uses-what", {"product": 7}, r"product: 7 is no string"),
        ("who-uses-what", {"limit": 0}, r"limit: 0 is below 1"),
        ("who-uses-what", {"limit": 5000}, r"limit: 5000 is above 1000"),
        ("who-uses-what", {"limit": True}, r"limit: True is no integer"),
        ("adoption", {"by": "county"}, r"by: 'county' is none of region, icb"),
        ("search", {}, r"text: search needs it"),
        ("search", {"text": "x", "kind": "trusts"}, r"kind: .*'trusts'; nearest: trust"),
        ("describe", {"thing": "Brainomics"}, r"thing: nothing .*'Brainomics'; nearest: Brainomix"),
        ("describe", {"thing": "RapidAI"}, r"thing: 'RapidAI' names several .*\(product\)"),
        ("describe", {"thing": "RapdAI", "kind": "product"}, r"thing: .*nearest: RapidAI"),
        ("describe", {"thing": "urn://nobody"}, r"thing: this release says nothing of"),
        ("describe", {"thing": "https://a b"}, r"thing: 'https://a b' is no IRI"),
        ("questions", {"name": "adoptoin"}, r"name: no question .*nearest: adoption"),
        ("sparql", {"query": "SELECT"}, r"not SPARQL at line 1, column 7"),
        ("sparql", {"query": "SELECT * { SERVICE <http://127.0.0.1/> {} }"}, r"SERVICE is refused"),
        ("sparql", {"query": "DROP ALL"}, r"read-only"),
        ("sparql", {"query": "ASK FROM <urn:no> {}"}, r"no graph <urn:no>"),
    ],
)
def test_what_is_wrong_is_said_in_one_line(
    server: Server, name: str, arguments: dict[str, Any], said: str
) -> None:
    assert re.search(said, refusal(server, name, **arguments))


def test_no_such_tool(server: Server) -> None:
    async def ask(client: Client) -> str:
        with pytest.raises(MCPError) as refused:
            await client.call_tool("who-uses", {})
        return str(refused.value)

    assert "nearest: who-uses-what" in connected(f"{server.url}/mcp", ask)


def test_null_is_an_argument_not_given(server: Server) -> None:
    whole = call(server, "governance")
    assert call(server, "governance", as_of=None, limit=None).structured_content == (
        whole.structured_content
    )


def test_a_long_answer_comes_in_pages_and_says_so(server: Server) -> None:
    first = call(server, "who-uses-what")
    card = first.structured_content
    assert len(card["rows"]) == 200
    assert card["total"] > 200
    assert card["next_offset"] == 200
    rest = call(server, "who-uses-what", offset=200, limit=1000).structured_content
    assert rest["next_offset"] is None
    assert len(rest["rows"]) == card["total"] - 200
    shown = int(re.search(r"Rows 1 to (\d+) of", text_of(first))[1])
    assert shown < 200
    assert f"ask again with offset {shown}." in text_of(first)
    onward = text_of(call(server, "who-uses-what", offset=shown))
    assert f"Rows {shown + 1} to" in onward
    beyond = call(server, "who-uses-what", offset=10_000)
    assert beyond.structured_content["rows"] == []
    assert "No row from 10001 on" in text_of(beyond)


def test_no_row_is_not_a_no(server: Server) -> None:
    result = call(server, "who-uses-what", known_by="1990-01-01")
    assert result.structured_content["total"] == 0
    assert "which is not a no" in text_of(result)


def test_a_search_forgives_typing(server: Server) -> None:
    found = call(server, "search", text="Brainomx").structured_content["found"]
    assert found[0]["name"] == "Brainomix"
    found = call(server, "search", text="kings colege", kind="trust").structured_content["found"]
    assert found[0]["name"] == "King's College Hospital NHS Foundation Trust"
    nothing = call(server, "search", text="zzzzqqqq")
    assert nothing.structured_content["found"] == []
    assert "no proof" in text_of(nothing)


def test_a_thing_is_described_with_its_sources(server: Server) -> None:
    result = call(server, "describe", thing="RapidAI", kind="product")
    thing = result.structured_content
    assert (thing["iri"], thing["name"]) == (RAPID, "RapidAI")
    assert thing == call(server, "describe", thing=RAPID).structured_content
    kinds = {one["value"] for one in thing["statements"] if one["property"].endswith("#type")}
    assert "https://w3id.org/careatlas/def#AISystem" in kinds
    assert all(one["source"] in thing["sources"] for one in thing["statements"] if one["source"])
    assert all(one["locator"] for one in thing["claims"])
    assert any(one["property"].endswith("deploysProduct") for one in thing["referred_to_by"])
    short = call(server, "describe", thing=RAPID, limit=2)
    assert len(short.structured_content["referred_to_by"]) == 2
    assert "referred_to_by" in short.structured_content["goes_on"]
    assert "the first 2; there are more" in text_of(short)


def test_a_query_gives_typed_rows_and_never_a_silent_part(server: Server) -> None:
    def asked(query: str, **more: object) -> dict[str, Any]:
        return dict(call(server, "sparql", query=query, **more).structured_content)

    cells = asked(
        'SELECT * { VALUES (?n ?x ?b ?t ?i ?u) { (7 0.5 true "a\\tb\\nc"@en <urn:a> UNDEF) } }'
    )
    assert cells["complete"]
    assert cells["rows"] == [{"n": 7, "x": 0.5, "b": True, "t": "a\tb\nc", "i": "urn:a", "u": None}]
    assert asked("ASK { FILTER(false) }")["boolean"] is False
    ten = "SELECT * { VALUES ?x { 1 2 3 4 5 6 7 8 9 10 } }"
    assert asked(ten, limit=10)["complete"]
    cut = call(server, "sparql", query=ten, limit=9)
    assert not cut.structured_content["complete"]
    assert len(cut.structured_content["rows"]) == 9
    assert "there are more" in text_of(cut)
    everything = asked("SELECT * { ?s ?p ?o }", limit=1000)
    assert (len(everything["rows"]), everything["complete"]) == (1000, False)
    graph = asked("CONSTRUCT WHERE { ?s a ?class }", limit=3)
    assert (len(graph["rows"]), graph["complete"]) == (3, False)
    assert graph["columns"] == ["subject", "predicate", "object"]
    assert asked("CONSTRUCT { <urn:a> <urn:b> 1 } {}")["rows"] == [
        {"subject": "urn:a", "predicate": "urn:b", "object": 1}
    ]
    assert asked("SELECT * { FILTER(false) }") | {"release": ""} == {
        "release": "",
        "columns": [],
        "rows": [],
        "complete": True,
    }


def test_a_runaway_costs_its_own_answer_only(home: Path) -> None:
    async def run() -> list[types.CallToolResult]:
        service = Service(ServiceSettings(home, Limits(workers=1, slow=1, seconds=1.0)))
        known = {tool.name: tool for tool in tools(None)}
        await service.pool.start()
        try:
            runaway = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
            return await asyncio.gather(
                mcp_calls.call(service, known["sparql"], {"query": runaway}),
                mcp_calls.call(service, known["sparql"], {"query": "ASK {}"}),
            )
        finally:
            await service.pool.stop()

    runaway, other = asyncio.run(run())
    assert "time limit of 1 seconds" in text_of(runaway)
    assert (runaway.is_error, other.is_error) == (True, False)


def test_without_a_release_a_tool_says_so(tmp_path: Path) -> None:
    service = Service(ServiceSettings(tmp_path))
    known = {tool.name: tool for tool in tools(None)}
    result = asyncio.run(mcp_calls.call(service, known["governance"], {}))
    assert (result.is_error, "no release" in text_of(result)) == (True, True)


def test_over_http_only_post_is_answered_and_any_host_may_ask(server: Server) -> None:
    address = f"{server.url}/mcp"
    refused = httpx.get(address, headers={"accept": "text/event-stream"})
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST, OPTIONS")
    assert refused.json()["detail"] == "allowed: POST, OPTIONS"
    message = {"jsonrpc": "2.0", "id": 1, "method": "tools/list", "params": {}}
    accept = {"accept": "application/json, text/event-stream", "host": "atlas.example"}
    answer = httpx.post(address, json=message, headers=accept | {"origin": "https://a.example"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["access-control-allow-origin"] == "*"
    assert len(answer.json()["result"]["tools"]) == len(catalogue()) + len(HELPERS)
    large = httpx.post(
        address, content=b" " * (2 << 20), headers={"content-type": "application/json"}
    )
    assert large.status_code == 413


def test_texts_are_bounded() -> None:
    rows = [{"a": "x" * 2000, "b": None, "c": True}] * 100
    text, shown = mcp_text.table(["a", "b", "c"], rows)
    assert 0 < shown < 100
    assert len(text) <= mcp_text.BUDGET
    assert text.splitlines()[1].endswith("…,,true")
    assert mcp_calls.said(Problem(503, "busy", "no worker\nis free", retry_after=2)) == (
        "no worker is free; try again in 2 s"
    )
