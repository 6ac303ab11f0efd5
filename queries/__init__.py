"""What can be asked: SPARQL files for questions, derivation, checks and views."""

from importlib.resources import files
from pathlib import Path


def folder(kind: str) -> Path:
    """The folder of one kind of query: `questions`, `derive`, `checks` or `views`."""
    return Path(str(files("careatlas.queries"))) / kind
