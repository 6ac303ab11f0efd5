"""What a cell of a table says: names in a list, each with its own note, or the words of an answer."""

import re
from collections.abc import Iterator

from careatlas.loaders.extraction.deployments import facts
from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations import topics
from careatlas.loaders.extraction.wording import columns_said, lifecycle
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.extraction.wording.text import Span, sentences, trimmed

_SPEAKS = re.compile(
    r"\b(?:we|our|it|they|the trust|has|have|had|is|are|was|were|been|being|uses?|using|used|looking|considering|piloting|trialling|evaluating|exploring|planning|hoping|testing|runs?)\b",
    re.IGNORECASE,
)
_WORDY = 12
_EDGE = " \t\r\n.,;:/&+-\u2013\u2014"
_UNNAMED = re.compile(
    r"\((?:(?:the |its )?(?:name|product|supplier|maker)s? (?:\w+ )?(?:not|un|withheld|kept|held)|not named|unnamed|no name)[^()]*\)",
    re.IGNORECASE,
)
"""What says of a thing that is described that nobody gave its name."""
_BRACKET = re.compile(r"\(([^()]*)\)")
_JOIN = re.compile(r"[,;]|\b(?:and|but|while|whereas)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"\b(?:(?:is|are)(?! (?:for|our|the|an?|in|at|on|by|from)\b)|was|were|has|have(?! (?:the|an?)?\s)|had|been|did|does|will|would|can|could|may|might|should|must|got|became|let|went)\b",
    re.IGNORECASE,
)
"""Words of a statement: what it says is not known, so that a name in it is no mere name."""
_OVER = frozenset(("", "ended", "paused", "exploring"))
_AFTER = re.compile(
    r"\s*(?:(?=(?:bought|procured|purchased|ordered|switched|stopped|withdrawn|paused|suspended|live|being|not|no longer)\b)|[:\u2013\u2014-]|,|\bis\b|\bin\b|\bon\b|\bunder\b)\s*(?P<said>.+)",
    re.DOTALL,
)


def segments(text: str, start: int, end: int, names: Gazetteer) -> list[Span]:
    """The parts of a stretch, one for each product that it names, whatever stands between them.

    A maker belongs to the product beside it, before or after.
    """
    groups: list[list[Mention]] = []
    for mention in names.mentions(text[start:end]):
        products, vendors = mention.of("product"), mention.of("vendor")
        if not (products or vendors):
            continue
        last = groups[-1] if groups else []
        makers = {v.iri for m in last for v in m.of("vendor")}
        made = {p.vendor for m in last for p in m.of("product")}
        named = any(m.of("product") for m in last)
        again = {*mention.entities} & {e for m in last for e in m.entities}
        own = {v.iri for v in vendors} & made or (
            {p.vendor for p in products} & makers and not named
        )
        if last and (again or own):
            last.append(mention)
        else:
            groups.append([mention])
    begins = [start + group[0].start for group in groups]
    found = zip(begins, [*begins[1:], end], strict=False)
    return [trimmed(text, at, _cut(text, at, until), _EDGE) for at, until in found]


def _cut(text: str, start: int, end: int) -> int:
    """The end of a stretch without the words that only lead to the next name."""
    tail = re.search(
        r"(?:[\s,;/&+]|\b(?:and|also|plus|with|as well as|uses?|using)\b)+$",
        text[start:end],
        re.IGNORECASE,
    )
    return start + tail.start() if tail else end


def speaks(text: str, span: Span, names: Gazetteer) -> bool:
    """Whether a cell holds sentences rather than names."""
    said = _UNNAMED.sub("", text[span.start : span.end])
    several = len(list(sentences(text, span.start, span.end))) > 1
    if several or _SPEAKS.search(said) or len(said.split()) > _WORDY or _uncertain(said):
        return True
    first = next((m for m in names.mentions(said) if m.of("product", "vendor")), None)
    lead = said[: first.start] if first else ""
    return bool(lead.strip()) and columns_said.status(lead) is not None


def _uncertain(said: str) -> bool:
    return lifecycle.negated(said) or lifecycle.planned(said)


def listed(reader: Reader, span: Span, status: str, names: Gazetteer) -> list[Placed]:
    """Take in the names of a cell; what is noted after one is said of it alone."""
    parts = segments(reader.text, span.start, span.end, names)
    if len(parts) < 2:  # noqa: PLR2004 - what one name heads is read as a whole
        parts = [span]
    placed: list[Placed] = []
    for part in parts:
        state = _noted(reader.text, part, names, status)
        if state:
            placed += reader.things(reader.text, part.start, part.end, state, "table")
    return placed


def _noted(text: str, part: Span, names: Gazetteer, status: str) -> str:
    """The status of a name in a list, by the words in brackets or after it where they say one."""
    said = text[part.start : part.end]
    mentions = [m for m in names.mentions(said) if m.of("vendor", "product")]
    rest = said[mentions[-1].end :] if mentions else ""
    own = [m[1] for m in _BRACKET.finditer(said)]
    if match := _AFTER.match(rest.lstrip(" )")):
        own.append(match["said"])
    for words in own:
        if (state := columns_said.status(words)) is not None:
            return state
    return status


def told(reader: Reader, span: Span, bare: str, names: Gazetteer) -> list[Placed]:
    """Read a cell of free text as what its organisation answers; `bare` is what a mere name means."""
    placed: list[Placed] = []
    every = list(sentences(reader.text, span.start, span.end))
    for number, sentence in enumerate(every):
        if topics.taken_back(reader.text, every, number, reader.names):
            continue
        found = reader.sentence(sentence)
        stated = list(lifecycle.statements(reader.text, sentence.start, sentence.end))
        if not found and not any(not one.status for one in stated):
            found = list(_shortly(reader, sentence, bare, names))
        placed += found
    return placed


def _shortly(reader: Reader, sentence: Span, bare: str, names: Gazetteer) -> Iterator[Placed]:
    """What a sentence without a verb says of the products that it names."""
    text = reader.text
    said = text[sentence.start : sentence.end]
    if any(
        not set(m.of("trust")) & set(reader.owner.entities)
        for m in names.mentions(said)
        if m.of("trust")
    ):
        return
    parts = segments(text, sentence.start, sentence.end, names)
    lead = text[sentence.start : parts[0].start] if parts else ""
    for at, part in enumerate(parts):
        until = parts[at + 1].start if at + 1 < len(parts) else part.end
        stop = _stop(text, part, until) if until > part.end or at + 1 < len(parts) else part.end
        own = Span(part.start, stop)
        words = _without_names(f"{lead} {text[own.start : own.end]}", names)
        state = columns_said.status(words)
        if state is None:
            state = "" if _uncertain(words) or _CLAUSE.search(words) else bare
        elif state not in _OVER and lifecycle.planned(lead):
            state = ""
        if state:
            for placed in reader.things(text, own.start, own.end, state, "table:said", named=True):
                facts.fill(placed[2], words, names)
                yield placed
        following = text[stop:until]
        lead = following if _SPEAKS.search(following) or columns_said.status(following) else lead


def _stop(text: str, part: Span, until: int) -> int:
    """Where the words about one name end and those that lead to the next begin."""
    joins = list(_JOIN.finditer(text, part.start, until))
    if joins and joins[-1].start() > part.start:
        return joins[-1].start()
    return part.end


def _without_names(words: str, names: Gazetteer) -> str:
    for mention in reversed([*names.mentions(words)]):
        words = f"{words[: mention.start]} {words[mention.end :]}"
    return words


def trusts(cell: Cell, names: Gazetteer) -> list[tuple[Mention, str | None]]:
    """The trusts that a cell names, each with the status that is noted after it."""
    named = [mention for mention in names.mentions(cell.said) if mention.of("trust")]
    ends = [*(mention.start for mention in named[1:]), len(cell.said)]
    return [
        (
            Mention(cell.span.start, cell.span.end, mention.text, mention.of("trust")),
            columns_said.status(cell.said[mention.end : end]),
        )
        for mention, end in zip(named, ends, strict=False)
    ]
