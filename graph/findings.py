"""Findings: what a shape or a check says of a graph."""

from collections.abc import Iterable
from dataclasses import dataclass

SEVERITIES = ("Violation", "Warning", "Info")


@dataclass(frozen=True, order=True)
class Finding:
    """One thing that a rule found wrong, or worth a look."""

    severity: str
    rule: str
    focus: str
    message: str

    def __str__(self) -> str:
        return f"{self.severity} {self.rule} {self.focus}: {self.message}"


def count(findings: Iterable[Finding]) -> dict[str, int]:
    """The number of findings of each severity, worst first."""
    tally = dict.fromkeys(SEVERITIES, 0)
    for finding in findings:
        tally[finding.severity] += 1
    return tally
