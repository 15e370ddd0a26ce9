"""`assess demo`: reports of every shipped case."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run
from tests.conftest import CASES


def test_html_and_pdf_of_every_case(run: Run, tmp_path: Path) -> None:
    result = run("demo", "-o", "out/demo")
    assert (result.code, result.err) == (0, "")
    written = sorted(path.name for path in (tmp_path / "out/demo").iterdir())
    assert written == sorted(f"{c}.{s}" for c in CASES for s in ("html", "pdf"))
    for name in written:
        assert f"out/demo/{name}" in result.out


@pytest.mark.parametrize("folder", ["file", "file/demo", "new/" + "x" * 300])
def test_a_folder_that_cannot_be_made_is_named_and_nothing_is_left(run: Run, tmp_path: Path, folder: str) -> None:
    (tmp_path / "file").write_text("")
    result = run("demo", "-o", folder)
    assert (result.code, result.out) == (2, "")
    assert folder in result.err
    assert "Traceback" not in result.err
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
