"""The folders import only downwards, the package ships them whole, and the code keeps its form."""

import ast
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
MAY_IMPORT: dict[str, set[str]] = {
    "ontology": set(),
    "shapes": set(),
    "queries": set(),
    "data": set(),
    "graph": {"ontology", "shapes", "queries", "data"},
    "loaders": {"ontology", "shapes", "queries", "data", "graph"},
    "service": {"ontology", "shapes", "queries", "data", "graph", "loaders"},
    "careatlas": {"ontology", "shapes", "queries", "data", "graph", "loaders", "service"},
}
"""The floors, lowest first: a folder imports from itself and from these."""
EXTRACTION = "careatlas.loaders.extraction"
FLOORS = ("wording", "organisations", "deployments", "events", "tables", "letters")
"""The folders of extraction, lowest first; what they share lies beside them."""
MODULES = [path for folder in MAY_IMPORT for path in sorted((ROOT / folder).rglob("*.py"))]
EXTRACTING = [p for p in MODULES if p.parts[-3:-1] in {("extraction", f) for f in FLOORS}]
TESTS = sorted((ROOT / "tests").rglob("*.py"))
LINKED = ROOT / "typings" / "careatlas"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
SHIPPED = {".css", ".csv", ".html", ".js", ".rq", ".ttl", ".typed"}
MOST_LINES = 300
MOST_LINES_OF_A_FUNCTION = 60


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(path: Path) -> set[str]:
    """Every module that a file imports; `from careatlas import data` imports `careatlas.data`."""
    found = set()
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "careatlas":
            found |= {f"careatlas.{alias.name}" for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def folder_of(module: str) -> str | None:
    """The folder that a module of ours lies in; nothing for the modules of others."""
    first, _, rest = module.partition(".")
    second = rest.split(".")[0]
    if first != "careatlas":
        return None
    return second if second in MAY_IMPORT else "careatlas"


def functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_imports_point_downwards(module: Path) -> None:
    own = name(module).split("/")[0]
    found = {folder for one in imports(module) if (folder := folder_of(one))}
    assert found - {own} <= MAY_IMPORT[own]


@pytest.mark.parametrize("module", EXTRACTING, ids=name)
def test_the_folders_of_extraction_import_downwards_too(module: Path) -> None:
    own = module.parent.name
    found = {one.split(".")[3] for one in imports(module) if one.startswith(f"{EXTRACTION}.")}
    assert found & set(FLOORS) - {own} <= set(FLOORS[: FLOORS.index(own)])


def test_a_module_of_the_front_door_is_seen_wherever_it_is_imported() -> None:
    assert folder_of("careatlas.build") == "careatlas"
    assert folder_of("careatlas.graph.answer") == "graph"
    assert folder_of("pyoxigraph") is None


def test_what_the_package_imports_is_declared() -> None:
    """A library that only development needs must not be needed by the command, nor one for notebooks."""
    declared = {entry.split(">")[0].lower() for entry in PROJECT["project"]["dependencies"]}
    declared -= {"httptools", "uvloop"}  # what uvicorn is quick with, where it is there
    declared -= {"lxml-html-clean"}  # a part of lxml that trafilatura needs and some pips pass over
    owners = packages_distributions()
    tops = {one.split(".")[0] for module in MODULES for one in imports(module)}
    others = tops - set(sys.stdlib_module_names) - {"careatlas"}
    used = {owners[top][0].lower().replace("_", "-") for top in others}
    for_notebooks = PROJECT["project"]["optional-dependencies"]["notebook"]
    assert used - {entry.split(">")[0] for entry in for_notebooks} == declared


def test_every_package_is_shipped() -> None:
    """Setuptools leaves an unlisted folder out of the wheel without a word."""
    listed = PROJECT["tool"]["setuptools"]
    folders = {package: Path(listed["package-dir"][package]) for package in listed["packages"]}
    inits = {init.parent.relative_to(ROOT) for init in MODULES if init.name == "__init__.py"}
    assert inits == set(folders.values())
    assert set(listed["package-dir"]) == set(folders)
    assert all(
        package.removeprefix("careatlas.").replace(".", "/") == folder.as_posix()
        for package, folder in folders.items()
    )


@pytest.mark.parametrize("folder", MAY_IMPORT)
def test_every_table_query_and_turtle_file_is_shipped(folder: str) -> None:
    """What the wheel holds beside code: the files that the patterns of a package match."""
    package = "careatlas" if folder == "careatlas" else f"careatlas.{folder}"
    matched = {
        path
        for name, patterns in PROJECT["tool"]["setuptools"]["package-data"].items()
        if name == package or (name.startswith(f"{package}.") and package != "careatlas")
        for pattern in patterns
        for path in (ROOT / name.removeprefix("careatlas.").replace(".", "/")).glob(pattern)
        if path.is_file()
    }
    there = {path for path in (ROOT / folder).rglob("*") if path.suffix in SHIPPED}
    assert there == matched
    assert (ROOT / folder / "__init__.py").is_file()


def test_nothing_else_lies_in_a_folder_that_is_shipped() -> None:
    known = SHIPPED | {".py", ".pyc", ".md"}
    strays = [
        path
        for folder in MAY_IMPORT
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix not in known and path.name != "py.typed"
    ]
    assert strays == []


def test_type_checkers_see_every_module() -> None:
    links = {path.name: path.resolve() for path in LINKED.iterdir()}
    files = {path.name: path for path in (ROOT / "careatlas").iterdir() if path.is_file()}
    folders = {folder: ROOT / folder for folder in MAY_IMPORT if folder != "careatlas"}
    assert links == files | folders


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_module_can_be_read_in_one_sitting(module: Path) -> None:
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MOST_LINES


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_a_function_can_be_read_at_a_glance(module: Path) -> None:
    long = {
        function.name: function.end_lineno - function.lineno + 1
        for function in functions(module)
        if function.end_lineno and function.end_lineno - function.lineno >= MOST_LINES_OF_A_FUNCTION
    }
    assert long == {}


@pytest.mark.parametrize("module", MODULES, ids=name)
def test_no_error_is_swallowed_unnamed(module: Path) -> None:
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.ExceptHandler):
            assert node.type is not None, f"line {node.lineno} catches everything"
            caught = {one.id for one in ast.walk(node.type) if isinstance(one, ast.Name)}
            assert not caught & {"Exception", "BaseException"}, f"line {node.lineno}"


def asserts(function: ast.AST) -> bool:
    return any(isinstance(node, ast.Assert) for node in ast.walk(function))


def called(function: ast.AST) -> set[str]:
    found = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            found.add(node.func.id)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            found.add(node.func.attr)
    return found


@pytest.mark.parametrize("module", TESTS, ids=name)
def test_every_test_asserts_something(module: Path) -> None:
    """A test asserts, expects an error or a state of a page, or calls a function of its file that asserts."""
    helpers = {one.name for one in functions(module) if asserts(one)} | {
        "raises",
        "warns",
        "expect",
    }
    idle = [
        one.name
        for one in functions(module)
        if one.name.startswith("test_") and not asserts(one) and not called(one) & helpers
    ]
    assert idle == []
