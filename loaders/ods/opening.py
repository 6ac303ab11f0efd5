"""The parts of the files that are given: told apart by what is in them, also within ZIP files."""

import re
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal, cast

from careatlas.loaders.ods.errors import NotOfRegisterError, UnsoundFileError
from careatlas.loaders.reading.packed import Limits, refusal

Form = Literal["csv", "json", "xml", "xlsx"]
LIMITS = Limits(parts=2_000, ratio=250, free=16 * 2**20, unpacked=16 * 2**30)
"""The full register is a gigabyte of XML."""
MOST_DEEP = 3
_HEAD = 2**16
_ZIP = b"PK\x03\x04"
_WORKBOOK = "xl/workbook.xml"
_ROW = re.compile(rb'^("[A-Za-z0-9_ -]{1,60}"|[A-Za-z0-9_ -]{1,60}),[^\r\n]*,')


@dataclass(frozen=True)
class Part:
    """A file that holds data, or one within a ZIP file."""

    name: str
    open: Callable[[], BinaryIO]
    form: Form | None
    """None where it is nothing of the register."""
    path: Path
    """The file that holds it, which is a copy where it lay in another ZIP file."""


def parts(files: Iterable[Path], scratch: Path) -> Iterator[Part]:
    """The parts of files, in their order; ZIP files within others are put into the scratch folder.

    Raises:
        NotOfRegisterError: a file is nothing of the register.
        OSError: a file cannot be read.
        UnsoundFileError: a ZIP file is damaged, locked or a bomb.
    """
    for path in files:
        if path.is_dir():
            raise NotOfRegisterError(path.name, "it is a folder")
        found = list(_parts(path, path.name, scratch, 0))
        if not any(part.form for part in found):
            raise NotOfRegisterError(path.name, "no part of it is a table, JSON or XML of it")
        yield from found


def _parts(path: Path, name: str, scratch: Path, depth: int) -> Iterator[Part]:
    with path.open("rb") as file:
        head = file.read(_HEAD)
    if not head.startswith(_ZIP):
        yield Part(name, lambda: path.open("rb"), form_of(head), path)
        return
    if depth >= MOST_DEEP:
        raise UnsoundFileError(name, f"ZIP files stand in it more than {MOST_DEEP} deep")
    try:
        with zipfile.ZipFile(path) as package:
            members = [one for one in package.infolist() if not one.is_dir()]
            if reason := refusal(members, LIMITS):
                raise UnsoundFileError(name, reason)
            if any(member.filename == _WORKBOOK for member in members):
                yield Part(name, lambda: path.open("rb"), "xlsx", path)
                return
            for member in members:
                yield from _member(path, name, package, member, scratch, depth)
    except (zipfile.BadZipFile, NotImplementedError, EOFError) as fault:
        raise UnsoundFileError(name, f"it is no sound ZIP file: {fault}") from fault


def _member(  # noqa: PLR0913 - where the member lies, and how deep
    path: Path,
    name: str,
    package: zipfile.ZipFile,
    member: zipfile.ZipInfo,
    scratch: Path,
    depth: int,
) -> Iterator[Part]:
    inner = f"{name}!{Path(member.filename).name}"
    with package.open(member) as file:
        head = file.read(_HEAD)
    if not head.startswith(_ZIP):
        yield Part(inner, lambda: _opened(path, member), form_of(head), path)
        return
    with (
        package.open(member) as file,
        tempfile.NamedTemporaryFile(dir=scratch, delete=False) as copy,
    ):
        shutil.copyfileobj(file, copy)
    yield from _parts(Path(copy.name), inner, scratch, depth + 1)


def _opened(path: Path, member: zipfile.ZipInfo) -> BinaryIO:
    package = zipfile.ZipFile(path)
    file = package.open(member)
    package.close()  # what was opened from it stays open until it is closed itself
    return cast("BinaryIO", file)


def form_of(head: bytes) -> Form | None:
    """What the beginning of a file shows it to be."""
    plain = head.removeprefix(b"\xef\xbb\xbf")
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        plain = head[2:].replace(b"\x00", b"")
    start = plain.lstrip()[:1]
    if start == b"<":
        return "xml" if b"Organisation" in plain or b"OrgRefData" in plain else None
    if start in (b"{", b"["):
        return "json"
    return "csv" if _ROW.match(plain.lstrip()) else None
