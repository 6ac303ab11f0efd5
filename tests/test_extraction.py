"""Candidate claims from documents: what becomes one, what must not, and that no rule knows a name."""

import csv
import io
import re
from pathlib import Path

import pytest
from extraction import MADE, TRUSTS, USES, catalogue, found, listed
from hypothesis import given
from hypothesis import strategies as st

from careatlas.cli import main
from careatlas.extracting import ALL
from careatlas.graph.dates import PartialDate
from careatlas.graph.labels import Labels
from careatlas.graph.release import Release
from careatlas.loaders.extraction import Candidates, Gazetteer, extract
from careatlas.loaders.extraction.candidates import COLUMNS, EXTRA
from careatlas.loaders.extraction.catalogue import gazetteer
from careatlas.loaders.extraction.gazetteer import Entity
from careatlas.loaders.extraction.measure import score
from careatlas.loaders.extraction.wording.days import day_at
from careatlas.loaders.reading import read
from careatlas.loaders.reading.model import Document

SEEDS = Path(__file__).parent.parent.parent / "shared" / "seeds"
REPORT = SEEDS / "004_ea6c61727f1e99ea.txt"


def said(body: str) -> list[tuple[str, str, str]]:
    """Vendor, product or description, and status of what one entry seems to say."""
    rows = found(f"**{TRUSTS[0]}**\n  {body}").rows("deployments")
    return [(row["vendor"], row["product"] or row["description"], row["status"]) for row in rows]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("Uses Lumo Scan (chest X-ray).", [("Lumo", "Lumo Scan", "live")]),
        (
            "Uses Lumo, Pixon Reader and Quorra.",
            [("Lumo", "", "live"), ("Pixon", "Pixon Reader", "live"), ("Quorra", "", "live")],
        ),
        ("Lumo Scan, Quorra", [("Lumo", "Lumo Scan", "live"), ("Quorra", "", "live")]),
        ("We currently use Lumo Scan.", [("Lumo", "Lumo Scan", "live")]),
        (
            "Lumo Scan: live; Pixon Reader: pilot.",
            [("Lumo", "Lumo Scan", "live"), ("Pixon", "Pixon Reader", "trialling")],
        ),
        (
            "Yes. Pixon Reader (trial), Quorra.",
            [("Pixon", "Pixon Reader", "trialling"), ("Quorra", "", "live")],
        ),
        ("Evaluation of Pixon is complete.", [("Pixon", "", "exploring")]),
        ("Uses Lumo Scan, integrated with Quorra.", [("Lumo", "Lumo Scan", "live")]),
        ("Piloting Lumo Scan for hip pain.", [("Lumo", "Lumo Scan", "trialling")]),
        ("Setting up Quorra (not yet used on patients).", [("Quorra", "", "implementing")]),
        ("Is evaluating the use of Pixon.", [("Pixon", "", "exploring")]),
        ("Has purchased Pixon.", [("Pixon", "", "procured")]),
        ("No longer uses Quorra.", [("Quorra", "", "ended")]),
        ("Quorra has been paused.", [("Quorra", "", "paused")]),
        ("Uses Pixon only as part of a research study.", [("Pixon", "", "research-only")]),
        ("Uses Lumo for hips. Lumo is used on a trial basis.", [("Lumo", "hips", "trialling")]),
        (
            "Quorra is deployed in the trust, but is not actually in use.",
            [("Quorra", "", "deployed-not-used")],
        ),
        ("Uses an in-house sepsis algorithm.", [("", "in-house sepsis algorithm", "live")]),
        (
            "Uses AI tools daily for wrist triage and gait scoring.",
            [("", "wrist triage", "live"), ("", "gait scoring", "live")],
        ),
    ],
)
def test_what_an_entry_says_becomes_deployments(
    body: str, expected: list[tuple[str, str, str]]
) -> None:
    assert said(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        "Not yet using Lumo Scan.",
        "Does not use Pixon.",
        "No AI in use.",
        "Hopes to trial Lumo Scan.",
        "Plans to adopt Quorra next year.",
        "Will be using Pixon Reader from May.",
        "Birchmoor University Hospitals NHS Trust uses Lumo.",
        "A neighbouring trust is piloting Quorra.",
        "Refused under Section 43.",
        "Is drafting an AI policy and setting up a governance board.",
        "Confirmed that they are using clinical AI, but refused to list it.",
    ],
)
def test_no_plan_denial_or_other_trust_becomes_a_deployment(body: str) -> None:
    assert said(body) == []


@pytest.mark.parametrize(
    ("body", "low", "high", "approximate", "unit", "per", "period"),
    [
        ("Uses Lumo (57 times in 21/22).", 57, 57, False, "use", "", ("2021-04-01", "2022-03-31")),
        ("Uses Lumo 10-15 times a month.", 10, 15, True, "use", "month", ("", "")),
        ("Uses Lumo. 4-6k uses across the past year.", 4000, 6000, True, "use", "", ("", "")),
        (
            "Uses Lumo. It saw around 1,250 scans between May 2021 and February 2022.",
            *(1250, 1250, True, "scan", "", ("2021-05-01", "2022-02-28")),
        ),
        ("Uses Lumo for 90 analyses per day.", 90, 90, False, "analysis", "day", ("", "")),
    ],
)
def test_usage_keeps_range_unit_rate_and_period(  # noqa: PLR0913 - the parts of an amount
    body: str, low: int, high: int, approximate: bool, unit: str, per: str, period: tuple[str, str]
) -> None:
    (one,) = found(f"{TRUSTS[0]}: {body}").usage
    assert (one.low, one.high, one.approximate, one.unit) == (low, high, approximate, unit)
    assert (one.per, one.period) == (per, period)
    assert one.deployment.vendor is not None


@pytest.mark.parametrize(
    "body",
    [
        "Uses Lumo on 2 CT scanners.",
        "Uses Lumo, live for only 4 weeks.",
        "Uses Lumo for category 1 stroke.",
        "Uses Lumo. It expects to process 5,000 scans a year.",
    ],
)
def test_a_number_that_counts_no_use_is_no_usage(body: str) -> None:
    assert found(f"{TRUSTS[0]}: {body}").usage == []


@pytest.mark.parametrize(
    ("body", "kind", "involvement", "through"),
    [
        ("Uses Lumo, procured by the Western Network.", "network", "procured", "Western Network"),
        ("Uses Lumo recommended by Eastern ICB.", "icb", "recommended", "Eastern ICB"),
        (
            "Uses Lumo in partnership with Birchmoor University Hospitals NHS Trust.",
            *("partner-trust", "partnered", "Birchmoor University Hospitals NHS Trust"),
        ),
        (
            "Piloting Lumo as part of a wider coastal initiative.",
            *("programme", "initiated", "wider coastal initiative"),
        ),
    ],
)
def test_a_route_says_who_did_what(body: str, kind: str, involvement: str, through: str) -> None:
    (row,) = found(f"**{TRUSTS[0]}** {body}").rows("routes")
    assert (row["route_type"], row["involvement"], row["route"]) == (kind, involvement, through)
    assert row["vendor"] == "Lumo"


def test_a_clause_after_two_things_may_cover_both_and_says_so() -> None:
    both = found(f"**{TRUSTS[0]}** Uses Lumo and Quorra recommended by the Western Network.").routes
    assert [(one.deployment.status, one.ambiguous) for one in both] == [
        ("live", False),
        ("live", True),
    ]


@pytest.mark.parametrize(
    ("heading", "body", "answer"),
    [
        (USES, "Uses Lumo.", ("uses", "", "")),
        (USES, "Refused to list them under Section 43 as exempt.", ("uses", "refused", "s43")),
        (USES, "Is unable to provide details.", ("uses", "unable-to-specify", "")),
        ("Trusts not using AI", "(will trial Lumo)", ("denies", "", "")),
        ("Trusts that did not reply", "", ("no-response", "", "")),
        ("Later answers", "We have started using Lumo.", ("uses", "", "")),
    ],
)
def test_the_heading_says_what_a_list_is_a_list_of(
    heading: str, body: str, answer: tuple[str, str, str]
) -> None:
    (one,) = found(f"**{TRUSTS[0]}** {body}", heading=heading).disclosures
    assert (one.answer, one.detail, one.exemption) == answer


def test_related_news_says_nothing() -> None:
    nothing = found(f"{TRUSTS[0]} uses Lumo", heading="Related news")
    assert (nothing.disclosures, nothing.deployments) == ([], [])


def test_running_text_needs_the_trust_before_what_is_said() -> None:
    prose = f"{TRUSTS[0]} has started using Lumo Scan. It is piloting Quorra. Trusts use Pixon."
    rows = found(prose, kind="paragraph").rows("deployments")
    assert [(row["vendor"], row["status"]) for row in rows] == [
        ("Lumo", "live"),
        ("Quorra", "trialling"),
    ]


def test_running_text_knows_short_names_partners_and_what_it_described() -> None:
    news = (
        f"{TRUSTS[0]} (ANF) may use Pixon. Quorra Voice is being piloted at {TRUSTS[1]}.",
        f"Lumo is running a trial with {TRUSTS[2]} to test Lumo Scan.",
        "ANF went live with an AI-powered hip reader. This tool is Quorra Voice.",
        "ANF went live with an AI-powered gait reader.",
        "The trust is using Pixon Reader, which has reviewed 30-40 scans every day.",
    )
    one = found(*news, kind="paragraph")
    assert [
        (row["trust"], row["product"], row["description"], row["status"])
        for row in one.rows("deployments")
    ] == [
        (TRUSTS[1], "Quorra Voice", "", "trialling"),
        (TRUSTS[2], "Lumo Scan", "", "trialling"),
        (TRUSTS[0], "", "AI-powered hip reader", "live"),
        (TRUSTS[0], "Pixon Reader", "AI-powered gait reader", "live"),
    ]
    assert [(row["product"], row["min"], row["per"]) for row in one.rows("usage")] == [
        ("Pixon Reader", "30", "day")
    ]


def test_a_name_that_is_not_known_is_offered_with_the_nearest() -> None:
    (row,) = found(f"**{TRUSTS[0]}** Uses Lumoo Skan for hips.").rows("deployments")
    assert (row["product"], row["new_entity"]) == ("Lumoo Skan", "Lumoo Skan")
    assert "Lumo Scan" in row["candidates"]
    (other,) = found("**Ashvail NHS Foundation Trust** Uses Lumo.").rows("disclosures")
    assert other["new_entity"] == "Ashvail NHS Foundation Trust"
    assert other["candidates"].startswith(TRUSTS[0])


def test_an_ambiguous_name_lists_what_it_could_be() -> None:
    twice = [("Dyad", Entity("product", f"p/{n}", f"Dyad {n}")) for n in ("One", "Two")]
    names = Gazetteer([(TRUSTS[0], Entity("trust", "t", TRUSTS[0])), *twice])
    (row,) = extract(listed(f"**{TRUSTS[0]}** Uses Dyad."), names, "s").rows("deployments")
    assert (row["product"], row["candidates"]) == ("", "Dyad One; Dyad Two")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("North East Vale NHS Trust uses it.", True),
        ("It is used at North East Vale.", True),
        ("It is used in North East Vale Hospitals NHS Trust.", True),
        ("There were 400 scans in north east Vale.", False),
        ("It is used throughout North East Vale.", False),
        ("It is used in North East Vale.", False),
        ("North East Vale Cancer Alliance uses it.", False),
        ("It is used in North Vale and Coast Care.", True),
    ],
)
def test_a_part_of_the_country_is_no_trust(text: str, found: bool) -> None:
    trust = Entity("trust", "t", "North East Vale Hospitals NHS Trust")
    others = ("North East Vale", "North Vale and Coast Care")
    names = Gazetteer([(trust.label, trust), *((name, trust) for name in others)])
    assert [m.entities for m in names.mentions(text)] == [(trust,)] * found


def test_the_article_of_a_name_needs_no_capital() -> None:
    trust = Entity("trust", "t", "The Queen Vale Hospital NHS Trust")
    names = Gazetteer([(trust.label, trust)])
    assert [m.entities for m in names.mentions("It is used at the Queen Vale Hospital.")] == [
        (trust,)
    ]


def test_each_claim_points_at_its_words() -> None:
    document = listed(
        f"**{TRUSTS[1]}** Nothing.", f"**{TRUSTS[0]}** Uses Lumo Scan for hips (30 scans)."
    )
    one = extract(document, catalogue(), "s")
    span = one.deployments[0].found
    assert document.text[span.start : span.end] == "Lumo Scan for hips (30 scans)"
    assert one.deployments[0].found.locator.startswith(f"{USES}, item 2, characters ")
    amount = one.usage[0].found
    assert document.text[amount.start : amount.end] == "30 scans"


BODIES = (
    "Uses Lumo Scan for hips and Quorra (57 times in 21/22).",
    "Piloting Pixon Reader, procured by the Western Network.",
    "Does not use Lumo. Hopes to adopt Quorra.",
    "Uses Quorra. Pixon Reader saw 400 scans in 2022.",
    "Refused under Section 43.",
)


def rows_of(candidates: Candidates) -> list[tuple[str, tuple[tuple[str, str], ...]]]:
    """Every candidate without its place, which moves when the document changes."""
    return [
        (kind, tuple((k, v) for k, v in row.items() if k != "locator"))
        for kind in COLUMNS
        for row in candidates.rows(kind)
    ]


@given(st.lists(st.sampled_from(BODIES), min_size=3, max_size=3), st.integers(0, 2))
def test_without_one_entry_the_others_say_the_same(bodies: list[str], gone: int) -> None:
    entries = [f"**{trust}**  \n  {body}" for trust, body in zip(TRUSTS, bodies, strict=True)]
    whole = rows_of(found(*entries))
    kept = rows_of(found(*(entry for at, entry in enumerate(entries) if at != gone)))
    assert kept == [row for row in whole if dict(row[1])["trust"] != TRUSTS[gone]]


WORD = st.from_regex(r"[BDKVZ][aeiou][bdfkvz]{1,2}[aeiou][xz][aeiou]{1,2}", fullmatch=True)


@given(st.lists(WORD, min_size=6, max_size=6, unique_by=str.casefold))
def test_names_are_neutral(words: list[str]) -> None:
    rename = dict(zip(MADE, words, strict=False))
    rename |= dict(zip(MADE.values(), (f"{word} {word}o" for word in words[:3]), strict=True))
    rename |= dict(zip(TRUSTS, (f"{word} NHS Trust" for word in words[3:]), strict=True))
    entries = [f"**{trust}** {BODIES[at]}" for at, trust in enumerate(TRUSTS)]

    def renamed(text: str) -> str:
        longest = sorted(rename, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest)), lambda m: rename[m[0]], text)

    before = extract(listed(*entries), catalogue(), "s")
    after = extract(listed(*map(renamed, entries)), catalogue(rename), "s")
    skip = {"locator", "candidates"}
    for kind in COLUMNS:
        expected = [
            {k: renamed(v) for k, v in row.items() if k not in skip} for row in before.rows(kind)
        ]
        assert [
            {k: v for k, v in row.items() if k not in skip} for row in after.rows(kind)
        ] == expected


@given(st.text(alphabet="UsesAI Lumo()[],.;*|\\'\u2019-\n123and for", max_size=120))
def test_no_text_stops_the_extractor(body: str) -> None:
    one = found(f"**{TRUSTS[0]}** {body}")
    for deployment in one.deployments:
        assert 0 <= deployment.found.start <= deployment.found.end


def test_a_score_counts_each_reviewed_row_once() -> None:
    row = {"trust": "A", "vendor": "V", "product": "", "description": "", "status": "live"}
    figures = score("deployments", [row, row], [row, {**row, "status": "paused"}])
    assert (figures.agreed, len(figures.missed), len(figures.extra)) == (1, 1, 1)
    assert (figures.precision, figures.recall, figures.f1) == (0.5, 0.5, 0.5)


def test_the_command_prints_the_columns_of_the_question(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "made-up.md"
    file.write_text(f"# {USES}\n\n* **Ashvale NHS Trust**\n  Uses Brainomix for strokes.\n")
    for record, columns in COLUMNS.items():
        assert main(["extract", str(file), "--record", record, "--home", str(home)]) == 0
        rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
        wanted = list(dict.fromkeys([*columns, *EXTRA]))
        assert list(rows[0] if rows else wanted) == wanted
        assert all(row["source"] == "made-up" for row in rows)
    assert main(["evaluate", str(file), "--home", str(home)]) == 1
    assert "no reviewed source" in capsys.readouterr().err


@pytest.mark.skipif(not REPORT.is_file(), reason="the documents are not at hand")
def test_the_documents_at_hand_are_evaluated_without_being_named(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    home_too = ["--format", "csv", "--home", str(home)]
    assert main(["evaluate", "--documents", str(SEEDS), *home_too]) == 0
    rows = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    whole = [row for row in rows if row["record"] == ALL]
    articles = [row for row in whole if row["source"] != "foi-report-2025"]
    assert len(articles) == 4
    reviewed, given, agreed = (
        sum(int(row[name]) for row in articles) for name in ("reviewed", "candidates", "agreed")
    )
    assert reviewed >= 25
    assert min(agreed / reviewed, agreed / given) >= 0.9
    assert {"agreements", "studies", "projects"} <= {row["record"] for row in rows}
    assert main(["evaluate", "--documents", str(SEEDS), "--misses", *home_too]) == 0
    missed = list(csv.DictReader(io.StringIO(capsys.readouterr().out)))
    assert len(missed) == sum(
        int(row["reviewed"]) + int(row["candidates"]) - 2 * int(row["agreed"]) for row in whole
    )
    assert all(row["locator"] for row in missed)


def test_documents_that_are_not_found_are_said(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "other.txt").write_text("Nothing.")
    assert main(["evaluate", "--documents", str(tmp_path), "--home", str(home)]) == 1
    said = capsys.readouterr().err
    assert "no document of foi-report-2025 lies in" in said
    assert "--documents" in said.splitlines()[-1]
    both = ["evaluate", str(tmp_path / "other.txt"), "--documents", str(tmp_path)]
    assert main([*both, "--home", str(home)]) == 2


@pytest.mark.long
@pytest.mark.skipif(not REPORT.is_file(), reason="the documents are not at hand")
def test_the_report_gives_what_people_reviewed(
    release: Release, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", str(REPORT), "--format", "csv", "--home", str(home)]) == 0
    rows = {row["record"]: row for row in csv.DictReader(io.StringIO(capsys.readouterr().out))}
    assert rows["disclosures"]["agreed"] == rows["disclosures"]["reviewed"]
    assert float(rows["deployments"]["f1"]) >= 0.97
    assert float(rows["usage"]["f1"]) >= 0.95
    assert int(rows["routes"]["agreed"]) >= 9
    names = gazetteer(release.store, Labels(release.labels))
    document = read(REPORT)
    whole = rows_of(extract(document, names, "s"))
    items = [at for at, passage in enumerate(document.passages) if passage.kind == "item"]
    for gone in items[:: max(1, len(items) // 20)]:
        passages = document.passages[:gone] + document.passages[gone + 1 :]
        less = Document(document.text, passages, document.title, document.date, document.media)
        kept = rows_of(extract(less, names, "s"))
        lost = [row for row in whole if row not in kept]
        assert len({dict(row[1])["trust"] for row in lost}) <= 1
        assert [row for row in whole if row not in lost] == kept


@given(
    st.lists(
        st.sampled_from(
            [
                "31",
                "30",
                "2",
                "3rd",
                "of",
                "February",
                "May",
                "June",
                "early",
                "the",
                "end",
                "2023",
                "2024/25",
                "2023-02-31",
                "02/2024",
            ]
        ),
        max_size=6,
    )
)
def test_each_date_that_is_found_is_one_of_the_tables(words: list[str]) -> None:
    text = " ".join(words)
    if day := day_at(text, 0, len(text)):
        assert PartialDate.parse(day.written).first.year in {2023, 2024}
        assert 0 <= day.start < day.end <= len(text)
