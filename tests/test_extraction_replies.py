"""What trusts answered to a request: refusals, answers without names, and answers that came late."""

import pytest
from extraction import TRUSTS, read, things

ASHVALE, BIRCHMOOR, _ = TRUSTS
VAGUE = "## Trusts that would not or could not give particulars\n\n"
OTHER = "## What the replies say\n\n"


def answers(text: str) -> list[tuple[str, str, str]]:
    """Who answered what, and how."""
    rows = read(text).rows("disclosures")
    return [(row["trust"].split()[0], row["answer"], row["detail"]) for row in rows]


@pytest.mark.parametrize("heading", [VAGUE, OTHER])
@pytest.mark.parametrize(
    ("said", "detail"),
    [
        (
            " confirmed that it uses AI, and withheld the rest under section 31 (prevention of crime).",
            "refused",
        ),
        (
            " answered yes, AI is used, but naming the suppliers would prejudice its interests.",
            "refused",
        ),
        (": uses AI, but disclosing which would be likely to harm security.", "refused"),
        (" uses clinical AI, it says, and holds no central register.", "unable-to-specify"),
        (": is using AI and could not tell us which products.", "unable-to-specify"),
    ],
)
def test_an_answer_without_names_says_why(heading: str, said: str, detail: str) -> None:
    text = f"{heading}- **{ASHVALE}**{said}\n"
    assert answers(text) == [("Ashvale", "uses", detail)]
    live = [one for one in things(read(text)) if "withheld" in one[1] or "naming" in one[1]]
    assert live == []


@pytest.mark.parametrize("heading", [VAGUE, OTHER, "## Trusts that refused to name products\n\n"])
@pytest.mark.parametrize(
    "said",
    [
        " turned down the whole request on grounds of cost (section 12).",
        " refused our entire letter. Whether it uses AI, we cannot say.",
        " would not say whether it uses AI.",
        " neither confirms nor denies that it uses AI.",
    ],
)
def test_a_refusal_that_leaves_all_open_is_no_answer(heading: str, said: str) -> None:
    assert answers(f"{heading}- **{ASHVALE}**{said}\n") == []


@pytest.mark.parametrize(
    "heading",
    [
        "Would not name the products",
        "Did not or could not list the systems",
        "Trusts that will not identify suppliers",
    ],
)
def test_headings_say_that_particulars_were_kept(heading: str) -> None:
    assert answers(f"## {heading}\n\n- {ASHVALE}\n") == [("Ashvale", "uses", "refused")]


@pytest.mark.parametrize("heading", ["Would not give an answer", "Could not give us any reply"])
def test_no_answer_is_no_refusal_of_particulars(heading: str) -> None:
    assert answers(f"## {heading}\n\n- {ASHVALE}\n") == []


def test_a_late_answer_corrects_nothing() -> None:
    text = (
        f"## Trusts that did not answer\n\n- {ASHVALE}\n\n## Trusts that do not use AI\n\n- {BIRCHMOOR}\n\n"
        f"## Later answers\n\n- {ASHVALE}: we do not use AI.\n- {BIRCHMOOR}: we have started using Lumo Scan.\n"
    )
    (row,) = read(text).rows("corrections")
    assert row["trust"] == BIRCHMOOR


def test_where_trusts_were_asked_what_they_use_is_a_yes() -> None:
    asked = "We wrote to three NHS trusts about AI.\n\nAshvale told us that it uses Lumo Scan. Birchmoor is considering Pixon Reader.\n"
    told = [(row["trust"].split()[0], row["answer"]) for row in read(asked).rows("disclosures")]
    assert told == [("Ashvale", "uses")]


@pytest.mark.parametrize("title", ["Regional board", "Bulletin of the Western Network"])
def test_a_paper_that_asked_nobody_has_no_answers(title: str) -> None:
    text = (
        f"# {title}\n\n## AI, trust by trust\n\n- Ashvale: Lumo Scan (live).\n- Birchmoor: no AI.\n"
    )
    assert read(text).rows("disclosures") == []
    assert read(f"{text}\nAsked under the Freedom of Information Act.\n").rows("disclosures")
