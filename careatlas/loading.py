"""Loading registers and feeds as sources beside the tables, and withdrawing them."""

import argparse
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from careatlas.answering import answer_flags, load_answers
from careatlas.arguments import Parser, UsageError
from careatlas.fetching import fetch_commands
from careatlas.keeping import by_policy
from careatlas.output import say
from careatlas.settings import from_environment

if TYPE_CHECKING:
    from careatlas.graph.release import Releases
    from careatlas.loaders.feed import Collected, Feed

KINDS = ("answers", "claims", "devices", "ocds", "ods")
MOST = 0.2
"""A source that grew or shrank by more than this share of its records is held."""
SHOWN = 40
"""Columns, rejects and proposals beyond this many are counted; all stand in the report of the release."""
FLAGS = {
    "mapping": {"answers"},
    "suggest_mapping": {"answers"},
    "published": {"claims", "devices", "ocds", "ods"},
    "all": {"devices", "ocds", "ods"},
    "decisions": {"ocds"},
    "accept_change": {"claims", "devices", "ocds", "ods"},
}
"""The flags that say something to some kinds only, and to which."""
Command = Callable[..., Parser]


class HeldError(ValueError):
    """A source whose size changed so much that somebody should look first."""

    def __init__(self, source: str, before: int, after: int) -> None:
        super().__init__(source, before, after)
        self.source = source
        self.before = before
        self.after = after

    def __str__(self) -> str:
        share = f"{(self.after - self.before) / self.before:+.0%}"
        return (
            f"{self.source} had {self.before} records and would have {self.after} ({share}): "
            "nothing was published; --accept-change does it all the same"
        )


class NothingTakenError(ValueError):
    """Files of which no row holds."""

    def __init__(self, source: str, rejects: int) -> None:
        super().__init__(source, rejects)
        self.source = source
        self.rejects = rejects

    def __str__(self) -> str:
        return f"{self.source}: none of {self.rejects} rows holds, as told above; nothing was published"


def load_commands(command: Command) -> None:
    """Add the commands `fetch`, `load` and `withdraw`."""
    fetch_commands(command)
    sub = command("load", _load, "add a file of a known kind, and publish a release")
    sub.add_argument("kind", choices=KINDS, metavar="KIND", help=f"what it is: {', '.join(KINDS)}")
    sub.add_argument("files", type=Path, nargs="+", metavar="FILE")
    sub.add_argument("--source", metavar="ID", help="the id of the source (else its own)")
    sub.add_argument("--dry-run", action="store_true", help="check everything, and write nothing")
    sub.add_argument("--format", choices=("text", "json"), default="text")
    sub.add_argument(
        "--published", metavar="DATE", help="when it came out, if the files do not say"
    )
    sub.add_argument("--all", action="store_true", help="keep what the graph is not about, too")
    sub.add_argument(
        "--accept-change",
        action="store_true",
        help="publish even if the source grew or shrank by more than a fifth",
    )
    sub.add_argument(
        "--decisions",
        type=Path,
        metavar="CSV",
        help="what was decided on notices (else among the tables)",
    )
    answer_flags(sub)
    sub = command("withdraw", _withdraw, "take a source that was loaded out of the release")
    sub.add_argument("source", metavar="SOURCE", help="its id")


def _load(options: argparse.Namespace, _: list[str]) -> int:
    for flag, kinds in FLAGS.items():
        if getattr(options, flag) and options.kind not in kinds:
            said = flag.replace("_", "-")
            raise UsageError(
                f"--{said} says nothing to {options.kind}, only to {', '.join(sorted(kinds))}"
            )
    return load_answers(options) if options.kind == "answers" else _load_feed(options)


def _load_feed(options: argparse.Namespace) -> int:
    """Load files of a register or feed as one source, and publish a release."""
    from careatlas.build import change
    from careatlas.loaders.feed import collect
    from careatlas.opening import opened
    from careatlas.output import progress

    kept = _kept(options)
    current = opened(kept, "current", say)
    feed = _feed(options)
    source = feed.source.id
    with by_policy(kept), progress() as step:
        step(f"reading {source}")
        found = collect(feed, {}, keep=not options.dry_run, folder=kept.home)
        account = _account(options, feed, found)
        _asides(found)
        if found.rejects and len(found.rejects) == found.rows:
            raise NothingTakenError(source, found.rows)
        before = current.made_of.get(source)
        if before and not options.accept_change:
            _held(source, before["records"], found.records)
        if options.dry_run:
            return _report(options, account, "")
        with kept.locked():
            with closing(found.quads) as quads:
                fresh = kept.sources.keep(source, quads, account)
            built = change(kept, source, fresh, progress=step)
    return _report(options, account, built.release.name)


def _feed(options: argparse.Namespace) -> "Feed":
    from importlib import import_module

    from careatlas import data
    from careatlas.loaders.feed import Wanted
    from careatlas.loaders.snapshots import expand

    files = expand(
        _tables(options.files) if options.kind == "claims" else options.files, options.kind
    )
    for gap in files.gaps:
        say(gap)
    published = options.published or files.published
    tables = options.data or data.folder()
    decisions = _decisions(options, tables)
    wanted = Wanted(options.source, published, options.all, tables, decisions, say)
    opened: Feed = import_module(f"careatlas.loaders.{options.kind}").feed(
        list(files.files), wanted
    )
    return opened


def _decisions(options: argparse.Namespace, tables: Path) -> Path | None:
    """The table of decisions that was named, which must be there, else the one among the tables."""
    from careatlas.loaders.tables import NOTICE_DECISIONS

    if options.decisions:
        with options.decisions.open("rb"):
            return Path(options.decisions)
    lies = options.kind == "ocds" and (tables / NOTICE_DECISIONS).is_file()
    return tables / NOTICE_DECISIONS if lies else None


def _tables(paths: list[Path]) -> list[Path]:
    """The files named, and the tables of each folder named."""
    return [
        one for path in paths for one in (sorted(path.glob("*.csv")) if path.is_dir() else [path])
    ]


def _account(options: argparse.Namespace, feed: "Feed", found: "Collected") -> dict[str, Any]:
    return {
        "kind": options.kind,
        "source": feed.source.told,
        "rows": found.rows,
        "records": found.records,
        "left_out": found.left_out.total(),
        "rejects": len(found.rejects),
        "left_out_by": dict(sorted(found.left_out.items())),
        "passed_over": found.passed_over,
        "rejected": [str(reject) for reject in found.rejects],
        "proposed": found.proposals,
    }


def _held(source: str, before: int, after: int) -> None:
    if before and abs(after - before) > MOST * before:
        raise HeldError(source, before, after)


def _asides(found: "Collected") -> None:
    columns = [f"{column}, which is none of those that are taken" for column in found.passed_over]
    _told("passed over", "columns", columns)
    for reason, count in sorted(found.left_out.items()):
        say(f"left out {count}: {reason}")
    _told("reject", "rejects", found.rejects)
    _told("propose", "proposals", found.proposals)


def _told(word: str, several: str, asides: Sequence[object]) -> None:
    for aside in asides[:SHOWN]:
        say(f"{word} {aside}")
    if len(asides) > SHOWN:
        say(f"… and {len(asides) - SHOWN} more {several} in the report of the release")


def _report(options: argparse.Namespace, account: dict[str, Any], release: str) -> int:
    import json

    counts = {name: account[name] for name in ("rows", "records", "left_out", "rejects")}
    if options.format == "json":
        told = {**counts, "release": release or None}
        lists = ("left_out_by", "passed_over", "rejected", "proposed")
        told |= {name: account[name] for name in lists}
        print(json.dumps(told, ensure_ascii=False, indent=2))
        return 0
    print(" ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
    print(f"release {release}" if release else "nothing was written: this was a dry run")
    return 0


def _withdraw(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.build import change
    from careatlas.output import progress

    kept = _kept(options)
    with by_policy(kept), progress() as step:
        built = change(kept, options.source, None, progress=step)
    print(f"release {built.release.name}")
    print(built.summary)
    return 0


def _kept(options: argparse.Namespace) -> "Releases":
    from careatlas.graph.release import Releases

    return Releases(from_environment(options.home).home)
