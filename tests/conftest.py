"""What several tests share. Choose the smallest that has what you need:

- the test's own `tmp_path`, for everything that writes, breaks or replaces a release or a table;
- a store of your own with the few quads that the test is about, for a rule, a shape or a query;
- `release`: the shipped data, built once for the whole run. Read it, never change it;
- `home`: the folder of that release, for tests that call the command with `--home`;
- `small_home`: the folder of a release of the small world, for what is asked again elsewhere;
- `client`: the service on that release without a network, for tests that only ask;
- `server`: a real server on that release, for tests that only ask. One that a test breaks,
  limits or stops is its own: `servers.serve`;
- `chromium` and `page`: a browser for a module, and for a test a new page in it on that server.
"""

import os
import sys
import threading
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest
from browser import NO_WEBGL, launched, visiting
from filelock import FileLock
from hypothesis import settings
from playwright.sync_api import Browser, Page
from servers import Server, serve
from starlette.testclient import TestClient

from careatlas import data
from careatlas.build import build
from careatlas.graph.homes import NoReleaseError
from careatlas.graph.release import Release, Releases

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
SHIPPED = {"home", "release"}
"""What a test has that runs on the shipped data."""
UNCOUNTED = (
    "test_architecture",
    "test_browser_",
    "test_explorer_",
    "test_mutations",
    "test_ontology",
    "test_service_",
    "test_unseen",
    "test_web_",
)

COUNTED = ("test_diff_export", "test_networks", "test_review", "test_routes")
"""What runs on the shipped data and alone reaches some lines."""

# The same examples on every run, however busy the machine is.
settings.register_profile("careatlas", deadline=None, derandomize=True, database=None)
settings.load_profile("careatlas")


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A home with a release of the shipped data; workers that run side by side share it."""
    return _shared("home", data.folder(), tmp_path_factory, request)


@pytest.fixture(scope="session")
def small_home(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """A home with a release of the small world; workers that run side by side share it."""
    return _shared("small-home", SMALL_WORLD, tmp_path_factory, request)


def _shared(
    name: str, tables: Path, places: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Path:
    base = places.getbasetemp()
    base = base.parent if hasattr(request.config, "workerinput") else base
    kept = Releases(base / name)
    with FileLock(base / f"{name}.lock"):
        try:
            kept.current()
        except NoReleaseError:
            build(tables, kept, engine="pyshifty")
    return kept.home


@pytest.fixture(scope="session")
def release(home: Path) -> Release:
    """The release of the shipped data."""
    return Releases(home).current()


def pytest_runtest_setup() -> None:
    """A service that ran in this process told Python, and all that it starts, not to look beside a script."""
    os.environ.pop("PYTHONSAFEPATH", None)


@pytest.fixture(scope="session")
def client(home: Path) -> Iterator[TestClient]:
    """The service on the release of the shipped data, asked without a network."""
    # Most tests need nothing of it, and it takes a second to import.
    from careatlas.service.app import create_app
    from careatlas.service.pool import Limits
    from careatlas.service.state import ServiceSettings

    settings = ServiceSettings(home, Limits(workers=2, seconds=300))
    with TestClient(create_app(settings), follow_redirects=False) as one:
        yield one


@pytest.fixture(scope="session")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server on the release of the shipped data."""
    with serve(home, tmp_path_factory.mktemp("server") / "log", "--timeout", "60") as one:
        yield one


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    """A real browser, without WebGL: that is slow in software, and few pages draw with it."""
    with launched(*NO_WEBGL) as one:
        yield one


@pytest.fixture
def page(chromium: Browser, server: Server) -> Iterator[Page]:
    """A new page on the server; the test fails when anything goes wrong on it unseen."""
    with visiting(chromium, server.url) as one:
        yield one


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes long begins first; coverage is of `graph/` and `loaders/`, by what is little.

    Pages say nothing of it, and what takes long or holds of the shipped data runs through all
    lines again: the rules are tested on little worlds, and to count lines slows Python by half.
    """
    for item in items:
        file, uses = item.path.name, set(getattr(item, "fixturenames", ()))
        again = item.get_closest_marker("long") or file.startswith(UNCOUNTED)
        if again or (SHIPPED & uses and not file.startswith(COUNTED)):
            item.add_marker(pytest.mark.no_cover)
    # Workers that run side by side would else wait at the end for one that is still at it.
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """What counts no lines runs at full speed: of the two tracers in a worker, pytest-cov lays down one."""
    if not item.get_closest_marker("no_cover"):
        return (yield)
    tracer, of_threads = sys.gettrace(), threading.gettrace()
    sys.settrace(None)
    threading.settrace(None)  # type: ignore[arg-type]
    try:
        return (yield)
    finally:
        sys.settrace(tracer)
        threading.settrace(of_threads)  # type: ignore[arg-type]


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` writes the golden answers anew; the run that writes also fails."""
    parser.addoption("--update-golden", action="store_true", help="write golden answers anew")
