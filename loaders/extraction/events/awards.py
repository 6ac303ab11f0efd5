"""Money that a fund or programme gave to somebody; an award is not use."""

import re
from collections.abc import Iterator, Sequence

from careatlas.graph.terms import ID
from careatlas.loaders.extraction.candidates import Stated
from careatlas.loaders.extraction.gazetteer import Gazetteer, Mention
from careatlas.loaders.extraction.organisations.parties import (
    Last,
    Told,
    label,
    listed,
    one_of,
    parties,
)
from careatlas.loaders.extraction.wording import lifecycle
from careatlas.loaders.extraction.wording.apart import idle
from careatlas.loaders.extraction.wording.days import day_at
from careatlas.loaders.extraction.wording.text import Span
from careatlas.loaders.extraction.wording.words import PREPOSITIONS

_MONEY = (
    r"(?P<share>(?:a )?share of\s+)?(?P<about>(?:almost|nearly|around|about|over|more than|up to|approximately|some|just over|just under)\s+)?"
    r"(?:a\s+)?\u00a3\s?(?P<n>\d[\d,]*(?:\.\d+)?)\s?(?P<k>million|thousand|billion|bn|mn?|k)?\b"
)
_GOT = re.compile(
    rf"\b(?:awarded|granted|received|receives|secured|secures|won|wins|given|gained|allocated)\s+(?:an? (?:award|grant) of\s+)?{_MONEY}",
    re.IGNORECASE,
)
_GAVE = re.compile(
    rf"\b(?:awarded|granted|given|gave|allocated|provided)\s+{_MONEY}(?:\s+(?:in|of) \w+)?\s+to\s+",
    re.IGNORECASE,
)
_WENT = re.compile(
    rf"{_MONEY}[^.;]{{0,80}}?\b(?:(?:has been|have been|had been|was|were)\s+(?:awarded|granted|given|allocated|paid|made)|(?:has|have|had) gone|went|goes|go)\s+to\s+",
    re.IGNORECASE,
)
_TO_WHOM = re.compile(
    rf"\b(?:awarded|granted|given|gave|allocated|offered)\s+(?P<whom>(?:the\s+)?(?:(?-i:[A-Z])[\w&'\u2019-]*(?:\s+|,\s+))(?:(?:(?-i:[A-Z])[\w&'\u2019-]*|and|of|for|the)\s+){{0,9}}?|(?:the|our) (?:trust|hospital|network|alliance|ICB|board|partnership|collaborative|consortium)\s+|it\s+|us\s+){_MONEY}",
    re.IGNORECASE,
)
_FROM = re.compile(
    r"\b(?i:from|by|through|under|via|as part of|in round \w+ of|of)\s+(?:the\s+)?(?=(?:[a-z]+['\u2019]s\s+)?[A-Z])"
)
_FUND = re.compile(
    r"(?:[A-Z][\w&'\u2019-]*)(?:\s+(?:(?:in|and|of|for|to|the)\s+)*[A-Z][\w&'\u2019-]*)*(?:\s+(?:fund|award|awards|programme|scheme|grant))?"
)
_FOR = re.compile(
    r"\b(?:to|for)\s+(?=(?:help |support |fund )?(?:develop|deploy|test|trial|evaluat|introduc|build|expand|roll|implement|an?\b|its\b|the\b|AI\b))"
)
_GIVER = re.compile(r"\s(?:by|from|under|through|out of)\s+(?:the\s+)?(?=[A-Z])")
_THE = re.compile(r"(?:the |our )?(?:trust|hospital|network|alliance|ICB|board)", re.IGNORECASE)
_TIME = re.compile(
    r"^(?:(?:In|On|At|During|By|Last|This|Earlier)\b[^,]*?(?:20\d\d|month|year|week|today),?\s+|(?:In|On) [A-Z][a-z]+,?\s+(?=the\b|[A-Z]))"
    r"(?:the\s+)?",
)
_SAID_THAT = re.compile(
    r"\b(?:reported|reports|said|says|noted|confirmed|announced|explained|added|told [\w ]{2,20}?)\s+that\s+(?:the\s+)?",
    re.IGNORECASE,
)
_PAID = re.compile(r"\bcontracts?\b|\bworth\b|\btenders?\b|\bpurchased?\b", re.IGNORECASE)
"""What is paid for is not given."""
_SCALE = {"million": 6, "m": 6, "mn": 6, "thousand": 3, "k": 3, "billion": 9, "bn": 9}
_BACK = re.compile(
    r"\b(?:was|were|been)\s*$|\b(?:has|have|had)\s*$|\b(?:which|who|that)\s*$", re.IGNORECASE
)


def awards(told: Sequence[Told], last: Last) -> Iterator[Stated]:
    """One row for each recipient of each sum that a document states as given."""
    for one in told:
        for sentence in one.sentences():
            if not idle(one.text, sentence):
                yield from _in(one, sentence, last)
            last.read(one.text, sentence, one.number)


def _in(told: Told, sentence: Span, last: Last) -> Iterator[Stated]:
    text, names = told.text, last.names
    for rule, pattern in (("to", _TO_WHOM), ("gave", _GAVE), ("went", _WENT), ("got", _GOT)):
        match = pattern.search(text, sentence.start, sentence.end)
        if not match:
            continue
        if _PAID.search(text, sentence.start, sentence.end):
            return
        giver = None
        clause = text[max(sentence.start, match.start() - 60) : match.start()]
        if lifecycle.planned(clause) or lifecycle.negated(clause):
            return
        before = parties(text, sentence.start, match.start(), names)
        after = []
        if rule == "to":
            after = parties(text, match.start("whom"), match.end("whom"), names)
            after += last.meant(told, match.start("whom"), match.end("whom"), after)
            after = [
                m
                for m in after
                if not re.fullmatch(
                    r"(?:the |our )?(?:trust|hospital|network|alliance|ICB|board|partnership|collaborative|consortium)",
                    m.text,
                    re.IGNORECASE,
                )
            ]
        elif rule != "got":
            giver = _GIVER.search(text, match.end(), sentence.end)
            after = listed(text, match.end(), giver.start() if giver else sentence.end, names)
            after = [m for m in after if m.entities or not _THE.fullmatch(m.text)]
            after = after or last.meant(told, match.end(), sentence.end, [])[:1]
        elif not any(m.entities for m in before):
            before = last.meant(told, sentence.start, match.start(), []) or before
        begin, end = (match.end(), sentence.end)
        if rule != "got":
            begin, end = (giver.start(), sentence.end) if giver else (match.start("n"), match.end())
        fund = _fund(text, begin, end, names)
        if rule == "got" and fund is None:
            fund = _fund(text, sentence.start, match.start(), names)
        if rule in {"gave", "to", "went"}:
            fund = fund or _whole_fund(text, sentence.start, match.start(), names)
        who = (
            after
            if rule != "got"
            else [
                m for m in before if m.entities or m.start > sentence.start + 40 or len(before) == 1
            ]
        )
        for recipient in who:
            yield _row(told, sentence, match, recipient, fund, names)
        return


def _whole_fund(text: str, start: int, end: int, names: Gazetteer) -> Mention | None:
    for mention in names.mentions(text[start:end]):
        if known := mention.of("programme", "organisation"):
            return Mention(mention.start + start, mention.end + start, mention.text, known)
    said_by = list(_SAID_THAT.finditer(text, start, end))
    start = said_by[-1].end() if said_by else start
    words = _TIME.sub("", _BACK.sub("", text[start:end].strip()).strip(" ,"))
    found = _FUND.search(re.sub(r"^(?:The|An?)\s+", "", words))
    if found is None or found[0].split()[0].casefold() in PREPOSITIONS:
        return None
    return Mention(start, end, found[0], ())


def _fund(text: str, start: int, end: int, names: Gazetteer) -> Mention | None:
    """The fund that is named after a "from" or "by"."""
    for match in _FROM.finditer(text, start, end):
        rest = text[match.end() : end]
        known = next((m for m in names.mentions(rest) if m.start < 30), None)  # noqa: PLR2004
        if known and (kinds := known.of("programme", "organisation", "icb", "network", "trust")):
            at = match.end()
            return Mention(at + known.start, at + known.end, known.text, kinds)
        if name := _FUND.search(rest):
            at, said = match.end() + name.start(), name[0]
            inside = next((m for m in names.mentions(said) if m.start), None)
            said = (
                re.sub(r"\s+(?:in|and|of|for|to|the)\s*$", "", said[: inside.start])
                if inside
                else said
            )
            return Mention(at, at + len(said), said, (), names.nearest(said, "programme"))
    return None


def _row(  # noqa: PLR0913 - the parts of an award
    told: Told,
    sentence: Span,
    match: re.Match[str],
    recipient: Mention,
    fund: Mention | None,
    names: Gazetteer,
) -> Stated:
    text = told.text
    said = text[sentence.start : sentence.end]
    programme = one_of(fund, "programme", "organisation") if fund else None
    known = one_of(recipient)
    products = {p for m in names.mentions(said) for p in m.of("product")}
    day = day_at(text, sentence.start, sentence.end)
    purpose = _FOR.search(text, match.end(), sentence.end)
    description = text[purpose.end() : sentence.end] if purpose else ""
    amount, about = _amount(match)
    cells = {
        "programme": programme.iri.removeprefix(ID) if programme else "",
        "programme_name": label(fund) if fund else "",
        "recipient": known.iri.removeprefix(ID) if known else "",
        "recipient_name": label(recipient),
        "product": products.pop().label if len(products) == 1 else "",
        "description": " ".join(
            re.split(r"[;(]|,\s(?:which|who|as)\b|\s(?:from|by|through) the\s", description)[
                0
            ].split()
        ),
        "amount_gbp": amount,
        "amount_approximate": "true" if about else "false",
        "date": day.written if day else "",
        "role": "recipient",
        "printed": " ".join(match[0].split()),
    }
    sure = 0.75 - 0.2 * (not recipient.entities) - 0.2 * (fund is None)
    found = told.found(
        "award", Span(min(recipient.start, match.start()), max(recipient.end, match.end())), sure
    )
    return Stated("awards", cells, found, tuple(m for m in (recipient, fund) if m))


def _amount(match: re.Match[str]) -> tuple[str, bool]:
    """The pounds of one recipient, and whether they are only about so many; a share has no sum."""
    if match["share"]:
        return "", False
    number = float(match["n"].replace(",", "")) * 10 ** _SCALE.get((match["k"] or "").casefold(), 0)
    return f"{round(number, 2):.2f}".rstrip("0").rstrip("."), bool(match["about"])
