"""The thing that a page is about, and how the parts of its page ask the catalogue."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.names import Names
from careatlas.service.state import Service

_Answers = asyncio.Task[list[dict[str, Any]]]


@dataclass(frozen=True)
class Subject:
    """The thing that a page is about, in a release."""

    service: Service
    release: Release
    iri: str
    names: Names
    asked: dict[tuple[object, ...], tuple[_Answers, int]] = field(default_factory=dict)
    """What has been asked for this page: the answers that come together, and the place among them."""
    waiting: list[dict[str, Any]] = field(default_factory=list)
    """What is to be asked next, all together."""
    batches: list[_Answers] = field(default_factory=list)

    @property
    def label(self) -> str:
        """What it is called."""
        return self.names.label[self.iri]

    @property
    def code(self) -> str:
        """The end of its IRI; of a trust that is its ODS code."""
        return self.iri.rsplit("/", 1)[-1]

    def typed(self, question: str, parameter: str) -> str:
        """What is given as this parameter to mean the thing."""
        return self.names.to_type(get(question).parameter[parameter].type, self.iri)

    async def ask(self, question: str, **values: str) -> dict[str, Any]:
        """The answer to a question, as the API gives it; asked once, however many parts of a page ask.

        Raises:
            Problem: it does not come.
        """
        key = (question, *sorted(values.items()))
        if key not in self.asked:
            if not self.waiting:
                self.batches.append(asyncio.ensure_future(self._ask()))
            self.asked[key] = self.batches[-1], len(self.waiting)
            self.waiting.append(ask_job(self.release, question, values))
        answers, at = self.asked[key]
        return (await answers)[at]

    async def part(self, question: str, column: str, value: str) -> dict[str, Any]:
        """The rows of the answer on everything that have a value in a column.

        That answer is worked out once for a release. It is quicker than to ask for one thing after the
        other: for one thing an engine takes longer to plan than to look up.

        Raises:
            Problem: the answer does not come.
        """
        key = (str(self.release.path), question, column)
        parts = self.service.parts.get(key) or self.service.parts.keep(
            key, await self.ask(question)
        )
        return parts.get(value, parts[""])

    async def _ask(self) -> list[dict[str, Any]]:
        """The answers to all that the parts of a page have asked for by now."""
        await asyncio.sleep(0)
        jobs, self.waiting[:] = self.waiting[:], []
        return await self.service.asked(jobs)


def ask_job(release: Release, name: str, values: dict[str, str]) -> dict[str, Any]:
    """The job that asks a question, the same as the API's."""
    return {
        "do": "ask",
        "releases": [str(release.path)],
        "question": name,
        "values": values,
        "encoding": None,
    }
