"""New versions: the text loads, its weights are those given, and the audit trail is in it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, default_rubric, small_rubric

from assess.documents.errors import UsageError
from assess.rubric.loading import load_rubric
from assess.rubric.models import Diagnostic, NodeWeighting, Rubric
from assess.scoring.compiled import compile_rubric
from assess.tuning.version import new_version, reference

OVERALL = {"stability": 0.4, "threat_coverage": 0.3, "interoperability": 0.2, "legal_sovereignty": 0.1}


def node(name: str, weights: dict[str, float], **more: Any) -> NodeWeighting:
    return NodeWeighting(node=name, method="ahp", weights=weights, **more)


def version(nodes: list[NodeWeighting], parent: Rubric | None = None, **more: Any) -> str:
    given: dict[str, Any] = {"id": "mine", "title": "Mine: a test", "version": "2.0.0", "method": "ahp"} | more
    return new_version(parent or default_rubric(), nodes, **given)


def loaded(folder: Path, text: str, name: str = "mine.yaml") -> Rubric:
    (folder / name).write_text(text, encoding="utf-8")
    return load_rubric(folder / name)


def test_weights_and_audit_trail_come_back(tmp_path: Path) -> None:
    told = Diagnostic(name="consistency ratio", value=0.033, text="Saaty's random index: 0.90", warning=True)
    given = node("overall", OVERALL, low={"stability": 0.0}, high={"stability": 0.5}, diagnostics=(told,))
    more: dict[str, Any] = {
        "by": "NO: étage",
        "on": "2026-11-23",
        "source": "j.yaml",
        "source_sha256": "0" * 64,
        "note": "why # not",
    }
    rubric = loaded(tmp_path, version([given], **more))
    assert (rubric.id, rubric.title, rubric.version) == ("mine", "Mine: a test", "2.0.0")
    assert rubric.weighting is not None
    assert rubric.weighting.nodes == (given,)
    assert rubric.weighting.model_dump(include=set(more)) == more
    assert {p.id: p.weight for p in rubric.pillars} == OVERALL
    assert {kind: profile.pillars for kind, profile in rubric.profiles.items()} == dict.fromkeys(
        default_rubric().profiles, OVERALL
    )
    assert rubric.extends is not None
    source = default_rubric().source
    assert source is not None
    assert rubric.extends.sha256 == source.sha256


def test_chosen_types_alone_change_their_profiles_and_nothing_else(tmp_path: Path) -> None:
    rubric = loaded(tmp_path, version([node("overall", OVERALL)], types=["coalition"]))
    assert rubric.profiles["coalition"].pillars == OVERALL
    assert rubric.profiles["coalition"].note == default_rubric().profiles["coalition"].note
    for kind, profile in default_rubric().profiles.items():
        if kind != "coalition":
            assert rubric.profiles[kind] == profile
    assert rubric.pillars == default_rubric().pillars


def test_pillars_that_a_profile_names_inside_a_pillar_take_the_weights_there_too(tmp_path: Path) -> None:
    numbered: dict[str, Any] = {
        "measure": {"kind": "quantitative", "unit": "u", "breakpoints": [[0, 0], [1, 100]]},
        "anchors": {},
    }
    inner = [{"id": name, "title": name, "criteria": [criterion(f"{name}1", **numbered)]} for name in ("x", "y")]
    pillars = [{"id": "one", "title": "One", "pillars": inner, "criteria": [criterion("a", **numbered)]}]
    profiles = {"coalition": {"pillars": {"x": 9}}}
    parent = small_rubric(pillars=pillars, profiles=profiles)
    (tmp_path / "parent.yaml").write_text(parent.model_dump_json(by_alias=True, exclude_none=True))
    parent = load_rubric(tmp_path / "parent.yaml")
    rubric = loaded(tmp_path, version([node("one", {"x": 0.5, "y": 0.3, "a": 0.2})], parent, folder=tmp_path))
    for kind in ("coalition", "strategic_dialogue"):
        compiled = compile_rubric(rubric, kind)
        assert [compiled.node_weights[compiled.node[name]] for name in ("x", "y")] == pytest.approx([0.5, 0.3])
        assert compiled.weights[compiled.column["a"]] == pytest.approx(0.2)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.floats(0, 1), min_size=9, max_size=9).filter(lambda found: sum(found) > 1e-3))
def test_the_shares_in_use_are_those_given(tmp_path: Path, drawn: list[float]) -> None:
    pillar = default_rubric().pillars[0]
    weights = {c.id: value / sum(drawn) for c, value in zip(pillar.criteria, drawn, strict=True)}
    rubric = loaded(tmp_path, version([node("stability", weights)]))
    compiled = compile_rubric(rubric)
    for name, share in weights.items():
        assert compiled.weights[compiled.column[name]] == pytest.approx(share, abs=1e-11)
    assert rubric.weighting is not None  # a weight of 0 is a weight, and stays in the trail
    assert set(rubric.weighting.nodes[0].weights) == set(weights)


def test_every_weight_has_the_parents_share_beside_it() -> None:
    text = version([node("overall", OVERALL)])
    found = re.findall(r"(\w+): 0\.\d+  # overall: (0\.\d{3}) in the parent", text)
    assert ("stability", "0.280") in found  # the profile of an alliance
    assert len(found) == 4 * 6


def test_the_path_to_a_parent_is_told_from_the_folder_of_the_version(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    parent = loaded(tmp_path, version([node("overall", OVERALL)]), "parent.yaml")
    weights = dict.fromkeys(OVERALL, 0.25)
    text = version([node("overall", weights)], parent, id="next", folder=tmp_path / "below")
    assert "rubric: ../parent.yaml" in text
    assert [each.id for each in loaded(tmp_path / "below", text).lineage()] == ["mine", "partnership-default"]


def test_the_same_input_gives_the_same_text() -> None:
    assert version([node("overall", OVERALL)]) == version([node("overall", OVERALL)])


@pytest.mark.parametrize(
    ("nodes", "says"),
    [
        ([], "no weights are given"),
        ([node("overal", OVERALL)], "unknown node 'overal'; did you mean 'overall'?"),
        ([node("overall", {"stability": 1.0})], "overall: no weight for threat_coverage, interoperability, legal"),
        ([node("overall", OVERALL | {"exit": 0.0})], "overall: unknown child 'exit'"),
        ([node("overall", OVERALL), node("overall", OVERALL)], "node 'overall' is given twice"),
    ],
)
def test_what_the_parent_cannot_take_is_named(nodes: list[NodeWeighting], says: str) -> None:
    with pytest.raises(UsageError, match=says):
        version(nodes)


def test_a_parent_without_a_file_is_refused() -> None:
    with pytest.raises(UsageError, match="changed in memory; save it as a file first"):
        version([node("one", {"a": 0.5, "b": 0.5})], small_rubric())


def test_a_rubric_is_named_by_its_shipped_id_or_by_its_path_from_the_folder(tmp_path: Path) -> None:
    assert reference(default_rubric(), tmp_path) == "partnership-default"
    (tmp_path / "a").mkdir()
    mine = loaded(tmp_path / "a", version([node("overall", OVERALL)]))
    assert reference(mine, tmp_path / "b") == "../a/mine.yaml"
    assert reference(mine.model_copy(update={"source": None}), tmp_path) == "mine"
