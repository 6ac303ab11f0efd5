"""Plain sentences as writers put them: what they say comes out, what they only seem to say does not."""

import pytest
from extraction import TRUSTS, read, things

ENTRY = "## Trusts that use clinical AI\n\n- **Ashvale NHS Foundation Trust**: {}\n"


def entry(text: str) -> str:
    """The sentence as an entry of a list of those that use AI."""
    said = text.replace("Ashvale", "the trust", 1)
    return ENTRY.format(f"{said[0].upper()}{said[1:]}")


@pytest.mark.parametrize(
    "text",
    [
        "Scans of Ashvale's patients are read by a private firm, and Farside Reporting uses Lumo Scan.",
        "Ashvale shares a site with the Sorrel Clinic, a private hospital that runs Lumo Scan for its own patients.",
        "A local paper wrote that Ashvale uses Lumo Scan; the trust did not confirm it.",
        "The first printing said that Ashvale uses Lumo Scan.",
        "Ashvale's outsourcing partner, Telerad, reads its films with Lumo Scan.",
        "Ashvale was told that Lumo Scan is used in Leeds.",
        "Ashvale heard a talk about Lumo Scan, which is used at forty hospitals.",
        "A draft business case at Ashvale proposes Lumo Scan.",
        "Ashvale's board approved the purchase of Lumo Scan in May; no order has been placed.",
        "Ashvale's charity would like to pay for Lumo Scan.",
        "The GPs around Ashvale use Lumo Scan.",
        "Ashvale's patients may be offered Lumo Scan privately.",
        "Lumo Scan was demonstrated to staff at Ashvale in March.",
        "Ashvale came second in the bidding for money for Lumo Scan.",
        "Ashvale, unlike Birchmoor, does not use Lumo Scan.",
        "Ashvale used Lumo Scan until 2023.",
        "Ashvale had used Lumo Scan since 2019 but let the contract lapse.",
        "Lumo Scan went live at Ashvale in May and was switched off in July.",
        "Ashvale no longer has Lumo Scan.",
        "Lumo says that its customers include Ashvale.",
        "Lumo lists Ashvale as a customer for Lumo Scan.",
        "Ashvale is one of the trusts that Lumo hopes to win for Lumo Scan.",
        "Ashvale's radiologists were trained on Lumo Scan last week ahead of its launch.",
        "Ashvale was due to go live with Lumo Scan in May but the project has been delayed.",
        "Ashvale has Lumo Scan on its risk register.",
        "A patient asked whether Ashvale uses Lumo Scan.",
        "It is not clear whether Ashvale uses Lumo Scan.",
        "Ashvale will use Lumo Scan from September.",
        "Ashvale said it had no plans to use Lumo Scan.",
        "Ashvale tested Lumo Scan on old images; it has never been used on patients.",
        "Research at Ashvale uses Lumo Scan on anonymised scans.",
        "Ashvale has turned down Lumo Scan.",
        "Before the merger, Ashvale used Lumo Scan.",
        "Ashvale has asked Lumo to quote for Lumo Scan.",
        "Ashvale's use of Lumo Scan ended with the contract.",
        "Ashvale denies using Lumo Scan.",
        "Ashvale is the control site for the HERON study, in which Lumo Scan is used elsewhere.",
        "Ashvale inherited Lumo Scan from the old trust and switched it off.",
        "Ashvale intends to follow Birchmoor, where Lumo Scan reads every chest film.",
        "The supplier claims that Lumo Scan is live at Ashvale.",
        "Ashvale does not itself use AI, but its images are sent to Birchmoor, which uses Lumo Scan.",
        "Lumo Scan is on the wish list of Ashvale.",
        "Ashvale received funding for Lumo Scan.",
        "[Check: does Ashvale have Lumo Scan?]",
        "TODO: confirm Ashvale uses Lumo Scan.",
        "Lorem ipsum Ashvale uses Lumo Scan dolor.",
    ],
)
def test_nothing_is_live_that_is_not_said_to_be(text: str) -> None:
    for document in (text, entry(text)):
        assert [one for one in things(read(document)) if one[2] == "live"] == []


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("Ashvale uses Lumo Scan.", "live"),
        ("Ashvale is now using Lumo Scan to read chest X-rays.", "live"),
        ("Radiologists at Ashvale have been using Lumo Scan since May 2024.", "live"),
        ("Lumo Scan has been in use at Ashvale since 2022.", "live"),
        ("Lumo Scan went live at Ashvale on 3 June 2024.", "live"),
        ("Ashvale went live with Lumo Scan in June 2024.", "live"),
        ("Ashvale has rolled out Lumo Scan across its three sites.", "live"),
        ("Ashvale's stroke team relies on Lumo Scan.", "live"),
        ("Every chest X-ray taken at Ashvale is read by Lumo Scan.", "live"),
        ("At Ashvale, Lumo Scan reads every head CT.", "live"),
        ("Ashvale introduced Lumo Scan in 2023.", "live"),
        ("Lumo Scan is embedded in the stroke pathway at Ashvale.", "live"),
        ("Ashvale has had Lumo Scan since 2021.", "live"),
        ("Lumo Scan was switched on at Ashvale in May.", "live"),
        ("Ashvale became the first trust in the region to use Lumo Scan.", "live"),
        ("Staff at Ashvale now have Lumo Scan to help them.", "live"),
        ("Lumo Scan is routinely used at Ashvale.", "live"),
        ("Lumo Scan is live in two of Ashvale's hospitals.", "live"),
        ("Ashvale runs Lumo Scan on all its CT scanners.", "live"),
        ("Lumo Scan helps doctors at Ashvale spot fractures.", "live"),
        ("Ashvale has adopted Lumo Scan for stroke.", "live"),
        ("Ashvale deployed Lumo Scan in its emergency department last year.", "live"),
        ("Ashvale began using Lumo Scan in January.", "live"),
        ("1,200 patients at Ashvale have had their scans read by Lumo Scan.", "live"),
        ("Ashvale is piloting Lumo Scan.", "trialling"),
        ("A pilot of Lumo Scan is under way at Ashvale.", "trialling"),
        ("Ashvale is running a six-month trial of Lumo Scan.", "trialling"),
        ("Lumo Scan is being trialled at Ashvale.", "trialling"),
        ("Ashvale is testing Lumo Scan in two clinics.", "trialling"),
        ("Ashvale has begun a pilot of Lumo Scan.", "trialling"),
        ("Lumo Scan is on trial at Ashvale until March.", "trialling"),
        ("Ashvale is trying out Lumo Scan.", "trialling"),
        ("Ashvale is evaluating Lumo Scan.", "exploring"),
        ("Ashvale is considering Lumo Scan.", "exploring"),
        ("Ashvale is in discussions with Lumo about Lumo Scan.", "exploring"),
        ("Lumo Scan is being evaluated at Ashvale.", "exploring"),
        ("Ashvale is installing Lumo Scan.", "implementing"),
        ("Lumo Scan is being installed at Ashvale.", "implementing"),
        ("Ashvale is setting up Lumo Scan.", "implementing"),
        ("Lumo Scan is in the process of being deployed at Ashvale.", "implementing"),
        ("Ashvale is connecting Lumo Scan to its archive.", "implementing"),
        ("Lumo Scan has been installed at Ashvale but is not yet in clinical use.", "implementing"),
        ("Ashvale has bought Lumo Scan.", "procured"),
        ("Ashvale has procured Lumo Scan but has not started to install it.", "procured"),
        ("Ashvale has signed a contract for Lumo Scan.", "procured"),
        ("Ashvale has purchased licences for Lumo Scan.", "procured"),
        ("A contract for Lumo Scan was awarded by Ashvale in May.", "procured"),
        ("Ashvale has paused its use of Lumo Scan.", "paused"),
        ("Use of Lumo Scan at Ashvale has been suspended.", "paused"),
        ("Lumo Scan at Ashvale is on hold.", "paused"),
        ("Ashvale has stopped using Lumo Scan.", "ended"),
        ("Ashvale no longer uses Lumo Scan.", "ended"),
        ("Lumo Scan was withdrawn at Ashvale in 2023.", "ended"),
        ("Ashvale's contract for Lumo Scan has ended.", "ended"),
        ("Ashvale piloted Lumo Scan in 2023 but decided not to continue.", "ended"),
        ("A trial of Lumo Scan at Ashvale ended in March 2024.", "ended"),
        ("Lumo Scan went live at Ashvale in May and was switched off in July.", "ended"),
        ("Lumo Scan is used at Ashvale for research only.", "research-only"),
        ("Ashvale uses Lumo Scan only within the HERON study.", "research-only"),
        ("Ashvale has Lumo Scan installed but does not use it.", "deployed-not-used"),
        ("Lumo Scan is installed at Ashvale but nobody uses it.", "deployed-not-used"),
    ],
)
def test_how_far_along_it_is_comes_out(text: str, status: str) -> None:
    for document in (text, entry(text)):
        assert things(read(document)) == [("Ashvale", "Lumo Scan", status)]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("It has been used on 1,250 patients since May 2024.", ("1250", "patient", "")),
        ("It reads around 300 scans a week.", ("300", "scan", "week")),
        ("In 2023/24 it was used 4,210 times.", ("4210", "use", "")),
        ("Some 90 patients a month benefit from it.", ("90", "patient", "month")),
        ("More than 10,000 X-rays have been through it.", ("10000", "x-ray", "")),
        (
            "Between April and June 2024, 612 mammograms were read with it.",
            ("612", "mammogram", ""),
        ),
        ("It processes 40-50 CT scans per day.", ("40", "scan", "day")),
        ("We use it for about 15 plans each week.", ("15", "plan", "week")),
        ("Used approximately 2,000 times per annum.", ("2000", "use", "year")),
        ("The tool has analysed 18,432 chest X-rays to date.", ("18432", "x-ray", "")),
        ("Over 5,600 patients were assessed in the first year.", ("5600", "patient", "")),
        ("Usage: 1,100 scans (January to June 2025).", ("1100", "scan", "")),
        ("On average 22 cases per day go through the software.", ("22", "use", "day")),
        ("A total of 7,345 examinations were analysed in 2024.", ("7345", "exam", "")),
        ("12,000 scans were analysed by it between March and August 2024.", ("12000", "scan", "")),
        ("The system is used for roughly 1 in 3 scans.", None),
        ("It costs £45,000 a year.", None),
        ("Staff saved 300 hours a month.", None),
        ("The trust has 900 beds.", None),
        ("It was trained on 50,000 scans.", None),
        ("Its sensitivity is 94 per cent on 2,000 scans.", None),
        ("The trust hopes to read 20,000 scans a year with it.", None),
        ("Nationally it has read two million scans.", None),
    ],
)
def test_how_often_it_is_used_comes_out(text: str, amount: tuple[str, str, str] | None) -> None:
    for document in (
        f"Ashvale uses Lumo Scan for chest X-rays. {text}",
        entry(f"Uses Lumo Scan. {text}"),
    ):
        told = [(row["min"], row["unit"], row["per"]) for row in read(document).rows("usage")]
        assert told == ([amount] if amount else [])


@pytest.mark.parametrize(
    ("text", "described"),
    [
        ("Uses software that flags suspected fractures on X-rays.", ("", "software that flags suspected fractures on X-rays")),
        ("In our eye clinic we use a program that grades retinal photographs, and Lumo Scan.", ("", "program that grades retinal photographs")),
        ("Contouring software from Lumo has been in use since 2021.", ("Lumo", "Contouring software")),
        ("Is piloting a tool made by Pixon for letters.", ("Pixon", "letters")),
    ],
)  # fmt: skip
def test_what_has_no_name_is_described(text: str, described: tuple[str, str]) -> None:
    first = read(ENTRY.format(text)).rows("deployments")[0]
    assert (first["vendor"], first["description"]) == described


@pytest.mark.parametrize(
    ("label", "status"), [("on trial", "trialling"), ("research only", "research-only")]
)
def test_the_first_words_of_an_entry_say_how_far_along_all_in_it_is(
    label: str, status: str
) -> None:
    said = read(ENTRY.format(f"{label}. Lumo Scan measures heart scans."))
    assert things(said) == [("Ashvale", "Lumo Scan", status)]


@pytest.mark.parametrize(
    "text",
    [
        "Four trusts are sites of HERON: {0}, which leads it, {1}, and, since June, {2}.",
        "The HERON study has Lumo Scan sort photographs at {0}, {1} and {2}.",
        "{0}, {1} and {2} are the sites of HERON. HERON tests Lumo Scan.",
    ],
)
def test_the_sites_of_a_study_and_what_it_is_about_come_out(text: str) -> None:
    rows = read(text.format(*TRUSTS)).rows("studies")
    assert {row["organisation"] for row in rows} == set(TRUSTS)
    assert all(row["product"] == "Lumo Scan" for row in rows if "Lumo" in text)


def test_what_a_group_of_trusts_has_is_said_of_each() -> None:
    text = "Three trusts are sites of HERON: {0}, which leads it, {1}, and, since June, {2}. "
    said = read(text.format(*TRUSTS) + "At all three, Lumo Scan is run for research only.")
    assert {one[2] for one in things(said)} == {"research-only"}
    assert len(things(said)) == len(TRUSTS)


def test_lines_that_break_say_the_same() -> None:
    text = "A long report that has nothing else to say tells us that Ashvale is a\nuser of Lumo Scan, which was procured for it by the Western\nNetwork."
    assert things(read(text)) == things(read(text.replace("\n", " ")))
    assert read(text).rows("routes")[0]["involvement"] == "procured"


def test_the_end_of_a_licence_is_told_of_what_was_named_before() -> None:
    said = read("Ashvale uses Lumo Scan. Its licence ended with the year and was not renewed, so clinics at Birchmoor have none.")  # fmt: skip
    assert things(said) == [("Ashvale", "Lumo Scan", "ended")]


def test_a_number_with_a_period_alone_counts_what_was_named_before() -> None:
    text = ENTRY.format(
        "Uses Lumo Scan for chest X-rays (41,200 between April 2024 and March 2025)."
    )
    (row,) = read(text).rows("usage")
    assert (row["min"], row["unit"], row["period_end"]) == ("41200", "x-ray", "2025-03-31")


def test_the_name_of_a_place_before_network_is_that_of_the_network() -> None:
    text = ENTRY.format("Uses Lumo Scan, procured through the Ashvale imaging network.")
    (row,) = read(text).rows("routes")
    assert (row["route_type"], row["route"]) == ("network", "Ashvale imaging network")
