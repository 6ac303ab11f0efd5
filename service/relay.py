"""A release in an engine elsewhere, for a worker: it can open no socket, so the service asks for it."""

import json
import socket
from urllib.parse import quote, unquote

import httpx

from careatlas.graph.engine import Publication, Remote, RemoteRelease
from careatlas.graph.engine_wire import Body, Fields, Reply, Wire
from careatlas.service import wire
from careatlas.service.problems import Problem


def path(engine: Remote) -> str:
    """What stands for the publication of an engine where a release has its folder; its end is the name."""
    held = engine.publication
    kind = "virtuoso" if engine.is_virtuoso else "engine"
    return f"{wire.ELSEWHERE}{kind}:{quote(held.token, safe='')}/{held.name}"


def release(path: str, channel: socket.socket) -> RemoteRelease:
    """The release of such a path, asked over the channel of a worker."""
    kind, _, rest = path.removeprefix(wire.ELSEWHERE).partition(":")
    token, _, name = rest.partition("/")
    # Where it is asked the service knows, and nobody behind the walls needs to.
    engine = Remote("the engine", Relay(channel), kind == "virtuoso")
    engine.pinned = Publication(name, unquote(token))
    return RemoteRelease(engine)


class Relay(Wire):
    """The wire to an engine by way of the service."""

    def __init__(self, channel: socket.socket) -> None:
        super().__init__()
        self._channel = channel

    def read(
        self, url: str, query: str, given: Fields | None = None, *, seconds: float | None = None
    ) -> Reply:
        """The whole answer to a query, which the service has looked at.

        Raises:
            Problem: there is none.
        """
        wanted = {"query": query, "given": dict(given or {})}
        self._channel.sendall(wire.pack_json(wire.ASK, wanted))
        kind, said = wire.receive(self._channel)
        if kind == wire.PROBLEM:
            raise Problem.from_dict(json.loads(said))
        reply = Reply(httpx.Headers([tuple(one) for one in json.loads(said)["headers"]]), Body())
        kind, piece = wire.receive(self._channel)
        while kind != wire.END:
            reply.body.write(piece)
            kind, piece = wire.receive(self._channel)
        reply.body.seek(0)
        return reply
