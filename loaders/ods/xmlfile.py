"""The full register as XML: one organisation in memory at a time."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl

from defusedxml import DefusedXmlException
from defusedxml.expatreader import create_parser
from lxml import etree

from careatlas.loaders.feed import LeftOut, Rejected
from careatlas.loaders.ods import kinds
from careatlas.loaders.ods.entries import (
    LINK,
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
Parts = dict[str, etree._Element]
Whole = Callable[[str, str | None], bool]
"""Whether all of an organisation of this code and kind is wanted, or only why it is left out."""


@dataclass
class Manifest:
    """What the file says of itself, as far as it was read."""

    published: date | None = None
    roles: dict[str, str] = field(default_factory=dict)
    _reasons: dict[tuple[str | None, ...], str] = field(default_factory=dict)

    def why_not(self, role: str | None, others: Iterable[str]) -> str:
        """Why an organisation of this primary role, and others, is left out."""
        held = (role, *others)
        if held not in self._reasons:
            self._reasons[held] = kinds.why_not(role, self.roles, others)
        return self._reasons[held]


class _RootReachedError(Exception):
    """The first element began: what stands before it, where bombs are declared, was read."""


class _Prologue(ContentHandler):
    def startElement(self, name: str, attrs: AttributesImpl) -> None:  # noqa: N802 - the name in SAX
        raise _RootReachedError


def read(part: Part, manifest: Manifest, whole: Whole) -> Iterator[Found]:
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
                if _within(element):
                    continue
                if element.tag.endswith("Organisation"):
                    number += 1
                    yield _found(
                        element, f"{part.name}: organisation {number}", part, manifest, whole
                    )
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
            manifest.published = day(element.get("value") or element.text)
        except RowError:
            manifest.published = None
    elif told := element.get("displayName"):
        manifest.roles[element.get("id", "")] = told


def _within(element: etree._Element) -> bool:
    """Whether it is the target of a relation, and no record of its own."""
    return next(element.iterancestors("{*}Target"), None) is not None


def _forget(element: etree._Element) -> None:
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def _found(
    element: etree._Element, place: str, part: Part, manifest: Manifest, whole: Whole
) -> Found:
    try:
        stated = next(element.iterchildren("{*}OrgId"), None)
        if stated is None and next(element.iterchildren("{*}OrgLink"), None) is not None:
            return LeftOut(place, LINK)
        own = code(_value(stated, "extension"))
        primary, roles = _roles(element)
        called = clean(_inner(next(element.iterchildren("{*}Name"), None)))
        kind = kinds.kind_of(primary, roles, called)
        if not whole(own, kind):
            return LeftOut(f"{place} ({own})", manifest.why_not(primary, roles))
        head = (f"{place} ({own})", f"{part.name}, organisation {own}", own, name(called), kind)
        return _entry(element, head, primary, manifest.why_not(primary, roles), manifest.published)
    except RowError as wrong:
        return Rejected(place, str(wrong))


def _roles(element: etree._Element) -> tuple[str | None, list[str]]:
    """The primary role, and all."""
    found, primary = [], None
    for held in element.iterchildren("{*}Roles"):
        for one in held.iterchildren("{*}Role"):
            role = clean(one.get("id"))
            found.append(role)
            if one.get("primaryRole") in ("true", "True", "1"):
                primary = primary or role
    return primary or (found[0] if len(found) == 1 else None), found


def _entry(
    element: etree._Element,
    head: tuple[str, str, str, str, str | None],
    primary: str | None,
    why_not: str,
    as_at: date | None,
) -> Entry:
    parts = _children(element)
    here = _children(_children(parts.get("GeoLoc")).get("Location"))
    dates = _dates(element)
    start, end = _lasting(dates)
    legal_from, legal_to = dates.get("Legal", (None, None))
    return Entry(
        *head,
        why_not,
        roles=tuple(_role(one) for one in parts.get("Roles", ())),
        role=primary,
        status=clean(_value(parts.get("Status"))) or None,
        opened=start,
        closed=end,
        legal_from=legal_from,
        legal_to=legal_to,
        town=clean(_inner(here.get("Town"))) or None,
        postcode=clean(_inner(here.get("PostCode"))).upper() or None,
        country=clean(_inner(here.get("Country"))).title() or None,
        ties=tuple(_tie(one) for one in parts.get("Rels", ())),
        successions=tuple(_succession(one) for one in parts.get("Succs", ())),
        as_at=as_at,
        stub=element.get("refOnly", "").lower() == "true",
    )


def _role(element: etree._Element) -> Role:
    primary = element.get("primaryRole") in ("true", "True", "1")
    return Role(clean(element.get("id")), primary, *_lasting(_dates(element)))


def _tie(element: etree._Element) -> Tie:
    parts = _children(element)
    key = clean(element.get("uniqueRelId"))
    return Tie(clean(element.get("id")), _target(parts), *_lasting(_dates(element)), key)


def _succession(element: etree._Element) -> Succession:
    parts = _children(element)
    kind = _value(parts.get("Type")) or clean(_inner(parts.get("Type"))) or element.get("type")
    if kind not in ("Successor", "Predecessor"):
        raise RowError("Successor or Predecessor", kind)
    return Succession(_target(parts), kind == "Successor", _lasting(_dates(element))[0])


def _target(parts: Parts) -> str:
    target = _children(parts.get("Target"))
    return code(_value((_children(target.get("Organisation")) | target).get("OrgId"), "extension"))


def _dates(element: etree._Element) -> Dates:
    """The days of each type that the element itself has."""
    found: Dates = {}
    for one in element.iterchildren("{*}Date"):
        inner = _children(one)
        kind = _value(inner.get("Type")) or "Operational"
        found[kind] = (day(_value(inner.get("Start"))), day(_value(inner.get("End"))))
    return found


def _lasting(dates: Dates) -> tuple[date | None, date | None]:
    """The days of operation, else those in law."""
    return dates.get("Operational") or dates.get("Legal") or (None, None)


def _children(element: etree._Element | None) -> Parts:
    """The children of an element by their names without the namespace."""
    if element is None:
        return {}
    return {one.tag.rpartition("}")[2]: one for one in element.iterchildren("*")}


def _value(element: etree._Element | None, name: str = "value") -> str | None:
    return None if element is None else element.get(name)


def _inner(element: etree._Element | None) -> str | None:
    return None if element is None else element.text
