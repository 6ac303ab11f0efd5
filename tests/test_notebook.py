"""The notebook in docs/ runs from top to bottom, and draws what it says."""

from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbformat import NotebookNode

NOTEBOOK = Path(__file__).parent.parent / "docs" / "careatlas.ipynb"


def cells(notebook: NotebookNode) -> list[NotebookNode]:
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_what_is_kept_of_it_has_no_output() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    nbformat.validate(notebook)
    assert len(cells(notebook)) > 5
    assert all(not cell.outputs and cell.execution_count is None for cell in cells(notebook))


def test_it_answers_with_tables_and_a_picture(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CAREATLAS_HOME", str(home))
    for name in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "MPLCONFIGDIR"):
        monkeypatch.setenv(name, str(tmp_path / name.lower()))
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    NotebookClient(notebook, timeout=300, kernel_name="python3").execute()
    outputs = {cell.id: cell.outputs for cell in cells(notebook)}
    streams = [one for found in outputs.values() for one in found if one.output_type == "stream"]
    assert streams == [], "nothing is warned of"
    assert all(found for found in outputs.values()), "each cell shows something"
    shown = {name: found[0].data for name, found in outputs.items()}
    assert "lower_bound" in shown["share-table"]["text/html"]
    assert shown["where-evidence-code"]["text/html"].count("<tr>") == 2
    assert shown["together-graph"]["text/plain"].startswith("[('")
    assert len(shown["together-picture"]["image/png"]) > 20_000
