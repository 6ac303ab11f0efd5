"""Asks whether an advisory speaks of a package in the lock file; says so where none could be had."""

import json
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent.parent / "requirements.lock"


def main() -> int:
    """Print what was found; 1 if an advisory speaks of a package, or if the audit itself fails."""
    command = [
        *(sys.executable, "-m", "pip_audit", "--disable-pip", "--requirement", str(LOCK)),
        *("--format", "json", "--progress-spinner", "off", "--timeout", "15"),
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if not done.stdout.startswith("{"):
        cause = (done.stderr.strip().splitlines() or ["pip-audit said nothing"])[-1]
        if "Connection" in cause or "resolve" in cause or "timed out" in cause:
            sys.stdout.write(f"nothing was audited, since no advisory could be had: {cause}\n")
            return 0
        sys.stderr.write(done.stderr)
        return 1
    told = json.loads(done.stdout)["dependencies"]
    audited = [one for one in told if "skip_reason" not in one]
    found = [(one, flaw) for one in audited for flaw in one["vulns"]]
    for one, flaw in found:
        fixed = ", ".join(flaw["fix_versions"]) or "no version"
        sys.stdout.write(f"{one['name']} {one['version']}: {flaw['id']}, mended in {fixed}\n")
    if audited:
        sys.stdout.write(f"{len(audited)} of {len(told)} packages were audited\n")
    else:
        sys.stdout.write(f"nothing was audited: of {len(told)} packages no advisory could be had\n")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main())
