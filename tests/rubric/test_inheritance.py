"""Versions of rubrics: the parent with what the version states in its place, and faults shown in the version."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.conftest import default_rubric, marked, places, rubric_data

from assess.documents.errors import AssessError, DocumentError
from assess.documents.shipped import shipped_dir
from assess.rubric.inheritance import merged
from assess.rubric.loading import load_rubric
from assess.rubric.models import Rubric

CRITERION = "measure: {kind: quantitative, unit: u, breakpoints: [[0, 0], [10, 100]]}"
PARENT = f"""\
schema: assess/rubric@1
id: parent
title: Parent
version: 1.2.0
description: The parent's own words.
bands: [{{label: Good, at_least: 50}}, {{label: Bad, at_least: 0}}]
profiles:
  coalition: {{pillars: {{one: 3, two: 1}}, note: The parent's note., question: Q?}}
pillars:
  - id: one
    title: One
    weight: 2
    criteria:
      - {{id: a, title: A, question: A?, weight: 3, {CRITERION}}}
      - {{id: b, title: B, question: B?, weight: 1, {CRITERION}}}
  - id: two
    title: Two
    weight: 1
    criteria:
      - {{id: c, title: C, question: C?, weight: 1, {CRITERION}}}
red_lines:
  - {{id: line, criterion: a, when: The parent's condition., effect: block}}
test_vectors:
  - {{id: v, says: All best., type: coalition, fill: 100, expect: {{rating: Good}}}}
  - {{id: w, says: All worst., type: coalition, fill: 0, expect: {{rating: Bad}}}}
"""
HEAD = """\
schema: assess/rubric@1
id: child
title: Child
version: 1.0.0
extends: {rubric: parent.yaml, version: 1.2.0}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "parent.yaml").write_text(PARENT, encoding="utf-8")
    return tmp_path


def load(folder: Path, text: str, name: str = "child.yaml") -> Rubric:
    (folder / name).write_text(text, encoding="utf-8")
    return load_rubric(folder / name)


def test_a_version_that_states_nothing_is_its_parent_under_another_name(folder: Path) -> None:
    parent, child = load_rubric(folder / "parent.yaml"), load(folder, HEAD)
    own = {"id", "title", "version", "description", "extends"}
    assert child.model_dump(exclude=own) == parent.model_dump(exclude=own)
    assert (child.id, child.version, child.description) == ("child", "1.0.0", None)
    assert child.parent == parent
    assert [each.id for each in child.lineage()] == ["parent"]
    assert parent.parent is None


def test_what_it_states_replaces_the_parents_and_the_rest_stays(folder: Path) -> None:
    text = """\
    weights: {one: 5, b: 4}
    profiles:
      coalition: {pillars: {two: 9}, note: Mine.}
      strategic_dialogue: {pillars: {one: 1}}
    bands: [{label: Fine, at_least: 70}, {label: Good, at_least: 30}, {label: Bad, at_least: 0}]
    red_lines:
      - {id: line, effect: cap_pillar_49}
      - {id: new, criterion: c, when: Ours., effect: block}
    test_vectors:
      - {id: v, says: All best is Fine here., type: coalition, fill: 100, expect: {rating: Fine}}
      - {id: x, says: Middle., type: coalition, fill: 50, expect: {rating: Good}}
    """
    child = load(folder, HEAD + dedent(text))
    assert {p.id: p.weight for p in child.all_pillars()} == {"one": 5, "two": 1}
    assert {c.id: c.weight for c in child.all_criteria()} == {"a": 3, "b": 4, "c": 1}
    coalition = child.profiles["coalition"]
    assert (coalition.pillars, coalition.note, coalition.question) == ({"one": 3, "two": 9}, "Mine.", "Q?")
    assert child.profiles["strategic_dialogue"].pillars == {"one": 1}
    assert [band.label for band in child.bands] == ["Fine", "Good", "Bad"]
    lines = [(line.id, line.effect, line.when) for line in child.red_lines]
    assert lines == [("line", "cap_pillar_49", "The parent's condition."), ("new", "block", "Ours.")]
    assert [(v.id, v.says) for v in child.test_vectors] == [
        ("v", "All best is Fine here."),
        ("w", "All worst."),
        ("x", "Middle."),
    ]


def test_a_version_of_a_version_takes_from_the_nearest(folder: Path) -> None:
    load(folder, HEAD + "weights: {a: 7, b: 7}\nweighting: {method: points}\n")
    grandchild = load(
        folder,
        HEAD.replace("id: child", "id: grandchild").replace("parent.yaml, version: 1.2.0", "child.yaml, version: 1.0.0")
        + "weights: {b: 2}\n",
        "grandchild.yaml",
    )
    assert {c.id: c.weight for c in grandchild.all_criteria()} == {"a": 7, "b": 2, "c": 1}
    assert [each.id for each in grandchild.lineage()] == ["child", "parent"]
    assert grandchild.weighting is None  # how the parent's weights were obtained is the parent's history


def test_the_parent_is_found_from_the_folder_of_the_version_and_held_by_its_hash(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parent = load_rubric(folder / "parent.yaml")
    (folder / "below").mkdir()
    monkeypatch.chdir(folder / "below")
    assert parent.source is not None
    text = HEAD.replace(
        "parent.yaml, version: 1.2.0", f"../parent.yaml, version: 1.2.0, sha256: {parent.source.sha256}"
    )
    found = load(folder / "below", text).parent
    assert found is not None
    assert found.model_dump() == parent.model_dump()


def test_a_shipped_parent_is_named_by_its_id(tmp_path: Path) -> None:
    known = default_rubric()
    child = load(tmp_path, HEAD.replace("parent.yaml, version: 1.2.0", f"{known.id}, version: {known.version}"))
    assert child.pillars == known.pillars


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("weights: {¦tow: 1}", "weights: unknown pillar or criterion 'tow'; did you mean 'two'?"),
        ("weights: {b: ¦-1}", "weights.b: input should be greater than or equal to 0 (found -1)"),
        ("weights: {b: ¦1.0e+308}", "weights.b: input should be less than or equal to 100000"),
        ("weights: {a: ¦0, b: 0}", "the weights inside the pillar are all zero"),
        ("weights: ¦{one: 0, two: 0}", "the weights of the pillars are all zero"),
        ("profiles: {coalition: {pillars: {¦on: 1}}}", "profiles.coalition: unknown pillar 'on'; did you mean 'one'?"),
        ("profiles: {coalition: {pillars: ¦{one: 0, two: 0}}}", "profile coalition: the weights are all zero"),
        ("profiles: {¦colition: {}}", "input should be 'bilateral_agreement'"),
        ("bands: [{label: Good, at_least: ¦200}, {label: Bad, at_least: 0}]", "should be less than or equal to 100"),
        ("bands: ¦[{label: Bad, at_least: 0}, {label: Good, at_least: 50}]", "bands: they must fall from the best"),
        (
            "bands: ¦[{label: Fine, at_least: 50}, {label: Bad, at_least: 0}]",
            "no band is called 'Good' any more, and test vectors of the parent expect it; "
            "keep the labels, or state these vectors with the new ones: v",
        ),
        (
            "red_lines: [{id: ¦lin, when: W.}]",
            "the parent has no red line 'lin', and a new one needs criterion, effect",
        ),
        ("red_lines: [{id: line, effect: ¦stop}]", "input should be 'block'"),
        ("red_lines: [{id: new, criterion: ¦aa, when: W., effect: block}]", "unknown criterion 'aa'"),
        ("red_lines: [{id: new, criterion: ¦aa, when: W., effect: ¦stop}]", "unknown criterion 'aa'"),
        ("red_lines: [{id: line}, {id: ¦line}]", "red line 'line' is defined twice"),
        (
            "test_vectors: [{id: x, says: S., type: coalition, levels: {¦z: 1}, expect: {basis: insufficient}}]",
            "unknown criterion 'z'",
        ),
        ("weighting: {method: ¦guess}", "input should be 'stated', 'points'"),
        ("weighting: {method: ahp, nodes: [{node: ¦three, method: ahp, weights: {a: 1}}]}", "unknown pillar 'three'"),
        (
            "weighting: {method: ahp, nodes: [{node: one, method: ahp, weights: {¦c: 1}}]}",
            "unknown child of one 'c'; known: a, b",
        ),
        (
            "weighting: {method: ahp, nodes: [¦{node: one, method: ahp, weights: {a: 0.5, b: 0.4}}]}",
            "the weights are shares and must sum to 1 (they sum to 0.9)",
        ),
        ("¦pillars: []", "unknown key 'pillars'; known: schema, id"),
    ],
)
def test_faults_stand_where_the_version_says_them(folder: Path, more: str, says: str) -> None:
    text, expected = marked(HEAD + more + "\n")
    with pytest.raises(DocumentError) as caught:
        load(folder, text)
    assert caught.value.file.endswith("child.yaml")
    assert says in str(caught.value)
    assert places(caught.value) == (expected or [(5, 10)])  # what the version does not state stands at `extends`


def test_all_faults_of_a_version_are_named_in_one_run(folder: Path) -> None:
    text = (
        HEAD.replace("1.2.0}", f"1.1.0, sha256: '{'a' * 64}'}}")
        + "weights: {x: 1, b: -1}\nbands: [{label: 3, at_least: 0}]\n"
    )
    with pytest.raises(DocumentError) as caught:
        load(folder, text)
    assert [line for line, _ in places(caught.value)] == [5, 5, 6, 6, 7]
    assert "the parent 'parent' is version 1.2.0, not 1.1.0" in str(caught.value)
    assert "is not the one this was made from; look at what changed with 'assess rubric diff'" in str(caught.value)


@pytest.mark.parametrize(
    ("extends", "says"),
    [
        ("{rubric: ¦nothing.yaml, version: 1.2.0}", "there is no file 'nothing.yaml' beside this one"),
        ("{rubric: ¦partnership-defalt, version: 1.2.0}", "is no shipped rubric; did you mean 'partnership-default'?"),
        ("{rubric: ¦child.yaml, version: 1.2.0}", "this rubric extends itself: child.yaml -> child.yaml"),
        ("{¦version: 1.2.0}", "add 'rubric'"),
        ("¦parent", "extends: should be a mapping of keys (found text)"),
        ("{rubric: parent.yaml, version: ¦'1.2'}", "write three numbers with points"),
        ("{rubric: parent.yaml, version: 1.2.0, sha256: ¦abc}", "write the 64 small hexadecimal digits"),
    ],
)
def test_a_parent_that_cannot_be_used_is_named(folder: Path, extends: str, says: str) -> None:
    text, expected = marked(HEAD.replace("{rubric: parent.yaml, version: 1.2.0}", extends))
    with pytest.raises(DocumentError) as caught:
        load(folder, text)
    assert says in str(caught.value)
    assert places(caught.value)[0][0] == expected[0][0]
    assert "is not the one this was made from" not in str(caught.value)  # of a hash that is none


def test_a_text_in_place_of_a_parent_is_one_fault(folder: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        load(folder, HEAD.replace("{rubric: parent.yaml, version: 1.2.0}", "parent"))
    assert len(caught.value.problems) == 1


def test_bands_may_take_other_labels_with_the_vectors_that_expect_them(folder: Path) -> None:
    vector = "{id: v, says: S., type: coalition, fill: 100, expect: {rating: Fine}}"
    bands = "[{label: Fine, at_least: 50}, {label: Bad, at_least: 0}]"
    child = load(folder, f"{HEAD}bands: {bands}\ntest_vectors: [{vector}]\n")
    assert [band.label for band in child.bands] == ["Fine", "Bad"]


def test_a_circle_of_versions_is_named(folder: Path) -> None:
    (folder / "other.yaml").write_text(HEAD.replace("parent.yaml", "child.yaml"))
    with pytest.raises(AssessError, match=r"child\.yaml -> other\.yaml -> child\.yaml"):
        load(folder, HEAD.replace("parent.yaml", "other.yaml"))


def test_too_long_a_line_of_versions_is_refused(folder: Path) -> None:
    for number in range(22):
        above = "parent.yaml, version: 1.2.0" if number == 0 else f"v{number - 1}.yaml, version: 1.0.0"
        (folder / f"v{number}.yaml").write_text(HEAD.replace("parent.yaml, version: 1.2.0", above))
    assert len(list(load_rubric(folder / "v19.yaml").lineage())) == 20
    with pytest.raises(AssessError, match="more than 20 versions in a line"):
        load_rubric(folder / "v21.yaml")


def test_faults_of_the_parent_and_of_the_version_are_named_together(folder: Path) -> None:
    (folder / "parent.yaml").write_text(PARENT.replace("weight: 3", "weight: -3"))
    with pytest.raises(AssessError) as asked:
        load(folder, HEAD)
    first, second = str(asked.value).splitlines()
    assert "child.yaml:5:19: extends.rubric: parent.yaml cannot be used as it stands; see" in first
    assert "parent.yaml:14:" in second
    with pytest.raises(AssessError) as caught:
        load(folder, HEAD + "weights: {a: -1}\n")
    assert "child.yaml:6:" in str(caught.value)
    assert "parent.yaml:14:" in str(caught.value)


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.dictionaries(st.sampled_from(["a", "b", "c", "d", "one", "two"]), st.floats(0.1, 9), max_size=6))
def test_weights_are_those_stated_and_else_the_parents(weights: dict[str, float]) -> None:
    inherited = rubric_data()
    whole = Rubric.model_validate(merged({"weights": weights}, inherited))
    before = Rubric.model_validate(inherited)
    stated = {p.id: p.weight for p in before.all_pillars()} | {c.id: c.weight for c in before.all_criteria()}
    found = {p.id: p.weight for p in whole.all_pillars()} | {c.id: c.weight for c in whole.all_criteria()}
    assert found == {name: weights.get(name, weight) for name, weight in stated.items()}
    assert inherited == rubric_data()  # nothing of the parent was written over


@pytest.mark.parametrize(
    "name",
    ["host-nation-sovereignty", "deterrence-first", "small-state", "capability-partnership", "parliamentary-scrutiny"],
)
def test_the_shipped_alternatives_change_weights_and_notes_only(name: str) -> None:
    child, parent = load_rubric(name), default_rubric()
    assert child.parent == parent
    assert child.source is not None
    kept = {"bands", "red_lines", "trade_offs", "base_rates", "references", "level_values", "coverage", "aggregation"}
    assert child.model_dump(include=kept) == parent.model_dump(include=kept)
    for old, new in zip(parent.all_criteria(), child.all_criteria(), strict=True):
        assert new.model_copy(update={"weight": old.weight}) == old
    assert child.weighting is not None
    assert "elicited from nobody" in (child.weighting.note or "")
    changed = sum(
        old.weight != new.weight for old, new in zip(parent.all_criteria(), child.all_criteria(), strict=True)
    )
    moved = sum(parent.profiles[kind].pillars != child.profiles[kind].pillars for kind in parent.profiles)
    assert changed + moved > 0


@pytest.mark.parametrize(
    ("name", "pillar", "share"),
    [("host-nation-sovereignty", "legal_sovereignty", 0.45), ("deterrence-first", "threat_coverage", 0.40)],
)
def test_the_stated_share_holds_in_every_profile(name: str, pillar: str, share: float) -> None:
    child = load_rubric(name)
    for profile in child.profiles.values():
        assert profile.pillars[pillar] / sum(profile.pillars.values()) == pytest.approx(share, abs=1e-12)
    assert shipped_dir("rubrics").joinpath(f"{name}.yaml").read_text().count("  # ") >= 5
