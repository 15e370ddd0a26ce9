"""`assess score`: forms, files and exit codes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from tests.cli.conftest import GOOD_CASE, Run


def test_a_table_is_printed_plain_when_piped(run: Run) -> None:
    result = run("score", "nato")
    assert result.code == 0
    assert "\x1b" not in result.out
    assert "North Atlantic Treaty Organization" in result.out
    assert "not a probability" in result.out
    assert "illustrative" in result.out


def test_json_is_one_assessment_or_a_list(run: Run) -> None:
    assert json.loads(run("score", "nato", "-f", "json").out)["partnership"]["id"] == "nato"
    several = json.loads(run("score", "nato", "quad", "-f", "json").out)
    assert [entry["partnership"]["id"] for entry in several] == ["nato", "quad"]


def test_csv_has_a_row_for_everything_and_empty_cells_for_nothing(run: Run) -> None:
    rows = list(csv.DictReader(io.StringIO(run("score", "quad", "-f", "csv").out)))
    assert [row["kind"] for row in rows].count("criterion") == 35
    assert [row["kind"] for row in rows].count("pillar") == 4
    absent = next(row for row in rows if row["id"] == "command_and_control")
    assert (absent["score"], absent["applicable"]) == ("", "False")


def test_the_same_command_prints_the_same_bytes(run: Run) -> None:
    assert run("score", "csto", "-f", "json").out == run("score", "csto", "-f", "json").out


def test_files_take_their_form_from_the_suffix(run: Run, tmp_path: Path) -> None:
    result = run("score", "nato", "-o", "a.json", "-o", "a.md", "-o", "a.csv", "-o", "a.txt")
    assert result.code == 0
    assert result.out == ""
    assert json.loads((tmp_path / "a.json").read_text())["schema"] == "assess/assessment@1"
    assert (tmp_path / "a.md").read_text().startswith("## North Atlantic")
    assert (tmp_path / "a.csv").read_text().startswith("case,kind,id")
    assert (tmp_path / "a.txt").read_text().startswith("North Atlantic")


def test_an_output_that_cannot_be_written_leaves_nothing(run: Run, tmp_path: Path) -> None:
    result = run("score", "nato", "-o", "a.json", "-o", "none/b.json")
    assert result.code == 2
    assert "the folder none does not exist" in result.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("options", "code"),
    [(["--fail-under", "1"], 0), (["--fail-under", "99"], 1), (["--fail-on-red-line"], 0)],
)
def test_conditions_decide_the_exit_code(run: Run, options: list[str], code: int) -> None:
    assert run("score", "nato", *options).code == code


def test_a_tripped_red_line_exits_1_when_asked(run: Run, tmp_path: Path) -> None:
    text = GOOD_CASE + "red_lines:\n  aggressive_purpose: {status: tripped, fact: It says so.}\n"
    (tmp_path / "draft.yaml").write_text(text)
    assert run("score", "draft.yaml").code == 0
    result = run("score", "draft.yaml", "--fail-on-red-line")
    assert result.code == 1
    assert "Do not proceed" in result.out
    assert "aggressive_purpose" in result.err


def test_a_case_without_enough_evidence_has_no_score_and_fails_any_threshold(run: Run, case: Path) -> None:
    result = run("score", str(case), "--fail-under", "0")
    assert result.code == 1
    assert "No rating" in result.out
    assert "insufficient basis" in result.out


def test_text_from_a_document_reaches_neither_terminal_nor_spreadsheet_as_command(run: Run, tmp_path: Path) -> None:
    text = GOOD_CASE.replace("title: A draft", 'title: "=1+1 \\e]0;gone\\a"')
    (tmp_path / "draft.yaml").write_text(text)
    for form in ("table", "md", "csv"):
        out = run("score", "draft.yaml", "-f", form).out
        assert "\x1b" not in out
        assert "\x07" not in out
    assert "overall,'=1+1" in run("score", "draft.yaml", "-f", "csv").out


def test_all_errors_of_all_cases_come_in_one_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(
        GOOD_CASE.replace("stage: negotiating", "stage: negotiated").replace("[E1]", "[E2]")
    )
    (tmp_path / "b.yaml").write_text(GOOD_CASE.replace("burden_sharing", "burden_shraing"))
    result = run("score", "a.yaml", "b.yaml", "-o", "x.json")
    assert result.code == 2
    lines = result.err.splitlines()
    assert [line.split(": ")[0] for line in lines] == ["a.yaml:5:8", "a.yaml:14:59", "b.yaml:14:3"]
    assert "did you mean 'burden_sharing'?" in lines[2]
    assert not (tmp_path / "x.json").exists()
