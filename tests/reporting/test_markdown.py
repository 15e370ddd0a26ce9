from __future__ import annotations

import re

import pytest

from assess.reporting.blocks import Endnotes, Heading, Sheet, Table
from assess.reporting.edition import Edition
from assess.reporting.markdown import to_markdown
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

from .conftest import complete_dialogue, hostile, sample
from .payloads import PAYLOADS
from .viewtools import walk


def table_lines(text: str) -> list[list[str]]:
    """Return the tables of a Markdown text as lists of lines."""
    found: list[list[str]] = [[]]
    for line in text.split("\n"):
        if line.startswith("|"):
            found[-1].append(line)
        elif found[-1]:
            found.append([])
    return [table for table in found if table]


def columns(line: str) -> int:
    return len(re.findall(r"(?<!\\)(?:\\\\)*\|", line))


def titles(text: str) -> list[str]:
    """Return the headings of a Markdown text without its escapes."""
    found = [line for line in text.split("\n") if re.match("#+ ", line)]
    return [re.sub(r"\\(.)", r"\1", line.lstrip("# ")) for line in found]


def test_it_holds_every_heading_in_order(assessment: Assessment) -> None:
    view = to_view(assessment)
    wanted = [view.title]
    for section in view.sections:
        wanted.append(section.heading)
        inner = [block for block in section.blocks if isinstance(block, (Heading, Sheet))]
        wanted += [block.text if isinstance(block, Heading) else block.title for block in inner]
    found = iter(titles(to_markdown(assessment)))
    assert [heading for heading in wanted if heading not in found] == []


def test_it_holds_every_table_with_every_row(assessment: Assessment) -> None:
    wanted = [block for block in walk(to_view(assessment)) if isinstance(block, Table)]
    found = iter(table_lines(to_markdown(assessment)))
    for table in wanted:
        assert any(
            len(lines) == len(table.rows) + 2
            and {columns(line) for line in lines} == {len(table.heads) + 1}
            and re.fullmatch(r"\|( -{3,}:? \|)+", lines[1])
            for lines in found
        ), table.caption


def test_every_source_is_listed(assessment: Assessment) -> None:
    text = to_markdown(assessment).replace("\\", "")
    for notes in (block for block in walk(to_view(assessment)) if isinstance(block, Endnotes)):
        for entry in notes.entries:
            assert f"**{entry.id}**" in text


@pytest.mark.parametrize("payload", ["plain", *PAYLOADS])
def test_no_text_can_break_a_table_or_bring_in_html(payload: str) -> None:
    edition = Edition(previous=complete_dialogue())
    text = to_markdown(hostile(sample(), payload), edition)
    plain = to_markdown(hostile(sample(), "plain"), edition)
    shapes = [[columns(line) for line in table] for table in table_lines(text)]
    assert shapes == [[columns(line) for line in table] for table in table_lines(plain)]
    assert all(len(set(shape)) == 1 for shape in shapes)
    assert "<" not in text
    assert len(titles(text)) == len(titles(plain))


def test_a_summary_has_the_bottom_line_and_no_sections() -> None:
    text = to_markdown(sample(), Edition(summary=True))
    assert to_view(sample()).bottom_line.rating in text
    assert not [section for section in to_view(sample()).sections if section.heading in titles(text)]


def test_the_text_ends_once_and_holds_no_wide_gaps(assessment: Assessment) -> None:
    text = to_markdown(assessment)
    assert text.endswith("\n")
    assert not text.endswith("\n\n")
    assert "\n\n\n" not in text
