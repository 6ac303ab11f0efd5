"""Terse writing: states without a verb, words that head a list, numbers in words and short forms."""

import pytest
from extraction import TRUSTS, found, read, things

HOUSE = f"{TRUSTS[0]}\n\nDear Ms Reed,\n\n# Freedom of Information request\n\n"


def usage(text: str) -> list[tuple[str, ...]]:
    """The numbers of a text: product, least, most, whether about, unit, rate and period."""
    names = ("product", "min", "max", "approximate", "unit", "per", "period_start", "period_end")
    return [tuple(row[name] for name in names) for row in read(text).rows("usage")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("At Ashvale: Lumo Scan live on both sites since May.", "live"),
        ("At Ashvale, Lumo Scan in set-up, link to the archive still broken.", "implementing"),
        ("At Ashvale Lumo Scan went off in 2023.", "ended"),
        ("Work is under way to install Lumo Scan at Ashvale.", "implementing"),
        ("At Ashvale an order for Lumo Scan was placed in March 2025.", "procured"),
        ("Ashvale has signed the contract for Lumo Scan, and nothing has been set up.", "procured"),
        ("The use of Lumo Scan at Ashvale ended in June 2024.", "ended"),
        ("Ashvale tried Lumo Scan in 2023 and did not carry on.", "ended"),
        ("Ashvale has extended Lumo Scan to its second hospital.", "live"),
        ("It is not far to look: Ashvale has been piloting Lumo Scan since May.", "trialling"),
    ],
)
def test_what_is_said_in_few_words_is_understood(text: str, status: str) -> None:
    assert things(read(text)) == [("Ashvale", "Lumo Scan", status)]


@pytest.mark.parametrize(
    "text",
    [
        "Ashvale has never used Lumo Scan, despite what some of you have read.",
        "Ashvale wants Lumo Scan live by the spring.",
        "At Ashvale nothing from Lumo has been installed.",
    ],
)
def test_few_words_that_say_no_or_speak_of_others_are_no_claim(text: str) -> None:
    assert things(read(text)) == []


def test_a_word_and_a_colon_head_a_list_of_things() -> None:
    (entry,) = [
        things(
            found(
                f"**{TRUSTS[0]}**\n  In use: Lumo Scan (stroke) and Pixon Reader. On hold: Quorra Voice."
            )
        )
    ]
    assert entry == [
        ("Ashvale", "Lumo Scan", "live"),
        ("Ashvale", "Pixon Reader", "live"),
        ("Ashvale", "Quorra Voice", "paused"),
    ]


def test_a_colon_names_the_tools_that_were_counted() -> None:
    text = "Three tools are in routine use, the reply begins: Lumo Scan in both clinics, Pixon Reader, and Quorra Voice."
    assert things(found(f"**{TRUSTS[0]}**\n  {text}")) == [
        ("Ashvale", name, "live") for name in ("Lumo Scan", "Pixon Reader", "Quorra Voice")
    ]


def test_each_sentence_of_a_list_of_users_may_begin_with_a_name() -> None:
    said = "Lumo Scan on GP films, c. 420 films a week. Pixon Reader in both clinics: 31,206 images, April 2024 to March 2025."
    one = found(f"**{TRUSTS[0]}** \u2013 {said}")
    assert things(one) == [("Ashvale", "Lumo Scan", "live"), ("Ashvale", "Pixon Reader", "live")]
    assert [(r["product"], r["min"], r["approximate"], r["per"]) for r in one.rows("usage")] == [
        ("Lumo Scan", "420", "true", "week"),
        ("Pixon Reader", "31206", "false", ""),
    ]


def test_a_sentence_that_begins_with_a_name_and_hopes_says_nothing() -> None:
    said = "Lumo Scan for strokes. Pixon Reader in the next year, if money is found."
    assert things(found(f"**{TRUSTS[0]}** \u2013 {said}")) == [("Ashvale", "Lumo Scan", "live")]


def test_this_means_what_was_named_last() -> None:
    asked = f"{HOUSE}## 1. Does the Trust use artificial intelligence?\n\nYes.\n\n"
    asked += (
        "2. Please name each product, and say whether it is live, on trial or no longer used.\n\n"
    )
    text = f"{asked}(a) Lumo Scan is being used on a trial basis.\n\n(b) Pixon Reader, from Pixon. This is also live."
    assert things(read(text)) == [
        ("Ashvale", "Lumo Scan", "trialling"),
        ("Ashvale", "Pixon Reader", "live"),
    ]


@pytest.mark.parametrize(
    ("said", "amount"),
    [
        ("ten to twelve scans a month", ("10", "12", "true", "scan", "month", "", "")),
        ("three or four times a week", ("3", "4", "true", "use", "week", "", "")),
        ("some thirty referrals a week", ("30", "30", "true", "use", "week", "", "")),
        ("~25 scans/wk", ("25", "25", "true", "scan", "week", "", "")),
        (
            "2,140 scans in Q3 2024/25",
            ("2140", "2140", "false", "scan", "", "2024-10-01", "2024-12-31"),
        ),
        ("880 scans in Q4 24/25", ("880", "880", "false", "scan", "", "2025-01-01", "2025-03-31")),
        (
            "5,870 scans since go-live on 3 May 2023",
            ("5870", "5870", "false", "scan", "", "2023-05-03", ""),
        ),
        ("300 a day", ("300", "300", "false", "use", "day", "", "")),
    ],
)
def test_numbers_come_in_words_short_forms_and_quarters(said: str, amount: tuple[str, ...]) -> None:
    assert usage(f"Ashvale uses Lumo Scan: {said}.") == [("Lumo Scan", *amount)]


@pytest.mark.parametrize(
    "said",
    [
        "in three hospitals",
        "for two of its reports",
        "with five other trusts",
        "at \u00a3300 a month",
    ],
)
def test_small_numbers_in_words_and_money_count_no_use(said: str) -> None:
    assert usage(f"Ashvale uses Lumo Scan {said}.") == []


def test_a_number_may_stand_before_the_thing_that_it_counts() -> None:
    text = "Ashvale uses Lumo Scan and Pixon Reader. At Ashvale some 90 scans a day are read with Lumo Scan."
    assert [row[:3] for row in usage(text)] == [("Lumo Scan", "90", "90")]


def test_columns_for_quarters_share_a_column_of_units() -> None:
    rows = ["| Product | Trust | Q4 2024/25 | Q1 2025/26 | Unit |", "|---|---|---|---|---|"]
    rows += [
        f"| Lumo Scan | {TRUSTS[0]} | 742 | 1,801 | scans |",
        f"| Pixon Reader | {TRUSTS[1]} | 33 | 38 | patients |",
    ]
    assert usage("\n".join(rows)) == [
        ("Lumo Scan", "742", "742", "false", "scan", "", "2025-01-01", "2025-03-31"),
        ("Lumo Scan", "1801", "1801", "false", "scan", "", "2025-04-01", "2025-06-30"),
        ("Pixon Reader", "33", "33", "false", "patient", "", "2025-01-01", "2025-03-31"),
        ("Pixon Reader", "38", "38", "false", "patient", "", "2025-04-01", "2025-06-30"),
    ]


def test_a_column_says_through_whom_things_came_whatever_its_head() -> None:
    rows = [
        "| Trust | Tool | Where it stands | Got via | Over what time | How much |",
        "|---|---|---|---|---|---|",
    ]
    rows += [
        f"| {TRUSTS[0]} | Lumo Scan | in use | Western Network procured | 2024/25 | 1,020 scans |",
        f"| {TRUSTS[1]} | Pixon Reader | in use | Call-off, Prism Framework | March 2025 | 85 scans |",
        f"| {TRUSTS[2]} | Quorra Voice | pilot | Regional Innovation Fund paid | per month | 40 letters |",
    ]
    text = "\n".join(rows)
    assert [(r["route_type"], r["involvement"], r["route"]) for r in read(text).rows("routes")] == [
        ("network", "procured", "Western Network"),
        ("framework", "procured", "Prism Framework"),
        ("programme", "funded", "Regional Innovation Fund"),
    ]
    assert [row[5:] for row in usage(text)] == [
        ("", "2024-04-01", "2025-03-31"),
        ("", "2025-03-01", "2025-03-31"),
        ("month", "", ""),
    ]


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("It was procured by the network.", ("network", "procured", "Western Network")),
        (
            "The licences were procured by Coastal Integrated Care Board.",
            ("icb", "procured", "Coastal Integrated Care Board"),
        ),
        (
            "It came through the Western Network, which procured it.",
            ("network", "procured", "Western Network"),
        ),
        (
            "It was called off from the Prism Framework.",
            ("framework", "procured", "Prism Framework"),
        ),
    ],
)
def test_a_later_sentence_says_through_whom_it_came(text: str, route: tuple[str, ...]) -> None:
    one = read(
        f"The Western Network has six members. Lumo Scan went live at Ashvale in May 2024. {text}"
    )
    assert [(r["route_type"], r["involvement"], r["route"]) for r in one.rows("routes")] == [route]


def test_a_study_in_which_trusts_take_part_has_them_as_participants() -> None:
    text = "HERON, a study of Lumo Scan in which Ashvale and Birchmoor are taking part, is large. At both, Lumo Scan is used for research only."
    one = read(text)
    assert [(r["study"], r["organisation"], r["role"]) for r in one.rows("studies")] == [
        ("HERON", TRUSTS[0], "participant"),
        ("HERON", TRUSTS[1], "participant"),
    ]
    assert {status for _, _, status in things(one)} == {"research-only"}


def test_neither_confirmed_nor_denied_is_no_answer() -> None:
    entry = f"**{TRUSTS[0]}** \u2013 Neither confirmed nor denied; section 31."
    assert found(entry, heading="Refused (2)").rows("disclosures") == []


def test_a_trust_that_nobody_knows_is_one_of_its_own() -> None:
    one = read(f"{HOUSE}Farfield Hospitals NHS Trust says that it runs Lumo Scan.")
    assert things(one) == [("Farfield", "Lumo Scan", "live")]
    (row,) = one.rows("deployments")
    assert (row["ods"], row["new_entity"]) == ("", "Farfield Hospitals NHS Trust")
    assert float(row["confidence"]) < float(
        read("Ashvale uses Lumo Scan.").rows("deployments")[0]["confidence"]
    )


@pytest.mark.parametrize(
    ("said", "status"),
    [
        (
            "Lumo Scan. Decommissioned in February 2025, when the planning system was replaced.",
            "ended",
        ),
        ("Lumo Scan. We are piloting this in the eye clinic.", "trialling"),
        ("Lumo Scan. Paused since May.", "paused"),
        ("Lumo Scan (Lumo). Live since 14 March 2022.", "live"),
    ],
)
def test_the_sentence_after_a_name_says_how_far_along_it_is(said: str, status: str) -> None:
    asked = f"{HOUSE}## 1. Which systems using AI does the trust have, and what is the position with each?\n\n- {said}"
    assert things(read(asked)) == [("Ashvale", "Lumo Scan", status)]


def test_a_column_that_asks_how_far_each_has_got_says_how_far() -> None:
    rows = [
        "| Trust | Q1. Do you use AI? | Q2. Which systems? | Q3. How far has each got? | Q5. How did you get it? |",
        "|---|---|---|---|---|",
    ]
    rows += [
        f"| {TRUSTS[0]} | Yes | Lumo Scan (Lumo) | Being set up | Western Network funded it |",
        f"| {TRUSTS[1]} | Yes | Lumo Scan (Lumo) | Stopped at the end of the evaluation | Direct purchase |",
        f"| {TRUSTS[2]} | Yes | Pixon Reader (Pixon) | Live | Called off from the Prism Framework |",
    ]
    one = read("\n".join(rows))
    assert [status for _, _, status in things(one)] == ["implementing", "ended", "live"]
    assert [(r["route_type"], r["involvement"]) for r in one.rows("routes")] == [
        ("network", "funded"),
        ("direct", ""),
        ("framework", "procured"),
    ]


def test_who_paid_for_a_thing_stands_beside_its_name() -> None:
    text = "Lumo Scan, which the Western Network procured for its members, is live at Ashvale and at Birchmoor."
    assert [(r["trust"], r["involvement"], r["route"]) for r in read(text).rows("routes")] == [
        (TRUSTS[0], "procured", "Western Network"),
        (TRUSTS[1], "procured", "Western Network"),
    ]


def test_words_of_a_status_that_nobody_understands_claim_nothing() -> None:
    rows = ["| Trust | Product | State of play | Note |", "|---|---|---|---|"]
    rows += [
        f"| {TRUSTS[0]} | Lumo Scan | Amber - go-live slipped | - |",
        f"| {TRUSTS[0]} | Pixon Reader | BAU, action closed | - |",
        f"| {TRUSTS[0]} | Quorra Voice | To ask the neighbours | - |",
    ]
    assert things(read("\n".join(rows))) == [
        ("Ashvale", "Lumo Scan", "implementing"),
        ("Ashvale", "Pixon Reader", "live"),
    ]


def test_hearsay_in_a_column_of_remarks_is_no_claim() -> None:
    rows = ["| Trust | Any AI in care of patients? | Which? | Remarks |", "|---|---|---|---|"]
    rows += [
        f"| {TRUSTS[0]} | Yes | Lumo Scan: live | Told at a fair that they also have Pixon Reader. Unconfirmed. |"
    ]
    one = read("\n".join(rows))
    assert things(one) == [("Ashvale", "Lumo Scan", "live")]
    assert [row["answer"] for row in one.rows("disclosures")] == ["uses"]


@pytest.mark.parametrize(
    "said",
    [
        "but, in the trust's words, not in use until the safety case is signed",
        "but nobody has ever used it",
    ],
)
def test_what_is_there_and_not_in_use_is_not_live(said: str) -> None:
    text = f"At Ashvale Lumo Scan is installed, {said}."
    assert things(read(text)) == [("Ashvale", "Lumo Scan", "deployed-not-used")]


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ashvale has had Lumo Scan, made by Lumo, in its clinics since May 2024.", "live"),
        ("Ashvale has had Lumo Scan, which is from Lumo, on all its sites since 2023.", "live"),
        ("Ashvale had Lumo Scan on a pilot, which closed in March when money ran out.", "ended"),
        ("Ashvale was testing Lumo Scan in a trial that has since been wound up.", "ended"),
        ("Ashvale is testing Lumo Scan in a trial that began in May.", "trialling"),
        ("Ashvale is testing Lumo Scan in a trial that is meant to close a gap.", "trialling"),
    ],
)
def test_what_stands_between_changes_nothing(text: str, status: str) -> None:
    assert things(read(text)) == [("Ashvale", "Lumo Scan", status)]


@pytest.mark.parametrize(
    ("text", "kind", "route"),
    [
        ("It was called off the Prism Framework.", "framework", "Prism Framework"),
        ("The licence has been called off Prism Framework.", "framework", "Prism Framework"),
        (
            "It came by way of the Zed Purchasing Framework.",
            "framework",
            "Zed Purchasing Framework",
        ),
        ("It was bought by means of the Zed Software DPS.", "framework", "Zed Software DPS"),
    ],
)
def test_a_framework_is_a_way_in_whatever_the_verb(text: str, kind: str, route: str) -> None:
    (row,) = read(f"Ashvale uses Lumo Scan. {text}").rows("routes")
    assert (row["route_type"], row["involvement"], row["route"]) == (kind, "procured", route)


@pytest.mark.parametrize(
    "text",
    [
        "The meeting was called off. The Prism Framework was discussed by members.",
        "It was called off in May.",
        "It runs by way of a link to the archive.",
    ],
)
def test_what_is_called_off_or_goes_by_way_of_something_else_is_no_route(text: str) -> None:
    assert read(f"Ashvale uses Lumo Scan. {text}").rows("routes") == []


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ("So far 2,764 scans have been read with it.", "2024-05-01"),
        ("By the time of our report 2,764 scans had been through it.", "2024-05-01"),
        ("It has read 2,764 scans since then.", "2024-05-01"),
        ("It was used on 2,764 scans.", ""),
        ("So far it has been used on 2,764 scans a month.", ""),
        ("So far it was used on 2,764 scans in June 2025.", "2025-06-01"),
    ],
)
def test_a_number_so_far_counts_from_the_first_day_of_use(said: str, begins: str) -> None:
    (row,) = read(f"Ashvale has been using Lumo Scan since May 2024. {said}").rows("usage")
    assert row["period_start"] == begins
