"""Five checks of what is announced, assured, bought, at risk and counted, against the shipped data."""

import html
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store
from starlette.testclient import TestClient

from careatlas.graph.answer import bind, select
from careatlas.graph.labels import Labels
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.terms import ID, SCHEME, atlas
from careatlas.service.explorer.links import local

Cells = dict[str, str]
Ask = Callable[..., list[Cells]]
XSD = "http://www.w3.org/2001/XMLSchema#"
ORG = "http://www.w3.org/ns/org#"
FOI_REPORTED = "2025-05-07"


@pytest.fixture(scope="module")
def labels(release: Release) -> Labels:
    return Labels(release.labels)


@pytest.fixture(scope="module")
def ask(release: Release, labels: Labels) -> Ask:
    """Answers of the release as it is, each row by its columns."""

    def answer(name: str, **values: str) -> list[Cells]:
        return rows(release.store, labels, name, **values)

    return answer


@pytest.fixture
def altered(release: Release) -> Store:
    """The release in memory, for a test to change."""
    store = Store()
    store.bulk_extend(release.store)
    return store


def rows(store: Store, labels: Labels, name: str, **values: str) -> list[Cells]:
    question = get(name)
    found = select(store, bind(question, values, labels))
    return [dict(zip(question.columns, row, strict=True)) for _, row in found]


def day(text: str) -> Literal:
    return Literal(text, datatype=NamedNode(f"{XSD}date"))


def say(store: Store, graph: NamedNode, node: NamedNode, **said: NamedNode | Literal) -> None:
    """Add statements of ours to a graph and to the default one, where a release has them both."""
    for name, value in said.items():
        for place in (graph, DefaultGraph()):
            store.add(Quad(node, atlas(name), value, place))


def graph_of(store: Store, node: NamedNode, name: str) -> NamedNode:
    """The named graph that states something of a node."""
    for quad in store.quads_for_pattern(node, atlas(name), None):
        if isinstance(quad.graph_name, NamedNode):
            return quad.graph_name
    raise AssertionError(f"{node} has no {name}")


# Announcement against reality


def test_the_trusts_of_an_award_to_a_network_speak_for_themselves(ask: Ask) -> None:
    found = {
        row["trust"].removesuffix(" NHS Foundation Trust"): (
            row["says"],
            row["match"],
            row["order"],
        )
        for row in ask(
            "announcement-against-reality",
            network="Greater Manchester Imaging Network",
            programme="AI Diagnostic Fund",
        )
        if row["basis"] == "member"
    }
    assert found == {
        "Bolton": ("denies", "", "before"),
        "Manchester University": ("not-mentioned", "", "before"),
        "Northern Care Alliance": ("implementing", "vendor", "before"),
        "Stockport": ("denies", "", "before"),
        "Tameside and Glossop Integrated Care": ("trialling", "vendor", "before"),
        "The Christie": ("live", "use", "before"),
        "Wrightington, Wigan and Leigh": ("not-mentioned", "", "after"),
    }


def test_each_side_of_an_announcement_has_its_evidence(ask: Ask) -> None:
    said = ("trust", "says", "trust_source", "trust_locator")
    for row in ask("announcement-against-reality"):
        assert all(row[name] for name in ("source", "locator")), row
        if row["basis"] == "not-listed":
            assert not any(row[name] for name in said), row
            continue
        assert all(row[name] for name in said), row
        assert bool(row["membership_source"]) == (row["basis"] == "member"), row
        assert row["claim"] != row["trust_claim"], row


def test_no_silence_is_told_as_a_denial(ask: Ask, release: Release) -> None:
    denied = NamedNode(f"{SCHEME}disclosure/denies")
    said = {row["says"] for row in ask("announcement-against-reality")}
    assert {"denies", "no-response", "not-mentioned", "not-asked", "refused", "live"} <= said
    for row in ask("announcement-against-reality"):
        claim = NamedNode(row["trust_claim"]) if row["trust_claim"] else None
        types = release.store.quads_for_pattern(claim, atlas("disclosureType"), denied)
        assert (row["says"] == "denies") == bool(claim and list(types)), row


def test_before_the_answers_were_published_no_trust_is_known_to_deny(ask: Ask) -> None:
    found = ask("announcement-against-reality", known_by="2025-05-06")
    assert found
    assert "denies" not in {row["says"] for row in found}
    assert all(row["says_on"] < FOI_REPORTED for row in found if row["says_on"])


def test_without_its_own_report_a_trust_does_not_mention_what_is_announced(
    altered: Store, labels: Labels
) -> None:
    values = {"network": "Greater Manchester Imaging Network", "trust": "Northern Care Alliance"}
    before = rows(altered, labels, "announcement-against-reality", **values)
    own = {row["trust_claim"] for row in before if row["says"] == "implementing"}
    assert own
    for claim in own:
        for quad in list(altered.quads_for_pattern(NamedNode(claim), None, None)):
            altered.remove(quad)
    after = rows(altered, labels, "announcement-against-reality", **values)
    assert {row["says"] for row in after} == {"not-mentioned"}


# Assurance against use


def test_use_of_a_product_whose_guidance_is_for_research_alone(ask: Ask) -> None:
    found = ask("assurance-against-use", product="qXR")
    assert {(row["trust"], row["match"], row["finding"]) for row in found} == {
        ("Barts Health NHS Trust", "product", "research-only"),
        ("Barts Health NHS Trust", "vendor-and-use", "research-only"),
        (
            "Barking, Havering and Redbridge University Hospitals NHS Trust",
            "vendor-and-use",
            "research-only",
        ),
        ("Bolton NHS Foundation Trust", "product", "research-only"),
        ("East Kent Hospitals University NHS Foundation Trust", "product", "research-only"),
        ("Homerton Healthcare NHS Foundation Trust", "vendor-and-use", "research-only"),
        ("North East London Cancer Alliance", "product", "research-only"),
    }
    assert {row["guidance_source"] for row in found} == {"nice-org-uk-7ea66d"}


def test_use_within_a_study_is_not_held_against_guidance(ask: Ask) -> None:
    leicester = "University Hospitals of Leicester"
    assert "live" in {row["status"] for row in ask("who-uses-what", trust=leicester, product="qXR")}
    assert ask("assurance-against-use", trust=leicester, product="qXR") == []


def test_a_product_counts_as_withdrawn_only_after_the_month_that_is_named(ask: Ask) -> None:
    def withdrawn(**values: str) -> set[str]:
        found = ask("assurance-against-use", product="red dot", **values)
        assert {row["finding"] for row in found} <= {"withdrawn"}
        return {row["trust"] for row in found}

    assert withdrawn() == set()
    assert withdrawn(as_of="2025-02-28") == set()
    assert "Somerset NHS Foundation Trust" in withdrawn(as_of="2025-03-01")


def test_guidance_for_a_number_of_years_has_ended_so_long_after_its_source(
    altered: Store, labels: Labels
) -> None:
    (guidance,) = {
        quad.object
        for quad in altered.quads_for_pattern(
            NamedNode(f"{ID}product/skin-analytics/derm"), atlas("supportedBy"), None
        )
        if "applytosupply" in str(quad.object)
    }
    assert isinstance(guidance, NamedNode)
    say(altered, graph_of(altered, guidance, "locator"), guidance, reportedOn=day("2024-02-10"))

    def ended(as_of: str) -> set[tuple[str, str]]:
        found = rows(altered, labels, "assurance-against-use", product="DERM", as_of=as_of)
        return {(row["finding"], row["ended"]) for row in found}

    assert ended("2027-02-10") == set()
    assert ended("2027-02-11") == {("period-ended", "2027-02-10")}


# The clock


@pytest.mark.parametrize("as_of", ["2023-03-01", "2024-02-29", "2025-12-31", "2026-07-08"])
def test_days_to_the_end_are_those_of_the_calendar(as_of: str, ask: Ask) -> None:
    found = [row for row in ask("instrument-clock", as_of=as_of) if row["ends"]]
    assert found
    for row in found:
        left = (date.fromisoformat(row["ends"]) - date.fromisoformat(as_of)).days
        assert left >= 0
        assert row["days"] == str(left), row
        begun = not row["starts"] or row["starts"] <= as_of
        assert row["phase"] == ("running" if begun else "not-begun"), row


def test_without_a_day_nothing_is_counted_down(ask: Ask) -> None:
    found = ask("instrument-clock")
    assert {(row["days"], row["phase"]) for row in found} == {("", "")}
    ends = [row["ends"] or "9999" for row in found]
    assert ends == sorted(ends)
    assert "9999" in ends


def test_what_ended_before_the_day_has_no_row(ask: Ask) -> None:
    title = "Automated Slide Preparation System"
    assert title in {row["instrument"] for row in ask("instrument-clock", as_of="2026-03-31")}
    assert title not in {row["instrument"] for row in ask("instrument-clock", as_of="2026-04-01")}


def test_a_place_on_a_framework_is_no_call_off(ask: Ask) -> None:
    counted = {
        row["instrument"]: (row["places"], row["call_offs"])
        for row in ask("instrument-clock", what="framework")
    }
    stroke = "Provision of AI Software in Neuroscience for Stroke Decision Making Support"
    assert counted[stroke] == ("5", "0")
    assert counted["Teleradiology and Specialised Reporting Services"] == ("2", "2")


def test_only_what_takes_suppliers_in_during_its_term_can_be_joined(ask: Ask) -> None:
    for row in ask("instrument-clock"):
        kind = row["kind"] in {"dynamic purchasing system", "open framework"}
        assert row["joinable"] == str(kind or "open to new" in row["state"]).lower(), row
        assert (row["places"] == "") == (row["what"] == "contract")


# The blast radius


def test_an_owner_stands_for_its_vendors_from_the_day_it_took_them_over(ask: Ask) -> None:
    def owned(as_of: str) -> set[str]:
        return {row["vendor"] for row in ask("blast-radius", vendor="RadNet", as_of=as_of)}

    assert owned("2024-10-01") == {"Aidence"}
    assert {row["vendor"] for row in ask("blast-radius", vendor="RadNet")} == {
        *("Aidence", "Gleamer", "Kheiron Medical Technologies")
    }


def test_the_trusts_of_an_owner_are_those_of_the_exposure_to_it(ask: Ask) -> None:
    exposed = {(row["trust"], row["claim"]) for row in ask("ownership-exposure", owner="RadNet")}
    touched = {
        (row["trust"], row["claim"])
        for row in ask("blast-radius", vendor="RadNet")
        if row["what"] == "deployment"
    }
    assert exposed
    assert exposed <= touched


def test_a_former_owner_is_told_from_the_current_one_by_the_day(
    altered: Store, labels: Labels
) -> None:
    aidence, buyer = NamedNode(f"{ID}org/slug/aidence"), NamedNode(f"{ID}org/slug/brainomix")
    graph, change, claim = (NamedNode(f"{ID}{kind}/x") for kind in ("docv", "change", "claim"))
    for place in (graph, DefaultGraph()):
        altered.add(Quad(change, NamedNode(f"{ORG}originalOrganization"), aidence, place))
        altered.add(Quad(change, NamedNode(f"{ORG}resultingOrganization"), buyer, place))
    kind = NamedNode(f"{SCHEME}change-kind/acquisition")
    say(altered, graph, change, changeKind=kind, supportedBy=claim)
    say(altered, graph, claim, holdsFrom=day("2025-01-01"), reportedOn=day("2025-01-01"))

    def owners(as_of: str) -> dict[str, set[str]]:
        return {
            vendor: {
                row["ownership"]
                for row in rows(altered, labels, "blast-radius", vendor=vendor, as_of=as_of)
                if row["vendor"] == "Aidence"
            }
            for vendor in ("RadNet", "Brainomix")
        }

    assert owners("2024-12-31") == {"RadNet": {"current"}, "Brainomix": set()}
    assert owners("2025-01-01") == {"RadNet": {"former"}, "Brainomix": {"current"}}


def test_a_vendor_touches_all_that_have_it_their_figures_and_routes(ask: Ask) -> None:
    found = ask("blast-radius", vendor="iSchemaView")
    uses = {row["claim"] for row in ask("who-uses-what", vendor="iSchemaView")}
    assert {row["claim"] for row in found if row["what"] == "deployment"} == uses
    figures = {(row["trust"], row["max"], row["unit"]) for row in found if row["max"]}
    assert figures == {
        ("Northern Care Alliance NHS Foundation Trust", "1763", "use"),
        ("Mid Yorkshire Teaching NHS Trust", "1025", "study"),
    }
    assert ("network", "procured", "Surrey Stroke Network") in {
        (row["route_type"], row["involvement"], row["route"]) for row in found
    }
    (place,) = (row for row in found if row["what"] == "place")
    assert not place["trust"]
    assert not place["status"]


def test_a_framework_that_lapses_touches_its_purchases(ask: Ask) -> None:
    found = ask("blast-radius", instrument="Teleradiology and Specialised Reporting Services")
    assert {(row["what"], row["trust"]) for row in found} == {
        ("contract", "Dartford and Gravesham NHS Trust"),
        ("contract", "The Newcastle upon Tyne Hospitals NHS Foundation Trust"),
    }


# Like with like

DAYS = {"day": Fraction(365), "week": Fraction(365, 7), "month": Fraction(12), "year": Fraction(1)}


def times(row: Cells) -> Fraction | None:
    """By how much a figure is taken to be that of a year, worked out from what is printed."""
    if row["per"]:
        return DAYS[row["per"]]
    if row["period_start"]:
        first, last = (date.fromisoformat(row[name]) for name in ("period_start", "period_end"))
        return Fraction(365, (last - first).days + 1)
    year = any(word in row["printed"] for word in ("year", "12 months"))
    return Fraction(1) if year else None


def thousandths(value: Fraction) -> Decimal:
    return Decimal(round(value * 1000)) / 1000


def test_each_figure_is_turned_into_uses_in_a_year(ask: Ask) -> None:
    found = ask("like-with-like", of="figure")
    assert {row["claim"] for row in found} == {row["claim"] for row in ask("usage")}
    for row in found:
        by = times(row)
        for end in ("min", "max"):
            if by is None:
                assert not row[f"{end}_per_year"], row
                continue
            exact = Fraction(row[end]) * by
            assert abs(Decimal(row[f"{end}_per_year"]) - thousandths(exact)) <= Decimal("0.001")
            assert abs(Decimal(row[f"{end}_per_month"]) - thousandths(exact / 12)) <= Decimal(
                "0.001"
            )
    known = {(row["trust"], row["unit"]): row for row in found}
    heart = known["Liverpool Heart and Chest Hospital NHS Foundation Trust", "use"]
    assert (heart["min_per_year"], heart["max_per_year"]) == ("120", "180")
    assert heart["approximate"] == "true"


@pytest.mark.parametrize("of", ["product", "vendor"])
def test_totals_add_like_to_like_alone(of: str, ask: Ask) -> None:
    sums: dict[tuple[str, str], dict[str, tuple[Decimal, Decimal]]] = {}
    for row in ask("like-with-like", of="figure"):
        if row[of] and row["max_per_year"]:
            low, high = Decimal(row["min_per_year"]), Decimal(row["max_per_year"])
            trusts = sums.setdefault((row[of], row["unit"]), {})
            least, most = trusts.get(row["trust"], (low, high))
            trusts[row["trust"]] = (min(least, low), max(most, high))
    totals = {(row[of], row["unit"]): row for row in ask("like-with-like", of=of)}
    for what, trusts in sums.items():
        row = totals[what]
        assert Decimal(row["min_per_year"]) == sum(low for low, _ in trusts.values()), what
        assert Decimal(row["max_per_year"]) == sum(high for _, high in trusts.values()), what
        assert row["trusts"] == str(len(trusts))
    for what in set(totals) - set(sums):
        assert (totals[what]["max_per_year"], totals[what]["figures"]) == ("", "0")
        assert int(totals[what]["undated"]) > 0


def test_one_document_that_repeats_another_adds_nothing(ask: Ask) -> None:
    found = ask("like-with-like", product="qXR")
    (total,) = (row for row in found if row["of"] == "product")
    figure, again = (row for row in found if row["of"] == "figure")
    assert figure["max_per_year"] == again["max_per_year"] == total["max_per_year"] == "54750"
    assert (total["figures"], total["trusts"]) == ("2", "1")


def test_those_that_are_live_and_state_nothing_are_counted(ask: Ask) -> None:
    stating = {
        (row["product"], row["unit"], row["trust"]) for row in ask("like-with-like", of="figure")
    }
    for total in ask("like-with-like", of="product"):
        live = {
            row["trust"] for row in ask("who-uses-what", product=total["product"], status="live")
        }
        silent = {
            trust for trust in live if (total["product"], total["unit"], trust) not in stating
        }
        assert total["silent"] == str(len(silent)), total


# The pages


@pytest.mark.parametrize(
    ("thing", "question", "shows"),
    [
        ("org/slug/img-gm", "announcement-against-reality", "does not mention it"),
        ("org/ods/RMC", "announcement-against-reality", "denies use"),
        ("instrument/r09-ai-diagnostic-fund", "announcement-against-reality", "not listed"),
        ("product/qure-ai/qxr", "assurance-against-use", "vendor and use"),
        ("org/slug/radnet", "blast-radius", "owned vendor"),
        ("instrument/r08-teleradiology-and-specialised-reporting", "blast-radius", "contract"),
        ("instrument/r04-artificial-intelligence-dps", "instrument-clock", "2029-02-23"),
        ("org/slug/heartflow", "like-with-like", "476.844"),
    ],
)
def test_the_page_of_a_thing_has_its_checks(
    thing: str, question: str, shows: str, client: TestClient
) -> None:
    answer = client.get(local(ID + thing))
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    begins = text.index(f'id="{question}"')
    section = text[begins : text.index("</section>", begins)]
    assert shows in section
    assert f"/questions/{question}?" in section
