"""The columns of the register's reports: by their headings, and by their number where there are none."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

FRAME = {
    "code": 0,
    "name": 1,
    "region": 2,
    "board": 3,
    "town": 7,
    "postcode": 9,
    "opened": 10,
    "closed": 11,
    "status": 12,
    "sub_type": 13,
    "parent": 14,
    "joined": 15,
    "left": 16,
    "setting": 25,
}
"""Where the reports of organisations, which share 27 columns, have what the graph takes."""
NETWORKS = {
    "code": 0,
    "name": 1,
    "location": 2,
    "opened": 4,
    "closed": 5,
    "town": 9,
    "postcode": 11,
}
PARTNERS = {"code": 0, "parent": 4, "joined": 8, "left": 9}
SUCCESSIONS = {"code": 0, "other": 1, "on": 3}
_WIDTHS = {4: SUCCESSIONS, 5: SUCCESSIONS, 6: SUCCESSIONS, 11: PARTNERS, 12: NETWORKS, 13: NETWORKS}
_LEAST, _MOST = 20, 32
_DAY = re.compile(r"\d{8}", re.ASCII)
_FORMAT = r"( yyyymmdd)?"
_OF_PARTNERS = {
    "code": r"partner organisation( code)?",
    "parent": r"pcn code",
    "joined": rf"(.* )?(relationship start|join\w*( \w+)*) date{_FORMAT}",
    "left": rf"(.* )?(relationship end|left( \w+)*) date{_FORMAT}",
}
_OF_SUCCESSIONS = {
    "code": r"((predecessor|old|previous) )?(organisation|org|ods)( code)?|(predecessor|old)( code)?",
    "other": r"(successor|new)( organisation| org)?( code)?",
    "on": rf"((effective|legal start|succession) ?)?date{_FORMAT}",
}
_OF_ORGANISATIONS = {
    "code": r"(organisation|org|ods|pcn|practice|site|trust) ?(code|id)|code|organisation",
    "name": r"((organisation|org|ods|pcn|practice|site|trust) ?)?name",
    "region": r"national grouping( code)?|(nhs england |nhse )?region( code)?",
    "board": r"(high level health (geography|authority)|icb|stp)( code)?",
    "location": r"current (sub icb( loc| location)?|clinical commissioning group|ccg)( code)?",
    "town": r"town|address line 4",
    "postcode": r"post ?code",
    "opened": rf"(open|legal start|operational start) ?date{_FORMAT}",
    "closed": rf"(close|legal end|operational end) ?date{_FORMAT}",
    "status": r"status( code)?",
    "sub_type": r"organisation sub ?type( code)?|(non primary )?roles?( id| code)?",
    "parent": r"parent organisation( code)?|commissioner|provider purchaser",
    "joined": rf"join .*date{_FORMAT}|.*relationship start date{_FORMAT}",
    "left": rf"left .*date{_FORMAT}|.*relationship end date{_FORMAT}",
    "setting": r"prescribing setting",
}
_TABLES: tuple[tuple[Mapping[str, str], set[str]], ...] = (
    (_OF_PARTNERS, {"code", "parent"}),
    (_OF_SUCCESSIONS, {"code", "other"}),
    (_OF_ORGANISATIONS, set()),
)
"""The headings of each kind of report, and what tells that it is one."""
_NOT_TAKEN = re.compile(
    r"address( line)? ?\d|county|country|uprn|(contact )?telephone( number)?|gor( code)?"
    r"|(null|blank|column|field)[ \d]*|amended record indicator|provider purchaser"
    r"|(partner|pcn|ccg|clinical commissioning group|sub icb loc(ation)?) name|sub icb location"
    r"|(practice|pcn) parent (ccg|sub icb loc) (code|name)|practice (ccg|sub icb loc) and pcn .*"
    r"|(succession )?reason( code)?|(succession )?indicator( code)?"
)
"""Headings that the reports are known to have, of what the graph does not take."""


_NOTHING = {"NA", "N/A", "NULL", "NaN"}
"""What programs write for an empty cell when they pass a report on."""


@dataclass(frozen=True)
class Columns:
    """Where a report has what the graph takes."""

    places: Mapping[str, int]
    networks: bool = False
    """Whether it is about primary care networks, by its columns."""
    unknown: tuple[str, ...] = ()
    """The headings that no report is known to have."""

    def taken(self, cells: Sequence[str]) -> dict[str, str]:
        """The cells of a row by what they are; empty where it has none."""
        found = {field: cells[at] for field, at in self.places.items() if at < len(cells)}
        blank = dict.fromkeys(self.places, "")
        return blank | {field: cell for field, cell in found.items() if cell not in _NOTHING}


def by_width(cells: Sequence[str]) -> Columns | None:
    """The columns of a report without headings, of which programs cut off those that are empty at its end."""
    opened = FRAME["opened"]
    cut = opened < len(cells) < _LEAST and _DAY.fullmatch(cells[opened].strip())
    framed = cut or _LEAST <= len(cells) <= _MOST
    places = FRAME if framed else _WIDTHS.get(len(cells))
    return Columns(places, places is NETWORKS) if places else None


def by_headings(cells: Sequence[str]) -> Columns | None:
    """The columns of a report by its headings, if the cells are headings."""
    plain = [" ".join(re.findall(r"[a-z0-9]+", cell.lower())) for cell in cells]
    if not any(plain[0].endswith(end) for end in ("code", "organisation", "org id", "orgid")):
        return None
    for labels, needed in _TABLES:
        found = _labelled(plain, labels)
        if needed <= found.keys():
            break
    framed = _LEAST <= len(cells) <= _MOST and all(
        FRAME.get(field) == at for field, at in found.items()
    )
    places = {**FRAME, **found} if framed else found
    networks = "code" in found and plain[found["code"]].startswith("pcn")
    known = set(places.values())
    unknown = [
        " ".join(cell.split())
        for at, cell in enumerate(cells)
        if plain[at] and at not in known and not _NOT_TAKEN.fullmatch(plain[at])
    ]
    return Columns(places, networks, tuple(dict.fromkeys(unknown)))


def _labelled(plain: Sequence[str], labels: Mapping[str, str]) -> dict[str, int]:
    """The places of the columns that go by these labels, the first where several do."""
    found: dict[str, int] = {}
    for field, pattern in labels.items():
        place = next((at for at, label in enumerate(plain) if re.fullmatch(pattern, label)), None)
        if place is not None:
            found[field] = place
    return found
