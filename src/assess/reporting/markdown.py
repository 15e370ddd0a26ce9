"""The report as Markdown: the same texts in plain tables."""

from __future__ import annotations

from assess.reporting.environments import markdown_environment
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment


def to_markdown(assessment: Assessment) -> str:
    """Return the report on an assessment as GitHub-flavoured Markdown."""
    return markdown_environment().get_template("report.md.j2").render(report=to_view(assessment))
