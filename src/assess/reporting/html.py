"""The report as one HTML file: no scripts, no network, nothing beside it."""

from __future__ import annotations

from assess.reporting.charts import to_svg
from assess.reporting.environments import html_environment
from assess.reporting.view import to_view
from assess.scoring.assessment import Assessment


def to_html(assessment: Assessment) -> str:
    """Return the report on an assessment as a self-contained HTML document."""
    report = to_view(assessment)
    template = html_environment().get_template("report.html.j2")
    return template.render(report=report, profile_svg=to_svg(report.profile.chart))
