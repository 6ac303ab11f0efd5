"""The form that goes out with a request: its sheets, its columns, and what is asked in it."""

from dataclasses import dataclass

from careatlas.loaders.answers.fields import labels

VERSION = "1"
MARK = "careatlas request form"
HIDDEN = "careatlas"
LISTS = "careatlas lists"
OWN = (HIDDEN, LISTS)
"""Sheets that the form hides: what ties it to its questions, and the words of its drop-downs."""
REQUEST = "Request"
ANSWERS = "Answer"
PRODUCTS = "Products"
QUESTIONS = "Questions"


@dataclass(frozen=True)
class Column:
    """A column of the form: the field that it fills, and what is written into it."""

    heading: str
    field: str
    help: str
    choices: tuple[str, ...] = ()
    width: int = 18


def _of(scheme: str, *but: str) -> tuple[str, ...]:
    return tuple(label for code, label in labels(scheme).items() if code not in but)


REPLIES: dict[str, dict[str, str]] = {
    "Yes": {"answer": "uses"},
    "Yes, but the particulars are withheld": {"answer": "uses", "detail": "refused"},
    "Yes, but which is not known": {"answer": "uses", "detail": "unable-to-specify"},
    "No": {"answer": "denies"},
}
FACTS = {
    "Name of the request": "name",
    "Sent on": "sent_on",
    "What is asked about": "scope",
    "Answered on": "published",
}
"""The lines of the sheet about the request."""
_TRUST = (
    Column("Trust", "trust", "the name of the trust", width=44),
    Column("ODS code", "ods", "its code, such as RXX, if you know it", width=10),
)
_LAST = (
    Column("Question", "questions", "which question the row answers; leave it as it is", width=14),
    Column("Remarks", "remark", "anything else; read by a person", width=40),
)


def answer_columns() -> tuple[Column, ...]:
    """The sheet with one row for each trust: whether it uses what is asked about."""
    return (
        *_TRUST,
        Column("In use, on trial or planned?", "answer", "yes or no", tuple(REPLIES), 36),
        Column(
            "Exemption",
            "exemption",
            "only where the particulars are withheld: the section on which that rests",
            _of("exemption"),
            34,
        ),
        Column("With what limits", "qualifier", "what the answer leaves out or hangs on", width=40),
        *_LAST,
    )


def product_columns() -> tuple[Column, ...]:
    """The sheet with one row for each product of a trust."""
    return (
        *_TRUST,
        Column("Product", "product", "the name of the product", width=28),
        Column("Supplier", "vendor", "who supplies it", width=24),
        Column("What it does", "description", "in your words", width=36),
        Column("Specialty", "description", "the specialty", _of("clinical-domain"), 20),
        Column("Modality", "description", "what it reads", _of("modality"), 22),
        Column("How far along", "status", "the stage today", _of("status", "unspecified"), 20),
        Column("Since", "valid_from", "since when, as a day, 2025-03 or 2025", width=12),
        Column("Volume", "volume", "how much it was used: 1200, about 1200 or 10-15", width=12),
        Column("Unit", "unit", "of what the volume is counted", _of("unit"), 18),
        Column("Per", "per", "for a rate; empty for a count in the period", _of("rate-period"), 12),
        Column("Period from", "period_start", "the first day or month counted", width=12),
        Column("Period to", "period_end", "the last day or month counted", width=12),
        Column("How obtained", "route_type", "by which way", _of("route-type", "not-stated"), 26),
        Column("Through whom", "intermediary", "the network, board, framework, study", width=32),
        Column("Their part", "involvement", "what that body did", _of("involvement"), 18),
        Column("Contract ends", "contract_end", "the last day of the contract", width=14),
        *_LAST,
    )


@dataclass(frozen=True)
class Asked:
    """One question: its id, of whom, what is asked about which product, what is known, and whence."""

    id: str
    trust: str
    ods: str
    text: str
    about: str = ""
    known: str = ""
    source: str = ""


@dataclass(frozen=True)
class Item:
    """A row of the form that is filled in part before it is sent."""

    trust: str
    ods: str
    ids: tuple[str, ...] = ()
    product: str = ""
    vendor: str = ""
    description: str = ""


@dataclass(frozen=True)
class Form:
    """A form as it is sent out; an empty one has no rows."""

    key: str = ""
    name: str = ""
    sent_on: str = ""
    scope: str = ""
    trusts: tuple[Item, ...] = ()
    products: tuple[Item, ...] = ()
    questions: tuple[Asked, ...] = ()
    of: str = ""
    """The key of the one trust that it goes to."""
