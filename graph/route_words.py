"""What statements on a way say, in sentences: who did what for whom, and when."""

from collections.abc import Mapping

from careatlas.graph import route_rules as rules

Cells = Mapping[str, str]
"""A row of an answer by its columns; what is not stated is empty."""

_HAS = {
    "live": "uses {what}",
    "procured": "has bought {what}",
    "implementing": "is putting in {what}",
    "trialling": "tries {what}",
    "research-only": "uses {what} in research",
    "deployed-not-used": "has installed {what} and does not use it",
    "paused": "has paused its use of {what}",
    "ended": "has ended its use of {what}",
    "unspecified": "has {what}",
    rules.NOT_HAVING: "explores {what}",
}
_DID = {
    "procured": "{by} procured {what} for {who}",
    "coordinated": "{by} coordinated {what} for {who}",
    "initiated": "{by} initiated {what} for {who}",
    "hosted": "{by} hosts {what} for {who}",
    "partnered": "{by} is the partner of {who} for {what}",
    "funded": "{by} funded {what} for {who}",
    "recommended": "{by} recommended {what} to {who}",
}
_CAME = {
    "direct": "{who} bought {what} itself: {by}",
    "framework": "{who} bought {what} under {by}",
    "study": "{what} came to {who} by the study {by}",
    "programme": "{what} came to {who} by the programme {by}",
    "national-programme": "{what} came to {who} by the national programme {by}",
    "partner-trust": "{what} came to {who} through its partner {by}",
}
_UNNAMED = {
    "network": "a network that is not named",
    "icb": "an integrated care board that is not named",
    "direct": "by a direct purchase",
    "partner-trust": "that is not named",
}


def statement(row: Cells) -> str:
    """What a row says, as a sentence without its end: who did what for whom."""
    who, by, what = row["trust"], row["route"], named(row)
    if row["basis"] == "study":
        said = f"{who} is a site of the study {by} of {what}"
    elif row["basis"] == "award":
        said = f"{by} made an award to {who} for {what}"
    elif row["basis"] == "notice":
        said = f"{who} is the buyer in a notice that names {row['vendor']} as the supplier"
        said += f", under {by}" if by else ""
    elif by == who and row["involvement"] == "procured":
        said = f"{who} procured {what} itself"
    elif by == who or row["route_type"] in {"", "not-stated"}:
        said = having(row)
    else:
        by = by or _UNNAMED.get(row["route_type"], "one that is not named")
        came = _CAME.get(row["route_type"], "{what} came to {who} through {by}")
        said = _DID.get(row["involvement"], came).format(who=who, by=by, what=what)
    return said


def named(row: Cells) -> str:
    """What it is that an organisation came by."""
    called = row["product"] or row["description"]
    if row["vendor"] and row["product"]:
        return f"{called} of {row['vendor']}"
    if row["vendor"]:
        return f"something of {row['vendor']}" + (f" ({called})" if called else "")
    return called or "something that is not named"


def dated(row: Cells) -> str:
    """When a row was said, in words."""
    if row["reported"]:
        return f"reported on {row['reported']}"
    return f"undated, from {row['holds_from']}" if row["holds_from"] else "undated"


def last_day(row: Cells) -> str:
    """The day of which a row speaks last: that of its report, else the first on which it holds."""
    return row["reported"] or row["holds_from"]


def having(row: Cells, what: str = "") -> str:
    """That the organisation of a report has it, by its status."""
    return f"{row['trust']} {_HAS[row['status']].format(what=what or named(row))}"


def closeness(near: Cells | None) -> str:
    """How near an organisation is, in words."""
    if near is None:
        return rules.said(rules.NEARNESS, "national")
    if near["other_iri"] == near["thing"]:
        return f"{near['trust']} belongs to it"
    return f"{rules.said(rules.NEARNESS, near['closeness'])}: {near['shared']}"
