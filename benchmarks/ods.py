"""How fast, and in how much memory, the full register of organisations is read, zip in zip.

Run `python benchmarks/ods.py [--organisations 300000]`; it makes up a register of the shape and the
mixture of the real one, and fails where the rate is below its bound or the memory above it.
With `--all` every organisation is kept and its statements are written: only the memory then has a bound.
"""

import argparse
import resource
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from careatlas.loaders.feed import Feed

RATE = 10_000
"""Organisations a second."""
MEMORY = 1_024
"""MiB."""
MIXTURE = (
    *[("RO198", "NHS TRUST SITE", 150), ("RO177", "PRESCRIBING COST CENTRE", 120)],
    *[("RO101", "SOCIAL CARE SITE", 300), ("RO182", "PHARMACY", 100), ("RO157", "NON-NHS", 90)],
    *[("RO180", "PRIMARY CARE TRUST SITE", 200), ("RO172", "INDEPENDENT SECTOR PROVIDER", 10)],
    *[("RO272", "PRIMARY CARE NETWORK", 5), ("RO98", "CLINICAL COMMISSIONING GROUP", 2)],
    *[("RO197", "NHS TRUST", 3), ("RO261", "STRATEGIC PARTNERSHIP", 1), ("RO176", "SITE", 19)],
)
"""Primary roles, and how many of a thousand organisations have each."""
_ROOT = "2.16.840.1.113883.2.1.3.2.4.18.48"


def _dates(start: str, end: str = "") -> str:
    closed = f'\n          <End value="{end}" />' if end else ""
    return (
        '        <Date>\n          <Type value="Operational" />\n'
        f'          <Start value="{start}" />{closed}\n        </Date>\n'
    )


def _target(code: str, role: str) -> str:
    return (
        f'          <Target>\n            <OrgId root="{_ROOT}" assigningAuthorityName="HSCIC" '
        f'extension="{code}" />\n            <PrimaryRoleId id="{role}" uniqueRoleId="1" />\n'
        "          </Target>\n"
    )


def _code(number: int) -> str:
    return f"{number:06X}"


def _roles_in_turn() -> list[tuple[str, str]]:
    """A thousand roles in the mixture, well stirred."""
    plain = [(role, name) for role, name, many in MIXTURE for _ in range(many)]
    return [plain[place * 7 % len(plain)] for place in range(len(plain))]


def organisation(number: int, role: str, name: str, trust: str, board: str) -> str:
    """One organisation as the register writes it."""
    other = "RO318" if role == "RO261" else "RO76"
    called = f"NHS {number} INTEGRATED CARE BOARD" if role == "RO261" else f"{name} {number}"
    ties = [("RE6", trust, "RO197", "")] if role == "RO198" else [("RE4", board, "RO261", "")]
    ties += [("RE5", board, "RO261", ""), ("RE5", _code(number // 2), "RO132", "2013-03-31")]
    rels = "".join(
        f'      <Rel id="{kind}" uniqueRelId="{number * 3 + place}">\n{_dates("2001-04-01", end)}'
        f'        <Status value="{"Inactive" if end else "Active"}" />\n{_target(code, of)}      </Rel>\n'
        for place, (kind, code, of, end) in enumerate(ties)
    )
    follows = (
        f'    <Succs>\n      <Succ uniqueSuccId="{number}">\n{_dates("2019-04-01")}'
        f'        <Type value="Predecessor" />\n{_target(_code(number - 7), role)}      </Succ>\n    </Succs>\n'
        if number % 26 == 0 and number
        else ""
    )
    return f"""  <Organisation orgRecordClass="{"RC2" if role == "RO198" else "RC1"}">
    <Name>{called}</Name>
{_dates("1993-04-01")}    <OrgId root="{_ROOT}" assigningAuthorityName="HSCIC" extension="{_code(number)}" />
    <Status value="Active" />
    <LastChangeDate value="2024-06-24" />
    <GeoLoc>
      <Location>
        <AddrLn1>THE HOUSE</AddrLn1>
        <AddrLn2>{number} LONG ROAD</AddrLn2>
        <Town>SOUTHSEA</Town>
        <PostCode>PO5 3ND</PostCode>
        <Country>ENGLAND</Country>
        <UPRN>{1775000000 + number}</UPRN>
      </Location>
    </GeoLoc>
    <Contacts>
      <Contact type="tel" value="023 9282 1371" />
    </Contacts>
    <Roles>
      <Role id="{role}" uniqueRoleId="{number}" primaryRole="true">
{_dates("1993-04-01")}        <Status value="Active" />
      </Role>
      <Role id="{other}" uniqueRoleId="{number + 10**6}">
{_dates("2014-04-15")}        <Status value="Active" />
      </Role>
    </Roles>
    <Rels>
{rels}    </Rels>
{follows}  </Organisation>
"""


def register(many: int) -> Iterator[str]:
    """The full register, piece by piece."""
    yield (
        '<?xml version="1.0" encoding="utf-8"?>\n<HSCOrgRefData:OrgRefData '
        'xmlns:HSCOrgRefData="http://refdata.hscic.gov.uk/org/v2-0-0">\n<Manifest>\n'
        '  <Version value="2-0-0" />\n  <PublicationDate value="2026-07-28" />\n'
        f'  <RecordCount value="{many}" />\n</Manifest>\n<Organisations>\n'
    )
    turn = _roles_in_turn()
    trusts = [place for place, (role, _) in enumerate(turn) if role == "RO197"]
    boards = [place for place, (role, _) in enumerate(turn) if role == "RO261"]
    for number in range(many):
        block = number // 1000 * 1000
        trust, board = trusts[number % len(trusts)], boards[0]
        role, name = turn[number % 1000]
        yield organisation(number, role, name, _code(block + trust), _code(block + board))
    yield "</Organisations>\n</HSCOrgRefData:OrgRefData>\n"


def write(folder: Path, many: int) -> Path:
    """The register as it is published: a ZIP file that holds one of the XML."""
    inner, outer = folder / "fullfile.zip", folder / "hscorgrefdataxml_data.zip"
    name = "HSCOrgRefData_Full_20260728.xml"
    with (
        zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as package,
        package.open(name, "w", force_zip64=True) as file,
    ):
        for piece in register(many):
            file.write(piece.encode())
    with zipfile.ZipFile(outer, "w") as package:
        package.write(inner, inner.name)
    inner.unlink()
    return outer


def read(path: Path, everything: bool) -> None:
    """Read a register whole, counting what becomes of its rows, and print the figures."""
    from careatlas import data
    from careatlas.loaders.feed import Kept, Wanted
    from careatlas.loaders.ods import feed

    started, worked = perf_counter(), process_time()
    rows = kept = records = 0
    opened = feed([path], Wanted(None, None, everything, data.folder()))
    if everything:
        rows, kept, records = write_all(path.parent, opened)
    else:
        for outcome in opened.outcomes():
            rows += 1
            if isinstance(outcome, Kept):
                kept += 1
                records += len(outcome.records)
    seconds, busy = perf_counter() - started, process_time() - worked
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{rows} {kept} {records} {seconds:.2f} {busy:.2f} {peak}\n")


def write_all(folder: Path, opened: "Feed") -> tuple[int, int, int]:
    """Write what every organisation states; rows, rows kept, and statements."""
    from careatlas.graph.loaded import LoadedSources
    from careatlas.loaders.feed import collect

    found = collect(opened, {}, folder=folder)
    one = LoadedSources(folder / "sources").keep(opened.source.id, found.quads, {})
    found.quads.close()
    with (one.path / "statements.nq").open("rb") as file:
        return found.rows, found.records, sum(1 for _ in file)


def main() -> int:
    """Print the rate and the memory; 1 where a bound is broken."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--organisations", type=int, default=300_000)
    parser.add_argument("--all", action="store_true", help="keep every organisation")
    parser.add_argument("--read", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.read:
        read(options.read, options.all)
        return 0
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder), options.organisations)
        command = [sys.executable, __file__, "--read", str(path), *["--all"] * options.all]
        told = subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own script
    rows, kept, records, seconds, busy, peak = (float(part) for part in told.split())
    rate = rows / busy
    sys.stdout.write(
        f"{rows:.0f} organisations, {kept:.0f} kept as {records:.0f} {'statements' if options.all else 'records'}\n"
        f"{seconds:.1f} s, {busy:.1f} s of work: {rate:.0f} a second of work (bound {RATE})\n"
        f"memory {peak:.0f} MiB (bound {MEMORY})\n"
    )
    return int((rate < RATE and not options.all) or peak > MEMORY)


if __name__ == "__main__":
    sys.exit(main())
