"""What must be remembered of a million releases until all are read: a small table on disk."""

import pickle
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from careatlas.loaders.ocds.decisions import BY_DECISION, KEEP, Decided, key
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
        self.processes = 0
        """So many processes are kept, numbered from one."""
        self.decided: dict[int, str] = {}
        """Who decided to keep a process, when and why."""
        self._buyers: dict[int, str] = {}
        """What tells a process from others of its OCID, where there are others."""

    def close(self) -> None:
        """Take everything away again."""
        self._store.close()
        self._folder.cleanup()

    def add(self, line: Line) -> None:
        """Take in a row with what the rules say of it alone."""
        number, place, head, reason, kept = line
        word = self._word(reason)
        cells = (head.ocid, head.release, head.buyer, head.buyer_id) if head else (None,) * 4
        self._rows.append((number, place, *cells, word, kept, None))
        if len(self._rows) >= _BATCH:
            self._flush()

    def _word(self, reason: str) -> int:
        return self._words.setdefault(reason, len(self._words))

    def keep(self, number: int, body: dict[str, Any]) -> None:
        """Take in the body of a release that is needed later."""
        self._store.execute(
            "INSERT OR REPLACE INTO body VALUES (?, ?)", (number, pickle.dumps(body))
        )

    def _flush(self) -> None:
        self._store.executemany("INSERT INTO row VALUES (?,?,?,?,?,?,?,?,?)", self._rows)
        self._rows.clear()

    def group(self, decided: Decided) -> None:
        """Put releases together into processes: those of one OCID whose buyers are the same.

        A process is kept where one of its releases is, unless somebody decided otherwise; a release
        without a buyer belongs to the only buyer of its OCID, else to nobody.
        """
        self._flush()
        self._store.execute("CREATE INDEX by_ocid ON row (ocid)")
        self._store.execute("CREATE TABLE wanted (ocid TEXT UNIQUE)")
        self._store.execute(
            "INSERT OR IGNORE INTO wanted SELECT ocid FROM row WHERE kept = 1 AND ocid IS NOT NULL"
        )
        decisions = [(ocid,) for ocid in decided.ocids]
        self._store.executemany("INSERT OR IGNORE INTO wanted VALUES (?)", decisions)
        for (ocid,) in self._store.execute("SELECT ocid FROM wanted ORDER BY rowid"):
            rows = self._store.execute(
                "SELECT seq, buyer, buyer_id, kept FROM row WHERE ocid = ? ORDER BY seq", (ocid,)
            ).fetchall()
            groups = _by_buyer([(row[0], row[1], row[2]) for row in rows]) if rows else []
            for members in groups:
                own = [row for row in rows if row[0] in members]
                self._process(ocid, own, len(groups) == 1, decided)
        self._store.execute("CREATE INDEX by_process ON row (process)")

    def _process(
        self, ocid: str, rows: list[tuple[int, str, str, int]], alone: bool, decided: Decided
    ) -> None:
        """Keep a process or leave it out, as its rows or a decision say."""
        buyers = list(dict.fromkeys(mark for row in rows for mark in row[1:3] if mark))
        ruling = decided.notice(ocid, buyers, alone)
        numbers = [row[0] for row in rows]
        if ruling and ruling.decision != KEEP and not decided.reviewing:
            word = self._word(BY_DECISION)
            self._store.executemany(
                "UPDATE row SET verdict = ? WHERE seq = ?", [(word, number) for number in numbers]
            )
        elif ruling or any(row[3] for row in rows):
            self.processes += 1
            self._store.executemany(
                "UPDATE row SET process = ? WHERE seq = ?",
                [(self.processes, number) for number in numbers],
            )
            if ruling and not decided.reviewing:
                self.decided[self.processes] = ruling.reason
            if not alone:
                self._buyers[self.processes] = buyers[0] if buyers else ""

    def key(self, process: int, ocid: str) -> str:
        """The key of a process in the table of decisions."""
        return key(ocid, self._buyers[process]) if process in self._buyers else key(ocid)

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
