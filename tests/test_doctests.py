"""The examples in docstrings are true."""

import doctest
import importlib
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

import careatlas

FOLDERS = ("data", "graph", "loaders", "ontology", "queries", "service", "shapes")


def modules() -> Iterator[str]:
    yield from (f"careatlas.{one.name}" for one in pkgutil.iter_modules(careatlas.__path__))
    for folder in FOLDERS:
        package = importlib.import_module(f"careatlas.{folder}")
        yield package.__name__
        for one in pkgutil.iter_modules(package.__path__):
            yield f"{package.__name__}.{one.name}"


MODULES = sorted(set(modules()) - {"careatlas.__main__"})


def examples(module: ModuleType) -> int:
    return sum(len(found.examples) for found in doctest.DocTestFinder().find(module))


@pytest.mark.parametrize("name", MODULES)
def test_examples_are_true(name: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAREATLAS_HOME", str(home))
    failed, attempted = doctest.testmod(importlib.import_module(name))
    assert failed == 0
    assert attempted == examples(importlib.import_module(name))


def test_there_are_examples_to_test() -> None:
    assert sum(examples(importlib.import_module(name)) for name in MODULES) >= 5
    assert {"careatlas.cli", "careatlas.graph.terms", "careatlas.loaders.names"} <= set(MODULES)
