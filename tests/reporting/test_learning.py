"""The sections on learned weights: every number of the result, and no score called a probability."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
from tests.conftest import rubric_data

from assess.reporting.learning import learned_sections
from assess.reporting.markdown import sections_markdown
from assess.rubric.models import Rubric
from assess.tuning.learning import HeldOut, Learned, learn
from assess.tuning.precedents import read_precedents

RUBRIC = Rubric.model_validate(rubric_data())


@cache
def learned(kind: str = "labels") -> Learned:
    random = np.random.default_rng(0)
    levels = random.integers(0, 5, (120, 4)).astype(float)
    frame = pd.DataFrame(levels, columns=["a", "b", "c", "d"])
    frame.loc[3, "d"] = np.nan
    held = random.random(120) < 1.0 / (1.0 + np.exp(-0.1 * (levels @ [2.5, 10.0, 7.5, 5.0] - 50.0)))
    frame["held"] = held.astype(float)
    frame["g"] = np.arange(120) % 30
    frame.loc[5, "held"] = np.nan
    rubric = RUBRIC.model_copy(update={"coverage": RUBRIC.coverage.model_copy(update={"insufficient_below": 40.0})})
    return learn(read_precedents(frame, rubric, "held", kind=kind, group="g"), resamples=20)  # type: ignore[arg-type]


def text(found: Learned) -> str:
    return sections_markdown(learned_sections(found, RUBRIC))


def test_the_statement_counts_weights_and_intervals_are_shown() -> None:
    found = learned()
    shown = text(found)
    assert found.statement in shown
    assert "119 precedents used in 30 groups" in shown
    assert "Left out, no outcome: 1 row." in shown
    assert "1 missing reading left both sums" in shown
    assert "strength 10. Intervals are the middle 95 % of 20 resamples of groups, seed 0" in shown
    for title in ("### Overall", "### One", "### Two", "| A |", "| D |", "| Base rate |"):
        assert title in shown
    assert "They are no probability of anything in the case at hand, and a score is none either." in shown
    assert shown.count("probability") == shown.count("no probability")


def test_the_heading_says_the_verdict() -> None:
    assert "## Verdict: the data move the weights" in text(replace(learned(), moved=True))
    assert "## Verdict: the data do not move the weights" in text(replace(learned(), moved=False))


def test_warnings_kept_weights_and_failed_resamples_are_said() -> None:
    found = learned()
    nodes = (replace(found.nodes[0], kept={"b": 0.25}), *found.nodes[1:])
    shown = text(replace(found, warnings=("something is odd",), nodes=nodes, failed=2))
    assert "### To be careful about" in shown
    assert "- Something is odd." in shown
    assert "| B | 25 % | 25 % | – | kept: not in the table |" in shown
    assert "2 resamples could not be fitted" in shown


def test_preferences_and_rankings_have_their_own_words() -> None:
    assert "comparisons won by the row expected to win" in text(learned("pairs"))
    ranking = text(learned("ranking"))
    assert "share of pairs in the right order" in ranking
    assert "Calibration" not in ranking


def test_nothing_held_out_is_said() -> None:
    nothing = HeldOut("forward in time", 0, 0, 4, (), None, ())
    shown = text(replace(learned(), held_out=(nothing,)))
    assert "## Rows not seen, forward in time: nothing to judge by" in shown
    assert "No fold of 4 could be fitted and judged." in shown


def test_differences_carry_their_sign() -> None:
    held = replace(learned().held_out[0], gain=(-0.0001, -0.0123, 0.5))
    shown = text(replace(learned(), held_out=(held,)))
    assert "0.000 (95 % interval −0.012 to +0.500" in shown
    assert "the fitted weights are not clearly better" in shown
