"""The documents say what is so: commands, questions, answers, counts and links.

`pytest --update-golden` writes the README's answers and the changelog's counts anew, and fails.
"""

import ast
import re
import shlex
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from fnmatch import fnmatch
from pathlib import Path

import pytest
from pyoxigraph import Store
from rdflib import OWL, RDF, SKOS, URIRef

from careatlas import ontology
from careatlas.cli import main
from careatlas.graph.questions import names
from careatlas.graph.release import Release

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
CHANGELOG = ROOT / "CHANGELOG.md"
GLOSSARY = ROOT / "GLOSSARY.md"
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *ROOT.glob("benchmarks/*.md")])
WIDTH = "116"
"""The columns of the terminal that the README's answers were printed on."""
NOTES_SHOWN = ("Rows", "Who was asked")
ELLIPSIS = "…"
IGNORED = [
    ".git",
    *(line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").split()),
]
MEGABYTE = 1_000_000
REGISTRIES = [
    ".".join(parts)
    for parts in (
        ("pypi", "org"),
        ("files", "pythonhosted"),
        ("registry", "npmjs"),
        ("npmjs", "com"),
        ("npmjs", "org"),
        ("deb", "debian"),
        ("proxy", "golang"),
        ("static", "crates"),
    )
]
"""Hosts of package registries, in parts so that this file does not name them itself."""


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def kept(folder: Path = ROOT) -> Iterator[Path]:
    """Every file that the repository keeps: all but what .gitignore names, and links."""
    for path in sorted(folder.iterdir()):
        names = (path.name, name(path))
        if path.is_symlink() or any(fnmatch(one, pattern) for one in names for pattern in IGNORED):
            continue
        if path.is_dir():
            yield from kept(path)
        else:
            yield path


FILES = list(kept())


def blocks(page: Path, language: str) -> list[str]:
    """The fenced blocks of a language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", text(page), re.DOTALL | re.MULTILINE)


def printed(call: str, home: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """What a command prints on a terminal, line by line."""
    program, *arguments = shlex.split(call)
    assert program == "careatlas"
    capsys.readouterr()
    assert main([*arguments, "--format", "table", "--home", str(home)]) == 0
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


def shortened(lines: list[str]) -> list[str]:
    """A table or the first block of an answer and two of its notes, an ellipsis for all else."""
    end = next(at for at, line in enumerate(lines) if line.startswith("Rows: "))
    blocks = [at for at, line in enumerate(lines[:end]) if not line]
    short = lines[: blocks[0] if blocks else end]
    short += [ELLIPSIS] * (len(blocks) > 1)
    shown = True
    for line in lines[end:]:
        note = re.match(r"([A-Z][a-z ]+): ", line)
        shown = note[1] in NOTES_SHOWN if note else shown
        if shown or short[-1] != ELLIPSIS:
            short.append(line if shown else ELLIPSIS)
    return short


def answered(readme: str, home: Path, capsys: pytest.CaptureFixture[str]) -> str:
    """The README with each of its answers as the command now prints it."""

    def answer(block: re.Match[str]) -> str:
        call = block[1]
        lines = shortened(printed(call, home, capsys))
        return "\n".join(["```console", f"$ {call}", *lines, "```"])

    return re.sub(r"(?ms)^```console\n\$ ([^\n]+)\n(?:.*?\n)??```$", answer, readme)


def commands() -> list[str]:
    """The two commands of the README."""
    return [line for block in blocks(README, "sh") for line in block.splitlines()]


def known_commands(capsys: pytest.CaptureFixture[str]) -> set[str]:
    """The sub-commands that the help lists."""
    with pytest.raises(SystemExit):
        main(["--help"])
    return set(re.findall(r"^    ([a-z]+)(?: |$)", capsys.readouterr().out, re.MULTILINE))


def counts(release: Release) -> dict[str, int]:
    """What the changelog counts, by the word that follows the number."""
    graph = ontology.load()

    def ours(*kinds: URIRef) -> int:
        found = {term for kind in kinds for term in graph.subjects(RDF.type, kind)}
        return sum(str(term).startswith(ontology.NAMESPACE) for term in found)

    return {
        "classes": ours(OWL.Class),
        "properties": ours(OWL.ObjectProperty, OWL.DatatypeProperty),
        "schemes": len(set(graph.subjects(RDF.type, SKOS.ConceptScheme))),
        "concepts": len(set(graph.subjects(RDF.type, SKOS.Concept))),
        "questions": len(names()),
        "sources": len(release.manifest["sources"]),
        "tables": len(release.manifest["tables"]),
        "rows": release.manifest["rows"],
    }


def test_the_commands_of_the_readme_are_those_that_ci_runs() -> None:
    lines = text(ROOT / ".ci" / "run").splitlines()
    found = commands()
    assert len(found) == 2
    for command in found:
        assert any(line.startswith(command) for line in lines), command


def test_make_check_runs_what_ci_runs() -> None:
    ci, make = text(ROOT / ".ci" / "run"), text(ROOT / "Makefile")
    options = re.search(r'PYTEST_ADDOPTS="(.+)"', ci)
    assert options
    assert f"ADDOPTS = {options[1]}\n" in make
    assert "check: lint types test" in make
    coverage = "coverage report --skip-covered --include='graph/*,loaders/*' --fail-under=95"
    for tool in ("ruff check", "ruff format --check", "mypy", coverage):
        assert f"\n.venv/bin/{tool}\n" in ci
        assert f"\n\t.venv/bin/{tool}\n" in make


def test_the_readme_lists_every_command_and_no_other(capsys: pytest.CaptureFixture[str]) -> None:
    listed = set(re.findall(r"^\| `careatlas ([a-z]+)", text(README), re.MULTILINE))
    assert listed == known_commands(capsys)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_commands_and_questions_that_are_named_exist(
    page: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    called = set(re.findall(r"(?:^\$ |`|bin/)careatlas ([a-z]+)\b", text(page), re.MULTILINE))
    assert called <= known_commands(capsys)
    assert set(re.findall(r"careatlas ask ([a-z][a-z-]+)", text(page))) <= set(names())


def test_the_questions_of_the_readme_exist() -> None:
    listed = re.search(r"(?m)^\| `careatlas questions` \|.+begin with (.+) \|$", text(README))
    assert listed
    found = re.findall(r"`([a-z-]+)`", listed[1])
    assert found
    assert set(found) <= set(names())


def test_the_answers_of_the_readme_are_what_the_command_prints(
    home: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    monkeypatch.setenv("COLUMNS", WIDTH)
    now = answered(text(README), home, capsys)
    assert now.count("```console\n$ careatlas ask ") == 3
    if request.config.getoption("--update-golden") and now != text(README):
        README.write_text(now, encoding="utf-8")
        pytest.fail("the README's answers were written: read them, then run again")
    assert now == text(README)


def test_an_answer_is_shortened_to_its_first_block_and_two_notes() -> None:
    block = ["trust: A", "status: live"]
    notes = ["How it is counted: so", "and so", "Who was asked: a", "b", "Release: x", "All"]
    short = [ELLIPSIS, "Who was asked: a", "b", ELLIPSIS]
    assert shortened(["T", *block, "", *block, "", "Rows: 2", *notes]) == [
        *("T", *block, ELLIPSIS, "Rows: 2"),
        *short,
    ]
    assert shortened(["T", *block, "", "Rows: 1", *notes]) == ["T", *block, "Rows: 1", *short]
    assert shortened(["T", "a  b", "1  2", "Rows: 1"]) == ["T", "a  b", "1  2", "Rows: 1"]


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_block_of_code_parses(page: Path) -> None:
    shell = shutil.which("sh")
    for block in blocks(page, "sh"):
        assert shell
        # The shell reads the block and runs nothing of it.
        done = subprocess.run([shell, "-n"], input=block, text=True, check=False)  # noqa: S603
        assert done.returncode == 0, block
    for block in blocks(page, "python"):
        assert ast.parse(block).body
    for block in blocks(page, "sparql"):
        query = "\n".join(line for line in block.splitlines() if not line.startswith("#+ "))
        assert Store().query(query) is not None
    for block in blocks(page, "toml"):
        assert tomllib.loads(block)


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_links_to_files_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)\s#]+)", text(page)):
        if "://" not in target:
            assert (page.parent / target).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_paths_that_are_named_exist(page: Path) -> None:
    """A path in backticks that begins with one of our folders, unless it holds a placeholder."""
    folders = "benchmarks|careatlas|data|docs|graph|loaders|ontology|queries|shapes|tests"
    for path in re.findall(rf"`((?:{folders})/[A-Za-z0-9_./-]*)`", text(page)):
        assert (ROOT / path).exists(), path


def test_the_changelog_tells_of_this_version_in_true_numbers(
    release: Release, request: pytest.FixtureRequest
) -> None:
    version = tomllib.loads(text(ROOT / "pyproject.toml"))["project"]["version"]
    whole = text(CHANGELOG)
    section = re.search(rf"(?ms)^## {re.escape(version)}\b.*?(?=^## |\Z)", whole)
    assert section, f"the changelog has no section {version}"
    now = section[0]
    for noun, number in counts(release).items():
        now, times = re.subn(rf"\b[\d,]+(?= {noun}\b)", f"{number:,}", now)
        assert times, f"the changelog does not count the {noun}"
    if request.config.getoption("--update-golden") and now != section[0]:
        CHANGELOG.write_text(whole.replace(section[0], now), encoding="utf-8")
        pytest.fail("the changelog's counts were written: read them, then run again")
    assert now == section[0]


def test_the_glossary_is_sorted_and_says_what_to_avoid() -> None:
    entries = re.findall(r"(?ms)^\*\*(.+?)\*\*: (.+?)(?=^\*\*|^## |\Z)", text(GLOSSARY))
    terms = [term for term, _ in entries]
    assert len(terms) == len(set(terms)) >= 30
    assert terms == sorted(terms, key=str.casefold)
    for term, definition in entries:
        assert "_Avoid_: " in definition, term


def test_decisions_are_numbered_and_three_paragraphs_long() -> None:
    files = sorted((ROOT / "docs" / "decisions").glob("*.md"))
    assert [int(path.name[:4]) for path in files] == list(range(1, len(files) + 1))
    for path in files:
        title, *paragraphs = text(path).strip().split("\n\n")
        assert title.startswith(f"# {path.name[:4]} ")
        assert len(paragraphs) == 3, path.name
        assert paragraphs[0].startswith("We "), path.name
        assert paragraphs[1].startswith("We rejected "), path.name


@pytest.mark.parametrize(("page", "most"), [("README.md", 155), ("Makefile", 45)])
def test_what_is_read_first_stays_short(page: str, most: int) -> None:
    assert len(text(ROOT / page).splitlines()) <= most


def test_no_file_names_a_package_registry() -> None:
    found = []
    for path in FILES:
        content = path.read_bytes()
        found += [(name(path), host) for host in REGISTRIES if host.encode() in content]
    assert found == []


def test_no_file_is_large() -> None:
    assert len(FILES) > 100
    assert [name(path) for path in FILES if path.stat().st_size > MEGABYTE] == []
