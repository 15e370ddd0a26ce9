"""Learning a whole rubric: planted weights come back, noise is said to be noise, and the version keeps it all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from tests.conftest import rubric_data

from assess.documents.errors import UsageError
from assess.rubric.loading import load_rubric
from assess.rubric.measures import Floats
from assess.rubric.models import Rubric
from assess.scoring.compiled import compile_rubric
from assess.tuning.fitting import fit_weights
from assess.tuning.learning import Node, _tangent, fit_tree, learn, node_weightings, tree_of, tree_score
from assess.tuning.precedents import read_precedents
from assess.tuning.version import new_version

PLANTED = {"one": [0.2, 0.8], "two": [0.6, 0.4], "overall": [0.3, 0.7]}
"""By node; the small rubric has 0.75, 0.25; 0.5, 0.5; 0.5, 0.5."""


def small(**more: Any) -> Rubric:
    return Rubric.model_validate(rubric_data(**more))


def tree(rubric: Rubric) -> tuple[Node, ...]:
    return tree_of(compile_rubric(rubric), np.ones(4, dtype=bool))


def planted(nodes: tuple[Node, ...]) -> list[Floats]:
    return [np.array(PLANTED[node.id]) for node in nodes]


def simulated(n: int, seed: int, slope: float = 0.12, rubric: Rubric | None = None) -> pd.DataFrame:
    """Precedents of the planted weights, with levels as readings."""
    random = np.random.default_rng(seed)
    levels = random.uniform(0.0, 4.0, (n, 4))
    nodes = tree(rubric or small())
    score = tree_score(nodes, planted(nodes), levels * 25.0)
    frame = pd.DataFrame(levels, columns=["a", "b", "c", "d"])
    noisy = slope * (score - np.median(score)) + random.logistic(size=n)
    frame["held"] = (noisy > 0).astype(int)
    frame["grade"] = np.digitize(noisy, [-1.0, 1.0])
    frame["place"] = (-score).argsort().argsort() + 1
    frame["state"] = random.integers(0, n // 4, n)
    frame["year"] = random.integers(1900, 2000, n)
    return frame


METHODS: list[dict[str, Any]] = [
    {"method": "arithmetic"},
    {"method": "geometric"},
    {"method": "power", "exponent": -1.0},
]


@pytest.mark.parametrize("method", METHODS)
def test_the_tangent_touches_the_score_and_has_its_slope(method: dict[str, Any]) -> None:
    nodes = tree(small(aggregation=method))
    values = np.random.default_rng(0).uniform(5.0, 100.0, (30, 4))
    weights = planted(nodes)
    for place in range(3):
        columns = _tangent(nodes, weights, values, place)
        np.testing.assert_allclose(columns @ weights[place], tree_score(nodes, weights, values), rtol=1e-12)
        step = 1e-6
        moved = list(weights)
        moved[place] = weights[place] + np.array([step, -step])
        slope = (tree_score(nodes, moved, values) - tree_score(nodes, weights, values)) / step
        np.testing.assert_allclose(columns @ np.array([1.0, -1.0]), slope, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("kind", ["labels", "classes"])
def test_planted_weights_of_a_tree_are_recovered(method: dict[str, Any], kind: str) -> None:
    rubric = small(aggregation=method)
    column = "held" if kind == "labels" else "grade"
    precedents = read_precedents(simulated(9000, 3, rubric=rubric), rubric, column, kind=kind)  # type: ignore[arg-type]
    nodes = tree(rubric)
    found = fit_tree(nodes, precedents.values, precedents.outcome, 1.0, kind=precedents.kind)
    assert found.settled
    for node, weights in zip(nodes, found.weights, strict=True):
        assert weights == pytest.approx(PLANTED[node.id], abs=0.06)


def test_a_ranking_by_the_planted_weights_is_reproduced() -> None:
    rubric = small(aggregation={"method": "arithmetic"})
    precedents = read_precedents(simulated(60, 3), rubric, "place", kind="ranking")
    nodes = tree(rubric)
    found = fit_tree(nodes, precedents.values, precedents.outcome, 0.01, kind="ranking")
    score = tree_score(nodes, found.weights, precedents.values)
    assert np.corrcoef(score.argsort().argsort(), precedents.outcome)[0, 1] > 0.97


def test_one_pillar_is_the_fit_of_one_node() -> None:
    data = rubric_data()
    data["pillars"][0]["criteria"] += data["pillars"][1]["criteria"]
    del data["pillars"][1]
    rubric = Rubric.model_validate(data)
    frame = simulated(300, 5)
    precedents = read_precedents(frame, rubric, "held")
    found = fit_tree(tree(rubric), precedents.values, precedents.outcome, 10.0)
    current = np.array([c.weight for c in rubric.all_criteria()])
    flat = fit_weights(frame[["a", "b", "c", "d"]].to_numpy() * 25.0, frame["held"].to_numpy(float), current, 10.0)
    np.testing.assert_allclose(found.weights[0], flat.weights, atol=1e-3)


def test_precedents_that_speak_move_the_weights() -> None:
    rubric = small()
    precedents = read_precedents(simulated(500, 1), rubric, "held", group="state", time="year")
    steps: list[int] = []
    found = learn(precedents, resamples=30, step=lambda: steps.append(1))
    assert len(steps) == 30
    assert [node.id for node in found.nodes] == ["overall", "one", "two"]
    assert found.moved
    assert "'" not in found.statement
    assert "These precedents move" in found.statement
    assert found.nodes[1].moved() == ("a", "b")
    for node in found.nodes:
        assert node.weights.sum() == pytest.approx(1.0)
        assert (node.low <= node.weights).all()
        assert (node.weights <= node.high).all()
    assert [held.way for held in found.held_out] == ["five folds, whole groups held out", "forward in time"]
    fitted, current, base = found.held_out[0].skills
    assert (fitted.log_loss or 9) < (current.log_loss or 0) < (base.log_loss or 0)
    assert (fitted.auc or 0) > (current.auc or 1) > 0.5
    assert found.held_out[0].rows == 500
    assert sum(one.events for one in found.held_out[0].calibration) == 500


def test_noise_is_said_to_be_noise() -> None:
    frame = simulated(200, 2)
    frame["held"] = np.random.default_rng(7).integers(0, 2, 200)
    found = learn(read_precedents(frame, small(), "held"), 30.0, resamples=30)
    assert not found.moved
    assert found.statement.startswith("These precedents do not move the weights: ")
    assert found.statement.endswith("Keep the current weights.")
    assert found.held_out[0].gain is not None
    assert found.held_out[0].gain[2] > 0


def test_groups_that_recur_through_all_time_leave_nothing_to_judge_forward() -> None:
    frame = simulated(300, 1).assign(state=np.arange(300) % 30, year=np.arange(300))
    found = learn(read_precedents(frame, small(), "held", group="state", time="year"), resamples=12)
    assert found.held_out[1].skills == ()
    assert found.held_out[1].skipped == 4
    assert found.statement.endswith("Nothing could be judged forward in time.")


@pytest.mark.parametrize("kind", ["pairs", "ranking", "classes"])
def test_every_kind_ends_in_weights_and_a_verdict(kind: Any) -> None:
    frame = simulated(120, 4)
    column = {"pairs": "held", "ranking": "place", "classes": "grade"}[kind]
    found = learn(read_precedents(frame, small(), column, kind=kind, group="state"), resamples=12)
    assert found.statement
    assert found.held_out[0].skills[0].auc is not None
    assert (found.held_out[0].gain is None) == (kind == "ranking")


def test_the_same_seed_gives_the_same_and_another_does_not() -> None:
    precedents = read_precedents(simulated(150, 4), small(), "held")
    one, two, other = (learn(precedents, resamples=12, seed=seed) for seed in (1, 1, 2))
    for a, b, c in zip(one.nodes, two.nodes, other.nodes, strict=True):
        np.testing.assert_array_equal(a.low, b.low)
        np.testing.assert_array_equal(a.weights, c.weights)
        assert (a.low != c.low).any()
    assert one.held_out == two.held_out


def test_a_criterion_that_the_table_lacks_keeps_its_weight() -> None:
    frame = simulated(200, 1).drop(columns="c")
    found = learn(read_precedents(frame, small(), "held"), resamples=12)
    assert [node.id for node in found.nodes] == ["overall", "one"]
    data = rubric_data()
    data["pillars"][0]["criteria"].append(data["pillars"][1]["criteria"].pop())  # three in the first pillar
    found = learn(read_precedents(frame.drop(columns="b").assign(c=frame["b"]), Rubric.model_validate(data), "held"),
                  resamples=12)  # fmt: skip
    node = next(node for node in found.nodes if node.id == "one")
    assert node.kept == {"b": pytest.approx(0.2)}
    assert node.weights.sum() == pytest.approx(0.8)


def test_warnings_name_separation_few_events_and_a_reversed_outcome() -> None:
    frame = simulated(60, 1)
    frame["held"] = (frame["a"] > 2.0).astype(int)
    assert any(
        "only the prior" in text for text in learn(read_precedents(frame, small(), "held"), resamples=12).warnings
    )
    with pytest.raises(UsageError, match="set a prior strength above 0"):
        learn(read_precedents(frame, small(), "held"), 0.0, resamples=12)
    frame = simulated(60, 1)
    frame["held"] = 1 - frame["held"]
    said = " ".join(learn(read_precedents(frame, small(), "held"), resamples=12).warnings)
    assert "the current scores run against the outcomes" in said
    assert "under 10 a criterion" in said


def test_the_version_holds_the_weights_intervals_and_diagnostics(tmp_path: Path) -> None:
    data = rubric_data()
    data["pillars"][0]["criteria"][0]["types"] = {"coalition": 2.0}
    data["pillars"][1]["criteria"].append(data["pillars"][1]["criteria"][0] | {"id": "e", "types": {"coalition": 0.0}})
    (tmp_path / "small.yaml").write_text(_yaml(data))
    rubric = load_rubric(tmp_path / "small.yaml")
    precedents = read_precedents(simulated(300, 1).assign(type="coalition"), rubric, "held")
    found = learn(precedents, resamples=12)
    nodes = node_weightings(found, precedents.compiled)
    names = {fact.name for fact in nodes[0].diagnostics}
    assert {"precedents", "prior strength", "log loss, fitted weights", "AUC, current weights", "verdict"} <= names
    text = new_version(
        rubric, nodes, id="mine", title="Mine", version="1.0.0", method="learned", types=["coalition"], folder=tmp_path
    )
    (tmp_path / "mine.yaml").write_text(text)
    after = compile_rubric(load_rubric(tmp_path / "mine.yaml"), "coalition")
    before = {child: weight for node in found.nodes for child, weight in zip(node.children, node.weights, strict=True)}
    for name, column in after.column.items():
        assert after.weights[column] == pytest.approx(before.get(name, 0.0), abs=1e-9)
    assert after.node_weights == pytest.approx([before["one"], before["two"]])
    declared = {c.id: c.weight for c in load_rubric(tmp_path / "mine.yaml").all_criteria()}
    assert declared["e"] == pytest.approx(1.0 / 3.0)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(data: Any) -> str:
    return str(yaml.dump(data, Dumper=_Dumper, sort_keys=False))


def test_a_table_with_nothing_to_weigh_is_refused() -> None:
    data = rubric_data()
    data["pillars"][0]["criteria"][0]["weight"] = 1.0
    frame = simulated(60, 1)
    precedents = read_precedents(frame.drop(columns=["b", "d"]), small(), "held")
    assert [node.id for node in learn(precedents, resamples=12).nodes] == ["overall"]
    data["pillars"][1]["weight"] = 0.0
    precedents = read_precedents(frame.drop(columns=["b", "d"]), Rubric.model_validate(data), "held")
    assert precedents.criteria() == ("a", "c")
