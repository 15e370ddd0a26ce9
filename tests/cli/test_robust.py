"""`assess robust`: the analysis in the terminal and as files."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.conftest import Run


def test_it_prints_every_part_of_the_analysis(run: Run) -> None:
    result = run("robust", "csto", "--draws", "300")
    assert (result.code, result.err) == (0, "")
    for heading in ("## Robustness: ", "## Sensitivity: ", "## Weights: ", "## What “Conditional” would take: "):
        assert heading in result.out
    assert "NaN" not in result.out
    assert "None" not in result.out


def test_the_same_seed_gives_the_same_bytes(run: Run, tmp_path: Path) -> None:
    for name in ("a.json", "b.json"):
        assert run("robust", "quad", "--draws", "300", "-o", name).err == f"wrote {name}\n"
    assert (tmp_path / "a.json").read_bytes() == (tmp_path / "b.json").read_bytes()
    assert json.loads((tmp_path / "a.json").read_text())["schema"] == "assess/robustness@1"
    run("robust", "quad", "--draws", "300", "--seed", "7", "-o", "b.json")
    assert (tmp_path / "a.json").read_bytes() != (tmp_path / "b.json").read_bytes()


def test_a_target_and_a_concentration_may_be_given(run: Run) -> None:
    result = run("robust", "csto", "--draws", "300", "--target", "Sound", "--concentration", "50")
    assert "## What “Sound” would take" in result.out
    assert "Dirichlet, concentration 50" in result.out


def test_assumptions_may_be_chosen_and_are_stated(run: Run) -> None:
    said = ("--where", "stability matters at least as much as interoperability", "--inputs", "discrete")
    result = run("robust", "csto", "--draws", "300", *said)
    assert (result.code, result.err) == (0, "")
    assert "those that agree with “stability matters at least as much as interoperability”" in result.out
    assert "Levels are drawn whole" in result.out


def test_the_whole_report_can_be_written_with_the_analysis(run: Run, tmp_path: Path) -> None:
    assert run("robust", "csto", "--draws", "300", "--inputs", "pert", "-o", "x.html").code == 0
    page = (tmp_path / "x.html").read_text()
    assert "PERT" in page
    assert "Criterion sheets" in page


def test_what_cannot_be_done_is_refused_with_advice(run: Run, tmp_path: Path) -> None:
    for arguments, words in (
        (("csto", "-o", "x.csv"), "the suffix must be .json, .md, .html or .pdf"),
        (("csto", "--inputs", "normal"), "'normal' is not one of"),
        (("csto", "--where", "stability >= peace"), "stability >= peace"),
        (("csto", "--where", "peace at least 20%"), "names no pillar or criterion of partnership-default"),
        (
            ("csto", "--where", "stability at least 60%", "--where", "threat_coverage at least 50%"),
            "no weights meet these constraints together: stability at least 60%; threat_coverage at least 50%",
        ),
        (("csto", "quad", "-o", "x.json"), "run them one by one"),
        (("csto", "--target", "Splendid"), "Splendid"),
        (("csto", "--concentration", "0"), "concentration"),
    ):
        result = run("robust", *arguments)
        assert result.code == 2
        assert words in result.err
    assert list(tmp_path.iterdir()) == []


def test_several_cases_of_one_profile_are_ranked_and_others_are_not(run: Run) -> None:
    alike = run("robust", "nato", "csto", "--draws", "300").out
    assert alike.startswith("## Ranks: North Atlantic Treaty Organization rank 1;")
    apart = run("robust", "nato", "quad", "--draws", "300").out
    assert apart.startswith(
        "nato: not ranked; no other case here has the profile multilateral_alliance\n\nquad: not ranked"
    )
