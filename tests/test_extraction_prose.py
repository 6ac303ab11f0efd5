"""Running text: whom a sentence speaks of, what it adds, and what must not become a claim."""

import pytest
from extraction import OTHERS, SHORT, TRUSTS, found, read, things
from hypothesis import given
from hypothesis import strategies as st

from careatlas.loaders.extraction.wording.periods import period

ASHVALE, BIRCHMOOR, ELMFORD = "Ashvale", "Birchmoor", "Elmford"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Ashvale and Birchmoor both use Lumo Scan.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "live")],
        ),
        (
            "Trusts including Ashvale, Birchmoor and Elmford and Dunmere have deployed Lumo Scan.",
            [(name, "Lumo Scan", "live") for name in (ASHVALE, BIRCHMOOR, ELMFORD)],
        ),
        (
            "Lumo Scan has been rolled out at Ashvale and at Birchmoor.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "live")],
        ),
        (
            "Two trusts use Pixon Reader: Ashvale and Birchmoor.",
            [(ASHVALE, "Pixon Reader", "live"), (BIRCHMOOR, "Pixon Reader", "live")],
        ),
        (
            "Ashvale uses Lumo Scan while Birchmoor is piloting Pixon Reader.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Pixon Reader", "trialling")],
        ),
        (
            "Ashvale uses Lumo Scan, Birchmoor Pixon Reader and Elmford and Dunmere Quorra Voice.",
            [
                (ASHVALE, "Lumo Scan", "live"),
                (BIRCHMOOR, "Pixon Reader", "live"),
                (ELMFORD, "Quorra Voice", "live"),
            ],
        ),
        (
            "Lumo Scan is used at Ashvale and being piloted at Birchmoor.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "trialling")],
        ),
        (
            "Ashvale and Birchmoor are piloting Lumo Scan and Pixon Reader respectively.",
            [(ASHVALE, "Lumo Scan", "trialling"), (BIRCHMOOR, "Pixon Reader", "trialling")],
        ),
        (
            "Ashvale, working with Birchmoor, has deployed Lumo Scan.",
            [(ASHVALE, "Lumo Scan", "live")],
        ),
        ("Unlike Ashvale, Birchmoor uses Lumo Scan.", [(BIRCHMOOR, "Lumo Scan", "live")]),
        ("Lumo Scan is in use at Ashvale but not at Birchmoor.", [(ASHVALE, "Lumo Scan", "live")]),
        (
            "Lumo Scan: Ashvale (live), Birchmoor (pilot), Elmford and Dunmere (planned).",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "trialling")],
        ),
        (
            "Ashvale introduced Lumo Scan in 2021 and stopped using it in 2023.",
            [(ASHVALE, "Lumo Scan", "ended")],
        ),
        (
            "Ashvale has bought Lumo Scan. Birchmoor has used the product since 2021.",
            [(ASHVALE, "Lumo Scan", "procured"), (BIRCHMOOR, "Lumo Scan", "live")],
        ),
        (
            "Ashvale has installed Lumo Scan, but it is not in use.",
            [(ASHVALE, "Lumo Scan", "deployed-not-used")],
        ),
        (
            "Ashvale has installed Lumo Scan and expects to go live in the autumn.",
            [(ASHVALE, "Lumo Scan", "implementing")],
        ),
        ("Ashvale's pilot of Lumo Scan has ended.", [(ASHVALE, "Lumo Scan", "ended")]),
        ("Ashvale's Lumo Scan pilot is continuing.", [(ASHVALE, "Lumo Scan", "trialling")]),
        ("Every film at Ashvale is now read by Lumo Scan.", [(ASHVALE, "Lumo Scan", "live")]),
        ("Ashvale uses Lumo Scan instead of Pixon Reader.", [(ASHVALE, "Lumo Scan", "live")]),
        ("Ashvale uses Lumo in research only.", [(ASHVALE, "Lumo", "research-only")]),
        ("Ashvale uses Lumo for triage.\n\nIt is piloting Quorra.", None),
    ],
)
def test_a_sentence_is_about_the_trusts_that_it_joins(
    text: str, expected: list[tuple[str, str, str]] | None
) -> None:
    wanted = expected or [(ASHVALE, "Lumo", "live"), (ASHVALE, "Quorra", "trialling")]
    assert things(read(text)) == wanted


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Pixon's new customer signed up this spring. Birchmoor uses Lumo Scan. Ashvale went live in May.",
            [(BIRCHMOOR, "Lumo Scan", "live"), (ASHVALE, "Lumo Scan", "live")],
        ),
        (
            "Lumo Scan reads films. Ashvale's new patient record went live in May.",
            [],
        ),
        (
            "Ashvale is considering Lumo Scan. The tool is used in more than 20 hospitals.",
            [(ASHVALE, "Lumo Scan", "exploring")],
        ),
        (
            "Ashvale bought Lumo Scan. It has been in use since last June.",
            [(ASHVALE, "Lumo Scan", "live")],
        ),
        (
            "More trusts joined the pilot of Lumo Scan begun at Ashvale: Birchmoor, Elmford and Dunmere.",
            [(BIRCHMOOR, "Lumo Scan", "trialling"), (ELMFORD, "Lumo Scan", "trialling")],
        ),
        (
            "Radiology at Ashvale: Lumo Scan - in use since 2022; Quorra Voice - no longer used.",
            [(ASHVALE, "Lumo Scan", "live"), (ASHVALE, "Quorra Voice", "ended")],
        ),
        (
            "- Ashvale\n  - Lumo Scan: live\n  - Quorra Voice: pilot\n- Birchmoor\n  - Pixon Reader: paused",
            [
                (ASHVALE, "Lumo Scan", "live"),
                (ASHVALE, "Quorra Voice", "trialling"),
                (BIRCHMOOR, "Pixon Reader", "paused"),
            ],
        ),
        ("Ashvale: Lumo Scan goes live in June.", []),
        (
            "Ashvale uses Lumo Scan. The newcomer is Quorra Voice, which went live on 2 March.",
            [(ASHVALE, "Lumo Scan", "live"), (ASHVALE, "Quorra Voice", "live")],
        ),
        ("Ashvale's new patient record, unlike Lumo Scan, went live in May.", []),
        ("Lumo Scan is no longer used at Ashvale.", [(ASHVALE, "Lumo Scan", "ended")]),
        ("Lumo Scan was not withdrawn at Ashvale.", []),
        (
            "Lumo Scan is the standard way of reading films at Ashvale.",
            [(ASHVALE, "Lumo Scan", "live")],
        ),
        ("Lumo Scan is the main rival of Quorra Voice at Ashvale.", []),
        ("Use of Lumo Scan at Ashvale is on hold.", [(ASHVALE, "Lumo Scan", "paused")]),
        ("Ashvale's Lumo Scan licence was not renewed.", [(ASHVALE, "Lumo Scan", "ended")]),
        ("Lumo Scan sits unused at Ashvale.", [(ASHVALE, "Lumo Scan", "deployed-not-used")]),
        ("Ashvale uses Lumo Scan in shadow mode.", [(ASHVALE, "Lumo Scan", "trialling")]),
        (
            "Ashvale is halfway through the rollout of Lumo Scan.",
            [(ASHVALE, "Lumo Scan", "implementing")],
        ),
    ],
)
def test_what_was_named_before_is_meant_again(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert things(read(text)) == expected


def test_a_paragraph_of_trusts_alone_answers_what_its_heading_says() -> None:
    one = read(
        f"## No AI in use\n\n{TRUSTS[0]}; {TRUSTS[1]}\n\n## No reply\n\n{TRUSTS[2]}, Ashvale\n"
    )
    assert [(row["trust"], row["answer"]) for row in one.rows("disclosures")] == [
        (TRUSTS[0], "denies"),
        (TRUSTS[1], "denies"),
        (TRUSTS[2], "no-response"),
        (TRUSTS[0], "no-response"),
    ]


def test_a_product_that_heads_a_list_of_trusts_is_what_they_have() -> None:
    text = (
        "## Who uses what\n\n### Lumo Scan\n\n- Ashvale\n- Birchmoor (pilot)\n\n"
        "### Quorra Voice\n\n- Elmford and Dunmere (from May 2031)\n- Ashvale (stopped in 2023)\n"
    )
    assert things(read(text)) == [
        (ASHVALE, "Lumo Scan", "live"),
        (BIRCHMOOR, "Lumo Scan", "trialling"),
        (ASHVALE, "Quorra Voice", "ended"),
    ]


def test_a_name_on_a_line_of_its_own_begins_an_entry() -> None:
    text = f"## Trusts using AI\n\n{TRUSTS[0]}\nLumo Scan; Quorra Voice (on trial); Pixon Reader (from May 2031)\n"
    one = read(text)
    assert things(one) == [(ASHVALE, "Lumo Scan", "live"), (ASHVALE, "Quorra Voice", "trialling")]
    assert [row["answer"] for row in one.rows("disclosures")] == ["uses"]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        ("Trusts that stopped using AI", [(ASHVALE, "Lumo Scan", "ended")]),
        ("Trusts planning to use AI", []),
        ("Not using AI, but considering it", []),
        ("Trusts that use AI", [(ASHVALE, "Lumo Scan", "live")]),
    ],
)
def test_a_bare_name_means_what_its_heading_says(
    heading: str, expected: list[tuple[str, str, str]]
) -> None:
    assert things(read(f"## {heading}\n\n- Ashvale: Lumo Scan\n")) == expected


def test_a_number_alone_answers_how_often() -> None:
    letter = (
        "# Birchmoor University Hospitals NHS Trust\n\nQ1. Which products do you use?\nLumo Scan and Quorra Voice.\n\n"
        "Q2. How many times was each used in 2024?\nLumo Scan: 640. Quorra Voice: 5,120 letters.\n\n"
        "Q3. Has the Trust stopped using any product?\nYes, Pixon Reader, in 2022."
    )
    one = read(letter)
    assert things(one) == [
        (BIRCHMOOR, "Lumo Scan", "live"),
        (BIRCHMOOR, "Quorra Voice", "live"),
        (BIRCHMOOR, "Pixon Reader", "ended"),
    ]
    cells = ("product", "min", "unit", "period_start", "period_end")
    assert [tuple(row[cell] for cell in cells) for row in one.rows("usage")] == [
        ("Lumo Scan", "640", "use", "2024-01-01", "2024-12-31"),
        ("Quorra Voice", "5120", "use", "2024-01-01", "2024-12-31"),
    ]


NEVER = (
    "{trust} does not use {product}.",
    "{trust} has never used {product}.",
    "{trust} has yet to start using {product}.",
    "{trust} has no plans to use {product}.",
    "{trust} plans to use {product}.",
    "{trust} hopes to be using {product} by the spring.",
    "{trust} had hoped to be using {product} by now.",
    "{trust} could be using {product} within a year.",
    "{trust} would have used {product} had money been found.",
    "{trust} is due to go live with {product} in November.",
    "{trust} wants to be an early adopter of {product}.",
    "{trust} will be the first trust to use {product}.",
    "If the board agrees, {trust} will be using {product} next year.",
    "{trust} is bidding for money to deploy {product}.",
    "{trust} decided against using {product}.",
    "{trust} was offered {product} but turned it down.",
    "{trust} denied that it uses {product}.",
    "{trust} was said to be using {product}, which it denies.",
    "Rumours that {trust} uses {product} are unfounded.",
    "It is not known whether {trust} uses {product}.",
    "Is {trust} using {product}?",
    "{trust} visited a neighbouring trust that uses {product}.",
    "{product} is used elsewhere, but not by {trust}.",
    "Read more: {trust} deploys {product}",
    "Related: {trust} goes live with {product}",
    "You may also like: {trust} is using {product}",
    "Pictured: staff at {trust} using {product}.",
    "Figure 2: {product} in use at {trust}.",
    "{maker} said its customers include {trust}.",
    "About {maker}: {maker} makes {product}, which is used at {trust}.",
    "By using this page you accept cookies from {maker}, which is used at {trust}.",
    "For more information on how {trust} is using {product}, ask the editor.",
    "A spokesperson for {maker} said the company has customers such as {trust}.",
    "{maker} said: We hope that {trust} will be using {product} soon.",
    "{trust} replaced its plan for {product} with another.",
)


@pytest.mark.parametrize("sentence", NEVER)
def test_what_is_no_use_becomes_no_deployment(sentence: str) -> None:
    text = sentence.format(trust=TRUSTS[0], product="Lumo Scan", maker="Lumo")
    assert things(read(text)) == []


@given(st.permutations(NEVER), st.sampled_from(TRUSTS), st.sampled_from(["Lumo Scan", "Quorra"]))
def test_no_row_of_such_sentences_makes_something_live(
    sentences: list[str], trust: str, product: str
) -> None:
    text = "\n\n".join(
        one.format(trust=trust, product=product, maker="Pixon") for one in sentences[:12]
    )
    assert [one for one in things(read(text)) if one[2] == "live"] == []


@pytest.mark.parametrize(
    "text",
    [
        "## Related news\n\nAshvale is using Lumo Scan.",
        "Birchmoor is well.\n\nYou may also like\n\n## Ashvale has Lumo Scan\n\nAshvale uses it.",
        "## Notes to editors\n\nLumo Scan is in use at Ashvale.\n\nBirchmoor uses it too.",
        "## About Lumo\n\nLumo Scan is in use at Ashvale.",
        "ENDS\n\nLumo Scan is in use at Ashvale.",
        "## Comments\n\nAshvale uses Lumo Scan.",
    ],
)
def test_what_stands_beside_the_matter_says_nothing(text: str) -> None:
    one = read(text)
    assert (one.deployments, one.disclosures, one.stated) == ([], [], [])


def test_after_what_stands_beside_the_matter_the_document_goes_on() -> None:
    text = "## Notes to editors\n\nAshvale uses Lumo.\n\n## Findings\n\nBirchmoor uses Quorra."
    assert things(read(text)) == [(BIRCHMOOR, "Quorra", "live")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Ashvale has been using Lumo Scan since March 2023.", {"valid_from": "2023-03"}),
        ("Ashvale went live with Lumo Scan in 2022.", {"valid_from": "2022"}),
        ("Ashvale was an early adopter of Lumo Scan in 2019.", {}),
        ("In February 2024, Ashvale went live with Lumo Scan.", {"valid_from": "2024-02"}),
        ("Ashvale uses Lumo Scan in its emergency department.", {"site": "emergency department"}),
        (
            "Ashvale uses Lumo Scan for chest X-rays.",
            {"specialty": "radiology", "modality": "DX"},
        ),
        ("Ashvale uses Lumo Scan for stroke CT.", {"specialty": "neurology", "modality": "CT"}),
        (
            "Ashvale uses Lumo Scan, which is integrated into the Prism Archive.",
            {"integrated_with": "Prism Archive"},
        ),
        ("Ashvale uses Lumo Scan as part of the HERON study.", {"study": "HERON"}),
    ],
)
def test_a_sentence_says_since_when_where_and_for_what(text: str, expected: dict[str, str]) -> None:
    (row,) = read(text).rows("deployments")
    assert {name: row[name] for name in expected} == expected


def test_what_begins_after_the_report_is_a_plan() -> None:
    text = "Ashvale is piloting Lumo Scan from October 2025."
    assert things(read(text, "2025-06-01")) == []
    assert things(read(text, "2025-12-01")) == [(ASHVALE, "Lumo Scan", "trialling")]


@pytest.mark.parametrize(
    ("text", "kind", "involvement", "through"),
    [
        (
            "Ashvale uses Lumo Scan. The trust bought it through the Prism Framework.",
            *("framework", "procured", "Prism Framework"),
        ),
        (
            "Ashvale bought Lumo Scan directly from the supplier.",
            *("direct", "", ""),
        ),
        (
            "Lumo Scan was recommended to Ashvale by the Coastal Integrated Care Board and is now live there.",
            *("icb", "recommended", "Coastal Integrated Care Board"),
        ),
        (
            "The Western Network has bought Lumo Scan for Ashvale.",
            *("network", "procured", "Western Network"),
        ),
        ("Ashvale uses Lumo Scan within the HERON study.", "study", "coordinated", "HERON"),
    ],
)
def test_running_text_tells_how_it_came(
    text: str, kind: str, involvement: str, through: str
) -> None:
    (row,) = read(text).rows("routes")
    assert (row["route_type"], row["involvement"], row["route"]) == (kind, involvement, through)
    assert (row["trust"], row["product"]) == (TRUSTS[0], "Lumo Scan")


@pytest.mark.parametrize(
    ("text", "low", "high", "unit", "per", "period"),
    [
        (
            "Between April 2023 and March 2024, Lumo Scan read 12,345 X-rays at Ashvale.",
            *(12345, 12345, "x-ray", "", ("2023-04-01", "2024-03-31")),
        ),
        (
            "Ashvale uses Lumo Scan on between 30 and 40 scans a week.",
            *(30, 40, "scan", "week", ("", "")),
        ),
        (
            "Ashvale has used Lumo Scan on 2,000 scans since May 2024.",
            *(2000, 2000, "scan", "", ("2024-05-01", "")),
        ),
    ],
)
def test_running_text_tells_how_often(  # noqa: PLR0913 - the parts of an amount
    text: str, low: int, high: int, unit: str, per: str, period: tuple[str, str]
) -> None:
    (one,) = read(text).usage
    assert (one.low, one.high, one.unit, one.per, one.period) == (low, high, unit, per, period)


@pytest.mark.parametrize(
    ("words", "first", "last"),
    [
        ("between March and August 2024", "2024-03-01", "2024-08-31"),
        ("from November to February 2024", "2023-11-01", "2024-02-29"),
        ("in the year to March 2025", "2024-04-01", "2025-03-31"),
        ("in the year ending December 2024", "2024-01-01", "2024-12-31"),
        ("in the first half of 2024", "2024-01-01", "2024-06-30"),
        ("in 2023/24", "2023-04-01", "2024-03-31"),
        ("in May 2024", "2024-05-01", "2024-05-31"),
        ("since May 2024", "2024-05-01", ""),
        ("of late", "", ""),
    ],
)
def test_a_period_is_known_by_its_words(words: str, first: str, last: str) -> None:
    assert period(words) == (first, last)


def test_a_plus_makes_a_number_approximate() -> None:
    (row,) = read("Ashvale used Lumo Scan on 4,000+ scans in May 2024.").rows("usage")
    assert (row["min"], row["approximate"]) == ("4000", "true")


def test_what_is_only_described_keeps_its_route_for_itself() -> None:
    one = read(
        "## Trusts that use AI\n\n- **Ashvale**  \n  Uses Lumo Scan for chest X-rays, a prostate AI recommended by the Western Network.\n"
    )
    assert [(row["product"], row["description"]) for row in one.rows("routes")] == [
        ("", "prostate AI")
    ]


def test_half_of_the_way_is_no_route() -> None:
    one = read("Ashvale is halfway through the Western Network pilot of Lumo Scan.")
    assert one.rows("routes") == []
    (row,) = read("Ashvale bought Lumo Scan through the Western Network.").rows("routes")
    assert row["route"] == "Western Network"


@pytest.mark.parametrize(
    "words",
    ["between 31 June and 31 September 2024", "from 1 June to 30 September 2024"],
)
def test_a_day_that_a_month_has_not_is_its_last(words: str) -> None:
    assert period(words)[1] == "2024-09-30"


def test_two_numbers_of_one_sentence_share_their_period() -> None:
    text = "# Ashvale NHS Foundation Trust\n\nLumo Scan was used on 30 scans and Quorra Voice on 40 scans in May 2024."
    rows = read(text).rows("usage")
    assert [(row["product"], row["min"]) for row in rows] == [
        ("Lumo Scan", "30"),
        ("Quorra Voice", "40"),
    ]
    assert {row["period_start"] for row in rows} == {"2024-05-01"}


def test_a_letter_speaks_of_the_trust_that_wrote_it() -> None:
    letter = (
        "# Birchmoor University Hospitals NHS Trust\n\n"
        "### 1. Does the Trust use any artificial intelligence?\n\nYes.\n\n"
        "### 2. Please list each product.\n\n- Lumo Scan (Lumo), used in radiology\n- Quorra Voice (trial)\n\n"
        "### 3. Which products do you plan to introduce?\n\n- Pixon Reader\n\n"
        "### 4. Which products are no longer in use?\n\n- Pixon\n"
    )
    one = read(letter)
    assert things(one) == [
        (BIRCHMOOR, "Lumo Scan", "live"),
        (BIRCHMOOR, "Quorra Voice", "trialling"),
        (BIRCHMOOR, "Pixon", "ended"),
    ]
    assert [(row["answer"], row["rule"]) for row in one.rows("disclosures")] == [
        ("uses", "answered")
    ]


def test_a_trust_that_heads_a_section_is_its_subject() -> None:
    text = "## Trusts that use AI\n\n### Ashvale\n\nUses Lumo Scan.\n\n### Birchmoor\n\nPiloting Quorra.\n"
    one = read(text)
    assert things(one) == [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Quorra", "trialling")]
    assert [row["trust"] for row in one.rows("disclosures")] == list(TRUSTS[:2])


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Ashvale told us that it does not use AI.", ("denies", "")),
        ("Ashvale did not respond to our request.", ("no-response", "")),
        ("Ashvale confirmed that it uses AI but would not name it.", ("uses", "refused")),
        ("Ashvale has decided not to use AI.", ("denies", "")),
        ("Ashvale said that it did not use AI in patient care.", ("denies", "")),
        ("Ashvale confirmed that it uses Lumo Scan.", ("uses", "")),
    ],
)
def test_running_text_tells_what_was_answered(text: str, answer: tuple[str, str]) -> None:
    (row,) = read(text).rows("disclosures")
    assert (row["answer"], row["detail"]) == answer


def test_a_request_for_comment_is_no_request() -> None:
    assert read("Ashvale did not respond to a request for comment.").disclosures == []


def test_one_thing_told_twice_is_one_and_says_how_far_it_is() -> None:
    one = read(
        "Ashvale uses Lumo Scan.\n\nLumo Scan was procured by the Western Network for Ashvale.\n\n"
        "Ashvale is using Lumo Scan on 30 scans a day."
    )
    assert things(one) == [(ASHVALE, "Lumo Scan", "live")]
    owners = [row.deployment for row in one.usage] + [row.deployment for row in one.routes]
    assert {id(owner) for owner in owners} == {id(one.deployments[0])}
    assert len(owners) == 2


def test_no_body_or_study_is_taken_for_a_product() -> None:
    for name in OTHERS.values():
        assert things(read(f"Ashvale uses {name}.")) == []
    assert things(read("The ORYX study is running at Ashvale and Birchmoor.")) == []


def test_a_short_name_of_a_list_is_the_trust_itself() -> None:
    for short, trust in SHORT.items():
        (row,) = found(f"{short}: Lumo Scan (live)", heading="Answers").rows("deployments")
        assert (row["trust"], row["status"]) == (trust, "live")


def test_brackets_say_how_far_a_bare_name_is() -> None:
    body = "Lumo Scan (planned), Pixon Reader (under evaluation), Quorra Voice"
    assert things(found(f"**{TRUSTS[0]}** {body}")) == [
        (ASHVALE, "Pixon Reader", "exploring"),
        (ASHVALE, "Quorra Voice", "live"),
    ]


WORDS = (
    "Ashvale", "Birchmoor", "Elmford and Dunmere", "Lumo Scan", "Pixon", "Quorra Voice", "and", "both", "use", "uses",
    "is piloting", "has bought", "but not", "at", "in 2023", "(live)", ":", ",", ".", ";", "?", "30 scans a day", "it",
    "went live", "the network", "for", "respectively", "while", "being piloted", "no longer used", "\n\n", "- ", "Yes",
)  # fmt: skip


@given(st.lists(st.sampled_from(WORDS), max_size=30))
def test_no_row_of_words_stops_it_and_each_claim_stands_in_its_passage(words: list[str]) -> None:
    one = read(" ".join(words))
    claims = [row.found for row in one.deployments] + [row.found for row in one.usage]
    claims += [row.found for row in one.disclosures] + [row.found for row in one.routes]
    for place in claims:
        assert place.passage.start <= place.start <= place.end <= place.passage.end
        assert (
            place.words
            == place.passage.text[place.start - place.passage.start :][: place.end - place.start]
        )
