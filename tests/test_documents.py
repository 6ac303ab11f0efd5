"""Where the five documents are at hand, each claim's place in them holds what the claim says."""

import csv
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from careatlas import data
from careatlas.graph.statements import CHARACTERS

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
pytestmark = pytest.mark.skipif(
    not SEEDS.is_dir(),
    reason="the documents are not in ../shared/seeds; their text is not ours to ship",
)
# What a row says in words of its source; all of these must stand in the slice, whatever the case.
PRINTED = ("printed",)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def documents() -> dict[str, str]:
    known = {row["id"]: row for row in rows(data.folder() / "sources.csv") if row["file"]}
    texts = {}
    for key, row in known.items():
        content = (SEEDS / row["file"]).read_bytes()
        assert hashlib.sha256(content).hexdigest() == row["sha256"], key
        texts[key] = content.decode("utf-8")
    return texts


def placed() -> Iterator[tuple[str, dict[str, str]]]:
    for path in sorted(data.folder().rglob("*.csv")):
        if path.name == "sources.csv":
            continue
        for row in rows(path):
            for side in ("", "_a", "_b"):
                place = row.get(f"locator{side}") or ""
                if CHARACTERS.match(place):
                    own = {"source": row[f"source{side}"], "locator": place}
                    yield path.relative_to(data.folder()).as_posix(), row | own


def squeezed(text: str) -> str:
    return " ".join(re.sub(r"[*\\\u00a0]", " ", text).replace("\u2019", "'").split()).casefold()


def test_the_five_documents_are_the_ones_read() -> None:
    assert sorted(documents()) == [
        "digital-investments",
        "digitalhealth-2025-03-06",
        "digitalhealth-2025-07-30",
        "foi-report-2025",
        "mou-summary",
    ]


def test_every_place_lies_in_its_document_and_holds_the_words() -> None:
    texts = documents()
    checked, wrong = 0, []
    for table, row in placed():
        place = CHARACTERS.match(row["locator"])
        assert place
        start, end = int(place["start"]), int(place["end"])
        text = texts[row["source"]]
        held = squeezed(text[start:end])
        words = [squeezed(row[column]) for column in PRINTED if row.get(column)]
        checked += 1
        if not 0 <= start < end <= len(text) or any(word not in held for word in words):
            wrong.append((table, row["locator"], words, held[:80]))
    assert wrong == []
    assert checked > 500


def test_every_claim_of_the_documents_has_a_place_in_them() -> None:
    for path in sorted((data.folder() / "claims").rglob("*.csv")):
        if path.parent.name in documents():
            for row in rows(path):
                assert CHARACTERS.match(row["locator"]), (path.name, row)


def test_the_names_of_a_conflict_of_names_stand_in_its_places() -> None:
    texts = documents()
    found = 0
    for row in rows(data.folder() / "claims" / "conflicts.csv"):
        for side in ("a", "b"):
            place = CHARACTERS.match(row[f"locator_{side}"])
            if place and row["type"] == "name-variant":
                name = squeezed(row[f"claim_{side}"].partition(" (")[0])
                held = texts[row[f"source_{side}"]][int(place["start"]) : int(place["end"])]
                assert name in squeezed(held), row["key"]
                found += 1
    assert found


def test_usage_figures_stand_in_their_place() -> None:
    texts = documents()
    for path in sorted((data.folder() / "claims").rglob("usage.csv")):
        for row in rows(path):
            place = CHARACTERS.match(row["locator"])
            assert place
            held = texts[row["source"]][int(place["start"]) : int(place["end"])].replace(",", "")
            numbers = set(re.findall(r"\d+", held))
            for bound in (row["min"], row["max"]):
                short = bound.removesuffix("000")
                assert bound in numbers or short in numbers, (row, held)


def test_names_of_trusts_stand_in_their_place() -> None:
    texts = documents()
    for row in rows(data.folder() / "claims" / "foi-report-2025" / "disclosures.csv"):
        place = CHARACTERS.match(row["locator"])
        assert place
        held = squeezed(texts[row["source"]][int(place["start"]) : int(place["end"])])
        assert squeezed(row["trust"]) in held, row


def test_no_cell_holds_a_sentence_of_a_document() -> None:
    longest = 12
    texts = {key: squeezed(text).split() for key, text in documents().items()}
    runs = {
        " ".join(words[at : at + longest])
        for words in texts.values()
        for at in range(len(words) - longest)
    }
    for path in sorted(data.folder().rglob("*.csv")):
        for row in rows(path):
            for column, cell in row.items():
                words = squeezed(cell).split()
                for at in range(len(words) - longest):
                    assert " ".join(words[at : at + longest]) not in runs, (path.name, column, cell)
