"""The commands for documents: candidates of claims, their measure and review, and what repeats what."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING

from careatlas.arguments import Parser, UsageError
from careatlas.echoing import echo_flags, write_echoes
from careatlas.extracting import evaluate_flags, extract_flags, write_candidates, write_scores
from careatlas.reviewing import review, review_flags

if TYPE_CHECKING:
    from careatlas.graph.release import Release


def document_commands(command: Callable[..., Parser]) -> None:
    """Add the commands `extract`, `evaluate`, `review` and `echoes`."""
    extract_flags(command("extract", _run, "read a document and print candidate claims"))
    evaluate_flags(command("evaluate", _run, "compare candidates with reviewed claims"))
    review_flags(
        command("review", _run, "decide on what a document seems to say, or which notices are kept")
    )
    echo_flags(command("echoes", _run, "find what documents repeat of each other"))


def _run(options: argparse.Namespace, _: list[str]) -> int:
    """Do what was asked for.

    Raises:
        UsageError: several documents are to be reviewed.
    """
    if options.command == "review":
        if options.of == "ocds":
            from careatlas.review_notices import review_notices

            return review_notices(options)
        if len(options.files) > 1:
            raise UsageError("documents are reviewed one at a time, notices together: --of ocds")
        options.file = options.files[0]
    from careatlas.opening import current

    does: dict[str, Callable[[argparse.Namespace, Release], int | None]] = {
        "extract": write_candidates,
        "evaluate": write_scores,
        "review": review,
        "echoes": write_echoes,
    }
    return does[options.command](options, current(options)) or 0
