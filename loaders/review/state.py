"""A review as it stands: each proposal with the decision on it, and what follows for others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from careatlas.loaders.decisions import Reviewer, Standing
from careatlas.loaders.extraction.gazetteer import Gazetteer
from careatlas.loaders.review import naming
from careatlas.loaders.review.cells import fault
from careatlas.loaders.review.decisions import PARTS, Decision, Log, Verdict
from careatlas.loaders.review.proposals import Proposal

TAKEN = ("accept", "change")


class BadCellsError(ValueError):
    """Cells that are no row of their table."""

    def __init__(self, proposal: str, problem: str) -> None:
        super().__init__(proposal, problem)
        self.proposal = proposal
        self.problem = problem

    def __str__(self) -> str:
        return f"{self.proposal}: {self.problem}"


class Review(Standing[Proposal, Decision]):
    """The proposals of a document, and the decisions on them."""

    log: Log

    def __init__(self, proposals: list[Proposal], log: Log, names: Gazetteer) -> None:
        self.given = proposals
        self.log = log
        self.names = names
        self.refresh()

    def refresh(self) -> None:
        """See what is proposed, split or not, and what was decided on it."""
        self.decisions = self.log.standing()
        self.items: list[Proposal] = []
        for one in self.given:
            self.items += self._parts(one)
        self.by_id = {one.id: one for one in self.items}

    def _parts(self, one: Proposal) -> Iterator[Proposal]:
        """A proposal, and after it the parts that it was split into."""
        yield one
        decision = self.decisions.get(one.id)
        if decision and decision.verdict == "split":
            for number in range(1, int(decision.cells[PARTS]) + 1):
                yield from self._parts(replace(one, id=f"{one.id}.{number}"))

    def cells(self, one: Proposal) -> dict[str, str]:
        """The cells as they stand now: those found, with what was changed."""
        cells = dict(one.cells)
        decision = self.decisions.get(one.id)
        if decision and decision.verdict != "split":
            cells |= decision.cells
        if self._split(cells.get("deployment", "")):
            cells["deployment"] += ".1"
        return {name: cell for name, cell in cells.items() if cell}

    def _split(self, name: str) -> bool:
        decision = self.decisions.get(name)
        return decision is not None and decision.verdict == "split"

    def verdict(self, one: Proposal) -> Verdict | None:
        """What was decided; what speaks of a rejected deployment is rejected with it."""
        decision = self.decisions.get(one.id)
        parent = self.by_id.get(self.cells(one).get("deployment", ""))
        if parent is not None and self.verdict(parent) == "reject":
            return "reject"
        return decision.verdict if decision else None

    def waits(self, one: Proposal) -> bool:
        """Whether it was taken, but the deployment that it speaks of was not, or not yet."""
        parent = self.by_id.get(self.cells(one).get("deployment", ""))
        if parent is None:
            return bool(one.of)
        return self.verdict(parent) not in TAKEN

    def taken(self) -> list[Proposal]:
        """What is to be published."""
        taken = (one for one in self.items if self.verdict(one) in TAKEN)
        return [one for one in taken if not (one.of and self.waits(one))]

    def undecided_names(
        self, one: Proposal, cells: Mapping[str, str] | None = None
    ) -> list[naming.Name]:
        """The names in it that nobody has decided on."""
        read = naming.read(self.names, one.table, self.cells(one) if cells is None else cells)
        return [name for name in read if not name.decided]

    def of_other_bytes(self, document: str) -> list[Decision]:
        """Decisions that were made on another state of the document."""
        here = (one for name, one in self.decisions.items() if name in self.by_id)
        return [one for one in here if one.document and one.document != document]

    def decide(
        self,
        one: Proposal,
        verdict: Verdict,
        who: Reviewer,
        cells: Mapping[str, str] | None = None,
        why: str = "",
    ) -> Decision:
        """Write a decision down.

        Raises:
            BadCellsError: what would be taken is no row of its table.
            UnknownMeaningError: a name was said to mean what the release does not know.
        """
        made = self.decision(one, verdict, who, cells, why)
        self.record(made)
        return made

    def decision(
        self,
        one: Proposal,
        verdict: Verdict,
        who: Reviewer,
        cells: Mapping[str, str] | None = None,
        why: str = "",
    ) -> Decision:
        """A decision that fits the proposal, not yet written down.

        Raises:
            BadCellsError: what would be taken is no row of its table.
            UnknownMeaningError: a name was said to mean what the release does not know.
        """
        kept = dict(cells or {})
        if verdict in TAKEN:
            whole = {k: v for k, v in {**one.cells, **kept}.items() if v}
            problem = fault(one.table, whole)
            if not problem and one.of and whole.get("deployment") not in self.by_id:
                problem = (
                    f"deployment: {whole.get('deployment', '')!r} is no proposal of this document"
                )
            if problem:
                raise BadCellsError(one.id, problem)
            naming.read(self.names, one.table, whole)
            kept = {name: whole[name] for name in sorted(who.given) if name in whole} | kept
        sure, found = f"{one.found.confidence:.2f}", one.found
        return Decision(
            *(one.id, verdict, who.by, who.on, kept, why, sure, found.rule, one.place),
            document=who.document,
        )

    def imagine(self, decision: Decision) -> None:
        """Go on as if a decision had been made, without writing it down."""
        self.log.made.append(decision)
        self.refresh()

    def undone(self, last: Decision, who: Reviewer) -> Decision:
        """The line that takes a decision back."""
        return Decision(last.proposal, "undo", who.by, who.on, document=who.document)

    def changed(self, one: Proposal, cells: Mapping[str, str]) -> dict[str, str]:
        """What is other in these cells than in the proposal."""
        every = dict.fromkeys([*one.cells, *cells])
        return {k: cells.get(k, "") for k in every if cells.get(k, "") != one.cells.get(k, "")}


def accepted_above(
    review: Review, sure: float, who: Reviewer, among: Sequence[Proposal] | None = None
) -> tuple[list[Decision], list[str]]:
    """Accept by rule what nobody has decided on, and say in a line what could not be.

    A proposal with an undecided name, or that somebody postponed, is left to a person.
    """
    made: list[Decision] = []
    left: list[str] = []
    for one in review.items if among is None else among:
        if review.verdict(one) is not None or one.found.confidence <= sure:
            continue
        if open_ := review.undecided_names(one):
            left.append(f"{one.id}: {open_[0].printed!r} is not decided")
            continue
        try:
            made.append(
                review.decision(one, "accept", who, why=f"accepted above {sure:.2f} by rule")
            )
        except BadCellsError as bad:
            left.append(str(bad))
    review.record(*made)
    return made, left
