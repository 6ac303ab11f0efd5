"""News of hospitals: what is there is told first, and its name or its maker a sentence later."""

import pytest
from extraction import TRUSTS, read, things

ASHVALE, BIRCHMOOR, ELMFORD = TRUSTS


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"A new AI system has been launched this week at {ASHVALE}. The system - Lumo Scan - can flag films in a minute.",
            [("Ashvale", "Lumo Scan", "live")],
        ),
        (
            (
                f"AI technology that could help patients sooner has been introduced at {ASHVALE}.\n\n"
                "The AI software developed by Lumo will improve the reading of X-rays."
            ),
            [("Ashvale", "Lumo", "live")],
        ),
        (
            f"At {ASHVALE} we are rolling out AI-Scribe technology across our clinics. The AI-Scribe is called Quorra Voice.",
            [("Ashvale", "Quorra Voice", "implementing")],
        ),
        (
            f"An AI tool is being trialled at {ASHVALE}. The tool is called Lumo Scan.",
            [("Ashvale", "Lumo Scan", "trialling")],
        ),
        (
            (
                "The new technology is being rolled out at seven trusts by tech firm Lumo. Phase 1 of this technology has gone "
                f"live at {ASHVALE}."
            ),
            [("Ashvale", "Lumo", "live")],
        ),
        (
            (
                "Seven trusts work with global firm Lumo.\n\nThe first trusts to have begun using the technology include, "
                f"{ASHVALE}, Birchmoor NHS Foundation Trust and Cold Harbour NHS Trust."
            ),
            [("Ashvale", "Lumo", "live"), ("Birchmoor", "Lumo", "live"), ("Cold", "Lumo", "live")],
        ),
        (
            f"The software is by Lumo. As well as Ashvale, the tool is now live at {BIRCHMOOR}.",
            [("Birchmoor", "Lumo", "live")],
        ),
        (
            f"The group, formed of {ASHVALE} and {BIRCHMOOR}, brought the Lumo AI system into use this month.",
            [("Ashvale", "Lumo", "live"), ("Birchmoor", "Lumo", "live")],
        ),
        (f"Lumo Scan entered service at {ASHVALE} today.", [("Ashvale", "Lumo Scan", "live")]),
        (
            (
                f"{ASHVALE} works with Lumo, a firm.\n\nBy implementing Lumo\u2019s AI device, Lumo Scan, in its Skin Centre, "
                "the Trust aims to see people sooner."
            ),
            [("Ashvale", "Lumo Scan", "implementing")],
        ),
        (
            (
                f"{ASHVALE} has been piloting ambient voice technology for six months, Jo Reed continued, \u201cand I don\u2019t "
                "think we have struggled\u201d."
            ),
            [("Ashvale", "ambient voice technology", "trialling")],
        ),
    ],
)
def test_what_has_no_name_at_first_gets_it(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert things(read(f"{text}\n")) == expected


@pytest.mark.parametrize(
    "text",
    [
        f"{ASHVALE} gave data to evaluate the AI using Lumo's sandbox environment.",
        f"{ASHVALE} will test the AI using Lumo Scan's own pictures.",
        f"New AI technology may be introduced at {ASHVALE}. The software, made by Lumo, reads X-rays.",
        "The AI software is made by Lumo. The tool can be tried by any hospital.",
        f"Lumo made the software. The trust said no more. {ASHVALE} was asked.",
    ],
)
def test_what_is_only_judged_or_hoped_for_is_not_there(text: str) -> None:
    assert things(read(f"{text}\n")) == []


def test_a_maker_that_brings_a_product_out_puts_it_nowhere() -> None:
    out = "Lumo has launched its Lumo Scan tool in the UK, after tests across seven bodies including {}.\n"
    assert things(read(out.format(ASHVALE))) == []
    for said in (
        f"Lumo has launched Lumo Scan at {ASHVALE}.",
        f"{ASHVALE} has launched Lumo Scan.",
    ):
        assert things(read(said)) == [("Ashvale", "Lumo Scan", "live")]


def test_what_a_study_does_is_no_use_in_care() -> None:
    study = f"The HERON trial sorts X-rays with Lumo Scan.\n\n{ASHVALE} and {BIRCHMOOR} are using the technology.\n"
    assert things(read(study)) == [
        ("Ashvale", "Lumo Scan", "research-only"),
        ("Birchmoor", "Lumo Scan", "research-only"),
    ]
    joins = f"{ASHVALE} joins a study.\n\nThe study is led by {ASHVALE} and is using Lumo Scan to sort X-rays.\n"
    assert {one[2] for one in things(read(joins))} <= {"research-only"}


def test_of_several_things_another_paragraph_may_mean_any() -> None:
    text = (
        f"AI has come to {ASHVALE}. The software is by Lumo.\n\n{ASHVALE} has used Pixon Reader since May.\n\n"
        f"The tool is now live at {BIRCHMOOR}.\n"
    )
    assert [one[0] for one in things(read(text))] == ["Ashvale"]


@pytest.mark.parametrize(
    "said",
    [
        "It can detect up to 124 findings on chest radiographs.",
        "Every year, some 400,000 chest X-rays are taken across the six trusts.",
        "The trust performs over 135,000 chest X-rays each year.",
    ],
)
def test_what_a_tool_can_and_what_a_department_does_is_no_use(said: str) -> None:
    found = read(f"{ASHVALE} uses Lumo Scan. {said}\n")
    assert things(found) == [("Ashvale", "Lumo Scan", "live")]
    assert found.rows("usage") == []


@pytest.mark.parametrize(
    ("printed", "meant"),
    [
        ("Ashvale Foundation NHS Trust", ASHVALE),
        ("The NHS Ashvale Trust", ASHVALE),
        ("Elmford and Dunmere NHS Trust", ELMFORD),
    ],
)
def test_a_trust_is_known_whatever_the_order_of_its_name(printed: str, meant: str) -> None:
    (row,) = read(f"{printed} uses Lumo Scan.\n").rows("deployments")
    assert row["trust"] == meant


def test_a_body_of_the_same_place_is_no_trust() -> None:
    said = "Ashvale Breast Screening Service uses Lumo Scan. Ashvale Police uses Pixon Reader.\n"
    assert things(read(said)) == []


@pytest.mark.parametrize(
    ("text", "parties"),
    [
        (
            (
                f"As part of a project backed by the NHS and the Regional Innovation Fund, {ASHVALE} partnered with Lumo and AI "
                "company Pixon."
            ),
            {ASHVALE, "Lumo", "Pixon"},
        ),
        (
            "In October 2021, Ashvale Foundation NHS Trust entered into a research agreement with Lumo as part of an award.",
            {ASHVALE, "Lumo"},
        ),
    ],
)
def test_parties_are_those_who_agree(text: str, parties: set[str]) -> None:
    assert {row["party"] for row in read(f"{text}\n").rows("agreements")} == parties


def test_money_goes_to_nobody_who_is_not_named() -> None:
    said = "Across the country, \u00a321m was allocated to more than 60 NHS trusts for AI tools.\n"
    assert read(said).rows("awards") == []


@pytest.mark.parametrize(
    "text",
    [
        (
            "Somebody who works at Ashvale told us over coffee that Lumo Scan reads the hands of children there. The trust would "
            "not confirm it."
        ),
        (
            "A radiographer at Ashvale, who asked us not to print her name, believes that Lumo Scan is on trial there. "
            f"{ASHVALE} says that this is not so."
        ),
        "Ashvale looked at Lumo Scan, which is no longer being pursued, and has never had it.",
    ],
)
def test_what_somebody_says_over_coffee_is_not_so(text: str) -> None:
    assert [one for one in things(read(f"{text}\n")) if one[2] != "exploring"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            f"The Western Network bought Lumo Scan for two trusts. At {ASHVALE} it is in daily use.",
            [("Ashvale", "Lumo Scan", "live")],
        ),
        (
            f"* {ASHVALE}, a customer since 2022, uses Lumo Scan.",
            [("Ashvale", "Lumo Scan", "live")],
        ),
        (
            f"{ASHVALE} followed in May. Some 60 scans a day go through Lumo Scan there.",
            [("Ashvale", "Lumo Scan", "live")],
        ),
        (
            f"{ASHVALE} is setting up Lumo Scan. It is being tested with dummy scans.",
            [("Ashvale", "Lumo Scan", "implementing")],
        ),
        (
            f"- **{ASHVALE}.** Pixon Reader, from Pixon, draws the organs, for about 90 plans a month.",
            [("Ashvale", "Pixon Reader", "live")],
        ),
    ],
)
def test_how_reports_put_it(text: str, expected: list[tuple[str, str, str]]) -> None:
    assert things(read(f"{text}\n")) == expected


def test_words_on_how_far_it_is_tell_how_often_too() -> None:
    rows = (
        f"| {ASHVALE} | Lumo Scan | Went live on 2 June on inpatient films. About 95 X-rays a day. |\n"
        f"| {ASHVALE} | Pixon Reader | On hold since May while the machines are replaced. |\n"
        f"| {BIRCHMOOR} | Lumo Scan | Pilot started on 8 September. |\n"
        f"| {ELMFORD} | Lumo Scan | Interface still being built. Not yet used on patients. |\n"
    )
    found = read(f"| Organisation | Product | Update |\n|---|---|---|\n{rows}")
    assert [one[2] for one in things(found)] == ["live", "paused", "trialling", "implementing"]
    told = [(row["product"], row["min"], row["unit"], row["per"]) for row in found.rows("usage")]
    assert told == [("Lumo Scan", "95", "x-ray", "day")]


def test_a_table_may_be_about_the_product_of_the_title() -> None:
    rows = (
        f"| {ASHVALE} | Heart clinics | In routine use since the pilot closed in May | 4,812 patients |\n"
        f"| {BIRCHMOOR} | Nursing | Pilot continues until March 2026 | About 50 patients a week |\n"
        f"| {ELMFORD} | Emergency | Pilot ended in August and will not be continued | 640 patients |\n"
    )
    table = f"| Trust | Where | Position | Use |\n|---|---|---|---|\n{rows}"
    found = read(f"# Lumo Scan pilot: evaluation\n\n## 2. Where the trusts stand\n\n{table}")
    assert things(found) == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Birchmoor", "Lumo Scan", "trialling"),
        ("Elmford", "Lumo Scan", "ended"),
    ]
    assert [row["min"] for row in found.rows("usage")] == ["4812", "50", "640"]


def test_what_patients_of_a_study_are_is_no_use() -> None:
    said = (
        f"{ASHVALE} is a site of the HERON study, in which Lumo Scan is used for research only. 130 patients had agreed to "
        "take part.\n"
    )
    assert read(said).rows("usage") == []


@pytest.mark.parametrize(
    "after",
    [
        "The trust would not confirm how much it paid.",
        "Lumo denied that it had overcharged.",
        "It does not use Pixon Reader.",
        "It does not have any AI in cardiology.",
        "The trust did not have a pilot.",
    ],
)
@pytest.mark.parametrize("entry", ["", "- "])
def test_what_is_denied_is_not_always_what_was_said(entry: str, after: str) -> None:
    found = read(f"{entry}{ASHVALE} uses Lumo Scan. {after}")
    assert things(found) == [("Ashvale", "Lumo Scan", "live")]


@pytest.mark.parametrize(
    "after",
    [
        "It does not use it.",
        "The trust does not use Lumo Scan.",
        "The trust would not confirm it.",
        "The trust denies this.",
        "This is not so.",
    ],
)
def test_what_is_denied_is_not_there(after: str) -> None:
    assert things(read(f"{ASHVALE} uses Lumo Scan. {after}")) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"A consultant at {ASHVALE} said that the trust uses Lumo Scan.", "live"),
        (f"The trial was a success and {ASHVALE} now uses Lumo Scan on all scans.", "live"),
        (f"At {ASHVALE} radiologists began to review scans using Lumo Scan in May.", "live"),
        (f"The trial at {ASHVALE} is using Lumo Scan.", "research-only"),
    ],
)
def test_how_far_it_is_does_not_depend_on_who_says_so(text: str, expected: str) -> None:
    assert [one[2] for one in things(read(text))] == [expected]


@pytest.mark.parametrize(
    "text",
    [
        f"{ASHVALE} approved a plan that will see staff using Lumo Scan.",
        f"{ASHVALE} backs a project which would have doctors using Lumo Scan.",
        f"{ASHVALE} declined. In Leeds 60 scans a day go through Lumo Scan there.",
        f"- **{ASHVALE}.** Pixon Reader, from Pixon, reads 400 films a day in Leeds. We have not bought it.",
        f"AI software is used at {ASHVALE}. The software made by Lumo was turned down.",
        f"{ASHVALE} met tech firm Lumo. The tool is now live at a hospital in Leeds.",
        f"{ASHVALE} said no. At the conference, the trust saw Lumo Scan in use.",
        f"Lumo Scan was shown. At {ASHVALE} it is in use only in a demonstration room.",
        f"{ASHVALE} hopes to bring Lumo Scan into use.",
        (
            f"AI technology has been introduced at {ASHVALE}. The budget is fine.\n\nMore words.\n\nIn Scotland a trial runs. "
            "The software, made by Lumo, is not used here."
        ),
    ],
)
def test_what_is_planned_or_elsewhere_is_not_there(text: str) -> None:
    assert things(read(text)) == []


def test_others_are_not_denied_by_us() -> None:
    found = read(f"{BIRCHMOOR} uses Lumo Scan. We do not have Lumo Scan, and need not take it.")
    assert things(found) == [("Birchmoor", "Lumo Scan", "live")]


def test_a_target_is_no_use() -> None:
    row = f"| {ASHVALE} | Lumo Scan | Pilot, with a target of 200 patients |"
    found = read(f"| Organisation | Product | Status |\n|---|---|---|\n{row}\n")
    assert (len(things(found)), found.rows("usage")) == (1, [])


def test_a_name_may_begin_with_a_number() -> None:
    signed = f"{ASHVALE} has signed a memorandum of understanding with"
    parties = [
        row["party"] for row in read(f"{signed} the Three Counties Alliance.").rows("agreements")
    ]
    assert parties == [ASHVALE, "Three Counties Alliance"]
    assert read(f"{signed} three London trusts.").rows("agreements") == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"At {ASHVALE}, a pilot programme utilising Lumo Scan is under way.", ["trialling"]),
        (f"{ASHVALE} launched a trial using Lumo Scan.", ["trialling"]),
        (f"A trial using Lumo Scan is under way at {ASHVALE} and will end in May.", ["trialling"]),
        (f"A trial using Lumo Scan took place at {ASHVALE}.", ["ended"]),
        (f"A study using Lumo Scan is under way at {ASHVALE}.", ["research-only"]),
        (f"A pilot using Lumo Scan will start at {ASHVALE} in May.", []),
        (f"{ASHVALE}, which took part in the pilot, is using Lumo Scan.", ["live"]),
        (f"Following the pilot, using Lumo Scan is routine at {ASHVALE}.", ["live"]),
    ],
)
def test_what_a_pilot_uses_is_tried(text: str, expected: list[str]) -> None:
    assert [one[2] for one in things(read(text))] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{ASHVALE} are the next trust in the county to deploy Lumo Scan.", 1),
        (f"{ASHVALE} is the third hospital trust to use Lumo Scan.", 1),
        (f"{ASHVALE} will be the next trust to deploy Lumo Scan.", 0),
        (f"The next step is to use Lumo Scan at {ASHVALE}.", 0),
        (f"The second reason to use Lumo Scan is cost, {ASHVALE} said.", 0),
    ],
)
def test_who_comes_after_others(text: str, expected: int) -> None:
    assert len(things(read(text))) == expected


def test_those_who_come_are_no_use() -> None:
    said = f"{ASHVALE} uses Lumo Scan. The trust has a growing demand, with referrals standing at 3,200 per year."
    assert read(said).rows("usage") == []
