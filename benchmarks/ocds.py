"""Releases a second of loading notices, and the memory that it takes, for many made-up releases of real shapes.

Run `python benchmarks/ocds.py [--releases 100000]`; it fails below 2,000 releases a second, above 1 GB,
or where a release is not accounted for. With `--all` every notice is kept, and its statements are written:
that takes longer, and only its memory has a bound. With `--package` the releases stand in one package instead of
one on each line. One process in fifty is about clinical AI; a third have releases that come later and
hold only what changed.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter
from typing import Any

WANTED, MOST_MEGABYTES = 2_000.0, 1_024
BUYERS = 4_000
ABOUT = "Provision of services and goods as set out in the documents of the procedure, for a term of years. "
SUBJECTS = (
    ("Grounds maintenance and artificial turf", "77314000"),
    ("Roof repairs at two schools", "45261910"),
    ("Supply of chemicals", "24311521"),
    ("Teleradiology reporting service", "85150000"),
    ("Hip implants and artificial limbs", "33183100"),
)
CLINICAL = ("Artificial intelligence for chest X-ray reporting", "33110000")


def party(number: int, role: str) -> dict[str, Any]:
    """A made-up party as Find a Tender publishes one, with its contact."""
    name = f"Body {number:05} NHS Trust" if role == "buyer" else f"Supplier {number:06} Limited"
    return {
        "name": name,
        "id": f"GB-PPON-P{number:06}",
        "identifier": {"scheme": "GB-PPON", "id": f"P{number:06}"},
        "address": {
            "streetAddress": "1 High Street",
            "locality": "Dale",
            "postalCode": "DA1 1AA",
            "country": "GB",
            "region": "UKE42",
        },
        "contactPoint": {
            "name": "Somebody",
            "email": "somebody@example.org",
            "telephone": "+441234567890",
        },
        "roles": [role],
        "details": {"url": "https://example.org", "scale": "sme", "vcse": False},
    }


def release(number: int) -> dict[str, Any]:
    """A made-up release: a whole one, or each third time a later one that holds only changes."""
    process, later = divmod(number, 3)
    clinical = process % 50 == 0
    title, code = CLINICAL if clinical else SUBJECTS[process % len(SUBJECTS)]
    made: dict[str, Any] = {
        "ocid": f"ocds-h6vhtk-{process:08x}",
        "id": f"{number:07}-2026",
        "date": f"2026-0{1 + later}-{1 + process % 28:02}T10:00:00+01:00",
        "tag": [("tender", "award", "contractUpdate")[later]],
        "initiationType": "tender",
        "language": "en",
        "buyer": {
            "id": f"GB-PPON-P{process % BUYERS:06}",
            "name": f"Body {process % BUYERS:05} NHS Trust",
        },
    }
    notice = {
        "id": made["id"],
        "documentType": "contractNotice",
        "noticeType": f"UK{(4, 6, 10)[later]}",
        "url": f"https://example.org/Notice/{made['id']}",
        "datePublished": made["date"],
        "format": "text/html",
    }
    value = {"amount": 1000.5 + number, "amountGross": 1200.6 + number, "currency": "GBP"}
    if later == 0:
        made["parties"] = [party(process % BUYERS, "buyer")]
        made["tender"] = {
            "id": f"T{process}",
            "title": title,
            "description": ABOUT * 8,
            "status": "active",
            "legalBasis": {"id": "2023/54", "scheme": "UKPGA"},
            "procurementMethod": "open",
            "procurementMethodDetails": "Open procedure",
            "value": value,
            "documents": [notice],
            "mainProcurementCategory": "services",
            "items": [
                {
                    "id": "1",
                    "additionalClassifications": [
                        {"scheme": "CPV", "id": code, "description": title}
                    ],
                    "relatedLot": "1",
                }
            ],
            "lots": [
                {
                    "id": "1",
                    "title": title,
                    "status": "active",
                    "value": value,
                    "contractPeriod": {
                        "startDate": "2026-05-01T00:00:00+01:00",
                        "endDate": "2028-04-30T23:59:59+01:00",
                    },
                }
            ],
        }
    elif later == 1:
        made["parties"] = [party(process % BUYERS, "buyer"), party(process, "supplier")]
        made["awards"] = [
            {
                "id": "1",
                "status": "active",
                "suppliers": [
                    {"id": f"GB-PPON-P{process:06}", "name": f"Supplier {process:06} Limited"}
                ],
                "value": value,
                "relatedLots": ["1"],
                "documents": [notice],
            }
        ]
    else:
        made["contracts"] = [
            {
                "id": "1",
                "awardID": "1",
                "status": "active",
                "dateSigned": made["date"],
                "value": value,
                "documents": [notice],
            }
        ]
    return made


def make(path: Path, releases: int, package: bool) -> None:
    """Write so many releases, as lines or as one package."""
    with path.open("w", encoding="utf-8") as file:
        if package:
            file.write('{"version": "1.1", "releases": [\n')
        for number in range(releases):
            end = "" if not package else "," if number + 1 < releases else "]}"
            file.write(json.dumps(release(number)) + end + "\n")


def run(path: Path, everything: bool) -> None:
    """Load a file in this process, on one core, and print the counts, seconds and megabytes."""
    from careatlas import data
    from careatlas.graph.loaded import LoadedSources
    from careatlas.loaders.feed import Wanted, collect
    from careatlas.loaders.ocds import feed

    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    started = perf_counter()
    spent = os.times()
    opened = feed([path], Wanted(None, None, everything, data.folder()))
    found = collect(opened, {}, folder=path.parent)
    LoadedSources(path.parent / "sources").keep(opened.source.id, found.quads, {})
    found.quads.close()
    used = sum(os.times()[:2]) - sum(spent[:2])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    counts = (found.rows, found.records, found.left_out.total(), len(found.rejects))
    sys.stdout.write(json.dumps([*counts, perf_counter() - started, used, peak]) + "\n")


def main() -> int:
    """Measure; 1 where a bound is not kept."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--releases", type=int, default=100_000)
    parser.add_argument("--package", action="store_true")
    parser.add_argument("--all", action="store_true", help="keep every notice")
    parser.add_argument("--run", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.run:
        run(options.run, options.all)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / ("releases.json" if options.package else "releases.jsonl")
        make(path, options.releases, options.package)
        size = path.stat().st_size / 2**20
        command = [sys.executable, __file__, "--run", str(path), *["--all"] * options.all]
        done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    rows, records, left_out, rejects, seconds, used, peak = json.loads(done.stdout)
    rate = rows / used
    sys.stdout.write(
        f"{rows:,} releases ({size:,.0f} MB): {rate:,.0f} a second of the processor ({rows / seconds:,.0f} by the clock), "
        f"{peak:,.0f} MB at most; records {records:,} left out {left_out:,} rejects {rejects:,}\n"
    )
    whole = rows == options.releases == records + left_out + rejects
    fast = options.all or rate >= WANTED
    return 0 if whole and fast and peak <= MOST_MEGABYTES else 1


if __name__ == "__main__":
    sys.exit(main())
