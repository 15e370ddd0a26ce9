"""A document of sections that is no report on a case: the same blocks, templates and looks."""

from __future__ import annotations

from dataclasses import dataclass

from assess.documents.errors import UsageError
from assess.reporting.blocks import Block, Section
from assess.reporting.edition import Edition

SUFFIXES = (".html", ".pdf", ".md", ".json")


@dataclass(frozen=True, slots=True)
class Paper:
    """Everything such a document shows, in reading order."""

    title: str
    handling: str
    facts: tuple[tuple[str, str], ...]
    date: tuple[int, int, int]
    """Year, month and day that the PDF is dated by."""
    foot: str
    summary: tuple[Block, ...]
    """The bottom line, before the sections."""
    sections: tuple[Section, ...]
    data: tuple[str, str]
    """Name and text of the JSON it was made from; the PDF carries it."""


def check_suffix(suffix: str) -> None:
    """Raise `UsageError` for a suffix that names no form of such a document."""
    if suffix not in SUFFIXES:
        known = f"{', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}"
        raise UsageError(f"'{suffix}' is not a form of this document; name a file that ends in {known}")


def to_bytes(paper: Paper, suffix: str) -> bytes:
    """Return the document in the form that a suffix names. Raises `UsageError` for an unknown suffix."""
    check_suffix(suffix)
    edition = Edition()
    if suffix == ".html":
        from assess.reporting.html import to_page

        return to_page(paper, edition, "paper.html.j2").encode()
    if suffix == ".pdf":
        from assess.reporting.pdf import to_pages

        return to_pages(paper, edition, dict((paper.data,)), "paper.typ.j2")
    if suffix == ".md":
        from assess.reporting.environments import markdown_environment, render_template
        from assess.reporting.markdown import spaced

        return spaced(render_template(markdown_environment(), "paper.md.j2", report=paper)).encode()
    return paper.data[1].encode()
