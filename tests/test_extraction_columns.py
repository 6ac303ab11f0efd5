"""Tables whose heads are questions or odd words: their cells tell what they hold."""

from pathlib import Path

import docx
import pytest
from extraction import MADE, TRUSTS, catalogue, read, things
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.platypus import Paragraph, SimpleDocTemplate, Table, TableStyle

from careatlas.loaders.extraction import Candidates, Gazetteer, extract
from careatlas.loaders.extraction.gazetteer import Entity
from careatlas.loaders.extraction.tables.celled import segments
from careatlas.loaders.extraction.tables.heads import lists, meaning
from careatlas.loaders.extraction.wording.columns_said import status
from careatlas.loaders.reading import markdown
from careatlas.loaders.reading import read as read_file

OWN = f"# {TRUSTS[0]}\n\nBoard paper\n\n"


def table(*rows: str, above: str = "") -> Candidates:
    """What a table in Markdown says under some words."""
    head, *rest = rows
    lines = [head, "|---" * (head.count("|") - 1) + "|", *rest]
    return read(f"{above}{chr(10).join(lines)}\n")


def usage(one: Candidates) -> list[tuple[str, str, str]]:
    """The product, the number and its rate."""
    return [(row["product"], row["min"], row["per"]) for row in one.rows("usage")]


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        ("Q2. Please name each product and its supplier", "product"),
        ("What is used and for what?", "product"),
        ("Is clinical AI in use?", "answer"),
        ("3) How many times was each used in 2024/25?", "usage"),
        ("How was it procured?", "route"),
        ("Where we are", "status"),
        ("How it has gone", "status"),
        ("Has the Trust ended the use of any product?", "ended"),
        ("What do you intend to buy next year?", "plans"),
        ("Tools being piloted", "trialling"),
        ("Reply received", ""),
        ("Annual cost", ""),
        ("Project lead", ""),
    ],
)
def test_a_head_that_is_a_question_says_what_its_column_holds(head: str, kind: str) -> None:
    assert meaning(head) == kind


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("AI products in clinical use", "live"),
        ("Trusts using it", "live"),
        ("Systems on trial", "trialling"),
        ("Products under consideration", "exploring"),
        ("Pipeline for next year", ""),
        ("AI products", None),
        ("Products in use and on trial", None),
        ("Whether it is in use or not", None),
    ],
)
def test_the_words_above_a_table_may_say_how_far_all_in_it_is(words: str, said: str | None) -> None:
    assert lists(words) == said


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Live; roll-out to a second site planned", "live"),
        ("In use but not at weekends", "live"),
        ("Trial ended, now in routine use", "live"),
        ("Up and running in both hospitals", "live"),
        ("Installed, not yet live", "implementing"),
        ("Deployed, awaiting sign-off", "implementing"),
        ("Parked until the archive is replaced", "paused"),
        ("Pilot (ended in March)", "ended"),
        ("Switched off in May", "ended"),
        ("Installed but switched off", "deployed-not-used"),
        ("Options appraisal", "exploring"),
        ("Contract signed; work starts in January", "procured"),
        ("Tested in shadow mode", "trialling"),
        ("Did not proceed", ""),
        ("Pilot agreed, start date to be confirmed", ""),
        ("Live once the archive is replaced", ""),
        ("Go-live March 2027", None),
        ("Completed", None),
    ],
)
def test_a_cell_of_several_clauses_is_as_far_as_the_first_unless_the_next_takes_it_back(
    said: str, code: str | None
) -> None:
    assert status(said) == code


def test_nothing_is_live_where_no_word_says_so() -> None:
    rows = ("| Product | Supplier | Area |", "| Lumo Scan | Lumo | Chest |")
    assert things(table(*rows, above=OWN)) == [("Ashvale", "Lumo Scan", "unspecified")]
    said = f"{OWN}The table lists the products in use.\n\n"
    assert things(table(*rows, above=said)) == [("Ashvale", "Lumo Scan", "live")]
    assert things(table(*rows, above=f"{OWN}## Pipeline for next year\n\n")) == []


def test_a_column_of_how_far_things_are_is_known_by_its_cells() -> None:
    one = table(
        "| What | Made by | News | Numbers |",
        "| Lumo Scan | Lumo | In routine use since May | 400 scans a week |",
        "| Pixon Reader | Pixon | On hold | - |",
        "| Quorra Voice | Quorra | Being installed | |",
        above=OWN,
    )
    assert [status for _, _, status in things(one)] == ["live", "paused", "implementing"]
    assert usage(one) == [("Lumo Scan", "400", "week")]


def test_columns_of_yes_and_no_about_papers_say_nothing_of_use() -> None:
    one = table(
        "| System | DPIA complete | Safety case | Owner |",
        "| Lumo Scan | Yes | Yes | AB |",
        "| Pixon Reader | Yes | No | CD |",
        above=OWN,
    )
    assert {status for _, _, status in things(one)} <= {"unspecified"}


def test_answers_in_words_are_read_as_those_of_their_trust() -> None:
    one = table(
        "| Trust | Is AI in use? | What is used and for what? | How much? | How was it bought? | Anything else |",
        f"| {TRUSTS[0]} | Yes | Lumo Scan (Lumo) for chest X-rays. Quorra Voice in clinics. | Lumo Scan: 300 scans a month. Quorra Voice: 40 times a week | "
        "Lumo Scan: Prism Framework | Pixon Reader is being piloted |",
        f"| {TRUSTS[1]} | No | | | | Lumo Scan was turned down |",
        f"| {TRUSTS[2]} | Yes | Withheld under section 31 | | | Considering Pixon Reader |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Quorra Voice", "live"),
        ("Ashvale", "Pixon Reader", "trialling"),
        ("Elmford", "Pixon Reader", "exploring"),
    ]
    assert usage(one) == [("Lumo Scan", "300", "month"), ("Quorra Voice", "40", "week")]
    assert [row["route"] for row in one.rows("routes")] == ["Prism Framework"]
    assert [(row["answer"], row["detail"]) for row in one.rows("disclosures")] == [
        ("uses", ""),
        ("denies", ""),
        ("uses", "refused"),
    ]


def test_a_question_and_its_answer_stand_beside_each_other() -> None:
    one = table(
        "| Question | Our answer |",
        "| 1. Do you use AI in patient care? | Yes |",
        "| 2. Which systems? | Lumo Scan, in the stroke unit, and Quorra Voice |",
        "| 3. How often? | Lumo Scan: 120 scans a month |",
        "| 4. Which were tried but not adopted? | Pixon Reader |",
        "| 5. Do you use AI in pathology? | No |",
        above=OWN,
    )
    assert things(one)[:2] == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Quorra Voice", "live"),
    ]
    assert ("Ashvale", "Pixon Reader", "live") not in things(one)
    assert usage(one) == [("Lumo Scan", "120", "month")]
    assert [row["answer"] for row in one.rows("disclosures")] == ["uses"]


def test_a_column_for_each_question_of_use_trial_and_plan() -> None:
    one = table(
        "| Trust | Current tools | Tools being piloted | Tools withdrawn | Plans |",
        f"| {TRUSTS[0]} | Lumo Scan | Quorra Voice | Pixon Reader (2023) | |",
        f"| {TRUSTS[1]} | None | | | Lumo Scan |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Quorra Voice", "trialling"),
        ("Ashvale", "Pixon Reader", "ended"),
    ]


def test_a_note_after_a_name_is_of_that_name_alone() -> None:
    one = table(
        "| Trust | Tools in use |",
        f"| {TRUSTS[0]} | Lumo Scan / Pixon Reader (pilot); Quorra Voice - planned |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Pixon Reader", "trialling"),
    ]
    users = table("| Product | Users |", "| Lumo Scan | Ashvale, Birchmoor (pilot) |")
    assert things(users) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Lumo Scan", "trialling"),
    ]


def test_lines_across_a_table_say_whose_or_what_the_rows_below_are() -> None:
    one = table(
        "| Tool | Supplier | Where |",
        f"| {TRUSTS[1]} | | |",
        "| Lumo Scan | Lumo | Stroke |",
        f"| {TRUSTS[2]} | | |",
        "| Pixon Reader | Pixon | Skin |",
        above="## AI tools in use\n\n",
    )
    assert things(one) == [("Birchmoor", "Lumo Scan", "live"), ("Elmford", "Pixon Reader", "live")]
    parts = table(
        "| Tool | Supplier | Where |",
        "| Live | | |",
        "| Lumo Scan | Lumo | Stroke |",
        "| Planned | | |",
        "| Pixon Reader | Pixon | Skin |",
        above=OWN,
    )
    assert things(parts) == [("Ashvale", "Lumo Scan", "live")]


def test_an_empty_cell_below_a_product_means_the_same_product() -> None:
    one = table(
        "| Product | Trust | Position |",
        f"| Lumo Scan | {TRUSTS[0]} | Live |",
        f"| | {TRUSTS[1]} | Pilot |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Lumo Scan", "trialling"),
    ]


def test_two_rows_of_heads_are_read_together() -> None:
    one = table(
        "| | AI product | | Use | |",
        "| Trust | Name | Maker | Number | Period |",
        f"| {TRUSTS[0]} | Lumo Scan | Lumo | 3,100 scans | 2024/25 |",
        f"| {TRUSTS[1]} | Pixon Reader | Pixon | 40 scans | May 2025 |",
        above="The table lists products in use.\n\n",
    )
    assert [(row["product"], row["period_start"]) for row in one.rows("usage")] == [
        ("Lumo Scan", "2024-04-01"),
        ("Pixon Reader", "2025-05-01"),
    ]


def test_a_number_of_several_products_is_of_none_unless_it_names_one() -> None:
    one = table(
        "| Trust | Tools in use | Scans a month |",
        f"| {TRUSTS[0]} | Lumo Scan, Pixon Reader | 500 |",
        f"| {TRUSTS[1]} | Lumo Scan, Pixon Reader | Pixon Reader 20 |",
    )
    assert usage(one) == [("Pixon Reader", "20", "month")]


def test_tables_that_compare_offers_say_nothing_of_use() -> None:
    one = table(
        "| Supplier | Product | Score | Outcome |",
        "| Lumo | Lumo Scan | 72 | Preferred |",
        above=OWN,
    )
    assert one.deployments == []


def test_a_maker_belongs_to_the_product_beside_it() -> None:
    text = "Lumo Scan (Lumo) Pixon's Pixon Reader & Quorra"
    found = segments(text, 0, len(text), catalogue())
    assert [text[span.start : span.end] for span in found] == [
        "Lumo Scan (Lumo)",
        "Pixon's Pixon Reader",
        "Quorra",
    ]


@pytest.mark.parametrize("vertical", ["TOP", "MIDDLE", "BOTTOM"])
def test_cells_of_several_printed_lines_are_one_row(vertical: str, tmp_path: Path) -> None:
    style = getSampleStyleSheet()["BodyText"]
    rows = [
        ["Organisation", "Tools in use, and what for", "How far along?", "Scans"],
        [TRUSTS[2], "Lumo Scan for chest X-rays in the emergency department", "Live", ""],
        [TRUSTS[1], "Quorra Voice", "Three-month pilot in two of the clinics", "40 a week"],
    ]
    page = SimpleDocTemplate(str(tmp_path / "a.pdf"), pagesize=A4)
    cells = [[Paragraph(said, style) for said in row] for row in rows]
    layout = TableStyle([("VALIGN", (0, 0), (-1, -1), vertical)])
    page.build([Table(cells, colWidths=[120, 140, 110, 80], style=layout)])
    document = read_file(tmp_path / "a.pdf")
    assert [passage.text for passage in document.passages][1:] == [
        f"{TRUSTS[2]} | {rows[1][1]} | Live",
        f"{TRUSTS[1]} | Quorra Voice | {rows[2][2]} | 40 a week",
    ]
    assert things(extract(document, catalogue(), "made-up")) == [
        ("Elmford", "Lumo Scan", "live"),
        ("Birchmoor", "Quorra Voice", "trialling"),
    ]


def test_a_framed_text_is_no_table(tmp_path: Path) -> None:
    words = "Ashvale NHS Foundation Trust uses Lumo Scan in both of its emergency departments. " * 3
    frame = f"<table><tr><td><h2>News</h2><p>{words}</p><p>{words}</p></td></tr></table>"
    path = tmp_path / "a.html"
    path.write_text(f"<html><body>{frame}</body></html>", encoding="utf-8")
    assert {passage.kind for passage in read_file(path).passages} <= {"heading", "paragraph"}
    document = docx.Document()
    document.add_table(rows=1, cols=1).cell(0, 0).text = "Ashvale uses Lumo Scan."
    document.save(str(tmp_path / "a.docx"))
    assert [passage.kind for passage in read_file(tmp_path / "a.docx").passages] == ["paragraph"]


def test_a_column_whose_head_says_nothing_of_use_makes_nothing_live() -> None:
    for head in ("Interested in", "Wish list", "Visited elsewhere", "Zebra"):
        one = table(
            f"| Trust | Uses AI | Products | {head} |",
            f"| {TRUSTS[0]} | Yes | Lumo Scan | Pixon Reader |",
        )
        assert [thing for thing in things(one) if thing[2] == "live"] == [
            ("Ashvale", "Lumo Scan", "live")
        ]


def test_a_tick_means_what_stands_above_the_table() -> None:
    rows = ("| Trust | Lumo Scan | Pixon Reader |", f"| {TRUSTS[0]} | \u2713 | |")
    assert things(table(*rows, above="Products in use:\n\n")) == [("Ashvale", "Lumo Scan", "live")]
    assert things(table(*rows)) == []


def test_costs_by_year_are_no_counts_of_use() -> None:
    one = table("| Line | 2024/25 | 2025/26 |", "| Lumo Scan licence | 40 | 42 |", above=OWN)
    assert usage(one) == []
    assert {status for _, _, status in things(one)} <= {"unspecified"}


def test_what_has_a_last_day_is_not_live() -> None:
    rows = ("| Lumo Scan | Jan 2024 | Dec 2024 |", "| Pixon Reader | Jan 2024 | |")
    for head, code in (("To", "unspecified"), ("Date ended", "ended")):
        one = table(f"| Tool | From | {head} |", *rows, above=OWN)
        assert [status for _, _, status in things(one)] == [code, "live"]


def test_names_in_an_answer_are_read_with_it() -> None:
    one = table(
        "| Trust | AI in use |",
        f"| {TRUSTS[0]} | Lumo Scan; trialling Pixon Reader |",
        f"| {TRUSTS[1]} | No. Has considered Lumo Scan |",
    )
    assert things(one)[:2] == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Pixon Reader", "trialling"),
    ]
    assert all(status != "live" for name, _, status in things(one) if name == "Birchmoor")


def test_a_number_its_unit_its_rate_and_its_period_may_stand_in_columns_of_their_own() -> None:
    rows = table(
        "| Trust | Product | How far along | Volume | Unit | Per | Period from | Period to |",
        f"| {TRUSTS[0]} | Lumo Scan | live | 1200 | scan | month | 2024-04-01 | 31/03/2025 |",
        f"| {TRUSTS[1]} | Lumo Scan | live | 300 | patients | | April 2024 | March 2025 |",
    ).rows("usage")
    said = [(row["min"], row["unit"], row["per"]) for row in rows]
    assert said == [("1200", "scan", "month"), ("300", "patient", "")]
    assert {(row["period_start"], row["period_end"]) for row in rows} == {
        ("2024-04-01", "2025-03-31")
    }


@pytest.mark.parametrize(
    "printed", ["2024-04 to 2025-03", "01/04/2024 - 31/03/2025", "2024-04-01 to 2025-03-31"]
)
def test_a_period_may_be_printed_in_figures(printed: str) -> None:
    (row,) = table(
        "| Trust | Product | Status | Usage | Period |",
        f"| {TRUSTS[0]} | Lumo Scan | live | 1,200 scans | {printed} |",
    ).rows("usage")
    assert (row["period_start"], row["period_end"]) == ("2024-04-01", "2025-03-31")


def test_a_name_of_a_maker_that_is_the_whole_name_of_its_product_names_both() -> None:
    maker = Entity("vendor", "v/Lumo", "Lumo Imaging")
    names = [(TRUSTS[0], Entity("trust", "t", TRUSTS[0]))]
    names += [(word, maker) for word in ("Lumo", "Lumo Scan", "Lumo Imaging")]
    names += [
        (word, Entity("product", "p", "Lumo Scan", vendor="v/Lumo"))
        for word in ("Lumo Scan", "Lumo")
    ]
    text = "## Organisations that use clinical AI\n\n- **{}**\n  Uses {}.\n"
    for said, product in (("Lumo Scan", "Lumo Scan"), ("Lumo", ""), ("Lumo Imaging", "")):
        document = markdown.parse(text.format(TRUSTS[0], said))
        (row,) = extract(document, Gazetteer(names), "s").rows("deployments")
        assert (row["vendor"], row["product"]) == ("Lumo Imaging", product), said


def answers(candidates: Candidates) -> list[tuple[str, str, str]]:
    return [
        (row["trust"].split()[0], row["answer"], row["detail"])
        for row in candidates.rows("disclosures")
    ]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("no reply", ("no-response", "")),
        ("has not replied", ("no-response", "")),
        ("No response to date", ("no-response", "")),
        ("Yes, but will not name them", ("", "")),
        ("yes; details withheld", ("uses", "refused")),
        ("Exempt, section 31", ("uses", "refused")),
        ("unable to tell us which", ("uses", "unable-to-specify")),
        ("No", ("denies", "")),
        ("declined the offer", ("", "")),
        ("outstanding", ("", "")),
        ("cannot go live before May", ("", "")),
    ],
)
def test_a_column_of_stages_may_hold_what_was_answered(
    said: str, expected: tuple[str, str]
) -> None:
    one = table(
        "| What they told us | Body | Stage as we see it |",
        f"| Lumo Scan | {TRUSTS[0]} | up and running |",
        f"| Pixon Reader | {TRUSTS[1]} | ended in May |",
        f"| | {TRUSTS[1]} | no answer |",
        f"| | {TRUSTS[2]} | {said} |",
    )
    theirs = [("Elmford", *expected)] if expected[0] else []
    assert answers(one) == [("Ashvale", "uses", ""), ("Birchmoor", "no-response", ""), *theirs]


def test_a_column_of_stages_alone_answers_nothing() -> None:
    one = table(
        "| Hospital | Product | Stage |",
        f"| {TRUSTS[0]} | Lumo Scan | live |",
        f"| {TRUSTS[1]} | Pixon Reader | no |",
    )
    assert things(one) == [("Ashvale", "Lumo Scan", "live")]
    assert answers(one) == []


def test_no_reply_may_stand_in_any_cell_of_an_empty_row() -> None:
    one = table(
        "| Trust | Answered on | Do you use AI? | What? | Remarks |",
        f"| {TRUSTS[0]} | 4 May | Yes | Lumo Scan | no reply to our second letter |",
        f"| {TRUSTS[1]} | no reply | | | chased twice |",
    )
    assert answers(one) == [("Ashvale", "uses", ""), ("Birchmoor", "no-response", "")]


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("switched off for now", "paused"),
        ("Out of use until the scanner has been mended", "paused"),
        ("temporarily withdrawn", "paused"),
        ("switched off in May", "ended"),
        ("installed, though no one uses it", "deployed-not-used"),
        ("bought, but no department is using it", "deployed-not-used"),
    ],
)
def test_what_is_off_for_a_while_or_used_by_nobody_is_not_over(said: str, code: str) -> None:
    assert status(said) == code


@pytest.mark.parametrize("note", [" (name not given)", " (not named)", ""])
def test_a_product_without_a_name_is_described(note: str) -> None:
    one = table(
        "| Trust | Product | Status | How obtained |",
        f"| {TRUSTS[0]} | an app that reads heart traces{note} | In use | hosted by {TRUSTS[1]} |",
        f"| {TRUSTS[1]} | a tool was refused{note} | | |",
        f"| {TRUSTS[2]} | Lumo Scan | live | |",
    )
    assert things(one) == [
        ("Ashvale", "app that reads heart traces", "live"),
        ("Elmford", "Lumo Scan", "live"),
    ]
    assert [(row["route_type"], row["route"]) for row in one.rows("routes")] == [
        ("partner-trust", TRUSTS[1])
    ]


@pytest.mark.parametrize(
    "note",
    [
        "They seemed to think that Pixon Reader is in use too",
        "Somebody thought that Pixon Reader was live",
        "appears to believe Pixon Reader is used",
    ],
)
def test_what_somebody_seems_to_think_is_no_claim(note: str) -> None:
    one = table(
        "| Trust | Do you use AI? | Product | Our notes |",
        f"| {TRUSTS[0]} | Yes | Lumo Scan | {note} |",
        f"| {TRUSTS[1]} | Yes | Lumo Scan | Pixon Reader is in use too |",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Lumo Scan", "live"),
        ("Birchmoor", "Pixon Reader", "live"),
    ]


@pytest.mark.parametrize("member", ["Member", "Participating trust", "Partner", "For whom"])
@pytest.mark.parametrize(
    "above",
    [
        "Orders for Lumo Scan under the contract of the Western Network, at 5 May 2025:",
        "Lumo Scan, bought through the Western Network. The table below is of 5 May.",
    ],
)
def test_a_table_may_be_about_the_product_of_its_caption(member: str, above: str) -> None:
    one = table(
        f"| {member} | Order for Lumo Scan | Stage | Remarks |",
        f"| {TRUSTS[0]} | 8 April 2025 | Live | 190 X-rays a day. Took over from Quorra |",
        f"| {TRUSTS[1]} | 9 April 2025 | Being connected | None before June |",
        f"| {TRUSTS[2]} | None | Order drafted in March and withdrawn | Would like Pixon Reader |",
        above=f"# Bulletin\n\n{above}\n\n",
    )
    assert things(one) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Lumo Scan", "implementing"),
    ]
    assert usage(one) == [("Lumo Scan", "190", "day")]
    ways = [(row["route_type"], row["route"], row["involvement"]) for row in one.rows("routes")]
    assert ways == [("network", "Western Network", "procured")] * 2
    assert answers(one) == []


def test_a_table_of_remarks_alone_says_nothing_of_the_product_above_it() -> None:
    one = table(
        "| Member | Visit | Remarks |",
        f"| {TRUSTS[0]} | 8 April 2025 | chose another |",
        f"| {TRUSTS[1]} | 9 April 2025 | friendly |",
        above="# Visits\n\nTrusts that use Lumo Scan were visited; the table lists when:\n\n",
    )
    assert things(one) == []


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("Bid rejected by the board", ""),
        ("application for funds lapsed", ""),
        ("Withdrawn at the request of users", "ended"),
    ],
)
def test_a_request_that_came_to_nothing_is_no_use_that_ended(said: str, code: str) -> None:
    assert status(said) == code


def spans(one: Candidates) -> list[tuple[str, str, str]]:
    """The number and the period of each figure."""
    return [(row["min"], row["period_start"], row["period_end"]) for row in one.rows("usage")]


@pytest.mark.parametrize(
    "above",
    [
        "For 2024/25, or as stated:",
        "In 2024/25 we counted:",
        "The register was gone through. All figures below are for April 2024 to March 2025.",
        "Volumes cover the period 1 April 2024 to 31 March 2025, unless a cell says otherwise.",
        "Reporting period: April 2024 to March 2025",
        "Numbers of uses, 2024/25:",
    ],
)
def test_a_line_above_gives_the_period_of_all_figures_below_it(above: str) -> None:
    one = table(
        "| Product | Status | Volume |",
        "| Lumo Scan | live | 1,200 scans |",
        "| Pixon Reader | live | 40 scans a week |",
        "| Quorra Voice | live | 300 letters in May 2025 |",
        above=f"{OWN}{above}\n\n",
    )
    assert spans(one) == [
        ("1200", "2024-04-01", "2025-03-31"),
        ("40", "", ""),
        ("300", "2025-05-01", "2025-05-31"),
    ]
    one = read(f"{OWN}{above}\n\n- Lumo Scan is live: 1,200 scans.\n\n## More\n\n- 7 others\n")
    assert spans(one) == [("1200", "2024-04-01", "2025-03-31")]


@pytest.mark.parametrize(
    "above",
    [
        "In May 2024 the committee asked for the list below:",
        "The figures were asked for in 2024/25 and are these:",
        "Since 2023 the Trust has bought these systems:",
    ],
)
def test_a_day_in_the_line_above_may_be_of_something_else(above: str) -> None:
    rows = ("| Product | Status | Volume |", "| Lumo Scan | live | 1,200 scans |")
    one = table(*rows, above=f"{OWN}{above}\n\n")
    assert spans(one) == [("1200", "", "")]


def test_a_table_of_figures_adds_no_second_status() -> None:
    one = table(
        "| Product | Number |",
        "| Lumo Scan | 900 scans in 2024 |",
        "| Pixon Reader | not recorded |",
        "| Quorra Voice | not recorded |",
        above=f"{OWN}Lumo Scan is in use. Pixon Reader has been procured.\n\n",
    )
    assert {*things(one)} == {
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Pixon Reader", "procured"),
        ("Ashvale", "Quorra Voice", "unspecified"),
    }
    assert len(things(one)) == len(MADE)
    assert usage(one) == [("Lumo Scan", "900", "")]
