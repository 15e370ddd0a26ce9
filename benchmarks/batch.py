"""Batch scoring beside reading the same file and two bare matrix products, and a table of 1,000 rows beside peers."""

from __future__ import annotations

import os
import tempfile
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from assess.batch.cluster import workers
from assess.batch.rows import Job
from assess.batch.run import Spread, score_file
from assess.rubric.loading import load_rubric
from assess.rubric.measures import Floats, Values
from assess.rubric.models import Rubric
from assess.scoring.compiled import compile_rubric
from assess.scoring.kernel import aggregate
from benchmarks.measure import Row, alone, together
from benchmarks.peers import timed

ROWS = int(os.environ.get("ASSESS_BENCH_ROWS", "2000000"))
GROUP = 250_000
SMALL = 1_000
DRAWN, DRAWS, SPANS = 40_000, 100, 20


def rows() -> list[Row]:
    """Measure from file to file, parts on disk and all, against reading and multiplying alone."""
    rubric = load_rubric("partnership-default")
    with tempfile.TemporaryDirectory() as folder:
        table, out = Path(folder) / "table.parquet", Path(folder) / "out.parquet"
        write_table(table, rubric, ROWS)
        runs = 3 if ROWS <= 2_000_000 else 1
        measured = together(lambda: score_file(table, Job(rubric), out, fresh=True), lambda: bare(table, rubric), runs)
    size = f"{ROWS:,} x {len(list(rubric.all_criteria()))}"
    return [
        Row(f"batch {size} Parquet to Parquet / reading and two products", *measured, "at most 2 x", 2.0),
        *_cluster(rubric),
        *_peers(),
    ]


def _cluster(rubric: Rubric) -> list[Row]:
    """Measure a run with an interval for every row on one Dask worker and on two, both waiting for work.

    Beside it what the machine can give: one bare process that multiplies matrices beside two that share the work.
    """
    job = Job(rubric, draws=DRAWS)
    with tempfile.TemporaryDirectory() as folder, workers(1) as one, workers(2) as two:
        table, out = Path(folder) / "table.parquet", Path(folder) / "out.parquet"
        write_table(table, rubric, DRAWN, DRAWN // SPANS)

        def run(spread: Spread) -> None:
            score_file(table, job, out, fresh=True, chunk=DRAWN // SPANS, spread=spread)

        spent = together(lambda: run(two), lambda: run(one), 2)
    processes = get_context("spawn")
    with processes.Pool(1) as first, processes.Pool(2) as second:
        limit = together(lambda: second.map(multiply, range(SPANS), 1), lambda: first.map(multiply, range(SPANS), 1), 3)
    return [
        Row(f"batch of {DRAWN:,} rows with {DRAWS} draws, two Dask workers / one", *spent, "at most 1/1.7", 1 / 1.7),
        Row("two bare processes of matrix products / one: what this machine can give", *limit, "", float("inf")),
    ]


def multiply(seed: int) -> float:
    """Draw and multiply for a while, as bare numpy does it."""
    generator = np.random.default_rng(seed)
    return float(sum((generator.random((8192, 35)) @ generator.random((35, 5))).sum() for _ in range(100)))


def write_table(path: Path, rubric: Rubric, count: int, group: int = GROUP) -> None:
    """Write a Parquet table of levels with 5 % missing, in row groups of some rows."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    generator = np.random.default_rng(1)
    names = [criterion.id for criterion in rubric.all_criteria()]
    with pq.ParquetWriter(path, pa.schema([(name, pa.float64()) for name in names])) as writer:
        for start in range(0, count, group):
            here = min(group, count - start)
            columns = [
                pa.array(generator.integers(0, 5, here).astype(np.float64), mask=generator.random(here) < 0.05)
                for _ in names
            ]
            writer.write_table(pa.table(columns, names=names))


def bare(path: Path, rubric: Rubric) -> None:
    """Read the table row group by row group into one matrix and multiply it twice, for scores and for coverage."""
    import pyarrow.parquet as pq

    compiled = compile_rubric(rubric)
    weights = compiled.leaf_share[:, compiled.top]
    names = list(compiled.criterion_ids)
    matrix = np.empty((len(names), GROUP))
    with pq.ParquetFile(path) as file:
        for group in range(file.num_row_groups):
            table = file.read_row_group(group, names)
            for place, name in enumerate(names):
                matrix[place, : len(table)] = table.column(name).to_numpy()
            values = matrix[:, : len(table)].T
            values @ weights, values @ weights


def _peers() -> list[Row]:
    """Measure one weighted mean of 1,000 rows beside scikit-criteria and pymcdm.

    All start from the same array of values, which are on one scale already, and give the same scores.
    """
    rubric = load_rubric("partnership-default")
    criteria = [c.model_copy(update={"types": {}}) for c in rubric.all_criteria()]
    pillar = rubric.pillars[0].model_copy(update={"criteria": tuple(criteria), "pillars": ()})
    compiled = compile_rubric(rubric.model_copy(update={"pillars": (pillar,), "red_lines": (), "profiles": {}}))
    values: Floats = 25.0 * np.random.default_rng(1).integers(0, 5, (SMALL, len(criteria))).astype(np.float64)
    weights = compiled.leaf_share[:, 0]

    def ours() -> Floats:
        return aggregate(compiled, Values.of(values), bounds=False).score[:, 0]

    found: list[Row] = []
    for lock, program in (("pysensmcda", "mean_pymcdm"), ("scikit_criteria", "mean_skcriteria")):
        spent, theirs = timed(lock, program, values=values, weights=weights)
        if spent and not np.allclose(ours(), theirs):
            raise AssertionError(f"the weighted mean differs from that of {', '.join(spent)}")
        found += [
            Row(f"weighted mean of {SMALL:,} rows / {what}", alone(ours, 25), seconds, "at most 1/20", 1 / 20)
            for what, seconds in spent.items()
        ]
    return found
