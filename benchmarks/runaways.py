"""What short queries wait for while others run away.

Run `python benchmarks/runaways.py [--home DIR] [--rounds N]`. In each round 200 short queries are
asked alone, beside two and beside six runaways, all in one run; the bound is on the median of the
ratios of their 95th percentiles. The runaways have begun a second before; how long the beginning
of six of them is felt is printed beside it, and has no bound.
"""

import argparse
import asyncio
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
from careatlas.graph.release import Releases

AT_MOST = 1.5
QUERIES = 200
CONNECTIONS = 8
SECONDS = "5"
SHORT = "SELECT * {{ ?s ?p ?o FILTER(?o != '{0}') }} LIMIT 300"
RUNAWAY = """SELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l
  FILTER(STRLEN(CONCAT(STR(?a), STR(?d), STR(?g), STR(?j))) > 100000) }} # {0}"""


async def p95(client: httpx.AsyncClient, url: str, mark: str) -> float:
    """The 95th percentile of the milliseconds of short queries, each of them new."""
    left = iter(range(QUERIES))
    taken: list[float] = []

    async def one_after_the_other() -> None:
        for number in left:
            started = perf_counter()
            reply = await client.get(url, params={"query": SHORT.format(f"{mark}{number}")})
            reply.raise_for_status()
            taken.append(1000 * (perf_counter() - started))

    await asyncio.gather(*(one_after_the_other() for _ in range(CONNECTIONS)))
    return quantiles(taken, n=20)[-1]


async def beside(
    client: httpx.AsyncClient, url: str, runaways: int, wait: float, mark: str
) -> float:
    """The same, beside so many runaways that began so many seconds before."""
    asked = [
        asyncio.ensure_future(
            client.get(url, params={"query": RUNAWAY.format(f"{mark}{n}"), "timeout": SECONDS})
        )
        for n in range(runaways)
    ]
    await asyncio.sleep(wait)
    found = await p95(client, url, mark)
    for reply in await asyncio.gather(*asked):
        if reply.json()["type"].rsplit("/", 1)[-1] != "time-limit":
            sys.exit(f"a runaway was told: {reply.text}")
    return found


async def measured(url: str, rounds: int) -> list[dict[str, float]]:
    """The figures of each round."""
    found = []
    limits = httpx.Limits(max_connections=64)
    async with httpx.AsyncClient(timeout=60, limits=limits) as client:
        await p95(client, url, "warm")
        for number in range(rounds):
            found.append(
                {
                    "alone": await p95(client, url, f"a{number}"),
                    "beside two": await beside(client, url, 2, 1.0, f"b{number}"),
                    "beside six": await beside(client, url, 6, 1.0, f"c{number}"),
                    "as six begin": await beside(client, url, 6, 0.05, f"d{number}"),
                }
            )
    return found


def main() -> None:
    """Measure, print, and fail where a bound is passed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--home", type=Path, help="folder of a release (else one is built)")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with ExitStack() as stack:
        home = given.home or Path(stack.enter_context(tempfile.TemporaryDirectory()))
        try:
            Releases(home).current()
        except NoReleaseError:
            build(data.folder(), Releases(home))
        server = ours(stack, home)[0]
        url = f"http://{HOST}:{server.port}{server.path}"
        found = asyncio.run(measured(url, given.rounds))
    past = False
    for name in found[0]:
        ratio = median(one[name] / one["alone"] for one in found)
        middle = median(one[name] for one in found)
        sys.stdout.write(f"{name}: p95 {middle:.0f} ms, {ratio:.2f} times alone\n")
        past |= name.startswith("beside") and ratio > AT_MOST
    if past:
        sys.exit(f"above {AT_MOST} times")


if __name__ == "__main__":
    main()
