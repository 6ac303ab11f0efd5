"""Pages that are laid out with tables: what such a table holds is text, not rows."""

from lxml import etree

_PARTS = ("table", "thead", "tbody", "tfoot", "tr", "td", "th")
_BLOCKS = ("h1", "h2", "h3", "h4", "table", "article", "section")
_WORDS = 60


def unframed(source: str) -> str:
    """The page with each table that only lays out text made into plain blocks."""
    if "<table" not in source.lower():
        return source
    tree = etree.fromstring(source, etree.HTMLParser())
    if tree is None:
        return source
    frames = [table for table in tree.iter("table") if _is_frame(table)]
    if not frames:
        return source
    for table in frames:
        inner = [one for one in table.iter(*_PARTS) if _nearest(one) is table]
        for one in inner:
            one.tag = "div"
    return etree.tostring(tree, method="html", encoding="unicode")


def _nearest(one: etree._Element) -> etree._Element | None:
    """The table that an element is a part of: itself, or the one around it."""
    if one.tag == "table":
        return one
    return next(one.iterancestors("table"), None)


def _is_frame(table: etree._Element) -> bool:
    """Whether a cell of a table holds headings, tables or several paragraphs, as no value does."""
    for cell in table.iter("td"):
        if _nearest(cell) is not table:
            continue
        if any(cell.find(f".//{tag}") is not None for tag in _BLOCKS):
            return True
        words = len("".join(str(part) for part in cell.itertext()).split())
        lists = any(cell.find(f".//{tag}") is not None for tag in ("ul", "ol"))
        if words > _WORDS and (lists or len(cell.findall(".//p")) > 1):
            return True
    return False
