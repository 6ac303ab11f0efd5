"""From the rows of an answer to rows of the tables of claims, with everything left out said."""

from collections import Counter
from dataclasses import dataclass, field

from careatlas.graph.terms import slug
from careatlas.loaders.answers.checks import Table
from careatlas.loaders.answers.entries import Entry, Line, RowError, lines
from careatlas.loaders.answers.fields import FIELDS, IDENTITY, figure
from careatlas.loaders.answers.mapping import Mapping
from careatlas.loaders.answers.names import Answerer, Directory, UnknownTrustError
from careatlas.loaders.answers.periods import stretch
from careatlas.loaders.table_files import Row

BETWEEN = {
    "network": ("network", "network"),
    "icb": ("icb", "organisation"),
    "framework": ("framework", "instrument"),
    "study": ("study", "study"),
    "partner-trust": ("trust", "organisation"),
    "programme": ("programme", "programme"),
    "national-programme": ("programme", "programme"),
}
"""For each way through somebody the kind of that body, in the tables and in the crosswalk."""
_DISCLOSED = tuple(name for name, one in FIELDS.items() if one.table == "disclosures")
_USED = tuple(name for name, one in FIELDS.items() if one.table == "usage")
_ROUTED = tuple(name for name, one in FIELDS.items() if one.table == "routes")


@dataclass(frozen=True)
class Aside:
    """A row that gave no claim, with its place and the reason."""

    place: str
    reason: str

    def __str__(self) -> str:
        return f"{self.place}: {self.reason}"


@dataclass
class Claims:
    """Rows of the tables, and what became of the rows of the sheets: each is in one count."""

    directory: Directory
    rows: int = 0
    taken: int = 0
    left_out: list[Aside] = field(default_factory=list)
    rejects: list[Aside] = field(default_factory=list)
    remarks: list[Aside] = field(default_factory=list)
    """What a row says besides, for a person to read; its claims are taken in."""
    tables: dict[str, list[Row]] = field(default_factory=dict)
    request: Row | None = None
    """The request that is answered, where it is a source of its own."""

    def add(self, table: str, row: Row) -> None:
        """Put a row into a table; its empty cells say nothing."""
        filled = {name: cell for name, cell in row.items() if cell}
        self.tables.setdefault(table, []).append(filled | {"source": self.directory.source})


def claims(mapping: Mapping, found: list[Table], directory: Directory) -> Claims:
    """What the sheets of a checked mapping say."""
    return _Reading(mapping, Claims(directory)).read(found)


class _Reading:
    def __init__(self, mapping: Mapping, said: Claims) -> None:
        self._mapping = mapping
        self._said = said
        self._keys: Counter[str] = Counter()
        self._begun: list[str] = []
        """Keys that the row at hand has taken."""
        self._answers: dict[str, tuple[dict[str, str], str]] = {}

    def read(self, found: list[Table]) -> Claims:
        """All rows of all sheets."""
        for table in found:
            for one in lines(table):
                self._said.rows += 1
                if isinstance(one, Line):
                    self._line(table, one)
                else:
                    self._reject(table, *one)
        if self._said.tables.get("disclosures"):
            self._request(found[0])
        tables = {name: rows for name, rows in self._said.tables.items() if rows}
        used = {cell for rows in tables.values() for row in rows for cell in row.values()}
        new = self._said.directory.new
        if names := [new[key] for key in sorted(new) if key[1] in used]:
            tables["crosswalk"] = names
        self._said.tables = tables
        return self._said

    def _reject(self, table: Table, number: int, fault: Exception) -> None:
        self._said.rejects.append(Aside(table.grid.place(number), str(fault)))

    def _request(self, table: Table) -> None:
        asked = self._mapping.request
        if asked is None:
            return
        row = {"key": asked.key, "name": asked.name, "scope": asked.scope}
        row["sent_on"] = asked.sent_on.first.isoformat()
        if asked.source:
            place = {"source": asked.source, "locator": "the request as it was sent"}
            self._said.request = row | place
            return
        self._said.add("requests", row | {"locator": table.grid.place(table.mapping.header)})

    def _line(self, table: Table, line: Line) -> None:
        place = table.grid.place(line.number)
        if remark := line.whole.get("remark"):
            self._said.remarks.append(Aside(place, remark))
        if line.blank:
            asked = bool(line.whole.get("questions"))
            reason = "asked, and not answered" if asked else "nothing is answered"
            self._said.left_out.append(Aside(place, reason))
            return
        held = {name: len(rows) for name, rows in self._said.tables.items()}
        self._begun = []
        try:
            self._take(table, line)
        except (RowError, UnknownTrustError) as fault:
            # A row goes in whole or not at all.
            for name, rows in self._said.tables.items():
                del rows[held.get(name, 0) :]
            self._keys.subtract(self._begun)
            self._answers = {key: one for key, one in self._answers.items() if one[1] != place}
            self._reject(table, line.number, fault)
            return
        self._said.taken += 1

    def _take(self, table: Table, line: Line) -> None:
        whole = line.whole
        if not (whole.get("trust") or whole.get("ods")):
            raise RowError("names no trust")
        locator = self._locator(table, line, whole, ("trust", "ods"))
        who = self._said.directory.answerer(whole.get("trust"), whole.get("ods"), locator)
        if whole.says(_DISCLOSED):
            self._disclosure(table, line, who)
        for product in line.products:
            if product.answered or not whole.get("questions"):
                self._product(table, line, product, who)

    def _locator(self, table: Table, line: Line, entry: Entry, names: tuple[str, ...]) -> str:
        column = entry.column(names) or entry.column(IDENTITY)
        place = table.grid.place(line.number, column)
        asked = line.whole.get("questions")
        return f"{place}; question {asked}" if asked else place

    def _disclosure(self, table: Table, line: Line, who: Answerer) -> None:
        asked = self._mapping.request
        said = {name: line.whole.get(name) for name in _DISCLOSED}
        if not said["answer"] or asked is None:
            raise RowError("has an exemption or a qualifier, but no answer")
        if not who.known:
            near = self._said.directory.nearest(who.printed)
            offer = f" ({' or '.join(near)}?)" if near else ""
            raise RowError(f"{who.printed!r} is the name of no trust{offer}: give its ODS code")
        if (said["detail"] == "refused") != bool(said["exemption"]):
            raise RowError("a refusal names its exemption, and nothing else does")
        if said["detail"] and said["answer"] != "uses":
            raise RowError(
                "only those who say that they use AI refuse, or are unable, to say which"
            )
        place = table.grid.place(line.number)
        before, there = self._answers.setdefault(who.key, (said, place))
        if before != said:
            raise RowError(f"{who.printed} answers otherwise in {there}")
        if there == place:
            locator = self._locator(table, line, line.whole, _DISCLOSED)
            row = {"key": who.key, "trust": who.printed, "request": asked.source}
            row["as_at"] = asked.sent_on.first.isoformat()
            self._said.add("disclosures", {**row, **said, "locator": locator})

    def _product(self, table: Table, line: Line, entry: Entry, who: Answerer) -> None:
        if not entry.says(IDENTITY):
            raise RowError("says something of a product, but not of which")
        names = self._said.directory
        locator = self._locator(table, line, entry, IDENTITY)
        for kind in ("product", "vendor"):
            if printed := entry.get(kind):
                names.name(kind, printed, locator)
        named = entry.get("product") or entry.get("vendor") or entry.get("description")
        key = f"{who.key}/{slug(named)}"
        self._keys[key] += 1
        self._begun.append(key)
        key = key if self._keys[key] == 1 else f"{key}/{self._keys[key]}"
        sent = self._mapping.request.sent_on.first.isoformat() if self._mapping.request else ""
        row = {name: entry.get(name) for name in FIELDS if FIELDS[name].table == "deployments"}
        row |= {
            "key": key,
            "trust": who.printed,
            "stated_by": who.printed,
            # A product that is listed without a stage is one whose stage the source leaves open.
            "status": entry.get("status") or "unspecified",
            "printed": entry.get("product") or entry.get("vendor"),
            "as_at": entry.get("as_at") or sent,
            "locator": locator,
        }
        self._said.add("deployments", row)
        if entry.says(_USED):
            self._usage(key, entry, self._locator(table, line, entry, _USED))
        if entry.says(_ROUTED):
            self._route(key, entry, self._locator(table, line, entry, _ROUTED))
        if entry.get("contract_end"):
            place = self._locator(table, line, entry, ("contract_end",))
            self._contract(key, entry, who, place)

    def _usage(self, key: str, entry: Entry, locator: str) -> None:
        if not entry.get("volume"):
            if entry.says(tuple(name for name in _USED if name not in ("unit", "per"))):
                raise RowError("gives a period, but no volume")
            return
        if not entry.get("unit"):
            raise RowError("gives a volume without its unit")
        read = figure(entry.get("volume"))
        per = entry.get("per")
        words = (entry.get("volume"), entry.get("unit"), f"per {per}" if per else "")
        row = {
            "key": f"{key}/1",
            "deployment": key,
            "printed": " ".join(filter(None, words)),
            "min": read.low,
            "max": read.high,
            "approximate": "true" if read.approximate else "false",
            "unit": entry.get("unit"),
            "per": per,
            "measure": "rate" if per else "count",
            "locator": locator,
        }
        names = ("period", "period_start", "period_end")
        self._said.add("usage", row | stretch(*(entry.get(name) for name in names)))

    def _route(self, key: str, entry: Entry, locator: str) -> None:
        kind, through = entry.get("route_type"), entry.get("intermediary")
        if not kind or kind == "not-stated":
            if through or entry.get("involvement"):
                raise RowError("names who was involved, but not the kind of way")
            return
        if through and kind not in BETWEEN:
            raise RowError(f"says {kind}, but names {through!r} as standing between")
        if entry.get("involvement") and not through:
            raise RowError("says how somebody was involved, but not who")
        row = {"key": key, "deployment": key, "route_type": kind, "locator": locator}
        if through:
            self._said.directory.name(BETWEEN[kind][1], through, locator)
            row |= {"intermediary_kind": BETWEEN[kind][0], "intermediary": through}
        if entry.get("involvement"):
            row |= {"involvement": entry.get("involvement"), "printed": through}
            row["ambiguous_scope"] = "true" if entry.shared else "false"
        self._said.add("routes", row)

    def _contract(self, key: str, entry: Entry, who: Answerer, locator: str) -> None:
        what = entry.get("product") or entry.get("vendor") or entry.get("description")
        row = {
            "agreement": f"{self._said.directory.source}-{key}",
            "name": f"Contract of {who.printed} for {what}",
            "kind": "supply-contract",
            "section": "answer",
            "ends": entry.get("contract_end"),
            "locator": locator,
        }
        parties = [("customer", who.printed)]
        parties += [("supplier", entry.get("vendor"))] if entry.get("vendor") else []
        for role, party in parties:
            own = {"key": f"{key}/{role}", "party": party, "role": role}
            self._said.add("agreements", row | own)
