"""Reading documents: every passage knows its place, and a hostile file is refused in one line."""

import csv
import io
import re
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Table

from careatlas import data
from careatlas.loaders.reading import Document, Passage, UnreadableDocumentError, read

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
PLACE = re.compile(r"(.*), (item|paragraph) (\d+), characters (\d+)-(\d+)")

MARKDOWN = """---
title: "Elm in the valley"
date: 2024-05-07
---

# **Answers**

A first paragraph
over two lines.

## **Trusts that use it**

* **Ash Trust**  
  Uses Elm Chest.

* **Birch Trust**
  * Uses Oak.
  * Is piloting Fir\\.

---

**Late answers**

1. Cedar Trust is silent.

| Vendor | Trusts |
| :-- | :-- |
| Elm | 16 |
| Oak | 12 |

<!-- left by the editor -->
### 

> A quoted remark.
"""


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
    return path


def check(document: Document) -> None:
    reached = 0
    for passage in document.passages:
        assert reached <= passage.start < passage.end <= len(document.text)
        assert passage.text == document.text[passage.start : passage.end]
        reached = passage.end


def shown(document: Document) -> list[tuple[str, str, int | None]]:
    check(document)
    return [(one.kind, one.text, one.item) for one in document.passages]


def survives(path: Path) -> None:
    """Whatever a file holds, it is read whole or refused in one line."""
    said = "read"
    try:
        check(read(path))
    except UnreadableDocumentError as refusal:
        said = str(refusal)
    assert "\n" not in said


@contextmanager
def at_most(size: int) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


def find(document: Document, words: str) -> Passage:
    (found,) = [one for one in document.passages if words in one.text]
    return found


def refused(path: Path) -> str:
    """The one line that a file is refused with, and nothing is left beside it."""
    before = sorted(path.parent.iterdir())
    with pytest.raises(UnreadableDocumentError) as caught:
        read(path)
    assert caught.value.path == path
    assert "\n" not in str(caught.value)
    assert str(caught.value) == f"{path}: {caught.value.reason}"
    assert sorted(path.parent.iterdir()) == before
    return caught.value.reason


# Markdown and plain text


def test_markdown_blocks_stand_where_the_source_has_them(tmp_path: Path) -> None:
    document = read(write(tmp_path, "a.md", MARKDOWN))
    assert document.text == MARKDOWN
    assert (document.title, document.date) == ("Elm in the valley", "2024-05-07")
    assert shown(document) == [
        ("paragraph", 'title: "Elm in the valley"', None),
        ("paragraph", "date: 2024-05-07", None),
        ("heading", "Answers", None),
        ("paragraph", "A first paragraph\nover two lines.", None),
        ("heading", "Trusts that use it", None),
        ("item", "**Ash Trust**  \n  Uses Elm Chest.", 1),
        ("item", "**Birch Trust**", 2),
        ("item", "Uses Oak.", 3),
        ("item", "Is piloting Fir\\.", 4),
        ("heading", "Late answers", None),
        ("item", "Cedar Trust is silent.", 1),
        ("row", "| Vendor | Trusts |", None),
        ("row", "| Elm | 16 |", 2),
        ("row", "| Oak | 12 |", 3),
        ("paragraph", "A quoted remark.", None),
    ]
    ash = find(document, "Ash Trust")
    assert ash.headings == ("Answers", "Trusts that use it")
    assert ash.locator == f"Trusts that use it, item 1, characters {ash.start}-{ash.end}"


def test_the_only_first_heading_is_the_title_and_heads_nothing(tmp_path: Path) -> None:
    document = read(write(tmp_path, "a.md", "# Elm arrives\n\nAsh Trust uses it.\n"))
    assert document.title == "Elm arrives"
    assert find(document, "Ash").locator == "Article, paragraph 1, characters 15-33"


def test_rules_at_the_top_are_no_front_matter(tmp_path: Path) -> None:
    document = read(write(tmp_path, "a.md", "---\nAsh: uses: Elm\n---\n\nBirch Trust too.\n"))
    assert (document.title, document.date) == (None, None)
    assert [one.text for one in document.passages] == ["Ash: uses: Elm", "Birch Trust too."]


def test_marks_of_windows_do_not_count(tmp_path: Path) -> None:
    one = read(write(tmp_path, "a.md", MARKDOWN))
    two = read(write(tmp_path, "b.md", b"\xef\xbb\xbf" + MARKDOWN.replace("\n", "\r\n").encode()))
    assert one == two


PLAIN = """Elm comes to the valley

  • 3 February 2024
Elm comes to the valley
The hall (Credit: Ash Trust)
  • Ash Trust has bought Elm Chest, which reads images of the chest

Ash Trust has bought Elm Chest after a year of talks with its neighbours, which it says have bought it too.

“We are glad of it,” said a doctor.

Related News

Fir goes live

Fir goes live

A hospital far away has begun to use Fir.
"""


def test_plain_text_is_told_by_its_form(tmp_path: Path) -> None:
    document = read(write(tmp_path, "a.txt", PLAIN))
    assert document.text == PLAIN
    assert (document.title, document.date) == ("Elm comes to the valley", "2024-02-03")
    assert find(document, "after a year").locator.startswith("Article, paragraph 1, ")
    assert find(document, "far away").headings == ("Related News",)
    check(document)


def test_lines_that_end_at_a_margin_are_one_paragraph(tmp_path: Path) -> None:
    text = "Who uses it\n\nAsh Trust uses\nElm Chest.\n\n- Birch Trust\n  uses Oak.\n- Cedar Trust.\n\nEnd of it.\n"
    document = read(write(tmp_path, "a.txt", text))
    assert shown(document)[1:] == [
        ("paragraph", "Ash Trust uses\nElm Chest.", None),
        ("item", "Birch Trust\n  uses Oak.", 1),
        ("item", "Cedar Trust.", 2),
        ("paragraph", "End of it.", None),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_the_encoding_does_not_matter(tmp_path: Path, encoding: str) -> None:
    text = (
        "The trust\u2019s board “noted” a £5m plan \u2013 for Elm.\n\nIt isn\u2019t in use yet.\n"
        * 3
    )
    assert read(write(tmp_path, "a.txt", text.encode(encoding))).text == text


def test_a_page_may_name_its_encoding(tmp_path: Path) -> None:
    page = PAGE.replace("<head>", '<head><meta charset="iso-8859-1">').replace("Birch", "Bîrch")
    assert find(read(write(tmp_path, "a.html", page.encode("latin-1"))), "Bîrch").kind == "item"


@pytest.mark.skipif(not SEEDS.is_dir(), reason="the documents are not in ../shared/seeds")
def test_the_places_of_the_curated_tables_are_those_of_the_reader() -> None:
    with (data.folder() / "sources.csv").open(encoding="utf-8") as file:
        files = {row["id"]: row["file"] for row in csv.DictReader(file) if row["file"]}
    documents = {key: read(SEEDS / name) for key, name in files.items()}
    printed, other, seen = [], [], 0
    for path in sorted((data.folder() / "claims").rglob("*.csv")):
        with path.open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        for row in rows:
            place = PLACE.fullmatch(row.get("locator") or "")
            if place is None or row["source"] not in documents:
                continue
            seen += 1
            heading, kind, number, start, end = place.groups()
            document = documents[row["source"]]
            (found,) = [
                one for one in document.passages if one.start <= int(start) and int(end) <= one.end
            ]
            if heading.startswith("Trusts ") or heading in {"Article", "Non-Responsive Trusts"}:
                expected = (heading, kind, number, start, end)
                match = PLACE.fullmatch(found.place(int(start), int(end)))
                printed.append(expected)
                if match is None or match.groups() != expected:
                    other.append((row["locator"], found.locator))
    assert seen > 450
    assert len(printed) > 300
    assert other == []


# HTML

PAGE = """<html><head><title>Elm arrives | The Valley</title>
<meta property="article:published_time" content="2024-02-03T09:00:00Z"></head><body>
<nav><ul><li><a href="/">Home</a></li><li><a href="/n">News of today</a></li></ul></nav>
<main><article><h1>Elm arrives</h1><p>{long}</p><h2>Use so far</h2>
<ul><li>Birch Trust uses <b>Elm</b> Chest.</li><li>Cedar Trust is piloting Oak.</li></ul>
<table><tr><th>Trust</th><th>Scans</th></tr><tr><td>Ash</td><td>17</td></tr></table>
<p>{other}</p><script>var hidden = "Dogwood Trust uses Elm";</script>
<h2>Related news</h2><p>Fir Trust goes live with Oak in all of its hospitals, as it says.</p>
</article></main><aside><h3>More stories</h3><p>Gorse Trust buys Elm.</p></aside>
<footer>Subscribe to our newsletter. All rights reserved.</footer></body></html>""".format(
    long="Ash Trust has begun to use Elm Chest for images of the chest. " * 5,
    other="In May the board decides whether the work is to go on, it was said. " * 4,
)


def test_of_a_page_the_main_text_is_read(tmp_path: Path) -> None:
    document = read(write(tmp_path, "a.html", PAGE))
    assert document.date == "2024-02-03"
    assert "Elm arrives" in (document.title or "")
    kinds = [(kind, text) for kind, text, _ in shown(document) if kind != "paragraph"]
    assert kinds == [
        ("heading", "Elm arrives"),
        ("heading", "Use so far"),
        ("item", "Birch Trust uses Elm Chest."),
        ("item", "Cedar Trust is piloting Oak."),
        ("row", "Trust | Scans"),
        ("row", "Ash | 17"),
    ]
    for left_out in ("Home", "Fir Trust", "Gorse", "newsletter", "Dogwood"):
        assert left_out not in document.text
    assert find(document, "Cedar").headings == ("Use so far",)


# DOCX, XLSX, CSV


def a_docx(path: Path) -> Path:
    document = docx.Document()
    document.core_properties.title = ""
    document.add_paragraph("Answers of the valley", style="Title")
    document.add_heading("Who uses it", 1)
    document.add_paragraph("Three trusts answered.")
    document.add_paragraph("Ash Trust uses Elm Chest.", style="List Bullet")
    document.add_paragraph("Birch Trust uses Oak.", style="List Number")
    document.add_paragraph().add_run("Late answers").bold = True
    table = document.add_table(rows=2, cols=3)
    for cell, text in zip(table.rows[0].cells, ["Trust", "Product", "Scans"], strict=True):
        cell.text = text
    table.cell(1, 0).merge(table.cell(1, 1)).text = "Cedar"
    table.cell(1, 2).text = "1,200"
    document.add_paragraph("A last word.")
    with path.open("wb") as file:
        document.save(file)
    return path


def test_docx_blocks_come_in_the_order_of_the_page(tmp_path: Path) -> None:
    document = read(a_docx(tmp_path / "a.docx"))
    assert document.title == "Answers of the valley"
    assert shown(document) == [
        ("heading", "Answers of the valley", None),
        ("heading", "Who uses it", None),
        ("paragraph", "Three trusts answered.", None),
        ("item", "Ash Trust uses Elm Chest.", 1),
        ("item", "Birch Trust uses Oak.", 2),
        ("heading", "Late answers", None),
        ("row", "Trust | Product | Scans", 1),
        ("row", "Cedar |  | 1,200", 2),
        ("paragraph", "A last word.", None),
    ]
    assert find(document, "Cedar").headings == ("Who uses it", "Late answers")


def an_xlsx(path: Path) -> Path:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Answers"
    for row in (["Trust", "Uses it", "Scans"], ["Ash", True, 1177.0], [], ["Birch", None, "a few"]):
        sheet.append(row)
    hidden = book.create_sheet("Notes")
    hidden.append(["Not for others"])
    hidden.sheet_state = "hidden"
    with path.open("wb") as file:
        book.save(file)
    return path


def test_the_rows_of_a_workbook_know_their_sheet_and_number(tmp_path: Path) -> None:
    document = read(an_xlsx(tmp_path / "a.xlsx"))
    assert [text for _, text, _ in shown(document)] == [
        "Answers",
        "Trust | Uses it | Scans",
        "Ash | yes | 1177",
        "Birch |  | a few",
    ]
    birch = find(document, "Birch")
    assert birch.locator == f"Answers, row 4, characters {birch.start}-{birch.end}"


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_rows_of_a_csv_file_know_their_number(tmp_path: Path, mark: str) -> None:
    text = f'Trust{mark}Product\r\n\r\nAsh{mark}"Elm{mark}\r\nChest"\r\nBirch{mark}Oak\r\n'
    document = read(write(tmp_path, "a.csv", text))
    elm = "Ash | Elm Chest" if mark == "\t" else f"Ash | Elm{mark} Chest"
    assert [words for _, words, _ in shown(document)] == ["Trust | Product", elm, "Birch | Oak"]
    assert find(document, "Birch").cell == "row 4"


# PDF


def a_pdf(path: Path, pages: int) -> Path:
    style = getSampleStyleSheet()
    story = []
    for page in range(1, pages + 1):
        story += [
            Paragraph(f"Section {page}", style["Heading1"]),
            Paragraph("Ash Trust has begun to use Elm Chest for images. " * 6, style["BodyText"]),
            Paragraph("\u2022 Birch Trust uses Oak.", style["BodyText"]),
            Paragraph("\u2022 Cedar Trust is piloting Oak.", style["BodyText"]),
            Table([["Trust", "Scans"], ["Ash", str(page)]], colWidths=[160, 80]),
            PageBreak(),
        ]

    def around(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.drawString(72, 815, "Papers of the valley")
        canvas.drawString(280, 20, f"Page {template.page} of {pages}")

    template = SimpleDocTemplate(str(path), title="A paper")
    template.build(story, onFirstPage=around, onLaterPages=around)
    return path


def test_a_pdf_is_read_page_by_page_without_what_runs_on_each(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    document = read(a_pdf(tmp_path / "a.pdf", 4), lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert document.title == "A paper"
    assert "Papers of the valley" not in document.text
    assert "Page " not in document.text
    assert [(kind, text) for kind, text, _ in shown(document)][6:12] == [
        ("heading", "Section 2"),
        ("paragraph", ("Ash Trust has begun to use Elm Chest for images. " * 6).strip()),
        ("item", "Birch Trust uses Oak."),
        ("item", "Cedar Trust is piloting Oak."),
        ("row", "Trust | Scans"),
        ("row", "Ash | 2"),
    ]
    row = find(document, "Ash | 3")
    assert (row.page, row.headings) == (3, ("Section 3",))
    assert row.place(row.start, row.end).startswith("page 3, item 4, characters ")


def drawn(path: Path, pages: list[list[str]]) -> Path:
    canvas = Canvas(str(path))
    for lines in pages:
        for number, line in enumerate(lines):
            canvas.drawString(72, 760 - 14 * number, line)
        canvas.showPage()
    canvas.save()
    return path


def test_words_parted_at_a_line_or_a_page_are_whole_again(tmp_path: Path) -> None:
    pages = [
        ["Ash Trust has be-", "gun to use a well-", "known product of"],
        ["Elm.", "It is well-known."],
    ]
    document = read(drawn(tmp_path / "a.pdf", pages))
    assert "has begun to use a well-known product of" in document.text
    pages[1][0] = "the house of Elm."
    document = read(drawn(tmp_path / "b.pdf", pages))
    assert find(document, "product of the house of Elm.").page == 1


def test_a_long_pdf_is_read_in_flat_memory(tmp_path: Path) -> None:
    for pages in (30, 300):
        path = a_pdf(tmp_path / f"{pages}.pdf", pages)
        with at_most(10 * 2**20):
            assert len(read(path).passages) == 6 * pages


# Hostile files


def a_zip(path: Path, parts: dict[str, bytes], like: Path | None = None) -> Path:
    """A ZIP file of the parts, and of those of another that they do not replace."""
    if like is not None:
        with zipfile.ZipFile(like) as other:
            parts = {name: other.read(name) for name in other.namelist()} | parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)
    return path


@pytest.mark.parametrize("make", [a_docx, an_xlsx])
def test_a_zip_bomb_is_refused(tmp_path: Path, make: Callable[[Path], Path]) -> None:
    like = make(tmp_path / f"like.{make.__name__[-4:]}")
    folder = "word" if like.suffix == ".docx" else "xl"
    bomb = {f"{folder}/media/a.xml": bytes(100 * 2**20)}
    path = a_zip(tmp_path / f"a{like.suffix}", bomb, like)
    with at_most(8 * 2**20):
        assert "unpacks to" in refused(path)


LAUGHS = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]>
<x>&b;</x>"""


@pytest.mark.parametrize(
    ("make", "part"), [(a_docx, "word/document.xml"), (an_xlsx, "xl/worksheets/sheet1.xml")]
)
def test_an_xml_bomb_is_refused(tmp_path: Path, make: Callable[[Path], Path], part: str) -> None:
    like = make(tmp_path / f"like.{make.__name__[-4:]}")
    assert "declares XML entities" in refused(
        a_zip(tmp_path / f"a{like.suffix}", {part: LAUGHS}, like)
    )


def test_macros_are_refused(tmp_path: Path) -> None:
    like = an_xlsx(tmp_path / "like.xlsx")
    assert "macros" in refused(a_zip(tmp_path / "a.xlsx", {"xl/vbaProject.bin": b"x"}, like))


def test_an_endless_sheet_is_refused(tmp_path: Path) -> None:
    sheet = (
        b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        b'<row r="99999999999"><c r="A99999999999" t="inlineStr"><is><t>x</t></is></c></row>'
        b"</sheetData></worksheet>"
    )
    like = an_xlsx(tmp_path / "like.xlsx")
    path = a_zip(tmp_path / "a.xlsx", {"xl/worksheets/sheet1.xml": sheet}, like)
    assert "too many rows" in refused(path)


@pytest.mark.parametrize("name", ["a.txt", "a.md", "a.csv", "a.html"])
def test_a_line_of_100_megabytes_is_refused_unread(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        for _ in range(100):
            file.write(b"a" * 2**20)
    with at_most(2**20):
        assert "100 MiB" in refused(path)


def test_a_line_longer_than_any_text_is_refused(tmp_path: Path) -> None:
    assert "2000000 characters" in refused(write(tmp_path, "a.txt", "a" * 2_000_000))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (("Ash \u2013 Elm “so” " * 9).encode() + b"\xff\xfe\xe2", "is not UTF-8"),
        (b"\xff\xfea\x00\x00\xd8b\x00", "UTF-16"),
        (b"Ash\x00Trust", "control characters"),
        (bytes(range(1, 32)) * 4, "control characters"),
    ],
)
def test_broken_encodings_are_refused(tmp_path: Path, content: bytes, reason: str) -> None:
    assert reason in refused(write(tmp_path, "a.txt", content))


def with_action(path: Path, change: Callable[[pikepdf.Pdf], None]) -> Path:
    with pikepdf.open(a_pdf(path.with_name("plain.pdf"), 1)) as document:
        change(document)
        document.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return path


def script() -> pikepdf.Dictionary:
    return pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))


def on_opening(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = script()


def on_a_page(document: pikepdf.Pdf) -> None:
    document.pages[0].obj.AA = pikepdf.Dictionary(O=document.make_indirect(script()))


def launching(document: pikepdf.Pdf) -> None:
    document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.Launch, F="calc.exe")


@pytest.mark.parametrize("change", [on_opening, on_a_page, launching])
def test_a_pdf_that_runs_something_is_refused(
    tmp_path: Path, change: Callable[[pikepdf.Pdf], None]
) -> None:
    (tmp_path / "in").mkdir()
    assert "scripts" in refused(with_action(tmp_path / "in" / "a.pdf", change))


@pytest.mark.parametrize("packing", ["/FlateDecode", "/FlateDecode /FlateDecode"])
def test_a_pdf_that_unpacks_to_much_is_refused(tmp_path: Path, packing: str) -> None:
    press = zlib.compressobj(9)
    packed = b"".join(press.compress(bytes(2**20)) for _ in range(200)) + press.flush()
    packed = packed if " " not in packing else zlib.compress(packed, 9)
    head = f"%PDF-1.4\n1 0 obj\n<</Length {len(packed)}/Filter[{packing}]>>stream\n".encode()
    path = write(tmp_path, "a.pdf", head + packed + b"\nendstream\nendobj\n")
    with at_most(8 * 2**20):
        assert "unpacks to more than" in refused(path)


def test_a_locked_pdf_and_one_of_pictures_are_refused(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    with pikepdf.open(a_pdf(tmp_path / "plain.pdf", 1)) as document:
        document.save(tmp_path / "in" / "a.pdf", encryption=pikepdf.Encryption(user="x", owner="y"))
    assert "password" in refused(tmp_path / "in" / "a.pdf")
    assert "no text" in refused(drawn(tmp_path / "b.pdf", [[""]]))


@pytest.mark.parametrize("name", ["a.pdf", "a.docx", "a.xlsx", "a.html", "a.txt", "a.csv"])
def test_a_wrong_ending_is_refused(tmp_path: Path, name: str) -> None:
    made = {"a.pdf": an_xlsx, "a.docx": an_xlsx, "a.xlsx": a_docx}
    (tmp_path / "in").mkdir()
    path = tmp_path / "in" / name
    if name in made:
        made[name](path)
    else:
        a_pdf(tmp_path / "b.pdf", 1).rename(path)
    assert "its name says" in refused(path)


def test_what_is_no_document_is_refused(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    assert refused(tmp_path / "folder.txt") == "it is no file"
    assert refused(tmp_path / "none.txt") == "there is no such file"
    assert "not read" in refused(write(tmp_path, "a.exe", b"MZ"))
    assert "old office" in refused(write(tmp_path, "a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"))


# Anything at all

LINES = st.lists(
    st.sampled_from(
        [
            "# a",
            "## **b**",
            "### ",
            "---",
            "* c",
            "  * d",
            "1. e",
            "> f",
            "g",
            "  h",
            "\tcode",
            "```",
            "**i**",
            "",
            " j ",
            " k ",
            "",
            "",
            " - ",
            " - ",
            "",
            "",
            "<!-- l",
            "-->",
            "<div>",
            "• m",
            "n.",
            "===",
            "\u2028o",
            "\x0bp",
            "q\xa0",
            "[r]: s",
            "\\* t",
            "- ",
            "1\\. U",
        ]
    ),
    max_size=25,
)
ANYTHING = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@ANYTHING
@given(lines=LINES, name=st.sampled_from(["a.md", "a.txt"]))
def test_whatever_the_text_its_passages_are_slices_in_order(
    tmp_path: Path, lines: list[str], name: str
) -> None:
    text = "\n".join(lines)
    document = read(write(tmp_path, name, text))
    assert document.text == text
    check(document)


@pytest.mark.long
@ANYTHING
@given(text=st.text(max_size=300), name=st.sampled_from(["a.md", "a.txt", "a.csv", "a.html"]))
def test_any_text_is_read_or_refused(tmp_path: Path, text: str, name: str) -> None:
    path = write(tmp_path, name, text.encode("utf-8", "surrogatepass"))
    survives(path)


HEADS = st.sampled_from([b"", b"%PDF-1.7\n", b"PK\x03\x04", b"<html>", b"\xff\xfe", b"---\n"])
NAMES = st.sampled_from(["a.pdf", "a.docx", "a.xlsx", "a.html", "a.txt", "a.md", "a.csv"])


@ANYTHING
@given(head=HEADS, content=st.binary(max_size=600), name=NAMES)
def test_random_bytes_are_read_or_refused(
    tmp_path: Path, head: bytes, content: bytes, name: str
) -> None:
    survives(write(tmp_path, name, head + content))


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    folder = tmp_path_factory.mktemp("sound")
    makers: dict[str, Callable[[Path], Path]] = {
        "a.docx": a_docx,
        "a.xlsx": an_xlsx,
        "a.pdf": lambda path: a_pdf(path, 2),
    }
    return {name: make(folder / name).read_bytes() for name, make in makers.items()}


@ANYTHING
@given(chosen=st.data())
def test_a_damaged_file_is_read_or_refused(
    tmp_path: Path, sound: dict[str, bytes], chosen: st.DataObject
) -> None:
    name = chosen.draw(st.sampled_from(sorted(sound)))
    content = bytearray(sound[name])
    for _ in range(chosen.draw(st.integers(1, 12))):
        content[chosen.draw(st.integers(0, len(content) - 1))] = chosen.draw(st.integers(0, 255))
    path = write(tmp_path, name, bytes(content[: chosen.draw(st.integers(1, len(content)))]))
    survives(path)


@ANYTHING
@given(chosen=st.data())
def test_damaged_xml_in_a_sound_package_is_read_or_refused(
    tmp_path: Path, sound: dict[str, bytes], chosen: st.DataObject
) -> None:
    name = chosen.draw(st.sampled_from(["a.docx", "a.xlsx"]))
    with zipfile.ZipFile(io.BytesIO(sound[name])) as package:
        parts = {one: package.read(one) for one in package.namelist()}
    part = chosen.draw(st.sampled_from(sorted(parts)))
    words = sorted(set(re.findall(rb'"[^"]*"|<[\w:]+', parts[part]))) or [b""]
    old, new = (
        chosen.draw(st.sampled_from(words)),
        chosen.draw(st.sampled_from([b'"-1"', b"<x", b""])),
    )
    path = a_zip(tmp_path / name, parts | {part: parts[part].replace(old, new, 1)})
    survives(path)
