"""`assess rubric diff`: two rubrics beside each other, as text and as JSON."""

from __future__ import annotations

import json

from tests.cli.conftest import Run


def test_text_and_json_say_the_same_of_every_shipped_case(run: Run) -> None:
    shown, data = (
        run("rubric", "diff", "partnership-default", "small-state", "--format", form).out for form in ("md", "json")
    )
    found = json.loads(data)
    assert [case["id"] for case in found["cases"]] == ["csto", "nato", "quad", "us-israel"]
    for case in found["cases"]:
        assert case["title"] in shown
    assert found["after"]["id"] == "small-state"
    assert shown.startswith("# Military partnerships: the default rubric and Small state\n")


def test_an_unknown_rubric_is_named_and_both_are_looked_at(run: Run) -> None:
    result = run("rubric", "diff", "small-stat", "nothing.yaml")
    assert result.code == 2
    assert "did you mean 'small-state'?" in result.err
    assert "nothing.yaml:1:1: no such file" in result.err
