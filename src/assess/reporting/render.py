"""One report in the form that its file name asks for."""

from __future__ import annotations

from pathlib import Path

from assess.documents.errors import UsageError
from assess.documents.writing import write_whole
from assess.scoring.assessment import Assessment

SUFFIXES = (".html", ".pdf", ".md", ".json")


def check_suffix(suffix: str) -> None:
    """Raise `UsageError` for a suffix that names no form of report."""
    if suffix not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise UsageError(f"'{suffix}' is not a form of report; name a file that ends in {known}")


def to_bytes(assessment: Assessment, suffix: str) -> bytes:
    """Return the report in the form that a suffix names. Raises `UsageError` for an unknown suffix."""
    check_suffix(suffix)
    if suffix == ".html":
        from assess.reporting.html import to_html

        return to_html(assessment).encode()
    if suffix == ".pdf":
        from assess.reporting.pdf import to_pdf

        return to_pdf(assessment)
    if suffix == ".md":
        from assess.reporting.markdown import to_markdown

        return to_markdown(assessment).encode()
    return assessment.to_json().encode()


def render(assessment: Assessment, path: str | Path) -> None:
    """Write the report whole to a file whose suffix says the form. Raises `UsageError` if it cannot."""
    target = Path(path)
    write_whole({target: to_bytes(assessment, target.suffix.lower())})
