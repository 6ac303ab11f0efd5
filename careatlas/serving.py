"""The commands that stay: `serve` and `mcp`."""

import argparse
import sys
from pathlib import Path

from careatlas.arguments import Parser, UsageError
from careatlas.settings import Settings

MEGABYTE = 1 << 20


def serve_flags(parser: Parser) -> None:
    """The flags of `serve`; docs/service.md explains each."""
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=_port, default=8000, help="port to listen on (8000; 0 takes a free one)")
    add("--timeout", type=_positive, default=10.0, metavar="SECONDS", help="limit of a query (10)")
    add("--memory", type=_count, default=1024, metavar="MB", help="memory of a query (1024)")
    add("--workers", type=_count, help="short queries at a time (twice the processors)")
    add("--slow", type=_count, default=8, help="long queries at a time (8)")
    add("--rate", default="600/minute", help="requests of one client (600/minute; empty for any)")
    add("--concurrency", type=_count, default=16, help="open requests of one client (16)")
    add("--limit-loopback", action="store_true", help="limit the clients of this machine too")
    add("--proxy", default="", metavar="ADDRESSES", help="proxies whose X-Forwarded-For is true")
    add("--public-url", default="", metavar="URL", help="where clients reach it, behind a proxy")
    add("--log", choices=("json", "text"), help="form of the log (text on a terminal, else json)")


def _port(value: str) -> int:
    number = int(value) if value.isdecimal() else -1
    if not 0 <= number < 1 << 16:
        raise argparse.ArgumentTypeError(f"{value!r} is no port: write 0 to 65535")
    return number


def _count(value: str) -> int:
    number = int(value) if value.isdecimal() else 0
    if number < 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no whole number above 0")
    return number


def _positive(value: str) -> float:
    try:
        number = float(value)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{value!r} is no number of seconds above 0")
    return number


def serve(options: argparse.Namespace, of: Settings) -> int:
    """Serve the releases of a home, or what an engine holds, until told to stop."""
    from dataclasses import replace

    import limits as rates

    from careatlas.opening import seconds
    from careatlas.service.pool import Limits
    from careatlas.service.server import serve as run
    from careatlas.service.state import ServiceSettings

    try:
        rates.parse_many(options.rate or "1/second")
    except ValueError:
        raise UsageError(f"--rate: {options.rate!r} is no rate: write 600/minute") from None
    limits = Limits(slow=options.slow, seconds=options.timeout, memory=options.memory * MEGABYTE)
    if options.workers:
        limits = replace(limits, workers=options.workers)
    if of.engine:
        limits = replace(limits, seconds=min(limits.seconds, seconds(of)))
    settings = ServiceSettings(
        home=of.home,
        limits=limits,
        public_url=options.public_url.rstrip("/"),
        rate=options.rate,
        concurrency=options.concurrency,
        limit_loopback=options.limit_loopback,
        engine=of.engine,
    )
    log = options.log or ("text" if sys.stderr.isatty() else "json")
    run(settings, options.host, options.port, proxies=options.proxy, log=log)
    return 0


def mcp(home: Path) -> int:
    """Serve the questions as tools on stdin and stdout."""
    from careatlas.service.mcp import over_stdio

    over_stdio(home)
    return 0
