"""Faults put into the real data at random: validation catches at least 95 of 100."""

from collections import Counter
from collections.abc import Sequence

import pytest
from mutations import Mutation, World, batches, mutations
from pyoxigraph import Quad, Store

from careatlas import data
from careatlas.build import assemble
from careatlas.graph import validate
from careatlas.graph.derive import derive
from careatlas.graph.findings import Finding
from careatlas.graph.terms import GRAPHS
from careatlas.loaders.tables import harvest

EACH = 48
"""So many faults of each of the seven kinds."""
SEED = 149
BATCH = 48
BAR = 0.95
REASONS = {
    "drop": "the thing may lack such a statement, and nothing else in the data implies it",
    "swap": "each of the two things may have the value of the other, and nothing else tells",
    "retarget": "a thing of the other class, too, may stand here",
    "duplicate": "the thing may have several such values",
}


class Judge:
    """Says what validation finds in the data with faults that it does not find in the data as it is."""

    def __init__(self) -> None:
        found = harvest(data.folder())
        self.day = found.latest
        store = Store()
        store.extend(assemble(found))
        self.quads = set(store)
        self.runs = 0
        self.before = self.findings(self.quads)

    @property
    def stated(self) -> list[Quad]:
        """What sources state, and what is stated of them: all but the ontology."""
        return [quad for quad in self.quads if quad.graph_name != GRAPHS["ontology"]]

    def findings(self, quads: set[Quad]) -> set[Finding]:
        """The violations and warnings, after everything was derived anew."""
        self.runs += 1
        store = Store()
        store.extend(quads)
        derive(store, self.day)
        return {one for one in validate.validate(store) if one.severity != "Info"}

    def new(self, faults: Sequence[Mutation]) -> set[Finding]:
        """What faults that are there together add to the findings."""
        quads = set(self.quads)
        for fault in faults:
            fault.apply(quads)
        return self.findings(quads) - self.before

    def uncaught(self, faults: Sequence[Mutation]) -> list[Mutation]:
        """The faults that nothing is found for, by halving: no finding means that none is caught."""
        if not faults or (not (new := self.new(faults))):
            return list(faults)
        if len(faults) == 1:
            return []
        half = len(faults) // 2
        assert new
        return self.uncaught(faults[:half]) + self.uncaught(faults[half:])


def named(finding: Finding, faults: Sequence[Mutation], world: World) -> Mutation | None:
    """The fault that a finding speaks of: one whose things it names, or else lies beside it."""
    near = [
        fault
        for fault in faults
        if any(name == finding.focus or name in finding.message for name in world.names(fault))
    ]
    near = near or [fault for fault in faults if finding.focus in world.footprint(fault)]
    return near[0] if len(near) == 1 else None


def missed(judge: Judge, world: World, faults: Sequence[Mutation]) -> list[Mutation]:
    """The faults that validation does not catch."""
    left = []
    for batch in batches(world, faults, BATCH):
        caught = {named(finding, batch, world) for finding in judge.new(batch)}
        left += [fault for fault in batch if fault not in caught]
    return judge.uncaught(left)


def report(faults: Sequence[Mutation], uncaught: Sequence[Mutation]) -> str:
    """How many faults of each kind were caught, and which were not, with the reason."""
    every, lost = Counter(fault.kind for fault in faults), Counter(fault.kind for fault in uncaught)
    lines = [f"{kind}: {every[kind] - lost[kind]} of {every[kind]} caught" for kind in every]
    lines += [f"not caught, as {REASONS.get(fault.kind, '?')}: {fault}" for fault in uncaught]
    return "\n".join(lines)


@pytest.mark.long
def test_faults_in_the_real_data_are_caught(capsys: pytest.CaptureFixture[str]) -> None:
    judge = Judge()
    world = World(judge.stated)
    faults = mutations(world, EACH, SEED)
    uncaught = missed(judge, world, faults)
    with capsys.disabled():
        print("", report(faults, uncaught), f"{judge.runs} validations", sep="\n")  # noqa: T201
    assert len(faults) >= 300
    assert 1 - len(uncaught) / len(faults) >= BAR, report(faults, uncaught)
