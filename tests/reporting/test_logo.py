from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from assess.documents.errors import AssessError
from assess.reporting.logo import MAX_BYTES, MAX_DRAWN, read_logo
from assess.reporting.page import POLICY, check_page

SVG = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"'


def _read(folder: Path, inside: str, root: str = 'viewBox="0 0 10 10"') -> str:
    path = folder / "logo.svg"
    path.write_text(f"<svg {SVG} {root}>\n{inside}\n</svg>")
    return read_logo(path)


def _refused(folder: Path, text: str | bytes) -> str:
    path = folder / "logo.svg"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(AssessError) as caught:
        read_logo(path)
    return str(caught.value).replace(f"{folder}/", "DIR/")


def test_a_drawing_is_written_anew_with_ids_of_its_own(tmp_path: Path) -> None:
    inside = (
        "<title>A &amp; B</title><!-- gone -->"
        + '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient>'
        + '<rect id="a" width="3" height="3"/><clipPath id="b"><use xlink:href="#a"/></clipPath></defs>'
        + '<g class="rating" data-name="x" clip-path="url(#b)" fill="red" style="fill: url(\'#g\'); opacity: .5">'
        + "<text>a&lt;b</text></g>"
    )
    root = 'id="red-lines" x="9" width="4" style="fill:red" transform="scale(99)" viewBox="0 0 10 10" version="1.1"'
    assert _read(tmp_path, inside, root) == (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 10" fill="red"><title>A &amp; B</title>'
        '<defs><linearGradient id="logo-g"><stop offset="0" stop-color="#fff"></stop></linearGradient>'
        '<rect id="logo-a" width="3" height="3"></rect><clipPath id="logo-b"><use href="#logo-a"></use></clipPath>'
        "</defs>"
        '<g clip-path="url(#logo-b)" fill="url(#logo-g)" opacity=".5"><text>a&lt;b</text></g></svg>'
    )


def test_a_size_becomes_a_view_box(tmp_path: Path) -> None:
    assert 'viewBox="0 0 30 12.5"' in _read(tmp_path, "", 'width="30px" height="12.5"')


def test_a_logo_goes_into_a_page_and_into_a_pdf(tmp_path: Path) -> None:
    logo = _read(tmp_path, '<defs><path id="p" d="M0 0h9v9z"/></defs><use href="#p" fill="#123456"/>')
    meta = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    check_page(f"<html><head>{meta}</head><body>{logo}</body></html>", "x")
    escaped = logo.replace("\\", "\\\\").replace('"', '\\"')
    assert typst.compile(f'#image(bytes("{escaped}"), format: "svg", height: 9mm)'.encode()).startswith(b"%PDF")


@pytest.mark.parametrize(
    ("inside", "said"),
    [
        ("<script>x</script>", "the element <script> is not allowed; export a plain SVG that only draws"),
        ("<style>* {}</style>", "the element <style> is not allowed; export a plain SVG that only draws"),
        ("<foreignObject/>", "the element <foreignObject> is not allowed; export a plain SVG that only draws"),
        ("<a href='#x'/>", "the element <a> is not allowed; export a plain SVG that only draws"),
        ("<image href='x.png'/>", "the element <image> is not allowed; export a plain SVG that only draws"),
        ("<animate/>", "the element <animate> is not allowed; export a plain SVG that only draws"),
        ("<svg/>", "an <svg> inside another is not allowed; use <g>"),
        (
            "<p xmlns='http://www.w3.org/1999/xhtml'/>",
            "the element <p> of 'http://www.w3.org/1999/xhtml' is not allowed; export a plain SVG that only draws",
        ),
        ("<use href='x.svg#a'/>", "href='x.svg#a' of <use> leads out of the file; refer to an #id in it"),
        ("<use xlink:href='http://x'/>", "href='http://x' of <use> leads out of the file; refer to an #id in it"),
        ("<use href='data:x'/>", "href='data:x' of <use> leads out of the file; refer to an #id in it"),
        ("<use href='#no'/>", "'#no' is not in the file; correct the reference"),
        ("<rect onload='x()'/>", "the attribute or style 'onload' is not allowed; export a plain SVG that only draws"),
        ("<rect xml:base='http://x' filter='url(#a)'/>", "the attribute or style 'filter' is not allowed;"),
        ("<rect style='position: fixed'/>", "the attribute or style 'position' is not allowed;"),
        ("<rect xmlns:z='urn:z' z:fill='red'/>", "the attribute or style 'urn:z fill' is not allowed;"),
        ("<rect fill='url(http://x)'/>", "fill='url(http://x)' is not allowed; use plain values, and url(#id)"),
        ("<rect fill='url(x.svg#a)'/>", "fill='url(x.svg#a)' is not allowed;"),
        ("<rect style='fill: URL(http://x)'/>", "fill='URL(http://x)' is not allowed;"),
        ("<rect style='fill: u\\72l(http://x)'/>", "is not allowed;"),
        ("<rect mask='image-set(\"http://x\" 1x)'/>", "is not allowed;"),
        ("<rect fill='@import'/>", "fill='@import' is not allowed;"),
        ("<rect fill='var(--ink)'/>", "fill='var(--ink)' is not allowed;"),
        ("<rect id='a'/><rect id='a'/>", "the id 'a' stands twice; rename one of them"),
        ("<rect id='a b'/>", "the id 'a b' is not allowed; use letters, digits, - and _"),
        ("<g id='a'><use href='#a'/></g>", "'#a' refers to itself, or too far; break the circle"),
        (
            "<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>",
            "refers to itself, or too far; break the circle",
        ),
        ("<?xml-stylesheet href='x'?>", "the processing instruction <?xml-stylesheet> is not allowed; remove it"),
        ("<g>" * 40 + "</g>" * 40, "elements are nested deeper than 40; simplify the drawing"),
        ("<rect>", "not well-formed XML: mismatched tag; save the file anew as SVG"),
        ("&nbsp;", "not well-formed XML: undefined entity; save the file anew as SVG"),
    ],
)
def test_what_does_more_than_draw_is_refused_with_its_line(tmp_path: Path, inside: str, said: str) -> None:
    found = _refused(tmp_path, f'<svg {SVG} viewBox="0 0 10 10">\n{inside}\n</svg>')
    assert found.startswith(("DIR/logo.svg:2: ", "DIR/logo.svg:3: not well-formed"))
    assert said in found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>\n<svg/>", "DIR/logo.svg:1: a document type is not allowed;"),
        ("<html/>", "DIR/logo.svg:1: the root is <html>, not <svg>; name an SVG file"),
        ("<svg/>", "DIR/logo.svg:1: the element <svg> of '' is not allowed;"),
        (f"<svg {SVG}/>", "DIR/logo.svg:1: the drawing has no size; give <svg> a viewBox, or a width and a height"),
        (f"<svg {SVG} viewBox='0 0 0 9'/>", "DIR/logo.svg:1: the view box '0 0 0 9' is not four numbers"),
        (f"<svg {SVG} viewBox='wide'/>", "DIR/logo.svg:1: the view box 'wide' is not four numbers"),
        ("", "DIR/logo.svg:1: not well-formed XML: no element found;"),
        (b"\x89PNG\r\n", "DIR/logo.svg:1: not well-formed XML:"),
        (b" " * (MAX_BYTES + 1), "DIR/logo.svg:1: the file is over 256 KiB; simplify the drawing"),
    ],
)
def test_what_is_not_a_drawing_is_refused(tmp_path: Path, text: str | bytes, said: str) -> None:
    assert _refused(tmp_path, text).startswith(said)


def _use(level: int) -> str:
    return f"<use href='#l{level - 1}'/>"


def test_references_that_multiply_are_refused(tmp_path: Path) -> None:
    levels = "".join(f"<g id='l{n}'>{_use(n) * 10 if n else '<rect/>'}</g>" for n in range(9))
    found = _refused(tmp_path, f'<svg {SVG} viewBox="0 0 10 10">\n{levels}\n</svg>')
    assert found == f"DIR/logo.svg:2: references make it over {MAX_DRAWN:,} elements; simplify the drawing"


def test_a_long_chain_of_references_is_refused(tmp_path: Path) -> None:
    chain = "".join(f"<g id='l{n}'>{_use(n) if n else ''}</g>" for n in reversed(range(3000)))
    assert "or too far" in _refused(tmp_path, f'<svg {SVG} viewBox="0 0 10 10">\n{chain}\n</svg>')


def test_a_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(AssessError, match=r"no\.svg: no such file; check the path"):
        read_logo(tmp_path / "no.svg")
    with pytest.raises(AssessError, match="no such file"):
        read_logo(tmp_path)


ALPHABET = st.text(st.characters(blacklist_categories=["Cs", "Cc"], blacklist_characters="\ufffe\uffff"))


@given(text=ALPHABET, value=ALPHABET)
def test_whatever_passes_is_well_formed_and_holds_no_more(
    tmp_path_factory: pytest.TempPathFactory, text: str, value: str
) -> None:
    from xml.sax.saxutils import escape, quoteattr

    folder = tmp_path_factory.mktemp("logo")
    try:
        made = _read(folder, f"<text fill={quoteattr(value)}>{escape(text)}</text>")
    except AssessError:
        return
    tree = ElementTree.fromstring(made)
    assert [element.tag.rpartition("}")[2] for element in tree.iter()] == ["svg", "text"]
    assert list(tree[0].attrib) == ["fill"]
