"""A first draft of a mapping, from headings and words that look alike; a person checks each guess."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import yaml
from rapidfuzz import fuzz

from careatlas.loaders.answers.checks import Table, coded, headed
from careatlas.loaders.answers.fields import FIELDS, folded, labels
from careatlas.loaders.answers.mapping import UNDECIDED, SheetMapping
from careatlas.loaders.reading.cells import Book, Grid

LIKELY = 0.75
"""A guess below this is left to the person, and the draft does not load before it is decided."""
_ROWS_TRIED = 15
_MOST_WORDS = 25
"""A column with more different words than this holds no codes."""
_SPOKEN: dict[str, tuple[str, ...]] = {
    "trust": ("trust", "trust name", "organisation", "public authority", "nhs trust", "provider"),
    "ods": ("ods code", "ods", "organisation code", "trust code"),
    "answer": ("do you use ai", "uses ai", "answer", "response", "is ai in use", "ai used"),
    "exemption": ("exemption", "section relied on", "exemption applied", "refusal reason"),
    "qualifier": ("caveat", "qualification", "limits"),
    "product": ("product", "product name", "ai tool", "system name", "software", "name of tool"),
    "vendor": ("supplier", "vendor", "company", "manufacturer", "provider of the tool"),
    "description": ("description", "purpose", "what it does", "use", "specialty", "modality"),
    "status": ("status", "stage", "in use or pilot", "state of deployment", "live or trial"),
    "valid_from": ("since", "start date", "go live date", "date deployed", "in use since"),
    "valid_to": ("end date", "date ended", "stopped on"),
    "volume": ("volume", "number of uses", "number of patients", "scans analysed", "how many"),
    "unit": ("unit", "what is counted"),
    "per": ("per", "rate", "frequency"),
    "period": ("period", "financial year", "year"),
    "period_start": ("period from", "from"),
    "period_end": ("period to", "to"),
    "route_type": ("procurement route", "how procured", "route", "how was it bought"),
    "intermediary": ("through whom", "framework name", "network", "procured through"),
    "involvement": ("role of the network", "involvement"),
    "contract_end": ("contract end", "contract end date", "expiry of contract"),
    "remark": ("notes", "comments", "remarks", "further information"),
}
_BLANK = {"n/a", "na", "none", "nil", "-", "--", "not applicable"}
_NUMBERED = re.compile(r"(?P<name>.*\S)\s*(?:#\s*)?(?:(?P<number>\d{1,2})|\((?P<again>\d{1,2})\))")


@dataclass(frozen=True)
class Guess:
    """What a heading or a word may mean, and how alike they are, from 0 to 1."""

    field: str
    confidence: float


def guess(heading: str) -> Guess:
    """The field whose names are most like a heading.

    >>> guess("Supplier 2").field, guess("Trust Name").confidence
    ('vendor', 1.0)
    """
    numbered = _NUMBERED.fullmatch(heading)
    form = folded(re.sub(r"[^\w\s]", " ", numbered["name"] if numbered else heading))
    found = [
        (fuzz.token_sort_ratio(form, name) / 100, -len(name), field)
        for field, names in _SPOKEN.items()
        for name in names
    ]
    confidence, _, field = max(found)
    return Guess(field, round(confidence, 2))


def suggest(book: Book) -> str:
    """A mapping in YAML for the sheets of a file, each guess marked with its confidence."""
    sheets = [line for grid in book.sheets if grid.rows for line in _sheet(grid)]
    head = [
        "# A draft, guessed from the headings: check every line. The number behind a line says how",
        f"# alike its words are, from 0 to 1; what is marked {UNDECIDED} does not load before it is decided.",
        "source:",
        f"  id: {UNDECIDED}          # such as foi-answers-2026",
        "  kind: foi-answer",
        f"  title: {UNDECIDED}",
        f"  published: {UNDECIDED}   # the day on which the answer came",
        "# Without a request, take this part out, and no column can be an answer.",
        "request:",
        f"  key: {UNDECIDED}",
        f"  name: {UNDECIDED}",
        f"  sent_on: {UNDECIDED}",
        f"  scope: {UNDECIDED}       # what was asked about",
        "sheets:",
    ]
    return "\n".join([*head, *sheets]) + "\n"


def _sheet(grid: Grid) -> Iterator[str]:
    header = max(
        grid.rows[:_ROWS_TRIED],
        key=lambda row: sum(
            one for cell in row[1] if cell.text and (one := guess(cell.text).confidence) >= LIKELY
        ),
    )[0]
    table = headed(grid, SheetMapping(header=header, columns={}))
    groups: dict[str, list[tuple[str, Guess]]] = {}
    left = []
    taken: dict[str, float] = {}
    guesses = {heading: guess(heading) for heading in table.at}
    for heading, one in sorted(guesses.items(), key=lambda pair: -pair[1].confidence):
        numbered = _NUMBERED.fullmatch(heading)
        alone = FIELDS[one.field].table in ("", "disclosures") or numbered is None
        number = "" if alone or numbered is None else numbered["number"] or numbered["again"]
        key = f"{number} {one.field}"
        if one.confidence < LIKELY or (key in taken and one.field not in ("description", "remark")):
            left.append(heading)
            continue
        taken[key] = one.confidence
        groups.setdefault(number, []).append((heading, one))
    yield f"  - header: {header}"
    if grid.name:
        yield f"    sheet: {_quoted(grid.name)}"
    yield "    columns:" if groups.get("") else "    columns: {}"
    yield from _columns(groups.pop("", []), table, "      ")
    if groups:
        yield "    groups:"
        for number in sorted(groups, key=int):
            lines = list(_columns(groups[number], table, "        "))
            yield lines[0].replace("        ", "      - ", 1)
            yield from lines[1:]
    shown = {cell.text for _, row in table.rows for cell in row}
    if blank := sorted(word for word in shown if folded(word) in _BLANK):
        yield f"    blank: [{', '.join(map(_quoted, blank))}]   # taken for empty cells: is that so?"
    yield from _values(table, guesses, left, blank)
    if left:
        yield "    # No field is like enough; map these columns, or leave them here to leave them out."
        yield "    leave_out:"
        yield from (
            f"      - {_quoted(heading)}   # {guesses[heading].field}? {guesses[heading].confidence:.2f}"
            for heading in sorted(left, key=lambda one: table.at[one])
        )


def _columns(found: Sequence[tuple[str, Guess]], table: Table, margin: str) -> Iterator[str]:
    for heading, one in sorted(found, key=lambda pair: table.at[pair[0]]):
        yield f"{margin}{_quoted(heading)}: {one.field}   # {one.confidence:.2f}"


def _values(
    table: Table, guesses: dict[str, Guess], left: Sequence[str], blank: Sequence[str]
) -> Iterator[str]:
    """The words of coded columns that are no codes, each with the code that is most like it."""
    unknown: dict[str, list[str]] = {}
    for heading, one in guesses.items():
        if heading in left or FIELDS[one.field].kind != "code":
            continue
        cells = dict.fromkeys(table.cell(row, heading).text for _, row in table.rows)
        cells = {word: None for word in cells if word and word not in blank}
        words = [word for word in cells if coded(table.mapping, one.field, word) is None]
        there = unknown.setdefault(one.field, [])
        there += [word for word in words[:_MOST_WORDS] if word not in there]
    if any(unknown.values()):
        yield "    values:"
    for field, words in unknown.items():
        if words:
            yield f"      {field}:"
        for word in words:
            code, confidence = _code(field, word)
            chosen = code if confidence >= LIKELY else UNDECIDED
            yield f"        {_quoted(word)}: {chosen}   # {code}? {confidence:.2f}"


def _code(field: str, word: str) -> tuple[str, float]:
    spoken = {**labels(FIELDS[field].scheme)}
    found = [
        (fuzz.token_sort_ratio(folded(word), folded(name)) / 100, code)
        for code, label in spoken.items()
        for name in (code, label)
    ]
    confidence, code = max(found)
    return code, round(confidence, 2)


def _quoted(text: str) -> str:
    """A text as YAML has it on one line."""
    return yaml.safe_dump(text, default_style='"', width=10**6, allow_unicode=True).strip()
