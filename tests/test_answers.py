"""Answers that come as tables: the mapping is checked before use, and no row goes missing."""

import zipfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careatlas.build import build
from careatlas.cli import main
from careatlas.graph.release import Releases
from careatlas.loaders.answers import load
from careatlas.loaders.answers.checks import value
from careatlas.loaders.answers.claims import Claims
from careatlas.loaders.answers.fields import FIELDS, day, figure, iso, labels
from careatlas.loaders.answers.mapping import MappingError, mapped, read_mapping
from careatlas.loaders.answers.names import Directory
from careatlas.loaders.answers.suggest import guess, suggest
from careatlas.loaders.claim_tables import copied
from careatlas.loaders.reading import UnreadableDocumentError, read_cells
from careatlas.loaders.reading.cells import Book, Cell, Grid
from careatlas.loaders.tables import harvest

SMALL = Path(__file__).parent / "fixtures" / "small_world"
MAPPING = """\
source: {id: answers-2026, kind: foi-answer, title: Answers of 2026, published: 2026-05-01}
request: {key: r26, name: Request of 2026, sent_on: 2026-03-02, scope: AI in care}
sheets:
  - header: 2
    columns:
      Trust name: trust
      Uses AI?: answer
      Tools: product
      Stage: status
      Uses a year: volume
      Counted in: unit
      Year: period
      Bought through: route_type
      Whom: intermediary
    split: {Tools: ";"}
    values:
      answer:
        Yes: uses
        No: denies
        Withheld: {answer: uses, detail: refused, exemption: s31}
      status: {"Yes, in routine use": live, Pilot: trialling}
      route_type: {Network deal: network}
"""
SHEET = """\
What we were told,,,,,,,,
Trust name,Uses AI?,Tools,Stage,Uses a year,Counted in,Year,Bought through,Whom
Alder Vale NHS Foundation Trust,Yes,Scan,"Yes, in routine use","1,200",scan,2024/25,Network deal,North Imaging Network
Brook Hospitals NHS Trust,Withheld,,,,,,,
Cove Community NHS Trust,No,,,,,,,
Dale Ambulance Service NHS Trust,,,,,,,,
Fell Teaching Hospitals NHS Trust,yes,Bone; Hub,pilot,,,,,
Fell Teaching Hospitals NHS Trust,Yes,Brandnew,,,,,,
Moor End NHS Trust,Yes,,,,,,,
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return copied(SMALL, tmp_path / "data")


@pytest.fixture
def put(tmp_path: Path) -> Callable[[str, str], Path]:
    def write(name: str, text: str) -> Path:
        (tmp_path / name).write_text(text, encoding="utf-8")
        return tmp_path / name

    return write


def answers(file: Path, mapping: Path, data: Path) -> load.Answers:
    return load.read(file, read_cells(file), read_mapping(mapping), mapping.name, data)


def workbook(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def cells(said: Claims, table: str, *columns: str) -> list[tuple[str, ...]]:
    return [tuple(row.get(name, "") for name in columns) for row in said.tables[table]]


def problems(error: MappingError) -> list[str]:
    return [str(problem) for problem in error.problems]


def test_rows_become_claims_with_their_cells(data: Path, put: Callable[[str, str], Path]) -> None:
    said = answers(put("a.csv", SHEET), put("m.yaml", MAPPING), data).claims
    assert cells(said, "disclosures", "key", "answer", "detail", "exemption", "locator") == [
        ("raa", "uses", "", "", "row 3, column Uses AI?"),
        ("rbb", "uses", "refused", "s31", "row 4, column Uses AI?"),
        ("rcc", "denies", "", "", "row 5, column Uses AI?"),
        ("rff", "uses", "", "", "row 7, column Uses AI?"),
    ]
    assert cells(said, "deployments", "key", "product", "status", "as_at") == [
        ("raa/scan", "Scan", "live", "2026-03-02"),
        ("rff/bone", "Bone", "trialling", "2026-03-02"),
        ("rff/hub", "Hub", "trialling", "2026-03-02"),
        ("rff/brandnew", "Brandnew", "unspecified", "2026-03-02"),
    ]
    assert cells(said, "usage", "min", "max", "approximate", "period_start", "period_end") == [
        ("1200", "1200", "false", "2024-04-01", "2025-03-31")
    ]
    assert cells(said, "routes", "route_type", "intermediary", "intermediary_kind", "locator") == [
        ("network", "North Imaging Network", "network", "row 3, column Bought through")
    ]
    assert cells(said, "crosswalk", "kind", "printed", "key", "method", "only_in") == [
        ("product", "Brandnew", "", "unresolved", "answers-2026")
    ]


def test_every_row_is_a_record_or_left_out_or_a_reject(
    data: Path, put: Callable[[str, str], Path]
) -> None:
    said = answers(put("a.csv", SHEET), put("m.yaml", MAPPING), data).claims
    assert (said.rows, said.taken) == (7, 5)
    assert list(map(str, said.left_out)) == ["row 6: nothing is answered"]
    assert list(map(str, said.rejects)) == [
        "row 9: 'Moor End NHS Trust' is the name of no trust: give its ODS code"
    ]


def test_what_was_loaded_is_a_release_that_conforms(
    data: Path, put: Callable[[str, str], Path], tmp_path: Path
) -> None:
    found = answers(put("a.csv", SHEET), put("m.yaml", MAPPING), data)
    tallies = load.write(found, data)
    assert {tally.file: tally.records for tally in tallies}["claims/answers-2026/usage.csv"] == 1
    assert harvest(data).rejects == []
    built = build(data, Releases(tmp_path / "home"))
    assert "Violation 0" in built.summary
    before = {path: path.read_bytes() for path in data.rglob("*.csv")}
    load.write(found, data)
    assert {path: path.read_bytes() for path in data.rglob("*.csv")} == before


def test_all_that_is_wrong_is_listed_at_once(data: Path, put: Callable[[str, str], Path]) -> None:
    mapping = (
        MAPPING.replace("Stage: status", "Stage: statsu")
        .replace("Whom: intermediary", "Who: intermediary")
        .replace("No: denies", "No: denied")
        .replace("    values:", "    defaults: {unit: furlong}\n    values:")
        .replace(", published: 2026-05-01", "")
    )
    with pytest.raises(MappingError) as error:
        answers(put("a.csv", SHEET), put("m.yaml", mapping), data)
    said = problems(error.value)
    assert [line.split(": ")[0] for line in said] == [
        "m.yaml, source published",
        "m.yaml, sheets 1, columns, Stage",
        "m.yaml, sheets 1, values, answer, No",
        "m.yaml, sheets 1, defaults, unit",
        "m.yaml, sheets 1, columns, Who",
    ]
    assert all("\n" not in line for line in said)
    assert "the 5 problems listed above" in str(error.value)
    assert "".join(error.value.__notes__).count("\n") == 5


def test_words_that_the_mapping_does_not_know_are_told_of_once_with_their_first_place(
    data: Path, put: Callable[[str, str], Path]
) -> None:
    sheet = SHEET.replace(",pilot,", ",In the cupboard,").replace("1,200", "lots")
    sheet += "Fell Teaching Hospitals NHS Trust,Yes,Scan,In the cupboard,,,,,\n"
    with pytest.raises(MappingError) as error:
        answers(put("a.csv", sheet), put("m.yaml", MAPPING), data)
    assert problems(error.value) == [
        "row 3, column Uses a year: 'lots' is no figure: write 1200, about 1200 or 10-15",
        "row 7, column Stage: 'In the cupboard' (and in 1 more cells) is no status: "
        + "say under values, status what it means",
    ]


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("source: [", "is not YAML"),
        ("a: &x 1\nb: *x\n", "an alias (*) cannot stand in a mapping"),
        ("source: {}\nsource: {}\n", "'source' stands twice"),
        ("sheets: []\n", "source: is missing"),
        ("sheets: []\nsource: {id: DECIDE}\n", "DECIDE stands for what you decide"),
        (MAPPING.replace("header: 2", "header: 0"), "sheets 1 header"),
        (MAPPING + "more: 1\n", "is no entry of a mapping"),
        (MAPPING.replace("kind: foi-answer", "kind: letter"), "'letter' is not in the scheme"),
    ],
)
def test_a_mapping_that_is_none_is_refused(
    broken: str, told: str, put: Callable[[str, str], Path]
) -> None:
    with pytest.raises(MappingError) as error:
        read_mapping(put("m.yaml", broken))
    assert any(told in line for line in problems(error.value)), problems(error.value)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=60))
def test_any_text_is_told_why_it_is_no_mapping(tmp_path: Path, text: str) -> None:
    path = tmp_path / "m.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError) as error:
        read_mapping(path)
    assert error.value.problems


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (("Uses AI?: answer", "Uses AI?: answer\n      Again: trust"), "are both trust"),
        (("request: {key: r26", "# {key: r26"), "the mapping has no request"),
        (('split: {Tools: ";"}', "split: {Stage: ';'}"), "can be split"),
        (("Counted in: unit\n      ", ""), "volume needs a unit"),
        (("Trust name: trust\n      ", ""), "which trust answers"),
        (("split:", "leave_out: [Tools]\n    split:"), "two entries speak of this column"),
        (("split:", "groups: [{Trust name: trust}]\n    split:"), "move it to columns"),
        (("header: 2", "header: 2\n    sheet: Answers"), "the file has no sheet 'Answers'"),
        (("header: 2", "header: 99"), "row 99 of the file has no headings"),
        (("values:", "values:\n      product: {a: b}"), "words are given for coded fields alone"),
    ],
)
def test_what_cannot_be_so_is_a_problem(
    change: tuple[str, str], told: str, data: Path, put: Callable[[str, str], Path]
) -> None:
    mapping = MAPPING.replace(*change)
    assert mapping != MAPPING
    with pytest.raises(MappingError) as error:
        answers(put("a.csv", SHEET), put("m.yaml", mapping), data)
    assert any(told in line for line in problems(error.value)), problems(error.value)


def read_rows(columns: str, rows: Sequence[str], data: Path, **more: object) -> Claims:
    """What rows of texts say, under columns given as `Heading=field`."""
    named = dict(pair.split("=") for pair in columns.split())
    sheet: dict[str, object] = {"columns": named, **more}
    grid = [list(named), *(row.split("|") for row in rows)]
    book = Book(
        (Grid("", tuple((at, tuple(map(Cell, row))) for at, row in enumerate(grid, 1))),), ()
    )
    mapping = mapped(
        {
            "source": {"id": "s", "kind": "foi-answer", "title": "T", "published": "2026-05-01"},
            "request": {"key": "r", "name": "R", "sent_on": "2026-03-02", "scope": "AI"},
            "sheets": [sheet],
        },
        "m",
    )
    return load.read(Path(__file__), book, mapping, "m", data).claims


@pytest.mark.parametrize(
    ("columns", "row", "told"),
    [
        ("T=trust A=answer", "|Yes", "names no trust"),
        ("C=ods A=answer", "RZZ|uses", "'RZZ' is the ODS code of no trust"),
        ("T=trust C=ods A=answer", "Brook|RAA|uses", "is not the trust with the ODS code RAA"),
        ("T=trust A=answer D=detail", "Brook|uses|refused", "a refusal names its exemption"),
        ("T=trust A=answer E=exemption", "Brook|denies|s31", "a refusal names its exemption"),
        (
            "T=trust A=answer D=detail",
            "Brook|denies|unable-to-specify",
            "only those who say that they use AI",
        ),
        ("T=trust Q=qualifier", "Brook|so far", "but no answer"),
        ("T=trust S=status", "Brook|live", "of a product, but not of which"),
        ("T=trust P=product V=volume U=unit", "Brook|Scan|5|", "a volume without its unit"),
        ("T=trust P=product X=period", "Brook|Scan|2024", "gives a period, but no volume"),
        (
            "T=trust P=product V=volume U=unit A=period_start B=period_end",
            "Brook|Scan|5|scan|2025|2024",
            "before it begins",
        ),
        (
            "T=trust P=product V=volume U=unit A=period B=period_end",
            "Brook|Scan|5|scan|2025|2024",
            "gives a period twice",
        ),
        ("T=trust P=product W=intermediary", "Brook|Scan|Somebody", "not the kind of way"),
        ("T=trust P=product R=route_type W=intermediary", "Brook|Scan|direct|X", "between"),
        (
            "T=trust P=product R=route_type I=involvement",
            "Brook|Scan|network|funded it",
            "how somebody was involved, but not who",
        ),
    ],
)
def test_a_row_that_cannot_be_so_is_a_reject_and_the_others_are_taken(
    columns: str, row: str, told: str, data: Path
) -> None:
    good = "|".join(
        {"trust": "Alder Vale NHS Foundation Trust", "ods": "RAA", "product": "Hub"}.get(
            pair.split("=")[1], ""
        )
        for pair in columns.split()
    )
    said = read_rows(columns, [row.replace("Yes", "uses"), good], data)
    assert [str(aside) for aside in said.rejects if told in str(aside)], said.rejects
    assert said.rows == said.taken + len(said.left_out) + len(said.rejects) == 2
    assert all(row.get("trust") != "Brook" for rows in said.tables.values() for row in rows)


def test_two_answers_of_one_trust_that_differ_are_no_answer_to_choose_from(data: Path) -> None:
    said = read_rows("T=trust A=answer", ["Brook|uses", "Brook|uses", "Brook|denies"], data)
    assert cells(said, "disclosures", "key", "answer") == [("rbb", "uses")]
    assert list(map(str, said.rejects)) == ["row 4: Brook answers otherwise in row 2"]


def test_a_code_names_a_trust_and_teaches_its_name(data: Path) -> None:
    said = read_rows("T=trust C=ods A=answer", ["Brook & Sons|rbb|uses", "|raa|denies"], data)
    assert cells(said, "disclosures", "key", "trust") == [
        ("rbb", "Brook & Sons"),
        ("raa", "Alder Vale NHS Foundation Trust"),
    ]
    assert cells(said, "crosswalk", "printed", "key", "method") == [
        ("Brook & Sons", "org/ods/RBB", "hand")
    ]


def test_a_trust_that_nobody_knows_stays_open_and_its_answer_waits(data: Path) -> None:
    said = read_rows("T=trust P=product", ["Brok Hospitals NHS Trust|Scan"], data)
    assert cells(said, "crosswalk", "kind", "method") == [("organisation", "unresolved")]
    refused = read_rows("T=trust A=answer", ["Brok Hospitals NHS Trust|uses"], data)
    assert "Brook Hospitals NHS Trust?" in str(refused.rejects[0])
    assert refused.tables == {}


def test_groups_of_columns_are_products_and_blank_ones_are_none(data: Path) -> None:
    said = _groups(data)
    assert cells(said, "deployments", "product", "vendor", "locator") == [
        ("Scan", "Acme AI", "row 2, column P1"),
        ("Bone", "Beta Imaging", "row 3, column P2"),
        ("Hub", "", "row 4, column P1"),
        ("Scan", "", "row 4, column P2"),
    ]


def _groups(data: Path) -> Claims:
    grid = [
        ["T", "P1", "V1", "P2", "V2"],
        ["Brook", "Scan", "Acme AI", "", ""],
        ["Fell Teaching Hospitals NHS Trust", "", "", "Bone", "Beta Imaging"],
        ["Cove Community NHS Trust", "Hub", "", "Scan", ""],
    ]
    rows = tuple((at, tuple(map(Cell, row))) for at, row in enumerate(grid, 1))
    mapping = mapped(
        {
            "source": {"id": "s", "kind": "foi-answer", "title": "T", "published": "2026-05-01"},
            "sheets": [
                {
                    "columns": {"T": "trust"},
                    "groups": [
                        {"P1": "product", "V1": "vendor"},
                        {"P2": "product", "V2": "vendor"},
                    ],
                }
            ],
        },
        "m",
    )
    return load.read(Path(__file__), Book((Grid("", rows),), ()), mapping, "m", data).claims


def test_names_split_in_step_and_one_figure_for_several_is_nobodys(data: Path) -> None:
    split = {"P": ";", "V": ";"}
    columns = "T=trust P=product V=vendor N=volume U=unit R=route_type W=intermediary I=involvement"
    said = read_rows(
        columns,
        [
            "Brook|Scan; Bone|Acme AI; Beta Imaging|||network|North Imaging Network|procured",
            "Brook|Scan; Bone|Acme AI; Beta Imaging; Third|||||",
            "Brook|Scan; Bone||7|scan|||",
        ],
        data,
        split=split,
    )
    assert cells(said, "deployments", "product", "vendor") == [
        ("Scan", "Acme AI"),
        ("Bone", "Beta Imaging"),
    ]
    assert cells(said, "routes", "ambiguous_scope") == [("true",), ("true",)]
    assert [str(aside) for aside in said.rejects] == [
        "row 3: the cells name 2 of product and 3 of vendor: nobody can tell which belong together",
        "row 4: gives one figure for several products: nobody can tell for which",
    ]


def test_a_merged_cell_fills_down_only_where_the_mapping_says(data: Path) -> None:
    rows = ["Brook|Scan", "|Bone"]
    assert len(read_rows("T=trust P=product", rows, data).rejects) == 1
    said = read_rows("T=trust P=product", rows, data, fill=["T"])
    assert cells(said, "deployments", "trust") == [("Brook",), ("Brook",)]


def test_words_for_nothing_are_blank_only_where_the_mapping_says(data: Path) -> None:
    rows = ["Brook|Scan|n/a", "Brook|N/A|"]
    said = read_rows("T=trust P=product R=remark", rows, data)
    assert len(said.tables["deployments"]) == 2
    said = read_rows("T=trust P=product R=remark", rows, data, blank=["N/A"])
    assert cells(said, "deployments", "product") == [("Scan",)]
    assert (len(said.left_out), said.remarks) == (1, [])


def test_a_contract_is_an_agreement_with_its_last_day(data: Path, tmp_path: Path) -> None:
    said = read_rows(
        "T=trust A=answer P=product V=vendor E=contract_end R=route_type",
        ["Brook|uses|Scan|Acme AI|31/03/2027|direct"],
        data,
    )
    assert cells(said, "agreements", "party", "role", "ends") == [
        ("Brook", "customer", "2027-03-31"),
        ("Acme AI", "supplier", "2027-03-31"),
    ]
    assert cells(said, "routes", "route_type", "intermediary") == [("direct", "")]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Brook", "Alder Vale NHS Foundation Trust", "", "Nowhere"]),
            st.sampled_from(["uses", "denies", "", "no response"]),
            st.sampled_from(["Scan", "Bone; Hub", "", "Thing"]),
            st.sampled_from(["live", "", "trialling"]),
            st.sampled_from(["", "12", "about 3"]),
        ),
        max_size=12,
    )
)
def test_rows_in_are_rows_out_and_a_blank_is_never_a_no(
    rows: list[tuple[str, str, str, str, str]],
) -> None:
    said = read_rows(
        "T=trust A=answer P=product S=status N=volume",
        ["|".join(row) for row in rows],
        SMALL,
        split={"P": ";"},
        defaults={"unit": "scan"},
    )
    blank = sum(not any(row) for row in rows)
    assert said.rows == said.taken + len(said.left_out) + len(said.rejects) == len(rows)
    assert blank <= len(said.left_out) + len(said.rejects)
    denied = {row[0] for row in rows if row[1] == "denies"}
    found = {
        row["trust"] for row in said.tables.get("disclosures", []) if row["answer"] == "denies"
    }
    assert found <= denied
    keys = [row["key"] for row in said.tables.get("deployments", [])]
    assert len(keys) == len(set(keys))


@given(st.text(max_size=20))
def test_any_cell_is_a_figure_or_a_date_or_neither(text: str) -> None:
    for reads in (figure, day, iso):
        with suppress(ValueError):
            assert reads(text)


@given(st.integers(0, 10**9), st.integers(0, 10**6))
def test_figures_are_read_as_they_are_written(low: int, more: int) -> None:
    assert figure(f"{low:,}").low == str(low)
    assert figure(f"c. {low}").approximate
    both = figure(f"{low} to {low + more:,}")
    assert (both.low, both.high, both.approximate) == (str(low), str(low + more), more > 0)


@given(st.dates())
def test_days_are_read_as_people_here_write_them(one: object) -> None:
    written = str(one)
    year, month, number = written.split("-")
    assert iso(f"{int(number)}/{int(month)}/{year}") == iso(written) == written
    assert iso(f"{month}/{year}") == f"{year}-{month}"


def test_every_field_of_a_code_has_a_scheme() -> None:
    for name, field in FIELDS.items():
        if field.kind == "code":
            codes = labels(field.scheme)
            assert codes
            assert {value(name, label) for label in codes.values()} == set(codes)


def test_a_formula_counts_by_its_stored_value_and_an_error_is_none(
    data: Path, put: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = workbook(
        tmp_path / "a.xlsx",
        {"Answers": [["T", "A", "N"], ["Brook", "=1+1", "#REF!"], ["Brook", "uses", 3]]},
    )
    mapping = put(
        "m.yaml",
        "source: {id: s, kind: foi-answer, title: T, published: 2026-05-01}\n"
        "request: {key: r, name: R, sent_on: 2026-03-02, scope: AI}\n"
        "sheets: [{columns: {T: trust, A: answer, N: remark}}]\n",
    )
    with pytest.raises(MappingError) as error:
        answers(path, mapping, data)
    assert problems(error.value) == [
        "sheet Answers, row 2, column A: holds a formula without its value: "
        + "save the file in a spreadsheet program",
        "sheet Answers, row 2, column N: holds the error #REF!",
    ]


def test_hidden_sheets_are_not_read_and_said(
    data: Path, put: Callable[[str, str], Path], tmp_path: Path
) -> None:
    path = workbook(tmp_path / "a.xlsx", {"One": [["T"], ["Brook"]], "Two": [["T"]]})
    book = openpyxl.load_workbook(path)
    book["Two"].sheet_state = "hidden"
    book.save(path)
    sheet = "source: {id: s, kind: foi-answer, title: T, published: 2026-05-01}\nsheets:\n"
    named = put("m.yaml", sheet + "  - {sheet: Two, columns: {T: trust}}\n")
    with pytest.raises(MappingError, match=r"m.yaml"):
        answers(path, named, data)
    alone = put("n.yaml", sheet + "  - {columns: {T: trust}}\n")
    assert answers(path, alone, data).hidden == ("Two",)


def bomb(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b"<workbook/>")
        parts.writestr("xl/worksheets/sheet1.xml", b"0" * (80 * 2**20))


def entities(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as parts:
        parts.writestr("xl/workbook.xml", b'<!DOCTYPE a [<!ENTITY b "c">]><workbook/>')


def wide(path: Path) -> None:
    book = openpyxl.Workbook()
    book.worksheets[0].cell(1, 2_000, "x")
    book.save(path)


@pytest.mark.parametrize("make", [bomb, entities, wide])
def test_a_hostile_sheet_is_refused_in_one_line(
    make: Callable[[Path], None], tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    make(path)
    with pytest.raises(UnreadableDocumentError) as error:
        read_cells(path)
    assert "\n" not in str(error.value)


def test_headings_that_are_alike_are_numbered_and_nameless_ones_lettered(data: Path) -> None:
    row = tuple(map(Cell, ["T", "Product", "Product", ""]))
    below = tuple(map(Cell, ["Brook", "Scan", "Bone", "x"]))
    grid = Grid("", ((1, row), (2, below)))
    mapping = mapped(
        {
            "source": {"id": "s", "kind": "foi-answer", "title": "T", "published": "2026-05-01"},
            "sheets": [
                {
                    "columns": {"T": "trust"},
                    "groups": [{"Product": "product"}, {"Product (2)": "product"}],
                }
            ],
        },
        "m",
    )
    found = load.read(Path(__file__), Book((grid,), ()), mapping, "m", data)
    assert cells(found.claims, "deployments", "product") == [("Scan",), ("Bone",)]
    assert found.unread == ("row 1, column column D",)


def test_a_draft_names_what_is_alike_and_leaves_the_rest_to_the_person(
    data: Path, put: Callable[[str, str], Path]
) -> None:
    file = put(
        "a.csv",
        "Trust name,Supplier 1,Product 1,Supplier 2,Product 2,Status,Colour of the door\n"
        "Brook,Acme AI,Scan,,,Live,blue\nBrook,,,,,Somewhere between,red\n",
    )
    draft = suggest(read_cells(file))
    assert '"Trust name": trust   # 1.00' in draft
    assert '      - "Supplier 1": vendor   # 1.00\n        "Product 1": product' in draft
    assert '- "Colour of the door"' in draft
    assert '"Somewhere between": DECIDE' in draft
    with pytest.raises(MappingError, match="put right"):
        read_mapping(put("m.yaml", draft))
    decided = draft.replace("id: DECIDE", "id: x").replace(": DECIDE", ": 2026-05-01")
    with pytest.raises(MappingError, match="put right") as error:
        answers(file, put("m.yaml", decided), data)
    assert "'2026-05-01' is not in the scheme status" in problems(error.value)[0]
    done = put("m.yaml", decided.replace('between": 2026-05-01', 'between": unspecified'))
    assert answers(file, done, data).claims.tables["deployments"]


@given(st.text(max_size=30))
def test_a_guess_is_a_field_with_a_confidence(heading: str) -> None:
    found = guess(heading)
    assert found.field in FIELDS
    assert 0 <= found.confidence <= 1


def test_the_command_loads_or_changes_nothing(
    put: Callable[[str, str], Path],
    data: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file, mapping, home = put("a.csv", SHEET), put("m.yaml", MAPPING), tmp_path / "home"
    call = ["load", "answers", str(file), "--mapping", str(mapping), "--data", str(data)]
    before = {path: path.read_bytes() for path in data.rglob("*.csv")}
    assert main([*call, "--dry-run", "--home", str(home)]) == 0
    shown = capsys.readouterr()
    assert shown.out.startswith("rows 7 records 5 left out 1 rejects 1\n")
    assert "reject row 9: 'Moor End NHS Trust'" in shown.err
    assert {path: path.read_bytes() for path in data.rglob("*.csv")} == before
    assert not home.exists()
    bad = put("bad.yaml", MAPPING.replace("Pilot: trialling", "Pilot: trial"))
    assert main([*call[:4], str(bad), *call[5:], "--home", str(home)]) == 1
    shown = capsys.readouterr()
    assert shown.err.count("\n") == 2
    assert {path: path.read_bytes() for path in data.rglob("*.csv")} == before
    assert main([*call, "--home", str(home), "--format", "json"]) == 0
    assert '"rows": 7' in capsys.readouterr().out
    assert (data / "claims" / "answers-2026" / "disclosures.csv").is_file()
    assert main(["ask", "disclosures", "--source", "answers-2026", "--home", str(home)]) == 0
    assert capsys.readouterr().out.count("answers-2026") == 4 * 2


def test_a_file_that_is_no_form_needs_a_mapping(
    put: Callable[[str, str], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    file = put("a.csv", SHEET)
    assert main(["load", "answers", str(file)]) == 2
    assert "--suggest-mapping" in capsys.readouterr().err
    assert main(["load", "answers", str(file), "--suggest-mapping"]) == 0
    assert "Trust name" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("kind", "flags"),
    [
        ("answers", ["--all"]),
        ("answers", ["--accept-change"]),
        ("answers", ["--published", "2026-01-01"]),
        ("claims", ["--all"]),
        ("ods", ["--suggest-mapping"]),
        ("ocds", ["--mapping", "m.toml"]),
    ],
)
def test_a_flag_that_says_nothing_to_a_kind_is_refused(
    kind: str, flags: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["load", kind, "a.csv", *flags]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"careatlas: {flags[0]} says nothing to {kind}, only to ")
    assert told.count("\n") == 1


def test_names_of_a_folder_are_found_as_the_tables_find_them() -> None:
    names = Directory.of(SMALL, "news")
    assert names.answerer("Brook", "", "row 1").key == "rbb"
    assert names.answerer("brook hospitals nhs trust", "", "row 1").known
    names.name("product", "Scan", "row 1")
    assert names.new == {}
