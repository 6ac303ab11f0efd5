"""What becomes of a home when things go wrong: commands are killed, writes fail, files are damaged, memory ends.

After each fault the current release must answer as before, or as after the command; or its damage is
said in one plain line, and a build restores it. The seeds are fixed. It fails where anything is lost.
"""

import argparse
import os
import random
import resource
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from fault_home import SMALL_WORLD, Ended, World, answers, command, copied, forked

SHIM = Path(__file__).with_name("fault_shim.c")
UNREAD = ("LOCK", "LOG")
Tally = Counter[str]


class Faults:
    """The faults of one kind: how many, how they ended, and which of them lost something."""

    def __init__(self, world: World, kind: str, seed: int) -> None:
        self.world, self.kind = world, kind
        self.chance = random.Random(f"{kind} {seed}")  # noqa: S311 - the same each time, no secret
        self.tally: Tally = Counter()
        self.lost: list[str] = []

    def ended(self, what: str, ended: Ended, expected: tuple[dict[str, str], ...]) -> None:
        """Count a command that was disturbed, and look at what its home answers."""
        found = answers(self.world.work)
        if found not in expected:
            self.lost.append(f"{what}: {found.get('said') or found}")
            return
        if ended.status < 0:
            self.tally["killed"] += 1
        elif ended.status == 0:
            self.tally["done all the same"] += 1
        else:
            self.tally["said"] += 1
        if ended.status >= 0 and not ended.plain:
            self.lost.append(f"{what}: not said in a plain line: {ended.said[-200:]!r}")

    def again(self, what: str, name: str) -> None:
        """See that a command that was disturbed does its work when it is called again, unless it has."""
        if answers(self.world.work) == self.world.after[name]:
            return
        ended = command(*self.world.commands[name], "--home", self.world.work)
        if ended.status or answers(self.world.work) != self.world.after[name]:
            self.lost.append(f"{what}, and again: {ended.said[-200:]!r}")

    def archive(self, what: str) -> None:
        """See that a backup that is there is whole."""
        made, home = self.world.made, self.world.work.with_name("restored")
        if made.exists():
            shutil.rmtree(home, ignore_errors=True)
            ended = command("restore", made, "--home", home)
            if ended.status or answers(home) != self.world.before:
                self.lost.append(f"{what}, and its archive: {ended.said!r}")


def disturbed(
    faults: Faults, count: int, disturb: Callable[[str, tuple[str | Path, ...]], Ended]
) -> None:
    """Try commands in turn, each disturbed in some way; a third of them are then called again."""
    world, names = faults.world, list(faults.world.commands)
    for number in range(count):
        name = names[number % len(names)]
        before = world.fresh(name)
        ended = disturb(name, (*world.commands[name], "--home", world.work))
        what = f"{faults.kind} {number}, {name}"
        faults.ended(what, ended, (before, world.after[name]))
        if name == "backup":
            faults.archive(what)
        if number % 3 == 0:
            faults.again(what, name)


def kills(faults: Faults, count: int) -> None:
    """Kill commands at moments spread over the time that they take."""

    def disturb(name: str, arguments: tuple[str | Path, ...]) -> Ended:
        moment = faults.chance.uniform(0, faults.world.seconds[name])
        return command(*arguments, seconds=moment)

    disturbed(faults, count, disturb)


def limits(faults: Faults, count: int, kind: int, numbers: tuple[int, int]) -> None:
    """Give commands less than they need of files' size, memory or open files."""

    def disturb(_: str, arguments: tuple[str | Path, ...]) -> Ended:
        most = faults.chance.randint(*numbers)
        used = 0
        if kind == resource.RLIMIT_AS:
            used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()

        def before() -> None:
            resource.setrlimit(kind, (used + most, resource.getrlimit(kind)[1]))

        return command(*arguments, before=before)

    disturbed(faults, count, disturb)


def shimmed(faults: Faults, count: int, calls: tuple[str, ...], folder: Path) -> None:
    """Have writes, syncs and renames fail from some call on, through a library loaded before the command."""
    shim = folder / "shim.so"
    built = ["gcc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(SHIM), "-ldl"]
    subprocess.run(built, check=True)  # noqa: S603 - our own file
    known: dict[tuple[str, str], int] = {}

    def run(arguments: tuple[str | Path, ...], **more: str) -> Ended:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "-m", "careatlas", *map(str, arguments)],
            env=os.environ | {"LD_PRELOAD": str(shim)} | more,
            capture_output=True,
            text=True,
            check=False,
        )
        return Ended(done.returncode, done.stderr)

    def disturb(name: str, arguments: tuple[str | Path, ...]) -> Ended:
        call = faults.chance.choice(calls)
        if (name, call) not in known:
            told = folder / "count"
            run(arguments, FAULT_CALL=call, FAULT_COUNT=str(told))
            known[name, call] = int(told.read_text())
            faults.world.fresh(name)
        at = faults.chance.randint(1, max(1, known[name, call]))
        return run(arguments, FAULT_CALL=call, FAULT_AT=str(at))

    disturbed(faults, count, disturb)


def full_disk(faults: Faults, count: int, folder: Path) -> None:
    """Run commands on a file system with little room."""
    world, mount = faults.world, folder / "full"
    mount.mkdir(exist_ok=True)
    usual = world.work
    for number in range(count):
        name = [one for one in world.commands if one != "backup"][number % 6]
        before, need = world.fresh(name), _size(world.work)
        size = need + faults.chance.randint(2**16, int(need * 0.7))
        subprocess.run(  # noqa: S603
            ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(mount)],  # noqa: S607
            check=True,
        )
        try:
            world.work = copied(usual, mount / "home")
            ended = command(*world.commands[name], "--home", world.work)
            faults.ended(f"full disk {number}, {name}", ended, (before, world.after[name]))
        finally:
            world.work = usual
            subprocess.run(["umount", "-l", str(mount)], check=True)  # noqa: S603, S607


def _size(folder: Path) -> int:
    # In whole pages, and one for each name.
    return sum((one.stat().st_size // 4096 + 2) * 4096 for one in folder.rglob("*"))


def damages(faults: Faults, count: int) -> None:
    """Damage a file of a home in some way, ask it, prove it, and build it anew."""
    world = faults.world
    for number in range(count):
        world.fresh("build")
        name = world.before["release"]
        pool = [one for one in (world.work / "releases" / name).rglob("*") if one.stat().st_size]
        pool = [one for one in pool if one.is_file()] + [world.work / "current"]
        pool += [one for one in (world.work / "sources").rglob("*") if one.is_file()]
        path = faults.chance.choice(pool)
        how = _damage(path, faults.chance)
        what = f"damage {number}, {path.relative_to(world.work)} {how}"
        found = answers(world.work)
        if found == world.before:
            faults.tally["answered as before"] += 1
        elif "said" in found and "\n" not in found["said"] and "careatlas build" in found["said"]:
            faults.tally["damage said"] += 1
        else:
            faults.lost.append(f"{what}: {found}")
        proven = command("releases", "--verify", "--home", world.work)
        matters = path.name not in ("current", "proven.json") and not path.name.startswith(UNREAD)
        if matters != bool(proven.status) or not proven.plain:
            faults.lost.append(f"{what}: --verify says {proven}")
        _mended(faults, what, path)


def _mended(faults: Faults, what: str, path: Path) -> None:
    world = faults.world
    ended = command("build", "--data", SMALL_WORLD, "--home", world.work)
    if "sources" in path.parts and ended.status:
        # Nothing is made of it; the file that it was made of, or a backup, brings it back.
        if "is damaged" not in ended.said or answers(world.work) != world.before:
            faults.lost.append(f"{what}: {ended.said}")
        ended = command("load", "claims", world.home.with_name("dale"), "--home", world.work)
    if ended.status or answers(world.work) != world.before:
        faults.lost.append(f"{what}: a build does not mend it: {ended.said}")
    else:
        faults.tally["mended"] += 1


def _damage(path: Path, chance: random.Random) -> str:
    held = bytearray(path.read_bytes())
    at = chance.randrange(len(held))
    how = chance.choice(("flip", "flip", "flip", "cut", "zeros", "more", "gone"))
    if how == "flip":
        held[at] ^= 1 << chance.randrange(8)
    elif how == "cut":
        del held[at:]
    elif how == "zeros":
        held[at : at + 512] = bytes(x ^ 255 for x in held[at : at + 512])
    elif how == "more":
        held += bytes(4096)
    with path.open("r+b") as file:
        file.write(held)
        file.truncate()
    if how == "gone":
        path.unlink()
    return f"{how} at {at}"


def at_once(faults: Faults, count: int) -> None:
    """Run a build and a load at the same moment; both must be in."""
    world = faults.world
    for number in range(count):
        world.fresh("build")

        def both() -> list[int]:
            ours = os.fork()
            name = "load" if ours else "build"
            ended = command(*world.commands[name], "--home", world.work)
            if not ours:
                os._exit(ended.status)
            return [ended.status, os.waitstatus_to_exitcode(os.waitpid(ours, 0)[1])]

        status, told = forked(both)
        found = answers(world.work)
        if status or any(told) or "content" not in found:
            faults.lost.append(f"two at once {number}: {told} {found}")
        if not (world.work / "sources" / "hill").is_dir():
            faults.lost.append(f"two at once {number}: what was loaded is gone")
        faults.tally["both in"] += 1


def rounds(options: argparse.Namespace, world: World, folder: Path) -> Iterator[Faults]:
    """Every kind of fault, in the numbers that were asked for."""

    def kind(name: str, do: Callable[..., None], *arguments: object) -> Faults:
        faults = Faults(world, name, options.seed)
        do(faults, *arguments)
        return faults

    third = -(-options.failures // 3)
    yield kind("killed", kills, options.kills)
    yield kind("file too large", limits, third, resource.RLIMIT_FSIZE, (0, 1_200_000))
    if shutil.which("gcc"):
        yield kind(
            "write, sync or rename fails", shimmed, third, ("write", "fsync", "rename"), folder
        )
    if os.geteuid() == 0 and options.mount:
        yield kind("disk full", full_disk, third, folder)
    yield kind("file damaged", damages, options.damages)
    yield kind("two at once", at_once, options.pairs)
    yield kind("memory ends", limits, options.scarce, resource.RLIMIT_AS, (0, 2**28))
    yield kind("no more open files", limits, options.scarce, resource.RLIMIT_NOFILE, (8, 120))


def main() -> None:
    """Do all of it, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name, count in (("kills", 200), ("failures", 102), ("damages", 50), ("pairs", 5)):
        parser.add_argument(f"--{name}", type=int, default=count)
    parser.add_argument("--scarce", type=int, default=20, help="rounds of too little memory")
    parser.add_argument("--seed", type=int, default=2025)
    parser.add_argument("--mount", action="store_true", help="fill a small file system; needs root")
    options = parser.parse_args()
    lost = 0
    with tempfile.TemporaryDirectory() as folder:
        world = World(Path(folder))
        sys.stdout.write("| fault | times | ended | lost |\n|---|---|---|---|\n")
        for faults in rounds(options, world, Path(folder)):
            tally = dict(sorted(faults.tally.items()))
            times = sum(count for name, count in tally.items() if name != "mended")
            ended = ", ".join(f"{count} {name}" for name, count in tally.items())
            sys.stdout.write(f"| {faults.kind} | {times} | {ended} | {len(faults.lost)} |\n")
            sys.stdout.flush()
            sys.stderr.writelines(f"{one!r}\n" for one in faults.lost)
            lost += len(faults.lost)
    sys.exit(1 if lost else 0)


if __name__ == "__main__":
    main()
