"""Steps that commands share."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.cli.options import load_assessment, load_cases
from assess.documents.errors import AssessError
from assess.rubric.models import Rubric


def test_errors_of_several_cases_come_together(rubric: Rubric) -> None:
    with pytest.raises(AssessError) as caught:
        load_cases(("natoo", "quadd", "nato"), rubric)
    assert str(caught.value).count("did you mean") == 2


def test_a_case_is_scored_and_a_json_file_is_read(tmp_path: Path) -> None:
    scored = load_assessment("quad", "partnership-default", 200, 5)
    path = tmp_path / "quad.json"
    path.write_text(scored.to_json())
    read = load_assessment(str(path), "ignored", 0, 0)
    assert read.provenance.draws == 200
    assert read.to_json() == scored.to_json()
