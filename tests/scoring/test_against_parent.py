"""What a rubric changes against its parent: shares of the case at hand, and the result by the parent."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.conftest import default_rubric, shipped_assessment, small_rubric

from assess.partnership.loading import load_partnership
from assess.rubric.loading import load_rubric
from assess.scoring.against_parent import changed_weights
from assess.scoring.assessment import Assessment
from assess.scoring.compiled import compile_rubric
from assess.scoring.score import score

CHILD = """\
schema: assess/rubric@1
id: child
title: Child
version: 1.0.0
extends: {rubric: partnership-default, version: 1.1.0}
"""


def scored(folder: Path, more: str, case: str = "nato") -> Assessment:
    (folder / "child.yaml").write_text(CHILD.replace("1.1.0", default_rubric().version) + more)
    return score(load_partnership(case), load_rubric(folder / "child.yaml"), draws=100)


@pytest.mark.parametrize("case", ["nato", "quad", "us-israel", "csto"])
def test_the_result_by_the_parent_is_that_of_scoring_by_the_parent(tmp_path: Path, case: str) -> None:
    found = scored(tmp_path, "weights: {decision_autonomy: 30}\n", case).rubric.against_parent
    whole = shipped_assessment(case).overall
    assert found is not None
    assert found.score == pytest.approx(whole.score, abs=1e-9)
    assert found.rating == whole.rating
    assert shipped_assessment(case).rubric.against_parent is None
    assert shipped_assessment(case).rubric.parents == ()


def test_a_version_that_changes_nothing_changes_no_share(tmp_path: Path) -> None:
    result = scored(tmp_path, "weights: {stability: 25}\n")
    assert result.rubric.against_parent is not None
    assert result.rubric.against_parent.weights == ()
    assert result.overall.score == result.rubric.against_parent.score
    assert [above.id for above in result.rubric.parents] == ["partnership-default"]


def test_red_lines_of_the_parent_rate_by_the_parent(tmp_path: Path) -> None:
    case = load_partnership("nato")
    tripped = case.red_lines["member_exit_announced"].model_copy(update={"status": "tripped"})
    capped = case.model_copy(update={"red_lines": case.red_lines | {"member_exit_announced": tripped}})
    (tmp_path / "child.yaml").write_text(
        CHILD.replace("1.1.0", default_rubric().version) + "red_lines: [{id: member_exit_announced, effect: block}]\n"
    )
    result = score(capped, load_rubric(tmp_path / "child.yaml"), draws=100)
    assert result.overall.rating == "Do not proceed"
    assert result.rubric.against_parent is not None
    assert result.rubric.against_parent.rating == "Conditional"  # capped; the score alone is Sound


def test_shares_are_those_after_type_multipliers() -> None:
    before = small_rubric(profiles={"coalition": {"pillars": {"one": 1, "two": 1}}})
    after = small_rubric(profiles={"coalition": {"pillars": {"one": 3, "two": 1}}})
    found = list(changed_weights(compile_rubric(before, "coalition"), compile_rubric(after, "coalition")))
    assert [(c.id, c.kind, c.node, c.before, c.after) for c in found] == [
        ("one", "pillar", "overall", 0.5, 0.75),
        ("two", "pillar", "overall", 0.5, 0.25),
    ]
    assert list(changed_weights(compile_rubric(before), compile_rubric(after))) == []


def test_a_criterion_names_its_pillar_and_what_does_not_apply_is_left_out() -> None:
    before, after = small_rubric(), small_rubric()
    weights = after.pillars[0].criteria[0].model_copy(update={"weight": 1.0})
    pillar = after.pillars[0].model_copy(update={"criteria": (weights, after.pillars[0].criteria[1])})
    after = after.model_copy(update={"pillars": (pillar, after.pillars[1])})
    found = list(changed_weights(compile_rubric(before), compile_rubric(after)))
    assert [(c.id, c.node, c.before, c.after) for c in found] == [("a", "one", 0.75, 0.5), ("b", "one", 0.25, 0.5)]
    gone = ("a",)
    assert list(changed_weights(compile_rubric(before, None, gone), compile_rubric(after, None, gone))) == []
