"""The theme document: the colours, font, logo, handling mark and paper of a report. It changes looks, never words.

Colours are checked as they are read: text must stand out from what it is printed on as WCAG 2.2 asks (criterion 1.4.3),
in light and in dark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path as FilePath
from types import MappingProxyType
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from assess.documents.document import Document
from assess.documents.errors import AssessError, Path, Problem
from assess.documents.fields import Record, Text
from assess.documents.source import read_source
from assess.documents.validation import build, items, mapping
from assess.reporting.environments import css_string
from assess.reporting.logo import read_logo

SCHEMA = "assess/theme@1"
Mode = Literal["light", "dark", "print"]

_LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1f24",
    "soft": "#55606c",
    "rule": "#c9d2dc",
    "tick": "#b8c4d1",
    "shade": "#f2f6fa",
    "deep": "#174a7c",
    "mid": "#9dbfdf",
    "alarm": "#a63603",
    "link": "#174a7c",
    "s0": "#eef4fa",
    "s1": "#c9dcee",
    "s2": "#93b7da",
    "s3": "#3f76ad",
    "s4": "#174a7c",
}
_DARK = {
    "paper": "#14181d",
    "ink": "#e4e8ed",
    "soft": "#a7b1bc",
    "rule": "#3a434d",
    "tick": "#46515d",
    "shade": "#1d242b",
    "deep": "#a9cdf0",
    "mid": "#3f6c98",
    "alarm": "#ff9a62",
    "link": "#9cc5ee",
    "s0": "#1e2b38",
    "s1": "#274866",
    "s2": "#33638f",
    "s3": "#7fb0df",
    "s4": "#c3dcf5",
}
DEFAULTS: Mapping[Mode, Mapping[str, str]] = {
    "light": _LIGHT,
    "dark": _DARK,
    "print": _LIGHT | {"ink": "#000000", "soft": "#444c55"},
}
"""The colours where a theme has none of its own. `print` is the page of HTML on paper, in a theme's light colours."""

TEXT_CONTRAST, MARK_CONTRAST = 4.5, 1.3
_PAIRS = (
    *((text, ground, TEXT_CONTRAST) for text in ("ink", "soft", "deep", "alarm") for ground in ("paper", "shade")),
    *((mark, "paper", MARK_CONTRAST) for mark in ("mid", "tick")),
    *(("ink", step, TEXT_CONTRAST) for step in ("s0", "s1", "s2")),
    *(("paper", step, TEXT_CONTRAST) for step in ("s3", "s4")),
)
"""What stands on what, and the contrast it needs. On the scale, text is ink on the first three steps, then paper."""

FONT_STACK = (
    '"Source Sans 3", "Source Sans Pro", system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, '
    "sans-serif"
)
"""The fonts of a page after that of the theme."""
FONT_SUFFIXES = (".ttf", ".otf")
FONT_BEGINNINGS = (b"\x00\x01\x00\x00", b"true", b"OTTO")
"""The first four bytes of a TrueType or OpenType font."""
_PAPER = {"a4": "A4", "us-letter": "letter"}
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}\Z")
_FAMILY = re.compile(r"\w[\w .-]{0,63}\Z")


def _check_colour(value: str) -> str:
    if not _COLOUR.match(value):
        raise ValueError("not a colour; write # and six hexadecimal digits in quotes, such as '#174a7c'")
    return value.lower()


def _check_family(value: str) -> str:
    if not _FAMILY.match(value):
        raise ValueError("not the name of a font; write one family, such as Source Sans 3")
    return value


Colour = Annotated[str, AfterValidator(_check_colour)]


class Colours(Record):
    """Colours on white paper, as '#rrggbb'. The default stands for each that is absent."""

    ink: Annotated[Colour | None, Field(description="text")] = None
    soft: Annotated[Colour | None, Field(description="captions, notes and labels")] = None
    rule: Annotated[Colour | None, Field(description="lines of tables")] = None
    tick: Annotated[Colour | None, Field(description="scales of figures")] = None
    shade: Annotated[Colour | None, Field(description="ground of what is set apart")] = None
    deep: Annotated[Colour | None, Field(description="ratings, links and points of figures")] = None
    mid: Annotated[Colour | None, Field(description="ranges of figures")] = None
    alarm: Annotated[Colour | None, Field(description="red lines")] = None
    s0: Annotated[Colour | None, Field(description="first step of the scale, nearest to the paper; carries ink")] = None
    s1: Annotated[Colour | None, Field(description="second step; carries ink")] = None
    s2: Annotated[Colour | None, Field(description="third step; carries ink")] = None
    s3: Annotated[Colour | None, Field(description="fourth step; carries the colour of the paper")] = None
    s4: Annotated[Colour | None, Field(description="last step; carries the colour of the paper")] = None


class DarkColours(Colours):
    """Colours for screens set to dark."""

    paper: Annotated[Colour | None, Field(description="the ground of the page")] = None


class Theme(Document):
    """How a report looks. Everything may be absent."""

    schema_: Annotated[Literal["assess/theme@1"], Field(alias="schema")]
    colours: Annotated[Colours, Field(description="on white: light screens, print and PDF")] = Field(
        default_factory=Colours
    )
    dark: Annotated[DarkColours, Field(description="on screens set to dark")] = Field(default_factory=DarkColours)
    font: Annotated[
        Annotated[Text, AfterValidator(_check_family)] | None,
        Field(description="font family; first choice of the HTML, and of the PDF where font_files holds it"),
    ] = None
    font_files: Annotated[
        tuple[FilePath, ...],
        Field(description="TTF or OTF files of the font for the PDF, by path from the folder of the theme"),
    ] = ()
    logo: Annotated[FilePath | None, Field(description="SVG file, by path from the folder of the theme")] = None
    logo_alt: Annotated[Text | None, Field(description="the logo in words; required with a logo")] = None
    handling: Annotated[
        Text | None, Field(description="handling mark printed on every page in place of that of the case")
    ] = None
    paper_size: Literal["a4", "us-letter"] = "a4"

    @property
    def logo_svg(self) -> str | None:
        """The logo as safe SVG, or None. Raises `AssessError` as `read_logo` does."""
        return None if self.logo is None else read_logo(self.logo)

    def palette(self, mode: Mode) -> Mapping[str, str]:
        """Return every colour by name, as '#rrggbb', with the defaults filled in."""
        given = self.dark if mode == "dark" else self.colours
        return MappingProxyType(_filled(mode, given.model_dump(exclude_none=True)))

    def css(self) -> str:
        """Return the theme as CSS: custom properties `--ink` and so on, `--font`, and the size of the paper.

        It holds nothing that could end a style sheet, so it may be placed in one as it is.
        """
        stack = f"{css_string(self.font)}, {FONT_STACK}" if self.font else FONT_STACK
        light, dark, paper = (_properties(self.palette(mode)) for mode in ("light", "dark", "print"))
        return (
            f":root {{ {light} --font: {stack}; }}\n"
            f"@media screen and (prefers-color-scheme: dark) {{ :root {{ {dark} }} }}\n"
            f"@media print {{ :root {{ {paper} }} }}\n"
            f"@page {{ size: {_PAPER[self.paper_size]}; }}\n"
        )


DEFAULT_THEME = Theme(schema_=SCHEMA)
"""The looks of a report where no theme is given."""


def load_theme(path: str | FilePath) -> Theme:
    """Return the theme in a file. Its font and logo files are paths that can be opened.

    Raises `DocumentError` with every problem: of the document, of its contrasts, and of the files it names.
    """
    source = read_source(FilePath(path))
    folder = FilePath(path).parent
    theme = build(source, Theme, SCHEMA, [check_empty, check_contrast, partial(check_files, folder)])
    resolved = {
        "font_files": tuple(folder / file for file in theme.font_files),
        "logo": folder / theme.logo if theme.logo is not None else None,
    }
    return theme.model_copy(update=resolved).read_from(source)


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours '#rrggbb', 1 to 21 (WCAG 2.2, "contrast ratio")."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    """Return the relative luminance of a colour '#rrggbb', 0 (black) to 1 (white) (WCAG 2.2)."""
    shares = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def check_empty(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every colour that is empty: without quotes, YAML reads '#174a7c' as a comment."""
    for group in ("colours", "dark"):
        for name, value in mapping(data.get(group)).items():
            if value is None:
                what = f"{group}.{name}: empty"
                yield Problem((group, name), what, "put the colour in quotes: a bare # begins a comment", on_key=True)


def check_contrast(data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every text or mark that does not stand out from its ground, and for a scale out of order."""
    modes: tuple[tuple[Mode, str], ...] = (("light", "colours"), ("dark", "dark"))
    for mode, group in modes:
        known = DarkColours.model_fields if mode == "dark" else Colours.model_fields
        given = {
            name: value
            for name, value in mapping(data.get(group)).items()
            if name in known and isinstance(value, str) and _COLOUR.match(value)
        }
        colours = _filled(mode, given)
        for text, ground, needed in _PAIRS:
            found = contrast(colours[text], colours[ground])
            named = text if text in given else ground
            if found < needed and named in given:
                what = (
                    f"{group}.{named}: {text} {colours[text]} on {ground} {colours[ground]} ({mode}) has a contrast of"
                )
                yield Problem((group, named), f"{what} {int(found * 100) / 100}", f"it needs at least {needed}")
        steps = [luminance(colours[f"s{step}"]) for step in range(5)]
        if steps != sorted(steps, reverse=mode == "light") or len(set(steps)) < len(steps):
            changed = [name for name in given if name in ("s0", "s1", "s2", "s3", "s4")]
            order = "darker" if mode == "light" else "lighter"
            for name in changed[:1]:
                what = f"{group}.{name}: the scale s0 to s4 ({mode}) does not get {order} with every step"
                yield Problem((group, name), what, "a grey print could not be read; put the steps in order")


def check_files(folder: FilePath, data: Mapping[Any, Any]) -> Iterator[Problem]:
    """Yield a problem for every font or logo that is not in the folder of the theme, or not what it should be."""
    for index, name in enumerate(items(data.get("font_files"))):
        if isinstance(name, str):
            yield from _check_font(folder, name, ("font_files", index))
    if items(data.get("font_files")) and data.get("font") is None:
        yield Problem(("font_files",), "font_files: there is no font", "add 'font' with the name of the family")
    logo, alt = data.get("logo"), data.get("logo_alt")
    if logo is None and alt is not None:
        yield Problem(("logo_alt",), "logo_alt: there is no logo", "add 'logo', or remove logo_alt")
    if isinstance(logo, str):
        if alt is None:
            yield Problem(("logo",), "logo: there is no logo_alt", "add 'logo_alt' with the logo in words")
        outside = list(_check_inside(folder, logo, ("logo",), "logo"))
        yield from outside
        if not outside:
            try:
                read_logo(folder / logo)
            except AssessError as error:
                yield Problem(("logo",), f"logo: {error}")


def _check_font(folder: FilePath, name: str, path: Path) -> Iterator[Problem]:
    outside = list(_check_inside(folder, name, path, "font_files"))
    yield from outside
    if outside:
        return
    file = folder / name
    if file.suffix.lower() not in FONT_SUFFIXES:
        yield Problem(path, f"font_files: {name} does not end in .ttf or .otf", "name a TrueType or OpenType file")
        return
    try:
        with file.open("rb") as handle:
            begins = handle.read(4)
    except OSError as error:
        yield Problem(path, f"font_files: {file}: {(error.strerror or '').lower()}", "check the path")
        return
    if begins not in FONT_BEGINNINGS:
        yield Problem(path, f"font_files: {name} is not a font", "name a TrueType or OpenType file")


def _check_inside(folder: FilePath, name: str, path: Path, key: str) -> Iterator[Problem]:
    """Yield a problem for a path that is not of a file in the folder of the theme."""
    try:
        inside = (folder / name).resolve().is_relative_to(folder.resolve())
        known = inside and (folder / name).is_file()
    except (OSError, ValueError, RuntimeError):  # a name too long or with a NUL; links in a circle
        inside, known = True, False
    if not inside:
        yield Problem(path, f"{key}: {name:.80} is outside the folder of the theme", "copy the file into it")
    elif not known:
        yield Problem(path, f"{key}: no such file: {folder / name!s:.200}", "check the path")


def _filled(mode: Mode, given: Mapping[str, str]) -> dict[str, str]:
    """Return the colours of a mode with the defaults filled in; links take the deep colour where it is given."""
    own = {"link": given["deep"]} if "deep" in given else {}
    return {**DEFAULTS[mode], **own, **{name: value.lower() for name, value in given.items()}}


def _properties(palette: Mapping[str, str]) -> str:
    return " ".join(f"--{name}: {colour};" for name, colour in palette.items())
