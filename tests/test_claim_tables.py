"""Writing tables: rows go in together and hold, or every file stays as it was."""

import csv
import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from careatlas import data as shipped
from careatlas.loaders import table_files
from careatlas.loaders.claim_tables import (
    NoFolderError,
    RejectedRowsError,
    SourceDiffersError,
    UnknownTableError,
    editable,
    merge,
)
from careatlas.loaders.rows import TableError
from careatlas.loaders.table_files import Sheet, TablesChangedError
from careatlas.loaders.tables import Harvest, harvest

SMALL_WORLD = Path(__file__).parent / "fixtures" / "small_world"
SOURCE = {
    "id": "minutes",
    "kind": "report",
    "title": "Minutes of a board",
    "published": "2025-09-01",
}
PLACE = {"source": "minutes", "locator": "Items, item 1, characters 10-40"}
ALDER = "Alder Vale NHS Foundation Trust"
LIVE = {
    "key": "raa/scan",
    "trust": ALDER,
    "vendor": "Acme AI",
    "product": "Scan",
    "status": "live",
    **PLACE,
}
USED = {
    "key": "raa/scan/1",
    "deployment": "raa/scan",
    "min": "5",
    "max": "5",
    "approximate": "false",
    "unit": "scan",
    "measure": "count",
    **PLACE,
}


@pytest.fixture
def world(tmp_path: Path) -> Path:
    """A copy of the small world, to be changed."""
    return Path(shutil.copytree(SMALL_WORLD, tmp_path / "world"))


def state(folder: Path) -> dict[str, bytes]:
    """Every file of a folder."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_rows_of_a_new_source_go_in_with_the_source(world: Path) -> None:
    before = state(world)
    tallies = merge(world, SOURCE, {"usage": [USED], "deployments": [LIVE]})
    after = state(world)
    assert {name for name in after if after[name] != before.get(name)} == {
        "sources.csv",
        "claims/minutes/deployments.csv",
        "claims/minutes/usage.csv",
    }
    found = harvest(world)
    assert found.rejects == []
    assert found.sources["minutes"].title == SOURCE["title"]
    assert {record.claim_key for record in found.records if record.source == "minutes"} == {
        "deployments/raa/scan",
        "usage/raa/scan/1",
    }
    of = {tally.file: (tally.rows, tally.records, tally.rejects) for tally in tallies}
    assert of["claims/minutes/deployments.csv"] == (1, 1, 0)
    assert of["claims/minutes/usage.csv"] == (1, 1, 0)


def test_columns_stand_as_in_the_tables_that_ship(world: Path) -> None:
    merge(world, SOURCE, {"deployments": [LIVE], "usage": [USED]})
    for name in ("deployments.csv", "usage.csv"):
        new = (world / "claims/minutes" / name).read_text(encoding="utf-8").splitlines()[0]
        old = (shipped.folder() / "claims/foi-report-2025" / name).read_text(encoding="utf-8")
        assert new == old.splitlines()[0]


def test_the_same_rows_twice_change_nothing(world: Path) -> None:
    merge(world, SOURCE, {"deployments": [LIVE]})
    once = state(world)
    merge(world, SOURCE, {"deployments": [LIVE]})
    assert state(world) == once


def test_rows_are_sorted_by_key_and_those_of_others_stay(world: Path) -> None:
    path = world / "claims/foi/deployments.csv"
    before = table(path)
    new = LIVE | {"key": "raa/alpha", "source": "foi", "description": "x", "product": ""}
    merge(world, {"id": "foi"}, {"deployments": [new]})
    after = table(path)
    assert [row["key"] for row in after] == sorted(row["key"] for row in after)
    assert sorted(map(str, before)) == sorted(str(r) for r in after if r["key"] != "raa/alpha")


@pytest.mark.parametrize(
    ("tables", "says"),
    [
        ({"deployments": [LIVE | {"status": "alive"}]}, "deployments raa/scan: status: 'alive' is"),
        ({"usage": [USED]}, "usage raa/scan/1: deployment: 'raa/scan' is not the key"),
        ({"deployments": [LIVE | {"trust": "Nowhere"}]}, "'Nowhere' is not in the crosswalk"),
        ({"deployments": [LIVE, LIVE]}, "the same key (raa/scan) stands at"),
        (
            {
                "deployments": [LIVE],
                "usage": [USED | {"min": "many"}, USED | {"key": "b", "per": "x"}],
            },
            "and 1 more, listed above",
        ),
    ],
)
def test_one_row_that_does_not_fit_leaves_all_as_it_was(
    world: Path, tables: dict[str, list[dict[str, str]]], says: str
) -> None:
    before = state(world)
    with pytest.raises(RejectedRowsError, match=re.escape(says)) as caught:
        merge(world, SOURCE, tables)
    assert state(world) == before
    assert str(caught.value).isprintable()
    assert str(caught.value).startswith("nothing was written")


def test_a_key_that_stands_with_other_cells_is_refused(world: Path) -> None:
    merge(world, SOURCE, {"deployments": [LIVE]})
    before = state(world)
    with pytest.raises(RejectedRowsError, match="another row has this key") as caught:
        merge(world, SOURCE, {"deployments": [LIVE | {"status": "paused"}]})
    assert [(one.table, one.key) for one in caught.value.rejects] == [("deployments", "raa/scan")]
    assert state(world) == before


def test_own_rows_give_way_and_a_table_without_rows_goes(world: Path) -> None:
    merge(world, SOURCE, {"deployments": [LIVE], "usage": [USED]})
    merge(world, SOURCE, {"deployments": [LIVE | {"status": "ended"}]}, mine=lambda *_: True)
    assert [row["status"] for row in table(world / "claims/minutes/deployments.csv")] == ["ended"]
    assert not (world / "claims/minutes/usage.csv").exists()


def test_what_another_row_rests_on_cannot_be_taken_away(world: Path) -> None:
    merge(world, SOURCE, {"deployments": [LIVE], "usage": [USED]})
    before = state(world)
    with pytest.raises(RejectedRowsError, match=r"usage raa/scan/1: deployment: 'raa/scan' is not"):
        merge(world, SOURCE, {}, mine=lambda name, _: name == "deployments")
    assert state(world) == before


def test_rejects_that_were_there_before_do_not_stand_in_the_way(world: Path) -> None:
    path = world / "claims/foi/usage.csv"
    path.write_text(path.read_text(encoding="utf-8").replace(",1000,", ",many,", 1), "utf-8")
    assert len(harvest(world).rejects) == 1
    merge(world, SOURCE, {"deployments": [LIVE]})
    assert len(harvest(world).rejects) == 1


def test_what_the_caller_does_not_approve_is_not_written(world: Path) -> None:
    before = state(world)
    seen: list[int] = []

    def refuse(found: Harvest) -> None:
        seen.append(sum(record.source == "minutes" for record in found.records))
        raise TableError("x", "no")

    with pytest.raises(TableError, match="x: no"):
        merge(world, SOURCE, {"deployments": [LIVE]}, approve=refuse)
    assert seen == [1]
    assert state(world) == before


def test_a_source_that_is_known_otherwise_is_refused(world: Path) -> None:
    before = state(world)
    with pytest.raises(
        SourceDiffersError, match="knows foi with published '2025-05-07', not '2026"
    ):
        merge(world, {"id": "foi", "published": "2026-01-01"}, {})
    assert state(world) == before
    merge(world, {"id": "foi", "title": "", "sha256": "ab"}, {})
    assert state(world) == before


@pytest.mark.parametrize("name", ["", ".hidden", "../out", "a/b"])
def test_an_id_that_is_no_name_of_a_folder_is_refused(world: Path, name: str) -> None:
    with pytest.raises(TableError, match="cannot be the id of a source"):
        merge(world, SOURCE | {"id": name}, {})
    assert sorted(path.name for path in world.parent.iterdir()) == ["world"]


def test_an_unknown_table_or_column_is_named(world: Path) -> None:
    with pytest.raises(UnknownTableError, match="'deployment' is no table of claims"):
        merge(world, SOURCE, {"deployment": [LIVE]})
    with pytest.raises(UnknownTableError, match="the table deployments has no column colour"):
        merge(world, SOURCE, {"deployments": [LIVE | {"colour": "red"}]})
    with pytest.raises(UnknownTableError, match="the table sources has no column colour"):
        merge(world, SOURCE | {"colour": "red"}, {})


def test_names_and_reviews_go_in_and_are_read(world: Path) -> None:
    name = {
        "kind": "product",
        "printed": "Newt",
        "method": "unresolved",
        "reason": "new",
        "only_in": "minutes",
        **PLACE,
    }
    review = {
        "key": "d-1",
        "verdict": "accept",
        "of": "deployments",
        "row": "raa/newt",
        "by": "Ada",
        "on": "2025-09-02",
        **PLACE,
    }
    row = LIVE | {"key": "raa/newt", "product": "Newt", "vendor": ""}
    merge(world, SOURCE, {"crosswalk": [name], "deployments": [row], "reviews": [review]})
    found = harvest(world)
    assert found.rejects == []
    assert [record.row_key for record in found.records if record.table == "reviews"] == ["d-1"]
    assert table(world / "reviews/minutes.csv")[0]["by"] == "Ada"
    kinds = [
        (row["kind"], row["printed"], row["only_in"]) for row in table(world / "crosswalk.csv")
    ]
    assert kinds == sorted(kinds)


def test_a_table_written_meanwhile_is_not_overwritten(world: Path) -> None:
    def another(_: Harvest) -> None:
        path = world / "sources.csv"
        path.write_text(path.read_text(encoding="utf-8") + "late,report,T,,,,,,,,,\n", "utf-8")

    with pytest.raises(TablesChangedError, match=r"sources\.csv was changed by somebody else"):
        merge(world, SOURCE, {"deployments": [LIVE]}, approve=another)
    assert "late" in harvest(world).sources
    assert not (world / "claims/minutes").exists()


def test_a_disk_that_fails_half_way_leaves_all_as_it_was(
    world: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = state(world)
    write = table_files.write

    def fail(path: Path, content: bytes | None) -> None:
        if path == world / "claims/minutes/usage.csv":
            raise OSError(28, "No space left on device")
        write(path, content)

    monkeypatch.setattr(table_files, "write", fail)
    with pytest.raises(OSError, match="No space left"):
        merge(world, SOURCE, {"deployments": [LIVE], "usage": [USED]})
    assert state(world) == before


def test_a_folder_that_is_not_there_is_begun_as_a_copy(tmp_path: Path) -> None:
    folder, begun = editable(tmp_path / "new" / "tables")
    assert begun
    ours = {name for name in state(shipped.folder()) if name.endswith(".csv")}
    assert set(state(folder)) == ours
    assert editable(folder) == (folder, False)
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["tables"]


def test_the_tables_of_an_installation_are_not_written_to(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inside = tmp_path / "site-packages" / "careatlas" / "data"
    inside.mkdir(parents=True)
    monkeypatch.setattr(shipped, "folder", lambda: inside)
    with pytest.raises(NoFolderError, match="give a folder of your own with --data"):
        editable(None)
    assert editable(inside) == (inside, False)


CELLS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=10).map(str.strip)


@given(st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_added_to_a_table_stands_in_it(
    tmp_path: Path, cells: list[tuple[str, str]]
) -> None:
    one = Sheet(Path("x.csv"), ("key",), None, ["key"], [])
    new = [{"key": f"{at}", "a": first, "b": second} for at, (first, second) in enumerate(cells)]
    one.add(new)
    path = tmp_path / "x.csv"
    path.write_bytes(one.after or b"")
    by_key = {row["key"]: {k: v for k, v in row.items() if v} for row in table(path)}
    assert by_key == {row["key"]: {k: v for k, v in row.items() if v} for row in new}
