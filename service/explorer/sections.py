"""Which questions tell of a thing of each kind: the sections of its page, in their order."""

from typing import NamedTuple


class Asked(NamedTuple):
    """A question that a page asks about its thing."""

    title: str
    """How the section is headed."""
    question: str
    parameter: str
    """The parameter that the thing is given as."""
    also: tuple[tuple[str, str], ...] = ()
    """Other parameters, each with its value."""
    columns: tuple[str, ...] = ()
    """The columns to show, among them those that `tables` joins; without any, what the question shows."""
    says: str = ""
    """A sentence below the heading."""
    by: str = ""
    """The column of the thing's code, where its rows are taken from the answer on everything."""

    @property
    def name(self) -> str:
        """The anchor of the section."""
        return "-".join((self.question, *(value for _, value in self.also)))


_CONFLICTS = Asked("Where sources disagree", "conflicts", "subject")
_AGREEMENTS = Asked("Agreements and partnerships", "partnerships", "organisation")
_OF_TRUSTS = (
    *("trust", "type", "answer", "reports", "live", "vendors", "opened", "closed"),
    *("answer_source", "answer_locator"),
)

_ANNOUNCED = "Announced by networks, funds and vendors, and what trusts say themselves"
_SAYS_ITSELF = "Silence is not a no, and a denial before an announcement need not contradict it."
_ASSURED = "In routine use against its guidance"
_TOUCHED = "Who is touched if it fails, is recalled or ends"
_LIKE = "How much in a year, like with like"

_STAGE = ("status", "how", "reported", "source", "locator")
_HAD = ("what", "vendor", *_STAGE)
_USED = ("trust", "description", *_STAGE)
_OF_ONE = ("trust", "what", *_STAGE)

SECTIONS: dict[str, tuple[Asked, ...]] = {
    "trust": (
        Asked("What it uses, trials and plans", "who-uses-what", "trust", columns=_HAD, by="ods"),
        Asked("What it answered when asked", "disclosures", "trust", by="ods"),
        Asked("How much it is used", "usage", "trust", by="ods"),
        Asked("How it got there", "routes-stated", "trust", by="ods"),
        Asked("Networks and groups", "network-members", "trust", by="ods"),
        Asked(_ANNOUNCED, "announcement-against-reality", "trust", says=_SAYS_ITSELF, by="ods"),
        Asked(_ASSURED, "assurance-against-use", "trust", by="ods"),
        Asked("Awards from programmes", "programme-awards", "organisation"),
        Asked("Mergers", "organisation-changes", "organisation"),
        _AGREEMENTS,
        _CONFLICTS,
    ),
    "vendor": (
        Asked("Its products", "vendor-products", "vendor"),
        Asked("Who uses its products", "who-uses-what", "vendor", columns=_OF_ONE),
        Asked("How well evidenced", "independent-evidence", "vendor"),
        Asked("How its customers got there", "routes-stated", "vendor"),
        Asked("How much is used", "usage", "vendor"),
        Asked(_LIKE, "like-with-like", "vendor"),
        Asked(_ANNOUNCED, "announcement-against-reality", "vendor", says=_SAYS_ITSELF),
        Asked("What regulators and NICE say", "regulatory-facts", "vendor"),
        Asked(_ASSURED, "assurance-against-use", "vendor"),
        Asked("Ownership, and what changed", "organisation-changes", "organisation"),
        Asked("Who depends on the companies it owns", "ownership-exposure", "owner"),
        Asked("Who was left with it when it failed", "vendor-failures", "vendor"),
        Asked(_TOUCHED, "blast-radius", "vendor"),
        Asked("Deals with networks", "network-deals", "vendor"),
        Asked("Studies, awards and systems", "product-ties", "vendor"),
        Asked("Sites for research alone", "research-only-users", "vendor"),
        _AGREEMENTS,
        _CONFLICTS,
    ),
    "product": (
        Asked("Who uses it", "who-uses-what", "product", columns=_USED),
        Asked("How well evidenced", "independent-evidence", "product"),
        Asked("How its users got it", "routes-stated", "product"),
        Asked("One product, several routes", "same-product-different-routes", "product"),
        Asked("How much it is used", "usage", "product"),
        Asked(_LIKE, "like-with-like", "product"),
        Asked(_ANNOUNCED, "announcement-against-reality", "product", says=_SAYS_ITSELF),
        Asked("What regulators and NICE say", "regulatory-facts", "product"),
        Asked(_ASSURED, "assurance-against-use", "product"),
        Asked(_TOUCHED, "blast-radius", "product"),
        Asked("Studies, awards and systems", "product-ties", "product"),
    ),
    "network": (
        Asked("Members, with their roles and dates", "network-members", "network"),
        Asked("What its trusts answered", "trusts", "network", columns=_OF_TRUSTS),
        Asked("Who among its members uses what", "who-uses-what", "network"),
        Asked("What was had through it", "use-via-network", "network"),
        Asked(_ANNOUNCED, "announcement-against-reality", "network", says=_SAYS_ITSELF),
        Asked("Deals", "network-deals", "network"),
        Asked("Funding", "funded-networks", "network"),
    ),
    "icb": (
        Asked("Its trusts, and what they answered", "trusts", "icb", columns=_OF_TRUSTS),
        Asked("Who in its area uses what", "who-uses-what", "icb"),
    ),
    "region": (
        Asked("Its trusts, and what they answered", "trusts", "region", columns=_OF_TRUSTS),
        Asked("Who in the region uses what", "who-uses-what", "region"),
    ),
    "study": (
        Asked(
            "What is studied, and under which number",
            "study-facts",
            "study",
            columns=("product", "registry", "state", "starts", "ends", "source", "locator"),
        ),
        Asked(
            "Who takes part, and in which part",
            "studies",
            "study",
            columns=(
                "organisation",
                "role",
                "product",
                "integrated_with",
                "period_start",
                "period_end",
                "source",
                "locator",
            ),
            says="Taking part is research: no purchase, and not routine use.",
        ),
    ),
    "agreement": (
        Asked(
            "Parties, and what is stated of it",
            "agreement-terms",
            "agreement",
            columns=("party", "role", "unresolved", "section", "source", "locator"),
            says="An agreement is no evidence that anything was bought or is used.",
        ),
    ),
    "project": (Asked("The same as a table", "project-milestones", "project"),),
    "instrument": (
        Asked("Its terms, as its sources give them", "instrument-terms", "instrument"),
        Asked("When it ends, and who may still join", "instrument-clock", "instrument"),
        Asked(
            "Who has a place on it",
            "framework-suppliers",
            "instrument",
            says="A place is no call-off, and no evidence of use.",
        ),
        Asked("What was bought or had under it", "had-under-instrument", "instrument"),
        Asked(_TOUCHED, "blast-radius", "instrument"),
    ),
    "programme": (
        Asked("Its terms, as its sources give them", "instrument-terms", "programme"),
        Asked(
            "Awards and places that it gave",
            "programme-awards",
            "programme",
            says="An award is not use, and one to a network is not each member\u2019s.",
        ),
        Asked("Networks that it funded, and who is in each", "funded-networks", "programme"),
        Asked("What else was had through it", "had-under-instrument", "programme"),
        Asked(_ANNOUNCED, "announcement-against-reality", "programme", says=_SAYS_ITSELF),
        Asked(_TOUCHED, "blast-radius", "programme"),
    ),
    "procedure": (
        Asked("Its terms, as the notice gives them", "instrument-terms", "procedure"),
        Asked("When it ends", "instrument-clock", "procedure"),
        Asked("Who buys, and from whom", "had-under-instrument", "procedure"),
    ),
    "governance-instrument": (
        Asked("Its terms, as its sources give them", "instrument-terms", "governance_instrument"),
    ),
}
