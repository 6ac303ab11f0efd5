"""What went wrong, as a problem document (RFC 9457): a status, a title and a plain sentence."""

import re
from typing import Any

TYPES = "https://w3id.org/careatlas/problem/"
MEDIA = "application/problem+json"
_AT = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
_CLASS = re.compile(r"\[(?:\[[^\]]*\]|'(?:[^'\\]|\\.)'|[^\]'])*\]")
_NOT_TO_SAY = frozenset(("SERVICE", "LATERAL"))
"""What the parser would take, and the service or the standard would not."""
_SHOWN = 12
"""What the parser could have gone on with is listed up to this many."""


class Problem(Exception):  # noqa: N818 - the name that RFC 9457 gives it
    """Something that a client is told in the place of an answer."""

    def __init__(
        self,
        status: int,
        kind: str,
        detail: str,
        *,
        retry_after: int | None = None,
        **extra: object,
    ) -> None:
        super().__init__(status, kind, detail)
        self.status = status
        self.kind = kind
        self.detail = detail
        self.retry_after = retry_after
        self.extra: dict[str, Any] = extra

    def __str__(self) -> str:
        return self.detail

    @property
    def title(self) -> str:
        """The kind in words."""
        return self.kind.replace("-", " ").capitalize()

    def document(self) -> dict[str, Any]:
        """The problem document."""
        return {
            "type": TYPES + self.kind,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
        } | self.extra

    def as_dict(self) -> dict[str, Any]:
        """What a worker sends of it."""
        return {
            "status": self.status,
            "kind": self.kind,
            "detail": self.detail,
            "retry_after": self.retry_after,
            "extra": self.extra,
        }

    @classmethod
    def from_dict(cls, value: dict[str, Any]) -> "Problem":
        """What a worker sent."""
        return cls(
            value["status"],
            value["kind"],
            value["detail"],
            retry_after=value["retry_after"],
            **value["extra"],
        )


def syntax(message: str) -> Problem:
    """What the parser says, with the place, and without its character classes.

    >>> syntax("error at 3:9: expected one of SERVICE, UNION, [_]").detail
    'not SPARQL at line 3, column 9; expected UNION'
    """
    place = _AT.fullmatch(message)
    if not place:
        return Problem(400, "syntax", f"not SPARQL: {' '.join(message.split())}")
    line, column = int(place[1]), int(place[2])
    rest = _CLASS.sub("", place[3].removeprefix("one of "))
    words = [word for word in re.split(r"[,|\s]+", rest) if word and word not in _NOT_TO_SAY]
    wanted = list(dict.fromkeys(words))
    said = f"not SPARQL at line {line}, column {column}"
    if "found" in wanted and "Prefix" in wanted:
        said += ": a prefix is not declared"
    elif wanted:
        more = " …" if len(wanted) > _SHOWN else ""
        said += f"; expected {' '.join(wanted[:_SHOWN])}{more}"
    return Problem(400, "syntax", said, line=line, column=column)


def of_error(error: Exception) -> Problem:
    """What a client is told of an error that came up while his job was done."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SyntaxError):
        return syntax(str(error.msg))
    said = " ".join(str(error).split())
    name = type(error).__name__
    if name == "DamagedReleaseError" or (name == "RuntimeError" and said.startswith("Corruption")):
        return Problem(503, "release-unreadable", "the release cannot be read", retry_after=60)
    if name == "NoReleaseError":
        return Problem(404, "no-such-release", "no such release: see /api/releases")
    return Problem(400, "cannot-be-answered", said)
