"""What we know: curated fact tables, every row with its source and its place in it."""

from importlib.resources import files
from pathlib import Path


def folder() -> Path:
    """The folder of the tables that ship with the package."""
    return Path(str(files("careatlas.data")))
