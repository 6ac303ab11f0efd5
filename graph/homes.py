"""What can be wrong with a home, the folder that releases are kept in."""

from pathlib import Path

POINTER = "current"
"""The file that names the release in force."""


class NoReleaseError(LookupError):
    """There is no release of this name, or none at all."""

    def __init__(self, home: Path, name: str | None = None) -> None:
        super().__init__(home, name)
        self.home = home
        self.name = name

    def __str__(self) -> str:
        if self.name:
            return f"no single release in {self.home} starts with {self.name!r}: see `careatlas releases`"
        return f"no release in {self.home}: run `careatlas build`"


class PointerError(NoReleaseError):
    """The pointer to the current release names none that is there."""

    def __str__(self) -> str:
        return f"{self.home / POINTER} names no release that is here: run `careatlas build`"


class HomeError(OSError):
    """The folder of the releases cannot be used."""

    def __init__(self, home: Path, problem: str) -> None:
        super().__init__(home, problem)
        self.home = home
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.home}: {self.problem}; choose another folder with --home or CAREATLAS_HOME"
