"""From a document to candidate claims: what to review, where it stands, and which rule found it."""

from careatlas.loaders.extraction.candidates import Candidates
from careatlas.loaders.extraction.extract import extract
from careatlas.loaders.extraction.gazetteer import Gazetteer

__all__ = ["Candidates", "Gazetteer", "extract"]
