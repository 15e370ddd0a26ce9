"""`assess backtest` from the command line, and precedents in a report."""

from __future__ import annotations

import json
from pathlib import Path

from tests.batch.test_backtest import CRITERIA, table
from tests.batch.test_nearest import alliances
from tests.cli.conftest import Run

OPTIONS = ("--rubric", "alliance-durability", "--outcome", "y_broken", "--event", "bad", "--group", "id")
TIMED = (*OPTIONS, "--time", "year", "--draws", "100")


def test_it_prints_the_hash_before_the_result_and_writes_each_form(run: Run, tmp_path: Path) -> None:
    table(120).to_csv(tmp_path / "t.csv", index=False)
    done = run("backtest", "t.csv", *TIMED, "-o", "b.json", "-o", "b.html", "-o", "b.md")
    assert done.code == 0, done.err
    assert done.err.startswith("rubric alliance-durability 1.0.0, SHA-256 ")
    found = json.loads((tmp_path / "b.json").read_text())
    assert found["schema"] == "assess/backtest@1"
    assert found["rubric_sha256"] in done.err
    assert found["rows"] == 120
    assert "Inside eras" in (tmp_path / "b.html").read_text()


def test_bad_use_is_told_and_nothing_is_written(run: Run, tmp_path: Path) -> None:
    table(60).to_csv(tmp_path / "t.csv", index=False)
    for arguments, said in (
        (("backtest", "none.csv", *TIMED), "no such file"),
        (("backtest", "t.csv", *TIMED, "-o", "b.docx"), "'.docx' is not a form"),
        (("backtest", "t.csv", *TIMED, "--era", "1945", "--era", "1900"), "must rise"),
        (("backtest", "t.csv", *TIMED, "--name", "nobody", "-o", "b.json"), "--name nobody: no such column"),
        (("backtest", "t.csv", *TIMED, "--wars", "t.csv"), "not the file of Berkemeier"),
        (("backtest", "t.csv", *OPTIONS), "--time"),
    ):
        done = run(*arguments)
        assert done.code == 2, arguments
        assert said in done.err
        assert "Traceback" not in done.err
    assert not (tmp_path / "b.json").exists()


CASE = """\
schema: assess/partnership@1
id: draft
title: A draft
type: bilateral_agreement
stage: negotiating
as_of: 2025-06
parties: [{id: NO, name: Norway}, {id: SE, name: Sweden}]
evidence:
  - {id: E1, fact: A fact., citation: 'A source, 2025', date: 2025-01, kind: official, grade: A1,
     confidence: high, verified: yes}
observations:
"""


def test_a_report_carries_the_precedents_of_a_case(run: Run, tmp_path: Path) -> None:
    values = "".join(
        f"  {name}: {{number: {low}, confidence: high, evidence: [E1], rationale: Because.}}\n"
        for name, (low, _) in CRITERIA.items()
    )
    (tmp_path / "draft.yaml").write_text(CASE + values)
    alliances().to_csv(tmp_path / "t.csv", index=False)
    done = run("report", "draft.yaml", "--rubric", "alliance-durability", "--precedents", "t.csv", "-o", "r.md")
    assert done.code == 0, done.err
    assert "The nearest past alliances: 10 ended in violation" in (tmp_path / "r.md").read_text()
    other = run("report", "nato", "--precedents", "t.csv", "-o", "n.md")
    assert other.code == 2
    assert "none of the facts of partnership-default" in other.err
