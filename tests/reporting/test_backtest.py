"""What a reader is told by a back-test: every baseline, every count, and no number where there is too little."""

from __future__ import annotations

import pytest
from tests.batch.test_backtest import run, table

from assess.batch.backtest import Auc, Backtest
from assess.reporting.backtest import _era, backtest_paper
from assess.reporting.paper import to_bytes


@pytest.fixture(scope="module")
def found() -> Backtest:
    return run(table())


@pytest.fixture(scope="module")
def text(found: Backtest) -> str:
    return to_bytes(backtest_paper(found), ".md").decode()


def test_every_baseline_and_every_count_is_printed(found: Backtest, text: str) -> None:
    for one in found.contenders:
        assert text.count(f"| {one.title} |") == 3
    for reason in found.left_out:
        assert f"Left out: {reason}" in text.replace("\\", "")
    assert f"{found.used} of {found.rows}, {found.events} with the outcome" in text
    assert found.rubric_sha256 is not None
    assert found.rubric_sha256 in text


def test_it_says_that_a_score_is_no_probability(text: str) -> None:
    assert "not a probability" in text


def test_an_era_with_few_of_one_outcome_has_no_number() -> None:
    assert _era(Auc(value=0.94, low=0.91, high=0.97, rows=234, events=2)) == "too few"
    assert _era(Auc(value=0.94, low=0.91, high=0.97, rows=234, events=230)) == "too few"
    assert _era(Auc(value=0.75, low=0.7, high=0.8, rows=234, events=100)) == "0.75 [0.70, 0.80]"
    assert _era(None) == "–"


def test_without_a_forward_test_it_says_so() -> None:
    paper = backtest_paper(run(table(120), split=1600))
    assert next(part for part in paper.sections if part.place == "forward").heading == "Forward in time: no test"
