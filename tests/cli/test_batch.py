"""`assess batch` on the command line."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from click.testing import CliRunner

from assess.cli.batch import command
from assess.documents.errors import UsageError

from .conftest import Run

TABLE = """id,type,technical_c3,fulfilment_record,note
a,coalition,2,4,x
b,coaltion,2,4,y
c,,9,high,z
"""


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def test_a_table_is_scored_and_what_was_left_out_is_said(table: Path) -> None:
    out = table.with_name("out.csv")
    result = CliRunner().invoke(command, [str(table), "-o", str(out), "--keep", "id"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "no column for 33 criteria, missing in every row: interest_alignment" in result.stderr
    assert "not used: note" in result.stderr
    assert f"2 of 3 rows were not scored: see {out}.rejects.csv" in result.stderr
    assert result.stderr.endswith(f"wrote {out}: 1 rows\n")
    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["row"], row["id"]) for row in rows] == [("1", "a")]
    with Path(f"{out}.rejects.csv").open(newline="") as file:
        assert [row["column"] for row in csv.DictReader(file)] == ["type", "fulfilment_record", "technical_c3"]


def test_draws_add_intervals(table: Path) -> None:
    out = table.with_name("out.csv")
    result = CliRunner().invoke(command, [str(table), "-o", str(out), "--draws", "100"], catch_exceptions=False)
    assert result.exit_code == 0
    assert "overall:interval_low" in out.read_text()


def test_one_cluster_at_most(table: Path) -> None:
    with pytest.raises(UsageError, match="give one of them"):
        CliRunner().invoke(
            command,
            [str(table), "-o", "out.csv", "--workers", "2", "--scheduler", "tcp://x:1"],
            catch_exceptions=False,
        )


def test_a_table_that_does_not_fit_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("x,y\n1,2\n")
    with pytest.raises(UsageError, match="no column is named after a criterion"):
        CliRunner().invoke(command, [str(path), "-o", str(tmp_path / "out.csv")], catch_exceptions=False)
    assert [found.name for found in tmp_path.iterdir()] == ["table.csv"]


def test_a_stop_by_the_user_says_that_finished_parts_are_kept(
    run: Run, table: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def stopped(*arguments: object, **options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("assess.batch.run.score_file", stopped)
    result = run("batch", str(table), "-o", "out.csv")
    assert (result.code, result.out) == (130, "")
    assert result.err == "stopped; finished parts are kept, and the same command goes on from there\n"
