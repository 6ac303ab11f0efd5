"""Writes `ontology/ontology.html`: every module, term and scheme on one page that fetches nothing."""

from __future__ import annotations

from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Namespace, URIRef

from careatlas import ontology

if TYPE_CHECKING:
    from rdflib.term import Node

HERE = Path(__file__).parent
TARGET = HERE.parent / "ontology" / "ontology.html"
ATLAS = Namespace(ontology.NAMESPACE)
DCT = Namespace("http://purl.org/dc/terms/")
HEADER = URIRef("https://w3id.org/careatlas/def")
MODULES = (
    "organisation", "product", "adoption", "claim", "provenance", "time", "agreement", "study",
    "project", "governance", "measure", "external"
)  # fmt: skip
TRAITS = {
    OWL.AsymmetricProperty: "never both ways",
    OWL.IrreflexiveProperty: "never to itself",
}


class Page:
    """The page over one graph."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.prefixes = {str(iri): prefix for prefix, iri in graph.namespaces()}

    def text(self, subject: Node, predicate: URIRef) -> str:
        """The one text of a kind, escaped; empty where there is none."""
        return escape(str(self.graph.value(subject, predicate) or ""))

    def terms(self, module: str) -> list[URIRef]:
        """The named terms that a module defines: classes first, each kind by name."""
        home = URIRef(f"{HEADER}/{module}")
        found: set[URIRef] = set()
        if module == "external":
            kinds = [OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty]
            every = (term for kind in kinds for term in self.graph.subjects(RDF.type, kind))
            found = {t for t in every if isinstance(t, URIRef) and not t.startswith(ATLAS)}
        else:
            every = self.graph.subjects(RDFS.isDefinedBy, home)
            found = {t for t in every if isinstance(t, URIRef)}
        return sorted(found, key=lambda t: (not self.is_class(t), self.name(t).lower()))

    def is_class(self, term: Node) -> bool:
        """Whether the term is a class."""
        return (term, RDF.type, OWL.Class) in self.graph

    def name(self, term: Node) -> str:
        """The short name of a term: bare when it is ours, else with its prefix."""
        text = str(term)
        if text.startswith(ATLAS):
            return text.removeprefix(ATLAS)
        cut = max(text.rfind("#"), text.rfind("/")) + 1
        return f"{self.prefixes.get(text[:cut], text[:cut])}:{text[cut:]}"

    def link(self, thing: Node) -> str:
        """A link to a term on this page; a union shows its members."""
        union = self.graph.value(thing, OWL.unionOf) if isinstance(thing, BNode) else None
        if union is not None:
            return " or ".join(self.link(member) for member in self.graph.items(union))
        if str(thing).startswith("http://www.w3.org/2001/XMLSchema#"):
            return f"<code>{self.name(thing)}</code>"
        return f'<a href="#{self.name(thing)}">{self.name(thing)}</a>'

    def links(self, things: set[Node]) -> str:
        """Links by name, nameless axioms left out."""
        shown = {self.link(t) for t in things if isinstance(t, URIRef) or self.is_class(t)}
        return ", ".join(sorted(shown))

    def members(self, thing: Node) -> set[Node]:
        """The classes that a domain or range stands for."""
        union = self.graph.value(thing, OWL.unionOf)
        return {thing} if union is None else set(self.graph.items(union))

    def properties_at(self, term: Node, side: URIRef) -> set[Node]:
        """The properties that have the class as domain or range."""
        pairs = self.graph.subject_objects(side)
        return {found for found, value in pairs if term in self.members(value)}

    def facts(self, term: URIRef) -> list[tuple[str, str]]:
        """What the ontology says of a term, line by line."""
        graph = self.graph
        lines = [
            ("Narrower than", self.links(set(graph.objects(term, RDFS.subClassOf)))),
            ("Wider than", self.links(set(graph.subjects(RDFS.subClassOf, term)))),
            ("Follows from", self.links(set(graph.subjects(RDFS.subPropertyOf, term)))),
            ("Implies", self.links(set(graph.objects(term, RDFS.subPropertyOf)))),
            ("Domain", self.links(set(graph.objects(term, RDFS.domain)))),
            ("Range", self.links(set(graph.objects(term, RDFS.range)))),
            ("Inverse", self.links(set(graph.objects(term, OWL.inverseOf)))),
        ]
        chain = graph.value(term, OWL.propertyChainAxiom)
        if chain is not None:
            lines.append(("Follows from", " then ".join(map(self.link, graph.items(chain)))))
        traits = [words for trait, words in TRAITS.items() if (term, RDF.type, trait) in graph]
        lines.append(("Leads", ", ".join(traits)))
        if self.is_class(term):
            lines.append(("Properties", self.links(self.properties_at(term, RDFS.domain))))
            lines.append(("Reached by", self.links(self.properties_at(term, RDFS.range))))
        lines.append(("Example", self.text(term, SKOS.example)))
        notes = sorted(escape(str(note)) for note in graph.objects(term, SKOS.editorialNote))
        lines.append(("Note", "<br>".join(notes)))
        return [(head, words) for head, words in lines if words]

    def term(self, term: URIRef) -> str:
        """The card of one term."""
        kinds: dict[Node, str] = {
            OWL.ObjectProperty: "property",
            OWL.DatatypeProperty: "value property",
        }
        kinds |= {OWL.Class: "class", OWL.AnnotationProperty: "note property"}
        kind = next(kinds[k] for k in self.graph.objects(term, RDF.type) if k in kinds)
        rows = "".join(f"<dt>{head}</dt><dd>{words}</dd>" for head, words in self.facts(term))
        name = self.name(term)
        return (
            f'<section class="term" id="{name}"><span class="kind">{kind}</span>'
            f'<h3><a href="#{name}">{name}</a> · {self.text(term, RDFS.label)}</h3>'
            f"<p>{self.text(term, SKOS.definition)}</p><p><code>{escape(str(term))}</code></p>"
            f"<dl>{rows}</dl></section>\n"
        )

    def scheme(self, scheme: Node) -> str:
        """The table of one scheme."""
        concepts = sorted(self.graph.subjects(SKOS.inScheme, scheme), key=str)
        name = str(scheme).removeprefix(ontology.SCHEMES)
        ordered = self.graph.value(URIRef(f"{scheme}/in-order"), SKOS.memberList)
        order = ""
        if ordered is not None:
            steps = " → ".join(self.text(c, SKOS.prefLabel) for c in self.graph.items(ordered))
            order = f"<p>In order: {steps}.</p>"
        rows = "".join(self.concept(concept, name) for concept in concepts)
        return (
            f'<section class="scheme" id="scheme-{name}">'
            f'<h3 id="scheme-{name}-title">{self.text(scheme, DCT.title)}</h3>'
            f"<p>{self.text(scheme, DCT.description)}</p>{order}"
            f"<p><code>{escape(str(scheme))}</code></p>"
            f'<div class="wide" role="region" aria-labelledby="scheme-{name}-title" tabindex="0">'
            '<table><thead><tr><th scope="col">Notation</th><th scope="col">Label</th>'
            '<th scope="col">Meaning</th><th scope="col">Also</th></tr></thead>'
            f"<tbody>{rows}</tbody></table></div></section>\n"
        )

    def concept(self, concept: Node, scheme: str) -> str:
        """The row of one concept."""
        code = self.text(concept, SKOS.notation)
        also = sorted(str(label) for label in self.graph.objects(concept, SKOS.altLabel))
        for lead, predicate in (("under", SKOS.broader), ("domain", ATLAS.clinicalDomain)):
            also += [
                f"{lead}: {self.graph.value(c, SKOS.prefLabel)}"
                for c in self.graph.objects(concept, predicate)
            ]
        also += [f"same as {iri}" for iri in self.graph.objects(concept, SKOS.exactMatch)]
        scope = self.text(concept, SKOS.scopeNote)
        meaning = " ".join(filter(None, [self.text(concept, SKOS.definition), scope]))
        return (
            f'<tr id="{scheme}-{code}"><td><code>{code}</code></td>'
            f"<td>{self.text(concept, SKOS.prefLabel)}</td><td>{meaning}</td>"
            f"<td>{escape('; '.join(also))}</td></tr>"
        )

    def html(self, style: str, drawing: str) -> str:
        """The whole page."""
        every = self.graph.subjects(RDF.type, SKOS.ConceptScheme)
        schemes = sorted(every, key=lambda s: self.text(s, DCT.title))
        contents, parts = [], []
        for module in MODULES:
            home = URIRef(f"{HEADER}/{module}")
            title = self.text(home, DCT.title).removeprefix("Careatlas: ").capitalize()
            terms = self.terms(module)
            items = "".join(f"<li>{self.link(term)}</li>" for term in terms)
            contents.append(f"<details><summary>{title}</summary><ol>{items}</ol></details>")
            cards = "".join(self.term(term) for term in terms)
            about = self.text(home, DCT.description)
            parts.append(f'<h2 id="module-{module}">{title}</h2><p>{about}</p>{cards}')
        items = "".join(
            f'<li><a href="#scheme-{str(s).removeprefix(ontology.SCHEMES)}">'
            f"{self.text(s, DCT.title)}</a></li>"
            for s in schemes
        )
        contents.append(f"<details><summary>Schemes</summary><ol>{items}</ol></details>")
        parts.append('<h2 id="schemes">Schemes</h2>' + "".join(map(self.scheme, schemes)))
        title = self.text(HEADER, DCT.title)
        return (
            '<!doctype html>\n<html lang="en-GB"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{title}</title><link rel="icon" href="data:,"><style>{style}</style></head>\n'
            f'<body><nav aria-label="Contents"><p><a href="#top"><b>{title}</b></a></p>'
            f'{"".join(contents)}</nav>\n<main id="top"><h1>{title}</h1>'
            f"<p>{self.text(HEADER, DCT.description)}</p><p>Version "
            f"{self.text(HEADER, OWL.versionInfo)} · <code>{ontology.NAMESPACE}</code> "
            f"(prefix <code>atlas:</code>)</p>\n{drawing}\n{''.join(parts)}</main></body></html>\n"
        )


def page(graph: Graph) -> str:
    """The page as HTML, with its style and the picture of the model in it."""
    style = (HERE / "ontology.css").read_text(encoding="utf-8")
    drawing = (HERE / "model.svg").read_text(encoding="utf-8")
    return Page(graph).html(style, drawing)


def main() -> None:
    """Writes the page."""
    TARGET.write_text(page(ontology.load()), encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
