"""The report as PDF/A-3a and PDF/UA-1, set by Typst, with its data inside. Two runs give the same bytes."""

from __future__ import annotations

import shutil
import threading
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from assess.documents.errors import AssessError
from assess.reporting.charts import to_svg
from assess.reporting.edition import Edition
from assess.reporting.environments import render_template, typst_environment, typst_string
from assess.reporting.pdflinks import lead
from assess.reporting.reading import DATA
from assess.reporting.view import Report, to_view
from assess.scoring.assessment import Assessment

if TYPE_CHECKING:
    from assess.reporting.paper import Paper

TEMPLATE = "report.typ.j2"
STANDARDS = ("a-3a", "ua-1")
STYLES = ("Regular", "It", "Semibold", "SemiboldIt")
FAMILIES = ("Source Sans Pro", "DejaVu Sans Mono", "Libertinus Serif")
"""The sans of the report, then what Typst brings along for letters that it lacks."""
_MAKING = threading.Lock()
_THREAD = threading.local()
LAST_COMMON = 0x17F
"""Last letter of Latin Extended-A; the sans has every printable character up to here."""


def to_pdf(assessment: Assessment, edition: Edition | None = None, report: Report | None = None) -> bytes:
    """Return the report on an assessment as a tagged, archivable PDF, dated by its as-of date.

    The Assessment as JSON and the documents of the edition are attached. A character that no font can draw, such as
    an emoji, is shown as U+FFFD. report: its view, where another form has made it already. Raises `AssessError` when a
    template of the user's own fails.
    """
    edition = edition or Edition()
    attached = {DATA: assessment.to_json()}
    attached |= {name: content.decode("utf-8", "replace") for name, content in sorted(edition.documents.items())}
    return to_pages(report or to_view(assessment, edition), edition, attached)


def to_pages(report: Report | Paper, edition: Edition, attached: Mapping[str, str], template: str = TEMPLATE) -> bytes:
    """Return a view as PDF with these texts attached, by file name; the first is the data it was made from."""
    source = _source(report, edition, attached, template)
    fonts = [Path(font) for font in edition.theme.font_files]
    return lead(_set(source, report.date, attached, fonts, edition.templates))


def _set(
    source: str, date: tuple[int, int, int], attached: Mapping[str, str], fonts: Sequence[Path], own: Path | None
) -> bytes:
    """Return the PDF of a source. Where Typst refuses it, try once more without marks that fonts cannot combine."""
    from typst import TypstError

    plain = "".join("\ufffd" if unicodedata.combining(character) else character for character in source)
    refused = ""
    for tried in (source, plain) if own is None and plain != source else (source,):
        try:
            return _compile(tried, date, attached, fonts)
        except TypstError as error:
            refused = refused or error.message
    where = own / TEMPLATE if own is not None else TEMPLATE
    raise AssessError(f"{where}: Typst refuses what it makes: {refused}")


def _source(report: Report | Paper, edition: Edition, attached: Mapping[str, str], template: str) -> str:
    theme = edition.theme
    palette = theme.palette("light")
    source = render_template(
        typst_environment(edition.templates),
        template,
        report=report,
        svg=lambda chart: to_svg(chart, palette),
        palette=palette,
        families=(theme.font, *FAMILIES) if theme.font is not None and theme.font_files else FAMILIES,
        paper=theme.paper_size,
        logo=edition.logo(),
        logo_alt=theme.logo_alt,
        attachments=[(name, *_kind(name)) for name in attached],
    )
    unusual = "".join(sorted(character for character in set(source) if ord(character) > LAST_COMMON))
    for character in missing_glyphs(unusual):
        source = source.replace(character, "\ufffd")
    return source


def _kind(name: str) -> tuple[str, str]:
    """Return the media type and the description of an attachment."""
    if name == DATA:
        return "application/json", "The Assessment, from which this report was made"
    if name.endswith(".json"):
        return "application/json", "The data from which this document was made"
    return "application/yaml", "A document from which the Assessment was made"


def _compile(source: str, date: tuple[int, int, int], attached: Mapping[str, str], fonts: Sequence[Path] = ()) -> bytes:
    compiler, folder = _compiler(tuple(fonts))
    pdf: bytes = compiler.compile(
        source.encode(),
        root=folder.name,
        format="pdf",
        pdf_standards=list(STANDARDS),
        sys_inputs=dict(attached),
        timestamp=datetime(*date, tzinfo=UTC),
    )
    return pdf


def _compiler(fonts: tuple[Path, ...] = ()) -> tuple[Any, TemporaryDirectory[str]]:
    """Return a compiler of this thread's own, and the folder it may read, which holds the fonts and nothing else."""
    import typst

    with _MAKING:  # a second thread would make a second folder, and one of them would be taken away while in use
        folder = _fonts(fonts)
    own: dict[str, Any] = _THREAD.__dict__
    if folder.name not in own:
        own[folder.name] = typst.Compiler(b"", root=folder.name, font_paths=[folder.name], ignore_system_fonts=True)  # type: ignore[misc]
    return own[folder.name], folder


@cache
def _fonts(fonts: tuple[Path, ...]) -> TemporaryDirectory[str]:
    """Return a folder with the four fonts of the report and those of a theme.

    The package of the fonts has each face twice, as TTF and as OTF; naming four files makes the choice ours.
    """
    import font_source_sans_pro

    folder: TemporaryDirectory[str] = TemporaryDirectory(prefix="assess-")
    shipped = Path(font_source_sans_pro.__file__).parent / "files"
    for style in STYLES:
        shutil.copyfile(shipped / f"SourceSansPro-{style}.ttf", Path(folder.name) / f"{style}.ttf")
    for index, font in enumerate(fonts):
        shutil.copyfile(font, Path(folder.name) / f"own-{index}{font.suffix}")
    return folder


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
        _compile(source, (2000, 1, 1), {})
    except typst.TypstError:
        return False
    return True
