"""The style sheet and the scripts of the pages, from the package."""

import asyncio
import hashlib
from functools import lru_cache
from importlib.resources import files

from careatlas.service.documents import Document
from careatlas.service.problems import Problem
from careatlas.service.state import Service

MEDIA = {".css": "text/css", ".js": "text/javascript"}


def static_file(service: Service, name: str) -> Document:
    """A file that pages are shown with.

    Raises:
        Problem: there is none of this name.
    """
    found = _files().get(name)
    if found is None:
        raise Problem(404, "no-such-file", f"no file is called {name[:80]!r}")
    kind, body = found

    async def make() -> bytes:
        return await asyncio.sleep(0, body)

    subject = {"file": name, "digest": hashlib.sha256(body).hexdigest()}
    return Document(service, subject, kind, make)


@lru_cache(maxsize=1)
def _files() -> dict[str, tuple[str, bytes]]:
    """All that may be asked for, by its path below `/static/`."""
    found = {}
    folders = [("", files("careatlas.service.explorer").joinpath("static"))]
    for prefix, folder in folders:
        for one in folder.iterdir():
            name = f"{prefix}{one.name}"
            kind = next((MEDIA[end] for end in MEDIA if one.name.endswith(end)), None)
            if one.is_dir():
                folders.append((f"{name}/", one))
            elif kind:
                found[name] = (kind, one.read_bytes())
    return found
