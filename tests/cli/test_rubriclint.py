"""`assess rubric lint`: findings with their place, and the exit code that was asked for."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

from assess.documents.shipped import shipped_dir


def test_findings_have_a_place_and_are_no_error(run: Run) -> None:
    result = run("rubric", "lint", "partnership-default")
    assert result.code == 0
    assert result.out.endswith("findings; shipped cases it can score: 4\n")
    for line in result.out.splitlines()[:-1]:
        assert "partnership-default.yaml:" in line


def test_findings_fail_where_that_is_asked(run: Run) -> None:
    assert run("rubric", "lint", "partnership-default", "--fail-on-finding").code == 1


def test_a_rubric_without_a_finding_passes(run: Run, tmp_path: Path) -> None:
    text = """\
schema: assess/rubric@1
id: other
title: Other
version: 1.0.0
bands: [{label: All, at_least: 0}]
pillars:
  - id: one
    title: One
    criteria:
      - id: a
        title: A
        question: A?
        weight: 1
        sources: [{ref: X}]
        measure: {kind: quantitative, unit: u, breakpoints: [[0, 0], [1, 100]]}
references: [{id: X, citation: X 2020, checked: read}]
"""
    (tmp_path / "other.yaml").write_text(text)
    result = run("rubric", "lint", "other.yaml", "--fail-on-finding")
    assert (result.code, result.out) == (0, "other.yaml: no findings; shipped cases it can score: 0\n")


def test_a_bad_rubric_is_an_error(run: Run, tmp_path: Path) -> None:
    text = (shipped_dir("rubrics") / "small-state.yaml").read_text()
    (tmp_path / "bad.yaml").write_text(text.replace("dispute_and_exit: 15", "dispute_and_exti: 15"))
    result = run("rubric", "lint", "bad.yaml")
    assert result.code == 2
    assert "did you mean 'dispute_and_exit'?" in result.err
