"""Documents that were written to try the extractor, against what careful readers take from them."""

from pathlib import Path

import pytest
from unseen import scoring

from careatlas.loaders.extraction import Gazetteer, extract
from careatlas.loaders.extraction.gazetteer import Entity
from careatlas.loaders.reading import read

FOLDER = Path(__file__).parent / "unseen" / "batch1"
DOCUMENTS = sorted(path for path in FOLDER.iterdir() if path.name[0].isdigit())
WANTED = 0.8
KNOWN = scoring.rows(FOLDER / "catalogue.csv")


def names() -> Gazetteer:
    """The names of the catalogue that lies beside the documents."""
    vendors = {row["label"]: f"vendor/{row['label']}" for row in KNOWN if row["kind"] == "vendor"}
    found = []
    for row in KNOWN:
        iri, vendor = f"{row['kind']}/{row['label']}", vendors.get(row["vendor"], "")
        entity = Entity(row["kind"], iri, row["label"], row["ods"], vendor, row["use_case"])
        others = filter(None, row["other names"].split(";"))
        found += [(name, entity) for name in (row["label"], *others)]
    return Gazetteer(found)


def measured(path: Path) -> tuple[scoring.Score, list[tuple[scoring.Row, scoring.Row]]]:
    """How well the candidates of a document agree with the truth, and what must not be among them."""
    found = extract(read(path), names(), path.stem)
    candidates = {kind: found.rows(kind) for kind in scoring.KINDS}
    known = scoring.names(KNOWN)
    whole = scoring.Score()
    for kind, rows in candidates.items():
        truth = scoring.rows(FOLDER / "truth" / f"{path.stem}.{kind}.csv")
        whole += scoring.score(kind, truth, rows, known)
    never = scoring.rows(FOLDER / "truth" / f"{path.stem}.forbidden.csv")
    return whole, scoring.forbidden(never, candidates, known)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.stem)
def test_a_document_is_read_as_a_careful_reader_does(path: Path) -> None:
    score, broken = measured(path)
    assert score.agreed
    assert score.f1 >= WANTED, (score.missed, score.extra)
    assert broken == []


def test_all_documents_together_hold_each_kind_that_is_looked_for() -> None:
    scores = [measured(path)[0] for path in DOCUMENTS]
    whole = sum(scores[1:], scores[0])
    assert len(whole.agreed) > len(DOCUMENTS) * 10
    assert min(whole.precision, whole.recall) >= WANTED
