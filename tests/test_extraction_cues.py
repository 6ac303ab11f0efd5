"""Running text that no set phrase covers: the cues of a clause, and of whom it goes on to speak."""

import pytest
from extraction import read, things

ASHVALE, BIRCHMOOR, ELMFORD = "Ashvale", "Birchmoor", "Elmford"

CUES = (
    ("Lumo Scan is a fixture of the chest clinic at Ashvale.", "live"),
    ("Radiologists at Ashvale have come to depend on Lumo Scan.", "live"),
    ("At Ashvale, Lumo Scan has been reading chest films since May.", "live"),
    ("All chest X-rays at Ashvale go through Lumo Scan.", "live"),
    ("Ashvale has put Lumo Scan on all its scanners.", "live"),
    ("Ashvale has resumed its use of Lumo Scan.", "live"),
    ("Lumo Scan, made by Lumo of Leeds, is in daily use at Ashvale.", "live"),
    ("Ashvale has had Lumo Scan in its stroke unit since 2022.", "live"),
    ("At Ashvale, eye doctors are trying out Lumo Scan.", "trialling"),
    ("Lumo Scan is being put through its paces at Ashvale.", "trialling"),
    ("Lumo Scan is running in shadow mode at Ashvale.", "trialling"),
    ("Installation of Lumo Scan is under way at Ashvale.", "implementing"),
    ("Engineers are connecting Lumo Scan to the archive at Ashvale.", "implementing"),
    ("A contract for Lumo Scan has been signed by Ashvale.", "procured"),
    ("Ashvale has Lumo Scan on order.", "procured"),
    ("Ashvale tried Lumo Scan for a winter and sent it back.", "ended"),
    ("Ashvale did not renew its contract for Lumo Scan.", "ended"),
    ("Ashvale used Lumo Scan from 2019 to 2022.", "ended"),
    ("Lumo Scan is on hold at Ashvale.", "paused"),
    ("Ashvale has stopped using Lumo Scan for the time being.", "paused"),
    ("Ashvale is weighing up Lumo Scan.", "exploring"),
    ("A business case for Lumo Scan is before the board of Ashvale.", "exploring"),
    ("At Ashvale Lumo Scan is confined to research.", "research-only"),
    ("Lumo Scan is installed at Ashvale, but nobody uses it.", "deployed-not-used"),
)


@pytest.mark.parametrize(("text", "status"), CUES)
def test_a_clause_without_a_set_phrase_is_judged_by_its_cues(text: str, status: str) -> None:
    assert things(read(text)) == [(ASHVALE, "Lumo Scan", status)]


def test_what_cues_tell_is_less_sure_than_what_a_phrase_says() -> None:
    (phrase,) = read("Ashvale uses Lumo Scan.").rows("deployments")
    (cue,) = read("Lumo Scan is a fixture of the chest clinic at Ashvale.").rows("deployments")
    assert float(cue["confidence"]) < float(phrase["confidence"])


@pytest.mark.parametrize(
    "text",
    [
        "Ashvale could come to rely on Lumo Scan.",
        "Nobody at Ashvale relies on Lumo Scan.",
        "Ashvale has put Lumo Scan out to tender.",
        "Ashvale has put Lumo Scan on its risk register.",
        "Ashvale has Lumo Scan in its sights.",
        "Ashvale depends on money from the region to buy Lumo Scan.",
        "Lumo Scan is part of the five-year plan of Ashvale.",
        "Negotiations over Lumo Scan continue at Ashvale.",
        "A policy on Lumo Scan is in place at Ashvale.",
        "Lumo Scan's new office is up and running near Ashvale.",
        "Once Lumo Scan is up and running, Ashvale expects to save an hour a day.",
        "The board of Ashvale noted that Lumo Scan is in daily use at many hospitals.",
        "Ashvale's images are read by Birchmoor, which sends them on. Lumo Scan runs in the cloud.",
        "A trial of Lumo Scan at Ashvale was approved and would start in June.",
        "Ashvale was invited to a demonstration of Lumo Scan.",
        "Ashvale has no AI. Lumo Scan is in use in Leeds.",
    ],
)
def test_such_cues_of_something_else_say_nothing(text: str) -> None:
    assert things(read(text)) == []


@pytest.mark.parametrize(
    "text",
    [
        "We had heard that Ashvale was using Lumo Scan. Not so: the films go elsewhere.",
        "Our last report said that Ashvale uses Lumo Scan.",
        "It has been reported that Ashvale uses Lumo Scan. It does not.",
        "Ashvale has gone live with Lumo Scan. That is wrong.",
        "Ashvale was listed as using Lumo Scan; the trust denies it.",
    ],
)
def test_what_the_next_sentence_takes_back_is_not_said(text: str) -> None:
    assert things(read(text)) == []


def test_only_what_is_taken_back_is_lost() -> None:
    text = "Ashvale uses Lumo Scan. It has not been cheap."
    assert things(read(text)) == [(ASHVALE, "Lumo Scan", "live")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "**Ashvale.** Lumo Scan is embedded in both EDs. Pixon Reader is on hold.",
            [(ASHVALE, "Lumo Scan", "live"), (ASHVALE, "Pixon Reader", "paused")],
        ),
        (
            "**Ashvale and Birchmoor.** Both trusts are piloting Lumo Scan.",
            [(ASHVALE, "Lumo Scan", "trialling"), (BIRCHMOOR, "Lumo Scan", "trialling")],
        ),
        (
            "Ashvale and Birchmoor share a service. Both use Lumo Scan.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "live")],
        ),
        (
            "Ashvale uses Lumo Scan. Birchmoor is half-way through a trial of it.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "trialling")],
        ),
        (
            "Ashvale uses Lumo Scan, as does Birchmoor.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "live")],
        ),
        (
            "Ashvale uses Lumo Scan. So does Birchmoor.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "live")],
        ),
        (
            "Lumo Scan is in use at Ashvale and, for research only, at Birchmoor.",
            [(ASHVALE, "Lumo Scan", "live"), (BIRCHMOOR, "Lumo Scan", "research-only")],
        ),
        (
            "Ashvale replaced Lumo Scan with Pixon Reader in 2024.",
            [(ASHVALE, "Lumo Scan", "ended"), (ASHVALE, "Pixon Reader", "live")],
        ),
        (
            "Ashvale has added Quorra Voice, which it is piloting in two clinics.",
            [(ASHVALE, "Quorra Voice", "trialling")],
        ),
        (
            "Lumo Scan is the commonest. Ashvale has it in its stroke unit.",
            [(ASHVALE, "Lumo Scan", "live")],
        ),
        (
            "**Ashvale.** The trust uses Lumo Scan, which is hosted by Birchmoor.",
            [(ASHVALE, "Lumo Scan", "live")],
        ),
    ],
)
def test_a_sentence_goes_on_about_whom_or_what_was_named(
    text: str, expected: list[tuple[str, str, str]]
) -> None:
    assert things(read(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ashvale has twelve scanners. Many trusts rely on Lumo Scan.",
        "Ashvale met the supplier. The company has installed Lumo Scan in Leeds.",
        "**Ashvale.** The trust has not bought Lumo Scan. It is in use next door.",
        "Ashvale and Birchmoor share a service. Neither uses Lumo Scan.",
    ],
)
def test_a_sentence_about_others_does_not_go_on_about_the_trust(text: str) -> None:
    assert things(read(text)) == []


def test_a_page_that_says_we_is_of_the_trust_whose_parts_it_heads() -> None:
    page = "Our unit has been using Lumo Scan since May. We are glad.\n\n## Other teams at Ashvale\n\nOur clinics rely on Quorra Voice.\n"
    assert things(read(page)) == [(ASHVALE, "Lumo Scan", "live"), (ASHVALE, "Quorra Voice", "live")]
    other = page.replace("Our unit", "A unit").replace("We are", "They are")
    assert (ASHVALE, "Lumo Scan", "live") not in things(read(other))


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Chest films at Ashvale have been going through Lumo Scan since 2020.", "live"),
        ("All referrals at Ashvale are now being routed via Lumo Scan.", "live"),
        ("Ashvale is putting some 50 slides a day through Lumo Scan.", "live"),
        ("At Ashvale Lumo Scan came to both emergency departments in 2022.", "live"),
        ("Ashvale has given Lumo Scan up.", "ended"),
    ],
)
def test_work_that_passes_through_a_thing_is_its_use(text: str, status: str) -> None:
    assert things(read(text)) == [("Ashvale", "Lumo Scan", status)]


@pytest.mark.parametrize(
    "text",
    [
        "At Ashvale the board has been going through Lumo Scan with the supplier.",
        "At Ashvale all films will be going through Lumo Scan by May.",
        "Ashvale is not putting any films through Lumo Scan.",
        "Ashvale hopes to be putting films through Lumo Scan by May.",
        "At Ashvale Lumo Scan came to the hospital's attention.",
        "At Ashvale the firm behind Lumo Scan came to the wards.",
        "At Ashvale Lumo Scan came to the wards for two weeks.",
        "At Ashvale Lumo Scan came to the unit to show what it can do.",
    ],
)
def test_what_only_goes_through_a_thing_or_comes_by_is_no_use(text: str) -> None:
    assert [one for one in things(read(text)) if one[2] == "live"] == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Lumo Scan came to both wards at Ashvale through the Prism Framework.", "live"),
        ("Ashvale relies on Lumo Scan, bought through the Prism Framework.", "live"),
        ("Lumo Scan came to Ashvale through the Prism Framework.", "procured"),
        ("Ashvale got Lumo Scan through the Prism Framework.", "procured"),
    ],
)
def test_use_says_more_than_the_way_in(text: str, status: str) -> None:
    one = read(text)
    assert things(one) == [("Ashvale", "Lumo Scan", status)]
    assert [row["route"] for row in one.rows("routes")] == ["Prism Framework"]
