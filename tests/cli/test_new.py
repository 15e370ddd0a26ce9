"""`assess new`: a template that asks for everything that applies and loads as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import pytest
from tests.cli.conftest import Run

from assess.documents.fields import PartnershipType
from assess.rubric.models import Rubric


@pytest.mark.parametrize("kind", get_args(PartnershipType))
def test_a_template_loads_and_names_every_criterion_that_applies(
    run: Run, tmp_path: Path, kind: PartnershipType, rubric: Rubric
) -> None:
    result = run("new", "north", "--type", kind, "--stage", "negotiating")
    assert result.code == 0
    text = (tmp_path / "north.yaml").read_text()
    for criterion in rubric.all_criteria():
        applies = criterion.types.get(kind, 1.0) > 0
        assert (f"  # {criterion.id}:\n" in text) == applies
        if applies:
            assert " ".join(criterion.question.split()[:4]) in text
    assert run("check", "north.yaml").code == 0
    assert run("score", "north.yaml").code == 0


def test_uncommented_help_is_a_document_that_fits(run: Run, tmp_path: Path) -> None:
    """Take the # from everything that is an example, and it still loads."""
    run("new", "north", "--type", "multilateral_alliance", "--stage", "in_force")
    path = tmp_path / "north.yaml"
    lines = path.read_text().splitlines()
    start = lines.index("# observations:")
    examples = ("  # interest_alignment:", "  # fulfilment_record:", "  # decision_autonomy:", "  # dispute_and_exit:")
    out, on = [], False
    for number, line in enumerate(lines):
        if line.startswith("# evidence:"):
            on = True
        if number > start:
            on = line.startswith(examples) or (on and line.startswith("  #   "))
        elif number == start:
            on = True
        elif not line.startswith("#"):
            on = False
        out.append(line.replace("# ", "", 1) if on else line)
    path.write_text("\n".join(out) + "\n")
    result = run("check", "north.yaml")
    assert (result.code, result.err) == (0, "")
    assert "4 criteria observed, 1 pieces of evidence" in result.out


def test_a_file_is_never_overwritten(run: Run, tmp_path: Path) -> None:
    (tmp_path / "north.yaml").write_text("mine")
    result = run("new", "north", "--type", "coalition")
    assert result.code == 2
    assert "exists already" in result.err
    assert (tmp_path / "north.yaml").read_text() == "mine"


def test_an_id_that_no_document_could_have_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("new", "North West", "--type", "coalition")
    assert result.code == 2
    assert "cannot be an id" in result.err
    assert list(tmp_path.iterdir()) == []
