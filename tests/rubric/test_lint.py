"""Weak spots of rubrics: each is found where it is, and none where it is not."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ANCHORS, criterion, default_rubric, small_rubric

from assess.documents.shipped import shipped_dir, shipped_ids
from assess.rubric.lint import paths_of, structural_findings
from assess.rubric.loading import load_rubric

HEAD = """\
schema: assess/rubric@1
id: mine
title: Mine
version: 1.0.0
"""


def sourced(name: str, **more: Any) -> dict[str, Any]:
    texts = {
        0: "Nothing at all.",
        1: "A draft.",
        2: "Some rules apply",
        3: "Most parties do it",
        4: "Everybody, every year",
    }
    return criterion(name, **({"sources": [{"ref": "X"}], "anchors": texts} | more))


def found(*criteria: dict[str, Any], **more: Any) -> list[tuple[tuple[str | int, ...], str]]:
    references = [{"id": "X", "citation": "X 2020", "checked": "read"}]
    pillars = [{"id": "one", "title": "One", "criteria": list(criteria)}]
    rubric = small_rubric(pillars=pillars, references=references, **more)
    return [(problem.path, problem.what) for problem in structural_findings(rubric)]


def child(folder: Path, more: str, extends: str = "") -> list[str]:
    source = default_rubric().source
    assert source is not None
    held = extends or f"{{rubric: partnership-default, version: {default_rubric().version}, sha256: {source.sha256}}}"
    (folder / "mine.yaml").write_text(f"{HEAD}extends: {held}\n{more}")
    rubric = load_rubric(folder / "mine.yaml")
    assert rubric.source is not None
    return str(rubric.source.error(structural_findings(rubric))).replace(rubric.source.file, "").splitlines()


def test_nothing_is_found_where_nothing_is_weak(tmp_path: Path) -> None:
    assert found(sourced("a"), sourced("b")) == []
    assert child(tmp_path, "weights: {decision_autonomy: 9}\n") == []


@pytest.mark.parametrize(
    "name", ["partnership-default", *(name for name in shipped_ids("rubrics") if load_rubric(name).parent is not None)]
)
def test_the_default_and_its_versions_show_no_weak_spot(name: str) -> None:
    assert list(structural_findings(load_rubric(name))) == []


def test_a_weight_without_a_source_is_found() -> None:
    place = ("pillars", 0, "criteria", 1, "weight")
    assert [path for path, _ in found(sourced("a"), sourced("b", sources=[]))] == [place]
    assert found(sourced("a"), sourced("b", sources=[], weight=0.0)) == []
    assert found(sourced("a"), sourced("b", sources=[]), weighting={"method": "points"}) == []


def test_a_weighting_with_nodes_accounts_for_those_alone() -> None:
    node = {"node": "one", "method": "points", "weights": {"a": 1.0}}
    told = found(sourced("a", sources=[]), sourced("b", sources=[]), weighting={"method": "points", "nodes": [node]})
    assert any("b: it has a weight" in what for _, what in told)
    assert not any("a: it has a weight" in what for _, what in told)


@pytest.mark.parametrize(
    ("lower", "upper", "says"),
    [
        ("Some of them act.", "Some of them act.", "levels 1 and 2 say the same"),
        ("Some of them act.", "some of them act", "levels 1 and 2 say the same"),
        ("Plans exist for most of the threats.", "Plans exist for most of these threats.", "say nearly the same"),
        ("At least 2 of 5 parties act.", "At least 3 of 5 parties act.", None),
        ("Nobody plans for any threat.", "All threats are covered by exercised plans.", None),
    ],
)
def test_anchors_that_can_hardly_be_told_apart_are_found(lower: str, upper: str, says: str | None) -> None:
    texts = {0: "Nothing", 1: lower, 2: upper, 3: "Most parties do it", 4: "Everybody, every year"}
    told = found(sourced("a", anchors=texts))
    if says is None:
        assert told == []
    else:
        assert [path for path, _ in told] == [("pillars", 0, "criteria", 0, "anchors", 2)]
        assert says in told[0][1]


def test_anchors_by_number_alone_are_told_apart() -> None:
    assert found(sourced("a", anchors=ANCHORS)) == []


def test_a_weight_that_every_profile_replaces_is_found(tmp_path: Path) -> None:
    told = child(tmp_path, "weights: {stability: 40}\n")
    assert len(told) == 1
    assert told[0].startswith(":6:11: stability: its new weight counts for no type")
    assert child(tmp_path, "weights: {stability: 40}\nprofiles: {coalition: {pillars: {stability: 40}}}\n") == []


def test_a_parent_that_is_not_held_by_its_hash_is_found(tmp_path: Path) -> None:
    text = (shipped_dir("rubrics") / "partnership-default.yaml").read_bytes()
    told = child(tmp_path, "", f"{{rubric: partnership-default, version: {default_rubric().version}}}")
    assert len(told) == 1
    assert f"add sha256: {hashlib.sha256(text).hexdigest()}" in told[0]


def test_a_change_under_the_version_of_the_parent_or_of_a_shipped_rubric_is_found(tmp_path: Path) -> None:
    text = (shipped_dir("rubrics") / "small-state.yaml").read_text(encoding="utf-8")
    copy = tmp_path / "copy.yaml"
    copy.write_text(text.replace("decision_autonomy: 16", "decision_autonomy: 17"), encoding="utf-8")
    told = [problem.what for problem in structural_findings(load_rubric(copy))]
    assert any("differs from the shipped small-state 1.0.0 under the same id and version" in what for what in told)
    source = load_rubric(copy).source
    assert source is not None
    (tmp_path / "next.yaml").write_text(
        HEAD.replace("mine", "small-state")
        + f"extends: {{rubric: copy.yaml, version: 1.0.0, sha256: {source.sha256}}}\n"
    )
    told = [problem.what for problem in structural_findings(load_rubric(tmp_path / "next.yaml"))]
    assert any("it changes small-state 1.0.0 under the same id and version" in what for what in told)


def test_weights_that_are_no_longer_those_recorded_are_found() -> None:
    node = {"node": "one", "method": "points", "weights": {"a": 0.75, "b": 0.25}}
    trail = {"method": "points", "nodes": [node]}
    assert found(sourced("a", weight=3.0), sourced("b", weight=1.0), weighting=trail) == []
    told = found(sourced("a", weight=2.0), sourced("b", weight=1.0), weighting=trail)
    assert told[0][0] == ("weighting", "nodes", 0, "weights")
    overall = {"method": "points", "nodes": [{"node": "overall", "method": "points", "weights": {"one": 1.0}}]}
    assert found(sourced("a"), weighting=overall) == []


def test_paths_lead_to_what_they_name() -> None:
    rubric = default_rubric()
    assert rubric.source is not None
    for name, path in paths_of(rubric).items():
        below = rubric.source.data
        for part in path:
            below = below[part]
        assert below["id"] == name
