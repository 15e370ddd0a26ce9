"""Assessors side by side: cases, tables and weights, and one answer of all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from assess.documents.errors import DocumentError, UsageError
from assess.partnership.models import Partnership
from assess.rubric.models import NodeWeighting, Rubric
from assess.tuning.agreement import agreement
from assess.tuning.elicit import elicit
from assess.tuning.judgements import document_text, parse_judgements
from assess.tuning.panels import (
    agreed_weights,
    merged_cases,
    merged_levels,
    panel_of_cases,
    panel_of_levels,
    panels_of_weights,
    weights_of_table,
)


def case(observations: dict[str, object], **changes: object) -> Partnership:
    data = {
        "schema": "assess/partnership@1",
        "id": "draft",
        "title": "A draft",
        "type": "bilateral_agreement",
        "stage": "in_force",
        "as_of": "2025-06",
        "parties": [{"id": "NO", "name": "Norway"}, {"id": "SE", "name": "Sweden"}],
        "evidence": [
            {
                "id": "E1",
                "fact": "A fact.",
                "citation": "A source, 2025",
                "date": "2025-01",
                "kind": "official",
                "grade": "A1",
                "confidence": "high",
                "verified": "yes",
            }
        ],
        "observations": observations,
    }
    return Partnership.model_validate({**data, **changes})


def level(best: float, confidence: str = "high") -> dict[str, object]:
    return {"level": best, "confidence": confidence, "evidence": ["E1"], "rationale": "Because."}


def node(shares: dict[str, float], name: str = "overall") -> NodeWeighting:
    return NodeWeighting(node=name, method="stated", weights=shares)


def test_cases_stand_side_by_side_in_values(rubric: Rubric) -> None:
    cases = {
        "ann": case({"burden_sharing": level(3), "intelligence_sharing": level(2)}),
        "ben": case({"burden_sharing": level(1)}),
    }
    panel = panel_of_cases(cases, rubric)
    assert panel.units == ("burden_sharing", "intelligence_sharing")
    assert panel.readings == pytest.approx(np.array([[75, 50], [25, np.nan]]), nan_ok=True)


def test_the_median_carries_the_widest_range_and_the_lowest_confidence(rubric: Rubric) -> None:
    cases = {
        "ann": case({"burden_sharing": level(3)}),
        "ben": case({"burden_sharing": level(1, "moderate")}),
        "cy": case({"burden_sharing": level(3)}),
    }
    merged = merged_cases(cases, rubric)
    assert merged.observations == {
        "burden_sharing": {
            "level": {"low": 0.0, "best": 3.0, "high": 3.5},
            "confidence": "moderate",
            "rationale": "Median of 3: ann 3, ben 1, cy 3.",
        }
    }
    assert merged.left_out == ()


def test_checklists_are_left_out_and_said_so(rubric: Rubric) -> None:
    criterion = next(c for c in rubric.all_criteria() if c.measure.kind == "checklist")
    answers = {"items": {criterion.measure.items[0].id: "yes"}, "confidence": "high"}  # type: ignore[union-attr]
    merged = merged_cases({"ann": case({criterion.id: answers}), "ben": case({criterion.id: level(2)})}, rubric)
    assert (merged.observations, merged.left_out) == ({}, (criterion.id,))


def test_readings_by_party_stay_apart(rubric: Rubric) -> None:
    criterion = next(c for c in rubric.all_criteria() if c.per_party)
    read = {
        name: case({criterion.id: {"parties": {"NO": level(no), "SE": level(2)}}})
        for name, no in (("ann", 4), ("ben", 0))
    }
    assert panel_of_cases(read, rubric).units == (f"{criterion.id}/NO", f"{criterion.id}/SE")
    parties = merged_cases(read, rubric).observations[criterion.id]["parties"]
    assert parties["NO"]["level"] == {"low": 0.0, "best": 2.0, "high": 4.0}


def test_documents_of_different_cases_are_refused(rubric: Rubric) -> None:
    with pytest.raises(UsageError, match="their id differs"):
        panel_of_cases({"ann": case({}), "ben": case({}, id="other")}, rubric)
    with pytest.raises(UsageError, match="their type differs"):
        panel_of_cases({"ann": case({}), "ben": case({}, type="coalition")}, rubric)


def test_a_table_of_levels(tmp_path: Path, rubric: Rubric) -> None:
    path = tmp_path / "t.csv"
    path.write_text(
        "assessor,criterion,level\nann,capability_shift,2\nann,burden_sharing,3\nben,burden_sharing,2\n"
        "cy,burden_sharing,3\ncy,capability_shift,\n"
    )
    panel = panel_of_levels(path, rubric)
    assert (panel.assessors, panel.units) == (("ann", "ben", "cy"), ("capability_shift", "burden_sharing"))
    assert panel.readings == pytest.approx(np.array([[2, 3], [np.nan, 2], [np.nan, 3]]), nan_ok=True)
    merged = merged_levels(panel).observations
    assert merged["burden_sharing"]["level"] == {"low": 2, "best": 3}
    assert merged["capability_shift"]["level"] == {"best": 2}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("assessor,criterion\n", "t.csv:1:1: no column 'level'"),
        ("assessor,criterion,level,x\n", "t.csv:1:1: unknown column 'x'"),
        (
            "assessor,criterion,level\nann,burden_sharng,2\n",
            "t.csv:2:1: unknown criterion 'burden_sharng'; did you mean",
        ),
        ("assessor,criterion,level\nann,burden_sharing,5\n", "level must be a number from 0 to 4 (found '5')"),
        ("assessor,criterion,level\nann,burden_sharing,high\n", "(found 'high')"),
        ("assessor,criterion,level\n,burden_sharing,2\n", "t.csv:2:1: a row needs an assessor"),
        (
            "assessor,criterion,level\nann,burden_sharing,2\nann,burden_sharing,3\n",
            "t.csv:3:1: ann has read 'burden_sharing' in line 2 already",
        ),
    ],
)
def test_a_bad_table_names_the_line(tmp_path: Path, rubric: Rubric, text: str, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(DocumentError) as caught:
        panel_of_levels(path, rubric)
    assert words in str(caught.value)


def test_a_table_of_weights_becomes_shares(tmp_path: Path, rubric: Rubric) -> None:
    path = tmp_path / "t.csv"
    names = [pillar.id for pillar in rubric.pillars]
    path.write_text(
        "assessor,criterion,weight\n" + "".join(f"ann,{n},{w}\n" for n, w in zip(names, (4, 3, 2, 1), strict=True))
    )
    weights = weights_of_table(path, rubric)
    assert list(weights["ann"][0].weights.values()) == pytest.approx([0.4, 0.3, 0.2, 0.1])
    with pytest.raises(UsageError, match="no node has been weighed by two"):
        panels_of_weights(weights)
    path.write_text(f"assessor,criterion,weight\nann,{names[0]},1\nben,burden_sharing,-1\n")
    with pytest.raises(DocumentError, match="weight must be a number from 0 to 1000000"):
        weights_of_table(path, rubric)
    path.write_text(f"assessor,criterion,weight\nann,{names[0]},1\n")
    with pytest.raises(DocumentError, match=rf"t\.csv:2:1: ann, node 'overall': no weight for {names[1]}"):
        weights_of_table(path, rubric)
    path.write_text("assessor,criterion,weight\n" + "".join(f"ann,{n},0\n" for n in names))
    with pytest.raises(DocumentError, match="all weights are 0"):
        weights_of_table(path, rubric)


def test_an_empty_table_has_nothing_to_compare(tmp_path: Path, rubric: Rubric) -> None:
    path = tmp_path / "t.csv"
    path.write_text("assessor,criterion,level\n")
    assert panel_of_levels(path, rubric).readings.shape == (0, 0)
    assert panel_of_cases({"ann": case({}), "ben": case({})}, rubric).readings.shape == (2, 0)


def test_agreed_weights_are_the_geometric_mean_with_the_range_of_all() -> None:
    given = {"ann": node({"a": 0.8, "b": 0.2}), "ben": node({"a": 0.2, "b": 0.8})}
    found = agreed_weights("overall", given)
    assert found.weights == pytest.approx({"a": 0.5, "b": 0.5})
    assert (found.low, found.high) == ({"a": 0.2, "b": 0.2}, {"a": 0.8, "b": 0.8})
    assert panels_of_weights({name: [entry] for name, entry in given.items()})["overall"].scale == "share"


def test_agreed_weights_carry_how_far_their_makers_agree() -> None:
    given = {"ann": node({"a": 0.8, "b": 0.2}), "ben": node({"a": 0.2, "b": 0.8})}
    found = agreement(panels_of_weights({name: [entry] for name, entry in given.items()})["overall"], draws=100)
    said = next(one for one in agreed_weights("overall", given, found).diagnostics if "alpha" in one.name)
    assert (said.value, said.warning) == (found.alpha, True)
    assert said.text is not None
    assert "under 0.667" in said.text
    same = {"ann": node({"a": 0.5, "b": 0.5}), "ben": node({"a": 0.5, "b": 0.5})}
    found = agreement(panels_of_weights({name: [entry] for name, entry in same.items()})["overall"], draws=100)
    said = next(one for one in agreed_weights("overall", same, found).diagnostics if "alpha" in one.name)
    assert (said.value, said.warning) == (None, False)
    assert said.text is not None
    assert "all readings are the same" in said.text


def test_a_zero_from_one_is_said_to_rule_out() -> None:
    given = {"ann": node({"a": 0.5, "b": 0.5, "c": 0.0}), "ben": node({"a": 0.2, "b": 0.2, "c": 0.6})}
    found = agreed_weights("overall", given)
    assert found.weights["c"] == 0
    assert [one.name for one in found.diagnostics if one.warning] == ["ruled out"]


def test_comparisons_of_all_are_merged_before_weights_are_taken(rubric: Rubric) -> None:
    names = [pillar.id for pillar in rubric.pillars]
    judged = {}
    for name, value in (("ann", 2), ("ben", 8)):
        pairs = [{"a": names[0], "over": other, "value": value} for other in names[1:]]
        text = document_text(rubric, [{"node": "overall", "method": "ahp", "comparisons": pairs}], None)
        judged[name] = parse_judgements(text, name, rubric)
    given = {name: elicit(one, rubric)[0] for name, one in judged.items()}
    found = agreed_weights("overall", given, judged=judged)
    # sqrt(2 x 8) = 4 over each of three others: 4/7 and 1/7.
    assert list(found.weights.values()) == pytest.approx([4 / 7, 1 / 7, 1 / 7, 1 / 7])
    assert found.diagnostics[0].text is not None
    assert "matrices" in found.diagnostics[0].text
