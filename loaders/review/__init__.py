"""From candidates to reviewed rows: proposals, the decisions on them, and what is published of them."""

from careatlas.loaders.review.decisions import Decision, Log
from careatlas.loaders.review.proposals import Proposal, proposed
from careatlas.loaders.review.state import Review

__all__ = ["Decision", "Log", "Proposal", "Review", "proposed"]
