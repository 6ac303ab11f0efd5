"""Documents that no rule was written for: what is found in them, and what must not be."""

import re
import sys
from collections.abc import Iterator
from functools import cache
from html import unescape
from pathlib import Path

import pytest
from unseen.scoring import KINDS, Row, Score, forbidden, names, rows, score

from careatlas.loaders.extraction import extract
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer
from careatlas.loaders.reading import read

UNSEEN = Path(__file__).parent / "unseen"
BATCHES = tuple(f"batch{number}" for number in range(1, 17))
HELD_OUT = ("batch10", "batch15")
"""The batches whose misses nobody is shown, so that no rule can learn from them."""
WANTED = 0.8
AROUND = ("README.txt", "catalogue.csv")
KIND = {"framework": "programme"}
"""What the gazetteer calls a kind of the catalogue, where it is not the same."""


def documents(batch: str) -> list[Path]:
    return [
        path
        for path in sorted((UNSEEN / batch).iterdir())
        if path.is_file() and path.name not in AROUND
    ]


def gazetteer(batch: str) -> Gazetteer:
    return Gazetteer(entries(rows(UNSEEN / batch / "catalogue.csv")))


def entries(catalogue: list[dict[str, str]]) -> Iterator[tuple[str, Entity]]:
    def iri(kind: str, label: str) -> str:
        return f"https://example.org/{kind}/{label.replace(' ', '-')}"

    for row in catalogue:
        vendor = iri("vendor", row["vendor"]) if row["vendor"] else ""
        kind, label = KIND.get(row["kind"], row["kind"]), row["label"]
        entity = Entity(kind, iri(kind, label), label, row["ods"], vendor, row["use_case"])
        for name in (label, *filter(None, row["other names"].split(";"))):
            yield name, entity


@cache
def candidates(batch: str, name: str) -> dict[str, list[dict[str, str]]]:
    found = extract(read(UNSEEN / batch / name), gazetteer(batch), Path(name).stem)
    return {kind: found.rows(kind) for kind in KINDS}


@cache
def scores(batch: str) -> dict[str, Score]:
    known = names(rows(UNSEEN / batch / "catalogue.csv"))
    whole = {kind: Score() for kind in KINDS}
    for path in documents(batch):
        for kind, found in candidates(batch, path.name).items():
            truth = rows(UNSEEN / batch / "truth" / f"{path.stem}.{kind}.csv")
            whole[kind] += score(kind, truth, found, known)
    return whole


def broken(batch: str) -> list[tuple[str, Row, Row]]:
    known = names(rows(UNSEEN / batch / "catalogue.csv"))
    return [
        (path.name, rule, row)
        for path in documents(batch)
        for rule, row in forbidden(
            rows(UNSEEN / batch / "truth" / f"{path.stem}.forbidden.csv"),
            candidates(batch, path.name),
            known,
        )
    ]


@pytest.mark.parametrize("batch", BATCHES)
def test_deployments_are_found(batch: str) -> None:
    found = scores(batch)["deployments"]
    figure, why = found.f1, told(found, batch)
    assert figure >= WANTED, why


@pytest.mark.parametrize("batch", BATCHES)
def test_all_kinds_together_are_found(batch: str) -> None:
    found = sum(scores(batch).values(), Score())
    figure, why = found.f1, told(found, batch)
    assert figure >= WANTED, why


@pytest.mark.parametrize("batch", BATCHES)
def test_no_negation_plan_or_use_of_another_becomes_live(batch: str) -> None:
    false = [rule for _, rule, row in broken(batch) if row.get("status") == "live"]
    count, why = len(false), str(false) if batch not in HELD_OUT else "not shown"
    assert count == 0, why


@pytest.mark.parametrize("batch", BATCHES)
def test_the_truth_stands_in_its_document(batch: str) -> None:
    for path in documents(batch):
        # Teasers of other pages, which must give no claim, are no part of the text that is read.
        page = unescape(path.read_text(encoding="utf-8")) if path.suffix == ".html" else ""
        text = plain(read(path).text + page)
        for table in sorted((UNSEEN / batch / "truth").glob(f"{path.stem}.*.csv")):
            for row in rows(table):
                for words in row["snippet"].split(" ... "):
                    assert plain(words) in text, (table.name, words)


@pytest.mark.parametrize("batch", BATCHES)
def test_every_truth_belongs_to_a_document(batch: str) -> None:
    stems = {path.stem for path in documents(batch)}
    told_of = {path.name.split(".")[0] for path in (UNSEEN / batch / "truth").glob("*.csv")}
    assert told_of == stems
    assert len(stems) >= 5


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text)


def told(found: Score, batch: str) -> str:
    lines = [f"precision {found.precision:.3f} recall {found.recall:.3f} F1 {found.f1:.3f}"]
    if batch in HELD_OUT:
        return lines[0]
    lines += [f"missed {dict(row)}" for row in found.missed]
    lines += [f"extra  {dict(row)}" for row in found.extra]
    return "\n".join(lines)


def report(batch: str) -> Iterator[str]:
    """The figures of a batch as lines, for a person."""
    whole = scores(batch)
    for kind, found in {**whole, "all": sum(whole.values(), Score())}.items():
        counts = f"{len(found.agreed)} agreed, {len(found.missed)} missed, {len(found.extra)} extra"
        yield f"{batch} {kind}: {counts}; {told(found, batch).splitlines()[0]}"
    bad = broken(batch)
    live = sum(row.get("status") == "live" for _, _, row in bad)
    yield f"{batch} forbidden: {len(bad)}, of these live: {live}"


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for batch in sys.argv[1:] for line in report(batch))
