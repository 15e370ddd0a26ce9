from __future__ import annotations

import copy
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, json_like, marked, places, rubric_data, with_change

from assess.documents.errors import DocumentError, UsageError
from assess.documents.source import Source
from assess.documents.validation import build, walk
from assess.rubric.loading import check_references, load_rubric
from assess.rubric.models import SCHEMA, Checklist, Rubric

BASE = """\
schema: assess/rubric@1
id: small
title: Small
version: 1.0.0
bands:
  - {label: Good, at_least: 50}
  - {label: Bad, at_least: 0}
pillars:
  - id: one
    title: One
    criteria:
      - id: a
        title: A
        question: A?
        weight: 1
        measure: {kind: quantitative, unit: u, breakpoints: [[0, 0], [5, 50], [10, 100]]}
references:
  - {id: X-2020, citation: "X 2020", checked: read}
"""
POINTS = "[[0, 0], [5, 50], [10, 100]]"
TWO_ITEMS = "checklist, items: [{id: i, text: t}, {id: ¦i, text: t}]"


def load(folder: Path, text: str) -> Rubric:
    path = folder / "rubric.yaml"
    path.write_text(text, encoding="utf-8")
    return load_rubric(path)


def refused(folder: Path, text: str) -> tuple[list[tuple[int, int]], str]:
    """Return the places and the message of the error, the file's name taken off."""
    with pytest.raises(DocumentError) as caught:
        load(folder, text)
    return places(caught.value), str(caught.value).replace(f"{caught.value.file}:", "")


def test_a_rubric_is_loaded_with_its_source(tmp_path: Path) -> None:
    rubric = load(tmp_path, BASE)
    assert (rubric.id, [c.id for c in rubric.all_criteria()]) == ("small", ["a"])
    assert rubric.source is not None
    assert rubric.source.text == BASE


def test_an_unknown_id_and_a_missing_file_are_errors_of_their_own_kind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="did you mean 'partnership-default'"):
        load_rubric("partnership-defautl")
    with pytest.raises(DocumentError, match="no such file"):
        load_rubric(tmp_path / "nothing.yaml")


# ------------------------------------------------------------------------------------------------- places


TRADE_OFF = "trade_offs:\n  - {id: t, title: T, question: q, sides: [{title: X, criteria: [a]}, {title: Y, "
BASE_RATE = "base_rates:\n  - {id: r, statement: s, share: 74.5, definition: d, "
VECTOR = "test_vectors:\n  - {id: v, says: s, type: coalition, "


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        # keys, types and forms
        ({"title: Small": "¦titel: Small\ntitle: Small"}, "titel: unknown key 'titel'; did you mean 'title'?"),
        ({"unit: u,": "unit: u, ¦units: v,"}, "unknown key 'units'; did you mean 'unit'?"),
        ({"weight: 1": "weight: 1\n        ¦wieght: 2"}, "unknown key 'wieght'; did you mean 'weight'?"),
        ({"weight: 1": "weight: ¦'1'"}, "input should be a valid number (found '1')"),
        ({"weight: 1": "weight: ¦true"}, "input should be a valid number (found True)"),
        ({"        weight: 1\n": "", "- id: a": "- ¦id: a"}, "weight: missing; add 'weight'"),
        ({"weight: 1": "¦weight:"}, "weight: missing; add 'weight'"),
        ({"version: 1.0.0": "version: ¦1.0"}, "version: input should be a valid string (found 1.0)"),
        ({"version: 1.0.0": "version: ¦1.0.0-x"}, "is not of the right form; write three numbers with points"),
        ({"id: small": "id: ¦Small"}, "is not of the right form; use small letters"),
        ({"kind: quantitative": "kind: ¦number"}, "should be one of 'ordinal', 'quantitative', 'checklist'"),
        ({"title: Small": "title: Small\n¦title: Other"}, "key 'title' stands twice, first on line 3"),
        ({"checked: read": "checked: ¦skimmed"}, "input should be 'read', 'excerpt' or 'unverified'"),
        # numbers
        ({"weight: 1": "weight: ¦-0.5"}, "input should be greater than or equal to 0 (found -0.5)"),
        ({"weight: 1": "weight: ¦.nan"}, ".nan is not a finite number"),
        ({"weight: 1": "weight: ¦-.inf"}, "-.inf is not a finite number"),
        ({"at_least: 50": "at_least: ¦101"}, "input should be less than or equal to 100 (found 101)"),
        # weights that are all zero
        ({"weight: 1": "weight: 0", "- id: one": "- ¦id: one"}, "the weights inside the pillar are all zero"),
        ({"title: One": "title: One\n    weight: 0", "schema": "¦schema"}, "the weights of the pillars are all zero"),
        (
            {"pillars:\n": "profiles:\n  coalition:\n    pillars: ¦{one: 0}\npillars:\n"},
            "profile coalition: the weights are all zero; give at least one a positive weight",
        ),
        # breakpoints that are not monotone
        (
            {"{kind: quant": "¦{kind: quant", POINTS: "[[0, 0], [5, 80], [10, 50]]"},
            "the values of the breakpoints must all rise or all fall",
        ),
        (
            {"{kind: quant": "¦{kind: quant", POINTS: "[[0, 0], [5, 50], [5, 100]]"},
            "the numbers of the breakpoints must rise from pair to pair",
        ),
        (
            {"{kind: quant": "¦{kind: quant", POINTS: "[[0, 50], [5, 50]]"},
            "the values of the breakpoints are all the same",
        ),
        ({POINTS: "¦[[0, 0]]"}, "breakpoints: too few entries (found 1, needs at least 2)"),
        ({POINTS: "[[0, 0], [5, ¦101]]"}, "input should be less than or equal to 100 (found 101)"),
        ({POINTS: "[[0, 0], [¦five, 100]]"}, "input should be a valid number (found 'five')"),
        ({POINTS: "[[0, 0], [¦.inf, 100]]"}, ".inf is not a finite number"),
        # ids
        (
            {f"quantitative, unit: u, breakpoints: {POINTS}": TWO_ITEMS},
            "checklist item 'i' is defined twice; rename one of them",
        ),
        ({"- id: a": "- id: ¦one"}, "pillar or criterion 'one' is defined twice"),
        (
            {"references:\n": 'references:\n  - {id: Y, citation: "Y", checked: read}\n', "id: X-2020": "id: ¦Y"},
            "reference 'Y' is defined twice",
        ),
        (
            {"weight: 1": "weight: 1\n        sources: [{ref: ¦X-2021}]"},
            "unknown reference 'X-2021'; did you mean 'X-2020'?",
        ),
        (
            {"references:": "red_lines:\n  - {id: r, criterion: ¦b, when: w, effect: block}\nreferences:"},
            "unknown criterion 'b'; known: a",
        ),
        (
            {"pillars:\n": "profiles:\n  coalition:\n    pillars: {¦on: 1}\npillars:\n"},
            "unknown pillar 'on'; did you mean 'one'?",
        ),
        # mitigations, trade-offs and base rates
        (
            {"weight: 1": "weight: 1\n        mitigations: [{text: t, items: [¦i]}]"},
            "unknown checklist item 'i'",
        ),
        (
            {
                "weight: 1": "weight: 1\n        mitigations: [{text: t, items: [first, ¦frist]}]",
                f"quantitative, unit: u, breakpoints: {POINTS}": "checklist, items: [{id: first, text: t}]",
            },
            "unknown checklist item 'frist'; did you mean 'first'?",
        ),
        (
            {"weight: 1": "weight: 1\n        mitigations: [¦{text: t, to: 2, items: [¦i]}]"},
            "a mitigation raises the criterion to a level or meets items, not both",
        ),
        ({"weight: 1": "weight: 1\n        mitigations: [{text: t, to: ¦5}]"}, "less than or equal to 4 (found 5)"),
        ({"weight: 1": "weight: 1\n        mitigations: [{text: t, cost: ¦cheap}]"}, "'low', 'moderate' or 'high'"),
        ({"weight: 1": "weight: 1\n        mitigations: [{text: t, months: ¦0}]"}, "greater than or equal to 1"),
        (
            {"references:": TRADE_OFF + "criteria: [a, ¦aa]}]}\nreferences:"},
            "unknown criterion 'aa'; did you mean 'a'?",
        ),
        ({"references:": TRADE_OFF + "criteria: ¦[]}]}\nreferences:"}, "criteria: too few entries"),
        (
            {
                "references:": TRADE_OFF
                + "criteria: [a]}]}\n  - {id: ¦t, title: T, question: q, sides: [*, *]}\nreferences:"
            }
            | {"sides: [*, *]": "sides: [{title: X, criteria: [a]}, {title: Y, criteria: [a]}]"},
            "trade-off 't' is defined twice; rename one of them",
        ),
        (
            {"references:": BASE_RATE + "ref: ¦X-2021}\nreferences:"},
            "unknown reference 'X-2021'; did you mean 'X-2020'?",
        ),
        ({"references:": BASE_RATE + "ref: X-2020, criteria: [¦b]}\nreferences:"}, "unknown criterion 'b'; known: a"),
        ({"references:": BASE_RATE.replace("74.5", "¦745") + "ref: X-2020}\nreferences:"}, "less than or equal to 100"),
        (
            {
                "references:": BASE_RATE
                + "ref: X-2020}\n"
                + BASE_RATE.partition("\n")[2].replace("id: r", "id: ¦r")
                + "ref: X-2020}\nreferences:"
            },
            "base rate 'r' is defined twice; rename one of them",
        ),
        # test vectors
        (
            {"references:": VECTOR + "levels: {¦aa: 1}, expect: {rating: ¦Godo}}\nreferences:"},
            "unknown criterion 'aa'; did you mean 'a'?",
        ),
        (
            {"references:": VECTOR + "red_lines: {¦r: tripped}, expect: {below: ¦w, on: ¦two}}\nreferences:"},
            "unknown test vector 'w'; known: v",
        ),
        (
            {"references:": VECTOR + "expect: {pillars: {one: ¦Godo, ¦two: Bad}}}\nreferences:"},
            "unknown band 'Godo'; did you mean 'Good'?",
        ),
    ],
)
def test_a_problem_is_named_at_its_place(tmp_path: Path, edits: dict[str, str], says: str) -> None:
    text = BASE
    for old, new in edits.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    text, expected = marked(text)
    found, message = refused(tmp_path, text)
    assert list(dict.fromkeys(found)) == expected
    assert says in message


def test_every_problem_of_a_rubric_is_told_in_one_run(tmp_path: Path) -> None:
    text, expected = marked(
        BASE.replace("id: small", "id: ¦Small Rubric")
        .replace("weight: 1", "weight: ¦-1\n        ¦weigth: 1\n        sources: [{ref: ¦nobody}]")
        .replace("unit: u", "unit: ¦.nan")
        .replace("references:\n", "references:\n  - {id: X-2020, citation: ¦3, checked: read}\n")
        .replace('{id: X-2020, citation: "X', '{id: ¦X-2020, citation: "X')
    )
    found, message = refused(tmp_path, text)
    assert sorted(set(found)) == expected
    assert len(message.splitlines()) == len(found)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1:1: the document is empty, not a mapping of keys; begin it with 'schema: assess/rubric@1'"),
        ("schema: assess/rubric@2\n", "1:9: schema is 'assess/rubric@2', not 'assess/rubric@1'; begin"),
        ("schema: assess/partnership@1\n", "1:9: schema is 'assess/partnership@1', not 'assess/rubric@1'; begin"),
    ],
)
def test_another_kind_of_document_is_refused_as_such(tmp_path: Path, text: str, says: str) -> None:
    assert refused(tmp_path, text)[1].startswith(says)


# ------------------------------------------------------------------------------------------------- any data

FULL: dict[str, Any] = rubric_data(
    profiles={"coalition": {"pillars": {"one": 1.0, "two": 2.0}, "question": "q"}},
    red_lines=[{"id": "r", "criterion": "a", "when": "w", "effect": "block"}],
    trade_offs=[
        {"id": "t", "title": "T", "question": "q", "sides": [{"title": s, "criteria": ["a", "c"]} for s in ("X", "Y")]}
    ],
    base_rates=[{"id": "b", "statement": "s", "share": 50.0, "definition": "d", "ref": "X-2020", "criteria": ["a"]}],
    references=[{"id": "X-2020", "citation": "X", "checked": "read"}],
    test_vectors=[{"id": "v", "says": "s", "type": "coalition", "levels": {"a": 1}, "expect": {"rating": "Sound"}}],
)
FULL["pillars"] = [
    *copy.deepcopy(FULL["pillars"]),
    {
        "id": "deep",
        "title": "Deep",
        "aggregation": {"method": "power", "exponent": 0.5},
        "pillars": [
            {
                "id": "deeper",
                "title": "Deeper",
                "criteria": [
                    criterion(
                        "e",
                        measure={"kind": "checklist", "items": [{"id": "i", "text": "t", "clause": "c"}]},
                        mitigations=[{"text": "t", "items": ["i"], "cost": "low", "feasibility": "high", "months": 3}],
                    ),
                    criterion(
                        "f", measure={"kind": "quantitative", "unit": "u", "breakpoints": [[0.0, 0.0], [1.0, 9.0]]}
                    ),
                    criterion(
                        "g", sources=[{"ref": "X-2020"}], types={"coalition": 0.0}, mitigations=[{"text": "t", "to": 3}]
                    ),
                ],
            }
        ],
    },
]
PLACES = [path for path, _ in walk(FULL) if len(path) > 0 and path != ("schema",)]
WORDS = sorted({part for path in PLACES for part in path if isinstance(part, str)})
shapes = json_like(st.sampled_from(WORDS) | st.text(max_size=3) | st.integers(0, 4), st.sampled_from(WORDS))


def test_the_document_that_is_bent_below_is_a_good_one() -> None:
    assert build(Source("f", "", "", FULL), Rubric, SCHEMA, [check_references]).id == "small"


@settings(max_examples=300)
@given(st.sampled_from(PLACES), shapes | st.just(...))
def test_a_rubric_with_anything_anywhere_is_taken_or_refused(path: tuple[Any, ...], change: Any) -> None:
    data = with_change(FULL, path, change)
    try:
        build(Source("f", "", "", data), Rubric, SCHEMA, [check_references])
    except DocumentError as error:
        assert error.problems


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(Rubric.model_fields)) | st.text(max_size=3), shapes))
def test_data_of_any_shape_is_taken_or_refused(data: dict[Any, Any]) -> None:
    with pytest.raises(DocumentError):
        build(Source("f", "", "", {**data, "title": None, "schema": SCHEMA}), Rubric, SCHEMA, [check_references])


@settings(max_examples=200)
@given(st.sampled_from(PLACES), shapes | st.just(...))
def test_the_check_of_references_bears_any_shape_of_data(path: tuple[Any, ...], change: Any) -> None:
    assert all(problem.what for problem in check_references(with_change(FULL, path, change)))


# ------------------------------------------------------------------------------------------------- the shipped rubric

TYPES = (
    "bilateral_agreement", "multilateral_alliance", "defence_cooperation_agreement", "strategic_dialogue", "coalition",
)  # fmt: skip
EFFECTIVE: Mapping[str, Mapping[str, tuple[int | None, ...]]] = {
    "stability": {
        "interest_alignment": (15, 14, 17, 23, 16),
        "capability_shift": (8, 7, 5, 4, 4),
        "domestic_political_durability": (13, 12, 15, 14, 14),
        "institutionalised_governance": (8, 9, 9, 8, 7),
        "consultation_practice": (9, 8, 8, 16, 10),
        "fulfilment_record": (15, 14, 17, 8, 16),
        "intra_member_disputes": (13, 15, 11, 14, 14),
        "burden_sharing": (9, 10, 8, 2, 12),
        "outside_options_and_linkage": (10, 9, 11, 10, 5),
    },
    "threat_coverage": {
        "shared_threat_assessment": (15, 15, 19, 36, 19),
        "commitment_scope": (14, 14, 6, 6, 14),
        "threat_domain_coverage": (15, 15, 19, 12, 15),
        "capability_sufficiency": (12, 12, 10, None, 12),
        "response_readiness": (11, 11, 5, None, 14),
        "intelligence_sharing": (10, 10, 12, 16, 10),
        "deterrent_visibility": (7, 7, 3, 6, 5),
        "escalation_exposure": (8, 8, 10, 13, 8),
        "adaptation_capacity": (8, 8, 17, 13, 4),
    },
    "interoperability": {
        "technical_c3": (16, 16, 16, 17, 20),
        "procedural_alignment": (14, 14, 10, 8, 14),
        "command_and_control": (14, 14, 7, None, 17),
        "exercises_and_operations": (13, 13, 10, 21, 13),
        "human_and_cultural": (9, 9, 9, 29, 9),
        "logistics_and_sustainment": (12, 12, 12, 6, 15),
        "equipment_compatibility": (10, 10, 12, 5, 10),
        "capability_development": (12, 12, 24, 13, 3),
    },
    "legal_sovereignty": {
        "instrument_and_authority": (12, 12, 12, 14, 8),
        "treaty_compatibility": (9, 9, 9, 16, 10),
        "force_presence_terms": (15, 15, 11, None, 17),
        "command_authority": (13, 13, 6, None, 18),
        "information_protection": (11, 11, 13, 25, 10),
        "export_control_fit": (11, 8, 19, 13, 8),
        "ihl_human_rights_exposure": (12, 12, 12, 14, 14),
        "dispute_and_exit": (9, 9, 9, 5, 6),
        "decision_autonomy": (8, 8, 10, 14, 7),
    },
}
"""Percent of its pillar that each criterion weighs, for the five types; None where it does not apply."""


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("pillar", EFFECTIVE)
def test_the_shipped_weights_are_those_of_the_domain_table(rubric: Rubric, pillar: str, kind: Any) -> None:
    criteria = next(p for p in rubric.pillars if p.id == pillar).criteria
    weights = {c.id: c.weight * c.types.get(kind, 1.0) for c in criteria}
    total = sum(weights.values())
    percent = {name: round(100 * weight / total) if weight else None for name, weight in weights.items()}
    assert percent == {name: row[TYPES.index(kind)] for name, row in EFFECTIVE[pillar].items()}


def test_the_shipped_rubric_has_its_pillars_criteria_red_lines_and_profiles(rubric: Rubric) -> None:
    assert [pillar.id for pillar in rubric.pillars] == list(EFFECTIVE)
    assert [c.id for c in rubric.all_criteria()] == [name for rows in EFFECTIVE.values() for name in rows]
    assert len(list(rubric.all_criteria())) == 35
    assert len(rubric.red_lines) == 11
    assert set(rubric.profiles) == set(TYPES)
    assert [pillar.id for pillar in rubric.pillars if pillar.display == "risk"] == ["legal_sovereignty"]


@pytest.mark.parametrize("kind", TYPES)
def test_every_profile_of_the_shipped_rubric_weighs_every_pillar_and_sums_to_a_hundred(
    rubric: Rubric, kind: Any
) -> None:
    weights = rubric.profiles[kind].pillars
    assert set(weights) == set(EFFECTIVE)
    assert sum(weights.values()) == 100


def test_the_shipped_rubric_keeps_the_scoring_rules(rubric: Rubric) -> None:
    assert [(band.label, band.at_least) for band in rubric.bands] == [
        ("Strong", 80), ("Sound", 65), ("Conditional", 50), ("Fragile", 35), ("Weak", 0),
    ]  # fmt: skip
    assert (rubric.coverage.insufficient_below, rubric.coverage.provisional_below) == (60, 80)
    assert [rubric.half_widths.of(c) for c in ("high", "moderate", "low")] == [0.5, 1, 1.5]
    assert rubric.level_values == (0, 25, 50, 75, 100)
    assert rubric.aggregation.model_dump() == {"method": "geometric", "floor": 1}
    assert {pillar.aggregation.method for pillar in rubric.all_pillars()} == {"arithmetic"}


def test_every_shipped_criterion_says_what_it_rests_on(rubric: Rubric) -> None:
    for found in rubric.all_criteria():
        assert found.question.endswith("?"), found.id
        assert sorted(found.anchors) == [0, 1, 2, 3, 4], found.id
        assert found.evidence, found.id
        assert found.evidence_base, found.id
        assert found.mitigations, found.id
        for way in found.mitigations:
            assert None not in (way.cost, way.feasibility, way.months, way.owner), way.text


def test_the_shipped_rubric_says_what_rises_at_the_cost_of_what_and_how_often_things_happened(rubric: Rubric) -> None:
    assert rubric.version == "1.1.0"
    assert rubric.trade_offs
    assert rubric.base_rates
    for pair in rubric.trade_offs:
        assert not set(pair.sides[0].criteria) & set(pair.sides[1].criteria), pair.id
    cited = {entry.ref for found in rubric.all_criteria() for entry in found.sources}
    assert {rate.ref for rate in rubric.base_rates} <= {entry.id for entry in rubric.references}
    assert cited <= {entry.id for entry in rubric.references}


def test_every_item_that_a_text_must_settle_has_a_clause_of_its_own(rubric: Rubric) -> None:
    clauses = [
        item.clause
        for found in rubric.all_criteria()
        if isinstance(found.measure, Checklist)
        for item in found.measure.items
        if item.clause
    ]
    assert clauses
    assert len(set(clauses)) == len(clauses)
