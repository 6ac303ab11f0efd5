"""The command: each sub-command calls one function below; results to stdout, all else to stderr.

Exit status: 0 done; 1 the data does not conform, or a named thing is not found; 2 wrong usage.
"""

import argparse
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from careatlas.answering import answer_commands
from careatlas.arguments import Parser, QuestionHelp, UsageError, Version, day, question_values
from careatlas.backing import backing_commands
from careatlas.documents import document_commands
from careatlas.exporting import export_flags, write_export
from careatlas.keeping import by_policy, keeping_command
from careatlas.loading import load_commands
from careatlas.publishing import publishing_command
from careatlas.routing import route_flags, write_routes
from careatlas.serving import serve_flags
from careatlas.settings import from_environment

if TYPE_CHECKING:
    from careatlas.graph.questions import Question
    from careatlas.graph.release import Releases

PURPOSE = "Who uses which AI in the English health service, how they got it, and how we know."
FORMATS = ("table", "csv", "json")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit status."""
    from careatlas.output import settle

    try:
        with settle():
            return _run(list(sys.argv[1:] if arguments is None else arguments))
    except BrokenPipeError:
        return 0
    except UsageError as error:
        return _fail(error, 2)
    except (RuntimeError, MemoryError) as error:
        return _fail(_of_engine(error), 1)
    except (LookupError, ValueError, OSError) as error:
        return _fail(error, 2 if type(error).__name__ == "ParameterError" else 1)
    except KeyboardInterrupt:
        return _fail("stopped", 130)


def _of_engine(error: RuntimeError | MemoryError) -> object:
    """What is said of a failure below us: where memory ends, or a block is not what was written, with what to do."""
    if isinstance(error, MemoryError):
        return "there is not enough memory: give it more, or ask for less"
    if not str(error).startswith("Corruption"):
        return error
    return f"the release is damaged ({error}): `careatlas releases --verify` says where, `careatlas build` makes it anew"


def _fail(problem: object, status: int) -> int:
    from careatlas.output import plain

    for note in getattr(problem, "__notes__", ()):
        print(note, file=sys.stderr, end="")
    print(f"careatlas: {plain(problem)}", file=sys.stderr)
    return status


def _run(arguments: list[str]) -> int:
    parser = _parser()
    chosen, rest = parser.parse_known_args(arguments)
    run: Callable[[argparse.Namespace, list[str]], int] = chosen.run
    if rest and run is not _ask:
        raise UsageError(f"unrecognised: {' '.join(rest)}; see `careatlas {chosen.command} --help`")
    return run(chosen, rest)


def _parser() -> Parser:
    parser = Parser(prog="careatlas", description=PURPOSE)
    parser.add_argument("--version", action=Version, nargs=0, help="print the version and stop")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")

    def command(
        name: str, run: Callable[[argparse.Namespace, list[str]], int], says: str, **more: object
    ) -> Parser:
        sub: Parser = commands.add_parser(name, help=says, description=says, **more)  # type: ignore[arg-type]
        sub.set_defaults(run=run)
        sub.add_argument("--home", help="folder of the releases (else CAREATLAS_HOME)")
        return sub

    sub = command("build", _build, "read every source, validate, derive and publish a release")
    sub.add_argument("--data", type=Path, help="folder of the tables (else those that ship)")
    sub.add_argument(
        "--as-of", type=day, metavar="DATE", help="the day that current status speaks of"
    )
    sub.add_argument("--engine", choices=("pyshifty", "pyshacl"), default="pyshifty")
    _format(command("questions", _questions, "list the questions that can be asked"))
    _ask_flags(
        command(
            "ask",
            _ask,
            "answer a question of the catalogue",
            epilog="A question's own parameters are given as --name VALUE; `careatlas ask NAME --help` lists them.",
            add_help=False,
        )
    )
    _format(route_flags(command("routes", _routes, "how a trust could get something, ranked")))
    sub = command("sparql", _sparql, "run any SPARQL 1.1 query on the current release")
    sub.add_argument("query", nargs="?", metavar="QUERY")
    sub.add_argument("-f", "--file", type=Path, help="read the query from a file")
    sub.add_argument("--release", default="current", help="ask an older release, by its hash")
    _format(sub)
    sub = command("validate", _validate, "validate the release, or RDF files together with it")
    sub.add_argument("files", nargs="*", type=Path, metavar="FILE")
    sub.add_argument("--engine", choices=("pyshifty", "pyshacl"), default="pyshifty")
    sub.add_argument("--format", choices=("text", "csv", "json", "turtle"), default="text")
    _format(keeping_command(command))
    backing_commands(command)
    sub = command(
        "diff",
        _diff,
        "what changed between two releases: deployments, answers, conflicts, notices, organisations",
    )
    sub.add_argument("before", metavar="A")
    sub.add_argument("after", metavar="B", nargs="?", default="current")
    _format(sub)
    export_flags(command("export", _export, "write a view of a release as a network, or RDF"))
    document_commands(command)
    load_commands(command)
    publishing_command(command)
    answer_commands(command)
    serve_flags(command("serve", _stay, "serve SPARQL, the API and linked data over HTTP"))
    command("mcp", _stay, "serve the questions as tools for language-model clients, on stdio")
    return parser


def _ask_flags(sub: Parser) -> None:
    sub.add_argument(
        "-h", "--help", action=QuestionHelp, nargs=0, help="show this help, or NAME's own, and stop"
    )
    sub.add_argument("question", metavar="NAME")
    sub.add_argument(
        "--show-query", action="store_true", help="print the SPARQL that runs, and stop"
    )
    sub.add_argument("--release", default="current", help="ask an older release, by its hash")
    _format(sub)


def _format(parser: Parser) -> None:
    parser.add_argument("--format", choices=FORMATS, help="table on a terminal, csv in a pipe")


def _kept(options: argparse.Namespace) -> "Releases":
    from careatlas.graph.release import Releases

    return Releases(from_environment(options.home).home)


def _build(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas import data
    from careatlas.build import build
    from careatlas.output import progress, say

    kept = _kept(options)
    folder = options.data or data.folder()
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is no folder of tables")
    with by_policy(kept), progress() as step:
        built = build(folder, kept, as_of=options.as_of, engine=options.engine, progress=step)
    print(f"release {built.release.name}")
    print(built.summary)
    print(f"report {built.release.path / 'report.txt'}")
    say(", ".join(f"{stage} {seconds} s" for stage, seconds in built.seconds.items()))
    return 0


def _questions(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.graph.questions import catalogue
    from careatlas.output import write

    def parameters(question: "Question") -> str:
        return "; ".join(f"{p.name} ({p.type})" for p in question.parameters)

    rows = [
        (q.name, q.title, parameters(q), "; ".join(q.columns), "; ".join(q.answers))
        for q in catalogue()
    ]
    write(("name", "title", "parameters", "columns", "answers"), rows, options.format)
    return 0


def _ask(options: argparse.Namespace, rest: list[str]) -> int:
    from careatlas.graph.questions import get
    from careatlas.opening import asked
    from careatlas.output import card, chosen

    question = get(options.question)
    values = question_values(question, rest)
    release = asked(options)
    from careatlas.graph.answer import answer, bind
    from careatlas.graph.labels import Labels

    labels = Labels(release.labels)
    if options.show_query:
        print(bind(question, values, labels), end="")
        return 0
    rows_alone = chosen(options.format) == "csv"
    found = answer(release.store, labels, question, values, rows_alone=rows_alone)
    card(found, release.name, options.format)
    return 0


def _routes(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.opening import current

    write_routes(options, current(options))
    return 0


def _sparql(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.graph import dataset
    from careatlas.opening import asked
    from careatlas.output import result

    if (options.query is None) == (options.file is None):
        raise UsageError("give a query, or a file with -f")
    try:
        text = options.file.read_text(encoding="utf-8-sig") if options.file else options.query
    except UnicodeDecodeError as error:
        raise UsageError(f"{options.file} is not UTF-8 text (byte {error.start})") from None
    store = asked(options).store
    try:
        found = dataset.query(store, text)
    except SyntaxError as error:
        raise UsageError(f"the query is not SPARQL: {' '.join(str(error).split())}") from None
    result(found, options.format)
    return 0


def _validate(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.opening import current
    from careatlas.output import findings
    from careatlas.validation import report_graph, validate_files

    release = current(options)
    if options.format == "turtle":
        report = report_graph(release.store, options.files, options.engine)
        print(report.serialize(format="turtle"), end="")
        found = validate_files(release.store, options.files, options.engine)
    else:
        found = validate_files(release.store, options.files, options.engine)
        findings(found, options.format)
    return 1 if any(finding.severity == "Violation" for finding in found) else 0


def _diff(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.graph.diff import COLUMNS, diff
    from careatlas.output import write

    kept = _kept(options)
    rows = diff(kept.get(options.before).store, kept.get(options.after).store)
    write(COLUMNS, [tuple(row) for row in rows], options.format)
    return 0


def _export(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.opening import current
    from careatlas.output import say

    release = current(options)
    written = write_export(options, release)
    say(f"release {release.name} written to {' and '.join(map(str, written))}")
    return 0


def _stay(options: argparse.Namespace, _: list[str]) -> int:
    from careatlas.opening import current
    from careatlas.serving import mcp, serve

    settings = from_environment(options.home)
    if options.command == "serve" and settings.engine:
        return serve(options, settings)
    current(options)
    return serve(options, settings) if options.command == "serve" else mcp(settings.home)
