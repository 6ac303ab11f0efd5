"""The thing that a page is about, and how the parts of its page ask the catalogue."""

from dataclasses import dataclass
from typing import Any

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.names import Names
from careatlas.service.state import Service


@dataclass(frozen=True)
class Subject:
    """The thing that a page is about, in a release."""

    service: Service
    release: Release
    iri: str
    names: Names

    @property
    def label(self) -> str:
        """What it is called."""
        return self.names.label[self.iri]

    def typed(self, question: str, parameter: str) -> str:
        """What is given as this parameter to mean the thing."""
        return self.names.to_type(get(question).parameter[parameter].type, self.iri)

    async def ask(self, question: str, **values: str) -> dict[str, Any]:
        """The answer to a question, as the API gives it.

        Raises:
            Problem: it does not come.
        """
        return await self.service.json(ask_job(self.release, question, values))


def ask_job(release: Release, name: str, values: dict[str, str]) -> dict[str, Any]:
    """The job that asks a question, the same as the API's."""
    return {
        "do": "ask",
        "releases": [str(release.path)],
        "question": name,
        "values": values,
        "encoding": None,
    }
