"""Whole-pipeline oracle: COINr's ASEM index through our own rubric and kernel (file beside the repository)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from assess.rubric.models import Rubric
from assess.scoring.table import score_table

ORACLES = Path(__file__).resolve().parents[2] / "shared" / "oracles"


@pytest.fixture(scope="module")
def asem() -> tuple[Rubric, pd.DataFrame, pd.DataFrame]:
    """The ASEM tree as a rubric, the normalised indicators, and the published scores."""
    if not ORACLES.is_dir():
        pytest.skip(f"the ASEM tables are not at {ORACLES.parent.name}/{ORACLES.name}")
    tree = pd.read_csv(ORACLES / "asem_tree.csv")

    def children(parent: str) -> pd.DataFrame:
        return tree[tree.Parent == parent]

    def node(name: str, weight: float) -> dict[str, Any]:
        below = children(name)
        leaves = below[below.Level == 1]
        measure = {"kind": "quantitative", "unit": "normalised", "breakpoints": [[0.0, 0.0], [100.0, 100.0]]}
        return {
            "id": name.lower(),
            "title": name,
            "weight": weight,
            "pillars": [node(r.iCode, float(r.Weight)) for r in below[below.Level > 1].itertuples()],
            "criteria": [
                {
                    "id": r.iCode.lower(),
                    "title": r.iCode,
                    "question": "q",
                    "weight": float(r.Weight),
                    "measure": measure,
                }
                for r in leaves.itertuples()
            ],
        }

    rubric = Rubric.model_validate(
        {
            "schema": "assess/rubric@1",
            "id": "asem",
            "title": "ASEM",
            "version": "1.0.0",
            "bands": [{"label": "Any", "at_least": 0.0}],
            "aggregation": {"method": "arithmetic"},
            "pillars": [node(r.iCode, float(r.Weight)) for r in children("Index").itertuples()],
        }
    )
    indicators = pd.read_csv(ORACLES / "asem_normalised.csv", index_col=0).rename(columns=str.lower)
    scores = pd.read_csv(ORACLES / "asem_scores.csv", index_col=0).rename(columns=str.lower)
    return rubric, indicators, scores.rename(columns={"index": "overall"})


def test_all_asem_scores_are_reproduced(asem: tuple[Rubric, pd.DataFrame, pd.DataFrame]) -> None:
    rubric, indicators, scores = asem
    found = score_table(indicators, rubric)[list(scores.columns)]
    assert found.shape == (51, 11)
    pd.testing.assert_frame_equal(found, scores, check_exact=False, atol=1e-6, rtol=0)


def test_effective_weights_of_asem(asem: tuple[Rubric, pd.DataFrame, pd.DataFrame]) -> None:
    from assess.scoring.compiled import compile_rubric

    compiled = compile_rubric(asem[0])
    share = dict(zip(compiled.criterion_ids, compiled.leaf_share[:, -1], strict=True))
    assert share["goods"] == pytest.approx(0.02, abs=1e-9)
    assert share["renew"] == pytest.approx(1 / 30, abs=1e-9)
    assert share["lpi"] == pytest.approx(0.0125, abs=1e-9)
    assert share["unvote"] == pytest.approx(1 / 30, abs=1e-9)
    assert share["cpi"] == pytest.approx(1 / 54, abs=1e-9)
