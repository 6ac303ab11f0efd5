"""From what a person types to the thing that is meant: names, aliases, codes, near misses."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from careatlas.graph import labels
from careatlas.graph.labels import (
    LISTED,
    AmbiguousNameError,
    Labels,
    UnknownNameError,
    index,
    key,
)
from careatlas.graph.release import Release
from careatlas.graph.terms import (
    ALT_LABEL,
    LABEL,
    NOTATION,
    PREF_LABEL,
    RDF_TYPE,
    atlas,
    concept,
    english,
    text,
    thing,
)

GRAPH = NamedNode("https://example.org/g")
IN_SCHEME = NamedNode("http://www.w3.org/2004/02/skos/core#inScheme")
TRUSTS = {
    "RWE": "University Hospitals of Leicester NHS Trust",
    "RNQ": "Kettering General Hospital NHS Foundation Trust",
    "RJZ": "King's College Hospital NHS Foundation Trust",
    "R1K": "London North West University Healthcare NHS Trust",
    "RAL": "Royal Free London NHS Foundation Trust",
}


@pytest.fixture(scope="module")
def store() -> Store:
    made = Store()

    def say(subject: NamedNode, predicate: NamedNode, value: NamedNode | Literal) -> None:
        made.add(Quad(subject, predicate, value, GRAPH))

    for code, name in TRUSTS.items():
        trust = thing(f"org/ods/{code}")
        say(trust, RDF_TYPE, atlas("NHSTrust"))
        say(trust, LABEL, english(name))
        say(trust, atlas("odsCode"), text(code))
    say(thing("org/ods/RWE"), ALT_LABEL, english("UHL"))
    for path, kind, name in (
        ("org/slug/acme", "Company", "Acme AI"),
        ("org/slug/anglia", "Network", "Anglia Imaging"),
        ("org/slug/scot", "HealthBoard", "NHS Highland"),
        ("product/acme/scan", "AISystem", "Scan"),
        ("doc/paper", "SourceDocument", "A report"),
        ("award/1", "ProgrammeAward", "Not a thing that anybody asks for"),
    ):
        say(thing(path), RDF_TYPE, atlas(kind))
        say(thing(path), LABEL, english(name))
    say(thing("doc/paper"), atlas("sourceKey"), text("paper-2025"))
    say(thing("claim/1"), atlas("matchedTo"), thing("product/acme/scan"))
    say(thing("claim/1"), atlas("nameAsPrinted"), text("Scan-o-matic"))
    say(NamedNode("https://elsewhere.example/x"), RDF_TYPE, atlas("NHSTrust"))
    say(NamedNode("https://elsewhere.example/x"), LABEL, english("Elsewhere"))
    for scheme, notation, name in (
        ("use-case", "stroke-imaging", "Stroke imaging"),
        ("clinical-domain", "neurology", "Neurology"),
        ("status", "live", "In live use"),
    ):
        iri = concept(scheme, notation)
        say(iri, IN_SCHEME, NamedNode(f"https://w3id.org/careatlas/scheme/{scheme}"))
        say(iri, PREF_LABEL, english(name))
        say(iri, NOTATION, text(notation))
    return made


@pytest.fixture(scope="module")
def known(store: Store) -> Labels:
    return Labels(index(store))


def test_the_index_is_sorted_and_goes_by_kind(store: Store) -> None:
    found = index(store)
    assert list(found) == sorted(found)
    assert all(rows == sorted(rows) for rows in found.values())
    assert {"trust", "vendor", "network", "organisation", "product", "source", "status"} <= set(
        found
    )
    assert {row[2] for row in found["capability"]} == {"Stroke imaging", "Neurology"}
    everything = {row[2] for rows in found.values() for row in rows}
    assert "Elsewhere" not in everything
    assert "Not a thing that anybody asks for" not in everything


@pytest.mark.parametrize(
    ("kind", "typed", "path"),
    [
        ("trust", "University Hospitals of Leicester NHS Trust", "org/ods/RWE"),
        ("trust", "RWE", "org/ods/RWE"),
        ("trust", "rwe", "org/ods/RWE"),
        ("trust", "uhl", "org/ods/RWE"),
        ("trust", "https://w3id.org/careatlas/id/org/ods/RWE", "org/ods/RWE"),
        ("trust", "university hospitals of leicester", "org/ods/RWE"),
        ("trust", "Leicester", "org/ods/RWE"),
        ("trust", "KINGS  COLLEGE", "org/ods/RJZ"),
        ("trust", "King\u2019s College Hospital", "org/ods/RJZ"),
        ("trust", "NHS Highland", "org/slug/scot"),
        ("vendor", "acme ai", "org/slug/acme"),
        ("vendor", "Anglia Imaging", "org/slug/anglia"),
        ("organisation", "Acme AI", "org/slug/acme"),
        ("product", "scan-o-matic", "product/acme/scan"),
        ("source", "paper-2025", "doc/paper"),
    ],
)
def test_a_thing_is_found_by_each_of_its_names(
    known: Labels, kind: str, typed: str, path: str
) -> None:
    assert known.find(kind, typed) == thing(path).value


@pytest.mark.parametrize("typed", ["stroke-imaging", "Stroke imaging", "STROKE IMAGING"])
def test_a_concept_is_found_by_label_and_notation(known: Labels, typed: str) -> None:
    assert known.find("capability", typed) == concept("use-case", "stroke-imaging").value
    assert known.find("use-case", typed) == concept("use-case", "stroke-imaging").value


@pytest.mark.parametrize(
    ("kind", "typed", "nearest"),
    [
        ("trust", "Leicster", TRUSTS["RWE"]),
        ("trust", "Ketering", TRUSTS["RNQ"]),
        ("trust", "kings colege hospitl", TRUSTS["RJZ"]),
        ("vendor", "Akme AI", "Acme AI"),
        ("capability", "stroke-imagin", "Stroke imaging"),
        ("status", "lief", "In live use"),
    ],
)
def test_a_near_miss_is_offered_what_was_meant(
    known: Labels, kind: str, typed: str, nearest: str
) -> None:
    with pytest.raises(UnknownNameError) as caught:
        known.find(kind, typed)
    assert caught.value.nearest[0] == nearest
    assert nearest in str(caught.value)
    assert repr(typed) in str(caught.value)


@pytest.mark.parametrize("typed", ["", "   ", "qqqqqq", "?!", "東京", "\x1b[31m\n", "RWE\u202e"])
def test_what_names_nothing_is_refused_in_one_line(known: Labels, typed: str) -> None:
    if key(typed) == "rwe":
        assert known.find("trust", typed) == thing("org/ods/RWE").value
        return
    with pytest.raises(UnknownNameError) as caught:
        known.find("trust", typed)
    assert str(caught.value).isprintable()


def test_a_name_of_several_things_lists_them(known: Labels) -> None:
    with pytest.raises(AmbiguousNameError) as caught:
        known.find("trust", "London")
    assert caught.value.found == [TRUSTS["R1K"], TRUSTS["RAL"]]
    assert all(name in str(caught.value) for name in caught.value.found)


def test_a_long_list_is_cut_and_the_rest_counted() -> None:
    many = [f"Trust number {number}" for number in range(LISTED + 5)]
    message = str(AmbiguousNameError("trust", "trust", many))
    assert message.count("|") == LISTED - 1
    assert message.endswith(" and 5 more")
    assert " more" not in str(AmbiguousNameError("trust", "trust", many[:LISTED])).split(":")[1]


def test_a_full_name_comes_before_a_longer_one_that_holds_it() -> None:
    rows = [["bone", "i:1", "Bone"], ["bone age", "i:2", "Bone Age"]]
    assert Labels({"product": rows}).find("product", "Bone") == "i:1"
    assert Labels({"product": rows}).find("product", "age") == "i:2"


def test_names_without_a_latin_letter_are_not_all_one_name() -> None:
    with pytest.raises(UnknownNameError):
        Labels({"vendor": [["", "i:1", "東京"]]}).find("vendor", "京都")


def test_a_kind_without_things_has_no_names(known: Labels) -> None:
    with pytest.raises(UnknownNameError) as caught:
        known.find("spaceship", "Enterprise")
    assert caught.value.nearest == []
    assert "nearest" not in str(caught.value)


@given(st.text())
def test_the_comparable_form_is_its_own(name: str) -> None:
    assert key(key(name)) == key(name)
    assert key(name).isascii()


@given(st.text(), st.sampled_from(["trust", "vendor", "capability", "source", "x"]))
def test_any_text_is_found_or_refused(typed: str, kind: str) -> None:
    rows = {"trust": [[key(name), code, name] for code, name in TRUSTS.items()]}
    said = ""
    try:
        said = Labels(rows).find(kind, typed)
    except (UnknownNameError, AmbiguousNameError) as error:
        said = str(error)
        assert repr(typed) in said
    assert said.isprintable()


def test_every_kind_that_a_class_goes_under_is_in_a_release(release: Release) -> None:
    kinds = {kind for some in labels.KINDS.values() for kind in some} - {"group"}
    assert kinds <= set(release.labels)


def test_every_label_of_a_trust_in_the_release_finds_it(release: Release) -> None:
    known = Labels(release.labels)
    missed = []
    for form, iri, label in release.labels["trust"][::7]:
        try:
            found = known.find("trust", form)
        except AmbiguousNameError as error:
            found = iri if label in error.found else ""
        if found != iri:
            missed.append((form, label))
    assert missed == []
