"""How long the pages of trusts take: never asked before, kept, and in a browser.

Run `python benchmarks/pages.py [--home DIR] [--most N] [--chromium PATH]`. A fresh server, whose
answers are all to be worked out, is asked for the page of every trust, one after the other, then
for all of them again. Beside each page `/health` is asked, so that a busy machine is seen: the
script prints milliseconds, the CPU that the server and its workers took, and how many times
`/health` that is. The bound is on the median of the pages that were never asked for. Then a browser
opens a page five times, if there is one; interactive is when the page and its scripts are loaded
and the names that complete a field are there.
"""

import argparse
import os
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

import httpx
from endpoint_servers import HOST, ours

from careatlas import data
from careatlas.build import build
from careatlas.graph.homes import NoReleaseError
from careatlas.graph.release import Release, Releases
from careatlas.graph.terms import ID

MILLISECONDS = 50.0
INTERACTIVE = 1000.0
TIMES = 5
CHROMIUM = Path("/usr/bin/chromium")
NAMED = "document.querySelector('input[role=combobox]') !== null"
"""Whether the search field offers names."""
TICKS = os.sysconf("SC_CLK_TCK")


def trusts(release: Release, most: int | None) -> list[str]:
    """Where the pages of the trusts are."""
    things = sorted({row[1] for row in release.labels["trust"]})
    return ["/about/" + iri.removeprefix(ID) for iri in things[:most]]


def cpu(process: int) -> float:
    """The seconds of CPU that a process and all that descend from it have used."""
    used = 0.0
    family = [process]
    for pid in family:
        try:
            stat = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            for task in Path(f"/proc/{pid}/task").glob("*/children"):
                family += [int(child) for child in task.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            continue
        used += sum(int(stat[at]) for at in (11, 12, 13, 14)) / TICKS
    return used


def timed(client: httpx.Client, path: str) -> float:
    """The milliseconds of one answer, which must be good."""
    started = perf_counter()
    client.get(path).raise_for_status()
    return 1000 * (perf_counter() - started)


def asked(client: httpx.Client, paths: list[str], name: str, process: int) -> float:
    """Ask for all pages, print what they took, and give their median."""
    before = cpu(process)
    pairs = [(timed(client, path), timed(client, "/health")) for path in paths]
    pages = [page for page, _ in pairs]
    beside = median(health for _, health in pairs)
    used = 1000 * (cpu(process) - before) / len(pages)
    p95 = quantiles(pages, n=20)[-1]
    sys.stdout.write(
        f"{name}: median {median(pages):.1f} ms, p95 {p95:.1f}, most {max(pages):.1f}, "
        f"CPU {used:.1f} ms each, {median(pages) / beside:.1f} times /health ({beside:.1f} ms)\n"
    )
    return median(pages)


def opened(chromium: Path, url: str) -> float:
    """The median of the milliseconds until a page is interactive in a browser, each time a new one."""
    from playwright.sync_api import sync_playwright

    taken = []
    with sync_playwright() as browsers:
        browser = browsers.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for _ in range(TIMES):
            page = browser.new_context().new_page()
            started = perf_counter()
            page.goto(url, wait_until="load")
            page.wait_for_function(NAMED)
            taken.append(1000 * (perf_counter() - started))
            page.context.close()
        browser.close()
    return median(taken)


def main() -> None:
    """Measure, print, and fail where a bound is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="folder of a release (else one is built)")
    parser.add_argument("--most", type=int, help="ask for so many pages (else all)")
    parser.add_argument("--chromium", type=Path, default=CHROMIUM)
    given = parser.parse_args()
    past = []
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            release = Releases(home).current()
        except NoReleaseError:
            release = build(data.folder(), Releases(home)).release
        server = ours(stack, home)[0]
        url = f"http://{HOST}:{server.port}"
        paths = trusts(release, given.most)
        with httpx.Client(base_url=url, timeout=60) as client:
            if asked(client, paths, "never asked before", server.process.pid) > MILLISECONDS:
                past.append(f"the median of the pages is above {MILLISECONDS:.0f} ms")
            asked(client, paths, "kept", server.process.pid)
        if given.chromium.exists():
            found = opened(given.chromium, url + paths[0])
            sys.stdout.write(f"interactive in Chromium: median {found:.0f} ms\n")
            if found > INTERACTIVE:
                past.append(f"a page is interactive after {INTERACTIVE:.0f} ms")
    if past:
        sys.exit("; ".join(past))


if __name__ == "__main__":
    main()
