"""`assess schema`: a JSON Schema that the shipped documents pass and faulty ones do not."""

from __future__ import annotations

import json

import jsonschema
import pytest
from tests.cli.conftest import Run

from assess.documents.shipped import shipped_dir
from assess.documents.source import read_source


@pytest.mark.parametrize(
    ("kind", "folder", "name"),
    [
        ("rubric", "rubrics", "partnership-default"),
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
