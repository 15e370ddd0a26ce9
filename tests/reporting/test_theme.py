from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from assess.documents.errors import DocumentError
from assess.documents.shipped import shipped_dir
from assess.reporting.theme import (
    DEFAULT_THEME,
    DEFAULTS,
    FONT_STACK,
    Colours,
    Theme,
    check_contrast,
    contrast,
    load_theme,
    luminance,
)

COLOURS = st.from_regex(r"#[0-9a-fA-F]{6}", fullmatch=True)
SHAPES = st.recursive(
    st.none() | st.text() | st.integers() | COLOURS,
    lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["ink", "s0", "paper", "x"]), inner),
)
FONT = b"\x00\x01\x00\x00rest"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><path d="M0 0h2v1z"/></svg>'


def _theme(folder: Path, text: str) -> Path:
    path = folder / "theme.yaml"
    path.write_text(f"schema: assess/theme@1\n{text}")
    return path


def _said(folder: Path, text: str) -> list[str]:
    with pytest.raises(DocumentError) as caught:
        load_theme(_theme(folder, text))
    return [line.replace(f"{folder}/", "DIR/") for line in str(caught.value).splitlines()]


def test_nothing_set_gives_the_defaults() -> None:
    for mode, palette in DEFAULTS.items():
        assert DEFAULT_THEME.palette(mode) == palette
    assert (DEFAULT_THEME.logo_svg, DEFAULT_THEME.font_files, DEFAULT_THEME.paper_size) == (None, (), "a4")


def test_the_defaults_stand_out() -> None:
    everything = {"colours": {**DEFAULTS["light"]}, "dark": {**DEFAULTS["dark"]}}
    assert list(check_contrast(everything)) == []
    assert list(check_contrast({"colours": {**DEFAULTS["print"]}})) == []


def test_the_style_sheet_has_no_colours_that_a_theme_does_not_reach() -> None:
    css = (shipped_dir("templates") / "report.css").read_text()
    for name, value in re.findall(r"--(\w+): (#[0-9a-f]{6})", css):
        assert value in {palette.get(name) for palette in DEFAULTS.values()}


def test_a_full_theme(tmp_path: Path) -> None:
    (tmp_path / "a.ttf").write_bytes(FONT)
    (tmp_path / "b.OTF").write_bytes(b"OTTO")
    (tmp_path / "logo.svg").write_text(LOGO)
    text = """colours: {ink: '#101010', deep: '#5A1020'}
dark: {paper: '#000000'}
font: Ministry Sans
font_files: [a.ttf, b.OTF]
logo: logo.svg
logo_alt: Ministry of Defence
handling: For official use
paper_size: us-letter
"""
    theme = load_theme(_theme(tmp_path, text))
    assert theme.source is not None
    assert theme.palette("light") == {**DEFAULTS["light"], "ink": "#101010", "deep": "#5a1020", "link": "#5a1020"}
    assert theme.palette("print") == {**DEFAULTS["print"], "ink": "#101010", "deep": "#5a1020", "link": "#5a1020"}
    assert theme.palette("dark") == {**DEFAULTS["dark"], "paper": "#000000"}
    assert theme.font_files == (tmp_path / "a.ttf", tmp_path / "b.OTF")
    assert theme.logo_svg == LOGO.replace("/>", "></path>")
    assert (theme.logo_alt, theme.handling) == ("Ministry of Defence", "For official use")
    changed = theme.model_copy(update={"paper_size": "a4"})
    assert changed.logo_svg == theme.logo_svg
    assert '--font: "Ministry\\20 Sans", ' in theme.css()
    assert "@page { size: letter; }" in theme.css()


def test_a_palette_cannot_be_changed() -> None:
    with pytest.raises(TypeError):
        DEFAULT_THEME.palette("light")["ink"] = "#ffffff"  # type: ignore[index]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "colours: {ink: blue}",
            "2:16: colours.ink: not a colour; write # and six hexadecimal digits in quotes, such as "
            "'#174a7c' (found 'blue')",
        ),
        (
            "colours: {ink: '#fff'}",
            "2:16: colours.ink: not a colour; write # and six hexadecimal digits",
        ),
        (
            "colours:\n  ink: #101010",
            "3:3: colours.ink: empty; put the colour in quotes: a bare # begins a comment",
        ),
        ("colours: {paper: '#eeeeee'}", "2:11: colours.paper: unknown key 'paper'; "),
        ("colours: {inc: '#000000'}", "2:11: colours.inc: unknown key 'inc'; did you mean 'ink'?"),
        (
            "colours: {soft: '#999999'}",
            "2:17: colours.soft: soft #999999 on paper #ffffff (light) has a contrast of 2.84; it needs at least 4.5",
        ),
        (
            "colours: {shade: '#777777'}",
            "2:18: colours.shade: soft #55606c on shade #777777 (light) has a contrast of 1.43; it needs at least 4.5",
        ),
        (
            "colours: {mid: '#f0f0f0'}",
            "2:16: colours.mid: mid #f0f0f0 on paper #ffffff (light) has a contrast of 1.13; it needs at least 1.3",
        ),
        ("colours: {tick: '#fefefe'}", "2:17: colours.tick: tick #fefefe on paper #ffffff (light)"),
        ("colours: {s3: '#93b7db'}", "2:15: colours.s3: paper #ffffff on s3 #93b7db (light)"),
        (
            "colours: {s1: '#f8f8ff'}",
            "2:15: colours.s1: the scale s0 to s4 (light) does not get darker with every step; a grey print "
            "could not be read; put the steps in order",
        ),
        ("dark: {ink: '#202020'}", "2:13: dark.ink: ink #202020 on paper #14181d (dark)"),
        ("dark: {paper: '#ffffff'}", "2:15: dark.paper: ink #e4e8ed on paper #ffffff (dark)"),
        ("dark: {s4: '#7fb0df'}", "2:12: dark.s4: the scale s0 to s4 (dark) does not get lighter"),
        (
            "font: 'a; } b {'",
            "2:7: font: not the name of a font; write one family, such as Source Sans 3",
        ),
        ("font: A\nfont_files: [no.ttf]", "3:14: font_files: no such file: DIR/no.ttf; check the path"),
        (
            "font: A\nfont_files: [../a.ttf]",
            "3:14: font_files: ../a.ttf is outside the folder of the theme; copy the file into it",
        ),
        (
            "font: A\nfont_files: [link.ttf]",
            "3:14: font_files: link.ttf is outside the folder of the theme; copy the file into it",
        ),
        (
            "font: A\nfont_files: [theme.yaml]",
            "3:14: font_files: theme.yaml does not end in .ttf or .otf; name a TrueType or OpenType file",
        ),
        (
            "font: A\nfont_files: [fake.ttf]",
            "3:14: font_files: fake.ttf is not a font; name a TrueType or OpenType file",
        ),
        ("font_files: [good.ttf]", "2:13: font_files: there is no font; add 'font' with the name"),
        ("logo: logo.svg", "2:7: logo: there is no logo_alt; add 'logo_alt' with the logo in words"),
        ("logo_alt: A", "2:11: logo_alt: there is no logo; add 'logo', or remove logo_alt"),
        ("logo: no.svg\nlogo_alt: A", "2:7: logo: no such file: DIR/no.svg; check the path"),
        (
            "logo: /etc/passwd\nlogo_alt: A",
            "2:7: logo: /etc/passwd is outside the folder of the theme; copy the file into it",
        ),
        (
            "logo: bad.svg\nlogo_alt: A",
            "2:7: logo: DIR/bad.svg:2: the element <script> is not allowed; export a plain SVG",
        ),
        ("paper_size: a5", "2:13: paper_size: input should be 'a4' or 'us-letter' (found 'a5')"),
        ("handing: x", "2:1: handing: unknown key 'handing'; did you mean 'handling'?"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(tmp_path: Path, text: str, said: str) -> None:
    folder = tmp_path / "own"
    folder.mkdir()
    (tmp_path / "a.ttf").write_bytes(FONT)
    (folder / "link.ttf").symlink_to(tmp_path / "a.ttf")
    (folder / "good.ttf").write_bytes(FONT)
    (folder / "fake.ttf").write_bytes(b"%PDF")
    (folder / "logo.svg").write_text(LOGO)
    (folder / "bad.svg").write_text(LOGO.replace("<path", "\n<script/><path"))
    found = _said(folder, text)
    assert any(line.startswith(f"DIR/theme.yaml:{said}") for line in found), found


def test_all_is_said_in_one_run(tmp_path: Path) -> None:
    found = _said(tmp_path, "colours: {ink: blue, soft: '#999999'}\nfont: A\nfont_files: [no.ttf]\nlogo: no.svg\n")
    assert len(found) == 6  # ink, soft on paper and on shade, the font, the logo, its words


def test_the_theme_of_the_manual_is_good(tmp_path: Path) -> None:
    manual = (Path(__file__).parents[2] / "docs" / "templates.md").read_text()
    for name in ("MinistrySans-Regular.ttf", "MinistrySans-Semibold.ttf"):
        (tmp_path / name).write_bytes(FONT)
    (tmp_path / "crest.svg").write_text(LOGO)
    path = tmp_path / "theme.yaml"
    path.write_text(manual.partition("```yaml\n")[2].partition("```")[0])
    assert load_theme(path).handling == "OFFICIAL"
    assert all(f"`{name}`" in manual for name in Colours.model_fields if not name.startswith("s") or name == "soft")


@given(SHAPES)
def test_the_check_bears_any_shape(anything: object) -> None:
    list(check_contrast({"colours": anything, "dark": anything}))


@given(COLOURS, COLOURS)
def test_contrast_is_between_1_and_21_both_ways(one: str, other: str) -> None:
    assert 1 <= contrast(one, other) == contrast(other, one) <= 21.000001


def test_contrast_by_known_values() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.005)
    assert luminance("#000000") == 0
    assert luminance("#ffffff") == pytest.approx(1)


@given(COLOURS, st.from_regex(r"\w[\w .-]{0,20}", fullmatch=True))
def test_css_holds_nothing_but_properties(colour: str, font: str) -> None:
    try:
        theme = Theme.model_validate({"schema": "assess/theme@1", "colours": {"deep": colour}, "font": font})
    except ValidationError:
        return
    css = theme.css()
    assert f"--deep: {colour.lower()};" in css
    assert "<" not in css
    assert css.count("{") == css.count("}") == 6
    assert css.isascii()


def test_css_of_the_default_theme() -> None:
    light, dark, paper, page = DEFAULT_THEME.css().splitlines()
    assert light.startswith(":root { --paper: #ffffff; --ink: #1b1f24; ")
    assert light.endswith(f"--font: {FONT_STACK}; }}")
    assert dark.startswith("@media screen and (prefers-color-scheme: dark) { :root { --paper: #14181d;")
    assert paper.startswith("@media print { :root { --paper: #ffffff; --ink: #000000;")
    assert page == "@page { size: A4; }"
