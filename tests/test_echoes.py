"""Documents with the same fact are found, whatever their words; different facts are not."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from careatlas.cli import main
from careatlas.echoing import proposals
from careatlas.graph.release import Release
from careatlas.loaders.echoes import Echo, Text, claimed, echoes, facts, written
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer
from careatlas.loaders.reading import plain

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
SUMMARY, ARTICLE = "001_edb6dcc6a912a1fb.txt", "digitalhealth-2025-07-30"
needs_seeds = pytest.mark.skipif(not SEEDS.is_dir(), reason="the documents are not here")
TRUSTS = ["Ashcombe Vale", "Birkdale Moor", "Cold Aston", "Dunsop Bridge", "Eskmouth", "Foxcote"]
PRODUCTS = ["ScanWise", "BoneMark", "PulmoSee"]
MONTHS = ["January", "March", "June", "September", "November"]


def entities() -> list[tuple[str, Entity]]:
    found = []
    for trust in TRUSTS:
        label = f"{trust} Hospitals NHS Foundation Trust"
        entity = Entity("trust", f"https://example.org/{trust}", label)
        found += [(label, entity), (f"{trust} Hospitals", entity), (trust, entity)]
    for product in PRODUCTS:
        entity = Entity("product", f"https://example.org/{product}", product)
        found += [(product, entity), (f"{product} AI", entity)]
    study = Entity("study", "https://example.org/study", "BRIGHTSIDE")
    return [*found, ("BRIGHTSIDE", study), ("BRIGHTSIDE study", study)]


NAMES = Gazetteer(entities())


@dataclass(frozen=True)
class Story:
    """What an article tells."""

    trust: str
    product: str
    month: str
    scans: int
    low: int
    high: int

    def article(self) -> str:
        return (
            f"{self.trust} Hospitals NHS Foundation Trust went live with {self.product} in {self.month} 2024, "
            f"as part of the BRIGHTSIDE study, and has read {self.scans:,} scans since.\n\n"
            f"The trust puts {self.low:,}-{self.high:,} images through {self.product} AI each week, and its "
            "radiologists say that the list is shorter in the morning.\n"
        )

    def rewritten(self, order: list[int], short: bool, commas: bool, brief: bool) -> str:
        """The same facts in other words, in another order, with other forms of names and numbers."""
        trust = self.trust if short else f"{self.trust} Hospitals"
        month = self.month[:3] if brief else self.month
        scans = f"{self.scans:,}" if commas else str(self.scans)
        sentences = [
            f"Since {month} 2024, doctors at {trust} have relied on {self.product} to help them.",
            f"So far {scans} examinations of {trust} went through {self.product}.",
            f"Every week between {self.low} and {self.high} pictures reach {self.product} at {trust}.",
            f"{trust} joined BRIGHTSIDE with {self.product}.",
        ]
        return " ".join(sentences[at] for at in order) + "\n"


stories = st.builds(
    Story,
    st.sampled_from(TRUSTS),
    st.sampled_from(PRODUCTS),
    st.sampled_from(MONTHS),
    st.integers(1_000, 90_000),
    st.integers(100, 400),
    st.integers(401, 900),
)


def text(name: str, words: str, day: str = "") -> Text:
    return written(name, plain.parse(words), day, NAMES)


def found(*texts: Text) -> list[Echo]:
    return echoes(texts, [texts[-1].name])


@given(
    stories,
    st.permutations(range(4)),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_a_rewrite_is_found(
    story: Story, order: list[int], short: bool, commas: bool, brief: bool
) -> None:
    copy = story.rewritten(order, short, commas, brief)
    proposed = found(text("first", story.article(), "2024-12-01"), text("second", copy))
    assert [(one.copy, one.original) for one in proposed] == [("second", "first")]
    assert str(story.scans) in proposed[0].reason


@given(stories, st.sampled_from(TRUSTS), st.permutations(range(4)))
@settings(max_examples=60, deadline=None)
def test_another_trust_with_the_same_product_is_none(
    story: Story, other: str, order: list[int]
) -> None:
    if other == story.trust:
        return
    theirs = Story(other, story.product, story.month, story.scans, story.low, story.high)
    first = text("first", story.article(), "2024-12-01")
    assert not found(first, text("second", theirs.rewritten(order, False, True, False)))
    assert not found(first, text("second", theirs.article()))


@given(stories, st.permutations(range(4)))
@settings(max_examples=60, deadline=None)
def test_other_figures_of_the_same_trust_are_none(story: Story, order: list[int]) -> None:
    changed = Story(story.trust, story.product, story.month, story.scans + 1, 91, 99)
    first = text("first", story.article(), "2024-12-01")
    assert not found(first, text("second", changed.rewritten(order, True, True, True)))


def test_sentences_in_another_order_are_the_same_words() -> None:
    one = "The list of the morning is shorter by a third than it was before the winter came."
    two = "Nurses who plan the clinics can see at noon which of the patients need a letter first."
    proposed = found(
        text("first", f"{one} {two}\n\nThe ward has a new door.\n", "2025-01-01"),
        text("second", f"{two} {one}\n"),
    )
    assert [(one.found_by, one.original) for one in proposed] == [("same words", "first")]
    assert proposed[0].score < 1
    assert proposed[0].original_place == f"Article, paragraph 1, characters 0-{len(one + two) + 1}"


def test_only_the_true_pairs_are_proposed_among_many() -> None:
    told = [
        Story(trust, product, MONTHS[(at + by) % 5], 1000 + 137 * at + 13 * by, 100 + at, 500 + by)
        for at, trust in enumerate(TRUSTS)
        for by, product in enumerate(PRODUCTS)
    ]
    articles = [text(f"a{at}", one.article(), "2024-12-01") for at, one in enumerate(told)]
    copies = [
        text(f"c{at}", one.rewritten([2, 0, 3, 1], at % 2 == 0, at % 3 == 0, True))
        for at, one in enumerate(told)
    ]
    proposed = echoes([*articles, *copies], [copy.name for copy in copies])
    pairs = {(one.copy, one.original) for one in proposed}
    assert pairs == {(f"c{at}", f"a{at}") for at in range(len(told))}


def test_a_month_in_common_is_no_echo() -> None:
    """Two may report by themselves that a product went live at a trust in a month."""
    first = "Eskmouth Hospitals went live with BoneMark in June 2024, to the joy of its nurses.\n"
    second = "In June 2024, BoneMark came into use at Eskmouth, which had waited for years.\n"
    assert not found(text("first", first, "2024-07-01"), text("second", second))


@pytest.mark.parametrize(
    ("days", "copy"), [(("2024-05-01", "2024-09-01"), "b"), (("2025", "2024"), "a")]
)
def test_the_earlier_document_is_the_original(days: tuple[str, str], copy: str) -> None:
    story = Story("Foxcote", "ScanWise", "March", 1412, 100, 150)
    first = text("a", story.article(), days[0])
    second = text("b", story.rewritten([0, 1, 2, 3], True, True, True), days[1])
    assert {one.copy for one in found(first, second)} == {copy}


def test_claims_alone_are_enough() -> None:
    story = Story("Foxcote", "ScanWise", "March", 1412, 100, 150)
    row = {
        "trust": "Foxcote Hospitals NHS Foundation Trust",
        "product": "ScanWise",
        "min": "1412",
        "max": "1412",
        "period_start": "2024-03-01",
        "claim": "https://example.org/claim/1",
        "locator": "Uses, item 4, characters 10-20",
    }
    elsewhere = {**row, "trust": "Eskmouth Hospitals NHS Foundation Trust", "claim": "2"}
    known = claimed("report", "2024-06-01", [row, elsewhere], NAMES)
    copy = text("copy", story.rewritten([0, 1, 2, 3], True, True, True))
    proposed = found(known, copy)
    assert [(one.claims, one.original_place) for one in proposed] == [
        (("https://example.org/claim/1",), "Uses, item 4, characters 10-20")
    ]


def test_a_short_form_in_brackets_is_understood() -> None:
    story = Story("Foxcote", "ScanWise", "March", 1412, 100, 150)
    words = story.article().replace("Foundation Trust ", "Foundation Trust (FHT) ")
    copy = (
        "Foxcote Hospitals NHS Foundation Trust (FHT) runs two sites.\n\n"
        "At FHT, 1412 scans were read by ScanWise after March 2024.\n"
    )
    proposed = found(text("first", words, "2024-12-01"), text("second", copy))
    assert len(proposed) == 1
    assert "Foxcote" in proposed[0].reason


@given(st.integers(10, 10**7))
def test_a_number_is_the_same_fact_in_each_form(number: int) -> None:
    forms = [f"{number} scans", f"{number:,} scans", f"about {number:,} of them"]
    if number % 1000 == 0:
        forms.append(f"{number // 1000}k scans")
    told = [{f.value for f in facts(one, NAMES) if f.kind in ("figure", "year")} for one in forms]
    if not 1900 <= number <= 2099:
        assert all(one == {str(number)} for one in told)


@pytest.fixture
def ask(
    capsys: pytest.CaptureFixture[str], home: Path
) -> Callable[..., tuple[int, list[dict[str, str]], str]]:
    def call(*arguments: str) -> tuple[int, list[dict[str, str]], str]:
        status = main(["echoes", "--home", str(home), *arguments])
        out, err = capsys.readouterr()
        return status, list(csv.DictReader(io.StringIO(out))), err

    return call


@needs_seeds
def test_the_summary_is_found_and_nothing_else(release: Release) -> None:
    proposed = proposals(sorted(SEEDS.glob("*.txt")), release, None)
    assert {(one.copy, one.original) for one in proposed} == {("mou-summary", ARTICLE)}
    assert len(proposed) >= 5
    tails = {claim.partition(f"{ARTICLE}/")[2] for one in proposed for claim in one.claims}
    assert {
        "deployments/rwe/qxr",
        "usage/rwe/qxr/1",
        "routes/rwe/qxr",
        "studies/lungimpact/rwe",
    } <= tails
    assert sum(tail.startswith("agreements/uhl-uhn-microsoft-mou/") for tail in tails) == 3


@needs_seeds
def test_the_summary_is_found_by_the_claims_of_the_article(
    ask: Callable[..., tuple[int, list[dict[str, str]], str]], tmp_path: Path
) -> None:
    copy = tmp_path / "summary.txt"
    copy.write_bytes((SEEDS / SUMMARY).read_bytes() + b"\n")
    status, rows, _ = ask(str(copy), "--format", "csv")
    assert status == 0
    assert {row["original"] for row in rows} == {ARTICLE, "mou-summary"}
    assert {row["recorded"] for row in rows} == {""}
    _, rows, _ = ask(str(SEEDS / SUMMARY), "--documents", str(SEEDS), "--format", "csv")
    assert {(row["original"], row["recorded"]) for row in rows} == {(ARTICLE, "yes")}
    assert all(float(row["score"]) >= 0.6 and row["reason"] for row in rows)


def test_a_folder_that_is_none_is_one_line(
    ask: Callable[..., tuple[int, list[dict[str, str]], str]], tmp_path: Path
) -> None:
    status, rows, err = ask(str(tmp_path / "a.txt"), "--documents", str(tmp_path / "none"))
    assert (status, rows) == (1, [])
    assert err.count("\n") == 1
    assert "no folder of documents" in err
