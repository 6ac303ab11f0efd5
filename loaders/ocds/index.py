"""What must be remembered of a million releases until all are read: a small table on disk."""

import pickle
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from careatlas.loaders.ocds.releases import Heading

_SCHEMA = """
PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -65536;
CREATE TABLE row (
  seq INTEGER PRIMARY KEY, place TEXT, ocid TEXT, release TEXT, buyer TEXT, buyer_id TEXT,
  verdict INTEGER, kept INTEGER, process INTEGER);
CREATE TABLE body (seq INTEGER PRIMARY KEY, content BLOB);
CREATE TABLE words (id INTEGER PRIMARY KEY, text TEXT UNIQUE);
"""
_BATCH = 5_000
Line = tuple[int, str, Heading | None, str, bool]
"""Number, place, heading, reason, and whether the row is kept."""


class Index:
    """Rows in their order, with what became of each, and the bodies of those that are kept."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="careatlas-ocds-")
        self._store = sqlite3.connect(Path(self._folder.name) / "rows.sqlite", isolation_level=None)
        self._store.executescript(_SCHEMA)
        self._store.execute("BEGIN")
        self._words: dict[str, int] = {}
        self._rows: list[tuple[Any, ...]] = []

    def close(self) -> None:
        """Take everything away again."""
        self._store.close()
        self._folder.cleanup()

    def add(self, line: Line) -> None:
        """Take in a row with what the rules say of it alone."""
        number, place, head, reason, kept = line
        word = self._words.get(reason)
        if word is None:
            word = self._words[reason] = len(self._words)
        cells = (head.ocid, head.release, head.buyer, head.buyer_id) if head else (None,) * 4
        self._rows.append((number, place, *cells, word, kept, None))
        if len(self._rows) >= _BATCH:
            self._flush()

    def keep(self, number: int, body: dict[str, Any]) -> None:
        """Take in the body of a release that is needed later."""
        self._store.execute(
            "INSERT OR REPLACE INTO body VALUES (?, ?)", (number, pickle.dumps(body))
        )

    def _flush(self) -> None:
        self._store.executemany("INSERT INTO row VALUES (?,?,?,?,?,?,?,?,?)", self._rows)
        self._rows.clear()

    def group(self) -> None:
        """Put releases together into processes: those of one OCID whose buyers are the same.

        A process is kept where one of its releases is; a release without a buyer belongs to the only
        buyer of its OCID, else to nobody.
        """
        self._flush()
        self._store.execute("CREATE INDEX by_ocid ON row (ocid)")
        self._store.execute(
            "CREATE TABLE wanted AS SELECT DISTINCT ocid FROM row WHERE kept = 1 AND ocid IS NOT NULL"
        )
        process = 0
        for (ocid,) in self._store.execute("SELECT ocid FROM wanted"):
            rows = self._store.execute(
                "SELECT seq, buyer, buyer_id, kept FROM row WHERE ocid = ? ORDER BY seq", (ocid,)
            ).fetchall()
            for members in _by_buyer([(row[0], row[1], row[2]) for row in rows]):
                if any(row[3] for row in rows if row[0] in members):
                    process += 1
                    self._store.executemany(
                        "UPDATE row SET process = ? WHERE seq = ?",
                        [(process, number) for number in sorted(members)],
                    )
        self._store.execute("CREATE INDEX by_process ON row (process)")

    def missing(self) -> set[int]:
        """The rows of kept processes whose bodies are still to be read again."""
        query = (
            "SELECT seq FROM row WHERE process IS NOT NULL AND seq NOT IN (SELECT seq FROM body)"
        )
        return {number for (number,) in self._store.execute(query)}

    def rows(self) -> Iterator[tuple[int, str, str, int | None]]:
        """Number, place, reason and process of each row, in their order."""
        reasons = {number: reason for reason, number in self._words.items()}
        cursor = self._store.cursor()
        for number, place, word, process in cursor.execute(
            "SELECT seq, place, verdict, process FROM row ORDER BY seq"
        ):
            yield number, place, reasons[word], process

    def members(self, process: int) -> list[tuple[int, str, dict[str, Any]]]:
        """Number, reason and body of each release of a process."""
        reasons = {number: reason for reason, number in self._words.items()}
        found = self._store.execute(
            "SELECT row.seq, verdict, kept, content FROM row JOIN body USING (seq) WHERE process = ? ORDER BY row.seq",
            (process,),
        )
        # Written by ourselves a moment ago, into a folder that only we can read.
        return [
            (number, reasons[word] if kept else "", pickle.loads(content))  # noqa: S301
            for number, word, kept, content in found
        ]

    def shares_ocid(self, ocid: str, process: int) -> bool:
        """Whether another process has the same OCID."""
        query = "SELECT 1 FROM row WHERE ocid = ? AND process IS NOT ? AND buyer != '' LIMIT 1"
        return self._store.execute(query, (ocid, process)).fetchone() is not None


def _by_buyer(rows: list[tuple[int, str, str]]) -> list[set[int]]:
    """Releases of one OCID, put together by the name or the id of the buyer."""
    leader: dict[str, str] = {}

    def find(mark: str) -> str:
        while leader.setdefault(mark, mark) != mark:
            mark = leader[mark]
        return mark

    marks: dict[int, str] = {}
    for number, name, reference in rows:
        own = [f"name {name}"] * bool(name) + [f"id {reference}"] * bool(reference)
        for mark in own[1:]:
            leader[find(mark)] = find(own[0])
        if own:
            marks[number] = own[0]
    groups: dict[str, set[int]] = defaultdict(set)
    for number, mark in marks.items():
        groups[find(mark)].add(number)
    stray = {number for number, _, _ in rows} - marks.keys()
    if len(groups) <= 1:
        return [set().union(stray, *groups.values())]
    return [*groups.values(), *({number} for number in sorted(stray))]
