"""The companies and products that the catalogue knows, by the names and numbers that it gives them."""

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from rapidfuzz import fuzz

from careatlas.graph.catalogue import Product, Vendor
from careatlas.graph.sources import NameMatch
from careatlas.loaders.names import normalised
from careatlas.loaders.tables import records

_MARKS = re.compile("[\u2122\u00ae\u00a9\u2120]")
_LEGAL = re.compile(
    r"(?: (?:ab|ag|aps|as|bv|co|company|corp|corporation|gmbh|inc|incorporated|kk|limited|llc|lp|ltd"
    r"|nv|oy|plc|pte|pty|sa|sas|sl|spa|srl|s r l|s a s|s l|b v|s a|n v|s p a|u s a|usa))+$"
)
_VERSION = re.compile(
    r"\s*(?:\(\s*v?\.?\s*\d+(?:\.[\dx]+)*\s*\)|\bv\.?\s?\d+(?:\.[\dx]+)*)\s*$", re.IGNORECASE
)
_NUMBER = re.compile(r"\b(?:DEN|[A-Z]{1,2})\d{6}\b")
_NEAR = 80


def plain(name: str) -> str:
    """A name without the signs of trade marks, in the form that two ways to write it share."""
    return normalised(_MARKS.sub(" ", name))


def company(name: str) -> str:
    """The name of a company without its legal form.

    >>> company("Aidoc Medical, Ltd.") == company("AIDOC MEDICAL")
    True
    """
    form = plain(name)
    return _LEGAL.sub("", form) or form


def device(name: str) -> str:
    """The name of a device without the version at its end.

    >>> device("LungQ v3.0.0") == device("LungQ (2.1)") == device("LungQ\u2122")
    True
    """
    return plain(_VERSION.sub("", name)) or plain(name)


@dataclass(frozen=True)
class Match:
    """What a name was found to mean, and how."""

    keys: tuple[str, ...]
    how: str

    @property
    def key(self) -> str | None:
        """The one thing that is meant."""
        return self.keys[0] if len(self.keys) == 1 else None


Index = dict[str, set[str]]


@dataclass
class Catalogue:
    """Companies by name, and the products of each by name and number."""

    companies: dict[str, Index] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """The keys of companies by each way to write their names."""
    products: dict[str, dict[str, set[str]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(set))
    )
    """The names of each product, by its company."""
    numbers: dict[str, str] = field(default_factory=dict)
    """The product of each submission to the FDA."""

    @classmethod
    def of(cls, tables: Path, source: str) -> "Catalogue":
        """What a folder of tables knows, and what its crosswalk takes names of this source for.

        Raises:
            TableError: a table cannot be read.
        """
        found = cls()
        owners = {}
        for vendor in records(tables, "catalogue/vendors.csv", Vendor):
            names = (vendor.name, vendor.legal_name, *vendor.aliases)
            for name in filter(None, names):
                found._company(vendor.vendor, name)
        for product in records(tables, "catalogue/products.csv", Product):
            if not product.vendor:
                continue
            owners[product.product] = product.vendor
            found.products[product.vendor][product.product] |= {product.name, *product.aliases}
            for number in _NUMBER.findall(product.fda_submissions or ""):
                found.numbers[number] = product.product
        for match in records(tables, "crosswalk.csv", NameMatch):
            kind, _, key = (match.key or "").partition("/")
            if match.only_in not in {None, source}:
                continue
            if match.kind == "vendor" and kind == "org" and key.startswith("slug/"):
                found._company(key.removeprefix("slug/"), match.printed)
            if match.kind == "product" and kind == "product" and key in owners:
                found.products[owners[key]][key].add(match.printed)
        return found

    def _company(self, key: str, name: str) -> None:
        for how, form in _COMPANY_FORMS.items():
            if form(name):
                self.companies[how][form(name)].add(key)

    def company(self, printed: str) -> Match:
        """The companies that go by a name, by the strictest way to compare that finds any."""
        for how, form in _COMPANY_FORMS.items():
            if keys := self.companies[how].get(form(printed)):
                return Match(tuple(sorted(keys)), how)
        return Match((), "no name of a company")

    def product(self, vendor: str, printed: str) -> Match:
        """The products of a company that go by a name, with the company's own before it or not."""
        for how, form in _DEVICE_FORMS.items():
            sought = self._without_maker(vendor, form(printed))
            keys = {
                key
                for key, names in self.products.get(vendor, {}).items()
                if any(sought == self._without_maker(vendor, form(name)) for name in names)
            }
            if sought and keys:
                return Match(tuple(sorted(keys)), how)
        return Match((), "no name of a product")

    def _without_maker(self, vendor: str, form: str) -> str:
        """A name in plain form without the name of its company before it."""
        for maker, keys in self.companies[_PLAIN].items():
            if vendor in keys and form.startswith(f"{maker} "):
                return form.removeprefix(f"{maker} ")
        return form

    def numbered(self, vendor: str, number: str) -> str | None:
        """The product of a company that the catalogue gives the number of a submission."""
        key = self.numbers.get(number)
        return key if key in self.products.get(vendor, {}) else None

    def near(self, vendor: str, printed: str) -> tuple[str, ...]:
        """The products of a company whose names are like one: for a person to choose from."""
        sought = self._without_maker(vendor, device(printed))
        near = {
            key
            for key, names in self.products.get(vendor, {}).items()
            for name in names
            if fuzz.token_set_ratio(sought, self._without_maker(vendor, device(name))) >= _NEAR
        }
        return tuple(sorted(near))


_PLAIN = "its normalised name"
_COMPANY_FORMS: dict[str, Callable[[str], str]] = {
    "its exact name": str,
    _PLAIN: plain,
    "its name without the legal form": company,
}
_DEVICE_FORMS: dict[str, Callable[[str], str]] = {
    "its exact name": str,
    _PLAIN: plain,
    "its name without the version": device,
}
