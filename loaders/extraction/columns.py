"""The columns of the rows of candidates: those of the questions or tables, and how it was found."""

from careatlas.graph.agreements import Agreement, Milestone, StudySite
from careatlas.graph.procurement import Award
from careatlas.graph.records import Record

_THING = ["trust", "ods", "vendor", "product", "description"]
_PLACE = ["source", "locator"]
_WITHOUT = {"key", "award", "also", "confidence", *_PLACE}
"""What whoever accepts a row gives it: its key, and how sure he is."""


def _own(record: type[Record]) -> list[str]:
    """The columns of a table that a document can fill."""
    return [*(name for name in record.model_fields if name not in _WITHOUT), *_PLACE]


STATED: dict[str, list[str]] = {
    "agreements": _own(Agreement),
    "studies": _own(StudySite),
    "projects": _own(Milestone),
    "awards": _own(Award),
    "corrections": ["trust", "vendor", "product", "said", "holds", "supersedes", *_PLACE],
}
"""What is not about one deployment: the columns of its table."""
COLUMNS: dict[str, list[str]] = {
    "disclosures": ["trust", "ods", "answer", "detail", "exemption", "reported", *_PLACE],
    "deployments": [
        *_THING,
        *("use_case", "status", "route_type", "involvement", "route", "reported"),
        *("site", "integrated_with", "study", "valid_from", "specialty", "modality"),
        *_PLACE,
    ],
    "usage": [
        *_THING,
        *("min", "max", "approximate", "unit", "per", "period_start", "period_end"),
        *_PLACE,
    ],
    "routes": [*_THING, "route_type", "involvement", "route", *_PLACE],
    **STATED,
}
"""The columns of each kind of record: of the question or the table that holds it."""
EXTRA = ["confidence", "rule", "printed", "new_entity", "candidates"]
"""What stands after them: how it was found, and what a person has to decide."""
