"""The text of a template: stage notes, anchors, and lines that fit an editor."""

from __future__ import annotations

from assess.cli.template import partnership_template
from assess.rubric.models import Rubric


def test_lines_fit_an_editor(rubric: Rubric) -> None:
    text = partnership_template("x", "coalition", "idea", rubric)
    assert max(len(line) for line in text.splitlines()) <= 140


def test_stage_notes_stand_only_before_entry_into_force(rubric: Rubric) -> None:
    assert "read the draft text" in partnership_template("x", "coalition", "idea", rubric)
    assert "read the draft text" not in partnership_template("x", "coalition", "in_force", rubric)


def test_all_anchors_and_red_lines_are_there(rubric: Rubric) -> None:
    text = " ".join(partnership_template("x", "multilateral_alliance", "idea", rubric).replace("#", " ").split())
    for criterion in rubric.all_criteria():
        for anchor in criterion.anchors.values():
            assert " ".join(anchor.split()) in text
    for line in rubric.red_lines:
        assert f"{line.id}: {{status: clear" in text
