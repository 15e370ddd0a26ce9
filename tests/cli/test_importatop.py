"""`assess import atop`: tables, side files, drafts, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("pandas")

from tests.cli.conftest import Run
from tests.datasets.tinydata import table, tiny


def named(folder: Path) -> list[str]:
    return [part for name, path in tiny(folder).items() for part in (f"--{name}", path.name)]


def test_the_table_is_written_with_what_its_columns_mean(run: Run, tmp_path: Path) -> None:
    files = named(tmp_path)
    result = run("import", "atop", *files, "--outcome", "violated", "-o", "t.csv")
    assert (result.code, result.out) == (0, "")
    assert "3 alliances" in result.err
    head, first = (tmp_path / "t.csv").read_text().splitlines()[:2]
    assert head.startswith("atopid,begyr,begmo,members,t_bilat,")
    assert head.endswith(",y_A_all")
    assert first.startswith("3001,1950,4,2 20,1.0,")
    notes = json.loads((tmp_path / "t.csv.columns.json").read_text())
    assert [column["name"] for column in notes["columns"]] == head.split(",")
    assert notes["columns"][-1]["role"] == "outcome"
    assert len(notes["files"]["members"]["sha256"]) == 64


def test_csv_and_parquet_hold_the_same_and_twice_the_same_bytes(run: Run, tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    import pandas as pd

    files = named(tmp_path)
    for name in ("a", "b"):
        assert run("import", "atop", *files, "-o", f"{name}.parquet", "-o", f"{name}.csv").code == 0
    assert (tmp_path / "a.parquet").read_bytes() == (tmp_path / "b.parquet").read_bytes()
    pd.testing.assert_frame_equal(pd.read_parquet("a.parquet"), pd.read_csv("a.csv"), check_dtype=False)


def test_files_without_an_option_are_recognised(run: Run, tmp_path: Path) -> None:
    files = tiny(tmp_path)
    assert run("import", "atop", *(str(path) for path in files.values()), "-o", "t.csv").code == 0
    (tmp_path / "no.csv").write_text("a,b\n1,2\n")
    result = run("import", "atop", "no.csv", "alliances.csv", "--alliances", "alliances.csv", "-o", "u.csv")
    assert result.code == 2
    assert "no.csv:1:1: the columns are those of no known data set" in result.err
    assert "are both ATOP, alliances; give one of them" in result.err


def test_the_draft_of_a_case_is_accepted_by_check(run: Run, tmp_path: Path) -> None:
    files = named(tmp_path)
    assert run("import", "atop", *files, "--case", "3001").out.startswith("# Drafted from ATOP 5.1, alliance 3001.")
    assert run("import", "atop", *files, "--case", "3001", "-o", "c.yaml").err == "wrote c.yaml\n"
    assert run("check", "c.yaml").code == 0


def test_describe_lists_every_column_without_a_file(run: Run) -> None:
    out = run("import", "atop", "--describe").out
    assert "| c_record | fact | members |" in out
    assert "| y_A_all | outcome |" in out


def test_what_cannot_be_done_is_refused_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    files = named(tmp_path)
    table(tmp_path, "nmc", [{"ccode": 2, "year": 1950, "cinc": 7}])
    before = sorted(path.name for path in tmp_path.iterdir())
    for arguments, words in (
        (("--fact", "term", "-o", "t.csv"), "'term' tells how the alliance ended"),
        (("--outcome", "y_A_all", "-o", "t.csv"), "no outcome 'y_A_all'"),
        (("-o", "t.xlsx"), "the suffix must be .csv or .parquet"),
        (("--case", "3001", "-o", "t.csv"), "the suffix must be .yaml"),
        (("--case", "1", "-o", "t.yaml"), "no alliance 1"),
        ((), "say where the table goes"),
        (("--nmc", "nmc.csv", "-o", "t.csv"), "nmc.csv:2:5: cinc lies outside 0 to 1 ('7' in line 2)"),
        (("--threat", "none.csv", "-o", "t.csv"), "none.csv: cannot be read"),
        (("-o", "t.csv", "-o", "none/t.parquet"), "does not exist"),
    ):
        result = run("import", "atop", *files, *arguments)
        assert result.code == 2, arguments
        assert words in result.err
        assert "Traceback" not in result.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
