"""Reports of shipped cases and of a very large one, in process and warm."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from dataclasses import replace
from functools import cache
from itertools import count
from types import ModuleType
from typing import Any
from unittest.mock import patch

from jinja2 import Template

from assess.documents.shipped import shipped_ids
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.reporting import charts, html, pdf
from assess.reporting.edition import Edition
from assess.reporting.html import to_html
from assess.reporting.pdf import to_pdf
from assess.reporting.reading import DATA
from assess.reporting.render import to_bytes_together
from assess.rubric.loading import load_rubric
from assess.scoring.assessment import Assessment
from assess.scoring.score import score
from benchmarks.measure import Row, alone, together

PARTIES, SOURCES, CLAUSES = 40, 200, 300
"""Size of the large case."""

Filling = tuple[Template, dict[str, Any]]

_titles = count()


def rows() -> list[Row]:
    """Measure one case, the four shipped ones together as `assess report` makes them, and the large case.

    Each run has titles of its own: Typst remembers the layout of a document it has seen.
    """
    rubric = load_rubric("partnership-default")
    cases = [score(load_partnership(case), rubric) for case in shipped_ids("partnerships")]
    one = next(case for case in cases if case.partnership.id == "nato")
    large = score(large_case(), rubric)
    four, bare = together(lambda: _four(map(fresh, cases)), _bare(cases), 5)
    return [
        Row("HTML of one case", alone(lambda: to_html(fresh(one)), 15), None, "at most 50 ms", 0.05),
        Row("PDF of one case", alone(lambda: to_pdf(fresh(one)), 9), None, "at most 500 ms", 0.5),
        Row("four cases, HTML and PDF", four, None, "at most 2 s", 2.0),
        Row("the same against Jinja and Typst alone", four, bare, "at most 1.5 x bare", 1.5),
        Row("PDF of a large case", alone(lambda: to_pdf(fresh(large)), 3), None, "at most 2 s", 2.0),
    ]


def fresh(assessment: Assessment) -> Assessment:
    """Return the assessment under a title that no run before has had, and forget the charts that were drawn."""
    charts._drawing.cache_clear()
    case = assessment.partnership.model_copy(update={"title": f"Partnership {next(_titles)}"})
    return assessment.model_copy(update={"partnership": case})


@cache
def large_case() -> Partnership:
    """Return a case as large as any that exists: a shipped one, filled up with parties, sources and clauses."""
    data: dict[str, Any] = load_partnership("nato").model_dump(mode="json", exclude_none=True, by_alias=True)
    parties, sources = data["parties"], data["evidence"]
    for number in range(PARTIES - len(parties)):
        parties.append({"id": f"X{number:02}", "name": f"Additional member number {number}", "kind": "organisation"})
    for number in range(SOURCES - len(sources)):
        entry = deepcopy(sources[number])
        sources.append(entry | {"id": f"X{number:03}", "fact": f"Entry {number}. {entry['fact']}"})
    missing = CLAUSES - sum(len(instrument["clauses"]) for instrument in data["instruments"])
    clauses = [
        {
            "id": f"X-{number}",
            "article": f"Article {number}",
            "obligation": f"Obligation {number}: each party tells the others what it does and what it cannot do.",
            "duty_holder": parties[number % PARTIES]["name"],
            "status": "binding",
            "evidence": [sources[number % SOURCES]["id"]],
        }
        for number in range(missing)
    ]
    whole = {"id": "X", "title": "A very long agreement", "form": "treaty", "status": "binding", "clauses": clauses}
    data["instruments"].append(whole)
    return Partnership.model_validate(data)


def _four(cases: Iterable[Assessment]) -> list[bytes]:
    return list(to_bytes_together([(case, suffix, Edition()) for case in cases for suffix in (".html", ".pdf")]))


def _bare(cases: Iterable[Assessment]) -> Callable[[], object]:
    """Return a function that fills the same templates and sets the same pages, with views and charts made before."""
    jobs: list[tuple[Filling, dict[str, str] | None]] = []
    for case in cases:
        jobs += [(_recorded(html, case), None), (_recorded(pdf, case), {DATA: case.to_json()})]

    def one(job: tuple[Filling, dict[str, str] | None]) -> int:
        (template, values), attached = job
        report = replace(values["report"], title=f"Partnership {next(_titles)}")
        made = template.render(values | {"report": report})
        return len(made if attached is None else pdf._compile(made, report.date, attached))

    def run() -> list[int]:
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(one, jobs))

    return run


def _recorded(form: ModuleType, case: Assessment) -> Filling:
    """Return the template of a form with all that the report on a case gives it, each chart drawn once."""
    with patch.object(form, "render_template", wraps=form.render_template) as filling:
        (to_html if form is html else to_pdf)(case)
    environment, name = filling.call_args.args
    values = dict(filling.call_args.kwargs)
    return environment.get_template(name), values | {"svg": cache(values["svg"])}
