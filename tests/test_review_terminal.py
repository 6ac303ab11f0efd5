"""The review on a real terminal of 80 by 24 characters, by keyboard alone."""

import json
import re
import signal
from pathlib import Path

import pytest
from reviews import PUBLISHED, Person, built, document, table, terminal

BOLD = "\x1b[1m"
ESCAPE = "\x1b"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a release of the small world with names to find."""
    folder = tmp_path_factory.mktemp("world")
    built(folder)
    return folder / "home"


def call(home: Path, file: Path, *more: str) -> list[str]:
    given = ["--home", str(home), "--by", "Ada", "--on", "2026-03-10", "--published", PUBLISHED]
    return ["review", str(file), *given, *more]


def shown(person: Person) -> list[str]:
    """The lines on the terminal, without what marks them."""
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", person.seen).splitlines()


def test_a_document_is_reviewed_left_and_gone_on_with(home: Path, tmp_path: Path) -> None:
    file = document(tmp_path)
    decisions = tmp_path / "dale.md.decisions.csv"
    with terminal(*call(home, file)) as (person, process):
        person.sees("0 of 9 decided; proposal 1 of 9: disclosures-")
        person.sees("answer: uses")
        person.sees("> ")
        person.types("a")
        person.sees("1 of 9 decided; proposal 2 of 9: deployments-")
        person.sees("> ")
        person.types("c status trialling")
        person.sees("2 of 9 decided; proposal 3 of 9: usage-")
        cells = f'{{"reported": "{PUBLISHED}", "status": "trialling"}}'
        assert table(decisions)[1]["cells"] == cells
        person.sees("> ")
        person.types("u")
        person.sees("undone: change deployments-")
        person.sees("1 of 9 decided; proposal 2 of 9")
        person.sees("> ")
        person.types("r")
        person.sees("why ")
        person.types("3")
        person.sees("4 of 9 decided; proposal 5 of 9")
        person.sees("> ")
        person.types("q")
        person.sees("4 of 9 decided; kept in dale.md.decisions.csv")
        assert process.wait(20) == 0
    assert [row["verdict"] for row in table(decisions)] == ["accept", "change", "undo", "reject"]
    assert table(decisions)[-1]["why"] == "it is a plan, a hope or a denial"
    with terminal(*call(home, file)) as (person, process):
        person.sees("4 of 9 decided; proposal 5 of 9")
        for number in (5, 6, 7, 8):
            person.sees("> ")
            person.types("a")
            person.sees(f"{number} of 9 decided; proposal {number + 1} of 9")
        person.sees("> ")
        person.types("p later")
        person.sees("All of these are decided.")
        person.sees("8 of 9 decided; kept in")
        assert process.wait(20) == 0


def test_every_key_answers(home: Path, tmp_path: Path) -> None:
    file = document(tmp_path)
    with terminal(*call(home, file), NO_COLOR="1") as (person, process):
        steps = [
            ("u", "nothing is decided yet"),
            ("?", "or \\? where nobody can tell"),
            ("x", "'x' is no key here"),
            ("b", "proposal 9 of 9: disclosures-"),
            ("", "proposal 1 of 9: disclosures-"),
            ("g 6", "proposal 6 of 9: deployments-"),
            ("g nowhere", "there is no proposal 'nowhere': give a number from 1 to 9"),
            ("g usage", "proposal 3 of 9: usage-"),
            ("c colour red", "there is no column 'colour'"),
            ("c unit scrolls", "unit is one of: "),
            ("c period_start tomorrow", "Not taken: usage-.*'tomorrow' is not"),
            ("c unit scan", "nothing was changed"),
            ("c unit -", "Not taken: usage-.*unit: Field required"),
            ("s 40", "split into 2 to 20 parts"),
            ("g 6", "proposal 6 of 9"),
            ("s", "1 of 11 decided; proposal 7 of 11: deployments-\\w+.1"),
            ("u", "0 of 9 decided; proposal 6 of 9"),
            ("c product_is Nothing of the kind", "Not taken: product_is: nothing is called"),
            ("r", "why "),
            ("", "> "),
            ("q", "0 of 9 decided; kept in"),
        ]
        person.sees("> ")
        for typed, answer in steps:
            person.types(typed)
            person.sees(answer)
        assert process.wait(20) == 0
    assert ESCAPE not in person.seen.replace("\x1b[?2004h", "").replace("\x1b[?2004l", "")


def test_a_cell_is_changed_with_completion(home: Path, tmp_path: Path) -> None:
    file = document(tmp_path)
    with terminal(*call(home, file, "--record", "deployments")) as (person, process):
        person.sees("proposal 1 of 3")
        person.sees("> ")
        person.types("c")
        person.sees("column .Enter when done.: ")
        person.presses("statu\t\n")
        person.sees("status .live. .*: ")
        person.presses("\x15trial\t\n")
        person.sees("column .Enter when done.: ")
        person.types("site")
        person.sees("site .*: ")
        person.types("")
        person.sees("column .Enter when done.: ")
        person.types("description")
        person.sees("description .stroke CT. .*: ")
        person.presses("\x15-\n")
        person.sees("column .Enter when done.: ")
        person.types("product_is")
        person.sees("product_is .*: ")
        person.presses("Pixon R\t\n")
        person.sees("column .Enter when done.: ")
        person.types("")
        person.sees("1 of 9 decided; proposal 2 of 3")
        person.sees("> ")
        person.types("q")
        assert process.wait(20) == 0
    (made,) = table(tmp_path / "dale.md.decisions.csv")
    assert json.loads(made["cells"]) == {
        "description": "",
        "product_is": "Pixon Reader",
        "reported": PUBLISHED,
        "status": "trialling",
    }


def test_every_screen_fits_and_what_was_found_is_marked(home: Path, tmp_path: Path) -> None:
    file = document(tmp_path)
    with terminal(*call(home, file)) as (person, process):
        for number in range(1, 10):
            person.sees(f"proposal {number} of 9")
            screen = person.sees("> ")
            assert screen.count("\n") < 23
            assert f"[[{BOLD}" in screen
            person.types("" if number < 9 else "q")
        assert process.wait(20) == 0
    assert max(map(len, shown(person))) <= 80


def test_filters_show_what_was_asked_for(home: Path, tmp_path: Path) -> None:
    file = document(tmp_path)
    for flags, first in (
        (["--trust", "RBB"], "proposal 1 of 2: disclosures-"),
        (["--below", "0.7"], "proposal 1 of 1: deployments-"),
        (["--record", "routes", "--undecided"], "proposal 1 of 1: routes-"),
    ):
        with terminal(*call(home, file, *flags)) as (person, process):
            person.sees(first)
            person.sees("> ")
            person.presses("\x04")  # the end of input is as good as q
            person.sees("0 of 9 decided; kept in")
            assert process.wait(20) == 0
    with terminal(*call(home, file, "--record", "awards")) as (person, process):
        person.sees("no proposal: nothing in this document")
        assert process.wait(20) == 0


def test_a_text_cannot_steer_the_terminal(home: Path, tmp_path: Path) -> None:
    text = (
        tmp_path / "x.md",
        "## Trusts that use AI\n\n- **Brook Hospitals NHS Trust**: Uses Lumo \x1b[2J Scan.\n",
    )
    text[0].write_text(text[1], encoding="utf-8")
    with terminal(*call(home, text[0]), NO_COLOR="1") as (person, process):
        person.sees("> ")
        person.types("q")
        assert process.wait(20) == 0
    assert f"{ESCAPE}[2J" not in person.seen


def test_ctrl_c_stops_in_one_line_and_what_was_decided_is_kept(home: Path, tmp_path: Path) -> None:
    file = document(tmp_path)
    with terminal(*call(home, file)) as (person, process):
        person.sees("> ")
        person.types("a")
        person.sees("proposal 2 of 9")
        person.sees("> ")
        # Python can miss a signal in the moment before it waits for a key; people press again.
        for _ in range(10):
            process.send_signal(signal.SIGINT)
            if person.waits("careatlas: stopped", 5):
                break
        person.sees("careatlas: stopped")
        assert process.wait(20) == 130
    assert [row["verdict"] for row in table(tmp_path / "dale.md.decisions.csv")] == ["accept"]
    assert "Traceback" not in person.seen
