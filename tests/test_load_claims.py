"""Tables of claims loaded as a source beside the tables that ship, and withdrawn again."""

import csv
import json
from pathlib import Path

import pytest

from careatlas.build import build
from careatlas.cli import main
from careatlas.graph.release import Releases

SMALL = Path(__file__).parent / "fixtures" / "small_world"
DEPLOYMENTS = """key,trust,vendor,product,status,printed,stated_by,locator
a/scan,Alder Vale NHS Foundation Trust,Acme AI,Scan,live,Scan,,"page 1, item 1"
b/lens,Brook Hospitals NHS Trust,,New Lens,trialling,New Lens,,"page 1, item 2"
c/scan,Nowhere NHS Trust,Acme AI,Scan,live,Scan,,"page 1, item 3"
d/scan,Dale Ambulance Service NHS Trust,Acme AI,Scan,shining,Scan,,"page 1, item 4"
"""
USAGE = """key,deployment,printed,min,max,approximate,unit,per,measure,precision,locator
a/scan/1,a/scan,30 a week,30,30,false,use,week,rate,undated,"page 1, item 1"
c/scan/1,c/scan,30 a week,30,30,false,use,week,rate,undated,"page 1, item 3"
"""
CROSSWALK = """kind,printed,key,method,reason,locator
product,New Lens,,unresolved,no catalogue knows it,"page 1, item 2"
"""
SOURCES = """id,kind,title,publisher,url,published
dale-report,report,Tools of the dale,Dale Society,,2025-02-03
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    build(SMALL, Releases(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    folder = tmp_path / "dale"
    folder.mkdir()
    for name, text in (
        ("deployments.csv", DEPLOYMENTS),
        ("usage.csv", USAGE),
        ("crosswalk.csv", CROSSWALK),
        ("sources.csv", SOURCES),
    ):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(*arguments: str) -> int:
    return main([*map(str, arguments)])


def test_a_folder_of_claims_is_a_source_that_comes_and_goes(
    home: Path, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = Releases(home)
    before = kept.current().name
    flags = ("--home", str(home), "--data", str(SMALL))
    assert run("load", "claims", str(tables), *flags, "--format", "json") == 0
    out, err = capsys.readouterr()
    told = json.loads(out)
    assert (told["rows"], told["records"], told["left_out"], told["rejects"]) == (8, 5, 0, 3)
    assert "deployments.csv:4: trust: 'Nowhere NHS Trust' is not in the crosswalk" in err
    assert "usage.csv:3: deployment: 'c/scan' is not the key of a deployment" in err
    assert (
        run(
            "ask",
            "who-uses-what",
            "--source",
            "dale-report",
            "--home",
            str(home),
            "--format",
            "csv",
        )
        == 0
    )
    answer = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert [(row["product"], row["status"], row["locator"]) for row in answer] == [
        ("Scan", "live", "page 1, item 1"),
        ("", "trialling", "page 1, item 2"),
    ]
    assert build(SMALL, kept).release.name == told["release"] != before
    assert run("withdraw", "dale-report", "--home", str(home)) == 0
    assert kept.current().name == before


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("--source", "news"), "'news' is a source of the tables"),
        ((), "no source is described"),
    ],
)
def test_whose_claims_they_are_must_be_said(
    home: Path, tables: Path, capsys: pytest.CaptureFixture[str], flags: tuple[str, ...], says: str
) -> None:
    (tables / "sources.csv").unlink()
    where = ("--home", str(home), "--data", str(SMALL))
    assert run("load", "claims", str(tables / "deployments.csv"), *where, *flags) == 1
    assert says.replace("no source is", "0 sources are") in capsys.readouterr().err


def test_a_row_of_another_source_is_a_reject(
    home: Path, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = DEPLOYMENTS.splitlines()
    (tables / "deployments.csv").write_text(
        f"{rows[0]},source\n{rows[1]},news\n{rows[2]},\n", encoding="utf-8"
    )
    (tables / "usage.csv").unlink()
    assert run("load", "claims", str(tables), "--home", str(home), "--data", str(SMALL)) == 0
    out, err = capsys.readouterr()
    assert out.startswith("rows 4 records 3 left out 0 rejects 1\n")
    assert "deployments.csv:2: 'news' is another source than dale-report" in err


def test_a_table_that_is_none_is_one_line(
    home: Path, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tables / "wishes.csv").write_text("key\na\n", encoding="utf-8")
    assert run("load", "claims", str(tables), "--home", str(home), "--data", str(SMALL)) == 1
    assert "wishes.csv: is no table of claims" in capsys.readouterr().err


def test_files_of_which_nothing_holds_publish_nothing(
    home: Path, tables: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = Releases(home).current().name
    rows = DEPLOYMENTS.splitlines()
    (tables / "bad").mkdir()
    bad = tables / "bad" / "deployments.csv"
    bad.write_text(f"{rows[0]}\n{rows[3]}\n{rows[4]}\n", encoding="utf-8")
    where = ("--home", str(home), "--data", str(SMALL), "--source", "dale")
    assert run("load", "claims", str(bad), *where) == 1
    assert "dale: none of 2 rows holds" in capsys.readouterr().err
    assert Releases(home).current().name == before
