"""Publishing a review: what was accepted becomes tables, if all of it passes what a build checks."""

import argparse
import shlex
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import UsageError
from careatlas.output import plain, progress, say

if TYPE_CHECKING:
    from careatlas.graph.findings import Finding
    from careatlas.graph.release import Release
    from careatlas.loaders.claim_tables import RejectedRowsError
    from careatlas.loaders.review import Review
    from careatlas.loaders.review.publishing import Plan
    from careatlas.loaders.tables import Harvest

ASKED = ("kind", "title", "publisher", "url", "published")
REQUIRED = ("kind", "title")
SHOWN = 20
"""So many warnings are said in full, and the others counted."""


class UnpublishedError(ValueError):
    """Decisions that cannot become tables as they are; nothing was written."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__(tuple(problems))
        self.problems = tuple(problems)
        self.add_note("".join(f"{plain(problem)}\n" for problem in self.problems))

    def __str__(self) -> str:
        what = "what is" if len(self.problems) == 1 else f"the {len(self.problems)} things"
        return (
            f"nothing was published, for {what} said above: change or reject it, and publish again"
        )


def publish(
    options: argparse.Namespace, review: "Review", source: str, digest: str, release: "Release"
) -> int:
    """Put what was accepted into the tables of a folder, all or nothing.

    Raises:
        UnpublishedError: a row does not fit, or a rule finds fault with what it states.
    """
    from careatlas.loaders.claim_tables import RejectedRowsError, editable, merge
    from careatlas.loaders.review.publishing import Mine, crosswalk, planned

    folder, begun = editable(options.data)
    if begun:
        say(f"{folder} was not there: it begins as a copy of the tables that ship")
    mine = Mine(folder, source, review)
    plan = planned(review, source, crosswalk(folder, source, mine))
    mine.give_way(plan)
    for one in review.items:
        if review.verdict(one) in {"accept", "change"} and one.of and review.waits(one):
            say(f"waits: {one.id}, whose deployment {one.of} is not accepted")
    if not review.taken() and not mine.rows:
        say("nothing is accepted yet: nothing was published")
        return 0
    row = _source_row(options, folder, source, digest)
    plan.said_by(row["publisher"])
    tables = {**plan.tables, **_request(options, folder, plan)}
    checked = _Checked(source, plan)
    try:
        with progress() as step:
            step("validating")
            tallies = merge(folder, row, tables, mine=mine, approve=checked)
    except RejectedRowsError as rejected:
        raise UnpublishedError(_lines(rejected, plan)) from None
    for line in checked.said[:SHOWN]:
        say(line)
    if len(checked.said) > SHOWN:
        say(f"and {len(checked.said) - SHOWN} more findings that are no violations")
    for tally in tallies:
        if tally.file.startswith("reviews/") or Path(tally.file).stem in tables:
            print(
                f"{tally.file}: rows {tally.rows} records {tally.records} rejects {tally.rejects}"
            )
    if not row["derived_from"]:
        _say_of_echoes(options.file, source, release)
    say(f"Next: careatlas build --data {shlex.quote(str(folder))}")
    return 0


def _say_of_echoes(file: Path, source: str, release: "Release") -> None:
    """Say which sources the document seems to repeat: that is for a person to decide."""
    from careatlas.echoing import proposals

    mine = {source, str(file)}
    found = Counter(echo.original for echo in proposals([file], release, None) if echo.copy in mine)
    for original, count in sorted(found.items()):
        places = "a place" if count == 1 else f"{count} places"
        say(
            f"it repeats {original} in {places} (see `careatlas echoes`): if it was taken from there, "
            f"publish again with --derived-from {original}, so that it confirms nothing"
        )


def _source_row(
    options: argparse.Namespace, folder: Path, source: str, digest: str
) -> dict[str, str]:
    """The row of sources.csv: what was given, what is asked for, and which bytes were read."""
    from careatlas.loaders.rows import rows

    given = {name: getattr(options, name) or "" for name in (*ASKED, "derived_from")}
    path = folder / "sources.csv"
    entries = rows(path, "sources.csv") if path.is_file() else iter(())
    known = (cells for _, cells in entries if isinstance(cells, dict) and cells.get("id") == source)
    if row := next(known, None):
        given["derived_from"] = given["derived_from"] or row.get("derived_from", "")
    else:
        _ask_for(given, source)
        given["file"] = options.file.name
    return {"id": source, **given, "sha256": digest}


def _ask_for(given: dict[str, str], source: str) -> None:
    """Ask a person at a terminal for what is known of the document.

    Raises:
        UsageError: nobody can be asked, and something required was not given.
    """
    missing = [name for name in REQUIRED if not given[name]]
    if not missing:
        return
    if not sys.stdin.isatty():
        flags = " and ".join(f"--{name}" for name in missing)
        raise UsageError(f"{source} is a new source: say what it is with {flags}")
    from careatlas.completion import completing
    from careatlas.loaders.review.cells import schemes

    kinds = list(schemes()["source-kind"])
    print(f"{source} is a new source. Its kind is one of: {', '.join(kinds)}")
    for name in [name for name in ASKED if not given[name]]:
        optional = "" if name in REQUIRED else " (Enter where not known)"
        with completing(kinds if name == "kind" else [], ""):
            given[name] = input(f"{name}{optional}: ").strip()
        if name in REQUIRED and not given[name]:
            raise UsageError(f"a source has a {name}: give it, or write --{name}")


def _request(
    options: argparse.Namespace, folder: Path, plan: "Plan"
) -> dict[str, list[dict[str, str]]]:
    """The request that a document answers, if one is given.

    Raises:
        UsageError: it is given in part only, or answers have none.
    """
    from careatlas.graph.terms import slug
    from careatlas.loaders.review.publishing import WHOLE

    sent = options.sent_on.isoformat() if options.sent_on else ""
    given = {"name": options.asked, "sent_on": sent, "scope": options.scope}
    there = (folder / "claims" / plan.source / "requests.csv").is_file()
    if not any(given.values()) and (there or "disclosures" not in plan.tables):
        return {}
    if not all(given.values()):
        says = "say which request the answers in it answer, with --asked, --sent-on and --scope"
        raise UsageError(f"{says}; a document that answers none has no disclosures: reject those")
    place = {"source": plan.source, "locator": WHOLE}
    return {"requests": [{"key": slug(options.asked), **given, **place}]}


def _lines(rejected: "RejectedRowsError", plan: "Plan") -> list[str]:
    found = []
    for one in rejected.rejects:
        proposal = plan.of.get((one.table, one.key))
        found.append(f"{proposal}: {one.reason}" if proposal else str(one))
    return found


class _Checked:
    """Judges what the tables would say by the rules of a build, and keeps what it has to say."""

    def __init__(self, source: str, plan: "Plan") -> None:
        self.source = source
        self.plan = plan
        self.said: list[str] = []

    def __call__(self, found: "Harvest") -> None:
        """Refuse what violates a rule.

        Raises:
            UnpublishedError: something does; each is named with its proposal.
        """
        from pyoxigraph import Store

        from careatlas.build import assemble
        from careatlas.graph.derive import derive
        from careatlas.graph.findings import SEVERITIES
        from careatlas.graph.validate import validate

        store = Store()
        store.extend(assemble(found))
        derive(store, found.latest)
        of = self._of(found)
        bad = []
        for finding in sorted(validate(store), key=lambda one: SEVERITIES.index(one.severity)):
            named = of.get(finding.focus)
            if finding.severity == "Violation":
                bad.append(_said(finding, named))
            elif named:
                self.said.append(f"{finding.severity}: {_said(finding, named)}")
        if bad:
            raise UnpublishedError(bad)

    def _of(self, found: "Harvest") -> dict[str, list[str]]:
        """The proposals behind each thing that the new rows speak of."""
        from careatlas.graph.sources import NameMatch
        from careatlas.graph.statements import Statements

        of: dict[str, list[str]] = {}
        for record in found.records:
            if record.source != self.source:
                continue
            key = record.row_key
            if isinstance(record, NameMatch):
                key = "/".join(filter(None, (record.kind, record.printed, record.only_in)))
            proposal = self.plan.of.get((record.table, key))
            if proposal is None:
                continue
            stated = Statements(found.editions[self.source], found.editions)
            record.describe(stated)
            for subject in {
                quad.subject.value for quad in stated.quads if hasattr(quad.subject, "value")
            }:
                of.setdefault(subject, []).append(proposal)
        return of


def _said(finding: "Finding", proposals: list[str] | None) -> str:
    from careatlas.graph.terms import ID

    whose = ", ".join(sorted(set(proposals))) if proposals else finding.focus
    return f"{whose}: {finding.message} ({finding.rule})".replace(ID, "")
