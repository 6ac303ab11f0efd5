"""Answers to requests: loading tables of them, and the form that goes out with a request."""

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.arguments import Parser, UsageError
from careatlas.output import say
from careatlas.settings import from_environment

if TYPE_CHECKING:
    from careatlas.loaders.answers.load import Answers
    from careatlas.loaders.answers.mapping import Mapping
    from careatlas.loaders.reading.cells import Book
    from careatlas.loaders.tables import Tally

Command = Callable[..., Parser]


def answer_commands(command: Command) -> None:
    """Add the commands `template` and `ask-for`."""
    from careatlas.asking import ask_for, ask_for_flags

    sub = command(
        "template", _template, "write the form that goes out with a request, or an empty table"
    )
    sub.add_argument(
        "--of",
        choices=("answers", "devices"),
        default="answers",
        help="a form for answers, as XLSX, or a table of a register of devices, as CSV",
    )
    sub.add_argument("-o", "--output", type=Path, required=True, metavar="FILE")
    sub.add_argument("--name", default="", help="the name of the request")
    sub.add_argument("--sent-on", default="", metavar="DATE", help="the day on which it is sent")
    sub.add_argument("--scope", default="", help="what is asked about")
    ask_for_flags(command("ask-for", ask_for, "draft a request for what is not known of a trust"))


def answer_flags(sub: Parser) -> None:
    """Add the flags of `load` that tables of answers know."""
    sub.add_argument(
        "--mapping", type=Path, help="what the columns of answers mean; a form of ours needs none"
    )
    sub.add_argument(
        "--data", type=Path, help="folder of the tables (else those of the working copy)"
    )
    sub.add_argument(
        "--suggest-mapping", action="store_true", help="print a draft of a mapping, and stop"
    )


def load_answers(options: argparse.Namespace) -> int:
    """Load a table of answers into the tables, and publish a release."""
    from careatlas import data
    from careatlas.loaders.answers import load, suggest
    from careatlas.loaders.claim_tables import editable
    from careatlas.loaders.reading import read_cells

    if len(options.files) != 1:
        raise UsageError("answers are loaded one file at a time")
    file = options.files[0]
    book = read_cells(file)
    if options.suggest_mapping:
        print(suggest.suggest(book), end="")
        return 0
    mapping = _mapping(options, file, book)
    name = str(options.mapping or file)
    there = options.data is not None and options.data.exists()
    answers = load.read(file, book, mapping, name, options.data if there else data.folder())
    _asides(answers)
    if options.dry_run:
        tallies, release = _tried(answers, options.data if there else data.folder()), ""
    else:
        folder, begun = editable(options.data)
        if begun:
            say(f"{folder} did not exist: it begins as a copy of the tables that ship")
        tallies, release = _published(options, answers, folder)
    return _report(options, answers, tallies, release)


def _mapping(options: argparse.Namespace, file: Path, book: "Book") -> "Mapping":
    """The mapping given, else that of a form of ours.

    Raises:
        UsageError: neither is there, or both are.
    """
    from careatlas.loaders.answers.filled import filled
    from careatlas.loaders.answers.mapping import read_mapping

    if options.mapping:
        mapping = read_mapping(options.mapping)
        if options.source and options.source != mapping.source.id:
            raise UsageError(f"--source differs from the mapping, which says {mapping.source.id}")
        return mapping
    found = filled(book, str(file), options.source or "")
    if found is None:
        raise UsageError(
            f"{file} is no form of ours: say with --mapping what its columns mean"
            " (--suggest-mapping prints a draft)"
        )
    return found


def _asides(answers: "Answers") -> None:
    """Say what gave no claim, and why."""
    for name in answers.hidden:
        say(f"the sheet {name} is hidden, and was not read")
    for place in answers.unread:
        say(f"{place}: not read, for the mapping does not speak of it")
    for kind, asides in (
        ("left out", answers.claims.left_out),
        ("reject", answers.claims.rejects),
        ("remark", answers.claims.remarks),
    ):
        for aside in asides:
            say(f"{kind} {aside}")
    if names := answers.claims.tables.get("crosswalk"):
        for row in names:
            say(f"{row['kind']} {row['printed']!r} ({row['locator']}): {row['reason']}")


def _tried(answers: "Answers", folder: Path) -> "list[Tally]":
    """What loading would give, in a copy that goes away."""
    import tempfile

    from careatlas.loaders.answers import load
    from careatlas.loaders.claim_tables import copied

    with tempfile.TemporaryDirectory() as scratch:
        return load.write(answers, copied(folder, Path(scratch) / "tables"))


def _published(
    options: argparse.Namespace, answers: "Answers", folder: Path
) -> "tuple[list[Tally], str]":
    """Load into a copy, publish a release of it, and only then change the tables."""
    import tempfile

    from careatlas.build import build
    from careatlas.graph.release import Releases
    from careatlas.loaders.answers import load
    from careatlas.loaders.claim_tables import copied
    from careatlas.output import progress

    with tempfile.TemporaryDirectory() as scratch, progress() as step:
        trial = copied(folder, Path(scratch) / "tables")
        load.write(answers, trial)
        kept = Releases(from_environment(options.home).home)
        built = build(trial, kept, progress=step)
        return load.write(answers, folder), built.release.name


def _report(
    options: argparse.Namespace, answers: "Answers", tallies: "list[Tally]", release: str
) -> int:
    said = answers.claims
    counts = {
        "rows": said.rows,
        "records": said.taken,
        "left_out": len(said.left_out),
        "rejects": len(said.rejects),
    }
    if options.format == "json":
        import json

        whole: dict[str, object] = {
            **counts,
            "source": answers.mapping.source.id,
            "tables": {name: len(rows) for name, rows in sorted(said.tables.items())},
            "reasons": {
                "left_out": [str(aside) for aside in said.left_out],
                "rejects": [str(aside) for aside in said.rejects],
            },
            "release": release,
        }
        print(json.dumps(whole, ensure_ascii=False, indent=2))
        return 0
    print(" ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()))
    for tally in tallies:
        print(f"{tally.file}: rows {tally.rows} records {tally.records} rejects {tally.rejects}")
    print(f"release {release}" if release else "nothing was written: this was a dry run")
    return 0


def _template(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.loaders.answers.fields import iso
    from careatlas.loaders.answers.form import Form
    from careatlas.loaders.answers.workbook import write

    if options.of == "devices":
        return _devices(options)
    if options.output.suffix.lower() != ".xlsx":
        raise UsageError(f"{options.output} is no name of a workbook: end it with .xlsx")
    try:
        sent = iso(options.sent_on) if options.sent_on else ""
    except ValueError as wrong:
        raise UsageError(f"--sent-on: {wrong}") from None
    form = Form(name=options.name, sent_on=sent, scope=options.scope)
    options.output.write_bytes(write(form))
    say(f"{options.output} is written")
    return 0


def _devices(options: argparse.Namespace) -> int:
    """Write the headings under which any register of devices can be loaded."""
    from careatlas.loaders.devices.columns import TEMPLATE

    if options.output.suffix.lower() != ".csv":
        raise UsageError(f"{options.output} is no name of a table: end it with .csv")
    options.output.write_text(",".join(TEMPLATE) + "\n", encoding="utf-8")
    say(f"{options.output} is written")
    return 0
