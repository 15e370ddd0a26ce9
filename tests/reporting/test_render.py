from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

from assess.documents.errors import UsageError
from assess.reporting.edition import Edition
from assess.reporting.render import SUFFIXES, check_suffix, render, to_bytes
from assess.scoring.assessment import Assessment

from .conftest import sample

OPENINGS = {
    ".html": b"<!DOCTYPE html>",
    ".pdf": b"%PDF-1.7",
    ".md": b"# ",
    ".csv": b"",
    ".json": b'{\n  "schema"',
}


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_the_suffix_says_the_form(suffix: str, tmp_path: Path) -> None:
    path = tmp_path / f"report{suffix.upper()}"
    render(sample(), path)
    assert path.read_bytes() == to_bytes(sample(), suffix)
    assert path.read_bytes().startswith(OPENINGS[suffix])
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_two_runs_give_the_same_bytes(suffix: str) -> None:
    assert to_bytes(sample(), suffix) == to_bytes(Assessment.model_validate_json(sample().to_json()), suffix)


@pytest.mark.parametrize("suffix", [".html", ".pdf", ".md"])
def test_the_edition_decides_what_people_read(suffix: str, tmp_path: Path) -> None:
    short = Edition(summary=True)
    render(sample(), tmp_path / f"short{suffix}", short)
    assert (tmp_path / f"short{suffix}").read_bytes() == to_bytes(sample(), suffix, short)
    assert to_bytes(sample(), suffix, short) != to_bytes(sample(), suffix)


@pytest.mark.parametrize("suffix", [".csv", ".json"])
def test_the_edition_changes_no_data(suffix: str) -> None:
    assert to_bytes(sample(), suffix, Edition(summary=True)) == to_bytes(sample(), suffix)


def test_csv_is_a_table() -> None:
    rows = list(csv.reader(io.StringIO(to_bytes(sample(), ".csv").decode(), newline="")))
    assert len(rows) > 1
    assert {len(row) for row in rows} == {len(rows[0])}


def test_json_is_the_assessment_itself() -> None:
    assert json.loads(to_bytes(sample(), ".json")) == json.loads(sample().to_json())


@pytest.mark.parametrize("suffix", [".docx", "", ".htm"])
def test_an_unknown_suffix_names_those_that_are_known(suffix: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"\.html, \.pdf, \.md, \.csv or \.json"):
        check_suffix(suffix)
    with pytest.raises(UsageError):
        render(sample(), tmp_path / f"report{suffix}")
    assert list(tmp_path.iterdir()) == []


def test_the_module_is_cheap_to_import() -> None:
    code = "import sys, assess.reporting.render; print({'jinja2', 'typst', 'markupsafe'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"
