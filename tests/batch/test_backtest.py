"""The back-test on tables with a known answer, its leak checks, what it refuses, and the real alliances."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

from assess.batch.backtest import ERAS, Backtest, backtest
from assess.batch.discrimination import over, pairs_won, share
from assess.documents.errors import UsageError
from assess.rubric.loading import load_rubric
from assess.scoring.table import score_table

CRITERIA = {
    "c_poly_min": (0.05, 0.6),
    "c_pol2_swing": (0, 12),
    "c_thr_mean": (0, 0.7),
    "c_rival_in": (0, 1),
    "c_record": (-0.15, 0.3),
    "c_power_change": (0.05, 0.8),
    "t_nomicoop": (0, 1),
    "t_way_out": (0, 1),
}
ROLES = {"outcome": "y_broken", "good": False, "group": "id", "time": "year"}


def table(rows: int = 240, signal: float = 2.0, seed: int = 4) -> pd.DataFrame:
    """A table in the columns of the rubric, whose outcome follows its scores by `signal`."""
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({name: rng.uniform(low, high, rows) for name, (low, high) in CRITERIA.items()})
    frame = frame.mask(rng.random(frame.shape) < 0.03)
    score = score_table(frame, load_rubric("alliance-durability"))["overall"]
    order = ((score - score.mean()) / score.std()).fillna(0).to_numpy()
    frame["y_broken"] = (rng.random(rows) < 1 / (1 + np.exp(1 + signal * order))).astype(float)
    frame["year"] = rng.integers(1815, 2010, rows).astype(float)
    frame["id"] = np.arange(rows)
    frame["noise"] = rng.normal(size=rows)
    return frame


def run(frame: pd.DataFrame, **changed: object) -> Backtest:
    options = {**ROLES, "draws": 100} | changed
    return backtest(frame, load_rubric("alliance-durability"), **options)  # type: ignore[arg-type]


def test_the_auc_is_that_of_the_scores() -> None:
    frame = table()
    found = run(frame)
    score = score_table(frame, load_rubric("alliance-durability"))["overall"]
    known = score.notna()
    expected = roc_auc_score(frame["y_broken"][known] == 0, score[known])
    own = found.contenders[0]
    assert own.overall.value == pytest.approx(expected, abs=1e-12)
    assert own.overall.low is not None
    assert own.overall.low < expected < (own.overall.high or 0)
    assert expected > 0.8
    turned = run(frame.assign(y_broken=1 - frame["y_broken"]), good=True)
    assert turned.contenders[0].overall.value == pytest.approx(expected, abs=1e-12)


def test_inside_eras_the_year_earns_nothing() -> None:
    frame = table(signal=0)
    frame["y_broken"] = (frame["year"] < 1900).astype(float)
    frame.loc[::5, "y_broken"] = 1 - frame.loc[::5, "y_broken"]
    found = {one.id: one for one in run(frame, eras=(1815, 1900)).contenders}
    assert (found["time_only"].overall.value or 0) > 0.7
    assert 0.3 < (found["time_only"].within.value or 0) < 0.7
    assert found["base_rate"].within.value == 0.5


def test_every_row_is_counted_once() -> None:
    frame = table()
    frame.loc[0, "y_broken"] = np.nan
    frame.loc[1, "year"] = np.nan
    frame.loc[2, "year"] = 1700
    frame.loc[3, list(CRITERIA)[:4]] = np.nan
    found = run(frame)
    assert found.rows == 240
    assert found.used + sum(found.left_out.values()) == 240
    assert found.left_out["no outcome"] == found.left_out["no year"] == found.left_out["year before the first era"] == 1
    assert found.left_out["too few facts for a score"] >= 1
    own = found.contenders[0]
    assert sum(era.rows for era in own.eras.values()) == found.used
    assert sum(one.rows for one in own.calibration) == found.used
    assert sum(one.events for one in own.calibration) == found.events
    assert found.facts == (*CRITERIA, "noise")


def test_the_forward_test_learns_only_before_the_split() -> None:
    frame = table()
    later = frame["year"] >= 1945
    mixed = frame["y_broken"].where(~later, frame["y_broken"].sample(frac=1, random_state=1).to_numpy())
    one, other = run(frame), run(frame.assign(y_broken=mixed))
    for a, b in zip(one.contenders, other.contenders, strict=True):
        assert a.forward.rows == b.forward.rows
        assert [part.expected for part in a.calibration_forward] == [part.expected for part in b.calibration_forward]
    assert one.contenders[0].brier_forward != other.contenders[0].brier_forward


def test_the_same_inputs_give_the_same_bytes() -> None:
    frame = table(120)
    assert run(frame).to_json() == run(frame).to_json()


def test_columns_that_tell_the_ending_are_no_facts_and_a_perfect_one_is_suspected() -> None:
    frame = table()
    found = run(frame.assign(endyr=1.0, dur=2.0, y_other=3.0, told=frame["y_broken"] * 2 + frame["noise"] / 10))
    assert set(found.refused) == {"endyr", "dur", "y_other"}
    assert [one.column for one in found.suspects] == ["told"]
    assert not found.suspects[0].in_rubric


def test_misses_are_the_rows_most_at_odds() -> None:
    frame = table()
    found = run(frame)
    bad = [one for one in found.misses if one.happened]
    score = score_table(frame, load_rubric("alliance-durability"))["overall"]
    assert bad[0].score == pytest.approx(score[frame["y_broken"] == 1].max())
    assert [one.score for one in bad] == sorted((one.score for one in bad), reverse=True)


def test_capitals_do_not_hide_an_ending() -> None:
    frame = table(60)
    found = run(frame.assign(YREXIT=frame["year"] + frame["y_broken"], MaxPhase=frame["noise"], Term=frame["y_broken"]))
    assert {"YREXIT", "MaxPhase", "Term"} <= set(found.refused)


def test_an_ending_under_another_name_is_suspected() -> None:
    frame = table(60)
    found = run(frame.assign(blessing=2 * frame["y_broken"] + 1))
    assert [(one.column, one.auc, one.in_rubric) for one in found.suspects if one.column == "blessing"] == [
        ("blessing", 1.0, False)
    ]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"outcome": "y_brokn"}, "--outcome y_brokn: no such column"),
        ({"outcome": "noise"}, "column 'noise' must be 0, 1 or empty"),
        ({"group": "y_broken"}, "cannot be the group"),
        ({"outcome": "t_way_out"}, "criterion t_way_out: its name tells"),
    ],
)
def test_what_does_not_fit_is_refused(changed: dict[str, object], said: str) -> None:
    with pytest.raises(UsageError, match=said):
        run(table(60), **changed)


def test_text_where_numbers_should_be_is_refused() -> None:
    with pytest.raises(UsageError, match="'year' is not numeric"):
        run(table(60).assign(year="then"))


DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data on alliances are not beside the repository")
def test_durability_holds_inside_eras_on_the_real_alliances() -> None:
    from assess.datasets.atop import formation_table

    files = {
        "alliances": "atop/atop5_1a.csv",
        "phases": "atop/atop5_1aph.csv",
        "members": "atop/atop5_1m.csv",
        "nmc": "nmc/cow_nmc_v7.csv",
        "democracy": "democracy/cw_democracy_isard.csv",
        "threat": "threat/leeds_savun_threat_state_year.csv",
        "rivalries": "rivalries/td_rivalries.csv",
    }
    frame = formation_table({name: DATA / path for name, path in files.items()}, outcomes=("violated",))
    scores = score_table(frame, load_rubric("alliance-durability"))["overall"]
    known = scores.notna().to_numpy()
    order, better = scores.to_numpy()[known], (frame["y_A_all"] == 0).to_numpy()[known]
    era = np.searchsorted(ERAS, frame["begyr"][known], side="right")
    assert (share(*over([pairs_won(order[era == one], better[era == one]) for one in np.unique(era)])) or 0) >= 0.72
    inside = frame["begyr"].between(1945, 1989) & scores.notna()
    assert roc_auc_score(frame["y_A_all"][inside] == 0, scores[inside]) >= 0.76
