"""The process that serves: the web server, its logs, and its end."""

import asyncio
import logging
import socket
import sys

import uvicorn
from pythonjsonlogger.json import JsonFormatter

from careatlas.service.app import create_app
from careatlas.service.pool import Limits
from careatlas.service.process import StartError, Worker
from careatlas.service.state import ServiceSettings

GRACE = 15
"""Seconds in which requests may end when the service is stopped."""


class ListenError(OSError):
    """The service cannot listen where it was told to."""

    def __init__(self, host: str, port: int, problem: str) -> None:
        super().__init__(host, port, problem)
        self.host = host
        self.port = port
        self.problem = problem

    def __str__(self) -> str:
        return f"cannot listen on {self.host}, port {self.port}: {self.problem}"


class _Broken(logging.Filter):
    """Leaves out what the server says of an answer that was broken off on purpose."""

    def filter(self, record: logging.LogRecord) -> bool:
        return "without completing response" not in record.getMessage()


def logs(kind: str) -> None:
    """Send one line for each event to stderr, as JSON or as text."""
    handler = logging.StreamHandler(sys.stderr)
    if kind == "json":
        names = ["asctime", "levelname", "name", "message"]
        form = JsonFormatter(names, rename_fields={"asctime": "time", "levelname": "level"})
        handler.setFormatter(form)
    else:
        handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logging.basicConfig(handlers=[handler], level=logging.INFO, force=True)
    logging.getLogger("careatlas.requests").setLevel(
        logging.INFO if kind == "json" else logging.WARNING
    )
    logging.getLogger("uvicorn.error").addFilter(_Broken())
    logging.getLogger("mcp").setLevel(logging.WARNING)
    # It would write each address that is asked, with the password in it.
    logging.getLogger("httpx").setLevel(logging.WARNING)


async def _prove(limits: Limits) -> None:
    """See that a worker comes up behind its walls, before anybody is let in."""
    worker = await Worker.start(limits.memory)
    await worker.end()


def serve(settings: ServiceSettings, host: str, port: int, *, proxies: str, log: str) -> None:
    """Serve until the process is told to stop; requests under way may end first.

    Raises:
        EngineError: the engine that it stands before does not say what it holds.
        ListenError: nobody may listen on this address, or somebody does already.
        StartError: the walls around the workers do not stand on this machine.
    """
    if sys.platform != "linux":
        raise StartError("only Linux can shut queries off from the network; use a container")
    app = create_app(settings)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        listener = socket.create_server((host, port), family=family)
    except OSError as error:
        raise ListenError(host, port, error.strerror or str(error)) from None
    with listener:
        # Without it an answer in two pieces waits for the client's acknowledgement of the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        asyncio.run(_prove(settings.limits))
        logs(log)
        shown = f"[{host}]" if ":" in host else host
        place = f"http://{shown}:{listener.getsockname()[1]}/"
        logging.getLogger("careatlas").info("serving %s", place)
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=bool(proxies),
            forwarded_allow_ips=proxies or None,
            timeout_graceful_shutdown=GRACE,
            timeout_keep_alive=30,
        )
        uvicorn.Server(config).run(sockets=[listener])
