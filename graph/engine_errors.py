"""What can go wrong with a store that lies elsewhere: one class for each kind, each one plain line."""

import re

_SECRET = re.compile(r"//[^/@]*@")


class EngineError(RuntimeError):
    """An engine that gives no answer that can be shown."""

    def __init__(self, url: str, problem: str = "") -> None:
        super().__init__(url, problem)
        self.url = _SECRET.sub("//", url)
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.url}: {self.problem}"


class UnreachableError(EngineError):
    """Nobody answers, though asked several times."""

    def __str__(self) -> str:
        return f"{self.url} cannot be reached ({self.problem}): see CAREATLAS_ENGINE, and that the engine runs"


class SlowEngineError(EngineError):
    """The engine gives no whole answer in time."""

    def __str__(self) -> str:
        return f"{self.url} gave no whole answer in {self.problem} s: narrow the question, or set CAREATLAS_ENGINE_TIMEOUT"


class RefusedError(EngineError):
    """The engine says that it will not."""

    def __init__(self, url: str, problem: str, status: int = 0) -> None:
        super().__init__(url, problem)
        self.status = status

    def __str__(self) -> str:
        return f"{self.url} refused: {self.problem}"


class CutAnswerError(EngineError):
    """An answer that is not whole, so that none of it is shown."""

    def __str__(self) -> str:
        return f"{self.url} gave no whole answer, so none is shown: {self.problem}"


class BrokenAnswerError(CutAnswerError):
    """An answer whose connection ended before it did."""


class NotPublishedError(EngineError):
    """The engine holds no whole release."""

    def __str__(self) -> str:
        return f"{self.url} holds no whole release ({self.problem}): run `careatlas publish --to URL`, or wait for its end"


class ReleaseChangedError(EngineError):
    """Another release was published while the answer was made."""

    def __str__(self) -> str:
        return f"{self.url} was given another release meanwhile: ask again"


class OccupiedError(EngineError):
    """The engine holds statements that no release of ours brought there."""

    def __str__(self) -> str:
        return (
            f"{self.url} holds statements that are no release: publish with --replace to lose them"
        )


class OtherReleaseError(EngineError):
    """The engine holds one release, and another was wanted."""

    def __str__(self) -> str:
        return f"{self.url} holds release {self.problem} alone: leave --release out, or unset CAREATLAS_ENGINE"


class DifferentAnswerError(EngineError):
    """A query that the engine is known to answer otherwise than SPARQL 1.1 says."""

    def __str__(self) -> str:
        return f"{self.url} is known to answer {self.problem} wrongly or not at all: ask another engine, or unset CAREATLAS_ENGINE"
