"""What trusts answered when somebody asked them, as a sentence tells it."""

from collections.abc import Iterator

from careatlas.loaders.extraction.candidates import Disclosure, Found
from careatlas.loaders.extraction.gazetteer import Mention
from careatlas.loaders.extraction.organisations.subjects import Part, joined
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.replied import told
from careatlas.loaders.reading.model import Passage


def answered(
    passage: Passage, text: str, part: Part, reported: str, sure: float
) -> Iterator[Disclosure]:
    """The answers that a part of a sentence tells of, one for each trust that it joins."""
    answer, detail = told(text[part.span.start : part.span.end])
    group = joined(text, part.trusts)
    if (
        not answer
        or len(group) < len(part.trusts)
        or lifecycle.planned(text[part.span.start : group[0].start])
    ):
        return
    for whose in group:
        at = passage.start
        found = Found("told", sure, passage, at + whose.start, at + part.span.end)
        name = Mention(whose.start, whose.end, whose.text, whose.of("trust"))
        yield Disclosure(name, answer, detail, "", reported, found)
