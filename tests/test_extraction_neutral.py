"""No rule knows a name, and no entry leans on another: on made-up documents, and on the shipped report."""

import re
from dataclasses import replace
from pathlib import Path

import pytest
from extraction import TRUSTS, catalogue
from hypothesis import given
from hypothesis import strategies as st

from careatlas.graph.labels import Labels, key
from careatlas.graph.release import Release
from careatlas.loaders.extraction import Candidates, Gazetteer, extract
from careatlas.loaders.extraction.catalogue import gazetteer
from careatlas.loaders.extraction.columns import COLUMNS
from careatlas.loaders.extraction.gazetteer import Entity
from careatlas.loaders.reading import markdown, read

REPORT = Path(__file__).parent.parent.parent / "shared" / "seeds" / "004_ea6c61727f1e99ea.txt"
FEWEST = 150
"""As many names at least are another in the report with made-up names."""
SAID = (
    "Uses Lumo Scan for stroke CT (57 times in 21/22), since March 2020.",
    "Piloting Pixon Reader, procured by the Western Network.",
    "Does not use Lumo Scan. Hopes to adopt Quorra Voice.",
    "Has installed Quorra Voice, but it is not in use.",
    "Uses Lumo Scan within the HERON study; Pixon Reader (planned).",
    "Confirmed that it uses AI, but refused to name it under section 31.",
)
FOLLOWING = (
    "{0} and {1} both use Lumo Scan.",
    "{0} has signed a memorandum of understanding with Pixon.",
    "{1} has been awarded \u00a3300,000 from the Regional Innovation Fund to deploy Quorra Voice.",
    "Correction: an earlier version said that {2} uses Pixon Reader; it does not.",
    "{2} uses Quorra Voice while {0} is piloting Pixon Reader.",
)


def rows(one: Candidates, without: frozenset[str]) -> list[dict[str, str]]:
    """Every row of every kind, without some cells."""
    return [
        {"kind": kind, **{name: cell for name, cell in row.items() if name not in without}}
        for kind in COLUMNS
        for row in one.rows(kind)
    ]


WORD = st.from_regex(r"[BDKVZ][aeiou][bdfkvz]{1,2}[aeiou][xz][aeiou]{1,2}", fullmatch=True)


@given(
    st.lists(WORD, min_size=6, max_size=6, unique_by=str.casefold),
    st.lists(st.sampled_from(SAID), min_size=3, max_size=3),
    st.lists(st.sampled_from(FOLLOWING), max_size=3, unique=True),
)
def test_other_names_change_nothing_but_the_names(
    words: list[str], said: list[str], more: list[str]
) -> None:
    rename = dict(zip(("Lumo", "Pixon", "Quorra"), words, strict=False))
    things = ("Lumo Scan", "Pixon Reader", "Quorra Voice")
    rename |= dict(zip(things, (f"{word} {word}o" for word in words), strict=False))
    rename |= dict(zip(TRUSTS, (f"{word} NHS Trust" for word in words[3:]), strict=True))

    def renamed(text: str) -> str:
        longest = sorted(rename, key=len, reverse=True)
        return re.sub("|".join(map(re.escape, longest)), lambda m: rename[m[0]], text)

    entries = [f"- **{trust}**\n  {body}" for trust, body in zip(TRUSTS, said, strict=True)]
    prose = [sentence.format(*TRUSTS) for sentence in more]
    text = "\n".join(["## Trusts that use AI", "", *entries, "", "## Notes of ours", ""])
    text += "\n\n".join(prose)
    without = frozenset(("locator", "candidates", "agreement", "programme", "recipient"))
    before = rows(extract(markdown.parse(text), catalogue(), "s"), without)
    after = rows(extract(markdown.parse(renamed(text)), catalogue(rename), "s"), without)
    assert after == [{k: renamed(v) for k, v in row.items()} for row in before]


def of_trust(row: dict[str, str]) -> str:
    return row.get("trust") or row.get("organisation") or row.get("recipient_name") or ""


@given(st.lists(st.sampled_from(SAID), min_size=3, max_size=3), st.integers(0, 2))
def test_without_one_entry_all_kinds_say_the_same_of_the_others(said: list[str], gone: int) -> None:
    entries = [f"- **{trust}**\n  {body}" for trust, body in zip(TRUSTS, said, strict=True)]
    head = "## Trusts that use AI\n\n"
    without = frozenset(("locator", "candidates"))
    whole = rows(extract(markdown.parse(head + "\n".join(entries)), catalogue(), "s"), without)
    del entries[gone]
    less = rows(extract(markdown.parse(head + "\n".join(entries)), catalogue(), "s"), without)
    assert less == [row for row in whole if of_trust(row) != TRUSTS[gone]]


def made_up(names: Gazetteer, text: str) -> dict[str, str]:
    """Another name for each trust, vendor and product that the text prints, by its printed form."""
    found: dict[str, str] = {}
    by_thing: dict[str, str] = {}
    for mention in names.mentions(text):
        wanted = mention.of("trust", "vendor", "product")
        if not wanted or key(mention.text) in found:
            continue
        number = by_thing.setdefault(key(mention.text), f"{len(by_thing):03}")
        word = "".join("bcdfghklmn"[int(digit)] + "o" for digit in number).capitalize() + "x"
        found[key(mention.text)] = f"{word} NHS Trust" if mention.of("trust") else word
    return found


@pytest.mark.skipif(not REPORT.is_file(), reason="the documents are not at hand")
def test_the_report_with_made_up_names_says_the_same(release: Release) -> None:
    names = gazetteer(release.store, Labels(release.labels))
    text = REPORT.read_text(encoding="utf-8")
    new = made_up(names, text)
    pieces, at = [], 0
    for mention in names.mentions(text):
        if mention.of("trust", "vendor", "product"):
            pieces += [text[at : mention.start], new[key(mention.text)]]
            at = mention.end
    renamed = "".join([*pieces, text[at:]])
    assert len(set(new.values())) > FEWEST
    known: list[tuple[str, Entity]] = []
    for form, entities in names.names.items():
        label = {e: new.get(key(e.label), e.label) for e in entities}
        known += [(new.get(form, form), replace(e, label=label[e])) for e in entities]
    other = Gazetteer(known)

    def claims(found: Candidates) -> list[tuple[str, ...]]:
        told = [
            (
                one.trust.entities[0].iri if one.trust.entities else "",
                one.vendor.iri if one.vendor else "",
                one.product.iri if one.product else "",
                one.status,
                ",".join(route.kind + route.involvement for route in one.routes),
            )
            for one in found.deployments
        ]
        counted = [(str(one.low), one.unit, one.per, *one.period) for one in found.usage]
        answers = [(one.answer, one.detail, one.exemption) for one in found.disclosures]
        return [*told, *counted, *answers]

    before = claims(extract(markdown.parse(text), names, "s"))
    after = claims(extract(markdown.parse(renamed), other, "s"))
    same = sum(1 for one in before if one in after)
    assert len(after) == len(before)
    assert same == len(before)


@pytest.mark.skipif(not REPORT.is_file(), reason="the documents are not at hand")
def test_the_report_is_read_the_same_whatever_is_at_its_end(release: Release) -> None:
    names = gazetteer(release.store, Labels(release.labels))
    document = read(REPORT)
    without = frozenset(("locator", "candidates"))
    whole = rows(extract(document, names, "s"), without)
    text = document.text + "\n\n## Related news\n\nA trust is using something new.\n"
    assert rows(extract(markdown.parse(text), names, "s", document.date or ""), without) == whole
