"""Reads a document into passages that know their place; imports libraries of formats alone."""

import hashlib
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.layout import Progress
from careatlas.loaders.reading.model import Document, Passage

if TYPE_CHECKING:
    from careatlas.loaders.reading.cells import Book

__all__ = [
    "Document",
    "Passage",
    "Progress",
    "UnreadableDocumentError",
    "digest",
    "read",
    "read_cells",
]

# What libraries raise on damaged files, since few of them wrap it in an error of their own.
_FAULTS = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    LookupError,
    MemoryError,
    OSError,
    RuntimeError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
_KINDS = {
    ".md": "text",
    ".markdown": "text",
    ".txt": "text",
    ".text": "text",
    ".html": "HTML",
    ".htm": "HTML",
    ".xhtml": "HTML",
    ".docx": "DOCX",
    ".pdf": "PDF",
    ".xlsx": "XLSX",
    ".csv": "CSV",
    ".tsv": "CSV",
}
_SIGNS = {"DOCX": "word/", "XLSX": "xl/"}
_HTML = re.compile(
    rb"\A\s*(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)*<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(path: Path, progress: Progress | None = None) -> Document:
    """The text of a document and its passages; `progress` is told of each page of a PDF.

    Raises:
        UnreadableDocumentError: the file is damaged, hostile, too large, or of no kind known.
    """
    with named(path):
        return _read(path, progress)


def read_cells(path: Path) -> "Book":
    """The sheets of an XLSX or CSV file as cells.

    Raises:
        UnreadableDocumentError: the file is damaged, hostile, too large, or of another kind.
    """
    with named(path):
        kind = _kind(path)
        if kind not in ("XLSX", "CSV"):
            raise UnreadableDocumentError(path, "it is no table: give an XLSX or a CSV file")
        from careatlas.loaders.reading import cells

        return cells.read_xlsx(path) if kind == "XLSX" else cells.read_csv(path)


def digest(path: Path) -> str:
    """The SHA-256 of a file's bytes, by which a release knows its documents.

    Raises:
        UnreadableDocumentError: there is no such file, or it cannot be read.
    """
    with named(path), path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest_of_all(paths: Iterable[Path]) -> str:
    """The SHA-256 of a file; of several, of theirs in order of the hashes, whatever the files are called.

    Raises:
        UnreadableDocumentError: one is not there, or cannot be read.
    """
    each = sorted(digest(path) for path in paths)
    return each[0] if len(each) == 1 else hashlib.sha256("\n".join(each).encode()).hexdigest()


@contextmanager
def named(path: Path) -> Iterator[None]:
    """Every fault of a file as the one error of reading."""
    try:
        yield
    except UnreadableDocumentError:
        raise
    except FileNotFoundError as fault:
        raise UnreadableDocumentError(path, "there is no such file") from fault
    except IsADirectoryError as fault:
        raise UnreadableDocumentError(path, "it is no file") from fault
    except PermissionError as fault:
        raise UnreadableDocumentError(path, "you may not read it") from fault
    except _FAULTS as fault:
        reason = f"it is damaged or not what its name says ({type(fault).__name__})"
        raise UnreadableDocumentError(path, reason) from fault


def _kind(path: Path) -> str:
    """The kind of a file, which its name and its first bytes agree on."""
    kind = _KINDS.get(path.suffix.lower())
    if kind is None:
        known = ", ".join(sorted(_KINDS))
        raise UnreadableDocumentError(path, f"this kind of file is not read; these are: {known}")
    if path.exists() and not path.is_file():
        raise UnreadableDocumentError(path, "it is no file")
    held = _held(path)
    if held is not None and held != kind:
        reason = f"its name says {kind}, but it holds {held}: give it the right ending"
        raise UnreadableDocumentError(path, reason)
    if held is None and kind in ("PDF", *_SIGNS):
        raise UnreadableDocumentError(path, f"its name says {kind}, but it is none")
    return kind


def _read(path: Path, progress: Progress | None) -> Document:
    kind = _kind(path)
    # Each library is imported only when a file of its kind comes.
    if kind == "PDF":
        from careatlas.loaders.reading import pdf

        return pdf.read(path, progress)
    if kind == "DOCX":
        from careatlas.loaders.reading import word

        return word.read(path)
    if kind == "HTML":
        from careatlas.loaders.reading import web

        return web.read(path)
    if kind in ("XLSX", "CSV"):
        from careatlas.loaders.reading import sheets

        return sheets.read_xlsx(path) if kind == "XLSX" else sheets.read_csv(path)
    return _read_text(path)


def _read_text(path: Path) -> Document:
    from careatlas.loaders.reading import decoding, markdown, plain

    text = decoding.decoded(path)
    marked = path.suffix.lower() in (".md", ".markdown") or markdown.looks_like_markdown(text)
    return markdown.parse(text) if marked else plain.parse(text)


def _held(path: Path) -> str | None:
    """What a file holds, by its first bytes; nothing where they may be any text."""
    with path.open("rb") as file:
        head = file.read(2048)
    if b"%PDF-" in head[:1024]:
        return "PDF"
    if head.startswith(_OLD_OFFICE):
        return "a file of an old office program, or one with a password"
    if head.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(path) as package:
            names = package.namelist()
        for kind, folder in _SIGNS.items():
            if any(name.startswith(folder) for name in names):
                return kind
        return "a ZIP file"
    return "HTML" if _HTML.match(head) else None
