"""How a trust could get something: golden answers, their evidence, their order, and what they warn of.

`golden/routes` holds the ways for each pair of `PAIRS`, with the claims that each rests on;
`pytest --update-golden` writes it. Read it against the sources before committing it.
"""

import asyncio
import csv
import html
import io
import json
import random
import re
from collections.abc import Iterable, Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from goldens import GOLDEN
from hypothesis import given, settings
from hypothesis import strategies as st
from mcp import Client
from mcp.types import TextContent
from pyoxigraph import Literal, NamedNode, Quad, Store
from servers import Server
from starlette.testclient import TestClient

from careatlas.cli import main
from careatlas.graph import route_rules as rules
from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError
from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.graph.route_instruments import Watch
from careatlas.graph.route_options import Evidence, Option, precedent
from careatlas.graph.route_table import COLUMNS, document
from careatlas.graph.route_words import Cells, statement
from careatlas.graph.routes import Routes, Search, Wanted, find_sought, nearest, routes
from careatlas.graph.terms import atlas

DOCS = Path(__file__).parent.parent / "docs" / "routes.md"
PAIRS = {
    "barts-ambient-scribe": ("Barts Health", "ambient scribe"),
    "bradford-techcare": ("Bradford Teaching Hospitals", "TechCare Alert"),
    "chelsea-dermatology": ("Chelsea and Westminster", "dermatology"),
    "east-kent-qxr": ("East Kent Hospitals", "qXR"),
    "great-western-e-stroke": ("Great Western Hospitals", "e-Stroke"),
    "leeds-coronary-ct": ("Leeds Teaching Hospitals", "coronary CT"),
    "leicester-derm": ("University Hospitals of Leicester", "DERM"),
    "leicester-stroke": ("University Hospitals of Leicester", "stroke imaging"),
    "rotherham-fracture": ("The Rotherham", "fracture detection"),
    "salisbury-red-dot": ("Salisbury", "red dot"),
}
AS_OF, KNOWN_BY = "2023-12-31", "2024-06-30"


@pytest.fixture(scope="module")
def labels(release: Release) -> Labels:
    return Labels(release.labels)


@pytest.fixture(scope="module")
def world(release: Release) -> Store:
    """The release in memory, where a test may take quads out; it puts them back."""
    store = Store()
    store.bulk_extend(release.store)
    return store


@pytest.fixture(scope="module")
def found(release: Release, labels: Labels) -> dict[str, Routes]:
    """The ways for each pair."""
    return {name: search(release.store, labels, *pair) for name, pair in PAIRS.items()}


DAY = "2026-07-08"
"""The day of the golden answers."""


def search(store: Store, labels: Labels, trust: str, to: str, **days: str) -> Routes:
    return routes(store, labels, Wanted(trust, to, **days), DAY)


def table(ways: Routes) -> str:
    """The ways in few columns, with their claims."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    heads = [
        "rank",
        "kind",
        "asked",
        "nearness",
        "way",
        "last",
        "sources",
        "sentence",
        "warnings",
        "not_known",
        "claims",
    ]
    writer.writerow(heads)
    for rank, one in enumerate(ways.options, 1):
        plain = (one.kind, one.asked, one.nearness, one.way, one.last, one.sources, one.sentence)
        warnings = " | ".join(warned.text for warned in one.warnings)
        claims = " ".join(said.claim.partition("/id/claim/")[2] for said in one.evidence)
        writer.writerow([rank, *plain, warnings, " | ".join(one.not_known), claims])
    writer.writerow([ways.says if head == "sentence" else "" for head in heads])
    return out.getvalue()


@pytest.mark.parametrize("name", PAIRS)
def test_the_ways_are_the_golden_ones(
    name: str, found: dict[str, Routes], request: pytest.FixtureRequest
) -> None:
    golden = GOLDEN / "routes" / f"{name}.csv"
    text = table(found[name])
    if request.config.getoption("--update-golden"):
        golden.parent.mkdir(parents=True, exist_ok=True)
        changed = not golden.is_file() or golden.read_text(encoding="utf-8") != text
        golden.write_text(text, encoding="utf-8")
        assert not changed, f"{golden.name} was written: read it, then run again"
    assert golden.read_text(encoding="utf-8") == text


def test_no_golden_without_its_pair() -> None:
    assert {path.stem for path in (GOLDEN / "routes").glob("*.csv")} == set(PAIRS)


def place_of(store: Store, claim: NamedNode) -> set[tuple[str, str]]:
    """The documents and places of a claim."""
    found = set()
    for locator in store.quads_for_pattern(claim, atlas("locator"), None):
        for version in store.quads_for_pattern(claim, atlas("assertedIn"), None):
            for document_ in store.quads_for_pattern(version.object, atlas("versionOf"), None):  # type: ignore[arg-type]
                for key in store.quads_for_pattern(document_.object, atlas("sourceKey"), None):  # type: ignore[arg-type]
                    assert isinstance(key.object, Literal)
                    assert isinstance(locator.object, Literal)
                    found.add((key.object.value, locator.object.value))
    return found


@pytest.mark.parametrize("name", PAIRS)
def test_each_way_is_traced_to_its_claims(
    name: str, found: dict[str, Routes], release: Release
) -> None:
    assert found[name].options
    for option in found[name].options:
        assert option.evidence, option.sentence
        for said in option.evidence:
            assert said.claim, said
            places = place_of(release.store, NamedNode(said.claim))
            assert (said.source, said.locator) in places, said
        for warned in option.warnings:
            assert (warned.source, warned.locator) != ("", "")


def touching(store: Store, claims: Iterable[str]) -> set[Quad]:
    """All quads in which one of these stands."""
    found: set[Quad] = set()
    for claim in claims:
        node = NamedNode(claim)
        found |= set(store.quads_for_pattern(node, None, None))
        found |= set(store.quads_for_pattern(None, None, node))
    return found


def identity(option: Option) -> tuple[str, str, str]:
    return option.iri, option.product, option.vendor


@settings(max_examples=12)
@given(data=st.data())
def test_without_its_claims_a_way_is_gone_and_the_others_stay(
    data: st.DataObject, world: Store, labels: Labels, found: dict[str, Routes]
) -> None:
    name = data.draw(st.sampled_from(sorted(PAIRS)))
    ways = found[name]
    option = data.draw(st.sampled_from(ways.options))
    claims = {said.claim for said in option.evidence}
    quads = touching(world, claims)
    for quad in quads:
        world.remove(quad)
    try:
        left = search(world, labels, *PAIRS[name])
    finally:
        world.extend(quads)
    cited = {said.claim for one in left.options for said in one.evidence}
    assert not cited & claims
    same = {one.evidence[0].claim for one in left.options if identity(one) == identity(option)}
    assert option.evidence[0].claim not in same
    if left.precedent == ways.precedent and left.options:
        asked = {one.asked for one in left.options}
        apart = {
            identity(one)
            for one in ways.options
            if one.asked in asked and not claims & {said.claim for said in one.evidence}
        }
        assert apart <= {identity(one) for one in left.options}


class Shuffled(Search):
    """A search whose questions give their rows in any order."""

    seed = 0

    def _ask(self, name: str, **values: str) -> list[Cells]:
        rows = super()._ask(name, **values)
        random.Random(self.seed).shuffle(rows)  # noqa: S311 - no secret
        return rows


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_order_does_not_hang_on_that_of_the_rows(
    name: str, seed: int, release: Release, labels: Labels, found: dict[str, Routes]
) -> None:
    searched = Shuffled(release.store, labels, Wanted(*PAIRS[name]), DAY)
    searched.seed = seed
    assert document(searched.found(), "") == document(found[name], "")


@pytest.mark.parametrize("name", PAIRS)
def test_ways_stand_in_the_order_of_the_rules(name: str, found: dict[str, Routes]) -> None:
    options = found[name].options
    for better, worse in pairwise(options):
        for rule, step in (
            (rules.ASKED, "asked"),
            (rules.NEARNESS, "nearness"),
            (rules.WAY, "way"),
        ):
            first, second = (rules.place(rule, getattr(one, step)) for one in (better, worse))
            assert first <= second
            if first < second:
                break
        else:
            assert better.last[:4] >= worse.last[:4]
            if better.last[:4] == worse.last[:4]:
                assert (better.confirmation, worse.confirmation) != ("single", "several")


def test_without_a_precedent_the_answer_says_so_and_marks_the_nearest(
    found: dict[str, Routes],
) -> None:
    ways = found["bradford-techcare"]
    assert not ways.precedent
    assert ways.says.startswith("No precedent:")
    assert "another product for the same use" in ways.says
    assert {one.asked for one in ways.options} == {"use"}
    assert all(one.product != "TechCare Alert" for one in ways.options)
    asked = {one.asked for name in PAIRS if found[name].precedent for one in found[name].options}
    assert asked == {"itself", "vendor"}


def test_what_may_be_it_is_marked_and_comes_after(release: Release, labels: Labels) -> None:
    ways = search(release.store, labels, "Leeds Teaching Hospitals", "HeartFlow FFRct Analysis")
    asked = [one.asked for one in ways.options]
    assert asked == sorted(asked)
    assert set(asked) == {"itself", "vendor"}
    for one in ways.options:
        if one.asked == "vendor":
            assert (one.vendor, one.product) == ("HeartFlow", "")
            assert "Which product it is." in one.not_known
    assert f"With something of its vendor, not named: {asked.count('vendor')}." in ways.says


def test_where_nothing_is_known_nothing_is_made_up(release: Release, labels: Labels) -> None:
    ways = search(release.store, labels, *PAIRS["leicester-derm"], known_by="1990-01-01")
    assert (ways.options, ways.own, ways.precedent) == ((), (), False)
    assert ways.says.startswith("No precedent known by 1990-01-01: ")
    assert "Nothing near to it is reported either." in ways.says


def stated_on(store: Store, claim: str, name: str) -> str:
    days = store.quads_for_pattern(NamedNode(claim), atlas(name), None)
    return max((quad.object.value for quad in days if isinstance(quad.object, Literal)), default="")


@pytest.mark.parametrize("name", PAIRS)
def test_known_by_leaves_out_what_was_reported_later(
    name: str, release: Release, labels: Labels
) -> None:
    ways = search(release.store, labels, *PAIRS[name], known_by=KNOWN_BY)
    for option in ways.options:
        for said in option.evidence:
            assert "" < stated_on(release.store, said.claim, "reportedOn") <= KNOWN_BY
        assert option.last <= KNOWN_BY


def test_what_is_known_later_is_more(release: Release, labels: Labels) -> None:
    pair = PAIRS["leicester-stroke"]
    counts = [
        len(search(release.store, labels, *pair, known_by=day).options)
        for day in ("2020-01-01", KNOWN_BY, DAY)
    ]
    assert counts == sorted(counts)
    assert counts[0] < counts[2]


@pytest.mark.parametrize("name", PAIRS)
def test_as_of_leaves_out_what_began_later(name: str, release: Release, labels: Labels) -> None:
    ways = search(release.store, labels, *PAIRS[name], as_of=AS_OF)
    assert ways.day == AS_OF
    for option in (one for one in ways.options if one.kind != "instrument"):
        for said in option.evidence:
            begun = stated_on(release.store, said.claim, "holdsFrom")
            assert begun <= AS_OF


def test_a_framework_that_has_ended_is_no_way(release: Release, labels: Labels) -> None:
    def instruments(day: str) -> set[str]:
        ways = search(
            release.store, labels, "Leeds Teaching Hospitals", "speech recognition", as_of=day
        )
        return {one.organisation for one in ways.options if one.kind == "instrument"}

    ended = {one for one in instruments("2026-12-31") if one.startswith("Digital Dictation")}
    assert ended & instruments("2027-06-30") == set()


def test_a_vendor_that_failed_is_warned_of_from_that_day(release: Release, labels: Labels) -> None:
    def warned(day: str) -> list[str]:
        ways = search(release.store, labels, *PAIRS["salisbury-red-dot"], as_of=day)
        assert ways.options
        return [one.text for way in ways.options for one in way.warnings if "insolvent" in one.text]

    assert set(warned("2025-06-30")) == {"Behold.ai became insolvent (2025-01-01): administration."}
    assert warned("2024-06-30") == []


def test_what_nice_keeps_for_research_is_warned_of(found: dict[str, Routes]) -> None:
    ways = found["east-kent-qxr"].options
    told = [[one.text for one in way.warnings] for way in ways if way.product == "qXR"]
    assert told
    assert all("NICE on qXR: research only." in texts for texts in told)


def row(**cells: str) -> Cells:
    """A statement that a made-up organisation has something."""
    blank = dict.fromkeys(get("route-precedents").columns, "")
    usual = {"trust": "One", "vendor": "Maker", "product": "Thing", "basis": "report"}
    more = {"status": "live", "source": "s", "locator": "p", "claim": "c", "independent": "true"}
    return blank | usual | more | cells


def option(*rows: Cells) -> Option:
    made = precedent(rows, None, "itself")
    assert made is not None
    return made


def texts(watch: Watch, one: Option) -> list[str]:
    return [warned.text for warned in watch.warn(one).warnings]


@pytest.mark.parametrize(
    ("status", "warns"),
    [
        ("live", ""),
        ("research-only", "used in research alone"),
        ("ended", "its use has ended"),
        ("paused", "paused"),
        ("trialling", "on trial"),
        ("deployed-not-used", "not used"),
    ],
)
def test_the_last_status_is_warned_of(status: str, warns: str) -> None:
    one = option(
        row(status="live", reported="2020-01-01"),
        row(status=status, reported="2024-01-01", claim="d", source="t"),
    )
    told = texts(Watch(DAY, [], [], []), one)
    assert len(told) == bool(warns)
    assert all(warns in text for text in told)


@pytest.mark.parametrize(
    ("day", "warns"),
    [
        ("2026-07-07", "ended on"),
        ("2026-07-08", "ends on"),
        ("2027-07-08", "ends on"),
        ("2027-07-09", ""),
    ],
)
def test_what_ended_or_ends_within_a_year_is_warned_of(day: str, warns: str) -> None:
    ends = [{"instrument": "Frame", "ends": day, "source": "s", "locator": "p"}]
    by_route = option(row(route_type="framework", route="Frame", route_claim="r"))
    told = [*texts(Watch(DAY, [], [], ends), by_route)]
    told += texts(Watch(DAY, [], [], []), option(row(holds_to=day)))
    assert len(told) == 2 * bool(warns)
    assert all(warns in text for text in told)


def test_a_product_that_was_withdrawn_is_warned_of() -> None:
    fact = {"product": "Thing", "fact": "NICE guidance", "value": "Withdrawn 2024-01"}
    other = fact | {"product": "Another"}
    rest = {"source": "s", "locator": "p"}
    one = option(row())
    assert texts(Watch(DAY, [], [fact | rest], []), one) == ["Thing: Withdrawn 2024-01."]
    assert texts(Watch(DAY, [], [other | rest], []), one) == []


def test_who_only_explores_is_no_precedent() -> None:
    assert precedent([row(status="exploring")], None, "itself") is None
    explored = row(status="exploring", route_type="programme", route="Fund", involvement="funded")
    assert precedent([explored, row(claim="d")], None, "itself") is not None


def test_a_paraphrase_confirms_nothing() -> None:
    twice = option(row(), row(source="t", claim="d", independent="false"))
    assert (twice.sources, twice.confirmation) == (1, "single")
    assert any("no second independent source" in gap for gap in twice.not_known)
    explored = option(row(), row(source="t", claim="d", status="exploring"))
    assert (explored.sources, explored.confirmation) == (1, "single")
    both = option(row(), row(source="t", claim="d"))
    assert (both.sources, both.confirmation) == (2, "several")


def test_what_a_source_leaves_open_is_not_known() -> None:
    unsaid = option(row(product="", vendor="Maker"))
    assert [gap.partition(" ")[0] for gap in unsaid.not_known] == ["By", "Which", "When", "Whether"]
    through = row(route_type="network", route="Net", reported="2024-01-01")
    assert "What part anybody had in it." in option(through).not_known
    bought = row(route_type="direct", route="Award", reported="2024-01-01")
    assert [gap[:7] for gap in option(bought).not_known] == ["Whether"]


def test_the_rules_know_every_status_involvement_and_route_type(labels: Labels) -> None:
    def notations(kind: str) -> set[str]:
        return {iri.rsplit("/", 1)[-1] for _, iri, _ in labels.rows[kind]}

    for status in notations("status"):
        assert "One" in statement(row(status=status))
        if status != rules.NOT_HAVING:
            assert option(row(status=status)).order
    for route_type in notations("route-type"):
        for involvement in {"", *notations("involvement")}:
            for route in ("", "Somebody"):
                said = statement(row(route_type=route_type, involvement=involvement, route=route))
                assert "Thing of Maker" in said
                assert "One" in said
            assert rules.way("report", route_type, involvement) in {s.name for s in rules.WAY.steps}


def test_the_nearest_tie_counts() -> None:
    tie = {"other_iri": "o", "shared": "", "thing": "", "claim": "", "own_claim": ""}
    ties = [tie | {"closeness": one} for one in ("region", "network", "icb", "group")]
    assert nearest(ties)["o"]["closeness"] == "group"
    assert nearest(ties[:3])["o"]["closeness"] == "network"


def test_a_name_is_looked_for_among_products_and_capabilities(labels: Labels) -> None:
    assert find_sought(labels, "stroke imaging").kind == "capability"
    assert find_sought(labels, "e-Stroke").kind == "product"
    with pytest.raises(AmbiguousNameError, match="product or capability"):
        find_sought(labels, "chest")
    with pytest.raises(UnknownNameError) as error:
        find_sought(labels, "strok imagin")
    assert "stroke imaging" in error.value.nearest


def command(home: Path, *arguments: str) -> int:
    return main(["routes", "--home", str(home), *arguments])


@pytest.mark.parametrize(
    ("arguments", "status", "says"),
    [
        (("--for", "nowhere at all", "--to", "DERM"), 1, "no trust is called 'nowhere at all'"),
        (("--for", "RWE", "--to", "chest"), 1, "names more than one product or capability"),
        (("--for", "RWE", "--to", "Brainomx e-Strok"), 1, "no product or capability is called"),
        (("--for", "RWE", "--to", "DERM", "--as-of", "2024"), 2, "--as-of: '2024' is not a day"),
        (("--for", "RWE", "--to", "DERM", "--known-by", "x"), 2, "--known-by: 'x' is not a day"),
        (("--for", "RWE"), 2, "--to"),
        (("--for", "", "--to", "DERM"), 2, "--for is empty"),
    ],
)
def test_what_is_wrong_with_a_call_is_told_in_one_line(
    arguments: tuple[str, ...],
    status: int,
    says: str,
    home: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(home, *arguments) == status
    out, err = capsys.readouterr()
    assert out == ""
    assert says in err
    assert len(err.splitlines()) == 1


def objects(
    home: Path, capsys: pytest.CaptureFixture[str], pair: tuple[str, str]
) -> dict[str, object]:
    assert command(home, "--for", pair[0], "--to", pair[1], "--format", "json") == 0
    return dict(json.loads(capsys.readouterr().out))


def test_the_command_tells_people_all_that_the_ways_say(
    home: Path, capsys: pytest.CaptureFixture[str], release: Release, labels: Labels
) -> None:
    trust, to = PAIRS["bradford-techcare"]
    assert command(home, "--for", trust, "--to", to, "--format", "table") == 0
    told = " ".join(capsys.readouterr().out.split())
    ways = routes(release.store, labels, Wanted(trust, to), release.manifest["as_of"])
    assert ways.day == release.manifest["as_of"]
    assert ways.says in told
    for rank, one in enumerate(ways.options, 1):
        assert f"{rank}. {' '.join(one.sentence.split())}" in told
        stated = [(said.source, said.locator) for said in one.evidence]
        for source, locator in stated + [(said.source, said.locator) for said in one.warnings]:
            assert f"[{source}: {' '.join(locator.split())}]" in told


def test_no_precedent_in_a_pipe_is_told_on_stderr(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    trust, to = PAIRS["bradford-techcare"]
    assert command(home, "--for", trust, "--to", to, "--format", "csv") == 0
    out, err = capsys.readouterr()
    assert err.startswith("careatlas: No precedent:")
    assert {one["asked"] for one in csv.DictReader(io.StringIO(out))} == {"use"}


@pytest.mark.parametrize("name", ["bradford-techcare", "east-kent-qxr", "leicester-derm"])
def test_command_api_and_page_agree(
    name: str, home: Path, client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    trust, to = PAIRS[name]
    asked = {"for": trust, "to": to}
    whole = objects(home, capsys, PAIRS[name])
    answer = client.get("/api/routes", params=asked)
    assert answer.status_code == 200
    told = answer.json()
    assert {key: told[key] for key in whole} == whole
    cited = {said["source"] for way in told["options"] for said in way["evidence"]}
    assert cited <= told["sources"].keys()
    assert command(home, "--for", trust, "--to", to, "--format", "csv") == 0
    rows = capsys.readouterr().out
    assert client.get("/api/routes", params=asked | {"format": "csv"}).text == rows
    assert next(csv.reader(io.StringIO(rows))) == list(COLUMNS)
    page = html.unescape(client.get("/routes", params=asked).text)
    places = [page.index(way["sentence"]) for way in told["options"][:50]]
    assert places == sorted(places)
    assert told["says"] in page
    for way in told["options"][:50]:
        for said in way["evidence"]:
            assert said["locator"] in page


def test_the_tool_gives_the_same_ways(client: TestClient, server: Server) -> None:
    trust, to = PAIRS["leicester-derm"]

    async def called() -> Mapping[str, object]:
        async with Client(f"{server.url}/mcp") as model:
            answer = await model.call_tool("routes", {"for": trust, "to": to, "limit": 200})
            assert not answer.is_error
            assert answer.structured_content is not None
            (said,) = answer.content
            assert isinstance(said, TextContent)
            return {**answer.structured_content, "text": said.text}

    told = asyncio.run(called())
    known = client.get("/api/routes", params={"for": trust, "to": to}).json()
    assert told["options"] == known["options"]
    assert all(way["sentence"] in str(told["text"]) for way in known["options"])


@pytest.mark.parametrize(
    ("asked", "field"),
    [
        ({"for": "nowhere at all", "to": "DERM"}, "for"),
        ({"for": "RWE", "to": "chest"}, "to"),
        ({"for": "RWE", "to": "DERM", "as_of": "2024"}, "as_of"),
    ],
)
def test_what_is_wrong_stands_with_its_field(
    asked: dict[str, str], field: str, client: TestClient
) -> None:
    answer = client.get("/api/routes", params=asked)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    page = client.get("/routes", params=asked)
    assert page.status_code == 422
    name = field.replace("_", "-")
    assert f'id="field-{name}-problem"' in page.text
    for near in answer.json().get("found", []):
        assert html.escape(near, quote=True) in page.text


def test_the_form_of_a_trust_leads_to_its_ways(client: TestClient) -> None:
    about = client.get("/about/org/ods/RWE", headers={"accept": "text/html"}).text
    form = re.search(r'<form class="fields" action="/routes".*?</form>', about, re.DOTALL)
    assert form is not None
    asker = re.search(r'name="for" value="([^"]+)"', form[0])
    assert asker is not None
    asked = {"for": html.unescape(asker[1]), "to": "stroke imaging"}
    assert "How could University Hospitals of Leicester" in client.get("/routes", params=asked).text


def test_the_page_without_a_wish_is_a_form_with_the_rules(client: TestClient) -> None:
    page = html.unescape(client.get("/routes").text)
    for rule in rules.RULES:
        assert rule.says in page
        assert all(step.says in page for step in rule.steps)
    assert 'id="answer"' not in page


def listed() -> str:
    """The rules as the documentation lists them."""
    return "\n".join(
        f"{at}. {rule.says}" + "".join(f"\n   - {step.says}" for step in rule.steps)
        for at, rule in enumerate(rules.RULES, 1)
    )


def test_the_documentation_lists_the_rules(request: pytest.FixtureRequest) -> None:
    text = DOCS.read_text(encoding="utf-8")
    now = re.sub(
        r"<!-- rules -->.*<!-- end -->",
        lambda _: f"<!-- rules -->\n\n{listed()}\n\n<!-- end -->",
        text,
        flags=re.DOTALL,
    )
    if request.config.getoption("--update-golden"):
        DOCS.write_text(now, encoding="utf-8")
    assert text == now


def test_evidence_names_both_sides_of_a_tie(found: dict[str, Routes]) -> None:
    near = [one for one in found["leicester-stroke"].options if one.nearness == "network"]
    assert near
    for one in near:
        ties: list[Evidence] = [said for said in one.evidence if one.shared in said.says]
        assert {said.says.partition(" belongs to ")[0] for said in ties} == {
            one.organisation,
            found["leicester-stroke"].trust,
        }
