"""Reviewing what a document seems to say, or which notices are kept: on the terminal and in a spreadsheet."""

import argparse
import getpass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import Parser, UsageError, day
from careatlas.extracting import RECORDS
from careatlas.output import say

if TYPE_CHECKING:
    from careatlas.graph.labels import Labels
    from careatlas.graph.release import Release
    from careatlas.loaders.decisions import Reviewer
    from careatlas.loaders.extraction import Candidates, Gazetteer
    from careatlas.loaders.review import Proposal, Review

SOURCE = ("kind", "title", "publisher", "url", "published")
"""What is asked about the document itself before its first claims are published."""
OF_DOCUMENTS = (
    *("source", "published", "as_at", "record", "trust", "below", "accept_above", "publish"),
    *("kind", "title", "publisher", "url", "derived_from", "asked", "sent_on", "scope"),
)
"""The flags that say nothing to notices."""


def review_flags(parser: Parser) -> Parser:
    """The parser with the flags of `careatlas review`."""
    parser.add_argument(
        "files", type=Path, nargs="+", metavar="FILE", help="the document, or files of notices"
    )
    parser.add_argument(
        "--of",
        choices=("document", "ocds"),
        default="document",
        help="what FILE is: a document, or what `load ocds` takes",
    )
    parser.add_argument(
        "--source", metavar="ID", help="the document's id (else found, or its name)"
    )
    parser.add_argument(
        "--decisions",
        type=Path,
        metavar="CSV",
        help="where decisions are kept (else beside FILE; of notices, among the tables)",
    )
    parser.add_argument("--by", metavar="NAME", help="who decides (else who is logged in)")
    parser.add_argument("--on", type=day, metavar="DATE", help="the day of deciding (else today)")
    parser.add_argument(
        "--published", metavar="DATE", help="when FILE came out (else what it says itself)"
    )
    parser.add_argument(
        "--as-at", type=day, metavar="DATE", help="the day that answers speak of (else FILE's)"
    )
    some = parser.add_argument_group("which proposals")
    some.add_argument("--record", choices=RECORDS, help="one kind of record alone")
    some.add_argument("--trust", metavar="TRUST", help="those about one trust")
    some.add_argument("--below", type=_share, metavar="SHARE", help="those less sure than this")
    some.add_argument("--undecided", action="store_true", help="those not decided yet")
    does = parser.add_argument_group("instead of asking").add_mutually_exclusive_group()
    does.add_argument("--to-csv", type=Path, metavar="OUT", help="write a sheet (.csv or .xlsx)")
    does.add_argument("--from-csv", type=Path, metavar="IN", help="take in a sheet, all or nothing")
    does.add_argument(
        "--accept-above", type=_share, metavar="SHARE", help="accept what is surer than this"
    )
    does.add_argument(
        "--publish", action="store_true", help="put what was accepted into the tables"
    )
    to = parser.add_argument_group("with --publish")
    to.add_argument("--data", type=Path, help="folder of the tables (else those of a working copy)")
    for name in [name for name in SOURCE if name != "published"]:
        to.add_argument(f"--{name}", help=f"the document's {name}, for sources.csv")
    to.add_argument(
        "--derived-from", metavar="ID", help="the source that it repeats: its echo confirms nothing"
    )
    to.add_argument("--asked", metavar="NAME", help="the request that the document answers")
    to.add_argument("--sent-on", type=day, metavar="DATE", help="when that request was sent")
    to.add_argument("--scope", help="what that request asked about")
    return parser


def _share(value: str) -> float:
    try:
        share = float(value)
    except ValueError:
        share = -1
    if not 0 <= share <= 1:
        raise argparse.ArgumentTypeError(f"{value!r} is no share: write a number from 0 to 1")
    return share


def review(options: argparse.Namespace, release: "Release") -> int:
    """Review a document in the way that was asked for.

    Raises:
        UsageError: nobody is named who decides.
    """
    from careatlas.loaders.decisions import Reviewer
    from careatlas.loaders.reading import digest
    from careatlas.loaders.review import Log, Review, proposed
    from careatlas.loaders.review.cells import columns
    from careatlas.loaders.review.state import accepted_above

    held = digest(options.file)
    source, published = _source(options, release, held)
    labels, names = _names(release)
    as_at = _as_at(options, source)
    found = _candidates(options.file, names, source, published)
    path = options.decisions or options.file.with_name(f"{options.file.name}.decisions.csv")
    state = Review(proposed(found, names, as_at), Log(path), names)
    day_of = (options.on or date.today()).isoformat()
    who = Reviewer(who_decides(options), day_of, held[:12], _given(options))
    dated = [one for one in state.given if "reported" in columns(one.table)]
    if dated and not any(one.cells.get("reported") for one in dated):
        say("the document does not say when it came out: give --published DATE")
    _say_of_decisions(state, who)
    if options.publish:
        from careatlas.review_publishing import publish

        return publish(options, state, source, held, release)
    chosen = _chosen(options, state, labels, names)
    if options.to_csv or options.from_csv:
        _in_sheet(options, state, chosen, who)
    elif options.accept_above is not None:
        accepted, left = accepted_above(state, options.accept_above, who, chosen)
        for line in left:
            say(f"left to a person: {line}")
        say(
            f"{len(accepted)} accepted above {options.accept_above:.2f} by {who.by}, kept in {path}"
        )
    else:
        from careatlas.loaders.review.known import Known
        from careatlas.review_terminal import Terminal

        known = Known(release.store, labels, names)
        return Terminal(state, chosen, who, known).start(options.file)
    say(state.progress)
    return 0


def _in_sheet(
    options: argparse.Namespace, state: "Review", chosen: "list[Proposal]", who: "Reviewer"
) -> None:
    """Write the sheet that was asked for, or take it in."""
    from careatlas.loaders.review import sheet

    if options.to_csv:
        sheet.write(options.to_csv, state, chosen)
        say(f"{count(len(chosen), 'proposal')} written to {options.to_csv}")
        return
    made = sheet.decisions(options.from_csv, state, who)
    state.record(*made)
    say(f"{count(len(made), 'new decision')} by {who.by}, kept in {state.log.path}")


def count(number: int, thing: str) -> str:
    """So many things, in words."""
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _source(options: argparse.Namespace, release: "Release", digest: str) -> tuple[str, str]:
    """The document's id, and when it came out as far as known."""
    from careatlas.graph.terms import slug

    sources = release.manifest["sources"]
    held = next((name for name, one in sources.items() if one["sha256"] == digest), None)
    source = options.source or held or slug(options.file.stem)
    if held and held != source:
        say(f"the release knows this document as {held}: review it so, or its claims stand twice")
    return source, options.published or sources.get(source, {}).get("published") or ""


def _as_at(options: argparse.Namespace, source: str) -> str:
    """The day that answers speak of: the one given, else that on which the request was sent."""
    given = options.as_at or options.sent_on
    if given or not options.publish:
        return given.isoformat() if given else ""
    from careatlas import data
    from careatlas.loaders.rows import rows

    path = (options.data or data.folder()) / "claims" / source / "requests.csv"
    asked = [cells for _, cells in rows(path, path.name)] if path.is_file() else []
    days = [cells["sent_on"] for cells in asked if isinstance(cells, dict)]
    return days[0] if len(days) == 1 else ""


def _given(options: argparse.Namespace) -> frozenset[str]:
    """The columns that flags fill, so that decisions keep what stands in no document."""
    found = {"reported"} if options.published else set()
    return frozenset(found | ({"as_at"} if options.as_at or options.sent_on else set()))


def _names(release: "Release") -> "tuple[Labels, Gazetteer]":
    from careatlas.graph.labels import Labels
    from careatlas.loaders.extraction.catalogue import gazetteer

    labels = Labels(release.labels)
    return labels, gazetteer(release.store, labels)


def _candidates(file: Path, names: "Gazetteer", source: str, published: str) -> "Candidates":
    """What the document seems to say; nothing turns meanwhile, for those who have the screen read to them."""
    from careatlas.loaders.extraction import extract
    from careatlas.loaders.reading import read

    return extract(read(file), names, source, published)


def who_decides(options: argparse.Namespace) -> str:
    """The name given, else that of who is logged in, which is said."""
    if options.by:
        return str(options.by)
    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        raise UsageError("nobody is logged in by name: say who decides with --by NAME") from None
    say(f"deciding as {name}; --by NAME says another")
    return name


def _say_of_decisions(state: "Review", who: "Reviewer") -> None:
    """Say which decisions are on another state of the document, or on what it no longer gives."""
    if older := state.of_other_bytes(who.document):
        say(f"the document has changed since {count(len(older), 'decision')}, which still stand")
    for stray in state.strays():
        say(
            f"no longer found: {stray.proposal} ({stray.locator}), "
            f"which {stray.by} decided to {stray.verdict} on {stray.on}"
        )


def _chosen(
    options: argparse.Namespace, state: "Review", labels: "Labels", names: "Gazetteer"
) -> "list[Proposal]":
    """The proposals that the flags ask for."""
    trust = labels.find("trust", options.trust) if options.trust else ""

    def wanted(one: "Proposal") -> bool:
        return (
            (not options.record or one.table == options.record)
            and (options.below is None or one.found.confidence < options.below)
            and (not options.undecided or not state.decided(one))
            and (not trust or trust in _whose(state, one, names))
        )

    return [one for one in state.items if wanted(one)]


def _whose(state: "Review", one: "Proposal", names: "Gazetteer") -> set[str]:
    """The IRIs of the organisations that a proposal can be about."""
    about = state.get(one.of) if one.of else one
    cells = state.cells(about)
    columns = [name for name in ("trust", "organisation", "party") if cells.get(name)]
    return {
        entity.iri
        for name in columns
        for entity in names.find(cells.get(f"{name}_is") or cells[name], "trust", "organisation")
    }
