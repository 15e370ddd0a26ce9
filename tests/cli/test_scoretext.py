"""The plain text of results: whole numbers, both bands, and nothing that breaks a table."""

from __future__ import annotations

from collections.abc import Callable

from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.cli.scoretext import HEADINGS, summarise, text
from assess.scoring.assessment import Assessment
from assess.scoring.score import score


def test_the_summary_shows_whole_numbers(shipped: Assessment) -> None:
    summary = summarise(shipped)
    assert len(summary.rows) == 4
    assert all(len(row) == len(HEADINGS) for row in summary.rows)
    assert all(row[2].isdigit() for row in summary.rows)
    assert "%" not in summary.bottom_line[0].replace("80 %", "")


def test_risk_is_the_other_side_of_the_score(assessment_of: Callable[[str], Assessment]) -> None:
    row = summarise(assessment_of("nato")).rows[-1]
    assert f"(risk {100 - int(row[2])})" in row[0]


def test_a_capped_rating_shows_both() -> None:
    lines = [{"id": "stop", "criterion": "a", "when": "w", "effect": "block"}]
    case = small_partnership(
        observations={n: level(4) for n in "abcd"}, red_lines={"stop": {"status": "tripped", "fact": "It is."}}
    )
    result = score(case, small_rubric(red_lines=lines), draws=100)
    assert summarise(result).bottom_line[0].startswith("Do not proceed")
    assert summarise(result).bottom_line[1] == "without red lines: Strong"


def test_markdown_cells_cannot_break_the_table() -> None:
    pillar = {"id": "p", "title": "A | B", "criteria": [criterion("a", title="x|y")]}
    rubric = small_rubric(pillars=[pillar])
    result = score(small_partnership(observations={"a": level(2)}), rubric, draws=100)
    row = next(line for line in text([result], "md").splitlines() if line.startswith("| A"))
    assert row.replace("\\|", "").count("|") == len(HEADINGS) + 1
