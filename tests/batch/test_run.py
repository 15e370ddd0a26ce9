"""Whole runs: one result whatever the cuts, and the same bytes after any number of violent ends."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Generator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.conftest import small_rubric

from assess.batch.rows import Fit, Job
from assess.batch.run import Scored, in_process, score_file
from assess.batch.source import Source, Span
from assess.documents.errors import UsageError
from assess.scoring.table import score_table

JOB = Job(small_rubric())


def table_of(rows: int) -> pa.Table:
    generator = np.random.default_rng(5)
    columns = {
        name: pa.array(generator.integers(0, 5, rows).astype(float), mask=generator.random(rows) < 0.1)
        for name in "abcd"
    }
    return pa.table(columns | {"id": [f"case {place}" for place in range(rows)]})


def write(folder: Path, table: pa.Table, name: str = "table.parquet") -> Path:
    path = folder / name
    if path.suffix == ".csv":
        table.to_pandas().to_csv(path, index=False)
    else:
        pq.write_table(table, path, row_group_size=700)
    return path


@pytest.mark.parametrize("name", ["table.parquet", "table.csv"])
@pytest.mark.parametrize("out", ["out.parquet", "out.csv"])
def test_a_file_gives_the_scores_of_its_table(tmp_path: Path, name: str, out: str) -> None:
    table = table_of(2_000)
    done = score_file(write(tmp_path, table, name), JOB, tmp_path / out, chunk=300)
    assert (done.rows, done.scored, done.refused, done.rejects) == (2_000, 2_000, 0, None)
    found = pd.read_csv(tmp_path / out) if out.endswith("csv") else pd.read_parquet(tmp_path / out)
    expected = score_table(table.to_pandas(), JOB.rubric)
    assert found["row"].tolist() == list(range(1, 2_001))
    for column in ("overall", "one:low", "two:high", "one:coverage"):
        np.testing.assert_allclose(found[column].to_numpy(float), expected[column], atol=1e-9)
    assert (
        found["overall:rating"].astype(object).fillna("").tolist()
        == expected["overall:rating"].astype(object).fillna("").tolist()
    )
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([name, out])


def test_refused_rows_do_not_stop_the_run(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n1,1\n9,x\n2\n3,3\n")
    done = score_file(file, JOB, tmp_path / "out.csv", chunk=1)
    assert (done.scored, done.refused, done.rejects) == (2, 2, tmp_path / "out.csv.rejects.csv")
    assert pd.read_csv(tmp_path / "out.csv")["row"].tolist() == [1, 4]
    rejects = pd.read_csv(tmp_path / "out.csv.rejects.csv")
    assert rejects["row"].tolist() == [2, 2, 3]
    assert rejects["reason"].tolist() == ["must be 0 to 4", "is not a number", "1 cells in place of 2"]


@pytest.mark.parametrize("name", ["t.csv", "t.parquet"])
def test_an_empty_table_gives_an_empty_result(tmp_path: Path, name: str) -> None:
    path = write(tmp_path, table_of(0), name)
    done = score_file(path, JOB, tmp_path / "out.parquet", tmp_path / "rejects.csv")
    assert (done.rows, done.scored) == (0, 0)
    assert "overall:rating" in pd.read_parquet(tmp_path / "out.parquet").columns
    assert (tmp_path / "rejects.csv").read_text().strip() == '"row","column","value","reason"'


def breaking(after: int) -> object:
    """Return a way to score that fails after some spans."""

    def spread(source: Source, job: Job, used: Fit, spans: Sequence[Span]) -> Generator[Scored]:
        for number, found in enumerate(in_process(source, job, used, spans)):
            if number == after:
                raise UsageError("the cluster was lost")
            yield found

    return spread


def test_a_run_that_failed_goes_on_and_ends_with_the_same_bytes(tmp_path: Path) -> None:
    table = write(tmp_path, table_of(2_000))
    whole, out = tmp_path / "whole.parquet", tmp_path / "out.parquet"
    score_file(table, JOB, whole, chunk=100)
    with pytest.raises(UsageError, match="the cluster was lost"):
        score_file(table, JOB, out, chunk=100, spread=breaking(7))  # type: ignore[arg-type]
    assert not out.exists()
    with pytest.raises(UsageError, match="differs in chunk"):
        score_file(table, JOB, out, chunk=101)
    steps: list[tuple[int, int]] = []
    done = score_file(table, JOB, out, chunk=100, step=lambda *seen: steps.append(seen))
    assert done.resumed == 700
    assert steps[-1] == (2_000, 2_000)
    assert out.read_bytes() == whole.read_bytes()
    assert not (tmp_path / "out.parquet.parts").exists()


def test_a_table_that_changed_is_refused(tmp_path: Path) -> None:
    table, out = write(tmp_path, table_of(2_000)), tmp_path / "out.parquet"
    with pytest.raises(UsageError, match="the cluster was lost"):
        score_file(table, JOB, out, chunk=100, spread=breaking(7))  # type: ignore[arg-type]
    write(tmp_path, table_of(2_000).slice(1))
    with pytest.raises(UsageError, match=r"an unfinished run differs in .*table"):
        score_file(table, JOB, out, chunk=100)
    assert score_file(table, JOB, out, chunk=100, fresh=True).resumed == 0


KILLED = """
import sys
from pathlib import Path
from tests.batch.test_run import JOB
from assess.batch.run import score_file
print("ready", flush=True)
score_file(Path(sys.argv[1]), JOB, Path(sys.argv[2]), chunk=100)
"""


@pytest.mark.parametrize("suffix", [".parquet", ".csv"])
def test_killed_five_times_at_random_it_ends_with_the_same_bytes(tmp_path: Path, suffix: str) -> None:
    table, out, whole = write(tmp_path, table_of(8_000)), tmp_path / f"out{suffix}", tmp_path / f"whole{suffix}"
    started = time.perf_counter()
    score_file(table, JOB, whole, chunk=100)
    usual = time.perf_counter() - started
    moments, kept = random.Random(suffix), []
    for _ in range(5):
        with subprocess.Popen(
            [sys.executable, "-c", KILLED, str(table), str(out)], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2]
        ) as run:
            assert run.stdout is not None
            assert run.stdout.readline() == b"ready\n"
            time.sleep(moments.uniform(0.05, 0.25) * usual)
            run.kill()
        kept.append(len(list(tmp_path.glob("*.parts/*.scored.arrow"))))
    if not out.exists():
        done = score_file(table, JOB, out, chunk=100)
        assert done.resumed == 100 * kept[-1] > 0
    assert out.read_bytes() == whole.read_bytes()


def test_outputs_that_collide_are_refused(tmp_path: Path) -> None:
    table = write(tmp_path, table_of(10))
    with pytest.raises(UsageError, match="is the table itself"):
        score_file(table, JOB, table)
    with pytest.raises(UsageError, match="is used twice"):
        score_file(table, JOB, tmp_path / "o.csv", tmp_path / "o.csv")
    with pytest.raises(UsageError, match="suffix must be"):
        score_file(table, JOB, tmp_path / "o.xlsx")


def test_a_full_disk_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("assess.batch.parts.os.fsync", full)
    with pytest.raises(
        UsageError, match=r"o\.csv: cannot be written: No space left on device; finished parts are kept"
    ):
        score_file(write(tmp_path, table_of(10)), JOB, tmp_path / "o.csv")
    assert not (tmp_path / "o.csv").exists()
