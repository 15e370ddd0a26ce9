from __future__ import annotations

import html
from collections.abc import Callable
from pathlib import Path

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment, TemplateNotFound, UndefinedError
from markupsafe import Markup

from assess.documents.errors import AssessError, UsageError
from assess.documents.shipped import shipped_dir
from assess.reporting.environments import (
    TYPST_BREAK,
    TYPST_REACH,
    css_string,
    html_environment,
    markdown_environment,
    markdown_text,
    render_template,
    typst_bare,
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
    [(html_environment, "*&lt;&#34;\\"), (typst_environment, '#"*<\\"\\\\";'), (markdown_environment, '\\*<"\\\\')],
)
def test_markup_of_macros_passes_and_their_arguments_are_escaped(make: Callable[[], Environment], escaped: str) -> None:
    template = make().from_string("{% macro m(x) %}<{{ x }}>{% endmacro %}{{ m(text) }}")
    assert template.render(text='*<"\\') == f"<{escaped}>"


@given(st.text().filter(lambda text: " %" not in text and "]" not in text))
def test_html_gives_back_the_text(text: str) -> None:
    rendered = html_environment().from_string('<p title="{{ x }}">{{ x }}</p>').render(x=text)
    assert html.unescape(rendered.split(">", 1)[1].removesuffix("</p>")) == clean(text)
    assert rendered.count("<") == 2
    assert rendered.count('"') == 2


@given(st.lists(st.text(min_size=1), min_size=1, max_size=5))
def test_typst_reads_back_the_same_strings(texts: list[str]) -> None:
    listed = ", ".join(typst_string(text) for text in texts)
    assert _evaluate(f"({listed},)") == [clean(text) for text in texts]


@given(st.text(), st.sampled_from(["import", "include", "eval", "plugin", "std", "read(", "xml ("]), st.text())
def test_no_text_of_data_shows_a_word_that_reaches_outside(before: str, word: str, after: str) -> None:
    text = f"{before}{word}{after}"
    assert not TYPST_REACH.search(typst_string(text))


@pytest.mark.parametrize("word", ["import", "include", "eval", "plugin", "std", "read(1)", "\\import", "x.json (1)"])
def test_typst_reads_back_words_that_reach_outside(word: str) -> None:
    assert _evaluate(f"({typst_string(word)},)") == [word]


@given(st.text(max_size=24).filter(lambda text: " %" not in text and "]" not in text))
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


def test_bare_is_a_name_or_a_length() -> None:
    assert typst_bare("alarm-colour") == "alarm-colour"
    assert typst_bare("1.5fr") == "1.5fr"
    for text in ("", "a b", "a(1)", '"', "#a", "a\n"):
        with pytest.raises(ValueError, match="is not a name or a length"):
            typst_bare(text)


@given(st.text())
def test_css_text_is_letters_digits_and_escapes(text: str) -> None:
    inside = css_string(text)[1:-1]
    assert all(c.isascii() and (c.isalnum() or c in "\\ ") for c in inside)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("a | b", "a \\| b"),
        ("<img onerror=x>", "&lt;img onerror=x>"),
        ("> quote", "&gt; quote"),
        ("a > b & c < d", "a > b & c < d"),
        ("half <", "half &lt;"),
        ("- item", "\\- item"),
        ("1. item", "1\\. item"),
        ("# head", "\\# head"),
        ("[a](javascript:b)", "\\[a\\](javascript:b)"),
        ("*a* _b_ `c` ~d~", "\\*a\\* \\_b\\_ \\`c\\` \\~d\\~"),
        ("line\n\n# two", "line # two"),
        ("0.469", "0.469"),
        ("+0.24", "+0.24"),
        ("---", "\\---"),
        ("multilateral_alliance _x", "multilateral_alliance \\_x"),
        ("back\\slash &amp;", "back\\\\slash &amp;amp;"),
    ],
)
def test_markdown_has_no_markup_left(text: str, escaped: str) -> None:
    assert markdown_text(text) == escaped


def test_no_template_reaches_for_the_network() -> None:
    for path in shipped_dir("templates").iterdir():
        text = path.read_text()
        assert "@preview" not in text
        assert "|safe" not in text


@pytest.mark.parametrize("make", ENVIRONMENTS)
def test_an_environment_is_made_once_for_a_folder(make: Callable[..., Environment], tmp_path: Path) -> None:
    (tmp_path / "report.css").write_text("")
    assert make() is make()
    assert make(tmp_path) is make(tmp_path)
    assert make(tmp_path) is not make()
    assert make(tmp_path).sandboxed
    assert not make().sandboxed


@pytest.mark.parametrize("make", ENVIRONMENTS)
def test_a_folder_that_overrides_nothing_is_refused(make: Callable[..., Environment], tmp_path: Path) -> None:
    with pytest.raises(
        UsageError, match="no: cannot be used as a folder of templates: no such file or directory; check"
    ):
        make(tmp_path / "no")
    with pytest.raises(
        UsageError, match=r"no file there has the name of a shipped template; known: .*charts\.svg\.j2, "
    ):
        make(tmp_path)
    (tmp_path / "reprot.html.j2").write_text("")
    with pytest.raises(UsageError, match=r"template; reprot\.html\.j2: did you mean 'report\.html\.j2'\?"):
        make(tmp_path)


def test_faults_of_shipped_templates_pass_as_they_are() -> None:
    with pytest.raises(TemplateNotFound):
        render_template(html_environment(), "no.html.j2")
    with pytest.raises(UndefinedError):
        render_template(html_environment(), "report.html.j2")


def test_a_page_of_a_users_template_is_checked(tmp_path: Path) -> None:
    (tmp_path / "report.html.j2").write_text("<p>{{ x }}</p>")
    with pytest.raises(AssessError, match=r"report\.html\.j2: there is no Content-Security-Policy of ours; keep the"):
        render_template(html_environment(tmp_path), "report.html.j2", x="")


def test_errors_of_documents_are_not_wrapped(tmp_path: Path) -> None:
    def fail() -> None:
        raise UsageError("as it is")

    (tmp_path / "report.md.j2").write_text("{{ fail() }}")
    with pytest.raises(UsageError, match=r"^as it is$"):
        render_template(markdown_environment(tmp_path), "report.md.j2", fail=fail)


def _evaluate(expression: str) -> list[str]:
    import json

    found: list[str] = json.loads(
        typst.query(f"#metadata({expression}) <it>".encode(), "<it>", field="value", one=True)
    )
    return found


def test_no_line_breaks_inside_a_percentage_or_an_interval() -> None:
    for environment in (html_environment(), typst_environment()):
        rendered = environment.from_string("{{ text }}").render(text="66 %, 5, 6, a %, 0.74 [0.68, +0.80]")
        assert "66\u00a0%, 5, 6, a %, 0.74 [0.68,\u00a0+0.80]" in rendered
