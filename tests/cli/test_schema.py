"""`assess schema`: a JSON Schema that the shipped documents pass and faulty ones do not."""

from __future__ import annotations

import json

import jsonschema
import pytest
from tests.cli.conftest import Run

from assess.documents.shipped import shipped_dir, shipped_ids
from assess.documents.source import read_source


@pytest.mark.parametrize(
    ("kind", "folder", "name"),
    [
        *(("rubric", "rubrics", name) for name in shipped_ids("rubrics")),
        *(("partnership", "partnerships", c) for c in ("nato", "csto", "us-israel", "quad")),
    ],
)
def test_shipped_documents_pass_their_schema(run: Run, kind: str, folder: str, name: str) -> None:
    schema = json.loads(run("schema", kind).out)
    data = json.loads(json.dumps(read_source(shipped_dir(folder) / f"{name}.yaml").data))
    validator = jsonschema.Draft202012Validator(schema)
    assert [error.message for error in validator.iter_errors(data)] == []
    assert not validator.is_valid(data | {"unknown": 1})


def test_the_schema_of_the_assessment_is_there(run: Run) -> None:
    assert "overall" in json.loads(run("schema", "assessment").out)["properties"]


def test_judgements_pass_their_schema_and_their_faults_do_not(run: Run) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(run("schema", "judgements").out))
    judged = {
        "schema": "assess/judgements@1",
        "id": "staff",
        "rubric": {"rubric": "partnership-default", "version": "1.1.0"},
        "nodes": [
            {"node": "overall", "method": "ahp", "comparisons": [{"a": "stability", "over": "exit", "value": "1/3"}]},
            {"node": "stability", "method": "swing", "swings": {"a": 100, "b": {"low": 20, "high": 40}}},
        ],
    }
    assert [error.message for error in validator.iter_errors(judged)] == []
    assert not validator.is_valid(judged | {"nodes": [{"node": "overall", "method": "guess"}]})
    assert not validator.is_valid(judged | {"nodes": []})


def test_a_version_that_extends_a_rubric_passes_and_its_faults_do_not(run: Run) -> None:
    validator = jsonschema.Draft202012Validator(json.loads(run("schema", "rubric").out))
    extends = {"rubric": "partnership-default", "version": "1.1.0"}
    version = {"schema": "assess/rubric@1", "id": "mine", "title": "Mine", "version": "1.0.0", "extends": extends}
    assert validator.is_valid(version | {"weights": {"decision_autonomy": 9}})
    assert not validator.is_valid(version | {"weights": {"decision_autonomy": -9}})
    assert not validator.is_valid({key: value for key, value in version.items() if key != "extends"})
