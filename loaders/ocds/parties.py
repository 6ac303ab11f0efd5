"""Who a party is: by an identifier that the tables know, by the very same name, or nobody yet."""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import sha256
from typing import Any

from rapidfuzz import fuzz, process

from careatlas.graph.contracting import Party
from careatlas.graph.terms import slug
from careatlas.loaders.ocds.decisions import IS, Decided
from careatlas.loaders.ocds.releases import folded

NEAREST = 3
_LIKE = 85
_LETTER = re.compile(r"[^\W_]")
_ODS = re.compile(r"[A-Z0-9]{3,6}")
_ROLES = {
    "buyer": "buyer",
    "procuringEntity": "procuring-entity",
    "supplier": "supplier",
    "tenderer": "tenderer",
    "funder": "funder",
}
Parties = dict[tuple[str, str], Party]


def identifier(scheme: str, value: str) -> tuple[str, str]:
    """An identifier in the one form in which it is compared: a company's number has eight characters."""
    scheme, value = scheme.strip().upper(), re.sub(r"\s", "", value).upper()
    return scheme, value.zfill(8) if scheme == "GB-COH" and value.isdigit() else value


@dataclass
class Bodies:
    """Organisations of the tables by identifier and by name."""

    identifiers: dict[tuple[str, str], str] = field(default_factory=dict)
    ods: dict[str, str] = field(default_factory=dict)
    names: dict[str, set[str]] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    """What each is called, by its key."""
    decided: Decided = field(default_factory=Decided)

    def add(self, key: str, *names: str) -> None:
        """Take in names of an organisation."""
        for name in names:
            if name:
                self.labels.setdefault(key, name)
            if plain := folded(name):
                self.names.setdefault(plain, set()).add(key)

    def add_ods(self, code: str, key: str, *names: str) -> None:
        """Take in an organisation with its ODS code."""
        if code:
            self.ods[code.upper()] = key
        self.add(key, *names)

    def identify(self, scheme: str, value: str, key: str) -> None:
        """Take in an identifier of an organisation."""
        self.identifiers[identifier(scheme, value)] = key

    def by_identifier(self, scheme: str, value: str) -> str | None:
        """The organisation that an identifier means; an NHS code may stand where a name should."""
        scheme, value = identifier(scheme, value)
        if scheme == "GB-NHS" and _ODS.fullmatch(value) and value in self.ods:
            return self.ods[value]
        return self.identifiers.get((scheme, value))

    def by_name(self, name: str) -> set[str]:
        """The organisations of this very name."""
        return self.names.get(folded(name), set())

    @lru_cache(maxsize=50_000)  # noqa: B019 - lives as long as a load
    def nearest(self, name: str) -> tuple[str, ...]:
        """The organisations whose names are most like one."""
        plain = folded(name)
        if not plain:
            return ()
        found = process.extract(
            plain,
            sorted(self.names),
            scorer=fuzz.token_sort_ratio,
            score_cutoff=_LIKE,
            limit=NEAREST,
        )
        return tuple(sorted({key for near, _, _ in found for key in self.names[near]}))

    __hash__ = object.__hash__


def unresolved(kind: str, name: str) -> str:
    """The path of what stands in place of somebody whom nobody has found yet."""
    return f"unresolved/{kind}/{slug(name)}-{sha256(name.encode()).hexdigest()[:6]}"


def resolve(bodies: Bodies, name: str, stated: list[dict[str, Any]], role: str) -> Party:
    """Who a party is, how that was found, and who else is called nearly so.

    What an identifier says goes before a name; two identifiers that mean different bodies mean nobody.
    Whom no rule knows may be known by a decision.
    """
    pairs = [(one["scheme"], one["id"]) for one in stated if one.get("scheme") and one.get("id")]
    told = tuple(dict.fromkeys(":".join(identifier(scheme, value)) for scheme, value in pairs))
    known = {key: scheme for scheme, value in pairs if (key := bodies.by_identifier(scheme, value))}
    by_name = bodies.by_name(name)
    for scheme, value in pairs:
        # The register of the NHS is at times given with a name in the place of the code.
        if scheme.upper() == "GB-NHS" and not known and not by_name:
            by_name = bodies.by_name(value)
    if len(known) == 1:
        key, scheme = next(iter(known.items()))
        return Party(
            role=role,
            player=key,
            printed=name,
            identifiers=told,
            found=f"by its identifier in {scheme.upper()}",
        )
    if not known and len(by_name) == 1:
        return Party(
            role=role,
            player=next(iter(by_name)),
            printed=name,
            identifiers=told,
            found="by the same name",
        )
    ruling = bodies.decided.party(name, told)
    if ruling and ruling.decision == IS:
        return Party(
            role=role,
            player=ruling.means,
            printed=name,
            identifiers=told,
            found=ruling.words,
        )
    candidates = tuple(sorted(known or by_name)) or bodies.nearest(name)
    if known:
        reason = "its identifiers belong to different organisations"
    elif by_name:
        reason = "several organisations have this name"
    else:
        reason = "no identifier and no name of the tables is the same"
    if ruling:
        reason, candidates = f"{reason}, and none of the nearest is it, {ruling.words}", ()
    kind = "vendor" if role in ("supplier", "tenderer") else "organisation"
    return Party(
        role=role,
        player=unresolved(kind, name),
        printed=name,
        identifiers=told,
        found="",
        reason=reason,
        candidates=candidates,
    )


def parties(release: dict[str, Any], bodies: Bodies) -> Parties:
    """Each party of a compiled release in each of its roles, by the id that refers to it."""
    found: Parties = {}
    by_id = {one.get("id"): one for one in release.get("parties") or [] if one.get("id")}
    references: list[tuple[str, dict[str, Any]]] = [
        (role, one) for one in release.get("parties") or [] for role in one.get("roles") or []
    ]
    tender = release.get("tender") or {}
    references += [("buyer", one) for one in [release.get("buyer")] if one]
    references += [("procuringEntity", one) for one in [tender.get("procuringEntity")] if one]
    references += [("tenderer", one) for one in tender.get("tenderers") or []]
    for award in release.get("awards") or []:
        references += [("supplier", one) for one in award.get("suppliers") or []]
    for stated, one in references:
        role = _ROLES.get(stated)
        full = by_id.get(one.get("id"), one)
        legal = (full.get("identifier") or {}).get("legalName")
        names = (full.get("name"), one.get("name"), legal, one.get("id"))
        name = next((text for text in names if text and _LETTER.search(text)), None)
        at = (role or "", reference(one))
        if not role or not name or at in found:
            continue
        identifiers = [full.get("identifier") or {}, *(full.get("additionalIdentifiers") or [])]
        found[at] = resolve(bodies, name, [*identifiers, *_of_id(full.get("id"))], role)
    return found


def reference(one: dict[str, Any]) -> str:
    """What refers to a party: its id, else its name."""
    return str(one.get("id") or one.get("name") or "")


def _of_id(value: object) -> list[dict[str, str]]:
    """The identifier that the id of a party is made of, as in `GB-COH-01234567`."""
    found = re.fullmatch(r"(GB-(?:COH|PPON|NHS|CHC|SC|NIC))-(.+)", str(value or ""))
    return [{"scheme": found[1], "id": found[2]}] if found else []
