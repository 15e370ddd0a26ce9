"""Assessments read back from JSON: whole ones as they were, others refused with a reason."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assess.documents.errors import DocumentError
from assess.reporting.reading import read_assessment
from assess.scoring.assessment import Assessment


def test_a_written_assessment_reads_back(tmp_path: Path, assessment_of: Callable[[str], Assessment]) -> None:
    path = tmp_path / "nato.json"
    path.write_text(assessment_of("nato").to_json())
    assert read_assessment(path).to_json() == path.read_text()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", r"x\.json:1:2: not valid JSON"),
        ("[]", "schema is None, not 'assess/assessment@1'"),
        ('{"schema": "assess/assessment@2"}', "schema is 'assess/assessment@2'"),
        ('{"schema": "assess/assessment@1"}', "overall: Field required"),
    ],
)
def test_anything_else_is_refused_with_a_reason(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text)
    with pytest.raises(DocumentError, match=message):
        read_assessment(path)


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="no such file"):
        read_assessment(tmp_path / "none.json")
