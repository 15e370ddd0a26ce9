"""Dask: the bytes of one process, and an end that is said when the cluster goes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import small_rubric

from assess.batch import cluster as module
from assess.batch.cluster import scheduler, workers
from assess.batch.rows import Job
from assess.batch.run import score_file
from assess.documents.errors import UsageError

pytestmark = pytest.mark.filterwarnings("ignore")  # what Dask says while a cluster is torn down is not ours
JOB = Job(small_rubric())


@pytest.fixture
def table(tmp_path: Path) -> Path:
    generator = np.random.default_rng(5)
    path = tmp_path / "table.parquet"
    columns = {name: generator.integers(0, 6, 3_000).astype(float) for name in "abcd"}
    pq.write_table(pa.table(columns), path, row_group_size=700)
    return path


@pytest.fixture
def cluster() -> Iterator[Any]:
    import distributed

    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None, silence_logs=50
    ) as found:
        yield found


def test_two_workers_give_the_bytes_of_one_process(tmp_path: Path, table: Path) -> None:
    alone, spread_out = tmp_path / "alone.parquet", tmp_path / "spread.parquet"
    first = score_file(table, JOB, alone, chunk=250)
    with workers(2) as spread:
        second = score_file(table, JOB, spread_out, chunk=250, spread=spread)
    assert alone.read_bytes() == spread_out.read_bytes()
    assert (tmp_path / "alone.parquet.rejects.csv").read_bytes() == (
        tmp_path / "spread.parquet.rejects.csv"
    ).read_bytes()
    assert (first.scored, first.refused) == (second.scored, second.refused)


def test_a_lost_worker_is_waited_for_and_then_said_and_the_run_goes_on(
    tmp_path: Path, table: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PATIENCE", 0.3)
    monkeypatch.setattr(module, "LOOK", 0.2)
    said: list[str] = []
    alone, out = tmp_path / "alone.csv", tmp_path / "out.csv"
    score_file(table, JOB, alone, chunk=50)

    def step(done: int, rows: int) -> None:
        if done == 500:
            cluster.scale(0)

    with (
        scheduler(cluster.scheduler_address, said.append) as spread,
        pytest.raises(UsageError, match="no worker is left; finished parts are kept, and the same command goes on"),
    ):
        score_file(table, JOB, out, chunk=50, spread=spread, step=step)
    assert any("no worker is left" in text for text in said)
    assert not out.exists()
    done = score_file(table, JOB, out, chunk=50)
    assert done.resumed >= 500
    assert out.read_bytes() == alone.read_bytes()


def test_a_stopped_scheduler_is_said_and_the_run_goes_on(
    tmp_path: Path, table: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK", 0.2)
    alone, out = tmp_path / "alone.csv", tmp_path / "out.csv"
    score_file(table, JOB, alone, chunk=50)

    def step(done: int, rows: int) -> None:
        if done == 500:
            cluster.close()

    with (
        scheduler(cluster.scheduler_address) as spread,
        pytest.raises(UsageError, match="finished parts are kept, and the same command goes on from there"),
    ):
        score_file(table, JOB, out, chunk=50, spread=spread, step=step)
    done = score_file(table, JOB, out, chunk=50)
    assert done.resumed >= 450
    assert out.read_bytes() == alone.read_bytes()


def test_an_error_of_a_worker_is_the_users_error(tmp_path: Path, cluster: Any) -> None:
    file = tmp_path / "t.csv"
    file.write_text('a,b\n1,x"y\n2,z\n3,z\n')
    with (
        scheduler(cluster.scheduler_address) as spread,
        pytest.raises(UsageError, match="quotes may not pair up"),
    ):
        score_file(file, JOB, tmp_path / "out.csv", spread=spread)


def test_an_address_without_a_scheduler_is_said() -> None:
    with pytest.raises(UsageError, match="nonsense://x: no scheduler answers"), scheduler("nonsense://x"):
        pass
