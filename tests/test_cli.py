"""The command as people and programs call it: formats, statuses, and errors in one plain line."""

import csv
import fcntl
import io
import json
import os
import pty
import re
import shutil
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path

import pytest
from pyoxigraph import RdfFormat, Store, parse

from careatlas import cli
from careatlas.graph import questions
from careatlas.graph.dataset import stated
from careatlas.graph.release import Releases
from careatlas.loaders.tables import harvest
from careatlas.validation import together

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
COMMANDS = ("build", "questions", "ask", "sparql", "validate", "releases", "diff", "export")
CONTRACT = {
    "who-uses-what": "trust,ods,vendor,product,description,use_case,status,route_type,involvement,"
    "route,reported,source,locator",
    "disclosures": "trust,ods,answer,detail,exemption,reported,source,locator",
    "usage": "trust,ods,vendor,product,description,min,max,approximate,unit,per,period_start,"
    "period_end,source,locator",
    "vendor-footprint": "vendor,mentioned,live,stated,difference",
    "routes-stated": "trust,ods,vendor,product,description,route_type,involvement,route,source,"
    "locator",
    "conflicts": "subject,type,resolution,claim_a,source_a,claim_b,source_b,reason",
    "partnerships": "agreement,kind,party,role,announced,source,locator",
    "studies": "study,organisation,role,product,integrated_with,period_start,source,locator",
    "projects": "project,kind,organisation,resolved,milestone,planned_start,planned_end,source,"
    "locator",
    "governance": "organisation,instrument,kind,state,source,locator",
    "barriers": "barrier,stated_by,source,locator",
    "adoption": "group,members,uses,denies,refused,no_response,not_asked,lower_bound,upper_bound",
    "network-members": "network,kind,trust,ods,valid_from,valid_to,source",
}


@dataclass(frozen=True)
class Done:
    """A call that ended: its status and what it wrote."""

    status: int
    out: str
    err: str

    @property
    def rows(self) -> list[dict[str, str]]:
        """The rows of CSV output."""
        return list(csv.DictReader(io.StringIO(self.out, newline="")))


def environment(home: Path | None, **more: str) -> dict[str, str]:
    """The environment of a user whose releases lie in a home."""
    ours = ("CAREATLAS_", "XDG_", "COLUMNS", "LINES")
    kept = {k: v for k, v in os.environ.items() if not k.startswith(ours)}
    return kept | ({"CAREATLAS_HOME": str(home)} if home else {}) | more


def command(*arguments: str | bytes) -> list[str | bytes]:
    return [sys.executable, "-m", "careatlas", *arguments]


def call(*arguments: str | bytes, home: Path | None, env: Mapping[str, str] | None = None) -> Done:
    """Call the command in a process of its own, its output in pipes."""
    done = subprocess.run(  # noqa: S603
        command(*arguments),
        env=environment(home, **(env or {})),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        timeout=120,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def one_line(err: str) -> bool:
    """Whether this is one plain line of ours."""
    return (
        err.startswith("careatlas: ")
        and err.endswith("\n")
        and err.removesuffix("\n").isprintable()
    )


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Done]:
    """A home with a release of the small world, and what its build printed."""
    home = tmp_path_factory.mktemp("small") / "home"
    return home, call("build", "--data", str(SMALL_WORLD), home=home)


@pytest.fixture(scope="module")
def small(built: tuple[Path, Done]) -> Path:
    """A home with a release of the small world."""
    home, done = built
    assert done.status == 0, done.err
    return home


# ---- building


def test_a_build_prints_what_went_in_and_came_out(built: tuple[Path, Done]) -> None:
    home, done = built
    release = Releases(home).current()
    lines = done.out.splitlines()
    assert lines[0] == f"release {release.name}"
    counts = re.fullmatch(r"rows (\d+) records (\d+) rejects (\d+)", lines[1])
    assert counts
    rows, records, rejects = map(int, counts.groups())
    assert rows == records + rejects
    assert rejects == 0
    assert re.search(r"^findings Violation 0, Warning \d+, Info \d+$", done.out, re.MULTILINE)
    report = Path(lines[-1].removeprefix("report "))
    assert report == release.path / "report.txt"
    assert "claims/foi/deployments.csv: rows 8 records 8 rejects 0" in report.read_text("utf-8")
    assert re.fullmatch(r"(\w[\w ]* [\d.]+ s(, |\n))+", done.err)


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A copy of the small world, to be changed."""
    return Path(shutil.copytree(SMALL_WORLD, tmp_path / "world"))


def test_a_bad_row_is_named_and_the_rest_is_published(world: Path, tmp_path: Path) -> None:
    table = world / "left_out.csv"
    at = len(table.read_text(encoding="utf-8").splitlines()) + 1
    with table.open("a", encoding="utf-8") as file:
        file.write("reports,N10,no source,,row 1\n")
    done = call("build", "--data", str(world), home=tmp_path / "home")
    assert done.status == 0
    assert f"reject left_out.csv:{at}: source: Field required" in done.out.splitlines()
    assert "rejects 1" in done.out
    report = Releases(tmp_path / "home").current().path / "report.txt"
    assert f"reject left_out.csv:{at}: " in report.read_text(encoding="utf-8")


def test_a_build_that_does_not_conform_publishes_nothing(
    world: Path, small: Path, tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(small, home)
    before = Releases(home).current().name
    trusts = world / "reference" / "trusts.csv"
    text = trusts.read_text(encoding="utf-8")
    trusts.write_text(text.replace("acute,DA1 1AA", "cottage,DA1 1AA", 1), encoding="utf-8")
    done = call("build", "--data", str(world), home=home)
    assert done.status == 1
    assert done.out == ""
    lines = done.err.splitlines()
    assert re.fullmatch(r"careatlas: \d+ violations; nothing was published", lines[-1])
    assert any(line.startswith("reject reference/trusts.csv:2: trust_type: ") for line in lines)
    assert any(line.startswith("Violation ") for line in lines)
    assert "Traceback" not in done.err
    assert Releases(home).current().name == before


def test_the_day_of_a_build_decides_what_is_current(small: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    done = call("build", "--data", str(SMALL_WORLD), "--as-of", "2024-06-01", home=home)
    assert "as of 2024-06-01" in done.out
    assert Releases(home).current().name != Releases(small).current().name


@pytest.mark.parametrize("engine", ["pyshifty", "pyshacl"])
def test_both_engines_find_the_same_in_a_good_release(small: Path, engine: str) -> None:
    done = call("validate", "--engine", engine, "--format", "csv", home=small)
    assert done.status == 0
    assert done.out.splitlines()[0] == "severity,rule,focus,message"
    assert {row["severity"] for row in done.rows} <= {"Warning", "Info"}


def test_the_first_question_on_an_empty_home_is_answered(tmp_path: Path) -> None:
    home = tmp_path / "not" / "there"
    first = call("ask", "vendor-footprint", "--source", "foi-report-2025", home=home)
    assert first.status == 0
    assert first.err == f"no release in {home} yet: building the first from the tables that ship\n"
    assert len(first.rows) == 37
    second = call("ask", "vendor-footprint", "--source", "foi-report-2025", home=home)
    assert (second.status, second.err) == (0, "")
    assert second.out == first.out


# ---- asking


@pytest.mark.parametrize("name", CONTRACT)
def test_in_a_pipe_a_named_question_gives_csv_with_its_columns(name: str, home: Path) -> None:
    done = call("ask", name, home=home)
    assert (done.status, done.err) == (0, "")
    assert f"{done.out.splitlines()[0]},".startswith(f"{CONTRACT[name]},")
    assert done.rows
    assert "\r" not in done.out


def test_a_home_is_given_by_flag_or_environment(small: Path, home: Path) -> None:
    by_flag = call("releases", "--home", str(small), home=home)
    by_environment = call("releases", home=small)
    assert by_flag.out == by_environment.out != call("releases", home=home).out


def test_without_either_the_home_lies_in_the_users_data(small: Path, tmp_path: Path) -> None:
    shutil.copytree(small, tmp_path / "careatlas")
    done = call("releases", home=None, env={"XDG_DATA_HOME": str(tmp_path)})
    assert str(tmp_path / "careatlas") in done.out
    (tmp_path / ".local").mkdir()
    (tmp_path / "careatlas").rename(tmp_path / ".local" / "moved")
    done = call("releases", home=None, env={"HOME": str(tmp_path)})
    assert done.out == "release,current,as_of,quads,sources,path\n"


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_the_three_formats_hold_the_same_rows(
    name: str, home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")
    wrote = {}
    for form in ("csv", "json", "table"):
        assert cli.main(["ask", name, "--home", str(home), "--format", form]) == 0
        wrote[form] = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(wrote["csv"], newline="")))
    whole = json.loads(wrote["json"])
    assert whole["rows"] == rows
    assert whole["columns"] == list(rows[0])
    assert f"Rows: {len(rows)}" in wrote["table"]
    assert f"Release: {whole['release']}" in wrote["table"]
    assert rows[0][whole["columns"][0]] in wrote["table"]


@pytest.mark.parametrize("name", sorted(CONTRACT))
def test_the_query_shown_runs_as_it_stands(
    name: str, home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--as-of", "2025-06-30"] if name != "vendor-footprint" else ["--source", "mou-summary"]
    where = ["--home", str(home)]
    assert cli.main(["ask", name, *given, *where]) == 0
    asked = capsys.readouterr().out
    assert cli.main(["ask", name, *given, *where, "--show-query"]) == 0
    query = capsys.readouterr().out
    (tmp_path / "query.rq").write_text(query, encoding="utf-8")
    assert cli.main(["sparql", "-f", str(tmp_path / "query.rq"), *where]) == 0
    assert capsys.readouterr().out == asked
    assert "VALUES ?_known_by { UNDEF }" in query


def test_the_query_shown_has_the_name_resolved(small: Path, tmp_path: Path) -> None:
    query = call("ask", "who-uses-what", "--trust", "alder vale", "--show-query", home=small).out
    assert "VALUES ?_trust { <https://w3id.org/careatlas/id/org/ods/RAA> }" in query
    (tmp_path / "query.rq").write_text("\ufeff" + query, encoding="utf-8")
    run = call("sparql", "-f", str(tmp_path / "query.rq"), home=small)
    assert run.out == call("ask", "who-uses-what", "--trust", "RAA", home=small).out
    assert len(run.rows) == 4


@pytest.mark.parametrize(
    ("flags", "answers"),
    [
        ([], ["denies", "uses"]),
        (["--known-by", "2025-05-08"], ["denies"]),
        (["--known-by", "2025-05-06"], []),
        (["--as-of", "2025-05-08"], ["denies"]),
        (["--as-of", "2025-05-09"], ["uses"]),
        (["--as-of", "2024-09-17"], []),
        (["--as-of", "2026-01-01", "--known-by", "2025-05-08"], ["denies"]),
    ],
)
def test_what_was_true_and_what_was_known(
    flags: list[str], answers: list[str], small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    where = ["--home", str(small), "--format", "csv"]
    assert cli.main(["ask", "disclosures", "--trust", "RCC", *flags, *where]) == 0
    done = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert [row["answer"] for row in rows] == answers
    assert ("which is not a no" in done.err) == (not answers)


def test_an_older_release_can_be_asked(small: Path, world: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(small, home)
    old = Releases(home).current().name
    (world / "claims" / "foi" / "barriers.csv").unlink()
    assert call("build", "--data", str(world), home=home).status == 0
    assert call("ask", "barriers", home=home).rows == []
    assert len(call("ask", "barriers", "--release", old[:8], home=home).rows) == 1
    listed = call("releases", home=home).rows
    assert [row["current"] for row in listed] == ["", "yes"]
    assert listed[0]["release"] == old


def test_the_catalogue_lists_every_question(home: Path) -> None:
    done = call("questions", home=home)
    assert done.out.splitlines()[0] == "name,title,parameters,columns,answers"
    assert [row["name"] for row in done.rows] == questions.names()
    whole = json.loads(call("questions", "--format", "json", home=home).out)
    assert whole == done.rows
    adoption = next(row for row in whole if row["name"] == "adoption")
    assert "capability (capability)" in adoption["parameters"]
    assert "as_of (date)" in adoption["parameters"]
    assert adoption["columns"].startswith("group; members; uses; denies")


# ---- help


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main([name, "--help"])
    assert left.value.code == 0
    assert f"careatlas {name}" in capsys.readouterr().out


@pytest.mark.parametrize("name", questions.names())
def test_every_question_has_help_with_its_parameters(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["ask", name, "--help"])
    text = capsys.readouterr().out
    assert left.value.code == 0
    for parameter in questions.get(name).parameters:
        assert f"--{parameter.name.replace('_', '-')}" in text


def test_help_and_version_are_results() -> None:
    listed = call("--help", home=None)
    assert (listed.status, listed.err) == (0, "")
    assert all(f"    {name}" in listed.out for name in COMMANDS)
    assert re.fullmatch(r"careatlas \d+\.\d+\.\d+\n", call("--version", home=None).out)


def test_the_package_brings_the_command() -> None:
    (script,) = entry_points(group="console_scripts", name="careatlas")
    assert script.load() is cli.main


# ---- SPARQL


@pytest.mark.parametrize(
    ("query", "form", "wanted"),
    [
        ("SELECT (1 AS ?a) ('x,y' AS ?b) {}", "csv", 'a,b\n1,"x,y"\n'),
        ("SELECT (1 AS ?a) {}", "json", '[\n  {\n    "a": "1"\n  }\n]\n'),
        ("SELECT ?a { FILTER(false) }", "csv", "a\n"),
        ("ASK { ?s a <https://w3id.org/careatlas/def#NHSTrust> }", "csv", "true\n"),
        ("ASK { ?s a <https://example.org/Nothing> }", "json", "false\n"),
    ],
)
def test_any_query_can_be_run(
    query: str, form: str, wanted: str, small: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["sparql", query, "--format", form, "--home", str(small)]) == 0
    assert capsys.readouterr().out == wanted


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT { ?s ?p ?o } WHERE { ?s a <https://w3id.org/careatlas/def#NHSTrust> ; ?p ?o }",
        "DESCRIBE <https://w3id.org/careatlas/id/org/ods/RAA>",
    ],
)
def test_a_query_for_a_graph_prints_turtle(query: str, small: Path) -> None:
    done = call("sparql", query, home=small)
    found = list(parse(done.out.encode(), format=RdfFormat.TURTLE))
    assert done.status == 0
    assert "https://w3id.org/careatlas/id/org/ods/RAA" in {str(one.subject)[1:-1] for one in found}


def test_a_query_sees_all_graphs_and_their_names(small: Path) -> None:
    union = call("sparql", "SELECT (COUNT(*) AS ?n) { ?s a ?t }", home=small).rows[0]["n"]
    named = "SELECT (COUNT(DISTINCT ?g) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert int(union) > 500
    assert int(call("sparql", named, home=small).rows[0]["n"]) >= 8


# ---- validating

BAD_FILE = """
@prefix atlas: <https://w3id.org/careatlas/def#> .
<https://w3id.org/careatlas/id/deployment/ods/RAA/nothing> a atlas:Deployment .
"""


def test_a_file_with_what_a_build_would_accept_conforms(
    small: Path, world: Path, tmp_path: Path
) -> None:
    with (world / "claims" / "foi" / "mentions.csv").open("a", encoding="utf-8") as file:
        file.write(
            'two,plan,Asker,a tool,,report,tool,foi,"Findings, item 3, characters 970-979"\n'
        )
    new = set(harvest(world).quads) - set(Releases(small).current().store)
    (tmp_path / "good.nq").write_text("".join(f"{quad} .\n" for quad in new), encoding="utf-8")
    done = call("validate", str(tmp_path / "good.nq"), home=small)
    assert len(new) > 5
    assert done.status == 0, done.out
    assert done.out.splitlines()[-1].startswith("Violation 0, ")


def test_a_bad_file_is_told_what_is_wrong(small: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(BAD_FILE, encoding="utf-8")
    done = call("validate", str(tmp_path / "bad.ttl"), "--format", "csv", home=small)
    assert done.status == 1
    wrong = [row for row in done.rows if row["severity"] == "Violation"]
    assert wrong
    assert all(row["rule"] and row["message"] for row in wrong)
    assert {row["focus"].partition("/id/")[2] for row in wrong} == {"deployment/ods/RAA/nothing"}


def test_a_report_in_turtle_is_a_shacl_report(small: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.ttl").write_text(BAD_FILE, encoding="utf-8")
    done = call("validate", str(tmp_path / "bad.ttl"), "--format", "turtle", home=small)
    report = Store()
    report.extend(parse(done.out.encode(), format=RdfFormat.TURTLE))
    shacl = "http://www.w3.org/ns/shacl#"
    assert done.status == 1
    assert report.query(f"ASK {{ ?r a <{shacl}ValidationReport> ; <{shacl}conforms> false }}")
    assert bool(report.query(f"ASK {{ ?r <{shacl}resultMessage> ?m ; <{shacl}focusNode> ?f }}"))


def test_blank_nodes_of_two_files_are_not_one(small: Path, tmp_path: Path) -> None:
    head = "@prefix atlas: <https://w3id.org/careatlas/def#> .\n"
    for number in (1, 2):
        text = f'{head}_:x a atlas:NoSuchThing ; atlas:odsCode "X{number}" .\n'
        (tmp_path / f"{number}.ttl").write_text(text, encoding="utf-8")
    both = together(Store(), [tmp_path / "1.ttl", tmp_path / "2.ttl"])
    assert len({quad.subject for quad in both}) == 2
    assert len({quad.graph_name for quad in both}) == 2


# ---- differences and exports


def test_what_changed_between_two_releases(small: Path, world: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    shutil.copytree(small, home)
    old = Releases(home).current().name
    table = world / "claims" / "foi" / "deployments.csv"
    lines = table.read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if not line.startswith("rff/tool,")]
    at = next(n for n, line in enumerate(kept) if line.startswith("rff/gone,"))
    added = kept[at].replace("rff/gone", "rff/hub").replace("Gone Health,,", "Acme AI,Hub,")
    kept[at] = kept[at].replace(",live,", ",ended,")
    table.write_text("".join([*kept, added]), encoding="utf-8")
    assert call("build", "--data", str(world), home=home).status == 0
    new = Releases(home).current().name
    done = call("diff", old[:8], new[:8], home=home)
    columns = "change,kind,subject,thing,before,after,source,locator"
    assert done.out.splitlines()[0] == columns
    told = {
        (row["change"], row["thing"], row["before"], row["after"])
        for row in done.rows
        if row["kind"] == "deployment"
    }
    assert told == {
        ("changed", "Gone Health", "live", "ended"),
        ("vanished", "in-house tool", "exploring", ""),
        ("appeared", "Hub", "", "live"),
    }
    assert {row["subject"] for row in done.rows} == {"Fell Teaching Hospitals NHS Trust"}
    assert call("diff", old, home=home).out == done.out
    assert call("diff", new, old, "--format", "json", home=home).status == 0
    assert call("diff", new, "current", home=home).out == f"{columns}\n"


@pytest.mark.parametrize(
    ("kind", "form"),
    [
        ("turtle", RdfFormat.TURTLE),
        ("trig", RdfFormat.TRIG),
        ("nquads", RdfFormat.N_QUADS),
        ("jsonld", RdfFormat.JSON_LD),
    ],
)
def test_an_export_is_the_release_and_the_same_each_time(
    kind: str, form: RdfFormat, small: Path, tmp_path: Path
) -> None:
    paths = [tmp_path / "one", tmp_path / "two"]
    for path in paths:
        done = call("export", kind, "-o", str(path), home=small)
        assert (done.status, done.out) == (0, "")
        assert str(path) in done.err
    assert paths[0].read_bytes() == paths[1].read_bytes()
    whole, found = Releases(small).current().store, Store()
    found.extend(parse(path=str(paths[0]), format=form))
    if kind == "turtle":
        assert {str(q.triple) for q in found} == {str(q.triple) for q in whole}
    else:
        assert {str(q) for q in found} == {str(q) for q in stated(whole)}


# ---- wrong calls


@pytest.fixture(scope="module")
def traps(small: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Files and homes that are not what they should be, by the name that a call uses for them."""
    base = tmp_path_factory.mktemp("traps")
    files = {
        "text": b"plain text\n",
        "garbage.ttl": b"this is no Turtle <\n",
        "garbage.nt": bytes(range(256)),
        "garbage.jsonld": b'{"@id": 7',
        "garbage.rdf": b"<rdf><unclosed>",
        "garbage.nq": b"\xff\xfe\x00",
        "unknown.xyz": b"x",
        "binary.rq": b"\xff\xfe\x00\x01",
        "broken.rq": b"SELECT * WHERE { ?s ?p",
        "update.ru": b"DELETE WHERE { ?s ?p ?o }",
        "empty.rq": b"",
    }
    for name, content in files.items():
        (base / name).write_bytes(content)
    (base / "folder.ttl").mkdir()
    tables = base / "tables"
    shutil.copytree(SMALL_WORLD, tables)
    (tables / "stray.csv").write_text("a\n1\n", encoding="utf-8")
    shutil.copytree(SMALL_WORLD, base / "latin")
    (base / "latin" / "crosswalk.csv").write_bytes(b"kind,printed\nvendor,Sant\xe9\n")
    shutil.copytree(SMALL_WORLD, base / "gap")
    (base / "gap" / "reference" / "trusts.csv").unlink()
    (base / "no-tables").mkdir()
    name = Releases(small).current().name
    homes = {
        "pointer-text": ("current", b"no such release\n"),
        "pointer-bytes": ("current", b"\xff\xfe\x00"),
        "pointer-out": ("current", b"../../etc\n"),
        "pointer-empty": ("current", b""),
        "manifest": (f"releases/{name}/manifest.json", b"{"),
        "labels": (f"releases/{name}/labels.json", b"\xff"),
        "no-labels": (f"releases/{name}/labels.json", None),
        "store": (f"releases/{name}/store/CURRENT", b"x"),
    }
    for trap, (place, broken) in homes.items():
        shutil.copytree(small, base / trap)
        (base / trap / place).unlink()
        if broken is not None:
            (base / trap / place).write_bytes(broken)
    places = {one: str(base / one) for one in (*files, *homes, "folder.ttl", "tables", "latin")}
    places |= {one: str(base / one) for one in ("gap", "no-tables", "nowhere")}
    return places | {"base": str(base), "release": name}


# The call, its status, and what its one line says. {x} is a file or a home of the fixture.
WRONG: list[tuple[list[str | bytes], int, str]] = [
    ([], 2, "the following arguments are required: COMMAND"),
    (["nope"], 2, "invalid choice: 'nope'.*'build', 'questions', 'ask'"),
    (["b\nuild"], 2, "invalid choice"),
    (["--colour"], 2, "required: COMMAND"),
    (["ask"], 2, "required: NAME"),
    (["ask", "adoptions"], 1, "no question is called 'adoptions'; nearest: adoption"),
    (["ask", "who-use-what", "--trust", "RAA"], 1, "nearest: who-uses-what"),
    (["ask", "zzzz", "--help"], 1, "no question is called 'zzzz': see `careatlas questions`"),
    (["ask", "../views/states"], 1, "no question is called"),
    (["ask", "adoption", "--colour", "red"], 2, "--colour red; see `careatlas ask adoption"),
    (["ask", "adoption", "stray"], 2, "unrecognized arguments: stray"),
    (["ask", "adoption", "--region"], 2, "--region: expected one argument"),
    (["ask", "adoption", "--region", ""], 2, "--region is empty"),
    (["ask", "adoption", "--region", " \t"], 2, "--region is empty"),
    (["ask", "adoption", "--by", "town"], 2, "--by: 'town' is none of region, icb"),
    (["ask", "adoption", "--as-of", "yesterday"], 2, "--as-of: 'yesterday' is not a day"),
    (["ask", "adoption", "--as-of", "2025-02-30"], 2, "'2025-02-30' is not a day: write"),
    (["ask", "adoption", "--known-by", "2025"], 2, "--known-by: '2025' is not a day"),
    (["ask", "adoption", "--format", "yaml"], 2, "--format: invalid choice: 'yaml'"),
    (["ask", "adoption", "--release", "abc"], 1, "no single release in .* starts with 'abc'"),
    (["ask", "adoption", "--release", ""], 1, "no release"),
    (["ask", "usage", "--trust", "Aldr Vale"], 1, "nearest: Alder Vale NHS Foundation Trust"),
    (["ask", "usage", "--trust", "Brok"], 1, "no trust is called 'Brok'; nearest: Brook Hosp"),
    (["ask", "usage", "--trust", "Hospitals"], 1, "more than one trust: Brook .* | Fell Teach"),
    (["ask", "usage", "--trust", "NHS Trust"], 1, "more than one trust: "),
    (["ask", "usage", "--vendor", "Betta"], 1, "no vendor is called 'Betta'; nearest: Beta"),
    (["ask", "usage", "--product", "https://example.org/x"], 1, "no product is called"),
    (["ask", "usage", "--trust", '"} UNION { ?a ?b ?c } #'], 1, "no trust is called"),
    (["ask", "usage", "--trust", "a\nb\x1b[31m\u202e"], 1, r"called 'a\\nb\\x1b\[31m\\u202e'"),
    (["ask", "usage", "--trust", b"\xff\xfe"], 1, r"no trust is called '\\udcff\\udcfe'"),
    (["ask", "projects", "--place", b"\xff"], 2, "--place: .* is not UTF-8 text"),
    (["ask", "disclosures", "--answer", "maybe"], 1, "no disclosure is called 'maybe'"),
    (["ask", "who-uses-what", "--status", "alive"], 1, "no status is called 'alive'; nearest: "),
    (["ask", "conflicts", "--type", "fight"], 1, "no conflict-type is called 'fight'"),
    (["ask", "vendor-footprint", "--source", "foj"], 1, "no source is called 'foj'"),
    (["sparql"], 2, "give a query, or a file with -f"),
    (["sparql", ""], 2, "the query is not SPARQL"),
    (["sparql", "SELECT"], 2, "the query is not SPARQL: error at 1:7"),
    (["sparql", "SELECT * {\n?s ?p\n"], 2, "the query is not SPARQL"),
    (["sparql", "SELECT ?x { ?x foo:bar ?y }"], 2, "the query is not SPARQL"),
    (["sparql", "INSERT DATA { <a:a> <a:b> <a:c> }"], 2, "the query is not SPARQL"),
    (["sparql", "DROP ALL"], 2, "the query is not SPARQL"),
    (["sparql", "ASK {}", "-f", "{text}"], 2, "give a query, or a file with -f"),
    (["sparql", "-f", "{nowhere}"], 1, "nowhere: no such file or directory"),
    (["sparql", "-f", "{base}"], 1, ": is a directory"),
    (["sparql", "-f", "{binary.rq}"], 2, "binary.rq is not UTF-8 text"),
    (["sparql", "-f", "{broken.rq}"], 2, "the query is not SPARQL"),
    (["sparql", "-f", "{update.ru}"], 2, "the query is not SPARQL"),
    (["sparql", "-f", "{empty.rq}"], 2, "the query is not SPARQL"),
    (["sparql", "ASK {}", "--release", "f" * 16], 1, "no single release"),
    (["validate", "{nowhere}.ttl"], 1, "nowhere.ttl: there is no such file"),
    (["validate", "{folder.ttl}"], 1, "folder.ttl: there is no such file"),
    (["validate", "{base}"], 1, "name it .ttl, .nt, .nq"),
    (["validate", "{unknown.xyz}"], 1, "name it .ttl"),
    (["validate", "{garbage.ttl}"], 1, "garbage.ttl: "),
    (["validate", "{garbage.nt}"], 1, "garbage.nt: "),
    (["validate", "{garbage.nq}"], 1, "garbage.nq: "),
    (["validate", "{garbage.rdf}"], 1, "garbage.rdf: "),
    (["validate", "{garbage.jsonld}"], 1, "garbage.jsonld: "),
    (["validate", "--engine", "guess"], 2, "invalid choice: 'guess'"),
    (["validate", "--format", "pdf"], 2, "invalid choice: 'pdf'"),
    (["export", "pdf", "-o", "{base}/x"], 2, "invalid choice: 'pdf'.*'turtle', 'trig'"),
    (
        ["export", "gexf", "--view", "all", "-o", "{base}/x"],
        2,
        "'all' .*'adoption', 'trust-vendor'",
    ),
    (["export", "turtle"], 2, "required: -o/--output"),
    (["export", "turtle", "-o"], 2, "expected one argument"),
    (["export", "turtle", "-o", "{base}"], 1, ": is a directory"),
    (["export", "turtle", "-o", "{nowhere}/x.ttl"], 1, "x.ttl: no such file or directory"),
    (["export", "turtle", "-o", "{text}/x.ttl"], 1, ": not a directory"),
    (["diff"], 2, "required: A"),
    (["diff", "abc"], 1, "no single release in .* starts with 'abc'"),
    (["diff", "{release}", "abc"], 1, "no single release"),
    (["diff", "", ""], 1, "no release"),
    (["diff", "{release}", "{release}", "x"], 2, "unrecognised: x"),
    (["releases", "x\x1b[31m\ny"], 2, "unrecognised: x.\\[31m y; see"),
    (["questions", "adoption"], 2, "unrecognised: adoption"),
    (["build", "--data", "{nowhere}"], 1, "nowhere is no folder of tables"),
    (["build", "--data", "{text}"], 1, "text is no folder of tables"),
    (["build", "--data", "{no-tables}"], 1, "sources.csv: is missing: every fact"),
    (["build", "--data", "{tables}"], 1, "stray.csv: is not a table that any loader reads"),
    (["build", "--data", "{latin}"], 1, "crosswalk.csv: is not UTF-8 text"),
    (["build", "--data", "{gap}"], 1, "reference/trusts.csv: is missing"),
    (["build", "--as-of", "soon"], 2, "'soon' is not a day: write 2025-05-31"),
    (["build", "--engine", "guess"], 2, "invalid choice: 'guess'"),
    (["build", "--data", str(SMALL_WORLD), "--home", "{text}"], 1, "text: .*--home or CAREATLAS"),
    (["build", "--data", str(SMALL_WORLD), "--home", "{text}/a"], 1, "Not a directory; choose"),
    (["ask", "adoption", "--home", "{text}"], 1, "text: is no folder; choose another"),
    (["releases", "--home", "{text}"], 1, "text: is no folder; choose another"),
    (["ask", "adoption", "--home", "~nobody-at-all/x"], 1, "home directory"),
    (["diff", "a", "--home", "{nowhere}"], 1, "no single release in .*nowhere"),
    (["ask", "adoption", "--home", "{pointer-text}"], 1, "current names no release that is here"),
    (["ask", "adoption", "--home", "{pointer-bytes}"], 1, "run `careatlas build`"),
    (["ask", "adoption", "--home", "{pointer-out}"], 1, "current names no release that is here"),
    (["sparql", "ASK {}", "--home", "{pointer-empty}"], 1, "current names no release"),
    (
        ["routes", "--for", "RAA", "--to", "scan", "--home", "{manifest}"],
        1,
        "is damaged .manifest.json .*: run `careatlas build`",
    ),
    (["ask", "adoption", "--home", "{labels}"], 1, "is damaged .labels.json "),
    (["ask", "adoption", "--home", "{no-labels}"], 1, "is damaged .labels.json "),
    (["sparql", "ASK {}", "--home", "{store}"], 1, "is damaged"),
]


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    WRONG,
    ids=lambda value: " ".join(map(ascii, value))[:60] if isinstance(value, list) else None,
)
def test_a_wrong_call_gives_one_plain_line(
    arguments: list[str | bytes], status: int, says: str, small: Path, traps: dict[str, str]
) -> None:
    filled: list[str | bytes] = []
    for argument in arguments:
        if isinstance(argument, str):
            for name, place in traps.items():
                argument = argument.replace(f"{{{name}}}", place)  # noqa: PLW2901 - filled in
        filled.append(argument)
    done = call(*filled, home=small)
    assert done.status == status
    assert done.out == ""
    assert one_line(done.err), done.err
    assert re.search(says, done.err)


def test_a_home_whose_pointer_is_broken_is_listed_and_mended_by_a_build(
    traps: dict[str, str], tmp_path: Path
) -> None:
    home = tmp_path / "home"
    shutil.copytree(traps["pointer-text"], home)
    listed = call("releases", home=home)
    assert listed.status == 0
    assert [row["current"] for row in listed.rows] == [""]
    assert call("build", "--data", str(SMALL_WORLD), home=home).status == 0
    assert [row["current"] for row in call("releases", home=home).rows] == ["yes"]


@pytest.mark.parametrize("flag", ["--place"])
@pytest.mark.parametrize(
    "value",
    [
        '"} UNION { ?claim ?p ?o } #',
        "x\\",
        "a\nb\r\x1b[2J",
        "\u202egnihton",
        "VALUES ?_as_of { UNDEF }",
        "'; DROP ALL; --",
        "%s%n{0}",
        "=cmd|' /C calc'!A0",
        "-x" * 5000,
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_a_text_with_something_else_in_it_only_finds_nothing(
    flag: str, value: str, small: Path
) -> None:
    done = call("ask", "projects", f"{flag}={value}", home=small)
    assert done.status == 0
    assert done.rows == []
    assert one_line(done.err)
    assert "which is not a no" in done.err


# ---- streams


def test_a_reader_that_has_seen_enough_is_no_error(home: Path) -> None:
    with subprocess.Popen(  # noqa: S603
        command("ask", "who-uses-what"),
        env=environment(home),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.stdout
        assert process.stderr
        head = process.stdout.readline()
        process.stdout.close()
        err = process.stderr.read()
        assert process.wait(timeout=60) == 0
    assert head.startswith(b"trust,ods,vendor")
    assert err == b""


@pytest.mark.parametrize(
    "arguments", [["--help"], ["questions"], ["releases"], ["sparql", "DESCRIBE <i:x>"]], ids=str
)
def test_a_reader_that_is_gone_already_is_no_error(arguments: list[str], small: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(  # noqa: S603
            command(*arguments),
            env=environment(small),
            stdout=writing,
            stderr=subprocess.PIPE,
            check=False,
            timeout=60,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (0, b"")


def through_shell(redirection: str, *arguments: str, home: Path) -> Done:
    """Call the command with its streams as a shell redirects them."""
    done = subprocess.run(  # noqa: S603
        ["/bin/sh", "-c", f'exec "$@" {redirection}', "sh", *map(os.fsdecode, command(*arguments))],
        env=environment(home),
        capture_output=True,
        check=False,
        timeout=60,
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


def test_streams_that_are_closed_swallow_what_is_written(small: Path) -> None:
    assert through_shell(">&-", "questions", home=small) == Done(0, "", "")
    assert through_shell(">&-", "ask", "adoption", home=small) == Done(0, "", "")
    assert through_shell("2>&-", "nope", home=small) == Done(2, "", "")
    assert through_shell(">&- 2>&-", "nope", home=small) == Done(2, "", "")
    assert through_shell("2>&-", "releases", home=small).out.startswith("release,current,")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("name", ["releases", "questions"])
def test_a_full_disk_is_one_plain_line(name: str, small: Path) -> None:
    done = through_shell(">/dev/full", name, home=small)
    assert done.status == 1
    assert one_line(done.err)
    assert "No space left" in done.err


def test_a_stop_by_the_user_is_one_plain_line(small: Path, tmp_path: Path) -> None:
    """The query comes from a pipe that never says anything, so the moment is not left to chance."""
    waiting = tmp_path / "query.rq"
    os.mkfifo(waiting)
    # A run in the background ignores the signal and hands that on; one with a handler does not.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(  # noqa: S603
        command("sparql", "-f", str(waiting)),
        env=environment(small),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        signal.signal(signal.SIGINT, before)
        held = os.open(waiting, os.O_WRONLY)  # waits until the command reads
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
        os.close(held)
    assert process.returncode == 130
    assert (out, err) == (b"", b"careatlas: stopped\n")


# ---- terminals


def on_a_terminal(*arguments: str, home: Path, width: int) -> tuple[int, str]:
    """Call the command on a pseudo-terminal; its status and all that the terminal got."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, width, 0, 0))
    with subprocess.Popen(  # noqa: S603
        command(*arguments),
        env=environment(home, TERM="xterm-256color"),
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ) as process:
        os.close(theirs)
        got = b""
        while chunk := _read(ours):
            got += chunk
        status = process.wait(timeout=60)
    os.close(ours)
    return status, got.decode()


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 65536)
    except OSError:  # how Linux says that the other side is gone
        return b""


def plain(text: str) -> str:
    """What a terminal shows, without the sequences that steer it."""
    return re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", text).replace("\r", "")


@pytest.mark.parametrize("width", [200, 60])
def test_on_a_terminal_an_answer_is_a_card(width: int, small: Path) -> None:
    status, got = on_a_terminal("ask", "disclosures", home=small, width=width)
    assert status == 0
    shown = plain(got)
    assert questions.get("disclosures").title in shown
    assert "Alder Vale NHS Foundation Trust" in shown
    assert "Rows: 6" in shown
    assert "\x1b[1m" in got
    assert all(letter.isprintable() for letter in shown.replace("\n", ""))
    assert max(len(line) for line in shown.splitlines()) <= width


def test_on_a_terminal_a_build_shows_its_stages_and_leaves_the_cursor(tmp_path: Path) -> None:
    status, got = on_a_terminal(
        "build", "--data", str(SMALL_WORLD), home=tmp_path / "home", width=100
    )
    assert status == 0
    assert any(stage in got for stage in ("reading the tables", "deriving", "validating"))
    assert got.count("\x1b[?25l") == got.count("\x1b[?25h") > 0
    assert "\nrelease " in plain(got)


def test_on_a_terminal_an_error_is_still_one_line(small: Path) -> None:
    status, got = on_a_terminal("ask", "usage", "--trust", "Brok\x1b[2J", home=small, width=60)
    assert status == 1
    assert got.replace("\r\n", "\n").count("\n") == 1
    assert "\x1b" not in got
