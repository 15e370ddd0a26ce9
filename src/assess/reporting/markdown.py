"""The report as Markdown: the same texts in plain tables."""

from __future__ import annotations

import re
from collections.abc import Iterable

from assess.reporting.blocks import Section
from assess.reporting.edition import Edition
from assess.reporting.environments import markdown_environment, render_template
from assess.reporting.view import Report, to_view
from assess.scoring.assessment import Assessment

TEMPLATE = "report.md.j2"
SECTIONS = "sections.md.j2"


def to_markdown(assessment: Assessment, edition: Edition | None = None, report: Report | None = None) -> str:
    """Return the report on an assessment as GitHub-flavoured Markdown; report: its view, where it is made already."""
    edition = edition or Edition()
    report = report or to_view(assessment, edition)
    text = render_template(markdown_environment(edition.templates), TEMPLATE, report=report)
    return spaced(text)


def sections_markdown(sections: Iterable[Section]) -> str:
    """Return sections by themselves as Markdown, for the terminal."""
    return spaced(render_template(markdown_environment(), SECTIONS, sections=tuple(sections)))


def spaced(text: str) -> str:
    """Return text with no more than one empty line between its parts."""
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
