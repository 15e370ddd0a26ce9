"""The report as Markdown: the same texts in plain tables."""

from __future__ import annotations

import re

from assess.reporting.edition import Edition
from assess.reporting.environments import markdown_environment, render_template
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment

TEMPLATE = "report.md.j2"


def to_markdown(assessment: Assessment, edition: Edition | None = None) -> str:
    """Return the report on an assessment as GitHub-flavoured Markdown."""
    edition = edition or Edition()
    text = render_template(markdown_environment(edition.templates), TEMPLATE, report=to_view(assessment, edition))
    return re.sub(r"\n{3,}", "\n\n", text).strip() + "\n"
