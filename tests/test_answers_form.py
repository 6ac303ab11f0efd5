"""The next request: the form that goes out, the answers that come back, and what is asked again."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from careatlas import data as shipped
from careatlas.asking import found
from careatlas.build import build
from careatlas.cli import main
from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError
from careatlas.graph.release import Release, Releases
from careatlas.loaders.answers import load
from careatlas.loaders.answers.fields import FIELDS, labels
from careatlas.loaders.answers.filled import filled
from careatlas.loaders.answers.form import (
    HIDDEN,
    Asked,
    Form,
    Item,
    answer_columns,
    product_columns,
)
from careatlas.loaders.answers.mapping import MappingError
from careatlas.loaders.answers.request import ORDER, drafts, letter
from careatlas.loaders.answers.workbook import write
from careatlas.loaders.claim_tables import copied
from careatlas.loaders.reading import read_cells

SMALL = Path(__file__).parent / "fixtures" / "small_world"
ALDER = "Alder Vale NHS Foundation Trust"
FORM = Form(
    key="request-1",
    name="A request",
    sent_on="2026-03-02",
    scope="AI in care",
    trusts=(Item(ALDER, "RAA", ("Q-1",)),),
    products=(
        Item(ALDER, "RAA", ("Q-2", "Q-3"), "Scan", "Acme AI", "stroke CT"),
        Item(ALDER, "RAA", ("Q-4",), "", "", "AI notes"),
    ),
    questions=tuple(Asked(f"Q-{at}", ALDER, "RAA", "What?") for at in range(1, 5)),
)
Fill = Callable[[Worksheet, Callable[[int, str, object], None]], None]


def returned(path: Path, to: Path, answers: Worksheet | None = None, **sheets: Fill) -> Path:
    """The form as it comes back: `sheets` fill the sheet of their name, by row and heading."""
    book = openpyxl.load_workbook(path)
    book["Request"]["B4"] = "1 April 2026"
    for name, fill in sheets.items():
        sheet = book[name]
        at = {cell.value: cell.column for cell in sheet[1]}

        def put(
            row: int,
            heading: str,
            text: object,
            sheet: Worksheet = sheet,
            at: dict[object, int] = at,
        ) -> None:
            sheet.cell(row, at[heading], text)

        fill(sheet, put)
    book.save(to)
    return to


def written(path: Path, form: Form) -> Path:
    path.write_bytes(write(form))
    return path


def said(path: Path, data: Path = SMALL) -> load.Answers:
    book = read_cells(path)
    mapping = filled(book, path.name)
    assert mapping is not None
    return load.read(path, book, mapping, path.name, data)


def test_the_same_form_has_the_same_bytes() -> None:
    assert write(FORM) == write(FORM)
    assert write(FORM) != write(Form())


def test_cells_offer_the_labels_of_the_schemes(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", Form()))
    sheet = book["Products"]
    heads = [cell.value for cell in sheet[1]]
    offered = {}
    for rule in sheet.data_validations.dataValidation:
        name, place = rule.formula1.replace("$", "").replace("'", "").split("!")
        words = [row[0].value for row in book[name][place]]
        offered[heads[sheet[str(rule.sqref).split(":")[0]].column - 1]] = words
    assert offered["How far along"] == [
        label for code, label in labels("status").items() if code != "unspecified"
    ]
    assert offered["Specialty"] == list(labels("clinical-domain").values())
    assert "route not stated" not in offered["How obtained"]
    assert {book[name].sheet_state for name in book.sheetnames[-2:]} == {"hidden"}


def test_every_column_of_the_form_is_a_field_and_its_choices_are_codes() -> None:
    for column in (*answer_columns(), *product_columns()):
        assert column.field in FIELDS
        assert column.help
    texts = [one.heading for one in product_columns()]
    assert len(texts) == len(set(texts))


def test_a_filled_form_loads_without_a_mapping_and_knows_its_questions(tmp_path: Path) -> None:
    def answers(_: Worksheet, put: Callable[[int, str, object], None]) -> None:
        put(2, "In use, on trial or planned?", "Yes, but the particulars are withheld")
        put(2, "Exemption", "section 43, commercial interests")

    def products(_: Worksheet, put: Callable[[int, str, object], None]) -> None:
        put(2, "How far along", "live")
        put(2, "Specialty", "neurology")
        put(2, "Volume", 1200)
        put(2, "Unit", "scan")
        put(2, "Per", "per month")
        put(4, "Product", "Hub")
        put(4, "Remarks", "a person should see this")

    path = returned(
        written(tmp_path / "a.xlsx", FORM), tmp_path / "b.xlsx", Answer=answers, Products=products
    )
    found_in = said(path)
    source = found_in.mapping.source
    assert (source.id, source.publisher) == ("request-1-raa", ALDER)
    assert str(source.published and source.published.first) == "2026-04-01"
    rows = found_in.claims.tables
    assert [(row["detail"], row["exemption"]) for row in rows["disclosures"]] == [
        ("refused", "s43")
    ]
    assert rows["disclosures"][0]["locator"].endswith("; question Q-1")
    assert rows["disclosures"][0]["request"] == "request-1"
    assert found_in.claims.request is not None
    assert found_in.claims.request["sent_on"] == "2026-03-02"
    assert [(row["product"], row["status"], row["locator"]) for row in rows["deployments"]] == [
        ("Scan", "live", "sheet Products, row 2, column Product; question Q-2 Q-3"),
        ("Hub", "unspecified", "sheet Products, row 4, column Product"),
    ]
    assert rows["deployments"][0]["description"] == "stroke CT, neurology"
    assert [(row["per"], row["measure"]) for row in rows["usage"]] == [("month", "rate")]
    assert list(map(str, found_in.claims.left_out)) == [
        "sheet Products, row 3: asked, and not answered"
    ]
    assert list(map(str, found_in.claims.remarks)) == [
        "sheet Products, row 4: a person should see this"
    ]
    assert found_in.hidden == ()


def test_what_we_wrote_into_a_form_ourselves_is_no_answer(tmp_path: Path) -> None:
    path = returned(written(tmp_path / "a.xlsx", FORM), tmp_path / "b.xlsx")
    assert said(path).claims.tables == {}


def test_a_name_that_is_put_right_is_an_answer(tmp_path: Path) -> None:
    path = returned(
        written(tmp_path / "a.xlsx", FORM),
        tmp_path / "b.xlsx",
        Products=lambda _, put: put(3, "Product", "Bone"),
    )
    rows = said(path).claims.tables["deployments"]
    assert [(row["product"], row["description"]) for row in rows] == [("Bone", "AI notes")]


def test_a_form_that_is_not_filled_in_says_where(tmp_path: Path) -> None:
    path = written(tmp_path / "a.xlsx", Form(name="A request"))
    with pytest.raises(MappingError) as error:
        filled(read_cells(path), "a.xlsx")
    assert [str(problem) for problem in error.value.problems] == [
        "sheet Request, row 2: 'Sent on' is not filled in",
        "sheet Request, row 3: 'What is asked about' is not filled in",
        "sheet Request, row 4: 'Answered on' is not filled in",
    ]


def test_a_question_that_was_not_asked_and_another_version_are_told_of(tmp_path: Path) -> None:
    path = returned(
        written(tmp_path / "a.xlsx", FORM),
        tmp_path / "b.xlsx",
        Products=lambda _, put: put(3, "Question", "Q-9"),
    )
    with pytest.raises(MappingError) as error:
        filled(read_cells(path), "b.xlsx")
    assert str(error.value.problems[0]) == (
        "sheet Products, row 3, column Question: 'Q-9' is no question of this form"
    )
    book = openpyxl.load_workbook(path)
    book[HIDDEN]["B1"] = "99"
    book.save(path)
    with pytest.raises(MappingError) as error:
        filled(read_cells(path), "b.xlsx")
    assert "is a form of version '99'" in str(error.value.problems[0])


def test_text_that_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    form = Form(name="=1+1", trusts=(Item("=cmd()", "RAA"),))
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", form))
    assert book["Request"]["B1"].data_type == "s"
    assert book["Answer"]["A2"].data_type == "s"


def test_every_gap_has_its_question() -> None:
    from careatlas.graph.questions import get

    assert set(get("gaps").parameter["gap"].values) == set(ORDER)


COLUMNS = (
    "trust ods gap about known since source locator against against_source against_locator vendor "
    "product description question thing"
)
GAP = dict.fromkeys(COLUMNS.split(), "")


def test_a_letter_asks_each_thing_once_and_says_what_is_known() -> None:
    thing = {"trust": ALDER, "ods": "RAA", "about": "Scan", "product": "Scan", "thing": "t/1"}
    told = {
        "known": "live",
        "since": "2024-09-18",
        "source": "foi",
        "locator": "page; reference row x 1",
    }
    gaps = [
        GAP | thing | told | {"gap": "route-not-stated", "question": "Q-r"},
        GAP | thing | told | {"gap": "status-old", "question": "Q-s"},
        GAP | thing | told | {"gap": "status-old", "question": "Q-s", "source": "other"},
        GAP | {"trust": ALDER, "ods": "RAA", "gap": "not-asked", "question": "Q-n"} | told,
    ]
    made = drafts(gaps, "2026-03-02", {"foi": "A report"})
    assert [[one.id for one in draft.form.questions] for draft in made] == [["Q-n", "Q-r", "Q-s"]]
    assert [item.ids for item in made[0].form.products] == [("Q-r", "Q-s")]
    text = letter(made[0])
    assert text.count("Known so far: live, as of 2024-09-18. Source: A report.") == 1
    assert "reference row" not in text
    assert letter(made[0], marked=False).count("**") == 0


def test_of_two_accounts_of_one_conflict_one_is_asked() -> None:
    clash = {"trust": ALDER, "ods": "RAA", "gap": "conflict", "known": "no", "against": "yes"}
    told = {"source": "foi", "locator": "item 1", "against_source": "page"}
    swapped = {"source": "page", "locator": "reference row 1", "against_source": "foi"}
    other = {"source": "news", "locator": "item 2", "against_source": "foi"}
    gaps = [
        GAP | clash | told | {"question": "Q-1"},
        GAP | clash | swapped | {"question": "Q-2"},
        GAP | clash | other | {"question": "Q-3"},
    ]
    made = drafts(gaps, "2026-03-02", {})
    assert [one.id for one in made[0].form.questions] == ["Q-2", "Q-3"]


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Release:
    return build(SMALL, Releases(tmp_path_factory.mktemp("small"))).release


def test_a_name_means_a_trust_a_region_or_a_board(small: Release, release: Release) -> None:
    assert found(Labels(small.labels), "RAA")[0] == "trust"
    names = Labels(release.labels)
    assert found(names, "London")[0] == "region"
    assert found(names, "South West")[0] == "region"
    assert found(names, "RWE")[1].endswith("/org/ods/RWE")
    assert found(names, "NHS Kent and Medway Integrated Care Board")[0] == "icb"
    with pytest.raises(AmbiguousNameError, match="trust, region or board"):
        found(names, "Leicester")
    with pytest.raises(UnknownNameError, match="no trust, region or board is called"):
        found(names, "Qwertzu")


def asked(home: Path, whom: str, capsys: pytest.CaptureFixture[str], *more: str) -> list[str]:
    """The ids of what would be asked."""
    day = ["--as-of", "2026-06-01", "--stale-before", "2025-01-01"]
    capsys.readouterr()
    assert main(["ask-for", whom, "--home", str(home), *day, *more]) == 0
    return [
        line.split("[")[1].split("]")[0]
        for line in capsys.readouterr().out.splitlines()
        if "[Q-" in line
    ]


def gaps(home: Path, trust: str, capsys: pytest.CaptureFixture[str]) -> dict[str, tuple[str, str]]:
    """What is not known of a trust, by the id of its question."""
    capsys.readouterr()
    call = ["ask", "gaps", "--trust", trust, "--stale-before", "2025-01-01"]
    assert main([*call, "--home", str(home), "--format", "csv"]) == 0
    rows = csv.DictReader(io.StringIO(capsys.readouterr().out))
    return {row["question"]: (row["gap"], row["about"]) for row in rows}


def test_what_was_answered_is_not_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, home = copied(SMALL, tmp_path / "data"), tmp_path / "home"
    build(data, Releases(home))
    before = gaps(home, "RFF", capsys)
    assert set(asked(home, "RFF", capsys)) == set(before)
    assert set(before.values()) == {
        ("nothing-named", "in-house tool"),
        ("product-not-named", "Acme AI"),
        ("product-not-named", "Gone Health"),
        ("route-not-stated", "Gone Health"),
        ("route-not-stated", "in-house tool"),
        ("status-old", "Acme AI"),
        ("status-old", "Bone"),
        ("status-old", "Gone Health"),
        ("status-old", "in-house tool"),
        ("usage-not-stated", "Acme AI"),
        ("usage-not-stated", "Bone"),
        ("usage-not-stated", "Gone Health"),
    }
    path = tmp_path / "fell.xlsx"
    asked(home, "RFF", capsys, "-o", str(path))

    def products(sheet: Worksheet, put: Callable[[int, str, object], None]) -> None:
        told = {
            (row[3].value or row[4].value or row[2].value): row[0].row
            for row in sheet.iter_rows(min_row=2)
        }
        gone, acme, tool = told["Gone Health"], told["Acme AI"], told["in-house tool"]
        put(acme, "Product", "Scan")
        put(acme, "How far along", "live")
        put(acme, "How obtained", "network")
        put(acme, "Through whom", "North Imaging Network")
        put(acme, "Volume", "about 40")
        put(acme, "Unit", "scan")
        put(acme, "Per", "per day")
        put(acme, "Period from", "2026-01")
        put(acme, "Period to", "2026-03")
        put(gone, "How far along", "ended")
        put(tool, "How far along", "trialling")

    back = returned(
        path,
        tmp_path / "back.xlsx",
        Answer=lambda _, put: put(2, "In use, on trial or planned?", "Yes"),
        Products=products,
    )
    assert main(["load", "answers", str(back), "--data", str(data), "--home", str(home)]) == 0
    assert capsys.readouterr().out.startswith("rows 5 records 4 left out 1 rejects 0\n")
    after = gaps(home, "RFF", capsys)
    assert set(after.values()) == {
        ("nothing-named", "in-house tool"),
        ("route-not-stated", "in-house tool"),
        ("usage-not-stated", "in-house tool"),
        ("status-old", "Bone"),
        ("usage-not-stated", "Bone"),
    }
    assert set(asked(home, "RFF", capsys)) == set(after)
    assert set(after) - set(before) == {
        key
        for key, (gap, about) in after.items()
        if (gap, about) == ("usage-not-stated", "in-house tool")
    }
    assert main(["ask", "disclosures", "--trust", "RFF", "--home", str(home)]) == 0
    assert "request-2026-06-01-rff" in capsys.readouterr().out


def test_a_refusal_and_silence_are_asked_again_until_they_are_answered(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, home = copied(SMALL, tmp_path / "data"), tmp_path / "home"
    build(data, Releases(home))
    assert ("refused", "") in gaps(home, "RBB", capsys).values()
    path = tmp_path / "brook.xlsx"
    asked(home, "RBB", capsys, "-o", str(path))
    for word, open_still in (("Yes, but which is not known", True), ("Yes", False)):
        one, kept = copied(data, tmp_path / word), tmp_path / f"home {word}"
        back = returned(
            path,
            tmp_path / f"{word}.xlsx",
            Answer=lambda _, put, word=word: put(2, "In use, on trial or planned?", word),
        )
        assert main(["load", "answers", str(back), "--data", str(one), "--home", str(kept)]) == 0
        codes = {gap for gap, _ in gaps(kept, "RBB", capsys).values()}
        assert ("unable-to-specify" in codes) == open_still
        assert "refused" not in codes


def rows_of(
    home: Path, capsys: pytest.CaptureFixture[str], name: str, *flags: str
) -> list[dict[str, str]]:
    assert main(["ask", name, *flags, "--home", str(home), "--format", "csv"]) == 0
    return list(csv.DictReader(io.StringIO(capsys.readouterr().out)))


def test_a_second_request_counts_no_trust_twice_and_silence_takes_no_answer_back(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, home = copied(SMALL, tmp_path / "data"), tmp_path / "home"
    build(data, Releases(home))
    counted = ("adoption", "adoption-by-group", "trusts", "what-is-known", "domain-coverage")
    before = {name: rows_of(home, capsys, name) for name in counted}
    path = tmp_path / "brook.xlsx"
    asked(home, "RBB", capsys, "-o", str(path))
    fill = {"Answer": lambda _, put: put(2, "In use, on trial or planned?", "Yes")}
    back = returned(path, tmp_path / "back.xlsx", **fill)  # type: ignore[arg-type]
    assert main(["load", "answers", str(back), "--data", str(data), "--home", str(home)]) == 0
    capsys.readouterr()
    after = {name: rows_of(home, capsys, name) for name in counted}
    assert after["adoption"] == before["adoption"]
    assert after["adoption-by-group"] == before["adoption-by-group"]
    for name in counted:
        assert len(after[name]) == len(before[name]), name
    for name in ("trusts", "what-is-known"):
        old, new = ({row["ods"]: row["answer"] for row in found[name]} for found in (before, after))
        assert (old.pop("RBB"), new.pop("RBB")) == ("refused", "uses")
        assert old == new
        (then,) = rows_of(home, capsys, name, "--trust", "RBB", "--as-of", "2026-01-01")
        assert then["answer"] == "refused"
    asked_in = rows_of(home, capsys, "adoption", "--asked-in", "request-2026-06-01")
    assert sum(int(row["asked"]) for row in asked_in) == 1
    table = data / "claims" / "request-2026-06-01-rbb" / "disclosures.csv"
    head, row = table.read_text(encoding="utf-8").splitlines()
    silent = row.replace("rbb,", "raa,", 1).replace("Brook Hospitals NHS Trust", ALDER, 1)
    silent = silent.replace(",uses,", ",no-response,").replace("question Q-7ffb2688", "no answer")
    table.write_text(f"{head}\n{silent}\n{row}\n", encoding="utf-8")
    build(data, Releases(home))
    (now,) = rows_of(home, capsys, "what-is-known", "--trust", "RAA")
    assert now["answer"] == "uses"
    (now,) = rows_of(home, capsys, "what-is-known", "--trust", "RAA", "--source", table.parent.name)
    assert now["answer"] == "no-response"


def test_a_trust_of_the_shipped_data_answers(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path, kept = tmp_path / "wye.xlsx", tmp_path / "home"
    before = set(asked(home, "RLQ", capsys))
    asked(home, "RLQ", capsys, "-o", str(path))

    def products(sheet: Worksheet, put: Callable[[int, str, object], None]) -> None:
        for row in sheet.iter_rows(min_row=2):
            at = row[0].row
            assert isinstance(at, int)
            if row[2].value == "RapidAI":
                put(at, "How far along", "live")
                put(at, "How obtained", "direct")
                put(at, "Volume", "10-20")
                put(at, "Unit", "scan")
                put(at, "Per", "per week")
                put(at, "Period from", "2026-04")
                put(at, "Contract ends", "2028-03-31")

    back = returned(
        path,
        tmp_path / "back.xlsx",
        Answer=lambda _, put: put(2, "In use, on trial or planned?", "Yes"),
        Products=products,
    )
    data = copied(shipped.folder(), tmp_path / "data")
    assert main(["load", "answers", str(back), "--data", str(data), "--home", str(kept)]) == 0
    about = set(gaps(kept, "RLQ", capsys).values())
    assert about
    assert not {gap for gap, what in about if what == "RapidAI"}
    assert set(asked(kept, "RLQ", capsys)) < before


def test_trusts_that_answer_one_request_are_one_cohort(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data, home = copied(SMALL, tmp_path / "data"), tmp_path / "home"
    build(data, Releases(home))
    asked(home, "Y61", capsys, "-o", str(tmp_path / "r.xlsx"))
    for code, word in (("rcc", "No"), ("rdd", "Yes")):
        back = returned(
            tmp_path / f"r-{code}.xlsx",
            tmp_path / f"back-{code}.xlsx",
            Answer=lambda _, put, word=word: put(2, "In use, on trial or planned?", word),
        )
        assert main(["load", "answers", str(back), "--data", str(data), "--home", str(home)]) == 0
    capsys.readouterr()
    call = ["ask", "adoption", "--asked-in", "request-2026-06-01", "--format", "csv"]
    assert main([*call, "--home", str(home)]) == 0
    counted = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert [
        (row["uses"], row["denies"], row["asked"]) for row in counted if row["asked"] != "0"
    ] == [("1", "1", "2")]


def test_a_region_is_asked_trust_by_trust(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], small: Release
) -> None:
    home = small.path.parent.parent
    assert asked(home, "Y61", capsys, "-o", str(tmp_path / "r.md")) == []
    names = {path.name for path in tmp_path.iterdir()}
    assert names == {"r-rcc.md", "r-rdd.md", "r-rff.md"}
    assert "Dale Ambulance" in (tmp_path / "r-rdd.md").read_text(encoding="utf-8")


def test_the_form_can_be_sent_empty(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.xlsx"
    assert main(["template", "-o", str(path), "--name", "R", "--sent-on", "2/3/2026"]) == 0
    assert read_cells(path).sheets[1].rows[1][1][1].text == "2026-03-02"
    assert main(["template", "-o", str(tmp_path / "a.doc")]) == 2
    assert main(["template", "-o", str(path), "--sent-on", "soon"]) == 2
    assert main(["ask-for", "RAA", "-o", str(tmp_path / "a.pdf")]) == 2
    assert "end its name with one of these" in capsys.readouterr().err
