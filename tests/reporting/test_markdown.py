from __future__ import annotations

import re

import pytest

from assess.reporting.links import text_of
from assess.reporting.markdown import to_markdown
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

from .conftest import hostile, sample
from .payloads import PAYLOADS


def tables(text: str) -> list[list[str]]:
    """Return the tables of a Markdown text as lists of lines."""
    found: list[list[str]] = []
    for line in text.split("\n"):
        if not line.startswith("|"):
            found.append([])
        elif found:
            found[-1].append(line)
    return [table for table in found if table]


def columns(line: str) -> int:
    return len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))


def test_it_holds_every_heading_and_every_row(assessment: Assessment) -> None:
    text = to_markdown(assessment)
    view = to_view(assessment)
    assert f"# {view.title}" in text
    rows = [line for table in tables(text) for line in table]
    for section in view.pillars:
        for row in section.rows:
            cells = f"| {row.score} | {row.range} |"
            assert any(row.title in line and cells in line for line in rows)
    for entry in view.sources.entries:
        assert any(line.startswith(f"| {entry.id} |") and text_of(entry.used_by) in line for line in rows)


@pytest.mark.parametrize("payload", ["plain", *PAYLOADS])
def test_no_text_can_break_a_table_or_bring_in_html(payload: str) -> None:
    text = to_markdown(hostile(sample(), payload))
    for table in tables(text):
        assert len({columns(line) for line in table}) == 1, table
    assert "<" not in text
    headings = [line for line in text.split("\n") if re.match("#+ ", line)]
    plain = [line for line in to_markdown(sample()).split("\n") if re.match("#+ ", line)]
    assert len(headings) == len(plain)
