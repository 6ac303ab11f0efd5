"""The matrix as a table: an answer of `adoption-matrix` with rows and columns, silence told apart."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from careatlas.service.explorer.forms import address
from careatlas.service.explorer.links import local
from careatlas.service.explorer.names import Names

STATUSES = {
    "live": ("L", "live"),
    "deployed-not-used": ("D", "deployed, not used"),
    "implementing": ("I", "implementing"),
    "procured": ("P", "procured"),
    "trialling": ("T", "trialling"),
    "research-only": ("R", "research only"),
    "exploring": ("E", "exploring"),
    "paused": ("H", "on hold"),
    "ended": ("X", "ended"),
    "unspecified": ("U", "status not specified"),
}
"""The letter and the words of each status, in the order in which a cell shows them."""
ANSWERS = {
    "uses": ("·", "says that it uses AI; nothing is reported of this"),
    "unable-to-specify": ("·", "says that it uses AI; nothing is reported of this"),
    "refused": ("r", "uses AI, and refuses to say which"),
    "no-response": ("?", "gave no answer"),
    "denies": ("no", "says that it uses no AI"),
    "not-asked": ("-", "was not asked"),
    "unknown": ("·", "nothing is known of its answer"),
}
"""What stands in a cell without a report, by what the trust answered, and what that means."""
_SILENT = ("·", "no report")
_STEPS = (1, 2, 4, 7)
"""From so many trusts on, a cell is drawn a step stronger."""

Key = tuple[str | None, str]


class Head(NamedTuple):
    """A row or a column."""

    key: Key
    text: str
    url: str | None
    trusts: int
    reports: int
    answer: str
    """For a trust, what it answered."""


class Mark(NamedTuple):
    """What a cell shows: its text, the figure beside it, and what it means in words."""

    kind: str
    text: str
    beside: str
    says: str
    url: str | None


class Row(NamedTuple):
    """A row of marks."""

    head: Head
    marks: list[Mark]


class Grid(NamedTuple):
    """The matrix: its columns with their totals, and its rows."""

    columns: list[Head]
    rows: list[Row]
    by_trust: bool


Evidence = Callable[[Key, Key], str | None]
"""Where the reports of a cell are listed."""


def heads(card: Mapping[str, Any], level: str) -> list[Head]:
    """The rows or the columns of an answer with their totals, the fullest first."""
    name = level
    found = [
        Head(
            (row[f"{name}_id"], row[name]),
            row[name],
            local(row[f"{name}_id"]) if row[f"{name}_id"] else None,
            row["trusts"],
            row["reports"],
            "",
        )
        for row in card["rows"]
        if row["level"] == level
    ]
    return sorted(found, key=lambda head: (-head.trusts, head.text.casefold(), str(head.key)))


def answered(
    heads_of_trusts: list[Head], trusts: list[dict[str, Any]], others: list[dict[str, Any]]
) -> list[Head]:
    """Rows of trusts with what each answered, by name, with those of others that have no report."""
    answers = {row["trust_id"]: row["answer"] for row in trusts}
    there = {head.key[0] for head in heads_of_trusts}
    found = [head._replace(answer=answers.get(str(head.key[0]), "")) for head in heads_of_trusts]
    for row in others:
        if row["trust_id"] not in there:
            key = (row["trust_id"], row["trust"])
            found.append(Head(key, row["trust"], local(row["trust_id"]), 0, 0, row["answer"]))
    return sorted(found, key=lambda head: (head.text.casefold(), str(head.key)))


def grid(
    card: Mapping[str, Any], rows: list[Head], columns: list[Head], evidence: Evidence
) -> Grid:
    """The marks of these rows and columns."""
    by_trust = any(row.answer for row in rows)
    cells: dict[tuple[Key, Key], dict[str, Any]] = {}
    statuses: dict[tuple[Key, Key], list[dict[str, Any]]] = {}
    for row in card["rows"]:
        at = ((row["row_id"], row["row"]), (row["column_id"], row["column"]))
        if row["level"] == "cell":
            cells[at] = row
        elif row["level"] == "status":
            statuses.setdefault(at, []).append(row)
    made = []
    for head in rows:
        silent = _silent(head)
        marks = [
            _mark(cells[at], statuses[at], by_trust, evidence(*at)) if at in cells else silent
            for at in ((head.key, column.key) for column in columns)
        ]
        made.append(Row(head, marks))
    return Grid(columns, made, by_trust)


def _silent(head: Head) -> Mark:
    text, says = ANSWERS.get(head.answer, _SILENT)
    kind = f"none {head.answer}" if head.answer in ANSWERS else "none"
    return Mark(kind, text, "", says, None)


def _mark(
    cell: dict[str, Any], statuses: list[dict[str, Any]], by_trust: bool, url: str | None
) -> Mark:
    """What is reported in a cell: letters for a trust, else the number of trusts."""
    order = list(STATUSES)
    ranked = sorted(statuses, key=lambda row: order.index(row["status"]))
    reports = f"{cell['reports']} report{'s' if cell['reports'] > 1 else ''}"
    if by_trust:
        letters = " ".join(STATUSES[row["status"]][0] for row in ranked)
        words = ", ".join(STATUSES[row["status"]][1] for row in ranked)
        many = str(cell["reports"]) if cell["reports"] > 1 else ""
        return Mark(ranked[0]["status"], letters, many, f"{words}: {reports}", url)
    told = " ".join(f"{STATUSES[row['status']][0]}{row['trusts']}" for row in ranked)
    words = ", ".join(f"{STATUSES[row['status']][1]} {row['trusts']}" for row in ranked)
    step = sum(cell["trusts"] >= least for least in _STEPS)
    trusts = f"{cell['trusts']} trust{'s' if cell['trusts'] > 1 else ''}"
    return Mark(f"step-{step}", str(cell["trusts"]), told, f"{trusts}, {reports}: {words}", url)


_OF_A_ROW = {"trust": "trust", "region": "region", "network": "network"}
_OF_A_COLUMN = {"product": "product", "vendor": "vendor", "domain": "capability"}


def evidence(by: str, of: str, narrowed: Mapping[str, str], names: Names) -> Evidence:
    """Where the reports of each cell are listed: the question who uses what, narrowed to them."""

    def listed(row: Key, column: Key) -> str | None:
        if row[0] is None or column[0] is None:
            return None
        kind = _OF_A_COLUMN[of]
        if kind == "product" and "product" not in names.kinds.get(column[0], ()):
            kind = "vendor"
        values = {
            **narrowed,
            _OF_A_ROW[by]: names.to_type(_OF_A_ROW[by], row[0]),
            kind: names.to_type(kind, column[0]),
        }
        return address("/questions/who-uses-what", values)

    return listed


def letters(card: dict[str, Any]) -> list[tuple[str, str, str]]:
    """The statuses that occur, each with its letter and its words."""
    there = {row["status"] for row in card["rows"] if row["level"] == "status"}
    return [(name, *told) for name, told in STATUSES.items() if name in there]


def signs(made: Grid) -> list[tuple[str, str, str]]:
    """What stands in cells without a report, for the answers that rows have."""
    if not made.by_trust:
        return [("", "·", "no report: silence, not a no")]
    there = {row.head.answer for row in made.rows}
    found = {
        ANSWERS[name][0]: (name, *ANSWERS[name]) for name in reversed(ANSWERS) if name in there
    }
    return sorted(found.values(), key=lambda one: list(ANSWERS).index(one[0]))
