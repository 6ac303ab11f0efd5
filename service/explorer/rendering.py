"""Pages from templates: whatever is put into one is escaped, and no template reckons."""

import hashlib
from functools import lru_cache
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined

_PACKAGE = "careatlas.service.explorer"


@lru_cache(maxsize=1)
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader(_PACKAGE),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@lru_cache(maxsize=1)
def digest() -> str:
    """What all templates together are, so that a page made from others has another tag."""
    folder = files(_PACKAGE).joinpath("templates")
    texts = sorted((one.name, one.read_bytes()) for one in folder.iterdir())
    whole = hashlib.sha256()
    for name, text in texts:
        whole.update(f"{name} {len(text)}\n".encode())
        whole.update(text)
    return whole.hexdigest()


def render(template: str, **values: object) -> str:
    """A page, or a part of one, from a template of the package."""
    return _environment().get_template(template).render(values)
