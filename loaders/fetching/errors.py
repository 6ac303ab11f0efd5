"""What goes wrong between us and a service, each as one plain line."""

from pathlib import Path


class BrokenBodyError(ValueError):
    """A body that is cut off, or is not what the service gives; it is asked for again."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return self.reason


class UnreachableError(ConnectionError):
    """A service that nothing was ever heard from."""

    def __init__(self, url: str, reason: str) -> None:
        super().__init__(url, reason)
        self.url = url
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.url} cannot be reached ({self.reason}): is there a network?"


class RefusedError(RuntimeError):
    """An answer that asking again will not change."""

    def __init__(self, url: str, status: int, said: str) -> None:
        super().__init__(url, status, said)
        self.url = url
        self.status = status
        self.said = said

    def __str__(self) -> str:
        said = f" ({self.said})" if self.said else ""
        return f"{self.url} answered {self.status}{said}: what was fetched before is kept"


class GaveUpError(RuntimeError):
    """A request that failed as often as we try."""

    def __init__(self, url: str, times: int, problem: str) -> None:
        super().__init__(url, times, problem)
        self.url = url
        self.times = times
        self.problem = problem

    def __str__(self) -> str:
        return (
            f"{self.url} failed {self.times} times, last because {self.problem}: "
            "fetch again later; what was fetched before is kept"
        )


class PatienceError(RuntimeError):
    """A service that asks to be left alone for longer than we wait."""

    def __init__(self, url: str, seconds: float) -> None:
        super().__init__(url, seconds)
        self.url = url
        self.seconds = seconds

    def __str__(self) -> str:
        return (
            f"{self.url} asks to wait {self.seconds:.0f} seconds: fetch again after that; "
            "what was fetched before is kept"
        )


class SnapshotError(ValueError):
    """A folder that is no snapshot, or not the one that is meant."""

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder, reason)
        self.folder = folder
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.folder}: {self.reason}"
