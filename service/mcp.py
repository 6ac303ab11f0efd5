"""The MCP server: the questions as tools for language-model clients, over HTTP and on stdio."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from difflib import get_close_matches
from importlib.metadata import version
from pathlib import Path
from typing import Any

from mcp import MCPError, types
from mcp.server import ServerRequestContext
from mcp.server.caching import CacheHint
from mcp.server.lowlevel import Server
from mcp.server.stdio import stdio_server
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from careatlas.graph.release import Release
from careatlas.service.answering import send_bytes, send_problem
from careatlas.service.mcp_calls import call
from careatlas.service.mcp_tools import INSTRUCTIONS, tools
from careatlas.service.pool import Limits
from careatlas.service.problems import Problem
from careatlas.service.sparql import method_not_allowed
from careatlas.service.state import Service, ServiceSettings

FRESH = 300_000
"""Milliseconds for which a client may keep the list of tools."""
METHODS = ["POST", "OPTIONS"]
Context = ServerRequestContext[Any]


class Tools:
    """The tools of one service; their schemas hold the concepts of the release in force."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._release: str | None = None
        self._tools: dict[str, types.Tool] = {}

    def all(self) -> dict[str, types.Tool]:
        """The tools by name."""
        release = self._current()
        name = release.name if release else ""
        if name != self._release:
            self._tools = {tool.name: tool for tool in tools(release)}
            self._release = name
        return self._tools

    def _current(self) -> Release | None:
        try:
            return self.service.current()
        except Problem:
            return None

    async def list(
        self, _: Context, __: types.PaginatedRequestParams | None
    ) -> types.ListToolsResult:
        """Answer `tools/list`."""
        return types.ListToolsResult(tools=list(self.all().values()))

    async def call(self, _: Context, params: types.CallToolRequestParams) -> types.CallToolResult:
        """Answer `tools/call`.

        Raises:
            MCPError: there is no such tool.
        """
        known = self.all()
        if params.name not in known:
            near = get_close_matches(params.name, known, n=4, cutoff=0.4)
            offer = f"; nearest: {' | '.join(near)}" if near else ""
            raise MCPError(types.INVALID_PARAMS, f"no tool is called {params.name!r}{offer}")
        return await call(self.service, known[params.name], params.arguments or {})

    def schema(self, name: str) -> dict[str, Any] | None:
        """The input schema of the tool of this name."""
        tool = self.all().get(name)
        return tool.input_schema if tool else None


def server(service: Service) -> Server[Any]:
    """The MCP server on one service."""
    known = Tools(service)
    return Server(
        "careatlas",
        title="Careatlas",
        version=version("careatlas"),
        description="Who uses which AI in the English health service, and how that is known.",
        instructions=INSTRUCTIONS,
        cache_hints={"tools/list": CacheHint(ttl_ms=FRESH, scope="public")},
        get_tool_input_schema=known.schema,
        on_list_tools=known.list,
        on_call_tool=known.call,
    )


class OverHttp:
    """MCP over streamable HTTP, without sessions: each request is answered by itself, in JSON."""

    def __init__(self, service: Service) -> None:
        # Any Host may ask: the data are public, and nothing can be changed by asking.
        self._manager = StreamableHTTPSessionManager(
            server(service),
            json_response=True,
            stateless=True,
            max_request_body_size=service.settings.body,
        )

    @asynccontextmanager
    async def run(self) -> AsyncIterator[None]:
        """Be ready for requests as long as the service runs."""
        async with self._manager.run():
            yield

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["method"] == "OPTIONS":
            await send_bytes(scope, send, 204, [("allow", ", ".join(METHODS))])
        elif scope["method"] != "POST":
            # A stream that the server could speak up on is not offered: it has nothing to say.
            await send_problem(scope, send, method_not_allowed(METHODS))
        else:
            await self._manager.handle_request(scope, receive, send)


def over_http(service: Service) -> OverHttp:
    """The MCP server of a service, as an ASGI application with a life of its own."""
    return OverHttp(service)


def over_stdio(home: Path) -> None:
    """Serve MCP on stdin and stdout until stdin ends."""
    # A thread that waits for stdin cannot be called off; and an end at once loses nothing here.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    asyncio.run(_over_stdio(home))


async def _over_stdio(home: Path) -> None:
    service = Service(ServiceSettings(home=home, limits=Limits(workers=1, slow=1)))
    serving = server(service)
    # The workers start when stdin and stdout have been set aside: they must not hold the pipes.
    async with stdio_server() as (reading, writing):
        await service.pool.start()
        try:
            await serving.run(reading, writing, serving.create_initialization_options())
        finally:
            await service.pool.stop()
