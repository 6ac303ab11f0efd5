"""What one row of a table says of its organisation: what it answers, and what it has."""

import re

from careatlas.loaders.extraction.candidates import Deployment
from careatlas.loaders.extraction.deployments.holding import DESCRIBED
from careatlas.loaders.extraction.deployments.reader import Reader
from careatlas.loaders.extraction.deployments.ties import Placed
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer
from careatlas.loaders.extraction.tables import celled, heads
from careatlas.loaders.extraction.tables.row_facts import came, filled, used
from careatlas.loaders.extraction.tables.table_row import Row, begun
from careatlas.loaders.extraction.wording import columns_said, lifecycle
from careatlas.loaders.extraction.wording.columns_said import Cell
from careatlas.loaders.extraction.wording.text import Span

_LONGEST_ANSWER = 6
"""An answer with more words than this is read as a sentence too."""
_USED = frozenset(("live", "trialling"))
_HAD = frozenset((*_USED, "paused", "implementing", "research-only"))
"""How far along things are of which a yes was answered."""
Said = tuple[str, str, str, Span]


def read(row: Row, reader: Reader, names: Gazetteer) -> Said:
    """Read the cells of a row; gives what it answers to the question whether AI is used."""
    said, span = _answer(row, names)
    placed = _products(row, reader, said, names)
    answer = row.one("answer")
    naming = any(m.of("product") for m in names.mentions(answer.said)) if answer else False
    if answer and (naming or len(answer.said.split()) > _LONGEST_ANSWER):
        head = row.all("answer")[0][0].head
        lists_used = said[0] == "uses" or (not said[0] and heads.lists(head) == "live")
        bare = "live" if lists_used and not placed and not said[1] else ""
        told = celled.told(reader, answer.span, bare, names)
        if not said[0] and any(one.status in _USED for _, _, one in told):
            said = ("uses", "", "")
    for column, cell in row.all("note", *heads.BARE):
        bare = heads.BARE.get(column.kind, "")
        if column.kind in heads.BARE and row.one("status") and not row.one("product"):
            noted = columns_said.status(row.all("status")[0][1].said)
            bare = bare if noted is None else noted
        if (
            column.kind == "note"
            and said[0] == "uses"
            and not {"product", "vendor"} & row.table.kinds()
        ):
            bare = "live"
        in_hand = column.kind != "plans" or _in_hand(cell.said)
        if in_hand and not _withheld(cell.said, names):
            celled.told(reader, cell.span, bare, names)
        if said[0] == "uses" and not placed and _withheld(cell.said, names):
            said = columns_said.answer(cell.said)
    for _, cell in row.all("product"):
        if said[0] == "uses" and not placed and _withheld(cell.said, names):
            said = columns_said.answer(cell.said)
    for _, _, one in placed:
        filled(one, row)
    used(row, reader, placed, names)
    came(row, reader, placed, names)
    if not said[0] and _has(row, [one.status for _, _, one in placed]):
        said = ("uses", "", "")
    if not (row.table.form or "trust" in row.table.kinds()):
        said = ("", "", "")
    return (*said, span)


def _has(row: Row, states: list[str]) -> bool:
    """Whether what a row names answers the question whether AI is used with a yes."""
    if row.table.answers:
        return bool(_HAD & {*states})
    asked = any(c.head.endswith("?") for c in row.table.columns if c.kind == "product")
    return asked and not row.table.form and bool(_USED & {*states})


_IN_HAND = re.compile(
    r"\b(?:(?:we|they|our [\w -]{2,30}?|the [\w -]{2,30}?) (?:are|is|have been|has been)|(?:is|are)(?: now| currently| already)? being|(?:is|are) (?:under|in|on))\s+"
    r"(?:(?:now|currently|already|also|still|actively|presently)\s+)*(?:piloting|trialling|testing|trying|considering|evaluating|exploring|looking (?:at|into)|assessing|"
    r"reviewing|installing|implementing|rolling out|setting up|installed|implemented|rolled out|set up|configured|piloted|trialled|tested|considered|evaluated|explored|"
    r"assessed|trial|pilot|test|discussions?|talks|consideration|review|evaluation)\b",
    re.IGNORECASE,
)


def _in_hand(said: str) -> bool:
    """Whether a cell of plans says in a sentence of what is being done already."""
    return bool(_IN_HAND.search(said))


def _withheld(said: str, names: Gazetteer) -> bool:
    named = any(m.of("product", "vendor") for m in names.mentions(said))
    return not named and bool(columns_said.answer(said)[1])


def _answer(row: Row, names: Gazetteer) -> tuple[tuple[str, str, str], Span]:
    """What the row answers: in a column of answers, or at the beginning of what it names."""
    if cell := row.one("answer"):
        said = columns_said.answer(cell.said)
        return said, cell.span
    staged = row.one("status") if row.table.answers else None
    if staged and (said := columns_said.reply(staged.said))[0]:
        return said, staged.span
    if "trust" in row.table.kinds() and (cell := _silent(row)):
        return columns_said.reply(cell.said), cell.span
    for column, cell in row.all("product"):
        asked = column.head.endswith("?") or "?" in column.head
        if asked and (row.table.form or "trust" in row.table.kinds()):
            said = columns_said.answer(cell.said)
            if said[0] != "uses" or said[1] or re.match(r"\W*y(?:es)?\b", cell.said, re.IGNORECASE):
                return said, cell.span
            return ("", "", ""), cell.span
    first = row.held[0][1] if row.held else Cell(Span(0, 0), "")
    return ("", "", ""), first.span


def _silent(row: Row) -> Cell | None:
    """The cell that says that nothing was answered, whatever column it stands in."""
    asked = row.table.answers or any("?" in column.head for column in row.table.columns)
    named = row.one("product") or row.one("vendor") or row.own()
    if named or not (asked or "answer" in row.table.kinds()):
        return None
    trust = row.one("trust")
    return next(
        (
            cell
            for cell in columns_said.cells(row.passage.text)
            if cell != trust and columns_said.reply(cell.said)[0] == "no-response"
        ),
        None,
    )


def _products(
    row: Row, reader: Reader, said: tuple[str, str, str], names: Gazetteer
) -> list[Placed]:
    state = row.state(said, begun(row, reader.reported))
    maker = _maker(row, names)
    cells = [cell for _, cell in row.all("product") if not cell.empty]
    if not cells:
        cells = [cell for _, cell in row.all("vendor", "description")[:1] if not cell.empty]
        if row.one("vendor") is None and "product" in row.table.kinds():
            cells = []
    placed: list[Placed] = []
    for cell in cells:
        if _withheld(cell.said, names):
            continue
        if celled.speaks(reader.text, cell.span, names) and row.one("product"):
            found = celled.told(reader, cell.span, state, names)
            found = _as_stated(found, row, reader)
        elif state or not row.own():
            found = celled.listed(reader, cell.span, state, names)
            if not found and state and (DESCRIBED.fullmatch(cell.said) or _is_name(cell.said, row)):
                found = reader.whole(cell.span, state, "table")
        else:
            found = []
        placed += found
    for _, _, one in placed:
        if maker and one.vendor is None:
            one.vendor = maker
            _of_maker(one)
    return placed


def _is_name(said: str, row: Row) -> bool:
    """Whether a cell that names nothing known is a name: not a yes, a no, or how far along it is."""
    head = next((column.head for column in row.table.columns if column.kind == "product"), "")
    words = lifecycle.negated(said) or columns_said.answer(said)[0] or columns_said.status(said)
    return not words and heads.meaning(head) in {"product", "vendor"}


def _as_stated(found: list[Placed], row: Row, reader: Reader) -> list[Placed]:
    """What a cell of words names, with the status of the column that is for it."""
    cell = row.one("status")
    state = columns_said.status(cell.said) if cell else None
    if state is None:
        return found
    mine = {id(one) for _, _, one in found}
    if not state:
        reader.deployments = [one for one in reader.deployments if id(one) not in mine]
        return []
    for _, _, one in found:
        one.status = state
    return found


def _maker(row: Row, names: Gazetteer) -> Entity | None:
    cell = row.one("vendor")
    if cell is None or cell.empty:
        return None
    return next((v for m in names.mentions(cell.said) for v in m.of("vendor")), None)


def _of_maker(one: Deployment) -> None:
    """Of several products of one name, the one that the named maker makes."""
    if one.product is None and one.name and one.vendor:
        made = [p for p in one.name.of("product") if p.vendor == one.vendor.iri]
        one.product = made[0] if len(made) == 1 else None
