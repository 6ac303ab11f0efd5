"""Writes further layouts of DOCX, PDF and XLSX files that have the same bytes each time."""

from collections.abc import Callable, Sequence
from io import BytesIO
from pathlib import Path

import docx
import openpyxl
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph, Spacer
from unseen.writers import STYLES, settled

Sheet = Sequence[Sequence[str | int | None]]


def paper(path: Path, parts: Sequence[str | Sequence[Sequence[str]]]) -> None:
    """A paper: `# ` and `## ` begin headings, `* ` a bullet; a list of rows is a table."""
    document = docx.Document()
    for part in parts:
        if not isinstance(part, str):
            table = document.add_table(rows=0, cols=len(part[0]), style="Table Grid")
            for row in part:
                for cell, text in zip(table.add_row().cells, row, strict=True):
                    cell.text = text
            document.add_paragraph()
        elif part.startswith("#"):
            marks, _, title = part.partition(" ")
            document.add_heading(title, level=len(marks))
        elif part.startswith("* "):
            document.add_paragraph(part[2:], style="List Bullet")
        else:
            document.add_paragraph(part)
    made = BytesIO()
    document.save(made)
    path.write_bytes(settled(made.getvalue()))


def correspondence(path: Path, footer: str, parts: Sequence[str]) -> None:
    """A letter of several pages: `> ` begins a question in bold, `- ` an indented line."""
    body = ParagraphStyle("Letter", STYLES["BodyText"], fontSize=11, leading=14)
    question = ParagraphStyle("Question", body, fontName="Helvetica-Bold")
    indented = ParagraphStyle("Indented", body, leftIndent=24)

    def running(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica", 8)
        canvas.drawString(60, 30, footer)
        canvas.drawRightString(535, 30, f"Page {document.page}")

    flow: list[Flowable] = []
    for part in parts:
        if part.startswith("> "):
            flow.append(Paragraph(part[2:], question))
        elif part.startswith("- "):
            flow.append(Paragraph(part[2:], indented))
        else:
            flow.append(Paragraph(part, body))
        flow.append(Spacer(1, 10))
    _built(path, [Frame(60, 50, 475, 740)], running, flow)


def case_study(path: Path, title: str, parts: Sequence[str]) -> None:
    """A leaflet of two justified columns below a title; `# ` begins a heading."""
    body = ParagraphStyle("Column", STYLES["BodyText"], alignment=TA_JUSTIFY, fontSize=9.5)

    def running(canvas: Canvas, document: BaseDocTemplate) -> None:
        canvas.setFont("Helvetica-Bold", 15)
        if document.page == 1:
            canvas.drawString(50, 795, title)
        canvas.setFont("Helvetica", 8)
        canvas.drawRightString(545, 30, str(document.page))

    flow: list[Flowable] = [
        Paragraph(part[2:], STYLES["Heading3"]) if part.startswith("# ") else Paragraph(part, body)
        for part in parts
    ]
    _built(path, [Frame(44, 50, 250, 730), Frame(301, 50, 250, 730)], running, flow)


def workbook(path: Path, sheets: Sequence[tuple[str, Sheet, Sequence[str]]]) -> None:
    """A workbook of sheets, each with its name, rows and the ranges whose cells are merged."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, lines, merged in sheets:
        sheet = book.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
        for cells in merged:
            sheet.merge_cells(cells)
    made = BytesIO()
    book.save(made)
    path.write_bytes(settled(made.getvalue()))


Running = Callable[[Canvas, BaseDocTemplate], None]


def _built(path: Path, frames: list[Frame], running: Running, flow: list[Flowable]) -> None:
    document = BaseDocTemplate(str(path), pagesize=A4, invariant=1)
    document.addPageTemplates([PageTemplate(frames=frames, onPage=running)])
    document.build(flow)
