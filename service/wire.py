"""The messages between the service and its workers: a length, a kind, and bytes.

A worker answers one job at a time with a head, pieces of the body, and an end; or with a problem
in the place of any of them. What breaks off before the end is no answer. Before its head it may ask
an engine elsewhere, through the service, and is answered in the same way.
"""

import json
import socket
import struct
from typing import Any, Final

HEAD: Final = b"H"
PIECE: Final = b"D"
END: Final = b"E"
PROBLEM: Final = b"P"
ASK: Final = b"A"

ELSEWHERE: Final = "engine:"
"""How the path of a release begins that lies in an engine elsewhere."""

FRAME: Final = struct.Struct(">cI")


class ClosedError(ConnectionError):
    """The other side has gone."""


def pack(kind: bytes, body: bytes = b"") -> bytes:
    """One message as bytes."""
    return FRAME.pack(kind, len(body)) + body


def pack_json(kind: bytes, value: dict[str, Any]) -> bytes:
    """One message that holds JSON."""
    return pack(kind, json.dumps(value).encode())


def receive(channel: socket.socket) -> tuple[bytes, bytes]:
    """The next message: its kind and its bytes.

    Raises:
        ClosedError: there will be none.
    """
    kind, length = FRAME.unpack(_exactly(channel, FRAME.size))
    return kind, _exactly(channel, length)


def _exactly(channel: socket.socket, count: int) -> bytes:
    found = bytearray()
    while len(found) < count:
        piece = channel.recv(count - len(found))
        if not piece:
            raise ClosedError
        found += piece
    return bytes(found)
