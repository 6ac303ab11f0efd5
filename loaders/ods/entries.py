"""What a file of the register says, before the graph decides what of it is kept."""

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from careatlas.loaders.feed import LeftOut, PassedOver, Rejected

_COMPACT = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})(?:[T ].*)?", re.ASCII)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?: .*)?", re.ASCII)
_CODE = re.compile(r"[A-Z]|[A-Z0-9]{3,12}", re.ASCII)
"""The regions of government offices have codes of one letter."""
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_ADDRESS = re.compile(r"[A-Za-z0-9._-]+@[A-Za-z0-9-]+[.][A-Za-z]{2,}")
FAR = 2500
"""An end in or after this year means that there is none."""
LONGEST = 500
LINK = "a link to an organisation, without its record"


@dataclass(frozen=True)
class Role:
    """A role that an organisation has or had."""

    code: str
    primary: bool = False
    start: date | None = None
    end: date | None = None


@dataclass(frozen=True)
class Tie:
    """A relation of an organisation to another, by their codes."""

    relation: str
    other: str
    start: date | None = None
    end: date | None = None
    key: str = ""


@dataclass(frozen=True)
class Succession:
    """Another organisation that came before or after."""

    other: str
    after: bool
    """Whether the other one is the successor."""
    on: date | None = None


@dataclass(frozen=True)
class Entry:
    """One organisation as a file has it."""

    place: str
    locator: str
    code: str
    name: str
    kind: str | None
    """The class or kind that it is kept as, if any."""
    why_not: str = ""
    """Why it is not kept, where no kind is given."""
    roles: tuple[Role, ...] = ()
    role: str | None = None
    """The code of the primary role, where the file gives it."""
    status: str | None = None
    opened: date | None = None
    closed: date | None = None
    legal_from: date | None = None
    legal_to: date | None = None
    town: str | None = None
    postcode: str | None = None
    country: str | None = None
    region: str | None = None
    board: str | None = None
    ties: tuple[Tie, ...] = ()
    successions: tuple[Succession, ...] = ()
    as_at: date | None = None
    fhir: bool = False
    stub: bool = False
    """Whether the full record stands elsewhere, and this one only lets others refer to it."""


@dataclass(frozen=True)
class Follows:
    """A row that says nothing but that one organisation follows another."""

    place: str
    locator: str
    before: str
    after: str
    on: date | None = None


@dataclass(frozen=True)
class Belongs:
    """A row that says nothing but that one organisation is tied to another."""

    place: str
    locator: str
    code: str
    tie: Tie
    as_at: date | None = None
    fhir: bool = False


Found = Entry | Follows | Belongs | LeftOut | Rejected | PassedOver


class RowError(ValueError):
    """Something in a row that cannot be taken as what it stands for."""

    def __init__(self, what: str, value: object) -> None:
        super().__init__(what, value)
        self.what = what
        self.value = value

    def __str__(self) -> str:
        shown = str(self.value)
        return f"{shown[:60]!r}{'…' if shown[60:] else ''} is no {self.what}"


def clean(value: object) -> str:
    """A value in one line without control characters; nothing where it is no text.

    Raises:
        RowError: it is longer than any name or address.
    """
    if isinstance(value, bool) or not isinstance(value, str | int):
        return ""
    text = value if isinstance(value, str) else _number(value)
    if len(text) > LONGEST:
        raise RowError("name, code or line of an address", text)
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    return " ".join(_CONTROL.sub(" ", text).split())


def _number(value: int) -> str:
    try:
        return str(value)
    except ValueError:
        raise RowError("name, code or line of an address", "a number of many digits") from None


def code(value: object) -> str:
    """An ODS code.

    Raises:
        RowError: it has none of the forms of one.
    """
    text = clean(value).upper()
    if not _CODE.fullmatch(text):
        raise RowError("ODS code", text)
    return text


def name(value: object) -> str:
    """The name of an organisation.

    Raises:
        RowError: there is none, or it holds somebody's address.
    """
    text = clean(value)
    if not text or _ADDRESS.search(text):
        raise RowError("name of an organisation", text)
    return text


def day(value: object) -> date | None:
    """A day in one of the forms in which the register gives them; none where it means none.

    Raises:
        RowError: it is no day.
    """
    text = clean(value)
    return _day(text) if text else None


@lru_cache(maxsize=1 << 16)
def _day(text: str) -> date | None:
    compact, british = _COMPACT.fullmatch(text), _BRITISH.fullmatch(text)
    if compact:
        parts = [int(part) for part in compact.groups()]
    elif british:
        parts = [int(part) for part in reversed(british.groups())]
    else:
        raise RowError("date", text)
    if parts[0] >= FAR:
        return None
    try:
        return date(*parts)
    except ValueError:
        raise RowError("date", text) from None
