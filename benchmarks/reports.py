"""Reports of one case, in process and warm."""

from __future__ import annotations

from assess.partnership.loading import load_partnership
from assess.reporting.html import to_html
from assess.reporting.pdf import to_pdf
from assess.rubric.loading import load_rubric
from assess.scoring.score import score
from benchmarks.measure import Row, alone


def rows() -> list[Row]:
    """Measure the HTML and the PDF of the largest shipped case."""
    result = score(load_partnership("nato"), load_rubric("partnership-default"))
    return [
        Row("HTML of one case", alone(lambda: to_html(result), 15), None, "at most 50 ms", 0.05),
        Row("PDF of one case", alone(lambda: to_pdf(result), 7), None, "at most 500 ms", 0.5),
    ]
