"""The text of a file that holds text, whatever its encoding."""

import codecs
import re
from pathlib import Path

from charset_normalizer import from_bytes

from careatlas.loaders.reading.errors import UnreadableDocumentError

MOST_BYTES = 16 * 2**20
MOST_LINES = 150_000
LONGEST_LINE = 2**20
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""Byte order marks; the mark of UTF-32 begins as that of UTF-16 does, so it is asked first."""
_LIKELY = ["cp1252", "mac_roman", "utf_16_le", "utf_16_be"]
"""What English offices save beside UTF-8; a longer list finds Czech in a curly quote."""
_SAMPLE = 2**18
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{2,40})", re.IGNORECASE)


def decoded(path: Path, declared: bool = False) -> str:
    """The text of a file, its line ends as line feeds and without a byte order mark.

    `declared` says that the text may name its encoding, as HTML does.

    Raises:
        UnreadableDocumentError: it is too large, no text, or text of no one encoding.
    """
    size = path.stat().st_size
    if size > MOST_BYTES:
        reason = f"it has {size / 2**20:.0f} MiB; text is read up to {MOST_BYTES // 2**20} MiB"
        raise UnreadableDocumentError(path, reason)
    content = path.read_bytes()
    encoding = _encoding(path, content, declared)
    try:
        text = content.decode(encoding)
    except (UnicodeError, LookupError) as fault:
        reason = f"its text is broken: not all of it is {encoding.upper()}"
        raise UnreadableDocumentError(path, reason) from fault
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if "\0" in text or len(_CONTROL.findall(text)) > 3 + len(text) // 1000:
        raise UnreadableDocumentError(path, "it holds control characters, so it is no text")
    lines = text.split("\n")
    longest = max(map(len, lines))
    # Pages of the web are often one line.
    if longest > LONGEST_LINE and not declared:
        reason = f"one of its lines has {longest} characters, more than any text"
        raise UnreadableDocumentError(path, reason)
    if len(lines) > MOST_LINES:
        raise UnreadableDocumentError(path, f"it has {len(lines)} lines, more than any report")
    return text


def _encoding(path: Path, content: bytes, declared: bool) -> str:
    for mark, encoding in _MARKS:
        if content.startswith(mark):
            return encoding
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as fault:
        if _mostly_utf8(content):
            reason = f"its text is broken: byte {fault.start} is not UTF-8, though the rest is"
            raise UnreadableDocumentError(path, reason) from fault
    else:
        return "utf-8"
    if declared and (named := _DECLARED.search(content[:2048])):
        return named[1].decode("ascii")
    best = from_bytes(content[:_SAMPLE], cp_isolation=_LIKELY).best()
    if best is None:
        raise UnreadableDocumentError(path, "its text is in no encoding that can be told")
    return best.encoding


def _mostly_utf8(content: bytes) -> bool:
    """Whether text that is not UTF-8 was meant to be: characters of it by more than chance."""
    text = content.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(one > "\x7f" for one in text) - broken >= broken
