"""Texts of XML made where the rows are: expressions of SQL, which take a third of Python's time."""

from collections.abc import Iterable

from careatlas.graph.export import Output

PIECE = 1 << 16
_SHOWN = (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;"))
_BLANKS = (("\\t", "&#9;"), ("\\n", "&#10;"), ("\\r", "&#13;"))
_FORBIDDEN = "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x{fffe}\\x{ffff}]"


def text(value: str) -> str:
    """The text of a column inside an attribute's quotes.

    What XML cannot hold is shown as a replacement sign.
    """
    shown = f"regexp_replace({value}, '{_FORBIDDEN}', '\ufffd', 'g')"
    for sign, name in _SHOWN:
        shown = f"replace({shown}, '{sign}', '{name}')"
    for sign, name in _BLANKS:
        shown = f"replace({shown}, E'{sign}', '{name}')"
    # Most texts have nothing of the kind, and a look is cheaper than eight replacements.
    plain = f"regexp_full_match({value}, '[ !#-%''-;=?-~]*')"
    return f"CASE WHEN {plain} THEN {value} ELSE {shown} END"


def joined(*parts: str) -> str:
    """Expressions one after the other."""
    return " || ".join(parts)


def literal(value: str) -> str:
    """A text as SQL writes it.

    >>> literal("it's")
    "'it''s'"
    """
    return "'" + value.replace("'", "''") + "'"


def where_said(value: str, expression: str) -> str:
    """An expression, or nothing where a column is empty."""
    return f"CASE WHEN {value} = '' THEN '' ELSE {expression} END"


def in_pieces(parts: Iterable[str], output: Output) -> None:
    """Write texts one after the other, many at a time."""
    waiting: list[str] = []
    size = 0
    for part in parts:
        waiting.append(part)
        size += len(part)
        if size > PIECE:
            output.write("".join(waiting).encode())
            waiting, size = [], 0
    output.write("".join(waiting).encode())
