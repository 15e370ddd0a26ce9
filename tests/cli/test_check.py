"""`assess check`: good documents in one line each, everything wrong in one run."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

from assess.documents.shipped import shipped_dir, shipped_ids
from assess.rubric.loading import load_rubric


def test_the_shipped_documents_are_good(run: Run) -> None:
    result = run("check", "partnership-default", "nato", "csto", "us-israel", "quad")
    assert result.code == 0
    assert "35 criteria, 11 red lines" in result.out
    assert result.out.count("good;") == 5


def test_the_shipped_alternatives_meet_every_vector(run: Run) -> None:
    names = [name for name in shipped_ids("rubrics") if load_rubric(name).parent is not None]
    result = run("check", *names)
    assert (result.code, result.err) == (0, "")
    assert len(names) >= 5
    assert result.out.count("24 test vectors met\n") == len(names)


VERSION = """\
schema: assess/rubric@1
id: mine
title: Mine
version: 1.0.0
extends: {rubric: partnership-default, version: 1.1.0}
profiles: {bilateral_agreement: {pillars: {interoperability: 10}}}
"""


def test_a_vector_of_the_parent_that_comes_out_otherwise_is_told_and_no_error(run: Run, tmp_path: Path) -> None:
    (tmp_path / "mine.yaml").write_text(VERSION)
    result = run("check", "mine.yaml")
    assert result.code == 0
    assert "21 test vectors met, and 1 of the parent's come out otherwise:\n" in result.out
    assert "test vector 'weak-pillar-not-bought-off': expected rating Weak, found" in result.out


def test_a_vector_that_a_version_states_itself_must_be_met(run: Run, tmp_path: Path) -> None:
    own = "test_vectors:\n  - {id: mine, says: S., type: coalition, fill: 100, expect: {rating: Weak}}\n"
    (tmp_path / "mine.yaml").write_text(VERSION + own)
    result = run("check", "mine.yaml")
    assert result.code == 2
    assert result.err.startswith("mine.yaml:8:62: test vector 'mine': expected rating Weak, found Strong")


def test_a_missed_test_vector_is_an_error_at_its_line(run: Run, tmp_path: Path) -> None:
    text = (shipped_dir("rubrics") / "partnership-default.yaml").read_text()
    wrong = text.replace("rating: Strong", "rating: Weak", 1)
    (tmp_path / "mine.yaml").write_text(wrong)
    result = run("check", "mine.yaml")
    assert result.code == 2
    line = next(i for i, (a, b) in enumerate(zip(text.splitlines(), wrong.splitlines(), strict=True), 1) if a != b)
    place = result.err.split(": ")[0].split(":")
    assert place[0] == "mine.yaml"
    assert abs(int(place[1]) - line) <= 1
    assert "expected rating Weak, found Strong" in result.err


def test_a_case_is_checked_against_the_rubric_asked_for(run: Run, case: Path) -> None:
    assert "1 criteria observed" in run("check", str(case)).out
    case.write_text(case.read_text().replace("level: 3", "number: 3"))
    result = run("check", str(case))
    assert result.code == 2
    assert "draft.yaml:14:20: 'burden_sharing' is not measured by a number" in result.err
