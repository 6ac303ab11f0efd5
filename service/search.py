"""Finding things by their names, however they are typed.

A name is found as it is, without the words that say little, by its beginning, or by the groups of
three letters that it shares with what was typed; what is found so is then compared word by word.
"""

import sqlite3
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import NamedTuple
from weakref import finalize

from rapidfuzz.distance import OSA
from rapidfuzz.fuzz import ratio

from careatlas.graph.labels import key
from careatlas.graph.release import Release

LONGEST = 200
"""Characters of what can be looked for."""
MOST = 100
"""Things that one search can give."""
_CANDIDATES = 120
"""Names that are compared word by word."""
_FILTERED = 3000
"""Names that are looked at for those of one kind."""
_POSTINGS = 9_000
"""Groups of letters that many names share are left out once so many names have been seen."""
_GROUPS = 24
_BEGINNINGS = 40
_ALIKE = 0.62
"""What is less like this is not given."""
_CLOSE = 0.6
"""Words less alike than this are different words."""
_SAYS_LITTLE = frozenset(
    [
        "and",
        "board",
        "care",
        "foundation",
        "ft",
        "icb",
        "integrated",
        "limited",
        "ltd",
        "nhs",
        "of",
        "the",
        "trust",
    ]
)
GENERAL = frozenset(("organisation", "capability"))
"""Kinds whose things also have a kind that says more."""
_LATER = {"source": 0.05, "organisation": 0.02, "group": 0.01, "study": 0.01, "programme": 0.01}
"""What people look for less often stands behind what is as much alike."""


class Found(NamedTuple):
    """A thing that goes by a name like the one typed."""

    id: str
    label: str
    kind: str
    kinds: list[str]
    matched: str
    score: float


@dataclass(frozen=True)
class _Thing:
    iri: str
    label: str
    kinds: list[str]

    def called(self, form: str) -> str:
        """The name that matched, as it is printed where that is known."""
        return self.label if key(self.label) == form else form


class Index:
    """The names of one release."""

    def __init__(self, labels: dict[str, list[list[str]]]) -> None:
        sizes = {kind: (kind in GENERAL, len(rows), kind) for kind, rows in labels.items()}
        self.kinds = sorted(labels)
        self._forms: dict[str, list[_Thing]] = {}
        self._squeezed: dict[str, list[str]] = {}
        things: dict[str, _Thing] = {}
        for kind in sorted(labels, key=sizes.__getitem__):
            for form, iri, label in labels[kind]:
                thing = things.setdefault(iri, _Thing(iri, label, []))
                if kind not in thing.kinds:
                    thing.kinds.append(kind)
                named = self._forms.setdefault(form, [])
                if form and thing not in named:
                    named.append(thing)
        self._forms.pop("", None)
        self._sorted = sorted(self._forms)
        for form in self._sorted:
            for squeezed in {form.replace(" ", ""), _short(form).replace(" ", "")} - {""}:
                self._squeezed.setdefault(squeezed, []).append(form)
        self._lock = Lock()
        self._groups = _table(self._sorted)
        finalize(self, self._groups.close)
        self._common = dict(self._groups.execute("SELECT term, doc FROM seen"))

    def find(self, typed: str, kind: str | None = None, most: int = 10) -> list[Found]:
        """The things whose names are most like what was typed, best first."""
        wanted = key(typed[:LONGEST])
        if not wanted:
            return []
        best: dict[str, Found] = {}
        comparison = _Comparison(wanted)
        for form in self._candidates(wanted, kind):
            alike = comparison.with_name(form)
            if alike < _ALIKE:
                continue
            for thing in self._forms[form]:
                if kind and kind not in thing.kinds:
                    continue
                score = round(max(alike - _LATER.get(thing.kinds[0], 0.0), 0.0), 4)
                if thing.iri not in best or score > best[thing.iri].score:
                    best[thing.iri] = Found(
                        thing.iri,
                        thing.label,
                        thing.kinds[0],
                        thing.kinds,
                        thing.called(form),
                        score,
                    )
        ranked = sorted(best.values(), key=lambda one: (-one.score, len(one.label), one.id))
        return ranked[:most]

    def _candidates(self, wanted: str, kind: str | None) -> Iterable[str]:
        """Names that are worth a comparison, each once."""
        squeezed = wanted.replace(" ", "")
        found = dict.fromkeys([wanted] if wanted in self._forms else [])
        found |= dict.fromkeys(self._squeezed.get(squeezed, ()))
        found |= dict.fromkeys(self._squeezed.get(_short(wanted).replace(" ", ""), ()))
        found |= dict.fromkeys(self._beginning(wanted, kind))
        found |= dict.fromkeys(self._sharing(wanted, kind))
        return found

    def _beginning(self, wanted: str, kind: str | None) -> Iterator[str]:
        at, left = bisect_left(self._sorted, wanted), _BEGINNINGS
        for form in self._sorted[at : at + (_FILTERED if kind else _BEGINNINGS)]:
            if not left or not form.startswith(wanted):
                return
            if self._of(form, kind):
                left -= 1
                yield form

    def _sharing(self, wanted: str, kind: str | None) -> Iterator[str]:
        """Names that share groups of letters, those with the rarest and most first."""
        whole = f" {wanted} "
        groups = {whole[at : at + 3] for at in range(len(whole) - 2)} & self._common.keys()
        chosen: list[str] = []
        seen = 0
        for group in sorted(groups, key=lambda one: (self._common[one], one)):
            seen += self._common[group]
            if len(chosen) >= _GROUPS or (seen > _POSTINGS and chosen):
                break
            chosen.append(f'"{group}"')
        if not chosen:
            return
        with self._lock:
            rows = self._groups.execute(
                "SELECT rowid FROM names WHERE names MATCH ? ORDER BY rank LIMIT ?",
                (" OR ".join(chosen), _FILTERED if kind else _CANDIDATES),
            ).fetchall()
        forms = [self._sorted[row - 1] for (row,) in rows]
        yield from [form for form in forms if self._of(form, kind)][:_CANDIDATES]

    def _of(self, form: str, kind: str | None) -> bool:
        return kind is None or any(kind in thing.kinds for thing in self._forms[form])


def _table(forms: list[str]) -> sqlite3.Connection:
    """The names by their groups of three letters; a blank on each side marks first and last."""
    table = sqlite3.connect(":memory:", check_same_thread=False)
    table.execute("CREATE VIRTUAL TABLE names USING fts5(name, content='', tokenize='trigram')")
    table.execute("CREATE VIRTUAL TABLE seen USING fts5vocab(names, 'row')")
    rows = ((at, f" {form} ") for at, form in enumerate(forms, 1))
    with table:
        table.executemany("INSERT INTO names(rowid, name) VALUES (?, ?)", rows)
        table.execute("INSERT INTO names(names) VALUES ('optimize')")
    return table


def _short(form: str) -> str:
    return " ".join(word for word in form.split() if word not in _SAYS_LITTLE)


class _Comparison:
    """Compares names with what was typed; remembers words, since names share them."""

    def __init__(self, wanted: str) -> None:
        self.wanted = wanted
        self.squeezed = wanted.replace(" ", "")
        self.short = _short(wanted).replace(" ", "")
        words = list(dict.fromkeys(wanted.split()))
        weights = [len(word) * (0.25 if word in _SAYS_LITTLE else 1.0) for word in words]
        self.words = list(zip(words, weights, strict=True))
        self.weight = sum(weights)
        self._known: dict[tuple[str, str], float] = {}

    def with_name(self, form: str) -> float:
        """How much a name is like what was typed, up to 1."""
        if form == self.wanted:
            return 1.0
        squeezed = form.replace(" ", "")
        if squeezed == self.squeezed:
            return 0.99
        short = _short(form)
        if self.short and short.replace(" ", "") == self.short:
            return 0.98
        there = form.split()
        by_word = sum(
            weight * max(self._alike(word, other) for other in there) for word, weight in self.words
        )
        by_word /= self.weight
        said = min(1.0, len(self.wanted) / max(1, len(short)))
        begins = form.startswith(self.wanted) or short.startswith(self.wanted)
        together = ratio(self.squeezed, squeezed) / 100
        return max(0.86 * by_word + 0.06 * said + 0.05 * begins, 0.93 * together)

    def _alike(self, word: str, other: str) -> float:
        pair = (word, other)
        if pair not in self._known:
            self._known[pair] = _words_alike(word, other)
        return self._known[pair]


def _words_alike(word: str, other: str) -> float:
    if word == other:
        return 1.0
    if other.startswith(word):
        return 0.86 + 0.12 * len(word) / len(other)
    found = float(OSA.normalized_similarity(word, other, score_cutoff=_CLOSE))
    return found * 0.95


_building = Lock()


@lru_cache(maxsize=2)
def _index(path: Path) -> Index:
    return Index(Release(path).labels)


def index_of(path: Path) -> Index:
    """The index of the release at this path, made when it is first asked for; two are kept.

    Raises:
        DamagedReleaseError: the names cannot be read.
    """
    with _building:
        return _index(path)
