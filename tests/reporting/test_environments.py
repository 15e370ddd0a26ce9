from __future__ import annotations

import html
from collections.abc import Callable

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, UndefinedError
from markupsafe import Markup

from assess.documents.shipped import shipped_dir
from assess.reporting.environments import (
    TYPST_BREAK,
    css_string,
    html_environment,
    markdown_environment,
    markdown_text,
    typst_code,
    typst_environment,
    typst_string,
)
from assess.reporting.words import clean

ENVIRONMENTS = (html_environment, typst_environment, markdown_environment)


@pytest.mark.parametrize("environment", [make() for make in ENVIRONMENTS])
def test_a_name_that_does_not_exist_is_an_error(environment: Environment) -> None:
    with pytest.raises(UndefinedError):
        environment.from_string("{{ nothing }}").render()


@pytest.mark.parametrize(
    ("make", "escaped"),
    [(html_environment, "*&lt;&#34;\\"), (typst_environment, '#"*<\\"\\\\";'), (markdown_environment, '\\*&lt;"\\\\')],
)
def test_markup_of_macros_passes_and_their_arguments_are_escaped(make: Callable[[], Environment], escaped: str) -> None:
    template = make().from_string("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(text) }}")
    assert template.render(text='*<"\\') == f"<{escaped}>"


@given(st.text())
def test_html_gives_back_the_text(text: str) -> None:
    rendered = html_environment().from_string('<p title="{{ x }}">{{ x }}</p>').render(x=text)
    assert html.unescape(rendered.split(">", 1)[1].removesuffix("</p>")) == clean(text)
    assert rendered.count("<") == 2
    assert rendered.count('"') == 2


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_typst_reads_back_the_same_strings(texts: list[str]) -> None:
    listed = ", ".join(typst_string(text) for text in texts)
    assert _evaluate(f"({listed},)") == [clean(text) for text in texts]


@given(st.text(max_size=24))
def test_typst_markup_holds_nothing_but_the_string(text: str) -> None:
    rendered = typst_environment().from_string("{{ x }}(1)").render(x=text)
    assert rendered == f"#{typst_string(text)};(1)"


def test_long_words_may_break_after_a_mark_or_anywhere() -> None:
    template = typst_environment().from_string("{{ x }}")
    assert template.render(x="short.org/a and short") == '#"short.org/a and short";'
    cut = template.render(x=f"at long-address.example.org/a_b?c {'9' * 30}").split(TYPST_BREAK)
    assert cut == [
        f'#"{part}";' for part in ("at long-", "address.", "example.", "org/", "a_", "b?", f"c {'9' * 24}", "9" * 6)
    ]


def test_code_is_a_bare_literal() -> None:
    assert typst_code(3) == "3"
    assert typst_code('a"b\\') == '"a\\"b\\\\"'
    assert isinstance(typst_code(Markup("<svg>")), Markup)
    assert typst_code(Markup("<svg>")) == '"<svg>"'


@given(st.text())
def test_css_text_is_letters_digits_and_escapes(text: str) -> None:
    inside = css_string(text)[1:-1]
    assert all(c.isascii() and (c.isalnum() or c in "\\ ") for c in inside)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", "a \\| b"),
        ("<img onerror=x>", "&lt;img onerror=x&gt;"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("# head", "\\# head"),
        ("[a](javascript:b)", "\\[a\\](javascript:b)"),
        ("*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~"),
        ("line\n\n# two", "line # two"),
        ("back\\slash &amp;", "back\\\\slash &amp;amp;"),
    ],
)
def test_markdown_has_no_markup_left(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


def test_no_template_reaches_for_the_network() -> None:
    for path in shipped_dir("templates").iterdir():
        text = path.read_text()
        assert "@preview" not in text
        assert "<script" not in text
        assert "|safe" not in text


def _evaluate(expression: str) -> list[str]:
    import json

    found: list[str] = json.loads(
        typst.query(f"#metadata({expression}) <it>".encode(), "<it>", field="value", one=True)
    )
    return found
