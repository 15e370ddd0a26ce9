"""The result on a terminal says what the plain text says."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from assess.cli.scorescreen import show
from assess.cli.scoretext import summarise
from assess.scoring.assessment import Assessment


def test_the_screen_says_what_the_text_says(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], assessment_of: Callable[[str], Assessment]
) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = assessment_of("csto")
    show([result])
    printed = " ".join(capsys.readouterr().out.split())
    summary = summarise(result)
    for part in (summary.title, *summary.bottom_line, *(row[0] for row in summary.rows), *summary.notes):
        assert " ".join(part.split()) in printed
