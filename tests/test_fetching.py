"""What is fetched is what the publisher holds, whatever the service does on the way."""

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from publishers import HANG, LONDON, QUIRKS, Publisher, publishing

from careatlas.cli import main
from careatlas.fetching import WindowsMissingError, fetch
from careatlas.graph.content import FORMAT, content_hash
from careatlas.graph.release import Releases
from careatlas.graph.sources import Source
from careatlas.loaders.feed import LeftOut, Outcome, Wanted
from careatlas.loaders.fetching import bodies
from careatlas.loaders.fetching.client import Client, Pace, Time
from careatlas.loaders.fetching.errors import (
    BrokenBodyError,
    GaveUpError,
    PatienceError,
    RefusedError,
    SnapshotError,
    UnreachableError,
)
from careatlas.loaders.fetching.windows import Window, windows
from careatlas.loaders.snapshots import expand, read

FIRST, LAST = date(2025, 10, 25), date(2025, 10, 26)
"""The clock is set back on the second of these days."""
NIGHT = datetime(2025, 10, 24, 23, tzinfo=UTC)
ETR = b'"RAE","A TRUST","Y63","QWO"\r\n"RWE","ANOTHER TRUST","Y60","QK1"\r\n'


class Clock:
    """Time that passes when somebody sleeps."""

    def __init__(self) -> None:
        self.passed = 0.0
        self.slept: list[float] = []

    def sleep(self, seconds: float) -> None:
        assert seconds >= 0
        self.slept.append(seconds)
        self.passed += seconds

    @property
    def time(self) -> Time:
        day = datetime(2025, 11, 2, 12, tzinfo=UTC)
        return Time(self.sleep, lambda: self.passed, lambda: day)


def flags(service: str, url: str, to: Path, **given: object) -> argparse.Namespace:
    names = ("since", "until", "report", "stages", "delay", "timeout", "home")
    told: dict[str, object] = dict.fromkeys(names)
    told |= {"on": date(2025, 11, 2), "service": service, "base_url": url, "to": to}
    return argparse.Namespace(**(told | given))


def notices(service: str, url: str, to: Path, clock: Clock | None = None, **more: object) -> int:
    more = {"since": FIRST, "until": LAST} | more
    return fetch(flags(service, url, to, **more), (clock or Clock()).time)


def ids(folder: Path) -> set[str]:
    found: set[str] = set()
    kind = {"ods": "ods"}.get(read(folder).service, "ocds")
    for path in expand([folder], kind).files:
        found |= {release["id"] for release in json.loads(path.read_bytes())["releases"]}
    return found


def tree(folder: Path) -> dict[str, bytes]:
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def spread(seconds: list[int]) -> dict[str, datetime]:
    return {f"r{at:04}": NIGHT + timedelta(seconds=s) for at, s in enumerate(seconds)}


MOMENTS = st.lists(
    st.one_of(
        st.integers(0, 49 * 3600 - 1),
        st.integers(24 * 3600, 27 * 3600).map(lambda second: second // 60 * 60),
    ),
    max_size=60,
)
CROWDS = st.lists(st.tuples(st.integers(0, 49 * 60 - 8), st.integers(90, 160)), max_size=3)
TWICE = range(25 * 60, 27 * 60)
"""The minutes since midnight of the two hours that the clock shows as one."""
SERVICE = st.sampled_from(["find-a-tender", "contracts-finder"])


BEHAVIOURS = st.fixed_dictionaries(
    {
        "quirks": st.lists(st.sampled_from(QUIRKS), max_size=6),
        "lost": st.integers(0, 3),
        "fold": st.integers(0, 1),
        "lower_included": st.booleans(),
        "upper_included": st.booleans(),
        "packed": st.booleans(),
        "framed": st.booleans(),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(service=SERVICE, moments=MOMENTS, crowds=CROWDS, behaviour=BEHAVIOURS)
def test_all_that_the_service_holds_is_fetched(
    service: str, moments: list[int], crowds: list[tuple[int, int]], behaviour: dict[str, Any]
) -> None:
    seconds = [second for second in moments if 0 < second < 49 * 3600]
    # So many within seven minutes that a page does not hold them, but one for a minute does.
    # Not so in the two hours that the clock shows as one: of these see below.
    for minute, size in crowds:
        if 0 < minute < TWICE.start - 8 or minute in range(TWICE.stop, 48 * 60):
            seconds += [minute * 60 + at * 420 // size for at in range(size)]
    publisher = Publisher(spread(seconds), **behaviour)
    with tempfile.TemporaryDirectory() as scratch, publishing(publisher):
        notices(service, publisher.url, Path(scratch) / "s")
        assert ids(Path(scratch) / "s") == set(publisher.releases)
        assert len(publisher.agents) == 1
        assert publisher.agents.pop().startswith("careatlas/")


@pytest.mark.parametrize("fold", [0, 1])
@pytest.mark.parametrize("hour", [25, 26])
def test_a_crowd_in_the_hour_that_comes_twice_is_fetched_or_told(
    tmp_path: Path, fold: int, hour: int
) -> None:
    publisher = Publisher(spread([hour * 3600 + 20 * at for at in range(170)] + [100]), fold=fold)
    with publishing(publisher):
        missed = []
        try:
            notices("find-a-tender", publisher.url, tmp_path / "s")
        except WindowsMissingError as error:
            missed = error.gaps
        assert len(missed) <= 1
        assert (ids(tmp_path / "s") == set(publisher.releases)) == (not missed)
        notices("contracts-finder", publisher.url, tmp_path / "t")
        assert ids(tmp_path / "t") == set(publisher.releases)


def test_a_link_to_the_next_page_is_never_followed_where_it_loses_rows(tmp_path: Path) -> None:
    publisher = Publisher(spread([60 * at for at in range(1, 900)]), lost=5)
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s")
    assert ids(tmp_path / "s") == set(publisher.releases)
    assert not any("cursor" in asked for asked in publisher.asked)
    assert all("limit=100" in asked for asked in publisher.asked)


def test_a_minute_that_no_page_holds_is_a_plain_line_and_asked_again(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    publisher = Publisher(spread([3610 + at // 3 for at in range(150)] + [7200]))
    with publishing(publisher):
        with pytest.raises(WindowsMissingError, match="1 windows could not be had whole") as missed:
            notices("find-a-tender", publisher.url, tmp_path / "s")
        assert "\n" not in str(missed.value)
        assert ids(tmp_path / "s") == {"r0150"}
        assert expand([tmp_path / "s"], "ocds").gaps
        # Without a word on days, the next fetch begins with what is missing.
        publisher.releases = {name: t for name, t in publisher.releases.items() if name > "r0070"}
        notices("find-a-tender", publisher.url, tmp_path / "s", since=None)
    assert ids(tmp_path / "s") == set(publisher.releases)
    assert expand([tmp_path / "s"], "ocds").gaps == ()
    assert "not whole from 2025-10-25T01:00" in capsys.readouterr().err


def test_pages_of_one_minute_are_followed_where_they_can_be_relied_on(tmp_path: Path) -> None:
    publisher = Publisher(spread([3600] * 250), quirks=["cut", "429"])
    with publishing(publisher):
        notices("contracts-finder", publisher.url, tmp_path / "s")
        assert ids(tmp_path / "s") == set(publisher.releases)
        pages = [one for one in read(tmp_path / "s").files if one.parameters.get("cursor")]
        assert len(pages) >= 2
        before = len(publisher.asked)
        notices("contracts-finder", publisher.url, tmp_path / "s")
        assert len(publisher.asked) == before


def test_what_moves_while_it_is_fetched_is_met_in_the_next_fetch(tmp_path: Path) -> None:
    def move(publisher: Publisher, number: int) -> None:
        if number in {2, 5, 9}:
            name = sorted(publisher.releases)[number * 7]
            publisher.releases[name] = datetime(2025, 10, 27, 12, number, tzinfo=UTC)

    publisher = Publisher(spread([130 * at for at in range(1, 400)]), before=move)
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s")
        notices(
            "find-a-tender", publisher.url, tmp_path / "s", since=None, until=date(2025, 10, 28)
        )
    assert ids(tmp_path / "s") == set(publisher.releases)


def test_a_second_fetch_begins_where_the_first_ended(tmp_path: Path) -> None:
    publisher = Publisher(spread([100, 200]))
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s", until=FIRST)
        asked = len(publisher.asked)
        assert asked == 4
        notices("find-a-tender", publisher.url, tmp_path / "s", since=None, until=LAST)
    assert len(publisher.asked) == 8
    assert "updatedFrom=2025-10-26T00%3A00%3A00" in publisher.asked[4]
    assert [one.fetched for one in read(tmp_path / "s").files] == [date(2025, 11, 2)] * 8


def test_it_waits_as_it_is_asked_to_and_longer_each_time(tmp_path: Path) -> None:
    clock = Clock()
    publisher = Publisher(spread([100]), quirks=["429", "503", "502", "429-date", "504"])
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s", clock, delay=0.0)
    asked, dated = clock.slept[0], clock.slept[3]
    assert asked == 120
    assert clock.slept[1:3] == [4.0, 8.0]
    assert 85 <= dated <= 90
    assert clock.slept[4] == 32.0


def test_there_is_a_delay_between_two_requests_and_one_connection(tmp_path: Path) -> None:
    clock = Clock()
    publisher = Publisher(spread([100]))
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s", clock)
    assert clock.slept == [10.0] * 7
    assert len(publisher.peers) == 1


@contextmanager
def client(url: str, **pace: float) -> Iterator[Callable[[], Any]]:
    wanted = Pace(0.0, **pace)  # type: ignore[arg-type]
    with Client("careatlas/test", wanted, time=Clock().time) as one:
        yield lambda: one.get(f"{url}/getReport", {"report": "etr"}, bodies.whole_report)


@pytest.mark.parametrize(
    ("quirks", "error", "says"),
    [
        (["cut"] * 8, GaveUpError, "failed 8 times, last because the connection broke"),
        (["half"] * 8, GaveUpError, "its body ends within a line"),
        (["gzip-cut"] * 8, GaveUpError, "cut off within its packing"),
        (["page"] * 8, GaveUpError, "its body is a page or a message"),
        (["503"] * 8, GaveUpError, "it answered 503"),
    ],
)
def test_what_never_comes_whole_is_one_plain_line(
    quirks: list[str], error: type[Exception], says: str
) -> None:
    with publishing(Publisher(reports={"etr": ETR}, quirks=quirks)) as publisher:
        with client(publisher.url) as get, pytest.raises(error, match=says) as failed:
            get()
        assert "\n" not in str(failed.value)
        assert len(publisher.asked) == 8


def test_a_service_that_asks_for_an_hour_is_left_alone() -> None:
    with publishing(Publisher(reports={"etr": ETR}, quirks=["403-wait"])) as publisher:
        patient = pytest.raises(PatienceError, match="asks to wait 300 seconds")
        with client(publisher.url, longest_wait=100.0) as get, patient:
            get()
        assert len(publisher.asked) == 1


def test_an_answer_that_will_not_change_is_not_asked_for_again() -> None:
    with publishing(Publisher()) as publisher:
        with (
            client(publisher.url) as get,
            pytest.raises(RefusedError, match=r"answered 404 \(none\)"),
        ):
            get()
        assert len(publisher.asked) == 1


def test_a_body_that_is_too_slow_is_given_up() -> None:
    publisher = Publisher(reports={"etr": ETR * 50}, quirks=["slow"] * 2)
    clock = iter(range(0, 10_000, 40))
    with publishing(publisher):
        time = Time(lambda _: None, lambda: float(next(clock)))
        slow = pytest.raises(GaveUpError, match="its body took too long")
        with (
            Client("careatlas/test", Pace(0.0, longest_body=30.0, tries=2), time=time) as one,
            slow,
        ):
            one.get(f"{publisher.url}/getReport", {"report": "etr"}, bodies.whole_report)


def test_a_service_that_says_nothing_is_asked_again() -> None:
    publisher = Publisher(reports={"etr": ETR}, quirks=["hang"])
    with publishing(publisher), client(publisher.url, timeout=HANG / 4) as get:
        assert get().body == ETR
    assert len(publisher.asked) == 2


class Stub:
    """A loader of organisations that notes what it is given."""

    def __init__(self) -> None:
        self.given: list[tuple[list[Path], str | None]] = []
        self.source = Source(id="ods-stub", kind="registry", title="Stub", sha256="0" * 64)

    def feed(self, files: list[Path], wanted: Wanted) -> "Stub":
        self.given.append((files, wanted.published))
        return self

    def outcomes(self) -> Iterator[Outcome]:
        for path in self.given[-1][0]:
            yield LeftOut(path.name, "a stub")


def test_load_takes_a_snapshot_folder_and_its_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stub = Stub()
    monkeypatch.setitem(sys.modules, "careatlas.loaders.ods", stub)
    kept = Releases(tmp_path / "home")
    manifest = {"release": content_hash([])[:16], "as_of": "2025-01-01", "format": FORMAT}
    kept.publish([], {}, manifest, "", [])
    with publishing(Publisher(reports={"etr": ETR, "ect": ETR})) as publisher:
        fetch(flags("ods", publisher.url, tmp_path / "s", report=["etr", "ect"]), Clock().time)
    call = ["load", "ods", str(tmp_path / "s"), "--home", str(kept.home), "--dry-run"]
    assert main(call) == 0
    folder = tmp_path / "s" / "2025-11-02"
    assert stub.given == [([folder / "ect.csv", folder / "etr.csv"], "2025-11-02")]
    assert "rows 2 records 0 left out 2 rejects 0" in capsys.readouterr().out
    (folder / "etr.csv").write_bytes(ETR[:-4])
    assert main(call) == 1
    assert "is not as it was fetched" in capsys.readouterr().err


def test_no_network_is_one_plain_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with publishing(Publisher()) as publisher:
        gone = publisher.url
    assert main(["fetch", "ods", "--to", str(tmp_path / "s"), "--base-url", gone]) == 1
    said = capsys.readouterr().err
    assert "cannot be reached" in said
    assert said.count("\n") == 1
    with (
        Client("careatlas/test", Pace(0.0), time=Clock().time) as one,
        pytest.raises(UnreachableError),
    ):
        one.get(gone, {}, bodies.whole_report)


def test_reports_are_kept_as_published_and_only_when_they_changed(tmp_path: Path) -> None:
    publisher = Publisher(reports={"etr": ETR, "ect": b'"TAD","A CARE TRUST"\r\n'})

    options = flags("ods", "", tmp_path / "s", report=["etr", "ect"])
    with publishing(publisher):
        options.base_url = publisher.url
        for day, etags in ((2, True), (3, True), (4, False)):
            publisher.etags = etags
            options.on = date(2025, 11, day)
            assert fetch(options, Clock().time) == 0
    assert (tmp_path / "s" / "2025-11-02" / "etr.csv").read_bytes() == ETR
    assert [path.name for path in (tmp_path / "s").glob("2025*")] == ["2025-11-02"]
    options.base_url = "http://127.0.0.1:9"
    with pytest.raises(SnapshotError, match="name another folder"):
        fetch(options, Clock().time)


def test_a_load_takes_the_last_edition_of_each_report(tmp_path: Path) -> None:
    publisher = Publisher(reports={"etr": ETR, "ect": ETR}, framed=False)
    with publishing(publisher):
        options = flags("ods", publisher.url, tmp_path / "s", report=["etr", "ect"])
        fetch(options, Clock().time)
        # A body whose end nothing marks is asked for until two are the same.
        assert len(publisher.asked) == 4
        publisher.reports["etr"] = ETR * 2
        options.on = date(2025, 11, 9)
        fetch(options, Clock().time)
    opened = expand([tmp_path / "s"], "ods")
    names = [path.relative_to(tmp_path / "s").as_posix() for path in opened.files]
    assert names == ["2025-11-02/ect.csv", "2025-11-09/etr.csv"]
    assert opened.published == "2025-11-09"
    assert (tmp_path / "s" / "2025-11-02" / "etr.csv").read_bytes() == ETR


def started(url: str, to: Path, *more: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "careatlas", "fetch", "find-a-tender", "--base-url", url]
    command += ["--to", str(to), "--since", "2025-10-25", "--until", "2025-10-26"]
    command += ["--on", "2025-11-02", "--delay", "0", *more]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)  # noqa: S603


@pytest.mark.parametrize(
    ("how", "when"), [(signal.SIGKILL, 2), (signal.SIGKILL, 9), (signal.SIGINT, 5)]
)
def test_a_fetch_that_is_stopped_goes_on_as_if_it_never_was(
    tmp_path: Path, how: signal.Signals, when: int
) -> None:
    process: list[subprocess.Popen[bytes]] = []

    def stop(_: Publisher, number: int) -> None:
        if process and number == when:
            process[0].send_signal(how)
            until = monotonic() + 10
            while process[0].poll() is None and monotonic() < until and how == signal.SIGKILL:
                sleep(0.005)

    releases = spread([120 * at for at in range(1, 700)])
    plain = Publisher(releases, stamped=False)
    with publishing(plain):
        notices("find-a-tender", plain.url, tmp_path / "undisturbed", delay=0.0)
    publisher = Publisher(releases, before=stop, stamped=False)
    with publishing(publisher):
        process.append(started(publisher.url, tmp_path / "stopped"))
        process[0].communicate()
        assert process.pop().returncode == (130 if how == signal.SIGINT else -how)
        partly = ids(tmp_path / "stopped") if when > 4 else set()
        assert partly < set(releases)
        notices("find-a-tender", publisher.url, tmp_path / "stopped", delay=0.0)
    one, other = tree(tmp_path / "undisturbed"), tree(tmp_path / "stopped")
    ours = one["snapshot.json"].replace(plain.url.encode(), publisher.url.encode())
    assert other["snapshot.json"] == ours
    body = {name for name in one if name.startswith("2025")}
    assert {name for name in other if name.startswith("2025")} == body
    assert one.keys() == other.keys()
    assert ids(tmp_path / "stopped") == set(releases)


def test_a_file_that_was_changed_is_refused_by_a_load_and_fetched_again(tmp_path: Path) -> None:
    publisher = Publisher(spread([100, 30_000]))
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s")
        name = read(tmp_path / "s").files[0].file
        (tmp_path / "s" / name).write_text("{}")
        with pytest.raises(SnapshotError, match="is not as it was fetched"):
            expand([tmp_path / "s"], "ocds")
        notices("find-a-tender", publisher.url, tmp_path / "s")
    assert ids(tmp_path / "s") == set(publisher.releases)


def holding(name: str) -> bytes:
    entry = {"file": name, "url": "u", "parameters": {}, "status": 200, "sha256": "", "bytes": 1}
    told = {"service": "ods", "url": "u", "parameters": {}}
    return json.dumps(told | {"files": [entry | {"fetched": "2025-01-01"}]}).encode()


@pytest.mark.parametrize(
    ("told", "says"),
    [
        (None, "is a folder without snapshot.json"),
        (b"", "damaged"),
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"[" * 100_000, "damaged"),
        (b'{"service":"no","url":"u","parameters":{}}', "an unknown service"),
        (b'{"service":"ods","url":"u","parameters":{}}', "holds no file yet"),
        (b'{"service":"find-a-tender","url":"u","parameters":{}}', "careatlas load ocds"),
        (holding("../x"), "is no name of a file"),
        (holding("/etc/passwd"), "is no name of a file"),
        (holding("x"), "x is not as it was fetched"),
    ],
)
def test_a_folder_that_is_no_sound_snapshot_is_one_plain_line(
    tmp_path: Path, told: bytes | None, says: str
) -> None:
    if told is not None:
        (tmp_path / "snapshot.json").write_bytes(told)
    with pytest.raises(SnapshotError, match=says) as failed:
        expand([tmp_path], "ods")
    assert "\n" not in str(failed.value)


def test_files_that_are_named_are_loaded_as_they_are(tmp_path: Path) -> None:
    assert expand([tmp_path / "etr.csv"], "ods").files == (tmp_path / "etr.csv",)


def test_a_fetch_writes_into_no_folder_that_holds_other_files(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(SnapshotError, match="holds other files"):
        notices("find-a-tender", "http://127.0.0.1:9", tmp_path)
    with pytest.raises(SnapshotError, match="is no folder"):
        notices("find-a-tender", "http://127.0.0.1:9", tmp_path / "mine.txt")


def test_two_fetches_do_not_write_into_one_folder(tmp_path: Path) -> None:
    def again(publisher: Publisher, number: int) -> None:
        if number == 2:
            with pytest.raises(SnapshotError, match="another fetch is at work"):
                notices("find-a-tender", publisher.url, tmp_path / "s")
            publisher.quirks.append("slow")

    publisher = Publisher(spread([100]), before=again)
    with publishing(publisher):
        notices("find-a-tender", publisher.url, tmp_path / "s")
    assert len(publisher.asked) == 8


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nhs"], "invalid choice"),
        (["find-a-tender"], "say from when on"),
        (["find-a-tender", "--since", "2025-01-09", "--until", "2025-01-01"], "is after"),
        (["find-a-tender", "--since", "2025-11-02"], "2025-11-02 is not over"),
        (["find-a-tender", "--since", "2025-11-01", "--until", "2025-11-02"], "is not over"),
        (["find-a-tender", "--since", "yesterday"], "is not a day"),
        (["find-a-tender", "--report", "etr"], "--report says nothing"),
        (["find-a-tender", "--stages", "award,all"], "'all' is no stage"),
        (["ods", "--stages", "award"], "--stages says nothing to ods"),
        (["ods", "--report", "../etr"], "is no name of a report"),
        (["ods", "--delay", "-1"], "is no number of seconds"),
        (["ods", "--base-url", "file:///etc"], "is no address"),
        (["ods", "--base-url", "http://[::1"], "is no address"),
        (["ods", "--base-url", "http://h:99999"], "is no address"),
    ],
)
def test_a_call_that_makes_no_sense_is_one_plain_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], arguments: list[str], says: str
) -> None:
    call = ["fetch", *arguments, "--to", str(tmp_path / "s"), "--on", "2025-11-02"]
    assert main(call) == 2
    said = capsys.readouterr().err
    assert says in said
    assert said.count("\n") == 1


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 2), st.integers(0, 4))
def test_windows_leave_no_moment_out(first: date, more: int, depth: int) -> None:
    last = first + timedelta(days=more)
    found = list(windows(first, last))
    for _ in range(depth):
        found = [part for window in found for part in window.halves or (window,)]
    assert all(one.end == other.start for one, other in pairwise(found))
    assert found[0].start.date() == first
    assert found[-1].end.date() == last + timedelta(days=1)
    assert Window(found[0].start, found[0].start + timedelta(minutes=1)).halves is None
    assert len({window.name for window in found}) == len(found)


@given(st.binary(max_size=60), st.integers(0, 40))
def test_a_packed_body_is_whole_or_refused(content: bytes, cut: int) -> None:
    import gzip

    packed = gzip.compress(content)
    assert bodies.unpacked(packed, "gzip") == content
    assert bodies.unpacked(packed + gzip.compress(b"more"), "gzip") == content + b"more"
    if 0 < cut < len(packed):
        with pytest.raises(BrokenBodyError):
            bodies.unpacked(packed[:-cut], "gzip")


def test_the_servers_time_is_that_of_london() -> None:
    assert NIGHT.astimezone(LONDON).isoformat() == "2025-10-25T00:00:00+01:00"
