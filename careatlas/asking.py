"""Drafting a request for information from what is not known of a trust, or of those of a region."""

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import Parser, UsageError, day
from careatlas.output import say

if TYPE_CHECKING:
    from careatlas.graph.labels import Labels
    from careatlas.graph.release import Release
    from careatlas.loaders.answers.request import Draft

SUFFIXES = (".md", ".txt", ".xlsx")
PLACES = ("trust", "region", "icb")


def ask_for_flags(parser: Parser) -> None:
    """Add the flags of `careatlas ask-for`."""
    parser.add_argument("whom", metavar="TRUST|REGION|ICB", help="who is to be asked")
    parser.add_argument(
        "-o", "--output", type=Path, metavar="FILE", help="a .md, .txt or .xlsx file, one a trust"
    )
    parser.add_argument("--as-of", type=day, metavar="DATE", help="the day of the request (today)")
    parser.add_argument(
        "--stale-before",
        type=day,
        metavar="DATE",
        help="ask again for a status from before this day (a year before the request)",
    )


def ask_for(options: argparse.Namespace, _: list[str]) -> int:
    """Draft a request to each trust of which something is not known, and write it."""
    from careatlas.graph.labels import Labels
    from careatlas.loaders.answers.request import drafts, letter
    from careatlas.opening import current

    output: Path | None = options.output
    if output is not None and output.suffix.lower() not in SUFFIXES:
        raise UsageError(f"{output} can be {', '.join(SUFFIXES)}: end its name with one of these")
    release = current(options)
    sent = options.as_of or date.today()
    stale = options.stale_before or _year_before(sent)
    kind, iri = found(Labels(release.labels), options.whom)
    gaps = _gaps(release, kind, iri, stale.isoformat())
    made = drafts(gaps, sent.isoformat(), _documents(release))
    if not made:
        say(f"there is nothing to ask of {options.whom}: nothing is missing, or it is closed")
        return 0
    if output is None:
        print("\n\n".join(letter(draft) for draft in made), end="")
        return 0
    for draft, path in zip(made, _paths(output, made), strict=True):
        _write(draft, path)
        count = len(draft.form.questions)
        say(f"{path}: {count} question{'' if count == 1 else 's'} to {draft.trust}")
    return 0


def _year_before(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year - 1, day=28 if leap else day.day)


def found(labels: "Labels", typed: str) -> tuple[str, str]:
    """The trust, region or board that goes by a name, with its kind.

    Raises:
        UnknownNameError: none does.
        AmbiguousNameError: several do.
    """
    from careatlas.graph.labels import AmbiguousNameError, UnknownNameError, key

    matches: dict[str, str] = {}
    several: AmbiguousNameError | None = None
    for kind in PLACES:
        own = {iri for _, iri, _ in labels.rows.get(kind, [])}
        try:
            iri = labels.find(kind, typed)
        except UnknownNameError:
            continue
        except AmbiguousNameError as error:
            several = several or error
            continue
        if iri in own:
            matches[kind] = iri
    wanted = key(typed)
    exact = {
        kind: iri
        for kind, iri in matches.items()
        if typed == iri
        or any(form == wanted and thing == iri for form, thing, _ in labels.rows[kind])
    }
    chosen = exact if len(exact) == 1 else matches
    if len(chosen) == 1:
        return next(iter(chosen.items()))
    what = "trust, region or board"
    if chosen:
        names = [
            next(label for _, thing, label in labels.rows[kind] if thing == iri)
            for kind, iri in chosen.items()
        ]
        raise AmbiguousNameError(what, typed, names)
    if several:
        raise AmbiguousNameError(what, typed, several.found)
    near = [name for kind in PLACES for name in labels.nearest(kind, typed, 2)]
    raise UnknownNameError(what, typed, list(dict.fromkeys(near)))


def _documents(release: "Release") -> dict[str, str]:
    """The title of each source, with its address where it has one."""
    return {
        name: f"{one['title']} ({one['url']})" if one["url"] else one["title"]
        for name, one in release.manifest["sources"].items()
    }


def _gaps(release: "Release", kind: str, iri: str, stale: str) -> list[dict[str, str]]:
    """The gaps of a trust, or of the trusts of a region or board."""
    values = {"stale_before": stale}
    if kind == "trust":
        return _rows(release, "gaps", values | {"trust": iri})
    codes = {row["ods"] for row in _rows(release, "trusts", {kind: iri, "open": "yes"})}
    return [row for row in _rows(release, "gaps", values) if row["ods"] in codes]


def _rows(release: "Release", name: str, values: dict[str, str]) -> list[dict[str, str]]:
    from careatlas.graph import questions
    from careatlas.graph.answer import answer
    from careatlas.graph.labels import Labels

    question = questions.get(name)
    got = answer(release.store, Labels(release.labels), question, values, rows_alone=True)
    return [dict(zip(got.columns, row, strict=True)) for row in got.rows]


def _paths(output: Path, made: Sequence["Draft"]) -> list[Path]:
    """A file for each trust; where there are several, its code goes into the name."""
    if len(made) == 1:
        return [output]
    return [output.with_stem(f"{output.stem}-{draft.form.of}") for draft in made]


def _write(draft: "Draft", path: Path) -> None:
    from careatlas.loaders.answers.request import letter
    from careatlas.loaders.answers.workbook import write

    suffix = path.suffix.lower()
    if suffix == ".xlsx":
        path.write_bytes(write(draft.form))
    else:
        path.write_text(letter(draft, marked=suffix == ".md"), encoding="utf-8")
