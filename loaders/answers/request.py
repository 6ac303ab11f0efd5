"""A request for what is not known of a trust: its questions, the form, and the letter in plain words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from textwrap import fill

from careatlas.graph.terms import slug
from careatlas.loaders.answers.fields import labels
from careatlas.loaders.answers.form import ANSWERS, PRODUCTS, Asked, Form, Item

Gap = Mapping[str, str]
"""A row of the question `gaps`, by column."""
SCOPE = (
    "AI systems used in the diagnosis, treatment or care of patients, or in the work around it, "
    "in use, on trial or planned"
)
OF_TRUST = ("refused", "unable-to-specify", "no-response", "not-asked", "conflict")
ORDER = (
    *OF_TRUST,
    "name-unresolved",
    "product-not-named",
    "nothing-named",
    "route-not-stated",
    "usage-not-stated",
    "usage-without-period",
    "status-old",
)
_TEXTS = {
    "refused": "In your answer as of {since} you confirmed use and withheld the particulars."
    " Which products are in use, on trial or planned today?",
    "unable-to-specify": "In your answer as of {since} you confirmed use without saying of what."
    " Which products are in use, on trial or planned today?",
    "no-response": "We know of no answer of yours to a request of {since}."
    " Do you use any such system, and which?",
    "not-asked": "We know of no earlier request to you. Do you use any such system, and which?",
    "conflict": "Two sources disagree. One says of you: {known}. The other: {against}."
    " What holds today?",
    "name-unresolved": "A source names {about}, and we cannot tell what that is."
    " What are the product's full name and its supplier?",
    "product-not-named": "You are reported to have something of {about}. Which product is it?",
    "nothing-named": "You are reported to have this: {about}."
    " What are the product's name and its supplier?",
    "route-not-stated": "How was {about} obtained, through whom, and when does the contract end?",
    "usage-not-stated": "How much was {about} used in the last full financial year, and counted"
    " in what?",
    "usage-without-period": "The figure {known} is reported for {about}. Which period is it for?",
    "status-old": "How far along is {about} today, and since when?",
}
_WIDTH = 78
_INTENT = "This is a request under the Freedom of Information Act 2000, about"
_WHY = (
    "Why we ask: we keep a public record of which systems are in use, how they were obtained and"
    " how that is known. Some of it is missing or may be out of date for your organisation. What we"
    " know so far stands below with its source, so that you can confirm or correct it."
)
_HOW = (
    f"How to answer: the attached workbook would suit us best. On the sheet {ANSWERS} please say"
    f" yes or no, on the sheet {PRODUCTS} please fill in one row for each product; the cells that we"
    " could fill in are grey. An answer in words, with the number of each question, is welcome too."
    " Where you withhold something, please name the exemption; where you hold no information,"
    " please say so. We ask for no personal data."
)


@dataclass(frozen=True)
class Draft:
    """A request to one trust."""

    trust: str
    ods: str
    form: Form


def drafts(gaps: Iterable[Gap], sent_on: str, documents: Mapping[str, str]) -> list[Draft]:
    """A request to each trust of which something is not known; `documents` gives a source's title."""
    by_trust: dict[tuple[str, str], list[Gap]] = {}
    for gap in gaps:
        by_trust.setdefault((gap["trust"], gap["ods"]), []).append(gap)
    return [
        Draft(trust, ods, _form(trust, ods, _unique(by_trust[trust, ods]), sent_on, documents))
        for trust, ods in sorted(by_trust)
    ]


def _unique(gaps: Sequence[Gap]) -> list[Gap]:
    """One row for each question: those about the trust first, then product by product.

    Of the conflicts of two sources one is asked: a rule finds what a person may have told better.
    """
    kept: dict[str, Gap] = {}
    pairs: set[frozenset[str]] = set()
    for gap in sorted(gaps, key=lambda gap: not gap["locator"].startswith("reference row")):
        if gap["gap"] == "conflict":
            pair = frozenset((gap["source"], gap["against_source"]))
            if pair in pairs:
                continue
            pairs.add(pair)
        kept.setdefault(gap["question"], gap)
    return sorted(kept.values(), key=_place)


def _place(gap: Gap) -> tuple[str, str, int, str]:
    whole = gap["gap"] in OF_TRUST
    order = ORDER.index(gap["gap"])
    return ("", "", order, gap["question"]) if whole else (_called(gap), gap["thing"], order, "")


def _form(
    trust: str, ods: str, gaps: Sequence[Gap], sent_on: str, documents: Mapping[str, str]
) -> Form:
    whole = [gap for gap in gaps if gap["gap"] in OF_TRUST]
    things: dict[str, list[Gap]] = {}
    for gap in gaps:
        if gap["gap"] not in OF_TRUST:
            things.setdefault(gap["thing"], []).append(gap)
    return Form(
        key=f"request-{sent_on}",
        name=f"Information request on AI in use, {sent_on}",
        sent_on=sent_on,
        scope=SCOPE,
        trusts=(Item(trust, ods, tuple(gap["question"] for gap in whole)),),
        products=tuple(_item(rows) for rows in things.values()),
        questions=tuple(_asked(gap, documents) for gap in gaps),
        of=ods.lower() or slug(trust),
    )


def _item(gaps: Sequence[Gap]) -> Item:
    """The row of one product, with what is known of which it is."""
    first = gaps[0]
    unresolved = first["gap"] == "name-unresolved" and first["about"] != first["vendor"]
    return Item(
        first["trust"],
        first["ods"],
        tuple(gap["question"] for gap in gaps),
        first["about"] if unresolved else first["product"],
        first["vendor"],
        first["description"],
    )


def _called(gap: Gap) -> str:
    """What a letter calls the thing that a question is about."""
    if gap["product"] and gap["vendor"]:
        return f"{gap['product']} of {gap['vendor']}"
    return gap["about"]


def _asked(gap: Gap, documents: Mapping[str, str]) -> Asked:
    told = gap["since"] or "an unknown day"
    words = {name: gap[name] for name in ("about", "known", "against")}
    known, about = "", ""
    if gap["gap"] not in OF_TRUST:
        about = _called(gap)
        status = labels("status").get(gap["known"], gap["known"])
        known = f"{status}, as of {told}"
    sources = [_cited(gap["source"], gap["locator"], documents)]
    if gap["against"]:
        sources.append(_cited(gap["against_source"], gap["against_locator"], documents))
    return Asked(
        gap["question"],
        gap["trust"],
        gap["ods"],
        _TEXTS[gap["gap"]].format(since=told, **words),
        about,
        known,
        " and ".join(sources),
    )


def _cited(source: str, locator: str, documents: Mapping[str, str]) -> str:
    """A document and the place in it, for people: rows of tables that are ours are no place."""
    place = locator.split("reference row", maxsplit=1)[0].rstrip("; ").removesuffix("page")
    return ", ".join(filter(None, (documents.get(source, source), place)))


def letter(draft: Draft, marked: bool = True) -> str:
    """The request in words, as Markdown or as plain text."""
    form = draft.form
    lines = [
        f"# {form.name}" if marked else form.name,
        "",
        f"To: {draft.trust}{f' ({draft.ods})' if draft.ods else ''}",
        "",
        "Dear Information Governance team,",
        "",
        f"{_INTENT} {form.scope}.",
        "",
        _WHY,
        "",
        _HOW,
        "",
        "Our questions:",
        "",
    ]
    before = ("", "", "")
    for number, one in enumerate(form.questions, 1):
        heading = (one.about, one.known, one.source)
        if one.about and heading != before:
            name = f"**{one.about}**" if marked else one.about
            lines += ["", f"{name}. Known so far: {one.known}. Source: {one.source}.", ""]
        before = heading
        source = "" if one.about else f" Source: {one.source}."
        lines.append(f"{number}. [{one.id}] {one.text}{source}")
    text = "\n".join([*lines, "", "Thank you for your time.", ""])
    text = text.replace("\n\n\n", "\n\n")
    return text if marked else "\n".join(fill(line, _WIDTH) for line in text.split("\n"))
