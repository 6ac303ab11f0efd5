"""Values of the kinds that OCDS gives them, however a publisher writes them."""

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from careatlas.loaders.ocds.documents import Json

MOST_TEXT = 2_000
MOST_AMOUNT = Decimal(10) ** 15
_SPACE = re.compile(r"[\s\x00-\x1f\x7f-\x9f\ud800-\udfff]+")
_MAIL = re.compile(r"\S+@\S+")
_PHONE = re.compile(r"(?<![\w/.-])(?:\+44|0044|0)[ ()-]*[1-9](?:[ ()-]?\d){8,9}(?![\w/-])")
_CODE = re.compile(r"[A-Za-z]{3}")
_LINK = re.compile(r"https?://[^\s@<>\"{}|\\^`]{1,500}")


class FaultyReleaseError(ValueError):
    """A release in which a value is of another kind than OCDS gives it."""

    def __init__(self, place: str, problem: str) -> None:
        super().__init__(place, problem)
        self.place = place
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.place} {self.problem}" if self.place else self.problem


def clean(value: str) -> str:
    """A text in one line, without electronic addresses of people."""
    return _MAIL.sub("…", _SPACE.sub(" ", value).strip()[:MOST_TEXT]).strip()


def text(value: Json, place: str) -> str:
    """A text, or a number as one.

    Raises:
        FaultyReleaseError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise FaultyReleaseError(place, f"is no text but {kind_of(value)}")
    return clean(str(value))


def words(value: Json, place: str) -> str:
    """Free words, without the numbers of people either.

    Raises:
        FaultyReleaseError: it is none.
    """
    return _PHONE.sub("…", text(value, place))


def number(value: Json, place: str) -> Decimal:
    """A sum, however it is written.

    Raises:
        FaultyReleaseError: it is none.
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float | Decimal):
        raise FaultyReleaseError(place, f"is no number but {kind_of(value)}")
    try:
        amount = Decimal(str(value).replace(",", ""))
    except (InvalidOperation, ValueError):
        raise FaultyReleaseError(place, f"is no number: {str(value)[:40]!r}") from None
    if not amount.is_finite() or abs(amount) > MOST_AMOUNT:
        raise FaultyReleaseError(place, "is no number that money could be")
    return amount


def flag(value: Json, place: str) -> bool:
    """True or false, in words too.

    Raises:
        FaultyReleaseError: it is none.
    """
    if value in ("true", "false"):
        return bool(value == "true")
    if not isinstance(value, bool):
        raise FaultyReleaseError(place, f"is neither true nor false but {kind_of(value)}")
    return value


def day(value: Json, place: str) -> str:
    """A date, with its time where it has one.

    Raises:
        FaultyReleaseError: it is none.
    """
    if isinstance(value, str):
        try:
            return f"{date.fromisoformat(value[:10])}{value[10:40]}"
        except ValueError:
            pass
    raise FaultyReleaseError(place, f"is no date: {str(value)[:40]!r}")


def currency(value: Json, place: str) -> str:
    """The code of a currency.

    Raises:
        FaultyReleaseError: it is none.
    """
    code = text(value, place)
    if not _CODE.fullmatch(code):
        raise FaultyReleaseError(place, f"is no code of a currency: {code[:40]!r}")
    return code.upper()


def link(value: Json, place: str) -> str | None:
    """An address, if it is one.

    Raises:
        FaultyReleaseError: it is no text.
    """
    stated = text(value, place)
    return stated if _LINK.fullmatch(stated) else None


def kind_of(value: Json) -> str:
    """What something is, in words, that is not what it should be."""
    return {dict: "an object", list: "a list", bool: "true or false"}.get(type(value), "a number")
