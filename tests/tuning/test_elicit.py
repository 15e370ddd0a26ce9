"""From judgements to a rubric version: textbook numbers come through, and the trail leads back to the file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml

from assess.documents.errors import DocumentError
from assess.rubric.loading import load_rubric
from assess.rubric.models import NodeWeighting, Rubric
from assess.tuning.elicit import elicit, method_of, node_weighting, version_text
from assess.tuning.elicited import Elicited, Remark
from assess.tuning.judgements import Judgements, load_judgements

FOUR = ("stability", "threat_coverage", "interoperability", "legal_sovereignty")


def judged(folder: Path, rubric: Rubric, *nodes: Mapping[str, object], **more: object) -> Judgements:
    data = {
        "schema": "assess/judgements@1",
        "id": "staff",
        "rubric": {"rubric": rubric.id, "version": rubric.version},
        **more,
        "nodes": [{"node": "overall", **node} for node in nodes],
    }
    path = folder / "j.yaml"
    path.write_text(yaml.safe_dump(data, sort_keys=False))
    return load_judgements(path, rubric)[0]


LEADER = {
    "method": "ahp",
    "matrix": {"items": list(FOUR), "rows": [[4, 3, 7], ["1/3", 3], [5]]},
}
"""'Choosing a leader': 4 x 4, as AHPy's tests have it from the public example."""


def shares(nodes: tuple[NodeWeighting, ...]) -> list[float]:
    return [nodes[0].weights[name] for name in FOUR]


@pytest.mark.parametrize(
    ("node", "expected"),
    [
        (LEADER, [0.547569, 0.126555, 0.269950, 0.055926]),
        ({**LEADER, "priority": "geometric_mean"}, [0.546240, 0.127585, 0.269809, 0.056366]),
        ({"method": "ranks", "order": list(FOUR)}, [0.520833, 0.270833, 0.145833, 0.0625]),
        ({"method": "ranks", "order": list(FOUR), "formula": "rank_sum"}, [0.4, 0.3, 0.2, 0.1]),
        ({"method": "swing", "order": list(FOUR), "formula": "rank_reciprocal"}, [0.48, 0.24, 0.16, 0.12]),
        ({"method": "points", "points": dict(zip(FOUR, (4, 3, 2, 1), strict=True))}, [0.4, 0.3, 0.2, 0.1]),
        ({"method": "swing", "swings": dict(zip(FOUR, (100, 50, 25, 25), strict=True))}, [0.5, 0.25, 0.125, 0.125]),
    ],
)
def test_textbook_weights_come_through(
    tmp_path: Path, rubric: Rubric, node: dict[str, object], expected: list[float]
) -> None:
    found = elicit(judged(tmp_path, rubric, node), rubric)
    assert shares(found) == pytest.approx(expected, abs=1e-6)
    assert found[0].diagnostics[0].name == "formula"


def test_a_matrix_may_name_its_items_in_any_order(tmp_path: Path, rubric: Rubric) -> None:
    turned = {
        "method": "ahp",
        "matrix": {"items": list(FOUR[::-1]), "rows": [["1/5", "1/3", "1/7"], [3, "1/3"], ["1/4"]]},
    }
    assert shares(elicit(judged(tmp_path, rubric, turned), rubric)) == pytest.approx(
        [0.547569, 0.126555, 0.269950, 0.055926], abs=1e-6
    )


@pytest.mark.parametrize(
    "node",
    [
        {"method": "statements", "statements": ["Stability matters at least as much as interoperability"]},
        {
            "method": "best_worst",
            "best": "threat_coverage",
            "worst": "interoperability",
            "best_to_others": {"stability": 2, "interoperability": 8, "legal_sovereignty": 4},
            "others_to_worst": {"stability": 4, "threat_coverage": 8, "legal_sovereignty": 2},
        },
        {"method": "swing", "swings": {**dict.fromkeys(FOUR, 100), "stability": {"low": 20, "high": 60}}},
    ],
)
def test_ranges_hold_the_weights(tmp_path: Path, rubric: Rubric, node: dict[str, object]) -> None:
    found = elicit(judged(tmp_path, rubric, node), rubric)[0]
    assert sum(found.weights.values()) == pytest.approx(1)
    assert all(found.low[name] <= found.weights[name] <= found.high[name] for name in FOUR)


def test_a_wrong_judgement_is_shown_at_its_node(tmp_path: Path, rubric: Rubric) -> None:
    said = judged(
        tmp_path,
        rubric,
        {
            "method": "ahp",
            "comparisons": [
                {"a": "stability", "over": "threat_coverage", "value": 3},
                {"a": "threat_coverage", "over": "stability", "value": 3},
                {"a": "interoperability", "over": "legal_sovereignty", "value": 3},
            ],
        },
    )
    with pytest.raises(DocumentError, match=r"j\.yaml:\d+:\d+: node 'overall': .* in one place and 3 in another"):
        elicit(said, rubric)


def test_contradictions_are_named(tmp_path: Path, rubric: Rubric) -> None:
    statements = ["stability > interoperability", "interoperability at least 2 times stability"]
    said = judged(tmp_path, rubric, {"method": "statements", "statements": [*statements, "stability at least 10%"]})
    with pytest.raises(DocumentError, match="contradict each other: “stability > interoperability”"):
        elicit(said, rubric)


def test_an_inconsistent_matrix_is_accepted_with_a_warning(tmp_path: Path, rubric: Rubric) -> None:
    node = {"method": "ahp", "matrix": {"items": list(FOUR), "rows": [[9, "1/9", 9], [9, "1/9"], [9]]}}
    found = elicit(judged(tmp_path, rubric, node), rubric)[0]
    warned = [one for one in found.diagnostics if one.warning]
    assert warned[0].name == "consistency ratio"
    assert any(one.name == "reconsider first" for one in found.diagnostics)


def test_the_version_leads_back_to_the_judgements(tmp_path: Path, rubric: Rubric) -> None:
    said = judged(tmp_path, rubric, LEADER, by="Staff", on="2026-11", note="Why.", types=["coalition"])
    assert said.source is not None
    text = version_text(said, rubric, elicit(said, rubric), folder=tmp_path)
    path = tmp_path / "new.yaml"
    path.write_text(text)
    made = load_rubric(path)
    assert made.weighting is not None
    assert (made.weighting.by, made.weighting.on, made.weighting.note) == ("Staff", "2026-11", "Why.")
    assert (made.weighting.source, made.weighting.source_sha256) == ("j.yaml", said.source.sha256)
    assert made.profiles["coalition"].pillars["stability"] == pytest.approx(0.547569, abs=1e-6)
    assert made.profiles["bilateral_agreement"] == rubric.profiles["bilateral_agreement"]
    assert text == version_text(said, rubric, elicit(said, rubric), folder=tmp_path)


def test_nodes_by_several_methods_are_said_to_be_so(tmp_path: Path, rubric: Rubric) -> None:
    points = {"node": "stability", "method": "points"}
    ranks = {"method": "ranks", "order": list(FOUR)}
    criteria = {child.id: 1 for child in next(p for p in rubric.pillars if p.id == "stability").criteria}
    said = judged(tmp_path, rubric, {**points, "points": criteria}, ranks)
    nodes = elicit(said, rubric)
    assert method_of(nodes) == "mixed"
    assert method_of(nodes[1:]) == "ranks"
    assert "\nweighting:\n  method: mixed\n" in version_text(said, rubric, nodes)


def test_ends_that_a_solver_misses_do_not_cut_off_the_weight() -> None:
    found = Elicited("m", {"a": 0.5, "b": 0.5}, {"a": 0.5 + 1e-12}, {"a": 0.5 - 1e-12}, (Remark("r", 1.0, "t", True),))
    made = node_weighting("overall", "points", found, ["b", "a"])
    assert list(made.weights) == ["b", "a"]
    assert made.low == made.high == {"a": 0.5}
    assert made.diagnostics[1].warning
