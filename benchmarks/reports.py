"""Reports of one case, in process and warm."""

from __future__ import annotations

from itertools import count

from assess.partnership.loading import load_partnership
from assess.reporting.html import to_html
from assess.reporting.pdf import to_pdf
from assess.rubric.loading import load_rubric
from assess.scoring.assessment import Assessment
from assess.scoring.score import score
from benchmarks.measure import Row, alone


def rows() -> list[Row]:
    """Measure the HTML and the PDF of the largest shipped case.

    Each run has a title of its own: Typst remembers the layout of a document it has seen.
    """
    result = score(load_partnership("nato"), load_rubric("partnership-default"))
    number = count()

    def changed() -> Assessment:
        case = result.partnership.model_copy(update={"title": f"Partnership {next(number)}"})
        return result.model_copy(update={"partnership": case})

    return [
        Row("HTML of one case", alone(lambda: to_html(changed()), 15), None, "at most 50 ms", 0.05),
        Row("PDF of one case", alone(lambda: to_pdf(changed()), 9), None, "at most 500 ms", 0.5),
    ]
