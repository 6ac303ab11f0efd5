"""The one error of reading a document."""

from pathlib import Path


class UnreadableDocumentError(ValueError):
    """A document that is damaged, hostile, too large, or of a kind that is not read."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(path, reason)
        self.path = path
        self.reason = reason

    def __str__(self) -> str:
        return " ".join(f"{self.path}: {self.reason}".split())
