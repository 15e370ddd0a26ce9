"""Running the command line in process."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

from assess.cli import main as entry


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str


Run = Callable[..., Outcome]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """Run `assess` with arguments in an empty folder and return its exit code and output."""
    monkeypatch.chdir(tmp_path)

    def call(*arguments: str) -> Outcome:
        monkeypatch.setattr("sys.argv", ["assess", *arguments])
        code = 0
        try:
            entry.main()
        except SystemExit as done:
            code = done.code if isinstance(done.code, int) else 0 if done.code is None else 1
        captured = capsys.readouterr()
        return Outcome(code, captured.out, captured.err)

    return call


def ways_explain_themselves(run: Run, group: click.Command, name: str, ways: Iterable[str]) -> None:
    """Assert that the help of a group names every command in it, and that each is there under its name."""
    shown = run(name, "--help")
    assert shown.code == 0
    assert isinstance(group, click.Group)
    for way in ways:
        assert way in shown.out
        found = group.get_command(click.Context(group), way)
        assert found is not None
        assert found.name == way


GOOD_CASE = """\
schema: assess/partnership@1
id: draft
title: A draft
type: bilateral_agreement
stage: negotiating
as_of: 2025-06
parties:
  - {id: NO, name: Norway}
  - {id: SE, name: Sweden}
evidence:
  - {id: E1, fact: A fact., citation: 'A source, 2025', date: 2025-01, kind: official, grade: A1,
     confidence: high, verified: yes}
observations:
  burden_sharing: {level: 3, confidence: high, evidence: [E1], rationale: Because.}
"""


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A small partnership document on disk."""
    path = tmp_path / "draft.yaml"
    path.write_text(GOOD_CASE)
    return path
