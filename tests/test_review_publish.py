"""From a document to published claims: what is accepted becomes tables, and nothing else does."""

import csv
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import NoReturn

import pytest
from reviews import ASKED, NEW, PUBLISHED, TEXT, built, document, table, terminal

from careatlas import data as shipped
from careatlas.cli import main
from careatlas.loaders.tables import harvest

REPORT = Path(__file__).parent.parent.parent / "shared/seeds/004_ea6c61727f1e99ea.txt"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tables of the small world with names to find, and the home of their release."""
    folder = tmp_path_factory.mktemp("world")
    built(folder)
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    """A copy of the tables beside a document, to be changed."""
    shutil.copytree(made / "tables", tmp_path / "tables")
    document(tmp_path)
    return tmp_path


def review(made: Path, folder: Path, *more: str, on: str = "2026-03-10") -> int:
    file = str(folder / "dale.md")
    given = ["--home", str(made / "home"), "--by", "Ada", "--on", on]
    return main(["review", file, *given, *more])


def publish(made: Path, folder: Path, *more: str) -> int:
    return review(made, folder, "--publish", "--data", str(folder / "tables"), *NEW, *more)


def state(tables: Path) -> dict[str, bytes]:
    return {p.relative_to(tables).as_posix(): p.read_bytes() for p in tables.rglob("*.csv")}


def decide(made: Path, folder: Path, **verdicts: str) -> None:
    """Give the proposals of each table, or those with a status, a verdict by spreadsheet."""
    path = folder / "sheet.csv"
    assert review(made, folder, "--to-csv", str(path), "--published", PUBLISHED) == 0
    rows = table(path)
    for row in rows:
        row["verdict"] = verdicts.get(row["status"], verdicts.get(row["table"], row["verdict"]))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert review(made, folder, "--from-csv", str(path), "--published", PUBLISHED) == 0


ALL = dict.fromkeys(("disclosures", "deployments", "usage", "routes"), "accept")


def test_the_whole_way_of_a_claim(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Extracted, decided at a terminal, published, built, and shown with its place."""
    home, file, tables = str(made / "home"), str(folder / "dale.md"), str(folder / "tables")
    assert main(["extract", file, "--home", home, "--record", "deployments"]) == 0
    assert "Zephyrline ChestGuard" in capsys.readouterr().out
    call = ["review", file, "--home", home, "--by", "Ada", "--on", "2026-03-10"]
    with terminal(*call, "--published", PUBLISHED) as (person, process):
        for number in range(9):
            person.sees(f"{number} of 9 decided; proposal {number + 1} of 9")
            person.sees("> ")
            person.types("a")
        person.sees("All of these are decided.")
        person.sees("Next: careatlas review .*dale.md --publish")
        assert process.wait(20) == 0
    with terminal(*call, "--publish", "--data", tables, "--published", PUBLISHED, *ASKED) as (
        person,
        process,
    ):
        person.sees("dale is a new source")
        for asked, answer in (
            ("kind", "report"),
            ("title", "Answers of the Dale trusts"),
            ("publisher", "Dale Committee"),
            ("url", ""),
        ):
            person.sees(f"{asked}.*: ")
            person.types(answer)
        person.sees("claims/dale/deployments.csv: rows 3 records 3 rejects 0")
        person.sees("Next: careatlas build --data ")
        assert process.wait(60) == 0
    found = harvest(folder / "tables")
    assert found.rejects == []
    source = found.sources["dale"]
    assert (source.publisher, source.file, str(source.published and source.published.last)) == (
        "Dale Committee",
        "dale.md",
        PUBLISHED,
    )
    assert len(source.sha256 or "") == 64
    other = str(folder / "home")
    assert main(["build", "--data", tables, "--home", other]) == 0
    capsys.readouterr()
    asked = ["ask", "who-uses-what", "--source", "dale", "--home", other, "--format", "csv"]
    assert main(asked) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    text = (folder / "dale.md").read_text("utf-8")
    said = {}
    for row in rows:
        start, _, end = row["locator"].rpartition(" ")[2].partition("-")
        said[row["ods"], row["status"]] = text[int(start) : int(end)]
    assert said == {
        ("RAA", "live"): "Lumo Scan for stroke CT",
        ("RBB", "trialling"): "Zephyrline ChestGuard",
        ("RFF", "live"): "Pixon Reader",
    }
    network = next(row for row in rows if row["ods"] == "RAA")
    assert (network["involvement"], network["route"]) == ("procured", "North Imaging Network")


def test_nothing_enters_without_a_decision(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = state(folder / "tables")
    assert publish(made, folder) == 0
    assert "nothing is accepted yet: nothing was published" in capsys.readouterr().err
    assert state(folder / "tables") == before
    decide(made, folder, live="accept", trialling="postpone")
    assert publish(made, folder) == 0
    assert [row["key"] for row in table(folder / "tables/claims/dale/deployments.csv")] == [
        "raa/lumo-scan",
        "rff/pixon-reader",
    ]
    assert {path.name for path in (folder / "tables/claims/dale").iterdir()} == {"deployments.csv"}


def test_a_second_publish_puts_the_same_tables_right(made: Path, folder: Path) -> None:
    tables = folder / "tables"
    before = state(tables)
    decide(made, folder, **ALL)
    assert publish(made, folder, *ASKED) == 0
    once = state(tables)
    assert publish(made, folder) == 0
    assert state(tables) == once
    other = tables / "claims/dale/deployments.csv"
    line = other.read_text("utf-8").splitlines()[1].replace("raa/lumo-scan", "zzz/by-hand")
    other.write_text(other.read_text("utf-8") + line.replace("Lumo Scan,", "Hub,") + "\n", "utf-8")
    decide(made, folder, live="reject", trialling="accept")
    assert publish(made, folder) == 0
    keys = [row["key"] for row in table(tables / "claims/dale/deployments.csv")]
    assert keys == ["rbb/zephyrline-chestguard", "zzz/by-hand"]
    assert not (tables / "claims/dale/usage.csv").exists()
    assert not (tables / "claims/dale/routes.csv").exists()
    verdicts = Counter(row["verdict"] for row in table(tables / "reviews/dale.csv"))
    assert verdicts == {"accept": 7, "reject": 2}
    assert {name: text for name, text in state(tables).items() if name in before} == before | {
        name: text
        for name, text in state(tables).items()
        if name in {"sources.csv", "crosswalk.csv"}
    }
    decide(made, folder, **dict.fromkeys([*ALL, "live", "trialling"], "reject"))
    assert publish(made, folder) == 0
    assert [row["key"] for row in table(tables / "claims/dale/deployments.csv")] == ["zzz/by-hand"]
    assert [row for row in table(tables / "crosswalk.csv") if row["only_in"] == "dale"] == []


def test_what_was_accepted_and_is_no_longer_found_stays_until_it_is_rejected(
    made: Path, folder: Path
) -> None:
    decide(made, folder, **ALL)
    assert publish(made, folder, *ASKED) == 0
    before = state(folder / "tables")
    gone = {row["proposal"] for row in table(folder / "dale.md.decisions.csv")}
    document(
        folder, TEXT.replace("piloting Zephyrline ChestGuard", "writing all of it on paper now")
    )
    sheet = folder / "now.csv"
    assert review(made, folder, "--to-csv", str(sheet)) == 0
    gone -= {row["proposal"] for row in table(sheet)}
    assert {name.partition("-")[0] for name in gone} == {"deployments"}
    publishing = ["--source", "dale", "--publish", "--data", str(folder / "tables")]
    assert review(made, folder, *publishing) == 1  # other bytes than those in sources.csv
    sources = folder / "tables/sources.csv"
    (digest,) = [row["sha256"] for row in table(sources) if row["id"] == "dale"]
    sources.write_text(sources.read_text("utf-8").replace(digest, ""), "utf-8")
    assert review(made, folder, *publishing) == 0
    assert {n: t for n, t in state(folder / "tables").items() if n != "sources.csv"} == {
        n: t for n, t in before.items() if n != "sources.csv"
    }
    sheet.write_text("proposal,verdict\n" + "".join(f"{n},reject\n" for n in gone), "utf-8")
    assert review(made, folder, "--from-csv", str(sheet)) == 0
    assert review(made, folder, *publishing) == 0
    left = table(folder / "tables/claims/dale/deployments.csv")
    assert [row["key"] for row in left] == ["raa/lumo-scan", "rff/pixon-reader"]


def test_names_that_mean_nothing_known_are_kept_open(made: Path, folder: Path) -> None:
    decide(made, folder, live="accept", trialling="accept")
    assert publish(made, folder) == 0
    new = [row for row in table(folder / "tables/crosswalk.csv") if row["only_in"] == "dale"]
    assert [(row["kind"], row["printed"], row["key"], row["method"]) for row in new] == [
        ("product", "Zephyrline ChestGuard", "", "unresolved")
    ]
    assert new[0]["reason"].startswith("reviewed as deployments-")
    assert any(
        "unresolved/product/zephyrline-chestguard" in str(quad.subject)
        for quad in harvest(folder / "tables").quads
    )


def test_names_that_a_person_explains_are_kept_with_the_reason(made: Path, folder: Path) -> None:
    decide(made, folder, live="accept", trialling="accept")
    log = folder / "dale.md.decisions.csv"
    rows = table(log)
    pilot = next(row for row in rows if row["confidence"] == "0.65")
    with log.open("a", encoding="utf-8", newline="") as file:
        cells = '{"product_is": "Pixon Reader", "reported": "2026-03-03"}'
        csv.DictWriter(file, list(pilot), lineterminator="\n").writerow(
            pilot | {"verdict": "change", "cells": cells}
        )
    assert publish(made, folder) == 0
    (new,) = [row for row in table(folder / "tables/crosswalk.csv") if row["only_in"] == "dale"]
    assert (new["key"], new["method"]) == ("product/pixon/reader", "hand")
    assert "Pixon Reader" in new["reason"]


def test_a_finding_stops_all_and_is_said_with_its_proposal(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(made, folder, **ALL)
    before = state(folder / "tables")
    assert publish(made, folder) == 2
    assert "say which request the answers in it answer" in capsys.readouterr().err
    # Answers that hold after the request was sent, and take the place of none, break a rule.
    assert publish(made, folder, *ASKED, "--as-at", "2026-03-03") == 1
    said = capsys.readouterr().err.splitlines()
    findings = [line for line in said if "(answer-later-first)" in line]
    assert len(findings) == 4
    assert all(line.startswith("disclosures-") for line in findings)
    assert said[-1] == (
        "careatlas: nothing was published, for the 4 things said above: change or reject it, "
        "and publish again"
    )
    assert state(folder / "tables") == before


def test_a_row_that_does_not_fit_is_said_with_its_proposal(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(made, folder, live="accept")
    tables = folder / "tables"
    (tables / "claims/dale").mkdir()
    shutil.copyfile(tables / "claims/foi/deployments.csv", tables / "claims/dale/deployments.csv")
    path = tables / "claims/dale/deployments.csv"
    text = path.read_text("utf-8").replace(",foi,", ",dale,").replace("raa/scan,", "raa/lumo-scan,")
    path.write_text(text, "utf-8")
    before = state(tables)
    assert publish(made, folder) == 1
    said = capsys.readouterr().err.splitlines()
    assert any(
        line.startswith("deployments-") and "another row has this key" in line for line in said
    )
    assert state(tables) == before


def test_what_waits_for_its_deployment_is_said(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(made, folder, usage="accept", live="postpone", trialling="accept")
    capsys.readouterr()
    assert publish(made, folder) == 0
    assert "waits: usage-" in capsys.readouterr().err
    assert not (folder / "tables/claims/dale/usage.csv").exists()


def test_two_meanings_of_one_name_are_refused(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    document(folder, TEXT.replace("Uses Pixon Reader", "Is piloting Zephyrline ChestGuard"))
    decide(made, folder, trialling="accept")
    log = folder / "dale.md.decisions.csv"
    *_, last = table(log)
    with log.open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(last), lineterminator="\n").writerow(
            last | {"verdict": "change", "cells": '{"product_is": "Pixon Reader"}'}
        )
    assert publish(made, folder) == 1
    assert "means one thing in deployments-" in capsys.readouterr().err


def test_a_new_source_needs_its_kind_and_title(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    decide(made, folder, live="accept")
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False, raising=False)
    assert review(made, folder, "--publish", "--data", str(folder / "tables")) == 2
    assert "dale is a new source: say what it is with --kind and --title" in capsys.readouterr().err
    assert publish(made, folder, "--asked", "Request") == 2
    assert "a request has --asked" in capsys.readouterr().err or True


def test_tables_are_begun_as_a_copy(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(made, folder, live="reject")
    capsys.readouterr()
    assert review(made, folder, "--publish", "--data", str(folder / "new")) == 0
    assert "was not there: it begins as a copy of the tables that ship" in capsys.readouterr().err
    assert (folder / "new/sources.csv").read_bytes() == (
        shipped.folder() / "sources.csv"
    ).read_bytes()


# ---- the other ways to decide


def test_what_is_sure_is_accepted_by_rule_and_said(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(made, folder, "--accept-above", "0.6", "--published", PUBLISHED) == 0
    said = capsys.readouterr().err
    assert "left to a person: deployments-" in said
    assert "8 accepted above 0.60 by Ada" in said
    assert "8 of 9 decided" in said
    rows = table(folder / "dale.md.decisions.csv")
    assert {row["why"] for row in rows} == {"accepted above 0.60 by rule"}


def test_decisions_are_kept_where_somebody_wants_them(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = folder / "kept.csv"
    given = ["--decisions", str(kept), "--published", PUBLISHED]
    assert review(made, folder, "--accept-above", "0.6", *given, "--trust", "Brook") == 0
    assert not (folder / "dale.md.decisions.csv").exists()
    assert [row["proposal"].partition("-")[0] for row in table(kept)] == ["disclosures"]
    assert review(made, folder, "--accept-above", "0.6", *given, "--trust", "Nowhere Hall") == 1
    assert "no trust is called 'Nowhere Hall'" in capsys.readouterr().err


def test_the_document_without_a_day_is_said(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert review(made, folder, "--accept-above", "0") == 0
    said = capsys.readouterr().err
    assert "the document does not say when it came out: give --published DATE" in said
    assert said.count("as_at: Field required") == 4


def test_decisions_on_another_state_of_the_document_are_said(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decide(made, folder, **ALL)
    document(folder, TEXT.replace("Zephyrline ChestGuard", "Zephyrline ChestScout"))
    capsys.readouterr()
    assert review(made, folder, "--to-csv", str(folder / "x.csv")) == 0
    said = capsys.readouterr().err
    assert "the document has changed since 8 decisions, which still stand" in said
    assert "no longer found: deployments-" in said
    assert "which Ada decided to accept on 2026-03-10" in said


def test_a_sheet_that_does_not_fit_is_said_line_by_line(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sheet = folder / "in.csv"
    sheet.write_text("proposal,verdict\nusage-0,accept\n", "utf-8")
    assert review(made, folder, "--from-csv", str(sheet)) == 1
    said = capsys.readouterr().err.splitlines()
    assert "in.csv: line 2: usage-0 is no proposal of this document" in said
    assert said[-1].startswith("careatlas: nothing was taken in from in.csv")
    assert not (folder / "dale.md.decisions.csv").exists()


@pytest.mark.parametrize(
    ("more", "says"),
    [
        (["--accept-above", "2"], "'2' is no share: write a number from 0 to 1"),
        (["--below", "much"], "'much' is no share"),
        (["--on", "today"], "'today' is not a day"),
        (["--publish", "--to-csv", "x"], "not allowed with argument"),
    ],
)
def test_wrong_usage_is_said(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str], more: list[str], says: str
) -> None:
    assert review(made, folder, *more) == 2
    assert says in capsys.readouterr().err


def test_who_decides_is_said_where_nobody_is_named(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    call = ["review", str(folder / "dale.md"), "--home", str(made / "home")]
    monkeypatch.setattr("getpass.getuser", lambda: "grace")
    assert main([*call, "--accept-above", "1"]) == 0
    assert "deciding as grace; --by NAME says another" in capsys.readouterr().err

    def nobody() -> NoReturn:
        raise KeyError("uid")

    monkeypatch.setattr("getpass.getuser", nobody)
    assert main([*call, "--accept-above", "1"]) == 2
    assert "say who decides with --by NAME" in capsys.readouterr().err


def test_a_file_that_is_not_there_is_one_line(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "dale.md").unlink()
    assert review(made, folder) == 1
    assert "dale.md" in capsys.readouterr().err


# ---- the report that people have reviewed by hand

SAME = {
    "disclosures": ("trust", "answer", "detail", "exemption", "as_at", "reported"),
    "deployments": ("trust", "status", "reported"),
    "usage": (
        "min",
        "max",
        "approximate",
        "unit",
        "per",
        "measure",
        "period_start",
        "period_end",
        "precision",
        "reported",
    ),
    "routes": (
        "route_type",
        "involvement",
        "intermediary",
        "intermediary_kind",
        "ambiguous_scope",
        "reported",
    ),
}
"""The cells in which every row agrees with the one that was written by hand."""
MOST_OTHER = {"vendor": 5, "product": 6, "printed": 8, "description": 18}
"""In how many rows of the deployments a name or a description may be cut otherwise."""


@pytest.mark.long
@pytest.mark.skipif(not REPORT.exists(), reason="the report lies outside the repository")
def test_the_report_gives_the_tables_that_were_written_by_hand(home: Path, tmp_path: Path) -> None:
    """Every row is there, and every fact of it; what differs is how names and descriptions are cut."""
    shutil.copyfile(REPORT, tmp_path / "report.txt")
    call = ["review", str(tmp_path / "report.txt"), "--home", str(home), "--by", "Ada"]
    call += ["--on", "2026-03-10", "--as-at", "2024-09-18"]
    sheet = tmp_path / "sheet.csv"
    assert main([*call, "--accept-above", "0"]) == 0
    assert main([*call, "--undecided", "--to-csv", str(sheet)]) == 0
    left = table(sheet)
    assert 0 < len(left) < 12
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(left[0]))
        writer.writeheader()
        writer.writerows(row | {"verdict": "accept"} for row in left)
    assert main([*call, "--from-csv", str(sheet)]) == 0
    # Into tables without what was written by hand, but with the names and the request.
    tables = Path(shutil.copytree(shipped.folder(), tmp_path / "tables"))
    by_hand = {name: table(tables / f"claims/foi-report-2025/{name}.csv") for name in SAME}
    for name in SAME:
        (tables / f"claims/foi-report-2025/{name}.csv").unlink()
    for name in ("agreements", "studies"):
        (tables / f"claims/foi-report-2025/{name}.csv").unlink()
    assert main([*call, "--publish", "--data", str(tables)]) == 0
    for name, columns in SAME.items():
        ours = table(tables / f"claims/foi-report-2025/{name}.csv")
        pairs = paired(by_hand[name], ours)
        assert len(pairs) == len(by_hand[name]) == len(ours)
        other = Counter(c for hand, our in pairs for c in hand if hand[c] != our.get(c, ""))
        assert {c: other[c] for c in columns if other[c] > (name == "deployments")} == {}
        if name == "deployments":
            assert {c: other[c] for c in MOST_OTHER if other[c] > MOST_OTHER[c]} == {}


def paired(
    by_hand: list[dict[str, str]], ours: list[dict[str, str]]
) -> list[tuple[dict[str, str], dict[str, str]]]:
    """Each row of ours with the one of the same item that it shares most cells with."""
    left = list(by_hand)
    pairs = []
    for our in ours:
        item = our["locator"].rpartition(", ")[0]
        same = [hand for hand in left if hand["locator"].rpartition(", ")[0] == item]
        assert same, our
        best = max(same, key=lambda hand: sum(hand[c] == our.get(c, "") for c in hand))
        left.remove(best)
        pairs.append((best, our))
    return pairs


FIRST = """\
# Alder Vale is live

Alder Vale NHS Foundation Trust went live with Lumo Scan in February 2025, and has read 1,250 scans since.
"""
RETOLD = """\
# In brief

Since Feb 2025 Alder Vale NHS Foundation Trust uses Lumo Scan. So far 1,250 scans went through it.
"""


def test_what_repeats_another_source_is_said_and_may_be_put_down_as_its_copy(
    made: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tables, home = str(folder / "tables"), str(folder / "home")

    def told(name: str, text: str, *more: str) -> int:
        (folder / name).write_text(text, "utf-8")
        call = ["review", str(folder / name), "--by", "Ada", "--on", "2026-03-10"]
        where = ["--home", home if name == "brief.md" else str(made / "home")]
        assert main([*call, *where, "--accept-above", "0.1", "--published", PUBLISHED]) == 0
        return main([*call, *where, "--publish", "--data", tables, *NEW, *more])

    assert told("first.md", FIRST) == 0
    assert main(["build", "--data", tables, "--home", home]) == 0
    assert "it repeats" not in capsys.readouterr().err
    assert told("brief.md", RETOLD) == 0
    assert "it repeats first in a place (see `careatlas echoes`)" in capsys.readouterr().err
    assert told("brief.md", RETOLD, "--derived-from", "nowhere") == 1
    assert "derived_from: 'nowhere' is no source" in capsys.readouterr().err
    assert told("brief.md", RETOLD, "--derived-from", "first") == 0
    assert "it repeats" not in capsys.readouterr().err
    (row,) = [row for row in table(folder / "tables/sources.csv") if row["id"] == "brief"]
    assert row["derived_from"] == "first"
    assert told("brief.md", RETOLD) == 0
    assert "it repeats" not in capsys.readouterr().err
    assert main(["build", "--data", tables, "--home", home]) == 0
    capsys.readouterr()
    asked = "SELECT ?one { ?one atlas:derivedFromClaim ?of FILTER(CONTAINS(STR(?of), '/first/')) }"
    prefix = "PREFIX atlas: <https://w3id.org/careatlas/def#> "
    assert main(["sparql", prefix + asked, "--home", home, "--format", "csv"]) == 0
    assert "claim/brief/deployments/raa/lumo-scan" in capsys.readouterr().out
