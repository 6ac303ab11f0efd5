"""What the claims of a feed say: a register has too many to remember them in memory."""

import hashlib
import sqlite3
from collections.abc import Iterable
from typing import NamedTuple

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768;
CREATE TABLE said (key TEXT PRIMARY KEY, place TEXT, digest BLOB) WITHOUT ROWID;
"""


class Saying(NamedTuple):
    """What a claim says, and the row that said it first."""

    place: str
    digest: bytes


def digest(lines: Iterable[str]) -> bytes:
    """What tells two claims of one key apart."""
    whole = "\n".join(sorted(set(lines)))
    return hashlib.blake2b(whole.encode(), digest_size=16).digest()


class Said:
    """Claims by their keys, in a table that is on disk where it is large, and goes when it is closed."""

    def __init__(self) -> None:
        self._store = sqlite3.connect("", isolation_level=None)
        self._store.executescript(_SCHEMA)
        self._store.execute("BEGIN")

    def get(self, key: str) -> Saying | None:
        """What the claim of this key says."""
        query = "SELECT place, digest FROM said WHERE key = ?"
        row = self._store.execute(query, (key,)).fetchone()
        return Saying(*row) if row else None

    def add(self, claims: dict[str, Saying]) -> None:
        """Remember what claims say."""
        self._store.executemany(
            "INSERT OR IGNORE INTO said VALUES (?, ?, ?)",
            ((key, *said) for key, said in claims.items()),
        )

    def close(self) -> None:
        """Take everything away again."""
        self._store.close()
