"""The full register as XML: one organisation in memory at a time."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser
from lxml import etree

from careatlas.loaders.feed import Rejected
from careatlas.loaders.ods import kinds
from careatlas.loaders.ods.entries import (
    Entry,
    Found,
    Role,
    RowError,
    Succession,
    Tie,
    clean,
    code,
    day,
    name,
)
from careatlas.loaders.ods.errors import UnsoundFileError
from careatlas.loaders.ods.opening import Part

_BLOCK = 2**16
_TAGS = ("{*}Organisation", "{*}PublicationDate", "{*}concept", "{*}Concept")
Dates = dict[str, tuple[date | None, date | None]]


@dataclass
class Manifest:
    """What the file says of itself, as far as it was read."""

    published: date | None = None
    roles: dict[str, str] = field(default_factory=dict)


class _RootReachedError(Exception):
    """The first element began: what stands before it, where bombs are declared, was read."""


class _Prologue(ContentHandler):
    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name in SAX
        raise _RootReachedError


def read(part: Part, manifest: Manifest) -> Iterator[Found]:
    """What becomes of each organisation of the file.

    Raises:
        UnsoundFileError: it is no XML from some place on, or declares a document type.
    """
    _check_prologue(part)
    number = 0
    with part.open() as file:
        try:
            for _, element in etree.iterparse(
                file, tag=_TAGS, resolve_entities=False, no_network=True, load_dtd=False
            ):
                if element.tag.endswith("Organisation"):
                    number += 1
                    yield _found(element, f"{part.name}: organisation {number}", part, manifest)
                else:
                    _tell(element, manifest)
                _forget(element)
        except etree.XMLSyntaxError as fault:
            reason = f"it is no sound XML after organisation {number}: {fault.msg}"
            raise UnsoundFileError(part.name, reason) from fault


def _check_prologue(part: Part) -> None:
    parser = create_parser(forbid_dtd=True)
    parser.setContentHandler(_Prologue())
    try:
        with part.open() as file:
            while block := file.read(_BLOCK):
                parser.feed(block)
    except _RootReachedError:
        return
    except DefusedXmlException as bomb:
        reason = "it declares a document type, which the register does not"
        raise UnsoundFileError(part.name, reason) from bomb
    except SAXException as fault:
        raise UnsoundFileError(part.name, "it is no XML") from fault


def _tell(element: etree._Element, manifest: Manifest) -> None:
    if element.tag.endswith("PublicationDate"):
        try:
            manifest.published = day(_own(element))
        except RowError:
            manifest.published = None
    elif told := element.get("displayName"):
        manifest.roles[element.get("id", "")] = told


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _found(element: etree._Element, place: str, part: Part, manifest: Manifest) -> Found:
    try:
        return _entry(element, place, part, manifest)
    except RowError as wrong:
        return Rejected(place, str(wrong))


def _entry(element: etree._Element, place: str, part: Part, manifest: Manifest) -> Entry:
    own = code(_attribute(element, "OrgId", "extension"))
    called = name(element.findtext("{*}Name"))
    roles = tuple(_role(one) for one in element.iterfind("{*}Roles/{*}Role"))
    primary = next((one.code for one in roles if one.primary), None)
    if primary is None and len(roles) == 1:
        primary = roles[0].code
    kind = kinds.kind_of(primary, {one.code for one in roles}, called)
    here = element.find("{*}GeoLoc/{*}Location")
    dates = _dates(element)
    start, end = _lasting(dates)
    legal_from, legal_to = dates.get("Legal", (None, None))
    return Entry(
        *(f"{place} ({own})", f"{part.name}, organisation {own}", own, called, kind),
        kinds.why_not(primary, manifest.roles),
        roles=roles,
        role=primary,
        status=clean(_attribute(element, "Status", "value")) or None,
        opened=start,
        closed=end,
        legal_from=legal_from,
        legal_to=legal_to,
        town=_text(here, "Town"),
        postcode=(_text(here, "PostCode") or "").upper() or None,
        country=(_text(here, "Country") or "").title() or None,
        ties=tuple(_tie(one) for one in element.iterfind("{*}Rels/{*}Rel")),
        successions=tuple(_succession(one) for one in element.iterfind("{*}Succs/{*}Succ")),
        as_at=manifest.published,
        stub=element.get("refOnly", "").lower() == "true",
    )


def _role(element: etree._Element) -> Role:
    start, end = _lasting(_dates(element))
    primary = element.get("primaryRole", "").lower() == "true"
    return Role(clean(element.get("id")), primary, start, end)


def _tie(element: etree._Element) -> Tie:
    start, end = _lasting(_dates(element))
    other = code(_attribute(element, "Target/{*}OrgId", "extension"))
    return Tie(clean(element.get("id")), other, start, end, clean(element.get("uniqueRelId")))


def _succession(element: etree._Element) -> Succession:
    kind = _attribute(element, "Type", "value") or element.get("type") or ""
    if kind not in ("Successor", "Predecessor"):
        raise RowError("Successor or Predecessor", kind)
    other = code(_attribute(element, "Target/{*}OrgId", "extension"))
    return Succession(other, kind == "Successor", _lasting(_dates(element))[0])


def _dates(element: etree._Element) -> Dates:
    """The days of each type that the element itself has."""
    found: Dates = {}
    for one in element.iterfind("{*}Date"):
        kind = _attribute(one, "Type", "value") or "Operational"
        start, end = (day(_attribute(one, name, "value")) for name in ("Start", "End"))
        found[kind] = (start, end)
    return found


def _lasting(dates: Dates) -> tuple[date | None, date | None]:
    """The days of operation, else those in law."""
    return dates.get("Operational") or dates.get("Legal") or (None, None)


def _attribute(element: etree._Element, path: str, name: str) -> str | None:
    child = element.find("{*}" + path)
    return None if child is None else child.get(name)


def _own(element: etree._Element) -> str | None:
    return element.get("value") or element.text


def _text(here: etree._Element | None, tag: str) -> str | None:
    return None if here is None else clean(here.findtext("{*}" + tag)) or None
