"""Writes DOCX, PDF and XLSX files that have the same bytes each time."""

import re
import zipfile
from collections.abc import Sequence
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

STYLES = getSampleStyleSheet()
DAY = (2026, 1, 1, 0, 0, 0)
"""The time that the parts of a package are given, so that it does not depend on the clock."""


def settled(package: bytes) -> bytes:
    """A ZIP package with the times taken out of it."""
    made = BytesIO()
    with zipfile.ZipFile(BytesIO(package)) as old, zipfile.ZipFile(made, "w") as new:
        for name in sorted(old.namelist()):
            part = re.sub(
                rb"(<dcterms:(created|modified)[^>]*>)[^<]*",
                rb"\g<1>2026-01-01T00:00:00Z",
                old.read(name),
            )
            new.writestr(zipfile.ZipInfo(name, DAY), part, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def letter(path: Path, lines: Sequence[str]) -> None:
    """A letter: `# ` begins a heading, `* ` a bullet, `1) ` a numbered question in bold."""
    document = docx.Document()
    for line in lines:
        if line.startswith("# "):
            document.add_heading(line[2:], level=1)
        elif line.startswith("* "):
            document.add_paragraph(line[2:], style="List Bullet")
        elif re.match(r"\d+\) ", line):
            document.add_paragraph().add_run(line.replace(")", ".", 1)).bold = True
        else:
            document.add_paragraph(line)
    made = BytesIO()
    document.save(made)
    path.write_bytes(settled(made.getvalue()))


def answers(path: Path, rows: Sequence[Sequence[str | int | None]]) -> None:
    """A workbook with one sheet of answers."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Answers"
    for row in rows:
        sheet.append(list(row))
    made = BytesIO()
    book.save(made)
    path.write_bytes(settled(made.getvalue()))


def columns(path: Path, header: str, parts: Sequence[str], width: int = 30) -> None:
    """A page of two columns whose lines break inside words, below a running header."""
    canvas = Canvas(str(path), pagesize=A4, invariant=1)
    lines = [line for part in parts for line in (*wrapped(part, width), "")]
    rows = 30
    for first in range(0, len(lines), 2 * rows):
        canvas.setFont("Helvetica-Oblique", 9)
        canvas.drawString(60, 800, header)
        canvas.drawString(500, 40, f"Page {first // (2 * rows) + 1}")
        for column in (0, 1):
            start = first + column * rows
            for at, line in enumerate(lines[start : start + rows]):
                bold = line.startswith("# ")
                canvas.setFont("Helvetica-Bold" if bold else "Helvetica", 12 if bold else 11)
                canvas.drawString(60 + 250 * column, 760 - 22 * at, line.removeprefix("# "))
        canvas.showPage()
    canvas.save()


def wrapped(text: str, width: int) -> list[str]:
    """Lines of a paragraph; a word that does not fit is broken by a hyphen where it is marked by |."""
    if text.startswith("# "):
        return [text]
    lines = [""]
    for word in text.split():
        whole = word.replace("|", "")
        joined = f"{lines[-1]} {whole}".strip()
        if len(joined) <= width:
            lines[-1] = joined
            continue
        head, _, tail = word.partition("|")
        if tail and len(lines[-1]) + len(head) + 2 <= width:
            lines[-1] = f"{lines[-1]} {head}-".strip()
            lines.append(tail)
        else:
            lines.append(whole)
    return lines


def tabled(path: Path, header: str, parts: Sequence[str | Sequence[Sequence[str]]]) -> None:
    """A report with running headers, paragraphs and tables."""

    def running(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica-Oblique", 8)
        canvas.drawString(60, 810, header)
        canvas.drawString(500, 30, f"{document.page}")

    flow: list[Flowable] = []
    for part in parts:
        if not isinstance(part, str):
            cells = [[Paragraph(cell, STYLES["BodyText"]) for cell in row] for row in part]
            table = Table(cells)
            table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.5, (0, 0, 0))]))
            flow += [table, Spacer(1, 12)]
        elif part.startswith("# "):
            flow.append(Paragraph(part[2:], STYLES["Heading2"]))
        else:
            flow.append(Paragraph(part, STYLES["BodyText"]))
    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    frame = Frame(60, 50, 480, 740)
    document.addPageTemplates([PageTemplate(frames=[frame], onPage=running)])
    document.build(flow)
