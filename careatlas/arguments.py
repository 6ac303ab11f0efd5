"""How the command is called: parsers whose errors are one plain line, and a question's own flags."""

import argparse
import sys
from datetime import date
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from careatlas.graph.questions import Question


class UsageError(ValueError):
    """The command was called in a way that it does not know."""


class Parser(argparse.ArgumentParser):
    """A parser whose errors are one plain line."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the call and leave with 2."""
        raise UsageError(f"{message}; see `{self.prog} --help`")


def day(value: str) -> date:
    """A day, as a flag is given."""
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{value!r} is not a day: write 2025-05-31") from None


class Version(argparse.Action):
    """Print the version; looking it up takes longer than most answers."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Print and leave."""
        from importlib.metadata import version

        sys.stdout.write(f"careatlas {version('careatlas')}\n")
        parser.exit()


class QuestionHelp(argparse.Action):
    """Print the help of the question named before the flag, else that of `ask` itself."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, *_: object
    ) -> None:
        """Print and leave."""
        from careatlas.graph.questions import get

        named = namespace.question
        (parser if named is None else question_parser(get(named))).print_help()
        parser.exit()


def question_parser(question: "Question") -> Parser:
    """The parser of a question's own parameters."""
    parser = Parser(
        prog=f"careatlas ask {question.name}",
        description=question.description.replace("%", "%%"),
        epilog="Flags that every question takes: `careatlas ask --help`.",
        allow_abbrev=False,
    )
    for parameter in question.parameters:
        parser.add_argument(
            f"--{parameter.name.replace('_', '-')}",
            dest=parameter.name,
            metavar=parameter.type.upper(),
            help=parameter.description.replace("%", "%%"),
        )
    return parser


def question_values(question: "Question", rest: list[str]) -> dict[str, str]:
    """The values given for a question's parameters.

    Raises:
        UsageError: a flag is unknown, or a value is empty.
    """
    given = vars(question_parser(question).parse_args(rest))
    empty = [name for name, value in given.items() if value is not None and not value.strip()]
    if empty:
        raise UsageError(f"--{empty[0].replace('_', '-')} is empty")
    return {name: value for name, value in given.items() if value is not None}
