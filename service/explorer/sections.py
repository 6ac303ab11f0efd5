"""Which questions tell of a thing of each kind: the sections of its page, in their order."""

from typing import NamedTuple


class Asked(NamedTuple):
    """A question that a page asks about its thing."""

    title: str
    """How the section is headed."""
    question: str
    parameter: str
    """The parameter that the thing is given as."""


_CONFLICTS = Asked("Where sources disagree", "conflicts", "subject")
_AGREEMENTS = Asked("Agreements and partnerships", "partnerships", "organisation")

SECTIONS: dict[str, tuple[Asked, ...]] = {
    "trust": (
        Asked("What it uses, and how far along", "who-uses-what", "trust"),
        Asked("What it answered when asked", "disclosures", "trust"),
        Asked("How much it is used", "usage", "trust"),
        Asked("How it got there", "routes-stated", "trust"),
        Asked("Networks, board and group", "network-members", "trust"),
        Asked("Awards from programmes", "programme-awards", "organisation"),
        _AGREEMENTS,
        _CONFLICTS,
    ),
    "vendor": (
        Asked("Who uses its products", "who-uses-what", "vendor"),
        Asked("How far along", "vendor-by-status", "vendor"),
        Asked("How its customers got there", "routes-stated", "vendor"),
        Asked("How much is used", "usage", "vendor"),
        Asked("Deals with networks", "network-deals", "vendor"),
        Asked("Warnings", "vendor-failures", "vendor"),
        _AGREEMENTS,
        _CONFLICTS,
    ),
    "product": (
        Asked("Who uses it", "who-uses-what", "product"),
        Asked("How its users got it", "routes-stated", "product"),
        Asked("One product, several routes", "same-product-different-routes", "product"),
        Asked("How much it is used", "usage", "product"),
    ),
    "network": (
        Asked("Members", "network-members", "network"),
        Asked("What members and the network use", "who-uses-what", "network"),
        Asked("What was had through it", "use-via-network", "network"),
        Asked("Deals", "network-deals", "network"),
        Asked("Funding", "funded-networks", "network"),
    ),
    "icb": (
        Asked("Adoption", "adoption", "icb"),
        Asked("What trusts in its area use", "who-uses-what", "icb"),
    ),
    "region": (
        Asked("Adoption", "adoption", "region"),
        Asked("What trusts of the region use", "who-uses-what", "region"),
        Asked("Gaps by clinical domain", "domain-gaps", "region"),
    ),
    "study": (Asked("Who takes part", "studies", "study"),),
}
