"""The form as an XLSX file: guidance, drop-downs of our schemes, and what ties an answer to its question."""

import io
import re
import zipfile
from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from careatlas.loaders.answers.form import (
    ANSWERS,
    FACTS,
    HIDDEN,
    LISTS,
    MARK,
    PRODUCTS,
    QUESTIONS,
    REQUEST,
    VERSION,
    Asked,
    Column,
    Form,
    Item,
    answer_columns,
    product_columns,
)

ROWS = 500
"""So many rows of a sheet have drop-downs."""
_THEN = (1980, 1, 1, 0, 0, 0)
"""The time of every part of a file: the oldest that a ZIP file can tell."""
_STAMP = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:\2>)")
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_GIVEN = PatternFill("solid", fgColor="F2F2F2")
GUIDANCE = (
    "Information request on AI in use",
    "",
    "This workbook can be read by a program, so that your answer counts as you give it.",
    "Please leave its sheets and its headings as they are. Empty cells mean: not answered.",
    "",
    f"1. Sheet {REQUEST}: fill in the day of your answer.",
    f"2. Sheet {ANSWERS}: one row for the trust. Say yes or no; where particulars are withheld, the exemption.",
    f"3. Sheet {PRODUCTS}: one row for each product, in use or not. Use the lists where a cell offers one.",
    "   Grey cells say what is known so far: please correct them, and fill in what is empty.",
    "   A row of which no white cell is filled counts as not answered.",
    f"4. Sheet {QUESTIONS}, where there is one: what is asked, and where what is known comes from.",
    "",
    "What goes into the columns:",
)


def write(form: Form) -> bytes:
    """The workbook of a form; the same form gives the same bytes."""
    book = Workbook()
    guidance = book.worksheets[0]
    guidance.title = "Guidance"
    _guidance(guidance)
    request = book.create_sheet(REQUEST)
    facts = (form.name, form.sent_on, form.scope, "")
    for row, (label, text) in enumerate(zip(FACTS, facts, strict=True), 1):
        request.cell(row, 1, label).font = Font(bold=True)
        _put(request, row, 2, text)
    _widths(request, (24, 80))
    lists = book.create_sheet(LISTS)
    _sheet(book.create_sheet(ANSWERS), answer_columns(), form.trusts, lists)
    _sheet(book.create_sheet(PRODUCTS), product_columns(), form.products, lists)
    if form.questions:
        _questions(book.create_sheet(QUESTIONS), form)
    hidden = book.create_sheet(HIDDEN)
    _line(hidden, (MARK, VERSION))
    _line(hidden, ("request", form.key))
    for one in form.questions:
        _line(hidden, ("question", one.id, one.ods, one.trust))
    for item in form.products:
        identity = (item.product, item.vendor, item.description)
        _line(hidden, ("given", " ".join(item.ids), *identity))
    book.move_sheet(lists, len(book.sheetnames))
    lists.sheet_state = hidden.sheet_state = "hidden"
    return _fixed(book)


def _put(sheet: Worksheet, row: int, column: int, text: str) -> None:
    """Write a text as a text, even where it looks like a formula."""
    if text:
        sheet.cell(row, column, text).data_type = "s"


def _line(sheet: Worksheet, texts: Sequence[str]) -> None:
    row = sheet.max_row + 1 if sheet.cell(1, 1).value else 1
    for column, text in enumerate(texts, 1):
        _put(sheet, row, column, text)


def _widths(sheet: Worksheet, widths: Sequence[int]) -> None:
    for column, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width


def _guidance(sheet: Worksheet) -> None:
    lines = list(GUIDANCE)
    for title, columns in ((ANSWERS, answer_columns()), (PRODUCTS, product_columns())):
        lines += [f"   {title}, {column.heading}: {column.help}" for column in columns]
    for row, line in enumerate(lines, 1):
        _put(sheet, row, 1, line)
    sheet.cell(1, 1).font = Font(bold=True, size=14)
    _widths(sheet, (110,))


def _sheet(
    sheet: Worksheet, columns: Sequence[Column], items: Sequence[Item], lists: Worksheet
) -> None:
    for at, column in enumerate(columns, 1):
        head = sheet.cell(1, at, column.heading)
        head.font = Font(bold=True)
        head.fill = _HEAD
        head.alignment = Alignment(wrap_text=True, vertical="top")
        if column.choices:
            _choices(sheet, at, column, lists)
    for row, item in enumerate(items, 2):
        given = {
            "Trust": item.trust,
            "ODS code": item.ods,
            "Product": item.product,
            "Supplier": item.vendor,
            "What it does": item.description,
            "Question": " ".join(item.ids),
        }
        for at, column in enumerate(columns, 1):
            if text := given.get(column.heading, ""):
                _put(sheet, row, at, text)
                sheet.cell(row, at).fill = _GIVEN
    _widths(sheet, [column.width for column in columns])
    sheet.freeze_panes = "A2"


def _choices(sheet: Worksheet, at: int, column: Column, lists: Worksheet) -> None:
    """A drop-down, whose words stand on a sheet of their own: a cell can hold few."""
    taken = 0 if lists.cell(1, 1).value is None else lists.max_column
    for row, word in enumerate((column.heading, *column.choices), 1):
        _put(lists, row, taken + 1, word)
    letter = get_column_letter(taken + 1)
    words = f"'{lists.title}'!${letter}$2:${letter}${len(column.choices) + 1}"
    rule = DataValidation(type="list", formula1=words, allow_blank=True, showErrorMessage=True)
    rule.errorTitle = column.heading
    rule.error = "Please choose one of the list, or leave the cell empty and use the remarks."
    place = get_column_letter(at)
    rule.add(f"{place}2:{place}{ROWS + 1}")
    sheet.add_data_validation(rule)


def _questions(sheet: Worksheet, form: Form) -> None:
    heads = ("Question", "Trust", "About", "What is asked", "What is known", "Source")
    for at, head in enumerate(heads, 1):
        cell = sheet.cell(1, at, head)
        cell.font = Font(bold=True)
        cell.fill = _HEAD
    for row, one in enumerate(form.questions, 2):
        for at, text in enumerate(_told(one), 1):
            _put(sheet, row, at, text)
            sheet.cell(row, at).alignment = Alignment(wrap_text=True, vertical="top")
    _widths(sheet, (14, 40, 30, 60, 30, 50))
    sheet.freeze_panes = "A2"


def _told(one: Asked) -> tuple[str, ...]:
    return (one.id, one.trust, one.about, one.text, one.known, one.source)


def _fixed(book: Workbook) -> bytes:
    """The file with one fixed time in it everywhere, in place of that of writing."""
    written, fixed = io.BytesIO(), io.BytesIO()
    book.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(fixed, "w") as out:
        for part in sorted(parts.infolist(), key=lambda one: one.filename):
            content = _STAMP.sub(rb"\g<1>2000-01-01T00:00:00Z\3", parts.read(part))
            place = zipfile.ZipInfo(part.filename, _THEN)
            place.compress_type = zipfile.ZIP_DEFLATED
            out.writestr(place, content)
    return fixed.getvalue()
