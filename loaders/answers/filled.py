"""A form that came back: its mapping is built in, and its facts stand in it."""

from collections.abc import Iterator

from careatlas.graph.terms import slug
from careatlas.loaders.answers.checks import Table, headed
from careatlas.loaders.answers.fields import IDENTITY, iso
from careatlas.loaders.answers.form import (
    ANSWERS,
    FACTS,
    HIDDEN,
    MARK,
    PRODUCTS,
    REPLIES,
    REQUEST,
    VERSION,
    answer_columns,
    product_columns,
)
from careatlas.loaders.answers.mapping import Mapping, MappingError, Problem, SheetMapping, mapped
from careatlas.loaders.reading.cells import Book, Grid


def filled(book: Book, name: str, source: str = "") -> Mapping | None:
    """The mapping of a form of ours, with the facts of its request; none for other files.

    Raises:
        MappingError: it is a form, but what it says of the request is not all there; lists it.
    """
    hidden = next((grid for grid in book.hidden if grid.name == HIDDEN), Grid(HIDDEN, ()))
    kept = [[cell.text for cell in row] for _, row in hidden.rows]
    if not kept or kept[0][0] != MARK:
        return None
    version = "".join(kept[0][1:2])
    if version != VERSION:
        text = f"is a form of version {version!r}, and this reads version {VERSION}"
        raise MappingError(name, [Problem(place=name, text=text)])
    facts, problems = _facts(book)
    problems += _strangers(book, {row[1] for row in kept if row[0] == "question"})
    if problems:
        raise MappingError(name, problems)
    key = "".join(kept[1][1:2]) or f"{slug(facts['name'])}-{facts['sent_on']}"
    given = {
        row[1]: dict(zip(IDENTITY, [*row[2:], "", "", ""], strict=False))
        for row in kept
        if row[0] == "given"
    }
    sheets = [_sheet(ANSWERS, {}), _sheet(PRODUCTS, given)]
    code, trust = _only(book)
    facts_of = {
        "id": source or "-".join(filter(None, (key, code))),
        "kind": "foi-answer",
        "title": f"Answer of {trust} to {facts['name']}"
        if trust
        else f"Answers to {facts['name']}",
        "published": facts.pop("published"),
    }
    # Answers of several trusts in one file make one source together with their request.
    apart = key if facts_of["id"] != key else ""
    if trust:
        sheets = [sheet | {"defaults": {"trust": trust}} for sheet in sheets]
        facts_of["publisher"] = trust
    return mapped(
        {"source": facts_of, "request": facts | {"key": key, "source": apart}, "sheets": sheets},
        name,
    )


def _sheet(title: str, given: dict[str, dict[str, str]]) -> dict[str, object]:
    columns = answer_columns() if title == ANSWERS else product_columns()
    found: dict[str, object] = {
        "sheet": title,
        "columns": {column.heading: column.field for column in columns},
        "given": given,
    }
    return found | ({"values": {"answer": REPLIES}} if title == ANSWERS else {})


def _facts(book: Book) -> tuple[dict[str, str], list[Problem]]:
    """What the sheet about the request says, its days in ISO 8601."""
    grid = next((one for one in book.sheets if one.name == REQUEST), Grid(REQUEST, ()))
    found: dict[str, str] = {}
    problems = []
    places = {row[0].text: (number, row) for number, row in grid.rows}
    for label, fact in FACTS.items():
        number, row = places.get(label, (0, ()))
        text = row[1].text if len(row) > 1 else ""
        place = grid.place(number) if number else f"sheet {REQUEST}"
        try:
            found[fact] = iso(text) if fact in ("sent_on", "published") and text else text
        except ValueError as fault:
            problems.append(Problem(place=place, text=f"{label!r}: {fault}"))
        if not text:
            problems.append(Problem(place=place, text=f"{label!r} is not filled in"))
    return found, problems


def _tables(book: Book, *columns: str) -> Iterator[Table]:
    """The sheets of answers that have these columns."""
    for grid in book.sheets:
        if grid.name in (ANSWERS, PRODUCTS):
            table = headed(grid, SheetMapping(columns={}))
            if set(columns) <= set(table.at):
                yield table


def _strangers(book: Book, known: set[str]) -> list[Problem]:
    """Cells that name a question which the form does not ask."""
    problems = []
    for table in _tables(book, "Question"):
        for number, row in table.rows:
            ids = table.cell(row, "Question").text.split()
            if strays := sorted(set(ids) - known):
                place = table.grid.place(number, "Question")
                text = f"{strays[0]!r} is no question of this form"
                problems.append(Problem(place=place, text=text))
    return problems


def _only(book: Book) -> tuple[str, str]:
    """The key and the name of the trust, where a form speaks of one alone; else both are empty."""
    trusts: dict[str, str] = {}
    for table in _tables(book, "Trust", "ODS code"):
        for _, row in table.rows:
            name, code = (table.cell(row, column).text for column in ("Trust", "ODS code"))
            if name or code:
                trusts.setdefault(code.lower() or slug(name), name or code)
    return next(iter(trusts.items())) if len(trusts) == 1 else ("", "")
