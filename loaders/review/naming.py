"""Names in proposals: as the document prints them, what they mean, and what nobody has decided."""

from collections.abc import Mapping
from dataclasses import dataclass

from careatlas.graph.labels import key as form
from careatlas.graph.terms import ID
from careatlas.loaders.extraction.candidates import Deployment
from careatlas.loaders.extraction.gazetteer import Entity, Gazetteer, Mention
from careatlas.loaders.review import cells as of_cells
from careatlas.loaders.review.cells import KIND_OF_INTERMEDIARY, MEANS, UNRESOLVED

KINDS_OF = KIND_OF_INTERMEDIARY
_SOUGHT = {
    "organisation": ("trust", "icb", "organisation", "network", "vendor"),
    "network": ("network",),
}
"""The kinds of name among which a name of a kind of the crosswalk is looked for."""


class UnknownMeaningError(LookupError):
    """A name that was said to mean something that the release does not know."""

    def __init__(self, column: str, said: str, nearest: tuple[str, ...]) -> None:
        super().__init__(column, said, nearest)
        self.column = column
        self.said = said
        self.nearest = nearest

    def __str__(self) -> str:
        offer = f"; nearest: {' | '.join(self.nearest)}" if self.nearest else ""
        return (
            f"{self.column}{MEANS}: nothing is called {self.said!r}{offer}; "
            f"write {UNRESOLVED} where the name means nothing known"
        )


@dataclass(frozen=True)
class Name:
    """A name in a cell, and what it can mean."""

    column: str
    kind: str
    printed: str
    means: tuple[Entity, ...]
    nearest: tuple[str, ...]
    said: str
    """What a person, or the text around, says that it means."""

    @property
    def decided(self) -> bool:
        """Whether it means one thing, or a person said that it stays as it is."""
        return len(self.means) == 1 or self.said == UNRESOLVED


def sought(kind: str) -> tuple[str, ...]:
    """The kinds of name that a cell of this kind may hold."""
    return _SOUGHT.get(kind, (kind,))


def cells(names: Gazetteer, column: str, kind: str, mention: Mention) -> dict[str, str]:
    """The cell with a name as printed, and what it means where the name alone does not say so."""
    said = " ".join(mention.text.split())
    meant = mention.entities[0] if len(mention.entities) == 1 else None
    found = {column: said}
    if meant and {one.iri for one in names.find(said, *sought(kind))} != {meant.iri}:
        found[column + MEANS] = meant.label
    return found


def thing(names: Gazetteer, one: Deployment) -> dict[str, str]:
    """Vendor and product of a deployment, each as printed; what is not printed is left out."""
    if one.name is None:
        return {"vendor": one.vendor.label} if one.vendor else {}
    words = one.name.text.split()
    whole = " ".join(words)
    if one.new:
        before = whole[: whole.rfind(one.new)].strip(" ,;:-") if one.new in whole else ""
        found = {"product": " ".join(one.new.split())}
        return found | (_vendor(names, one.vendor, before) if before else {})
    if one.product is None:
        return _made(names, words, one.vendor)
    for shared in (False, True):
        if parted := _parted(names, words, one.vendor, {one.product.iri}, shared=shared):
            return parted
    printed = _longest(names, words, one.product) or whole
    known = {entity.iri for entity in names.find(printed, "product")} == {one.product.iri}
    return {"product": printed} | ({} if known else {"product" + MEANS: one.product.label})


def _made(names: Gazetteer, words: list[str], vendor: Entity | None) -> dict[str, str]:
    """A name that is known as the maker's: it may print a product of his after his own name."""
    whole = " ".join(words)
    own = names.products(vendor.iri) if vendor else ()
    if parted := _parted(names, words, vendor, {one.iri for one in own}, shared=False):
        return parted
    if vendor and form(whole) != form(vendor.label):
        called = [one for one in own if form(one.label) == form(whole)]
        if len(called) == 1:
            return {"product": whole}
    return _vendor(names, vendor, _longest(names, words, vendor) or whole)


def _parted(
    names: Gazetteer, words: list[str], vendor: Entity | None, products: set[str], *, shared: bool
) -> dict[str, str]:
    """The maker and the product in words that print both; nothing where they do not.

    `shared` where the maker's name may be a part of the product's.
    """
    makers = [
        n for n in range(1, len(words)) if vendor in names.find(" ".join(words[:n]), "vendor")
    ]
    for end in range(len(words), 0, -1):
        for size in makers:
            product = " ".join(words[0 if shared else size : end])
            known = names.find(product, "product") if size < end else ()
            if len(known) == 1 and known[0].iri in products:
                return {"vendor": " ".join(words[:size]), "product": product}
    return {}


def _vendor(names: Gazetteer, vendor: Entity | None, printed: str) -> dict[str, str]:
    """A maker, or a name that could be several things and is taken for a product's."""
    if vendor is None:
        return {"product": printed}
    known = {entity.iri for entity in names.find(printed, "vendor")} == {vendor.iri}
    return {"vendor": printed} | ({} if known else {"vendor" + MEANS: vendor.label})


def _longest(names: Gazetteer, words: list[str], meant: Entity | None) -> str:
    """The longest run of words from the first that is a name of the thing."""
    for size in range(len(words), 0, -1):
        said = " ".join(words[:size])
        if meant and meant in names.find(said, meant.kind):
            return said
    return ""


def meaning(names: Gazetteer, column: str, kind: str, said: str) -> Entity:
    """The one thing of a kind that a person means by a name, an ODS code or a key.

    Raises:
        UnknownMeaningError: nothing is called so, or several things are.
    """
    if said.startswith(("org/", "product/", "study/", "instrument/", "programme/")):
        known = names.by_iri.get(ID + said)
        if known:
            return known
    kinds = sought(kind)
    # A name that is common speech is looked for in no text, but a person may give it.
    called = (e for e in names.by_iri.values() if e.kind in kinds and form(e.label) == form(said))
    found = names.find(said, *kinds) or tuple(sorted(called))
    exact = tuple(one for one in found if one.label == said)
    if len(exact or found) != 1:
        several = tuple(sorted(one.label for one in found))
        raise UnknownMeaningError(column, said, several or names.nearest(said, *kinds))
    return (exact or found)[0]


def read(names: Gazetteer, table: str, cells_: Mapping[str, str]) -> list[Name]:
    """The names in the cells of a proposal, each with what it means as far as anybody knows.

    Raises:
        UnknownMeaningError: a name was said to mean what the release does not know.
    """
    found = []
    for column, kind in of_cells.names(table, cells_).items():
        printed, said = cells_[column], cells_.get(column + MEANS, "")
        means = names.find(printed, *sought(kind))
        nearest: tuple[str, ...] = ()
        if said == UNRESOLVED:
            nearest = tuple(one.label for one in means)
            means = ()
        elif said:
            means = (meaning(names, column, kind, said),)
        elif not means:
            nearest = names.nearest(printed, *sought(kind))
        elif len(means) > 1:
            nearest = tuple(sorted(one.label for one in means))
        found.append(Name(column, kind, printed, means, nearest, said))
    return found


def method(name: Name) -> tuple[str, str]:
    """How a name was tied to what it means, and the reason."""
    (meant,) = name.means
    if name.printed == meant.label:
        return "exact", "the same name"
    if form(name.printed) == form(meant.label):
        return "normalised", "other capitals or punctuation"
    if name.said:
        return "hand", f"decided in the review of the document: {meant.label}"
    return "alias", f"a name of {meant.label} in the release"
