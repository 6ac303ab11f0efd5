"""What a document states that is not about one deployment: agreements, studies, projects, awards, corrections."""

import pytest
from extraction import TRUSTS, found, read
from hypothesis import given
from hypothesis import strategies as st

ASHVALE, BIRCHMOOR, _ = TRUSTS


@pytest.mark.parametrize(
    ("text", "kind", "parties"),
    [
        (
            "Ashvale and Birchmoor have signed a Memorandum of Understanding (MoU) with Lumo.",
            "memorandum",
            [(ASHVALE, "signatory"), (BIRCHMOOR, "signatory"), ("Lumo", "signatory")],
        ),
        (
            "Ashvale has entered into a memorandum of understanding with the University of Fells and Pixon.",
            "memorandum",
            [(ASHVALE, "signatory"), ("University of Fells", "signatory"), ("Pixon", "signatory")],
        ),
        (
            "Ashvale has partnered with Lumo to study gait.",
            "partnership",
            [(ASHVALE, "partner"), ("Lumo", "partner")],
        ),
        (
            "Ashvale has announced a three-year partnership with Pixon.",
            "partnership",
            [(ASHVALE, "partner"), ("Pixon", "partner")],
        ),
        (
            "Pixon and the Western Network have agreed a collaboration.",
            "collaboration",
            [("Pixon", "partner"), ("Western Network", "partner")],
        ),
        (
            "Lumo has won a contract with Ashvale worth \u00a31.2m.",
            "supply-contract",
            [("Lumo", "supplier"), (ASHVALE, "customer")],
        ),
        (
            "Ashvale has awarded a five-year contract to Quorra.",
            "supply-contract",
            [(ASHVALE, "customer"), ("Quorra", "supplier")],
        ),
        (
            "Firms such as Lumo have signed deals to bring their tool to patients across a number of imaging networks.",
            "deal-announcement",
            [("Lumo", "supplier"), ("imaging networks", "customer")],
        ),
        (
            "Lumo has designed a scale in collaboration with the College of Gait.",
            "collaboration",
            [("Lumo", "lead"), ("College of Gait", "partner")],
        ),
        (
            "Ashvale uses Lumo Scan.\n\nThe trust and the company have also signed a memorandum of understanding.",
            "memorandum",
            [(ASHVALE, "signatory"), ("Lumo", "signatory")],
        ),
        (
            "A memorandum of understanding has been signed by Ashvale and Lumo.",
            "memorandum",
            [(ASHVALE, "signatory"), ("Lumo", "signatory")],
        ),
        (
            "The contract, worth \u00a3340,000, was awarded to Quorra by Ashvale.",
            "supply-contract",
            [("Quorra", "supplier"), (ASHVALE, "customer")],
        ),
        (
            "Lumo has struck a deal with three trusts, among them Ashvale and Birchmoor.",
            "deal-announcement",
            [("Lumo", "supplier"), (ASHVALE, "customer"), (BIRCHMOOR, "customer")],
        ),
    ],
)
def test_an_agreement_has_a_row_for_each_party(
    text: str, kind: str, parties: list[tuple[str, str]]
) -> None:
    rows = read(text).rows("agreements")
    assert {row["kind"] for row in rows} == {kind}
    assert [(row["party"], row["role"]) for row in rows] == parties
    assert len({row["agreement"] for row in rows}) == 1


@pytest.mark.parametrize(
    "text",
    [
        "Ashvale has signed a contract for Lumo Scan through the Western Network.",
        "Ashvale plans to sign a memorandum of understanding with Lumo.",
        "Ashvale is in talks about a partnership with Lumo.",
        "Ashvale has not signed a contract with Lumo.",
        "Has Ashvale signed a contract with Lumo?",
        "Ashvale works closely with Lumo.",
        "The report says that greater collaboration between NHS bodies, colleges and firms is needed.",
        "Read more: Ashvale has signed a contract with Lumo",
    ],
)
def test_no_plan_or_talk_is_an_agreement(text: str) -> None:
    assert read(text).rows("agreements") == []


def test_an_agreement_told_twice_is_one_and_knows_its_day() -> None:
    text = (
        "Ashvale and Lumo have signed a memorandum of understanding.\n\n"
        "The memorandum comes after Ashvale partnered with Lumo.\n\n"
        "By the end of 2027, no letter should be typed twice."
    )
    memorandum = [row for row in read(text).rows("agreements") if row["kind"] == "memorandum"]
    assert len(memorandum) == 2
    assert {(row["announced"], row["target_date"]) for row in memorandum} == {
        ("2025-06-01", "2027-12-31")
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ashvale uses Lumo Scan as part of the HERON study since 2022.",
            [("HERON", ASHVALE, "participant", "Lumo Scan", "2022")],
        ),
        (
            "Ashvale is one of six sites in the HERON trial, which is led by Birchmoor.",
            [("HERON", ASHVALE, "participant", "", ""), ("HERON", BIRCHMOOR, "lead", "", "")],
        ),
        (
            "Ashvale is recruiting patients to the OSPREY study of Pixon Reader.",
            [("OSPREY", ASHVALE, "participant", "Pixon Reader", "")],
        ),
        (
            "The OSPREY study, funded by Pixon, is running at Ashvale.",
            [("OSPREY", "Pixon", "funder", "", ""), ("OSPREY", ASHVALE, "site", "", "")],
        ),
        (
            "Ashvale and Birchmoor took part in HERON.",
            [
                ("HERON", ASHVALE, "participant", "", ""),
                ("HERON", BIRCHMOOR, "participant", "", ""),
            ],
        ),
    ],
)
def test_a_study_has_a_row_for_each_part(
    text: str, expected: list[tuple[str, str, str, str, str]]
) -> None:
    rows = read(text).rows("studies")
    cells = ("study", "organisation", "role", "product", "period_start")
    assert [tuple(row[cell] for cell in cells) for row in rows] == expected


def test_hoping_to_take_part_is_no_part() -> None:
    assert read("Ashvale hopes to be one of the sites in the HERON trial.").rows("studies") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "In Fellshire, officials have signed off on a new integration platform.",
            [("integration", "contract", "reached", "Fellshire", "")],
        ),
        (
            "In Fellshire, the electronic patient record programme runs until early 2028.",
            [
                (
                    "electronic-patient-record",
                    "completion",
                    "planned",
                    "Fellshire",
                    "2028-01/2028-06",
                )
            ],
        ),
        (
            "In Fellshire, the EPR, originally scheduled for the winter, has been pushed back.",
            [
                ("electronic-patient-record", "deployment", "planned", "Fellshire", ""),
                ("electronic-patient-record", "deployment", "planned", "Fellshire", ""),
            ],
        ),
        (
            "Across Fellshire, a tender is being prepared for an integration engine.",
            [("integration", "tender", "planned", "Fellshire", "")],
        ),
        (
            "The ambulance service in Fellshire has adopted a new operating model.",
            [("operating-model", "adoption", "reached", "Fellshire", "")],
        ),
        (
            "A supercomputer has gone live in Fellshire.",
            [("supercomputer", "go-live", "reached", "Fellshire", "")],
        ),
        (
            "A Fellshire-based consultancy has launched a tool that maps health data.",
            [("data-tool", "go-live", "reached", "Fellshire", "")],
        ),
        (
            "Ashvale's new electronic patient record went live in June 2024.",
            [("electronic-patient-record", "go-live", "reached", "", "")],
        ),
    ],
)
def test_a_project_has_a_row_for_each_milestone(
    text: str, expected: list[tuple[str, str, str, str, str]]
) -> None:
    rows = read(text).rows("projects")
    cells = ("kind", "milestone_kind", "state", "place", "planned_end")
    assert [tuple(row[cell] for cell in cells) for row in rows] == expected


def test_what_is_put_off_takes_the_place_of_what_was_planned() -> None:
    text = "In Fellshire, the EPR, first planned for May, has been postponed to March 2027."
    first, second = read(text).rows("projects")
    assert second["supersedes"] == f"{first['project']}/{first['milestone']}"
    assert second["planned_start"] == "2027-03"


def test_a_product_of_the_catalogue_is_no_project() -> None:
    assert read("Lumo Scan, a data tool, went live at Ashvale in Fellshire.").rows("projects") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ashvale has been awarded \u00a3500,000 from the Regional Innovation Fund to deploy Lumo Scan.",
            [(ASHVALE, "Regional Innovation Fund", "500000", "false", "Lumo Scan")],
        ),
        (
            "Lumo secured almost \u00a31.2 million from the Gait Trust Fund.",
            [("Lumo", "Gait Trust Fund", "1200000", "true", "")],
        ),
        (
            "The Regional Innovation Fund has given \u00a3300k to Ashvale and Birchmoor.",
            [
                (ASHVALE, "Regional Innovation Fund", "300000", "false", ""),
                (BIRCHMOOR, "Regional Innovation Fund", "300000", "false", ""),
            ],
        ),
        (
            "In April 2025 the Coastal Care Fund awarded Ashvale \u00a3240,000.",
            [(ASHVALE, "Coastal Care Fund", "240000", "false", "")],
        ),
        (
            "Ashvale won a share of \u00a321 million from the Regional Innovation Fund.",
            [(ASHVALE, "Regional Innovation Fund", "", "false", "")],
        ),
    ],
)
def test_an_award_has_a_row_for_each_recipient(
    text: str, expected: list[tuple[str, str, str, str, str]]
) -> None:
    rows = read(text).rows("awards")
    cells = ("recipient_name", "programme_name", "amount_gbp", "amount_approximate", "product")
    assert [tuple(row[cell] for cell in cells) for row in rows] == expected
    assert {row["role"] for row in rows} == {"recipient"}


@pytest.mark.parametrize(
    "text",
    [
        "Ashvale has applied for \u00a3200,000 from the Regional Innovation Fund.",
        "Ashvale hopes to be awarded \u00a3200,000 from the Regional Innovation Fund.",
        "Ashvale was not awarded \u00a3200,000 from the Regional Innovation Fund.",
        "Ashvale spent \u00a3200,000 on Lumo Scan.",
        "The contract, worth \u00a3340,000, was awarded to Quorra by Ashvale.",
    ],
)
def test_money_that_was_not_given_is_no_award(text: str) -> None:
    assert read(text).rows("awards") == []


@pytest.mark.parametrize(
    ("text", "said", "holds"),
    [
        (
            "Correction: an earlier version of this report said that Ashvale uses Lumo Scan; it does not.",
            "Ashvale uses Lumo Scan",
            "it does not",
        ),
        (
            "Clarification (3 May 2025): we wrongly stated that Ashvale had ended its pilot of Lumo Scan. It goes on.",
            "Ashvale had ended its pilot of Lumo Scan",
            "It goes on",
        ),
    ],
)
def test_a_correction_says_what_was_said_and_what_holds(text: str, said: str, holds: str) -> None:
    one = read(text)
    (row,) = one.rows("corrections")
    assert (row["trust"], row["vendor"], row["product"]) == (ASHVALE, "Lumo", "Lumo Scan")
    assert (row["said"], row["holds"]) == (said, holds)
    assert one.deployments == []


@pytest.mark.parametrize(
    "text",
    [
        "This page was amended on 4 May. It originally said that Ashvale uses Lumo Scan. It is only looking at it.",
        "Erratum. In the March issue we listed Ashvale among the users of Lumo Scan. This was wrong.",
        "Correction: Ashvale does not use Lumo Scan, as we reported last week.",
        "Our earlier report wrongly said that Ashvale uses Lumo Scan.",
    ],
)
def test_what_is_taken_back_is_no_statement_of_its_own(text: str) -> None:
    one = read(text)
    (row,) = one.rows("corrections")
    assert (row["trust"], row["product"]) == (ASHVALE, "Lumo Scan")
    assert one.deployments == []


def test_a_later_answer_supersedes_the_earlier_one() -> None:
    text = (
        f"## Trusts that do not use AI\n\n- {ASHVALE}\n- {BIRCHMOOR}\n\n"
        f"## Later answers\n\n- {ASHVALE}: we have started using Lumo Scan.\n"
    )
    one = read(text)
    (row,) = one.rows("corrections")
    first, _, last = one.rows("disclosures")
    assert (row["trust"], row["said"], row["holds"]) == (ASHVALE, "denies", "uses")
    assert (row["supersedes"], row["locator"]) == (first["locator"], last["locator"])


def test_a_name_that_no_catalogue_knows_is_offered_as_new() -> None:
    (known, new) = read("Ashvale has partnered with Bravik Health.").rows("agreements")
    assert (known["new_entity"], new["new_entity"]) == ("", "Bravik Health")
    assert float(known["confidence"]) > float(new["confidence"])


@given(
    st.lists(
        st.sampled_from(
            [
                "Ashvale",
                "Lumo",
                "has",
                "signed",
                "a",
                "memorandum",
                "with",
                "awarded",
                "£",
                "5m",
                "from",
                "the",
                "Fund",
                ";",
                ",",
                ".",
                "(",
                "HERON",
                "study",
                "EPR",
                "Fellshire",
                "went",
                "live",
                "in",
                "2024",
                "Correction:",
                "earlier",
                "version",
                "said",
                "?",
                "contract",
                "deal",
                "partnership",
                "postponed",
                "to",
            ]
        ),
        max_size=40,
    )
)
def test_no_row_of_words_stops_it_and_each_row_has_its_place(words: list[str]) -> None:
    text = " ".join(words)
    one = found(text, heading="", kind="paragraph")
    for row in one.stated:
        assert 0 <= row.found.start <= row.found.end <= len(text)


@pytest.mark.parametrize(
    ("name", "short", "label"),
    [
        ("Western Network", "WN", "Western Network"),
        ("Coastal Integrated Care Board", "CoastICB", "Coastal Integrated Care Board"),
        ("Western Network", "W&N", "Western Network"),
    ],
)
def test_a_body_may_be_meant_by_the_initials_that_stand_in_brackets(
    name: str, short: str, label: str
) -> None:
    text = f"The {name} ({short}) met in May.\n\n{short} has signed a contract with Pixon.\n"
    assert label in {row["party"] for row in read(text).rows("agreements")}


@pytest.mark.parametrize("short", ["ICB", "Poole", "Funded", "NHS"])
def test_a_word_in_brackets_is_no_short_name_of_a_body(short: str) -> None:
    text = (
        f"The Western Network ({short}) met in May.\n\n{short} has signed a contract with Pixon.\n"
    )
    assert "Western Network" not in {row["party"] for row in read(text).rows("agreements")}


@pytest.mark.parametrize(
    ("said", "involvement"),
    [
        ("Lumo Scan is hosted by Birchmoor, with which we share a rota.", "hosted"),
        ("Lumo Scan was bought together with Birchmoor.", "partnered"),
        ("Lumo Scan was licensed jointly with Birchmoor.", "partnered"),
        ("Lumo Scan is well liked at Birchmoor.", ""),
        ("Pixon Reader is hosted by Birchmoor.", ""),
    ],
)
def test_another_trust_may_be_the_way_in(said: str, involvement: str) -> None:
    one = read(f"# {TRUSTS[0]}\n\nLumo Scan is in use.\n\n{said}\n")
    ways = [(row["route"], row["involvement"]) for row in one.rows("routes")]
    assert ways == ([(TRUSTS[1], involvement)] if involvement else [])
    assert [row["trust"] for row in one.rows("deployments")][:1] == [TRUSTS[0]]
