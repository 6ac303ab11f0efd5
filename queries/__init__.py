"""What can be asked: SPARQL files for questions, derivation, checks and views."""

from pathlib import Path


def folder(kind: str) -> Path:
    """The folder of one kind of query: `questions`, `derive`, `cubes`, `checks` or `views`."""
    return Path(__file__).parent / kind
