"""The Assessment document: the contract that every report and every later result builds on."""

from __future__ import annotations

import json

import jsonschema

from assess.scoring.assessment import Assessment


def test_json_is_the_contract(shipped: Assessment) -> None:
    data = json.loads(shipped.to_json())
    assert data["schema"] == "assess/assessment@1"
    assert {"id", "title", "type", "stage", "as_of", "parties"} <= set(data["partnership"])
    assert {"id", "version", "sha256", "profile"} <= set(data["rubric"])
    overall = {"score", "low", "high", "rating", "rating_low", "rating_high", "uncapped_rating", "basis", "coverage"}
    assert overall <= set(data["overall"])
    assert {"arithmetic", "geometric", "weakest_pillar"} <= set(data["alternatives"])
    for pillar in data["pillars"]:
        assert overall | {"id", "title", "display", "weight", "criteria"} <= set(pillar)
        for criterion in pillar["criteria"]:
            assert {
                "id", "title", "weight", "applicable", "observed", "value", "low", "high", "contribution",
                "confidence", "evidence", "rationale", "anchor", "mitigations",
            } <= set(criterion)  # fmt: skip
    for line in data["red_lines"]:
        assert {"id", "criterion", "status", "effect", "evidence"} <= set(line)
    assert {"assess_version", "partnership_sha256", "seed", "draws"} <= set(data["provenance"])


def test_json_fits_its_schema(shipped: Assessment) -> None:
    jsonschema.validate(json.loads(shipped.to_json()), Assessment.model_json_schema(by_alias=True))


def test_json_reads_back_to_the_same_assessment(shipped: Assessment) -> None:
    again = Assessment.model_validate_json(shipped.to_json())
    assert again.to_json() == shipped.to_json()


def test_every_number_traces_to_anchor_evidence_and_weight(shipped: Assessment) -> None:
    known = {entry.id for entry in shipped.evidence}
    for pillar in shipped.pillars:
        for criterion in pillar.criteria:
            if criterion.value is None:
                continue
            assert criterion.weight > 0
            assert criterion.anchor is not None
            assert criterion.anchor.text == criterion.anchors[criterion.anchor.level]
            assert criterion.evidence
            assert set(criterion.evidence) <= known
            assert criterion.rationale
