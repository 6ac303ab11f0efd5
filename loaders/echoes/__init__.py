"""Finds what one document repeats of another, for a person to decide; nothing follows by itself."""

from careatlas.loaders.echoes.compare import Echo, echoes
from careatlas.loaders.echoes.facts import Fact, facts
from careatlas.loaders.echoes.parts import Part, Text, claimed, written

__all__ = ["Echo", "Fact", "Part", "Text", "claimed", "echoes", "facts", "written"]
