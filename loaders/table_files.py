"""The files of curated tables: read whole, changed in memory, and put in place all together."""

import csv
import io
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from careatlas.graph.table import write_csv
from careatlas.loaders.rows import rows

Row = Mapping[str, str]


class TablesChangedError(RuntimeError):
    """A table that somebody else wrote meanwhile."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.file = file

    def __str__(self) -> str:
        return f"{self.file} was changed by somebody else meanwhile; nothing was written: try again"


@dataclass
class Sheet:
    """A table as it stands: its columns, and its rows whether they fit or not."""

    path: Path
    by: tuple[str, ...]
    """The columns that tell its rows apart."""
    before: bytes | None
    columns: list[str]
    lines: list[list[str]]
    changed: bool = False

    def named(self, line: Sequence[str]) -> dict[str, str]:
        """A line by column."""
        return dict(zip(self.columns, line, strict=False))

    def key(self, row: Row) -> tuple[str, ...]:
        """What tells a row from all others of the table."""
        return tuple(row.get(column, "") for column in self.by)

    def add(self, new: Iterable[Row]) -> None:
        """Put rows in, and all rows into their order."""
        for row in new:
            self.columns += [name for name in filled(row) if name not in self.columns]
            self.lines.append([row.get(column, "") for column in self.columns])
        width = len(self.columns)
        self.lines = [line + [""] * (width - len(line)) for line in self.lines]
        self.lines.sort(key=lambda line: (self.key(self.named(line)), line))
        self.changed = True

    @property
    def after(self) -> bytes | None:
        """The table as a file; none where no row is left, and the file need not be there."""
        if not self.lines and self.path.parts[0] in {"claims", "reviews"}:
            return None
        text = io.StringIO()
        write_csv(text, self.columns, self.lines)
        return text.getvalue().encode()


def filled(row: Row) -> dict[str, str]:
    """The cells that say something."""
    return {column: cell for column, cell in row.items() if cell.strip()}


def sheet(data: Path, path: Path, by: tuple[str, ...], columns: list[str]) -> Sheet:
    """A table of a folder, or an empty one with these columns where there is none.

    Raises:
        TableError: it cannot be read.
    """
    if not (data / path).is_file():
        return Sheet(path, by, None, columns, [])
    # Read once as the loaders do, who name what cannot be read at all.
    for _ in rows(data / path, path.as_posix()):
        pass
    before = (data / path).read_bytes()
    header, *lines = csv.reader(io.StringIO(before.decode("utf-8-sig"), newline=""))
    return Sheet(path, by, before, header, [line for line in lines if any(line)])


def write(path: Path, content: bytes | None) -> None:
    """Put a file in place in one step, or take it away."""
    if content is None:
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
    Path(file.name).chmod(path.stat().st_mode if path.exists() else 0o644)
    Path(file.name).replace(path)


def replace(data: Path, sheets: Sequence[Sheet]) -> None:
    """Put all tables in place; where one cannot be written, all stand as before.

    Raises:
        TablesChangedError: one was changed by somebody else since it was read.
        OSError: one cannot be written.
    """
    for one in sheets:
        path = data / one.path
        if (path.read_bytes() if path.is_file() else None) != one.before:
            raise TablesChangedError(one.path.as_posix())
    done: list[Sheet] = []
    try:
        for one in sheets:
            write(data / one.path, one.after)
            done.append(one)
    except OSError:
        for one in done:
            write(data / one.path, one.before)
        raise
