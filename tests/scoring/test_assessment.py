"""The Assessment document: the contract that every report and every later result builds on."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner
from pydantic import BaseModel
from tests.conftest import CASES, shipped_assessment

from assess.cli.schema import command
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


def test_json_fits_the_schema_that_is_printed() -> None:
    validator = jsonschema.Draft202012Validator(json.loads(CliRunner().invoke(command, ["assessment"]).output))
    for case in CASES:
        data = json.loads(shipped_assessment(case).to_json())
        assert [error.message for error in validator.iter_errors(data)] == []
        assert not validator.is_valid(data | {"unknown": 1})


def test_json_reads_back_to_the_same_assessment(shipped: Assessment) -> None:
    again = Assessment.model_validate_json(shipped.to_json())
    assert again.model_copy(update={"seal": {}}) == shipped
    assert again.to_json() == shipped.to_json()


def test_the_seal_is_that_of_the_parts_and_covers_everything(shipped: Assessment) -> None:
    again = Assessment.model_validate_json(shipped.to_json())
    assert again.seal == again.parts() == shipped.parts()
    fields = {(info.alias or name) for name, info in Assessment.model_fields.items()} - {"schema", "seal"}
    assert {name.partition("/")[0] for name in again.seal} == fields
    assert {name for name in again.seal if "/" in name} == {f"pillars/{pillar.id}" for pillar in shipped.pillars}


@pytest.mark.parametrize("name", sorted(set(Assessment.model_fields) - {"schema_", "seal"}))
def test_a_change_shows_in_the_seal_of_its_part_alone(name: str) -> None:
    before = shipped_assessment("quad")
    after = before.model_copy(update={name: _changed(getattr(before, name))})
    differ = {part for part, seal in after.parts().items() if before.parts()[part] != seal}
    assert differ == {f"pillars/{before.pillars[0].id}" if name == "pillars" else name}


def _changed(part: Any) -> Any:
    """Return a part in which the first text or number found is another."""
    if isinstance(part, tuple):
        return (_changed(part[0]), *part[1:])
    name = next(n for n in type(part).model_fields if isinstance(getattr(part, n), (str, float)) and n != "id")
    assert isinstance(part, BaseModel)
    old = getattr(part, name)
    return part.model_copy(update={name: old + "x" if isinstance(old, str) else old + 1})


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
