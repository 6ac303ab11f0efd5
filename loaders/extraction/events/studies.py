"""Studies that a document names, and who takes part in them; taking part is not buying."""

import re
from collections.abc import Iterator, Sequence

from careatlas.loaders.extraction.candidates import Deployment, Route, Stated
from careatlas.loaders.extraction.deployments import facts
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import Told, label, listed, one_of, parties
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.apart import idle
from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.extraction.wording.words import PRONOUNS

_STUDY = re.compile(
    r"(?:(?P<name>(?:[A-Z][\w.&/-]*\s+)(?:(?:[A-Z0-9][\w.&/-]*|of|for|and|in)\s+){0,6}?)(?:[a-z-]+\s+){0,3}?"
    r"(?P<kind>study|trial|evaluation|Study|Trial|Evaluation))\b"
)
_TAKES_PART = re.compile(
    r"\b(?:(?:is|are|was|were|has been|have been) (?:also |currently |now )?"
    r"(?:(?:one|two|three|four|five|six|\d+) (?:of|among) [^.;]{0,60}?(?:taking part |participating )?in|taking part in|"
    r"participating in|involved in|enrolled in|recruiting (?:patients |participants |people )?(?:to|for|into)|sites? (?:for|in|of)|"
    r"(?:an? )?(?:\w+ )?(?:site|partner)s? (?:for|in|of))|(?:takes?|took|taken) part in|participat(?:es?|ed) in|"
    r"(?:has |have )?joined|(?:has |have )?recruited [^.;]{0,40}?(?:to|for|into)|as part of)\b",
    re.IGNORECASE,
)
_ROLES = {
    "lead": r"(?:led|run|coordinated|co-ordinated|conducted|carried out) by",
    "sponsor": r"sponsored by",
    "funder": r"(?:funded|paid for) by|with funding from",
    "evaluator": r"(?:evaluated|assessed) by",
    "site": r"(?:sites (?:include|are|including)|(?:takes? place|taking place|is being run|is running|recruiting) at)",
}
_LEADS = {
    "lead": r"(?:is |are )?(?:leading|leads|led|running|runs|coordinating|coordinates|co-ordinates)",
    "sponsor": r"(?:is |are )?(?:sponsoring|sponsors|sponsored)",
    "funder": r"(?:is |are |has |have )?(?:funding|funds|funded)",
    "evaluator": r"(?:is |are )?(?:evaluating|evaluates)",
}
_BY = re.compile(
    "|".join(f"(?P<{role}>\\b(?:{words})\\s+)" for role, words in _ROLES.items()), re.IGNORECASE
)
_DOES = re.compile(
    "|".join(f"(?P<{role}>\\b(?:{words})\\s+(?:the\\s+)?)" for role, words in _LEADS.items()),
    re.IGNORECASE,
)


_MEANT = re.compile(
    r"\W*(?:[\w ,]{0,40},\s)?(?:(?:the|our|this) (?:[\w-]+ ){0,2}(?:trust|hospital|organisation|department|team|unit)|we|it|both|yes)\b",
    re.IGNORECASE,
)
"""Words that mean the trust that was named last, or whose document it is."""
_SITES = re.compile(
    r"\b(?:sites? (?:of|for|in)|centres? (?:of|for|in)|tak(?:e|es|ing) part in|participat(?:e|es|ing) in|(?:recruit(?:s|ing)?|joined|running|open) (?:to|for|in)?)\s*(?:the\s+)?$",
    re.IGNORECASE,
)
_COLON = re.compile(
    r"(?:\s+(?:study|trial|evaluation))?\s*(?::|\bare\b:?|\bso far:?)\s+", re.IGNORECASE
)
"""What leads to those who take part: "four sites of X: Ash, Elm"."""
_PUT_TO = re.compile(
    r"(?:\s+(?:study|trial|evaluation))?,?\s+(?:(?:which|that|has|have|is|was|now|being)\s+)*(?:had|has|have|put|puts|tested|tests|testing|tried|tries|trying|used|uses|using|ran|runs|running|"
    r"compared|compares|comparing|evaluated|evaluates|evaluating|followed)\b[^.;]*?\b(?P<at>at|in)\s+(?=(?:the\s+)?[A-Z])",
    re.IGNORECASE,
)
"""Where a study had a product work."""
_IN_WHICH = re.compile(
    r"[^.;]{0,100}?(?P<which>\bin which\b)[^.;]{2,200}?(?P<takes>\b(?:both |all |jointly )?(?:(?:is|are|was|were|has|have) )?(?:tak(?:e|es|en|ing)|took|participat(?:e|es|ed|ing)) (?:part\b)?)",
    re.IGNORECASE,
)
"""Who takes part, after the study: "a study in which Ash and Elm take part"."""
_BETWEEN = 4
"""As many words may stand between taking part and the name of the study."""


def from_routes(deployments: Sequence[Deployment]) -> Iterator[Stated]:
    """The studies through which organisations have something."""
    for one in deployments:
        for route in one.routes:
            if route.kind == "study":
                yield _of_route(one, route)


def _of_route(one: Deployment, route: Route) -> Stated:
    cells = {
        "study": route.through.label,
        "organisation": one.trust.label,
        "role": "participant",
        "product": one.product.label if one.product else one.new,
        "integrated_with": one.integrated_with,
        "period_start": one.valid_from,
        "precision": precision(one.valid_from),
        "printed": route.through.text,
    }
    return Stated("studies", cells, route.found, (route.through, one.trust))


def precision(day: str) -> str:
    """How finely a date of the tables is known.

    >>> precision("2024-02"), precision("")
    ('month', 'undated')
    """
    if not day:
        return "undated"
    if "/" in day:
        return "interval" if "-" in day else "financial-year"
    return {4: "year", 7: "month", 10: "day"}[len(day)]


def studies(
    told: Sequence[Told], names: Gazetteer, house: Mention | None = None
) -> Iterator[Stated]:
    """The parts that organisations take in studies, as running text says it."""
    about = _about(told, names)
    for one in told:
        trust = house
        for sentence in one.sentences():
            if not idle(one.text, sentence):
                for found in _in(one, sentence, names, trust):
                    cells = found.cells
                    cells["product"] = cells["product"] or about.get(cells["study"], "")
                    yield found
            said = one.text[sentence.start : sentence.end]
            named = {m.of("trust"): m for m in names.mentions(said) if m.of("trust")}
            trust = next(iter(named.values())) if len(named) == 1 else None if named else trust


def _about(told: Sequence[Told], names: Gazetteer) -> dict[str, str]:
    """The product of each study that sentences name with one product alone."""
    products: dict[str, set[str]] = {}
    for one in told:
        for span in one.sentences():
            named = list(names.mentions(one.text[span.start : span.end]))
            made = {p.label for m in named for p in m.of("product")}
            studied = {s.label for m in named for s in m.of("study")}
            if len(made) == len(studied) == 1:
                products.setdefault(studied.pop(), set()).update(made)
    return {study: made.pop() for study, made in products.items() if len(made) == 1}


def _in(told: Told, sentence: Span, names: Gazetteer, trust: Mention | None) -> Iterator[Stated]:
    text = told.text
    study = _named(text, sentence, names)
    if study is None:
        return
    found: list[tuple[Mention, str]] = []
    takes = _TAKES_PART.search(text, sentence.start, study.start)
    if (
        takes
        and len(text[takes.end() : study.start].split()) <= _BETWEEN
        and _holds(text, sentence.start, takes.start())
    ):
        who_takes = _trusts(text, sentence.start, takes.start(), names)
        if not who_takes and trust and _MEANT.match(text, sentence.start, takes.start()):
            at = Mention(sentence.start, takes.start(), trust.text, trust.of("trust"))
            who_takes = [at]
        found += [(m, "participant") for m in who_takes]
    found += _others(text, sentence, study, names)
    products = {
        p for m in names.mentions(text[sentence.start : sentence.end]) for p in m.of("product")
    }
    product = products.pop().label if len(products) == 1 else ""
    begun = facts.since(text[sentence.start : sentence.end])
    seen = set()
    for who, role in found:
        if (label(who), role) in seen:
            continue
        seen.add((label(who), role))
        cells = {
            "study": study.label,
            "organisation": label(who),
            "role": role,
            "product": product,
            "period_start": begun,
            "precision": precision(begun),
            "printed": " ".join(study.text.split()),
        }
        sure = 0.7 - 0.1 * (not study.entities) - 0.2 * (not who.entities)
        span = Span(min(who.start, study.start), max(who.end, study.end))
        yield Stated("studies", cells, told.found(f"study:{role}", span, sure), (study, who))


def _others(
    text: str, sentence: Span, study: Mention, names: Gazetteer
) -> list[tuple[Mention, str]]:
    """Who leads, pays for or takes part in a study by the words around its name."""
    found: list[tuple[Mention, str]] = []
    for match in _DOES.finditer(text, sentence.start, study.start):
        if text[match.end() : study.start].strip() in {"", "the"} and _holds(
            text, sentence.start, match.start()
        ):
            role = match.lastgroup or ""
            found += [
                (m, role) for m in parties(text, sentence.start, match.start(), names) if m.entities
            ]
    if (which := _IN_WHICH.match(text, study.end, sentence.end)) and _holds(
        text, study.end, which.end()
    ):
        stop = which.start("takes")
        found += [(m, "participant") for m in _trusts(text, which.end("which"), stop, names)]
    if (colon := _COLON.match(text, study.end, sentence.end)) and _SITES.search(
        text, sentence.start, study.start
    ):
        found += [(m, "participant") for m in _trusts(text, colon.end(), sentence.end, names)]
    if (put := _PUT_TO.match(text, study.end, sentence.end)) and _holds(text, study.end, put.end()):
        found += [(m, "participant") for m in _trusts(text, put.start("at"), sentence.end, names)]
    for match in _BY.finditer(text, study.end, sentence.end):
        if _holds(text, study.end, match.start()):
            found += [
                (m, match.lastgroup or "") for m in listed(text, match.end(), sentence.end, names)
            ]
    return found


def _holds(text: str, start: int, end: int) -> bool:
    clause = text[max(start, end - 60) : end]
    return not (lifecycle.planned(clause) or lifecycle.negated(clause))


def _trusts(text: str, start: int, end: int, names: Gazetteer) -> list[Mention]:
    found = parties(text, start, end, names)
    return [m for m in found if m.entities and one_of(m, "trust", "organisation", "network")]


_EXPLAINED = re.compile(
    r"(?P<name>(?=[\w-]*[A-Z][\w-]*[A-Z0-9])[A-Z][\w-]{2,}),? (?:which is |is )?(?:an?|the) (?:[\w-]+ ){0,4}(?:study|trial|evaluation)\b"
)
"""A short name and what it is: "X, a national study of"."""


def _named(text: str, sentence: Span, names: Gazetteer) -> Mention | None:
    """The study that a sentence names: one that is known, or a name before such a word."""
    for mention in names.mentions(text[sentence.start : sentence.end]):
        if known := mention.of("study"):
            at = sentence.start
            return Mention(mention.start + at, mention.end + at, mention.text, known)
    explained = _EXPLAINED.search(text, sentence.start, sentence.end)
    if explained and not names.find(explained["name"]):
        near = names.nearest(explained["name"], "study")
        return Mention(*explained.span("name"), explained["name"], (), near)
    for match in _STUDY.finditer(text, sentence.start, sentence.end):
        name = " ".join(match["name"].split())
        first = re.sub(r"^(?:The|This|That|A|An|In|Its|Our|As|One|Each)\s+", "", name)
        if first.casefold() in PRONOUNS:
            continue
        known_as = any(m.entities for m in names.mentions(first))
        if (
            first
            and first not in {"The", "This", "That", "A", "An", "In", "Its", "Our", "As"}
            and not known_as
        ):
            start = match.start() + match[0].find(first)
            end = start + len(match["name"].rstrip()) - (len(name) - len(first))
            return Mention(start, end, first, (), names.nearest(first, "study"))
    return None
