"""The report as one HTML file: one small script that it can do without, no network, nothing beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markupsafe import Markup

from assess.reporting.charts import to_svg
from assess.reporting.edition import Edition
from assess.reporting.environments import html_environment, render_template
from assess.reporting.page import shipped_script
from assess.reporting.view import Report, to_view
from assess.scoring.assessment import Assessment

if TYPE_CHECKING:
    from assess.reporting.paper import Paper

TEMPLATE = "report.html.j2"


def to_html(assessment: Assessment, edition: Edition | None = None, report: Report | None = None) -> str:
    """Return the report on an assessment as a self-contained HTML document.

    report: its view, where another form has made it already.
    Raises `AssessError` when a template of the user's own fails, or would make the page fetch or run something.
    """
    edition = edition or Edition()
    return to_page(report or to_view(assessment, edition), edition)


def to_page(report: Report | Paper, edition: Edition, template: str = TEMPLATE) -> str:
    """Return a view as a self-contained HTML document. Raises `AssessError` as `to_html` does."""
    theme = edition.theme
    script, policy = shipped_script()
    palette = theme.palette("light")
    logo = edition.logo()
    return render_template(
        html_environment(edition.templates),
        template,
        report=report,
        svg=lambda chart: to_svg(chart, palette),
        theme_css=Markup(theme.css()),
        logo=None if logo is None else Markup(logo),
        logo_alt=theme.logo_alt,
        script=Markup(script),
        policy=Markup(policy),
    )
