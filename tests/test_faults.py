"""Faults: whatever goes wrong, a home answers as before, or says what is damaged, and a build mends it."""

import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).parent.parent / "benchmarks" / "faults.py"
FEW = ("--kills", "6", "--failures", "4", "--damages", "5", "--pairs", "1", "--scarce", "2")


@pytest.mark.long
@pytest.mark.skipif(sys.platform != "linux", reason="limits and signals are those of Linux")
def test_no_fault_loses_or_changes_an_answer() -> None:
    done = subprocess.run(  # noqa: S603 - our own script
        [sys.executable, str(HARNESS), *FEW], capture_output=True, text=True, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0, done.stdout
    rows = [line.split(" | ") for line in done.stdout.splitlines()[2:]]
    assert len(rows) >= 6
    assert all(row[-1] == "0 |" for row in rows)
    killed = next(row for row in rows if row[0] == "| killed")
    assert killed[1] == "6"
