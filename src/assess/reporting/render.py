"""One report in the form that its file name asks for."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from assess.documents.errors import UsageError
from assess.documents.writing import write_whole
from assess.scoring.assessment import Assessment

if TYPE_CHECKING:
    from assess.reporting.edition import Edition
    from assess.reporting.view import Report

SUFFIXES = (".html", ".pdf", ".md", ".csv", ".json")
VIEWED = (".html", ".pdf", ".md")
"""Forms that place the one view model; the others write the Assessment itself."""


def check_suffix(suffix: str) -> None:
    """Raise `UsageError` for a suffix that names no form of report."""
    if suffix not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise UsageError(f"'{suffix}' is not a form of report; name a file that ends in {known}")


def to_bytes(
    assessment: Assessment, suffix: str, edition: Edition | None = None, report: Report | None = None
) -> bytes:
    """Return the report in the form that a suffix names. Raises `UsageError` for an unknown suffix.

    report: the view of this edition, where another form has made it already.
    """
    check_suffix(suffix)
    if suffix == ".html":
        from assess.reporting.html import to_html

        return to_html(assessment, edition, report).encode()
    if suffix == ".pdf":
        from assess.reporting.pdf import to_pdf

        return to_pdf(assessment, edition, report)
    if suffix == ".md":
        from assess.reporting.markdown import to_markdown

        return to_markdown(assessment, edition, report).encode()
    if suffix == ".csv":
        from assess.reporting.table import to_csv

        return to_csv(assessment).encode()
    return assessment.to_json().encode()


def to_bytes_together(jobs: Sequence[tuple[Assessment, str, Edition | None]]) -> Iterator[bytes]:
    """Yield several reports in order; each job is what `to_bytes` takes. Forms of one edition share its view.

    They are made in threads: Typst sets pages without holding Python back, so a second processor is of use.
    """
    from assess.reporting.view import to_view

    views: dict[tuple[int, int], Report] = {}
    making: defaultdict[tuple[int, int], Lock] = defaultdict(Lock)

    def made(job: tuple[Assessment, str, Edition | None]) -> bytes:
        assessment, suffix, edition = job
        if suffix not in VIEWED:
            return to_bytes(assessment, suffix, edition)
        same = (id(assessment), id(edition))
        with making[same]:
            report = views[same] = views.get(same) or to_view(assessment, edition)
        return to_bytes(assessment, suffix, edition, report)

    with ThreadPoolExecutor(min(len(jobs), os.cpu_count() or 1) or 1) as pool:
        yield from pool.map(made, jobs)


def render(assessment: Assessment, path: str | Path, edition: Edition | None = None) -> None:
    """Write the report whole to a file whose suffix says the form. Raises `UsageError` if it cannot.

    edition: length, looks, earlier assessment and attached documents; the full report as shipped where absent.
    """
    target = Path(path)
    write_whole({target: to_bytes(assessment, target.suffix.lower(), edition)})
