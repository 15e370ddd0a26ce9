"""One report in the form that its file name asks for."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

from assess.documents.errors import UsageError
from assess.documents.writing import write_whole
from assess.scoring.assessment import Assessment

if TYPE_CHECKING:
    from assess.reporting.edition import Edition

SUFFIXES = (".html", ".pdf", ".md", ".csv", ".json")


def check_suffix(suffix: str) -> None:
    """Raise `UsageError` for a suffix that names no form of report."""
    if suffix not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise UsageError(f"'{suffix}' is not a form of report; name a file that ends in {known}")


def to_bytes(assessment: Assessment, suffix: str, edition: Edition | None = None) -> bytes:
    """Return the report in the form that a suffix names. Raises `UsageError` for an unknown suffix."""
    check_suffix(suffix)
    if suffix == ".html":
        from assess.reporting.html import to_html

        return to_html(assessment, edition).encode()
    if suffix == ".pdf":
        from assess.reporting.pdf import to_pdf

        return to_pdf(assessment, edition)
    if suffix == ".md":
        from assess.reporting.markdown import to_markdown

        return to_markdown(assessment, edition).encode()
    if suffix == ".csv":
        from assess.reporting.table import to_csv

        return to_csv(assessment).encode()
    return assessment.to_json().encode()


def to_bytes_together(jobs: Sequence[tuple[Assessment, str, Edition | None]]) -> Iterator[bytes]:
    """Yield several reports in order; each job is what `to_bytes` takes.

    They are made in threads: Typst sets pages without holding Python back, so a second processor is of use.
    """
    with ThreadPoolExecutor(min(len(jobs), os.cpu_count() or 1) or 1) as pool:
        yield from pool.map(lambda job: to_bytes(*job), jobs)


def render(assessment: Assessment, path: str | Path, edition: Edition | None = None) -> None:
    """Write the report whole to a file whose suffix says the form. Raises `UsageError` if it cannot.

    edition: length, looks, earlier assessment and attached documents; the full report as shipped where absent.
    """
    target = Path(path)
    write_whole({target: to_bytes(assessment, target.suffix.lower(), edition)})
