"""`assess tune learn`: from a table to sections and a new version that loads."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml
from tests.cli.conftest import Run
from tests.conftest import rubric_data

from assess.rubric.loading import load_rubric


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        return True


@pytest.fixture
def files(tmp_path: Path) -> Path:
    random = np.random.default_rng(0)
    levels = random.integers(0, 5, (160, 4))
    frame = pd.DataFrame(levels, columns=["a", "b", "c", "d"])
    held = random.random(160) < 1.0 / (1.0 + np.exp(-0.1 * (levels @ [2.5, 10.0, 7.5, 5.0] - 50.0)))
    frame["held"], frame["state"], frame["year"] = held.astype(int), np.arange(160) % 40, 1900 + np.arange(160) // 2
    frame["endyr"] = 1999
    frame.to_csv(tmp_path / "past.csv", index=False)
    frame.to_parquet(tmp_path / "past.parquet")
    (tmp_path / "small.yaml").write_text(yaml.dump(rubric_data(), Dumper=_Dumper, sort_keys=False))
    return tmp_path


LEARN = ("tune", "learn", "--outcome", "held", "-r", "small.yaml", "--resamples", "50")


def test_it_prints_the_verdict_the_weights_and_the_checks(run: Run, files: Path) -> None:
    result = run(*LEARN, "--precedents", "past.csv", "--group", "state", "--time", "year")
    assert (result.code, result.err) == (0, "")
    for words in (
        "# Weights from past.csv",
        "## Verdict: ",
        "Columns not used: endyr.",
        "## Weights: ",
        "## Rows not seen, five folds, whole groups held out",
        "## Rows not seen, forward in time",
        "Calibration",
    ):
        assert words in result.out
    assert "nan" not in result.out
    assert "None" not in result.out
    assert run(*LEARN, "--precedents", "past.parquet", "--group", "state", "--time", "year").out[30:] == result.out[26:]


def test_it_writes_a_version_that_loads_and_the_text(run: Run, files: Path) -> None:
    more = ("--by", "Office of records", "--on", "2026-11-23", "--id", "mine", "--prior", "5")
    result = run(*LEARN, "--precedents", "past.csv", "-o", "mine.yaml", "-o", "mine.md", *more)
    assert (result.code, result.err) == (0, "wrote mine.yaml\nwrote mine.md\n")
    assert result.out.startswith("These precedents")
    rubric = load_rubric(files / "mine.yaml")
    assert rubric.weighting is not None
    assert (rubric.weighting.method, rubric.weighting.by, rubric.weighting.source) == (
        "learned",
        "Office of records",
        "past.csv",
    )
    assert rubric.weighting.note is not None
    assert "column held (labels)" in rubric.weighting.note
    assert (files / "mine.md").read_text().startswith("# Weights from past.csv")
    before = (files / "mine.yaml").read_bytes()
    run(*LEARN, "--precedents", "past.csv", "-o", "mine.yaml", *more)
    assert (files / "mine.yaml").read_bytes() == before  # the same inputs and seed, the same bytes


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--precedents", "none.csv"), "none.csv: no such file"),
        (("--precedents", "past.txt"), "the suffix must be .csv or .parquet"),
        (("--precedents", "past.csv", "-o", "x.pdf"), "the suffix must be .yaml or .md"),
        (("--precedents", "past.csv", "--group", "stat"), "did you mean 'state'?"),
        (("--precedents", "past.csv", "--prior", "-1"), "prior"),
        (("--precedents", "past.csv", "-o", "x.yaml", "--on", "soon"), "--on soon: not a date"),
        (("--precedents", "past.csv", "-o", "x.yaml", "--by", ""), "--by is empty"),
        (("--precedents", "past.csv", "-o", "x.yaml", "--version", "one"), "--version one: write three numbers"),
        (("--precedents", "past.csv", "--prior", "nan"), "give a finite number"),
        (("--precedents", "past.csv", "--prior", "inf"), "give a finite number"),
        (("--precedents", "past.csv", "--type", "coalition", "--outcome", "zz"), "no column 'zz' for --outcome"),
        (("--precedents", "past.csv", "-o", "x.yaml", "--id", "Bad Id"), "--id Bad Id: use small letters"),
    ],
)
def test_what_cannot_be_done_is_refused_and_nothing_is_written(
    run: Run, files: Path, arguments: tuple[str, ...], words: str
) -> None:
    before = sorted(files.iterdir())
    result = run(*LEARN, *arguments)
    assert result.code == 2
    assert words in result.err
    assert sorted(files.iterdir()) == before


def test_help_imports_neither_scikit_learn_nor_pandas() -> None:
    code = (
        "import sys\nfrom assess.cli.main import cli\n"
        "for words in (['--help'], ['tune', 'learn', '--help']):\n"
        "    cli.main(words, prog_name='assess', standalone_mode=False)\n"
        "print(sorted({'sklearn', 'pandas', 'scipy', 'numpy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
