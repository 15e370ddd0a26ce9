"""`assess tune objective`: declared beside objective weights, from cases and from a table."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path

import numpy as np
import pytest
import yaml
from tests.cli.conftest import Run
from tests.conftest import criterion, rubric_data

from assess.partnership.loading import load_partnership
from assess.rubric.loading import load_rubric
from assess.scoring.score import score

CASES = ("csto", "nato", "quad", "us-israel")

TABLE = """\
case,type,interest_alignment,capability_shift,burden_sharing,exit
A,coalition,4,1,2,0
B,coalition,2,3,2,3
C,coalition,3,4,2,2
D,coalition,1,0,2,4
"""

VALUES = [0.0, 10.0, 50.0, 90.0, 100.0]
"""Values of the levels 0 to 4 in the small rubric: not straight, so that levels and values cannot be mixed up."""


def test_cases_give_every_node_beside_its_declared_weights_and_write_nothing(run: Run, tmp_path: Path) -> None:
    result = run("tune", "objective", *CASES)
    assert (result.code, result.err) == (0, "")
    assert result.out.startswith("## Weights from the spread of 4 cases\n")
    assert "a check, never a default" in result.out
    assert "No rubric is written" in result.out
    assert "| Item | Declared | Equal | Entropy | CRITIC | Standard deviation | PCA |" in result.out
    for heading in ("### the whole", "### Stability", "### Threat coverage", "### Interoperability"):
        assert heading in result.out
    assert "| stability | 25 % to 35 % | 25 % |" in result.out
    assert "negative loading on the first component" in result.out
    assert "nan" not in result.out.lower().replace("governance", "")
    assert list(tmp_path.iterdir()) == []
    assert run("tune", "objective", *CASES).out == result.out


def test_pillars_are_compared_by_the_scores_of_their_cases(run: Run) -> None:
    rubric = load_rubric("partnership-default")
    results = [score(load_partnership(case), rubric, draws=100, seed=1) for case in CASES]
    pillars = [pillar.id for pillar in results[0].pillars]
    table = np.array([[pillar.score for pillar in result.pillars] for result in results], dtype=np.float64)
    out = run("tune", "objective", *CASES).out
    for name, spread in zip(pillars, table.std(axis=0) / table.std(axis=0).sum(), strict=True):
        row = next(line for line in out.splitlines() if line.startswith(f"| {name}"))
        assert row.split("|")[6].strip() == f"{100 * spread:.0f} %"


def test_too_few_cases_are_told_apart_from_no_spread(run: Run) -> None:
    result = run("tune", "objective", "nato")
    assert result.code == 0
    assert "the spread of 1 case\n" in result.out
    assert "need 3 cases without a gap (found 1)" in result.out
    assert "| – |" in result.out


@pytest.fixture
def small(tmp_path: Path) -> str:
    """A rubric of two pillars over the criteria of the table."""
    names = (("interest_alignment", "capability_shift", "burden_sharing"), ("exit",))
    pillars = [
        {"id": f"p{index}", "title": f"P{index}", "weight": 50, "criteria": [deepcopy(criterion(name)) for name in own]}
        for index, own in enumerate(names)
    ]
    path = tmp_path / "small.yaml"
    path.write_text(yaml.safe_dump(rubric_data(pillars=pillars, level_values=VALUES)))
    return str(path)


def test_a_table_gives_the_same_from_raw_levels(run: Run, tmp_path: Path, small: str) -> None:
    (tmp_path / "t.csv").write_text(TABLE)
    result = run("tune", "objective", "t.csv", "-r", small)
    assert (result.code, result.err) == (0, "")

    def deviation(item: str) -> str:
        row = next(line for line in result.out.splitlines() if line.startswith(f"| {item}"))
        return row.split("|")[6].strip()

    level = np.array(VALUES)
    alignment, shift, leaving = level[[4, 2, 3, 1]].std(), level[[1, 3, 4, 0]].std(), level[[0, 3, 2, 4]].std()
    assert deviation("interest") == f"{100 * alignment / (alignment + shift):.0f} %"
    pillar = ((level[[4, 2, 3, 1]] + level[[1, 3, 4, 0]] + level[2]) / 3).std()
    assert deviation("p0") == f"{100 * pillar / (pillar + leaving):.0f} %"
    assert "| interest_alignment | 33 % | 33 % |" in result.out
    assert "burden_sharing does not vary over these cases and has weight 0" in result.out


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (None, "cannot be read as a table"),
        ("", "cannot be read as a table"),
        ("a,interest_alignment\n", "has no rows"),
        ("a,b\n1,2\n", "no column named after a criterion"),
        ("interest_alignment\nhigh\n", "is not numeric"),
        ("interest_alignment\n9\n", "interest_alignment"),
        ("type,interest_alignment\npact,3\n", "pact"),
    ],
)
def test_a_table_that_cannot_be_used_is_refused(
    run: Run, tmp_path: Path, small: str, text: str | None, words: str
) -> None:
    if text is not None:
        (tmp_path / "t.csv").write_text(text)
    result = run("tune", "objective", "t.csv", "-r", small)
    assert result.code == 2
    assert "t.csv: " in result.err
    assert words in result.err
    assert "Traceback" not in result.err


def test_a_table_stands_alone_and_cases_must_exist(run: Run) -> None:
    assert "t.csv stands alone" in run("tune", "objective", "nato", "t.csv").err
    assert run("tune", "objective", "atlantis").code == 2
    assert run("tune", "objective").code == 2
