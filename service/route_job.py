"""The ways by which a trust could get something, as a job of a worker."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from careatlas.graph.answer import ParameterError
from careatlas.graph.labels import AmbiguousNameError, Labels, UnknownNameError
from careatlas.graph.release import Release
from careatlas.graph.route_table import document, flat
from careatlas.graph.routes import Wanted, find_sought, routes
from careatlas.service.evidence import sources
from careatlas.service.problems import Problem

if TYPE_CHECKING:
    from careatlas.service.operations import Output


def find_routes(releases: list[Release], job: Mapping[str, Any], output: "Output") -> None:
    """Search for ways, and write them as objects in JSON, or flat as rows of texts."""
    release, values = releases[0], job["values"]
    labels = Labels(release.labels)
    _check(values, labels)
    wanted = Wanted(
        values["for"], values["to"], values.get("as_of", ""), values.get("known_by", "")
    )
    try:
        found = routes(release.store, labels, wanted, release.manifest["as_of"])
    except ParameterError as error:
        raise Problem(422, "wrong-parameter", error.problem, field=error.name) from None
    whole = document(found, release.name)
    cited = [
        *whole["own"],
        *(one for option in whole["options"] for one in option["evidence"] + option["warnings"]),
    ]
    whole["sources"] = sources(release, cited)
    if job["flat"]:
        whole["options"] = [flat(option) for option in whole["options"]]
    output.head["media"] = "application/json"
    output.write(json.dumps(whole, ensure_ascii=False).encode())


def _check(values: Mapping[str, str], labels: Labels) -> None:
    """Say of a name what is wrong with it, with its field."""
    for field in ("for", "to"):
        try:
            if field == "for":
                labels.find("trust", values[field])
            else:
                find_sought(labels, values[field])
        except UnknownNameError as error:
            raise Problem(
                422, "unknown-name", str(error), field=field, nearest=error.nearest
            ) from None
        except AmbiguousNameError as error:
            raise Problem(
                422, "ambiguous-name", str(error), field=field, found=error.found
            ) from None
