"""The thing that a page is about, and how the parts of its page ask the catalogue."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from careatlas.graph.questions import get
from careatlas.graph.release import Release
from careatlas.service.explorer.names import Names
from careatlas.service.problems import Problem
from careatlas.service.state import Service


@dataclass(frozen=True)
class Subject:
    """The thing that a page is about, in a release."""

    service: Service
    release: Release
    iri: str
    names: Names
    asked: dict[tuple[object, ...], asyncio.Future[dict[str, Any]]] = field(default_factory=dict)
    """What has been asked for this page."""
    waiting: list[tuple[tuple[object, ...], dict[str, Any]]] = field(default_factory=list)
    """What is to be asked next, all together."""
    tasks: list[asyncio.Task[None]] = field(default_factory=list)

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
            self.asked[key] = asyncio.get_running_loop().create_future()
            if not self.waiting:
                self.tasks.append(asyncio.ensure_future(self._ask()))
            self.waiting.append((key, ask_job(self.release, question, values)))
        return await self.asked[key]

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

    async def _ask(self) -> None:
        """Ask together for all that the parts of a page have asked for by now."""
        await asyncio.sleep(0)
        waiting, self.waiting[:] = self.waiting[:], []
        try:
            answers = await self.service.asked([job for _, job in waiting])
        except Problem as problem:
            for key, _ in waiting:
                self.asked[key].set_exception(problem)
        else:
            for (key, _), answer in zip(waiting, answers, strict=True):
                self.asked[key].set_result(answer)


def ask_job(release: Release, name: str, values: dict[str, str]) -> dict[str, Any]:
    """The job that asks a question, the same as the API's."""
    return {
        "do": "ask",
        "releases": [str(release.path)],
        "question": name,
        "values": values,
        "encoding": None,
    }
