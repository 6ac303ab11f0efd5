"""What went wrong, as a problem document (RFC 9457): a status, a title and a plain sentence."""

import re
from typing import Any

from careatlas.graph.engine_errors import (
    BrokenAnswerError,
    CutAnswerError,
    DifferentAnswerError,
    EngineError,
    NotPublishedError,
    RefusedError,
    ReleaseChangedError,
    SlowEngineError,
    UnreachableError,
)

TYPES = "https://w3id.org/careatlas/problem/"
MEDIA = "application/problem+json"
_AT = re.compile(r"error at (\d+):(\d+): (?:expected )?(.*)", re.DOTALL)
_CLASS = re.compile(r"\[(?:\[[^\]]*\]|'(?:[^'\\]|\\.)'|[^\]'])*\]")
_NOT_TO_SAY = frozenset(("SERVICE", "LATERAL"))
"""What the parser would take, and the service or the standard would not."""
_ELSEWHERE: dict[type[EngineError], tuple[int, str, str, int | None]] = {
    UnreachableError: (502, "engine-unreachable", "cannot be reached: try again later", 5),
    BrokenAnswerError: (502, "answer-cut", "broke off, so nothing is shown: try again", 5),
    CutAnswerError: (502, "answer-cut", "gave a part, so nothing is shown: ask for less", None),
    NotPublishedError: (503, "no-release", "holds no whole release now: try again later", 10),
    ReleaseChangedError: (503, "release-changed", "was given another release: ask again", 1),
    SlowEngineError: (504, "engine-slow", "was too slow: ask for less, or try again later", 5),
    DifferentAnswerError: (501, "not-at-this-engine", "answers this wrongly: ask another", None),
}
"""What is told of an engine that fails: status, kind, words, and the seconds after which to come again."""
_PASSING = frozenset((429, 500, 502, 503, 504))
"""What an engine says that may do better the next time."""
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


def of_engine(error: EngineError) -> Problem:
    """What a client is told of an engine that gave no answer; not where it is, which is the operator's."""
    if isinstance(error, RefusedError):
        retry = 5 if error.status in _PASSING else None
        status, kind, detail = 502, "engine-refused", f"refused: {error.problem}"
    else:
        status, kind, detail, retry = _ELSEWHERE[type(error)]
    return Problem(status, kind, f"the engine of this service {detail}", retry_after=retry)


def of_error(error: Exception) -> Problem:
    """What a client is told of an error that came up while his job was done."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, SyntaxError):
        return syntax(str(error.msg))
    if isinstance(error, EngineError):
        return of_engine(error)
    said = " ".join(str(error).split())
    name = type(error).__name__
    if name == "DamagedReleaseError" or (name == "RuntimeError" and said.startswith("Corruption")):
        return Problem(503, "release-unreadable", "the release cannot be read", retry_after=60)
    if name == "NoReleaseError":
        return Problem(404, "no-such-release", "no such release: see /api/releases")
    return Problem(400, "cannot-be-answered", said)
