"""The kernel on 100,000 rows against the two matrix products it cannot do without."""

from __future__ import annotations

import numpy as np

from assess.rubric.loading import load_rubric
from assess.scoring.compiled import compile_rubric
from assess.scoring.kernel import score_raw
from benchmarks.measure import Row, together

ROWS = 100_000


def rows() -> list[Row]:
    """Measure anchored scales, missing values, coverage, bands and red lines together, and once more with bounds."""
    compiled = compile_rubric(load_rubric("partnership-default"), "multilateral_alliance")
    generator = np.random.default_rng(1)
    raw = generator.integers(0, 5, (ROWS, len(compiled.criteria))).astype(np.float64)
    raw[generator.random(raw.shape) < 0.05] = np.nan
    tripped = generator.random((ROWS, len(compiled.red_lines))) < 0.02
    values, seen = np.nan_to_num(raw), (~np.isnan(raw)).astype(np.float64)
    weights = compiled.leaf_share[:, compiled.top]

    def bare() -> object:
        return values @ weights, seen @ weights

    size = f"{ROWS:,} x {raw.shape[1]}"
    scored = together(lambda: score_raw(compiled, raw, tripped, bounds=False), bare, 25)
    bounded = together(lambda: score_raw(compiled, raw, tripped), bare, 25)
    return [
        Row(f"scoring {size} / two bare matrix products", *scored, "at most 5 x", 5.0),
        Row("the same with bounds of what is missing", *bounded, "", float("inf")),
    ]
