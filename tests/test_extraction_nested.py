"""Lists within lists: what stands below an entry is said of whom the entry is about."""

from pathlib import Path

import docx
import pytest
from extraction import TRUSTS, things
from extraction import read as said
from reportlab.pdfgen.canvas import Canvas

from careatlas.loaders.reading import read

ASHVALE, BIRCHMOOR, ELMFORD = TRUSTS
USES = "## Trusts that use clinical AI\n\n"


@pytest.mark.parametrize("heading", [USES, "## What the replies say\n\n"])
@pytest.mark.parametrize(
    "above",
    [
        f"- **{ASHVALE}** has two of them.",
        f"- {ASHVALE}:",
        f"* {ASHVALE} answered in May, after a reminder.",
        f"1. {ASHVALE} \u2013 yes, two.",
    ],
)
@pytest.mark.parametrize(
    ("below", "product", "status"),
    [
        ("Lumo Scan (Lumo) has been in use since May 2023.", "Lumo Scan", "live"),
        ("Its stroke doctors use Lumo Scan.", "Lumo Scan", "live"),
        ("Pixon Reader, from Pixon, is used for 40 patients a week.", "Pixon Reader", "live"),
        ("A pilot of Quorra Voice ended in June 2024.", "Quorra Voice", "ended"),
        ("Quorra Voice is being installed.", "Quorra Voice", "implementing"),
    ],
)
def test_an_entry_within_an_entry_is_about_the_same_trust(
    heading: str, above: str, below: str, product: str, status: str
) -> None:
    text = f"{heading}{above}\n   - {below}\n   - Nothing else.\n- {BIRCHMOOR} sent no reply.\n"
    assert things(said(text)) == [("Ashvale", product, status)]


@pytest.mark.parametrize(
    "text",
    [
        # Beside, not within.
        f"- {ASHVALE} answered in May.\n- Lumo Scan is in use for stroke.\n",
        # Within an entry that begins with no trust, or with two.
        f"- {ASHVALE} answered.\n- Elsewhere:\n  - Lumo Scan is in use.\n",
        f"- {ASHVALE} and {BIRCHMOOR} answered.\n  - Lumo Scan is in use.\n",
        # Another list.
        f"- {ASHVALE} answered.\n\nMakers told us more.\n\n- Of three:\n  - Lumo Scan is in use.\n",
        f"- {ASHVALE} answered.\n\n## The market\n\n- Of three:\n  - Lumo Scan is in use.\n",
        # Within, and of somebody else, or of what is to come.
        f"- {ASHVALE} answered.\n  - It hopes to use Lumo Scan.\n",
        f"- {ASHVALE} answered.\n  - Lumo Scan is not used.\n",
    ],
)
def test_what_stands_in_no_entry_of_a_trust_is_said_of_none(text: str) -> None:
    assert things(said(f"## What the replies say\n\n{text}")) == []


def test_an_entry_within_an_entry_may_name_a_trust_of_its_own() -> None:
    text = f"- {ASHVALE} answered.\n  - {BIRCHMOOR} uses Lumo Scan.\n  - {ELMFORD} does not.\n"
    assert things(said(USES + text)) == [("Birchmoor", "Lumo Scan", "live")]


ITEMS = [
    ("Ash has two of them in use now.", 0),
    ("One reads the films that doctors ask for.", 1),
    ("Two reads the others on every working day.", 1),
    ("Elm has none of these things at all.", 0),
]
LONG = "Some words about this thing here that are long enough to be counted as text of the page."


@pytest.mark.parametrize(
    ("ending", "outer", "inner"),
    [
        ("md", "- ", "  - "),
        ("txt", "* ", "  - "),
        ("txt", "\u2022 ", "o "),
        ("txt", "1. ", "\ta) "),
    ],
)
def test_texts_say_what_stands_within_what(
    ending: str, outer: str, inner: str, tmp_path: Path
) -> None:
    path = tmp_path / f"list.{ending}"
    lines = [f"{inner if depth else outer}{text}" for text, depth in ITEMS]
    head = "# A title" if ending == "md" else "A title"
    path.write_text("\n".join([head, "", LONG, "", *lines, ""]))
    assert _items(path) == ITEMS


def test_pages_say_what_stands_within_what(tmp_path: Path) -> None:
    first, second, third, last = (text for text, _ in ITEMS)
    inner = f"<ul><li>{second}</li><li>{third}</li></ul>"
    listed = f"<ul><li>{first}{inner}</li><li>{last}</li></ul>"
    path = tmp_path / "list.html"
    path.write_text(f"<article><h1>T</h1><p>{LONG}</p><h2>Uses</h2>{listed}</article>")
    assert _items(path) == ITEMS


@pytest.mark.parametrize("styled", [True, False])
def test_word_says_what_stands_within_what(styled: bool, tmp_path: Path) -> None:
    document = docx.Document()
    for text, depth in ITEMS:
        deeper = depth and styled
        paragraph = document.add_paragraph(text, style=f"List Bullet{' 2' * deeper}")
        if depth and not styled:
            numbered = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            numbered.get_or_add_ilvl().val = depth
    document.save(str(tmp_path / "list.docx"))
    assert _items(tmp_path / "list.docx") == ITEMS


def test_print_says_what_stands_within_what(tmp_path: Path) -> None:
    canvas = Canvas(str(tmp_path / "list.pdf"))
    canvas.setFont("Helvetica", 11)
    for at, (text, depth) in enumerate(ITEMS):
        mark = "\u2013" if depth else "\u2022"
        canvas.drawString(72 + 18 * depth, 700 - 24 * at, f"{mark} {text}")
    canvas.save()
    assert _items(tmp_path / "list.pdf") == ITEMS


def _items(path: Path) -> list[tuple[str, int]]:
    return [(one.text, one.depth) for one in read(path).passages if one.kind == "item"]
