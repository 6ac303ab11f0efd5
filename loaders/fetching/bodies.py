"""Whether a body is whole: unpacked, ended, and of the kind that the service gives."""

import json
import re
import zlib
from typing import Any

from careatlas.loaders.fetching.errors import BrokenBodyError

MOST_BYTES = 512 * 2**20
"""More than this in one body is no answer of any service here."""
_PAGE = re.compile(rb"\A\s*<", re.DOTALL)
_BLOCK = 2**20


def unpacked(raw: bytes, encoding: str) -> bytes:
    """A body without its transfer packing, which must end where the body does.

    Raises:
        BrokenBodyError: the packing is cut off, damaged, unknown, or holds far more than a body.
    """
    if encoding in ("", "identity"):
        return raw
    if encoding not in ("gzip", "x-gzip"):
        raise BrokenBodyError(f"its body is packed as {encoding}, which was not asked for")
    parts, size = [], 0
    while raw:
        packing = zlib.decompressobj(wbits=zlib.MAX_WBITS | 16)
        try:
            while raw and not packing.eof:
                parts.append(packing.decompress(raw, _BLOCK))
                raw = packing.unconsumed_tail
                size += len(parts[-1])
                if size > MOST_BYTES:
                    raise BrokenBodyError(f"its body unpacks to more than {MOST_BYTES >> 20} MiB")
        except zlib.error as fault:
            raise BrokenBodyError(f"its body is damaged ({fault})") from fault
        if not packing.eof:
            raise BrokenBodyError("its body was cut off within its packing")
        raw = packing.unused_data
    return b"".join(parts)


def package(body: bytes) -> dict[str, Any]:
    """A package of releases, read to its end.

    Raises:
        BrokenBodyError: it does not end, or is no package of releases.
    """
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as fault:
        raise BrokenBodyError("its body is not JSON to the end") from fault
    if not isinstance(found, dict) or not isinstance(found.get("releases"), list):
        raise BrokenBodyError("its body is no package of releases")
    return found


def whole_package(body: bytes) -> None:
    """See that a body is a package of releases.

    Raises:
        BrokenBodyError: it is none, or cut off.
    """
    package(body)


def whole_report(body: bytes) -> None:
    """See that a body is lines of values.

    Raises:
        BrokenBodyError: it is empty, a page for people, or ends within a line.
    """
    if not body.strip():
        raise BrokenBodyError("its body is empty")
    if _PAGE.match(body) or body.lstrip()[:1] in (b"{", b"["):
        raise BrokenBodyError("its body is a page or a message, and no report")
    if not body.endswith((b"\n", b"\r")):
        raise BrokenBodyError("its body ends within a line")
