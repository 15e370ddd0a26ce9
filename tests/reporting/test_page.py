from __future__ import annotations

import html
import re
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.reporting.conftest import CASES, shipped

from assess.documents.errors import AssessError
from assess.reporting.environments import css_string
from assess.reporting.html import to_html
from assess.reporting.page import POLICY, check_page, shipped_script

META = f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'


def _page(body: str = "", head: str = "", meta: str = META) -> str:
    return f"<!DOCTYPE html>\n<html><head>{meta}{head}</head>\n<body>{body}</body></html>"


def _said(page: str) -> str:
    with pytest.raises(AssessError) as caught:
        check_page(page, "DIR/x")
    return str(caught.value)


@cache
def _report() -> str:
    return to_html(shipped(CASES[0]))


def test_the_shipped_report_passes() -> None:
    check_page(_report(), "x")


@pytest.mark.parametrize(
    "body",
    [
        "<p title='url(http://x.org)' aria-label='@import'>text &lt;script&gt; 1 < 2</p>",
        "<a href='#place'>in the page</a><img alt='' src='data:image/png;base64,AA=='>",
        "<svg><rect fill='url(#a)' style='fill: url(#b)'/><use href='#a'/></svg>",
        "<style>p { background: url(data:image/png;base64,AA==) } /* @import */ a { content: '@import' }</style>",
        "<!-- a remark -->",
        f"<script>{shipped_script()[0]}</script>",
    ],
)
def test_what_only_shows_something_passes(body: str) -> None:
    check_page(_page(body), "x")
    check_page(_page(body, meta=META.replace(POLICY, shipped_script()[1])), "x")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<script>alert(1)</script>", "a <script> that is not ours; remove it"),
        ("<SCRIPT src='x.js'></SCRIPT>", "the attribute src of <script>; remove it"),
        ("<script/>", "a <script> that is not ours; remove it"),
        (f"<script>{shipped_script()[0]}//</script>", "a <script> that is not ours; remove it"),
        (f"<script async>{shipped_script()[0]}</script>", "the attribute async of <script>; remove it"),
        ("<script>alert(1)", "a script that does not end; close it"),
        ("<iframe></iframe>", "the element <iframe>; remove it"),
        ("<link rel=stylesheet>", "the element <link>; remove it"),
        ("<base target=_top>", "the element <base>; remove it"),
        ("<form></form>", "the element <form>; remove it"),
        ("<svg><foreignObject/></svg>", "the element <foreignobject>; remove it"),
        ("<meta http-equiv=refresh content='0; url=http://x'>", "the attribute http-equiv of <meta>; remove it"),
        ("<img src='http://x/a.png'>", "src='http://x/a.png' of <img>; link inside the page only"),
        ("<img src='//x/a.png'>", "src='//x/a.png' of <img>"),
        ("<img srcset='a.png'>", "the attribute srcset of <img>; remove it"),
        ("<a href='https://x.org'>", "href='https://x.org' of <a>"),
        ("<a href=' javascript:alert(1)'>", "href=' javascript:alert(1)' of <a>"),
        ("<a href='data:image/svg+xml,x'>", "of <a>"),
        ("<svg><use xlink:href='x.svg#a'/></svg>", "xlink:href='x.svg#a' of <use>"),
        ("<p onclick='x()'>", "the attribute onclick of <p>; remove it"),
        ("<img/src='#'/onerror=x>", "the attribute onerror of <img>; remove it"),
        ("<p style='background: url(http://x)'>", "'url(' in the attribute style of <p>; load nothing"),
        ("<rect fill='URL( http://x)'/>", "'URL(' in the attribute fill of <rect>"),
        ("<style>@import 'x.css';</style>", "'@import' in the style sheet"),
        ("<style>@im\\70ort 'x.css';</style>", "'@import' in the style sheet"),
        ('<style>a { b: u\\72 l("http://x") }</style>', "'url(' in the style sheet"),
        ("<style>a { b: url/**/(x) ; c: url(x) }</style>", "'url(' in the style sheet"),
        ("<style>a { b: '\n url(http://x) '' }</style>", "'url(' in the style sheet"),
        ("<style>a { b: image-set('http://x' 1x) }</style>", "'image-set(' in the style sheet"),
        ("<svg><style>a { b: u&#114;l(http://x) }</style></svg>", "'url(' in the style sheet"),
        ("<svg><style><img src=x onerror=y></style></svg>", "a '<' inside text or style; write &lt; for the sign"),
        ("<svg><title><script>x</script></title></svg>", "; "),
        ("<!--><img src=x>-->", "; "),
        ("<!-- <p> -->", "a comment with markup in it; remove it"),
        ("<![CDATA[ x ]]>", "a declaration other than <!DOCTYPE html>; remove it"),
        ("<?php x ?>", "a processing instruction; remove it"),
        ("<!DOCTYPE html SYSTEM 'x'>", "a declaration other than <!DOCTYPE html>; remove it"),
    ],
)
def test_what_does_more_is_refused(body: str, said: str) -> None:
    found = _said(_page(body))
    assert re.match(r"DIR/x: line \d+ of the page it makes holds ", found)
    assert said in found


@pytest.mark.parametrize(
    "page",
    [
        "",
        _page(meta=""),
        _page(meta=META.replace("'none'", "*")),
        _page(meta=META.replace("script-src", "x") + META.replace("img-src data:", "img-src *")),
        _page(meta=META.replace(">", " media=print>")),
        f"<html><head><title>x</title>{META}</head></html>",
        f"<html><head><style></style>{META}</head></html>",
        f"text<html><head>{META}</head></html>",
        f"&amp;<html><head>{META}</head></html>",
        f"<html><body>{META}</body></html>",
        f"<html></html>{META}",
        f"<!-- {META} -->",
        f"<html><head><noscript>{META}</noscript></head></html>",
    ],
)
def test_a_page_whose_policy_is_not_in_force_is_refused(page: str) -> None:
    assert "Content-Security-Policy" in _said(page)


def test_all_is_said_in_one_go() -> None:
    assert _said("<p onclick=x>\n<form>").splitlines() == [
        "DIR/x: line 1 of the page it makes holds the attribute onclick of <p>; remove it",
        "DIR/x: line 2 of the page it makes holds the element <form>; remove it",
        "DIR/x: there is no Content-Security-Policy of ours; keep the <meta> of the shipped template",
    ]


@given(st.text())
def test_no_text_of_data_makes_a_page_refused(text: str) -> None:
    escaped = html.escape(text)
    style = f"<style>p::before {{ content: {css_string(text)}; }}</style>"
    check_page(_page(f'<p title="{escaped}">{escaped}</p>{style}', f"<title>{escaped}</title>"), "x")
