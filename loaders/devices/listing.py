"""From a row of a register to what becomes of it: a fact on a product, a proposal of one, or neither."""

from dataclasses import dataclass, field

from pydantic import ValidationError

from careatlas.graph.listings import Listing, UnknownDevice
from careatlas.graph.terms import slug
from careatlas.loaders.devices.known import Catalogue
from careatlas.loaders.feed import Kept, LeftOut, Outcome, Rejected
from careatlas.loaders.tables import reason

NO_COMPANY = "its company is not in the catalogue"
SEVERAL_COMPANIES = "its company's name is that of several companies of the catalogue"
AGAIN = "the same entry stands above"
NO_PRODUCT = "the catalogue has no product of this company by this name"
SEVERAL_PRODUCTS = "several products of this company go by this name"


@dataclass
class Lister:
    """Makes outcomes of rows, and knows which entries it met."""

    source: str
    catalogue: Catalogue
    everything: bool
    met: dict[tuple[str, str], tuple[str, dict[str, str]]] = field(default_factory=dict)
    proposed: set[str] = field(default_factory=set)
    """The devices that were proposed, each once however often it is listed."""

    def outcome(self, place: str, locator: str, row: dict[str, str]) -> Outcome:
        """What becomes of a row."""
        entry = slug(row["registry"]), slug(row["identifier"])
        before, said = self.met.setdefault(entry, (place, row))
        if before != place:
            if said == row:
                return LeftOut(place, AGAIN)
            return Rejected(place, f"{row['identifier']} stands at {before} with other words")
        company = self.catalogue.company(row["company"])
        if company.key is None and not self.everything:
            return LeftOut(place, SEVERAL_COMPANIES if company.keys else NO_COMPANY)
        try:
            listing = self._listing(locator, row, company.key, company.how)
        except ValidationError as wrong:
            return Rejected(place, reason(wrong))
        fresh = [one for one in listing.unknown if company.key and one.key not in self.proposed]
        self.proposed |= {one.key for one in fresh}
        proposals = tuple(
            f"{one.printed!r} of {row['company']} as a new product ({place})" for one in fresh
        )
        return Kept(place, (listing,), proposals)

    def _listing(self, locator: str, row: dict[str, str], vendor: str | None, how: str) -> Listing:
        products, unknown, ways = self._devices(vendor, row)
        known = f"company by {how}; product by {', '.join(ways)}" if products else None
        told = {name: value for name, value in row.items() if value}
        return Listing.model_validate(
            {
                **told,
                "source": self.source,
                "locator": locator,
                "vendor": vendor,
                "products": products,
                "unknown": unknown,
                "matched": known or (f"company by {how}" if vendor else None),
            }
        )

    def _devices(
        self, vendor: str | None, row: dict[str, str]
    ) -> tuple[tuple[str, ...], tuple[UnknownDevice, ...], tuple[str, ...]]:
        """The products that a row lists, those that it may list, and how the first were found."""
        printed = row["device"]
        if vendor is None:
            return (
                (),
                (
                    UnknownDevice(
                        printed=printed, maker=f"other/{slug(row['company'])}", reason=NO_COMPANY
                    ),
                ),
                (),
            )
        if number := self.catalogue.numbered(vendor, row["identifier"]):
            return (number,), (), ("the number of the submission",)
        whole = self.catalogue.product(vendor, printed)
        parts = [part.strip() for part in printed.split(";") if part.strip()]
        if whole.key or len(parts) < 2:  # noqa: PLR2004 - one name alone
            parts = [printed]
        found: dict[str, str] = {}
        unknown = []
        for part in dict.fromkeys(parts):
            match = self.catalogue.product(vendor, part)
            if match.key:
                found.setdefault(match.key, match.how)
                continue
            unknown.append(
                UnknownDevice(
                    printed=part,
                    maker=vendor,
                    reason=SEVERAL_PRODUCTS if match.keys else NO_PRODUCT,
                    candidates=match.keys or self.catalogue.near(vendor, part),
                )
            )
        return tuple(sorted(found)), tuple(unknown), tuple(sorted(set(found.values())))
