"""`assess report`: several forms at once, from a case or from an Assessment."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.cli.conftest import Run


def test_every_form_is_written_in_one_run(run: Run, tmp_path: Path) -> None:
    result = run("report", "quad", *(part for s in ("html", "pdf", "md", "json") for part in ("-o", f"q.{s}")))
    assert result.code == 0
    assert result.out.split() == [word for s in ("html", "pdf", "md", "json") for word in ("wrote", f"q.{s}")]
    assert (tmp_path / "q.pdf").read_bytes().startswith(b"%PDF-")
    assert (tmp_path / "q.html").read_text().lower().startswith("<!doctype html>")


def test_without_a_file_it_writes_html_named_after_the_case(run: Run, tmp_path: Path) -> None:
    assert run("report", "quad").out == "wrote quad.html\n"
    assert (tmp_path / "quad.html").is_file()


def test_an_assessment_renders_as_the_case_does(run: Run, tmp_path: Path) -> None:
    run("report", "quad", "-o", "a.json", "-o", "a.html")
    assert run("report", "a.json", "-o", "b.html").code == 0
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()


@pytest.mark.parametrize("bad", ["none/x.pdf", "x.docx", "folder.html"])
def test_nothing_is_written_when_one_output_cannot_be(run: Run, tmp_path: Path, bad: str) -> None:
    (tmp_path / "folder.html").mkdir()
    result = run("report", "quad", "-o", "good.html", "-o", bad)
    assert result.code == 2
    assert not (tmp_path / "good.html").exists()
    assert "Traceback" not in result.err
