"""Settings: the environment is read here, once, and nowhere else."""

import os
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where releases live, and how many of them are kept."""

    home: Path
    keep: str = ""
    """How many releases are kept; all where nothing is said."""
    engine: str = ""
    """The SPARQL engine that is asked instead of the releases of the home."""
    engine_timeout: str = ""
    """Seconds that an engine has for an answer."""


def from_environment(home: str | None = None) -> Settings:
    """The settings of the environment, with a flag's value before them."""
    chosen = home or os.environ.get("CAREATLAS_HOME")
    keep = os.environ.get("CAREATLAS_KEEP", "")
    share = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Settings(
        Path(chosen).expanduser() if chosen else Path(share).expanduser() / "careatlas",
        keep,
        os.environ.get("CAREATLAS_ENGINE", ""),
        os.environ.get("CAREATLAS_ENGINE_TIMEOUT", ""),
    )
