"""What must hold: SHACL, a named shape with a message and a severity for each rule."""

from importlib.resources import files
from pathlib import Path


def paths() -> list[Path]:
    """The Turtle files with the shapes, sorted by name."""
    return sorted(Path(str(files("careatlas.shapes"))).glob("*.ttl"))
