"""`assess demo`: reports of every shipped case."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_html_and_pdf_of_every_case(run: Run, tmp_path: Path) -> None:
    result = run("demo", "-o", "out/demo")
    assert result.code == 0
    written = sorted(path.name for path in (tmp_path / "out/demo").iterdir())
    assert written == sorted(f"{c}.{s}" for c in ("nato", "csto", "us-israel", "quad") for s in ("html", "pdf"))
    for name in written:
        assert f"out/demo/{name}" in result.out


def test_a_folder_that_cannot_be_made_is_named(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    result = run("demo", "-o", "file/demo")
    assert result.code == 2
    assert "file/demo: cannot be made" in result.err
