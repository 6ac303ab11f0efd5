"""A claim needs words that say it of this trust, now: what is over, unreal or another's is none."""

import pytest
from extraction import TRUSTS, read, things

ASHVALE, BIRCHMOOR = "Ashvale", "Birchmoor"


@pytest.mark.parametrize(
    "text",
    [
        "Lumo Scan has not been deployed at Ashvale.",
        "Lumo Scan hasn't yet been introduced at Ashvale.",
        "Lumo Scan is yet to be switched on at Ashvale.",
        "Ashvale has Lumo Scan in its pipeline.",
        "If approved, Ashvale is going live with Lumo Scan in June.",
        "Should money be found, Ashvale uses Lumo Scan from May.",
        "Ashvale had a visit from Lumo, whose Lumo Scan is used in Spain.",
        "Ashvale sends its films elsewhere, where Lumo Scan is used.",
        "Ashvale has refrained from using Lumo Scan.",
        "Ashvale is a year away from using Lumo Scan.",
        "Ashvale is rumoured to be using Lumo Scan.",
        "A petition asks Ashvale to begin using Lumo Scan.",
        "In theory Ashvale uses Lumo Scan.",
        "We were unable to confirm that Ashvale uses Lumo Scan.",
        "Ashvale bought Lumo Scan's rival.",
        "A nurse from Ashvale tried Lumo Scan at a conference.",
        "Lumo Scan: Ashvale said no.",
        "Lumo Scan is available to Ashvale under the Prism Framework.",
        "The pilot of Lumo Scan at Ashvale is due to begin in May.",
        "The trial of Lumo Scan that Ashvale had planned never took place.",
        "Ashvale was using Lumo Scan when we first asked.",
        "What is used at Ashvale is a matter for that trust.",
    ],
)
def test_what_is_not_so_or_not_sure_is_no_claim(text: str) -> None:
    assert things(read(text)) == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ashvale has signed a contract for Lumo Scan, but it has not been installed.", "procured"),
        ("Ashvale went live in May with Lumo Scan from Lumo.", "live"),
        ("Ashvale's letters are drafted with Lumo Scan.", "live"),
        ("Ashvale completed its roll-out of Lumo Scan in June.", "live"),
        ("Elsewhere includes Ashvale, which has used Lumo Scan since May.", "live"),
        ("Lumo Scan is being brought in at Ashvale.", "implementing"),
        ("Ashvale has paid for Lumo Scan but still waits for it.", "procured"),
        (
            "Lumo Scan runs in one room at Ashvale, solely for those recruited to a study.",
            "research-only",
        ),
        ("At Ashvale Lumo Scan is used solely within the HERON trial.", "research-only"),
        ("Lumo Scan was tried at Ashvale in 2024 and was not continued.", "ended"),
        ("Ashvale called off its pilot of Lumo Scan.", "ended"),
        ("Ashvale piloted Lumo Scan. The pilot has since been dropped.", "ended"),
        ("Ashvale was testing Lumo Scan when we last asked; that test has since closed.", "ended"),
        ("Lumo Scan, once used at Ashvale, was taken out of service in 2023.", "ended"),
        ("Ashvale has switched Lumo Scan off for now.", "paused"),
    ],
)
def test_the_last_word_on_a_thing_counts(text: str, status: str) -> None:
    assert things(read(text)) == [(ASHVALE, "Lumo Scan", status)]


def test_who_followed_has_what_the_one_before_has_with_its_own_number() -> None:
    found = read(
        "Ashvale went live with Lumo Scan in May. Birchmoor followed in June, and had 940 X-rays read in that month."
    )
    assert things(found) == [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "live")]
    assert [(row["trust"].split()[0], row["min"]) for row in found.rows("usage")] == [
        (BIRCHMOOR, "940")
    ]


def test_who_hopes_to_follow_has_nothing_yet() -> None:
    text = "Ashvale went live with Lumo Scan in May. Birchmoor hopes to follow in June."
    assert things(read(text)) == [(ASHVALE, "Lumo Scan", "live")]


def test_the_same_verb_is_meant_again() -> None:
    text = "Ashvale uses Lumo Scan to this day, as it does Pixon Reader."
    both = [(ASHVALE, "Lumo Scan", "live"), (ASHVALE, "Pixon Reader", "live")]
    assert things(read(text)) == both


def test_a_way_that_stands_first_is_that_of_what_follows() -> None:
    text = "Ashvale uses Pixon Reader. Within the HERON study, Lumo Scan is used at Ashvale for research only."
    (route,) = read(text).rows("routes")
    assert (route["product"], route["route"]) == ("Lumo Scan", "HERON")


def test_what_is_bought_on_behalf_of_somebody_came_through_the_buyer() -> None:
    text = "Ashvale uses Lumo Scan, bought on our behalf by the Western Network."
    (route,) = read(text).rows("routes")
    assert (route["involvement"], route["route"]) == ("procured", "Western Network")


@pytest.mark.parametrize(
    "text",
    [
        "Ashvale uses Lumo Scan. It did not renew its contract for coffee machines.",
        "Ashvale uses Lumo Scan. The trial has ended and it is now part of normal work.",
        "Ashvale uses Lumo Scan, having decided against Pixon Reader.",
        "Ashvale uses Lumo Scan, not Pixon Reader.",
    ],
)
def test_the_end_of_something_else_ends_nothing(text: str) -> None:
    assert things(read(text)) == [(ASHVALE, "Lumo Scan", "live")]


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("The trial is over and Lumo Scan was not adopted.", "ended"),
        ("That pilot is now at an end.", "ended"),
        ("The evaluation finished with little to show.", "ended"),
        ("Lumo Scan was not taken up.", "ended"),
        ("The trial is over half way.", "trialling"),
        ("The trial did not proceed with the second ward.", "trialling"),
        ("Pixon Reader was not adopted.", "trialling"),
    ],
)
def test_a_trial_may_be_over_in_the_next_sentence(after: str, status: str) -> None:
    one = read(f"# {TRUSTS[0]}\n\nOur skin clinic is trialling Lumo Scan. {after}\n")
    assert things(one) == [("Ashvale", "Lumo Scan", status)]


@pytest.mark.parametrize(
    "whose", ["a private hospital that rents the wing", "an independent clinic on our site"]
)
def test_what_a_private_body_runs_is_not_the_trusts(whose: str) -> None:
    one = read(f"# {TRUSTS[0]}\n\nThat was at the Sorrel, {whose} and uses Lumo Scan itself.\n")
    assert things(one) == []
    one = read(f"# {TRUSTS[0]}\n\nOur private patients' wing uses Lumo Scan.\n")
    assert things(one) == [("Ashvale", "Lumo Scan", "live")]


@pytest.mark.parametrize(
    ("after", "status"),
    [
        ("Its licence ended with the old trust and we did not renew it.", "ended"),
        ("Its contract ran out in May, so Birchmoor works without it.", "ended"),
        ("Its licence was renewed in May.", "live"),
        ("Its licence covers Birchmoor too.", "live"),
    ],
)
def test_an_end_in_the_next_sentence_is_of_what_was_named_last(after: str, status: str) -> None:
    one = read(f"# {TRUSTS[1]}\n\nWho we are\n\n{TRUSTS[0]} has used Lumo Scan. {after}\n")
    assert things(one) == [("Ashvale", "Lumo Scan", status)]
