"""Letters and their questions, sections, figures and ways in, in made-up documents."""

from pathlib import Path

import pytest
from extraction import TRUSTS, catalogue, read

from careatlas.loaders.extraction import extract
from careatlas.loaders.extraction.deployments.usage import amounts
from careatlas.loaders.extraction.letters.questions import meaning, question
from careatlas.loaders.extraction.organisations.sections import section
from careatlas.loaders.reading import read as read_file
from careatlas.loaders.reading.layout import Line, written

ASHVALE, BIRCHMOOR, ELMFORD = TRUSTS
DEAR = f"**{ASHVALE}**\n\nDear Ms Ott,\n\n"


def things(text: str) -> set[tuple[str, str]]:
    return {(row["product"], row["status"]) for row in read(text).rows("deployments")}


def answers(text: str) -> list[tuple[str, str, str]]:
    return [(row["trust"], row["answer"], row["detail"]) for row in read(text).rows("disclosures")]


def routes(text: str) -> set[tuple[str, str, str]]:
    return {
        (row["product"], row["route_type"], row["involvement"]) for row in read(text).rows("routes")
    }


def counts(text: str) -> set[tuple[str, str, str, str, str]]:
    return {
        (row["product"], row["min"], row["unit"], row["period_start"], row["period_end"])
        for row in read(text).rows("usage")
    }


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ("1. Which AI tools does the Trust use?", "live"),
        ("Which products are being piloted?", "trialling"),
        ("Have any been withdrawn?", "ended"),
        ("What is no longer in use?", "ended"),
        ("Which tools are you considering?", ""),
        ("Which have you rejected?", ""),
        ("Which AI systems do other trusts use?", ""),
        ("How many times was each used?", ""),
        ("Do you use or trial any AI?", ""),
        ("Does the Trust have an AI policy?", ""),
    ],
)
def test_a_question_says_what_a_bare_name_in_its_answer_means(asked: str, status: str) -> None:
    assert meaning(asked) == status


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        ("Q1. Is AI used? Please name it. Yes: Lumo.", "Q1. Is AI used? Please name it."),
        ("2) Please list each product.", "2) Please list each product."),
        ("A1. Is this clear? We hope so.", ""),
        ("Quorra Voice", ""),
        ("We use Lumo Scan.", ""),
    ],
)
def test_a_question_is_told_from_its_answer(words: str, asked: str) -> None:
    assert question(words) == asked


def test_answers_name_what_is_used_and_what_is_not() -> None:
    letter = DEAR + (
        "Q1. What AI is in use at the Trust? Please give the supplier.\n\n"
        "A1. At the date of your request the following were in use:\n\nLumo Scan, in radiology;\n\nPixon Reader.\n\n"
        "Q2. Are any systems being trialled?\n\nA2. Quorra Voice, in clinics.\n\n"
    )
    found = {("Lumo Scan", "live"), ("Pixon Reader", "live"), ("Quorra Voice", "trialling")}
    assert things(letter) == found
    assert answers(letter) == [(ASHVALE, "uses", "")]


@pytest.mark.parametrize(
    "asked",
    [
        "Which AI products have you considered and not bought?",
        "Which AI products do other trusts use?",
        "What do you plan to introduce?",
        "How much would each cost?",
        "Which AI products have been demonstrated to the Trust?",
        "Are there AI tools which staff have asked for?",
        "Which AI systems used in the NHS have you looked at?",
        "Which suppliers have approached you?",
    ],
)
def test_what_is_named_in_answer_to_another_question_is_not_used(asked: str) -> None:
    assert ("Quorra Voice", "live") not in things(f"{DEAR}1. {asked}\n\nQuorra Voice.\n")


@pytest.mark.parametrize(
    ("letter", "answer"),
    [
        ("1. Does the Trust use AI?\n\nYes.\n", ("uses", "")),
        ("1. Does the Trust use AI?\n\nWe can confirm that it does not use any.\n", ("denies", "")),
        ("1. Do you use AI?\n\nYes.\n\n2. Which products?\n\nExempt under section 43.\n", ("uses", "refused")),
        ("We hold no information on AI, as no such products are in use.\n", ("denies", "")),
    ],
)  # fmt: skip
def test_a_letter_discloses(letter: str, answer: tuple[str, str]) -> None:
    assert answers(DEAR + letter) == [(ASHVALE, *answer)]


@pytest.mark.parametrize(
    "letter",
    [
        "1. Does the Trust use AI?\n\nWe neither confirm nor deny it.\n",
        "1. Does the Trust use AI to write letters?\n\nNo.\n",
        "1. Has the Trust trialled any AI?\n\nNo.\n",
    ],
)
def test_what_is_no_answer_to_the_whole_question_discloses_nothing(letter: str) -> None:
    assert answers(DEAR + letter) == []


def test_the_answers_may_come_after_all_that_was_asked() -> None:
    letter = (
        "Our ref: 12\n\nAshvale NHS Foundation Trust has considered your request.\n\n"
        "You asked for the following:\n\n1. The names of all AI systems in use\n"
        "2. The number of patients in 2024\n3. How each was procured\n\nOur response:\n\n"
        "1. Lumo Scan. Quorra Voice is not in use.\n2. Lumo Scan: 4,000\n3. Lumo Scan - Prism Framework\n"
    )
    assert things(letter) == {("Lumo Scan", "live")}
    assert counts(letter) == {("Lumo Scan", "4000", "patient", "2024-01-01", "2024-12-31")}
    assert routes(letter) == {("Lumo Scan", "framework", "procured")}


def test_money_is_no_number_of_uses() -> None:
    letter = f"{DEAR}We use Lumo Scan.\n\n1. How much did each cost?\n\nLumo Scan: 40,000.\n"
    assert counts(letter) == set()


@pytest.mark.parametrize(
    ("heading", "kind"),
    [
        ("Answer: yes", "uses"),
        ("Yes, but would not say what", "refused"),
        ("Answer: no", "denies"),
        ("Nothing heard", "no-response"),
        ("Trusts yet to reply", "no-response"),
        ("How it works", ""),
        ("Known risks", ""),
    ],
)
def test_a_heading_says_what_those_below_it_answered(heading: str, kind: str) -> None:
    assert section((heading,)) == kind


def test_entries_below_a_name_belong_to_it() -> None:
    text = (
        f"# Replies\n\n## Answer: yes\n\n{ASHVALE}\n\n* Lumo Scan for chest X-rays\n"
        f"* Uses Pixon Reader with Birchmoor\n\n## Answer: no\n\n{ELMFORD}\n"
    )
    found = read(text)
    assert [(row["trust"], row["answer"]) for row in found.rows("disclosures")] == [
        (ASHVALE, "uses"),
        (ELMFORD, "denies"),
    ]
    assert {row["trust"] for row in found.rows("deployments")} == {ASHVALE}


def test_a_name_before_a_full_stop_heads_its_paragraph() -> None:
    text = "# Minutes\n\n**Ashvale.** Lumo Scan went live in May.\n\n**Birchmoor.** No news.\n"
    rows = read(text).rows("deployments")
    assert [(row["trust"], row["product"]) for row in rows] == [(ASHVALE, "Lumo Scan")]


@pytest.mark.parametrize(
    ("said", "figure"),
    [
        ("40 scans go through it every day", (40, "scan", "day", ("", ""))),
        ("1.2 million films so far", (1_200_000, "x-ray", "", ("", ""))),
        ("300 scans in the year to March 2025", (300, "scan", "", ("2024-04-01", "2025-03-31"))),
        ("60 scans in the first half of 2025", (60, "scan", "", ("2025-01-01", "2025-06-30"))),
        ("between 3 May and 2 June 2025, 9 scans", (9, "scan", "", ("2025-05-03", "2025-06-02"))),
        ("40 scans over a year ago", (40, "scan", "", ("", ""))),
    ],
)
def test_a_figure_has_its_unit_and_time(
    said: str, figure: tuple[int, str, str, tuple[str, str]]
) -> None:
    (one,) = amounts(said, 0, len(said))
    assert (one.low, one.unit, one.per, one.period) == figure


@pytest.mark.parametrize("said", ["3 scanners", "two wards", "the first of 12 hospitals"])
def test_what_is_no_use_is_no_figure(said: str) -> None:
    assert list(amounts(said, 0, len(said))) == []


@pytest.mark.parametrize(
    ("said", "way"),
    [
        ("Lumo Scan came with money from the Coastal Integrated Care Board.", ("icb", "funded")),
        ("The Western Network coordinated Lumo Scan for us.", ("network", "coordinated")),
        ("The Coastal Integrated Care Board met the cost of Lumo Scan.", ("icb", "funded")),
        ("Lumo Scan was arranged by the Western Network.", ("network", "procured")),
    ],
)
def test_a_way_in_belongs_to_the_thing_of_its_sentence(said: str, way: tuple[str, str]) -> None:
    text = f"# {ASHVALE}\n\nWe use Lumo Scan and Pixon Reader every day.\n\n## Money\n\n{said}\n"
    assert routes(text) == {("Lumo Scan", *way)}


@pytest.mark.parametrize(
    "said",
    [
        "The Coastal Integrated Care Board would pay for Lumo Scan.",
        "The Western Network has not recommended Lumo Scan.",
        "At Birchmoor Lumo Scan was funded by the Coastal Integrated Care Board.",
    ],
)
def test_what_is_wished_or_of_another_is_no_way_in(said: str) -> None:
    text = f"# {ASHVALE}\n\nWe use Lumo Scan every day.\n\n## Money\n\n{said}\n"
    assert {row["trust"] for row in read(text).rows("routes")} <= {BIRCHMOOR}


def test_both_means_all_that_was_named() -> None:
    text = f"# {ASHVALE}\n\nWe use Lumo Scan and Pixon Reader. Both were bought through the Prism Framework.\n"
    assert routes(text) == {
        ("Lumo Scan", "framework", "procured"),
        ("Pixon Reader", "framework", "procured"),
    }


@pytest.mark.parametrize(
    "said",
    [
        "Last month's bulletin said that Ashvale runs Lumo Scan. It does not, and we are sorry.",
        "This page was amended in May: it named Ashvale as a user of Lumo Scan, which is not so.",
        "In our spring issue we wrote that Ashvale had gone live with Lumo Scan. That was wrong.",
    ],
)
def test_what_is_taken_back_is_a_correction_and_no_use(said: str) -> None:
    found = read(f"# News\n\n{said}\n")
    assert [row["trust"] for row in found.rows("corrections")] == [ASHVALE]
    assert found.rows("deployments") == []


def test_what_a_report_said_and_nobody_takes_back_holds() -> None:
    found = read("# News\n\nThe report said that Ashvale uses Lumo Scan, and it is liked.\n")
    assert found.rows("corrections") == []
    assert [row["status"] for row in found.rows("deployments")] == ["live"]


def test_a_letter_takes_part_in_a_study_by_we() -> None:
    text = (
        DEAR + "We are a site for HERON. The Trust would like to join OSPREY, a study of hearts.\n"
    )
    rows = read(text).rows("studies")
    assert [(row["study"], row["organisation"]) for row in rows] == [("HERON", ASHVALE)]


@pytest.mark.parametrize(
    "said",
    [
        "NH reported that the Regional Innovation Fund has awarded Ashvale £95,000 towards this.",
        "A grant of £95,000 from the Regional Innovation Fund has gone to Ashvale.",
        "Under the Regional Innovation Fund, Ashvale received £95,000.",
    ],
)
def test_an_award_has_its_fund_and_whom_it_went_to(said: str) -> None:
    (row,) = read(f"# Minutes\n\n{said}\n").rows("awards")
    assert (row["recipient_name"], row["amount_gbp"]) == (ASHVALE, "95000")
    assert row["programme_name"] == "Regional Innovation Fund"


def test_a_hope_of_money_is_no_award() -> None:
    text = "# Minutes\n\nAshvale hopes to be awarded £95,000 by the Regional Innovation Fund.\n"
    assert read(text).rows("awards") == []


def test_a_contract_for_a_product_alone_is_no_agreement() -> None:
    text = "# News\n\nAshvale has signed a contract for Lumo Scan.\n\nPixon has a partnership with Lumo.\n"
    rows = read(text).rows("agreements")
    assert {row["party"] for row in rows} == {"Pixon", "Lumo"}


def test_a_tender_and_a_contract_to_come_are_milestones() -> None:
    text = (
        f"# {ASHVALE}\n\nA tender for a new electronic patient record was issued in August 2025; "
        "the contract is to be signed in March 2026.\n"
    )
    rows = read(text).rows("projects")
    assert {(row["milestone_kind"], row["state"]) for row in rows} == {
        ("tender", "reached"),
        ("contract", "planned"),
    }


def test_one_line_paragraphs_of_a_page_stand_apart(tmp_path: Path) -> None:
    lines = [
        Line("Ashvale NHS Foundation Trust", 60, 700, 11, bold=False),
        Line("Dear requester,", 60, 670, 11, bold=False),
        Line("Thank you for your letter, in which you asked about the use of", 60, 640, 11, bold=False),
        Line("artificial intelligence.", 60, 626, 11, bold=False),
        Line("Q1. Do you use AI?", 60, 596, 11, bold=False),
        Line("A1. Yes.", 60, 582, 11, bold=False),
    ]  # fmt: skip
    texts = [one.text for one in written(tmp_path, [lines]).document(None, None, "x").passages]
    assert texts == [
        "Ashvale NHS Foundation Trust",
        "Dear requester,",
        "Thank you for your letter, in which you asked about the use of artificial intelligence.",
        "Q1. Do you use AI?",
        "A1. Yes.",
    ]


@pytest.mark.parametrize(
    ("site", "whose"), [(BIRCHMOOR, {BIRCHMOOR}), ("The County Ledger", set[str]())]
)
def test_a_page_speaks_of_whose_site_it_is_on(tmp_path: Path, site: str, whose: set[str]) -> None:
    page = tmp_path / "page.html"
    page.write_text(
        f"<html><head><title>A helping hand - {site}</title></head><body><main><h1>A helping hand</h1>"
        "<p>Since Monday our screening unit has been using Lumo Scan, a program that looks at scans "
        "beside our own specialists, who still read each of them twice.</p></main></body></html>",
        encoding="utf-8",
    )
    found = extract(read_file(page), catalogue(), "made-up")
    assert {row["trust"] for row in found.rows("deployments")} == whose


def test_a_letter_may_name_its_writer_in_a_sentence_and_list_what_it_uses() -> None:
    letter = (
        f"Dear A Person,\n\nI am writing on behalf of {ASHVALE} in reply to your request. "
        "The Trust uses the following AI systems:\n\n- Lumo Scan, chest X-rays\n\n"
        "We are piloting:\n\n- Quorra Voice\n"
    )
    assert things(letter) == {("Lumo Scan", "live"), ("Quorra Voice", "trialling")}
