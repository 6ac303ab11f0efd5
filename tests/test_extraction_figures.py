"""The figures of `docs/documents.md` are those that the extractor has now.

`pytest --update-golden` writes them, and the run that writes also fails.
"""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest
from test_unseen import BATCHES, HELD_OUT, broken, scores
from unseen.scoring import Score

from careatlas.cli import main

HERE = Path(__file__).parent
PAGE = HERE.parent / "docs" / "documents.md"
SEEDS = HERE.parent.parent / "shared" / "seeds"
COLUMNS = ("reviewed", "candidates", "agreed", "precision", "recall", "f1")


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---", *["---:" if name in {*COLUMNS, "false live"} else "---" for name in head[1:]]]
    lines = [head, rule, *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def written(heading: str, now: str, request: pytest.FixtureRequest) -> None:
    """The table below a heading of the page is this one."""
    page = PAGE.read_text(encoding="utf-8")
    match = re.search(rf"(?ms)^### {heading}\n\n.*?\n\n((?:^\|[^\n]*\n)+)", page)
    assert match, heading
    if request.config.getoption("--update-golden") and match[1] != now:
        PAGE.write_text(page.replace(match[1], now), encoding="utf-8")
    assert match[1] == now


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the documents are not at hand")
def test_the_figures_of_the_shipped_documents(
    home: Path, capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest
) -> None:
    command = ["evaluate", "--documents", str(SEEDS), "--format", "csv", "--home", str(home)]
    assert main(command) == 0
    found = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    rows = [[row["source"], row["record"], *(row[name] for name in COLUMNS)] for row in found]
    written("The documents that ship", table(["document", "record", *COLUMNS], rows), request)


@pytest.mark.long
def test_the_figures_of_the_documents_made_to_try_it(request: pytest.FixtureRequest) -> None:
    rows = []
    for batch in BATCHES:
        whole = scores(batch)
        live = sum(row.get("status") == "live" for _, _, row in broken(batch))
        for kind, found in {**whole, "all of these": sum(whole.values(), Score())}.items():
            agreed, missed, extra = len(found.agreed), len(found.missed), len(found.extra)
            if not agreed + missed + extra or kind not in {"deployments", "usage", "all of these"}:
                continue
            counts = (agreed + missed, agreed + extra, agreed)
            shares = (found.precision, found.recall, found.f1)
            rows.append(
                [
                    f"{batch}, held out" if batch in HELD_OUT else batch,
                    kind,
                    *map(str, counts),
                    *(f"{share:.3f}" for share in shares),
                    str(live) if kind == "deployments" else "",
                ]
            )
    written(
        "Documents made to try it",
        table(["batch", "record", *COLUMNS, "false live"], rows),
        request,
    )
