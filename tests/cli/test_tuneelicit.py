"""`assess tune elicit`: a file or questions in, weights and a version out, nothing half-written."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from tests.cli.conftest import Run

from assess.rubric.loading import load_rubric

JUDGEMENTS = """\
schema: assess/judgements@1
id: staff
rubric: {rubric: partnership-default, version: VERSION}
by: Planning staff
on: 2026-11
nodes:
  - node: overall
    method: ranks
    order: [threat_coverage, stability, interoperability, legal_sovereignty]
"""


@pytest.fixture
def judgements(tmp_path: Path) -> Path:
    path = tmp_path / "j.yaml"
    path.write_text(JUDGEMENTS.replace("VERSION", load_rubric("partnership-default").version))
    return path


def answer(monkeypatch: pytest.MonkeyPatch, *answers: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("".join(f"{line}\n" for line in answers)))


def test_judgements_become_weights_and_a_version(run: Run, judgements: Path, tmp_path: Path) -> None:
    result = run("tune", "elicit", str(judgements), "-o", "new.yaml")
    assert result.code == 0
    assert "## Overall, ranks: most weight on Threat coverage, 52 %" in result.out
    assert "wrote new.yaml" in result.err
    assert "assess rubric diff partnership-default new.yaml" in result.err
    made = load_rubric(tmp_path / "new.yaml")
    assert made.weighting is not None
    assert made.weighting.by == "Planning staff"
    assert run("score", "nato", "-r", "new.yaml", "--draws", "100").code == 0


def test_without_a_file_the_questions_are_asked(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answer(monkeypatch, "4", "x", "3", "2", "1")
    result = run(
        *("tune", "elicit", "--node", "overall", "--method", "points"),
        *("--save", "j.yaml", "-o", "new.yaml", "--by", "Me", "--on", "2026-11-23"),
    )
    assert result.code == 0
    assert "write a number of 0 or more" in result.err
    assert "| Stability | 22 % to 35 % | 40 % |" in result.out
    made = load_rubric(tmp_path / "new.yaml")
    assert made.weighting is not None
    assert (made.weighting.source, made.weighting.by) == ("j.yaml", "Me")
    again = run("tune", "elicit", "j.yaml", "-o", "again.yaml")
    assert again.out == result.out
    assert (tmp_path / "again.yaml").read_bytes() == (tmp_path / "new.yaml").read_bytes()


def test_an_end_before_the_last_answer_leaves_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    answer(monkeypatch, "4", "3")
    before = sorted(tmp_path.iterdir())
    result = run("tune", "elicit", "--node", "overall", "--method", "points", "--save", "j.yaml", "-o", "new.yaml")
    assert result.code == 130
    assert "nothing was written" in result.err
    assert sorted(tmp_path.iterdir()) == before


def test_a_table_takes_its_author_from_the_command_line(run: Run, tmp_path: Path) -> None:
    rows = "".join(
        f"overall,points,{name},1\n"
        for name in ("stability", "threat_coverage", "interoperability", "legal_sovereignty")
    )
    (tmp_path / "t.csv").write_text("node,method,item,value\n" + rows)
    assert run("tune", "elicit", "t.csv", "--by", "Staff", "-o", "new.yaml").code == 0
    weighting = load_rubric(tmp_path / "new.yaml").weighting
    assert weighting is not None
    assert weighting.by == "Staff"
    assert weighting.note is not None
    assert "does not say on which version" in weighting.note


def test_wrong_calls_are_refused_with_advice(run: Run, judgements: Path, tmp_path: Path) -> None:
    before = sorted(tmp_path.iterdir())
    for arguments, words in (
        ((), "name a file of judgements, or give --node and --method"),
        (("j.yaml", "--node", "overall"), "leave out JUDGEMENTS"),
        (("j.yaml", "--by", "Me"), "write 'by' and 'on' into it"),
        (("j.yaml", "-o", "new.txt"), "the suffix must be .yaml"),
        (("j.yaml", "-o", "none/new.yaml"), "does not exist"),
        (("j.yaml", "--id", "A B"), "not of the right form"),
        (("j.yaml", "--version", "1"), "three numbers"),
        (("none.yaml",), "no such file"),
        (("--node", "overall", "--method", "points", "-o", "a.yaml"), "give --save FILE"),
        (("--node", "overall", "--method", "points", "-o", "a.yaml", "--save", "a.yaml"), "a file each"),
        (("--node", "overal", "--method", "points"), "did you mean 'overall'?"),
        (("--node", "overall", "--method", "points", "--on", "soon"), "is not a date"),
    ):
        result = run("tune", "elicit", *arguments)
        assert (result.code, result.out) == (2, "")
        assert words in result.err
    assert sorted(tmp_path.iterdir()) == before


def test_judgements_on_another_version_write_nothing(run: Run, judgements: Path, tmp_path: Path) -> None:
    judgements.write_text(JUDGEMENTS.replace("VERSION", "0.1.0"))
    result = run("tune", "elicit", "j.yaml", "-o", "new.yaml")
    assert result.code == 2
    assert "j.yaml:3:48: the judgements are about version 0.1.0" in result.err
    assert not (tmp_path / "new.yaml").exists()
