"""What is checked of a DOCX or XLSX file, a ZIP file of XML, before any library unpacks it."""

import zipfile
from dataclasses import replace
from pathlib import Path
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser

from careatlas.loaders.reading.errors import UnreadableDocumentError
from careatlas.loaders.reading.packed import Limits, refusal

LIMITS = Limits(parts=5_000, ratio=200, free=16 * 2**20, unpacked=256 * 2**20)
MOST_XML = 64 * 2**20
_MACROS = ("vbaproject.bin", "macrosheets/")
_BLOCK = 2**14


class _RootReachedError(Exception):
    """The first element began: what stands before it, where bombs are declared, was read."""


class _Prologue(ContentHandler):
    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name in SAX
        raise _RootReachedError


def check(path: Path, most_xml: int = MOST_XML) -> None:
    """Refuses what would unpack to far more than it is, and what holds macros.

    Raises:
        UnreadableDocumentError: the file is no sound ZIP file, is a bomb, or holds macros.
    """
    with zipfile.ZipFile(path) as package:
        parts = package.infolist()
        xml = [part for part in parts if part.filename.lower().endswith(".xml")]
        limits = replace(LIMITS, unpacked=most_xml)
        if reason := refusal(parts, LIMITS) or refusal(xml, limits):
            raise UnreadableDocumentError(path, reason)
        if len({part.filename for part in parts}) < len(parts):
            raise UnreadableDocumentError(path, "two parts in it have the same name")
        for part in parts:
            name = part.filename.lower()
            if any(mark in name for mark in _MACROS):
                raise UnreadableDocumentError(path, "it holds macros: save a copy without them")
            if name.endswith((".xml", ".rels", ".vml")):
                _check_prologue(path, package, part)


def _check_prologue(path: Path, package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Refuses XML that declares entities or a document type: no office file does."""
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(_Prologue())
    try:
        with package.open(part) as file:
            while block := file.read(_BLOCK):
                parser.feed(block)
    except _RootReachedError:
        return
    except DefusedXmlException as bomb:
        reason = f"{part.filename} in it declares XML entities, which no office file does"
        raise UnreadableDocumentError(path, reason) from bomb
    except SAXException as fault:
        raise UnreadableDocumentError(path, f"{part.filename} in it is not XML") from fault
