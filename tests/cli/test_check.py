"""`assess check`: good documents in one line each, everything wrong in one run."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run

from assess.documents.shipped import shipped_dir


def test_the_shipped_documents_are_good(run: Run) -> None:
    result = run("check", "partnership-default", "nato", "csto", "us-israel", "quad")
    assert result.code == 0
    assert "35 criteria, 11 red lines" in result.out
    assert result.out.count("good;") == 5


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
