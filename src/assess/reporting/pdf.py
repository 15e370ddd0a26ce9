"""The report as PDF/A-2a and PDF/UA-1, set by Typst. Two runs give the same bytes."""

from __future__ import annotations

import shutil
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assess.reporting.charts import to_svg
from assess.reporting.environments import typst_environment, typst_string
from assess.reporting.view import Report, to_view
from assess.scoring.assessment import Assessment

STANDARDS = ("a-2a", "ua-1")
STYLES = ("Regular", "It", "Semibold", "SemiboldIt")
FAMILIES = ("Source Sans Pro", "DejaVu Sans Mono", "Libertinus Serif")
"""The sans of the report, then what Typst brings along for letters that it lacks."""
LAST_COMMON = 0x17F
"""Last letter of Latin Extended-A; the sans has every printable character up to here."""


def to_pdf(assessment: Assessment) -> bytes:
    """Return the report on an assessment as a tagged, archivable PDF, dated by its as-of date.

    A character that no font can draw, such as an emoji, is shown as U+FFFD.
    """
    return _compile(_source(to_view(assessment)))


def _source(report: Report) -> str:
    template = typst_environment().get_template("report.typ.j2")
    source = template.render(report=report, profile_svg=to_svg(report.profile.chart), families=FAMILIES)
    unusual = "".join(sorted(character for character in set(source) if ord(character) > LAST_COMMON))
    for character in missing_glyphs(unusual):
        source = source.replace(character, "\ufffd")
    return source


def _compile(source: str) -> bytes:
    compiler, empty = _compiler()
    pdf: bytes = compiler.compile(source.encode(), root=empty.name, format="pdf", pdf_standards=list(STANDARDS))
    return pdf


@cache
def _compiler() -> tuple[Any, TemporaryDirectory[str]]:
    """Return the compiler and the folder it may read, which holds the four fonts and nothing else.

    The package of the fonts has each face twice, as TTF and as OTF; naming four files makes the choice ours.
    """
    import font_source_sans_pro
    import typst

    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="assess-")
    fonts = Path(font_source_sans_pro.__file__).parent / "files"
    for style in STYLES:
        shutil.copyfile(fonts / f"SourceSansPro-{style}.ttf", Path(folder.name) / f"{style}.ttf")
    compiler = typst.Compiler(b"", root=folder.name, font_paths=[folder.name], ignore_system_fonts=True)  # type: ignore[misc]
    return compiler, folder


@lru_cache(maxsize=1024)
def missing_glyphs(characters: str) -> tuple[str, ...]:
    """Return those of the given characters that the fonts of the report cannot draw, found by halving."""
    if not characters or _drawable(characters):
        return ()
    if len(characters) == 1:
        return (characters,)
    middle = len(characters) // 2
    return missing_glyphs(characters[:middle]) + missing_glyphs(characters[middle:])


def _drawable(characters: str) -> bool:
    import typst

    families = ", ".join(typst_string(name) for name in FAMILIES)
    source = (
        '#set document(title: "glyphs", date: datetime(year: 2000, month: 1, day: 1))\n'
        f"#set text(font: ({families}))\n" + "\n".join(f"#{typst_string(c)}" for c in characters)
    )
    try:
        _compile(source)
    except typst.TypstError:
        return False
    return True
