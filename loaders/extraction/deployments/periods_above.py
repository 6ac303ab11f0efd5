"""The period that a line gives for all the figures of the table or list below it."""

import re
from collections.abc import Sequence
from dataclasses import replace

from careatlas.loaders.extraction.candidates import Candidates
from careatlas.loaders.extraction.organisations.parties import Told
from careatlas.loaders.extraction.wording.periods import Period, period_at
from careatlas.loaders.extraction.wording.text import sentences

_FIGURES = r"(?:volumes?|figures?|numbers?|counts?|activity|usage|use|totals?|statistics|data|results|quantities)"
_OF_FIGURES = re.compile(
    rf"\W*(?:(?:all|the|these|those|our|table [\d.]+|\w+ and) )*(?:[\w-]+ ){{0,3}}?{_FIGURES}\b(?: (?:below|here|given|shown|in the (?:table|list)|that follow))*,?\s+"
    r"(?:(?:are|is|were|all|cover|covers|covering|relate|relates|refer|refers|run|stand) )*(?:(?:to|those|the) )*(?=(?:of|for|in|during|over|from|between|since|period|year|months?|quarter)\b|\w+ (?:to|until|-|\u2013)|\d)",
    re.IGNORECASE,
)
"""How a line begins that tells of which time figures are."""
_BARE = re.compile(
    r"\W*(?:(?:reporting |the )?period(?: covered)?\W+|(?:all )?(?=(?:for|in|during|over|covering|between|from)\b))",
    re.IGNORECASE,
)
_REST = re.compile(
    r"\W*(?:(?:or|unless|except|if|as|inclusive|only|where|but)\b[^.;]*|(?:we|the trust) (?:counted|recorded|had|used)\W*)?",
    re.IGNORECASE,
)
"""What may follow the period in a line that gives nothing else."""
_BETWEEN = 30
"""So many letters may stand between what begins such a line and the end of the period."""


def period_above(words: str) -> Period:
    """The period that a line gives for all figures below it; both days empty where it gives none.

    >>> period_above("For 2024/25, or as stated:"), period_above("In May 2025 we met:")
    (('2024-04-01', '2025-03-31'), ('', ''))
    """
    for sentence in sentences(words, 0, len(words)):
        begin = _OF_FIGURES.match(words, sentence.start, sentence.end)
        begin = begin or _BARE.match(words, sentence.start, sentence.end)
        if begin is None:
            continue
        period, end = period_at(words, begin.end(), sentence.end)
        near = end - begin.end() <= _BETWEEN + len("between 30 September 2024 and ")
        if any(period) and near and _REST.fullmatch(words, end, sentence.end):
            return period
    return "", ""


def dated(found: Candidates, told: Sequence[Told]) -> None:
    """Give the figures of tables and lists that have no time of their own that of the line above."""
    period: Period = ("", "")
    under: tuple[str, ...] = ()
    periods: dict[int, Period] = {}
    for one in told:
        if one.passage.kind not in {"row", "item"}:
            period, under = period_above(one.text), one.passage.headings
        elif any(period) and one.passage.headings == under:
            periods[one.passage.start] = period
    for at, usage in enumerate(found.usage):
        above = periods.get(usage.found.passage.start)
        if above and not usage.per and not any(usage.period):
            found.usage[at] = replace(usage, period=above)
